-- The log is gone through month by month (HSLF-FS 2016:40, 4 kap. 9 §): drawn once, marked item by item, closed by two. The
-- reviewer sees the log and nothing of any case; nobody marks what they did themselves.

set role utvag_owner;
create type log_verdict as enum ('justified', 'ask_user', 'ask_manager', 'incident');

-- A month that has been drawn. One that has not is open, and has no row.
create table log_review (
  id uuid primary key,
  month date not null unique,
  drawn_by uuid not null references account (id),
  drawn_at timestamptz not null,
  seed bytea not null check (length(seed) = 16),   -- shown after the draw, so that it can be repeated
  events bigint not null check (events >= 0),      -- log rows of people in the month
  user_days int not null check (user_days >= 0),
  sampled_days int not null check (sampled_days between 0 and user_days),
  left_out int not null check (left_out >= 0),     -- what a rule found beyond the longest list
  signed_by uuid references account (id),
  signed_name text,
  signed_at timestamptz,
  seal_n bigint,                                   -- the newest seal of the log when it was signed
  seal_hash bytea check (length(seal_hash) = 32),
  print bytea check (length(print) = 32),          -- fingerprint of the protocol that both sign
  closed_by uuid references account (id),
  closed_name text,
  closed_at timestamptz,
  constraint log_review_month check (extract(day from month) = 1),
  constraint log_review_sample check (sampled_days * 20 >= user_days),
  constraint log_review_signed check ((signed_by is null) = (signed_name is null) and (signed_by is null) = (signed_at is null)
    and (signed_by is null) = (seal_n is null) and (signed_by is null) = (seal_hash is null) and (signed_by is null) = (print is null)),
  constraint log_review_closed check ((closed_by is null) = (closed_name is null) and (closed_by is null) = (closed_at is null)
    and (closed_by is null or signed_by is not null)),
  constraint log_review_two check (closed_by <> signed_by)
);

-- What one person did in one case (or outside all) on one day, and why it was drawn. Codes and counts; no content.
create table log_review_item (
  id uuid primary key,
  review_id uuid not null references log_review (id),
  number int not null check (number > 0),
  actor_id uuid not null references account (id),
  actor_role text not null,
  day date not null,
  case_id uuid,                       -- no reference: the log outlives the case
  reference text,
  purpose text not null,              -- what the actor was named as in the case, in words
  first_at timestamptz not null,
  last_at timestamptz not null check (last_at >= first_at),
  entries bigint[] not null check (cardinality(entries) > 0),
  events jsonb not null,              -- code of the event: how many
  grounds text[] not null check (cardinality(grounds) > 0),
  verdict log_verdict,
  answered boolean not null default false,
  constraint log_review_item_number unique (review_id, number),
  constraint log_review_item_answered check (not answered or coalesce(verdict in ('ask_user', 'ask_manager'), false))
);
create index log_review_item_asked on log_review_item (actor_id) where verdict = 'ask_user' and not answered;

create table log_review_mark (
  id uuid primary key,
  item_id uuid not null references log_review_item (id),
  number int not null check (number > 0),
  verdict log_verdict not null,
  note bytea,                         -- sealed: why, or what is asked
  made_by uuid not null references account (id),
  made_at timestamptz not null,
  constraint log_review_mark_number unique (item_id, number),
  constraint log_review_mark_note check (note is not null or verdict = 'justified')
);

create table log_review_answer (
  mark_id uuid primary key references log_review_mark (id),
  answer bytea not null,              -- sealed
  made_by uuid not null references account (id),
  made_at timestamptz not null
);

do $$
declare
  name text;
