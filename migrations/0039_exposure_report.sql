-- An account is in the wrong hands: who is in danger? Everything that it has seen or could have reached since a day, case by
-- case, with who must be called; and one button that locks it. Counts and references: nothing that stands in any case.

set role utvag_owner;
create table account_lock (
  id uuid primary key,
  account_id uuid not null references account (id),
  locked_by uuid not null references account (id),
  locked_at timestamptz not null,
  since timestamptz not null,            -- from when the list below was made
  reason bytea,                          -- sealed
  sessions int not null,                 -- how many were ended
  cases uuid[] not null,                 -- no reference: the list outlives the cases
  notify_by timestamptz not null,        -- article 33 of the GDPR
  settled_by uuid references account (id),
  settled_at timestamptz,
  constraint account_lock_another check (locked_by <> account_id),
  constraint account_lock_clock check (notify_by = locked_at + interval '72 hours'),
  constraint account_lock_settled check ((settled_by is null) = (settled_at is null))
);
create index account_lock_open on account_lock (locked_at) where settled_at is null;
alter table account_lock enable row level security;
alter table account_lock force row level security;
create policy reach on account_lock for select to utvag_user
  using ((select sec.actor_role()) in ('coordinator', 'manager', 'sysadmin'));
create policy settling on account_lock for update to utvag_user
  using (settled_at is null and (select sec.actor_role()) in ('coordinator', 'manager', 'sysadmin'))
  with check (settled_by = (select sec.actor_id()));
create policy door on account_lock for insert to utvag_sec with check (true);
grant select on account_lock to utvag_user;
grant update (settled_by, settled_at) on account_lock to utvag_user;
grant insert on account_lock to utvag_sec;
create function account_lock_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE' or old.settled_at is not null
     or (to_jsonb(new) - array['settled_by', 'settled_at']) is distinct from (to_jsonb(old) - array['settled_by', 'settled_at']) then
    raise exception 'a lock stands' using errcode = '23514', constraint = 'account_lock_stands';
  end if;
  return new;
end
$$;
create trigger account_lock_stands before update or delete on account_lock for each row execute function account_lock_stands();
create policy locking on account for update to utvag_sec using (true) with check (true);
grant update (is_active) on account to utvag_sec;
grant update (is_active) on account to utvag_task;
-- Counted, never read.
do $$
declare
  name text;
begin
  foreach name in array array['placement', 'police_contact', 'threat_assessment', 'journal_entry', 'decision', 'investigation',
      'consent', 'plan', 'follow_up', 'deviation', 'register_check', 'joint_meeting', 'return_assessment', 'case_outcome',
      'motivation_assessment', 'internal_request', 'intake'] loop
    execute format('grant select on %I to utvag_sec', name);
    execute format('create policy counting on %I for select to utvag_sec using (true)', name);
  end loop;
end
$$;
reset role;
alter table account_lock enable always trigger account_lock_stands;
call audit.follow('account_lock');

