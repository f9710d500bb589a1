-- State money (domain 2.9): one application is about one case and a time within it. Drafted by one, signed by the manager,
-- answered by the authority; what is paid out is booked by the controller, who sees it by pseudonym. What is sent leaves the
-- municipality, and stands among the disclosures.

set role utvag_owner;

create type fund_authority as enum ('police_noa', 'police_region');
create type fund_prerequisite as enum ('police_matter_open', 'regional_contact', 'lpo_contact', 'consent_active', 'decision_exists');
create type fund_status as enum ('draft', 'submitted', 'granted', 'partly_granted', 'rejected', 'withdrawn', 'paid', 'reported',
  'repayment', 'closed');

create table fund_application (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  number int not null check (number > 0),
  year int not null check (year between 2015 and 2099),
  authority fund_authority not null,
  period_from date not null,
  period_to date not null,
  applied_ore bigint not null,
  purpose bytea not null,                -- sealed
  prerequisites fund_prerequisite[] not null,
  status fund_status not null default 'draft',
  registered_by uuid not null references account (id),
  registered_at timestamptz not null,
  edited_by uuid not null references account (id),
  submitted_on date,
  registry_ref bytea,                    -- sealed: our own
  signed_by uuid references account (id),
  signed_at timestamptz,
  disclosure_id uuid unique references disclosure (id),
  decided_on date,
  police_ref bytea,                      -- sealed: theirs
  granted_ore bigint,
  conditions bytea,                      -- sealed
  report_due_on date,
  withdrawn_on date,
  paid_ore bigint,
  paid_on date,
  paid_by uuid references account (id),
  reported_on date,
  repay_ore bigint,
  closed_on date,
  closed_by uuid references account (id),
  version int not null default 1,
  constraint fund_application_number unique (case_id, number),
  constraint fund_application_days check (period_to >= period_from
    and year between extract(year from period_from) and extract(year from period_to)),
  constraint fund_application_applied check (applied_ore > 0 and applied_ore <= 100000000000),
  constraint fund_application_granted check (granted_ore > 0 and granted_ore <= applied_ore
    and (status <> 'granted' or granted_ore = applied_ore) and (status <> 'partly_granted' or granted_ore < applied_ore)),
  constraint fund_application_paid check (paid_ore > 0 and paid_ore <= granted_ore),
  constraint fund_application_repaid check (repay_ore > 0 and repay_ore <= paid_ore),
  -- Everything has to be in place before it is sent.
  constraint fund_application_prerequisites check (status = 'draft' or cardinality(prerequisites) = 5),
  constraint fund_application_four_eyes check (signed_by <> registered_by and signed_by <> edited_by),
  constraint fund_application_sent check ((status = 'draft') = (submitted_on is null)
    and num_nonnulls(submitted_on, signed_by, signed_at) in (0, 3) and (signed_by is not null or num_nonnulls(disclosure_id, registry_ref) = 0)
    and submitted_on <= (signed_at at time zone 'Europe/Stockholm')::date),
  constraint fund_application_answered check ((decided_on is not null) = (status not in ('draft', 'submitted', 'withdrawn'))
    and (granted_ore is not null) = (status not in ('draft', 'submitted', 'withdrawn', 'rejected'))
    and (report_due_on is null or granted_ore is not null) and (conditions is null or granted_ore is not null)
    and (status = 'withdrawn') = (withdrawn_on is not null)
    and decided_on >= submitted_on and withdrawn_on >= submitted_on and report_due_on >= decided_on),
  constraint fund_application_booked check ((paid_ore is not null) = (status in ('paid', 'reported', 'repayment', 'closed'))
    and num_nonnulls(paid_ore, paid_on, paid_by) in (0, 3) and paid_on >= decided_on),
  constraint fund_application_reported check ((reported_on is not null) = (status in ('reported', 'repayment', 'closed'))
    and reported_on >= paid_on and (status <> 'reported' or repay_ore is null) and (status <> 'repayment' or repay_ore is not null)
    and (repay_ore is null or reported_on is not null)),
  constraint fund_application_closed check ((status = 'closed') = (closed_on is not null) and (closed_on is null) = (closed_by is null)
    and closed_on >= reported_on),
  -- Money for the same days is asked for once.
  constraint fund_application_overlap exclude using gist (case_id with =, daterange(period_from, period_to, '[]') with &&)
    where (status not in ('rejected', 'withdrawn'))
);
create index fund_application_year on fund_application (year, period_from);

