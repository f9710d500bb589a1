-- Who sees where somebody is: two named readers of a case at most, each with a fresh proof and a reason, so many times in an
-- hour and so many cases in a day. A manager, and whoever sees the case through a broken glass, sees it together with a
-- second person and in no other way. All of it lies in the vault, behind functions.

set role utvag_owner;
create type location_reason as enum ('transport', 'visit', 'danger_life', 'provider_contact', 'authority_contact', 'move', 'other');
grant select on role_grant to utvag_vault;
create policy vault_reads on role_grant for select to utvag_vault using (true);
reset role;

set role utvag_sec;
-- Whether whoever asks has proven who they are within so long, in this session.
create function sec.is_proven(within interval) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from identity.session s
    where s.id = sec.session_id() and s.account_id = sec.actor_id() and s.ended_at is null and s.proven_at > now() - within)
$$;
revoke execute on function sec.is_proven from public;
grant execute on function sec.is_proven, sec.reaches, sec.my_conflicts, sec.has_conflict to utvag_vault;
reset role;

set role utvag_vault;
-- The seats are two, and one person sits in one.
create table vault.reader (
  id uuid primary key,
  case_id uuid not null,
  account_id uuid not null,
  seat smallint not null check (seat in (1, 2)),
  named_at timestamptz not null default now(),
  ended_at timestamptz check (ended_at >= named_at),
  named_by uuid,                      -- nobody where it follows from the assignment
  ended_by uuid,                      -- nobody where it ended with the assignment
  reason text not null check (length(reason) > 0),
  constraint reader_named_by_another check (named_by <> account_id),
  constraint reader_ended check (ended_by is null or ended_at is not null)
);
create unique index reader_seat on vault.reader (case_id, seat) where ended_at is null;
create unique index reader_once on vault.reader (case_id, account_id) where ended_at is null;
create index reader_account on vault.reader (account_id);

-- Asked by one, approved by another, opened once.
create table vault.request (
  id uuid primary key,
  placement_id uuid not null references vault.location (placement_id),
  case_id uuid not null,
  account_id uuid not null,
  kind public.location_reason not null,
  reason bytea not null,              -- sealed
  requested_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '10 minutes',
  approved_by uuid,
  approved_at timestamptz,
  opened_at timestamptz,
  constraint request_ten_minutes check (expires_at = requested_at + interval '10 minutes'),
  constraint request_by_two check (approved_by <> account_id),
  constraint request_approved check ((approved_by is null) = (approved_at is null) and approved_at < expires_at),
  constraint request_opened check (opened_at is null or (approved_at is not null and opened_at < expires_at))
);
create index request_case on vault.request (case_id, requested_at desc);

-- A try beyond what is usual.
create table vault.alarm (
  id uuid primary key default gen_random_uuid(),
  placement_id uuid not null references vault.location (placement_id),
  account_id uuid not null,
  at timestamptz not null default now(),
  kind text not null check (kind in ('per_hour', 'cases_per_day'))
);
create index alarm_account on vault.alarm (account_id, at);

alter table vault.opening add column kind public.location_reason, add column request_id uuid references vault.request (id);
create unique index opening_request on vault.opening (request_id);
create index opening_account on vault.opening (account_id, opened_at);

do $$
declare
  name text;
begin
  foreach name in array array['reader', 'request', 'alarm'] loop
    execute format('alter table vault.%I enable row level security', name);
    execute format('alter table vault.%I force row level security', name);
    execute format('create policy keeper on vault.%I to utvag_vault using (true) with check (true)', name);
  end loop;
end
$$;

-- Whoever can open today is named: the responsible one and the coordinator, who are one each in a case.
insert into vault.reader (id, case_id, account_id, seat, reason)
select gen_random_uuid(), a.case_id, a.account_id, case a.kind when 'responsible' then 1 else 2 end,
       case a.kind when 'responsible' then 'Ansvarig handläggare' else 'Samordnare i ärendet' end
