-- Providers with their homes, agreements and prices; placements with their rates and absences; and, in a schema and
-- under an owner of its own, where somebody is (the vault).

set role utvag_owner;

create type provider_kind as enum ('hvb', 'protected_housing', 'exit_operator', 'outpatient', 'housing', 'own');
create type placement_kind as enum ('hvb', 'protected_housing', 'family_home_adult', 'support_housing_16_20',
  'supported_housing_adult', 'emergency_housing', 'training_apartment', 'external_exit_programme');
create type procurement_form as enum ('inside_framework', 'outside_framework', 'own_operation', 'not_applicable');
create type outside_reason as enum ('exit_only_needs', 'security_location', 'no_capacity', 'special_competence', 'urgent');
create type placement_status as enum ('planned', 'active', 'ended', 'cancelled');
create type end_reason as enum ('goal_reached', 'planned_move', 'own_request', 'provider_terminated', 'deviation', 'security',
  'imprisoned', 'hospital', 'deceased', 'other');
create type rate_kind as enum ('care', 'supplement', 'absence');
create type rate_source as enum ('framework', 'contract', 'manual');
create type absence_rate as enum ('full', 'reduced', 'none');
create type absence_reason as enum ('permission', 'hospital', 'custody');

create table provider (
  id uuid primary key,
  alias text not null unique check (alias ~ '^L-[0-9]{3}$'),
  name text not null,
  org_number text not null,
  kind provider_kind not null,
  hide_from_finance boolean not null default false,
  is_active boolean not null default true,
  version int not null default 1
);

create table provider_home (
  id uuid primary key,
  provider_id uuid not null references provider (id),
  name bytea not null,                -- sealed: a home may be known for whom it hides
  municipality bytea not null,        -- sealed
  address bytea not null,             -- sealed (26 kap. 14 c § OSL)
  kind placement_kind not null,
  is_active boolean not null default true
);
create index provider_home_provider on provider_home (provider_id);

create table framework_agreement (
  id uuid primary key,
  provider_id uuid not null references provider (id),
  title text not null,
  registry_ref text,
  valid_from date not null,
  valid_to date not null,
  special_reason text,
  charge_departure_day boolean not null default true,
  -- At most four years without a special reason (7 kap. 2 § LOU).
  constraint framework_agreement_length check (valid_to >= valid_from
    and (special_reason is not null or valid_to < (valid_from + interval '4 years')::date))
);
create index framework_agreement_provider on framework_agreement (provider_id);

create table framework_price (
  id uuid primary key,
  agreement_id uuid not null references framework_agreement (id),
  service placement_kind not null,
  per_day_ore bigint not null check (per_day_ore > 0),
  valid_from date not null,
  valid_to date not null check (valid_to >= valid_from),
  constraint framework_price_no_overlap exclude using gist (agreement_id with =, service with =, daterange(valid_from, valid_to, '[]') with &&)
);

create table placement (
  id uuid primary key,
  case_id uuid not null,
  person_id uuid not null,            -- repeats the case's, so that overlaps are found per person
  number int not null,
  kind placement_kind not null,
  procurement procurement_form not null,
  agreement_id uuid references framework_agreement (id),
  outside_reason outside_reason,
  outside_text bytea,                 -- sealed
  provider_id uuid not null references provider (id),
  decided_from date not null,
  decided_to date not null,
  starts_on date not null,
  planned_end_on date not null,
  actual_end_on date check (actual_end_on >= starts_on),
  end_reason end_reason,
  charge_departure_day boolean not null default true,
  status placement_status not null default 'planned',
  created_at timestamptz not null default now(),
  created_by uuid not null references account (id),
  version int not null default 1,
  round_the_clock boolean generated always as
    (kind in ('hvb', 'protected_housing', 'family_home_adult', 'external_exit_programme')) stored,
  -- A day on which the departure is not charged may be the first day somewhere else.
  occupied daterange generated always as (daterange(starts_on,
    greatest(coalesce(actual_end_on, planned_end_on) + case when charge_departure_day then 1 else 0 end, starts_on + 1), '[)')) stored,
  foreign key (case_id, person_id) references case_file (id, person_id),
  unique (case_id, number),
  constraint placement_period check (planned_end_on >= starts_on and planned_end_on <= (starts_on + interval '24 months')::date),
  constraint placement_inside_decision check (starts_on >= decided_from and planned_end_on <= decided_to),
  constraint placement_framework check ((procurement = 'inside_framework') = (agreement_id is not null)),
  constraint placement_outside check ((procurement = 'outside_framework') = (outside_reason is not null and outside_text is not null)),
  constraint placement_ended check ((status = 'ended') = (end_reason is not null) and (actual_end_on is null or end_reason is not null)),
  constraint placement_no_overlap exclude using gist (person_id with =, occupied with &&)
    where (round_the_clock and status <> 'cancelled')
);
create index placement_case on placement (case_id, starts_on desc);
create index placement_period on placement using gist (occupied);

