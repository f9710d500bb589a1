-- What somebody typed while their session ran out: kept under seal for its owner for a day, and given back after the next
-- sign-in. The log of row changes does not follow it, or an unsaved text would stand there for ever; that a form was kept,
-- shown, sent and thrown away are events of their own.

set role utvag_owner;

create table parked_form (
  id uuid primary key,
  account_id uuid not null references account (id),
  sealed bytea not null,        -- whose it is, where it was going, and its fields
  parked_at timestamptz not null default now(),
  ends_at timestamptz not null default now() + interval '1 day'
);
create index parked_form_account on parked_form (account_id, ends_at);
alter table parked_form enable row level security;
alter table parked_form force row level security;

-- Signing in counts and keeps them, and cannot read them.
create policy keeping on parked_form to utvag_login using (true) with check (true);
grant insert, delete, select (id, account_id, parked_at, ends_at) on parked_form to utvag_login;
create policy own on parked_form for select to utvag_user using (account_id = (select sec.actor_id()) and now() < ends_at);
create policy own_thrown_away on parked_form for delete to utvag_user using (account_id = (select sec.actor_id()));
grant select, delete on parked_form to utvag_user;
create policy cleaning on parked_form to utvag_task using (true);
grant delete, select (id, ends_at) on parked_form to utvag_task;

-- Codes that nobody used in time are cleaned away.
grant delete on identity.activation to utvag_task;

reset role;
