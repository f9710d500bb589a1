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
