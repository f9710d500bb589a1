-- Passkeys and security keys: the normal way in, and what what cannot be taken back is confirmed with. The private half
-- never leaves the key; here stands the public one, sealed so that a row moved to another account opens for nobody.

set role utvag_owner;

create table identity.passkey (
  id uuid primary key,
  account_id uuid not null references account (id),
  credential_id bytea not null unique check (length(credential_id) between 16 and 1023),
  sealed bytea not null,
  name text not null check (length(btrim(name)) between 1 and 60),
  counter bigint not null default 0 check (counter >= 0),
  created_at timestamptz not null default now(),
  used_at timestamptz,
  revoked_at timestamptz
);
create index passkey_account on identity.passkey (account_id) where revoked_at is null;

-- What a key is asked to sign. The answer is worth something once and for two minutes; a proof by it can be spent for five,
-- by the session that asked, for the act and the case that it was asked for, and by nothing else.
create table identity.passkey_challenge (
  id uuid primary key,
  purpose text not null check (purpose in ('sign_in', 'register', 'prove')),
  account_id uuid references account (id),
  session_id uuid references identity.session (id),
  action text check (action in ('sign_decision', 'correct_decision', 'break_glass', 'open_location', 'lower_threat',
    'sign_log_review', 'change_keys', 'grant_role', 'export')),
  case_id uuid references case_file (id),
  sealed bytea,                 -- what the answer is checked against; gone when it has been
  made_at timestamptz not null default now(),
  ends_at timestamptz not null default now() + interval '2 minutes' check (ends_at <= made_at + interval '2 minutes'),
  proven_at timestamptz,
  used_at timestamptz,
  used_in xid8,                 -- the change that spent it
  constraint passkey_challenge_bound check (
    (purpose = 'sign_in') = (account_id is null) and (purpose = 'sign_in') = (session_id is null)
    and (purpose = 'prove') = (action is not null) and (case_id is null or action is not null)),
  constraint passkey_challenge_order check (
    (proven_at is null or (purpose = 'prove' and sealed is null)) and (used_at is null or proven_at is not null)
    and (used_at is null) = (used_in is null))
);
create index passkey_challenge_session on identity.passkey_challenge (session_id);
create index passkey_challenge_ends on identity.passkey_challenge (ends_at);

-- A session that does nothing but register the first key: the door does not open for it.
alter table identity.session add enrols_only boolean not null default false;

do $$
declare
  name text;
begin
  foreach name in array array['identity.passkey', 'identity.passkey_challenge'] loop
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
  end loop;
end
$$;

create policy signing_in on identity.passkey to utvag_login using (true) with check (true);
create policy door on identity.passkey for select to utvag_sec using (true);
grant select, insert on identity.passkey to utvag_login;
grant update (sealed, counter, used_at, revoked_at) on identity.passkey to utvag_login;
grant select on identity.passkey to utvag_sec;

create policy signing_in on identity.passkey_challenge to utvag_login using (true) with check (true);
create policy cleaning on identity.passkey_challenge to utvag_task using (true);
create policy door on identity.passkey_challenge to utvag_sec using (true) with check (true);
grant select, insert, delete on identity.passkey_challenge to utvag_login;
grant update (sealed, proven_at) on identity.passkey_challenge to utvag_login;
grant select, delete on identity.passkey_challenge to utvag_task;
grant select, update (used_at, used_in) on identity.passkey_challenge to utvag_sec;

-- What a key is stands; one that was removed is never taken back.
create function identity.passkey_stands() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if (to_jsonb(new) - array['sealed', 'counter', 'used_at', 'revoked_at'])
     is distinct from (to_jsonb(old) - array['sealed', 'counter', 'used_at', 'revoked_at'])
     or old.revoked_at is not null or new.counter < old.counter then
    raise exception 'a key stands' using errcode = '23514', constraint = 'passkey_stands';
  end if;
  return new;
end
$$;
revoke execute on function identity.passkey_stands from public;
create trigger passkey_stands before update on identity.passkey
  for each row execute function identity.passkey_stands();

-- An answer counts once, and a proof is spent once: what has been said of one is never unsaid.
create function identity.passkey_challenge_moves() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if (to_jsonb(new) - array['sealed', 'proven_at', 'used_at', 'used_in'])
     is distinct from (to_jsonb(old) - array['sealed', 'proven_at', 'used_at', 'used_in'])
     or (old.proven_at is not null and new.proven_at is distinct from old.proven_at)
     or (old.sealed is null and new.proven_at is distinct from old.proven_at)
     or (new.sealed is not null and new.sealed is distinct from old.sealed)
     or old.used_at is not null then
    raise exception 'a challenge is answered once' using errcode = '23514', constraint = 'passkey_challenge_moves';
  end if;
  return new;
