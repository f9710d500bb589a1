-- Accounts and how they are proven. What others may know of a colleague stands in `account`; what proves one stands in
-- the schema `identity`, which only signing in (utvag_login) and the verbs of operations (utvag_task) can reach.

set role utvag_owner;

create table municipality (
  id boolean primary key default true check (id),
  name text not null,
  code char(4) not null check (code ~ '^[0-9]{4}$'),
  county_code char(2) not null
);

create table committee (
  id uuid primary key,
  name text not null,
  abbrev text not null,
  is_social_committee boolean not null
);

create table org_unit (
  id uuid primary key,
  committee_id uuid not null references committee (id),
  name text not null,
  valid_from date not null,
  valid_to date check (valid_to >= valid_from)
);

create table district (
  id uuid primary key,
  name text not null,
  code text not null unique,
  valid_from date not null,
  valid_to date check (valid_to >= valid_from)
);

create table account (
  id uuid primary key,
  display_name text not null,
  title text not null,
  unit_id uuid references org_unit (id),
  is_active boolean not null default true,
  theme theme_code not null default 'system',
  shortcuts boolean not null default true,
  created_at timestamptz not null default now(),
  version int not null default 1
);

-- One role at a time; every grant ends by itself.
create table role_grant (
  id uuid primary key,
  account_id uuid not null references account (id),
  role role_code not null,
  valid_from timestamptz not null default now(),
  valid_to timestamptz not null,
  granted_by uuid references account (id),   -- empty for those made by the operator
  reason text not null check (length(reason) > 0),
  check (granted_by <> account_id),
  check (valid_to > valid_from and valid_to <= valid_from + interval '12 months'),
  constraint role_grant_one_at_a_time exclude using gist (account_id with =, tstzrange(valid_from, valid_to) with &&)
);

create table identity.credential (
  account_id uuid primary key references account (id),
  user_name text not null unique check (user_name = lower(user_name)),
  password text,                -- argon2id with pepper; empty until activated
  code_seed bytea,              -- sealed
  last_code_step bigint not null default 0
);

create table identity.activation (
  account_id uuid primary key references account (id),
  code_hash bytea not null,
  code_seed bytea not null,     -- sealed; becomes the credential's when the code from it has been shown to work
  tries int not null default 0,
  expires_at timestamptz not null
);

create table identity.session (
  id uuid primary key,
  token_hash bytea not null unique check (length(token_hash) = 32),
  account_id uuid not null references account (id),
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  proven_at timestamptz not null default now(),
  idle_limit interval not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  ended_why text,
  device text not null,         -- browser family as shown to the owner; no version, no address
  check ((ended_at is null) = (ended_why is null))
);
create index session_account on identity.session (account_id) where ended_at is null;

create table identity.device (
  token_hash bytea primary key check (length(token_hash) = 32),
  account_id uuid not null references account (id),
  created_at timestamptz not null default now(),
  ends_at timestamptz not null
);

-- Growing delay, never a lock. The bucket is a keyed hash: an unknown user name has one just like a known one.
create table identity.throttle (
  bucket bytea primary key,
  failures int not null,
  blocked_until timestamptz not null,
  touched_at timestamptz not null default now()
);

do $$
declare
  name text;
begin
  foreach name in array array['municipality', 'committee', 'org_unit', 'district', 'account', 'role_grant', 'identity.credential',
                              'identity.activation', 'identity.session', 'identity.device', 'identity.throttle'] loop
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
  end loop;
end
$$;

-- The organisation is no secret among those who are signed in.
create policy anyone on municipality for select to utvag_user, utvag_login, utvag_task using (true);
create policy staff on committee for select to utvag_user using ((select sec.actor_id()) is not null);
create policy staff on org_unit for select to utvag_user using ((select sec.actor_id()) is not null);
create policy staff on district for select to utvag_user using ((select sec.actor_id()) is not null);
create policy operations on municipality for insert to utvag_task with check (true);
create policy operations on committee to utvag_task using (true) with check (true);
create policy operations on org_unit to utvag_task using (true) with check (true);
create policy operations on district to utvag_task using (true) with check (true);
grant select on municipality to utvag_user, utvag_login, utvag_task;
grant select on committee, org_unit, district to utvag_user;
grant insert on municipality, committee, org_unit, district to utvag_task;
grant select on committee, org_unit, district to utvag_task;

