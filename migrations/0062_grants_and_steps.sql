-- A role is given with a fresh proof, and what leaves on paper too. A proposal that nobody has answered is its proposer's to
-- take back. What a lapsed role was named as in cases ends by itself.

set role utvag_owner;
alter table account_proposal drop constraint account_proposal_another;
alter table account_proposal add constraint account_proposal_another check (proposed_by <> account_id
  and decided_by <> account_id and (decided_by = proposed_by) = (outcome = 'withdrawn'));

create function case_print_proven() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not sec.has_proven('export', new.case_id) then
    raise exception 'who prints confirms it with a key' using errcode = '42501', constraint = 'case_print_proven';
  end if;
  return new;
end
$$;
create trigger case_print_proven before insert on case_print for each row execute function case_print_proven();
reset role;
alter table case_print enable always trigger case_print_proven;

set role utvag_sec;
-- Takes back one's own, while nobody has answered it.
create function sec.withdraw_proposal(wanted uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.account_proposal p set decided_by = sec.actor_id(), decided_at = now(), outcome = 'withdrawn'
  where p.id = wanted and p.outcome is null and p.proposed_by = sec.actor_id() and sec.actor_role() in ('sysadmin', 'manager');
  return found;
end
$$;

-- Ends what accounts are named as in cases and their role, or no role at all, cannot be. Says how many there were.
create function sec.leave_lapsed() returns bigint
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  one record;
  before bigint;
  after bigint;
begin
  select count(*) into before from public.assignment a where a.ended_at is null;
  for one in
    select a.account_id, g.role from public.assignment a
    left join public.role_grant g on g.account_id = a.account_id and now() >= g.valid_from and now() < g.valid_to
    where a.ended_at is null group by a.account_id, g.role
  loop
    perform sec.leave_cases(one.account_id, one.role);
  end loop;
  select count(*) into after from public.assignment a where a.ended_at is null;
  return before - after;
end
$$;
revoke execute on function sec.withdraw_proposal, sec.leave_lapsed from public;
grant execute on function sec.withdraw_proposal to utvag_user;
grant execute on function sec.leave_lapsed to utvag_task;

-- As before (0050); who lets somebody in has just proven who they are.
create or replace function sec.decide_proposal(wanted uuid, granting boolean, why bytea, new_grant uuid, today date) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  p public.account_proposal;
  held public.role_grant;
begin
  select * into p from public.account_proposal x where x.id = wanted for update;
  if p.id is null or p.outcome is not null then
    return 'stale';
  end if;
  if not sec.may_decide(p) then
    return 'forbidden';
  end if;
  if granting and (not sec.is_proven('5 minutes') or not sec.has_proven('grant_role', null)) then
    return 'unproven';
  end if;
  update public.account_proposal x set decided_by = sec.actor_id(), decided_at = now(), answer = why,
    outcome = case when granting then 'approved' else 'refused' end::public.proposal_outcome
  where x.id = p.id;
  if not granting then
    return 'refused';
  end if;
  if p.kind = 'new' then
    insert into public.account (id, display_name, title, unit_id, employee_id)
      values (p.account_id, p.display_name, p.title, p.unit_id, p.employee_id);
    insert into identity.credential (account_id, user_name) values (p.account_id, p.user_name);
    if p.organisation is not null then
      insert into public.liaison (account_id, organisation, verified_on) values (p.account_id, p.organisation, today);
    end if;
  else
    perform 1 from public.account a where a.id = p.account_id and a.ended_at is null for update;
    if not found then
      return 'stale';
    end if;
  end if;
  if p.kind = 'unlock' then
    update public.account a set is_active = true where a.id = p.account_id;
    return 'approved';
  end if;
  select * into held from public.role_grant g
    where g.account_id = p.account_id and now() >= g.valid_from and now() < g.valid_to for update;
  if (p.kind = 'role' and held.role = 'police_liaison') or (p.kind = 'prolong' and p.role is distinct from coalesce(held.role,
       (select g.role from public.role_grant g where g.account_id = p.account_id order by g.valid_from desc limit 1))) then
    return 'stale';
  end if;
  update public.role_grant g set valid_to = now(), ended_by = sec.actor_id(), ended_why = 'replaced' where g.id = held.id;
  insert into public.role_grant (id, account_id, role, valid_to, granted_by, proposed_by, proposal_id, reason)
    values (new_grant, p.account_id, p.role,
            least((p.until + 1)::timestamp at time zone 'Europe/Stockholm', now() + interval '12 months'),
            sec.actor_id(), p.proposed_by, p.id, 'Enligt förslag');
  -- Ringing them up there once more goes before another year.
  update public.liaison l set verified_on = today where l.account_id = p.account_id and p.kind = 'prolong';
  if p.kind = 'role' then
    update identity.session s set ended_at = now(), ended_why = 'role_changed'
      where s.account_id = p.account_id and s.ended_at is null;
    perform sec.leave_cases(p.account_id, p.role);
  end if;
  return 'approved';
end
$$;
reset role;
