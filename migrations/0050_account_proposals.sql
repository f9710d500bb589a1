-- Who may come in, and as what: one proposes, another approves, and neither is the one it is about. The administrator
-- proposes and a manager approves; a role of the machinery can also be proposed by a manager and approved by another
-- administrator. Nothing here reads a case.

set role utvag_owner;
create type proposal_kind as enum ('new', 'role', 'prolong', 'unlock');
create type proposal_outcome as enum ('approved', 'refused');

create table account_proposal (
  id uuid primary key,
  kind proposal_kind not null,
  account_id uuid not null,                -- of a new one the id that it gets: no reference
  user_name text check (user_name ~ '^[a-zåäö0-9._-]{2,60}$'),
  display_name text check (length(display_name) between 1 and 100),
  title text check (length(title) between 1 and 100),
  employee_id text check (employee_id ~ '^[[:alnum:]-]{2,20}$'),
  organisation disclosure_recipient check (organisation in ('police_lpo', 'police_noa', 'police_bops', 'police_region')),
  unit_id uuid references org_unit (id),
  role role_code,
  until date,
  reason bytea not null,                   -- sealed
  proposed_by uuid not null references account (id),
  proposed_at timestamptz not null default now(),
  decided_by uuid references account (id),
  decided_at timestamptz,
  outcome proposal_outcome,
  answer bytea,                            -- sealed: why it was refused
  constraint account_proposal_another check (proposed_by <> account_id and decided_by <> account_id
    and decided_by <> proposed_by),
  constraint account_proposal_new check ((kind = 'new') = (user_name is not null) and (kind = 'new') = (display_name is not null)
    and (kind = 'new') = (title is not null) and (kind = 'new') = (employee_id is not null)),
  constraint account_proposal_role check ((kind = 'unlock') = (role is null) and (role is null) = (until is null)),
  constraint account_proposal_police check (case kind when 'new' then (role = 'police_liaison') = (organisation is not null)
    when 'role' then role <> 'police_liaison' and organisation is null else organisation is null end),
  constraint account_proposal_answered check ((outcome is null) = (decided_by is null) and (outcome is null) = (decided_at is null)
    and (outcome is not distinct from 'refused') = (answer is not null))
);
create unique index account_proposal_one_at_a_time on account_proposal (account_id) where outcome is null;
create index account_proposal_account on account_proposal (account_id, proposed_at);
alter table role_grant add constraint role_grant_proposal foreign key (proposal_id) references account_proposal (id);
alter table account_proposal enable row level security;
alter table account_proposal force row level security;

-- Roles that reach cases, or what is released from them.
create function is_case_role(role role_code) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select coalesce(role in ('caseworker', 'coordinator', 'manager', 'police_liaison'), false)
$$;
grant execute on function is_case_role to utvag_user, utvag_sec;

-- A manager sees those of the own unit, and those without case roles.
create policy reach on account_proposal for select to utvag_user using (
  (select sec.actor_role()) = 'sysadmin'
  or ((select sec.actor_role()) = 'manager'
      and (unit_id is null or unit_id = (select sec.actor_unit()) or not is_case_role(role))));
create policy proposing on account_proposal for insert to utvag_user with check (
  proposed_by = (select sec.actor_id()) and outcome is null
  and ((select sec.actor_role()) = 'sysadmin'
       or ((select sec.actor_role()) = 'manager' and not is_case_role(role)))
  and (kind = 'new') = not exists (select 1 from account a where a.id = account_id)
  and not exists (select 1 from account a where a.id = account_id and a.ended_at is not null));
grant select, insert on account_proposal to utvag_user;
create policy door on account_proposal to utvag_sec using (true) with check (true);
grant select on account_proposal to utvag_sec;
grant update (decided_by, decided_at, outcome, answer) on account_proposal to utvag_sec;

create function account_proposal_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  moves constant text[] := array['decided_by', 'decided_at', 'outcome', 'answer'];
begin
  if tg_op = 'DELETE' or old.outcome is not null or (to_jsonb(new) - moves) is distinct from (to_jsonb(old) - moves) then
    raise exception 'a proposal stands' using errcode = '23514', constraint = 'account_proposal_stands';
  end if;
  return new;
