-- What cannot be taken back needs a fresh proof by key, for this act in this case. The program asks for it; here the
-- database refuses by itself where it was forgotten. Whoever has no key is not asked by the database: a password is
-- nothing that it can judge.

set role utvag_owner;

create function decision_proven() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not sec.has_proven('sign_decision', new.case_id) then
    raise exception 'who signs confirms it with a key' using errcode = '42501', constraint = 'decision_proven';
  end if;
  return new;
end
$$;
create trigger decision_proven before update on decision for each row
  when (old.status = 'for_approval' and new.status = 'signed') execute function decision_proven();

create function decision_correction_proven() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not sec.has_proven('correct_decision', new.case_id) then
    raise exception 'who corrects confirms it with a key' using errcode = '42501', constraint = 'decision_correction_proven';
  end if;
  return new;
end
$$;
create trigger decision_correction_proven before insert on decision_correction for each row
  execute function decision_correction_proven();

create function break_glass_proven() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not sec.has_proven('break_glass', null) then
    raise exception 'who breaks a glass confirms it with a key' using errcode = '42501', constraint = 'break_glass_proven';
  end if;
  return new;
end
$$;
create trigger break_glass_proven before insert on break_glass for each row execute function break_glass_proven();

-- Whether the second is less than the first. What is not graded is not less than nothing.
create function threat_is_lower(before threat_level, after threat_level) returns boolean
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select before not in ('not_graded', 'l0') and (after = 'not_graded' or after < before)
$$;
grant execute on function threat_is_lower to utvag_user;

-- Less protection for somebody: a lower level in place of the one that held, or the one that holds taken away.
create function threat_assessment_proven() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if (new.status = 'withdrawn'
      or exists (select 1 from threat_assessment b
                 where b.case_id = new.case_id and b.status = 'superseded' and b.xmin = pg_current_xact_id()::xid
                   and threat_is_lower(b.level, new.level)))
     and not sec.has_proven('lower_threat', new.case_id) then
    raise exception 'who lowers a threat confirms it with a key' using errcode = '42501', constraint = 'threat_assessment_proven';
  end if;
  return new;
end
$$;
create trigger threat_assessment_proven before update on threat_assessment for each row
  when (new.status in ('confirmed', 'withdrawn') and old.status <> new.status) execute function threat_assessment_proven();
reset role;

alter table decision enable always trigger decision_proven;
alter table decision_correction enable always trigger decision_correction_proven;
alter table break_glass enable always trigger break_glass_proven;
alter table threat_assessment enable always trigger threat_assessment_proven;

-- As before; and whoever has a key has used it for this.
set role utvag_vault;
create or replace function vault.read(wanted uuid, why bytea) returns bytea
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  found_location bytea;
  found_case uuid;
begin
  select p.case_id into found_case
  from public.placement p join public.assignment a on a.case_id = p.case_id
  where p.id = wanted and a.account_id = sec.actor_id() and a.ended_at is null
    and ((a.kind = 'responsible' and sec.actor_role() = 'caseworker') or (a.kind = 'coordinator' and sec.actor_role() = 'coordinator'))
  limit 1;
  if found_case is null then
    return null;
  end if;
  if not sec.has_proven('open_location', found_case) then
    raise exception 'who opens a location confirms it with a key' using errcode = '42501', constraint = 'location_proven';
  end if;
  select l.sealed into found_location from vault.location l where l.placement_id = wanted;
  if found_location is not null then
    insert into vault.opening (placement_id, account_id, reason) values (wanted, sec.actor_id(), why);
  end if;
  return found_location;
end
$$;
reset role;
