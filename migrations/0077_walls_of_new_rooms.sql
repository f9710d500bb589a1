-- Found by asking Postgres alone. What state money was asked for helps nobody who has to act at once: it is not read through a glass.
set role utvag_owner;
create policy fund_behind_glass on fund_application as restrictive for select to utvag_user
  using (case_id is distinct from (select sec.glass_case()));
-- And not before whoever is not named in a protected case has said why.
create policy said_why on fund_application as restrictive for select to utvag_user
  using (case_id <> all ((select sec.unsaid())::uuid[]));
-- Only those who were to be told say that they have seen it.
alter policy noting on account_recovery_note with check (
  account_id = (select sec.actor_id()) and role = (select sec.actor_role()) and role in ('manager', 'log_reviewer')
  and exists (select 1 from account_recovery r where r.id = recovery_id and r.account_id <> (select sec.actor_id())));
reset role;
