-- The ways that a case can go (domain 2.14.1), and what each demands. Only the ways that are listed are open, whoever asks;
-- what rests, what was never begun and what another municipality has taken over are said to be so.

set role utvag_owner;

create type dormant_reason as enum ('prison', 'hospital', 'abroad', 'other');
create type transfer_answer as enum ('accepted', 'refused');
-- Written by the two endings that are not a closing.
alter type close_reason add value 'not_opened';
alter type close_reason add value 'transferred';
alter type journal_event add value 'dormancy_reviewed';
alter type journal_event add value 'transfer_requested';
alter type journal_event add value 'transfer_answered';
alter type journal_event add value 'transfer_tried';
alter type journal_event add value 'investigation_discontinued';

-- A time of rest, until somebody is to look at it again. To rest on is a new row: what was said before stands.
create table case_dormancy (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  reason dormant_reason not null,
  note bytea,                            -- sealed
  began_on date not null,
  review_on date not null,
  status_before case_status not null,    -- where the case goes back to
  registered_by uuid not null references account (id),
  registered_at timestamptz not null,
  ended_at timestamptz,
  ended_by uuid references account (id), -- nobody where operations ended it
  constraint case_dormancy_days check (review_on >= began_on and review_on <= began_on + 90),
  constraint case_dormancy_noted check (reason <> 'other' or note is not null),
  constraint case_dormancy_before check (status_before in ('active', 'step_down', 'investigating')),
  constraint case_dormancy_ended check (ended_by is null or ended_at is not null)
);
create unique index case_dormancy_one on case_dormancy (case_id) where ended_at is null;
create index case_dormancy_case on case_dormancy (case_id, registered_at desc);
create index case_dormancy_review on case_dormancy (review_on) where ended_at is null;

-- A written request to another municipality to take the case over (29 kap. 10 and 11 §§ SoL), its answer, and where there
-- was none or a no, what IVO said.
create table case_transfer (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  number int not null check (number > 0),
  municipality bytea not null,           -- sealed: it tells where somebody lives
  grounds bytea not null,                -- sealed: why, and how the case is to be handed over
  paper bytea not null,                  -- sealed: where the written request is
  requested_on date not null,
  requested_by uuid not null references account (id),
  requested_at timestamptz not null,
  answer transfer_answer,
  answered_on date,
  answer_note bytea,                     -- sealed
  ivo_applied_on date,
  ivo_decided_on date,
  ivo_approved boolean,
  -- When the case became the other municipality's to take over.
  accepted_on date generated always as (case when answer = 'accepted' then answered_on
                                             when ivo_approved then ivo_decided_on end) stored,
  version int not null default 1,
  constraint case_transfer_number unique (case_id, number),
  constraint case_transfer_answered check ((answer is null) = (answered_on is null) and answered_on >= requested_on
    and (answer is not null or answer_note is null) and (answer is distinct from 'refused' or answer_note is not null)),
  -- At once when the answer is no; else when a month has passed without any.
  constraint case_transfer_tried check (ivo_applied_on is null
    or (answer is not distinct from 'refused' and ivo_applied_on >= answered_on)
    or ivo_applied_on > (requested_on + interval '1 month')::date),
  constraint case_transfer_decided check ((ivo_decided_on is null) = (ivo_approved is null)
    and (ivo_decided_on is null or (ivo_applied_on is not null and ivo_decided_on >= ivo_applied_on)))
);
create unique index case_transfer_one_unanswered on case_transfer (case_id)
  where answer is null and ivo_decided_on is null;

do $$
declare
  name text;
