-- The walls: schemas and their owners, who is asking (sec), and the log that cannot be forgotten (audit).

create extension if not exists pgcrypto;    -- hmac
create extension if not exists btree_gist;  -- no overlap of periods per person

do $$
begin
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to utvag_app', current_database());
end
$$;
revoke all on schema public from public;
grant usage on schema public to utvag_user, utvag_login, utvag_task, utvag_sec, utvag_audit, utvag_vault;
grant usage, create on schema public to utvag_owner;
create schema sec authorization utvag_sec;
create schema audit authorization utvag_audit;
create schema vault authorization utvag_vault;
create schema identity authorization utvag_owner;
grant usage on schema sec to utvag_user, utvag_login, utvag_task, utvag_owner, utvag_audit, utvag_vault;
grant usage on schema audit to utvag_user, utvag_login, utvag_task, utvag_owner;
grant usage on schema vault to utvag_user;
grant usage on schema identity to utvag_login, utvag_task, utvag_sec;
alter default privileges for role utvag_owner revoke execute on functions from public;
alter default privileges for role utvag_sec revoke execute on functions from public;
alter default privileges for role utvag_audit revoke execute on functions from public;
alter default privileges for role utvag_vault revoke execute on functions from public;

set role utvag_owner;
create type role_code as enum ('caseworker', 'coordinator', 'manager', 'police_liaison', 'controller', 'log_reviewer', 'sysadmin');
create type theme_code as enum ('system', 'light', 'dark');
reset role;

-- Who is asking ------------------------------------------------------------------------------------------------------
-- A setting can be written by anyone who can run SQL. So the door signs what it sets, with a key that only utvag_sec can
-- read, for this backend and this transaction; everything that asks "who" checks the signature first.

set role utvag_sec;

create table sec.context_key (
  id boolean primary key default true check (id),
  key bytea not null
);
insert into sec.context_key (key) values (gen_random_bytes(32));
alter table sec.context_key enable row level security;
alter table sec.context_key force row level security;
create policy door on sec.context_key to utvag_sec using (true);

create function sec.signature(actor text, role text, unit text, session text) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select encode(hmac(
    convert_to(concat_ws('|', actor, role, unit, session, pg_backend_pid()::text, extract(epoch from now())::text), 'UTF8'),
    k.key, 'sha256'), 'hex')
  from sec.context_key k
$$;
revoke execute on function sec.signature from public;

create function sec.context(wanted text) returns text
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  actor text := current_setting('app.actor_id', true);
  role text := current_setting('app.actor_role', true);
  unit text := current_setting('app.actor_unit', true);
  session text := current_setting('app.session_id', true);
begin
  if coalesce(actor, '') = ''
     or current_setting('app.signature', true) is distinct from sec.signature(actor, role, unit, session) then
    return null;
  end if;
  return nullif(case wanted when 'actor' then actor when 'role' then role when 'unit' then unit else session end, '');
end
$$;

create function sec.actor_id() returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$ select sec.context('actor')::uuid $$;
create function sec.actor_role() returns public.role_code
language sql stable security definer set search_path = pg_catalog, pg_temp as $$ select sec.context('role')::public.role_code $$;
create function sec.actor_unit() returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$ select sec.context('unit')::uuid $$;
create function sec.session_id() returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$ select sec.context('session')::uuid $$;

revoke execute on all functions in schema sec from public;
grant execute on function sec.actor_id, sec.actor_role, sec.actor_unit, sec.session_id
  to utvag_user, utvag_login, utvag_task, utvag_owner, utvag_audit, utvag_vault;
reset role;

-- The log ------------------------------------------------------------------------------------------------------------
-- Rows are appended without a common lock; each carries a MAC whose key the database never sees. Once a second a task
-- seals what no open transaction can add to any more. Nobody may change or take away a row, not even the owner.

set role utvag_audit;

create table audit.entry (
  seq bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  id uuid not null unique,
  at timestamptz not null,
  actor_id uuid,
  actor_role text,
  event text not null,
  case_id uuid,
  cases uuid[] not null default '{}',   -- every case that a list showed
  body text not null,                   -- the canonical text that the MAC covers; the columns above repeat it for look-ups
  key_id smallint not null,
  mac bytea not null check (length(mac) = 32)
);
create index entry_xid on audit.entry (xid);
create index entry_case on audit.entry (case_id, at) where case_id is not null;
create index entry_cases on audit.entry using gin (cases);
create index entry_actor on audit.entry (actor_id, at);

create table audit.row_change (
  seq bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default clock_timestamp(),
  event text not null,
  table_name text not null,
  operation text not null check (operation in ('insert', 'update', 'delete')),
  row_id text not null,
  before jsonb,
  after jsonb
);
create index row_change_xid on audit.row_change (xid);
create index row_change_row on audit.row_change (table_name, row_id);

