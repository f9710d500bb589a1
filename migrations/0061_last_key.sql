-- The last key of somebody who has to have one stays: only the end of the account, a recovery in person and a new
-- activation take it. Those who keep accounts see how many keys there are, and never which.

set role utvag_owner;
-- The same as `policy::must_use_key`.
create function must_use_key(role role_code) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select coalesce(role in ('caseworker', 'coordinator', 'manager', 'police_liaison', 'log_reviewer', 'sysadmin'), false)
$$;
grant execute on function must_use_key to utvag_login, utvag_sec;

create function identity.last_passkey_stays() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  -- Of two who each take away one not both are the second last.
  perform pg_advisory_xact_lock(hashtextextended(old.account_id::text, 61));
  if exists (select 1 from public.account a join public.role_grant g on g.account_id = a.id
             where a.id = old.account_id and a.is_active and now() >= g.valid_from and now() < g.valid_to
               and public.must_use_key(g.role))
     and not exists (select 1 from identity.passkey k
                     where k.account_id = old.account_id and k.id <> old.id and k.revoked_at is null)
     and current_setting('app.event', true) is distinct from 'account.activated'
     and not exists (select 1 from public.account_recovery r
                     where r.account_id = old.account_id and r.confirmed_at is not null and r.used_at is null
                       and r.xmin = pg_current_xact_id()::xid) then
    raise exception 'the last key stays' using errcode = '23514', constraint = 'last_passkey';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end
$$;
revoke execute on function identity.last_passkey_stays from public;
create trigger last_passkey_stays before update on identity.passkey for each row
  when (old.revoked_at is null and new.revoked_at is not null) execute function identity.last_passkey_stays();
create trigger last_passkey_kept before delete on identity.passkey for each row
  when (old.revoked_at is null) execute function identity.last_passkey_stays();
grant delete on identity.passkey to utvag_sec;
reset role;
alter table identity.passkey enable always trigger last_passkey_stays;
alter table identity.passkey enable always trigger last_passkey_kept;

set role utvag_sec;
-- As before (0050); says also how many keys there are, and whether a sheet of codes is left.
drop function sec.account_keys();
create function sec.account_keys() returns table (account_id uuid, user_name text, is_activated boolean, code_waits boolean,
  sessions bigint, last_at timestamptz, organisation public.disclosure_recipient, keys bigint, has_codes boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.account_id, c.user_name, c.password is not null and c.code_seed is not null,
         exists (select 1 from identity.activation v where v.account_id = c.account_id and v.tries < 5),
         (select count(*) from identity.session s where s.account_id = c.account_id and s.ended_at is null
            and now() < s.ends_at and now() < s.seen_at + s.idle_limit),
         (select max(s.started_at) from identity.session s where s.account_id = c.account_id),
         (select l.organisation from public.liaison l where l.account_id = c.account_id),
         (select count(*) from identity.passkey k where k.account_id = c.account_id and k.revoked_at is null),
         exists (select 1 from identity.recovery_code r
                 where r.account_id = c.account_id and r.recovery_id is null and r.used_at is null)
  from identity.credential c where sec.actor_role() in ('sysadmin', 'manager')
$$;
revoke execute on function sec.account_keys from public;
grant execute on function sec.account_keys to utvag_user;

-- As before (0050); takes also keys and codes away.
create or replace function sec.end_account(wanted uuid) returns boolean
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
  delete from identity.passkey k where k.account_id = wanted;
  delete from identity.recovery_code c where c.account_id = wanted;
  update public.account_recovery r set ended_at = now()
    where r.account_id = wanted and r.kind = 'in_person' and r.used_at is null and r.ended_at is null;
  update identity.credential c set password = null, code_seed = null where c.account_id = wanted;
  perform sec.leave_cases(wanted, null);
  return true;
end
$$;
reset role;
