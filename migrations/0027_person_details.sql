-- What is known of a person beside name and number: how they are protected, how they can be reached, who stands close to
-- them. And the break of an identity: from then on nothing here can point to whoever the person has become.

set role utvag_owner;

create type person_status as enum ('active', 'identity_broken', 'deceased', 'merged');
create type birth_date_precision as enum ('day', 'year', 'unknown');
-- From the weakest to the strongest: `max` finds the one that counts.
create type marking_kind as enum ('local_protection', 'secrecy_marking', 'protected_registration', 'fingerade');
create type mail_route as enum ('normal', 'via_skatteverket', 'handover', 'none');
create type contact_detail_kind as enum ('phone', 'email', 'address', 'safe_contact_via');
create type relation_kind as enum ('child', 'partner', 'parent', 'sibling', 'other');
create type lives_with as enum ('yes', 'no', 'partly');
create type custody as enum ('sole', 'joint', 'none', 'unknown');
create type intake_environment as enum ('gang', 'extremist', 'honour', 'other');
create type duplicate_outcome as enum ('not_same', 'same');
alter type close_reason add value 'identity_change';
alter type intake_outcome add value 'linked_intake';

alter table person
  add column status person_status not null default 'active',
  add column status_on date,
  add column birth_date_precision birth_date_precision not null default 'day',
  add column interpreter_language bytea,   -- sealed
  add column merged_into uuid references person (id),
  add constraint person_merged check ((status = 'merged') = (merged_into is not null) and merged_into <> id),
  add constraint person_status_on check ((status = 'active') = (status_on is null));

-- One that holds at a time: where two were left open, the older one ended when the newer began.
alter table person_identity no force row level security;
select set_config('app.event', 'person.identified', true);
update person_identity i set valid_to = greatest(i.valid_from, n.valid_from - 1)
from (select id, lead(valid_from) over (partition by person_id order by valid_from, id) as valid_from
      from person_identity where valid_to is null) n
where n.id = i.id and n.valid_from is not null;
select set_config('app.event', '', true);
alter table person_identity force row level security;
create unique index person_identity_one_current on person_identity (person_id) where valid_to is null;

create table protection_marking (
  id uuid primary key,
  person_id uuid not null references person (id),
  kind marking_kind not null,
  source bytea not null,                 -- sealed: who says so
  verified_on date not null,
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  mail_route mail_route not null,
  registered_by uuid not null references account (id),
  registered_at timestamptz not null,
  ended_by uuid references account (id),
  constraint protection_marking_days check (valid_from <= (registered_at at time zone 'Europe/Stockholm')::date
    and verified_on <= (registered_at at time zone 'Europe/Stockholm')::date),
  constraint protection_marking_mail check (kind <> 'protected_registration' or mail_route <> 'normal')
);
create index protection_marking_person on protection_marking (person_id);
create unique index protection_marking_once on protection_marking (person_id, kind) where valid_to is null;

create table contact_detail (
  id uuid primary key,
  person_id uuid not null references person (id),
  kind contact_detail_kind not null,
  value bytea not null,                  -- sealed
  is_safe boolean not null,
  allowed_times bytea,                   -- sealed
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  registered_by uuid not null references account (id),
  registered_at timestamptz not null,
  ended_by uuid references account (id),
  constraint contact_detail_has_been check (valid_from <= (registered_at at time zone 'Europe/Stockholm')::date)
);
create index contact_detail_person on contact_detail (person_id, valid_from desc, id desc);

-- Somebody close, by a label of the social worker's own: nobody is registered as a person for being close to one, and no
-- column points to another person. There is no kind for those who threaten: they are not registered at all.
create table relation (
  id uuid primary key,
  person_id uuid not null references person (id),
  label bytea not null,                  -- sealed
  kind relation_kind not null,
  birth_year smallint check (birth_year between 1900 and 2200),
  lives_with lives_with not null,
  custody custody,
  is_party_to_threat condition_met not null,
  contact_allowed boolean not null,
  contact_reason bytea,                  -- sealed: why somebody who is party to the threat may be contacted
  valid_to date,
  registered_by uuid not null references account (id),
  registered_at timestamptz not null,
  version int not null default 1,
  constraint relation_child check ((kind = 'child') = (birth_year is not null) and (kind = 'child') = (custody is not null)),
  constraint relation_born check (birth_year <= extract(year from registered_at at time zone 'Europe/Stockholm') + 1),
  constraint relation_party_to_threat check (is_party_to_threat <> 'yes' or not contact_allowed or contact_reason is not null)
);
create index relation_person on relation (person_id, id);

