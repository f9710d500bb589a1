-- A conflict of interest can end, from a day and for a reason, said by a manager who is not the one concerned; what was
-- declared stands beside it. What a broken glass does not show: what things cost. Who is on call opens a closed circle too.

set role utvag_owner;
alter table conflict_of_interest
  add column ends_on date,            -- the first day without it
  add column ended_by uuid references account (id),
  add column ended_at timestamptz,
  add column end_reason bytea,        -- sealed
  add constraint conflict_of_interest_ended check (num_nonnulls(ends_on, ended_by, ended_at, end_reason) in (0, 4)),
  add constraint conflict_of_interest_ended_by_another check (ended_by <> account_id),
  add constraint conflict_of_interest_ends_after check (ends_on >= (declared_at at time zone 'Europe/Stockholm')::date),
  drop constraint conflict_of_interest_once;
-- One at a time; what has ended can come again.
create unique index conflict_of_interest_once on conflict_of_interest (account_id, person_id) where ends_on is null;
create index conflict_of_interest_account on conflict_of_interest (account_id, person_id);

create or replace function conflict_of_interest_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  ending constant text[] := array['ends_on', 'ended_by', 'ended_at', 'end_reason'];
begin
  if tg_op = 'DELETE' or old.ends_on is not null or new.ends_on is null
     or (to_jsonb(new) - ending) is distinct from (to_jsonb(old) - ending) then
    raise exception 'a declared conflict stands' using errcode = '23514', constraint = 'conflict_of_interest_stands';
  end if;
  return new;
end
$$;
create policy ending on conflict_of_interest for update to utvag_user
  using (ends_on is null and account_id <> (select sec.actor_id()) and (select sec.actor_role()) = 'manager'
         and exists (select 1 from case_file c where c.id = case_id offset 0))
  with check (ended_by = (select sec.actor_id()));
grant update (ends_on, ended_by, ended_at, end_reason) on conflict_of_interest to utvag_user;

alter table org_unit add column is_on_call boolean not null default false;

-- What it costs is not what an emergency is about; who has the figures anyway sees them.
create policy costs_behind_glass on placement_rate as restrictive for select to utvag_user
  using ((select sec.glass_case()) is null or (select sec.actor_role()) in ('coordinator', 'manager'));
create policy costs_behind_glass on placement_year as restrictive for select to utvag_user
  using ((select sec.glass_case()) is null or (select sec.actor_role()) in ('coordinator', 'manager'));
grant select on org_unit to utvag_sec;
create policy door on org_unit for select to utvag_sec using (true);
reset role;

set role utvag_sec;
-- As before, for conflicts that have not ended.
create or replace function sec.my_conflicts() returns uuid[]
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(c.id), '{}')
  from public.conflict_of_interest k join public.case_file c on c.person_id = k.person_id
  where k.account_id = sec.actor_id() and (k.ends_on is null or k.ends_on > (now() at time zone 'Europe/Stockholm')::date)
$$;
create or replace function sec.has_conflict(who uuid, wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from public.conflict_of_interest k join public.case_file c on c.person_id = k.person_id
    where c.id = wanted and k.account_id = who and (k.ends_on is null or k.ends_on > (now() at time zone 'Europe/Stockholm')::date))
$$;

-- Whether the actor works in a unit that is on call.
create function sec.is_on_call() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from public.org_unit u where u.id = sec.actor_unit() and u.is_on_call)
$$;
-- As before, but a closed circle opens to a manager and to whoever is on call; the manager is told (domain 3.6).
create or replace function sec.glass_for(asked text, blind bytea, today date) returns table (case_id uuid, reference text, is_reached boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, c.reference, sec.reaches(c.id)
  from public.case_file c
  where (c.reference = asked or exists (select 1 from public.person_identity i
           where i.person_id = c.person_id and i.number_blind = blind and not sec.is_identity_broken(c.person_id)))
    and sec.actor_role() in ('caseworker', 'coordinator', 'manager')
    and c.id <> all (sec.my_conflicts())
    and (sec.reaches(c.id)
         or ((c.protection_level <> 'closed_circle' or sec.actor_role() = 'manager' or sec.is_on_call())
             and not sec.glass_is_suspended(today)))
  order by c.closed_on desc nulls first, c.opened_on desc, c.id limit 1
$$;
-- How often cases of the manager's unit were opened in an emergency: month by month, for which reason, by which unit's
-- people and with what result. No person, and no case.
create function sec.glass_figures() returns table (
  month date, reason public.break_glass_reason, unit text, times bigint, justified bigint, unjustified bigint, waiting bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select date_trunc('month', g.opened_at at time zone 'Europe/Stockholm')::date, g.reason, coalesce(u.name, ''), count(*),
         count(*) filter (where g.result = 'justified'), count(*) filter (where g.result = 'unjustified'),
         count(*) filter (where g.result is null)
  from public.break_glass g join public.account a on a.id = g.account_id left join public.org_unit u on u.id = a.unit_id
  where sec.actor_role() = 'manager' and g.unit_id = sec.actor_unit() and g.opened_at > now() - interval '2 years'
  group by 1, 2, 3 order by 1 desc, 2, 3
$$;
revoke execute on function sec.is_on_call, sec.glass_figures from public;
grant execute on function sec.glass_figures to utvag_user;
reset role;
