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
  -- Repeat what the list is ordered by and what the sums are made over, so that a row that goes takes from the sums what
  -- it gave to them, whatever has changed since.
  starts_on date not null,
  procurement procurement_form not null,
  round_the_clock boolean not null,
  case_id uuid not null references case_file (id),
  unit_id uuid not null references org_unit (id),
  is_closed_circle boolean not null,
  days bigint not null check (days > 0),
  cost_ore bigint not null,
  primary key (placement_id, year)
);
create index placement_year_list on placement_year (year, starts_on, placement_id);
create index placement_year_case on placement_year (case_id);
create index placement_year_circle on placement_year (year) where is_closed_circle;

-- The sums of a year over all cases but those in a closed circle, which are few and are added one by one for whoever is
-- named in them. Without this a page of sums would take longer with every case that there is.
create table placement_year_sum (
  year int not null,
  unit_id uuid not null references org_unit (id),
  procurement procurement_form not null,
  round_the_clock boolean not null,
  placements bigint not null,
  days bigint not null,
  cost_ore bigint not null,
  primary key (year, unit_id, procurement, round_the_clock)
);
alter table placement_year enable row level security;
alter table placement_year force row level security;
alter table placement_year_sum enable row level security;
alter table placement_year_sum force row level security;
-- `offset 0`: asked for each row of the page. Without it the planner reads all placements into a hash first, because it
-- does not see that a page ends after fifty.
create policy reach on placement_year for select to utvag_user
  using (exists (select 1 from placement p where p.id = placement_id offset 0));
create policy keeper on placement_year to utvag_sec using (true) with check (true);
create policy keeper on placement_year_sum to utvag_sec using (true) with check (true);
grant select on placement_year to utvag_user;
grant select, insert, update, delete on placement_year to utvag_sec;
grant select, insert, update on placement_year_sum to utvag_sec;

grant select on placement, placement_rate, placement_absence to utvag_sec;
create policy keeper_reads on placement for select to utvag_sec using (true);
create policy keeper_reads on placement_rate for select to utvag_sec using (true);
create policy keeper_reads on placement_absence for select to utvag_sec using (true);

reset role;
set role utvag_sec;

create function sec.placement_years_of(wanted uuid) returns setof public.placement_year
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select p.id, y, p.starts_on, p.procurement, p.round_the_clock, f.id, f.owner_unit_id,
         f.protection_level = 'closed_circle', c.days, c.cost_ore
  from placement p
  join case_file f on f.id = p.case_id
  cross join lateral generate_series(extract(year from p.starts_on)::int,
    extract(year from coalesce(p.actual_end_on, p.planned_end_on))::int) y
  cross join lateral placement_cost_of(p.id, make_date(y, 1, 1), make_date(y, 12, 31)) c
  where p.id = wanted
$$;

create function sec.keep_placement_years() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  wanted uuid := case tg_table_name when 'placement' then (to_jsonb(new) ->> 'id')::uuid
                                    else (coalesce(to_jsonb(new), to_jsonb(old)) ->> 'placement_id')::uuid end;
begin
  -- At the end of the transaction and one at a time, so that two who change the same sums never wait for each other
  -- crosswise.
  perform pg_advisory_xact_lock(778203);
  delete from placement_year where placement_id = wanted;
  insert into placement_year select * from sec.placement_years_of(wanted);
  return null;
end
$$;

-- A case that enters or leaves a closed circle, or changes unit, takes its years along.
create function sec.move_placement_years() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(778203);
  update placement_year y set unit_id = new.owner_unit_id, is_closed_circle = new.protection_level = 'closed_circle'
  where y.case_id = new.id;
  return null;
end
$$;

create function sec.add_to_placement_sums(this public.placement_year, sign int) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
  insert into placement_year_sum as s (year, unit_id, procurement, round_the_clock, placements, days, cost_ore)
  select this.year, this.unit_id, this.procurement, this.round_the_clock, sign, sign * this.days, sign * this.cost_ore
  where not this.is_closed_circle
  on conflict (year, unit_id, procurement, round_the_clock) do update
    set placements = s.placements + excluded.placements, days = s.days + excluded.days,
        cost_ore = s.cost_ore + excluded.cost_ore
$$;
create function sec.keep_placement_sums() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'INSERT' then perform sec.add_to_placement_sums(old, -1); end if;
  if tg_op <> 'DELETE' then perform sec.add_to_placement_sums(new, 1); end if;
  return null;
end
$$;

-- Sums of a year over the cases in reach, with the same border as the policy `reach` on case_file.
create function sec.placement_year_sums(wanted int) returns table (
  procurement public.procurement_form, round_the_clock boolean, placements bigint, days bigint, cost_ore bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with reach as (
    select s.procurement, s.round_the_clock, s.placements, s.days, s.cost_ore
    from public.placement_year_sum s
    where s.year = wanted and case sec.actor_role()
      when 'coordinator' then true
      when 'manager' then s.unit_id = sec.actor_unit()
      else false
    end
    union all
    -- From the few closed circles, not from the actor's many cases.
    select y.procurement, y.round_the_clock, 1, y.days, y.cost_ore
    from public.placement_year y
    where y.year = wanted and y.is_closed_circle
      and case sec.actor_role()
        when 'coordinator' then true
        when 'manager' then y.unit_id = sec.actor_unit()
        else false
      end
      and exists (select 1 from public.assignment a
                  where a.case_id = y.case_id and a.account_id = sec.actor_id() and a.ended_at is null))
  select r.procurement, r.round_the_clock, sum(r.placements)::bigint, sum(r.days)::bigint, sum(r.cost_ore)::bigint
  from reach r group by r.procurement, r.round_the_clock having sum(r.placements) > 0
$$;
revoke execute on function sec.placement_years_of, sec.keep_placement_years, sec.move_placement_years,
  sec.add_to_placement_sums, sec.keep_placement_sums, sec.placement_year_sums from public;
grant execute on function sec.keep_placement_years, sec.move_placement_years, sec.keep_placement_sums to utvag_owner;
grant execute on function sec.placement_year_sums to utvag_user;
reset role;

set role utvag_owner;
create trigger placement_sums after insert or update or delete on placement_year
  for each row execute function sec.keep_placement_sums();
create trigger placement_years after update of owner_unit_id, protection_level on case_file
  for each row when (old.owner_unit_id <> new.owner_unit_id or old.protection_level <> new.protection_level)
  execute function sec.move_placement_years();
reset role;
-- For placements that were there before the table.
insert into public.placement_year select y.* from public.placement p cross join lateral sec.placement_years_of(p.id) y;

set role utvag_owner;
create constraint trigger placement_years after insert or update on placement
  deferrable initially deferred for each row execute function sec.keep_placement_years();
create constraint trigger placement_years after insert or update or delete on placement_rate
  deferrable initially deferred for each row execute function sec.keep_placement_years();
create constraint trigger placement_years after insert or update or delete on placement_absence
  deferrable initially deferred for each row execute function sec.keep_placement_years();
reset role;
