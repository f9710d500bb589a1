-- The police's assessment of threat, as a chain of versions. What was confirmed is never changed: a new version takes its
-- place. One registers what the police said, another confirms it.

set role utvag_owner;

create type police_body as enum ('lpo', 'noa', 'bops', 'region');
create type received_via as enum ('meeting', 'secure_message', 'letter', 'phone');
create type criminality_degree as enum ('not_assessed', 'peripheral', 'active', 'central', 'leading');
create type threat_kind as enum ('none', 'latent', 'concrete', 'unknown');
create type threat_level as enum ('l0', 'l1', 'l2', 'l3', 'l4', 'not_graded');
create type protection_need as enum ('none', 'relocation', 'protected_housing', 'police_protection', 'not_assessed');
create type return_possible as enum ('yes', 'no', 'not_yet', 'unknown');
create type threat_status as enum ('received', 'confirmed', 'superseded', 'rejected', 'withdrawn');
create type condition_met as enum ('yes', 'no', 'unknown');

create table threat_assessment (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  version_no int not null check (version_no > 0),
  body police_body not null,
  police_ref bytea,                      -- sealed
  assessed_on date not null,
  received_on date not null,
  received_via received_via not null,
  criminality criminality_degree not null,
  kind threat_kind not null,
  level threat_level not null,
  protection protection_need not null,
  -- Sealed: places where the person is not safe, one a line; empty is an answer ("none known").
  unsafe_areas bytea not null,
  return_possible return_possible not null,
  meets_definition condition_met not null,
  is_motivated condition_met not null,
  consents condition_met not null,
  has_signed condition_met not null,
  is_not_witness condition_met not null,
  released_summary bytea,                -- sealed: only what the police released for the file (18 kap. OSL)
  valid_until date not null,
  status threat_status not null default 'received',
  registered_by uuid not null references account (id),
  registered_at timestamptz not null default now(),
  settled_by uuid references account (id),
  settled_at timestamptz,
  settled_reason bytea,                  -- sealed: why it was rejected or withdrawn
  version int not null default 1,
  constraint threat_assessment_version unique (case_id, version_no),
  constraint threat_assessment_days check (received_on >= assessed_on and valid_until >= assessed_on
    and valid_until <= assessed_on + 365),
  -- "None" is said only where no threat is known.
  constraint threat_assessment_none check (level <> 'l0' or kind = 'none'),
  constraint threat_assessment_four_eyes check (settled_by is null or status in ('superseded', 'withdrawn')
    or settled_by <> registered_by),
  constraint threat_assessment_settled check ((status = 'received') = (settled_by is null)
    and (settled_by is null) = (settled_at is null))
);
create unique index threat_assessment_one_confirmed on threat_assessment (case_id) where status = 'confirmed';
create unique index threat_assessment_one_waiting on threat_assessment (case_id) where status = 'received';

alter table threat_assessment enable row level security;
alter table threat_assessment force row level security;
create policy reach on threat_assessment for select to utvag_user
  using (exists (select 1 from case_file c where c.id = case_id));
create policy registering on threat_assessment for insert to utvag_user with check (
  registered_by = (select sec.actor_id()) and status = 'received'
  and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
create policy settling on threat_assessment for update to utvag_user
  using (status in ('received', 'confirmed') and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
         and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null))
  with check (settled_by = (select sec.actor_id()) or status = 'superseded');
grant select, insert on threat_assessment to utvag_user;
grant update (status, settled_by, settled_at, settled_reason, version) on threat_assessment to utvag_user;

reset role;
call audit.follow('threat_assessment');

-- Nothing but the way to an end changes: the content of a version stands as it was registered.
set role utvag_owner;
create function threat_assessment_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if (to_jsonb(new) - array['status', 'settled_by', 'settled_at', 'settled_reason', 'version'])
     is distinct from (to_jsonb(old) - array['status', 'settled_by', 'settled_at', 'settled_reason', 'version'])
     or not ((old.status = 'received' and new.status in ('confirmed', 'rejected'))
             or (old.status = 'confirmed' and new.status in ('superseded', 'withdrawn'))) then
    raise exception 'a registered assessment stands' using errcode = '23514', constraint = 'threat_assessment_stands';
  end if;
  return new;
end
$$;
create trigger threat_assessment_stands before update on threat_assessment
  for each row execute function threat_assessment_stands();
reset role;
alter table threat_assessment enable always trigger threat_assessment_stands;
