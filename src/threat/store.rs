//! SQL about assessments of threat. Confirming a version takes the place of the one before in the same transaction.

use time::Date;
use uuid::Uuid;

use super::model::{Assessment, Conditions, Judgement, NewAssessment};
use crate::access::CaseAccess;
use crate::access::right::{ReadThreat, RegisterThreat, SettleThreat};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::db::on_constraint;
use crate::error::{Error, Result};
use crate::vocabulary::{
    ConditionMet, CriminalityDegree, PoliceBody, ProtectionNeed, ReceivedVia, ReturnPossible, ThreatKind, ThreatLevel,
    ThreatStatus,
};

pub const POLICE_REF: Column = Column("threat_assessment.police_ref");
pub const UNSAFE_AREAS: Column = Column("threat_assessment.unsafe_areas");
pub const SUMMARY: Column = Column("threat_assessment.released_summary");
pub const REASON: Column = Column("threat_assessment.settled_reason");

/// A row as it is read.
struct Row {
    id: Uuid,
    version_no: i32,
    body: PoliceBody,
    police_ref: Option<Sealed>,
    assessed_on: Date,
    received_on: Date,
    received_via: ReceivedVia,
    criminality: CriminalityDegree,
    kind: ThreatKind,
    level: ThreatLevel,
    protection: ProtectionNeed,
    unsafe_areas: Sealed,
    return_possible: ReturnPossible,
    meets_definition: ConditionMet,
    is_motivated: ConditionMet,
    consents: ConditionMet,
    has_signed: ConditionMet,
    is_not_witness: ConditionMet,
    released_summary: Option<Sealed>,
    valid_until: Date,
    status: ThreatStatus,
    registered_by: Uuid,
    registrar: String,
    settler: Option<String>,
    settled_reason: Option<Sealed>,
    version: i32,
}

impl From<Row> for Assessment {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            version_no: row.version_no,
            body: row.body,
            police_ref: row.police_ref,
            assessed_on: row.assessed_on,
            received_on: row.received_on,
            received_via: row.received_via,
            judgement: Judgement {
                criminality: row.criminality,
                kind: row.kind,
                level: row.level,
                protection: row.protection,
                return_possible: row.return_possible,
                conditions: Conditions {
                    meets_definition: row.meets_definition,
                    is_motivated: row.is_motivated,
                    consents: row.consents,
                    has_signed: row.has_signed,
                    is_not_witness: row.is_not_witness,
                },
            },
            unsafe_areas: row.unsafe_areas,
            released_summary: row.released_summary,
            valid_until: row.valid_until,
            status: row.status,
            registered_by: row.registered_by,
            registrar: row.registrar,
            settler: row.settler,
            settled_reason: row.settled_reason,
            version: row.version,
        }
    }
}

/// All versions, the newest first.
pub async fn list(case: &mut CaseAccess<ReadThreat>) -> Result<Vec<Assessment>> {
    let id = case.head().id;
    let rows = sqlx::query_as!(
        Row,
        r#"select t.id, t.version_no, t.body as "body: PoliceBody", t.police_ref as "police_ref: Sealed", t.assessed_on,
                  t.received_on, t.received_via as "received_via: ReceivedVia",
                  t.criminality as "criminality: CriminalityDegree", t.kind as "kind: ThreatKind",
                  t.level as "level: ThreatLevel", t.protection as "protection: ProtectionNeed",
                  t.unsafe_areas as "unsafe_areas: Sealed", t.return_possible as "return_possible: ReturnPossible",
                  t.meets_definition as "meets_definition: ConditionMet", t.is_motivated as "is_motivated: ConditionMet",
                  t.consents as "consents: ConditionMet", t.has_signed as "has_signed: ConditionMet",
                  t.is_not_witness as "is_not_witness: ConditionMet", t.released_summary as "released_summary: Sealed",
                  t.valid_until, t.status as "status: ThreatStatus", t.registered_by, r.display_name as registrar,
                  (select s.display_name from account s where s.id = t.settled_by) as settler,
                  t.settled_reason as "settled_reason: Sealed", t.version
           from threat_assessment t join account r on r.id = t.registered_by
           where t.case_id = $1 order by t.version_no desc"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    Ok(rows.into_iter().map(Assessment::from).collect())
}

/// One version of the case's.
pub async fn get(case: &mut CaseAccess<ReadThreat>, id: Uuid) -> Result<Assessment> {
    list(case).await?.into_iter().find(|assessment| assessment.id == id).ok_or(Error::NotFound)
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<RegisterThreat>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from threat_assessment where id = $1 and case_id = $2) as "exists!""#,
        id,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

/// Whether a version waits to be confirmed: a second one cannot be registered beside it.
pub async fn is_waiting(case: &mut CaseAccess<RegisterThreat>) -> Result<bool> {
    let case_id = case.head().id;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from threat_assessment where case_id = $1 and status = 'received') as "waits!""#,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

/// Registers a version, which waits for somebody else to confirm it.
pub async fn register(case: &mut CaseAccess<RegisterThreat>, new: &NewAssessment) -> Result<()> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let keys = case.desk().keys();
    let optional = |column: Column, text: &Option<String>| {
        text.as_deref().map(|text| keys.seal(column.at(new.id), text)).transpose()
    };
    let police_ref = optional(POLICE_REF, &new.police_ref)?;
    let summary = optional(SUMMARY, &new.released_summary)?;
    let areas = keys.seal(UNSAFE_AREAS.at(new.id), &new.unsafe_areas)?;
    let judgement = new.judgement;
    let conditions = judgement.conditions;
    let work = case.write(Event::ThreatRegistered).await?;
    sqlx::query_scalar!("select id from case_file where id = $1 for no key update", case_id)
        .fetch_one(&mut *work)
        .await?;
    sqlx::query!(
        "insert into threat_assessment (id, case_id, version_no, body, police_ref, assessed_on, received_on, received_via,
           criminality, kind, level, protection, unsafe_areas, return_possible, meets_definition, is_motivated, consents,
           has_signed, is_not_witness, released_summary, valid_until, registered_by)
         values ($1, $2, (select coalesce(max(version_no), 0) + 1 from threat_assessment where case_id = $2), $3, $4, $5,
           $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        new.id,
        case_id,
        new.body as PoliceBody,
        police_ref as Option<Sealed>,
        new.assessed_on,
        new.received_on,
        new.received_via as ReceivedVia,
        judgement.criminality as CriminalityDegree,
        judgement.kind as ThreatKind,
        judgement.level as ThreatLevel,
        judgement.protection as ProtectionNeed,
        areas as Sealed,
        judgement.return_possible as ReturnPossible,
        conditions.meets_definition as ConditionMet,
        conditions.is_motivated as ConditionMet,
        conditions.consents as ConditionMet,
        conditions.has_signed as ConditionMet,
        conditions.is_not_witness as ConditionMet,
        summary as Option<Sealed>,
        new.valid_until,
        actor
    )
    .execute(work)
    .await
    .map_err(|error| {
        let waits = Error::Invalid("En bedömning väntar redan på att fastställas.");
        on_constraint(error, "threat_assessment_one_waiting", waits)
    })?;
    Ok(())
}

