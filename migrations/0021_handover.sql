-- Handing a case over: offered by those who may, taken by the one it is offered to. The old one's way into the case ends in
-- the transaction in which the new one's begins; between them nobody answers for the case twice, or not at all.

set role utvag_owner;
create table handover (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  from_account uuid not null references account (id),
  to_account uuid not null references account (id),
  offered_by uuid not null references account (id),
  offered_at timestamptz not null default now(),
  message bytea not null,                -- sealed
  outcome text check (outcome in ('accepted', 'declined', 'withdrawn')),
  answered_at timestamptz,
  answer bytea,                          -- sealed: why it was declined
  constraint handover_to_another check (to_account <> from_account),
  constraint handover_answered check ((outcome is null) = (answered_at is null) and (answer is null or outcome = 'declined'))
);
create unique index handover_one_open on handover (case_id) where outcome is null;
create index handover_to on handover (to_account) where outcome is null;
alter table handover enable row level security;
alter table handover force row level security;
-- Whoever is asked reads the offer, and nothing else of the case.
create policy reach on handover for select to utvag_user
  using (to_account = (select sec.actor_id()) or exists (select 1 from case_file c where c.id = case_id offset 0));
create policy offering on handover for insert to utvag_user with check (
  offered_by = (select sec.actor_id()) and outcome is null
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null)
  and exists (select 1 from assignment a
    where a.case_id = handover.case_id and a.account_id = from_account and a.kind = 'responsible' and a.ended_at is null)
  and ((select sec.actor_role()) in ('coordinator', 'manager') or from_account = (select sec.actor_id())));
create policy declining on handover for update to utvag_user
  using (outcome is null and to_account = (select sec.actor_id())) with check (outcome = 'declined');
create policy withdrawing on handover for update to utvag_user
  using (outcome is null and exists (select 1 from case_file c where c.id = case_id offset 0)) with check (outcome = 'withdrawn');
grant select, insert on handover to utvag_user;
grant update (outcome, answered_at, answer) on handover to utvag_user;
grant select, update on handover to utvag_sec;
create policy door on handover to utvag_sec using (true) with check (true);
grant insert, update on assignment to utvag_sec;
create policy handing_over on assignment for insert to utvag_sec with check (true);
create policy handed_over on assignment for update to utvag_sec using (true) with check (true);
reset role;
call audit.follow('handover');

set role utvag_sec;
-- What is offered to whoever asks, as long as it can be taken.
create function sec.offered_to_me() returns table (id uuid, reference text, offered_by text, offered_at timestamptz, message bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select h.id, c.reference, o.display_name, h.offered_at, h.message
  from public.handover h join public.case_file c on c.id = h.case_id join public.account o on o.id = h.offered_by
  where h.to_account = sec.actor_id() and h.outcome is null and c.closed_on is null and sec.actor_role() = 'caseworker'
    and exists (select 1 from public.assignment a
      where a.case_id = h.case_id and a.account_id = h.from_account and a.kind = 'responsible' and a.ended_at is null)
$$;
-- Takes it over. Nothing, when it is not offered any more.
create function sec.take_over(wanted uuid, assigned uuid, why text) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  h public.handover;
begin
  select * into h from public.handover x
    where x.id = wanted and exists (select 1 from sec.offered_to_me() o where o.id = x.id) for update;
  if h.id is null or h.outcome is not null then
    return null;
  end if;
  update public.assignment a set ended_at = now()
    where a.case_id = h.case_id and a.ended_at is null
      and (a.kind = 'responsible' or (a.account_id = h.to_account and a.kind in ('deputy', 'co_worker')));
  insert into public.assignment (id, case_id, account_id, kind, granted_by, reason)
    values (assigned, h.case_id, h.to_account, 'responsible', h.offered_by, why);
  update public.handover x set outcome = 'accepted', answered_at = now() where x.id = h.id;
  return h.case_id;
end
$$;
revoke execute on function sec.offered_to_me, sec.take_over from public;
grant execute on function sec.offered_to_me, sec.take_over to utvag_user;
reset role;
