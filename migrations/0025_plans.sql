-- Plans with their goals, support that is not a placement, and follow-ups. A plan in force is never changed: a new version
-- takes its place. Support rests on a signed decision, and a follow-up that was held plans the next one.

set role utvag_owner;

create type plan_kind as enum ('care_plan', 'implementation_plan');
create type plan_status as enum ('draft', 'active', 'superseded', 'ended');
create type intervention_kind as enum ('outpatient', 'housing_support', 'external_exit_programme', 'contact_person',
  'qualified_contact_person', 'debt_counselling', 'addiction_treatment');
create type intervention_status as enum ('planned', 'ongoing', 'paused', 'ended');
create type follow_up_kind as enum ('placement', 'care_plan', 'outpatient', 'joint', 'after_closing');
create type follow_up_form as enum ('visit', 'meeting', 'video', 'phone');
create type goal_result as enum ('reached', 'partly', 'not', 'revised');

create table plan (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  kind plan_kind not null,
  version_no int not null check (version_no > 0),
  interventions bytea not null,          -- sealed
  other_principals bytea not null,       -- sealed: what others than the municipality answer for (9 kap. 12 § SoL)
  person_view bytea not null,            -- sealed
  follow_up_on date not null,
  status plan_status not null default 'draft',
  created_by uuid not null references account (id),
  created_at timestamptz not null default now(),
  edited_by uuid not null references account (id),
  activated_by uuid references account (id),
  activated_on date,
  ended_by uuid references account (id),
  ended_on date,
  ended_reason bytea,                    -- sealed
  version int not null default 1,
  unique (id, case_id),
  constraint plan_version unique (case_id, kind, version_no),
  constraint plan_activated check ((status = 'draft') = (activated_on is null) and (activated_on is null) = (activated_by is null)),
  constraint plan_follow_up check (follow_up_on > activated_on),
  constraint plan_ended check ((status = 'ended') = (ended_on is not null) and (ended_on is null) = (ended_by is null)
    and (ended_on is null) = (ended_reason is null) and ended_on >= activated_on)
);
create unique index plan_one_active on plan (case_id, kind) where status = 'active';
create unique index plan_one_draft on plan (case_id, kind) where status = 'draft';

create table plan_goal (
  id uuid primary key,
  plan_id uuid not null,
  case_id uuid not null,
  number int not null check (number > 0),
  goal bytea not null,                   -- sealed
  target_on date not null,
  responsible bytea not null,            -- sealed: who sees to it; often the person or somebody outside
  unique (id, case_id),
  foreign key (plan_id, case_id) references plan (id, case_id),
  constraint plan_goal_number unique (plan_id, number)
);
create index plan_goal_case on plan_goal (case_id);

create table intervention (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  number int not null check (number > 0),
  decision_id uuid not null,
  kind intervention_kind not null,
  provider_id uuid references provider (id),
  from_day date not null,
  to_day date,                           -- empty: until further notice
  extent bytea not null,                 -- sealed
  status intervention_status not null default 'planned',
  executed_on date,
  paused_on date,
  resumed_on date,
  ended_on date,
  status_reason bytea,                   -- sealed: why it is paused, or why it ended
  created_by uuid not null references account (id),
  created_at timestamptz not null default now(),
  version int not null default 1,
  constraint intervention_number unique (case_id, number),
  constraint intervention_decision foreign key (decision_id, case_id) references decision (id, case_id),
  constraint intervention_days check (to_day >= from_day),
  constraint intervention_executed check ((executed_on is null or status <> 'planned')
    and (executed_on is not null or status in ('planned', 'ended'))),
  constraint intervention_paused check ((status = 'paused') = (paused_on is not null) and paused_on >= executed_on),
  constraint intervention_resumed check (resumed_on >= executed_on and (resumed_on is null or paused_on is null)),
  constraint intervention_ended check ((status = 'ended') = (ended_on is not null) and ended_on >= executed_on),
  constraint intervention_reason check ((status in ('paused', 'ended')) = (status_reason is not null))
);

