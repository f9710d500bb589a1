//! Proving once more who one is, inside a session: password and one-time code, before what cannot be taken back. Throttled
//! per account and logged like signing in, with the same answer whatever was wrong; the session goes on either way.

use sqlx::PgConnection;
use uuid::Uuid;

use super::sign_in::{Credential, credential_of, step};
use super::throttle::Lane;
use crate::audit::{self, Event, Note, Source};
use crate::clock::Clock;
use crate::crypto::KeyRing;
use crate::crypto::password::Passwords;
use crate::db::Db;
use crate::error::{Error, Result};

/// That somebody has proven who they are, just now. Made by [`prove_again`], and what demands it takes it.
#[derive(Debug)]
pub struct Proof(());

impl Proof {
    /// For the seed of invented data, where nobody is there to type; `tests/tidy.rs` sees that nobody else takes it.
    pub(crate) const fn lent() -> Self {
        Self(())
    }
}

/// How it went. A refusal does not say what was wrong.
#[derive(Debug)]
pub enum Proven {
    Yes(Proof),
    Refused,
    Wait { seconds: u64 },
}

impl Proven {
    /// What the page says where it was not proven.
    pub fn sentence(&self) -> Option<String> {
        match self {
            Self::Yes(_) => None,
            Self::Refused => {
                Some("Lösenordet eller engångskoden stämmer inte. En kod kan bara användas en gång".to_owned())
            }
            Self::Wait { seconds } => Some(format!("För många försök. Vänta {seconds} sekunder och försök igen")),
        }
    }
}

/// The whole of it. No connection is held while the password is hashed, so the caller must not hold one either.
pub async fn prove_again(
    db: &Db,
    keys: &KeyRing,
    passwords: &Passwords,
    clock: &Clock,
    source: Source,
    password: &str,
    code: &str,
) -> Result<Proven> {
    let account = source.actor.ok_or_else(|| Error::internal("a proof by nobody"))?;
    let session = source.session.ok_or_else(|| Error::internal("a proof outside a session"))?;
    let refused = Note::of(Event::ProofRefused);
    let lane = Lane::proof(keys, account);
    let mut work = db.begin_login().await?;
    let now = clock.now();
    if let Some(seconds) = lane.knock(&mut work, now).await? {
        audit::append(&mut work, keys, now, &source, &[refused.with("why", "delay")]).await?;
        work.commit().await?;
        return Ok(Proven::Wait { seconds });
    }
    let credential = credential_of(&mut work, keys, account).await?;
    work.commit().await?;

    let known = match &credential {
        Some(credential) => passwords.verify(password, &credential.password).await?,
        None => passwords.dummy_verify(password).await?,
    };
    // Asked after the hashing, which may have waited in line past the end of a step.
    let now = clock.now();
    let mut work = db.begin_login().await?;
    let step = credential.as_ref().and_then(|credential| step(&credential.seed, code, now));
    if let (true, Some(credential), Some(step)) = (known, &credential, step)
        && spend(&mut work, credential, step, session).await?
    {
        lane.clear(&mut work).await?;
        let note = Note { changes: true, ..Note::of(Event::IdentityProven) };
        audit::append(&mut work, keys, now, &source, &[note]).await?;
        work.commit().await?;
        return Ok(Proven::Yes(Proof(())));
    }
    audit::append(&mut work, keys, now, &source, &[refused]).await?;
    work.commit().await?;
    Ok(Proven::Refused)
}

/// Spends the code's step. False when it was spent before, or the password was replaced or the session ended meanwhile.
async fn spend(work: &mut PgConnection, credential: &Credential, step: i64, session: Uuid) -> Result<bool> {
    audit::announce(work, Event::IdentityProven).await?;
    let spent = sqlx::query!(
        "update identity.credential set last_code_step = $2
         where account_id = $1 and last_code_step < $2 and password = $3",
        credential.account_id,
        step,
        credential.password
    )
    .execute(&mut *work)
    .await?;
    let proven = sqlx::query!(
        "update identity.session set proven_at = now() where id = $1 and account_id = $2 and ended_at is null",
        session,
        credential.account_id
    )
    .execute(work)
    .await?;
    Ok(spent.rows_affected() == 1 && proven.rows_affected() == 1)
}
