-- What was planned can be changed: a follow-up is moved to another day or cancelled, and why stands with it.

set role utvag_owner;

alter table follow_up
  add cancelled_on date,
  add cancelled_by uuid references account (id),
  add cancel_reason bytea,               -- sealed
  add constraint follow_up_cancelled check ((cancelled_on is null) = (cancelled_by is null)
    and (cancelled_on is null) = (cancel_reason is null) and (cancelled_on is null or held_on is null));
drop index follow_up_due;
create index follow_up_due on follow_up (planned_on) where held_on is null and cancelled_on is null;

create table follow_up_move (
  id uuid primary key,
  follow_up_id uuid not null,
  case_id uuid not null,
  number int not null check (number > 0),
  from_day date not null,
  to_day date not null,
  reason bytea not null,                 -- sealed
  moved_by uuid not null references account (id),
  moved_on date not null,
  foreign key (follow_up_id, case_id) references follow_up (id, case_id),
  constraint follow_up_move_number unique (follow_up_id, number),
  constraint follow_up_move_days check (to_day <> from_day and to_day >= moved_on)
);

alter table follow_up_move enable row level security;
alter table follow_up_move force row level security;
create policy reach on follow_up_move for select to utvag_user
  using (exists (select 1 from case_file c where c.id = case_id offset 0));
create policy moving on follow_up_move for insert to utvag_user with check (
  moved_by = (select sec.actor_id()) and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from follow_up f join case_file c on c.id = f.case_id
              where f.id = follow_up_id and (c.closed_on is null or f.kind = 'after_closing')));
grant select, insert on follow_up_move to utvag_user;

drop policy holding on follow_up;
create policy settling on follow_up for update to utvag_user
  using ((select sec.actor_role()) in ('caseworker', 'coordinator')
         and exists (select 1 from case_file c
                     where c.id = case_id and (c.closed_on is null or follow_up.kind = 'after_closing')))
  with check ((held_by is null or held_by = (select sec.actor_id()))
              and (cancelled_by is null or cancelled_by = (select sec.actor_id())));
grant update (planned_on, cancelled_on, cancelled_by, cancel_reason) on follow_up to utvag_user;

-- What was planned is held once, and the next time is set then; or it is cancelled; until then it may be moved, with a line
-- about why.
create or replace function follow_up_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  holding constant text[] := array['held_on', 'held_by', 'form', 'person_view', 'provider_view', 'police_view', 'next_id', 'version'];
  cancelling constant text[] := array['cancelled_on', 'cancelled_by', 'cancel_reason', 'version'];
  moving constant text[] := array['planned_on', 'version'];
  going text[];
begin
  if tg_op = 'UPDATE' then
    going := case when new.held_on is not null then holding when new.cancelled_on is not null then cancelling else moving end;
  end if;
  if tg_op = 'DELETE' or old.held_on is not null or old.cancelled_on is not null
     or (to_jsonb(new) - going) is distinct from (to_jsonb(old) - going) then
    raise exception 'a follow-up is held once' using errcode = '23514', constraint = 'follow_up_stands';
  end if;
  if going = moving and not exists (
       select 1 from follow_up_move m
       where m.follow_up_id = new.id and m.from_day = old.planned_on and m.to_day = new.planned_on
         and m.number = (select max(l.number) from follow_up_move l where l.follow_up_id = new.id)) then
    raise exception 'a follow-up is moved for a reason' using errcode = '23514', constraint = 'follow_up_moved';
  end if;
  if new.held_on is not null and new.next_id is null and new.kind <> 'after_closing'
     and exists (select 1 from case_file c where c.id = new.case_id and c.status not in ('closing', 'closed')) then
    raise exception 'the next time is not set' using errcode = '23514', constraint = 'follow_up_next';
  end if;
  return new;
end
$$;

create function follow_up_move_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'INSERT' or not exists (
       select 1 from follow_up f
       where f.id = new.follow_up_id and f.held_on is null and f.cancelled_on is null and f.planned_on = new.from_day) then
    raise exception 'only what is to be held is moved' using errcode = '23514', constraint = 'follow_up_move_stands';
  end if;
  return new;
end
$$;
create trigger follow_up_move_stands before insert or update or delete on follow_up_move
  for each row execute function follow_up_move_stands();