alter table possible_duplicate
  add column outcome duplicate_outcome,
  add column handled_by uuid references account (id),
  add constraint possible_duplicate_handled check (num_nulls(outcome, handled_by, handled_at) in (0, 3));

alter table intake
  add column home_district_id uuid references district (id),
  add column environment intake_environment,
  add column linked_intake_id uuid references intake (id),
  add constraint intake_minor_facts check (not is_minor or num_nonnulls(home_district_id, environment) = 0),
  add constraint intake_linked check ((linked_intake_id is not null) = coalesce(outcome::text = 'linked_intake', false)
    and (linked_intake_id is null or (is_anonymous and linked_intake_id <> id)));

do $$
declare
  name text;
begin
  foreach name in array array['protection_marking', 'contact_detail', 'relation'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('grant select, insert on %I to utvag_user', name);
  end loop;
end
$$;
grant select on person, protection_marking to utvag_sec;
grant select, update on contact_detail to utvag_sec;
create policy door on person for select to utvag_sec using (true);
create policy door on protection_marking for select to utvag_sec using (true);
create policy door on contact_detail to utvag_sec using (true) with check (true);
grant select on person to utvag_vault;
create policy vault_reads on person for select to utvag_vault using (true);
reset role;

-- Asked of another owner: a rule about a person holds also for those who do not see the person.
set role utvag_sec;
create function sec.is_identity_broken(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from public.person p where p.id = wanted and p.status = 'identity_broken')
$$;
create function sec.is_marked(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from public.protection_marking m where m.person_id = wanted and m.valid_to is null)
$$;
-- `now()` is the transaction's start: only in the very transaction that registered the person.
create function sec.registered_by_me(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from public.person p
    where p.id = wanted and p.created_by = sec.actor_id() and p.created_at = now())
$$;
-- What can reach the person reaches nobody from the day on which the identity was broken.
create function sec.end_contact_details() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.contact_detail c set valid_to = greatest(c.valid_from, new.status_on), ended_by = sec.actor_id()
  where c.person_id = new.id and c.valid_to is null;
  return null;
end
$$;
-- As before, but for a person whose identity was broken: nothing stands beside their case.
create or replace function sec.note_duplicates(opened uuid, blind bytea) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into public.possible_duplicate (id, case_id, other_case_id)
  select gen_random_uuid(), opened, c.id
  from public.person_identity i join public.case_file c on c.person_id = i.person_id
  where i.number_blind = blind and c.id <> opened and sec.opened_by_me(opened)
    and c.person_id <> (select o.person_id from public.case_file o where o.id = opened)
    and not sec.is_identity_broken(c.person_id)
  on conflict do nothing
$$;
-- A number that becomes known in a case may be known in another one already.
create function sec.duplicates_of_identity() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into public.possible_duplicate (id, case_id, other_case_id)
  select gen_random_uuid(), mine.id, other.id
  from public.case_file mine
  join public.person_identity i on i.number_blind = new.number_blind and i.person_id <> new.person_id
  join public.case_file other on other.person_id = i.person_id
  where mine.person_id = new.person_id and mine.closed_on is null and not sec.is_identity_broken(other.person_id)
    and not exists (select 1 from public.possible_duplicate d where d.case_id = other.id and d.other_case_id = mine.id)
  on conflict do nothing;
  return null;
end
$$;
revoke execute on function sec.is_identity_broken, sec.is_marked, sec.registered_by_me, sec.end_contact_details, sec.duplicates_of_identity from public;
grant execute on function sec.registered_by_me to utvag_user;
grant execute on function sec.is_identity_broken, sec.is_marked to utvag_user, utvag_owner, utvag_vault;
grant execute on function sec.end_contact_details, sec.duplicates_of_identity to utvag_owner;
reset role;

set role utvag_vault;
create policy sealed_with_the_identity on vault.location as restrictive for select to utvag_vault
  using (not exists (select 1 from public.placement p where p.id = placement_id and sec.is_identity_broken(p.person_id)));
reset role;

-- Row security ---------------------------------------------------------------------------------------------------------
set role utvag_owner;

create policy describing on person for update to utvag_user
  using (status = 'active' and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
         and exists (select 1 from case_file c where c.person_id = person.id and c.closed_on is null))
  with check (case (select sec.actor_role()) when 'manager' then status = 'identity_broken' else status = 'active' end);
grant update (sex, birth_date, birth_date_precision, interpreter_language, status, status_on, version) on person to utvag_user;

-- A name is given to somebody who is registered in this moment, or whose case is seen.
alter policy registering on person_identity with check (
  (select sec.actor_role()) in ('caseworker', 'coordinator')
  and (sec.registered_by_me(person_id)
       or exists (select 1 from case_file c where c.person_id = person_identity.person_id)));
create policy ending on person_identity for update to utvag_user
  using (valid_to is null and (select sec.actor_role()) in ('caseworker', 'coordinator')
         and exists (select 1 from case_file c where c.person_id = person_identity.person_id))
  with check (valid_to is not null);
grant update (valid_to) on person_identity to utvag_user;

create policy reach on protection_marking for select to utvag_user
  using (exists (select 1 from case_file c where c.person_id = protection_marking.person_id offset 0));
create policy registering on protection_marking for insert to utvag_user with check (
  registered_by = (select sec.actor_id()) and ended_by is null
  and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and (kind <> 'fingerade' or (select sec.actor_role()) = 'manager')
  and exists (select 1 from case_file c where c.person_id = protection_marking.person_id and c.closed_on is null));
create policy ending on protection_marking for update to utvag_user
  using (ended_by is null and kind <> 'fingerade' and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
         and exists (select 1 from case_file c where c.person_id = protection_marking.person_id and c.closed_on is null))
  with check (ended_by = (select sec.actor_id()) and valid_to is not null);
grant update (valid_to, ended_by) on protection_marking to utvag_user;

-- Of whom the identity was broken they are shown to nobody any more.
create policy reach on contact_detail for select to utvag_user
  using (exists (select 1 from case_file c where c.person_id = contact_detail.person_id offset 0)
         and not sec.is_identity_broken(person_id));
create policy registering on contact_detail for insert to utvag_user with check (
  registered_by = (select sec.actor_id()) and ended_by is null
  and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.person_id = contact_detail.person_id and c.closed_on is null));
