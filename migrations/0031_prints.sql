-- Prints of chosen parts of a case (domain 4.4): who took what out of the building's screens, in which words, and how much.
-- The rows are written in the transaction in which the print is shown, and never changed.

set role utvag_owner;

create type print_part as enum ('facts', 'person', 'journal', 'threat', 'investigation', 'decisions', 'plans', 'placements',
  'follow_ups', 'deviations', 'timeline');
create type print_purpose as enum ('case_work', 'deliberation', 'party', 'disclosure', 'court', 'supervision', 'other');

create table case_print (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  parts print_part[] not null,
  from_day date,
  to_day date,
  purpose print_purpose not null,
  note bytea,                            -- sealed: what the purpose is, where the list does not say it
  row_count int not null check (row_count >= 0),
  printed_by uuid not null references account (id),
  printed_at timestamptz not null,
  constraint case_print_parts check (cardinality(parts) between 1 and 11),
  constraint case_print_days check (to_day >= from_day),
  constraint case_print_other_said check (purpose <> 'other' or note is not null)
);
create index case_print_case on case_print (case_id, printed_at desc, id desc);
-- What the timeline and a print ask: all rows of a case.
create index handover_case on handover (case_id);
create index deviation_step_case on deviation_step (case_id);
create index decision_correction_case on decision_correction (case_id);
create index follow_up_goal_case on follow_up_goal (case_id);

alter table case_print enable row level security;
alter table case_print force row level security;
create policy reach on case_print for select to utvag_user using (
  (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id offset 0));
-- Also in a closed case: what is kept may be asked for.
create policy printing on case_print for insert to utvag_user with check (
  printed_by = (select sec.actor_id())
  and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id));
grant select, insert on case_print to utvag_user;
reset role;
call audit.follow('case_print');
