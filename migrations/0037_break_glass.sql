-- Who keeps out, who breaks in, and who sees it. A declared conflict of interest closes a case to somebody, whatever else
-- would open it. A broken glass opens one case to one colleague for an hour, to read and nothing else; it is told at once
-- and reviewed by somebody else. Who has looked at a case is read out of the log.

set role utvag_owner;

create type break_glass_reason as enum ('danger_life', 'on_call_emergency', 'responsible_unavailable', 'court_deadline');
create type break_glass_result as enum ('justified', 'unjustified');

create table conflict_of_interest (
  id uuid primary key,
  account_id uuid not null references account (id),
  case_id uuid not null references case_file (id),   -- where it was declared
  person_id uuid not null references person (id),    -- whose every case it closes
  reason bytea not null,                             -- sealed
  declared_at timestamptz not null,
  declared_by uuid not null references account (id),
  constraint conflict_of_interest_once unique (account_id, person_id),
  foreign key (case_id, person_id) references case_file (id, person_id)
);

create table break_glass (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  reference text not null,                           -- for those who review it and do not see the case
  unit_id uuid not null references org_unit (id),    -- whose manager reviews it
  account_id uuid not null references account (id),
  reason break_glass_reason not null,
  words bytea not null,                              -- sealed
  opened_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '60 minutes',
  review_due_on date not null,
  reviewed_by uuid references account (id),
  reviewed_at timestamptz,
  result break_glass_result,
  review_words bytea,                                -- sealed
  constraint break_glass_hour check (expires_at = opened_at + interval '60 minutes'),
  constraint break_glass_reviewed check (num_nonnulls(reviewed_by, reviewed_at, result, review_words) in (0, 4)),
  constraint break_glass_by_another check (reviewed_by <> account_id)
);
create index break_glass_holder on break_glass (account_id, reference, expires_at);
create index break_glass_case on break_glass (case_id);
create index break_glass_waiting on break_glass (review_due_on) where reviewed_at is null;

-- Who was told, in the transaction that broke it.
create table break_glass_notice (
  glass_id uuid not null references break_glass (id),
  account_id uuid not null references account (id),
  primary key (glass_id, account_id)
);
create index break_glass_notice_account on break_glass_notice (account_id);

do $$
declare
  name text;
begin
  foreach name in array array['conflict_of_interest', 'break_glass', 'break_glass_notice'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy door on %I to utvag_sec using (true) with check (true)', name);
    execute format('grant select, insert on %I to utvag_sec', name);
    execute format('grant select on %I to utvag_user', name);
  end loop;
end
$$;

create policy told on break_glass_notice for select to utvag_user using (account_id = (select sec.actor_id()));
create policy reach on break_glass for select to utvag_user using (
  account_id = (select sec.actor_id())
  or (select sec.actor_role()) = 'log_reviewer'
  or ((select sec.actor_role()) = 'manager' and unit_id = (select sec.actor_unit()))
  or exists (select 1 from break_glass_notice n where n.glass_id = id and n.account_id = (select sec.actor_id())));
create policy reviewing on break_glass for update to utvag_user
  using (reviewed_at is null and account_id <> (select sec.actor_id())
         and ((select sec.actor_role()) = 'log_reviewer'
              or ((select sec.actor_role()) = 'manager' and unit_id = (select sec.actor_unit()))))
  with check (reviewed_by = (select sec.actor_id()));
grant update (reviewed_by, reviewed_at, result, review_words) on break_glass to utvag_user;

-- One's own, and those of the cases in reach.
create policy reach on conflict_of_interest for select to utvag_user using (
  account_id = (select sec.actor_id()) or exists (select 1 from case_file c where c.id = case_id offset 0));
create policy declaring on conflict_of_interest for insert to utvag_user with check (
  declared_by = (select sec.actor_id())
  and (account_id = (select sec.actor_id()) or (select sec.actor_role()) in ('coordinator', 'manager'))
  and exists (select 1 from case_file c where c.id = case_id));
grant insert on conflict_of_interest to utvag_user;
reset role;
call audit.follow('conflict_of_interest');
call audit.follow('break_glass');
call audit.follow('break_glass_notice', 'glass_id');

-- The answers that row security stands on ------------------------------------------------------------------------------
set role utvag_sec;

-- The cases that are closed to the actor, whatever would open them.
create function sec.my_conflicts() returns uuid[]
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(c.id), '{}')
  from public.conflict_of_interest k join public.case_file c on c.person_id = k.person_id
  where k.account_id = sec.actor_id()
