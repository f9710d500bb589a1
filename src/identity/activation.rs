//! The first sign-in: the operator hands over a code in person; its holder scans the seed of one-time codes, shows that
//! it works and chooses a password. The code opens for a day and at most five wrong tries.

use sqlx::PgConnection;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::passkey::holding;
use super::{CODE_SEED, name_hash, outside, plain_name, recovery, session, throttle};
use crate::audit::{self, Event, Note, Source};
use crate::clock::Clock;
use crate::crypto::password::Passwords;
use crate::crypto::password_rules;
use crate::crypto::token::Code;
use crate::crypto::totp::{Seed, matching_step};
use crate::crypto::{KeyRing, Sealed};
use crate::db::Db;
use crate::error::Result;

/// Who comes, with which code, from where.
pub struct Holder<'h> {
    pub user_name: &'h str,
    pub code: &'h str,
    pub address: Option<String>,
}

/// What opened, for the page that shows the picture to scan.
pub enum Shown {
    Seed(Seed),
    Refused,
    Wait { seconds: u64 },
}

/// How the activation went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activated {
    Done,
    /// No such name, no such code, too late or too often: all alike.
    Refused,
    Wait {
        seconds: u64,
    },
    /// The sentence says what to do.
    PasswordRefused(&'static str),
    /// The one-time code is not the present one.
    CodeWrong,
}

struct Opened {
    account_id: Uuid,
    name: String,
    display_name: String,
    municipality: Option<String>,
    code_hash: [u8; 32],
    sealed: Vec<u8>,
    seed: Seed,
}

enum Door {
    Open(Box<Opened>),
    Refused,
    Wait { seconds: u64 },
}

/// A code to hand over, with what is kept of it.
pub struct Drawn {
    pub code: Code,
    pub hash: [u8; 32],
    /// The seed of one-time codes that goes with it.
    pub seed: Sealed,
    pub expires_at: time::OffsetDateTime,
}

/// Draws a code for the account. What is kept of it opens nothing by itself.
pub fn draw(keys: &KeyRing, clock: &Clock, account_id: Uuid) -> Result<Drawn> {
    let (code, seed) = (Code::draw()?, Seed::draw()?);
    Ok(Drawn {
        hash: keys.code_hash(code.reveal()),
        seed: keys.seal_seed(CODE_SEED.at(account_id), seed.as_bytes())?,
        expires_at: clock.now() + time::Duration::DAY,
        code,
    })
}

/// Draws the code to hand over; one drawn before stops working. In the operator's transaction; the note of [`super::account::create`] answers for it.
pub async fn issue(work: &mut PgConnection, keys: &KeyRing, clock: &Clock, account_id: Uuid) -> Result<Code> {
    let drawn = draw(keys, clock, account_id)?;
    audit::announce(work, Event::AccountCreated).await?;
    sqlx::query!(
        "insert into identity.activation (account_id, code_hash, code_seed, expires_at) values ($1, $2, $3, $4)
         on conflict (account_id) do update set code_hash = excluded.code_hash, code_seed = excluded.code_seed,
           expires_at = excluded.expires_at, tries = 0",
        account_id,
        &drawn.hash,
        drawn.seed.as_bytes(),
        drawn.expires_at
    )
    .execute(work)
    .await?;
    Ok(drawn.code)
}

/// A new code for an account that there already is, in place of one that was lost or of a proof that is lost.
pub async fn issue_again(db: &Db, keys: &KeyRing, clock: &Clock, account_id: Uuid) -> Result<Code> {
    let mut work = db.begin_task().await?;
    let code = issue(&mut work, keys, clock, account_id).await?;
    let note = Note { changes: true, ..Note::of(Event::ActivationIssued).with("account", account_id.to_string()) };
    audit::append(&mut work, keys, clock.now(), &outside(None), &[note]).await?;
    work.commit().await?;
    Ok(code)
}

/// The seed to scan, for whoever holds the code.
pub async fn show(db: &Db, keys: &KeyRing, clock: &Clock, holder: &Holder<'_>) -> Result<Shown> {
    Ok(match knock(db, keys, clock, holder).await? {
        Door::Open(opened) => Shown::Seed(opened.seed),
        Door::Refused => Shown::Refused,
        Door::Wait { seconds } => Shown::Wait { seconds },
    })
}

