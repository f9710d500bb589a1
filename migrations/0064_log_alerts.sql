-- What the rules find in the log by the hour, and not only when a month is drawn. The same alert is kept once however many
-- instances look, and whoever it is about neither sees it nor puts it aside.

set role utvag_owner;
create table log_alert (
  id uuid primary key,
  key text not null constraint log_alert_once unique,   -- rule, person, day and case
  ground text not null,
  actor_id uuid references account (id),                -- nobody where the seals are in trouble
  actor_role text,
  day date not null,
  case_id uuid,                                         -- no reference: the log outlives the case
  reference text,
  first_at timestamptz not null,
  last_at timestamptz not null check (last_at >= first_at),
  entries bigint[] not null,
  trouble text,                                         -- what is wrong with the seals, in words
  is_urgent boolean not null,
  found_at timestamptz not null,
  seen_by uuid references account (id),
  seen_at timestamptz,
  constraint log_alert_about check (actor_id is null = (trouble is not null) and actor_id is null = (actor_role is null)),
  constraint log_alert_seen check (seen_by is null = (seen_at is null)),
  constraint log_alert_own check (seen_by <> actor_id)
);
create index log_alert_unseen on log_alert (found_at) where is_urgent and seen_at is null;
create index log_alert_day on log_alert (day);
alter table log_alert enable row level security;
alter table log_alert force row level security;
-- A reviewer sees what others did; what a reviewer did a manager sees.
create policy reach on log_alert for select to utvag_user using (
  actor_id is distinct from (select sec.actor_id())
  and case (select sec.actor_role()) when 'log_reviewer' then true when 'manager' then actor_role = 'log_reviewer' else false end);
create policy seeing on log_alert for update to utvag_user
  using (seen_at is null and (select sec.actor_role()) in ('log_reviewer', 'manager'))
  with check (seen_by = (select sec.actor_id()));
grant select, update (seen_by, seen_at) on log_alert to utvag_user;
create policy known on log_alert for select to utvag_task using (true);
create policy raising on log_alert for insert to utvag_task with check (seen_by is null);
grant select (key, day), insert on log_alert to utvag_task;

create function log_alert_stands() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' or old.seen_at is not null
     or (to_jsonb(new) - array['seen_by', 'seen_at']) is distinct from (to_jsonb(old) - array['seen_by', 'seen_at']) then
    raise exception 'an alert stands as it was found' using errcode = '23514', constraint = 'log_alert_stands';
  end if;
  return new;
end
$$;
create trigger log_alert_stands before update or delete on log_alert for each row execute function log_alert_stands();
reset role;
alter table log_alert enable always trigger log_alert_stands;
call audit.follow('log_alert');

set role utvag_sec;
-- Who looks through the whole log for what is odd: whoever reviews it, and the program by the hour.
create function sec.looks_for_odd() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select current_setting('role', true) = 'utvag_task' or coalesce(sec.actor_role() = 'log_reviewer', false)
$$;
revoke execute on function sec.looks_for_odd from public;
grant execute on function sec.looks_for_odd to utvag_audit, utvag_vault;

-- As before (0038, 0055), also for the program.
create or replace function sec.log_review_cases(first date, last date)
returns table (id uuid, reference text, is_protected boolean, closed_on date)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, c.reference,
         c.protection_level <> 'standard' or exists (
           select 1 from public.protection_marking m where m.person_id = c.person_id and m.valid_from <= last
             and (m.valid_to is null or m.valid_to >= first)),
         c.closed_on
  from public.case_file c where sec.looks_for_odd()