reset role;
alter table follow_up_move enable always trigger follow_up_move_stands;
call audit.follow('follow_up_move');

-- A draft of a plan that nothing came of is taken away by whoever began it; and a care plan ends with the placement that the
-- person leaves on their own request (9 kap. 13 § SoF), of whom it is then asked whether they want other support.
set role utvag_owner;

create type offer_answer as enum ('accepted', 'declined', 'undecided');

alter table placement add constraint placement_of_case unique (id, case_id);

create table support_offer (
  id uuid primary key,
  case_id uuid not null,
  placement_id uuid not null,
  offered_on date not null,
  offer bytea not null,                  -- sealed: what was offered, and what the person said
  answer offer_answer not null,
  offered_by uuid not null references account (id),
  registered_at timestamptz not null default now(),
  foreign key (placement_id, case_id) references placement (id, case_id),
  constraint support_offer_once unique (placement_id),
  constraint support_offer_has_been check (offered_on <= (registered_at at time zone 'Europe/Stockholm')::date)
);
alter table support_offer enable row level security;
alter table support_offer force row level security;
create policy reach on support_offer for select to utvag_user
  using (exists (select 1 from case_file c where c.id = case_id offset 0));
create policy offering on support_offer for insert to utvag_user with check (
  offered_by = (select sec.actor_id()) and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
grant select, insert on support_offer to utvag_user;

create function support_offer_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'INSERT' or not exists (
       select 1 from placement p
       where p.id = new.placement_id and p.status = 'ended' and p.end_reason = 'own_request'
         and new.offered_on >= p.starts_on) then
    raise exception 'support is offered to whoever left on their own request'
      using errcode = '23514', constraint = 'support_offer_stands';
  end if;
  return new;
end
$$;
create trigger support_offer_stands before insert or update or delete on support_offer
  for each row execute function support_offer_stands();

alter table plan
  add ended_with uuid,                   -- the placement that the person left on their own request
  add constraint plan_ended_with foreign key (ended_with, case_id) references placement (id, case_id),
  drop constraint plan_ended,
  add constraint plan_ended check ((status = 'ended') = (ended_on is not null) and (ended_on is null) = (ended_by is null)
    and (ended_on is null) = (ended_reason is null and ended_with is null) and num_nonnulls(ended_reason, ended_with) <= 1
    and (ended_with is null or kind = 'care_plan') and ended_on >= activated_on);

create policy discarding on plan for delete to utvag_user using (
  status = 'draft' and created_by = (select sec.actor_id()) and (select sec.actor_role()) = 'caseworker'
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
grant delete on plan to utvag_user;

create or replace function plan_moves() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  changed text[];
  born constant text[] := array['id', 'case_id', 'kind', 'version_no', 'created_by', 'created_at'];
  content constant text[] := array['interventions', 'other_principals', 'person_view', 'follow_up_on', 'edited_by'];
  activation constant text[] := array['activated_by', 'activated_on'];
  way text;
begin
  if tg_op = 'DELETE' then
    if old.status <> 'draft' then
      raise exception 'a plan that was in force is not taken away' using errcode = '23514', constraint = 'plan_stands';
    end if;
    return old;
  end if;
  changed := (select coalesce(array_agg(n.key), '{}') from jsonb_each(to_jsonb(new)) n
              where n.value is distinct from to_jsonb(old) -> n.key);
  way := old.status || ' ' || new.status;
  if changed && born or (changed && content and way <> 'draft draft')
     or (changed && activation and way <> 'draft active') then
    raise exception 'a plan in force stands' using errcode = '23514', constraint = 'plan_stands';
  end if;
  if way not in ('draft draft', 'draft active', 'active superseded', 'active ended') then
    raise exception 'there is no such way for a plan' using errcode = '23514', constraint = 'plan_moves';
  end if;
  if way = 'draft active' and not exists (select 1 from plan_goal g where g.plan_id = new.id) then
    raise exception 'a plan without a goal' using errcode = '23514', constraint = 'plan_has_goal';
  end if;
  return new;
end
$$;

-- Whether somebody who lives there needs a care plan. The same as `needs_care_plan` in Rust.
create function needs_care_plan(kind placement_kind) returns boolean
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select kind in ('hvb', 'protected_housing', 'family_home_adult', 'support_housing_16_20', 'external_exit_programme')
$$;
grant execute on function needs_care_plan to utvag_user, utvag_sec;
grant select, update on plan to utvag_sec;
create policy door on plan for select to utvag_sec using (true);
create policy ending on plan for update to utvag_sec using (status = 'active') with check (status = 'ended');
reset role;

set role utvag_sec;
create function sec.end_care_plan() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.plan p set status = 'ended', ended_by = sec.actor_id(), ended_on = greatest(p.activated_on, new.actual_end_on),
    ended_with = new.id, version = version + 1
  where p.case_id = new.case_id and p.kind = 'care_plan' and p.status = 'active' and public.needs_care_plan(new.kind)
    and not exists (select 1 from public.placement o
                    where o.case_id = new.case_id and o.status = 'active' and public.needs_care_plan(o.kind));
  return null;
end
$$;
revoke execute on function sec.end_care_plan from public;
grant execute on function sec.end_care_plan to utvag_owner;
reset role;
set role utvag_owner;
create trigger end_care_plan after update on placement
  for each row when (old.status <> 'ended' and new.status = 'ended' and new.end_reason = 'own_request')
  execute function sec.end_care_plan();
reset role;
alter table support_offer enable always trigger support_offer_stands;
alter table placement enable always trigger end_care_plan;
call audit.follow('support_offer');

-- What was written in by mistake is taken out of sight for a reason, and a line says that it was there. And children are seen
-- anew when the person moves: not only in an investigation, but at every change of placement.
set role utvag_owner;

alter table relation
  add removed_on date,
  add removed_by uuid references account (id),
  add remove_reason bytea,               -- sealed
  add constraint relation_removed check (num_nonnulls(removed_on, removed_by, remove_reason) in (0, 3));
create policy removing on relation for update to utvag_user
  using (removed_on is null and (select sec.actor_role()) = 'caseworker'
         and exists (select 1 from case_file c where c.person_id = relation.person_id and c.closed_on is null))
  with check (removed_by is null or removed_by = (select sec.actor_id()));
grant update (removed_on, removed_by, remove_reason) on relation to utvag_user;

create or replace function relation_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  removing constant text[] := array['removed_on', 'removed_by', 'remove_reason', 'version'];
begin
  if tg_op = 'DELETE' or old.removed_on is not null
     or (new.id, new.person_id, new.registered_by, new.registered_at)
        is distinct from (old.id, old.person_id, old.registered_by, old.registered_at)
     or ((old.valid_to is not null or new.removed_on is not null)
         and (new.removed_on is null or to_jsonb(new) - removing is distinct from to_jsonb(old) - removing)) then
    raise exception 'what has ended stands' using errcode = '23514', constraint = 'relation_stands';
  end if;
  return new;
end
$$;

alter table child_perspective
  alter investigation_id drop not null,
  add placement_id uuid,                 -- of a change of placement, where it belongs to no investigation
  add removed_on date,
  add removed_by uuid references account (id),
  add remove_reason bytea,               -- sealed
  add constraint child_perspective_of foreign key (placement_id, case_id) references placement (id, case_id),
  add constraint child_perspective_occasion check (num_nonnulls(investigation_id, placement_id) = 1),
  add constraint child_perspective_at_placement unique (placement_id, number),
  add constraint child_perspective_removed check (num_nonnulls(removed_on, removed_by, remove_reason) in (0, 3));
create policy removing on child_perspective for update to utvag_user
  using (removed_on is null and (select sec.actor_role()) = 'caseworker'
         and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null))
  with check (removed_by = (select sec.actor_id()));
grant update (removed_on, removed_by, remove_reason) on child_perspective to utvag_user;

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
                     and not exists (select 1 from child_perspective p
                                     where p.investigation_id = new.id and p.removed_on is null)))) then
      raise exception 'the children are not seen' using errcode = '23514', constraint = 'investigation_children';
    end if;
    if exists (select 1 from child_perspective p
               where p.investigation_id = new.id and p.removed_on is null and p.concern_report_needed and p.concern_made_on is null) then
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

