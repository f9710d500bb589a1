//! Making accounts, by the operator's verbs and by the seed of invented data. Each is made with a role that ends by
//! itself. The log row is handed back, not written: it carries a hash over all changes of its transaction, so the caller
//! writes the trail when the last one is made.

use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use super::{CODE_SEED, plain_name};
use crate::audit::{self, Event, Note};
use crate::crypto::KeyRing;
use crate::crypto::password::Passwords;
use crate::crypto::totp::Seed;
use crate::error::{Error, Result};
use crate::vocabulary::{DisclosureRecipient, Role};

/// A colleague to be.
#[derive(Debug, Clone)]
pub struct NewAccount<'n> {
    pub id: Uuid,
    pub user_name: &'n str,
    pub display_name: &'n str,
    pub title: &'n str,
    pub unit: Option<Uuid>,
    pub role: Role,
    /// How long the role is held: at most twelve.
    pub months: u8,
    /// Why the role is given.
    pub reason: &'n str,
}

/// An account that cannot sign in yet: [`super::activation::issue`] is what makes it possible.
pub async fn create(work: &mut PgConnection, new: &NewAccount<'_>) -> Result<Note> {
    insert(work, new, None, None).await
}

/// An account that can sign in at once, for demo and tests, where nobody is there to activate it.
pub async fn with_password(
    work: &mut PgConnection,
    keys: &KeyRing,
    passwords: &Passwords,
    new: &NewAccount<'_>,
    password: &str,
    seed: &Seed,
) -> Result<Note> {
    let hash = passwords.hash(password).await?;
    let sealed = keys.seal_seed(CODE_SEED.at(new.id), seed.as_bytes())?;
    insert(work, new, Some(&hash), Some(sealed.as_bytes())).await
}

/// Opens an account that was locked; its holder signs in as before.
pub async fn unlock(work: &mut PgConnection, account: Uuid) -> Result<Note> {
    audit::announce(work, Event::AccountUnlocked).await?;
    sqlx::query!("update account set is_active = true where id = $1 and not is_active", account).execute(work).await?;
    let note = Note::of(Event::AccountUnlocked).with("account", account.to_string());
    Ok(Note { changes: true, ..note })
}

/// One insert and no update: the operator's door may make credentials and never change one.
async fn insert(
    work: &mut PgConnection,
    new: &NewAccount<'_>,
    password: Option<&str>,
    code_seed: Option<&[u8]>,
) -> Result<Note> {
    audit::announce(work, Event::AccountCreated).await?;
    sqlx::query!(
        "insert into account (id, display_name, title, unit_id) values ($1, $2, $3, $4)",
        new.id,
        new.display_name,
        new.title,
        new.unit
    )
    .execute(&mut *work)
    .await?;
    sqlx::query!(
        "insert into role_grant (id, account_id, role, valid_to, reason)
         values ($1, $2, $3, now() + make_interval(months => $4), $5)",
        Uuid::new_v4(),
        new.id,
        new.role as Role,
        i32::from(new.months),
        new.reason
    )
    .execute(&mut *work)
    .await?;
    sqlx::query!(
        "insert into identity.credential (account_id, user_name, password, code_seed) values ($1, $2, $3, $4)",
        new.id,
        plain_name(new.user_name),
        password,
        code_seed
    )
    .execute(work)
    .await
    .map_err(|error| {
        let taken = Error::Invalid("Användarnamnet är upptaget.");
        crate::db::on_constraint(error, "credential_user_name_key", taken)
    })?;
    let note = Note::of(Event::AccountCreated).with("account", new.id.to_string()).with("role", new.role.code());
    Ok(Note { changes: true, ..note })
}

/// Which organisation somebody from outside reads for. Said by whoever has rung them up there and knew who it was; holds
/// for a year.
pub async fn belongs_to(
    work: &mut PgConnection,
    account: Uuid,
    organisation: DisclosureRecipient,
    verified_on: Date,
) -> Result<()> {
    audit::announce(work, Event::AccountCreated).await?;
    sqlx::query!(
        "insert into liaison (account_id, organisation, verified_on) values ($1, $2, $3)",
        account,
        organisation as DisclosureRecipient,
        verified_on
    )
    .execute(work)
    .await?;
    Ok(())
}

/// Whether somebody who can still sign in runs the program; only the first one is made from nothing.
pub async fn has_administrator(work: &mut PgConnection) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from role_grant g join account a on a.id = g.account_id
                          where g.role = 'sysadmin' and now() < g.valid_to and a.is_active) as "exists!""#
    )
    .fetch_one(work)
    .await?)
}

/// The account that signs in with the name.
pub async fn by_user_name(work: &mut PgConnection, user_name: &str) -> Result<Option<Uuid>> {
    Ok(sqlx::query_scalar!("select account_id from identity.credential where user_name = $1", plain_name(user_name))
        .fetch_optional(work)
        .await?)
}

/// The unit that new colleagues belong to while there is one alone; none before the organisation is founded.
pub async fn only_unit(work: &mut PgConnection) -> Result<Option<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select id from org_unit where valid_to is null or valid_to >= current_date order by id limit 1"
    )
    .fetch_optional(work)
    .await?)
}
