-- Decisions: drafted by one, decided by somebody whose role holds delegation, frozen when signed. What happens afterwards
-- stands beside what was decided and never changes it. A clerical error is corrected in a row of its own (36 § FL).

set role utvag_owner;

create type decision_type as enum ('open_investigation', 'no_investigation', 'close_investigation', 'hvb',
  'protected_housing', 'family_home_adult', 'support_housing_16_20', 'supported_housing_adult', 'emergency_housing',
  'training_apartment', 'housing_support', 'outpatient', 'external_exit_programme', 'contact_person',
  'qualified_contact_person', 'debt_counselling', 'addiction_treatment', 'client_fee', 'transfer_case',
  'disclosure_refusal');
create type decision_outcome as enum ('granted', 'partly', 'rejected', 'terminated', 'changed', 'dismissed', 'noted');
create type decision_status as enum ('draft', 'for_approval', 'signed', 'notified', 'in_force', 'ended', 'corrected',
  'changed_by_new');
create type legal_basis as enum ('sol_9_1', 'sol_9_2', 'sol_9_3', 'sol_9_4', 'sol_9_5', 'sol_9_6', 'sol_11_1',
  'sol_11_5', 'sol_13_2', 'sol_13_7', 'sol_13_10', 'sol_14_2', 'sol_14_5', 'sol_14_9', 'sol_29_10', 'sol_29_11',
  'sol_32_2', 'sof_17_2', 'osl_6_3', 'osl_6_7', 'fl_37');
create type reasons_exception as enum ('obvious', 'urgent', 'protection');
create type decision_maker as enum ('delegate', 'committee', 'subcommittee', 'chair');
create type notified_how as enum ('in_person', 'letter', 'digital_mail', 'phone', 'counsel');
create type appeal_state as enum ('none', 'lodged', 'pending', 'decided');
create type court_outcome as enum ('rejected', 'changed', 'annulled', 'remitted', 'dismissed', 'noted');
create type delay_reason as enum ('no_place', 'security', 'declined', 'not_reached', 'preparing', 'other');

-- Who may decide what: the board's own order of delegation. Only its rows say so, no program does. A rule reaches either
-- ordinary decisions or those of an emergency; a limit that is empty is none.
create table delegation_rule (
  id uuid primary key,
  role role_code not null,
  decision_type decision_type not null,
  max_amount_ore bigint check (max_amount_ore > 0),
  max_months int check (max_months > 0),
  procurement procurement_form,
  emergency boolean not null,
  -- Whether somebody else than whoever wrote the decision has to make it.
  four_eyes boolean not null,
  valid_from date not null,
  valid_to date check (valid_to >= valid_from),
  decided_in text not null check (length(decided_in) > 0)
);

-- The defaults, until the board's own order is laid up.
insert into delegation_rule (id, role, decision_type, max_amount_ore, max_months, procurement, emergency, four_eyes, valid_from, decided_in)
select gen_random_uuid(), r.role::role_code, t.decision_type::decision_type, r.max_ore, r.max_months,
       r.procurement::procurement_form, r.emergency, r.four_eyes, '2020-01-01', 'Förvald delegation, ersätts av nämndens delegationsordning'
from (values
  ('caseworker', null::bigint, null::int, null, false, false, array['open_investigation', 'no_investigation', 'close_investigation']),
  ('caseworker', null, 6, null, false, false, array['outpatient', 'housing_support', 'debt_counselling']),
  ('manager', null, null, null, false, false, array['open_investigation', 'no_investigation', 'close_investigation', 'disclosure_refusal']),
  ('manager', null, 6, null, false, false, array['outpatient', 'housing_support', 'debt_counselling']),
  ('manager', null, 6, 'inside_framework', false, true, array['hvb', 'protected_housing']),
  ('manager', null, null, null, false, true, array['contact_person', 'qualified_contact_person', 'training_apartment']),
  ('manager', 110000000, 12, null, false, true, array['hvb', 'protected_housing', 'family_home_adult', 'support_housing_16_20',
     'supported_housing_adult', 'emergency_housing', 'external_exit_programme']),
  -- In an emergency the manager may be the only one there.
  ('manager', 110000000, 12, null, true, false, array['hvb', 'protected_housing', 'family_home_adult', 'support_housing_16_20',
     'supported_housing_adult', 'emergency_housing', 'training_apartment', 'external_exit_programme'])
) as r(role, max_ore, max_months, procurement, emergency, four_eyes, types)
cross join unnest(r.types) as t(decision_type);

