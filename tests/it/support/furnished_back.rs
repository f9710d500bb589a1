//! What the fixture's case has of the way back, put straight into the database by its owner.

use sqlx::{Executor, PgConnection};
use utvag::crypto::KeyRing;
use utvag::crypto::seal::{Column, Place};
use utvag::{disclosure, homecoming, meeting};
use uuid::Uuid;

use super::fixture::{UNSAFE_AREAS, WayBack};
use super::furnished_disclosures::WEIGHED;

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
    asked(owner, keys, request, case, responsible).await;
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

/// What the request told, among the disclosures.
async fn told(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, responsible: Uuid) -> Uuid {
    let (id, item) = (Uuid::now_v7(), Uuid::now_v7());
    sqlx::query(
        "insert into disclosure (id, case_id, case_reference, recipient, contact, contact_verified_on, initiated_by, ground,
           conditions_met, weighing, channel, available_from, written_by, written_at)
         select $1, c.id, c.reference, 'gaf', $3, '2026-01-20', 'own_initiative', 'necessary', false, $4, 'secure_message',
           '2026-01-20', $5, '2026-01-20 12:00Z' from case_file c where c.id = $2",
    )
    .bind(id)
    .bind(case)
    .bind(keys.seal(disclosure::CONTACT.at(id), "Mottagningen").unwrap().as_bytes())
    .bind(keys.seal(disclosure::WEIGHING.at(id), WEIGHED).unwrap().as_bytes())
    .bind(responsible)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into disclosure_item (id, disclosure_id, case_id, position, kind, categories, content, source_mark,
           is_protected_address, allow_download, frozen_by, frozen_at)
         values ($1, $2, $3, 1, 'other', array['identity']::disclosure_category[], $4, '', false, false, $5, '2026-01-20 12:00Z')",
    )
    .bind(item)
    .bind(id)
    .bind(case)
    .bind(keys.seal(disclosure::CONTENT.at(item), "Personen är aktuell hos oss.").unwrap().as_bytes())
    .bind(responsible)
    .execute(&mut *owner)
    .await
    .unwrap();
    for step in [
        "status = 'decided', decided_by = written_by, decided_role = 'caseworker', decided_title = 'Socialsekreterare',
         decided_at = '2026-01-20 12:00Z'",
        "status = 'released', released_by = written_by, released_at = '2026-01-20 12:00Z'",
    ] {
        let sql = format!("update disclosure set {step}, version = version + 1 where id = '{id}'");
        owner.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    }
    id
}

/// A request that waits for its answer.
async fn asked(owner: &mut PgConnection, keys: &KeyRing, request: Uuid, case: Uuid, responsible: Uuid) {
    let sealed = |place: Place, text: &str| keys.seal(place, text).unwrap().as_bytes().to_vec();
    let told = told(owner, keys, case, responsible).await;
    sqlx::query(
        "insert into internal_request (id, case_id, kind, ground, weighing, told, sent_on, answer_due_on, sent_by,
           registered_at, disclosure_id)
         values ($1, $2, 'economic_assistance', 'necessary', $3, $4, '2026-01-20', '2026-02-20', $5,
           '2026-01-20 12:00Z', $6)",
    )
    .bind(request)
    .bind(case)
    .bind(sealed(meeting::request::store::WEIGHING.at(request), WEIGHED))
    .bind(sealed(meeting::request::store::TOLD.at(request), "Personen är aktuell hos oss."))
    .bind(responsible)
    .bind(told)
    .execute(owner)
    .await
    .unwrap();
}
