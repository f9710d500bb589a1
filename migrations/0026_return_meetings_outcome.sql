-- Whether the person can return, meetings with others and what they are told there, and how it went. What was assessed,
-- held, told or recorded stands; a meeting that is still planned can be changed.

set role utvag_owner;

create type return_result as enum ('can_return', 'cannot_return', 'not_yet');
create type meeting_status as enum ('planned', 'held', 'cancelled');
create type disclosure_ground as enum ('consent', 'no_harm', 'necessary', 'crime_prevention', 'young_crime_risk',
  'other_social_committee', 'social_or_health_need');
create type internal_request_kind as enum ('economic_assistance', 'schooling', 'child_unit', 'housing');
create type outcome_moment as enum ('closing', 'months_6', 'months_12', 'months_24');
create type exit_status as enum ('completed', 'interrupted_own', 'interrupted_plan', 'moved', 'imprisoned', 'not_started',
  'identity_change', 'deceased', 'lost_contact');
create type outcome_housing as enum ('own', 'sublet', 'supported', 'with_others', 'institution', 'homeless', 'unknown');
create type outcome_income as enum ('work', 'study_support', 'social_insurance', 'unemployment_benefit',
  'economic_assistance', 'none', 'unknown');
create type outcome_occupation as enum ('work', 'studies', 'none', 'unknown');
create type outcome_substance as enum ('no_problem', 'free', 'treated', 'ongoing', 'unknown');
create type relapse_crime as enum ('no', 'suspected', 'convicted', 'unknown');
create type relapse_source as enum ('police', 'prison_probation', 'person', 'other');
create type child_contact as enum ('no_children', 'regular', 'sporadic', 'none', 'unknown');

-- Tied to the version of the police's assessment that it was made on; which one holds since is asked anew each time.
create table return_assessment (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  threat_assessment_id uuid not null references threat_assessment (id),
  result return_result not null,
  assessed_on date not null,
  review_on date not null,
  reason bytea not null,                 -- sealed
  joint_with_police boolean not null,
  assessed_by uuid not null references account (id),
  registered_at timestamptz not null,
  constraint return_assessment_days check (review_on > assessed_on),
  constraint return_assessment_has_been check (assessed_on <= (registered_at at time zone 'Europe/Stockholm')::date)
);
create index return_assessment_case on return_assessment (case_id, assessed_on desc, id desc);
create index return_assessment_review on return_assessment (review_on);

create table joint_meeting (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  meets_at timestamptz not null,
  status meeting_status not null default 'planned',
  person_attends boolean not null,
  agenda bytea not null,                 -- sealed
  minutes bytea,                         -- sealed
  actions bytea,                         -- sealed: who does what until when
  planned_by uuid not null references account (id),
  settled_by uuid references account (id),
  settled_at timestamptz,
  version int not null default 1,
  unique (id, case_id),
  constraint joint_meeting_minutes check ((status = 'held') = (minutes is not null) and (actions is null or status = 'held')),
  constraint joint_meeting_settled check ((status = 'planned') = (settled_by is null) and (settled_by is null) = (settled_at is null)),
  constraint joint_meeting_has_been check (status <> 'held' or meets_at <= settled_at)
);
create index joint_meeting_case on joint_meeting (case_id, meets_at desc, id desc);

create table joint_meeting_colleague (
  meeting_id uuid not null,
  case_id uuid not null,
  account_id uuid not null references account (id),
  primary key (meeting_id, account_id),
  foreign key (meeting_id, case_id) references joint_meeting (id, case_id)
);

-- Somebody from outside: a function and an organisation, and why they may be told what is said.
create table joint_meeting_guest (
  id uuid primary key,
  meeting_id uuid not null,
  case_id uuid not null,
  position int not null check (position between 1 and 4),
  attendee bytea not null,               -- sealed
  recipient consent_recipient not null,
  ground disclosure_ground not null,
  consent_id uuid references consent (id),
  weighing bytea,                        -- sealed
  foreign key (meeting_id, case_id) references joint_meeting (id, case_id),
  constraint joint_meeting_guest_once unique (meeting_id, position),
  constraint joint_meeting_guest_consent check ((ground = 'consent') = (consent_id is not null)),
  constraint joint_meeting_guest_weighing check ((ground = 'consent') = (weighing is null)),
  -- 10:15 a is for authorities and 10:18 a for the police.
  constraint joint_meeting_guest_ground check (ground <> 'other_social_committee'
    and (ground <> 'crime_prevention' or recipient not in ('provider', 'sig'))
    and (ground <> 'young_crime_risk' or recipient in ('police_lpo', 'police_noa', 'police_bops', 'police_region'))
    and (ground <> 'social_or_health_need' or recipient in ('region', 'gaf', 'other_committee')))
);