create table decision (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  number int not null check (number > 0),
  type decision_type not null,
  outcome decision_outcome not null,
  legal_basis legal_basis[] not null,
  applied_for bytea,                     -- sealed
  scope bytea not null,                  -- sealed: what is decided
  from_day date not null,
  to_day date,                           -- empty: until further notice
  amount_ore bigint check (amount_ore > 0),
  procurement procurement_form,
  emergency boolean not null,
  age_reason bytea,                      -- sealed: why a form for those of 21 and over is given to somebody younger
  reasons bytea,                         -- sealed
  reasons_exception reasons_exception,   -- why the reasons are left out (32 § FL)
  participants bytea,                    -- sealed: others who took part (31 § FL)
  maker decision_maker not null,
  minutes_ref bytea,                     -- sealed: where the committee's decision stands
  decided_on date,                       -- of the committee's decision; of any other when it is signed
  changes_id uuid,                       -- the decision that this one takes the place of
  conceal_staff_names boolean not null,
  status decision_status not null default 'draft',
  created_by uuid not null references account (id),
  created_at timestamptz not null default now(),
  edited_by uuid not null references account (id),
  sent_by uuid references account (id),
  returned_by uuid references account (id),
  returned_reason bytea,                 -- sealed
  signed_by uuid references account (id),
  signed_role role_code,
  signed_name text,                      -- as it stood on the day: the text that was signed names it
  signed_at timestamptz,
  delegation_id uuid references delegation_rule (id),
  four_eyes boolean,
  text_hash bytea check (length(text_hash) = 32),
  notified_on date,
  notified_how notified_how,
  received_on date,
  appeal appeal_state not null default 'none',
  appealed_on date,
  forwarded_on date,
  court_ref bytea,                       -- sealed
  court_decided_on date,
  court_outcome court_outcome,
  executed_on date,
  delay_reason delay_reason,
  delay_note bytea,                      -- sealed
  ended_on date,
  ended_reason bytea,                    -- sealed
  version int not null default 1,
  constraint decision_number unique (case_id, number),
  unique (id, case_id),
  constraint decision_changes foreign key (changes_id, case_id) references decision (id, case_id),
  constraint decision_changes_another check (changes_id <> id),
  constraint decision_basis check (cardinality(legal_basis) > 0),
  constraint decision_days check (to_day >= from_day),
  constraint decision_reasons check (reasons is not null or reasons_exception is not null),
  constraint decision_minutes check ((maker = 'delegate') = (minutes_ref is null)
    and (maker = 'delegate' or decided_on is not null)),
  constraint decision_returned check ((returned_by is null) = (returned_reason is null)),
  constraint decision_signed check ((status in ('draft', 'for_approval')) = (signed_by is null)
    and (signed_by is null) = (signed_role is null) and (signed_by is null) = (signed_name is null)
    and (signed_by is null) = (signed_at is null) and (signed_by is null) = (four_eyes is null)
    and (signed_by is null) = (text_hash is null) and (signed_by is null or decided_on is not null)),
  constraint decision_delegated check (signed_by is null or (maker = 'delegate') = (delegation_id is not null)),
  constraint decision_four_eyes check (not coalesce(four_eyes, false) or (signed_by <> created_by and signed_by <> edited_by)),
  constraint decision_notified check ((notified_on is null) = (notified_how is null) and notified_on >= decided_on
    and received_on >= notified_on and (received_on is null or notified_on is not null)),
  constraint decision_appeal check ((appeal = 'none') = (appealed_on is null)
    and (appeal in ('pending', 'decided')) = (forwarded_on is not null)
    and (appeal = 'decided') = (court_decided_on is not null) and (appeal = 'decided') = (court_outcome is not null)
    and appealed_on >= decided_on and forwarded_on >= appealed_on and court_decided_on >= forwarded_on),
  constraint decision_executed check (executed_on >= from_day),
  constraint decision_ended check ((status = 'ended') = (ended_on is not null) and (ended_on is null) = (ended_reason is null)
    and ended_on >= from_day)
);
create index decision_unexecuted on decision (decided_on) where executed_on is null and signed_by is not null;

