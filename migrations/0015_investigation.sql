-- What the person wants, what they need and what is proposed: assessments of motivation, investigations with the areas of
-- support in numbered versions, and the children. What is signed or completed is never changed.

set role utvag_owner;

create type motivation_stage as enum ('not_considering', 'ambivalent', 'preparing', 'committed', 'maintaining');
create type investigation_kind as enum ('application', 'other_way', 'review');
create type investigation_status as enum ('ongoing', 'communicated', 'completed', 'decided', 'discontinued');
create type communication_exception as enum ('obvious', 'harder', 'urgent');
create type support_area as enum ('housing', 'economy', 'work', 'education', 'substance', 'mental_health',
  'physical_health', 'family', 'network', 'debts', 'routines', 'protected_data', 'legal', 'criminal_thinking', 'leisure');
create type support_need as enum ('none', 'small', 'moderate', 'large');
create type has_children as enum ('yes', 'no', 'unknown');
create type child_answer as enum ('yes', 'no', 'not_applicable');

-- Whether there are children that what happens in the case concerns. Nobody has asked until somebody has.
alter table case_file add column has_children has_children not null default 'unknown';
grant update (has_children) on case_file to utvag_user;

create table motivation_assessment (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  number int not null check (number > 0),
  assessed_on date not null,
  stage motivation_stage not null,
  own_words bytea,                       -- sealed
  obstacles bytea,                       -- sealed
  resources bytea,                       -- sealed
  assessor uuid not null references account (id),
  signed_at timestamptz not null default now(),
  constraint motivation_assessment_number unique (case_id, number)
);

create table investigation (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  number int not null check (number > 0),
  kind investigation_kind not null,
  started_on date not null,
  start_decision_id uuid not null,       -- a decision of the case: `investigation_begins` says of which kind
  target_on date not null,
  extended_to date,
  extension_reason bytea,                -- sealed
  delay_notice_sent_on date,             -- 11 § FL
  party_demanded_ruling_on date,         -- 12 § FL
  material_communicated_on date,         -- 25 § FL
  communication_exception communication_exception,
  reply_due_on date,
  reply_received_on date,
  summary bytea,                         -- sealed
  analysis bytea,                        -- sealed
  proposal bytea,                        -- sealed
  status investigation_status not null default 'ongoing',
  completed_on date,
  completed_by uuid references account (id),
  ruling_id uuid,                        -- the decision that it led to
  discontinued_on date,
  discontinued_reason bytea,             -- sealed
  created_by uuid not null references account (id),
  created_at timestamptz not null default now(),
  -- Who wrote the texts last, and in which version they are: what is registered beside them has a version of its own.
  edited_by uuid not null references account (id),
  edited_at timestamptz not null,
  text_version int not null default 1,
  version int not null default 1,
  constraint investigation_number unique (case_id, number),
  unique (id, case_id),
  constraint investigation_days check (target_on >= started_on and extended_to > target_on
    and delay_notice_sent_on >= started_on and party_demanded_ruling_on >= started_on
    and material_communicated_on >= started_on),
  constraint investigation_extended check ((extended_to is null) = (extension_reason is null)),
  constraint investigation_heard check (material_communicated_on is null or communication_exception is null),
  constraint investigation_reply check ((reply_due_on is null and reply_received_on is null
    or material_communicated_on is not null) and reply_due_on >= material_communicated_on
    and reply_received_on >= material_communicated_on),
  constraint investigation_communicated check (status <> 'communicated' or material_communicated_on is not null),
  constraint investigation_completed check ((status in ('completed', 'decided')) = (completed_on is not null)
    and (completed_on is null) = (completed_by is null) and completed_on >= started_on),
  constraint investigation_texts check (completed_on is null
    or (summary is not null and analysis is not null and proposal is not null)),
  constraint investigation_party_heard check (completed_on is null
    or material_communicated_on is not null or communication_exception is not null),
  constraint investigation_decided check ((status = 'decided') = (ruling_id is not null)),
  constraint investigation_discontinued check ((status = 'discontinued') = (discontinued_on is not null)
    and (discontinued_on is null) = (discontinued_reason is null) and discontinued_on >= started_on)
);
create unique index investigation_one_ongoing on investigation (case_id) where status in ('ongoing', 'communicated');

-- A version of the whole assessment of support. A new one never takes the place of what was said before.
create table support_assessment (
  id uuid primary key,
  investigation_id uuid not null,
  case_id uuid not null,
  number int not null check (number > 0),
  saved_on date not null,
  saved_by uuid not null references account (id),
  saved_at timestamptz not null default now(),
  foreign key (investigation_id, case_id) references investigation (id, case_id),
  constraint support_assessment_number unique (investigation_id, number),
  unique (id, case_id)
);
create index support_assessment_case on support_assessment (case_id);

