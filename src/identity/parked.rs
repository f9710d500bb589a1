//! A form that came after its session had ended is parked for its owner: whose it is tells the token that opens nothing
//! any more. Passwords and one-time codes are never kept.

use sqlx::PgConnection;
use uuid::Uuid;

use super::outside;
use crate::audit::{self, Event, Note, Source};
use crate::clock::Clock;
use crate::crypto::KeyRing;
use crate::crypto::seal::Column;
use crate::crypto::token::sha256;
use crate::db::Db;
use crate::error::{Error, Result};

/// Where what was typed opens.
pub const BODY: Column = Column("parked_form.body");
/// More than this nobody types within a day; a stolen token must not fill the database.
const AT_MOST: i64 = 10;
/// Fields that prove who somebody is.
const PROOFS: [&str; 5] = ["password", "new_password", "repeated", "code", "one_time_code"];

/// The fields of a form, in their order.
pub type Fields = Vec<(String, String)>;

/// Keeps the form; false when the token was never anybody's, or was taken away from them.
pub async fn park(db: &Db, keys: &KeyRing, clock: &Clock, token: &str, path: &str, fields: Fields) -> Result<bool> {
    let mut work = db.begin_login().await?;
    // Ended by itself, by signing out elsewhere or by a fourth session; not on somebody's order.
    let account = sqlx::query_scalar!(
        "select s.account_id from identity.session s
         where s.token_hash = $1 and (s.ended_at is null or s.ended_why in ('signed_out', 'too_many'))
           and s.ends_at > now() - interval '1 day'
           and (select count(*) from parked_form p where p.account_id = s.account_id) < $2",
        &sha256(token),
        AT_MOST
    )
    .fetch_optional(&mut *work)
    .await?;
    let Some(account) = account else { return Ok(false) };
    let kept: Fields = fields.into_iter().filter(|(name, _)| !PROOFS.contains(&name.as_str())).collect();
    let body = serde_json::to_vec(&kept).map_err(Error::internal)?;
    let id = Uuid::now_v7();
    let sealed = keys.seal_parked(BODY.at(id), &body)?;
    sqlx::query!(
        "insert into parked_form (id, account_id, path, body) values ($1, $2, $3, $4)",
        id,
        account,
        path,
        sealed.as_bytes()
    )
    .execute(&mut *work)
    .await?;
    let source = Source { actor: Some(account), ..outside(None) };
    audit::append(&mut work, keys, clock.now(), &source, &[Note::of(Event::FormParked)]).await?;
    work.commit().await?;
    Ok(true)
}

/// Whether something waits for whoever has just signed in.
pub(super) async fn waits(work: &mut PgConnection, account: Uuid) -> Result<bool> {
    Ok(sqlx::query_scalar!(r#"select exists (select from parked_form where account_id = $1) as "waits!""#, account)
        .fetch_one(work)
        .await?)
}
