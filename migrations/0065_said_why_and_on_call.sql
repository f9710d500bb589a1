-- The reason before a protected case is asked for by Postgres too; whoever can be the second person at a location is told of
-- it; and the operator says which unit is on call.

set role utvag_owner;
create policy door on protected_opening for select to utvag_sec using (true);
grant select on protected_opening to utvag_sec;
create index case_file_restricted on case_file (id) where protection_level = 'restricted';
-- Which unit is on call is said from a terminal, as units are founded.
grant update (is_on_call) on org_unit to utvag_task;
reset role;

set role utvag_sec;
-- Cases with enhanced protection that the actor is not named in and has not said why to see: in this session, or on this
-- day, which the program says (`policy::must_say_why`). What is seen through a glass was given a reason of its own.
create function sec.unsaid() returns uuid[]
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if coalesce(sec.actor_role() not in ('coordinator', 'manager'), true) then
    return '{}';
  end if;
  return (select coalesce(array_agg(c.id), '{}') from public.case_file c
    where c.protection_level = 'restricted' and c.id <> all (sec.my_cases()) and c.id is distinct from sec.glass_case()
      and not exists (select 1 from public.protected_opening o
        where o.case_id = c.id and o.account_id = sec.actor_id()
          and (o.session_id = sec.session_id() or o.opened_on = nullif(current_setting('app.today', true), '')::date)));
end
$$;
-- Of those the one that this transaction is about.
create function sec.unsaid_here() returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id from public.case_file c
  where coalesce(current_setting('app.glass', true), '') <> '' and c.reference = current_setting('app.glass', true)
    and c.id = any (sec.unsaid())
$$;
revoke execute on function sec.unsaid, sec.unsaid_here from public;
grant execute on function sec.unsaid, sec.unsaid_here to utvag_user;
reset role;

set role utvag_owner;
do $$
declare
  name text;
begin
  -- What stands on the pages of a case and in no list.
  foreach name in array array['journal_entry', 'motivation_assessment', 'investigation', 'child_perspective',
      'support_area_assessment', 'intervention', 'plan_goal', 'joint_meeting', 'joint_meeting_guest', 'deviation_step',
      'decision_correction', 'register_check', 'programme_conditions', 'person_death', 'follow_up_move', 'sig_group'] loop
    execute format('create policy said_why on %I as restrictive for select to utvag_user
      using (coalesce(case_id <> all ((select sec.unsaid())::uuid[]), true))', name);
  end loop;
  -- What the first page counts days of too, of all cases and without a word of what they say: closed in work on the case.
  foreach name in array array['threat_assessment', 'decision', 'deviation', 'disclosure', 'disclosure_item', 'follow_up', 'plan',
      'police_contact', 'return_assessment', 'internal_request', 'consent', 'case_transfer'] loop
    execute format('create policy said_why on %I as restrictive for select to utvag_user
      using ((select sec.unsaid_here()) is null or case_id is distinct from (select sec.unsaid_here()))', name);
  end loop;
end
$$;
reset role;

set role utvag_vault;
-- What colleagues ask to see together with the actor, in all cases.
create function vault.waiting() returns table (id uuid, placement_id uuid, case_id uuid, account_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select q.id, q.placement_id, q.case_id, q.account_id from vault.request q
  where now() < q.expires_at and q.approved_by is null and q.account_id <> sec.actor_id()
    and vault.may_approve(q.case_id) and not sec.has_conflict(q.account_id, q.case_id)
  order by q.requested_at limit 20
$$;
revoke execute on function vault.waiting from public;
grant execute on function vault.waiting to utvag_user;
reset role;
