-- Getting back in without a key. Two ways: with a code from a sheet that the holder made beforehand, or in person, where an
-- administrator starts, a manager who has met the person confirms, and a code that the manager alone sees opens for half an
-- hour. Both lead to registering a new key and to nothing else, end all sessions, and are told to those who must know.

set role utvag_owner;
alter type proposal_outcome add value 'withdrawn';   -- used from 0062 on: not in the transaction that makes it
create type recovery_kind as enum ('code', 'in_person');

create table account_recovery (
  id uuid primary key,
  account_id uuid not null references account (id),
  unit_id uuid references org_unit (id),
  kind recovery_kind not null,
  started_by uuid not null references account (id),
  started_at timestamptz not null,
  reason bytea,                            -- sealed: why
  checked bytea,                           -- sealed: how it was seen who the person is
  confirmed_by uuid references account (id),
  confirmed_at timestamptz,
  expires_at timestamptz,
  used_at timestamptz,
  ended_at timestamptz,                    -- another one took its place, or it is needed no more
  barred_until timestamptz,                -- by the database's clock, like sessions
  constraint account_recovery_three check (kind = 'code' or (started_by <> account_id
    and confirmed_by <> account_id and confirmed_by <> started_by)),
  constraint account_recovery_by_code check (kind = 'in_person' or (started_by = account_id and reason is null
    and checked is null and confirmed_by is null and used_at is not null and barred_until is not null)),
  constraint account_recovery_in_person check (kind = 'code' or (reason is not null and checked is not null
    and barred_until is null)),
  constraint account_recovery_confirmed check ((confirmed_by is null) = (confirmed_at is null)
    and (confirmed_by is null) = (expires_at is null)
    and expires_at <= confirmed_at + interval '30 minutes' and confirmed_at >= started_at),
  constraint account_recovery_used check (used_at is null or kind = 'code' or (confirmed_at is not null and used_at < expires_at))
);
create index account_recovery_account on account_recovery (account_id, started_at);
create unique index account_recovery_one_at_a_time on account_recovery (account_id)
  where kind = 'in_person' and used_at is null and ended_at is null;

-- The codes, as keyed hashes: those of a sheet, which a new sheet takes the place of, and the one that a manager handed over.
create table identity.recovery_code (
  id uuid primary key,
  account_id uuid not null references account (id),
  code_hash bytea not null unique check (length(code_hash) = 32),
  recovery_id uuid unique references account_recovery (id),
  expires_at timestamptz,
  made_at timestamptz not null default now(),
  used_at timestamptz,
  constraint recovery_code_expires check ((recovery_id is null) = (expires_at is null))
);
create index recovery_code_account on identity.recovery_code (account_id);

-- Who has taken note of one: once for each of the roles that must know.
create table account_recovery_note (
  recovery_id uuid not null references account_recovery (id),
  role role_code not null check (role in ('manager', 'log_reviewer')),
  account_id uuid not null references account (id),
  noted_at timestamptz not null,
  primary key (recovery_id, role)
);

do $$
declare
  name text;
begin
  foreach name in array array['identity.recovery_code', 'account_recovery', 'account_recovery_note'] loop
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
  end loop;
end
$$;

create policy signing_in on identity.recovery_code to utvag_login using (true) with check (true);
create policy door on identity.recovery_code to utvag_sec using (true) with check (true);
grant select, delete on identity.recovery_code to utvag_login;
grant update (used_at) on identity.recovery_code to utvag_login;
grant select, insert, delete on identity.recovery_code to utvag_sec;

-- A manager sees those of the own unit, and those of no unit; a reviewer of the log and an administrator all.
create policy reach on account_recovery for select to utvag_user using (
  (select sec.actor_role()) in ('sysadmin', 'log_reviewer')
  or ((select sec.actor_role()) = 'manager' and (unit_id is null or unit_id = (select sec.actor_unit()))));
grant select on account_recovery to utvag_user;
create policy signing_in on account_recovery to utvag_login using (true) with check (true);
grant select, insert on account_recovery to utvag_login;
grant update (used_at, ended_at) on account_recovery to utvag_login;
create policy door on account_recovery to utvag_sec using (true) with check (true);
grant select, insert on account_recovery to utvag_sec;
grant update (confirmed_by, confirmed_at, expires_at, ended_at) on account_recovery to utvag_sec;

