//! Rows of a furnished case, one of a kind, written past the pages.

use sqlx::PgConnection;
use utvag::crypto::KeyRing;
use utvag::crypto::seal::{Column, Place};
use uuid::Uuid;

use super::{FROM, IDENTITY_NUMBER, TO};

/// A note in the journal.
pub async fn noted(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, author: Uuid) -> Uuid {
    let entry = Uuid::now_v7();
    let sealed = |column: Column, text: &str| keys.seal(column.at(entry), text).unwrap().as_bytes().to_vec();
    sqlx::query(
        "with e as (insert into journal_entry (id, case_id, kind, event_on, entered_at, author_id, author_name, author_title,
                      party_informed)
                    values ($1, $2, 'meeting', $3, '2026-01-20 12:00Z', $4, 'soc', 'Handläggare', true) returning id)
         insert into journal_content (entry_id, source, fact) select id, $5, $6 from e",
    )
    .bind(entry)
    .bind(case)
    .bind(FROM)
    .bind(author)
    .bind(sealed(utvag::journal::store::SOURCE, "Den enskilde"))
    .bind(sealed(utvag::journal::store::FACT, "Vill börja praktisera."))
    .execute(owner)
    .await
    .unwrap();
    entry
}

/// A consent that holds.
pub async fn consented(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, registrar: Uuid) -> Uuid {
    let consent = Uuid::now_v7();
    sqlx::query(
        "insert into consent (id, case_id, kind, recipients, categories, purpose, form, given_on, valid_to, information_given,
           registered_by, registered_at)
         values ($1, $2, 'sig', array['sig']::consent_recipient[], array['identity']::disclosure_category[], $3, 'oral', $4, $5,
           true, $6, '2026-01-20 12:00Z')",
    )
    .bind(consent)
    .bind(case)
    .bind(keys.seal(utvag::consent::store::PURPOSE.at(consent), "Samverka").unwrap().as_bytes())
    .bind(FROM)
    .bind(TO)
    .bind(registrar)
    .execute(owner)
    .await
    .unwrap();
    consent
}

/// A deviation that was closed.
pub async fn deviated(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, registrar: Uuid) -> Uuid {
    let deviation = Uuid::now_v7();
    sqlx::query(
        "with d as (insert into deviation (id, case_id, source, category, severity, occurred_on, reported_on, description,
                      status, outcome, registered_by, registered_at)
                    values ($1, $2, 'police', 'missed_contact', 's2', $3, $3, $4, 'closed', 'no_action', $5,
                      '2026-01-20 12:00Z') returning id, case_id)
         insert into deviation_step (id, deviation_id, case_id, number, status, taken_by, taken_at)
         select gen_random_uuid(), id, case_id, 1, 'closed', $5, '2026-01-20 12:00Z' from d",
    )
    .bind(deviation)
    .bind(case)
    .bind(FROM)
    .bind(keys.seal(utvag::deviation::store::DESCRIPTION.at(deviation), "Kom inte.").unwrap().as_bytes())
    .bind(registrar)
    .execute(owner)
    .await
    .unwrap();
    deviation
}

/// A check without a consent to it.
pub async fn checked(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, registrar: Uuid) -> Uuid {
    let check = Uuid::now_v7();
    sqlx::query(
        "insert into register_check (id, case_id, body, performed_on, reported_on, result, ground, registered_by, registered_at)
         values ($1, $2, 'lpo', '2026-12-20', '2026-12-20', 'no_deviation', $3, $4, '2026-12-20 12:00Z')",
    )
    .bind(check)
    .bind(case)
    .bind(keys.seal(utvag::check::store::GROUND.at(check), "Polisens eget ärende.").unwrap().as_bytes())
    .bind(registrar)
    .execute(owner)
    .await
    .unwrap();
    check
}

/// A decision that waits to be made.
pub async fn undecided(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, author: Uuid) -> Uuid {
    let decision = Uuid::now_v7();
    sqlx::query(
        "insert into decision (id, case_id, number, type, outcome, legal_basis, scope, from_day, emergency,
           reasons_exception, maker, conceal_staff_names, status, created_by, edited_by, sent_by)
         values ($1, $2, 1, 'open_investigation', 'granted', '{sol_14_2}', $3, $4, false, 'obvious', 'delegate', false,
           'for_approval', $5, $5, $5)",
    )
    .bind(decision)
    .bind(case)
    .bind(keys.seal(utvag::decision::SCOPE.at(decision), "En utredning inleds.").unwrap().as_bytes())
    .bind(FROM)
    .bind(author)
    .execute(owner)
    .await
    .unwrap();
    decision
}

/// An intake that waits, taken in by the colleague.
pub async fn waiting(owner: &mut PgConnection, keys: &KeyRing, unit: Uuid, registrar: Uuid) -> Uuid {
    let sealed = |place: Place, text: &str| keys.seal(place, text).unwrap().as_bytes().to_vec();
    let intake = Uuid::now_v7();
    sqlx::query(
        "insert into intake (id, received_on, source, is_anonymous, is_minor, is_acute, informant_protected, description,
                             number_kind, number, number_blind, given_name, family_name, sex, unit_id, registered_by)
         values ($1, '2026-01-04', 'sis', false, false, false, false, $2, 'temporary', $3, $4, $5, $6, 'man', $7, $8)",
    )
    .bind(intake)
    .bind(sealed(utvag::intake::DESCRIPTION.at(intake), "Vill lämna ett nätverk."))
    .bind(sealed(utvag::intake::NUMBER.at(intake), "T-0000000A"))
    .bind(keys.blind(IDENTITY_NUMBER.0, "T-0000000A").as_slice())
    .bind(sealed(utvag::intake::GIVEN_NAME.at(intake), "Elvan"))
    .bind(sealed(utvag::intake::FAMILY_NAME.at(intake), "Elvansson"))
    .bind(unit)
    .bind(registrar)
    .execute(owner)
    .await
    .unwrap();
    intake
}

