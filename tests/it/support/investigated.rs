//! The part of the fixture that an investigation is: see `fixture`.

use sqlx::PgConnection;
use utvag::crypto::KeyRing;
use utvag::crypto::seal::Column;
use uuid::Uuid;

use super::FROM;

/// An investigation that goes on, with an area of support and a child in it.
pub async fn investigated(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, author: Uuid) -> (Uuid, Uuid) {
    let (decision, investigation, area, child) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let sealed = |column: Column, row: Uuid| keys.seal(column.at(row), "Barn 1").unwrap().as_bytes().to_vec();
    sqlx::query(
        "insert into decision (id, case_id, number, type, outcome, legal_basis, scope, from_day, emergency, reasons_exception,
           maker, minutes_ref, decided_on, conceal_staff_names, status, created_by, edited_by, sent_by, signed_by, signed_role,
           signed_name, signed_at, four_eyes, text_hash)
         values ($1, $2, 2, 'open_investigation', 'granted', '{sol_14_2}', $3, '2026-01-15', false, 'obvious', 'committee', $4,
           '2026-01-15', false, 'signed', $5, $5, $5, $5, 'manager', 'chef', '2026-01-15', false, sha256($3))",
    )
    .bind(decision)
    .bind(case)
    .bind(sealed(utvag::decision::SCOPE, decision))
    .bind(sealed(utvag::decision::MINUTES_REF, decision))
    .bind(author)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into investigation (id, case_id, number, kind, started_on, start_decision_id, target_on, created_by, edited_by,
           edited_at) values ($1, $2, 1, 'application', $3, $4, '2026-05-15', $5, $5, '2026-01-15')",
    )
    .bind(investigation)
    .bind(case)
    .bind(FROM)
    .bind(decision)
    .bind(author)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "with s as (insert into support_assessment (id, investigation_id, case_id, number, saved_on, saved_by)
                    values (gen_random_uuid(), $1, $2, 1, $3, $4) returning id),
              c as (insert into child_perspective (id, investigation_id, case_id, number, label, birth_year, informed, heard,
                      effect, best_interest, concern_report_needed, saved_by, saved_on)
                    values ($5, $1, $2, 1, $6, 2019, 'yes', 'yes', $7, $8, true, $4, $3))
         insert into support_area_assessment (id, support_id, case_id, area, need, person_view)
         select $9, id, $2, 'housing', 'none', $10 from s",
    )
    .bind(investigation)
    .bind(case)
    .bind(FROM)
    .bind(author)
    .bind(child)
    .bind(sealed(utvag::investigation::CHILD_LABEL, child))
    .bind(sealed(utvag::investigation::EFFECT, child))
    .bind(sealed(utvag::investigation::BEST_INTEREST, child))
    .bind(area)
    .bind(sealed(utvag::investigation::PERSON_VIEW, area))
    .execute(owner)
    .await
    .unwrap();
    (investigation, child)
}