end
$$;
create trigger account_proposal_stands before update or delete on account_proposal
  for each row execute function account_proposal_stands();
reset role;
alter table account_proposal enable always trigger account_proposal_stands;
call audit.follow('account_proposal');

set role utvag_sec;
-- Whether it is the actor's to answer.
create function sec.may_decide(p public.account_proposal) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(sec.actor_id() not in (p.proposed_by, p.account_id)
    and case sec.actor_role()
          when 'manager' then not public.is_case_role(p.role) or p.unit_id is null or p.unit_id = sec.actor_unit()
          when 'sysadmin' then p.role is not null and not public.is_case_role(p.role)
          else false end, false)
$$;

-- Ends what the account is named as in cases; with a role, only what that role cannot be.
create function sec.leave_cases(wanted uuid, staying public.role_code) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update public.assignment a set ended_at = now()
  where a.account_id = wanted and a.ended_at is null
    and not coalesce(case staying when 'caseworker' then a.kind in ('responsible', 'deputy', 'co_worker')
                                  when 'coordinator' then a.kind in ('coordinator', 'named_circle')
                                  when 'manager' then a.kind = 'named_circle' end, false)
$$;

-- Answers a proposal and carries it out, all in one. 'stale' where somebody else was first or there is nothing to change any
-- more, 'forbidden' where it is not the actor's to answer.
create function sec.decide_proposal(wanted uuid, granting boolean, why bytea, new_grant uuid, today date) returns text
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