begin
  foreach name in array array['log_review', 'log_review_item', 'log_review_mark', 'log_review_answer'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy door on %I to utvag_sec using (true) with check (true)', name);
  end loop;
end
$$;
grant select on log_review, log_review_item, log_review_mark, log_review_answer to utvag_sec;
grant update (verdict, answered) on log_review_item to utvag_sec;

-- A manager sees what is asked of managers, what is about the reviewers themselves, and the whole when it has been signed.
create policy reach on log_review for select to utvag_user
  using ((select sec.actor_role()) in ('log_reviewer', 'manager'));
create policy drawing on log_review for insert to utvag_user with check (
  (select sec.actor_role()) = 'log_reviewer' and drawn_by = (select sec.actor_id()) and signed_by is null);
create policy signing on log_review for update to utvag_user
  using (closed_by is null and (select sec.actor_role()) in ('log_reviewer', 'manager')) with check (true);
grant select, insert on log_review to utvag_user;
grant update (signed_by, signed_name, signed_at, seal_n, seal_hash, print, closed_by, closed_name, closed_at) on log_review to utvag_user;

create policy reach on log_review_item for select to utvag_user using (
  case (select sec.actor_role())
    when 'log_reviewer' then true
    when 'manager' then verdict = 'ask_manager' or actor_role = 'log_reviewer'
      or exists (select 1 from log_review r where r.id = review_id and r.signed_by is not null offset 0)
    else false
  end
  or (verdict = 'ask_user' and actor_id = (select sec.actor_id())));
create policy drawing on log_review_item for insert to utvag_user with check (
  (select sec.actor_role()) = 'log_reviewer' and verdict is null and not answered
  and exists (select 1 from log_review r where r.id = review_id and r.signed_by is null and r.drawn_by = (select sec.actor_id())));
grant select, insert on log_review_item to utvag_user;

-- What was written about oneself is not one's own to read, but what one is asked.
create policy reach on log_review_mark for select to utvag_user using (
  exists (select 1 from log_review_item i where i.id = item_id
          and (i.actor_id <> (select sec.actor_id()) or log_review_mark.verdict = 'ask_user') offset 0));
create policy marking on log_review_mark for insert to utvag_user with check (
  made_by = (select sec.actor_id())
  and exists (select 1 from log_review_item i join log_review r on r.id = i.review_id
              where i.id = item_id and r.signed_by is null and i.actor_id <> (select sec.actor_id())
                and ((select sec.actor_role()) = 'log_reviewer'
                     or ((select sec.actor_role()) = 'manager' and i.actor_role = 'log_reviewer'))));
grant select, insert on log_review_mark to utvag_user;

create policy reach on log_review_answer for select to utvag_user
  using (exists (select 1 from log_review_mark m where m.id = mark_id offset 0));
create policy answering on log_review_answer for insert to utvag_user with check (
  made_by = (select sec.actor_id())
  and exists (select 1 from log_review_mark m join log_review_item i on i.id = m.item_id
              where m.id = mark_id and i.verdict = m.verdict and not i.answered
                and ((m.verdict = 'ask_user' and i.actor_id = (select sec.actor_id()))
                     or (m.verdict = 'ask_manager' and i.actor_id <> (select sec.actor_id())
                         and (select sec.actor_role()) = 'manager'))));
grant select, insert on log_review_answer to utvag_user;

-- What was drawn, marked and signed stands, also against the owner.
create function log_review_moves() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  changed text[] := (select coalesce(array_agg(n.key), '{}') from jsonb_each(to_jsonb(new)) n
                     where n.value is distinct from to_jsonb(old) -> n.key);
  signature constant text[] := array['signed_by', 'signed_name', 'signed_at', 'seal_n', 'seal_hash', 'print'];
  closing constant text[] := array['closed_by', 'closed_name', 'closed_at'];
begin
  if not ((changed <@ signature and old.signed_by is null) or (changed <@ closing and old.signed_by is not null and old.closed_by is null)) then
    raise exception 'a review that was drawn and signed stands' using errcode = '23514', constraint = 'log_review_stands';
  end if;
  if old.signed_by is null then
    if new.signed_by is distinct from sec.actor_id() or sec.actor_role() <> 'log_reviewer' then
      raise exception 'a review is signed in one''s own name' using errcode = '23514', constraint = 'log_review_own_name';
    end if;
    if exists (select 1 from log_review_item i where i.review_id = new.id
               and coalesce(i.verdict in ('ask_user', 'ask_manager'), true)) then
      raise exception 'something is left' using errcode = '23514', constraint = 'log_review_left';
    end if;
  elsif new.closed_by is distinct from sec.actor_id() or sec.actor_role() <> 'manager' then
    raise exception 'a review is closed in one''s own name' using errcode = '23514', constraint = 'log_review_own_name';
  end if;
  return new;
end
$$;
create function log_review_kept() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'what was reviewed is kept' using errcode = '23514', constraint = 'log_review_stands';
end
$$;
create function log_review_item_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if (to_jsonb(new) - array['verdict', 'answered']) is distinct from (to_jsonb(old) - array['verdict', 'answered']) then
    raise exception 'what was drawn stands' using errcode = '23514', constraint = 'log_review_stands';
  end if;
  return new;
end
$$;
create trigger log_review_moves before update on log_review for each row execute function log_review_moves();
create trigger log_review_kept before delete on log_review for each row execute function log_review_kept();
create trigger log_review_item_stands before update on log_review_item for each row execute function log_review_item_stands();
create trigger log_review_kept before delete on log_review_item for each row execute function log_review_kept();
create trigger log_review_kept before update or delete on log_review_mark for each row execute function log_review_kept();
create trigger log_review_kept before update or delete on log_review_answer for each row execute function log_review_kept();
reset role;
alter table log_review enable always trigger log_review_moves;
alter table log_review enable always trigger log_review_kept;
alter table log_review_item enable always trigger log_review_item_stands;
alter table log_review_item enable always trigger log_review_kept;
alter table log_review_mark enable always trigger log_review_kept;
alter table log_review_answer enable always trigger log_review_kept;
call audit.follow('log_review');
call audit.follow('log_review_item');
call audit.follow('log_review_mark');
call audit.follow('log_review_answer', 'mark_id');

set role utvag_sec;
-- A mark and an answer say how the item stands; nobody marks what they did, and nothing once it is signed. Also for the owner.
create function sec.log_review_marked() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select 1 from public.log_review_item i where i.id = new.item_id and i.actor_id = new.made_by) then
    raise exception 'nobody reviews themselves' using errcode = '23514', constraint = 'log_review_own';
  end if;
  if exists (select 1 from public.log_review_item i join public.log_review r on r.id = i.review_id
             where i.id = new.item_id and r.signed_by is not null) then
    raise exception 'the review is signed' using errcode = '23514', constraint = 'log_review_stands';
  end if;
  update public.log_review_item set verdict = new.verdict, answered = false where id = new.item_id;
  return null;
