//! SQL about state money: a case's applications and their steps. What a controller does stands in `year`.

mod disclosed;
pub mod year;

use time::Date;
use uuid::Uuid;

use super::model::{Answer, Application, NewApplication, Report, Sent};
use crate::access::CaseAccess;
use crate::access::right::{ApplyFunding, ReadFunding, SeesCase, SignFunding};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result, constraint};
use crate::money::Ore;
use crate::vocabulary::{FundAuthority, FundPrerequisite, FundStatus};

pub const PURPOSE: Column = Column("fund_application.purpose");
pub const REGISTRY_REF: Column = Column("fund_application.registry_ref");
pub const POLICE_REF: Column = Column("fund_application.police_ref");
pub const CONDITIONS: Column = Column("fund_application.conditions");

/// Why it cannot be saved, where the database says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Money for some of the days is applied for already.
    Overlap,
    /// The days are not within the case.
    Outside,
    /// No consent covers telling the authority.
    NoConsent,
    /// Somebody else has changed it since.
    Stale,
}

fn refused(error: sqlx::Error) -> Result<Refused> {
    match constraint(&error) {
        Some("fund_application_overlap") => Ok(Refused::Overlap),
        Some("fund_application_within") => Ok(Refused::Outside),
        Some("fund_application_disclosed" | "disclosure_covered") => Ok(Refused::NoConsent),
        Some("fund_application_number" | "fund_application_stands") => Ok(Refused::Stale),
        // An id that is taken belongs to another case: nobody's fault but a forger's.
        Some("fund_application_pkey") => Err(Error::NotFound),
        Some("fund_application_four_eyes" | "fund_application_theirs") => Err(Error::Forbidden),
        _ => Err(error.into()),
    }
}

/// The case's applications, the latest first.
pub async fn list(case: &mut CaseAccess<ReadFunding>) -> Result<Vec<Application>> {
    of_case(case).await
}

/// One of the case's.
pub async fn get<R: SeesCase>(case: &mut CaseAccess<R>, id: Uuid) -> Result<Application> {
    of_case(case).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)
}

async fn of_case<R: SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<Application>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Application,
        r#"select f.id, f.number, f.year, f.authority as "authority: FundAuthority", f.period_from as "from", f.period_to as "to",
                  f.applied_ore as "applied: Ore", f.purpose as "purpose: Sealed",
                  f.prerequisites as "prerequisites: Vec<FundPrerequisite>", f.status as "status: FundStatus", f.registered_by,
                  r.display_name as registrar, f.registered_at, f.edited_by, f.submitted_on, f.registry_ref as "registry_ref: Sealed",
                  (select s.display_name from account s where s.id = f.signed_by) as signer, f.disclosure_id as disclosure,
                  f.decided_on, f.police_ref as "police_ref: Sealed", f.granted_ore as "granted: Ore",
                  f.conditions as "conditions: Sealed", f.report_due_on, f.withdrawn_on, f.paid_ore as "paid: Ore", f.paid_on,
                  f.reported_on, f.repay_ore as "repay: Ore", f.closed_on, f.version
           from fund_application f join account r on r.id = f.registered_by
           where f.case_id = $1 order by f.number desc limit 200"#,
        id
    )
    .fetch_all(case.read())
    .await?)
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<ApplyFunding>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    // The same form sent twice at the same moment: the second waits here.
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(case.read())
        .await?;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from fund_application where id = $1 and case_id = $2) as "exists!""#,
        id,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

/// Whether some of the days are applied for already in another application that is not refused or taken back. Asked before
/// the change, so that the form can be shown again; the database asks once more.
pub async fn overlaps(case: &mut CaseAccess<ApplyFunding>, new: &NewApplication) -> Result<bool> {
    let case_id = case.head().id;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from fund_application
             where case_id = $1 and id <> $2 and status not in ('rejected', 'withdrawn')
               and daterange(period_from, period_to, '[]') && daterange($3, $4, '[]')) as "overlaps!""#,
        case_id,
        new.id,
        new.from,
        new.to
    )
    .fetch_one(case.read())
    .await?)
}

/// Writes a draft. What the database refuses is told.
pub async fn draft(case: &mut CaseAccess<ApplyFunding>, new: &NewApplication) -> Result<Option<Refused>> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let purpose = case.desk().keys().seal(PURPOSE.at(new.id), &new.purpose)?;
    let done = sqlx::query!(
        "insert into fund_application (id, case_id, number, year, authority, period_from, period_to, applied_ore, purpose,
                                       prerequisites, registered_by, registered_at, edited_by)
         select $1, $2, coalesce(max(f.number), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10
         from fund_application f where f.case_id = $2",
        new.id,
        case_id,
        new.year,
        new.authority as FundAuthority,
        new.from,
        new.to,
        new.applied.ore(),
        purpose as Sealed,
        &new.prerequisites as &[FundPrerequisite],
        actor,
        now
    )
    .execute(case.write(Event::FundingDrafted).await?)
    .await;
    match done {
        Ok(_) => Ok(None),
        Err(error) => refused(error).map(Some),
    }
}

