//! SQL about returns. What has become of the version that an assessment rests on is asked anew each time.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::model::{Basis, NewReturn, ReturnAssessment};
use crate::access::CaseAccess;
use crate::access::right::{AssessReturn, ReadReturn};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result, constraint};
use crate::vocabulary::{ReturnResult, ThreatStatus};

pub const REASON: Column = Column("return_assessment.reason");

/// A row as it is read.
struct Row {
    id: Uuid,
    result: ReturnResult,
    assessed_on: Date,
    review_on: Date,
    reason: Sealed,
    joint_with_police: bool,
    assessor: String,
    registered_at: OffsetDateTime,
    version_no: i32,
    valid_until: Date,
    status: ThreatStatus,
    present: Option<i32>,
}

impl From<Row> for ReturnAssessment {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            result: row.result,
            assessed_on: row.assessed_on,
            review_on: row.review_on,
            reason: row.reason,
            joint_with_police: row.joint_with_police,
            assessor: row.assessor,
            registered_at: row.registered_at,
            basis: Basis {
                version_no: row.version_no,
                valid_until: row.valid_until,
                status: row.status,
                present: row.present,
            },
        }
    }
}

/// All of them; the first is the one that counts.
pub async fn list(case: &mut CaseAccess<ReadReturn>) -> Result<Vec<ReturnAssessment>> {
    let id = case.head().id;
    let rows = sqlx::query_as!(
        Row,
        r#"select r.id, r.result as "result: ReturnResult", r.assessed_on, r.review_on, r.reason as "reason: Sealed",
                  r.joint_with_police, a.display_name as assessor, r.registered_at, t.version_no, t.valid_until,
                  t.status as "status: ThreatStatus",
                  (select n.version_no from threat_assessment n where n.case_id = r.case_id and n.status = 'confirmed')
                    as present
           from return_assessment r
           join threat_assessment t on t.id = r.threat_assessment_id
           join account a on a.id = r.assessed_by
           where r.case_id = $1 order by r.assessed_on desc, r.id desc limit 200"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    Ok(rows.into_iter().map(ReturnAssessment::from).collect())
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<AssessReturn>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    // The same form sent twice at the same moment: the second waits here.
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(case.read())
        .await?;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from return_assessment where id = $1 and case_id = $2) as "exists!""#,
        id,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

/// Registers one. Stale when its version is not the confirmed one any more.
pub async fn register(case: &mut CaseAccess<AssessReturn>, new: &NewReturn) -> Result<()> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let reason = case.desk().keys().seal(REASON.at(new.id), &new.reason)?;
    sqlx::query!(
        "insert into return_assessment (id, case_id, threat_assessment_id, result, assessed_on, review_on, reason,
                                        joint_with_police, assessed_by, registered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        new.id,
        case_id,
        new.threat,
        new.result as ReturnResult,
        new.assessed_on,
        new.review_on,
        reason as Sealed,
        new.joint_with_police,
        actor,
        now
    )
    .execute(case.write(Event::ReturnAssessed).await?)
    .await
    .map_err(|error| match constraint(&error) {
        // An id that is taken belongs to an assessment in another case: nobody's fault but a forger's.
        Some("return_assessment_pkey") => Error::NotFound,
        Some("return_assessment_based") => Error::Stale,
        _ => error.into(),
    })?;
    Ok(())
}
