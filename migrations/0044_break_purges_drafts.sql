-- What somebody has begun to write about a person, and not sent, is gone in the moment in which the person's identity is
-- broken: whoever wrote it, and also what was kept because a session had run out. Postgres does it by itself.

set role utvag_owner;

-- What the form is about, where it stands in its address: `/arenden/{reference}` or `/aktualiseringar/{id}`. The rest of
-- the address stays under seal.
alter table parked_form add column about text check (about ~ '^/(arenden|aktualiseringar)/[^/]+$');
create index parked_form_about on parked_form (about) where about is not null;

create policy purging_with_the_person on form_draft to utvag_sec using (true) with check (false);
grant select (id, case_id, address), delete on form_draft to utvag_sec;
create policy purging_with_the_person on journal_draft to utvag_sec using (true) with check (false);
grant select (id, case_id), delete on journal_draft to utvag_sec;
create policy purging_with_the_person on parked_form to utvag_sec using (true) with check (false);
grant select (id, about), delete on parked_form to utvag_sec;
create policy purging_with_the_person on intake for select to utvag_sec using (true);
grant select (id, case_id) on intake to utvag_sec;
reset role;

set role utvag_sec;
create function sec.purge_drafts_of_person() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  cases constant uuid[] := array(select c.id from public.case_file c where c.person_id = new.id);
  pages constant text[] := array(
    select '/arenden/' || c.reference from public.case_file c where c.id = any (cases)
    union all
    select '/aktualiseringar/' || i.id from public.intake i where i.case_id = any (cases));
begin
  delete from public.journal_draft d where d.case_id = any (cases);
  delete from public.form_draft d
  where d.case_id = any (cases)
     or exists (select 1 from unnest(pages) page where d.address = page or starts_with(d.address, page || '/')
                  or starts_with(d.address, page || '?'));
  delete from public.parked_form f where f.about = any (pages);
  return null;
end
$$;
revoke execute on function sec.purge_drafts_of_person from public;
grant execute on function sec.purge_drafts_of_person to utvag_owner;
reset role;

set role utvag_owner;
create trigger person_purge_drafts after update on person
  for each row when (old.status <> 'identity_broken' and new.status = 'identity_broken')
  execute function sec.purge_drafts_of_person();
reset role;
alter table person enable always trigger person_purge_drafts;