set role utvag_audit;
-- What an account opened and what lists showed it, case by case. Asked by the functions below alone.
create function audit.seen_by(wanted uuid, since timestamptz)
returns table (case_id uuid, event text, in_list boolean, times bigint, last_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.case_id, e.event, false, count(*), max(e.at) from audit.entry e
  where e.actor_id = wanted and e.at >= since and e.case_id is not null and e.event <> 'case.refused' group by 1, 2
  union all
  select c.id, e.event, true, count(*), max(e.at) from audit.entry e cross join unnest(e.cases) as c(id)
  where e.actor_id = wanted and e.at >= since group by 1, 2
$$;
-- Cases that have been closed to a circle since then: before that they were open to others.
create function audit.once_wider(since timestamptz) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select distinct r.row_id::uuid from audit.row_change r
  where r.table_name = 'public.case_file' and r.operation = 'update' and r.at >= since
    and r.before ->> 'protection_level' <> 'closed_circle' and r.after ->> 'protection_level' = 'closed_circle'
$$;
revoke execute on function audit.seen_by, audit.once_wider from public;
grant usage on schema audit to utvag_sec;
grant execute on function audit.seen_by, audit.once_wider to utvag_sec;
reset role;

set role utvag_sec;
create function sec.may_ask_of_exposure() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select current_setting('role', true) = 'utvag_task' or coalesce(sec.actor_role() in ('coordinator', 'manager', 'sysadmin'), false)
$$;
create function sec.exposure(wanted uuid, since timestamptz) returns table (
  case_id uuid, reference text, is_closed boolean, protection public.protection_level, seen_at timestamptz, seen_times bigint,
  listed_at timestamptz, events jsonb, location_at timestamptz, reach text[], reach_until timestamptz, locations bigint,
  responsible text, coordinator text, police_body public.police_body, police_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with seen as (
    select s.case_id, max(s.last_at) filter (where not s.in_list) as seen_at,
           (sum(s.times) filter (where not s.in_list))::bigint as seen_times,
           max(s.last_at) filter (where s.in_list) as listed_at,
           jsonb_object_agg(s.event, s.times) filter (where not s.in_list) as events,
           max(s.last_at) filter (where s.event = 'location.opened') as location_at
    from audit.seen_by(wanted, since) s group by s.case_id
  ), named as (
    select a.case_id, array_agg(distinct a.kind::text) as kinds, max(coalesce(a.ended_at, now())) as until
    from public.assignment a where a.account_id = wanted and (a.ended_at is null or a.ended_at >= since) group by a.case_id
  ), held as (
    select g.role, least(g.valid_to, now()) as until from public.role_grant g
    where g.account_id = wanted and g.valid_to >= since and g.valid_from <= now() and g.role in ('coordinator', 'manager')
  ), wider as (
    select w as id from audit.once_wider(since) w
  ), by_role as (
    select c.id as case_id, max(h.until) as until
    from held h join public.case_file c on c.created_at <= h.until
      and (h.role = 'coordinator' or c.owner_unit_id = (select a.unit_id from public.account a where a.id = wanted))
      and (c.protection_level <> 'closed_circle' or c.id in (select w.id from wider w))
    group by c.id
  )
  select c.id, c.reference, c.closed_on is not null, c.protection_level, s.seen_at, coalesce(s.seen_times, 0), s.listed_at,
         coalesce(s.events, '{}'), s.location_at,
         coalesce(n.kinds, '{}') || case when r.case_id is null then '{}' else array['role'] end,
         greatest(n.until, r.until),
         case when n.kinds && array['responsible', 'coordinator'] or s.location_at is not null
           then (select count(*) from public.placement p where p.case_id = c.id) else 0 end,
         (select o.display_name from public.assignment a join public.account o on o.id = a.account_id
          where a.case_id = c.id and a.kind = 'responsible' and a.ended_at is null),
         (select o.display_name from public.assignment a join public.account o on o.id = a.account_id
          where a.case_id = c.id and a.kind = 'coordinator' and a.ended_at is null),
         p.body, p.happened_at
  from public.case_file c
  left join seen s on s.case_id = c.id
  left join named n on n.case_id = c.id
  left join by_role r on r.case_id = c.id
  left join lateral (select k.body, k.happened_at from public.police_contact k where k.case_id = c.id
                     order by k.happened_at desc limit 1) p on true
  where (s.case_id is not null or n.case_id is not null or r.case_id is not null) and sec.may_ask_of_exposure()
  order by greatest(s.seen_at, s.listed_at) desc nulls last, greatest(n.until, r.until) desc, c.reference
$$;
-- The documents of the cases: of which kind, and their ids.
create function sec.exposed_documents(cases uuid[]) returns table (case_id uuid, kind text, id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.case_id, d.kind, d.id from (
    select t.case_id, 'threat_assessment' as kind, t.id from public.threat_assessment t
    union all select t.case_id, 'police_contact', t.id from public.police_contact t
    union all select t.case_id, 'journal_entry', t.id from public.journal_entry t
    union all select t.case_id, 'decision', t.id from public.decision t
    union all select t.case_id, 'investigation', t.id from public.investigation t
    union all select t.case_id, 'consent', t.id from public.consent t
    union all select t.case_id, 'plan', t.id from public.plan t
    union all select t.case_id, 'follow_up', t.id from public.follow_up t
    union all select t.case_id, 'deviation', t.id from public.deviation t
    union all select t.case_id, 'register_check', t.id from public.register_check t
    union all select t.case_id, 'joint_meeting', t.id from public.joint_meeting t
    union all select t.case_id, 'return_assessment', t.id from public.return_assessment t
    union all select t.case_id, 'case_outcome', t.id from public.case_outcome t
    union all select t.case_id, 'motivation_assessment', t.id from public.motivation_assessment t
    union all select t.case_id, 'internal_request', t.id from public.internal_request t
  ) d where d.case_id = any (cases) and sec.may_ask_of_exposure()
$$;
-- Those who have no case yet: intakes that wait, within reach of a role that the account has held.
create function sec.exposed_intakes(wanted uuid, since timestamptz) returns table (id uuid, received_on date)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.id, i.received_on from public.intake i
  where i.case_id is null and sec.may_ask_of_exposure() and exists (
    select 1 from public.role_grant g
    where g.account_id = wanted and g.valid_to >= since and g.valid_from <= now()
      and (g.role = 'coordinator' or (g.role = 'caseworker' and i.registered_by = wanted)
        or (g.role = 'manager' and i.unit_id = (select a.unit_id from public.account a where a.id = wanted))))
  order by i.received_on desc, i.id
$$;
-- Locks an account and ends what it has open, in one transaction; keeps the list of those in danger. Tells how many
-- sessions there were; nothing where it is not the actor's to do.
create function sec.lock_account(lock uuid, wanted uuid, at timestamptz, from_when timestamptz, why bytea, listed uuid[]) returns int
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  ended int;
begin
  if not coalesce(sec.actor_role() in ('coordinator', 'manager', 'sysadmin'), false) or wanted = sec.actor_id() then
    return null;
  end if;
  update public.account a set is_active = false where a.id = wanted and a.is_active;
  update identity.session s set ended_at = now(), ended_why = 'locked' where s.account_id = wanted and s.ended_at is null;
  get diagnostics ended = row_count;
  insert into public.account_lock (id, account_id, locked_by, locked_at, since, reason, sessions, cases, notify_by)
    values (lock, wanted, sec.actor_id(), at, from_when, why, ended, listed, at + interval '72 hours');
  return ended;
end
$$;
revoke execute on function sec.may_ask_of_exposure, sec.exposure, sec.exposed_documents, sec.exposed_intakes, sec.lock_account from public;
grant execute on function sec.exposure, sec.exposed_documents, sec.exposed_intakes to utvag_user, utvag_task;
grant execute on function sec.lock_account to utvag_user;
reset role;