create table sig_group (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  consent_id uuid not null references consent (id),
  members bytea not null,                -- sealed: functions and organisations, one a line
  plan bytea not null,                   -- sealed
  from_day date not null,
  to_day date,
  formed_by uuid not null references account (id),
  formed_at timestamptz not null,
  changed_at timestamptz not null,
  version int not null default 1,
  constraint sig_group_days check (to_day >= from_day)
);
create index sig_group_case on sig_group (case_id, from_day desc, id desc);

-- The board's other parts and other boards are strangers (8 kap. 1 and 2 §§ OSL): to ask them is to tell them.
create table internal_request (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  kind internal_request_kind not null,
  ground disclosure_ground not null,
  consent_id uuid references consent (id),
  weighing bytea,                        -- sealed
  told bytea not null,                   -- sealed: what was said and asked for
  sent_on date not null,
  answer_due_on date not null,
  sent_by uuid not null references account (id),
  registered_at timestamptz not null,
  answer bytea,                          -- sealed
  answered_on date,
  answer_by uuid references account (id),
  constraint internal_request_days check (answer_due_on >= sent_on and answered_on >= sent_on),
  constraint internal_request_has_been check (sent_on <= (registered_at at time zone 'Europe/Stockholm')::date),
  constraint internal_request_answer check (num_nonnulls(answer, answered_on, answer_by) in (0, 3)),
  constraint internal_request_consent check ((ground = 'consent') = (consent_id is not null)),
  constraint internal_request_weighing check ((ground in ('consent', 'other_social_committee')) = (weighing is null)),
  constraint internal_request_ground check (
    ground in ('consent', 'no_harm', 'necessary', 'other_social_committee', 'social_or_health_need')
    and (ground <> 'other_social_committee' or kind in ('economic_assistance', 'schooling')))
);
create index internal_request_case on internal_request (case_id, sent_on desc, id desc);

create table case_outcome (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  moment outcome_moment not null,
  known_on date not null,
  exit exit_status not null,
  housing outcome_housing not null,
  income outcome_income not null,
  occupation outcome_occupation not null,
  substance outcome_substance not null,
  relapse relapse_crime not null,
  relapse_source relapse_source,
  helps_others boolean not null,
  children child_contact not null,
  own_assessment int check (own_assessment between 1 and 5),
  consent_id uuid references consent (id),
  recorded_by uuid not null references account (id),
  recorded_at timestamptz not null,
  constraint case_outcome_has_been check (known_on <= (recorded_at at time zone 'Europe/Stockholm')::date),
  constraint case_outcome_source check ((relapse = 'unknown') = (relapse_source is null)),
  constraint case_outcome_consent check ((moment = 'closing') = (consent_id is null))
);
create index case_outcome_case on case_outcome (case_id, moment, known_on desc, id desc);

-- Why a placement was planned where the police say that the person is not safe: the manager's alone.
alter table placement add column unsafe_reason bytea; -- sealed

-- Row security ---------------------------------------------------------------------------------------------------------
do $$
declare
  name text;
begin
  foreach name in array array['return_assessment', 'joint_meeting', 'joint_meeting_colleague', 'joint_meeting_guest', 'sig_group',
      'internal_request', 'case_outcome'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy reach on %I for select to utvag_user
      using (exists (select 1 from case_file c where c.id = case_id offset 0))', name);
    execute format('grant select, insert on %I to utvag_user', name);
  end loop;
end
$$;

create policy assessing on return_assessment for insert to utvag_user with check (
  assessed_by = (select sec.actor_id()) and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));

