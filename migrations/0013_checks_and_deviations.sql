-- What the police find when they look the person up in their registers, which is kept as a result and nothing more, and what
-- has gone another way than was agreed. A deviation bids somebody to do something; it never ends anything by itself.

set role utvag_owner;

create type check_result as enum ('no_deviation', 'deviation', 'not_performed');
create type deviation_source as enum ('police', 'provider', 'caseworker', 'person', 'relative', 'other');
create type deviation_category as enum ('suspected_crime', 'contact_with_group', 'substance_use', 'missed_contact',
  'left_placement', 'broken_condition', 'location_exposed', 'threat_event', 'other');
create type deviation_severity as enum ('s1', 's2', 's3');
create type deviation_status as enum ('reported', 'acknowledged', 'assessed', 'action_decided', 'closed');
create type deviation_outcome as enum ('no_action', 'plan_revised', 'new_police_assessment', 'relocation',
  'review_decision', 'closing_considered');

create table deviation (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  source deviation_source not null,
  category deviation_category not null,
  severity deviation_severity not null,
  occurred_on date not null,
  reported_on date not null,
  -- The last day to say that it was received. The same as `acknowledge_by` in src/deviation/model.rs.
  acknowledge_by date not null generated always as
    (reported_on + case severity when 's3' then 0 when 's2' then 3 else 7 end) stored,
  description bytea not null,            -- sealed
  immediate_action bytea,                -- sealed
  status deviation_status not null default 'reported',
  outcome deviation_outcome,
  registered_by uuid not null references account (id),
  registered_at timestamptz not null,
  version int not null default 1,
  unique (id, case_id),
  constraint deviation_days check (occurred_on <= reported_on
    and reported_on <= (registered_at at time zone 'Europe/Stockholm')::date),
  constraint deviation_exposed check (category <> 'location_exposed' or severity = 's3'),
  constraint deviation_at_once check (severity <> 's3' or immediate_action is not null),
  constraint deviation_outcome_is check ((status in ('action_decided', 'closed')) = (outcome is not null))
);
create index deviation_case on deviation (case_id, reported_on desc, id desc);
create index deviation_open on deviation (case_id) where status <> 'closed';
-- What "Min dag" asks for.
create index deviation_unacknowledged on deviation (acknowledge_by) where status = 'reported';

-- Who took it on, and when: a row for each version. An assessment that was taken back stays readable here.
create table deviation_step (
  id uuid primary key,
  deviation_id uuid not null,
  case_id uuid not null,
  number int not null check (number > 0),
  status deviation_status not null,
  text bytea,                            -- sealed: the assessment, or why
  taken_by uuid not null references account (id),
  taken_at timestamptz not null,
  foreign key (deviation_id, case_id) references deviation (id, case_id),
  constraint deviation_step_number unique (deviation_id, number)
);

create table register_check (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  body police_body not null,
  performed_on date not null,
  reported_on date not null,
  result check_result not null,
  deviation_id uuid,
  -- A consent to just this, or else why it was done all the same. The trigger below holds it to the consents, which are
  -- laid up after this table and never taken away.
  consent_id uuid,
  ground bytea,                          -- sealed
  -- Thirty days on (domain 2.2, `register_check_interval_days`); what was not done is due still.
  next_due_on date generated always as (case when result <> 'not_performed' then performed_on + 30 end) stored,
  registered_by uuid not null references account (id),
  registered_at timestamptz not null,
  constraint register_check_found foreign key (deviation_id, case_id) references deviation (id, case_id),
  constraint register_check_days check (performed_on <= reported_on
    and reported_on <= (registered_at at time zone 'Europe/Stockholm')::date),
  constraint register_check_result check ((result = 'deviation') = (deviation_id is not null)),
  constraint register_check_ground check (num_nonnulls(consent_id, ground) = 1)
);
create index register_check_case on register_check (case_id, performed_on desc, id desc);

-- The day by which each open case has its next check, kept by the database: "Min dag" must not look through all cases. A
-- case whose checks have not begun has none.
create table check_due (
  case_id uuid primary key references case_file (id),
  due_on date not null
);
create index check_due_list on check_due (due_on, case_id);

-- Row security ---------------------------------------------------------------------------------------------------------
do $$
declare
  name text;
