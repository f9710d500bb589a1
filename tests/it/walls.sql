-- Two cases with a row of everything, of which the first is the colleague's own: what tests/it/walls.rs looks at.
do $$
declare
  unit uuid := gen_random_uuid();
  other_unit uuid := gen_random_uuid();
  committee uuid := gen_random_uuid();
  somebody uuid;
  r text;
  p uuid; c uuid; d uuid; pr uuid; pl uuid; w uuid; sam uuid; pol uuid;
begin
  perform set_config('app.event', 'test.fixture', true);
  insert into municipality (name, code, county_code) values ('Granviks kommun', '9999', '99');
  insert into committee values (committee, 'Socialnämnden', 'SN', true);
  insert into org_unit values (unit, committee, 'Beroendeenheten', '2020-01-01', null), (other_unit, committee, 'Vuxenenheten', '2020-01-01', null);
  insert into district values (gen_random_uuid(), 'Område A', 'A', '2020-01-01', null);
  foreach r in array array['caseworker', 'coordinator', 'manager', 'police_liaison', 'controller', 'log_reviewer', 'sysadmin', 'stranger'] loop
    somebody := gen_random_uuid();
    insert into account (id, display_name, title, unit_id) values (somebody, r, r, unit);
    insert into role_grant (id, account_id, role, valid_to, reason)
      values (gen_random_uuid(), somebody, (case r when 'stranger' then 'caseworker' else r end)::role_code, now() + interval '1 month', 'prov');
    insert into identity.credential (account_id, user_name) values (somebody, r);
    insert into identity.session (id, token_hash, account_id, idle_limit, ends_at, device)
      values (gen_random_uuid(), sha256(convert_to(r, 'UTF8')), somebody, interval '15 minutes', now() + interval '10 hours', 'prov');
    if r = 'caseworker' then w := somebody; end if;
    if r = 'coordinator' then sam := somebody; end if;
    if r = 'police_liaison' then
      insert into liaison (account_id, organisation, verified_on) values (somebody, 'police_lpo', current_date);
      pol := somebody;
    end if;
  end loop;
  insert into parked_form (id, account_id, sealed) values (gen_random_uuid(), w, '\x00');
  insert into form_draft (id, account_id, address, page, sealed, mark, tab, version, saved_at)
    values (gen_random_uuid(), w, '/boenden/ny', '/boenden/ny', '\x00', '\x00000000000000000000000000000000', gen_random_uuid(), 1, now());
  insert into budget_line values (gen_random_uuid(), committee, 2026, 'targeted', 1, 'prov', true, 1, now(), w);
  insert into board_history values (2020, 4, 4, null, null, 'prov');
  insert into closed_month values ('2025-12-01', now(), w);
  insert into forecast values ('2025-12-01', 0, 0, 0, now());
  pr := gen_random_uuid();
  insert into provider (id, alias, name, org_number, kind) values (pr, 'L-001', 'Leverantören', '5566778899', 'hvb');
  insert into provider_home values (gen_random_uuid(), pr, '\x00', '\x00', '\x00', 'hvb', true);
  insert into framework_agreement (id, provider_id, title, valid_from, valid_to) values (gen_random_uuid(), pr, 'Avtal', '2025-01-01', '2027-12-31');
  insert into framework_price select gen_random_uuid(), id, 'hvb', 245000, '2025-01-01', '2027-12-31' from framework_agreement;
  foreach r in array array['AVH-AAAA-AAA', 'AVH-BBBB-BBB'] loop
    p := gen_random_uuid(); c := gen_random_uuid(); pl := gen_random_uuid();
    insert into person (id, sex, created_by) values (p, 'man', w);
    insert into person_identity values (gen_random_uuid(), p, 'personnummer', '\x00', decode(repeat('00', 16), 'hex'), '\x00', '\x00', '2026-01-01', null);
    insert into searchable_name select id, person_id, number_blind from person_identity where person_id = p;
    insert into case_file (id, reference, code_name, economy_pseudonym, person_id, opened_on, owner_unit_id, municipality_basis, protection_level, created_by)
      values (c, r, r, 'K-' || replace(substr(r, 5, 8), '-', '')::varchar(6), p, '2026-01-05', unit, 'resident',
              case r when 'AVH-AAAA-AAA' then 'standard' else 'closed_circle' end::protection_level, w);
    insert into placement (id, case_id, person_id, number, kind, procurement, provider_id, decided_from, decided_to, starts_on, planned_end_on, status, created_by)
      values (pl, c, p, 1, 'hvb', 'not_applicable', pr, '2026-01-15', '2026-12-31', '2026-01-15', '2026-12-31', 'active', w);
    insert into placement_rate values (gen_random_uuid(), pl, '2026-01-15', '2026-12-31', 300000, 'care', 'manual');
    insert into placement_absence values (gen_random_uuid(), pl, '2026-02-01', '2026-02-02', 'none', 'hospital');
    d := gen_random_uuid();
    insert into placement (id, case_id, person_id, number, kind, procurement, provider_id, decided_from, decided_to, starts_on, planned_end_on, actual_end_on, end_reason, status, created_by)
      values (d, c, p, 2, 'training_apartment', 'not_applicable', pr, '2026-01-05', '2026-12-31', '2026-01-05', '2026-01-14', '2026-01-10', 'own_request', 'ended', w);
    insert into placement_rate values (gen_random_uuid(), d, '2026-01-05', '2026-01-14', 300000, 'care', 'manual');
    insert into support_offer (id, case_id, placement_id, offered_on, offer, answer, offered_by, registered_at)
      values (gen_random_uuid(), c, d, '2026-01-10', '\x00', 'undecided', w, '2026-01-10 12:00Z');
    insert into invoice (id, placement_id, first_day, last_day, invoice_no, booked_on, invoiced_ore, expected_days, expected_ore, status, registered_by)
      values (gen_random_uuid(), pl, '2026-11-01', '2026-11-30', 'F-1', '2026-12-03', 100, 30, 100, 'match', w);
    insert into vault.location values (pl, '\x00');
    insert into ledger_row (month, placement_id, days, amount_ore, cause) select first_day, pl, 1, 1, 'closing' from closed_month;
    insert into threat_assessment (id, case_id, version_no, body, assessed_on, received_on, received_via, criminality, kind, level,
        protection, unsafe_areas, return_possible, meets_definition, is_motivated, consents, has_signed, is_not_witness, valid_until,
        registered_by)
      values (gen_random_uuid(), c, 1, 'lpo', '2026-01-05', '2026-01-05', 'meeting', 'active', 'latent', 'l2', 'relocation', '\x00',
        'no', 'yes', 'yes', 'yes', 'yes', 'yes', '2026-04-01', w);
    insert into intake (id, received_on, source, is_anonymous, is_minor, is_acute, informant_protected, description, number_kind,
        number, number_blind, given_name, family_name, sex, unit_id, registered_by, case_id, outcome, decided_on, decided_by)
      values (gen_random_uuid(), '2026-01-05', 'sis', false, false, false, false, '\x00', 'personnummer', '\x00',
        decode(repeat('00', 16), 'hex'), '\x00', '\x00', 'man', unit, w, c, 'start_investigation', '2026-01-05', w);
    insert into external_involvement values (gen_random_uuid(), c, 'police_noa', w, '2026-01-07');
    insert into case_print (id, case_id, parts, purpose, row_count, printed_by, printed_at)
      values (gen_random_uuid(), c, '{journal}', 'case_work', 1, w, '2026-01-07');
    insert into police_contact (id, case_id, body, happened_at, channel, is_anonymous, summary, registered_by)
      values (gen_random_uuid(), c, 'lpo', '2026-01-06', 'phone', true, '\x00', w);
    insert into fund_application (id, case_id, number, year, authority, period_from, period_to, applied_ore, purpose, prerequisites,
        registered_by, registered_at, edited_by)
      values (gen_random_uuid(), c, 1, 2026, 'police_noa', '2026-01-15', '2026-06-30', 1, '\x00', '{}', w, '2026-01-07', w);
    insert into programme_conditions (id, case_id, number, signed_on, label, rules, told_consequences, registered_by, registered_at)
      values (gen_random_uuid(), c, 1, '2026-01-06', '\x00', array['no_crime']::programme_rule[], true, w, '2026-01-06');
    for n in 1..2 loop
      p := gen_random_uuid();
      insert into journal_entry (id, case_id, kind, event_on, entered_at, author_id, author_name, author_title, party_informed)
        values (p, c, 'meeting', '2026-01-06', '2026-01-07', w, 'w', 'w', true);
      insert into journal_content values (p, '\x00', '\x00', null, null);
      if n = 1 then
        insert into journal_dispute values (gen_random_uuid(), p, '\x00', w, 'w', '2026-01-08');
      else
        insert into journal_cancellation values (p, '\x00', w, 'w', '2026-01-08');
      end if;
    end loop;
    insert into journal_draft (id, case_id, author_id, content, tab, saved_at)
      values (gen_random_uuid(), c, w, '\x00', gen_random_uuid(), '2026-01-08');
    insert into consent (id, case_id, kind, recipients, categories, purpose, form, given_on, valid_to, information_given,
        registered_by, registered_at)
      values (gen_random_uuid(), c, 'sig', array['sig']::consent_recipient[], array['identity']::disclosure_category[], '\x00',
        'oral', '2026-01-05', '2027-01-05', true, w, '2026-01-05');
    insert into protection_marking (id, person_id, kind, source, verified_on, valid_from, mail_route, registered_by, registered_at)
      select gen_random_uuid(), f.person_id, 'secrecy_marking', '\x00', '2026-01-05', '2026-01-05', 'none', w, '2026-01-05' from case_file f where f.id = c;
    insert into contact_detail (id, person_id, kind, value, is_safe, valid_from, registered_by, registered_at)
      select gen_random_uuid(), f.person_id, 'phone', '\x00', true, '2026-01-05', w, '2026-01-05' from case_file f where f.id = c;
    insert into relation (id, person_id, label, kind, lives_with, is_party_to_threat, contact_allowed, registered_by, registered_at)
      select gen_random_uuid(), f.person_id, '\x00', 'sibling', 'no', 'no', true, w, '2026-01-05' from case_file f where f.id = c;
    d := gen_random_uuid();
    insert into decision (id, case_id, number, type, outcome, legal_basis, scope, from_day, emergency, reasons_exception, maker,
        conceal_staff_names, created_by, edited_by)
      values (d, c, 1, 'open_investigation', 'granted', '{sol_14_2}', '\x00', '2026-01-05', false, 'obvious', 'delegate', false, w, w);
    insert into decision_correction (id, decision_id, case_id, number, scope, why, text_hash, made_by)
      values (gen_random_uuid(), d, c, 1, '\x00', '\x00', sha256('\x00'), w);
    insert into motivation_assessment (id, case_id, number, assessed_on, stage, assessor)
      values (gen_random_uuid(), c, 1, '2026-01-06', 'ambivalent', w);
    d := gen_random_uuid();
    insert into decision (id, case_id, number, type, outcome, legal_basis, scope, from_day, emergency, reasons_exception, maker,
        minutes_ref, decided_on, conceal_staff_names, status, created_by, edited_by, signed_by, signed_role, signed_name,
        signed_at, four_eyes, text_hash)
      values (d, c, 2, 'open_investigation', 'granted', '{sol_14_2}', '\x00', '2026-01-05', false, 'obvious', 'committee', '\x00',
        '2026-01-05', false, 'signed', w, w, w, 'manager', 'w', '2026-01-05', false, sha256('\x00'));
    p := gen_random_uuid();
    insert into investigation (id, case_id, number, kind, started_on, start_decision_id, target_on, created_by, edited_by, edited_at)
      values (p, c, 1, 'application', '2026-01-06', d, '2026-05-06', w, w, '2026-01-06');
    insert into child_perspective (id, investigation_id, case_id, number, label, birth_year, informed, heard, effect, best_interest,
        concern_report_needed, saved_by, saved_on)
      values (gen_random_uuid(), p, c, 1, '\x00', 2019, 'yes', 'yes', '\x00', '\x00', false, w, '2026-01-06');
    d := gen_random_uuid();
    insert into support_assessment (id, investigation_id, case_id, number, saved_on, saved_by) values (d, p, c, 1, '2026-01-06', w);
    insert into support_area_assessment (id, support_id, case_id, area, need, person_view)
      values (gen_random_uuid(), d, c, 'housing', 'none', '\x00');
    update threat_assessment set status = 'confirmed', settled_by = sam, settled_at = now() where case_id = c;
    insert into return_assessment (id, case_id, threat_assessment_id, result, assessed_on, review_on, reason, joint_with_police,
        assessed_by, registered_at)
      select gen_random_uuid(), c, id, 'not_yet', '2026-01-06', '2026-07-06', '\x00', true, w, '2026-01-06' from threat_assessment
      where case_id = c;
    d := gen_random_uuid();
    insert into joint_meeting (id, case_id, meets_at, person_attends, agenda, planned_by)
      values (d, c, '2026-02-01', true, '\x00', w);
    insert into joint_meeting_guest (id, meeting_id, case_id, position, attendee, recipient, ground, weighing)
      values (gen_random_uuid(), d, c, 1, '\x00', 'police_lpo', 'necessary', '\x00');
    insert into sig_group (id, case_id, consent_id, members, plan, from_day, formed_by, formed_at, changed_at)
      select gen_random_uuid(), c, id, '\x00', '\x00', '2026-01-06', w, '2026-01-06', '2026-01-06' from consent where case_id = c;
    d := gen_random_uuid();
    insert into disclosure (id, case_id, case_reference, recipient, contact, contact_verified_on, initiated_by, ground, conditions_met,
        weighing, channel, available_from, written_by, written_at)
      select d, c, reference, 'other_committee', '\x00', '2026-01-06', 'own_initiative', 'necessary', false, '\x00', 'paper',
        '2026-01-06', w, '2026-01-06' from case_file where id = c;
    insert into disclosure_item (id, disclosure_id, case_id, position, kind, categories, content, source_mark, is_protected_address,
        allow_download, frozen_by, frozen_at)
      values (gen_random_uuid(), d, c, 1, 'other', '{identity}', '\x00', '', false, false, w, '2026-01-06');
    update disclosure set status = 'decided', decided_by = w, decided_role = 'caseworker', decided_title = 'w', decided_at = '2026-01-06',
      version = 2 where id = d;
    update disclosure set status = 'released', released_by = w, released_at = '2026-01-06', version = 3 where id = d;
    insert into internal_request (id, case_id, kind, ground, weighing, told, sent_on, answer_due_on, sent_by, registered_at, disclosure_id)
      values (gen_random_uuid(), c, 'housing', 'necessary', '\x00', '\x00', '2026-01-06', '2026-02-06', w, '2026-01-06', d);
    insert into case_outcome (id, case_id, moment, known_on, exit, housing, income, occupation, substance, relapse, helps_others,
        children, recorded_by, recorded_at)
      values (gen_random_uuid(), c, 'closing', '2026-01-06', 'not_started', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown',
        false, 'unknown', w, '2026-01-06');
    d := gen_random_uuid();
    insert into decision (id, case_id, number, type, outcome, legal_basis, scope, from_day, to_day, emergency, reasons_exception, maker,
        minutes_ref, decided_on, conceal_staff_names, status, created_by, edited_by, signed_by, signed_role, signed_name, signed_at,
        four_eyes, text_hash)
      values (d, c, 3, 'outpatient', 'granted', '{sol_11_1}', '\x00', '2026-01-05', '2026-12-31', false, 'obvious', 'committee', '\x00',
        '2026-01-05', false, 'signed', w, w, w, 'manager', 'w', '2026-01-05', false, sha256('\x00'));
    insert into intervention (id, case_id, number, decision_id, kind, from_day, to_day, extent, created_by)
      values (gen_random_uuid(), c, 1, d, 'outpatient', '2026-01-05', '2026-12-31', '\x00', w);
    p := gen_random_uuid(); d := gen_random_uuid();
    insert into plan (id, case_id, kind, version_no, interventions, other_principals, person_view, follow_up_on, created_by, edited_by)
      values (p, c, 'care_plan', 1, '\x00', '\x00', '\x00', '2026-03-01', w, w);
    insert into plan_goal values (d, p, c, 1, '\x00', '2026-06-01', '\x00');
    update plan set status = 'active', activated_by = w, activated_on = '2026-01-05' where id = p;
    p := gen_random_uuid();
    insert into follow_up (id, case_id, number, kind, planned_on, planned_by) values (p, c, 1, 'care_plan', '2026-03-01', w);
    insert into follow_up_goal values (gen_random_uuid(), p, c, d, 'partly');
    insert into follow_up_move (id, follow_up_id, case_id, number, from_day, to_day, reason, moved_by, moved_on)
      values (gen_random_uuid(), p, c, 1, '2026-03-01', '2026-03-02', '\x00', w, '2026-01-05');
    d := gen_random_uuid();
    insert into deviation (id, case_id, source, category, severity, occurred_on, reported_on, description, registered_by, registered_at)
      values (d, c, 'police', 'missed_contact', 's1', '2026-01-05', '2026-01-05', '\x00', w, '2026-01-05 12:00Z');
    insert into deviation_step (id, deviation_id, case_id, number, status, taken_by, taken_at)
      values (gen_random_uuid(), d, c, 1, 'reported', w, '2026-01-05 12:00Z');
    insert into register_check (id, case_id, body, performed_on, reported_on, result, ground, registered_by, registered_at)
      values (gen_random_uuid(), c, 'lpo', '2026-01-05', '2026-01-05', 'no_deviation', '\x00', w, '2026-01-05 12:00Z');
    insert into break_glass (id, case_id, reference, unit_id, account_id, reason, words, review_due_on)
      select gen_random_uuid(), c, r, unit, a.id, 'danger_life', '\x00', '2026-01-08' from account a
      where a.display_name = 'stranger';
    insert into case_dormancy (id, case_id, reason, began_on, review_on, status_before, registered_by, registered_at, ended_at)
      values (gen_random_uuid(), c, 'abroad', '2026-02-01', '2026-03-01', 'active', w, '2026-02-01 12:00Z', now());
    insert into case_transfer (id, case_id, number, municipality, grounds, paper, requested_on, requested_by, requested_at)
      values (gen_random_uuid(), c, 1, '\x00', '\x00', '\x00', '2026-10-01', w, '2026-10-01 12:00Z');
    -- Released to the local police in the first case, and only written in the second.
    p := gen_random_uuid(); d := gen_random_uuid();
    insert into disclosure (id, case_id, case_reference, recipient, initiated_by, ground, conditions_met, weighing, channel,
        available_from, expires_on, written_by, written_at)
      values (p, c, r, 'police_lpo', 'own_initiative', 'no_harm', false, '\x00', 'police_portal', current_date, current_date + 30, w, now());
    insert into disclosure_item (id, disclosure_id, case_id, position, kind, categories, content, source_mark, is_protected_address,
        allow_download, frozen_by, frozen_at)
      values (d, p, c, 1, 'changed_risk', array['threat_info']::disclosure_category[], '\x00', '', false, false, w, now());
    insert into disclosure_view (id, item_id, case_id, account_id, reader, opened_at, downloaded)
      values (gen_random_uuid(), d, c, pol, 'pol', now(), false);
    if r = 'AVH-AAAA-AAA' then
      update disclosure set status = 'decided', decided_by = w, decided_role = 'coordinator', decided_title = 'Samordnare',
        decided_at = now(), version = 2 where id = p;
      update disclosure set status = 'released', released_by = w, released_at = now(), version = 3 where id = p;
    end if;
    if r = 'AVH-AAAA-AAA' then
      insert into break_glass_notice select g.id, a.id from break_glass g, account a
        where g.case_id = c and a.display_name in ('caseworker', 'coordinator', 'manager');
      insert into conflict_of_interest (id, account_id, case_id, person_id, reason, declared_at, declared_by)
        select gen_random_uuid(), a.id, c, f.person_id, '\x00', '2026-01-08', w from account a, case_file f
        where f.id = c and a.display_name = 'stranger';
      insert into protected_opening select gen_random_uuid(), c, a.id, gen_random_uuid(), 'supervision', '2026-01-05', now()
        from account a where a.display_name = 'manager';
      insert into handover (id, case_id, from_account, to_account, offered_by, message)
        values (gen_random_uuid(), c, w, sam, sam, '\x00');
      insert into assignment (id, case_id, account_id, kind, granted_by, reason) values
        (gen_random_uuid(), c, w, 'responsible', sam, 'prov'), (gen_random_uuid(), c, sam, 'coordinator', sam, 'prov');
      insert into joint_meeting_colleague select m.id, c, w from joint_meeting m where m.case_id = c;
    end if;
  end loop;
  -- Told only to a coordinator who sees both.
  insert into possible_duplicate (id, case_id, other_case_id)
    select gen_random_uuid(), a.id, b.id from case_file a, case_file b where a.reference = 'AVH-AAAA-AAA' and b.reference = 'AVH-BBBB-BBB';
  -- What waits has no case yet: one of the assigned social worker's, and one of somebody's in another unit.
  foreach r in array array['own', 'foreign'] loop
    p := gen_random_uuid();
    insert into intake (id, received_on, source, is_anonymous, is_minor, is_acute, informant_protected, description, unit_id, registered_by)
      values (p, '2026-01-05', 'sis', true, false, false, false, '\x00', case r when 'own' then unit else other_unit end,
        case r when 'own' then w else sam end);
    insert into police_contact (id, intake_id, body, happened_at, channel, is_anonymous, summary, registered_by)
      values (gen_random_uuid(), p, 'lpo', '2026-01-06', 'phone', true, '\x00', w);
  end loop;
  -- A month of the log, with a question to the assigned social worker that has been answered.
  p := gen_random_uuid(); d := gen_random_uuid(); c := gen_random_uuid();
  insert into log_alert (id, key, ground, actor_id, actor_role, day, first_at, last_at, entries, is_urgent, found_at)
    values (gen_random_uuid(), 'prov', 'refused', w, 'caseworker', '2026-01-02', now(), now(), '{1}', true, now());
  insert into log_review (id, month, drawn_by, drawn_at, seed, events, user_days, sampled_days, left_out)
    select p, '2026-01-01', id, now(), decode(repeat('00', 16), 'hex'), 1, 1, 1, 0 from account where display_name = 'log_reviewer';
  insert into log_review_item (id, review_id, number, actor_id, actor_role, day, purpose, first_at, last_at, entries, events, grounds)
    values (d, p, 1, w, 'caseworker', '2026-01-05', 'prov', now(), now(), '{1}', '{}', '{chance}');
  insert into log_review_mark (id, item_id, number, verdict, note, made_by, made_at)
    select c, d, 1, 'ask_user', '\x00', id, now() from account where display_name = 'log_reviewer';
  insert into log_review_answer values (c, '\x00', w, now());
  insert into log_review_return (id, review_id, reason, made_by, made_name, made_at, signed_by, signed_name, signed_at, print)
    select gen_random_uuid(), p, '\x00', sam, 'prov', now(), id, 'prov', now(), sha256('') from account where display_name = 'log_reviewer';
  insert into account_proposal (id, kind, account_id, unit_id, reason, proposed_by)
    select gen_random_uuid(), 'unlock', w, unit, '\x00', id from account where display_name = 'sysadmin';
  insert into account_lock (id, account_id, locked_by, locked_at, since, sessions, cases, notify_by)
    values (gen_random_uuid(), w, sam, '2026-01-05', '2026-01-01', 1, '{}', '2026-01-08');
  -- One in the manager's unit, and one in another.
  foreach somebody in array array[unit, other_unit] loop
    p := gen_random_uuid();
    insert into account_recovery (id, account_id, unit_id, kind, started_by, started_at, used_at, barred_until)
      values (p, w, somebody, 'code', w, '2026-01-05', '2026-01-05', '2026-01-06');
    insert into account_recovery_note values (p, 'log_reviewer', sam, '2026-01-05');
  end loop;
  -- What has to be done by a day: in each case, for who reviews an opening, and for those who keep the money.
  insert into alarm (rule, subject_id, case_id, due_on, severity, receivers, raised_at)
    select 'a12_price_step'::alarm_rule, f.id, f.id, '2026-01-05', 'info'::alarm_severity, '{responsible}'::alarm_receiver[], now() from case_file f
    union all select 'a28_break_glass', b.id, b.case_id, b.review_due_on, 'warning', '{manager,log_reviewer}', now() from break_glass b
    union all select 'a22_budget', gen_random_uuid(), null, '2026-12-31', 'warning', '{manager,controller}', now();
  insert into alarm_receipt (id, alarm_id, reason, made_by) select gen_random_uuid(), a.id, '\x00', w from alarm a where a.rule = 'a12_price_step';
end
$$
