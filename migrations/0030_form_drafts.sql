-- What stands in an open form, kept under seal for whoever types it, for as long as they reach the case. The log of row
-- changes does not follow it, or an unsaved text would stand there for ever; that a draft was begun, given back, sent and
-- thrown away are events of their own.

set role utvag_owner;

create table form_draft (
  id uuid primary key,                   -- drawn by the page that was opened first
  account_id uuid not null references account (id),
  case_id uuid references case_file (id),
  address text not null check (length(address) between 1 and 300),  -- where the form is sent
  page text not null check (length(page) between 1 and 300),        -- where it stands
  sealed bytea,                          -- the fields; nothing once they have been sent
  mark bytea not null check (length(mark) = 16),  -- keyed hash of them: tells the same text without opening it
  tab uuid not null,                     -- the open page that saved it last
  version int not null check (version > 0),
  saved_at timestamptz not null,
  -- What a form became that was sent from here, and the hash of what was sent: the same form with another text is not
  -- that record.
  sent_record uuid,
  sent_mark bytea check (length(sent_mark) = 16),
  constraint form_draft_sent check (sealed is not null or sent_mark is not null)
);
create index form_draft_address on form_draft (account_id, address, saved_at);
create index form_draft_saved on form_draft (saved_at);
alter table form_draft enable row level security;
alter table form_draft force row level security;

create policy own on form_draft to utvag_user
  using (account_id = (select sec.actor_id())
    and (case_id is null or exists (select 1 from case_file c where c.id = case_id offset 0)))
  with check (account_id = (select sec.actor_id())
    and (case_id is null or exists (select 1 from case_file c where c.id = case_id)));
grant select, insert, delete, update (sealed, mark, tab, version, saved_at, page, sent_record, sent_mark)
  on form_draft to utvag_user;
create policy purging on form_draft to utvag_task using (true);
grant select (saved_at), delete on form_draft to utvag_task;

reset role;