begin
  foreach name in array array['case_dormancy', 'case_transfer'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy reach on %I for select to utvag_user
      using (exists (select 1 from case_file c where c.id = case_id offset 0))', name);
    execute format('grant select, insert on %I to utvag_user', name);
  end loop;
end
$$;
create policy resting on case_dormancy for insert to utvag_user with check (
  registered_by = (select sec.actor_id()) and ended_at is null
  and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
-- Ended by the database itself when the case goes on, and when it rests on.
create policy keeper on case_dormancy to utvag_sec using (true) with check (true);
grant select, update (ended_at, ended_by) on case_dormancy to utvag_sec;

create policy asking on case_transfer for insert to utvag_user with check (
  requested_by = (select sec.actor_id()) and answer is null and ivo_applied_on is null
  and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
create policy following on case_transfer for update to utvag_user
  using ((select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
         and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null))
  with check (true);
grant update (answer, answered_on, answer_note, ivo_applied_on, ivo_decided_on, ivo_approved, version)
  on case_transfer to utvag_user;

reset role;
call audit.follow('case_dormancy');
call audit.follow('case_transfer');

-- The end of a case ----------------------------------------------------------------------------------------------------
-- A case has ended when it is closed, was not opened or is transferred: whatever asks whether it is open asks for the day.
set role utvag_owner;
do $$
declare
  ending text := (select k.conname from pg_constraint k
                  where k.conrelid = 'case_file'::regclass and k.contype = 'c'
                    and pg_get_constraintdef(k.oid) like '%status%closed%closed_on%');
begin
  execute format('alter table case_file drop constraint %I', ending);
end
$$;
alter table case_file
  add constraint case_file_ended check ((status in ('closed', 'not_opened', 'transferred')) = (closed_on is not null)),
  add constraint case_file_why_ended check (closed_on is null
    or (status = 'not_opened') = (close_reason::text = 'not_opened')
       and (status = 'transferred') = (close_reason::text = 'transferred'));

-- How it went is recorded before a case is closed: one that was never opened has not gone anywhere, and how it goes on in
-- another municipality is theirs to say.
create or replace function case_file_outcome() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  -- A broken identity says itself how it went, and nothing more is to be known of it.
  if new.status = 'closed' and new.close_reason::text <> 'identity_change'
     and not exists (select 1 from case_outcome o where o.case_id = new.id and o.moment = 'closing') then
    raise exception 'how it went is recorded first' using errcode = '23514', constraint = 'case_file_outcome';
  end if;
  return new;
end
$$;

-- What 0028 asked of a case is asked below, with all the rest.
drop trigger case_file_open on case_file;
drop function case_file_open();

-- The ways --------------------------------------------------------------------------------------------------------------
-- The same as `Standing::ways` in src/case/steps.rs. A broken identity ends everything, from wherever it was.
create function case_file_moves() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if old.closed_on is null and new.status = 'closed' and new.close_reason::text = 'identity_change' then
    return new;
  end if;
  if old.closed_on is not null or (old.status || ' ' || new.status) not in (
      'registered assessing', 'registered not_opened', 'registered transferred',
      'assessing investigating', 'assessing not_opened', 'assessing transferred',
      'investigating active', 'investigating dormant', 'investigating closing', 'investigating transferred',
      'active step_down', 'active dormant', 'active closing', 'active transferred',
      'step_down active', 'step_down dormant', 'step_down closing', 'step_down transferred',
      'dormant investigating', 'dormant active', 'dormant step_down', 'dormant closing', 'dormant transferred',
      'closing closed', 'closing transferred') then
    raise exception 'there is no such way for a case' using errcode = '23514', constraint = 'case_file_moves';
  end if;
  return new;
end
$$;

-- What each way demands. The same as `Standing::lacks` in src/case/steps.rs.
create function case_file_guarded() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  lacks text;
  -- A consent counts as ended when it holds neither on the last day of the case nor now.
  today constant date := greatest(new.closed_on, (now() at time zone 'Europe/Stockholm')::date);
  placed constant boolean := exists (select 1 from placement p where p.case_id = new.id and p.status in ('planned', 'active'));
  supported constant boolean := exists (select 1 from intervention i where i.case_id = new.id and i.status <> 'ended');
  cared_for constant boolean := exists (select 1 from placement p
    where p.case_id = new.id and p.status = 'active' and p.round_the_clock);
begin
  if new.close_reason::text = 'identity_change' then
    return new;
  end if;
  if old.status = 'dormant' and new.status not in ('closing', 'transferred') then
    if not exists (select 1 from case_dormancy d
                   where d.case_id = new.id and d.ended_at is null and d.status_before = new.status) then
      lacks := 'case_file_awakened';
    end if;
  elsif new.status = 'assessing' then
    if (select count(distinct a.kind) from assignment a
        where a.case_id = new.id and a.ended_at is null and a.kind in ('responsible', 'deputy')) < 2 then
      lacks := 'case_file_staffed';
    end if;
  elsif new.status = 'investigating' then
    if not exists (select 1 from decision d where d.case_id = new.id and d.type = 'open_investigation'
                     and d.signed_by is not null and d.outcome not in ('rejected', 'dismissed')) then
      lacks := 'case_file_investigated';
    end if;
  elsif new.status = 'active' and old.status = 'investigating' then
    if not exists (select 1 from decision d where d.case_id = new.id and d.executed_on is not null
                     and d.outcome in ('granted', 'partly', 'changed'))
       and not exists (select 1 from placement p where p.case_id = new.id and p.status in ('active', 'ended'))
       and not exists (select 1 from intervention i where i.case_id = new.id and i.executed_on is not null) then
      lacks := 'case_file_begun';
    end if;
  elsif new.status = 'active' then
    if not cared_for then
      lacks := 'case_file_cared_for';
    end if;
  elsif new.status = 'step_down' then
    if cared_for
       or (not exists (select 1 from intervention i where i.case_id = new.id and i.status = 'ongoing')
           and not exists (select 1 from placement p where p.case_id = new.id and p.status = 'active')) then
      lacks := 'case_file_stepped_down';
    end if;
  elsif new.status = 'dormant' then
    if not exists (select 1 from case_dormancy d
                   where d.case_id = new.id and d.ended_at is null and d.status_before = old.status) then
      lacks := 'case_file_dormant';
    end if;
  elsif new.status = 'closing' then
    if placed or supported then
      lacks := 'case_file_running';
    elsif old.status = 'investigating'
       and (exists (select 1 from investigation v where v.case_id = new.id and v.status in ('ongoing', 'communicated'))
            or (not exists (select 1 from investigation v where v.case_id = new.id and v.status = 'discontinued')
                and not exists (select 1 from decision d where d.case_id = new.id and d.signed_by is not null
                                  and d.type not in ('open_investigation', 'no_investigation')))) then
      lacks := 'case_file_undecided';
    end if;
  end if;
  if new.closed_on is not null then
    -- Whoever closes it: a caseworker works with cases and does not end them.
    if sec.actor_id() is not null and sec.actor_role() not in ('coordinator', 'manager') then
      raise exception 'not by a caseworker' using errcode = '42501';
    end if;
    if new.status = 'not_opened' and not exists (
         select 1 from decision d where d.case_id = new.id and d.type = 'no_investigation' and d.signed_by is not null
           and d.decided_on <= new.closed_on) then
      lacks := 'case_file_not_opened';
    elsif new.status = 'transferred' and not exists (
         select 1 from case_transfer t where t.case_id = new.id and t.accepted_on <= new.closed_on) then
      lacks := 'case_file_transferred';
    elsif placed or supported
       or exists (select 1 from investigation v where v.case_id = new.id and v.status in ('ongoing', 'communicated'))
       or exists (select 1 from decision d where d.case_id = new.id and d.signed_by is null)
       or exists (select 1 from threat_assessment t where t.case_id = new.id and t.status = 'received')
       or exists (select 1 from follow_up f where f.case_id = new.id and f.held_on is null and f.kind <> 'after_closing') then
      lacks := 'case_file_open';
    elsif exists (select 1 from consent s where s.case_id = new.id and s.withdrawn_at is null and s.valid_to >= today
                    and not (s.kind = 'after_closing' and new.status = 'closed')) then
      lacks := 'case_file_consents';
    end if;
  end if;
  if lacks is not null then
    raise exception 'something is lacking for that' using errcode = '23514', constraint = lacks;
  end if;
  return new;
end
$$;

create function case_file_begins() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'a case begins at the beginning' using errcode = '23514', constraint = 'case_file_begins';
end
$$;
create trigger case_file_begins before insert on case_file
  for each row when (new.status <> 'registered' and sec.actor_id() is not null) execute function case_file_begins();
create trigger case_file_moves before update on case_file
  for each row when (old.status is distinct from new.status or old.closed_on is distinct from new.closed_on)
  execute function case_file_moves();
-- After the ways, as the alphabet has it: `zz`.
create trigger case_file_zz_guarded before update on case_file
  for each row when (old.status is distinct from new.status) execute function case_file_guarded();

-- Nothing new begins in a case that is on its way to its end: there is no way back from there.
create function case_is_not_closing() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from case_file c where c.id = new.case_id and c.status = 'closing') then
    raise exception 'the case is closing' using errcode = '23514', constraint = 'case_is_not_closing';
  end if;
  return new;
end
$$;
create trigger case_is_not_closing before insert on placement for each row execute function case_is_not_closing();
create trigger case_is_not_closing before insert on intervention for each row execute function case_is_not_closing();

-- Rest, row by row ------------------------------------------------------------------------------------------------------
create function case_dormancy_begins() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  now_is constant case_status := (select c.status from case_file c where c.id = new.case_id);
  before constant case_status := (select d.status_before from case_dormancy d
                                  where d.case_id = new.case_id and d.ended_at is null);
begin
  if new.status_before is distinct from (case when now_is = 'dormant' then before else now_is end) then
    raise exception 'the case does not come from there' using errcode = '23514', constraint = 'case_dormancy_before';
  end if;
  return new;
end
$$;
create function case_dormancy_rests() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from case_dormancy d join case_file c on c.id = d.case_id
             where d.id = new.id and d.ended_at is null and c.status <> 'dormant') then
    raise exception 'the case does not rest' using errcode = '23514', constraint = 'case_dormancy_rests';
  end if;
  return null;
end
$$;
create function case_dormancy_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE' or old.ended_at is not null or new.ended_at is null
     or (to_jsonb(new) - array['ended_at', 'ended_by']) is distinct from (to_jsonb(old) - array['ended_at', 'ended_by']) then
    raise exception 'what was said stands' using errcode = '23514', constraint = 'case_dormancy_stands';
  end if;
  return new;
end
$$;
create trigger case_dormancy_begins before insert on case_dormancy
  for each row when (new.ended_at is null) execute function case_dormancy_begins();
create constraint trigger case_dormancy_rests after insert on case_dormancy
  deferrable initially deferred for each row execute function case_dormancy_rests();
create trigger case_dormancy_stands before update or delete on case_dormancy
  for each row execute function case_dormancy_stands();

-- Requests, row by row --------------------------------------------------------------------------------------------------
create function case_transfer_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  born constant text[] := array['id', 'case_id', 'number', 'municipality', 'grounds', 'paper', 'requested_on',
    'requested_by', 'requested_at'];
  said constant text[] := array['answer', 'answered_on', 'answer_note'];
  changed text[];
begin
  if tg_op = 'UPDATE' then
    changed := (select coalesce(array_agg(n.key), '{}') from jsonb_each(to_jsonb(new)) n
                where n.value is distinct from to_jsonb(old) -> n.key);
    if not changed && born and old.accepted_on is null
       and (old.answer is null or not changed && said)
       and (old.ivo_applied_on is null or not 'ivo_applied_on' = any (changed))
       and (old.ivo_decided_on is null or changed <@ array['version']) then
      return new;
    end if;
  end if;
  raise exception 'what was asked and answered stands' using errcode = '23514', constraint = 'case_transfer_stands';
end
$$;
create trigger case_transfer_stands before update or delete on case_transfer
  for each row execute function case_transfer_stands();

-- An investigation whose application is taken back ends without a ruling, also when the party has had the material ------
create or replace function investigation_moves() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  changed text[] := (select coalesce(array_agg(n.key), '{}') from jsonb_each(to_jsonb(new)) n
                     where n.value is distinct from to_jsonb(old) -> n.key);
  born constant text[] := array['id', 'case_id', 'number', 'kind', 'started_on', 'start_decision_id', 'target_on',
    'created_by', 'created_at'];
  way constant text := old.status || ' ' || new.status;
  is_open constant boolean := old.status in ('ongoing', 'communicated');
begin
  if changed && born or (not is_open and not changed <@ array['status', 'ruling_id', 'version']) then
    raise exception 'a completed investigation stands' using errcode = '23514', constraint = 'investigation_stands';
  end if;
  if not ((is_open and old.status = new.status) or way in ('ongoing communicated', 'ongoing completed',
      'communicated completed', 'ongoing discontinued', 'communicated discontinued', 'completed decided')) then
    raise exception 'there is no such way for an investigation' using errcode = '23514', constraint = 'investigation_moves';
  end if;
  if new.status = 'completed' then
    if exists (select unnest(array['housing', 'economy', 'work', 'family', 'network', 'substance', 'routines']::support_area[])
               except
               select a.area from support_area_assessment a join support_assessment s on s.id = a.support_id
               where s.investigation_id = new.id
                 and s.number = (select max(l.number) from support_assessment l where l.investigation_id = new.id)) then
      raise exception 'areas are not assessed' using errcode = '23514', constraint = 'investigation_areas';
    end if;
    if exists (select 1 from case_file c where c.id = new.case_id and (c.has_children = 'unknown'
                 or (c.has_children = 'yes'
                     and not exists (select 1 from child_perspective p where p.investigation_id = new.id)))) then
      raise exception 'the children are not seen' using errcode = '23514', constraint = 'investigation_children';
    end if;
    if exists (select 1 from child_perspective p
               where p.investigation_id = new.id and p.concern_report_needed and p.concern_made_on is null) then
      raise exception 'a report of concern is lacking' using errcode = '23514', constraint = 'investigation_concern';
    end if;
  end if;
  if new.status = 'decided' and not exists (
       select 1 from decision d
       where d.id = new.ruling_id and d.case_id = new.case_id and d.type <> 'open_investigation'
         and d.signed_by is not null and d.decided_on >= new.completed_on) then
    raise exception 'nobody has decided on it' using errcode = '23514', constraint = 'investigation_ruling';
  end if;
  return new;
end
$$;

-- After the end: whoever wants to be asked how it went can say so when the case is closed, and only then is there
-- anything to follow ---------------------------------------------------------------------------------------------------
alter policy giving on consent with check (
  registered_by = (select sec.actor_id()) and withdrawn_at is null
  and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.id = case_id
              and (c.closed_on is null or (c.status = 'closed' and consent.kind = 'after_closing'))));