create or replace function case_file_children() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.has_children <> 'yes' and exists (
       select 1 from child_perspective p join investigation i on i.id = p.investigation_id
       where p.case_id = new.id and p.removed_on is null and i.status in ('ongoing', 'communicated')) then
    raise exception 'there are children' using errcode = '23514', constraint = 'case_file_children';
  end if;
  return new;
end
$$;

-- Written while the investigation is open; at a change of placement once. A report of concern never comes too late, and a
-- mistake is taken out of sight where it could still be written.
create function child_perspective_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  reported constant text[] := array['concern_made_on', 'concern_to_unit', 'saved_by', 'saved_on', 'version'];
  removing constant text[] := array['removed_on', 'removed_by', 'remove_reason', 'version'];
  is_open constant boolean := new.investigation_id is null
    or (select i.status in ('ongoing', 'communicated') from investigation i where i.id = new.investigation_id for share);
begin
  if tg_op = 'UPDATE' then
    if old.removed_on is not null
       or (new.id, new.case_id, new.investigation_id, new.placement_id, new.number)
          is distinct from (old.id, old.case_id, old.investigation_id, old.placement_id, old.number) then
      raise exception 'a child stays where it is' using errcode = '23514', constraint = 'child_perspective_stands';
    end if;
    if new.removed_on is null and old.concern_made_on is null
       and to_jsonb(new) - reported = to_jsonb(old) - reported then
      return new;
    end if;
    if new.removed_on is not null and to_jsonb(new) - removing is distinct from to_jsonb(old) - removing
       or (new.removed_on is null and new.placement_id is not null) then
      raise exception 'what was seen stands' using errcode = '23514', constraint = 'child_perspective_stands';
    end if;
  elsif new.placement_id is not null and not exists (
          select 1 from placement p where p.id = new.placement_id and p.status in ('active', 'ended')) then
    raise exception 'nobody has moved' using errcode = '23514', constraint = 'child_perspective_stands';
  end if;
  if is_open is distinct from true then
    raise exception 'a completed investigation stands' using errcode = '23514', constraint = 'investigation_stands';
  end if;
  return new;
