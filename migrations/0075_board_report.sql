-- The report to the board (domain.md 4.5): figures over all cases of the municipality, counted by functions that see
-- everything and tell only how many. What is too few to be told is hidden by the program, before any page or file.
set role utvag_owner;

-- Years before the program, as they were reported then. Never added up with what the program counts itself.
create table board_history (
  year int primary key check (year between 1990 and 2099),
  persons_least int check (persons_least >= 0),
  persons_most int check (persons_most >= persons_least),
  ongoing int check (ongoing >= 0),
  ongoing_on date,
  source text not null check (char_length(source) between 1 and 200),
  constraint board_history_persons check ((persons_least is null) = (persons_most is null)),
  constraint board_history_ongoing check ((ongoing is null) = (ongoing_on is null)),
  constraint board_history_says_something check (persons_least is not null or ongoing is not null)
);

-- Which others than the municipality keep a record of the same person: what makes a person be counted several times.
create table external_involvement (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  actor intake_source not null check (actor not in ('own', 'social_internal', 'outreach', 'relative', 'anonymous')),
  registered_by uuid not null references account (id),
  registered_at timestamptz not null,
  constraint external_involvement_once unique (case_id, actor)
);

do $$
declare
  name text;
begin
  foreach name in array array['board_history', 'external_involvement'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
  end loop;
  -- Counted, never read.
  foreach name in array array['external_involvement', 'relation', 'child_perspective', 'sig_group', 'district', 'org_unit',
      'placement_stretch', 'intake', 'police_contact', 'threat_assessment', 'decision', 'investigation', 'follow_up', 'deviation',
      'case_outcome', 'return_assessment', 'joint_meeting', 'internal_request', 'placement', 'person', 'person_identity'] loop
    execute format('grant select on %I to utvag_sec', name);
    if not exists (select from pg_policies where schemaname = 'public' and tablename = name and policyname = 'counting') then
      execute format('create policy counting on %I for select to utvag_sec using (true)', name);
    end if;
  end loop;
end
$$;
create policy board on board_history for select to utvag_user
  using ((select sec.actor_role()) in ('coordinator', 'manager', 'controller'));
create policy operations on board_history to utvag_task using (true) with check (true);
grant select on board_history to utvag_user;
grant select, insert on board_history to utvag_task;

create policy reach on external_involvement for select to utvag_user using (
  (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id offset 0));
create policy registering on external_involvement for insert to utvag_user with check (
  registered_by = (select sec.actor_id())
  and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
grant select, insert on external_involvement to utvag_user;
reset role;

call audit.follow('board_history', 'year');
call audit.follow('external_involvement');

set role utvag_sec;

-- Who reads the report reads of the whole municipality.
create function sec.reads_board() returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(sec.actor_role() in ('coordinator', 'manager', 'controller'), false)
$$;

-- Eight years, each as far as it has come. A person counts once in a year, whatever the number of cases.
create function sec.board_years(wanted int, today date) returns table (
  year int, persons bigint, new_persons bigint, cases bigint, new_cases bigint, intakes bigint, closed bigint, ongoing bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with files as (
    select coalesce(p.merged_into, p.id) as person, c.opened_on, c.closed_on,
           min(c.opened_on) over (partition by coalesce(p.merged_into, p.id)) as first_on
    from case_file c join person p on p.id = c.person_id),
  years as (
    select y::int as year, make_date(y, 1, 1) as first, least(make_date(y, 12, 31), today) as last
    from generate_series(wanted - 7, wanted) y where make_date(y, 1, 1) <= today and sec.reads_board())
  select y.year, f.persons, f.new_persons, f.cases, f.new_cases,
         (select count(*) from intake i where i.received_on between y.first and y.last), f.closed, f.ongoing
  from years y cross join lateral (
    select count(distinct f.person) as persons,
           count(distinct f.person) filter (where f.first_on >= y.first) as new_persons,
           count(*) as cases,
           count(*) filter (where f.opened_on >= y.first) as new_cases,
           count(*) filter (where f.closed_on <= y.last) as closed,
           count(*) filter (where f.closed_on is null or f.closed_on > y.last) as ongoing
    from files f where f.opened_on <= y.last and (f.closed_on is null or f.closed_on >= y.first)) f
  order by y.year
$$;

-- Days of care and what they cost, by form and by how they were bought; and how many persons had exactly which forms, so
-- that persons are counted once also where rows are merged.
create function sec.board_money(first date, last date) returns table (
  list text, part text, items bigint, days bigint, ore bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with stays as (
    select p.id, coalesce(h.merged_into, h.id) as person, p.kind::text as kind, p.procurement::text as bought,
           p.outside_reason::text as why, p.round_the_clock, x.days, x.ore
    from placement p
    join person h on h.id = p.person_id
    join lateral (
      select sum(least(s.last_day, last) - greatest(s.first_day, first) + 1) as days,
             sum((least(s.last_day, last) - greatest(s.first_day, first) + 1) * s.per_day_ore)::bigint as ore
      from placement_stretch s where s.placement_id = p.id and s.first_day <= last and s.last_day >= first) x on x.days > 0
    where sec.reads_board())
  select 'all', '', count(distinct person), coalesce(sum(days), 0)::bigint, coalesce(sum(ore), 0)::bigint from stays
  union all
  select 'clock', '', count(distinct person), coalesce(sum(days), 0)::bigint, coalesce(sum(ore), 0)::bigint
  from stays where round_the_clock
  union all
  select 'form', kind, count(distinct person), sum(days)::bigint, sum(ore)::bigint from stays group by kind
  union all
  select 'form_set', parts, count(*), 0, 0
  from (select string_agg(distinct kind, ' ') as parts from stays group by person) s group by parts
  union all
  select 'bought', bought, count(distinct person), sum(days)::bigint, sum(ore)::bigint
  from stays where round_the_clock group by bought
  union all
  select 'bought_set', parts, count(*), 0, 0
  from (select string_agg(distinct bought, ' ') as parts from stays where round_the_clock group by person) s group by parts
  union all
  select 'stays', bought, count(*), 0, 0 from stays where round_the_clock group by bought
  union all
  select 'why', why, count(*), 0, 0 from stays where round_the_clock and why is not null group by why
$$;

-- Everything that is only counted. Persons of a period are told by the case that was opened last.
create function sec.board_counts(first date, last date, today date) returns table (list text, part text, items bigint, days int)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with files as (
    select c.*, coalesce(p.merged_into, p.id) as whose, p.sex from case_file c join person p on p.id = c.person_id
    where sec.reads_board()),
  here as (select * from files where opened_on <= last and (closed_on is null or closed_on >= first)),
  latest as (select distinct on (whose) * from here order by whose, opened_on desc, id),
  came as (
    select i.id, i.received_on, i.is_anonymous, i.case_id,
           coalesce((select f.whose::text from files f where f.id = i.case_id),
                    (select coalesce(p.merged_into, p.id)::text from person_identity n join person p on p.id = n.person_id
                     where n.number_blind = i.number_blind limit 1),
                    encode(i.number_blind, 'hex'), i.id::text) as whose
    from intake i where i.received_on between first and last and sec.reads_board()),
  waited as (
    select 'contact' as part,
           (select min((p.happened_at at time zone 'Europe/Stockholm')::date) from police_contact p
            where p.intake_id = c.id or p.case_id = c.case_id) - c.received_on as days from came c
    union all
    select 'threat', (select min(t.received_on) from threat_assessment t
                      where t.case_id = c.case_id and t.status in ('confirmed', 'superseded')) - c.received_on from came c
    union all
    select 'decision', (select min(d.decided_on) from decision d where d.case_id = c.case_id and d.signed_by is not null)
                       - c.received_on from came c
    union all
    select 'care', (select min(p.starts_on) from placement p
                    where p.case_id = c.case_id and p.status in ('active', 'ended')) - c.received_on from came c),
  -- Support that was granted and not given within three months, in some part of the quarter (34 kap. 1 § SoL).
  quarters as (
    select q.n::text as part, q.first, least((q.first + interval '3 months')::date - 1, last) as until
    from (select n, (date_trunc('year', first) + (n - 1) * interval '3 months')::date as first from generate_series(1, 4) n) q
    where q.first between first and last),
  outcomes as (
    select distinct on (f.whose) o.* from case_outcome o join files f on f.id = o.case_id
    where o.known_on <= today order by f.whose, o.known_on desc, o.id)
  select 'persons', '', count(*), null::int from latest
  union all select 'intakes', case when is_anonymous then 'anonymous' else 'identified' end, count(*), null from came group by 2
  union all select 'identified', '', count(distinct whose), null from came where not is_anonymous
  union all
  select 'others', '', count(*), null from (select distinct h.whose, e.actor from external_involvement e join here h on h.id = e.case_id) e
  union all select 'status', programme_status::text, count(*), null from latest group by 2
  union all
  select 'wait', part, count(days), (percentile_disc(0.5) within group (order by greatest(days, 0)))::int from waited group by part
  union all
  select 'investigation', case when i.completed_on <= coalesce(i.extended_to, i.target_on) then 'in_time' else 'late' end, count(*), null
  from investigation i join files f on f.id = i.case_id where i.completed_on between first and last group by 2
  union all
  select 'unexecuted', q.part, count(d.id), null
  from quarters q left join (decision d join files f on f.id = d.case_id)
    on d.signed_by is not null and d.outcome in ('granted', 'partly', 'changed')
    and d.type not in ('open_investigation', 'no_investigation', 'close_investigation', 'client_fee', 'transfer_case', 'disclosure_refusal')
    and (d.decided_on + interval '3 months')::date <= q.until
    and coalesce(d.executed_on, d.ended_on, 'infinity') > greatest(q.first, (d.decided_on + interval '3 months')::date)
  group by q.part
  union all
  select 'follow_up', case when u.held_on <= u.planned_on then 'in_time' else 'late' end, count(*), null
  from follow_up u join files f on f.id = u.case_id
  where u.planned_on between first and last and u.cancelled_on is null and (u.held_on is not null or u.planned_on < today) group by 2
  union all
  select 'deviation', d.severity::text, count(*), null
  from deviation d join files f on f.id = d.case_id where d.reported_on between first and last group by 2
  union all
  select 'exit', case exit when 'completed' then 'completed' when 'interrupted_own' then 'interrupted'
                           when 'interrupted_plan' then 'interrupted' else 'other' end, count(*), null from outcomes group by 2
  union all
  select 'after', v.part, count(*) filter (where v.holds), null
  from outcomes o cross join lateral (values ('work', o.occupation = 'work'), ('studies', o.occupation = 'studies'),
    ('own_housing', o.housing = 'own'), ('relapse', o.relapse in ('suspected', 'convicted')), ('helps_others', o.helps_others)) v (part, holds)
  group by v.part
  union all select 'parent', has_children::text, count(*), null from latest group by 2
  union all
  select 'children', '', count(*), null
  from relation r join person p on p.id = r.person_id
  join (select distinct whose from latest) l on l.whose = coalesce(p.merged_into, p.id)
  where r.kind = 'child' and r.removed_on is null
  union all
  select 'child_view', case when exists (select from child_perspective k join files f on f.id = k.case_id
                                         where f.whose = l.whose and k.removed_on is null and k.saved_on <= last) then 'done' else 'missing' end,
         count(*), null
  from latest l where l.has_children = 'yes' group by 2
  union all
  select 'district', coalesce(d.name, ''), count(*), null
  from (select distinct on (whose) whose, home_district_id from files
        where opened_on <= last and (closed_on is null or closed_on >= (date_trunc('year', last) - interval '2 years')::date)
        order by whose, opened_on desc, id) l
  left join district d on d.id = l.home_district_id group by 2
  union all select 'sex', sex::text, count(*), null from latest group by 2
  union all
  select 'return', coalesce((select r.result::text from return_assessment r join files f on f.id = r.case_id
                             where f.whose = l.whose and r.assessed_on <= last order by r.assessed_on desc, r.registered_at desc limit 1), ''),
         count(*), null
  from latest l group by 2
  union all
  select 'meeting', '', count(*), null from joint_meeting m join files f on f.id = m.case_id
  where m.status = 'held' and (m.meets_at at time zone 'Europe/Stockholm')::date between first and last
  union all
  select 'group', '', count(*), null from sig_group g join files f on f.id = g.case_id
  where g.from_day <= last and (g.to_day is null or g.to_day >= first)
  union all
  select 'request', r.kind::text, count(*), null from internal_request r join files f on f.id = r.case_id
  where r.sent_on between first and last group by 2
$$;

revoke execute on function sec.reads_board, sec.board_years, sec.board_money, sec.board_counts from public;
grant execute on function sec.board_years, sec.board_money, sec.board_counts to utvag_user;
reset role;