/// The row version of one of the case's, for the forms that settle it.
pub async fn version_of(case: &mut CaseAccess<SettleThreat>, id: Uuid) -> Result<Option<i32>> {
    let case_id = case.head().id;
    Ok(sqlx::query_scalar!("select version from threat_assessment where id = $1 and case_id = $2", id, case_id)
        .fetch_optional(case.read())
        .await?)
}

/// Whether the version would lower the threat below what holds now, as Postgres sees it when it is confirmed.
pub async fn lowers(case: &mut CaseAccess<SettleThreat>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from threat_assessment a join threat_assessment b on b.case_id = a.case_id
                          where a.id = $1 and a.case_id = $2 and b.status = 'confirmed'
                            and threat_is_lower(b.level, a.level)) as "lowers!""#,
        id,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

/// Confirms a version and puts the one before out of force. False when somebody else has settled it.
pub async fn confirm(case: &mut CaseAccess<SettleThreat>, id: Uuid, version: i32) -> Result<bool> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let work = case.write(Event::ThreatConfirmed).await?;
    sqlx::query!(
        "update threat_assessment set status = 'superseded', version = version + 1
         where case_id = $1 and status = 'confirmed'",
        case_id
    )
    .execute(&mut *work)
    .await?;
    let confirmed = sqlx::query!(
        "update threat_assessment set status = 'confirmed', settled_by = $4, settled_at = now(), version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'received' and registered_by <> $4",
        id,
        case_id,
        version,
        actor
    )
    .execute(work)
    .await?;
    Ok(confirmed.rows_affected() == 1)
}

/// Rejects a registration that is not what the police said. False when somebody else has settled it.
pub async fn reject(case: &mut CaseAccess<SettleThreat>, id: Uuid, version: i32, reason: &str) -> Result<bool> {
    settle(case, (Event::ThreatRejected, ThreatStatus::Rejected, ThreatStatus::Received), id, version, reason).await
}

/// Withdraws a confirmed version that should not have been registered. False when it is not in force any more.
pub async fn withdraw(case: &mut CaseAccess<SettleThreat>, id: Uuid, version: i32, reason: &str) -> Result<bool> {
    settle(case, (Event::ThreatWithdrawn, ThreatStatus::Withdrawn, ThreatStatus::Confirmed), id, version, reason).await
}

async fn settle(
    case: &mut CaseAccess<SettleThreat>,
    (event, to, from): (Event, ThreatStatus, ThreatStatus),
    id: Uuid,
    version: i32,
    reason: &str,
) -> Result<bool> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let reason = case.desk().keys().seal(REASON.at(id), reason)?;
    let settled = sqlx::query!(
        "update threat_assessment set status = $4, settled_by = $6, settled_at = now(), settled_reason = $7,
           version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = $5 and (status = 'confirmed' or registered_by <> $6)",
        id,
        case_id,
        version,
        to as ThreatStatus,
        from as ThreatStatus,
        actor,
        reason as Sealed
    )
    .execute(case.write(event).await?)
    .await?;
    Ok(settled.rows_affected() == 1)
}
