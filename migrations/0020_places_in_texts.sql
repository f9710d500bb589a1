-- The words by which a place is known, as keyed hashes beside the vault: a text that is about to be saved is held against
-- them without opening anything. The key is not here; without it a mark is noise, and the same place has other marks in
-- another case.

set role utvag_vault;
create table vault.location_mark (
  placement_id uuid primary key references vault.location (placement_id),
  marks bytea not null check (length(marks) > 0 and length(marks) % 16 = 0)
);
alter table vault.location_mark enable row level security;
alter table vault.location_mark force row level security;
create policy keeper on vault.location_mark to utvag_vault using (true) with check (true);

create function vault.put_marks(wanted uuid, known bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- As with the place itself: only in the transaction that made the placement.
  if not exists (select 1 from public.placement p where p.id = wanted and p.created_by = sec.actor_id() and p.created_at = now()) then
    raise exception 'not the one who places' using errcode = '42501';
  end if;
  insert into vault.location_mark (placement_id, marks) values (wanted, known) on conflict do nothing;
end
$$;
-- For those who can write in the case, and nobody else.
create function vault.marks(wanted uuid) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(string_agg(m.marks, ''::bytea), '')
  from vault.location_mark m join public.placement p on p.id = m.placement_id join public.case_file c on c.id = p.case_id
  where p.case_id = wanted
    and (wanted = any ((select sec.my_cases())::uuid[])
      or (sec.actor_role() in ('coordinator', 'manager') and c.protection_level <> 'closed_circle'))
$$;
revoke execute on function vault.put_marks, vault.marks from public;
grant execute on function vault.put_marks, vault.marks to utvag_user;
reset role;
call audit.follow('vault.location_mark', 'placement_id');

-- A decision that is made is a line in the journal.
set role utvag_sec;
create function sec.journal_of_decision() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform sec.journal_line(new.case_id, 'decision_signed', new.type::text, new.number::text);
  return null;
end
$$;
revoke execute on function sec.journal_of_decision from public;
grant execute on function sec.journal_of_decision to utvag_owner;
reset role;
set role utvag_owner;
create trigger journal_line after update on decision
  for each row when (old.signed_at is null and new.signed_at is not null) execute function sec.journal_of_decision();
reset role;