create policy ending on contact_detail for update to utvag_user
  using (ended_by is null and (select sec.actor_role()) in ('caseworker', 'coordinator')
         and exists (select 1 from case_file c where c.person_id = contact_detail.person_id and c.closed_on is null))
  with check (ended_by = (select sec.actor_id()) and valid_to is not null);
grant update (valid_to, ended_by) on contact_detail to utvag_user;

create policy reach on relation for select to utvag_user
  using (exists (select 1 from case_file c where c.person_id = relation.person_id offset 0));
create policy registering on relation for insert to utvag_user with check (
  registered_by = (select sec.actor_id()) and (select sec.actor_role()) = 'caseworker'
  and exists (select 1 from case_file c where c.person_id = relation.person_id and c.closed_on is null));
create policy changing on relation for update to utvag_user
  using (valid_to is null and (select sec.actor_role()) = 'caseworker'
         and exists (select 1 from case_file c where c.person_id = relation.person_id and c.closed_on is null))
  with check (true);
grant update (label, kind, birth_year, lives_with, custody, is_party_to_threat, contact_allowed, contact_reason, valid_to,
              version) on relation to utvag_user;

-- A coordinator sees that two cases may be one only where both may be seen.
alter policy queue on possible_duplicate using ((select sec.actor_role()) = 'coordinator'
  and exists (select 1 from case_file c where c.id = case_id) and exists (select 1 from case_file c where c.id = other_case_id));
create policy settling on possible_duplicate for update to utvag_user
  using (outcome is null and (select sec.actor_role()) = 'coordinator'
         and exists (select 1 from case_file c where c.id = case_id)
         and exists (select 1 from case_file c where c.id = other_case_id))
  with check (handled_by = (select sec.actor_id()));
grant update (outcome, handled_at, handled_by) on possible_duplicate to utvag_user;

grant update (linked_intake_id) on intake to utvag_user;
reset role;