create policy planning on joint_meeting for insert to utvag_user with check (
  planned_by = (select sec.actor_id()) and status = 'planned' and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
create policy settling on joint_meeting for update to utvag_user
  using (status = 'planned' and (select sec.actor_role()) in ('caseworker', 'coordinator')
         and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null))
  with check (settled_by is null or settled_by = (select sec.actor_id()));
grant update (meets_at, status, person_attends, agenda, minutes, actions, settled_by, settled_at, version) on joint_meeting
  to utvag_user;
do $$
declare
  name text;
begin
  foreach name in array array['joint_meeting_colleague', 'joint_meeting_guest'] loop
    execute format($p$create policy inviting on %I for insert to utvag_user with check (
      (select sec.actor_role()) in ('caseworker', 'coordinator')
      and exists (select 1 from joint_meeting m join case_file c on c.id = m.case_id
                  where m.id = meeting_id and m.status = 'planned' and c.closed_on is null))$p$, name);
    execute format($p$create policy uninviting on %I for delete to utvag_user using (
      (select sec.actor_role()) in ('caseworker', 'coordinator')
      and exists (select 1 from joint_meeting m join case_file c on c.id = m.case_id
                  where m.id = meeting_id and m.status = 'planned' and c.closed_on is null))$p$, name);
    execute format('grant delete on %I to utvag_user', name);
  end loop;
end
$$;

create policy forming on sig_group for insert to utvag_user with check (
  formed_by = (select sec.actor_id()) and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
create policy changing on sig_group for update to utvag_user
  using ((select sec.actor_role()) in ('caseworker', 'coordinator')
         and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null))
  with check (true);
grant update (members, plan, to_day, changed_at, version) on sig_group to utvag_user;

create policy asking on internal_request for insert to utvag_user with check (
  sent_by = (select sec.actor_id()) and answer is null and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
create policy answering on internal_request for update to utvag_user
  using (answer is null and (select sec.actor_role()) in ('caseworker', 'coordinator')
         and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null))
  with check (answer_by = (select sec.actor_id()));
grant update (answer, answered_on, answer_by) on internal_request to utvag_user;

-- The only thing that is written in a closed case: how it went afterwards, when the person has agreed to be asked.
create policy recording on case_outcome for insert to utvag_user with check (
  recorded_by = (select sec.actor_id()) and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.id = case_id and (c.closed_on is null) = (moment = 'closing')));

reset role;
call audit.follow('return_assessment');
call audit.follow('joint_meeting');
call audit.follow('joint_meeting_colleague', 'meeting_id');
call audit.follow('joint_meeting_guest');
call audit.follow('sig_group');
call audit.follow('internal_request');
call audit.follow('case_outcome');

set role utvag_owner;

-- What somebody may be told in a meeting or a request: whom it is about, as the consent stands in this moment.
create function consent_to_tell(wanted_case uuid, one_of consent_recipient[], on_day date) returns uuid
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select c.id from consent c
  where c.case_id = wanted_case and c.kind in ('information_exchange', 'sig', 'sip', 'provider', 'other_committee')
    and c.recipients && one_of and 'identity' = any (c.categories) and c.withdrawn_at is null
    and on_day between c.given_on and c.valid_to
  order by c.valid_to desc, c.id limit 1
$$;

-- The consent of a kind that holds on the day.
create function consent_of_kind(wanted_case uuid, wanted consent_kind, on_day date) returns uuid
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select c.id from consent c
  where c.case_id = wanted_case and c.kind = wanted and c.withdrawn_at is null and on_day between c.given_on and c.valid_to
  order by c.valid_to desc, c.id limit 1
$$;

-- What a SIG group is worth on a day. Asked each time it is shown: a consent that is taken back ends it in that moment.
create function sig_status(one sig_group, on_day date) returns text
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select case
    when not exists (select 1 from consent c where c.id = one.consent_id and c.withdrawn_at is null and on_day <= c.valid_to)
      then 'no_consent'
    when one.to_day < on_day then 'ended'
    when one.from_day > on_day then 'planned'
    else 'going_on' end
$$;
grant execute on function consent_to_tell, consent_of_kind, sig_status to utvag_user;

-- What stands, stands --------------------------------------------------------------------------------------------------
create function way_back_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'what was assessed or recorded stands' using errcode = '23514', constraint = 'way_back_stands';
end
$$;
create trigger return_assessment_stands before update or delete on return_assessment
  for each row execute function way_back_stands();