alter table fund_application enable row level security;
alter table fund_application force row level security;
create policy reach on fund_application for select to utvag_user using (
  (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id offset 0));
create policy drafting on fund_application for insert to utvag_user with check (
  registered_by = (select sec.actor_id()) and edited_by = (select sec.actor_id()) and status = 'draft'
  and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.id = case_id));
create policy following on fund_application for update to utvag_user
  using ((select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
         and exists (select 1 from case_file c where c.id = case_id))
  with check (status not in ('paid', 'closed') and (status <> 'draft' or edited_by = (select sec.actor_id())));
create policy discarding on fund_application for delete to utvag_user
  using (status = 'draft' and (select sec.actor_role()) in ('caseworker', 'coordinator')
         and exists (select 1 from case_file c where c.id = case_id));
create policy keeper on fund_application to utvag_sec using (true) with check (true);
grant select, insert, delete on fund_application to utvag_user;
grant update (year, authority, period_from, period_to, applied_ore, purpose, prerequisites, status, edited_by, submitted_on,
  registry_ref, signed_by, signed_at, disclosure_id, decided_on, police_ref, granted_ore, conditions, report_due_on, withdrawn_on,
  reported_on, repay_ore, version) on fund_application to utvag_user;
grant select, update (status, paid_ore, paid_on, paid_by, closed_on, closed_by, version) on fund_application to utvag_sec;

reset role;
call audit.follow('fund_application');

set role utvag_owner;
-- One step at a time, by whom the step belongs to; what an earlier step said stands. The same as `model::may_become`.
create function fund_application_moves() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  written constant text[] := array['year', 'authority', 'period_from', 'period_to', 'applied_ore', 'purpose', 'prerequisites', 'edited_by'];
  step text[];
begin
  if tg_op = 'DELETE' then
    if old.status <> 'draft' then
      raise exception 'what was applied for stands' using errcode = '23514', constraint = 'fund_application_stands';
    end if;
    return old;
  end if;
  if tg_op = 'INSERT' and new.status <> 'draft' then
    raise exception 'an application begins as a draft' using errcode = '23514', constraint = 'fund_application_stands';
  end if;
  if (tg_op = 'INSERT' or new.status = 'draft') and not exists (
       select 1 from case_file c where c.id = new.case_id and new.period_from >= c.opened_on
         and (c.closed_on is null or new.period_to <= c.closed_on)) then
    raise exception 'money is asked for within the case' using errcode = '23514', constraint = 'fund_application_within';
  end if;
  if tg_op = 'INSERT' then
    return new;
  end if;
  step := case
    when (old.status, new.status) = ('draft', 'draft') then written
    when (old.status, new.status) = ('draft', 'submitted')
      then array['submitted_on', 'registry_ref', 'signed_by', 'signed_at', 'disclosure_id']
    when old.status = 'submitted' and new.status in ('granted', 'partly_granted', 'rejected')
      then array['decided_on', 'police_ref', 'granted_ore', 'conditions', 'report_due_on']
    when (old.status, new.status) = ('submitted', 'withdrawn') then array['withdrawn_on']
    when old.status in ('granted', 'partly_granted') and new.status = 'paid' then array['paid_ore', 'paid_on', 'paid_by']
    when old.status = 'paid' and new.status in ('reported', 'repayment') then array['reported_on', 'repay_ore']
    when old.status in ('reported', 'repayment') and new.status = 'closed' then array['closed_on', 'closed_by']
  end;
  if step is null or new.version <> old.version + 1
     or (to_jsonb(new) - step - array['status', 'version']) is distinct from (to_jsonb(old) - step - array['status', 'version']) then
    raise exception 'what was applied for stands' using errcode = '23514', constraint = 'fund_application_stands';
  end if;
  -- The manager signs, the controller books; the rest belongs to those who wrote it.
  if not coalesce(case
       when new.status = 'submitted' then sec.actor_role() = 'manager'
       when new.status in ('paid', 'closed') then sec.actor_role() = 'controller'
       else sec.actor_role() in ('caseworker', 'coordinator') end, false)
     or (new.status = 'submitted' and new.signed_by is distinct from sec.actor_id())
     or (new.status = 'paid' and new.paid_by is distinct from sec.actor_id())
     or (new.status = 'closed' and new.closed_by is distinct from sec.actor_id()) then
    raise exception 'not theirs to do' using errcode = '23514', constraint = 'fund_application_theirs';
  end if;
  -- To apply is to disclose. What was sent before it was registered here may have been told before anybody kept it here.
  if new.status = 'submitted' and not exists (
       select 1 from disclosure d
       where d.id = new.disclosure_id and d.case_id = new.case_id and d.status = 'released' and d.ground = 'consent'
         and d.recipient::text = new.authority::text and d.released_by = new.signed_by)
     and (new.disclosure_id is not null or new.submitted_on >= (new.registered_at at time zone 'Europe/Stockholm')::date) then
    raise exception 'to apply is to disclose' using errcode = '23514', constraint = 'fund_application_disclosed';
  end if;
  return new;
end
$$;
create trigger fund_application_moves before insert or update or delete on fund_application
  for each row execute function fund_application_moves();
reset role;
alter table fund_application enable always trigger fund_application_moves;

set role utvag_sec;
-- The applications of a year by pseudonym. Whoever is not named in a closed circle sees the amounts and not which case it is;
-- a controller sees no reference. What was written is not here.
create function sec.fund_rows(wanted int, wanted_id uuid) returns table (
  id uuid, pseudonym text, reference text, year int, period_from date, period_to date, status public.fund_status,
  applied_ore bigint, submitted_on date, decided_on date, granted_ore bigint, paid_ore bigint, paid_on date, report_due_on date,
  reported_on date, repay_ore bigint, closed_on date, version int)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select a.id, case when shown.ok then f.economy_pseudonym end,
         case when shown.ok and sec.actor_role() <> 'controller' then f.reference end,
         a.year, a.period_from, a.period_to, a.status, a.applied_ore, a.submitted_on, a.decided_on, a.granted_ore, a.paid_ore,
         a.paid_on, a.report_due_on, a.reported_on, a.repay_ore, a.closed_on, a.version
  from fund_application a
  join case_file f on f.id = a.case_id
  cross join lateral (select (f.protection_level <> 'closed_circle' or exists (
      select 1 from assignment n where n.case_id = f.id and n.account_id = sec.actor_id() and n.ended_at is null))
    and (sec.actor_role() <> 'manager' or f.owner_unit_id = sec.actor_unit()) as ok) shown
  where sec.actor_role() in ('controller', 'coordinator', 'manager')
    and (a.id = wanted_id or (wanted_id is null and a.year = wanted))
  order by a.period_from, a.id limit 500
$$;

-- A year in all, over every case.
create function sec.fund_year(wanted int) returns table (
  applied_ore bigint, granted_ore bigint, rejected_ore bigint, waiting_ore bigint, decided_ore bigint, paid_ore bigint, repay_ore bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(sum(a.applied_ore) filter (where a.status not in ('draft', 'withdrawn')), 0)::bigint,
         coalesce(sum(a.granted_ore), 0)::bigint,
         coalesce(sum(a.applied_ore) filter (where a.status = 'rejected'), 0)::bigint,
         coalesce(sum(a.applied_ore) filter (where a.status = 'submitted'), 0)::bigint,
         coalesce(sum(a.applied_ore) filter (where a.decided_on is not null), 0)::bigint,
         coalesce(sum(a.paid_ore), 0)::bigint,
         coalesce(sum(a.repay_ore), 0)::bigint
  from fund_application a
  where a.year = wanted and sec.actor_role() in ('controller', 'coordinator', 'manager')
$$;

-- What has come in, as a controller. False when it has changed since, or is not there.
create function sec.book_fund(wanted uuid, known int, ore bigint, on_day date) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if sec.actor_role() is distinct from 'controller' then
    return false;
  end if;
  update fund_application set status = 'paid', paid_ore = ore, paid_on = on_day, paid_by = sec.actor_id(), version = version + 1
  where id = wanted and version = known and status in ('granted', 'partly_granted');
  return found;
end
$$;

-- What has been accounted for, and paid back where something was left.
create function sec.close_fund(wanted uuid, known int, on_day date) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if sec.actor_role() is distinct from 'controller' then
    return false;
  end if;
  update fund_application set status = 'closed', closed_on = on_day, closed_by = sec.actor_id(), version = version + 1
  where id = wanted and version = known and status in ('reported', 'repayment');
  return found;
end
$$;
revoke execute on function sec.fund_rows, sec.fund_year, sec.book_fund, sec.close_fund from public;
grant execute on function sec.fund_rows, sec.fund_year, sec.book_fund, sec.close_fund to utvag_user;
reset role;