create table decision_correction (
  id uuid primary key,
  decision_id uuid not null,
  case_id uuid not null,
  number int not null check (number > 0),
  applied_for bytea,                     -- sealed, as corrected; the decision keeps what it said
  scope bytea not null,                  -- sealed
  reasons bytea,                         -- sealed
  why bytea not null,                    -- sealed
  text_hash bytea not null check (length(text_hash) = 32),
  made_by uuid not null references account (id),
  made_at timestamptz not null default now(),
  foreign key (decision_id, case_id) references decision (id, case_id),
  constraint decision_correction_number unique (decision_id, number)
);

do $$
declare
  name text;
begin
  foreach name in array array['delegation_rule', 'decision', 'decision_correction'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
  end loop;
end
$$;

create policy staff on delegation_rule for select to utvag_user
  using ((select sec.actor_role()) in ('caseworker', 'coordinator', 'manager'));
create policy operations on delegation_rule to utvag_task using (true) with check (true);
grant select on delegation_rule to utvag_user;
grant select, insert, update (valid_to) on delegation_rule to utvag_task;

create policy reach on decision for select to utvag_user
  using (exists (select 1 from case_file c where c.id = case_id offset 0));
create policy drafting on decision for insert to utvag_user with check (
  created_by = (select sec.actor_id()) and edited_by = (select sec.actor_id()) and status = 'draft'
  and (select sec.actor_role()) in ('caseworker', 'manager')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
create policy deciding on decision for update to utvag_user
  using ((select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
         and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null))
  with check (true);
grant select, insert on decision to utvag_user;
grant update (type, outcome, legal_basis, applied_for, scope, from_day, to_day, amount_ore, procurement, emergency,
  age_reason, reasons, reasons_exception, participants, maker, minutes_ref, decided_on, changes_id, conceal_staff_names,
  status, edited_by, sent_by, returned_by, returned_reason, signed_by, signed_role, signed_name, signed_at,
  delegation_id, four_eyes, text_hash, notified_on, notified_how, received_on, appeal, appealed_on, forwarded_on,
  court_ref, court_decided_on, court_outcome, executed_on, delay_reason, delay_note, ended_on, ended_reason, version)
  on decision to utvag_user;

create policy reach on decision_correction for select to utvag_user
  using (exists (select 1 from case_file c where c.id = case_id offset 0));
create policy correcting on decision_correction for insert to utvag_user with check (
  made_by = (select sec.actor_id()) and (select sec.actor_role()) = 'manager'
  and exists (select 1 from decision d join case_file c on c.id = d.case_id
              where d.id = decision_id and c.closed_on is null and d.signed_by is not null));
grant select, insert on decision_correction to utvag_user;

reset role;
call audit.follow('delegation_rule');
call audit.follow('decision');
call audit.follow('decision_correction');

set role utvag_owner;

-- Whether a rule reaches a decision on its day. The same as `Rule::reaches` in src/decision/delegation.rs.
create function delegation_reaches(rule delegation_rule, made decision) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(
    rule.decision_type = made.type and rule.emergency = made.emergency
    and made.decided_on >= rule.valid_from and made.decided_on <= coalesce(rule.valid_to, made.decided_on)
    and (rule.procurement is null or rule.procurement = made.procurement)
    and (rule.max_amount_ore is null or made.amount_ore <= rule.max_amount_ore)
    and (rule.max_months is null or made.to_day < made.from_day + make_interval(months => rule.max_months)), false)
$$;

-- Only the ways that there are, and nothing of what was decided after it was. Refuses the owner too.
create function decision_moves() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  changed text[] := (select coalesce(array_agg(n.key), '{}') from jsonb_each(to_jsonb(new)) n
                     where n.value is distinct from to_jsonb(old) -> n.key);
  born constant text[] := array['id', 'case_id', 'number', 'created_by', 'created_at'];
  content constant text[] := array['type', 'outcome', 'legal_basis', 'applied_for', 'scope', 'from_day', 'to_day',
    'amount_ore', 'procurement', 'emergency', 'age_reason', 'reasons', 'reasons_exception', 'participants', 'maker',
    'minutes_ref', 'changes_id', 'edited_by'];
  signature constant text[] := array['signed_by', 'signed_role', 'signed_name', 'signed_at', 'delegation_id', 'four_eyes', 'text_hash'];
  afterwards constant text[] := array['notified_on', 'notified_how', 'received_on', 'appeal', 'appealed_on',
    'forwarded_on', 'court_ref', 'court_decided_on', 'court_outcome', 'executed_on', 'delay_reason', 'delay_note'];
  way constant text := old.status || ' ' || new.status;
  drafting constant boolean := way = 'draft draft';
  signing constant boolean := way = 'for_approval signed';
  was_signed constant boolean := old.status not in ('draft', 'for_approval');
begin
  if changed && born or (changed && content and not drafting)
     or ('decided_on' = any (changed) and not drafting and not (signing and old.maker = 'delegate'))
     or (changed && signature and not signing) or (changed && afterwards and not was_signed) then
    raise exception 'what was decided stands' using errcode = '23514', constraint = 'decision_stands';
  end if;
  if not (drafting or (old.status = new.status and was_signed) or way in ('draft for_approval', 'for_approval draft',
      'for_approval signed', 'signed notified', 'corrected notified', 'notified in_force', 'corrected in_force',
      'in_force ended', 'corrected ended', 'signed corrected', 'notified corrected', 'in_force corrected',
      'signed changed_by_new', 'notified changed_by_new', 'in_force changed_by_new', 'corrected changed_by_new')) then
    raise exception 'there is no such way for a decision' using errcode = '23514', constraint = 'decision_moves';
  end if;
  -- A coordinator reads decisions; with delegation they are also made, and nothing more.
  if sec.actor_role() = 'coordinator' and not signing and new.status <> 'changed_by_new' then
    raise exception 'not by a coordinator' using errcode = '42501';
  end if;
  if signing then
    if new.signed_by is distinct from sec.actor_id() or new.signed_role is distinct from sec.actor_role() then
      raise exception 'a decision is signed in one''s own name' using errcode = '23514', constraint = 'decision_own_name';
    end if;
    if new.maker = 'delegate' and not exists (
         select 1 from delegation_rule r
         where r.id = new.delegation_id and r.role = new.signed_role and r.four_eyes = new.four_eyes
           and delegation_reaches(r, new))
       or new.maker <> 'delegate' and new.signed_role <> 'manager' then
      raise exception 'no delegation reaches it' using errcode = '23514', constraint = 'decision_delegation';
    end if;
  end if;
  return new;
end
$$;

create function decision_correction_stands() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'a correction stands' using errcode = '23514', constraint = 'decision_correction_stands';
end
$$;

create trigger decision_moves before update on decision for each row execute function decision_moves();
create trigger decision_correction_stands before update or delete on decision_correction
  for each row execute function decision_correction_stands();
create function decision_kept() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'a decision is not taken away' using errcode = '23514', constraint = 'decision_stands';
end
$$;
create trigger decision_kept before delete on decision for each row execute function decision_kept();
grant execute on function delegation_reaches to utvag_user;
reset role;
alter table decision enable always trigger decision_moves;
alter table decision enable always trigger decision_kept;
alter table decision_correction enable always trigger decision_correction_stands;
