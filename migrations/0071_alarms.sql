-- Alarms (*bevakningar*): what has to be done by a day, in one place, named by the rules A01 to A37. The rules are asked
-- of the tables they are about, for a day that the program says; a row is raised once for a rule, what it is about and
-- the day by which, and it is cleared when its reason is gone. Nothing of what a row says is about a person.

set role utvag_owner;

create type alarm_rule as enum ('a01_police_contact', 'a02_oral_assessment', 'a03_threat_outdated', 'a04_check_unreported',
  'a05_investigation_target', 'a06_child_investigation', 'a07_ruling_may_be_demanded', 'a07_ruling_demanded',
  'a08_delay_untold', 'a09_decision_unexecuted', 'a10_care_plan', 'a11_placement_ends', 'a12_price_step',
  'a13_follow_up_late', 'a14_return_review', 'a15_consent_ends', 'a16_consent_withdrawn', 'a17_agreement_ends',
  'a18_permit', 'a19_direct_award_papers', 'a20_direct_award_limit', 'a21_case_cost', 'a22_budget',
  'a23_state_money_answer', 'a24_state_money_report', 'a25_severe_deviation', 'a26_location_exposed', 'a27_no_deputy',
  'a27_one_coordinator', 'a27_one_person', 'a28_break_glass', 'a29_log_review', 'a30_concern_report', 'a31_appeal_period',
  'a32_dormant_review', 'a33_retention', 'a34_document_request', 'a35_register_extract', 'a36_unsafe_move',
  'a37_turns_twenty_one');
create type alarm_severity as enum ('info', 'warning', 'critical');
create type alarm_receiver as enum ('responsible', 'coordinator', 'manager', 'controller', 'log_reviewer', 'registrar');
create type alarm_end as enum ('settled', 'case_closed', 'acknowledged');

-- What the rules have in common: how grave, from which day on it is critical (counted from the day by which), who is told,
-- who else is told when nothing has happened and how many days later, and whether it may be acknowledged by hand. The
-- program holds the same table, and a test holds them together.
create function alarm_plan() returns table (rule alarm_rule, severity alarm_severity, critical_after int,
  receivers alarm_receiver[], escalates_to alarm_receiver, escalates_after int, by_hand boolean)
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select p.rule::alarm_rule, p.severity::alarm_severity, p.critical_after, p.receivers::alarm_receiver[],
         p.escalates_to::alarm_receiver, p.escalates_after, p.by_hand
  from (values
    ('a01_police_contact', 'warning', null::int, '{responsible}', 'coordinator', 2, false),
    ('a02_oral_assessment', 'warning', null, '{responsible}', null, null, false),
    ('a03_threat_outdated', 'warning', 1, '{responsible,coordinator}', null, null, false),
    ('a04_check_unreported', 'warning', null, '{coordinator}', null, null, false),
    ('a05_investigation_target', 'warning', 0, '{responsible}', 'manager', 0, false),
    ('a06_child_investigation', 'critical', null, '{responsible,manager}', null, null, false),
    ('a07_ruling_may_be_demanded', 'info', null, '{responsible,manager}', null, null, false),
    ('a07_ruling_demanded', 'warning', 1, '{responsible,manager}', null, null, false),
    ('a08_delay_untold', 'warning', null, '{responsible}', null, null, false),
    ('a09_decision_unexecuted', 'warning', 0, '{responsible,manager}', null, null, false),
    ('a10_care_plan', 'critical', null, '{responsible}', null, null, false),
    ('a11_placement_ends', 'warning', 1, '{responsible,coordinator}', null, null, false),
    ('a12_price_step', 'info', null, '{responsible,controller}', null, null, true),
    ('a13_follow_up_late', 'warning', null, '{responsible}', 'coordinator', 7, false),
    ('a14_return_review', 'warning', null, '{responsible}', null, null, false),
    ('a15_consent_ends', 'warning', null, '{responsible}', null, null, false),
    ('a16_consent_withdrawn', 'warning', null, '{responsible,coordinator}', null, null, true),
    ('a17_agreement_ends', 'warning', null, '{coordinator,controller}', null, null, false),
    ('a18_permit', 'critical', null, '{coordinator,manager}', null, null, false),
    ('a19_direct_award_papers', 'warning', null, '{responsible,manager}', null, null, false),
    ('a20_direct_award_limit', 'warning', null, '{manager,controller}', null, null, false),
    ('a21_case_cost', 'warning', null, '{manager,controller}', null, null, true),
    ('a22_budget', 'warning', null, '{manager,controller,coordinator}', null, null, false),
    ('a23_state_money_answer', 'warning', null, '{coordinator,controller}', null, null, false),
    ('a24_state_money_report', 'warning', null, '{coordinator}', null, null, false),
    ('a25_severe_deviation', 'critical', null, '{responsible,coordinator,manager}', null, null, false),
    ('a26_location_exposed', 'critical', null, '{manager}', null, null, false),
    ('a27_no_deputy', 'warning', null, '{manager}', null, null, false),
    ('a27_one_coordinator', 'critical', null, '{manager}', null, null, false),
    ('a27_one_person', 'warning', null, '{manager}', null, null, false),
    ('a28_break_glass', 'warning', 1, '{manager,log_reviewer}', null, null, false),
    ('a29_log_review', 'warning', null, '{log_reviewer,manager}', null, null, false),
    ('a30_concern_report', 'critical', null, '{responsible}', null, null, false),
    ('a31_appeal_period', 'info', null, '{responsible}', null, null, true),
    ('a32_dormant_review', 'warning', null, '{responsible}', null, null, false),
    ('a33_retention', 'warning', null, '{registrar}', null, null, false),
    ('a34_document_request', 'warning', 2, '{registrar,manager}', null, null, false),
    ('a35_register_extract', 'warning', null, '{registrar}', null, null, false),
    ('a36_unsafe_move', 'critical', null, '{manager}', null, null, false),
    ('a37_turns_twenty_one', 'warning', null, '{responsible}', null, null, false))
    as p(rule, severity, critical_after, receivers, escalates_to, escalates_after, by_hand)
