-- Upon tests/it/walls.sql: those who stand to the first case in yet other ways, and a house in which nothing but grants and
-- row security answers.
do $$
declare
  r record;
  somebody uuid;
begin
  perform set_config('app.event', 'test.fixture', true);
  for r in select * from (values
      ('stf', 'caseworker', 'Beroendeenheten', 'deputy'), ('med', 'caseworker', 'Beroendeenheten', 'co_worker'),
      ('soc*', 'caseworker', 'Beroendeenheten', null), ('sam*', 'coordinator', 'Beroendeenheten', null),
      ('chef*', 'manager', 'Vuxenenheten', null), ('soc°', 'caseworker', 'Beroendeenheten', null),
      ('sam°', 'coordinator', 'Beroendeenheten', null), ('chef°', 'manager', 'Vuxenenheten', null),
      ('jäv', 'coordinator', 'Beroendeenheten', null), ('tyst', 'coordinator', 'Beroendeenheten', null)) as v(name, role, unit, kind) loop
    somebody := gen_random_uuid();
    insert into account (id, display_name, title, unit_id)
      select somebody, r.name, r.name, u.id from org_unit u where u.name = r.unit;
    insert into role_grant (id, account_id, role, valid_to, reason)
      values (gen_random_uuid(), somebody, r.role::role_code, now() + interval '1 month', 'prov');
    insert into identity.session (id, token_hash, account_id, idle_limit, ends_at, device)
      values (gen_random_uuid(), sha256(convert_to(r.name, 'UTF8')), somebody, interval '15 minutes', now() + interval '10 hours', 'prov');
    if r.kind is not null then
      insert into assignment (id, case_id, account_id, kind, granted_by, reason)
        select gen_random_uuid(), c.id, somebody, r.kind::assignment_kind, c.created_by, 'prov' from case_file c
        where c.reference = 'AVH-AAAA-AAA';
    end if;
    if r.name = 'jäv' then
      insert into conflict_of_interest (id, account_id, case_id, person_id, reason, declared_at, declared_by)
        select gen_random_uuid(), somebody, c.id, c.person_id, '\x00', '2026-01-08', c.created_by from case_file c
        where c.reference = 'AVH-AAAA-AAA';
    end if;
    if r.name like '%°' then
      insert into break_glass (id, case_id, reference, unit_id, account_id, reason, words, review_due_on)
        select gen_random_uuid(), c.id, c.reference, c.owner_unit_id, somebody, 'danger_life', '\x00', '2027-01-07' from case_file c
        where c.reference = 'AVH-AAAA-AAA';
    end if;
  end loop;
  -- All but one have said why they open what has enhanced protection.
  insert into protected_opening (id, case_id, account_id, session_id, reason, opened_on, opened_at)
    select gen_random_uuid(), c.id, s.account_id, s.id, 'question', '2026-01-09', '2026-01-09'
    from case_file c cross join identity.session s
    where c.protection_level = 'restricted' and s.token_hash <> sha256(convert_to('tyst', 'UTF8'));
end
$$;
-- What waits for the end of the transaction comes first: tables are changed next.
set constraints all immediate;
do $$
declare
  r record;
begin
  for r in select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'p') and n.nspname = 'public' and c.relname <> '_sqlx_migrations' loop
    execute format('alter table %s disable trigger user', r.name);
  end loop;
  for r in select conrelid::regclass as name, conname from pg_constraint c join pg_namespace n on n.oid = c.connamespace
           where c.contype = 'c' and n.nspname = 'public' and c.conrelid <> 0 loop
    execute format('alter table %s drop constraint %I', r.name, r.conname);
  end loop;
end
$$;
-- Which ends nothing here.
insert into person_death (id, person_id, case_id, died_on, source, note, registered_by, registered_at)
  select gen_random_uuid(), person_id, id, '2026-01-09', '\x00', '\x00', created_by, '2026-01-09' from case_file
  where reference = 'AVH-AAAA-AAA';
-- How many rows a statement reaches, and a stroke where it is refused. What it did is undone.
create function public.reaches(statement text) returns text language plpgsql as $$
declare
  rows bigint;
begin
  execute statement;
  get diagnostics rows = row_count;
  raise exception using errcode = 'ZZ999', message = rows::text;
exception
  when sqlstate 'ZZ999' then return sqlerrm;
  when insufficient_privilege then return '-';
  -- The walls let it through, and a key of the table did not.
  when integrity_constraint_violation then return '1';
end
$$;
grant execute on function public.reaches to utvag_user;
-- The first row of the table that is about the first case.
create function public.sample(name regclass) returns jsonb language plpgsql as $$
declare
  found jsonb;
  filter text := 't.ctid is not null';
begin
  if exists (select 1 from pg_attribute where attrelid = name and attname = 'case_id' and not attisdropped) then
    filter := 't.case_id = (select id from case_file where reference = ''AVH-AAAA-AAA'')';
  elsif exists (select 1 from pg_attribute where attrelid = name and attname = 'person_id' and not attisdropped) then
    filter := 't.person_id = (select person_id from case_file where reference = ''AVH-AAAA-AAA'')';
  end if;
  execute format('select to_jsonb(t) from %s t order by (%s) desc nulls last, ctid limit 1', name, filter) into found;
  return found;
end
$$;
