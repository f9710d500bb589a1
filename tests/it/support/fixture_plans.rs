//! What is planned in the furnished case: a plan, support and a follow-up.

use sqlx::PgConnection;
use utvag::crypto::KeyRing;
use utvag::crypto::seal::Place;
use uuid::Uuid;

use super::{FROM, TO};

/// A plan that is written on, support that is planned on a decision of the committee's, and a follow-up to be held.
pub(super) async fn planned(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, author: Uuid) -> (Uuid, Uuid, Uuid) {
    let sealed = |place: Place, text: &str| keys.seal(place, text).unwrap().as_bytes().to_vec();
    let (plan, goal, decision) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let (intervention, follow_up) = (Uuid::now_v7(), Uuid::now_v7());
    sqlx::query(
        "insert into plan (id, case_id, kind, version_no, interventions, other_principals, person_view, follow_up_on,
           created_by, edited_by) values ($1, $2, 'care_plan', 1, $3, $4, $5, $6, $7, $7)",
    )
    .bind(plan)
    .bind(case)
    .bind(sealed(utvag::plan::INTERVENTIONS.at(plan), "Samtal."))
    .bind(sealed(utvag::plan::OTHER_PRINCIPALS.at(plan), "Regionen: psykolog."))
    .bind(sealed(utvag::plan::PERSON_VIEW.at(plan), "Vill arbeta."))
    .bind(TO)
    .bind(author)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into plan_goal (id, plan_id, case_id, number, goal, target_on, responsible) values ($1, $2, $3, 1, $4, $5, $6)",
    )
    .bind(goal)
    .bind(plan)
    .bind(case)
    .bind(sealed(utvag::plan::GOAL.at(goal), "Arbete"))
    .bind(TO)
    .bind(sealed(utvag::plan::RESPONSIBLE.at(goal), "Den enskilde"))
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "with d as (insert into decision (id, case_id, number, type, outcome, legal_basis, scope, from_day, to_day, emergency,
                      reasons_exception, maker, minutes_ref, decided_on, conceal_staff_names, status, created_by, edited_by,
                      sent_by, signed_by, signed_role, signed_name, signed_at, four_eyes, text_hash)
                    values ($1, $2, 3, 'outpatient', 'granted', '{sol_11_1}', $3, $4, $5, false, 'obvious', 'committee', $6, $4,
                      false, 'signed', $7, $7, $7, $7, 'manager', 'chef', '2026-01-15 12:00Z', false, sha256('text')))
         insert into follow_up (id, case_id, number, kind, planned_on, planned_by) values ($8, $2, 1, 'care_plan', $5, $7)",
    )
    .bind(decision)
    .bind(case)
    .bind(sealed(utvag::decision::SCOPE.at(decision), "Öppenvård beviljas."))
    .bind(FROM)
    .bind(TO)
    .bind(sealed(utvag::decision::MINUTES_REF.at(decision), "SN § 1"))
    .bind(author)
    .bind(follow_up)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into intervention (id, case_id, number, decision_id, kind, from_day, to_day, extent, created_by)
         values ($1, $2, 1, $3, 'outpatient', $4, $5, $6, $7)",
    )
    .bind(intervention)
    .bind(case)
    .bind(decision)
    .bind(FROM)
    .bind(TO)
    .bind(sealed(utvag::intervention::EXTENT.at(intervention), "En gång i veckan."))
    .bind(author)
    .execute(owner)
    .await
    .unwrap();
    (plan, intervention, follow_up)
}
