-- Invoices against days times price (domain 2.8, AC-06): what was invoiced for days of a placement, what they should cost by
-- the rule that every other cost is reckoned by, and the difference. Whoever enters an invoice, whoever approves it and whoever
-- has set the price are three. By pseudonym and alias alone; the year is that of the days.

set role utvag_owner;

create type invoice_status as enum ('match', 'deviation', 'disputed', 'approved');
create type invoice_dispute as enum ('days', 'price', 'absence', 'other');

-- Who set the price.
alter table placement_rate add set_by uuid references account (id) default sec.actor_id();

create table invoice (
  id uuid primary key,
  placement_id uuid not null references placement (id),
  first_day date not null,
  last_day date not null,
  invoice_no text not null,
  booked_on date not null,
  invoiced_ore bigint not null,
  expected_days bigint not null,
  expected_ore bigint not null,
  difference_ore bigint not null generated always as (invoiced_ore - expected_ore) stored,
  status invoice_status not null,
  registered_by uuid not null references account (id),
  registered_at timestamptz not null default clock_timestamp(),
  -- Who asks the provider about it, and since when.
  disputed_by uuid references account (id),
  disputed_on date,
  dispute invoice_dispute,
  approved_by uuid references account (id),
  approved_on date,
  approved_ore bigint,
  version int not null default 1,
  -- Within a month, so that what is invoiced stands beside what the month costs.
  constraint invoice_month check (last_day >= first_day and date_trunc('month', first_day) = date_trunc('month', last_day)),
  constraint invoice_number check (invoice_no ~ '^[0-9A-Za-z][0-9A-Za-z /-]{0,29}$'),
  constraint invoice_amount check (invoiced_ore > 0 and invoiced_ore <= 100000000000),
  constraint invoice_matches check ((status <> 'match' or difference_ore = 0) and (status <> 'deviation' or difference_ore <> 0)),
  constraint invoice_disputed check (num_nonnulls(disputed_by, disputed_on, dispute) in (0, 3)
    and (status <> 'disputed' or disputed_by is not null)),
  constraint invoice_approved check (num_nonnulls(approved_by, approved_on, approved_ore) in (0, 3)
    and (status = 'approved') = (approved_by is not null) and approved_ore > 0 and approved_ore <= invoiced_ore),
  constraint invoice_four_eyes check (approved_by <> registered_by),
  -- A day is invoiced once.
  constraint invoice_once exclude using gist (placement_id with =, daterange(first_day, last_day, '[]') with &&)
);
create index invoice_year on invoice (first_day, id);

alter table invoice enable row level security;
alter table invoice force row level security;
-- Reached through the functions below, which name nobody.
create policy keeper on invoice to utvag_sec using (true) with check (true);
grant select, insert, update on invoice to utvag_sec;
reset role;
call audit.follow('invoice');

set role utvag_owner;
-- What was entered stands; what was approved is over.
create function invoice_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  moving constant text[] := array['status', 'expected_days', 'expected_ore', 'difference_ore', 'disputed_by', 'disputed_on', 'dispute',
    'approved_by', 'approved_on', 'approved_ore', 'version'];
begin
  if tg_op = 'DELETE' or old.status = 'approved'
     or (to_jsonb(new) - moving) is distinct from (to_jsonb(old) - moving)
     or new.version <> old.version + 1 then
    raise exception 'what was invoiced stands' using errcode = '23514', constraint = 'invoice_stands', table = 'invoice';
  end if;
  return new;
end
$$;
create trigger invoice_stands before update or delete on invoice for each row execute function invoice_stands();
reset role;
alter table invoice enable always trigger invoice_stands;

set role utvag_sec;
-- Three people: the one who enters, the one who approves, and those who have set a price of the placement.
create function sec.invoice_three() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_table_name = 'placement_rate' then
    new.set_by := coalesce(sec.actor_id(), new.set_by);
    if exists (select 1 from public.invoice i where i.placement_id = new.placement_id and new.set_by in (i.registered_by, i.approved_by)) then
      raise exception 'whoever handles the invoices sets no price' using errcode = '23514', constraint = 'invoice_three_people',
        table = 'placement_rate';
    end if;
  elsif exists (select 1 from public.placement_rate r
                where r.placement_id = new.placement_id and r.set_by in (new.registered_by, new.approved_by)) then
    raise exception 'whoever has set the price handles no invoice' using errcode = '23514', constraint = 'invoice_three_people',
      table = 'invoice';
  end if;
  return new;
