-- Money over all cases: the budget, what a day costs in all, the months that are closed with what was put right
-- afterwards, and what was forecast when. Sums hold no case; whatever says which case it is about is asked by pseudonym.

set role utvag_owner;

create type budget_kind as enum ('frame_increase', 'targeted', 'ordinary', 'state');
create type ledger_cause as enum ('closing', 'placement', 'rate', 'absence');

create table budget_line (
  id uuid primary key,
  committee_id uuid not null references committee (id),
  year int not null check (year between 2015 and 2099),
  kind budget_kind not null,
  amount_ore bigint not null check (amount_ore > 0 and amount_ore <= 100000000000),
  decided_in text not null check (char_length(decided_in) between 1 and 100),
  only_that_year boolean not null,
  -- The order in which the lines are drawn.
  draw_order int not null check (draw_order between 1 and 99),
  added_at timestamptz not null default now(),
  added_by uuid not null references account (id),
  withdrawn_at timestamptz,
  withdrawn_by uuid references account (id),
  withdrawn_why text check (char_length(withdrawn_why) between 1 and 200),
  constraint budget_line_withdrawn check (num_nulls(withdrawn_at, withdrawn_by, withdrawn_why) in (0, 3))
);
create unique index budget_line_order on budget_line (committee_id, year, draw_order) where withdrawn_at is null;

-- Days in a row with the same price, of one placement: derived, and there only so that what a placement gave to the sums
-- can be taken from them again, whatever has changed since.
create table placement_stretch (
  placement_id uuid not null references placement (id),
  first_day date not null,
  last_day date not null check (last_day >= first_day),
  procurement procurement_form not null,
  round_the_clock boolean not null,
  per_day_ore bigint not null,
  primary key (placement_id, first_day)
);

-- What every day costs in all. A year is at most 366 days times eight groups, whatever the number of cases.
create table cost_day (
  on_day date not null,
  procurement procurement_form not null,
  round_the_clock boolean not null,
  days bigint not null,
  cost_ore bigint not null,
  primary key (on_day, procurement, round_the_clock)
);

-- A closed month stands as it was closed: a row for each placement, and below it signed corrections, which together
-- always come to what the month costs as far as is known now.
create table closed_month (
  first_day date primary key check (extract(day from first_day) = 1),
  closed_at timestamptz not null default clock_timestamp(),
  closed_by uuid not null references account (id)
);
create table ledger_row (
  id bigint generated always as identity primary key,
  month date not null references closed_month (first_day),
  placement_id uuid not null references placement (id),
  days bigint not null,
  amount_ore bigint not null,
  cause ledger_cause not null,
  written_at timestamptz not null default clock_timestamp(),
  written_by uuid references account (id),
  constraint ledger_row_says_something check (cause = 'closing' or days <> 0 or amount_ore <> 0)
);
create index ledger_row_month on ledger_row (month, placement_id);
create function ledger_row_frozen() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'the ledger is only added to' using errcode = '23514', constraint = 'ledger_row_frozen', table = tg_table_name;
end
$$;
create trigger ledger_row_frozen before update or delete on ledger_row for each row execute function ledger_row_frozen();
create trigger closed_month_frozen before update or delete on closed_month for each row execute function ledger_row_frozen();

-- A line stands as it was decided; a faulty one is withdrawn and stays. Once the last month is closed the year is locked.
create function budget_line_frozen() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from closed_month m where m.first_day >= make_date(new.year, 12, 1)) then
    raise exception 'the budget of a year that is closed' using errcode = '23514', constraint = 'budget_line_locked', table = 'budget_line';
  end if;
  if tg_op = 'UPDATE' and (old.withdrawn_at is not null
     or to_jsonb(new) - '{withdrawn_at,withdrawn_by,withdrawn_why}'::text[] <> to_jsonb(old) - '{withdrawn_at,withdrawn_by,withdrawn_why}'::text[]) then
    raise exception 'a budget line is withdrawn, never changed' using errcode = '23514', constraint = 'budget_line_frozen', table = 'budget_line';
  end if;
  return new;
