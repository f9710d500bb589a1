-- What the municipality decides for itself: how soon something is to be done, and how long before its day it is spoken
-- of (domain 2.2). A choice holds from a day until the next; none is changed, and what stands in the law is changed by
-- nobody here.

set role utvag_owner;
create type setting_key as enum ('first_police_contact_days', 'investigation_target_days_adult',
  'investigation_warning_days_adult', 'threat_assessment_max_age_days', 'register_check_interval_days',
  'placement_ending_warning_days', 'consent_expiry_warning_days', 'consent_default_months', 'preliminary_days_child',
  'investigation_months_child', 'decision_not_executed_months');
create type setting_unit as enum ('days', 'months');

create table setting (
  id uuid primary key,
  key setting_key not null,
  value int not null,
  unit setting_unit not null,
  valid_from date not null,
  decided_by uuid references account (id),   -- none for what the program was delivered with
  decided_at timestamptz not null,
  reason text not null check (length(reason) between 1 and 500),
  -- What has been was as it was: a choice is made for today or later.
  constraint setting_ahead check (decided_by is null or valid_from >= (decided_at at time zone 'Europe/Stockholm')::date)
);
create index setting_now on setting (key, valid_from desc, decided_at desc, id desc);

-- Unit, the least and the most, and whether the law has said it. The same as `rule` in src/setting/model.rs.
create function setting_rule(wanted setting_key) returns table (unit setting_unit, lowest int, highest int, statutory boolean)
language sql immutable set search_path = pg_catalog, public, pg_temp as $$
  select r.unit::setting_unit, r.lowest, r.highest, r.statutory
  from (values
    ('first_police_contact_days', 'days', 1, 14, false),
    ('investigation_target_days_adult', 'days', 14, 365, false),
    ('investigation_warning_days_adult', 'days', 7, 365, false),
    ('threat_assessment_max_age_days', 'days', 7, 365, false),
    ('register_check_interval_days', 'days', 7, 180, false),
    ('placement_ending_warning_days', 'days', 7, 180, false),
    ('consent_expiry_warning_days', 'days', 7, 180, false),
    ('consent_default_months', 'months', 1, 24, false),
    ('preliminary_days_child', 'days', 14, 14, true),
    ('investigation_months_child', 'months', 4, 4, true),
    ('decision_not_executed_months', 'months', 3, 3, true)) as r(key, unit, lowest, highest, statutory)
  where r.key = wanted::text
$$;
grant execute on function setting_rule to utvag_user;

-- The defaults, until the municipality has chosen.
insert into setting (id, key, value, unit, valid_from, decided_at, reason)
select gen_random_uuid(), d.key::setting_key, d.value, (setting_rule(d.key::setting_key)).unit, '1900-01-01', '1900-01-01 12:00Z', d.reason
from (values
  ('first_police_contact_days', 3, 'Programmets förval'),
  ('investigation_target_days_adult', 120, 'Programmets förval'),
  ('investigation_warning_days_adult', 90, 'Programmets förval'),
  ('threat_assessment_max_age_days', 90, 'Programmets förval'),
  ('register_check_interval_days', 30, 'Programmets förval'),
  ('placement_ending_warning_days', 30, 'Programmets förval'),
  ('consent_expiry_warning_days', 30, 'Programmets förval'),
  ('consent_default_months', 12, 'Programmets förval'),
  ('preliminary_days_child', 14, '20 kap. 2 § socialtjänstlagen'),
  ('investigation_months_child', 4, '20 kap. 3 § socialtjänstlagen'),
  ('decision_not_executed_months', 3, '34 kap. 1 § socialtjänstlagen')) as d(key, value, reason);

alter table setting enable row level security;
alter table setting force row level security;
-- Everybody who works here may know by what days they are measured; whoever comes from another authority may not.
create policy staff on setting for select to utvag_user using (
  (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager', 'controller', 'log_reviewer', 'sysadmin'));
create policy deciding on setting for insert to utvag_user with check (
  (select sec.actor_role()) = 'manager' and decided_by = (select sec.actor_id()));
grant select, insert on setting to utvag_user;
grant select on setting to utvag_sec;
create policy door on setting for select to utvag_sec using (true);
reset role;
call audit.follow('setting');

-- What holds on a day. Of two choices for the same day the later one does.
set role utvag_sec;
create function sec.setting_int(wanted public.setting_key, day date) returns int
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.value from public.setting s
  where s.key = wanted and s.valid_from <= day
  order by s.valid_from desc, s.decided_at desc, s.id desc limit 1
$$;
revoke execute on function sec.setting_int from public;
grant execute on function sec.setting_int to utvag_user, utvag_task, utvag_owner;
reset role;

set role utvag_owner;
create function setting_allowed() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  rule record;
begin
  select * into rule from setting_rule(new.key);
  if rule.statutory or new.unit <> rule.unit or new.value not between rule.lowest and rule.highest then
    raise exception 'not a value that can be chosen' using errcode = '23514', constraint = 'setting_allowed';
  end if;
  -- Nobody is warned after the day.
  if new.key = 'investigation_warning_days_adult'
       and new.value > sec.setting_int('investigation_target_days_adult', new.valid_from)
     or new.key = 'investigation_target_days_adult'
       and new.value < sec.setting_int('investigation_warning_days_adult', new.valid_from) then
    raise exception 'a warning comes before the day' using errcode = '23514', constraint = 'setting_order';
  end if;
  return new;
end
$$;
create trigger setting_allowed before insert on setting for each row execute function setting_allowed();
create trigger setting_stands before update or delete on setting for each row execute function cooperation_stands();

-- By when the next check is due follows from what held on the day of the check: a later choice moves no day that has
-- been told.
alter table register_check alter column next_due_on drop expression;
create function register_check_next() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  new.next_due_on := case when new.result <> 'not_performed' then
    new.performed_on + sec.setting_int('register_check_interval_days', new.performed_on) end;
  return new;
end
$$;
create trigger register_check_next before insert on register_check for each row execute function register_check_next();
reset role;
alter table setting enable always trigger setting_allowed;
alter table setting enable always trigger setting_stands;
alter table register_check enable always trigger register_check_next;

-- Consents that end soon and that nothing goes on after (A15): of open cases, as far as whoever asks reaches them.
set role utvag_owner;
create function consent_ending(today date) returns table (id uuid, case_id uuid, kind consent_kind, valid_to date)
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select c.id, c.case_id, c.kind, c.valid_to
  from consent c join case_file f on f.id = c.case_id
  where c.withdrawn_at is null and f.closed_on is null
    and c.valid_to between today and today + sec.setting_int('consent_expiry_warning_days', today)
    and not exists (
      select from consent later
      where later.case_id = c.case_id and later.kind = c.kind and later.withdrawn_at is null
        and (later.valid_to, later.id) > (c.valid_to, c.id))
$$;
grant execute on function consent_ending to utvag_user;
create index consent_ends on consent (valid_to) where withdrawn_at is null;
reset role;
