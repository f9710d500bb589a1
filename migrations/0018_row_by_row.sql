-- Row security asks, for each row of a case, whether the case is in reach. The planner turned that question into a hash
-- over all cases that there are, because it does not see that a page ends after fifty rows: a page took longer with every
-- case of somebody else's. `offset 0` keeps the question with the row, where it is one look into an index.

set role utvag_owner;
alter policy reach on assignment using (exists (select 1 from case_file c where c.id = case_id offset 0));
alter policy reach on person using (exists (select 1 from case_file c where c.person_id = person.id offset 0));
alter policy reach on person_identity
  using (exists (select 1 from case_file c where c.person_id = person_identity.person_id offset 0));
alter policy reach on placement using (exists (select 1 from case_file c where c.id = case_id offset 0));
alter policy reach on placement_rate using (exists (select 1 from placement p where p.id = placement_id offset 0));
alter policy reach on placement_absence using (exists (select 1 from placement p where p.id = placement_id offset 0));
alter policy reach on unstaffed_case using (exists (select 1 from case_file c where c.id = case_id offset 0));
alter policy reach on threat_assessment using (exists (select 1 from case_file c where c.id = case_id offset 0));
reset role;