/// Makes the account usable. A password or one-time code that will not do costs no try: the holder has shown the code.
pub async fn activate(
    db: &Db,
    keys: &KeyRing,
    passwords: &Passwords,
    clock: &Clock,
    holder: &Holder<'_>,
    new_password: &str,
    one_time_code: &str,
) -> Result<Activated> {
    let opened = match knock(db, keys, clock, holder).await? {
        Door::Open(opened) => opened,
        Door::Refused => return Ok(Activated::Refused),
        Door::Wait { seconds } => return Ok(Activated::Wait { seconds }),
    };
    let near = [&opened.name, &opened.display_name, opened.municipality.as_deref().unwrap_or_default()];
    if let Err(advice) = password_rules::acceptable(new_password, &near) {
        return Ok(Activated::PasswordRefused(advice));
    }
    let Some(step) = matching_step(&opened.seed, one_time_code, clock.now().unix_timestamp()) else {
        return Ok(Activated::CodeWrong);
    };
    let hash = passwords.hash(new_password).await?;

    let now = clock.now();
    let mut work = db.begin_login().await?;
    audit::announce(&mut work, Event::AccountActivated).await?;
    // Asked again: hashing took a while, and of two who come at once only one may pass.
    let spent = sqlx::query!(
        "delete from identity.activation where account_id = $1 and code_hash = $2 and tries < 5 and expires_at > $3",
        opened.account_id,
        &opened.code_hash,
        now
    )
    .execute(&mut *work)
    .await?;
    if spent.rows_affected() == 0 {
        return Ok(Activated::Refused);
    }
    // The step counts as used: who looked over the shoulder cannot sign in with the same six digits.
    sqlx::query!(
        "update identity.credential set password = $2, code_seed = $3, last_code_step = $4 where account_id = $1",
        opened.account_id,
        hash,
        opened.sealed,
        step
    )
    .execute(&mut *work)
    .await?;
    // Whoever comes with a new code has lost what they had, or it was taken from them.
    holding::revoke_all(&mut work, opened.account_id).await?;
    recovery::end(&mut work, opened.account_id, now).await?;
    session::end_all(&mut work, opened.account_id, "reactivated").await?;
    let source = Source { actor: Some(opened.account_id), ..outside(holder.address.clone()) };
    let note = Note { changes: true, ..Note::of(Event::AccountActivated) };
    audit::append(&mut work, keys, now, &source, &[note]).await?;
    work.commit().await?;
    Ok(Activated::Done)
}

/// Compares the code, and counts a wrong one before anything is said.
async fn knock(db: &Db, keys: &KeyRing, clock: &Clock, holder: &Holder<'_>) -> Result<Door> {
    let (now, name) = (clock.now(), plain_name(holder.user_name));
    let mut work = db.begin_login().await?;
    if let Some(seconds) = throttle::knock_network(&mut work, keys, holder.address.as_deref(), now).await? {
        work.commit().await?;
        return Ok(Door::Wait { seconds });
    }
    let row = sqlx::query!(
        r#"select v.account_id, v.code_hash, v.code_seed, a.display_name,
                  (select m.name from municipality m) as municipality
           from identity.activation v
           join identity.credential c using (account_id)
           join account a on a.id = v.account_id and a.is_active
           where c.user_name = $1 and v.tries < 5 and v.expires_at > $2
           for update of v"#,
        name,
        now
    )
    .fetch_optional(&mut *work)
    .await?;
    let typed = Code::parse(holder.code).map(|code| keys.code_hash(code.reveal()));
    let mut note = Note::of(Event::SignInRefused).with("name", name_hash(keys, &name)).with("why", "activation");
    if let Some(row) = row {
        if let Some(code_hash) = typed
            && bool::from(code_hash.as_slice().ct_eq(&row.code_hash))
        {
            work.commit().await?;
            let seed = keys.open_seed(CODE_SEED.at(row.account_id), &Sealed::from_bytes(row.code_seed.clone()))?;
            return Ok(Door::Open(Box::new(Opened {
                account_id: row.account_id,
                name,
                display_name: row.display_name,
                municipality: row.municipality,
                code_hash,
                sealed: row.code_seed,
                seed: Seed::from_bytes(secrecy::ExposeSecret::expose_secret(&seed))?,
            })));
        }
        audit::announce(&mut work, Event::SignInRefused).await?;
        sqlx::query!("update identity.activation set tries = tries + 1 where account_id = $1", row.account_id)
            .execute(&mut *work)
            .await?;
        note.changes = true;
    }
    audit::append(&mut work, keys, now, &outside(holder.address.clone()), &[note]).await?;
    work.commit().await?;
    Ok(Door::Refused)
}