create trigger case_outcome_stands before update or delete on case_outcome for each row execute function way_back_stands();

create function return_assessment_based() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  -- To return on what has gone out of date can cost a life; to stay cannot.
  if not exists (select 1 from threat_assessment t
                 where t.id = new.threat_assessment_id and t.case_id = new.case_id and t.status = 'confirmed'
                   and new.assessed_on >= t.assessed_on
                   and (new.result <> 'can_return' or new.assessed_on <= t.valid_until)) then
    raise exception 'no confirmed assessment of threat' using errcode = '23514', constraint = 'return_assessment_based';
  end if;
  return new;
end
$$;
create trigger return_assessment_based before insert on return_assessment
  for each row execute function return_assessment_based();

create function joint_meeting_moves() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE' or old.status <> 'planned' or new.id <> old.id or new.case_id <> old.case_id
     or new.planned_by <> old.planned_by then
    raise exception 'a meeting that was held stands' using errcode = '23514', constraint = 'joint_meeting_stands';
  end if;
  -- A consent that was taken back after the invitation covers nothing that is said.
  if new.status = 'held' and exists (
       select 1 from joint_meeting_guest g
       where g.meeting_id = new.id and g.ground = 'consent'
         and consent_to_tell(new.case_id, array[g.recipient], (new.meets_at at time zone 'Europe/Stockholm')::date) is null) then
    raise exception 'no consent covers somebody in the meeting' using errcode = '23514', constraint = 'joint_meeting_consent';
  end if;
  return new;
end
$$;
create trigger joint_meeting_moves before update or delete on joint_meeting
  for each row execute function joint_meeting_moves();

create function joint_meeting_company() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  meeting constant uuid := case tg_op when 'DELETE' then old.meeting_id else new.meeting_id end;
begin
  if tg_op = 'UPDATE' or not exists (select 1 from joint_meeting m where m.id = meeting and m.status = 'planned') then
    raise exception 'a meeting that was held stands' using errcode = '23514', constraint = 'joint_meeting_stands';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger joint_meeting_stands before insert or update or delete on joint_meeting_colleague
  for each row execute function joint_meeting_company();
create trigger joint_meeting_stands before insert or update or delete on joint_meeting_guest
  for each row execute function joint_meeting_company();

create function joint_meeting_named() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select 1 from assignment a
                 where a.case_id = new.case_id and a.account_id = new.account_id and a.ended_at is null) then
    raise exception 'not named in the case' using errcode = '23514', constraint = 'joint_meeting_named';
  end if;
  return new;
end
$$;
create trigger joint_meeting_named before insert on joint_meeting_colleague
  for each row execute function joint_meeting_named();

create function joint_meeting_grounded() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.ground = 'consent' and not exists (
       select 1 from joint_meeting m join consent c on c.id = new.consent_id and c.case_id = m.case_id
       where m.id = new.meeting_id and new.recipient = any (c.recipients) and c.withdrawn_at is null
         and consent_to_tell(m.case_id, array[new.recipient], (m.meets_at at time zone 'Europe/Stockholm')::date) is not null) then
    raise exception 'no consent covers somebody in the meeting' using errcode = '23514', constraint = 'joint_meeting_consent';
  end if;
  return new;
end
$$;
create trigger joint_meeting_grounded before insert on joint_meeting_guest
  for each row execute function joint_meeting_grounded();

create function sig_group_consented() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE' or (tg_op = 'UPDATE' and (to_jsonb(new) - array['members', 'plan', 'to_day', 'changed_at', 'version'])
       is distinct from (to_jsonb(old) - array['members', 'plan', 'to_day', 'changed_at', 'version'])) then
    raise exception 'a group stands as it was formed' using errcode = '23514', constraint = 'sig_group_stands';
  end if;
  if not exists (select 1 from consent c
                 where c.id = new.consent_id and c.case_id = new.case_id and c.kind = 'sig' and c.withdrawn_at is null
                   and (new.changed_at at time zone 'Europe/Stockholm')::date between c.given_on and c.valid_to) then
    raise exception 'no group without consent' using errcode = '23514', constraint = 'sig_group_consent';
  end if;
  return new;