create table support_area_assessment (
  id uuid primary key,
  support_id uuid not null,
  case_id uuid not null,
  area support_area not null,
  need support_need not null,
  facts bytea,                           -- sealed
  person_view bytea not null,            -- sealed
  assessment bytea,                      -- sealed
  proposed_intervention bytea,           -- sealed
  foreign key (support_id, case_id) references support_assessment (id, case_id),
  constraint support_area_assessment_once unique (support_id, area),
  constraint support_area_assessment_grounded check (need = 'none' or (facts is not null and assessment is not null))
);

create table child_perspective (
  id uuid primary key,
  investigation_id uuid not null,
  case_id uuid not null,
  number int not null check (number > 0),
  label bytea not null,                  -- sealed: what the child is called here, without a name
  birth_year int not null check (birth_year between 1990 and 2100),
  informed child_answer not null,
  heard child_answer not null,
  not_heard_reason bytea,                -- sealed
  effect bytea not null,                 -- sealed: what the support means for the child
  best_interest bytea not null,          -- sealed
  contact_plan bytea,                    -- sealed
  concern_report_needed boolean not null,
  concern_made_on date,
  concern_to_unit bytea,                 -- sealed
  saved_by uuid not null references account (id),
  saved_on date not null,
  version int not null default 1,
  foreign key (investigation_id, case_id) references investigation (id, case_id),
  constraint child_perspective_number unique (investigation_id, number),
  constraint child_perspective_reason check (not_heard_reason is not null or (informed <> 'no' and heard <> 'no')),
  constraint child_perspective_concern check ((concern_made_on is null) = (concern_to_unit is null)
    and (concern_report_needed or concern_made_on is null))
);
create index child_perspective_case on child_perspective (case_id);

do $$
declare
  name text;
begin
  foreach name in array array['motivation_assessment', 'investigation', 'support_assessment', 'support_area_assessment',
      'child_perspective'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy reach on %I for select to utvag_user
      using (exists (select 1 from case_file c where c.id = case_id offset 0))', name);
    execute format('grant select, insert on %I to utvag_user', name);
  end loop;
end
$$;

create policy assessing on motivation_assessment for insert to utvag_user with check (
  assessor = (select sec.actor_id()) and (select sec.actor_role()) = 'caseworker'
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));

create policy starting on investigation for insert to utvag_user with check (
  created_by = (select sec.actor_id()) and edited_by = (select sec.actor_id()) and status = 'ongoing'
  and (select sec.actor_role()) = 'caseworker'
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
create policy investigating on investigation for update to utvag_user
  using ((select sec.actor_role()) = 'caseworker'
         and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null))
  with check (true);
grant update (extended_to, extension_reason, delay_notice_sent_on, party_demanded_ruling_on, material_communicated_on,
  communication_exception, reply_due_on, reply_received_on, summary, analysis, proposal, status, completed_on, completed_by,
  ruling_id, discontinued_on, discontinued_reason, edited_by, edited_at, text_version, version) on investigation to utvag_user;

create policy assessing on support_assessment for insert to utvag_user with check (
  saved_by = (select sec.actor_id()) and (select sec.actor_role()) = 'caseworker'
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
-- `now()` is the transaction's start: an area is part of its version from the beginning, or never.
create policy assessing on support_area_assessment for insert to utvag_user with check (
  exists (select 1 from support_assessment s
          where s.id = support_id and s.saved_by = (select sec.actor_id()) and s.saved_at = now()));

create policy seeing on child_perspective for insert to utvag_user with check (
  saved_by = (select sec.actor_id()) and (select sec.actor_role()) = 'caseworker'
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
create policy mending on child_perspective for update to utvag_user
  using ((select sec.actor_role()) = 'caseworker'
         and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null))
  with check (saved_by = (select sec.actor_id()));
grant update (label, birth_year, informed, heard, not_heard_reason, effect, best_interest, contact_plan,
  concern_report_needed, concern_made_on, concern_to_unit, saved_by, saved_on, version) on child_perspective to utvag_user;

reset role;
call audit.follow('motivation_assessment');
call audit.follow('investigation');
call audit.follow('support_assessment');
call audit.follow('support_area_assessment');
call audit.follow('child_perspective');

set role utvag_owner;

create function assessed_stands() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'what was assessed stands' using errcode = '23514', constraint = tg_table_name || '_stands';
end
$$;

-- An investigation begins with a decision to open it. Decisions come after this migration, so no foreign key says it.
create function investigation_begins() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select 1 from decision d
                 where d.id = new.start_decision_id and d.case_id = new.case_id and d.type = 'open_investigation'
                   and d.signed_by is not null and d.outcome not in ('rejected', 'dismissed')) then
    raise exception 'nobody has decided to open an investigation'
      using errcode = '23514', constraint = 'investigation_start_decision';
  end if;
  if exists (select 1 from case_file c where c.id = new.case_id and new.started_on < c.opened_on) then
    raise exception 'begun before the case' using errcode = '23514', constraint = 'investigation_started';
  end if;
  return new;
end
$$;

