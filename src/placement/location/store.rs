//! SQL of the vault: its own functions decide who sees what, and say so to the log. Nothing else reaches it.

use uuid::Uuid;

use super::super::model::Placement;
use super::form::Why;
use super::model::{Limit, Request};
use crate::access::CaseAccess;
use crate::access::right::{ApproveLocation, AskLocation, OpenLocation, Right, SeesCase};
use crate::audit::{Event, Note};
use crate::crypto::seal::{Column, Sealed};
use crate::db::on_constraint;
use crate::error::{Error, Result};
use crate::identity::proof::Proof;
use crate::vocabulary::LocationReason;

/// Under the key of locations; all others are under the key of fields.
pub const LOCATION: Column = Column("vault.location.sealed");
pub const HOME_MUNICIPALITY: Column = Column("provider_home.municipality");
pub const HOME_ADDRESS: Column = Column("provider_home.address");
const OPENING_REASON: Column = Column("vault.opening.reason");
pub const REQUEST_REASON: Column = Column("vault.request.reason");

/// A provider's home, sealed.
pub struct SealedHome {
    pub id: Uuid,
    pub name: Sealed,
    pub municipality: Sealed,
    pub address: Sealed,
}

/// What the vault answered.
pub enum Answer {
    Location(Sealed),
    Beyond(Limit),
}

/// All homes of a provider: which of them it is, is known only when the location has been opened.
pub async fn homes_of<R: Right + SeesCase>(case: &mut CaseAccess<R>, provider: Uuid) -> Result<Vec<SealedHome>> {
    Ok(sqlx::query_as!(
        SealedHome,
        r#"select id, name as "name: Sealed", municipality as "municipality: Sealed", address as "address: Sealed"
           from provider_home where provider_id = $1"#,
        provider
    )
    .fetch_all(case.read())
    .await?)
}

/// The sealed location, for whoever the vault lets in; to all others it is not there.
pub async fn open_location(
    case: &mut CaseAccess<OpenLocation>,
    placement: &Placement,
    why: &Why,
    _: Proof,
) -> Result<Answer> {
    let words = case.desk().keys().seal(OPENING_REASON.at(placement.id), &why.words)?;
    let answer = sqlx::query!(
        r#"select outcome as "outcome!", location as "location: Sealed" from vault.read($1, $2, $3)"#,
        placement.id,
        why.kind as LocationReason,
        words as Sealed
    )
    .fetch_optional(case.read())
    .await?
    .ok_or(Error::NotFound)?;
    noted(case, placement.id, why.kind, (&answer.outcome, answer.location)).await
}

/// The same for a request that another has approved, once.
pub async fn open_together(case: &mut CaseAccess<AskLocation>, request: &Request) -> Result<Answer> {
    let answer = sqlx::query!(
        r#"select outcome as "outcome!", location as "location: Sealed" from vault.read_together($1)"#,
        request.id
    )
    .fetch_optional(case.read())
    .await?
    .ok_or(Error::Stale)?;
    noted(case, request.placement, request.kind, (&answer.outcome, answer.location)).await
}

/// The vault has named to the database what it did; here it stands on the trail.
async fn noted<R: Right + SeesCase>(
    case: &mut CaseAccess<R>,
    placement: Uuid,
    kind: LocationReason,
    (outcome, location): (&str, Option<Sealed>),
) -> Result<Answer> {
    let note = |event| Note::of(event).with("placement", placement.to_string()).with("reason", kind.code());
    if let Some(location) = location {
        case.look(note(Event::LocationOpened)).await?;
        return Ok(Answer::Location(location));
    }
    let Some(limit) = Limit::parse(outcome) else { return Err(Error::Forbidden) };
    case.look(note(Event::LocationBeyond).with("limit", limit.code())).await?;
    Ok(Answer::Beyond(limit))
}

/// Asks for it. The same form sent twice asks once.
pub async fn ask(case: &mut CaseAccess<AskLocation>, placement: Uuid, id: Uuid, why: &Why, _: Proof) -> Result<()> {
    let words = case.desk().keys().seal(REQUEST_REASON.at(id), &why.words)?;
    let work = case.write(Event::LocationRequested).await?;
    let asked = sqlx::query_scalar!(
        r#"select vault.ask($1, $2, $3, $4) as "asked!""#,
        id,
        placement,
        why.kind as LocationReason,
        words as Sealed
    )
    .fetch_one(work)
    .await
    .map_err(|error| on_constraint(error, "request_pkey", Error::Stale))?;
    if asked { Ok(()) } else { Err(Error::NotFound) }
}

/// Those that wait, or wait to be opened: one's own and those that one may answer.
pub async fn requests<R: Right + SeesCase>(case: &mut CaseAccess<R>, placement: Uuid) -> Result<Vec<Request>> {
    let id = case.head().id;
    let requests = sqlx::query_as!(
        Request,
        r#"select q.id as "id!", q.placement_id as "placement!", q.account_id as "account!", n.display_name as name,
                  q.kind as "kind!: LocationReason", q.reason as "reason!: Sealed", q.expires_at as "expires_at!",
                  o.display_name as "approved_by?"
           from vault.requests($1) q join account n on n.id = q.account_id left join account o on o.id = q.approved_by
           where q.placement_id = $2 order by q.requested_at desc"#,
        id,
        placement
    )
    .fetch_all(case.read())
    .await?;
    if !requests.is_empty() {
        case.shown(Note::of(Event::LocationRequestsShown).with("count", requests.len()));
    }
    Ok(requests)
}

/// Approves one; false when it is too late, or somebody has done it.
pub async fn approve(case: &mut CaseAccess<ApproveLocation>, request: Uuid, _: Proof) -> Result<bool> {
    let work = case.write(Event::LocationApproved).await?;
    Ok(sqlx::query_scalar!(r#"select vault.approve($1) as "approved!""#, request).fetch_one(work).await?)
}
