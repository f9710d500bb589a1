-- What more the review of the log looks at: reasons that say nothing, cases that a conflict of interest closes, trouble with
-- the seals; that everybody comes in the sample each quarter; and that a signed month can be handed back before it is closed.

set role utvag_owner;
alter table log_review
  -- How it was drawn: 1 by lot alone, 2 with a day for everybody who had not come by lot in the quarter.
  add method smallint not null default 1 check (method in (1, 2)),
  add stratified int not null default 0 check (stratified >= 0),      -- days drawn for that
  add troubles jsonb not null default '[]' check (jsonb_typeof(troubles) = 'array');

-- Why the second to sign did not sign, and the signature that fell with it.
create table log_review_return (
  id uuid primary key,
  review_id uuid not null references log_review (id),
  reason bytea not null,                 -- sealed
  made_by uuid not null references account (id),
  made_name text not null,
  made_at timestamptz not null,
  signed_by uuid not null references account (id),
  signed_name text not null,
  signed_at timestamptz not null,
  print bytea not null check (length(print) = 32),
  constraint log_review_return_once unique (review_id, signed_at),
  constraint log_review_return_two check (made_by <> signed_by)
);
alter table log_review_return enable row level security;
alter table log_review_return force row level security;
create policy reach on log_review_return for select to utvag_user
  using ((select sec.actor_role()) in ('log_reviewer', 'manager'));
create policy handing_back on log_review_return for insert to utvag_user with check (
  (select sec.actor_role()) = 'manager' and made_by = (select sec.actor_id())
  and exists (select 1 from log_review r where r.id = review_id and r.closed_by is null and r.signed_by = log_review_return.signed_by
              and r.signed_name = log_review_return.signed_name and r.signed_at = log_review_return.signed_at
              and r.print = log_review_return.print));
grant select, insert on log_review_return to utvag_user;

-- As before, and: a manager takes the signature away again with a reason, as long as nobody has closed it.
create or replace function log_review_moves() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  changed text[] := (select coalesce(array_agg(n.key), '{}') from jsonb_each(to_jsonb(new)) n
                     where n.value is distinct from to_jsonb(old) -> n.key);
  signature constant text[] := array['signed_by', 'signed_name', 'signed_at', 'seal_n', 'seal_hash', 'print'];
  closing constant text[] := array['closed_by', 'closed_name', 'closed_at'];
begin
  if old.closed_by is null and old.signed_by is not null and new.signed_by is null and changed <@ signature then
    if sec.actor_role() is distinct from 'manager' or not exists (
         select 1 from log_review_return b where b.review_id = old.id and b.signed_at = old.signed_at and b.made_by = sec.actor_id()) then
      raise exception 'a review is handed back by a manager, with a reason' using errcode = '23514', constraint = 'log_review_returned';
    end if;
    return new;
  end if;
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
create trigger log_review_kept before update or delete on log_review_return for each row execute function log_review_kept();
-- For what the reviewer may ask of the reasons below.
create policy door on case_print for select to utvag_sec using (true);
grant select on case_print to utvag_sec;
reset role;
alter table log_review_return enable always trigger log_review_kept;
call audit.follow('log_review_return');

set role utvag_sec;
create function sec.log_review_conflicts() returns table (account_id uuid, case_id uuid, reference text, declared_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.account_id, c.id, c.reference, k.declared_at
  from public.conflict_of_interest k join public.case_file c on c.person_id = k.person_id
  where sec.actor_role() = 'log_reviewer'
$$;
-- Sealed reasons for looking, for the one question how well they were given. The answer is all that is kept.
create function sec.log_review_reasons(ids uuid[]) returns table (id uuid, kind text, reason bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select g.id, 'break_glass', g.words from public.break_glass g where sec.actor_role() = 'log_reviewer' and g.id = any (ids)
  union all
  select p.id, 'case_print', p.note from public.case_print p
  where sec.actor_role() = 'log_reviewer' and p.id = any (ids) and p.note is not null
$$;
revoke execute on function sec.log_review_conflicts, sec.log_review_reasons from public;
grant execute on function sec.log_review_conflicts, sec.log_review_reasons to utvag_user;
reset role;

set role utvag_vault;
create function vault.review_reasons(ids uuid[]) returns table (id uuid, placement_id uuid, reason bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select o.id, o.placement_id, o.reason from vault.opening o where sec.actor_role() = 'log_reviewer' and o.id = any (ids)
$$;
revoke execute on function vault.review_reasons from public;
grant execute on function vault.review_reasons to utvag_user;
reset role;

set role utvag_audit;
-- Which reason stands behind which row of the log: they were written in one transaction.
create function audit.review_reasons(first timestamptz, until timestamptz) returns table (seq bigint, row_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.seq, c.row_id::uuid
  from audit.entry e join audit.row_change c on c.xid = e.xid and c.operation = 'insert'
    and (c.table_name, e.event) in (('vault.opening', 'location.opened'),
                                    ('public.break_glass', 'break_glass.opened'),
                                    ('public.case_print', 'case.printed'))
  where sec.actor_role() = 'log_reviewer' and e.at >= first and e.at < until
$$;
-- Where the seals say that something was wrong: a row that waited for longer than `late`, a clock that went back by more than
-- `slip`, transactions that were counted anew (a database put back), a file outside that could not be written; and rows that
-- wait now.
create function audit.review_troubles(first timestamptz, until timestamptz, now_is timestamptz, late interval, slip interval)
returns table (kind text, at timestamptz, seal bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with chain as (
    select s.n, s.at, s.seqs, s.horizon, lag(s.at) over (order by s.n) as before_at, lag(s.horizon) over (order by s.n) as before_horizon
    from audit.seal s),
  month as (select * from chain where chain.at >= first and chain.at < until),
  found as (
    select 'late' as kind, m.at, m.n from month m
    where m.at - late > (select min(e.at) from audit.entry e where e.seq = any (m.seqs))
    union all select 'clock', m.at, m.n from month m where m.at < m.before_at - slip
    union all select 'restored', m.at, m.n from month m where m.horizon < m.before_horizon
    union all select 'anchor', e.at, null from audit.entry e where e.event = 'task.anchor_failed' and e.at >= first and e.at < until
    union all
    select 'waiting', min(e.at), null from audit.entry e
    where e.xid >= coalesce((select s.horizon from audit.seal s order by s.n desc limit 1), '0'::xid8) and e.at < now_is - late
    having count(*) > 0)
  select f.kind, f.at, f.n from found f where sec.actor_role() = 'log_reviewer' order by f.at, f.kind limit 50
$$;
revoke execute on function audit.review_reasons, audit.review_troubles from public;
grant execute on function audit.review_reasons, audit.review_troubles to utvag_user;
reset role;