$$;
revoke execute on function alarm_plan from public;
grant execute on function alarm_plan to utvag_user, utvag_sec;

-- Derived: written by the rules alone. What people say of an alarm stands beside it, and is followed.
create table alarm (
  id uuid primary key default gen_random_uuid(),
  rule alarm_rule not null,
  -- What it is about: a case, or a row of one, or of the house.
  subject_id uuid not null,
  case_id uuid references case_file (id),
  due_on date not null,
  severity alarm_severity not null,
  receivers alarm_receiver[] not null check (cardinality(receivers) > 0),
  raised_at timestamptz not null,
  escalated_at timestamptz,
  cleared_at timestamptz,
  cleared_why alarm_end,
  constraint alarm_once unique (rule, subject_id, due_on),
  constraint alarm_cleared check (num_nulls(cleared_at, cleared_why) in (0, 2))
);
create index alarm_open on alarm (due_on, id) where cleared_at is null;
create index alarm_of_case on alarm (case_id, due_on);

create table alarm_receipt (
  id uuid primary key,
  alarm_id uuid not null references alarm (id),
  reason bytea not null, -- sealed
  made_by uuid not null references account (id),
  made_at timestamptz not null default clock_timestamp()
);
-- What was written lately, over all cases.
create index journal_entry_entered on journal_entry (entered_at);
create index alarm_receipt_of on alarm_receipt (alarm_id, made_at);
create trigger alarm_receipt_stands before update or delete on alarm_receipt for each row execute function cooperation_stands();

alter table alarm enable row level security;
alter table alarm force row level security;
alter table alarm_receipt enable row level security;
alter table alarm_receipt force row level security;

