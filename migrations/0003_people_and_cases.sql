-- The person, the case, and who works with it. Names and numbers are sealed by the program before they come here.

set role utvag_owner;

create type sex_code as enum ('woman', 'man', 'unknown');
create type identity_kind as enum ('personnummer', 'samordningsnummer', 'temporary');
create type case_status as enum ('registered', 'assessing', 'investigating', 'active', 'step_down', 'dormant', 'closing',
  'closed', 'not_opened', 'transferred');
create type programme_status as enum ('candidate', 'admitted', 'not_admitted', 'left');
create type needs_profile as enum ('dependency_and_exit', 'exit_only', 'other');
create type protection_level as enum ('standard', 'restricted', 'closed_circle');
create type responsible_municipality_basis as enum ('resident', 'placed_by_us', 'prison_hospital', 'staying', 'application_other');
create type assignment_kind as enum ('responsible', 'deputy', 'co_worker', 'coordinator', 'named_circle');
create type close_reason as enum ('goal_reached', 'interrupted', 'moved', 'not_admitted', 'other');

create table person (
  id uuid primary key,
  sex sex_code not null,
  birth_date bytea,                   -- sealed
  created_at timestamptz not null default now(),
  created_by uuid not null references account (id),
  version int not null default 1
);

create table person_identity (
  id uuid primary key,
  person_id uuid not null references person (id),
  kind identity_kind not null,
  number bytea not null,              -- sealed
  -- Keyed hash for exact search. Not unique: a unique key sees rows that its writer may not, and would tell that they exist.
  number_blind bytea not null check (length(number_blind) = 16),
  given_name bytea not null,          -- sealed
  family_name bytea not null,         -- sealed
  valid_from date not null,
  valid_to date check (valid_to >= valid_from)
);
create index person_identity_person on person_identity (person_id);
create index person_identity_blind on person_identity (number_blind);

create table case_file (
  id uuid primary key,
  reference text not null unique check (reference ~ '^AVH-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{3}$'),
  code_name text not null,
  economy_pseudonym text not null unique check (economy_pseudonym ~ '^K-[0-9A-HJKMNP-TV-Z]{6}$'),
  person_id uuid not null references person (id),
  opened_on date not null,
  owner_unit_id uuid not null references org_unit (id),
  status case_status not null default 'registered',
  programme_status programme_status not null default 'candidate',
  needs_profile needs_profile,
  protection_level protection_level not null default 'standard',
  home_district_id uuid references district (id),
  municipality_basis responsible_municipality_basis not null,
  earlier_case_id uuid references case_file (id),
  closed_on date check (closed_on >= opened_on),
  close_reason close_reason,
  created_at timestamptz not null default now(),
  created_by uuid not null references account (id),
  version int not null default 1,
  unique (id, person_id),
  check ((closed_on is null) = (close_reason is null)),
  check ((status = 'closed') = (closed_on is not null)),
  check (earlier_case_id <> id)
);
create index case_file_person on case_file (person_id);
create index case_file_list on case_file (opened_on desc, id) where closed_on is null;
create index case_file_list_all on case_file (opened_on desc, id);
create unique index case_file_code_name on case_file (code_name) where closed_on is null;
create unique index case_file_one_open_per_person on case_file (person_id) where closed_on is null;

create table assignment (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  account_id uuid not null references account (id),
  kind assignment_kind not null,
  started_at timestamptz not null default now(),
  ended_at timestamptz check (ended_at >= started_at),
  granted_by uuid not null references account (id),
  reason text not null check (length(reason) > 0)
);
create index assignment_account on assignment (account_id) where ended_at is null;
create index assignment_case on assignment (case_id, kind) where ended_at is null;
create unique index assignment_one_responsible on assignment (case_id) where kind = 'responsible' and ended_at is null;
create unique index assignment_one_coordinator on assignment (case_id) where kind = 'coordinator' and ended_at is null;
create unique index assignment_once on assignment (case_id, account_id, kind) where ended_at is null;

-- A number that is already known in a case which the one who registers may not see. Told to nobody but a coordinator
-- (domain: the same neutral answer for everyone).
create table possible_duplicate (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  other_case_id uuid not null references case_file (id),
  found_at timestamptz not null default now(),
  handled_at timestamptz,
  unique (case_id, other_case_id)
);

do $$
declare
  name text;
