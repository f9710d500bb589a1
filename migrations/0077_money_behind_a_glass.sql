-- What state money was asked for helps nobody who has to act at once: it is not read through a broken glass.
set role utvag_owner;
create policy fund_behind_glass on fund_application as restrictive for select to utvag_user
  using (case_id is distinct from (select sec.glass_case()));
reset role;
