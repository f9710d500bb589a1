//! What the fixture's case has of the way back, put straight into the database by its owner.

use sqlx::PgConnection;
use utvag::crypto::KeyRing;
use utvag::crypto::seal::{Column, Place};
use utvag::{homecoming, meeting};
use uuid::Uuid;

use super::fixture::{UNSAFE_AREAS, WayBack};

const AGENDA: Column = meeting::store::AGENDA;

/// A version of the police's assessment that holds, and everything that a page of the way back can name.
pub async fn add(
    owner: &mut PgConnection,
    keys: &KeyRing,
    case: Uuid,
    (responsible, coordinator): (Uuid, Uuid),
    consent: Uuid,
) -> WayBack {
    let sealed = |place: Place, text: &str| keys.seal(place, text).unwrap().as_bytes().to_vec();
    let [threat, homecoming, meeting, group, request, outcome, guest] = std::array::from_fn(|_| Uuid::now_v7());
    sqlx::query(
        "insert into threat_assessment (id, case_id, version_no, body, assessed_on, received_on, received_via, criminality,
           kind, level, protection, unsafe_areas, return_possible, meets_definition, is_motivated, consents, has_signed,
           is_not_witness, valid_until, registered_by, status, settled_by, settled_at)
         values ($1, $2, 2, 'lpo', '2026-01-15', '2026-01-15', 'meeting', 'active', 'latent', 'l2', 'relocation', $3, 'no',
           'yes', 'yes', 'yes', 'yes', 'yes', '2026-12-31', $4, 'confirmed', $5, '2026-01-16 12:00Z')",
    )
    .bind(threat)
    .bind(case)
    .bind(sealed(UNSAFE_AREAS.at(threat), "Granvik"))
    .bind(responsible)
    .bind(coordinator)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into return_assessment (id, case_id, threat_assessment_id, result, assessed_on, review_on, reason,
           joint_with_police, assessed_by, registered_at)
         values ($1, $2, $3, 'cannot_return', '2026-01-16', '2027-01-16', $4, true, $5, '2026-01-20 12:00Z')",
    )
    .bind(homecoming)
    .bind(case)
    .bind(threat)
    .bind(sealed(homecoming::store::REASON.at(homecoming), "Hotet kvarstår."))
    .bind(responsible)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into joint_meeting (id, case_id, meets_at, person_attends, agenda, planned_by)
         values ($1, $2, '2026-02-01 09:00Z', false, $3, $4)",
    )
    .bind(meeting)
    .bind(case)
    .bind(sealed(AGENDA.at(meeting), "Skyddet."))
    .bind(responsible)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query("insert into joint_meeting_colleague (meeting_id, case_id, account_id) values ($1, $2, $3)")
        .bind(meeting)
        .bind(case)
        .bind(responsible)
        .execute(&mut *owner)
        .await
        .unwrap();
    sqlx::query(
        "insert into joint_meeting_guest (id, meeting_id, case_id, position, attendee, recipient, ground, weighing)
         values ($1, $2, $3, 1, $4, 'police_lpo', 'necessary', $5)",
    )
    .bind(guest)
    .bind(meeting)
    .bind(case)
    .bind(sealed(meeting::store::ATTENDEE.at(guest), "Kommunpolis"))
    .bind(sealed(meeting::store::WEIGHING.at(guest), "Skyddet kan inte planeras utan polisen."))
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into sig_group (id, case_id, consent_id, members, plan, from_day, formed_by, formed_at, changed_at)
         values ($1, $2, $3, $4, $5, '2026-01-20', $6, '2026-01-20 12:00Z', '2026-01-20 12:00Z')",
    )
    .bind(group)
    .bind(case)
    .bind(consent)
    .bind(sealed(meeting::sig::store::MEMBERS.at(group), "Kommunpolis"))
    .bind(sealed(meeting::sig::store::PLAN.at(group), "Praktik."))
    .bind(responsible)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into internal_request (id, case_id, kind, ground, told, sent_on, answer_due_on, sent_by, registered_at)
         values ($1, $2, 'economic_assistance', 'other_social_committee', $3, '2026-01-20', '2026-02-20', $4,
           '2026-01-20 12:00Z')",
    )
    .bind(request)
    .bind(case)
    .bind(sealed(meeting::request::store::TOLD.at(request), "Personen är aktuell hos oss."))
    .bind(responsible)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into case_outcome (id, case_id, moment, known_on, exit, housing, income, occupation, substance, relapse,
           helps_others, children, recorded_by, recorded_at)
         values ($1, $2, 'closing', '2026-01-20', 'not_started', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown', false,
           'unknown', $3, '2026-01-20 12:00Z')",
    )
    .bind(outcome)
    .bind(case)
    .bind(responsible)
    .execute(owner)
    .await
    .unwrap();
    WayBack { homecoming, meeting, group, request, outcome }
}