$$;
create or replace function sec.my_cases() returns uuid[]
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(distinct a.case_id), '{}') from public.assignment a
  where a.account_id = sec.actor_id() and a.ended_at is null and a.case_id <> all (sec.my_conflicts())
$$;
-- Whether the actor sees a case without breaking anything: the policies `reach` and `conflict` on case_file in other words.
create function sec.reaches(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select wanted <> all (sec.my_conflicts()) and exists (
    select 1 from public.case_file c where c.id = wanted and case sec.actor_role()
      when 'caseworker' then c.id = any (sec.my_cases())
      when 'coordinator' then c.protection_level <> 'closed_circle' or c.id = any (sec.my_cases())
      when 'manager' then c.owner_unit_id = sec.actor_unit()
        and (c.protection_level <> 'closed_circle' or c.id = any (sec.my_cases()))
      else false
    end)
$$;
-- The case that the actor sees through a glass and in no other way, in a transaction that says that it is about that case:
-- so it stands on its own pages and in no list. The setting opens nothing by itself.
create function sec.glass_case() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  asked text := current_setting('app.glass', true);
begin
  if coalesce(asked, '') = '' or sec.actor_role() not in ('caseworker', 'coordinator', 'manager') then
    return null;
  end if;
  return (select g.case_id from public.break_glass g
    where g.account_id = sec.actor_id() and g.reference = asked and now() < g.expires_at
      and g.case_id <> all (sec.my_conflicts()) and not sec.reaches(g.case_id)
    order by g.opened_at desc limit 1);
end
$$;

-- Nobody breaks another glass while one of theirs has not been reviewed in time.
create function sec.glass_is_suspended(today date) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from public.break_glass g
    where g.account_id = sec.actor_id() and g.reviewed_at is null
      and g.review_due_on < greatest(today, (now() at time zone 'Europe/Stockholm')::date))
