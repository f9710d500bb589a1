-- How a person comes to the programme: what was told, by whom it came, and what was made of it. A person row is made
-- with the case and not before; until then the identity that was told stands here, sealed. Contacts with the police
-- begin before there is a case, so they stand here too.

set role utvag_owner;

create type intake_source as enum ('own', 'police_lpo', 'police_noa', 'police_bops', 'police_contact_point',
  'prison_probation', 'sis', 'social_internal', 'gaf', 'school', 'sig', 'outreach', 'relative', 'civil_society', 'health',
  'other_municipality', 'employment_agency', 'anonymous', 'other');
create type intake_outcome as enum ('start_investigation', 'joined_existing_case', 'no_investigation',
  'referred_child_unit', 'referred_other', 'withdrawn', 'advice_only');
create type contact_channel as enum ('phone', 'secure_message', 'meeting');
create type contact_ground as enum ('consent', 'necessary', 'crime_prevention', 'young_crime_risk', 'police_source');

create table intake (
  id uuid primary key,
  received_on date not null,
  source intake_source not null,
  is_anonymous boolean not null,         -- an anonymous consultation
  is_minor boolean not null,             -- under 18 on the day it came in
  is_acute boolean not null,
  informant_protected boolean not null,  -- 26 kap. 5 § OSL
  description bytea,                     -- sealed
  number_kind identity_kind,
  number bytea,                          -- sealed
  number_blind bytea check (length(number_blind) = 16),
  given_name bytea,                      -- sealed
  family_name bytea,                     -- sealed
  birth_date bytea,                      -- sealed
  sex sex_code,
  unit_id uuid not null references org_unit (id),
  case_id uuid references case_file (id),
  outcome intake_outcome,
  outcome_reason bytea,                  -- sealed
  decided_on date,
  decided_by uuid references account (id),
  registered_by uuid not null references account (id),
  registered_at timestamptz not null default now(),
  version int not null default 1,
  -- Of somebody under 18 nothing is kept but that they were handed over, and when.
  constraint intake_minor check (not is_minor or (not is_anonymous and outcome = 'referred_child_unit'
    and description is null and outcome_reason is null)),
  constraint intake_only_minors_handed_over check (is_minor or outcome is distinct from 'referred_child_unit'),
  constraint intake_description check (is_minor or description is not null),
  -- Everything about a person, or nothing.
  constraint intake_person check (case when is_anonymous or is_minor
    then num_nonnulls(number_kind, number, number_blind, given_name, family_name, birth_date, sex) = 0
    else num_nulls(number_kind, number, number_blind, given_name, family_name, sex) = 0 end),
  constraint intake_case check ((case_id is not null)
    = coalesce(outcome in ('start_investigation', 'joined_existing_case'), false)),
  constraint intake_case_of_a_person check (case_id is null or number is not null),
  constraint intake_decided check (num_nulls(outcome, decided_on, decided_by) in (0, 3)
    and decided_on >= received_on),
  constraint intake_reason check ((outcome_reason is not null)
    = coalesce(outcome in ('no_investigation', 'referred_other', 'withdrawn', 'advice_only'), false))
);
create index intake_waiting on intake (received_on, id) where outcome is null;
create index intake_done on intake (decided_on desc, id) where outcome is not null;
create index intake_case on intake (case_id) where case_id is not null;
create index intake_blind on intake (number_blind) where number_blind is not null;

create table police_contact (
  id uuid primary key,
  case_id uuid references case_file (id),
  intake_id uuid references intake (id),
  body police_body not null,
  happened_at timestamptz not null,
  channel contact_channel not null,
  is_anonymous boolean not null,
  ground contact_ground,                 -- why the police may know who it is about
  consent_id uuid,
  weighing bytea,                        -- sealed
  summary bytea not null,                -- sealed
  registered_by uuid not null references account (id),
  registered_at timestamptz not null default now(),
  constraint police_contact_about check (num_nonnulls(case_id, intake_id) = 1),
  constraint police_contact_ground check (is_anonymous = (ground is null)),
  constraint police_contact_consent check ((consent_id is not null) = coalesce(ground = 'consent', false)),
  constraint police_contact_weighing check ((weighing is not null)
    = coalesce(ground in ('necessary', 'crime_prevention', 'young_crime_risk'), false))
);
create index police_contact_case on police_contact (case_id, happened_at desc) where case_id is not null;
create index police_contact_intake on police_contact (intake_id, happened_at desc) where intake_id is not null;

