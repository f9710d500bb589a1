-- Found by asking Postgres alone, cell by cell: what a broken glass does not show is not there either, and a name is given
-- or ended in an open case.

create policy outcome_behind_glass on case_outcome as restrictive for select to utvag_user
  using ((select sec.glass_case()) is null);
create policy disclosure_behind_glass on disclosure as restrictive for select to utvag_user
  using ((select sec.glass_case()) is null);
create policy item_behind_glass on disclosure_item as restrictive for select to utvag_user
  using ((select sec.glass_case()) is null);
create policy view_behind_glass on disclosure_view as restrictive for select to utvag_user
  using ((select sec.glass_case()) is null);

alter policy registering on person_identity with check (
  (select sec.actor_role()) in ('caseworker', 'coordinator')
  and (sec.registered_by_me(person_id)
    or exists (select 1 from case_file c where c.person_id = person_identity.person_id and c.closed_on is null)));
alter policy ending on person_identity
  using (valid_to is null and (select sec.actor_role()) in ('caseworker', 'coordinator')
    and exists (select 1 from case_file c where c.person_id = person_identity.person_id and c.closed_on is null));
alter policy registering on searchable_name with check (
  (select sec.actor_role()) in ('caseworker', 'coordinator')
  and (sec.registered_by_me(person_id)
    or exists (select 1 from case_file c where c.person_id = searchable_name.person_id and c.closed_on is null)));
