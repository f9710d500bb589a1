-- The coordinator's overview (domain.md 4.2): what is unsafe, late, undecided and unpaid over all cases. One question gives
-- every list, so that a figure and the list behind it cannot differ. Asked as somebody it gives what they see; asked by
-- the counting functions, what there is.
set role utvag_owner;

-- Counted, never read.
do $$
declare
  name text;
begin
  foreach name in array array['disclosure', 'disclosure_item', 'disclosure_view', 'unstaffed_case'] loop
    execute format('grant select on %I to utvag_sec', name);
    if not exists (select from pg_policies where schemaname = 'public' and tablename = name and policyname = 'counting') then
      execute format('create policy counting on %I for select to utvag_sec using (true)', name);
    end if;
  end loop;
end
$$;

-- wanted: the list, or null for all but the placements, of which there are many.
create function coordination_items(today date, wanted text default null)
returns table (list text, part text, case_id uuid, subject uuid, day date)
language sql stable as $$
  select 'unassessed', case when c.opened_on < today - 14 then 'old' else 'new' end, c.id, null::uuid, c.opened_on
  from public.case_file c
  where (wanted is null or wanted = 'unassessed') and c.closed_on is null
    and not exists (select from public.threat_assessment t where t.case_id = c.id and t.status = 'confirmed')
  union all
  select 'stale_threat', '', t.case_id, t.id, t.valid_until
  from public.threat_assessment t join public.case_file c on c.id = t.case_id
  where (wanted is null or wanted = 'stale_threat') and t.status = 'confirmed' and t.valid_until < today
    and c.closed_on is null
  union all
  select 'late_investigation', '', i.case_id, i.id, coalesce(i.extended_to, i.target_on)
  from public.investigation i
  where (wanted is null or wanted = 'late_investigation') and i.status in ('ongoing', 'communicated')
    and coalesce(i.extended_to, i.target_on) < today
  union all
  select 'placement', p.procurement::text, p.case_id, p.id, p.planned_end_on
  from public.placement p
  where wanted = 'placement' and p.status = 'active' and p.round_the_clock
  union all
  select 'ending', '', p.case_id, p.id, p.planned_end_on
  from public.placement p
  where (wanted is null or wanted = 'ending') and p.status = 'active' and p.planned_end_on <= today + 30
  union all
  select 'late_follow_up', '', f.case_id, f.id, f.planned_on
  from public.follow_up f join public.case_file c on c.id = f.case_id
  where (wanted is null or wanted = 'late_follow_up') and f.held_on is null and f.cancelled_on is null
    and f.planned_on < today and (c.closed_on is null or f.kind = 'after_closing')
  union all
  select 'deviation', d.severity::text, d.case_id, d.id, d.reported_on
  from public.deviation d
  where (wanted is null or wanted = 'deviation') and d.status <> 'closed'
  union all
  select 'late_check', '', k.case_id, null, k.due_on
  from public.check_due k
  where (wanted is null or wanted = 'late_check') and k.due_on < today
  union all
  select 'no_police_contact', '', i.case_id, null, min(i.received_on)
  from public.intake i join public.case_file c on c.id = i.case_id
  where (wanted is null or wanted = 'no_police_contact') and c.closed_on is null
    and not exists (select from public.police_contact p where p.case_id = c.id)
    and not exists (select from public.police_contact p join public.intake o on o.id = p.intake_id where o.case_id = c.id)
  group by i.case_id
  union all
  select 'consent', 'ending', e.case_id, e.id, e.valid_to
  from public.consent_ending(today) e
  where wanted is null or wanted = 'consent'
  union all
  select 'consent', 'withdrawn', s.case_id, s.id, (s.withdrawn_at at time zone 'Europe/Stockholm')::date
  from public.consent s join public.case_file c on c.id = s.case_id
  where (wanted is null or wanted = 'consent') and c.closed_on is null
    and (s.withdrawn_at at time zone 'Europe/Stockholm')::date between today - 30 and today
  union all
  -- Granted support that nobody has begun with: three months are what the law gives (34 kap. 1 § SoL).
  select 'unexecuted', '', d.case_id, d.id, (d.decided_on + interval '3 months')::date
  from public.decision d
  where (wanted is null or wanted = 'unexecuted') and d.signed_by is not null
    and d.status not in ('ended', 'changed_by_new') and d.outcome in ('granted', 'partly', 'changed')
    and d.executed_on is null and d.type not in ('open_investigation', 'no_investigation', 'close_investigation',
      'client_fee', 'transfer_case', 'disclosure_refusal')
  union all
  select 'no_deputy', case when u.has_responsible then 'deputy' else 'responsible' end, u.case_id, null, u.opened_on
  from public.unstaffed_case u
  where wanted is null or wanted = 'no_deputy'
  union all
  select 'unopened', '', d.case_id, d.id, (d.released_at at time zone 'Europe/Stockholm')::date
  from public.disclosure d
  where (wanted is null or wanted = 'unopened') and d.channel = 'police_portal' and d.status = 'released'
    and d.expires_on >= today
    and not exists (select from public.disclosure_view v join public.disclosure_item i on i.id = v.item_id
                    where i.disclosure_id = d.id)