-- Whether the actor keeps this account: an administrator all, a manager those of the own unit and those without case roles.
create function sec.keeps_account(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(wanted <> sec.actor_id() and exists (
    select 1 from public.account a where a.id = wanted
      and case sec.actor_role()
            when 'sysadmin' then true
            when 'manager' then a.unit_id is null or a.unit_id = sec.actor_unit() or not exists (
              select 1 from public.role_grant g where g.account_id = a.id and now() < g.valid_to and public.is_case_role(g.role))
            else false end), false)
$$;

-- How each account signs in, for those who keep them: never with what.
create function sec.account_keys() returns table (account_id uuid, user_name text, is_activated boolean, code_waits boolean,
  sessions bigint, last_at timestamptz, organisation public.disclosure_recipient)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.account_id, c.user_name, c.password is not null and c.code_seed is not null,
         exists (select 1 from identity.activation v where v.account_id = c.account_id and v.tries < 5),
         (select count(*) from identity.session s where s.account_id = c.account_id and s.ended_at is null
            and now() < s.ends_at and now() < s.seen_at + s.idle_limit),
         (select max(s.started_at) from identity.session s where s.account_id = c.account_id),
         (select l.organisation from public.liaison l where l.account_id = c.account_id)
  from identity.credential c where sec.actor_role() in ('sysadmin', 'manager')
$$;

create function sec.sessions_of(wanted uuid) returns table (id uuid, started_at timestamptz, seen_at timestamptz, device text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.started_at, s.seen_at, s.device from identity.session s
  where s.account_id = wanted and sec.keeps_account(wanted)
    and s.ended_at is null and now() < s.ends_at and now() < s.seen_at + s.idle_limit
  order by s.started_at desc
$$;
-- Ends one of somebody's sessions, or all: refused at the next request, whichever instance gets it.
create function sec.end_sessions_of(wanted uuid, one uuid) returns bigint
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with ended as (
    update identity.session s set ended_at = now(), ended_why = 'administrator'
    where s.account_id = wanted and (one is null or s.id = one) and s.ended_at is null and sec.keeps_account(wanted)
    returning 1)
  select count(*) from ended
$$;

-- The code of the first sign-in, for an account that nobody has signed in to: once there is somebody behind it, nobody else
-- gets a way in.
create function sec.issue_code(wanted uuid, hash bytea, seed bytea, until timestamptz) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform 1 from identity.credential c join public.account a on a.id = c.account_id
  where c.account_id = wanted and c.password is null and a.is_active and wanted <> sec.actor_id()
    and sec.actor_role() = 'sysadmin'
    and exists (select 1 from public.role_grant g where g.account_id = wanted and now() >= g.valid_from and now() < g.valid_to)
  for update of c;
  if not found then
    return false;
  end if;
  insert into identity.activation (account_id, code_hash, code_seed, expires_at) values (wanted, hash, seed, until)
  on conflict (account_id) do update set code_hash = excluded.code_hash, code_seed = excluded.code_seed,
    expires_at = excluded.expires_at, tries = 0;
  return true;
end
$$;

-- Somebody leaves: account, grants, sessions, ways of signing in and assignments end in one transaction.
create function sec.end_account(wanted uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not sec.keeps_account(wanted) then
    return false;
  end if;
  update public.account a set is_active = false, ended_at = now() where a.id = wanted and a.ended_at is null;
  if not found then
    return false;
  end if;
  update public.role_grant g set valid_to = now(), ended_by = sec.actor_id(), ended_why = 'left'
    where g.account_id = wanted and now() < g.valid_to and g.valid_from < now();
  update identity.session s set ended_at = now(), ended_why = 'left' where s.account_id = wanted and s.ended_at is null;
  delete from identity.activation v where v.account_id = wanted;
  delete from identity.device d where d.account_id = wanted;
  update identity.credential c set password = null, code_seed = null where c.account_id = wanted;
  perform sec.leave_cases(wanted, null);
  return true;
end
$$;

-- How many open cases an account left without somebody responsible or a deputy, that still have none: a number.
create function sec.left_alone_by(wanted uuid) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select count(distinct a.case_id)
  from public.assignment a join public.account o on o.id = a.account_id join public.case_file c on c.id = a.case_id
  where a.account_id = wanted and a.ended_at = o.ended_at and a.kind in ('responsible', 'deputy') and c.closed_on is null
    and not exists (select 1 from public.assignment n where n.case_id = a.case_id and n.kind = a.kind and n.ended_at is null)
    and sec.actor_role() in ('sysadmin', 'manager')
$$;

-- Says that a right is still needed: a manager of all but their own, and of a manager's an administrator too.
create function sec.may_confirm(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from public.role_grant g join public.account a on a.id = g.account_id
    where g.id = wanted and now() >= g.valid_from and now() < g.valid_to and a.ended_at is null and sec.keeps_account(a.id)
      and (sec.actor_role() = 'manager' or (sec.actor_role() = 'sysadmin' and g.role = 'manager')))
$$;
create function sec.confirm_grant(wanted uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.role_grant g set confirmed_by = sec.actor_id(), confirmed_at = now(),
    valid_to = greatest(g.valid_to, least(coalesce(g.granted_until, g.valid_to), now() + public.role_quarter(g.role)))
  where g.id = wanted and sec.may_confirm(wanted);
  return found;
end
$$;
create function sec.end_grant(wanted uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  whose uuid;
begin
  update public.role_grant g set valid_to = now(), ended_by = sec.actor_id(), ended_why = 'ended'
    where g.id = wanted and sec.may_confirm(wanted) returning g.account_id into whose;
  if whose is null then
    return false;
  end if;
  update identity.session s set ended_at = now(), ended_why = 'role_ended' where s.account_id = whose and s.ended_at is null;
  perform sec.leave_cases(whose, null);
  return true;
end
$$;
revoke execute on function sec.may_decide, sec.leave_cases, sec.decide_proposal, sec.keeps_account, sec.account_keys,
  sec.sessions_of, sec.end_sessions_of, sec.issue_code, sec.end_account, sec.left_alone_by, sec.may_confirm, sec.confirm_grant,
  sec.end_grant from public;
grant execute on function sec.decide_proposal, sec.keeps_account, sec.account_keys, sec.sessions_of, sec.end_sessions_of,
  sec.issue_code, sec.end_account, sec.left_alone_by, sec.may_confirm, sec.confirm_grant, sec.end_grant to utvag_user;
reset role;