create table follow_up (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  number int not null check (number > 0),
  kind follow_up_kind not null,
  planned_on date not null,
  planned_by uuid not null references account (id),
  planned_at timestamptz not null default now(),
  held_on date,
  held_by uuid references account (id),
  form follow_up_form,
  person_view bytea,                     -- sealed
  provider_view bytea,                   -- sealed
  police_view bytea,                     -- sealed
  next_id uuid,                          -- the one that was planned when this one was held
  version int not null default 1,
  unique (id, case_id),
  constraint follow_up_number unique (case_id, number),
  constraint follow_up_follows foreign key (next_id, case_id) references follow_up (id, case_id),
  constraint follow_up_held check ((held_on is null) = (held_by is null) and (held_on is null) = (form is null)
    and (held_on is null) = (person_view is null and provider_view is null and police_view is null)
    and (held_on is not null or next_id is null) and next_id <> id)
);
create index follow_up_due on follow_up (planned_on) where held_on is null;

create table follow_up_goal (
  id uuid primary key,
  follow_up_id uuid not null,
  case_id uuid not null,
  goal_id uuid not null,
  result goal_result not null,
  foreign key (follow_up_id, case_id) references follow_up (id, case_id),
  foreign key (goal_id, case_id) references plan_goal (id, case_id),
  constraint follow_up_goal_once unique (follow_up_id, goal_id)
);

do $$
declare
  name text;
begin
  foreach name in array array['plan', 'plan_goal', 'intervention', 'follow_up', 'follow_up_goal'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy reach on %I for select to utvag_user
      using (exists (select 1 from case_file c where c.id = case_id offset 0))', name);
    execute format('grant select, insert on %I to utvag_user', name);
  end loop;
  -- What is planned for somebody, their own social worker writes.
  foreach name in array array['plan', 'intervention'] loop
    execute format($p$create policy working on %I for update to utvag_user
      using ((select sec.actor_role()) = 'caseworker'
             and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null))
      with check (true)$p$, name);
  end loop;
end
$$;

create policy drafting on plan for insert to utvag_user with check (
  created_by = (select sec.actor_id()) and edited_by = (select sec.actor_id()) and status = 'draft'
  and (select sec.actor_role()) = 'caseworker'
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
grant update (interventions, other_principals, person_view, follow_up_on, status, edited_by, activated_by, activated_on,
  ended_by, ended_on, ended_reason, version) on plan to utvag_user;

create policy drafting on plan_goal for insert to utvag_user with check (
  (select sec.actor_role()) = 'caseworker'
  and exists (select 1 from plan p join case_file c on c.id = p.case_id
              where p.id = plan_id and p.status = 'draft' and c.closed_on is null));
create policy drafting_anew on plan_goal for delete to utvag_user using (
  (select sec.actor_role()) = 'caseworker'
  and exists (select 1 from plan p join case_file c on c.id = p.case_id
              where p.id = plan_id and p.status = 'draft' and c.closed_on is null));
grant delete on plan_goal to utvag_user;

create policy planning on intervention for insert to utvag_user with check (
  created_by = (select sec.actor_id()) and status = 'planned' and (select sec.actor_role()) = 'caseworker'
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
grant update (status, executed_on, paused_on, resumed_on, ended_on, status_reason, version) on intervention to utvag_user;

-- What is followed up after the end is all that is written in a closed case.
create policy planning on follow_up for insert to utvag_user with check (
  planned_by = (select sec.actor_id()) and held_on is null and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c
              where c.id = case_id and (c.closed_on is null or follow_up.kind = 'after_closing')));
create policy holding on follow_up for update to utvag_user
  using ((select sec.actor_role()) in ('caseworker', 'coordinator')
         and exists (select 1 from case_file c
                     where c.id = case_id and (c.closed_on is null or follow_up.kind = 'after_closing')))
  with check (held_by = (select sec.actor_id()));
grant update (held_on, held_by, form, person_view, provider_view, police_view, next_id, version) on follow_up to utvag_user;

create policy holding on follow_up_goal for insert to utvag_user with check (
  (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));

reset role;
call audit.follow('plan');
call audit.follow('plan_goal');
call audit.follow('intervention');
call audit.follow('follow_up');
call audit.follow('follow_up_goal');

set role utvag_owner;

-- A draft is written on; a plan in force stands until another takes its place or it ends. Refuses the owner too.
create function plan_moves() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  changed text[];
  born constant text[] := array['id', 'case_id', 'kind', 'version_no', 'created_by', 'created_at'];
  content constant text[] := array['interventions', 'other_principals', 'person_view', 'follow_up_on', 'edited_by'];
  activation constant text[] := array['activated_by', 'activated_on'];
  way text;
begin
  if tg_op = 'DELETE' then
    raise exception 'a plan is not taken away' using errcode = '23514', constraint = 'plan_stands';
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

create function plan_goal_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' or not exists (
       select 1 from plan p
       where p.id = case tg_op when 'DELETE' then old.plan_id else new.plan_id end and p.status = 'draft') then
    raise exception 'the goals of a plan in force stand' using errcode = '23514', constraint = 'plan_goal_stands';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