/// Writes on a draft.
pub async fn edit(case: &mut CaseAccess<ApplyFunding>, new: &NewApplication, version: i32) -> Result<Option<Refused>> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let purpose = case.desk().keys().seal(PURPOSE.at(new.id), &new.purpose)?;
    let done = sqlx::query!(
        "update fund_application
         set year = $4, authority = $5, period_from = $6, period_to = $7, applied_ore = $8, purpose = $9, prerequisites = $10,
             edited_by = $11, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'draft'",
        new.id,
        case_id,
        version,
        new.year,
        new.authority as FundAuthority,
        new.from,
        new.to,
        new.applied.ore(),
        purpose as Sealed,
        &new.prerequisites as &[FundPrerequisite],
        actor
    )
    .execute(case.write(Event::FundingEdited).await?)
    .await;
    settled(done)
}

fn settled(done: std::result::Result<sqlx::postgres::PgQueryResult, sqlx::Error>) -> Result<Option<Refused>> {
    match done {
        Ok(done) if done.rows_affected() == 1 => Ok(None),
        Ok(_) => Ok(Some(Refused::Stale)),
        Err(error) => refused(error).map(Some),
    }
}

/// Throws a draft away. False when it is one no longer.
pub async fn discard(case: &mut CaseAccess<ApplyFunding>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    let done =
        sqlx::query!("delete from fund_application where id = $1 and case_id = $2 and status = 'draft'", id, case_id)
            .execute(case.write(Event::FundingDiscarded).await?)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// A consent that covers telling the authority all of it, today and on the day that it was sent.
pub async fn consent(case: &mut CaseAccess<SignFunding>, authority: FundAuthority, on: Date) -> Result<Option<Uuid>> {
    disclosed::consent(case, authority, on).await
}

/// Signs it, and puts what is told among the disclosures where a consent covers it. Without one it is registered only when
/// it was sent before anybody wrote it here.
pub async fn sign(
    case: &mut CaseAccess<SignFunding>,
    one: &Application,
    sent: &Sent,
    consent: Option<Uuid>,
    version: i32,
) -> Result<Option<Refused>> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let keys = case.desk().keys();
    let registry_ref = sent.registry_ref.as_deref().map(|text| keys.seal(REGISTRY_REF.at(one.id), text)).transpose()?;
    let disclosure = match consent {
        Some(consent) => Some(disclosed::hand_over(case, one.authority, sent, consent).await?),
        None => None,
    };
    let done = sqlx::query!(
        "update fund_application
         set status = 'submitted', submitted_on = $4, registry_ref = $5, signed_by = $6, signed_at = $7, disclosure_id = $8,
             version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'draft'",
        one.id,
        case_id,
        version,
        sent.on,
        registry_ref as Option<Sealed>,
        actor,
        now,
        disclosure
    )
    .execute(case.write(Event::FundingSent).await?)
    .await;
    settled(done)
}

/// Registers what became of it.
pub async fn answer(
    case: &mut CaseAccess<ApplyFunding>,
    id: Uuid,
    answer: &Answer,
    version: i32,
) -> Result<Option<Refused>> {
    let case_id = case.head().id;
    let keys = case.desk().keys();
    let police_ref = answer.police_ref.as_deref().map(|text| keys.seal(POLICE_REF.at(id), text)).transpose()?;
    let conditions = answer.conditions.as_deref().map(|text| keys.seal(CONDITIONS.at(id), text)).transpose()?;
    let is_withdrawn = answer.status == FundStatus::Withdrawn;
    let done = sqlx::query!(
        "update fund_application
         set status = $4, decided_on = $5, withdrawn_on = $6, granted_ore = $7, police_ref = $8, conditions = $9,
             report_due_on = $10, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'submitted'",
        id,
        case_id,
        version,
        answer.status as FundStatus,
        (!is_withdrawn).then_some(answer.on),
        is_withdrawn.then_some(answer.on),
        answer.granted.map(Ore::ore),
        police_ref as Option<Sealed>,
        conditions as Option<Sealed>,
        answer.report_due_on
    )
    .execute(case.write(Event::FundingAnswered).await?)
    .await;
    settled(done)
}

/// Registers how the money was accounted for.
pub async fn report(
    case: &mut CaseAccess<ApplyFunding>,
    id: Uuid,
    report: Report,
    version: i32,
) -> Result<Option<Refused>> {
    let case_id = case.head().id;
    let status = if report.repay.is_some() { FundStatus::Repayment } else { FundStatus::Reported };
    let done = sqlx::query!(
        "update fund_application set status = $4, reported_on = $5, repay_ore = $6, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'paid'",
        id,
        case_id,
        version,
        status as FundStatus,
        report.on,
        report.repay.map(Ore::ore)
    )
    .execute(case.write(Event::FundingReported).await?)
    .await;
    settled(done)
}