$$;
grant execute on function consent_ending to utvag_sec;
grant execute on function coordination_items to utvag_user, utvag_sec;
reset role;

set role utvag_sec;

-- How many there are of each, also of what the viewer does not see: the whole programme for a coordinator, the own unit
-- for a manager.
create function sec.coordination_counts(today date) returns table (list text, part text, items bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with reach as (
    select f.id, f.opened_on, f.closed_on, f.person_id from case_file f
    where case sec.actor_role() when 'coordinator' then true when 'manager' then f.owner_unit_id = sec.actor_unit() else false end)
  select i.list, i.part, count(*) from coordination_items(today) i join reach r on r.id = i.case_id group by i.list, i.part
  union all
  select 'placement', i.part, count(*) from coordination_items(today, 'placement') i join reach r on r.id = i.case_id group by i.part
  union all
  select 'ongoing', '', count(*) from reach where closed_on is null
  union all
  select 'opened', n.part, n.items
  from (select count(*) as cases, count(distinct person_id) as persons from reach
        where opened_on between date_trunc('year', today)::date and today) o
  cross join lateral (values ('cases', o.cases), ('persons', o.persons)) n (part, items)
$$;

-- Cases opened and closed, and days of care, in each of the 24 months that end with this one.
create function sec.coordination_months(today date) returns table (month date, opened bigint, closed bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with reach as (
    select f.opened_on, f.closed_on from case_file f
    where case sec.actor_role() when 'coordinator' then true when 'manager' then f.owner_unit_id = sec.actor_unit() else false end)
  select m::date, coalesce(o.n, 0), coalesce(c.n, 0)
  from generate_series(date_trunc('month', today) - interval '23 months', date_trunc('month', today), interval '1 month') m
  left join (select date_trunc('month', opened_on) as month, count(*) as n from reach group by 1) o on o.month = m
  left join (select date_trunc('month', closed_on) as month, count(*) as n from reach where closed_on is not null group by 1) c
    on c.month = m
  order by m
$$;

-- Where this year's intakes came from; and half of the cases that came of them had to wait at most so many days for the
-- police, a first decision and a first day of care.
create function sec.coordination_intakes(today date) returns table (what text, part text, items bigint, median_days int)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with came as (
    select i.id, i.source, i.received_on, i.case_id from intake i
    where i.received_on between date_trunc('year', today)::date and today
      and case sec.actor_role() when 'coordinator' then true when 'manager' then i.unit_id = sec.actor_unit() else false end),
  waited as (
    select 'contact' as part,
           (select min((p.happened_at at time zone 'Europe/Stockholm')::date) from police_contact p
            where p.intake_id = c.id or p.case_id = c.case_id) - c.received_on as days from came c
    union all
    select 'decision', (select min(d.decided_on) from decision d where d.case_id = c.case_id and d.signed_by is not null)
                       - c.received_on from came c
    union all
    select 'care', (select min(p.starts_on) from placement p
                    where p.case_id = c.case_id and p.status in ('active', 'ended')) - c.received_on from came c)
  select 'source', c.source::text, count(*), null from came c group by c.source
  union all
  select 'wait', w.part, count(w.days), percentile_disc(0.5) within group (order by greatest(w.days, 0))::int
  from waited w group by w.part
$$;

revoke execute on function sec.coordination_counts, sec.coordination_months, sec.coordination_intakes from public;
grant execute on function sec.coordination_counts, sec.coordination_months, sec.coordination_intakes to utvag_user;
reset role;