create policy reach on account_recovery_note for select to utvag_user using (
  exists (select 1 from account_recovery r where r.id = recovery_id));
create policy noting on account_recovery_note for insert to utvag_user with check (
  account_id = (select sec.actor_id()) and role = (select sec.actor_role())
  and exists (select 1 from account_recovery r where r.id = recovery_id and r.account_id <> (select sec.actor_id())));
grant select, insert on account_recovery_note to utvag_user;

-- What has been said of one stands.
create function account_recovery_moves() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  moves constant text[] := array['confirmed_by', 'confirmed_at', 'expires_at', 'used_at', 'ended_at'];
begin
  if tg_op = 'DELETE' or (to_jsonb(new) - moves) is distinct from (to_jsonb(old) - moves)
     or old.used_at is not null or old.ended_at is not null
     or (old.confirmed_by is not null and (new.confirmed_by, new.confirmed_at, new.expires_at)
         is distinct from (old.confirmed_by, old.confirmed_at, old.expires_at)) then
    raise exception 'a recovery stands' using errcode = '23514', constraint = 'account_recovery_moves';
  end if;
  return new;
end
$$;
revoke execute on function account_recovery_moves from public;
create trigger account_recovery_moves before update or delete on account_recovery
  for each row execute function account_recovery_moves();

create function account_recovery_note_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'what was noted stands' using errcode = '23514', constraint = 'account_recovery_note_stands';
end
$$;
revoke execute on function account_recovery_note_stands from public;
create trigger account_recovery_note_stands before update or delete on account_recovery_note
  for each row execute function account_recovery_note_stands();

-- A code is used once.
create function identity.recovery_code_stands() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if (to_jsonb(new) - 'used_at') is distinct from (to_jsonb(old) - 'used_at') or old.used_at is not null then
    raise exception 'a code is used once' using errcode = '23514', constraint = 'recovery_code_stands';
  end if;
  return new;
end
$$;
revoke execute on function identity.recovery_code_stands from public;
create trigger recovery_code_stands before update on identity.recovery_code
  for each row execute function identity.recovery_code_stands();

-- A key signs for one more act: that another may come back in.
alter table identity.passkey_challenge drop constraint passkey_challenge_action_check;
alter table identity.passkey_challenge add constraint passkey_challenge_action_check check (action in ('sign_decision',
  'correct_decision', 'break_glass', 'open_location', 'lower_threat', 'sign_log_review', 'change_keys', 'grant_role', 'export',
  'recover_account'));
create policy keeping on identity.passkey to utvag_sec using (true) with check (true);
grant update (revoked_at) on identity.passkey to utvag_sec;
reset role;
alter table account_recovery enable always trigger account_recovery_moves;
alter table account_recovery_note enable always trigger account_recovery_note_stands;
alter table identity.recovery_code enable always trigger recovery_code_stands;
call audit.follow('identity.recovery_code');
call audit.follow('account_recovery');
call audit.follow('account_recovery_note', 'recovery_id');

set role utvag_sec;
-- Whether the actor came in with a code of a sheet less than a day ago: a sheet is paper, and paper is found.
create function sec.is_barred() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from public.account_recovery r where r.account_id = sec.actor_id() and now() < r.barred_until)
$$;

-- As before (0046); and what lets out, lets in or opens waits for a day after a code.
create or replace function sec.has_proven(wanted_action text, wanted_case uuid) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select not (wanted_action in ('open_location', 'export', 'grant_role', 'break_glass', 'recover_account') and sec.is_barred())
    and (not exists (select 1 from identity.passkey k where k.account_id = sec.actor_id() and k.revoked_at is null)
      or exists (select 1 from identity.passkey_challenge c
                 where c.account_id = sec.actor_id() and c.session_id = sec.session_id() and c.action = wanted_action
                   and c.case_id is not distinct from wanted_case and c.used_in = pg_current_xact_id()))
$$;