$$;
create or replace function sec.log_review_assignments(first timestamptz, until timestamptz)
returns table (case_id uuid, account_id uuid, kind public.assignment_kind, started_at timestamptz, ended_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select a.case_id, a.account_id, a.kind, a.started_at, a.ended_at from public.assignment a
  where sec.looks_for_odd() and a.started_at < until and (a.ended_at is null or a.ended_at >= first)
$$;
create or replace function sec.log_review_families(cases uuid[]) returns table (case_id uuid, identity_id uuid, family_name bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, i.id, i.family_name from public.case_file c join public.person_identity i on i.person_id = c.person_id
  where sec.looks_for_odd() and c.id = any (cases)
$$;
create or replace function sec.log_review_conflicts() returns table (account_id uuid, case_id uuid, reference text, declared_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.account_id, c.id, c.reference, k.declared_at
  from public.conflict_of_interest k join public.case_file c on c.person_id = k.person_id
  where sec.looks_for_odd()
$$;
create or replace function sec.log_review_reasons(ids uuid[]) returns table (id uuid, kind text, reason bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select g.id, 'break_glass', g.words from public.break_glass g where sec.looks_for_odd() and g.id = any (ids)
  union all
  select p.id, 'case_print', p.note from public.case_print p
  where sec.looks_for_odd() and p.id = any (ids) and p.note is not null
$$;
grant execute on function sec.log_review_cases, sec.log_review_assignments, sec.log_review_families, sec.log_review_conflicts,
  sec.log_review_reasons to utvag_task;
reset role;

set role utvag_vault;
create or replace function vault.review_reasons(ids uuid[]) returns table (id uuid, placement_id uuid, reason bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select o.id, o.placement_id, o.reason from vault.opening o where sec.looks_for_odd() and o.id = any (ids)
$$;
grant execute on function vault.review_reasons to utvag_task;
reset role;
grant usage on schema vault to utvag_task;

set role utvag_audit;
create or replace function audit.review_rows(first timestamptz, until timestamptz)
returns table (seq bigint, at timestamptz, actor_id uuid, actor_role text, event text, case_id uuid, body text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.seq, e.at, e.actor_id, e.actor_role, e.event, e.case_id, e.body from audit.entry e
  where sec.looks_for_odd() and e.actor_id is not null and e.actor_role is not null and e.at >= first and e.at < until
  order by e.at, e.seq
$$;
create or replace function audit.review_last_seen(before timestamptz) returns table (actor_id uuid, at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.actor_id, max(e.at) from audit.entry e
  where sec.looks_for_odd() and e.actor_id is not null and e.at < before group by e.actor_id
$$;
create or replace function audit.review_reasons(first timestamptz, until timestamptz) returns table (seq bigint, row_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.seq, c.row_id::uuid
  from audit.entry e join audit.row_change c on c.xid = e.xid and c.operation = 'insert'
    and (c.table_name, e.event) in (('vault.opening', 'location.opened'),
                                    ('public.break_glass', 'break_glass.opened'),
                                    ('public.case_print', 'case.printed'))
  where sec.looks_for_odd() and e.at >= first and e.at < until
$$;
create or replace function audit.review_troubles(first timestamptz, until timestamptz, now_is timestamptz, late interval, slip interval)
returns table (kind text, at timestamptz, seal bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with chain as (
    select s.n, s.at, s.seqs, s.horizon, lag(s.at) over (order by s.n) as before_at, lag(s.horizon) over (order by s.n) as before_horizon
    from audit.seal s),
  month as (select * from chain where chain.at >= first and chain.at < until),
  found as (
    select 'late' as kind, m.at, m.n from month m
    where m.at - late > (select min(e.at) from audit.entry e where e.seq = any (m.seqs))
    union all select 'clock', m.at, m.n from month m where m.at < m.before_at - slip
    union all select 'restored', m.at, m.n from month m where m.horizon < m.before_horizon
    union all select 'anchor', e.at, null from audit.entry e where e.event = 'task.anchor_failed' and e.at >= first and e.at < until
    union all
    select 'waiting', min(e.at), null from audit.entry e
    where e.xid >= coalesce((select s.horizon from audit.seal s order by s.n desc limit 1), '0'::xid8) and e.at < now_is - late
    having count(*) > 0)
  select f.kind, f.at, f.n from found f where sec.looks_for_odd() order by f.at, f.kind limit 50
$$;
grant execute on function audit.review_rows, audit.review_last_seen, audit.review_reasons, audit.review_troubles to utvag_task;
reset role;
