//! Proving once more who one is, inside a session, before what cannot be taken back: with a key, which is asked about this
//! act in this case and no other; by password and one-time code where there is no key. Throttled per account and logged
//! like signing in, with the same answer whatever was wrong; the session goes on either way.

use sqlx::PgConnection;
use uuid::Uuid;

use super::passkey;
use super::recovery;
use super::sign_in::{Credential, credential_of, step};
use super::throttle::Lane;
use crate::audit::{self, Event, Note, Source};
use crate::error::{Error, Result};
use crate::state::AppState;

/// What is confirmed. Postgres has the same list (`identity.passkey_challenge`), and refuses an act without its proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    SignDecision,
    CorrectDecision,
    BreakGlass,
    OpenLocation,
    LowerThreat,
    SignLogReview,
    ChangeKeys,
    GrantRole,
    Export,
    RecoverAccount,
}

impl Action {
    pub const ALL: [Self; 10] = [
        Self::SignDecision,
        Self::CorrectDecision,
        Self::BreakGlass,
        Self::OpenLocation,
        Self::LowerThreat,
        Self::SignLogReview,
        Self::ChangeKeys,
        Self::GrantRole,
        Self::Export,
        Self::RecoverAccount,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::SignDecision => "sign_decision",
            Self::CorrectDecision => "correct_decision",
            Self::BreakGlass => "break_glass",
            Self::OpenLocation => "open_location",
            Self::LowerThreat => "lower_threat",
            Self::SignLogReview => "sign_log_review",
            Self::ChangeKeys => "change_keys",
            Self::GrantRole => "grant_role",
            Self::Export => "export",
            Self::RecoverAccount => "recover_account",
        }
    }

    /// What waits for a day after somebody has come in with a code from a sheet. `sec.has_proven` has the same list.
    const fn waits_after_recovery(self) -> bool {
        match self {
            Self::OpenLocation | Self::Export | Self::GrantRole | Self::BreakGlass | Self::RecoverAccount => true,
            Self::SignDecision | Self::CorrectDecision | Self::LowerThreat | Self::SignLogReview | Self::ChangeKeys => {
                false
            }
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }
}

/// An act, and the case that it is in if it is in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    pub action: Action,
    pub case: Option<Uuid>,
}

/// What a form that demands a proof carries: an answer by key, or password and one-time code.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'t> {
    pub passkey: &'t str,
    pub password: &'t str,
    pub code: &'t str,
}

/// That somebody has proven who they are, just now. Made by [`prove_again`], and what demands it takes it.
#[derive(Debug)]
pub struct Proof {
    /// The question that a key has answered; spent in the transaction of the act.
    by_key: Option<Uuid>,
}

impl Proof {
    /// For the seed of invented data, where nobody is there to type; `tests/tidy.rs` sees that nobody else takes it.
    pub(crate) const fn lent() -> Self {
        Self { by_key: None }
    }

    pub(super) const fn by_key(challenge: Uuid) -> Self {
        Self { by_key: Some(challenge) }
    }

    /// Spends it in the transaction of the act. False where it was for something else, or is too old.
    pub(crate) async fn spend(&self, work: &mut PgConnection, about: About) -> Result<bool> {
        let Some(challenge) = self.by_key else { return Ok(true) };
        Ok(sqlx::query_scalar!(
            r#"select sec.spend_proof($1, $2, $3) as "spent!""#,
            challenge,
            about.action.code(),
            about.case
        )
        .fetch_one(work)
        .await?)
    }
}

/// How it went. A refusal does not say what was wrong.
#[derive(Debug)]
pub enum Proven {
    Yes(Proof),
    Refused,
    /// The same of a key.
    KeyRefused,
    /// Whoever has just come in with a code from a sheet waits for a day.
    Barred,
    Wait {
        seconds: u64,
    },
}

impl Proven {
    /// What the page says where it was not proven.
    pub fn sentence(&self) -> Option<String> {
        match self {
            Self::Yes(_) => None,
            Self::Refused => {
                Some("Lösenordet eller engångskoden stämmer inte. En kod kan bara användas en gång".to_owned())
            }
            Self::KeyRefused => Some(
                "Du måste bekräfta med din nyckel. Tryck på knappen igen och svara på webbläsarens fråga".to_owned(),
            ),
            Self::Barred => Some(
                "Du har loggat in med en återställningskod. Det här går först ett dygn efteråt. Be en kollega"
                    .to_owned(),
            ),
            Self::Wait { seconds } => Some(format!("För många försök. Vänta {seconds} sekunder och försök igen")),
        }
    }
}

/// The whole of it: whoever has a key uses it. No connection is held while a password is hashed, so the caller must not
/// hold one either.
pub async fn prove_again(state: &AppState, source: Source, about: About, typed: Typed<'_>) -> Result<Proven> {
    let account = source.actor.ok_or_else(|| Error::internal("a proof by nobody"))?;
    let session = source.session.ok_or_else(|| Error::internal("a proof outside a session"))?;
    if about.action.waits_after_recovery() && refused_after_recovery(state, &source, about, account).await? {
        return Ok(Proven::Barred);
    }
    let has_key = passkey::has_any(&mut *state.db().begin_login().await?, account).await?;
    if has_key {
        return passkey::prove(state, &source, about, typed.passkey).await;
    }
    let (db, AppState { keys, passwords, clock, .. }) = (state.db(), state);
    let Typed { password, code, .. } = typed;
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
        return Ok(Proven::Yes(Proof::lent()));
    }
    audit::append(&mut work, keys, now, &source, &[refused]).await?;
    work.commit().await?;
    Ok(Proven::Refused)
}

/// Whether the account is closed to this for a day; on the trail where it is.
async fn refused_after_recovery(state: &AppState, source: &Source, about: About, account: Uuid) -> Result<bool> {
    let mut work = state.db().begin_login().await?;
    if !recovery::is_barred(&mut work, account).await? {
        return Ok(false);
    }
    let note = Note { case: about.case, ..Note::of(Event::ProofRefused) }.with("why", "recovery");
    audit::append(&mut work, &state.keys, state.clock.now(), source, &[note.with("action", about.action.code())])
        .await?;
    work.commit().await?;
    Ok(true)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_is_known_by_its_code() {
        for action in Action::ALL {
            assert_eq!(Action::parse(action.code()), Some(action));
        }
        assert_eq!(Action::parse("something_else"), None);
    }
}