alter policy planning on follow_up with check (
  planned_by = (select sec.actor_id()) and held_on is null and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c
              where c.id = case_id and (c.closed_on is null or (c.status = 'closed' and follow_up.kind = 'after_closing'))));
alter policy holding on follow_up
  using ((select sec.actor_role()) in ('caseworker', 'coordinator')
         and exists (select 1 from case_file c
                     where c.id = case_id
                       and (c.closed_on is null or (c.status = 'closed' and follow_up.kind = 'after_closing'))));
alter policy recording on case_outcome with check (
  recorded_by = (select sec.actor_id()) and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.id = case_id
              and case when moment = 'closing' then c.closed_on is null else c.status = 'closed' end));
reset role;
alter table case_file enable always trigger case_file_begins;
alter table case_file enable always trigger case_file_moves;
alter table case_file enable always trigger case_file_zz_guarded;
alter table placement enable always trigger case_is_not_closing;
alter table intervention enable always trigger case_is_not_closing;
alter table case_dormancy enable always trigger case_dormancy_begins;
alter table case_dormancy enable always trigger case_dormancy_rests;
alter table case_dormancy enable always trigger case_dormancy_stands;
alter table case_transfer enable always trigger case_transfer_stands;

-- Kept by the database itself ------------------------------------------------------------------------------------------
set role utvag_sec;