call audit.follow('protection_marking');
call audit.follow('contact_detail');
call audit.follow('relation');

-- What stands, and what can never be ----------------------------------------------------------------------------------
set role utvag_owner;

-- A broken identity stands as it was, and nobody is led to it or from it.
create function person_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if old.status = 'identity_broken' then
    raise exception 'a broken identity stands' using errcode = '23514', constraint = 'person_broken';
  end if;
  if tg_op = 'UPDATE' then
    if new.merged_into is not null and sec.is_identity_broken(new.merged_into) then
      raise exception 'nothing points to a broken identity' using errcode = '23514', constraint = 'person_broken';
    end if;
    if new.status = 'identity_broken' and (to_jsonb(new) - array['status', 'status_on', 'version'])
       is distinct from (to_jsonb(old) - array['status', 'status_on', 'version']) then
      raise exception 'the break changes nothing else' using errcode = '23514', constraint = 'person_break_alone';
    end if;
    return new;
  end if;
  return old;
end
$$;
create trigger person_stands before update or delete on person for each row execute function person_stands();
create trigger person_end_contact_details after update on person
  for each row when (old.status <> 'identity_broken' and new.status = 'identity_broken')
  execute function sec.end_contact_details();

-- Their case ends in the same transaction.
create function person_break_ends_the_case() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from case_file c where c.person_id = new.id and c.closed_on is null) then
    raise exception 'an open case of a broken identity' using errcode = '23514', constraint = 'person_break_ends_the_case';
  end if;
  return null;
end
$$;
create constraint trigger person_break_ends_the_case after update on person
  deferrable initially deferred for each row when (new.status = 'identity_broken')
  execute function person_break_ends_the_case();

create function refuse_broken_identity() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if sec.is_identity_broken(new.person_id) then
    raise exception 'nothing is added to a broken identity' using errcode = '23514', constraint = 'person_broken';
  end if;
  return new;
end
$$;
create trigger refuse_broken_identity before insert on person_identity for each row execute function refuse_broken_identity();
create trigger refuse_broken_identity before insert on contact_detail for each row execute function refuse_broken_identity();
create trigger refuse_broken_identity before insert or update on relation for each row execute function refuse_broken_identity();
create trigger refuse_broken_identity before insert on case_file for each row execute function refuse_broken_identity();

-- New identities are said by nobody here: the one marking that speaks of them exists only where the identity was broken.
create function protection_marking_fingerade() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if (new.kind = 'fingerade') <> sec.is_identity_broken(new.person_id) then
    raise exception 'a new identity is not entered' using errcode = '23514', constraint = 'protection_marking_fingerade';
  end if;
  return new;
end
$$;
create trigger protection_marking_fingerade before insert on protection_marking
  for each row execute function protection_marking_fingerade();

-- Earlier cases, the level of protection, and why a case ended.
create function case_file_of_the_person() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.earlier_case_id is not null and (tg_op = 'INSERT' or new.earlier_case_id is distinct from old.earlier_case_id)
     and exists (select 1 from case_file c where c.id = new.earlier_case_id and sec.is_identity_broken(c.person_id)) then
    raise exception 'no case points to that of a broken identity' using errcode = '23514', constraint = 'person_broken';
  end if;
  if new.protection_level = 'standard' and new.closed_on is null and sec.is_marked(new.person_id) then
    if tg_op = 'INSERT' then
      new.protection_level := 'restricted';
    else
      raise exception 'a marked person is protected' using errcode = '23514', constraint = 'case_file_marked';
    end if;
  end if;
  if (tg_op = 'INSERT' or new.close_reason is distinct from old.close_reason)
     and coalesce(new.close_reason::text = 'identity_change', false) <> sec.is_identity_broken(new.person_id)
     and new.close_reason is not null then
    raise exception 'the reason does not fit' using errcode = '23514', constraint = 'case_file_identity_change';
  end if;
  return new;
end
$$;
create trigger case_file_of_the_person before insert or update on case_file
  for each row execute function case_file_of_the_person();

create function marking_protects() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  update case_file c set protection_level = 'restricted'
  where c.person_id = new.person_id and c.closed_on is null and c.protection_level = 'standard';
  return null;