end
$$;
create trigger sig_group_consented before insert or update or delete on sig_group
  for each row execute function sig_group_consented();

create function internal_request_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    if new.ground = 'consent' and not exists (
         select 1 from consent c
         where c.id = new.consent_id and c.case_id = new.case_id and c.withdrawn_at is null
           and new.sent_on between c.given_on and c.valid_to and 'identity' = any (c.categories)
           and c.recipients && case when new.kind in ('economic_assistance', 'schooling')
                                    then array['gaf', 'other_committee'] else array['other_committee'] end::consent_recipient[]) then
      raise exception 'no consent covers the request' using errcode = '23514', constraint = 'internal_request_covered';
    end if;
    return new;
  end if;
  if tg_op = 'DELETE' or old.answer is not null or new.answer is null
     or (to_jsonb(new) - array['answer', 'answered_on', 'answer_by'])
        is distinct from (to_jsonb(old) - array['answer', 'answered_on', 'answer_by']) then
    raise exception 'what was told stands' using errcode = '23514', constraint = 'internal_request_stands';
  end if;
  return new;
end
$$;
create trigger internal_request_stands before insert or update or delete on internal_request
  for each row execute function internal_request_stands();

create function case_outcome_allowed() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  closed constant date := (select c.closed_on from case_file c where c.id = new.case_id);
  months constant int := case new.moment when 'months_6' then 6 when 'months_12' then 12 when 'months_24' then 24 end;
begin
  if (closed is null) <> (new.moment = 'closing') then
    raise exception 'not the time for it' using errcode = '23514', constraint = 'case_outcome_moment';
  end if;
  if closed is null then
    return new;
  end if;
  -- From a month before: people are met when they can be.
  if new.known_on < (closed + make_interval(months => months - 1))::date then
    raise exception 'not the time for it' using errcode = '23514', constraint = 'case_outcome_moment';
  end if;
  if not exists (select 1 from consent c
                 where c.id = new.consent_id and c.case_id = new.case_id and c.kind = 'after_closing' and c.withdrawn_at is null
                   and new.known_on between c.given_on and c.valid_to) then
    raise exception 'nobody is followed without consent' using errcode = '23514', constraint = 'case_outcome_consented';
  end if;
  return new;
end
$$;
create trigger case_outcome_allowed before insert on case_outcome for each row execute function case_outcome_allowed();

create function case_file_outcome() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  -- A broken identity says itself how it went, and nothing more is to be known of it.
  if new.close_reason::text <> 'identity_change'
     and not exists (select 1 from case_outcome o where o.case_id = new.id and o.moment = 'closing') then
    raise exception 'how it went is recorded first' using errcode = '23514', constraint = 'case_file_outcome';
  end if;
  return new;
end
$$;
create trigger case_file_outcome before update on case_file
  for each row when (old.closed_on is null and new.closed_on is not null) execute function case_file_outcome();

create function placement_unsafe() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.unsafe_reason is distinct from old.unsafe_reason
     or tg_op = 'INSERT' and new.unsafe_reason is not null and sec.actor_role() is distinct from 'manager' then
    raise exception 'only the manager places somewhere unsafe' using errcode = '23514', constraint = 'placement_unsafe';
  end if;
  return new;
end
$$;
create trigger placement_unsafe before insert or update on placement for each row execute function placement_unsafe();
reset role;
alter table return_assessment enable always trigger return_assessment_stands;
alter table return_assessment enable always trigger return_assessment_based;
alter table joint_meeting enable always trigger joint_meeting_moves;
alter table joint_meeting_colleague enable always trigger joint_meeting_stands;
alter table joint_meeting_colleague enable always trigger joint_meeting_named;
alter table joint_meeting_guest enable always trigger joint_meeting_stands;
alter table joint_meeting_guest enable always trigger joint_meeting_grounded;
alter table sig_group enable always trigger sig_group_consented;
alter table internal_request enable always trigger internal_request_stands;
alter table case_outcome enable always trigger case_outcome_stands;
alter table case_outcome enable always trigger case_outcome_allowed;
alter table case_file enable always trigger case_file_outcome;
alter table placement enable always trigger placement_unsafe;