end
$$;

-- A price, an absence or a day that changes changes what the invoices should be, until they are approved.
create function sec.refresh_invoices() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  wanted uuid := case tg_table_name when 'placement' then (to_jsonb(new) ->> 'id')::uuid
                                    else (coalesce(to_jsonb(new), to_jsonb(old)) ->> 'placement_id')::uuid end;
begin
  update public.invoice i
  set expected_days = coalesce(c.days, 0), expected_ore = coalesce(c.cost_ore, 0), version = i.version + 1,
      status = case when i.status = 'disputed' then i.status
                    when i.invoiced_ore = coalesce(c.cost_ore, 0) then 'match' else 'deviation' end
  from public.invoice j left join lateral placement_cost_of(j.placement_id, j.first_day, j.last_day) c on true
  where i.id = j.id and j.placement_id = wanted and j.status <> 'approved'
    and (i.expected_days, i.expected_ore) is distinct from (coalesce(c.days, 0), coalesce(c.cost_ore, 0));
  return null;
end
$$;

-- The placements that have days in a month, for whoever enters invoices: what they cost, and which they are where that may be
-- known.
create function sec.invoice_choices(month date) returns table (
  placement_id uuid, pseudonym text, alias text, kind public.placement_kind, first_day date, last_day date, days bigint, cost_ore bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select p.id, case when f.protection_level <> 'closed_circle' then f.economy_pseudonym end,
         case when f.protection_level <> 'closed_circle' and not v.hide_from_finance then v.alias end,
         case when f.protection_level <> 'closed_circle' then p.kind end,
         greatest(p.starts_on, month),
         least(coalesce(p.actual_end_on, p.planned_end_on) - case when p.charge_departure_day then 0 else 1 end,
               (month + interval '1 month')::date - 1),
         c.days, c.cost_ore
  from placement p
  join case_file f on f.id = p.case_id
  join provider v on v.id = p.provider_id
  cross join lateral placement_cost_of(p.id, month, (month + interval '1 month')::date - 1) c
  where sec.actor_role() = 'controller' and p.status <> 'cancelled'
    and p.occupied && daterange(month, (month + interval '1 month')::date) and c.days > 0
  order by p.starts_on, p.id limit 500
$$;

-- Enters an invoice. What it should be is reckoned here. None where the days are not days of the placement.
create function sec.register_invoice(new_id uuid, wanted uuid, first date, last date, number text, booked date, ore bigint)
returns boolean language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  cost record;
begin
  if sec.actor_role() is distinct from 'controller' then
    return false;
  end if;
  if exists (select 1 from invoice i where i.id = new_id and i.registered_by = sec.actor_id()) then
    return true;
  end if;
  select c.days, c.cost_ore into cost from placement p cross join lateral placement_cost_of(p.id, first, last) c
  where p.id = wanted and p.status <> 'cancelled';
  if not found or coalesce(cost.days, 0) = 0 then
    return false;
  end if;
  insert into invoice (id, placement_id, first_day, last_day, invoice_no, booked_on, invoiced_ore, expected_days, expected_ore,
                       status, registered_by)
  values (new_id, wanted, first, last, number, booked, ore, cost.days, cost.cost_ore,
          (case when cost.cost_ore = ore then 'match' else 'deviation' end)::invoice_status, sec.actor_id());
  return true;
end
$$;

-- The invoices of a year of days, or one of them. Of a closed circle only the amounts; a controller sees no reference.
create function sec.invoice_rows(wanted int, wanted_id uuid, only_open boolean) returns table (
  id uuid, pseudonym text, reference text, placement_id uuid, alias text, first_day date, last_day date, invoice_no text,
  booked_on date, invoiced_ore bigint, expected_days bigint, expected_ore bigint, difference_ore bigint,
  status public.invoice_status, registrar text, disputed_by text, disputed_on date, dispute public.invoice_dispute,
  approved_by text, approved_on date, approved_ore bigint, is_mine boolean, has_priced boolean, version int)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select i.id, case when shown.ok then f.economy_pseudonym end,
         case when shown.ok and sec.actor_role() <> 'controller' then f.reference end,
         case when shown.ok and sec.actor_role() <> 'controller' then p.id end,
         case when shown.ok and not v.hide_from_finance then v.alias end,
         i.first_day, i.last_day, i.invoice_no, i.booked_on, i.invoiced_ore, i.expected_days, i.expected_ore, i.difference_ore,
         i.status, r.display_name, (select a.display_name from account a where a.id = i.disputed_by), i.disputed_on, i.dispute,
         (select a.display_name from account a where a.id = i.approved_by), i.approved_on, i.approved_ore,
         i.registered_by = sec.actor_id(),
         exists (select 1 from placement_rate x where x.placement_id = p.id and x.set_by = sec.actor_id()), i.version
  from invoice i
  join placement p on p.id = i.placement_id
  join case_file f on f.id = p.case_id
  join provider v on v.id = p.provider_id
  join account r on r.id = i.registered_by
  cross join lateral (select (f.protection_level <> 'closed_circle' or exists (
      select 1 from assignment a where a.case_id = f.id and a.account_id = sec.actor_id() and a.ended_at is null))
    and (sec.actor_role() <> 'manager' or f.owner_unit_id = sec.actor_unit()) as ok) shown
  where sec.actor_role() in ('controller', 'coordinator', 'manager')
    and (i.id = wanted_id or (wanted_id is null and extract(year from i.first_day) = wanted
                              and (not only_open or i.status <> 'approved')))
  order by i.first_day desc, i.id limit 500
$$;

-- Whether some of the days are invoiced already in another one.
create function sec.is_invoiced(new_id uuid, wanted uuid, first date, last date) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select sec.actor_role() = 'controller' and exists (
    select 1 from invoice i where i.placement_id = wanted and i.id <> new_id
      and daterange(i.first_day, i.last_day, '[]') && daterange(first, last, '[]'))
$$;

create function sec.dispute_invoice(wanted uuid, known int, on_day date, about public.invoice_dispute) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if sec.actor_role() is distinct from 'controller' then
    return false;
  end if;
  update invoice set status = 'disputed', disputed_by = sec.actor_id(), disputed_on = on_day, dispute = about, version = version + 1
  where id = wanted and version = known and status in ('match', 'deviation');
  return found;
end
$$;

create function sec.approve_invoice(wanted uuid, known int, on_day date, ore bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if sec.actor_role() is distinct from 'manager' then
    return false;
  end if;
  update invoice set status = 'approved', approved_by = sec.actor_id(), approved_on = on_day, approved_ore = ore, version = version + 1
  where id = wanted and version = known and status <> 'approved';
  return found;
end
$$;
revoke execute on function sec.invoice_three, sec.refresh_invoices, sec.invoice_choices, sec.register_invoice, sec.is_invoiced, sec.invoice_rows,
  sec.dispute_invoice, sec.approve_invoice from public;
grant execute on function sec.invoice_three, sec.refresh_invoices to utvag_owner;
grant execute on function sec.invoice_choices, sec.register_invoice, sec.is_invoiced, sec.invoice_rows, sec.dispute_invoice, sec.approve_invoice
  to utvag_user;
reset role;

set role utvag_owner;
create trigger invoice_three before insert or update of registered_by, approved_by on invoice
  for each row execute function sec.invoice_three();
create trigger invoice_three before insert or update on placement_rate for each row execute function sec.invoice_three();
-- After the sums of the days, in the order of their names.
create constraint trigger refresh_invoices after insert or update on placement
  deferrable initially deferred for each row execute function sec.refresh_invoices();
create constraint trigger refresh_invoices after insert or update or delete on placement_rate
  deferrable initially deferred for each row execute function sec.refresh_invoices();
create constraint trigger refresh_invoices after insert or update or delete on placement_absence
  deferrable initially deferred for each row execute function sec.refresh_invoices();
reset role;
