-- What leaves the house, to whom and why; and the police's own way in, which reaches what was released to their
-- organisation and nothing else. The police's page is never a view of the cases: it shows texts that an official froze and
-- decided to hand over, one by one (2 kap. 6 and 9 §§ TF).

set role utvag_owner;

-- Which organisation a police contact's account belongs to, and when somebody rang them up there and knew who it was.
create table liaison (
  account_id uuid primary key references account (id),
  organisation disclosure_recipient not null
    check (organisation in ('police_lpo', 'police_noa', 'police_bops', 'police_region')),
  verified_on date not null
);

create table disclosure (
  id uuid primary key,
  case_id uuid not null references case_file (id),
  case_reference text not null,          -- as the recipient is told it
  recipient disclosure_recipient not null,
  contact bytea,                         -- sealed: who there takes it
  contact_verified_on date,
  initiated_by disclosure_initiative not null,
  request_ref bytea,                     -- sealed
  requested_on date,
  request_text bytea,                    -- sealed
  ground disclosure_ground not null,
  consent_id uuid references consent (id),
  purpose crime_purpose,
  need care_need,
  basis bytea,                           -- sealed: the statute, or the crime, that the ground asks for
  conditions_met boolean not null,
  weighing bytea,                        -- sealed
  channel disclosure_channel not null,
  available_from date not null,
  expires_on date,
  status disclosure_status not null default 'draft',
  written_by uuid not null references account (id),
  written_at timestamptz not null,
  decided_by uuid references account (id),
  decided_role role_code,
  decided_title text,                    -- as it stood on the day
  decided_at timestamptz,
  refusal bytea,                         -- sealed: why it is not handed over
  released_by uuid references account (id),
  released_at timestamptz,
  revoked_by uuid references account (id),
  revoked_at timestamptz,
  revoked_why bytea,                     -- sealed; empty where a consent was taken back
  version int not null default 1,
  unique (id, case_id),
  constraint disclosure_portal check ((channel = 'police_portal') = (expires_on is not null)
    and (channel <> 'police_portal' or recipient in ('police_lpo', 'police_noa', 'police_bops', 'police_region'))),
  constraint disclosure_days check (expires_on >= available_from and expires_on <= available_from + 90),
  constraint disclosure_contact check ((channel = 'police_portal') = (contact is null)
    and (contact is null) = (contact_verified_on is null)),
  constraint disclosure_verified check (contact_verified_on <= (written_at at time zone 'Europe/Stockholm')::date
    and contact_verified_on >= ((written_at at time zone 'Europe/Stockholm')::date - interval '12 months')::date),
  constraint disclosure_request check ((initiated_by = 'request') = (requested_on is not null)
    and (requested_on is null) = (request_text is null) and (initiated_by = 'request' or request_ref is null)
    and (ground not in ('audit_supervision', 'stay_info', 'contact_details', 'other_social_committee') or initiated_by = 'request')
    and (ground <> 'audit_supervision' or request_ref is not null)),
  constraint disclosure_consent check ((ground = 'consent') = (consent_id is not null)
    and (ground <> 'consent' or recipient in ('police_lpo', 'police_noa', 'police_bops', 'police_region', 'gaf', 'provider', 'region',
                                              'other_committee'))),
  constraint disclosure_purpose check ((ground = 'crime_prevention') = (purpose is not null)
    and (ground = 'social_or_health_need') = (need is not null)
    and (ground in ('duty_other', 'serious_crime')) = (basis is not null)),
  constraint disclosure_conditions check (conditions_met = (ground in ('young_crime_risk', 'terror', 'close_violence', 'immediate_minor',
    'crime_against_child', 'serious_crime', 'transfer', 'admission', 'party'))),
  constraint disclosure_weighing check ((weighing is not null) = (ground in ('no_harm', 'necessary', 'crime_prevention',
    'young_crime_risk', 'terror', 'close_violence', 'immediate_minor', 'crime_against_child', 'serious_crime', 'social_or_health_need',
    'party'))),
  -- For whom each ground is. The same as `Ground::is_for` in src/disclosure/ground.rs.
  constraint disclosure_ground_fits check (case ground
    when 'crime_prevention' then recipient not in ('provider', 'association', 'person')
    when 'duty_other' then recipient not in ('provider', 'association', 'person')
    when 'audit_supervision' then recipient in ('inspectorate', 'privacy_authority', 'ombudsman', 'auditor')
    when 'young_crime_risk' then recipient in ('police_lpo', 'police_noa', 'police_bops', 'police_region', 'security_service', 'customs')
    when 'terror' then recipient in ('police_lpo', 'police_noa', 'police_bops', 'police_region', 'security_service')
    when 'close_violence' then recipient in ('police_lpo', 'police_noa', 'police_bops', 'police_region')
    when 'immediate_minor' then recipient in ('police_lpo', 'police_noa', 'police_bops', 'police_region')
    when 'crime_against_child' then recipient in ('police_lpo', 'police_noa', 'police_bops', 'police_region', 'prosecutor')
    when 'serious_crime' then recipient in ('police_lpo', 'police_noa', 'police_bops', 'police_region', 'prosecutor')
    when 'stay_info' then recipient in ('police_lpo', 'police_noa', 'police_bops', 'police_region', 'security_service', 'customs',
      'prosecutor', 'court', 'enforcement', 'tax_agency')
    when 'protected_registration' then recipient = 'tax_agency'
    when 'contact_details' then recipient in ('police_lpo', 'police_noa', 'police_bops', 'police_region', 'security_service', 'customs',
      'coast_guard', 'economic_crime', 'prosecutor', 'tax_agency')
    when 'other_social_committee' then recipient in ('gaf', 'other_committee')
    when 'social_or_health_need' then recipient in ('region', 'gaf', 'other_committee', 'other_municipality')
    when 'transfer' then recipient = 'other_municipality'
    when 'admission' then recipient = 'provider'
    when 'party' then recipient = 'person'
    when 'statistics' then recipient = 'welfare_board'
    else true end),
  constraint disclosure_decided check ((status = 'draft') = (decided_at is null)
    and num_nonnulls(decided_by, decided_role, decided_title, decided_at) in (0, 4)
    and (status = 'refused') = (refusal is not null)),
  -- Contact details on request: the manager alone decides, whichever way.
  constraint disclosure_manager check (ground <> 'contact_details' or status = 'draft' or decided_role = 'manager'),
  constraint disclosure_released check ((status in ('released', 'revoked')) = (released_at is not null)
    and (released_at is null) = (released_by is null) and released_at >= decided_at),
  constraint disclosure_revoked check ((status = 'revoked') = (revoked_at is not null)
    and (revoked_at is null) = (revoked_by is null) and (revoked_why is null or status = 'revoked') and revoked_at >= released_at)
);
create index disclosure_case on disclosure (case_id, written_at desc, id desc);
create index disclosure_consent_of on disclosure (consent_id) where status = 'released';
create index disclosure_in_portal on disclosure (recipient, expires_on) where status = 'released' and channel = 'police_portal';

