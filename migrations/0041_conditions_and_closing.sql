-- What the person has signed at the police (domain 2.6): kept as it was signed, told and nothing more. No support is
-- given or ended because of it (H9), so nothing else in the database asks for it.

set role utvag_owner;
create type programme_rule as enum ('no_crime', 'no_drugs', 'cooperation', 'drug_tests', 'own');

create table programme_conditions (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  number int not null check (number > 0),
  signed_on date not null,
  label bytea not null,                  -- sealed: what the police call this version of their form
  document_ref bytea,                    -- sealed: where the paper is
  rules programme_rule[] not null check (cardinality(rules) > 0),
  own_rules bytea,                       -- sealed: what the form says beside the list
  told_consequences boolean not null,    -- whether the police told what follows when a rule is broken
  registered_by uuid not null references account (id),
  registered_at timestamptz not null,
  constraint programme_conditions_number unique (case_id, number),
  constraint programme_conditions_been check (signed_on <= (registered_at at time zone 'Europe/Stockholm')::date),
  constraint programme_conditions_own check (('own' = any (rules)) = (own_rules is not null))
);

alter table programme_conditions enable row level security;
alter table programme_conditions force row level security;
create policy reach on programme_conditions for select to utvag_user using (
  (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id offset 0));
create policy registering on programme_conditions for insert to utvag_user with check (
  registered_by = (select sec.actor_id())
  and (select sec.actor_role()) in ('caseworker', 'coordinator')
  and exists (select 1 from case_file c where c.id = case_id and c.closed_on is null));
grant select, insert on programme_conditions to utvag_user;
reset role;
call audit.follow('programme_conditions');

set role utvag_owner;
-- A new version stands beside the earlier ones.
create trigger programme_conditions_stands before update or delete on programme_conditions
  for each row execute function cooperation_stands();
reset role;
alter table programme_conditions enable always trigger programme_conditions_stands;

-- What the police still see bars the end of a case (domain 2.14.1, "disclosures expired"): the whole of the guard of 0029,
-- with that.
set role utvag_owner;
create or replace function case_file_guarded() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  lacks text;
  -- A consent counts as ended when it holds neither on the last day of the case nor now.
  today constant date := greatest(new.closed_on, (now() at time zone 'Europe/Stockholm')::date);
  placed constant boolean := exists (select 1 from placement p where p.case_id = new.id and p.status in ('planned', 'active'));
  supported constant boolean := exists (select 1 from intervention i where i.case_id = new.id and i.status <> 'ended');
  cared_for constant boolean := exists (select 1 from placement p
    where p.case_id = new.id and p.status = 'active' and p.round_the_clock);
begin
  if new.close_reason::text = 'identity_change' then
    return new;
  end if;
  if old.status = 'dormant' and new.status not in ('closing', 'transferred') then
    if not exists (select 1 from case_dormancy d
                   where d.case_id = new.id and d.ended_at is null and d.status_before = new.status) then
      lacks := 'case_file_awakened';
    end if;
  elsif new.status = 'assessing' then
    if (select count(distinct a.kind) from assignment a
        where a.case_id = new.id and a.ended_at is null and a.kind in ('responsible', 'deputy')) < 2 then
      lacks := 'case_file_staffed';
    end if;
  elsif new.status = 'investigating' then
    if not exists (select 1 from decision d where d.case_id = new.id and d.type = 'open_investigation'
                     and d.signed_by is not null and d.outcome not in ('rejected', 'dismissed')) then
      lacks := 'case_file_investigated';
    end if;
  elsif new.status = 'active' and old.status = 'investigating' then
    if not exists (select 1 from decision d where d.case_id = new.id and d.executed_on is not null
                     and d.outcome in ('granted', 'partly', 'changed'))
       and not exists (select 1 from placement p where p.case_id = new.id and p.status in ('active', 'ended'))
       and not exists (select 1 from intervention i where i.case_id = new.id and i.executed_on is not null) then
      lacks := 'case_file_begun';
    end if;
  elsif new.status = 'active' then
    if not cared_for then
      lacks := 'case_file_cared_for';
    end if;
  elsif new.status = 'step_down' then
    if cared_for
       or (not exists (select 1 from intervention i where i.case_id = new.id and i.status = 'ongoing')
           and not exists (select 1 from placement p where p.case_id = new.id and p.status = 'active')) then
      lacks := 'case_file_stepped_down';
    end if;
  elsif new.status = 'dormant' then
    if not exists (select 1 from case_dormancy d
                   where d.case_id = new.id and d.ended_at is null and d.status_before = old.status) then
      lacks := 'case_file_dormant';
    end if;
  elsif new.status = 'closing' then
    if placed or supported then
      lacks := 'case_file_running';
    elsif old.status = 'investigating'
       and (exists (select 1 from investigation v where v.case_id = new.id and v.status in ('ongoing', 'communicated'))
            or (not exists (select 1 from investigation v where v.case_id = new.id and v.status = 'discontinued')
                and not exists (select 1 from decision d where d.case_id = new.id and d.signed_by is not null
                                  and d.type not in ('open_investigation', 'no_investigation')))) then
      lacks := 'case_file_undecided';
    end if;
  end if;
  if new.closed_on is not null then
    -- Whoever closes it: a caseworker works with cases and does not end them.
    if sec.actor_id() is not null and sec.actor_role() not in ('coordinator', 'manager') then
      raise exception 'not by a caseworker' using errcode = '42501';
    end if;
    if new.status = 'not_opened' and not exists (
         select 1 from decision d where d.case_id = new.id and d.type = 'no_investigation' and d.signed_by is not null
           and d.decided_on <= new.closed_on) then
      lacks := 'case_file_not_opened';
    elsif new.status = 'transferred' and not exists (
         select 1 from case_transfer t where t.case_id = new.id and t.accepted_on <= new.closed_on) then
      lacks := 'case_file_transferred';
    elsif placed or supported
       or exists (select 1 from investigation v where v.case_id = new.id and v.status in ('ongoing', 'communicated'))
       or exists (select 1 from decision d where d.case_id = new.id and d.signed_by is null)
       or exists (select 1 from threat_assessment t where t.case_id = new.id and t.status = 'received')
       or exists (select 1 from follow_up f where f.case_id = new.id and f.held_on is null and f.cancelled_on is null
                    and f.kind <> 'after_closing') then
      lacks := 'case_file_open';
    elsif exists (select 1 from consent s where s.case_id = new.id and s.withdrawn_at is null and s.valid_to >= today
                    and not (s.kind = 'after_closing' and new.status = 'closed')) then
      lacks := 'case_file_consents';
    elsif new.status = 'closed' and exists (
         select 1 from disclosure s where s.case_id = new.id and s.channel = 'police_portal' and s.status = 'released'
           and s.expires_on >= today) then
      lacks := 'case_file_disclosures';
    end if;
  end if;
  if lacks is not null then
    raise exception 'something is lacking for that' using errcode = '23514', constraint = lacks;
  end if;
  return new;
end
$$;
reset role;
