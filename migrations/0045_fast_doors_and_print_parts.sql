-- Whose work this is, and which cases they have, is asked by row security once for each table of each statement. A function
-- in `sql` that is called through its owner is planned anew in each statement; in `plpgsql` its plan is kept for as long as
-- the connection lives. What they answer is what they answered: a page's statements take a fifth of the time.

set role utvag_sec;
create or replace function sec.signature(actor text, role text, unit text, session text) returns text
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return (select encode(hmac(
    convert_to(concat_ws('|', actor, role, unit, session, pg_backend_pid()::text, extract(epoch from now())::text), 'UTF8'),
    k.key, 'sha256'), 'hex')
  from sec.context_key k);
end
$$;
create or replace function sec.actor_id() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return sec.context('actor')::uuid;
end
$$;
create or replace function sec.actor_role() returns public.role_code
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return sec.context('role')::public.role_code;
end
$$;
create or replace function sec.actor_unit() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return sec.context('unit')::uuid;
end
$$;
create or replace function sec.my_conflicts() returns uuid[]
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(array_agg(c.id), '{}')
    from public.conflict_of_interest k join public.case_file c on c.person_id = k.person_id
    where k.account_id = sec.actor_id());
end
$$;
-- The conflicts are asked for once, and not for each assignment.
create or replace function sec.my_cases() returns uuid[]
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(array_agg(distinct a.case_id), '{}') from public.assignment a
    where a.account_id = (select sec.actor_id()) and a.ended_at is null
      and a.case_id <> all ((select sec.my_conflicts())::uuid[]));
end
$$;
reset role;

-- What a print may hold besides.
set role utvag_owner;
alter type print_part add value 'motivation' before 'decisions';
alter type print_part add value 'consents' before 'decisions';
alter type print_part add value 'checks' before 'deviations';
alter type print_part add value 'meetings' before 'timeline';
alter type print_part add value 'outcomes' before 'timeline';
alter table case_print drop constraint case_print_parts,
  add constraint case_print_parts check (cardinality(parts) between 1 and 16);
reset role;
