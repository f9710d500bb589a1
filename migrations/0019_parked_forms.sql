-- What somebody sent when their session had ended in the meantime: kept for a day, sealed, for them alone, and given back
-- after they have signed in again. Written at the door, where nobody is signed in; read and thrown away by its owner.

set role utvag_owner;
create table parked_form (
  id uuid primary key,
  account_id uuid not null references account (id),
  path text not null check (path ~ '^/[a-z]' and length(path) <= 300),
  body bytea not null,                -- sealed
  parked_at timestamptz not null default now()
);
create index parked_form_account on parked_form (account_id, parked_at);
alter table parked_form enable row level security;
alter table parked_form force row level security;
create policy own on parked_form for select to utvag_user using (account_id = (select sec.actor_id()));
create policy throwing_away on parked_form for delete to utvag_user using (account_id = (select sec.actor_id()));
create policy parking on parked_form to utvag_login using (true) with check (true);
create policy cleaning on parked_form to utvag_task using (true);
grant select, delete on parked_form to utvag_user;
grant select (account_id), insert on parked_form to utvag_login;
grant select (parked_at), delete on parked_form to utvag_task;
reset role;
