-- What opening, listing and assigning need beside the tables: indexes for the orders of the list, and two answers that
-- row security keeps from the one who asks.

set role utvag_owner;
create index case_file_status on case_file (status, opened_on desc, id);
-- The alphabet's last three letters in their order, whatever the server's own collation says of them.
create index case_file_alphabet on case_file (translate(code_name, 'ÅÄÖåäö', '[\]{|}')) where closed_on is null;
-- What "Min dag" asks for: placements that near their end, and those whose first day has come.
create index placement_ending on placement (planned_end_on) where status = 'active';
create index placement_starting on placement (starts_on) where status = 'planned';
reset role;

set role utvag_sec;

-- Whether a person whom the actor knows from a closed case has an open one out of sight. The program then registers the
-- person once more, and nobody is told: without this the unique index on open cases would tell.
create function sec.has_open_case(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select sec.actor_role() in ('caseworker', 'coordinator')
    and exists (select 1 from public.case_file c where c.person_id = wanted and c.closed_on is null)
$$;

-- How many open cases each colleague has, also those that the one who assigns does not see: a number and nothing else.
create function sec.workload() returns table (account_id uuid, open_cases bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select a.account_id, count(distinct a.case_id)
  from public.assignment a join public.case_file c on c.id = a.case_id
  where a.ended_at is null and c.closed_on is null and sec.actor_role() in ('coordinator', 'manager')
  group by a.account_id
$$;
revoke execute on function sec.has_open_case, sec.workload from public;
grant execute on function sec.has_open_case, sec.workload to utvag_user;
reset role;