end
$$;
create trigger budget_line_frozen before insert or update on budget_line for each row execute function budget_line_frozen();

-- What was forecast at the turn of each month, to be held against what it became.
create table forecast (
  as_of date primary key,
  actual_ore bigint not null,
  planned_ore bigint not null,
  budget_ore bigint not null,
  taken_at timestamptz not null default clock_timestamp()
);

do $$
declare
  name text;
begin
  foreach name in array array['budget_line', 'placement_stretch', 'cost_day', 'closed_month', 'ledger_row', 'forecast'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    if name not in ('placement_stretch', 'ledger_row') then
      execute format($p$create policy economy on %I for select to utvag_user
        using ((select sec.actor_role()) in ('controller', 'coordinator', 'manager'))$p$, name);
      execute format('grant select on %I to utvag_user', name);
    end if;
    execute format('create policy keeper on %I to utvag_sec using (true) with check (true)', name);
  end loop;
end
$$;
create policy keeping on budget_line for insert to utvag_user
  with check ((select sec.actor_role()) = 'controller' and added_by = (select sec.actor_id()));
create policy withdrawing on budget_line for update to utvag_user
  using ((select sec.actor_role()) = 'controller') with check (withdrawn_by = (select sec.actor_id()));
grant insert on budget_line to utvag_user;
grant update (withdrawn_at, withdrawn_by, withdrawn_why) on budget_line to utvag_user;
grant select, insert, update, delete on placement_stretch, cost_day to utvag_sec;
grant select, insert on closed_month, ledger_row, forecast to utvag_sec;
grant select on budget_line, provider, account to utvag_sec;
do $$ begin
  if not exists (select from pg_policies where schemaname = 'public' and tablename = 'provider' and policyname = 'keeper_reads') then
    create policy keeper_reads on provider for select to utvag_sec using (true);
  end if;
end $$;
reset role;

call audit.follow('budget_line');
call audit.follow('closed_month', 'first_day');

set role utvag_sec;

-- A placement's days with the price of each, gathered into stretches. The lowest price where absences share a day, and
-- the full price where nobody has entered the reduced one: as placement::costs has it.
create function sec.stretches_of(wanted uuid) returns setof public.placement_stretch
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with stay as (
    select p.id, p.procurement, p.round_the_clock, p.starts_on as first,
           coalesce(p.actual_end_on, p.planned_end_on) - case when p.charge_departure_day then 0 else 1 end as last
    from placement p where p.id = wanted and p.status <> 'cancelled'
  ), priced as (
    select s.id, s.procurement, s.round_the_clock, d::date as on_day,
           coalesce(least(
             case when exists (select 1 from placement_absence a where a.placement_id = s.id and a.rate = 'none'
                                 and d::date between a.first_day and a.last_day) then 0 end,
             case when exists (select 1 from placement_absence a where a.placement_id = s.id and a.rate = 'reduced'
                                 and d::date between a.first_day and a.last_day)
                  then (select sum(r.per_day_ore) from placement_rate r where r.placement_id = s.id and r.kind = 'absence'
                          and d::date between r.valid_from and r.valid_to) end),
             (select sum(r.per_day_ore) from placement_rate r where r.placement_id = s.id and r.kind <> 'absence'
                and d::date between r.valid_from and r.valid_to), 0)::bigint as per_day_ore
    from stay s cross join lateral generate_series(s.first, s.last, interval '1 day') d
  ), grouped as (
    select *, on_day - (row_number() over (partition by per_day_ore order by on_day))::int as island from priced
  )
  select id, min(on_day), max(on_day), procurement, round_the_clock, per_day_ore
  from grouped group by id, procurement, round_the_clock, per_day_ore, island
$$;

-- The difference to the sums, and to each closed month that is touched.
create function sec.keep_costs() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  wanted uuid := case tg_table_name when 'placement' then (to_jsonb(new) ->> 'id')::uuid
                                    else (coalesce(to_jsonb(new), to_jsonb(old)) ->> 'placement_id')::uuid end;
  why ledger_cause := case tg_table_name when 'placement' then 'placement' when 'placement_rate' then 'rate' else 'absence' end;
begin
  -- The same lock as that of the years: one at a time, at the end of the transaction.
  perform pg_advisory_xact_lock(778203);
  insert into cost_day as c (on_day, procurement, round_the_clock, days, cost_ore)
  select d::date, x.procurement, x.round_the_clock, sum(x.sign), sum(x.sign * x.per_day_ore)
  from (select s.first_day, s.last_day, s.procurement, s.round_the_clock, s.per_day_ore, -1 as sign
          from placement_stretch s where s.placement_id = wanted
        union all
        select s.first_day, s.last_day, s.procurement, s.round_the_clock, s.per_day_ore, 1 from sec.stretches_of(wanted) s) x
  cross join lateral generate_series(x.first_day, x.last_day, interval '1 day') d
  group by d, x.procurement, x.round_the_clock having sum(x.sign) <> 0 or sum(x.sign * x.per_day_ore) <> 0
  on conflict (on_day, procurement, round_the_clock) do update
    set days = c.days + excluded.days, cost_ore = c.cost_ore + excluded.cost_ore;
  delete from placement_stretch where placement_id = wanted;
  insert into placement_stretch select * from sec.stretches_of(wanted);
  insert into ledger_row (month, placement_id, days, amount_ore, cause, written_by)
  select m.first_day, wanted, x.days, x.ore, why, sec.actor_id()
  from closed_month m
  cross join lateral (
    select coalesce(sum(x.days), 0) as days, coalesce(sum(x.ore), 0) as ore from (
      select c.days, c.cost_ore as ore
        from placement_cost_of(wanted, m.first_day, (m.first_day + interval '1 month')::date - 1) c
      union all
      select -l.days, -l.amount_ore from ledger_row l where l.month = m.first_day and l.placement_id = wanted) x) x
  where x.days <> 0 or x.ore <> 0;
  return null;
end
$$;

-- Closes a month that is over, as a controller: none twice, and none before one that is closed. The program says which
-- day it is.
create function sec.close_month(wanted date, today date) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  last date := (wanted + interval '1 month')::date - 1;
begin
  if sec.actor_role() is distinct from 'controller' or last >= today
     or exists (select 1 from closed_month m where m.first_day >= wanted) then
    return false;
  end if;
  perform pg_advisory_xact_lock(778203);
  insert into closed_month (first_day, closed_by) values (wanted, sec.actor_id());
  insert into ledger_row (month, placement_id, days, amount_ore, cause, written_by)
  select wanted, p.id, c.days, c.cost_ore, 'closing', sec.actor_id()
  from placement p cross join lateral placement_cost_of(p.id, wanted, last) c
  where p.occupied && daterange(wanted, last, '[]')
  order by p.starts_on, p.id;
  return true;
end
$$;

-- The placements of a year by pseudonym and alias. Whoever is not named in a closed circle sees what it costs and not
-- which it is; nobody here sees a home, a municipality or a name.
create function sec.economy_rows(wanted int, as_of date, skipped bigint, wanted_rows bigint) returns table (
  pseudonym text, reference text, placement_id uuid, alias text, kind public.placement_kind,
  procurement public.procurement_form, status public.placement_status, starts_on date, last_day date,
  per_day_ore bigint, days bigint, actual_ore bigint, cost_ore bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select case when shown.ok then f.economy_pseudonym end,
         case when shown.ok and sec.actor_role() <> 'controller' then f.reference end,
         case when shown.ok and sec.actor_role() <> 'controller' then p.id end,
         case when shown.ok and not v.hide_from_finance then v.alias end,
         case when shown.ok then p.kind end, p.procurement, p.status,
         case when shown.ok then p.starts_on end,
         case when shown.ok then coalesce(p.actual_end_on, p.planned_end_on) end,
         (select s.per_day_ore from placement_stretch s where s.placement_id = p.id and as_of between s.first_day and s.last_day),
         y.days, coalesce(c.cost_ore, 0), y.cost_ore
  from (select y.placement_id, y.starts_on, y.days, y.cost_ore from placement_year y
        where y.year = wanted and sec.actor_role() in ('controller', 'coordinator', 'manager')
        order by y.starts_on, y.placement_id offset skipped limit wanted_rows) y
  join placement p on p.id = y.placement_id
  join case_file f on f.id = p.case_id
  join provider v on v.id = p.provider_id
  left join lateral placement_cost_of(p.id, make_date(wanted, 1, 1), least(as_of, make_date(wanted, 12, 31))) c on true
  cross join lateral (select (f.protection_level <> 'closed_circle' or exists (
      select 1 from assignment a where a.case_id = f.id and a.account_id = sec.actor_id() and a.ended_at is null))
    and (sec.actor_role() <> 'manager' or f.owner_unit_id = sec.actor_unit()) as ok) shown
  order by y.starts_on, y.placement_id
$$;

-- How many placements have days in a year, over all cases: from the sums, and from the few in closed circles.
create function sec.economy_count(wanted int) returns bigint
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select case when sec.actor_role() in ('controller', 'coordinator', 'manager') then
    (select coalesce(sum(s.placements), 0) from placement_year_sum s where s.year = wanted)
    + (select count(*) from placement_year y where y.year = wanted and y.is_closed_circle) else 0 end::bigint
$$;

-- A closed month, by pseudonym and alias: as it was closed, and what was put right afterwards.
create function sec.ledger_rows(wanted date) returns table (
  pseudonym text, alias text, procurement public.procurement_form, days bigint, amount_ore bigint,
  cause public.ledger_cause, written_at timestamptz, written_by text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select case when f.protection_level <> 'closed_circle' then f.economy_pseudonym end,
         case when f.protection_level <> 'closed_circle' and not v.hide_from_finance then v.alias end,
         p.procurement, l.days, l.amount_ore, l.cause, l.written_at, a.display_name
  from ledger_row l
  join placement p on p.id = l.placement_id
  join case_file f on f.id = p.case_id
  join provider v on v.id = p.provider_id
  left join account a on a.id = l.written_by
  where l.month = wanted and sec.actor_role() in ('controller', 'coordinator', 'manager')
  order by l.id
$$;

-- What is known on the first of the month, kept once; asked by timed work.
create function sec.keep_forecast(today date) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  this_year int := extract(year from today);
begin
  insert into forecast (as_of, actual_ore, planned_ore, budget_ore)
  select date_trunc('month', today)::date,
         coalesce(sum(c.cost_ore) filter (where c.on_day < date_trunc('month', today)::date), 0),
         coalesce(sum(c.cost_ore) filter (where c.on_day >= date_trunc('month', today)::date), 0),
         (select coalesce(sum(b.amount_ore), 0) from budget_line b where b.year = this_year and b.withdrawn_at is null)
  from cost_day c where c.on_day between make_date(this_year, 1, 1) and make_date(this_year, 12, 31)
  on conflict (as_of) do nothing;
  return found;
end
$$;

revoke execute on function sec.stretches_of, sec.keep_costs, sec.close_month, sec.economy_rows,
  sec.economy_count, sec.ledger_rows,  sec.keep_forecast from public;
grant execute on function sec.keep_costs to utvag_owner;
grant execute on function sec.close_month, sec.economy_rows, sec.economy_count, sec.ledger_rows to utvag_user;
grant execute on function sec.keep_forecast to utvag_task;
reset role;

-- For placements that were there before.
insert into public.placement_stretch select s.* from public.placement p cross join lateral sec.stretches_of(p.id) s;
insert into public.cost_day
select d::date, s.procurement, s.round_the_clock, count(*), sum(s.per_day_ore)
from public.placement_stretch s cross join lateral generate_series(s.first_day, s.last_day, interval '1 day') d
group by 1, 2, 3;

set role utvag_owner;
create constraint trigger placement_costs after insert or update on placement
  deferrable initially deferred for each row execute function sec.keep_costs();
create constraint trigger placement_costs after insert or update or delete on placement_rate
  deferrable initially deferred for each row execute function sec.keep_costs();
create constraint trigger placement_costs after insert or update or delete on placement_absence
  deferrable initially deferred for each row execute function sec.keep_costs();
reset role;
