//! SQL about one's own settings and sessions. Row security and the functions of `sec` reach nobody else's.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::access::Access;
use crate::access::right::{OwnSettings, ReadOwnRole};
use crate::audit::{Event, Note};
use crate::calendar::stockholm_date;
use crate::crypto::Sealed;
use crate::error::{Error, Result};
use crate::identity::proof::Proof;
use crate::identity::recovery::Sheet;
use crate::vocabulary::Theme;

/// A session that lives.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub id: Uuid,
    pub started_at: OffsetDateTime,
    pub seen_at: OffsetDateTime,
    /// The browser's family, such as "Firefox".
    pub device: String,
    pub is_this: bool,
}

/// The newest first.
pub(super) async fn sessions(access: &mut Access<OwnSettings>) -> Result<Vec<Session>> {
    let sessions = sqlx::query_as!(
        Session,
        r#"select id as "id!", started_at as "started_at!", seen_at as "seen_at!", device as "device!",
                  is_this as "is_this!"
           from sec.my_sessions()"#
    )
    .fetch_all(access.read())
    .await?;
    access.shown(Note::of(Event::OwnSessionsShown).with("count", sessions.len()));
    Ok(sessions)
}

pub(super) async fn change(access: &mut Access<OwnSettings>, theme: Theme, shortcuts: bool) -> Result<()> {
    let account = access.desk().actor().account;
    sqlx::query!(
        "update account set theme = $2, shortcuts = $3, version = version + 1 where id = $1",
        account,
        theme as Theme,
        shortcuts
    )
    .execute(access.write(Event::SettingsChanged, None).await?)
    .await?;
    Ok(())
}

/// Ends one of one's own. One that has ended already, or is somebody else's, is ended no further and nobody is told.
pub(super) async fn end(access: &mut Access<OwnSettings>, session: Uuid) -> Result<()> {
    let work = access.write(Event::SessionEnded, None).await?;
    sqlx::query_scalar!(r#"select sec.end_my_session($1, 'revoked') as "ended!""#, session).fetch_one(work).await?;
    Ok(())
}

/// Ends all of one's own but the one that asks.
pub(super) async fn end_others(access: &mut Access<OwnSettings>) -> Result<()> {
    let work = access.write(Event::SessionEnded, None).await?;
    sqlx::query_scalar!(
        r#"select count(sec.end_my_session(s.id, 'revoked')) as "ended!"
           from sec.my_sessions() s where not s.is_this"#
    )
    .fetch_one(work)
    .await?;
    Ok(())
}

/// A key that opens the account.
pub(super) struct OwnKey {
    pub id: Uuid,
    pub name: String,
    pub created_at: OffsetDateTime,
    pub used_at: Option<OffsetDateTime>,
}

/// One's own, the oldest first.
pub(super) async fn keys(access: &mut Access<OwnSettings>) -> Result<Vec<OwnKey>> {
    let keys = sqlx::query_as!(
        OwnKey,
        r#"select id as "id!", name as "name!", created_at as "created_at!", used_at from sec.my_keys()"#
    )
    .fetch_all(access.read())
    .await?;
    access.shown(Note::of(Event::KeysShown).with("count", keys.len()));
    Ok(keys)
}

/// What is left of one's own sheet of recovery codes.
pub(super) struct OwnCodes {
    pub left: i64,
    pub made_at: OffsetDateTime,
}

/// None without a sheet.
pub(super) async fn recovery_codes(access: &mut Access<OwnSettings>) -> Result<Option<OwnCodes>> {
    let codes =
        sqlx::query_as!(OwnCodes, r#"select left_over as "left!", made_at as "made_at!" from sec.my_recovery_codes()"#)
            .fetch_optional(access.read())
            .await?;
    access.shown(Note::of(Event::RecoveryCodesShown));
    Ok(codes)
}

/// Keeps a new sheet in place of the old one.
pub(super) async fn keep_recovery_codes(access: &mut Access<OwnSettings>, sheet: &Sheet, _: Proof) -> Result<()> {
    let kept = sqlx::query_scalar!(r#"select sec.make_recovery_codes($1) as "kept!""#, &sheet.hashes)
        .fetch_one(access.look(Note::of(Event::RecoveryCodesMade)).await?)
        .await?;
    if kept { Ok(()) } else { Err(Error::Forbidden) }
}

/// The case of a reference, where the actor sees it.
pub(super) async fn case(access: &mut Access<OwnSettings>, reference: &str) -> Result<Option<Uuid>> {
    Ok(sqlx::query_scalar!("select id from case_file where reference = $1", reference)
        .fetch_optional(access.read())
        .await?)
}

/// A form that was sent after the session had run out.
pub(super) struct Kept {
    pub id: Uuid,
    pub parked_at: OffsetDateTime,
    pub sealed: Sealed,
}

/// One's own, in the order in which they were sent.
pub(super) async fn unsent(access: &mut Access<OwnSettings>) -> Result<Vec<Kept>> {
    let kept = sqlx::query_as!(
        Kept,
        r#"select id, parked_at, sealed as "sealed: Sealed" from parked_form order by parked_at, id"#
    )
    .fetch_all(access.read())
    .await?;
    access.shown(Note::of(Event::KeptFormsShown).with("count", kept.len()));
    Ok(kept)
}

/// Throws one of one's own away. One that is there no longer, or is somebody else's, is nobody's business.
pub(super) async fn discard(access: &mut Access<OwnSettings>, form: Uuid) -> Result<()> {
    let work = access.write(Event::KeptFormDiscarded, None).await?;
    sqlx::query!("delete from parked_form where id = $1", form).execute(work).await?;
    Ok(())
}

/// One's own right.
pub struct OwnRole {
    pub ends_at: OffsetDateTime,
    pub granted_until: OffsetDateTime,
    pub ends_soon: bool,
}

impl OwnRole {
    /// The last day on which it holds.
    pub fn last_day(&self) -> Date {
        stockholm_date(self.ends_at - time::Duration::SECOND)
    }

    /// What has to be done for it to hold longer.
    pub fn way(&self) -> &'static str {
        if self.granted_until > self.ends_at {
            "Be din chef bekräfta den"
        } else {
            "Be systemförvaltaren föreslå en förlängning"
        }
    }
}

/// Until when one's own role holds.
pub async fn own_role(access: &mut Access<ReadOwnRole>) -> Result<Option<OwnRole>> {
    let account = access.desk().actor().account;
    Ok(sqlx::query_as!(
        OwnRole,
        r#"select valid_to as ends_at, coalesce(granted_until, valid_to) as "granted_until!",
                  valid_to < now() + interval '30 days' as "ends_soon!"
           from role_grant where account_id = $1 and now() >= valid_from and now() < valid_to"#,
        account
    )
    .fetch_optional(access.read())
    .await?)
}
