-- Rights that end by themselves. A grant says until when it was approved (at most twelve months, as before) and, in
-- `valid_to`, until when it holds: at most a quarter, for the police's contact ninety days, unless a manager has said once
-- more that it is still needed. What nobody confirms is over on its day, for every function that asks for `valid_to`.
-- One role at a time (0002) refuses every pair of roles, also those that may never meet; one account per employee keeps
-- it from being walked around.

set role utvag_owner;
alter table account
  add column employee_id text constraint account_employee unique check (employee_id ~ '^[[:alnum:]-]{2,20}$'),
  add column ended_at timestamptz,
  add constraint account_ended check (ended_at is null or not is_active);

create function account_stays_ended() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE' or (old.ended_at is not null and new.ended_at is distinct from old.ended_at) then
    raise exception 'an account that has ended stays ended' using errcode = '23514', constraint = 'account_stays_ended';
  end if;
  return new;
end
$$;
create trigger account_stays_ended before update or delete on account for each row execute function account_stays_ended();

alter table role_grant
  add column granted_until timestamptz,                       -- empty for those made before there was a difference
  add column proposed_by uuid references account (id),        -- empty, like granted_by, for those made by the operator
  add column proposal_id uuid,
  add column confirmed_by uuid references account (id),
  add column confirmed_at timestamptz,
  add column ended_by uuid references account (id),
  add column ended_why text check (ended_why in ('replaced', 'ended', 'left')),
  add constraint role_grant_granted check (valid_to <= granted_until and granted_until <= valid_from + interval '12 months'),
  add constraint role_grant_two check ((proposed_by is null) = (granted_by is null) and proposed_by <> account_id
    and proposed_by <> granted_by),
  add constraint role_grant_confirmed check ((confirmed_by is null) = (confirmed_at is null) and confirmed_by <> account_id),
  add constraint role_grant_ended check ((ended_by is null) = (ended_why is null) and ended_by <> account_id);

-- How long a grant holds before somebody has to say that it is still needed: a quarter, and ten days to say it in.
create function role_quarter(role role_code) returns interval
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when role = 'police_liaison' then interval '90 days' else interval '100 days' end
$$;
grant execute on function role_quarter to utvag_sec, utvag_task;

create function role_grant_begins() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  new.granted_until := coalesce(new.granted_until, new.valid_to);
  -- Not `least` alone: it would give an end to what was sent without one.
  new.valid_to := case when new.valid_to is null then null else least(new.valid_to, greatest(new.valid_from, now()) + role_quarter(new.role)) end;
  return new;
end
$$;
create trigger role_grant_begins before insert on role_grant for each row execute function role_grant_begins();

-- What was granted stands. It ends earlier, or is confirmed for another quarter; what has ended does not come back.
create function role_grant_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  moves constant text[] := array['valid_to', 'ended_by', 'ended_why', 'confirmed_by', 'confirmed_at'];
begin
  if tg_op = 'DELETE' or (to_jsonb(new) - moves) is distinct from (to_jsonb(old) - moves)
     or old.ended_by is not null or old.valid_to <= now()
     or (new.valid_to > old.valid_to and (new.confirmed_at is not distinct from old.confirmed_at or new.confirmed_at is null))
     or new.valid_to > greatest(old.valid_to, now() + role_quarter(old.role)) then
    raise exception 'a grant stands' using errcode = '23514', constraint = 'role_grant_stands';
  end if;
  return new;
end
$$;
create trigger role_grant_stands before update or delete on role_grant for each row execute function role_grant_stands();

-- Only through the functions of sec; whoever is signed in writes none of it.
create policy keeping on role_grant for insert to utvag_sec with check (true);
create policy moving on role_grant for update to utvag_sec using (true) with check (true);
grant insert on role_grant to utvag_sec;
grant update (valid_to, ended_by, ended_why, confirmed_by, confirmed_at) on role_grant to utvag_sec;
create policy keeping on account for insert to utvag_sec with check (true);
grant insert on account to utvag_sec;
grant update (ended_at) on account to utvag_sec;
create policy keeping on identity.credential to utvag_sec using (true) with check (true);
grant select, insert on identity.credential to utvag_sec;
grant update (password, code_seed) on identity.credential to utvag_sec;
create policy keeping on identity.activation to utvag_sec using (true) with check (true);
grant select, insert, update, delete on identity.activation to utvag_sec;
create policy keeping on identity.device to utvag_sec using (true);
grant select, delete on identity.device to utvag_sec;
create policy keeping on liaison to utvag_sec using (true) with check (true);
grant select, insert on liaison to utvag_sec;
grant update (verified_on) on liaison to utvag_sec;
reset role;
alter table account enable always trigger account_stays_ended;
alter table role_grant enable always trigger role_grant_begins;
alter table role_grant enable always trigger role_grant_stands;