$$;
-- What a reference or a number leads to. Nothing, where there is nothing to open or the actor may not: nobody can tell
-- which. A closed circle opens to a manager alone.
create function sec.glass_for(asked text, blind bytea, today date) returns table (case_id uuid, reference text, is_reached boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, c.reference, sec.reaches(c.id)
  from public.case_file c
  where (c.reference = asked or exists (select 1 from public.person_identity i
           where i.person_id = c.person_id and i.number_blind = blind and not sec.is_identity_broken(c.person_id)))
    and sec.actor_role() in ('caseworker', 'coordinator', 'manager')
    and c.id <> all (sec.my_conflicts())
    and (sec.reaches(c.id)
         or ((c.protection_level <> 'closed_circle' or sec.actor_role() = 'manager') and not sec.glass_is_suspended(today)))
  order by c.closed_on desc nulls first, c.opened_on desc, c.id limit 1
$$;
-- Breaks it and tells those who have to know: who works with the case, its coordinator (or all, where it has none) and the
-- managers of its unit. The one who breaks it is told nothing that they do not know.
create function sec.break_glass(wanted uuid, opened uuid, why public.break_glass_reason, sealed bytea, due date, today date)
returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c public.case_file;
begin
  select f.* into c from public.case_file f
  where f.id = opened and exists (select 1 from sec.glass_for(f.reference, null, today) g where g.case_id = f.id and not g.is_reached);
  if c.id is null then
    return null;
  end if;
  insert into public.break_glass (id, case_id, reference, unit_id, account_id, reason, words, review_due_on)
  values (wanted, c.id, c.reference, c.owner_unit_id, sec.actor_id(), why, sealed, due);
  insert into public.break_glass_notice (glass_id, account_id)
  select wanted, told.account_id
  from (
    select a.account_id from public.assignment a
    where a.case_id = c.id and a.ended_at is null and a.kind in ('responsible', 'deputy', 'coordinator')
    union
    select g.account_id from public.role_grant g join public.account n on n.id = g.account_id and n.is_active
    where now() >= g.valid_from and now() < g.valid_to
      and ((g.role = 'manager' and n.unit_id = c.owner_unit_id)
        or (g.role = 'coordinator' and c.protection_level <> 'closed_circle' and not exists (
              select 1 from public.assignment a where a.case_id = c.id and a.ended_at is null and a.kind = 'coordinator')))) told
  where told.account_id <> sec.actor_id();
  return c.reference;
end
$$;

-- Whoever has a conflict works with none of the person's cases from that moment.
create function sec.conflict_ends_assignments() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.assignment a set ended_at = now()
  where a.account_id = new.account_id and a.ended_at is null
    and a.case_id in (select c.id from public.case_file c where c.person_id = new.person_id);
  return null;
end
$$;
create function sec.has_conflict(who uuid, wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select 1 from public.conflict_of_interest k join public.case_file c on c.person_id = k.person_id
    where c.id = wanted and k.account_id = who)
$$;

-- As before, but nothing is offered to whoever has a conflict.
create or replace function sec.offered_to_me() returns table (id uuid, reference text, offered_by text, offered_at timestamptz, message bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select h.id, c.reference, o.display_name, h.offered_at, h.message
  from public.handover h join public.case_file c on c.id = h.case_id join public.account o on o.id = h.offered_by
  where h.to_account = sec.actor_id() and h.outcome is null and c.closed_on is null and sec.actor_role() = 'caseworker'
    and h.case_id <> all (sec.my_conflicts())
    and exists (select 1 from public.assignment a
      where a.case_id = h.case_id and a.account_id = h.from_account and a.kind = 'responsible' and a.ended_at is null)
$$;

-- As before, but a closed circle is counted in the sums for those too who do not see it: what it costs is the programme's
-- cost. How many placements there are to list is said of those that are seen.
create or replace function sec.placement_year_sums(wanted int) returns table (
  procurement public.procurement_form, round_the_clock boolean, placements bigint, days bigint, cost_ore bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with counted as (
    select s.procurement, s.round_the_clock, s.placements, s.days, s.cost_ore
    from public.placement_year_sum s
    where s.year = wanted and case sec.actor_role()
      when 'coordinator' then true
      when 'manager' then s.unit_id = sec.actor_unit()
      else false
    end
    union all
    -- From the few closed circles, not from the actor's many cases.
    select y.procurement, y.round_the_clock, (y.case_id = any (sec.my_cases()))::int, y.days, y.cost_ore
    from public.placement_year y
    where y.year = wanted and y.is_closed_circle
      and case sec.actor_role()
        when 'coordinator' then true
        when 'manager' then y.unit_id = sec.actor_unit()
        else false
      end)
  select r.procurement, r.round_the_clock, sum(r.placements)::bigint, sum(r.days)::bigint, sum(r.cost_ore)::bigint
  from counted r group by r.procurement, r.round_the_clock having sum(r.days) > 0
$$;

-- Closed circles of the manager's unit that the manager is not named in: that there are such, and their numbers.
create function sec.closed_circles() returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.reference from public.case_file c
  where sec.actor_role() = 'manager' and c.owner_unit_id = sec.actor_unit() and c.protection_level = 'closed_circle'
    and c.closed_on is null and c.id <> all (sec.my_cases()) and c.id <> all (sec.my_conflicts())
  order by c.opened_on desc, c.reference limit 100
$$;

-- Whose log the actor may read, and what was read through a glass that they may review.
create function sec.may_read_log(wanted uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(case sec.actor_role() when 'log_reviewer' then true when 'coordinator' then sec.reaches(wanted) else false end, false)
$$;
create function sec.case_of_log(asked text) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id from public.case_file c where c.reference = asked and sec.may_read_log(c.id)
$$;
create function sec.case_under_review(glass uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select g.case_id from public.break_glass g
  where g.id = glass and (sec.actor_role() = 'log_reviewer'
    or (sec.actor_role() = 'manager' and g.unit_id = sec.actor_unit()))
$$;

revoke execute on function sec.my_conflicts, sec.reaches, sec.glass_case, sec.glass_is_suspended, sec.glass_for,
  sec.break_glass, sec.conflict_ends_assignments, sec.has_conflict, sec.closed_circles, sec.may_read_log, sec.case_of_log,
  sec.case_under_review from public;
grant execute on function sec.my_conflicts, sec.glass_case, sec.glass_is_suspended, sec.glass_for, sec.break_glass,
  sec.closed_circles, sec.case_of_log, sec.has_conflict to utvag_user;
grant execute on function sec.my_conflicts, sec.glass_case, sec.conflict_ends_assignments, sec.has_conflict to utvag_owner;
grant execute on function sec.glass_case to utvag_vault;
grant execute on function sec.glass_case, sec.may_read_log, sec.case_under_review to utvag_audit;
reset role;

set role utvag_owner;
alter policy reach on case_file using (
  case (select sec.actor_role())
    when 'caseworker' then id = any ((select sec.my_cases())::uuid[])
    when 'coordinator' then protection_level <> 'closed_circle' or id = any ((select sec.my_cases())::uuid[])
    when 'manager' then owner_unit_id = (select sec.actor_unit())
      and (protection_level <> 'closed_circle' or id = any ((select sec.my_cases())::uuid[]))
    else false
  end
  or id = (select sec.glass_case()));
create policy conflict on case_file as restrictive for select to utvag_user
  using (id <> all ((select sec.my_conflicts())::uuid[]));
-- Drafts are the one thing that a colleague writes and the log does not follow.
create policy through_glass on journal_draft as restrictive to utvag_user
  using ((select sec.glass_case()) is null) with check ((select sec.glass_case()) is null);

create trigger conflict_ends_assignments after insert on conflict_of_interest
  for each row execute function sec.conflict_ends_assignments();

create function assignment_without_conflict() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if sec.has_conflict(new.account_id, new.case_id) then
    raise exception 'a conflict of interest was declared' using errcode = '23514', constraint = 'assignment_without_conflict';
  end if;
  return new;
end
$$;
create trigger assignment_without_conflict before insert on assignment
  for each row execute function assignment_without_conflict();

create function conflict_of_interest_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'a declared conflict stands' using errcode = '23514', constraint = 'conflict_of_interest_stands';
end
$$;
create trigger conflict_of_interest_stands before update or delete on conflict_of_interest
  for each row execute function conflict_of_interest_stands();

create function break_glass_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  review constant text[] := array['reviewed_by', 'reviewed_at', 'result', 'review_words'];
begin
  if tg_op = 'DELETE' or old.reviewed_at is not null or new.reviewed_at is null
     or (to_jsonb(new) - review) is distinct from (to_jsonb(old) - review) then
    raise exception 'what was broken stands' using errcode = '23514', constraint = 'break_glass_stands';
  end if;
  return new;
end
$$;
create trigger break_glass_stands before update or delete on break_glass
  for each row execute function break_glass_stands();
create function break_glass_notice_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'what was told stands' using errcode = '23514', constraint = 'break_glass_notice_stands';
end
$$;
create trigger break_glass_notice_stands before update or delete on break_glass_notice
  for each row execute function break_glass_notice_stands();
reset role;
alter table conflict_of_interest enable always trigger conflict_ends_assignments;
alter table conflict_of_interest enable always trigger conflict_of_interest_stands;
alter table assignment enable always trigger assignment_without_conflict;
alter table break_glass enable always trigger break_glass_stands;
alter table break_glass_notice enable always trigger break_glass_notice_stands;

-- The log --------------------------------------------------------------------------------------------------------------
set role utvag_audit;

-- As before; and through a glass one reads. Every table that a colleague changes is followed, so this holds for them all.
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
  if coalesce(current_setting('app.glass', true), '') <> '' and sec.glass_case() is not null then
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

-- Who has looked at a case, the newest first. Texts are taken apart only for the rows that are shown.
create function audit.looks_at(wanted uuid, skipped bigint, taken bigint) returns table (
  at timestamptz, actor_id uuid, actor_role text, event text, request uuid, rule text, in_list boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.at, e.actor_id, e.actor_role, e.event, (e.body::jsonb ->> 'request')::uuid,
         e.body::jsonb -> 'details' ->> 'as', e.case_id is distinct from wanted
  from (
    select l.at, l.seq, l.actor_id, l.actor_role, l.event, l.body, l.case_id from audit.entry l
    where (l.case_id = wanted or l.cases @> array[wanted]) and (select sec.may_read_log(wanted))
    order by l.at desc, l.seq desc offset skipped limit taken) e
  order by e.at desc, e.seq desc
$$;
create function audit.looks_counted(wanted uuid, at_most bigint) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select count(*) from (
    select 1 from audit.entry l
    where (l.case_id = wanted or l.cases @> array[wanted]) and (select sec.may_read_log(wanted)) limit at_most) counted
$$;
-- The same of what was read through one glass.
create function audit.looks_through(glass uuid, taken bigint) returns table (
  at timestamptz, actor_id uuid, actor_role text, event text, request uuid, rule text, in_list boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with mine as (
    select l.at, l.seq, l.actor_id, l.actor_role, l.event, l.body::jsonb as body from audit.entry l
    where l.case_id = (select sec.case_under_review(glass)))
  select m.at, m.actor_id, m.actor_role, m.event, (m.body ->> 'request')::uuid, m.body -> 'details' ->> 'as', false
  from mine m
  where m.body ->> 'request' in (select o.body ->> 'request' from mine o where o.body -> 'details' ->> 'glass' = glass::text)
  order by m.at desc, m.seq desc limit taken
$$;
revoke execute on function audit.looks_at, audit.looks_counted, audit.looks_through from public;
grant execute on function audit.looks_at, audit.looks_counted, audit.looks_through to utvag_user;
reset role;
