-- That the person has died (domain 2.4): when, who says so and how it came to be known. From then on the case goes nowhere
-- but to its end, and no consent of theirs covers anything.

set role utvag_owner;
create table person_death (
  id uuid primary key,
  person_id uuid not null unique references person (id),
  case_id uuid not null,
  died_on date not null,
  source bytea not null,                 -- sealed: who says so
  note bytea not null,                   -- sealed: how it came to be known, and what is to be done
  registered_by uuid not null references account (id),
  registered_at timestamptz not null,
  constraint person_death_case foreign key (case_id, person_id) references case_file (id, person_id),
  constraint person_death_has_been check (died_on <= (registered_at at time zone 'Europe/Stockholm')::date)
);
alter table person_death enable row level security;
alter table person_death force row level security;
create policy reach on person_death for select to utvag_user using (
  (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id offset 0));
create policy registering on person_death for insert to utvag_user with check (
  registered_by = (select sec.actor_id())
  and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
grant select, insert on person_death to utvag_user;
-- The register follows: by the database, whoever registers it.
grant update (status, status_on, version) on person to utvag_sec;
grant select on person_death to utvag_sec;
create policy door on person_death for select to utvag_sec using (true);
create policy dying on person for update to utvag_sec using (status = 'active') with check (status = 'deceased');
reset role;
call audit.follow('person_death');

set role utvag_sec;
create function sec.is_deceased(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from public.person p where p.id = wanted and p.status = 'deceased')
$$;
create function sec.register_death() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.person p set status = 'deceased', status_on = new.died_on, version = p.version + 1
  where p.id = new.person_id and p.status = 'active';
  if not found then
    raise exception 'nobody who is alive here' using errcode = '23514', constraint = 'person_death_of_active';
  end if;
  perform sec.journal_line(new.case_id, 'person_died', new.died_on::text, null);
  return null;
end
$$;
-- In the same transaction: what was agreed to ends with whoever agreed to it.
create function sec.death_ends_consents() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select 1 from public.consent s join public.case_file f on f.id = s.case_id
             where f.id = new.case_id and s.withdrawn_at is null and s.valid_to >= sec.today()) then
    raise exception 'a consent of somebody who has died' using errcode = '23514', constraint = 'person_death_consents';
  end if;
  return null;
end
$$;
create function sec.refuse_consent_of_deceased() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select 1 from public.case_file f where f.id = new.case_id and sec.is_deceased(f.person_id)) then
    raise exception 'nobody who has died agrees to anything' using errcode = '23514', constraint = 'consent_of_deceased';
  end if;
  return new;
end
$$;
revoke execute on function sec.is_deceased, sec.register_death, sec.death_ends_consents, sec.refuse_consent_of_deceased from public;
grant execute on function sec.is_deceased to utvag_user, utvag_owner;
grant execute on function sec.register_death, sec.death_ends_consents, sec.refuse_consent_of_deceased to utvag_owner;
reset role;

set role utvag_owner;
create trigger person_death_stands before update or delete on person_death
  for each row execute function cooperation_stands();
create trigger register_death after insert on person_death for each row execute function sec.register_death();
create constraint trigger death_ends_consents after insert on person_death
  deferrable initially deferred for each row execute function sec.death_ends_consents();
create trigger refuse_consent_of_deceased before insert on consent
  for each row execute function sec.refuse_consent_of_deceased();

-- Nobody is deceased in the register but by what says when, and by whose word.
create function person_deceased_by_word() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select 1 from person_death d where d.person_id = new.id and d.died_on = new.status_on) then
    raise exception 'a death that nobody has told of' using errcode = '23514', constraint = 'person_deceased_by_word';
  end if;
  return new;
end
$$;
create trigger person_deceased_by_word before update on person
  for each row when (new.status = 'deceased' and old.status <> 'deceased') execute function person_deceased_by_word();

-- The only ways that are left. The same as `Standing::ways` in src/case/steps.rs.
create function case_file_of_deceased() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.status not in ('closing', 'closed', 'not_opened') and sec.is_deceased(new.person_id) then
    raise exception 'a case of somebody who has died ends' using errcode = '23514', constraint = 'case_file_of_deceased';
  end if;
  return new;
end
$$;
create trigger case_file_of_deceased before update on case_file
  for each row when (old.status is distinct from new.status) execute function case_file_of_deceased();
reset role;
alter table person_death enable always trigger person_death_stands;
alter table person_death enable always trigger register_death;
alter table person_death enable always trigger death_ends_consents;
alter table consent enable always trigger refuse_consent_of_deceased;
alter table person enable always trigger person_deceased_by_word;
alter table case_file enable always trigger case_file_of_deceased;