from public.assignment a where a.ended_at is null and a.kind in ('responsible', 'coordinator')
on conflict do nothing;
reset role;
call audit.follow('vault.reader');
call audit.follow('vault.request');
call audit.follow('vault.alarm');

set role utvag_vault;
-- How much somebody opens at most. Nobody moves five people in an hour, or works with more than three hidden places in a
-- day; who copies them has to be many or slow (security.md AP04).
create function vault.most() returns table (openings_per_hour int, cases_per_day int)
language sql immutable set search_path = pg_catalog, pg_temp as $$ select 5, 3 $$;

-- Whether the actor is one of the two, and still works with the case as one of those who can be.
create function vault.reads(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(sec.actor_role() in ('caseworker', 'coordinator'), false) and wanted <> all (sec.my_conflicts())
    and exists (select 1 from vault.reader r
      where r.case_id = wanted and r.account_id = sec.actor_id() and r.ended_at is null)
    and exists (select 1 from public.assignment a
      where a.case_id = wanted and a.account_id = sec.actor_id() and a.ended_at is null)
$$;
-- Who may see it together with another: a manager in reach of the case, and whoever has broken a glass before it.
create function vault.may_ask(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(wanted <> all (sec.my_conflicts())
    and ((sec.actor_role() = 'manager' and sec.reaches(wanted)) or wanted = sec.glass_case()), false)
$$;
-- Who may be the other: a named reader, and a coordinator in reach of the case; nobody through a glass.
create function vault.may_approve(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select vault.reads(wanted) or coalesce(sec.actor_role() = 'coordinator' and sec.reaches(wanted), false)
$$;

-- The new responsible one and the coordinator sit down where there is a seat; who has no task left in the case gets up.
create function vault.follow_assignment() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' and new.ended_at is null and new.kind in ('responsible', 'coordinator') then
    insert into vault.reader (id, case_id, account_id, seat, reason)
    select gen_random_uuid(), new.case_id, new.account_id, s.seat,
           case new.kind when 'responsible' then 'Ansvarig handläggare' else 'Samordnare i ärendet' end
    from generate_series(1, 2) as s(seat)
    where not exists (select 1 from vault.reader r where r.case_id = new.case_id and r.seat = s.seat and r.ended_at is null)
      and not exists (select 1 from vault.reader r
        where r.case_id = new.case_id and r.account_id = new.account_id and r.ended_at is null)
    order by s.seat limit 1
    on conflict do nothing;
  elsif tg_op = 'UPDATE' and new.ended_at is not null then
    update vault.reader r set ended_at = greatest(now(), r.named_at)
    where r.case_id = new.case_id and r.account_id = new.account_id and r.ended_at is null
      and not exists (select 1 from public.assignment a
        where a.case_id = new.case_id and a.account_id = new.account_id and a.ended_at is null);
  end if;
  return null;
end
$$;

create function vault.readers(wanted uuid) returns table (
  id uuid, account_id uuid, seat smallint, named_at timestamptz, ended_at timestamptz, named_by uuid, reason text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.id, r.account_id, r.seat, r.named_at, r.ended_at, r.named_by, r.reason from vault.reader r
  where r.case_id = wanted and (sec.reaches(wanted) or wanted = sec.glass_case())
  order by r.ended_at desc nulls first, r.seat, r.named_at desc limit 100
$$;
-- Names one: whoever divides the work, never themselves, and only somebody who works with the case.
create function vault.name_reader(wanted uuid, opened uuid, who uuid, why text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  free smallint;
begin
  if coalesce(sec.actor_role() not in ('coordinator', 'manager'), true) or not sec.reaches(opened) or who = sec.actor_id()
     or not exists (select 1 from public.case_file c where c.id = opened and c.closed_on is null) then
    raise exception 'not the one who names readers' using errcode = '42501';
  end if;
  if exists (select 1 from vault.reader r where r.case_id = opened and r.account_id = who and r.ended_at is null) then
    return 'already';
  end if;
  if sec.has_conflict(who, opened)
     or not exists (select 1 from public.assignment a where a.case_id = opened and a.account_id = who and a.ended_at is null)
     or not exists (select 1 from public.role_grant g where g.account_id = who and g.role in ('caseworker', 'coordinator')
       and now() >= g.valid_from and now() < g.valid_to) then
    return 'not_assigned';
  end if;
  select s.seat into free from generate_series(1, 2) as s(seat)
  where not exists (select 1 from vault.reader r where r.case_id = opened and r.seat = s.seat and r.ended_at is null)
  order by s.seat limit 1;
  if free is null then
    return 'full';
  end if;
  insert into vault.reader (id, case_id, account_id, seat, named_by, reason)
  values (wanted, opened, who, free, sec.actor_id(), why);
  return 'named';
end
$$;
create function vault.end_reader(wanted uuid, opened uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if coalesce(sec.actor_role() not in ('coordinator', 'manager'), true) or not sec.reaches(opened) then
    raise exception 'not the one who removes readers' using errcode = '42501';
  end if;
  update vault.reader r set ended_at = greatest(now(), r.named_at), ended_by = sec.actor_id()
  where r.id = wanted and r.case_id = opened and r.ended_at is null;
  return found;
end
$$;

-- Whether one more opening is more than is usual: which limit, or nothing.
create function vault.beyond(opened uuid) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select case
    when (select count(*) from vault.opening o
          where o.account_id = sec.actor_id() and o.opened_at > now() - interval '1 hour') >= m.openings_per_hour then 'per_hour'
    when (select count(distinct p.case_id) from vault.opening o join public.placement p on p.id = o.placement_id
          where o.account_id = sec.actor_id() and o.opened_at > now() - interval '1 day' and p.case_id <> opened)
         >= m.cases_per_day then 'cases_per_day'
  end
  from vault.most() m
$$;

drop function vault.read(uuid, bytea);
-- Opens it, or says why not. It names to the log what it does itself, because only it knows which of the two it is; a try
-- beyond what is usual is an alarm.
create function vault.let_out(wanted uuid, opened uuid, why public.location_reason, words bytea, asked uuid)
returns table (outcome text, location bytea)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  found_location bytea;
  too_much text;
begin
  -- One at a time for each person, so that no two are the last one.
  perform pg_advisory_xact_lock(hashtextextended('vault ' || sec.actor_id()::text, 0));
  select l.location into found_location from (select v.sealed as location from vault.location v where v.placement_id = wanted) l;
  if found_location is null then
    return;
  end if;
  too_much := vault.beyond(opened);
  if too_much is not null then
    perform set_config('app.event', 'location.beyond', true);
    insert into vault.alarm (placement_id, account_id, kind) values (wanted, sec.actor_id(), too_much);
    return query select too_much, null::bytea;
    return;
  end if;
  perform set_config('app.event', 'location.opened', true);
  if asked is not null then
    update vault.request q set opened_at = now() where q.id = asked;
  end if;
  insert into vault.opening (placement_id, account_id, kind, reason, request_id)
  values (wanted, sec.actor_id(), why, words, asked);
  return query select 'opened'::text, found_location;
end
$$;
create function vault.read(wanted uuid, why public.location_reason, words bytea) returns table (outcome text, location bytea)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  opened uuid := (select p.case_id from public.placement p where p.id = wanted);
begin
  if opened is null or not vault.reads(opened) then
    return;
  end if;
  if not sec.is_proven('5 minutes') then
    return query select 'unproven'::text, null::bytea;
    return;
  end if;
  return query select l.outcome, l.location from vault.let_out(wanted, opened, why, words, null) l;
end
$$;

-- Asks to see it together with another.
create function vault.ask(asked uuid, wanted uuid, why public.location_reason, words bytea) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  opened uuid := (select p.case_id from public.placement p where p.id = wanted);
begin
  if opened is null or not vault.may_ask(opened) or not sec.is_proven('5 minutes') then
    return false;
  end if;
  insert into vault.request (id, placement_id, case_id, account_id, kind, reason)
  select asked, v.placement_id, opened, sec.actor_id(), why, words from vault.location v where v.placement_id = wanted;
  return found;
end
$$;
-- The latest of a case: one's own, and those that one may answer while they wait.
create function vault.requests(opened uuid) returns table (
  id uuid, placement_id uuid, account_id uuid, kind public.location_reason, reason bytea, requested_at timestamptz,
  expires_at timestamptz, approved_by uuid, approved_at timestamptz, opened_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select q.id, q.placement_id, q.account_id, q.kind, q.reason, q.requested_at, q.expires_at, q.approved_by, q.approved_at, q.opened_at
  from vault.request q
  where q.case_id = opened and now() < q.expires_at and q.opened_at is null
    and (q.account_id = sec.actor_id() and vault.may_ask(opened)
         or q.account_id <> sec.actor_id() and vault.may_approve(opened))
  order by q.requested_at desc limit 20
$$;
-- Approves what somebody else asked for; nobody who has a conflict on either side.
create function vault.approve(asked uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  update vault.request q set approved_by = sec.actor_id(), approved_at = now()
  where q.id = asked and q.account_id <> sec.actor_id() and q.approved_by is null and now() < q.expires_at
    and vault.may_approve(q.case_id) and sec.is_proven('5 minutes') and not sec.has_conflict(q.account_id, q.case_id);
  return found;
end
$$;
-- Opens it to the one who asked, once, within the ten minutes.
create function vault.read_together(asked uuid) returns table (outcome text, location bytea)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  q vault.request;
begin
  select r.* into q from vault.request r
  where r.id = asked and r.account_id = sec.actor_id() and r.approved_by is not null and r.opened_at is null
    and now() < r.expires_at and vault.may_ask(r.case_id) and not sec.has_conflict(r.approved_by, r.case_id) for update;
  if q.id is null or not sec.is_proven('15 minutes') then
    return;
  end if;
  return query select l.outcome, l.location from vault.let_out(q.placement_id, q.case_id, q.kind, q.reason, q.id) l;
end
$$;
-- Whether somebody was one of the two since then: for the report of who is in danger when an account is in wrong hands.
create function vault.was_reader(who uuid, wanted uuid, since timestamptz) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from vault.reader r
    where r.account_id = who and r.case_id = wanted and (r.ended_at is null or r.ended_at >= since))
$$;
revoke execute on function vault.most, vault.reads, vault.may_ask, vault.may_approve, vault.follow_assignment, vault.readers,
  vault.name_reader, vault.end_reader, vault.beyond, vault.let_out, vault.read, vault.ask, vault.requests, vault.approve,
  vault.read_together, vault.was_reader from public;
grant execute on function vault.most, vault.reads, vault.readers, vault.name_reader, vault.end_reader, vault.read, vault.ask,
  vault.requests, vault.approve, vault.read_together to utvag_user;
grant execute on function vault.follow_assignment to utvag_owner;
grant execute on function vault.was_reader to utvag_sec;
reset role;
grant usage on schema vault to utvag_owner, utvag_sec;

set role utvag_owner;
create trigger location_readers after insert or update on assignment for each row execute function vault.follow_assignment();
reset role;
alter table assignment enable always trigger location_readers;

set role utvag_audit;
-- As before, but that somebody has asked to see where a person is, and has seen it, is written also through a glass: by the
-- vault's own functions, which alone reach its tables.
create or replace function audit.note_change() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  event text := current_setting('app.event', true);
  old_row jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  new_row jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
begin
  if coalesce(event, '') = '' then
    raise exception 'an unannounced change of %', tg_table_name using errcode = 'AU001';
  end if;
  if tg_table_schema <> 'vault' and coalesce(current_setting('app.glass', true), '') <> '' and sec.glass_case() is not null then
    raise exception 'through a glass one reads' using errcode = 'AU004';
  end if;
  -- That a proof changed is kept, the proof itself is not: the log outlives every password.
  if tg_table_schema = 'identity' then
    old_row := old_row - array['password', 'code_seed', 'code_hash'];
    new_row := new_row - array['password', 'code_seed', 'code_hash'];
  end if;
  insert into audit.row_change (event, table_name, operation, row_id, before, after)
  values (event, tg_table_schema || '.' || tg_table_name, lower(tg_op),
          coalesce(new_row ->> tg_argv[0], old_row ->> tg_argv[0]), old_row, new_row);
  return null;
end
$$;
reset role;

set role utvag_sec;
-- As before, but a place could also be opened by whoever was named one of its readers; before there were any, by those
-- whose task it was.
create or replace function sec.exposure(wanted uuid, since timestamptz) returns table (
  case_id uuid, reference text, is_closed boolean, protection public.protection_level, seen_at timestamptz, seen_times bigint,
  listed_at timestamptz, events jsonb, location_at timestamptz, reach text[], reach_until timestamptz, locations bigint,
  responsible text, coordinator text, police_body public.police_body, police_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with seen as (
    select s.case_id, max(s.last_at) filter (where not s.in_list) as seen_at,
           (sum(s.times) filter (where not s.in_list))::bigint as seen_times,
           max(s.last_at) filter (where s.in_list) as listed_at,
           jsonb_object_agg(s.event, s.times) filter (where not s.in_list) as events,
           max(s.last_at) filter (where s.event = 'location.opened') as location_at
    from audit.seen_by(wanted, since) s group by s.case_id
  ), named as (
    select a.case_id, array_agg(distinct a.kind::text) as kinds, max(coalesce(a.ended_at, now())) as until
    from public.assignment a where a.account_id = wanted and (a.ended_at is null or a.ended_at >= since) group by a.case_id
  ), held as (
    select g.role, least(g.valid_to, now()) as until from public.role_grant g
    where g.account_id = wanted and g.valid_to >= since and g.valid_from <= now() and g.role in ('coordinator', 'manager')
  ), wider as (
    select w as id from audit.once_wider(since) w
  ), by_role as (
    select c.id as case_id, max(h.until) as until
    from held h join public.case_file c on c.created_at <= h.until
      and (h.role = 'coordinator' or c.owner_unit_id = (select a.unit_id from public.account a where a.id = wanted))
      and (c.protection_level <> 'closed_circle' or c.id in (select w.id from wider w))
    group by c.id
  )
  select c.id, c.reference, c.closed_on is not null, c.protection_level, s.seen_at, coalesce(s.seen_times, 0), s.listed_at,
         coalesce(s.events, '{}'), s.location_at,
         coalesce(n.kinds, '{}') || case when r.case_id is null then '{}' else array['role'] end,
         greatest(n.until, r.until),
         case when n.kinds && array['responsible', 'coordinator'] or vault.was_reader(wanted, c.id, since)
             or s.location_at is not null
           then (select count(*) from public.placement p where p.case_id = c.id) else 0 end,
         (select o.display_name from public.assignment a join public.account o on o.id = a.account_id
          where a.case_id = c.id and a.kind = 'responsible' and a.ended_at is null),
         (select o.display_name from public.assignment a join public.account o on o.id = a.account_id
          where a.case_id = c.id and a.kind = 'coordinator' and a.ended_at is null),
         p.body, p.happened_at
  from public.case_file c
  left join seen s on s.case_id = c.id
  left join named n on n.case_id = c.id
  left join by_role r on r.case_id = c.id
  left join lateral (select k.body, k.happened_at from public.police_contact k where k.case_id = c.id
                     order by k.happened_at desc limit 1) p on true
  where (s.case_id is not null or n.case_id is not null or r.case_id is not null) and sec.may_ask_of_exposure()
  order by greatest(s.seen_at, s.listed_at) desc nulls last, greatest(n.until, r.until) desc, c.reference
$$;
reset role;