create table audit.seal (
  n bigint primary key,
  at timestamptz not null,
  horizon xid8 not null,         -- no transaction below this was open
  seqs bigint[] not null,        -- the rows that it seals, in order
  root bytea not null,           -- Merkle root over their leaves
  previous bytea not null,       -- hash of the seal before
  signature bytea not null,
  hash bytea not null
);

do $$
declare
  name text;
begin
  foreach name in array array['entry', 'row_change', 'seal'] loop
    execute format('alter table audit.%I enable row level security', name);
    execute format('alter table audit.%I force row level security', name);
    execute format('create policy keeper on audit.%I to utvag_audit using (true) with check (true)', name);
    execute format('create policy sealer_reads on audit.%I for select to utvag_task using (true)', name);
    execute format('grant select on audit.%I to utvag_task', name);
  end loop;
end
$$;
create policy sealer_adds on audit.seal for insert to utvag_task with check (true);
grant insert on audit.seal to utvag_task;

create function audit.refuse() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'the log is only added to' using errcode = 'AU003';
end
$$;
do $$
declare
  name text;
begin
  foreach name in array array['entry', 'row_change', 'seal'] loop
    execute format('create trigger only_added_to before update or delete or truncate on audit.%I for each statement execute function audit.refuse()', name);
    execute format('alter table audit.%I enable always trigger only_added_to', name);
  end loop;
end
$$;

-- Appends a trail: one text, one key id and one MAC per row. Whoever works as a person can only write in that person's name.
create function audit.append(bodies text[], key_ids smallint[], macs bytea[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('role', true) = 'utvag_user' and exists (
    select 1 from unnest(bodies) as b where (b::jsonb ->> 'actor') is distinct from sec.actor_id()::text
  ) then
    raise exception 'a log row in another name' using errcode = 'AU002';
  end if;
  insert into audit.entry (id, at, actor_id, actor_role, event, case_id, cases, body, key_id, mac)
  select (j ->> 'id')::uuid, (j ->> 'at')::timestamptz, (j ->> 'actor')::uuid, j ->> 'role', j ->> 'event',
         (j ->> 'case')::uuid,
         coalesce((select array_agg(c::uuid) from jsonb_array_elements_text(j -> 'cases') as c), '{}'),
         body, key_id, mac
  from (select b.body, b.key_id, b.mac, b.body::jsonb as j
        from unnest(bodies, key_ids, macs) with ordinality as b(body, key_id, mac, place) order by b.place) as row;
end
$$;

-- A hash over all row changes of this transaction so far: the event that announced them carries it under its MAC.
create function audit.changes_of(wanted xid8) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select encode(sha256(convert_to(coalesce(string_agg(
    concat_ws(E'\x1f', event, table_name, operation, row_id, coalesce(before::text, ''), coalesce(after::text, '')),
    E'\x1e' order by seq), ''), 'UTF8')), 'hex')
  from audit.row_change where xid = wanted
$$;
create function audit.changes_so_far() returns text
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$ select audit.changes_of(pg_current_xact_id()) $$;

-- Keeps before and after of every row of a followed table, and refuses a change that nobody announced (AU001).
create function audit.note_change() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  event text := current_setting('app.event', true);
  old_row jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  new_row jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
begin
  if coalesce(event, '') = '' then
    raise exception 'an unannounced change of %', tg_table_name using errcode = 'AU001';
  end if;
  -- That a proof changed is kept, the proof itself is not: the log outlives every password.
  if tg_table_schema = 'identity' then
    old_row := old_row - array['password', 'code_seed', 'code_hash'];
    new_row := new_row - array['password', 'code_seed', 'code_hash'];
  end if;
  insert into audit.row_change (event, table_name, operation, row_id, before, after)
  values (event, tg_table_schema || '.' || tg_table_name, lower(tg_op),
          coalesce(new_row ->> tg_argv[0], old_row ->> tg_argv[0]), old_row, new_row);
  return null;
end
$$;

reset role;

-- Made by the migrating login, because only a table's owner may add a trigger to it.
create procedure audit.follow(followed regclass, key_column text default 'id')
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('create trigger noted after insert or update or delete on %s for each row execute function audit.note_change(%L)', followed, key_column);
  execute format('alter table %s enable always trigger noted', followed);
  execute format('create trigger never_emptied before truncate on %s for each statement execute function audit.refuse()', followed);
  execute format('alter table %s enable always trigger never_emptied', followed);
end
$$;
revoke all on procedure audit.follow from public;

revoke execute on all functions in schema audit from public;
grant execute on function audit.append, audit.changes_so_far to utvag_user, utvag_login, utvag_task;
grant execute on function audit.changes_of to utvag_task;
grant execute on function audit.note_change, audit.refuse to utvag_owner, utvag_sec, utvag_vault;