-- The police's contact and the controller see no colleague but themselves.
create policy colleagues on account for select to utvag_user
  using (id = (select sec.actor_id())
         or (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager', 'log_reviewer', 'sysadmin'));
create policy own_settings on account for update to utvag_user
  using (id = (select sec.actor_id())) with check (id = (select sec.actor_id()));
create policy signing_in on account for select to utvag_login using (true);
create policy operations on account to utvag_task using (true) with check (true);
create policy door on account for select to utvag_sec using (true);
grant select on account to utvag_user, utvag_login, utvag_task, utvag_sec;
grant update (theme, shortcuts, version) on account to utvag_user;
grant insert on account to utvag_task;

create policy colleagues on role_grant for select to utvag_user
  using (account_id = (select sec.actor_id())
         or (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager', 'log_reviewer', 'sysadmin'));
create policy operations on role_grant to utvag_task using (true) with check (true);
create policy door on role_grant for select to utvag_sec using (true);
create policy signing_in on role_grant for select to utvag_login using (true);
grant select on role_grant to utvag_user, utvag_login, utvag_task, utvag_sec;
grant insert on role_grant to utvag_task;

create policy signing_in on identity.credential to utvag_login using (true) with check (true);
create policy operations on identity.credential to utvag_task using (true) with check (true);
grant select, update on identity.credential to utvag_login;
grant select, insert on identity.credential to utvag_task;

create policy signing_in on identity.activation to utvag_login using (true) with check (true);
create policy operations on identity.activation to utvag_task using (true) with check (true);
grant select, update, delete on identity.activation to utvag_login;
grant select, insert, update on identity.activation to utvag_task;

create policy signing_in on identity.session to utvag_login using (true) with check (true);
create policy cleaning on identity.session to utvag_task using (true) with check (true);
create policy door on identity.session to utvag_sec using (true) with check (true);
grant select, insert, update on identity.session to utvag_login;
grant select, delete on identity.session to utvag_task;
grant select, update on identity.session to utvag_sec;

create policy signing_in on identity.device to utvag_login using (true) with check (true);
create policy cleaning on identity.device to utvag_task using (true);
grant select, insert on identity.device to utvag_login;
grant select, delete on identity.device to utvag_task;

create policy signing_in on identity.throttle to utvag_login using (true) with check (true);
create policy cleaning on identity.throttle to utvag_task using (true);
grant select, insert, update, delete on identity.throttle to utvag_login;
grant select, delete on identity.throttle to utvag_task;

reset role;
call audit.follow('municipality');
call audit.follow('committee');
call audit.follow('org_unit');
call audit.follow('district');
call audit.follow('account');
call audit.follow('role_grant');
call audit.follow('identity.credential', 'account_id');
call audit.follow('identity.activation', 'account_id');

-- The door -----------------------------------------------------------------------------------------------------------
-- Looks the session up by the hash of its token, on every request, decides by the database's clock whether it lives,
-- and signs who is asking for this transaction. Nothing that the program says about the actor is believed.

set role utvag_sec;

create function sec.open(token bytea) returns table (
  account_id uuid, session_id uuid, role public.role_code, name text, title text, unit_id uuid,
  theme public.theme_code, shortcuts boolean, proven_at timestamptz, seconds_left int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  select a.id, s.id, g.role, a.display_name, a.title, a.unit_id, a.theme, a.shortcuts, s.proven_at,
         extract(epoch from least(s.idle_limit, s.ends_at - now()))::int
  into account_id, session_id, role, name, title, unit_id, theme, shortcuts, proven_at, seconds_left
  from identity.session s
  join public.account a on a.id = s.account_id and a.is_active
  join public.role_grant g on g.account_id = a.id and now() >= g.valid_from and now() < g.valid_to
  where s.token_hash = sha256(token) and s.ended_at is null and now() < s.ends_at and now() < s.seen_at + s.idle_limit;
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

-- One's own sessions, for the settings page: no token, nobody else's.
create function sec.my_sessions() returns table (id uuid, started_at timestamptz, seen_at timestamptz, device text, is_this boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.started_at, s.seen_at, s.device, s.id = sec.session_id()
  from identity.session s
  where s.account_id = sec.actor_id() and s.ended_at is null and now() < s.ends_at and now() < s.seen_at + s.idle_limit
  order by s.started_at desc
$$;
create function sec.end_my_session(wanted uuid, why text) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with ended as (
    update identity.session s set ended_at = now(), ended_why = why
    where s.id = wanted and s.account_id = sec.actor_id() and s.ended_at is null
    returning 1)
  select exists (select 1 from ended)
$$;

revoke execute on function sec.open, sec.my_sessions, sec.end_my_session from public;
grant execute on function sec.open, sec.my_sessions, sec.end_my_session to utvag_user;
reset role;