-- Only the ways that there are, and nothing of what is completed. The same as `missing` in src/investigation/model.rs.
create function investigation_moves() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  changed text[] := (select coalesce(array_agg(n.key), '{}') from jsonb_each(to_jsonb(new)) n
                     where n.value is distinct from to_jsonb(old) -> n.key);
  born constant text[] := array['id', 'case_id', 'number', 'kind', 'started_on', 'start_decision_id', 'target_on',
    'created_by', 'created_at'];
  way constant text := old.status || ' ' || new.status;
  is_open constant boolean := old.status in ('ongoing', 'communicated');
begin
  if changed && born or (not is_open and not changed <@ array['status', 'ruling_id', 'version']) then
    raise exception 'a completed investigation stands' using errcode = '23514', constraint = 'investigation_stands';
  end if;
  if not ((is_open and old.status = new.status) or way in ('ongoing communicated', 'ongoing completed',
      'communicated completed', 'ongoing discontinued', 'completed decided')) then
    raise exception 'there is no such way for an investigation' using errcode = '23514', constraint = 'investigation_moves';
  end if;
  if new.status = 'completed' then
    if exists (select unnest(array['housing', 'economy', 'work', 'family', 'network', 'substance', 'routines']::support_area[])
               except
               select a.area from support_area_assessment a join support_assessment s on s.id = a.support_id
               where s.investigation_id = new.id
                 and s.number = (select max(l.number) from support_assessment l where l.investigation_id = new.id)) then
      raise exception 'areas are not assessed' using errcode = '23514', constraint = 'investigation_areas';
    end if;
    if exists (select 1 from case_file c where c.id = new.case_id and (c.has_children = 'unknown'
                 or (c.has_children = 'yes'
                     and not exists (select 1 from child_perspective p where p.investigation_id = new.id)))) then
      raise exception 'the children are not seen' using errcode = '23514', constraint = 'investigation_children';
    end if;
    if exists (select 1 from child_perspective p
               where p.investigation_id = new.id and p.concern_report_needed and p.concern_made_on is null) then
      raise exception 'a report of concern is lacking' using errcode = '23514', constraint = 'investigation_concern';
    end if;
  end if;
  if new.status = 'decided' and not exists (
       select 1 from decision d
       where d.id = new.ruling_id and d.case_id = new.case_id and d.type <> 'open_investigation'
         and d.signed_by is not null and d.decided_on >= new.completed_on) then
    raise exception 'nobody has decided on it' using errcode = '23514', constraint = 'investigation_ruling';
  end if;
  return new;
end
$$;

-- Areas and children are written while the investigation is. A report of concern never comes too late.
create function investigation_is_open() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  is_open constant boolean := (select i.status in ('ongoing', 'communicated') from investigation i
                               where i.id = new.investigation_id for share);
  reported constant text[] := array['concern_made_on', 'concern_to_unit', 'saved_by', 'saved_on', 'version'];
begin
  if tg_op = 'UPDATE' then
    if new.id <> old.id or new.case_id <> old.case_id or new.investigation_id <> old.investigation_id
       or new.number <> old.number then
      raise exception 'a child stays where it is' using errcode = '23514', constraint = 'child_perspective_stands';
    end if;
    if old.concern_made_on is null and to_jsonb(new) - reported = to_jsonb(old) - reported then
      return new;
    end if;
  end if;
  if is_open is distinct from true then
    raise exception 'a completed investigation stands' using errcode = '23514', constraint = 'investigation_stands';
  end if;
  return new;
end
$$;

create function case_file_children() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.has_children <> 'yes' and exists (
       select 1 from child_perspective p join investigation i on i.id = p.investigation_id
       where p.case_id = new.id and i.status in ('ongoing', 'communicated')) then
    raise exception 'there are children' using errcode = '23514', constraint = 'case_file_children';
  end if;
  return new;
end
$$;

create trigger motivation_assessment_stands before update or delete on motivation_assessment
  for each row execute function assessed_stands();
create trigger support_assessment_stands before update or delete on support_assessment
  for each row execute function assessed_stands();
create trigger support_area_assessment_stands before update or delete on support_area_assessment
  for each row execute function assessed_stands();
create trigger child_perspective_kept before delete on child_perspective for each row execute function assessed_stands();
create trigger investigation_kept before delete on investigation for each row execute function assessed_stands();
create trigger investigation_begins before insert on investigation for each row execute function investigation_begins();
create trigger investigation_moves before update on investigation for each row execute function investigation_moves();
create trigger investigation_is_open before insert on support_assessment
  for each row execute function investigation_is_open();
create trigger investigation_is_open before insert or update on child_perspective
  for each row execute function investigation_is_open();
create trigger case_file_children before update of has_children on case_file
  for each row execute function case_file_children();
reset role;
alter table motivation_assessment enable always trigger motivation_assessment_stands;
alter table support_assessment enable always trigger support_assessment_stands;
alter table support_area_assessment enable always trigger support_area_assessment_stands;
alter table child_perspective enable always trigger child_perspective_kept;
alter table investigation enable always trigger investigation_kept;
alter table investigation enable always trigger investigation_begins;
alter table investigation enable always trigger investigation_moves;
alter table support_assessment enable always trigger investigation_is_open;
alter table child_perspective enable always trigger investigation_is_open;
alter table case_file enable always trigger case_file_children;