-- Whichever way the case leaves its rest, and when it rests on.
create function sec.end_dormancy() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  wanted uuid := case tg_table_name when 'case_file' then (to_jsonb(new) ->> 'id')::uuid
                                    else (to_jsonb(new) ->> 'case_id')::uuid end;
begin
  update case_dormancy set ended_at = clock_timestamp(), ended_by = sec.actor_id()
  where case_id = wanted and ended_at is null;
  return new;
end
$$;

create function sec.journal_of_dormancy() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if (select c.status from public.case_file c where c.id = new.case_id) = 'dormant' then
    perform sec.journal_line(new.case_id, 'dormancy_reviewed', new.review_on::text, null);
  end if;
  return null;
end
$$;

create function sec.journal_of_transfer() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    perform sec.journal_line(new.case_id, 'transfer_requested', new.requested_on::text, null);
    return null;
  end if;
  if old.answer is null and new.answer is not null then
    perform sec.journal_line(new.case_id, 'transfer_answered', new.answer::text, null);
  end if;
  if old.ivo_applied_on is null and new.ivo_applied_on is not null then
    perform sec.journal_line(new.case_id, 'transfer_tried', 'applied', null);
  end if;
  if old.ivo_decided_on is null and new.ivo_decided_on is not null then
    perform sec.journal_line(new.case_id, 'transfer_tried', case when new.ivo_approved then 'approved' else 'rejected' end, null);
  end if;
  return null;
