-- What each placement costs in each year, kept beside it by the database itself: a list over all placements must not
-- count every day of all of them anew. Derived, never written by the program; made again in the transaction that changes
-- a placement, a rate or an absence.

set role utvag_owner;

-- Days charged and what they cost for one placement within a window; both ends count. Nothing outside the stay.
create function placement_cost_of(wanted uuid, window_from date, window_to date) returns table (days bigint, cost_ore bigint)
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select (upper(s.stay) - lower(s.stay))::bigint,
    (coalesce((select sum(r.per_day_ore * (upper(x.d) - lower(x.d)))
       from placement_rate r cross join lateral (select daterange(r.valid_from, r.valid_to, '[]') * s.stay as d) x
       where r.placement_id = p.id and r.kind <> 'absence' and not isempty(x.d)), 0)
   - coalesce((select sum(r.per_day_ore * (upper(x.d) - lower(x.d)))
       from placement_absence a join placement_rate r on r.placement_id = a.placement_id and r.kind <> 'absence'
       cross join lateral (select daterange(r.valid_from, r.valid_to, '[]') * daterange(a.first_day, a.last_day, '[]') * s.stay as d) x
       where a.placement_id = p.id and a.rate = 'none' and not isempty(x.d)), 0)
   -- A reduced day costs the absence rate; where there is none that day, the full price, so that no forecast is too low.
   - coalesce((select sum(r.per_day_ore * (upper(x.d) - lower(x.d)))
       from placement_absence a join placement_rate r on r.placement_id = a.placement_id and r.kind <> 'absence'
       join placement_rate n on n.placement_id = a.placement_id and n.kind = 'absence'
       cross join lateral (select daterange(r.valid_from, r.valid_to, '[]') * daterange(n.valid_from, n.valid_to, '[]')
         * daterange(a.first_day, a.last_day, '[]') * s.stay as d) x
       where a.placement_id = p.id and a.rate = 'reduced' and not isempty(x.d)), 0)
   + coalesce((select sum(r.per_day_ore * (upper(x.d) - lower(x.d)))
       from placement_absence a join placement_rate r on r.placement_id = a.placement_id and r.kind = 'absence'
       cross join lateral (select daterange(r.valid_from, r.valid_to, '[]') * daterange(a.first_day, a.last_day, '[]') * s.stay as d) x
       where a.placement_id = p.id and a.rate = 'reduced' and not isempty(x.d)), 0))::bigint
  from placement p
  cross join lateral (select daterange(p.starts_on,
    coalesce(p.actual_end_on, p.planned_end_on) + case when p.charge_departure_day then 1 else 0 end, '[)')
    * daterange(window_from, window_to, '[]') as stay) s
  where p.id = wanted and p.status <> 'cancelled' and not isempty(s.stay)
$$;
grant execute on function placement_cost_of to utvag_user, utvag_sec;

-- The same for all placements that the asker reaches: one rule, written once.
create or replace function placement_cost(window_from date, window_to date) returns table (placement_id uuid, days bigint, cost_ore bigint)
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select p.id, c.days, c.cost_ore from placement p cross join lateral placement_cost_of(p.id, window_from, window_to) c
$$;

create table placement_year (
  placement_id uuid not null references placement (id),
  year int not null,
  starts_on date not null,            -- repeats the placement's, for the order of the list
  days bigint not null check (days > 0),
  cost_ore bigint not null,
  primary key (placement_id, year)
);
create index placement_year_list on placement_year (year, starts_on, placement_id);
alter table placement_year enable row level security;
alter table placement_year force row level security;
create policy reach on placement_year for select to utvag_user
  using (exists (select 1 from placement p where p.id = placement_id));
create policy keeper on placement_year to utvag_sec using (true) with check (true);
grant select on placement_year to utvag_user;
grant select, insert, delete on placement_year to utvag_sec;

grant select on placement, placement_rate, placement_absence to utvag_sec;
create policy keeper_reads on placement for select to utvag_sec using (true);
create policy keeper_reads on placement_rate for select to utvag_sec using (true);
create policy keeper_reads on placement_absence for select to utvag_sec using (true);

reset role;
set role utvag_sec;

create function sec.keep_placement_years() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  wanted uuid := case tg_table_name when 'placement' then (to_jsonb(new) ->> 'id')::uuid
                                    else (coalesce(to_jsonb(new), to_jsonb(old)) ->> 'placement_id')::uuid end;
begin
  delete from placement_year where placement_id = wanted;
  insert into placement_year (placement_id, year, starts_on, days, cost_ore)
  select p.id, y, p.starts_on, c.days, c.cost_ore
  from placement p
  cross join lateral generate_series(extract(year from p.starts_on)::int,
    extract(year from coalesce(p.actual_end_on, p.planned_end_on))::int) y
  cross join lateral placement_cost_of(p.id, make_date(y, 1, 1), make_date(y, 12, 31)) c
  where p.id = wanted;
  return null;
end
$$;

-- Sums of a year over the cases in reach, with the same border as the policy `reach` on case_file. A function, because
-- asking the policy row by row would take longer than the sum.
create function sec.placement_year_sums(wanted int) returns table (
  procurement public.procurement_form, round_the_clock boolean, placements bigint, days bigint, cost_ore bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.procurement, p.round_the_clock, count(*), sum(y.days)::bigint, sum(y.cost_ore)::bigint
  from public.placement_year y
  join public.placement p on p.id = y.placement_id
  join public.case_file c on c.id = p.case_id
  where y.year = wanted and case sec.actor_role()
    when 'coordinator' then c.protection_level <> 'closed_circle' or c.id = any (sec.my_cases())
    when 'manager' then c.owner_unit_id = sec.actor_unit()
      and (c.protection_level <> 'closed_circle' or c.id = any (sec.my_cases()))
    else false
  end
  group by p.procurement, p.round_the_clock
$$;
-- For placements that were there before the table.
insert into public.placement_year (placement_id, year, starts_on, days, cost_ore)
select p.id, y, p.starts_on, c.days, c.cost_ore
from public.placement p
cross join lateral generate_series(extract(year from p.starts_on)::int,
  extract(year from coalesce(p.actual_end_on, p.planned_end_on))::int) y
cross join lateral public.placement_cost_of(p.id, make_date(y, 1, 1), make_date(y, 12, 31)) c;

revoke execute on function sec.keep_placement_years, sec.placement_year_sums from public;
grant execute on function sec.keep_placement_years to utvag_owner;
grant execute on function sec.placement_year_sums to utvag_user;
reset role;

set role utvag_owner;
create constraint trigger placement_years after insert or update on placement
  deferrable initially deferred for each row execute function sec.keep_placement_years();
create constraint trigger placement_years after insert or update or delete on placement_rate
  deferrable initially deferred for each row execute function sec.keep_placement_years();
create constraint trigger placement_years after insert or update or delete on placement_absence
  deferrable initially deferred for each row execute function sec.keep_placement_years();
reset role;
