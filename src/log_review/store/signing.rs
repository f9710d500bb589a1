//! SQL that signs a review and closes it. Whoever signs has proven anew who they are: the proof is taken.

use uuid::Uuid;

use crate::access::Access;
use crate::access::right::{CloseLogReview, ReviewLog};
use crate::audit::Event;
use crate::error::{Error, Result, constraint};
use crate::identity::proof::Proof;
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