create table placement_rate (
  id uuid primary key,
  placement_id uuid not null references placement (id),
  valid_from date not null,
  valid_to date not null check (valid_to >= valid_from),
  per_day_ore bigint not null check (per_day_ore between 1 and 2000000),
  kind rate_kind not null default 'care',
  source rate_source not null,
  constraint placement_rate_no_overlap exclude using gist (placement_id with =, kind with =, daterange(valid_from, valid_to, '[]') with &&)
);
create index placement_rate_placement on placement_rate (placement_id, valid_from);

create table placement_absence (
  id uuid primary key,
  placement_id uuid not null references placement (id),
  first_day date not null,
  last_day date not null check (last_day >= first_day),
  rate absence_rate not null,
  reason absence_reason not null,
  constraint placement_absence_no_overlap exclude using gist (placement_id with =, daterange(first_day, last_day, '[]') with &&)
);

-- No gap: at the end of the transaction every day of the planned period has a care rate.
create function placement_rates_cover() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  wanted uuid := case tg_table_name when 'placement' then (to_jsonb(new) ->> 'id')::uuid
                                    else (coalesce(to_jsonb(new), to_jsonb(old)) ->> 'placement_id')::uuid end;
begin
  if exists (
    select 1 from placement p
    where p.id = wanted and p.status <> 'cancelled'
      and not datemultirange(daterange(p.starts_on, p.planned_end_on, '[]')) <@ coalesce(
        (select range_agg(daterange(r.valid_from, r.valid_to, '[]')) from placement_rate r
         where r.placement_id = p.id and r.kind = 'care'), '{}')
  ) then
    raise exception 'a day without a rate' using errcode = '23514', constraint = 'placement_rates_cover', table = 'placement_rate';
  end if;
  return null;
end
$$;
create constraint trigger placement_rates_cover after insert or update on placement
  deferrable initially deferred for each row execute function placement_rates_cover();
create constraint trigger placement_rates_cover after insert or update or delete on placement_rate
  deferrable initially deferred for each row execute function placement_rates_cover();

-- Days charged and what they cost, per placement, within a window; both ends of the window count. The same sum as
-- placement::costs, for reports; one property test says that they agree.
create function placement_cost(window_from date, window_to date) returns table (placement_id uuid, days bigint, cost_ore bigint)
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select p.id, coalesce(upper(s.stay) - lower(s.stay), 0)::bigint,
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
  where p.status <> 'cancelled' and not isempty(s.stay)
$$;
grant execute on function placement_cost to utvag_user;

do $$
declare
  name text;
