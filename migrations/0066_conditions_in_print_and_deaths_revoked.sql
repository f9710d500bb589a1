-- What was signed at the police can be printed; and a death that was registered by mistake is taken back with a reason. The
-- row stays, marked. What it ended is not resumed: that is for people to look at.

set role utvag_owner;
alter type print_part add value 'conditions' before 'timeline';
alter type journal_event add value 'death_revoked';
alter table case_print drop constraint case_print_parts,
  add constraint case_print_parts check (cardinality(parts) between 1 and 17);

alter table person_death
  drop constraint person_death_person_id_key,
  add revoked_at timestamptz,
  add revoked_by uuid references account (id),
  add revoked_why bytea,                 -- sealed
  add constraint person_death_revoked check ((revoked_at is null) = (revoked_by is null) and (revoked_at is null) = (revoked_why is null));
create unique index person_death_person_id_key on person_death (person_id) where revoked_at is null;
create policy revoking on person_death for update to utvag_user
  using (revoked_at is null and (select sec.actor_role()) in ('caseworker', 'coordinator')
         and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null offset 0))
  with check (revoked_by = (select sec.actor_id()));
grant update (revoked_at, revoked_by, revoked_why) on person_death to utvag_user;
create policy living on person for update to utvag_sec using (status = 'deceased') with check (status = 'active');

drop trigger person_death_stands on person_death;
create function person_death_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  revocation constant text[] := array['revoked_at', 'revoked_by', 'revoked_why'];
begin
  if tg_op = 'DELETE' or old.revoked_at is not null or new.revoked_at is null
     or (to_jsonb(new) - revocation) is distinct from (to_jsonb(old) - revocation) then
    raise exception 'what was registered stands' using errcode = '23514', constraint = 'person_death_stands';
  end if;
  return new;
end
$$;
create trigger person_death_stands before update or delete on person_death for each row execute function person_death_stands();

-- As before (0043), by a word that stands.
create or replace function person_deceased_by_word() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select 1 from person_death d where d.person_id = new.id and d.died_on = new.status_on and d.revoked_at is null) then
    raise exception 'a death that nobody has told of' using errcode = '23514', constraint = 'person_deceased_by_word';
  end if;
  return new;
end
$$;
-- And nobody comes back but by what says why.
create function person_living_by_word() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from person_death d where d.person_id = new.id and d.revoked_at is null) then
    raise exception 'a death that nobody has taken back' using errcode = '23514', constraint = 'person_living_by_word';
  end if;
  return new;
end
$$;
create trigger person_living_by_word before update on person
  for each row when (old.status = 'deceased' and new.status = 'active') execute function person_living_by_word();
reset role;

set role utvag_sec;
create function sec.revoke_death() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.person p set status = 'active', status_on = null, version = p.version + 1
  where p.id = new.person_id and p.status = 'deceased';
  if not found then
    raise exception 'nobody who is deceased here' using errcode = '23514', constraint = 'person_death_of_deceased';
  end if;
  perform sec.journal_line(new.case_id, 'death_revoked', new.died_on::text, null);
  return null;
end
$$;
revoke execute on function sec.revoke_death from public;
grant execute on function sec.revoke_death to utvag_owner;
reset role;

set role utvag_owner;
create trigger revoke_death after update on person_death
  for each row when (old.revoked_at is null and new.revoked_at is not null) execute function sec.revoke_death();
reset role;
alter table person_death enable always trigger person_death_stands;
alter table person_death enable always trigger revoke_death;
alter table person enable always trigger person_living_by_word;
