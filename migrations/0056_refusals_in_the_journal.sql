-- Not to hand over what was asked for is an action in the case too (14 kap. 3 § SoL, domain 3.3): the program writes the line.
alter type journal_event add value 'disclosure_refused';

set role utvag_sec;
create or replace function sec.journal_of_disclosure() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform sec.journal_line(new.case_id,
    case new.status when 'refused' then 'disclosure_refused' else 'disclosed' end::public.journal_event, new.recipient::text, null);
  return null;
end
$$;
reset role;

set role utvag_owner;
create trigger journal_line_of_refusal after update on disclosure
  for each row when (old.status <> 'refused' and new.status = 'refused') execute function sec.journal_of_disclosure();
reset role;
alter table disclosure enable always trigger journal_line_of_refusal;