begin
  foreach name in array array['person', 'person_identity', 'case_file', 'assignment', 'possible_duplicate'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
  end loop;
end
$$;
grant select on case_file, assignment, person, person_identity to utvag_sec;
grant insert, select on possible_duplicate to utvag_sec;
create policy door on case_file for select to utvag_sec using (true);
create policy door on assignment for select to utvag_sec using (true);
create policy door on person_identity for select to utvag_sec using (true);
create policy door on possible_duplicate to utvag_sec using (true) with check (true);

reset role;
set role utvag_sec;

-- The cases that the actor is named in, now. A function of another owner: a policy on case_file that reads assignment,
-- whose own policy reads case_file, would go round for ever.
create function sec.my_cases() returns uuid[]
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(distinct a.case_id), '{}') from public.assignment a
  where a.account_id = sec.actor_id() and a.ended_at is null
$$;
create function sec.opened_by_me(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from public.case_file c
    where c.id = wanted and c.created_by = sec.actor_id() and c.created_at = now())
$$;
-- Notes, without telling, that another case has the same number. `now()` is the transaction's start: only in the very
-- transaction that opened the case.
create function sec.note_duplicates(opened uuid, blind bytea) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into public.possible_duplicate (id, case_id, other_case_id)
  select gen_random_uuid(), opened, c.id
  from public.person_identity i join public.case_file c on c.person_id = i.person_id
  where i.number_blind = blind and c.id <> opened and sec.opened_by_me(opened)
    and c.person_id <> (select o.person_id from public.case_file o where o.id = opened)
  on conflict do nothing
$$;
revoke execute on function sec.my_cases, sec.opened_by_me, sec.note_duplicates from public;
grant execute on function sec.my_cases, sec.opened_by_me, sec.note_duplicates to utvag_user;
grant execute on function sec.my_cases to utvag_owner, utvag_vault;
reset role;
set role utvag_owner;

create policy reach on case_file for select to utvag_user using (
  case (select sec.actor_role())
    when 'caseworker' then id = any ((select sec.my_cases())::uuid[])
    when 'coordinator' then protection_level <> 'closed_circle' or id = any ((select sec.my_cases())::uuid[])
    when 'manager' then owner_unit_id = (select sec.actor_unit())
      and (protection_level <> 'closed_circle' or id = any ((select sec.my_cases())::uuid[]))
    else false
  end);
create policy opening on case_file for insert to utvag_user with check (
  (select sec.actor_role()) in ('caseworker', 'coordinator') and created_by = (select sec.actor_id()));
create policy working on case_file for update to utvag_user
  using (closed_on is null and (
    (select sec.actor_role()) in ('coordinator', 'manager')
    or ((select sec.actor_role()) = 'caseworker' and id = any ((select sec.my_cases())::uuid[]))))
  with check (true);
grant select, insert on case_file to utvag_user;
grant update (status, programme_status, needs_profile, protection_level, closed_on, close_reason, version) on case_file to utvag_user;

create policy reach on assignment for select to utvag_user
  using (exists (select 1 from case_file c where c.id = case_id));
create policy naming on assignment for insert to utvag_user with check (
  granted_by = (select sec.actor_id())
  and (sec.opened_by_me(case_id)
       or ((select sec.actor_role()) in ('coordinator', 'manager') and account_id <> (select sec.actor_id())
           and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null))));
create policy ending on assignment for update to utvag_user
  using (ended_at is null and (select sec.actor_role()) in ('coordinator', 'manager')
         and exists (select 1 from case_file c where c.id = case_id))
  with check (ended_at is not null);
grant select, insert on assignment to utvag_user;
grant update (ended_at) on assignment to utvag_user;

create policy reach on person for select to utvag_user
  using (exists (select 1 from case_file c where c.person_id = person.id));
create policy registering on person for insert to utvag_user with check (
  (select sec.actor_role()) in ('caseworker', 'coordinator') and created_by = (select sec.actor_id()));
grant select, insert on person to utvag_user;

create policy reach on person_identity for select to utvag_user
  using (exists (select 1 from case_file c where c.person_id = person_identity.person_id));
create policy registering on person_identity for insert to utvag_user with check (
  (select sec.actor_role()) in ('caseworker', 'coordinator'));
grant select, insert on person_identity to utvag_user;

create policy queue on possible_duplicate for select to utvag_user
  using ((select sec.actor_role()) = 'coordinator' and exists (select 1 from case_file c where c.id = case_id));
grant select on possible_duplicate to utvag_user;

reset role;
call audit.follow('person');
call audit.follow('person_identity');
call audit.follow('case_file');
call audit.follow('assignment');
call audit.follow('possible_duplicate');
