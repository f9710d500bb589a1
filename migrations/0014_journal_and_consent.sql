-- The journal and the consents: what is written down once and never changed. A journal is public record from the moment a
-- note is entered, so a note is a private draft until then and frozen afterwards; a correction, an objection or a
-- cancellation stands in a row of its own beside it.

set role utvag_owner;

create type journal_kind as enum ('contact', 'home_visit', 'meeting', 'police_contact', 'phone', 'decision_note', 'assessment',
  'fact', 'party_statement', 'disclosure_note', 'deviation_note', 'correction', 'program');
create type journal_event as enum ('case_opened', 'status_changed', 'programme_changed', 'case_closed', 'assigned',
  'assignment_ended', 'threat_confirmed', 'consent_given', 'consent_withdrawn', 'decision_signed', 'disclosed');
create type consent_kind as enum ('information_exchange', 'relapse_follow_up', 'sig', 'sip', 'after_closing', 'provider',
  'other_committee', 'drug_test');
create type consent_recipient as enum ('police_lpo', 'police_noa', 'police_bops', 'police_region', 'gaf', 'provider', 'sig',
  'region', 'other_committee');
create type consent_form as enum ('written', 'oral');
create type disclosure_category as enum ('identity', 'contact', 'programme', 'decision_exists', 'decision_content',
  'threat_info', 'deviation', 'whereabouts_yes_no', 'whereabouts_municipality', 'whereabouts_address', 'support_needs',
  'health', 'substance', 'family_children', 'economy', 'cost', 'plan', 'outcome');

-- What everybody in the case may know of a note. Its texts stand in journal_content, so that they can be closed away.
create table journal_entry (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  kind journal_kind not null,
  event_on date not null,
  event_at time,
  entered_at timestamptz not null,
  author_id uuid not null references account (id),
  author_name text not null,             -- as they were when it was entered
  author_title text not null,
  party_informed boolean,
  corrects_id uuid,
  -- Of a line that the program writes: nothing that anybody has typed.
  program_event journal_event,
  program_detail text,
  program_subject text,                  -- a colleague's name
  unique (id, case_id),
  constraint journal_entry_corrected_once unique (corrects_id),
  constraint journal_entry_corrects foreign key (corrects_id, case_id) references journal_entry (id, case_id),
  constraint journal_entry_correction check ((kind = 'correction') = (corrects_id is not null)),
  constraint journal_entry_program check ((kind = 'program') = (program_event is not null)
    and (kind = 'program') = (party_informed is null)
    and (kind = 'program' or num_nonnulls(program_detail, program_subject) = 0)),
  constraint journal_entry_has_been check (event_on + coalesce(event_at, '00:00') <= entered_at at time zone 'Europe/Stockholm')
);
create index journal_entry_case on journal_entry (case_id, event_on desc, event_at desc nulls last, entered_at desc, id desc);

create table journal_content (
  entry_id uuid primary key references journal_entry (id),
  source bytea not null,                 -- sealed: who the information comes from
  fact bytea,                            -- sealed
  assessment bytea,                      -- sealed
  reason bytea,                          -- sealed: what a correction corrects, and why
  constraint journal_content_said check (num_nonnulls(fact, assessment) > 0)
);

-- Written into the wrong file: the texts are closed to all but the manager, and a line says that they were there.
create table journal_cancellation (
  entry_id uuid primary key references journal_entry (id),
  reason bytea not null,                 -- sealed
  cancelled_by uuid not null references account (id),
  cancelled_name text not null,
  cancelled_at timestamptz not null
);

-- What the person says is wrong in a note; the note stands as it is.
create table journal_dispute (
  id uuid primary key,
  entry_id uuid not null references journal_entry (id),
  said bytea not null,                   -- sealed
  noted_by uuid not null references account (id),
  noted_name text not null,
  noted_at timestamptz not null
);
create index journal_dispute_entry on journal_dispute (entry_id, noted_at);

