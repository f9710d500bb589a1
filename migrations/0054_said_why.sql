-- A case with enhanced protection opens to whoever may read it and is not named in it when they have said why: once in a
-- session, and not again that day (domain 3.5).

set role utvag_owner;
create type protected_reason as enum ('supervision', 'allocation', 'deputising', 'question', 'review');
create table protected_opening (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  account_id uuid not null references account (id),
  session_id uuid not null,
  reason protected_reason not null,
  opened_on date not null,
  opened_at timestamptz not null
);
create index protected_opening_account on protected_opening (account_id, case_id, opened_on);
create index protected_opening_case on protected_opening (case_id);
alter table protected_opening enable row level security;
alter table protected_opening force row level security;
create policy own on protected_opening for select to utvag_user using (account_id = (select sec.actor_id()));
create policy saying on protected_opening for insert to utvag_user with check (
  account_id = (select sec.actor_id()) and session_id = (select sec.session_id())
  and (select sec.actor_role()) in ('coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id and c.protection_level = 'restricted'));
grant select, insert on protected_opening to utvag_user;

create function protected_opening_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'what was said stands' using errcode = '23514', constraint = 'protected_opening_stands';
end
$$;
create trigger protected_opening_stands before update or delete on protected_opening
  for each row execute function protected_opening_stands();
reset role;
alter table protected_opening enable always trigger protected_opening_stands;
call audit.follow('protected_opening');
