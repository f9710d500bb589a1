//! SQL about decisions: reading them, and writing the draft. Signing stands in `store/signing.rs`, what happens afterwards
//! in `store/course.rs`. Postgres holds the ways that there are once more by itself.

pub mod course;
pub mod signing;

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::model::{Correction, Course, Decision, Matter, NewDecision, Signature, Texts};
use super::{AGE_REASON, APPLIED_FOR, MINUTES_REF, PARTICIPANTS, REASONS, SCOPE};
use crate::access::CaseAccess;
use crate::access::right::{DraftDecision, ReadDecisions, Right};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result};
use crate::money::Ore;
use crate::vocabulary::{
    AppealState, CourtOutcome, DecisionMaker, DecisionOutcome, DecisionStatus, DecisionType, DelayReason, LegalBasis,
    NotifiedHow, ProcurementForm, ReasonsException,
};

/// A row as it is read.
struct Row {
    id: Uuid,
    number: i32,
    kind: DecisionType,
    outcome: DecisionOutcome,
    bases: Vec<String>,
    applied_for: Option<Sealed>,
    scope: Sealed,
    from_day: Date,
    to_day: Option<Date>,
    amount: Option<Ore>,
    procurement: Option<ProcurementForm>,
    emergency: bool,
    age_reason: Option<Sealed>,
    reasons: Option<Sealed>,
    exception: Option<ReasonsException>,
    participants: Option<Sealed>,
    maker: DecisionMaker,
    minutes_ref: Option<Sealed>,
    decided_on: Option<Date>,
    changes_id: Option<Uuid>,
    conceal_staff_names: bool,
    status: DecisionStatus,
    created_by: Uuid,
    edited_by: Uuid,
    author: String,
    returner: Option<String>,
    returned_reason: Option<Sealed>,
    signed_name: Option<String>,
    signed_at: Option<OffsetDateTime>,
    text_hash: Option<Vec<u8>>,
    notified_on: Option<Date>,
    notified_how: Option<NotifiedHow>,
    received_on: Option<Date>,
    appeal: AppealState,
    appealed_on: Option<Date>,
    forwarded_on: Option<Date>,
    court_ref: Option<Sealed>,
    court_decided_on: Option<Date>,
    court_outcome: Option<CourtOutcome>,
    executed_on: Option<Date>,
    delay: Option<DelayReason>,
    delay_note: Option<Sealed>,
    ended_on: Option<Date>,
    ended_reason: Option<Sealed>,
    version: i32,
}

impl From<Row> for Decision {
    fn from(row: Row) -> Self {
        let signature = match (row.signed_name, row.signed_at, row.text_hash) {
            (Some(name), Some(at), Some(text_hash)) => Some(Signature { name, at, text_hash }),
            _ => None,
        };
        Self {
            id: row.id,
            number: row.number,
            matter: Matter {
                kind: row.kind,
                outcome: row.outcome,
                bases: row.bases.iter().filter_map(|code| LegalBasis::parse(code)).collect(),
                from: row.from_day,
                to: row.to_day,
                amount: row.amount,
                procurement: row.procurement,
                emergency: row.emergency,
                exception: row.exception,
                maker: row.maker,
                decided_on: row.decided_on,
                changes: row.changes_id,
            },
            texts: Texts {
                applied_for: row.applied_for,
                scope: row.scope,
                age_reason: row.age_reason,
                reasons: row.reasons,
                participants: row.participants,
                minutes_ref: row.minutes_ref,
            },
            conceal_staff_names: row.conceal_staff_names,
            status: row.status,
            authors: [row.created_by, row.edited_by],
            author: row.author,
            returned: row.returner.zip(row.returned_reason),
            signature,
            course: Course {
                notified: row.notified_on.zip(row.notified_how),
                received_on: row.received_on,
                appeal: row.appeal,
                appealed_on: row.appealed_on,
                forwarded_on: row.forwarded_on,
                court_ref: row.court_ref,
                court: row.court_decided_on.zip(row.court_outcome),
                executed_on: row.executed_on,
                delay: row.delay,
                delay_note: row.delay_note,
                ended_on: row.ended_on,
                ended_reason: row.ended_reason,
            },
            version: row.version,
        }
    }
}