-- Who sees the case sees its alarms. An opening in an emergency is seen by those who review it without seeing the case, an
-- intake's by those who see the intake, and what is about no case by those whom it is for.
create policy reach on alarm for select to utvag_user using (
  case
    when rule = 'a28_break_glass' and (select sec.actor_role()) in ('manager', 'log_reviewer')
      then exists (select 1 from break_glass b where b.id = subject_id and b.account_id <> (select sec.actor_id()) offset 0)
    when case_id is not null
      then (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
        and exists (select 1 from case_file c where c.id = case_id offset 0)
    when rule = 'a01_police_contact'
      then (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
        and exists (select 1 from intake i where i.id = subject_id offset 0)
    else (select sec.actor_role())::text = any (receivers::text[])
  end);
create policy keeper on alarm to utvag_sec using (true) with check (true);
grant select on alarm to utvag_user;
grant select, insert, update on alarm to utvag_sec;

create policy reach on alarm_receipt for select to utvag_user
  using (exists (select 1 from alarm a where a.id = alarm_id offset 0));
-- Only what its rule lets be acknowledged, only while it stands, and never through a broken glass.
create policy acknowledging on alarm_receipt for insert to utvag_user with check (
  made_by = (select sec.actor_id())
  and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from alarm a join alarm_plan() p on p.rule = a.rule join case_file c on c.id = a.case_id
              where a.id = alarm_id and a.cleared_at is null and p.by_hand and c.closed_on is null
                and a.case_id is distinct from (select sec.glass_case())));
create policy door on alarm_receipt for select to utvag_sec using (true);
grant select, insert on alarm_receipt to utvag_user;
grant select on alarm_receipt to utvag_sec;

-- What the rules read and the keeper could not yet. No column of it that is about a person is asked for.
create policy watching on child_perspective for select to utvag_sec using (true);
create policy watching on framework_agreement for select to utvag_sec using (true);
create policy watching on committee for select to utvag_sec using (true);
grant select (id, case_id, concern_report_needed, concern_made_on, removed_on, saved_on) on child_perspective to utvag_sec;
grant select (id, provider_id, valid_from, valid_to) on framework_agreement to utvag_sec;
grant select (id, is_social_committee) on committee to utvag_sec;
grant execute on function needs_care_plan to utvag_sec;
reset role;

call audit.follow('alarm_receipt');
alter table alarm_receipt enable always trigger alarm_receipt_stands;

set role utvag_sec;

-- Each rule's rows for a day: from which day on it is spoken of, and by which day something is to be done. What is beyond
-- its day and no longer of use is left out by the rule itself.

-- Around the police: contact, assessments, checks, returns, consents and disclosures.
create function sec.alarms_of_police(today date) returns table (rule public.alarm_rule, subject_id uuid, case_id uuid,
  due_on date, raise_on date, is_critical boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  -- A01. Of several intakes of a case the first one counts.
  select 'a01_police_contact'::alarm_rule, f.id, f.id, min(d.day), min(d.day), false
  from intake i join case_file f on f.id = i.case_id
  cross join lateral (select i.received_on + sec.setting_int('first_police_contact_days', i.received_on) as day) d
  where f.closed_on is null
    and not exists (select from police_contact p where p.case_id = f.id)
    and not exists (select from police_contact p join intake o on o.id = p.intake_id where o.case_id = f.id)
  group by f.id
  union all
  select 'a01_police_contact', i.id, null, d.day, d.day, false
  from intake i
  cross join lateral (select i.received_on + sec.setting_int('first_police_contact_days', i.received_on) as day) d
  where i.case_id is null and i.outcome is null and not i.is_minor and not i.is_anonymous
    and not exists (select from police_contact p where p.intake_id = i.id)
  union all
  -- A02. What came in writing on the same day or later confirms it.
  select 'a02_oral_assessment', t.id, t.case_id, t.received_on + 7, t.received_on + 7, false
  from threat_assessment t join case_file f on f.id = t.case_id
  where t.received_via = 'phone' and t.status in ('received', 'confirmed') and f.closed_on is null
    and not exists (select from threat_assessment w
                    where w.case_id = t.case_id and w.received_via in ('secure_message', 'letter')
                      and w.status in ('received', 'confirmed') and w.received_on >= t.received_on)
  union all
  -- A03
  select 'a03_threat_outdated', t.id, t.case_id, t.valid_until, t.valid_until - 14, false
  from threat_assessment t join case_file f on f.id = t.case_id
  where t.status = 'confirmed' and f.closed_on is null
  union all
  -- A04
  select 'a04_check_unreported', d.case_id, d.case_id, d.due_on, d.due_on + 1, false from check_due d
  union all
  -- A14. Only the latest assessment of a return.
  select 'a14_return_review', r.id, r.case_id, r.review_on, r.review_on, false
  from return_assessment r join case_file f on f.id = r.case_id
  where f.closed_on is null
    and not exists (select from return_assessment n
                    where n.case_id = r.case_id and (n.assessed_on, n.id) > (r.assessed_on, r.id))
  union all
  -- A15. A later consent of the same kind takes its place.
  select 'a15_consent_ends', c.id, c.case_id, c.valid_to,
         c.valid_to - (select sec.setting_int('consent_expiry_warning_days', today)), false
  from consent c join case_file f on f.id = c.case_id
  where c.withdrawn_at is null and f.closed_on is null and c.valid_to >= today
    and not exists (select from consent n
                    where n.case_id = c.case_id and n.kind = c.kind and n.withdrawn_at is null
                      and (n.valid_to, n.id) > (c.valid_to, c.id))
  union all
  -- A16. For a month, or until somebody has seen it.
  select 'a16_consent_withdrawn', d.id, d.case_id, w.day, w.day, false
  from disclosure d join case_file f on f.id = d.case_id
  cross join lateral (select (d.revoked_at at time zone 'Europe/Stockholm')::date as day) w
  where d.status = 'revoked' and d.consent_id is not null and d.revoked_why is null and f.closed_on is null
    and w.day > today - 30
$$;

-- Around the work: investigations, children, decisions, dormancy, deviations, and who does it.
create function sec.alarms_of_work(today date, free date[]) returns table (rule public.alarm_rule, subject_id uuid,
  case_id uuid, due_on date, raise_on date, is_critical boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  -- A05. An extension moves the warning with the day.
  select 'a05_investigation_target'::alarm_rule, i.id, i.case_id, d.day,
         d.day - (select sec.setting_int('investigation_target_days_adult', today)
                       - sec.setting_int('investigation_warning_days_adult', today)), false
  from investigation i join case_file f on f.id = i.case_id
  cross join lateral (select coalesce(i.extended_to, i.target_on) as day) d
  where i.status in ('ongoing', 'communicated') and f.closed_on is null
  union all
  -- A07 (12 § FL). What an individual has begun, and what an individual has demanded.
  select 'a07_ruling_may_be_demanded', i.id, i.case_id, d.day, d.day, false
  from investigation i join case_file f on f.id = i.case_id
  cross join lateral (select (i.started_on + interval '6 months')::date as day) d
  where i.kind = 'application' and i.status in ('ongoing', 'communicated') and i.party_demanded_ruling_on is null
    and f.closed_on is null
  union all
  select 'a07_ruling_demanded', i.id, i.case_id, i.party_demanded_ruling_on + 28, i.party_demanded_ruling_on, false
  from investigation i join case_file f on f.id = i.case_id
  where i.party_demanded_ruling_on is not null and i.ruling_id is null
    and i.status not in ('decided', 'discontinued') and f.closed_on is null
  union all
  -- A08 (11 § FL)
  select 'a08_delay_untold', i.id, i.case_id, i.target_on, i.target_on + 1, false
  from investigation i join case_file f on f.id = i.case_id
  where i.delay_notice_sent_on is null and i.status in ('ongoing', 'communicated') and f.closed_on is null
  union all
  -- A09 (34 kap. 1 § SoL)
  select 'a09_decision_unexecuted', d.id, d.case_id,
         (d.decided_on + make_interval(months => (select sec.setting_int('decision_not_executed_months', today))))::date,
         d.decided_on + 60, false
  from decision d join case_file f on f.id = d.case_id
  where d.executed_on is null and d.signed_by is not null and d.outcome in ('granted', 'partly', 'changed')
    and d.status not in ('ended', 'changed_by_new') and f.closed_on is null
    and d.type not in ('open_investigation', 'no_investigation', 'close_investigation', 'client_fee', 'transfer_case',
                       'disclosure_refusal')
  union all
  -- A25 and A26
  select 'a25_severe_deviation', d.id, d.case_id, d.acknowledge_by, d.reported_on, false
  from deviation d join case_file f on f.id = d.case_id
  where d.severity = 's3' and d.status in ('reported', 'acknowledged', 'assessed') and f.closed_on is null
  union all
  select 'a26_location_exposed', d.id, d.case_id, d.acknowledge_by, d.reported_on, false
  from deviation d join case_file f on f.id = d.case_id
  where d.category = 'location_exposed' and d.status <> 'closed' and f.closed_on is null
  union all
  -- A27. Since the day on which the last one left.
  select 'a27_no_deputy', u.case_id, u.case_id, d.day, d.day, false
  from unstaffed_case u
  left join (
    select a.case_id, a.kind, (max(a.ended_at) at time zone 'Europe/Stockholm')::date as day
    from assignment a where a.ended_at is not null and a.kind in ('responsible', 'deputy') group by a.case_id, a.kind) l
    on l.case_id = u.case_id and l.kind = case when u.has_deputy then 'responsible'::assignment_kind else 'deputy' end
  cross join lateral (select greatest(u.opened_on, l.day) as day) d
  union all
  -- A27. Thirty days in which one person alone has written in the journal; the program's own lines count, because they
  -- say who did what they tell of. Only what was written lately is gone through.
  select 'a27_one_person', o.case_id, o.case_id, d.day, d.day, false
  from (
    select e.case_id, (array_agg(e.author_id))[1] as author_id
    from journal_entry e
    where e.entered_at >= (today - 29)::timestamp at time zone 'Europe/Stockholm'
      and e.entered_at < (today + 1)::timestamp at time zone 'Europe/Stockholm'
    group by e.case_id having count(distinct e.author_id) = 1) o
  join case_file f on f.id = o.case_id
  cross join lateral (
    select greatest(f.opened_on, (
      select (max(b.entered_at) at time zone 'Europe/Stockholm')::date from journal_entry b
      where b.case_id = o.case_id and b.author_id <> o.author_id)) + 30 as day offset 0) d
  where f.closed_on is null and f.status <> 'dormant'
  union all
  -- A30
  select 'a30_concern_report', c.id, c.case_id, c.saved_on, c.saved_on, false
  from child_perspective c join case_file f on f.id = c.case_id
  where c.concern_report_needed and c.concern_made_on is null and c.removed_on is null and f.closed_on is null
  union all
  -- A31 (44 § FL). Three weeks, moved past days on which nobody works.
  select 'a31_appeal_period', d.id, d.case_id, l.day, d.received_on, false
  from decision d join case_file f on f.id = d.case_id
  cross join lateral (
    select min(d.received_on + 21 + n) as day from generate_series(0, 10) n
    where d.received_on + 21 + n <> all (free)) l
  where d.signed_by is not null and d.received_on > today - 40 and d.appeal = 'none' and f.closed_on is null
    and d.type not in ('open_investigation', 'no_investigation', 'close_investigation') and l.day >= today
  union all
  -- A32
  select 'a32_dormant_review', d.id, d.case_id, d.review_on, d.review_on - 7, false
  from case_dormancy d join case_file f on f.id = d.case_id
  where d.ended_at is null and f.closed_on is null
$$;

-- Around where somebody lives and what is followed up.
create function sec.alarms_of_stays(today date) returns table (rule public.alarm_rule, subject_id uuid, case_id uuid,
  due_on date, raise_on date, is_critical boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  -- A10 (9 kap. 12 § SoL). What could not wait has a week.
  select 'a10_care_plan'::alarm_rule, p.id, p.case_id, d.day, d.day, false
  from placement p join case_file f on f.id = p.case_id
  cross join lateral (
    select p.starts_on + case when exists (
      select from decision m
      where m.case_id = p.case_id and m.emergency and m.signed_by is not null and m.type::text = p.kind::text
        and p.starts_on between m.from_day and coalesce(m.to_day, 'infinity')) then 7 else 0 end as day) d
  where p.status = 'active' and f.closed_on is null
    and needs_care_plan(p.kind)
    and not exists (select from plan n where n.case_id = p.case_id and n.kind = 'care_plan' and n.status = 'active')
  union all
  -- A11
  select 'a11_placement_ends', p.id, p.case_id, p.planned_end_on,
         p.planned_end_on - (select sec.setting_int('placement_ending_warning_days', today)), false
  from placement p join case_file f on f.id = p.case_id
  where p.status = 'active' and f.closed_on is null
  union all
  -- A12. The day on which one price follows another.
  select 'a12_price_step', r.id, p.case_id, r.valid_from, r.valid_from - 30, false
  from placement_rate r join placement p on p.id = r.placement_id join case_file f on f.id = p.case_id
  where r.kind = 'care' and r.valid_from >= today and p.status in ('planned', 'active') and f.closed_on is null
    and exists (select from placement_rate e
                where e.placement_id = r.placement_id and e.kind = 'care' and e.valid_to = r.valid_from - 1
                  and e.per_day_ore <> r.per_day_ore)
  union all
  -- A13
  select 'a13_follow_up_late', u.id, u.case_id, u.planned_on, u.planned_on + 1, false
  from follow_up u join case_file f on f.id = u.case_id
  where u.held_on is null and u.cancelled_on is null and (f.closed_on is null or u.kind = 'after_closing')
  union all
  -- A36. Planned where the police have said that it is not safe: the manager has said why.
  select 'a36_unsafe_move', p.id, p.case_id, p.starts_on, '-infinity', false
  from placement p join case_file f on f.id = p.case_id
  where p.status = 'planned' and p.unsafe_reason is not null and f.closed_on is null
$$;

-- Around money and the house: agreements, what a case costs, the budget, who there is, openings and the log.
create function sec.alarms_of_house(today date, free date[]) returns table (rule public.alarm_rule, subject_id uuid,
  case_id uuid, due_on date, raise_on date, is_critical boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  -- A17
  select 'a17_agreement_ends'::alarm_rule, a.id, null::uuid, a.valid_to, a.valid_to - 90, false
  from framework_agreement a join provider v on v.id = a.provider_id
  where v.is_active and a.valid_to >= today
    and not exists (select from framework_agreement n
                    where n.provider_id = a.provider_id and n.valid_to > a.valid_to and n.valid_from <= a.valid_to + 1)
  union all
  -- A21. The day on which what is planned passes a million.
  select 'a21_case_cost', c.case_id, c.case_id, min(c.first_day + ((100000000 - c.before) / c.per_day_ore)::int), '-infinity', false
  from (
    select p.case_id, s.first_day, s.per_day_ore, s.per_day_ore * (s.last_day - s.first_day + 1) as cost,
           sum(s.per_day_ore * (s.last_day - s.first_day + 1)) over w
             - s.per_day_ore * (s.last_day - s.first_day + 1) as before
    from placement_stretch s join placement p on p.id = s.placement_id join case_file f on f.id = p.case_id
    where f.closed_on is null
    window w as (partition by p.case_id order by s.first_day, s.placement_id)) c
  where c.before <= 100000000 and c.before + c.cost > 100000000
  group by c.case_id
  union all
  -- A22
  select 'a22_budget', o.id, null, make_date(extract(year from today)::int, 12, 31), '-infinity', y.cost > y.budget
  from committee o
  cross join lateral (
    select (select coalesce(sum(b.amount_ore), 0) from budget_line b
            where b.year = extract(year from today)::int and b.withdrawn_at is null) as budget,
           (select coalesce(sum(c.cost_ore), 0) from cost_day c
            where c.on_day between date_trunc('year', today)::date and make_date(extract(year from today)::int, 12, 31)) as cost) y
  where o.is_social_committee and y.budget > 0 and y.cost * 10 >= y.budget * 9
  union all
  -- A27. The day on which it was first seen, as long as it lasts.
  select 'a27_one_coordinator', o.id, null, d.day, d.day, false
  from committee o
  cross join lateral (
    select coalesce((select min(a.due_on) from alarm a where a.rule = 'a27_one_coordinator' and a.cleared_at is null), today) as day) d
  where o.is_social_committee and 2 > (
    select count(*) from role_grant g join account a on a.id = g.account_id
    where g.role = 'coordinator' and a.is_active and g.valid_from < today + 1 and g.valid_to >= today)
  union all
  -- A28
  select 'a28_break_glass', b.id, b.case_id, b.review_due_on, '-infinity', false
  from break_glass b where b.reviewed_at is null
  union all
  -- A29. Ten working days after each month that is over, for a year back and no longer than the house has been there.
  select 'a29_log_review', o.id, null, d.day, d.day + 1, false
  from committee o
  cross join generate_series(date_trunc('month', today) - interval '12 months', date_trunc('month', today) - interval '1 month',
                             interval '1 month') m
  cross join lateral (
    select w.day::date as day from generate_series(m + interval '1 month', m + interval '2 months', interval '1 day') w(day)
    where w.day::date <> all (free) order by w.day offset 9 limit 1) d
  where o.is_social_committee and m::date >= (select date_trunc('month', min(a.created_at))::date from account a)
    and not exists (select from log_review r where r.month = m::date and r.closed_at is not null)
$$;

-- All of them, as they stand a day.
create function sec.alarms_due(today date, free date[]) returns table (rule public.alarm_rule, subject_id uuid, case_id uuid,
  due_on date, severity public.alarm_severity, receivers public.alarm_receiver[])
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select f.rule, f.subject_id, f.case_id, f.due_on,
         case when f.is_critical or f.due_on + p.critical_after <= today then 'critical' else p.severity end, p.receivers
  from (select * from sec.alarms_of_police(today) union all select * from sec.alarms_of_work(today, free)
        union all select * from sec.alarms_of_stays(today) union all select * from sec.alarms_of_house(today, free)) f
  join alarm_plan() p on p.rule = f.rule
  where f.raise_on <= today
$$;

-- Raises what is due, clears what has no reason any more and tells the next one of what nobody has settled. One house at a
-- time: another that comes meanwhile has nothing to do. What was acknowledged comes back only when it has become graver.
create function sec.watch(today date, free date[], at timestamptz) returns table (raised bigint, cleared bigint, escalated bigint)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  raised := 0; cleared := 0; escalated := 0;
  if not pg_try_advisory_xact_lock(778271) then
    return next;
    return;
  end if;
  with due as materialized (select * from sec.alarms_due(today, free)),
  up as (
    insert into alarm as a (rule, subject_id, case_id, due_on, severity, receivers, raised_at)
    select d.rule, d.subject_id, d.case_id, d.due_on, d.severity, d.receivers, at from due d
    on conflict on constraint alarm_once do update
      set case_id = excluded.case_id, severity = excluded.severity, receivers = excluded.receivers,
          raised_at = case when a.cleared_at is null then a.raised_at else at end,
          escalated_at = case when a.cleared_at is null then a.escalated_at end, cleared_at = null, cleared_why = null
      where case when a.cleared_why = 'acknowledged' then excluded.severity > a.severity
                 else a.cleared_at is not null or a.severity <> excluded.severity or a.case_id is distinct from excluded.case_id end
    returning 1),
  down as (
    update alarm a set cleared_at = at,
      cleared_why = (case when exists (select from case_file f where f.id = a.case_id and f.closed_on is not null)
                          then 'case_closed' else 'settled' end)::alarm_end
    where a.cleared_at is null
      and not exists (select from due d where d.rule = a.rule and d.subject_id = a.subject_id and d.due_on = a.due_on)
    returning 1)
  select (select count(*) from up), (select count(*) from down) into raised, cleared;
  update alarm a set escalated_at = at
  from alarm_plan() p
  where p.rule = a.rule and a.cleared_at is null and a.escalated_at is null and a.due_on + p.escalates_after <= today;
  get diagnostics escalated = row_count;
  return next;
end
$$;

-- Somebody has acknowledged it: it stands no longer.
create function sec.alarm_acknowledged() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update alarm set cleared_at = new.made_at, cleared_why = 'acknowledged' where id = new.alarm_id and cleared_at is null;
  return null;
end
$$;

-- How many stand in closed circles that the actor is not named in: that there are such, and no more.
create function sec.alarms_in_closed_circles() returns bigint
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select count(*) from alarm a join case_file c on c.id = a.case_id
  where a.cleared_at is null and c.protection_level = 'closed_circle'
    and (sec.actor_role() = 'coordinator' or sec.actor_role() = 'manager' and c.owner_unit_id = sec.actor_unit())
    and c.id <> all (sec.my_cases()) and c.id <> all (sec.my_conflicts())
$$;

revoke execute on function sec.alarms_of_police, sec.alarms_of_work, sec.alarms_of_stays, sec.alarms_of_house,
  sec.alarms_due, sec.watch, sec.alarm_acknowledged, sec.alarms_in_closed_circles from public;
grant execute on function sec.watch to utvag_task;
grant execute on function sec.alarm_acknowledged to utvag_owner;
grant execute on function sec.alarms_in_closed_circles to utvag_user;
reset role;

set role utvag_owner;
create trigger alarm_acknowledged after insert on alarm_receipt for each row execute function sec.alarm_acknowledged();
reset role;
alter table alarm_receipt enable always trigger alarm_acknowledged;