-- One for each author and case, and one for each note that the author is correcting. Its author's alone.
create table journal_draft (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  author_id uuid not null references account (id),
  corrects_id uuid references journal_entry (id),
  content bytea not null,                -- sealed: the form as it was typed
  tab uuid not null,                     -- the open page that saved it last
  saved_at timestamptz not null,
  version int not null default 1,
  constraint journal_draft_one unique nulls not distinct (case_id, author_id, corrects_id)
);
create index journal_draft_saved on journal_draft (saved_at);

create table consent (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  kind consent_kind not null,
  recipients consent_recipient[] not null check (cardinality(recipients) > 0),
  categories disclosure_category[] not null check (cardinality(categories) > 0),
  purpose bytea not null,                -- sealed
  form consent_form not null,
  document_ref bytea,                    -- sealed: where the paper is
  given_on date not null,
  valid_to date not null,
  information_given boolean not null check (information_given),
  registered_by uuid not null references account (id),
  registered_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_by uuid references account (id),
  withdrawn_how bytea,                   -- sealed
  constraint consent_days check (valid_to >= given_on and valid_to <= (given_on + interval '24 months')::date),
  constraint consent_has_been check (given_on <= (registered_at at time zone 'Europe/Stockholm')::date),
  constraint consent_paper check ((form = 'written') = (document_ref is not null)),
  constraint consent_withdrawn check (num_nonnulls(withdrawn_at, withdrawn_by, withdrawn_how) in (0, 3)
    and withdrawn_at >= registered_at)
);
create index consent_case on consent (case_id, given_on desc, id desc);

-- Row security ---------------------------------------------------------------------------------------------------------
do $$
declare
  name text;