end
$$;
drop trigger investigation_is_open on child_perspective;
create trigger child_perspective_stands before insert or update on child_perspective
  for each row execute function child_perspective_stands();

create or replace function investigation_is_open() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if (select i.status in ('ongoing', 'communicated') from investigation i
      where i.id = new.investigation_id for share) is distinct from true then
    raise exception 'a completed investigation stands' using errcode = '23514', constraint = 'investigation_stands';
  end if;
  return new;
end
$$;
reset role;
alter table child_perspective enable always trigger child_perspective_stands;

-- Whether somebody lives where the police say that they are not safe is asked of the marks of the place, which lie beside the
-- vault: nothing is opened. And whoever is protected is told of a decision only in a way that does not lead to them.
set role utvag_vault;
create function vault.marks_of(wanted uuid) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce((
    select m.marks
    from vault.location_mark m join public.placement p on p.id = m.placement_id join public.case_file c on c.id = p.case_id
    where p.id = wanted
      and (p.case_id = any ((select sec.my_cases())::uuid[])
        or (sec.actor_role() in ('coordinator', 'manager') and c.protection_level <> 'closed_circle'))), ''::bytea)
$$;
revoke execute on function vault.marks_of from public;
grant execute on function vault.marks_of to utvag_user;
reset role;

-- The same as `may_notify` in src/decision/model.rs. Asked of another owner: the rule holds also for those who do not see how
-- the person is protected.
set role utvag_sec;
create function sec.notified_safely() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  route constant public.mail_route := (
    select max(m.mail_route) from public.protection_marking m join public.case_file c on c.person_id = m.person_id
    where c.id = new.case_id and m.valid_from <= new.notified_on and new.notified_on <= coalesce(m.valid_to, 'infinity'));
begin
  if (route = 'via_skatteverket' and new.notified_how = 'digital_mail')
     or (route = 'handover' and new.notified_how not in ('in_person', 'counsel'))
     or (route = 'none' and new.notified_how not in ('in_person', 'phone', 'counsel')) then
    raise exception 'that way leads to the person' using errcode = '23514', constraint = 'decision_notified_safely';
  end if;
  return new;
end
$$;
revoke execute on function sec.notified_safely from public;
grant execute on function sec.notified_safely to utvag_owner;
reset role;
set role utvag_owner;
create trigger notified_safely before update on decision
  for each row when (old.notified_on is null and new.notified_on is not null) execute function sec.notified_safely();
reset role;
alter table decision enable always trigger notified_safely;
