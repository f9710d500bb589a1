//! SQL that signs a review and closes it. Whoever signs has proven anew who they are: the proof is taken.

use uuid::Uuid;

use crate::access::Access;
use crate::access::right::{CloseLogReview, ReviewLog};
use crate::audit::Event;
use crate::crypto::Sealed;
use crate::error::{Error, Result, constraint};
use crate::identity::proof::Proof;
use crate::log_review::RETURNED;
use crate::log_review::model::SealSeen;

/// The newest seal of the log; none where nothing has been sealed yet.
pub async fn newest_seal(access: &mut Access<ReviewLog>) -> Result<Option<SealSeen>> {
    Ok(sqlx::query_as!(SealSeen, r#"select n as "n!", hash as "hash!" from audit.review_newest_seal()"#)
        .fetch_optional(access.read())
        .await?)
}

/// Signs that everything has been gone through. False when it was signed already.
pub async fn sign(
    access: &mut Access<ReviewLog>,
    review: Uuid,
    seal: &SealSeen,
    print: &[u8; 32],
    _: Proof,
) -> Result<bool> {
    let (actor, now) = (access.desk().actor().clone(), access.desk().clock().now());
    let signed = sqlx::query!(
        "update log_review set signed_by = $2, signed_name = $3, signed_at = $4, seal_n = $5, seal_hash = $6, print = $7
         where id = $1 and signed_by is null",
        review,
        actor.account,
        actor.name,
        now,
        seal.n,
        seal.hash,
        &print[..]
    )
    .execute(access.write(Event::LogReviewSigned, None).await?)
    .await
    .map_err(|error| match constraint(&error) {
        Some("log_review_left") => Error::Stale,
        _ => error.into(),
    })?;
    Ok(signed.rows_affected() == 1)
}

/// Closes what somebody else has signed. False when it was closed already.
pub async fn close(access: &mut Access<CloseLogReview>, review: Uuid, _: Proof) -> Result<bool> {
    let (actor, now) = (access.desk().actor().clone(), access.desk().clock().now());
    let closed = sqlx::query!(
        "update log_review set closed_by = $2, closed_name = $3, closed_at = $4
         where id = $1 and signed_by is not null and closed_by is null",
        review,
        actor.account,
        actor.name,
        now
    )
    .execute(access.write(Event::LogReviewClosed, None).await?)
    .await?;
    Ok(closed.rows_affected() == 1)
}

/// Hands back what somebody else has signed: the signature falls, and stands beside the reason. False when it was closed or
/// handed back already.
pub async fn hand_back(access: &mut Access<CloseLogReview>, id: Uuid, review: Uuid, reason: &str) -> Result<bool> {
    let (actor, now) = (access.desk().actor().clone(), access.desk().clock().now());
    let sealed = access.desk().keys().seal(RETURNED.at(id), reason)?;
    let work = access.write(Event::LogReviewReturned, None).await?;
    let kept = sqlx::query!(
        "insert into log_review_return (id, review_id, reason, made_by, made_name, made_at, signed_by, signed_name, signed_at, print)
         select $1, r.id, $3, $4, $5, $6, r.signed_by, r.signed_name, r.signed_at, r.print
         from log_review r where r.id = $2 and r.signed_by is not null and r.closed_by is null",
        id,
        review,
        sealed as Sealed,
        actor.account,
        actor.name,
        now
    )
    .execute(&mut *work)
    .await
    .map_err(|error| match constraint(&error) {
        Some("log_review_return_pkey" | "log_review_return_once") => Error::Stale,
        _ => error.into(),
    })?;
    if kept.rows_affected() != 1 {
        return Ok(false);
    }
    let undone = sqlx::query!(
        "update log_review set signed_by = null, signed_name = null, signed_at = null, seal_n = null, seal_hash = null, print = null
         where id = $1 and signed_by is not null and closed_by is null",
        review
    )
    .execute(work)
    .await?;
    Ok(undone.rows_affected() == 1)
}