begin
  foreach name in array array['provider', 'provider_home', 'framework_agreement', 'framework_price', 'placement', 'placement_rate', 'placement_absence'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    if name not like 'placement%' then
      execute format($p$create policy staff on %I for select to utvag_user
        using ((select sec.actor_role()) in ('caseworker', 'coordinator', 'manager'))$p$, name);
      execute format($p$create policy keeping on %I for insert to utvag_user
        with check ((select sec.actor_role()) in ('coordinator', 'manager'))$p$, name);
      execute format('grant select, insert on %I to utvag_user', name);
    end if;
  end loop;
  foreach name in array array['placement_rate', 'placement_absence'] loop
    execute format('create policy reach on %I for select to utvag_user using (exists (select 1 from placement p where p.id = placement_id))', name);
    execute format($p$create policy working on %I for insert to utvag_user with check (
      exists (select 1 from placement p join case_file c on c.id = p.case_id where p.id = placement_id and c.closed_on is null))$p$, name);
    execute format('grant select, insert on %I to utvag_user', name);
  end loop;
end
$$;
create policy reach on placement for select to utvag_user
  using (exists (select 1 from case_file c where c.id = case_id));
create policy working on placement for insert to utvag_user with check (
  created_by = (select sec.actor_id())
  and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
create policy changing on placement for update to utvag_user
  using ((select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
         and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null))
  with check (true);
grant select, insert on placement to utvag_user;
grant update (actual_end_on, end_reason, charge_departure_day, status, version) on placement to utvag_user;

reset role;
call audit.follow('provider');
call audit.follow('provider_home');
call audit.follow('framework_agreement');
call audit.follow('framework_price');
call audit.follow('placement');
call audit.follow('placement_rate');
call audit.follow('placement_absence');

-- The vault ----------------------------------------------------------------------------------------------------------
-- At most two people can open a location: the responsible officer and the coordinator named in the case. Nothing but
-- two functions reaches it, and each opening stands beside its reason.

grant references on placement to utvag_vault;
grant select on placement to utvag_vault;
grant select on case_file, assignment to utvag_vault;
create policy vault_reads on placement for select to utvag_vault using (true);
create policy vault_reads on case_file for select to utvag_vault using (true);
create policy vault_reads on assignment for select to utvag_vault using (true);

set role utvag_vault;
create table vault.location (
  placement_id uuid primary key references public.placement (id),
  sealed bytea not null               -- home, municipality, address: under a key of its own
);
create table vault.opening (
  id uuid primary key default gen_random_uuid(),
  placement_id uuid not null references vault.location (placement_id),
  account_id uuid not null,
  opened_at timestamptz not null default now(),
  reason bytea not null               -- sealed
);
alter table vault.location enable row level security;
alter table vault.location force row level security;
alter table vault.opening enable row level security;
alter table vault.opening force row level security;
create policy keeper on vault.location to utvag_vault using (true) with check (true);
create policy keeper on vault.opening to utvag_vault using (true) with check (true);

create function vault.put(wanted uuid, contents bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- Only in the transaction that made the placement: a changed address needs a second person.
  if not exists (select 1 from public.placement p where p.id = wanted and p.created_by = sec.actor_id() and p.created_at = now()) then
    raise exception 'not the one who places' using errcode = '42501';
  end if;
  insert into vault.location (placement_id, sealed) values (wanted, contents) on conflict do nothing;
end
$$;
create function vault.read(wanted uuid, why bytea) returns bytea
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  found_location bytea;
begin
  if not exists (
    select 1 from public.placement p join public.assignment a on a.case_id = p.case_id
    where p.id = wanted and a.account_id = sec.actor_id() and a.ended_at is null
      and ((a.kind = 'responsible' and sec.actor_role() = 'caseworker') or (a.kind = 'coordinator' and sec.actor_role() = 'coordinator'))
  ) then
    return null;
  end if;
  select l.sealed into found_location from vault.location l where l.placement_id = wanted;
  if found_location is not null then
    insert into vault.opening (placement_id, account_id, reason) values (wanted, sec.actor_id(), why);
  end if;
  return found_location;
end
$$;
revoke execute on function vault.put, vault.read from public;
grant execute on function vault.put, vault.read to utvag_user;
reset role;
call audit.follow('vault.location', 'placement_id');
call audit.follow('vault.opening');