-- One's own sheet: how many codes are left, and when it was made.
create function sec.my_recovery_codes() returns table (left_over bigint, made_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select count(*) filter (where c.used_at is null), max(c.made_at) from identity.recovery_code c
  where c.account_id = sec.actor_id() and c.recovery_id is null having count(*) > 0
$$;
-- A new sheet in place of the old one. False without a proof that is fresh.
create function sec.make_recovery_codes(hashes bytea[]) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if cardinality(hashes) <> 5 or not sec.is_proven('5 minutes') or not sec.has_proven('change_keys', null) then
    return false;
  end if;
  delete from identity.recovery_code c where c.account_id = sec.actor_id() and c.recovery_id is null;
  insert into identity.recovery_code (id, account_id, code_hash)
    select gen_random_uuid(), sec.actor_id(), h from unnest(hashes) h;
  return true;
end
$$;

-- An administrator starts: for somebody else, who is in and has a role. One that waited is over.
create function sec.start_recovery(wanted uuid, whose uuid, why bytea, how bytea, at timestamptz) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if sec.actor_role() is distinct from 'sysadmin' or whose = sec.actor_id() then
    return false;
  end if;
  perform 1 from public.account a join identity.credential c on c.account_id = a.id
  where a.id = whose and a.is_active and c.password is not null
    and exists (select 1 from public.role_grant g where g.account_id = a.id and now() >= g.valid_from and now() < g.valid_to)
  for update of a;
  if not found then
    return false;
  end if;
  update public.account_recovery r set ended_at = at
    where r.account_id = whose and r.kind = 'in_person' and r.used_at is null and r.ended_at is null;
  delete from identity.recovery_code c where c.account_id = whose and c.recovery_id is not null;
  insert into public.account_recovery (id, account_id, unit_id, kind, started_by, started_at, reason, checked)
    select wanted, a.id, a.unit_id, 'in_person', sec.actor_id(), at, why, how from public.account a where a.id = whose;
  return true;
end
$$;
-- A manager who has met the person confirms, within a day, with a fresh proof: what opened the account opens it no more.
create function sec.confirm_recovery(wanted uuid, hash bytea, at timestamptz) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r public.account_recovery;
begin
  select * into r from public.account_recovery x where x.id = wanted for update;
  if r.id is null or r.kind <> 'in_person' or r.confirmed_by is not null or r.ended_at is not null
     or at >= r.started_at + interval '24 hours' then
    return 'stale';
  end if;
  if sec.actor_role() is distinct from 'manager' or sec.actor_id() in (r.account_id, r.started_by)
     or not sec.keeps_account(r.account_id) then
    return 'forbidden';
  end if;
  if not sec.is_proven('5 minutes') or not sec.has_proven('recover_account', null) then
    return 'unproven';
  end if;
  update public.account_recovery x set confirmed_by = sec.actor_id(), confirmed_at = at,
    expires_at = at + interval '30 minutes' where x.id = r.id;
  update identity.passkey k set revoked_at = now() where k.account_id = r.account_id and k.revoked_at is null;
  delete from identity.recovery_code c where c.account_id = r.account_id;
  insert into identity.recovery_code (id, account_id, code_hash, recovery_id, expires_at)
    values (gen_random_uuid(), r.account_id, hash, r.id, at + interval '30 minutes');
  delete from identity.device d where d.account_id = r.account_id;
  update identity.session s set ended_at = now(), ended_why = 'recovered'
    where s.account_id = r.account_id and s.ended_at is null;
  return 'confirmed';
end
$$;
revoke execute on function sec.is_barred, sec.my_recovery_codes, sec.make_recovery_codes, sec.start_recovery,
  sec.confirm_recovery from public;
grant execute on function sec.is_barred to utvag_user, utvag_vault;
grant execute on function sec.my_recovery_codes, sec.make_recovery_codes to utvag_user, utvag_police;
grant execute on function sec.start_recovery, sec.confirm_recovery to utvag_user;
reset role;

-- As before (0052); and not in the day after a code.
set role utvag_vault;
create or replace function vault.read_together(asked uuid) returns table (outcome text, location bytea)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  q vault.request;
begin
  select r.* into q from vault.request r
  where r.id = asked and r.account_id = sec.actor_id() and r.approved_by is not null and r.opened_at is null
    and now() < r.expires_at and vault.may_ask(r.case_id) and not sec.has_conflict(r.approved_by, r.case_id) for update;
  if q.id is null or not sec.is_proven('15 minutes') or sec.is_barred() then
    return;
  end if;
  return query select l.outcome, l.location from vault.let_out(q.placement_id, q.case_id, q.kind, q.reason, q.id) l;
end
$$;
reset role;