begin
  foreach name in array array['deviation', 'deviation_step', 'register_check', 'check_due'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy reach on %I for select to utvag_user using (
      (select sec.actor_role()) in (''caseworker'', ''coordinator'', ''manager'')
      and exists (select 1 from case_file c where c.id = case_id offset 0))', name);
    execute format('grant select on %I to utvag_user', name);
  end loop;
end
$$;

create policy reporting on deviation for insert to utvag_user with check (
  registered_by = (select sec.actor_id()) and status = 'reported'
  and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
create policy handling on deviation for update to utvag_user
  using ((select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
         and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null))
  with check (true);
grant insert, update (status, outcome, version) on deviation to utvag_user;

create policy handling on deviation_step for insert to utvag_user with check (
  taken_by = (select sec.actor_id())
  and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
grant insert on deviation_step to utvag_user;

create policy registering on register_check for insert to utvag_user with check (
  registered_by = (select sec.actor_id())
  and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
grant insert on register_check to utvag_user;

grant select on register_check, deviation to utvag_sec;
create policy door on register_check for select to utvag_sec using (true);
create policy door on deviation for select to utvag_sec using (true);
grant select, insert, delete on check_due to utvag_sec;
create policy keeper on check_due to utvag_sec using (true) with check (true);

reset role;
call audit.follow('deviation');
call audit.follow('deviation_step');
call audit.follow('register_check');

-- What stands, stands --------------------------------------------------------------------------------------------------
set role utvag_owner;

-- Only the ways that there are, and nothing of what was reported.
create function deviation_moves() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  -- What the database reckons by itself is not reckoned yet.
  moving constant text[] := array['status', 'outcome', 'version', 'acknowledge_by'];
begin
  if (to_jsonb(new) - moving) is distinct from (to_jsonb(old) - moving)
     or (old.outcome is not null and new.outcome is distinct from old.outcome) then
    raise exception 'what was reported stands' using errcode = '23514', constraint = 'deviation_stands';
  end if;
  if new.version <> old.version + 1 or old.status::text || ' ' || new.status::text not in ('reported acknowledged',
      'acknowledged assessed', 'assessed acknowledged', 'assessed action_decided', 'action_decided closed') then
    raise exception 'there is no such way for a deviation' using errcode = '23514', constraint = 'deviation_moves';
  end if;
  return new;
end
$$;
create trigger deviation_moves before update on deviation for each row execute function deviation_moves();

create function cooperation_stands() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'what was registered stands' using errcode = '23514', constraint = tg_table_name || '_stands';
end
$$;
create trigger deviation_kept before delete on deviation for each row execute function cooperation_stands();
create trigger deviation_step_stands before update or delete on deviation_step for each row execute function cooperation_stands();
create trigger register_check_stands before update or delete on register_check for each row execute function cooperation_stands();

-- Each step is written down with whoever took it, and with words where words are owed: an assessment, why one was taken
-- back, and why somebody whose whereabouts are known stays where they are.
create function deviation_step_told() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  owed boolean := tg_op = 'UPDATE' and (new.status = 'assessed' or new.status = 'acknowledged' and old.status = 'assessed'
    or new.status = 'closed' and new.category = 'location_exposed' and new.outcome <> 'relocation');
begin
  if not exists (select 1 from deviation_step s
                 where s.deviation_id = new.id and s.number = new.version and s.status = new.status
                   and (s.text is not null) = owed) then
    raise exception 'a step of a deviation is told of' using errcode = '23514', constraint = 'deviation_step_told';
  end if;
  return null;
end
$$;
create constraint trigger deviation_step_told after insert or update on deviation
  deferrable initially deferred for each row execute function deviation_step_told();

-- The consents to just this that held on the day that it was done, and that the police were named in: one of them is the
-- ground, and a ground of one's own is given only where there is none. The same as `permits` in src/check/model.rs.
create function register_check_permitted() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  permitted uuid[] := (select coalesce(array_agg(c.id), '{}') from consent c
    where c.case_id = new.case_id and c.kind = 'relapse_follow_up'
      and ('police_' || new.body::text)::consent_recipient = any (c.recipients)
      and new.performed_on between c.given_on and c.valid_to
      and (c.withdrawn_at is null or (c.withdrawn_at at time zone 'Europe/Stockholm')::date > new.performed_on));
begin
  if not (case when new.consent_id is null then cardinality(permitted) = 0 else new.consent_id = any (permitted) end) then
    raise exception 'not the ground that there is' using errcode = '23514', constraint = 'register_check_permitted';
  end if;
  return new;
end
$$;
create trigger register_check_permitted before insert on register_check
  for each row execute function register_check_permitted();
reset role;
alter table deviation enable always trigger deviation_moves;
alter table deviation enable always trigger deviation_kept;
alter table deviation enable always trigger deviation_step_told;
alter table deviation_step enable always trigger deviation_step_stands;
alter table register_check enable always trigger register_check_stands;
alter table register_check enable always trigger register_check_permitted;

-- Kept by the database itself ------------------------------------------------------------------------------------------
set role utvag_sec;

create function sec.keep_check_due() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  wanted uuid := case tg_table_name when 'case_file' then (to_jsonb(new) ->> 'id')::uuid
                                    else (to_jsonb(new) ->> 'case_id')::uuid end;
begin
  delete from check_due where case_id = wanted;
  insert into check_due (case_id, due_on)
  select c.id, coalesce(max(k.next_due_on), min(k.performed_on))
  from case_file c join register_check k on k.case_id = c.id
  where c.id = wanted and c.closed_on is null group by c.id;
  return null;
end
$$;

-- Whoever closes the case, and whatever they see of it.
create function sec.refuse_closing_with_deviations() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from deviation d where d.case_id = new.id and d.status <> 'closed') then
    raise exception 'a deviation is open' using errcode = '23514', constraint = 'case_file_deviations';
  end if;
  return null;
end
$$;
revoke execute on function sec.keep_check_due, sec.refuse_closing_with_deviations from public;
grant execute on function sec.keep_check_due, sec.refuse_closing_with_deviations to utvag_owner;
reset role;

set role utvag_owner;
create trigger check_due after insert on register_check for each row execute function sec.keep_check_due();
create trigger check_due after update of closed_on on case_file for each row execute function sec.keep_check_due();
create trigger deviations_closed after update of closed_on on case_file
  for each row when (old.closed_on is null and new.closed_on is not null)
  execute function sec.refuse_closing_with_deviations();
reset role;
alter table register_check enable always trigger check_due;
alter table case_file enable always trigger check_due;
alter table case_file enable always trigger deviations_closed;