/// A request to another municipality, and a time of rest that has been.
pub async fn asked(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, registrar: Uuid) -> Uuid {
    use utvag::case::transfer::store::{GROUNDS, MUNICIPALITY, PAPER};
    let transfer = Uuid::now_v7();
    let sealed =
        |column: utvag::crypto::seal::Column, text| keys.seal(column.at(transfer), text).unwrap().as_bytes().to_vec();
    sqlx::query(
        "with d as (insert into case_dormancy (id, case_id, reason, began_on, review_on, status_before, registered_by,
                      registered_at, ended_at)
                    values (gen_random_uuid(), $2, 'abroad', '2026-02-01', '2026-03-01', 'active', $6, '2026-02-01 12:00Z', now()))
         insert into case_transfer (id, case_id, number, municipality, grounds, paper, requested_on, requested_by, requested_at)
         values ($1, $2, 1, $3, $4, $5, '2026-10-01', $6, '2026-10-01 12:00Z')",
    )
    .bind(transfer)
    .bind(case)
    .bind(sealed(MUNICIPALITY, "Norrsele"))
    .bind(sealed(GROUNDS, "Bor där sedan i våras."))
    .bind(sealed(PAPER, "Handling 12"))
    .bind(registrar)
    .execute(owner)
    .await
    .unwrap();
    transfer
}

/// A conflict of interest that another has declared of somebody.
pub async fn conflicted(
    owner: &mut PgConnection,
    keys: &KeyRing,
    (case, person): (Uuid, Uuid),
    (kin, by): (Uuid, Uuid),
) -> Uuid {
    let conflict = Uuid::now_v7();
    sqlx::query(
        "insert into conflict_of_interest (id, account_id, case_id, person_id, reason, declared_at, declared_by)
         values ($1, $2, $3, $4, $5, '2026-01-05 12:00Z', $6)",
    )
    .bind(conflict)
    .bind(kin)
    .bind(case)
    .bind(person)
    .bind(keys.seal(utvag::conflict::REASON.at(conflict), "Är granne med personens mor").unwrap().as_bytes())
    .bind(by)
    .execute(owner)
    .await
    .unwrap();
    conflict
}

/// Named to see where the person is, and removed again.
pub async fn once_reader(owner: &mut PgConnection, case: Uuid, account: Uuid) -> Uuid {
    sqlx::query_scalar(
        "insert into vault.reader (id, case_id, account_id, seat, named_at, ended_at, reason)
         values (gen_random_uuid(), $1, $2, 1, '2026-01-05 12:00Z', '2026-01-06 12:00Z', 'prov') returning id",
    )
    .bind(case)
    .bind(account)
    .fetch_one(owner)
    .await
    .unwrap()
}

/// A draft of an application for state money, written by the responsible one.
pub async fn applied(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, author: Uuid) -> Uuid {
    let application = Uuid::now_v7();
    sqlx::query(
        "insert into fund_application (id, case_id, number, year, authority, period_from, period_to, applied_ore, purpose,
                                       prerequisites, registered_by, registered_at, edited_by)
         values ($1, $2, 1, 2026, 'police_noa', $3, $4, 10000000, $5, '{lpo_contact}', $6, '2026-12-20 12:00Z', $6)",
    )
    .bind(application)
    .bind(case)
    .bind(FROM)
    .bind(TO)
    .bind(keys.seal(utvag::funding::store::PURPOSE.at(application), "Dygnskostnad.").unwrap().as_bytes())
    .bind(author)
    .execute(owner)
    .await
    .unwrap();
    application
}

/// An invoice for November that is what it should be.
pub async fn invoiced(owner: &mut PgConnection, placement: Uuid, controller: Uuid) -> Uuid {
    let invoice = Uuid::now_v7();
    sqlx::query(
        "insert into invoice (id, placement_id, first_day, last_day, invoice_no, booked_on, invoiced_ore, expected_days,
                              expected_ore, status, registered_by)
         values ($1, $2, '2026-11-01', '2026-11-30', 'F-1', '2026-12-03', 100, 30, 100, 'match', $3)",
    )
    .bind(invoice)
    .bind(placement)
    .bind(controller)
    .execute(owner)
    .await
    .unwrap();
    invoice
}

/// An alarm that only tells of something.
pub async fn told(owner: &mut PgConnection, reference: &str) -> Uuid {
    let alarm = Uuid::now_v7();
    sqlx::query(
        "insert into alarm (id, rule, subject_id, case_id, due_on, severity, receivers, raised_at)
         select $1, 'a12_price_step', $1, id, $3, 'info', '{responsible,controller}', '2026-01-20 12:00Z' from case_file
         where reference = $2",
    )
    .bind(alarm)
    .bind(reference)
    .bind(FROM)
    .execute(owner)
    .await
    .unwrap();
    alarm
}

/// A line in the budget of 2026, and a month that is closed.
pub async fn budgeted(owner: &mut PgConnection, controller: Uuid) -> Uuid {
    super::announce(owner).await;
    let line = Uuid::now_v7();
    sqlx::query(
        "with m as (insert into closed_month (first_day, closed_by) values ('2025-12-01', $2))
         insert into budget_line (id, committee_id, year, kind, amount_ore, decided_in, only_that_year, draw_order, added_by)
         select $1, id, 2026, 'targeted', 200000000, 'Mål och budget 2026', true, 1, $2 from committee limit 1",
    )
    .bind(line)
    .bind(controller)
    .execute(owner)
    .await
    .unwrap();
    line
}