-- A text as it was frozen, and where it came from.
create table disclosure_item (
  id uuid primary key,
  disclosure_id uuid not null,
  case_id uuid not null,
  position int not null check (position between 1 and 20),
  kind disclosure_item_kind not null,
  categories disclosure_category[] not null check (cardinality(categories) > 0),
  content bytea not null,                -- sealed
  source_id uuid,                        -- the row that it was rendered from, where it is one
  source_mark text not null,             -- what that said then, by which a change is known
  is_protected_address boolean not null,
  weighing bytea,                        -- sealed: of synnerliga skäl
  allow_download boolean not null,
  frozen_by uuid not null references account (id),
  frozen_at timestamptz not null,
  foreign key (disclosure_id, case_id) references disclosure (id, case_id),
  unique (id, case_id),
  constraint disclosure_item_once unique (disclosure_id, position),
  constraint disclosure_item_address check (is_protected_address = (weighing is not null)
    and (not is_protected_address or kind in ('contact_detail', 'other')))
);

-- Who opened what, and when.
create table disclosure_view (
  id uuid primary key,
  item_id uuid not null,
  case_id uuid not null,
  account_id uuid not null references account (id),
  reader text not null,                  -- their name as it stood then
  opened_at timestamptz not null,
  downloaded boolean not null,
  foreign key (item_id, case_id) references disclosure_item (id, case_id)
);
create index disclosure_view_item on disclosure_view (item_id, opened_at desc);

-- A ground that came since is none for a meeting.
alter table joint_meeting_guest drop constraint joint_meeting_guest_ground, add constraint joint_meeting_guest_ground check (
  ground in ('consent', 'no_harm', 'necessary', 'crime_prevention', 'young_crime_risk', 'social_or_health_need')
  and (ground <> 'crime_prevention' or recipient not in ('provider', 'sig'))
  and (ground <> 'young_crime_risk' or recipient in ('police_lpo', 'police_noa', 'police_bops', 'police_region'))
  and (ground <> 'social_or_health_need' or recipient in ('region', 'gaf', 'other_committee')));