/// All of the case's, the newest first.
pub async fn list(case: &mut CaseAccess<ReadDecisions>) -> Result<Vec<Decision>> {
    let id = case.head().id;
    let rows = sqlx::query_as!(
        Row,
        r#"select d.id, d.number, d.type as "kind: DecisionType", d.outcome as "outcome: DecisionOutcome",
                  d.legal_basis::text[] as "bases!: Vec<String>", d.applied_for as "applied_for: Sealed",
                  d.scope as "scope: Sealed", d.from_day, d.to_day, d.amount_ore as "amount: Ore",
                  d.procurement as "procurement: ProcurementForm", d.emergency, d.age_reason as "age_reason: Sealed",
                  d.reasons as "reasons: Sealed", d.reasons_exception as "exception: ReasonsException",
                  d.participants as "participants: Sealed", d.maker as "maker: DecisionMaker",
                  d.minutes_ref as "minutes_ref: Sealed", d.decided_on, d.changes_id, d.conceal_staff_names,
                  d.status as "status: DecisionStatus", d.created_by, d.edited_by, a.display_name as author,
                  (select r.display_name from account r where r.id = d.returned_by) as returner,
                  d.returned_reason as "returned_reason: Sealed", d.signed_name, d.signed_at, d.text_hash,
                  d.notified_on, d.notified_how as "notified_how: NotifiedHow", d.received_on,
                  d.appeal as "appeal: AppealState", d.appealed_on, d.forwarded_on, d.court_ref as "court_ref: Sealed",
                  d.court_decided_on, d.court_outcome as "court_outcome: CourtOutcome", d.executed_on,
                  d.delay_reason as "delay: DelayReason", d.delay_note as "delay_note: Sealed", d.ended_on,
                  d.ended_reason as "ended_reason: Sealed", d.version
           from decision d join account a on a.id = d.created_by
           where d.case_id = $1 order by d.number desc"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    Ok(rows.into_iter().map(Decision::from).collect())
}

/// What was corrected in one of the case's, the newest first.
pub async fn corrections(case: &mut CaseAccess<ReadDecisions>, decision: Uuid) -> Result<Vec<Correction>> {
    let case_id = case.head().id;
    Ok(sqlx::query_as!(
        Correction,
        r#"select c.id, c.number, c.applied_for as "applied_for: Sealed", c.scope as "scope: Sealed",
                  c.reasons as "reasons: Sealed", c.why as "why: Sealed", c.text_hash, a.display_name as made_by, c.made_at
           from decision_correction c join account a on a.id = c.made_by
           where c.decision_id = $1 and c.case_id = $2 order by c.number desc"#,
        decision,
        case_id
    )
    .fetch_all(case.read())
    .await?)
}

/// All decisions, for work under another right; whoever holds that may also read.
pub async fn read<R: Right + crate::access::right::SeesCase>(
    case: CaseAccess<R>,
) -> Result<(CaseAccess<R>, Vec<Decision>)> {
    let (case, decisions) = case.also::<ReadDecisions, _>(list).await?;
    decisions.map(|decisions| (case, decisions)).ok_or(Error::NotFound)
}

/// One of the case's.
pub async fn get<R: Right + crate::access::right::SeesCase>(
    case: CaseAccess<R>,
    id: Uuid,
) -> Result<(CaseAccess<R>, Decision)> {
    let (case, decisions) = read(case).await?;
    let one = decisions.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    Ok((case, one))
}

/// The texts, sealed where they will stand.
fn seal(case: &CaseAccess<DraftDecision>, id: Uuid, texts: &Texts<String>) -> Result<Texts<Sealed>> {
    let keys = case.desk().keys();
    let optional =
        |column: Column, text: &Option<String>| text.as_deref().map(|text| keys.seal(column.at(id), text)).transpose();
    Ok(Texts {
        applied_for: optional(APPLIED_FOR, &texts.applied_for)?,
        scope: keys.seal(SCOPE.at(id), &texts.scope)?,
        age_reason: optional(AGE_REASON, &texts.age_reason)?,
        reasons: optional(REASONS, &texts.reasons)?,
        participants: optional(PARTICIPANTS, &texts.participants)?,
        minutes_ref: optional(MINUTES_REF, &texts.minutes_ref)?,
    })
}

fn codes(bases: &[LegalBasis]) -> Vec<String> {
    bases.iter().map(|basis| basis.code().to_owned()).collect()
}

/// Keeps a new draft, under the next number of the case.
pub async fn draft(case: &mut CaseAccess<DraftDecision>, new: &NewDecision) -> Result<()> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let (matter, texts) = (&new.matter, seal(case, new.id, &new.texts)?);
    let work = case.write(Event::DecisionDrafted).await?;
    // The number is the next one also when two are begun at once.
    sqlx::query_scalar!("select id from case_file where id = $1 for no key update", case_id)
        .fetch_one(&mut *work)
        .await?;
    sqlx::query!(
        "insert into decision (id, case_id, number, type, outcome, legal_basis, applied_for, scope, from_day, to_day,
           amount_ore, procurement, emergency, age_reason, reasons, reasons_exception, participants, maker, minutes_ref,
           decided_on, changes_id, conceal_staff_names, created_by, edited_by)
         values ($1, $2, (select coalesce(max(number), 0) + 1 from decision where case_id = $2), $3, $4,
           $5::text[]::legal_basis[], $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $22)",
        new.id,
        case_id,
        matter.kind as DecisionType,
        matter.outcome as DecisionOutcome,
        &codes(&matter.bases),
        texts.applied_for as Option<Sealed>,
        texts.scope as Sealed,
        matter.from,
        matter.to,
        matter.amount as Option<Ore>,
        matter.procurement as Option<ProcurementForm>,
        matter.emergency,
        texts.age_reason as Option<Sealed>,
        texts.reasons as Option<Sealed>,
        matter.exception as Option<ReasonsException>,
        texts.participants as Option<Sealed>,
        matter.maker as DecisionMaker,
        texts.minutes_ref as Option<Sealed>,
        matter.decided_on,
        matter.changes,
        new.conceal_staff_names,
        actor
    )
    .execute(work)
    .await?;
    Ok(())
}