end
$$;
revoke execute on function identity.passkey_challenge_moves from public;
create trigger passkey_challenge_moves before update on identity.passkey_challenge
  for each row execute function identity.passkey_challenge_moves();

reset role;
alter table identity.passkey enable always trigger passkey_stands;
alter table identity.passkey_challenge enable always trigger passkey_challenge_moves;
call audit.follow('identity.passkey');

-- The door, once more ----------------------------------------------------------------------------------------------------
-- As before; says also how many keys there are, and does not open for a session that only registers the first one.
set role utvag_sec;
drop function sec.open(bytea);
create function sec.open(token bytea) returns table (
  account_id uuid, session_id uuid, role public.role_code, name text, title text, unit_id uuid,
  theme public.theme_code, shortcuts boolean, proven_at timestamptz, seconds_left int, keys int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  select a.id, s.id, g.role, a.display_name, a.title, a.unit_id, a.theme, a.shortcuts, s.proven_at,
         extract(epoch from least(s.idle_limit, s.ends_at - now(),
           case when g.role = 'police_liaison' then s.started_at + interval '15 minutes' - now() end))::int,
         (select count(*) from identity.passkey k where k.account_id = a.id and k.revoked_at is null)::int
  into account_id, session_id, role, name, title, unit_id, theme, shortcuts, proven_at, seconds_left, keys
  from identity.session s
  join public.account a on a.id = s.account_id and a.is_active
  join public.role_grant g on g.account_id = a.id and now() >= g.valid_from and now() < g.valid_to
  where s.token_hash = sha256(token) and s.ended_at is null and now() < s.ends_at and now() < s.seen_at + s.idle_limit
    and (g.role <> 'police_liaison' or now() < s.started_at + interval '15 minutes')
    and not s.enrols_only;
  if not found then
    perform set_config('app.actor_id', '', true), set_config('app.signature', '', true);
    return;
  end if;
  -- Not at every request: two pages at once would wait for each other.
  update identity.session s set seen_at = now()
  where s.id = session_id and s.seen_at < now() - interval '20 seconds';
  perform set_config('app.actor_id', account_id::text, true),
          set_config('app.actor_role', role::text, true),
          set_config('app.actor_unit', coalesce(unit_id::text, ''), true),
          set_config('app.session_id', session_id::text, true);
  perform set_config('app.signature',
    sec.signature(account_id::text, role::text, coalesce(unit_id::text, ''), session_id::text), true);
  return next;
end
$$;

-- One's own keys, for the settings page.
create function sec.my_keys() returns table (id uuid, name text, created_at timestamptz, used_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.id, k.name, k.created_at, k.used_at from identity.passkey k
  where k.account_id = sec.actor_id() and k.revoked_at is null
  order by k.created_at, k.id
$$;

-- Spends a proof by key in this transaction; false where it is another's, another session's, for another act or another
-- case, older than five minutes, or spent.
create function sec.spend_proof(wanted uuid, wanted_action text, wanted_case uuid) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with spent as (
    update identity.passkey_challenge c set used_at = now(), used_in = pg_current_xact_id()
    where c.id = wanted and c.account_id = sec.actor_id() and c.session_id = sec.session_id()
      and c.action = wanted_action and c.case_id is not distinct from wanted_case
      and c.proven_at > now() - interval '5 minutes' and c.used_at is null
    returning 1)
  select exists (select 1 from spent)
$$;

-- Whether what needs a proof has one. Who has a key has spent one in this very transaction; who has none has proven it
-- by password and one-time code, which only the program can see.
create function sec.has_proven(wanted_action text, wanted_case uuid) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select not exists (select 1 from identity.passkey k where k.account_id = sec.actor_id() and k.revoked_at is null)
      or exists (select 1 from identity.passkey_challenge c
                 where c.account_id = sec.actor_id() and c.session_id = sec.session_id() and c.action = wanted_action
                   and c.case_id is not distinct from wanted_case and c.used_in = pg_current_xact_id())
$$;

revoke execute on function sec.open, sec.my_keys, sec.spend_proof, sec.has_proven from public;
grant execute on function sec.open, sec.my_keys, sec.spend_proof, sec.has_proven to utvag_user;
grant execute on function sec.my_keys, sec.spend_proof to utvag_police;
grant execute on function sec.has_proven to utvag_owner, utvag_vault;
reset role;
