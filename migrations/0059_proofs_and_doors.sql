-- Where somebody is opens with a proof for this act in this case: whoever has a key has used it for that, on both sides of
-- a look together. And the door that asks for conflicts is planned once for each connection, as its neighbours are (0045).

set role utvag_vault;
create or replace function vault.read(wanted uuid, why public.location_reason, words bytea) returns table (outcome text, location bytea)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  opened uuid := (select p.case_id from public.placement p where p.id = wanted);
begin
  if opened is null or not vault.reads(opened) then
    return;
  end if;
  if not sec.is_proven('5 minutes') or not sec.has_proven('open_location', opened) then
    return query select 'unproven'::text, null::bytea;
    return;
  end if;
  return query select l.outcome, l.location from vault.let_out(wanted, opened, why, words, null) l;
end
$$;
create or replace function vault.ask(asked uuid, wanted uuid, why public.location_reason, words bytea) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  opened uuid := (select p.case_id from public.placement p where p.id = wanted);
begin
  if opened is null or not vault.may_ask(opened) or not sec.is_proven('5 minutes')
     or not sec.has_proven('open_location', opened) then
    return false;
  end if;
  insert into vault.request (id, placement_id, case_id, account_id, kind, reason)
  select asked, v.placement_id, opened, sec.actor_id(), why, words from vault.location v where v.placement_id = wanted;
  return found;
end
$$;
create or replace function vault.approve(asked uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  update vault.request q set approved_by = sec.actor_id(), approved_at = now()
  where q.id = asked and q.account_id <> sec.actor_id() and q.approved_by is null and now() < q.expires_at
    and vault.may_approve(q.case_id) and sec.is_proven('5 minutes') and sec.has_proven('open_location', q.case_id)
    and not sec.has_conflict(q.account_id, q.case_id);
  return found;
end
$$;
reset role;

set role utvag_sec;
create or replace function sec.my_conflicts() returns uuid[]
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(array_agg(c.id), '{}')
    from public.conflict_of_interest k join public.case_file c on c.person_id = k.person_id
    where k.account_id = sec.actor_id() and (k.ends_on is null or k.ends_on > (now() at time zone 'Europe/Stockholm')::date));
end
$$;
reset role;