/// Writes a draft anew. False when somebody else has changed it, or sent it.
pub async fn edit(case: &mut CaseAccess<DraftDecision>, new: &NewDecision, version: i32) -> Result<bool> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let (matter, texts) = (&new.matter, seal(case, new.id, &new.texts)?);
    let edited = sqlx::query!(
        "update decision set type = $4, outcome = $5, legal_basis = $6::text[]::legal_basis[], applied_for = $7,
           scope = $8, from_day = $9, to_day = $10, amount_ore = $11, procurement = $12, emergency = $13, age_reason = $14,
           reasons = $15, reasons_exception = $16, participants = $17, maker = $18, minutes_ref = $19, decided_on = $20,
           changes_id = $21, conceal_staff_names = $22, edited_by = $23, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'draft'",
        new.id,
        case_id,
        version,
        matter.kind as DecisionType,
        matter.outcome as DecisionOutcome,
        &codes(&matter.bases),
        texts.applied_for as Option<Sealed>,
        texts.scope as Sealed,
        matter.from,
        matter.to,
        matter.amount as Option<Ore>,
        matter.procurement as Option<ProcurementForm>,
        matter.emergency,
        texts.age_reason as Option<Sealed>,
        texts.reasons as Option<Sealed>,
        matter.exception as Option<ReasonsException>,
        texts.participants as Option<Sealed>,
        matter.maker as DecisionMaker,
        texts.minutes_ref as Option<Sealed>,
        matter.decided_on,
        matter.changes,
        new.conceal_staff_names,
        actor
    )
    .execute(case.write(Event::DecisionEdited).await?)
    .await?;
    Ok(edited.rows_affected() == 1)
}