end
$$;

create function sec.journal_of_investigation() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform sec.journal_line(new.case_id, 'investigation_discontinued', new.number::text, null);
  return null;
end
$$;
revoke execute on function sec.end_dormancy, sec.journal_of_dormancy, sec.journal_of_transfer, sec.journal_of_investigation
  from public;
grant execute on function sec.end_dormancy, sec.journal_of_dormancy, sec.journal_of_transfer, sec.journal_of_investigation
  to utvag_owner;
reset role;

set role utvag_owner;
create trigger end_dormancy after update on case_file
  for each row when (old.status = 'dormant' and new.status <> 'dormant') execute function sec.end_dormancy();
-- Before the new one: there is one at a time. After its own check, which asks for the old one.
create trigger end_dormancy before insert on case_dormancy
  for each row when (new.ended_at is null) execute function sec.end_dormancy();
create trigger journal_line after insert on case_dormancy
  for each row when (new.ended_at is null) execute function sec.journal_of_dormancy();
create trigger journal_line after insert or update on case_transfer
  for each row execute function sec.journal_of_transfer();
create trigger journal_line after update on investigation
  for each row when (old.status <> 'discontinued' and new.status = 'discontinued')
  execute function sec.journal_of_investigation();
reset role;
alter table case_file enable always trigger end_dormancy;
alter table case_dormancy enable always trigger end_dormancy;
alter table case_dormancy enable always trigger journal_line;
alter table case_transfer enable always trigger journal_line;
alter table investigation enable always trigger journal_line;