end
$$;
create function sec.log_review_answered() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.log_review_item i set answered = true
    from public.log_review_mark m where m.id = new.mark_id and i.id = m.item_id and i.verdict = m.verdict;
  return null;
end
$$;
-- How many there are and how many are left, also for a manager who may not read them yet.
create function sec.log_review_counts() returns table (review_id uuid, items bigint, left_over bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.review_id, count(*), count(*) filter (where coalesce(i.verdict in ('ask_user', 'ask_manager'), true))
  from public.log_review_item i where sec.actor_role() in ('log_reviewer', 'manager') group by i.review_id
$$;
-- What the rules need to know of the cases that the log names: nothing that is in them.
create function sec.log_review_cases(first date, last date)
returns table (id uuid, reference text, is_protected boolean, closed_on date)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, c.reference,
         c.protection_level <> 'standard' or exists (
           select 1 from public.protection_marking m where m.person_id = c.person_id and m.valid_from <= last
             and (m.valid_to is null or m.valid_to >= first)),
         c.closed_on
  from public.case_file c where sec.actor_role() = 'log_reviewer'
$$;
create function sec.log_review_assignments(first timestamptz, until timestamptz)
returns table (case_id uuid, account_id uuid, kind public.assignment_kind, started_at timestamptz, ended_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select a.case_id, a.account_id, a.kind, a.started_at, a.ended_at from public.assignment a
  where sec.actor_role() = 'log_reviewer' and a.started_at < until and (a.ended_at is null or a.ended_at >= first)
$$;
-- Sealed family names, for the one question whether a colleague has the same. The answer is all that is kept.
create function sec.log_review_families(cases uuid[]) returns table (case_id uuid, identity_id uuid, family_name bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, i.id, i.family_name from public.case_file c join public.person_identity i on i.person_id = c.person_id
  where sec.actor_role() = 'log_reviewer' and c.id = any (cases)
$$;
revoke execute on function sec.log_review_marked, sec.log_review_answered, sec.log_review_counts, sec.log_review_cases,
  sec.log_review_assignments, sec.log_review_families from public;
grant execute on function sec.log_review_marked, sec.log_review_answered to utvag_owner;
grant execute on function sec.log_review_counts, sec.log_review_cases, sec.log_review_assignments, sec.log_review_families to utvag_user;
reset role;
set role utvag_owner;
create trigger log_review_marked after insert on log_review_mark for each row execute function sec.log_review_marked();
create trigger log_review_answered after insert on log_review_answer for each row execute function sec.log_review_answered();
reset role;
alter table log_review_mark enable always trigger log_review_marked;
alter table log_review_answer enable always trigger log_review_answered;

set role utvag_audit;
-- The log of people between two moments, for the reviewer alone. The text goes along: its details hold codes and counts.
create function audit.review_rows(first timestamptz, until timestamptz)
returns table (seq bigint, at timestamptz, actor_id uuid, actor_role text, event text, case_id uuid, body text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.seq, e.at, e.actor_id, e.actor_role, e.event, e.case_id, e.body from audit.entry e
  where sec.actor_role() = 'log_reviewer' and e.actor_id is not null and e.actor_role is not null and e.at >= first and e.at < until
  order by e.at, e.seq
$$;
create function audit.review_last_seen(before timestamptz) returns table (actor_id uuid, at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.actor_id, max(e.at) from audit.entry e
  where sec.actor_role() = 'log_reviewer' and e.actor_id is not null and e.at < before group by e.actor_id
$$;
create function audit.review_begins() returns timestamptz
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.at from audit.entry e where sec.actor_role() in ('log_reviewer', 'manager') order by e.seq limit 1
$$;
create function audit.review_newest_seal() returns table (n bigint, hash bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.n, s.hash from audit.seal s where sec.actor_role() = 'log_reviewer' order by s.n desc limit 1
$$;
create index entry_at on audit.entry (at);
revoke execute on function audit.review_rows, audit.review_last_seen, audit.review_begins, audit.review_newest_seal from public;
grant execute on function audit.review_rows, audit.review_last_seen, audit.review_begins, audit.review_newest_seal to utvag_user;
reset role;