-- Whether support of the kind, over the days, rests on the decision. The same as `check_days` and `InterventionKind::of` in
-- Rust: the codes of the kinds are those of the decisions' types.
create function intervention_rests(wanted uuid, kind intervention_kind, first date, last date) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select exists (
    select 1 from decision d
    where d.id = wanted and d.type::text = kind::text and d.signed_by is not null
      and d.outcome in ('granted', 'partly', 'changed') and d.status not in ('ended', 'changed_by_new')
      and first >= d.from_day and coalesce(last, 'infinity') <= coalesce(d.to_day, 'infinity'))
$$;

create function intervention_moves() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  going constant text[] := array['status', 'executed_on', 'paused_on', 'resumed_on', 'ended_on', 'status_reason', 'version'];
  way text;
begin
  if tg_op = 'INSERT' then
    if not intervention_rests(new.decision_id, new.kind, new.from_day, new.to_day) then
      raise exception 'no decision carries it' using errcode = '23514', constraint = 'intervention_rests';
    end if;
    return new;
  end if;
  if tg_op = 'DELETE' or (to_jsonb(new) - going) is distinct from (to_jsonb(old) - going)
     or (new.executed_on is distinct from old.executed_on and (old.status, new.status) <> ('planned', 'ongoing')) then
    raise exception 'what was planned stands' using errcode = '23514', constraint = 'intervention_stands';
  end if;
  way := old.status || ' ' || new.status;
  if way not in ('planned ongoing', 'ongoing paused', 'paused ongoing', 'planned ended', 'ongoing ended', 'paused ended') then
    raise exception 'there is no such way' using errcode = '23514', constraint = 'intervention_moves';
  end if;
  if way = 'planned ongoing' and not intervention_rests(new.decision_id, new.kind, new.executed_on, new.executed_on) then
    raise exception 'no decision carries it' using errcode = '23514', constraint = 'intervention_rests';
  end if;
  return new;
end
$$;

-- What was held is written down once, and the next time is set then.
create function follow_up_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  holding constant text[] := array['held_on', 'held_by', 'form', 'person_view', 'provider_view', 'police_view', 'next_id', 'version'];
begin
  if tg_op = 'DELETE' or old.held_on is not null or new.held_on is null
     or (to_jsonb(new) - holding) is distinct from (to_jsonb(old) - holding) then
    raise exception 'a follow-up is held once' using errcode = '23514', constraint = 'follow_up_stands';
  end if;
  if new.next_id is null and new.kind <> 'after_closing'
     and exists (select 1 from case_file c where c.id = new.case_id and c.status not in ('closing', 'closed')) then
    raise exception 'the next time is not set' using errcode = '23514', constraint = 'follow_up_next';
  end if;
  return new;
end
$$;

create function follow_up_goal_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'INSERT' or not exists (select 1 from follow_up f where f.id = new.follow_up_id and f.held_on is null)
     or not exists (select 1 from plan_goal g join plan p on p.id = g.plan_id
                    where g.id = new.goal_id and p.status = 'active') then
    raise exception 'results are those of a plan in force' using errcode = '23514', constraint = 'follow_up_goal_stands';
  end if;
  return new;
end
$$;

create trigger plan_moves before update or delete on plan for each row execute function plan_moves();
create trigger plan_goal_stands before insert or update or delete on plan_goal for each row execute function plan_goal_stands();
create trigger intervention_moves before insert or update or delete on intervention
  for each row execute function intervention_moves();
create trigger follow_up_stands before update or delete on follow_up for each row execute function follow_up_stands();
create trigger follow_up_goal_stands before insert or update or delete on follow_up_goal
  for each row execute function follow_up_goal_stands();
grant execute on function intervention_rests to utvag_user;
reset role;
alter table plan enable always trigger plan_moves;
alter table plan_goal enable always trigger plan_goal_stands;
alter table intervention enable always trigger intervention_moves;
alter table follow_up enable always trigger follow_up_stands;
alter table follow_up_goal enable always trigger follow_up_goal_stands;
