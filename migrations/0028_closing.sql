-- Nobody closes a case in which support still goes on or an investigation is under way (domain 2.14.1). Operations that
-- are nobody's, and a broken identity, which ends everything, are not asked.

set role utvag_owner;
create function case_file_open() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from intervention i where i.case_id = new.id and i.status <> 'ended')
     or exists (select 1 from investigation v where v.case_id = new.id and v.status in ('ongoing', 'communicated'))
     or exists (select 1 from decision d where d.case_id = new.id and d.signed_at is null) then
    raise exception 'something is still open' using errcode = '23514', constraint = 'case_file_open';
  end if;
  return new;
end
$$;
create trigger case_file_open before update on case_file
  for each row when (old.closed_on is null and new.closed_on is not null and new.close_reason::text <> 'identity_change'
                     and sec.actor_id() is not null)
  execute function case_file_open();
reset role;
alter table case_file enable always trigger case_file_open;