-- Row security: those who work with the case -----------------------------------------------------------------------------
do $$
declare
  name text;
begin
  foreach name in array array['liaison', 'disclosure', 'disclosure_item', 'disclosure_view'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('grant select on %I to utvag_user', name);
  end loop;
  foreach name in array array['disclosure', 'disclosure_item', 'disclosure_view'] loop
    execute format('create policy reach on %I for select to utvag_user
      using (exists (select 1 from case_file c where c.id = case_id offset 0))', name);
  end loop;
end
$$;

create policy staff on liaison for select to utvag_user
  using ((select sec.actor_role()) in ('caseworker', 'coordinator', 'manager'));
create policy operations on liaison to utvag_task using (true) with check (true);
grant select, insert on liaison to utvag_task;

-- Also in a closed case: what is asked for then is answered then.
create policy writing on disclosure for insert to utvag_user with check (
  written_by = (select sec.actor_id()) and status = 'draft'
  and (select sec.actor_role()) in ('caseworker', 'coordinator', 'manager')
  and exists (select 1 from case_file c where c.id = case_id and c.reference = case_reference));
create policy deciding on disclosure for update to utvag_user
  using (exists (select 1 from case_file c where c.id = case_id)
    and ((select sec.actor_role()) in ('coordinator', 'manager')
      or exists (select 1 from assignment a where a.case_id = disclosure.case_id and a.account_id = (select sec.actor_id())
                 and a.kind = 'responsible' and a.ended_at is null)))
  with check ((status not in ('decided', 'refused') or (decided_by = (select sec.actor_id()) and decided_role = (select sec.actor_role())))
    and (status <> 'released' or released_by = (select sec.actor_id()))
    and (status <> 'revoked' or revoked_by = (select sec.actor_id())));
create policy discarding on disclosure for delete to utvag_user
  using (status = 'draft' and exists (select 1 from case_file c where c.id = case_id));
grant insert, delete, update (status, decided_by, decided_role, decided_title, decided_at, refusal, released_by, released_at, revoked_by,
  revoked_at, revoked_why, version) on disclosure to utvag_user;

create policy freezing on disclosure_item for insert to utvag_user with check (
  frozen_by = (select sec.actor_id()) and exists (select 1 from disclosure d where d.id = disclosure_id and d.status = 'draft'));
create policy discarding on disclosure_item for delete to utvag_user
  using (exists (select 1 from disclosure d where d.id = disclosure_id and d.status = 'draft'));
grant insert, delete on disclosure_item to utvag_user;

reset role;
call audit.follow('liaison', 'account_id');
call audit.follow('disclosure');
call audit.follow('disclosure_item');
call audit.follow('disclosure_view');

-- The police's door ------------------------------------------------------------------------------------------------------
grant usage on schema public, sec, audit to utvag_police;

set role utvag_sec;
-- The day by the house's clock, which the door tells; the database's own where nobody has told it.
create function sec.today() returns date
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(nullif(current_setting('app.today', true), '')::date, (now() at time zone 'Europe/Stockholm')::date)
$$;
revoke execute on function sec.today from public;
grant execute on function sec.today, sec.actor_id, sec.actor_role, sec.session_id, sec.my_sessions, sec.end_my_session
  to utvag_police;
reset role;
grant execute on function audit.append, audit.changes_so_far to utvag_police;

set role utvag_owner;
-- Their own account, their own unsent forms, and their own organisation.
create policy own on account to utvag_police
  using (id = (select sec.actor_id())) with check (id = (select sec.actor_id()));
grant select (id, display_name, title, theme, shortcuts, version), update (theme, shortcuts, version) on account to utvag_police;
create policy own_of_police on parked_form to utvag_police using (account_id = (select sec.actor_id()) and now() < ends_at);
grant select, delete on parked_form to utvag_police;
create policy own on liaison for select to utvag_police
  using (account_id = (select sec.actor_id()) and (select sec.actor_role()) = 'police_liaison');
grant select on liaison to utvag_police;

-- What was released to the organisation, for as long as it holds, while somebody has rung up its reader within a year.
create policy released on disclosure for select to utvag_police using (
  status = 'released' and channel = 'police_portal' and (select sec.today()) between available_from and expires_on
  and recipient = (select l.organisation from liaison l
                   where l.account_id = (select sec.actor_id())
                     and l.verified_on > ((select sec.today()) - interval '12 months')::date));
grant select (id, case_id, case_reference, recipient, ground, channel, status, available_from, expires_on, decided_title, released_at)
  on disclosure to utvag_police;
create policy released on disclosure_item for select to utvag_police
  using (exists (select 1 from disclosure d where d.id = disclosure_id));
grant select (id, disclosure_id, case_id, position, kind, content, allow_download) on disclosure_item to utvag_police;
create policy own on disclosure_view for select to utvag_police using (account_id = (select sec.actor_id()));
create policy opening on disclosure_view for insert to utvag_police with check (
  account_id = (select sec.actor_id())
  and exists (select 1 from disclosure_item i where i.id = item_id and i.case_id = disclosure_view.case_id
              and (i.allow_download or not downloaded)));
grant select, insert on disclosure_view to utvag_police;
reset role;

set role utvag_audit;
create or replace function audit.append(bodies text[], key_ids smallint[], macs bytea[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('role', true) in ('utvag_user', 'utvag_police') and exists (
    select 1 from unnest(bodies) as b where (b::jsonb ->> 'actor') is distinct from sec.actor_id()::text
  ) then
    raise exception 'a log row in another name' using errcode = 'AU002';
  end if;
  insert into audit.entry (id, at, actor_id, actor_role, event, case_id, cases, body, key_id, mac)
  select (j ->> 'id')::uuid, (j ->> 'at')::timestamptz, (j ->> 'actor')::uuid, j ->> 'role', j ->> 'event',
         (j ->> 'case')::uuid,
         coalesce((select array_agg(c::uuid) from jsonb_array_elements_text(j -> 'cases') as c), '{}'),
         body, key_id, mac
  from (select b.body, b.key_id, b.mac, b.body::jsonb as j
        from unnest(bodies, key_ids, macs) with ordinality as b(body, key_id, mac, place) order by b.place) as row;
end
$$;
reset role;

-- A session of the police's is over after a quarter of an hour, used or not.
set role utvag_sec;
create or replace function sec.open(token bytea) returns table (
  account_id uuid, session_id uuid, role public.role_code, name text, title text, unit_id uuid,
  theme public.theme_code, shortcuts boolean, proven_at timestamptz, seconds_left int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  select a.id, s.id, g.role, a.display_name, a.title, a.unit_id, a.theme, a.shortcuts, s.proven_at,
         extract(epoch from least(s.idle_limit, s.ends_at - now(),
           case when g.role = 'police_liaison' then s.started_at + interval '15 minutes' - now() end))::int
  into account_id, session_id, role, name, title, unit_id, theme, shortcuts, proven_at, seconds_left
  from identity.session s
  join public.account a on a.id = s.account_id and a.is_active
  join public.role_grant g on g.account_id = a.id and now() >= g.valid_from and now() < g.valid_to
  where s.token_hash = sha256(token) and s.ended_at is null and now() < s.ends_at and now() < s.seen_at + s.idle_limit
    and (g.role <> 'police_liaison' or now() < s.started_at + interval '15 minutes');
  if not found then
    perform set_config('app.actor_id', '', true), set_config('app.signature', '', true);
    return;
  end if;
  -- Not at every request: two pages at once would wait for each other.
  update identity.session s set seen_at = now()
  where s.id = session_id and s.seen_at < now() - interval '20 seconds';
  perform set_config('app.actor_id', account_id::text, true),
          set_config('app.actor_role', role::text, true),
          set_config('app.actor_unit', coalesce(unit_id::text, ''), true),
          set_config('app.session_id', session_id::text, true);
  perform set_config('app.signature',
    sec.signature(account_id::text, role::text, coalesce(unit_id::text, ''), session_id::text), true);
  return next;
end
$$;
reset role;

-- What stands, stands ----------------------------------------------------------------------------------------------------
set role utvag_owner;
create policy door on consent to utvag_sec using (true);
grant select, update (withdrawn_at) on consent to utvag_sec;
create policy following on disclosure to utvag_sec using (consent_id is not null);
grant select, update (status, revoked_by, revoked_at, version) on disclosure to utvag_sec;
reset role;

set role utvag_sec;
-- Whether a consent covers it all now. The row is held, so that taking it back waits for what is just being released.
create function sec.consent_behind(wanted uuid, wanted_case uuid, recipient text, wanted_categories public.disclosure_category[],
  on_day date, until date) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform 1 from public.consent c
  where c.id = wanted and c.case_id = wanted_case and recipient = any (c.recipients::text[])
    and wanted_categories <@ c.categories and c.withdrawn_at is null and on_day between c.given_on and c.valid_to
    and (until is null or until <= c.valid_to)
  for share;
  return found;
end
$$;

-- What rests on a consent is hidden in the moment that it is taken back; what was told otherwise has been told.
create function sec.disclosures_of_consent() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.disclosure set status = 'revoked', revoked_by = new.withdrawn_by,
    revoked_at = greatest(new.withdrawn_at, released_at), version = version + 1
  where consent_id = new.id and status = 'released' and channel = 'police_portal';
  return null;
end
$$;

create function sec.journal_of_disclosure() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform sec.journal_line(new.case_id, 'disclosed', new.recipient::text, null);
  return null;
end
$$;
revoke execute on function sec.consent_behind, sec.disclosures_of_consent, sec.journal_of_disclosure from public;
grant execute on function sec.disclosures_of_consent, sec.journal_of_disclosure, sec.consent_behind to utvag_owner;
grant execute on function sec.consent_behind to utvag_user;
reset role;

set role utvag_owner;
create function disclosure_moves() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  stepping constant text[] := array['status', 'decided_by', 'decided_role', 'decided_title', 'decided_at', 'refusal', 'released_by',
    'released_at', 'revoked_by', 'revoked_at', 'revoked_why', 'version'];
  decided constant text[] := array['decided_by', 'decided_role', 'decided_title', 'decided_at'];
  categories disclosure_category[];
begin
  -- Nothing is added to it while it is decided.
  perform pg_advisory_xact_lock(hashtextextended(old.id::text, 34));
  if tg_op = 'DELETE' then
    if old.status <> 'draft' then
      raise exception 'what was disclosed stands' using errcode = '23514', constraint = 'disclosure_stands';
    end if;
    return old;
  end if;
  if (to_jsonb(new) - stepping) is distinct from (to_jsonb(old) - stepping) or new.version <> old.version + 1
     or (old.status, new.status) not in (('draft', 'decided'), ('draft', 'refused'), ('decided', 'refused'), ('decided', 'released'),
                                         ('released', 'revoked'))
     or (new.status in ('released', 'revoked') and exists (
           select 1 from unnest(decided) as name where to_jsonb(new) -> name is distinct from to_jsonb(old) -> name)) then
    raise exception 'what was disclosed stands' using errcode = '23514', constraint = 'disclosure_stands';
  end if;
  if new.status in ('decided', 'released') then
    select array_agg(distinct c) into categories from disclosure_item i, unnest(i.categories) as c where i.disclosure_id = new.id;
    if categories is null then
      raise exception 'nothing is disclosed' using errcode = '23514', constraint = 'disclosure_empty';
    end if;
    if new.decided_role <> 'manager' and exists (
         select 1 from disclosure_item i where i.disclosure_id = new.id
           and (i.kind = 'contact_detail' or i.is_protected_address or (i.kind = 'other' and new.channel = 'police_portal'))) then
      raise exception 'the manager decides' using errcode = '23514', constraint = 'disclosure_manager';
    end if;
    if new.ground = 'consent' and not sec.consent_behind(new.consent_id, new.case_id, new.recipient::text, categories,
         (coalesce(new.released_at, new.decided_at) at time zone 'Europe/Stockholm')::date, new.expires_on) then
      raise exception 'no consent covers it' using errcode = '23514', constraint = 'disclosure_covered';
    end if;
  end if;
  if new.status = 'released' and new.channel = 'police_portal' and not exists (
       select 1 from liaison l where l.organisation = new.recipient
         and l.verified_on > ((new.released_at at time zone 'Europe/Stockholm')::date - interval '12 months')::date) then
    raise exception 'nobody there to read it' using errcode = '23514', constraint = 'disclosure_liaison';
  end if;
  return new;
end
$$;
create trigger disclosure_moves before update or delete on disclosure for each row execute function disclosure_moves();

create function disclosure_item_fits() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  parent disclosure%rowtype;
begin
  if tg_op = 'UPDATE' then
    raise exception 'a text stands as it was frozen' using errcode = '23514', constraint = 'disclosure_item_stands';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(coalesce(new.disclosure_id, old.disclosure_id)::text, 34));
  select * into parent from disclosure d where d.id = coalesce(new.disclosure_id, old.disclosure_id);
  if parent.status is distinct from 'draft' then
    raise exception 'a text stands as it was frozen' using errcode = '23514', constraint = 'disclosure_item_stands';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  -- 15 kap. 7 § SoL is an answer of one word; 4 § lagen (2025:170) is contact details. No health, no family, no money and no
  -- place leaves through the police's page.
  if (parent.ground = 'stay_info' and (new.kind <> 'whereabouts'
        or exists (select 1 from disclosure_item i where i.disclosure_id = parent.id)))
     or (parent.ground = 'contact_details' and new.kind <> 'contact_detail')
     or (parent.channel = 'police_portal' and new.kind = 'other' and new.categories && array['support_needs', 'health', 'substance',
          'family_children', 'economy', 'plan', 'whereabouts_municipality', 'whereabouts_address', 'decision_content']::disclosure_category[])
     or (parent.channel <> 'police_portal' and new.allow_download) then
    raise exception 'not what the ground lets out' using errcode = '23514', constraint = 'disclosure_item_fits';
  end if;
  return new;
end
$$;
create trigger disclosure_item_fits before insert or update or delete on disclosure_item
  for each row execute function disclosure_item_fits();

create function disclosure_view_stands() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  raise exception 'what was opened was opened' using errcode = '23514', constraint = 'disclosure_view_stands';
end
$$;
create trigger disclosure_view_stands before update or delete on disclosure_view
  for each row execute function disclosure_view_stands();

create trigger journal_line after update on disclosure
  for each row when (old.status <> 'released' and new.status = 'released') execute function sec.journal_of_disclosure();
create trigger disclosures_follow after update on consent
  for each row when (old.withdrawn_at is null and new.withdrawn_at is not null) execute function sec.disclosures_of_consent();

-- What a source says today, in so few words that a change is known by it. Asked when a text is frozen and whenever somebody
-- looks: a text never follows its source.
create function disclosure_source_mark(kind disclosure_item_kind, wanted_case uuid, from_row uuid) returns text
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(case kind
    when 'case_card' then (
      select concat_ws('/', c.programme_status,
        (select string_agg(concat(a.kind, a.account_id), ',' order by a.kind, a.account_id) from assignment a
         where a.case_id = c.id and a.ended_at is null and a.kind in ('responsible', 'deputy', 'coordinator')),
        (select string_agg(i.id::text, ',' order by i.id) from person_identity i where i.person_id = c.person_id and i.valid_to is null))
      from case_file c where c.id = wanted_case)
    when 'decision_exists' then (
      select max(concat_ws('/', d.decided_on, d.id)) from decision d
      where d.case_id = wanted_case and d.outcome in ('granted', 'partly') and d.decided_on is not null
        and d.status not in ('draft', 'for_approval', 'ended', 'changed_by_new'))
    when 'deviation_feedback' then (
      select concat_ws('/', d.category, d.occurred_on, d.outcome) from deviation d where d.id = from_row and d.case_id = wanted_case)
    when 'meeting_call' then (
      select concat_ws('/', extract(epoch from m.meets_at), m.status = 'cancelled') from joint_meeting m
      where m.id = from_row and m.case_id = wanted_case)
    when 'assessment_echo' then (
      select t.id::text from threat_assessment t where t.case_id = wanted_case and t.status = 'confirmed')
    when 'whereabouts' then (
      select exists (select 1 from placement p where p.case_id = wanted_case and p.status = 'active'
                     and p.kind in ('family_home_adult', 'support_housing_16_20', 'protected_housing', 'hvb'))::text)
    when 'contact_detail' then (
      select concat(d.valid_to) from contact_detail d join case_file c on c.person_id = d.person_id
      where d.id = from_row and c.id = wanted_case)
    when 'fund_basis' then (
      select sum(y.cost_ore)::text from placement_year y join placement p on p.id = y.placement_id where p.case_id = wanted_case)
    when 'case_ended' then (
      select concat_ws('/', c.closed_on, (select o.exit from case_outcome o where o.case_id = c.id and o.moment = 'closing'
        order by o.known_on desc, o.id desc limit 1))
      from case_file c where c.id = wanted_case)
  end, '')
$$;
grant execute on function disclosure_source_mark to utvag_user;
reset role;

alter table disclosure enable always trigger disclosure_moves;
alter table disclosure enable always trigger journal_line;
alter table disclosure_item enable always trigger disclosure_item_fits;
alter table disclosure_view enable always trigger disclosure_view_stands;
alter table consent enable always trigger disclosures_follow;
