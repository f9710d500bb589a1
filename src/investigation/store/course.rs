//! SQL about what happens while an investigation goes on, and after it.

use time::Date;
use uuid::Uuid;

use crate::access::CaseAccess;
use crate::access::right::Investigate;
use crate::audit::Event;
use crate::crypto::seal::Sealed;
use crate::error::Result;
use crate::investigation::model::Investigation;
use crate::investigation::{DISCONTINUED_REASON, EXTENSION_REASON};
use crate::vocabulary::CommunicationException;

/// What is registered. No `Debug`: the texts are about to be sealed.
#[derive(Clone)]
pub enum Step {
    Extended {
        to: Date,
        reason: String,
    },
    /// The party was told that it takes longer (11 § FL).
    DelayNoticed(Date),
    /// The party asked for a ruling (12 § FL).
    RulingDemanded(Date),
    /// The party was given the material (25 § FL).
    Communicated {
        on: Date,
        reply_due_on: Option<Date>,
    },
    /// The party is not heard, and why.
    Exempted(CommunicationException),
    Replied(Date),
    /// The application was taken back.
    Discontinued {
        on: Date,
        reason: String,
    },
    /// The decision that it led to.
    Ruled(Uuid),
}

impl Step {
    const fn event(&self) -> Event {
        match self {
            Self::Extended { .. } => Event::InvestigationExtended,
            Self::DelayNoticed(_) => Event::InvestigationDelayNoticed,
            Self::RulingDemanded(_) => Event::InvestigationRulingDemanded,
            Self::Communicated { .. } | Self::Exempted(_) => Event::InvestigationCommunicated,
            Self::Replied(_) => Event::InvestigationReplied,
            Self::Discontinued { .. } => Event::InvestigationDiscontinued,
            Self::Ruled(_) => Event::InvestigationDecided,
        }
    }
}

/// Registers a step. False when somebody else has registered something since.
pub async fn take(case: &mut CaseAccess<Investigate>, one: &Investigation, step: Step) -> Result<bool> {
    let (case_id, id, version) = (case.head().id, one.id, one.version);
    let sealed = match &step {
        Step::Extended { reason, .. } => Some(case.desk().keys().seal(EXTENSION_REASON.at(id), reason)?),
        Step::Discontinued { reason, .. } => Some(case.desk().keys().seal(DISCONTINUED_REASON.at(id), reason)?),
        _ => None,
    };
    let work = case.write(step.event()).await?;
    let query = match step {
        Step::Extended { to, .. } => sqlx::query!(
            "update investigation set extended_to = $4, extension_reason = $5, version = version + 1
             where id = $1 and case_id = $2 and version = $3",
            id,
            case_id,
            version,
            to,
            sealed as Option<Sealed>
        ),
        Step::DelayNoticed(on) => sqlx::query!(
            "update investigation set delay_notice_sent_on = $4, version = version + 1
             where id = $1 and case_id = $2 and version = $3",
            id,
            case_id,
            version,
            on
        ),
        Step::RulingDemanded(on) => sqlx::query!(
            "update investigation set party_demanded_ruling_on = $4, version = version + 1
             where id = $1 and case_id = $2 and version = $3",
            id,
            case_id,
            version,
            on
        ),
        Step::Communicated { on, reply_due_on } => sqlx::query!(
            "update investigation set material_communicated_on = $4, reply_due_on = $5, communication_exception = null,
               status = 'communicated', version = version + 1
             where id = $1 and case_id = $2 and version = $3",
            id,
            case_id,
            version,
            on,
            reply_due_on
        ),
        Step::Exempted(exception) => sqlx::query!(
            "update investigation set communication_exception = $4, version = version + 1
             where id = $1 and case_id = $2 and version = $3",
            id,
            case_id,
            version,
            exception as CommunicationException
        ),
        Step::Replied(on) => sqlx::query!(
            "update investigation set reply_received_on = $4, version = version + 1
             where id = $1 and case_id = $2 and version = $3",
            id,
            case_id,
            version,
            on
        ),
        Step::Discontinued { on, .. } => sqlx::query!(
            "update investigation set status = 'discontinued', discontinued_on = $4, discontinued_reason = $5,
               version = version + 1
             where id = $1 and case_id = $2 and version = $3",
            id,
            case_id,
            version,
            on,
            sealed as Option<Sealed>
        ),
        Step::Ruled(ruling) => sqlx::query!(
            "update investigation set status = 'decided', ruling_id = $4, version = version + 1
             where id = $1 and case_id = $2 and version = $3",
            id,
            case_id,
            version,
            ruling
        ),
    };
    Ok(query.execute(work).await?.rows_affected() == 1)
}
