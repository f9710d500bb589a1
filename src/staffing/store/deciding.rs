//! SQL that answers a proposal: what another has proposed is approved or refused, and one's own is taken back.

use uuid::Uuid;

use super::super::ANSWER;
use crate::access::Access;
use crate::access::right::{DecideProposal, ProposeAccount};
use crate::audit::Event;
use crate::crypto::seal::Sealed;
use crate::error::{Error, Result};
use crate::identity::proof::Proof;

/// Lets somebody in: answers one, and carries it out.
pub async fn approve(access: &mut Access<DecideProposal>, proposal: Uuid, _: Proof) -> Result<()> {
    decide(access, proposal, None).await
}

/// Answers one with a reason, and changes nothing.
pub async fn refuse(access: &mut Access<DecideProposal>, proposal: Uuid, why: &str) -> Result<()> {
    decide(access, proposal, Some(why)).await
}

/// Takes back one's own. `Stale` where somebody has answered it.
pub async fn withdraw(access: &mut Access<ProposeAccount>, proposal: Uuid) -> Result<()> {
    let withdrawn = sqlx::query_scalar!(r#"select sec.withdraw_proposal($1) as "withdrawn!""#, proposal)
        .fetch_one(access.write(Event::ProposalWithdrawn, None).await?)
        .await?;
    if withdrawn { Ok(()) } else { Err(Error::Stale) }
}

async fn decide(access: &mut Access<DecideProposal>, proposal: Uuid, refusal: Option<&str>) -> Result<()> {
    let today = access.desk().clock().today();
    let why = refusal.map(|text| access.desk().keys().seal(ANSWER.at(proposal), text)).transpose()?;
    let event = if refusal.is_some() { Event::ProposalRefused } else { Event::ProposalApproved };
    let taken =
        || Error::Invalid("Användarnamnet eller anställningsnumret är upptaget. Avslå förslaget och be om ett nytt.");
    let said = sqlx::query_scalar!(
        r#"select sec.decide_proposal($1, $2, $3, $4, $5) as "said!""#,
        proposal,
        refusal.is_none(),
        why.as_ref().map(Sealed::as_bytes),
        Uuid::now_v7(),
        today
    )
    .fetch_one(access.write(event, None).await?)
    .await
    .map_err(|error| match crate::error::constraint(&error) {
        Some("credential_user_name_key" | "account_employee") => taken(),
        Some("role_grant_one_at_a_time") => Error::Stale,
        _ => error.into(),
    })?;
    match said.as_str() {
        "approved" | "refused" => Ok(()),
        "forbidden" | "unproven" => Err(Error::Forbidden),
        _ => Err(Error::Stale),
    }
}