begin
  foreach name in array array['journal_entry', 'journal_content', 'journal_cancellation', 'journal_dispute', 'journal_draft', 'consent'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('grant select, insert on %I to utvag_user', name);
  end loop;
end
$$;

create policy reach on journal_entry for select to utvag_user
  using (exists (select 1 from case_file c where c.id = case_id offset 0));
create policy writing on journal_entry for insert to utvag_user with check (
  author_id = (select sec.actor_id())
  and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and (kind = 'program' or (select sec.actor_role()) = 'caseworker')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
-- Lines that follow a change of another row, whoever made it: also the one that closed the case, and the one by which
-- the actor's own reach ended.
grant insert on journal_entry to utvag_sec;
create policy following on journal_entry for insert to utvag_sec with check (kind = 'program');

create policy reach on journal_content for select to utvag_user using (
  exists (select 1 from journal_entry e where e.id = entry_id offset 0)
  and ((select sec.actor_role()) = 'manager'
       or not exists (select 1 from journal_cancellation x where x.entry_id = journal_content.entry_id)));
create policy writing on journal_content for insert to utvag_user with check (
  exists (select 1 from journal_entry e where e.id = entry_id and e.kind <> 'program' and e.author_id = (select sec.actor_id())));

create policy reach on journal_cancellation for select to utvag_user
  using (exists (select 1 from journal_entry e where e.id = entry_id offset 0));
-- Also in a closed case: what is about somebody else must not lie open there (domain 2.15, "any time").
create policy cancelling on journal_cancellation for insert to utvag_user with check (
  cancelled_by = (select sec.actor_id()) and (select sec.actor_role()) = 'manager'
  and exists (select 1 from journal_entry e where e.id = entry_id and e.kind <> 'program'));

create policy reach on journal_dispute for select to utvag_user using (
  exists (select 1 from journal_entry e where e.id = entry_id offset 0)
  and ((select sec.actor_role()) = 'manager'
       or not exists (select 1 from journal_cancellation x where x.entry_id = journal_dispute.entry_id)));
create policy noting on journal_dispute for insert to utvag_user with check (
  noted_by = (select sec.actor_id()) and (select sec.actor_role()) = 'caseworker'
  and exists (select 1 from journal_entry e join case_file c on c.id = e.case_id
              where e.id = entry_id and e.kind <> 'program' and c.closed_on is null)
  and not exists (select 1 from journal_cancellation x where x.entry_id = journal_dispute.entry_id));

create policy own on journal_draft to utvag_user
  using (author_id = (select sec.actor_id()) and exists (select 1 from case_file c where c.id = case_id offset 0))
  with check (author_id = (select sec.actor_id()) and (select sec.actor_role()) = 'caseworker'
    and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
grant update (content, tab, saved_at, version), delete on journal_draft to utvag_user;
create policy purging on journal_draft to utvag_task using (true);
grant select (saved_at), delete on journal_draft to utvag_task;

create policy reach on consent for select to utvag_user
  using (exists (select 1 from case_file c where c.id = case_id offset 0));
create policy giving on consent for insert to utvag_user with check (
  registered_by = (select sec.actor_id()) and withdrawn_at is null
  and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
-- What somebody takes back is taken back, also where the case is closed.
create policy withdrawing on consent for update to utvag_user
  using (withdrawn_at is null and (select sec.actor_role()) in ('caseworker', 'coordinator')
         and exists (select 1 from case_file c where c.id = case_id))
  with check (withdrawn_by = (select sec.actor_id()));
grant update (withdrawn_at, withdrawn_by, withdrawn_how) on consent to utvag_user;

-- The one question that everything asks before something leaves the house: read anew each time, so that what has been
-- withdrawn covers nothing from that moment.
create function consent_covering(
  wanted_case uuid, wanted_kind consent_kind, recipient consent_recipient, wanted disclosure_category[], on_day date
) returns uuid
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select c.id from consent c
  where c.case_id = wanted_case and c.kind = wanted_kind and recipient = any (c.recipients) and wanted <@ c.categories
    and cardinality(wanted) > 0 and c.withdrawn_at is null and on_day between c.given_on and c.valid_to
  order by c.valid_to desc, c.id limit 1
$$;
grant execute on function consent_covering to utvag_user;

reset role;
call audit.follow('journal_entry');
call audit.follow('journal_content', 'entry_id');
call audit.follow('journal_cancellation', 'entry_id');
call audit.follow('journal_dispute');
call audit.follow('consent');

-- What stands, stands --------------------------------------------------------------------------------------------------
set role utvag_owner;

create function journal_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'what is entered in the journal stands' using errcode = '23514', constraint = 'journal_stands';
end
$$;
create trigger journal_stands before update or delete on journal_entry for each row execute function journal_stands();
create trigger journal_stands before update or delete on journal_content for each row execute function journal_stands();
create trigger journal_stands before update or delete on journal_cancellation for each row execute function journal_stands();
create trigger journal_stands before update or delete on journal_dispute for each row execute function journal_stands();

-- A note is entered whole: with its texts, in the same transaction.
create function journal_entry_whole() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select 1 from journal_content c where c.entry_id = new.id
                 and (new.kind = 'correction') = (c.reason is not null)) then
    raise exception 'a note without text' using errcode = '23514', constraint = 'journal_entry_whole';
  end if;
  return null;
end
$$;
create constraint trigger journal_entry_whole after insert on journal_entry
  deferrable initially deferred for each row when (new.kind <> 'program') execute function journal_entry_whole();

create function journal_entry_correctable() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select 1 from journal_entry e where e.id = new.corrects_id and e.kind = 'program')
     or exists (select 1 from journal_cancellation x where x.entry_id = new.corrects_id) then
    raise exception 'not a note that can be corrected' using errcode = '23514', constraint = 'journal_entry_correctable';
  end if;
  return new;
end
$$;
create trigger journal_entry_correctable before insert on journal_entry
  for each row when (new.corrects_id is not null) execute function journal_entry_correctable();

-- A consent is taken back once, and nothing else in it changes.
create function consent_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'DELETE' or old.withdrawn_at is not null or new.withdrawn_at is null
     or (to_jsonb(new) - array['withdrawn_at', 'withdrawn_by', 'withdrawn_how'])
        is distinct from (to_jsonb(old) - array['withdrawn_at', 'withdrawn_by', 'withdrawn_how']) then
    raise exception 'a consent stands as it was given' using errcode = '23514', constraint = 'consent_stands';
  end if;
  return new;
end
$$;
create trigger consent_stands before update or delete on consent for each row execute function consent_stands();
reset role;
alter table journal_entry enable always trigger journal_stands;
alter table journal_content enable always trigger journal_stands;
alter table journal_cancellation enable always trigger journal_stands;
alter table journal_dispute enable always trigger journal_stands;
alter table journal_entry enable always trigger journal_entry_whole;
alter table journal_entry enable always trigger journal_entry_correctable;
alter table consent enable always trigger consent_stands;

-- The program's own lines ----------------------------------------------------------------------------------------------
-- Written by the database itself when the row changes: whichever page or function changes it, the line is there, in the
-- same transaction; the clock and not the transaction's start puts several of them in order. Where nobody is signed in (operations, tests) there is nobody to name, and no line.

set role utvag_sec;

create function sec.journal_line(wanted uuid, what public.journal_event, detail text, subject text) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into public.journal_entry (id, case_id, kind, event_on, event_at, entered_at, author_id, author_name, author_title,
                                    program_event, program_detail, program_subject)
  select gen_random_uuid(), wanted, 'program', (now() at time zone 'Europe/Stockholm')::date,
         date_trunc('minute', now() at time zone 'Europe/Stockholm')::time, clock_timestamp(), a.id, a.display_name, a.title, what, detail,
         subject
  from public.account a where a.id = sec.actor_id()
$$;

create function sec.journal_of_case() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    perform sec.journal_line(new.id, 'case_opened', null, null);
    return null;
  end if;
  if new.closed_on is distinct from old.closed_on and new.closed_on is not null then
    perform sec.journal_line(new.id, 'case_closed', new.close_reason::text, null);
  elsif new.status is distinct from old.status then
    perform sec.journal_line(new.id, 'status_changed', new.status::text, null);
  end if;
  if new.programme_status is distinct from old.programme_status then
    perform sec.journal_line(new.id, 'programme_changed', new.programme_status::text, null);
  end if;
  return null;
end
$$;

create function sec.journal_of_assignment() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  name text := (select a.display_name from public.account a where a.id = new.account_id);
begin
  if tg_op = 'INSERT' then
    perform sec.journal_line(new.case_id, 'assigned', new.kind::text, name);
  elsif old.ended_at is null and new.ended_at is not null then
    perform sec.journal_line(new.case_id, 'assignment_ended', new.kind::text, name);
  end if;
  return null;
end
$$;

create function sec.journal_of_threat() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform sec.journal_line(new.case_id, 'threat_confirmed', new.version_no::text, null);
  return null;
end
$$;

create function sec.journal_of_consent() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform sec.journal_line(new.case_id,
    case when tg_op = 'INSERT' then 'consent_given' else 'consent_withdrawn' end::public.journal_event, new.kind::text, null);
  return null;
end
$$;
revoke execute on function sec.journal_line, sec.journal_of_case, sec.journal_of_assignment, sec.journal_of_threat,
  sec.journal_of_consent from public;
grant execute on function sec.journal_of_case, sec.journal_of_assignment, sec.journal_of_threat, sec.journal_of_consent
  to utvag_owner;
reset role;

set role utvag_owner;
create trigger journal_line after insert or update on case_file for each row execute function sec.journal_of_case();
create trigger journal_line after insert or update on assignment for each row execute function sec.journal_of_assignment();
create trigger journal_line after update on threat_assessment
  for each row when (old.status <> 'confirmed' and new.status = 'confirmed') execute function sec.journal_of_threat();
create trigger journal_line after insert or update on consent for each row execute function sec.journal_of_consent();
reset role;
alter table case_file enable always trigger journal_line;
alter table assignment enable always trigger journal_line;
alter table threat_assessment enable always trigger journal_line;
alter table consent enable always trigger journal_line;