end
$$;
create trigger marking_protects after insert on protection_marking
  for each row when (new.kind <> 'fingerade' and new.valid_to is null) execute function marking_protects();

-- What is known ends once; all else is a new row.
create function person_detail_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE' or old.ended_by is not null or new.valid_to is null
     or (to_jsonb(new) - array['valid_to', 'ended_by']) is distinct from (to_jsonb(old) - array['valid_to', 'ended_by']) then
    raise exception 'what was registered stands' using errcode = '23514', constraint = 'person_detail_stands';
  end if;
  return new;
end
$$;
create trigger person_detail_stands before update or delete on protection_marking
  for each row execute function person_detail_stands();
create trigger person_detail_stands before update or delete on contact_detail
  for each row execute function person_detail_stands();

create function person_identity_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE' or old.valid_to is not null or new.valid_to is null
     or (to_jsonb(new) - 'valid_to') is distinct from (to_jsonb(old) - 'valid_to') then
    raise exception 'an identity stands' using errcode = '23514', constraint = 'person_identity_stands';
  end if;
  return new;
end
$$;
create trigger person_identity_stands before update or delete on person_identity
  for each row execute function person_identity_stands();
create trigger duplicates_of_identity after insert on person_identity
  for each row execute function sec.duplicates_of_identity();

create function relation_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE' or old.valid_to is not null
     or (new.id, new.person_id, new.registered_by, new.registered_at)
        is distinct from (old.id, old.person_id, old.registered_by, old.registered_at) then
    raise exception 'what has ended stands' using errcode = '23514', constraint = 'relation_stands';
  end if;
  return new;
end
$$;
create trigger relation_stands before update or delete on relation for each row execute function relation_stands();

create function possible_duplicate_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE' or old.outcome is not null or new.outcome is null
     or (new.id, new.case_id, new.other_case_id, new.found_at)
        is distinct from (old.id, old.case_id, old.other_case_id, old.found_at) then
    raise exception 'what was said of a duplicate stands' using errcode = '23514', constraint = 'possible_duplicate_stands';
  end if;
  return new;
end
$$;
create trigger possible_duplicate_stands before update or delete on possible_duplicate
  for each row execute function possible_duplicate_stands();

-- As before; an anonymous consultation may also go on in what came in later, about somebody who is named there.
create or replace function intake_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  settled constant text[] := array['case_id', 'linked_intake_id', 'outcome', 'outcome_reason', 'decided_on', 'decided_by', 'version'];
begin
  if tg_op = 'DELETE' or old.outcome is not null
     or (to_jsonb(new) - settled) is distinct from (to_jsonb(old) - settled) then
    raise exception 'a registered intake stands' using errcode = '23514', constraint = 'intake_stands';
  end if;
  if new.case_id is not null and not exists (
    select 1 from case_file c join person_identity i on i.person_id = c.person_id
    where c.id = new.case_id and i.number_blind = new.number_blind
  ) then
    raise exception 'an intake goes to a case of the same person' using errcode = '23514', constraint = 'intake_same_person';
  end if;
  if new.linked_intake_id is not null and not exists (
    select 1 from intake i where i.id = new.linked_intake_id and not i.is_anonymous and not i.is_minor
      and i.received_on >= new.received_on
  ) then
    raise exception 'a consultation goes on in a later intake' using errcode = '23514', constraint = 'intake_linked_later';
  end if;
  return new;
end
$$;
reset role;

alter table person enable always trigger person_stands;
alter table person enable always trigger person_end_contact_details;
alter table person enable always trigger person_break_ends_the_case;
alter table person_identity enable always trigger refuse_broken_identity;
alter table contact_detail enable always trigger refuse_broken_identity;
alter table relation enable always trigger refuse_broken_identity;
alter table case_file enable always trigger refuse_broken_identity;
alter table protection_marking enable always trigger protection_marking_fingerade;
alter table case_file enable always trigger case_file_of_the_person;
alter table protection_marking enable always trigger marking_protects;
alter table protection_marking enable always trigger person_detail_stands;
alter table contact_detail enable always trigger person_detail_stands;
alter table person_identity enable always trigger person_identity_stands;
alter table person_identity enable always trigger duplicates_of_identity;
alter table relation enable always trigger relation_stands;
alter table possible_duplicate enable always trigger possible_duplicate_stands;
