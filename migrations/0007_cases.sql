-- What opening, listing and assigning need beside the tables: indexes for the orders of the list, and two answers that
-- row security keeps from the one who asks.

set role utvag_owner;
create index case_file_status on case_file (status, opened_on desc, id);
-- The alphabet's last three letters in their order, whatever the server's own collation says of them.
create index case_file_alphabet on case_file (translate(code_name, 'ÅÄÖåäö', '[\]{|}')) where closed_on is null;
-- What "Min dag" asks for: placements that near their end, and those whose first day has come.
create index placement_ending on placement (planned_end_on) where status = 'active';
create index placement_starting on placement (starts_on) where status = 'planned';

-- Open cases in which somebody is missing, kept by the database: "Min dag" must not look through all cases for them.
create table unstaffed_case (
  case_id uuid primary key references case_file (id),
  opened_on date not null,
  has_responsible boolean not null,
  has_deputy boolean not null,
  check (not (has_responsible and has_deputy))
);
create index unstaffed_case_list on unstaffed_case (opened_on desc, case_id);
alter table unstaffed_case enable row level security;
alter table unstaffed_case force row level security;
create policy reach on unstaffed_case for select to utvag_user
  using (exists (select 1 from case_file c where c.id = case_id));
create policy keeper on unstaffed_case to utvag_sec using (true) with check (true);
grant select on unstaffed_case to utvag_user;
grant select, insert, delete on unstaffed_case to utvag_sec;
reset role;

set role utvag_sec;

create function sec.keep_unstaffed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  wanted uuid := case tg_table_name when 'case_file' then (to_jsonb(new) ->> 'id')::uuid
                                    else (to_jsonb(new) ->> 'case_id')::uuid end;
begin
  delete from unstaffed_case where case_id = wanted;
  insert into unstaffed_case (case_id, opened_on, has_responsible, has_deputy)
  select c.id, c.opened_on, r.has, d.has
  from case_file c
  cross join lateral (select exists (select 1 from assignment a
    where a.case_id = c.id and a.kind = 'responsible' and a.ended_at is null) as has) r
  cross join lateral (select exists (select 1 from assignment a
    where a.case_id = c.id and a.kind = 'deputy' and a.ended_at is null) as has) d
  where c.id = wanted and c.closed_on is null and not (r.has and d.has);
  return null;
end
$$;

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
revoke execute on function sec.has_open_case, sec.workload, sec.keep_unstaffed from public;
grant execute on function sec.keep_unstaffed to utvag_owner;
grant execute on function sec.has_open_case, sec.workload to utvag_user;
reset role;

set role utvag_owner;
-- At the end of the transaction: a case is opened before anybody is named in it.
create constraint trigger unstaffed after insert or update of closed_on on case_file
  deferrable initially deferred for each row execute function sec.keep_unstaffed();
create constraint trigger unstaffed after insert or update on assignment
  deferrable initially deferred for each row execute function sec.keep_unstaffed();
reset role;
