//! SQL about the way from draft to decision, and about correcting what was decided. Whoever signs has proven anew who
//! they are: the proof is taken.

use time::Date;
use uuid::Uuid;

use crate::access::CaseAccess;
use crate::access::right::{CorrectDecision, DraftDecision, SignDecision};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::decision::delegation::Rule;
use crate::decision::model::Decision;
use crate::decision::wording::Making;
use crate::decision::{CORRECTED_APPLIED_FOR, CORRECTED_REASONS, CORRECTED_SCOPE, RETURNED_REASON, WHY_CORRECTED};
use crate::error::Result;
use crate::identity::proof::Proof;
use crate::money::Ore;
use crate::vocabulary::{DecisionType, ProcurementForm, Role};

/// The order of delegation as it stands on a day.
pub async fn rules(case: &mut CaseAccess<SignDecision>, day: Date) -> Result<Vec<Rule>> {
    Ok(sqlx::query_as!(
        Rule,
        r#"select id, role as "role: Role", decision_type as "kind: DecisionType", max_amount_ore as "max_amount: Ore",
                  max_months, procurement as "procurement: ProcurementForm", emergency, four_eyes
           from delegation_rule where valid_from <= $1 and (valid_to is null or valid_to >= $1)
           order by four_eyes, id"#,
        day
    )
    .fetch_all(case.read())
    .await?)
}

/// Sends a draft to be decided. False when somebody else has changed it, or sent it.
pub async fn send(case: &mut CaseAccess<DraftDecision>, id: Uuid, version: i32) -> Result<bool> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let sent = sqlx::query!(
        "update decision set status = 'for_approval', sent_by = $4, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'draft'",
        id,
        case_id,
        version,
        actor
    )
    .execute(case.write(Event::DecisionSent).await?)
    .await?;
    Ok(sent.rows_affected() == 1)
}

/// Gives it back to be written anew. False when it does not wait any more.
pub async fn give_back(case: &mut CaseAccess<DraftDecision>, id: Uuid, version: i32, reason: &str) -> Result<bool> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let reason = case.desk().keys().seal(RETURNED_REASON.at(id), reason)?;
    let returned = sqlx::query!(
        "update decision set status = 'draft', returned_by = $4, returned_reason = $5, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'for_approval'",
        id,
        case_id,
        version,
        actor,
        reason as Sealed
    )
    .execute(case.write(Event::DecisionReturned).await?)
    .await?;
    Ok(returned.rows_affected() == 1)
}

/// What a signature rests on.
#[derive(Debug, Clone)]
pub struct Ground {
    /// The rule of delegation; none for the committee's own.
    pub rule: Option<Uuid>,
    pub four_eyes: bool,
    /// When and by whom, as the text says it.
    pub making: Making,
    /// Of the text that was shown.
    pub print: [u8; 32],
}

/// Makes the decision, and puts the one that it changes out of force. False when either has moved on meanwhile.
pub async fn sign(case: &mut CaseAccess<SignDecision>, one: &Decision, ground: &Ground, _: Proof) -> Result<bool> {
    let (case_id, actor) = (case.head().id, case.desk().actor().clone());
    let signed_at = case.desk().clock().now();
    let work = case.write(Event::DecisionSigned).await?;
    if let Some(changed) = one.matter.changes {
        let replaced = sqlx::query!(
            "update decision set status = 'changed_by_new', version = version + 1
             where id = $1 and case_id = $2 and status in ('signed', 'notified', 'in_force', 'corrected')",
            changed,
            case_id
        )
        .execute(&mut *work)
        .await?;
        if replaced.rows_affected() != 1 {
            return Ok(false);
        }
    }
    let signed = sqlx::query!(
        "update decision set status = 'signed', decided_on = $4, signed_by = $5, signed_role = $6, signed_name = $7,
           signed_at = $8, delegation_id = $9, four_eyes = $10, text_hash = $11, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'for_approval'",
        one.id,
        case_id,
        one.version,
        ground.making.on,
        actor.account,
        actor.role as Role,
        ground.making.by,
        signed_at,
        ground.rule,
        ground.four_eyes,
        &ground.print
    )
    .execute(work)
    .await?;
    Ok(signed.rows_affected() == 1)
}

/// The texts as they read from now on, and why.
pub struct NewCorrection {
    pub id: Uuid,
    pub applied_for: Option<String>,
    pub scope: String,
    pub reasons: Option<String>,
    pub why: String,
    pub print: [u8; 32],
}

/// Whether the same form was saved the first time it was sent.
pub async fn is_corrected(case: &mut CaseAccess<CorrectDecision>, decision: Uuid, correction: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from decision_correction where id = $1 and decision_id = $2 and case_id = $3) as "is!""#,
        correction,
        decision,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

/// Corrects a clerical error: the decision keeps what it said, the correction says how it reads. False when the decision
/// has moved on meanwhile.
pub async fn correct(
    case: &mut CaseAccess<CorrectDecision>,
    one: &Decision,
    new: &NewCorrection,
    _: Proof,
) -> Result<bool> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let (made_at, keys) = (case.desk().clock().now(), case.desk().keys());
    let optional = |column: Column, text: &Option<String>| {
        text.as_deref().map(|text| keys.seal(column.at(new.id), text)).transpose()
    };
    let applied_for = optional(CORRECTED_APPLIED_FOR, &new.applied_for)?;
    let reasons = optional(CORRECTED_REASONS, &new.reasons)?;
    let scope = keys.seal(CORRECTED_SCOPE.at(new.id), &new.scope)?;
    let why = keys.seal(WHY_CORRECTED.at(new.id), &new.why)?;
    let work = case.write(Event::DecisionCorrected).await?;
    let moved = sqlx::query!(
        "update decision set status = 'corrected', version = version + 1
         where id = $1 and case_id = $2 and version = $3
           and status in ('signed', 'notified', 'in_force', 'corrected')",
        one.id,
        case_id,
        one.version
    )
    .execute(&mut *work)
    .await?;
    if moved.rows_affected() != 1 {
        return Ok(false);
    }
    sqlx::query!(
        "insert into decision_correction (id, decision_id, case_id, number, applied_for, scope, reasons, why, text_hash,
           made_by, made_at)
         values ($1, $2, $3, (select coalesce(max(number), 0) + 1 from decision_correction where decision_id = $2),
           $4, $5, $6, $7, $8, $9, $10)",
        new.id,
        one.id,
        case_id,
        applied_for as Option<Sealed>,
        scope as Sealed,
        reasons as Option<Sealed>,
        why as Sealed,
        &new.print,
        actor,
        made_at
    )
    .execute(work)
    .await?;
    Ok(true)
}