alter table intake enable row level security;
alter table intake force row level security;
-- What waits is seen by who took it in, by coordinators, and by the unit's manager; what has a case, by who sees the case.
create policy reach on intake for select to utvag_user using (
  case when case_id is not null then exists (select 1 from case_file c where c.id = intake.case_id)
    else case (select sec.actor_role())
      when 'caseworker' then registered_by = (select sec.actor_id())
      when 'coordinator' then true
      when 'manager' then unit_id = (select sec.actor_unit())
      else false end
  end);
create policy registering on intake for insert to utvag_user with check (
  (select sec.actor_role()) in ('caseworker', 'coordinator') and registered_by = (select sec.actor_id())
  and unit_id = (select sec.actor_unit()) and case_id is null
  and (outcome is null or (is_minor and decided_by = (select sec.actor_id()))));
create policy settling on intake for update to utvag_user
  using (outcome is null and (select sec.actor_role()) in ('caseworker', 'coordinator'))
  with check (outcome is not null and decided_by = (select sec.actor_id())
    and (outcome <> 'joined_existing_case' or (select sec.actor_role()) = 'coordinator')
    and (case_id is null or exists (select 1 from case_file c where c.id = intake.case_id and c.closed_on is null)));
grant select, insert on intake to utvag_user;
grant update (case_id, outcome, outcome_reason, decided_on, decided_by, version) on intake to utvag_user;

alter table police_contact enable row level security;
alter table police_contact force row level security;
create policy reach on police_contact for select to utvag_user using (
  exists (select 1 from case_file c where c.id = police_contact.case_id)
  or exists (select 1 from intake i where i.id = police_contact.intake_id));
create policy registering on police_contact for insert to utvag_user with check (
  registered_by = (select sec.actor_id()) and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and (exists (select 1 from case_file c where c.id = police_contact.case_id and c.closed_on is null)
       or exists (select 1 from intake i where i.id = police_contact.intake_id and i.outcome is null)));
grant select, insert on police_contact to utvag_user;

-- The consent on which the police may be told who the case is about, on a day. There are no consents yet, so it finds
-- none: whoever keeps them puts another body in its place and lets police_contact.consent_id point to them.
create function police_consent(wanted_case uuid, recipient police_body, on_day date) returns uuid
language sql stable set search_path = pg_catalog, public, pg_temp as $$ select null::uuid $$;
grant execute on function police_consent to utvag_user;

reset role;
call audit.follow('intake');
call audit.follow('police_contact');

set role utvag_owner;

-- What was told stands as it was told, and what was made of it is said once. It goes to a case of the same person.
create function intake_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE' or old.outcome is not null
     or (to_jsonb(new) - array['case_id', 'outcome', 'outcome_reason', 'decided_on', 'decided_by', 'version'])
        is distinct from (to_jsonb(old) - array['case_id', 'outcome', 'outcome_reason', 'decided_on', 'decided_by', 'version']) then
    raise exception 'a registered intake stands' using errcode = '23514', constraint = 'intake_stands';
  end if;
  if new.case_id is not null and not exists (
    select 1 from case_file c join person_identity i on i.person_id = c.person_id
    where c.id = new.case_id and i.number_blind = new.number_blind
  ) then
    raise exception 'an intake goes to a case of the same person' using errcode = '23514', constraint = 'intake_same_person';
  end if;
  return new;
end
$$;
create trigger intake_stands before update or delete on intake for each row execute function intake_stands();

create function police_contact_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'a registered contact stands' using errcode = '23514', constraint = 'police_contact_stands';
end
$$;
create trigger police_contact_stands before update or delete on police_contact
  for each row execute function police_contact_stands();

-- A consent is one that holds on the day, for who was spoken to.
create function police_contact_consents() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.ground = 'consent' and new.consent_id is distinct from police_consent(
    coalesce(new.case_id, (select i.case_id from intake i where i.id = new.intake_id)), new.body,
    (new.happened_at at time zone 'Europe/Stockholm')::date
  ) then
    raise exception 'no consent covers the contact' using errcode = '23514', constraint = 'police_contact_consents';
  end if;
  return new;
end
$$;
create trigger police_contact_consents before insert on police_contact
  for each row execute function police_contact_consents();
reset role;
alter table intake enable always trigger intake_stands;
alter table police_contact enable always trigger police_contact_stands;
alter table police_contact enable always trigger police_contact_consents;
