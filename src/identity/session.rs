//! Sessions: begun by signing in, ended by logging out, by a fourth one, or by themselves. Whether one is alive is
//! decided by `sec.open` in the database at every request, by the database's clock; nothing here is asked then.

use sqlx::PgConnection;
use uuid::Uuid;

use super::outside;
use crate::audit::{self, Event, Note, Source};
use crate::clock::Clock;
use crate::crypto::KeyRing;
use crate::crypto::token::{Token, sha256};
use crate::db::Db;
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::Role;

/// One at the desk, one in the meeting room, one that was forgotten.
const AT_ONCE: i64 = 3;

/// Begins a session, and ends the oldest when there would be more than three. One of the police's is over after a quarter
/// of an hour, used or not; `sec.open` holds it to that once more.
pub(super) async fn begin(work: &mut PgConnection, account_id: Uuid, browser: &str) -> Result<(Uuid, Token)> {
    sqlx::query!(
        "update identity.session set ended_at = now(), ended_why = 'too_many'
         where id in (select s.id from identity.session s
                      where s.account_id = $1 and s.ended_at is null and now() < s.ends_at
                        and now() < s.seen_at + s.idle_limit
                      order by s.started_at desc, s.id offset $2)",
        account_id,
        AT_ONCE - 1
    )
    .execute(&mut *work)
    .await?;
    let (id, token) = (Uuid::new_v4(), Token::draw()?);
    sqlx::query!(
        "insert into identity.session (id, token_hash, account_id, idle_limit, ends_at, device)
         values ($1, $2, $3, interval '15 minutes',
                 now() + case when exists (select from role_grant g where g.account_id = $3 and g.role = 'police_liaison'
                                             and now() >= g.valid_from and now() < g.valid_to)
                         then interval '15 minutes' else interval '10 hours' end, $4)",
        id,
        &token.hash(),
        account_id,
        browser_family(browser)
    )
    .execute(work)
    .await?;
    Ok((id, token))
}

/// A session that registers the first key and does nothing else: the door does not open for it.
pub(super) async fn begin_enrolling(work: &mut PgConnection, account_id: Uuid, browser: &str) -> Result<(Uuid, Token)> {
    let (id, token) = (Uuid::new_v4(), Token::draw()?);
    sqlx::query!(
        "insert into identity.session (id, token_hash, account_id, idle_limit, ends_at, device, enrols_only)
         values ($1, $2, $3, interval '15 minutes', now() + interval '15 minutes', $4, true)",
        id,
        &token.hash(),
        account_id,
        browser_family(browser)
    )
    .execute(work)
    .await?;
    Ok((id, token))
}

/// A short session for work that the house does in a colleague's name, such as the seed of invented data. It stands in
/// the log like any other.
pub(crate) async fn lend(state: &AppState, account_id: Uuid) -> Result<Token> {
    let mut work = state.db().begin_login().await?;
    let (id, token) = begin(&mut work, account_id, "").await?;
    let source = Source { actor: Some(account_id), session: Some(id), ..outside(None) };
    let note = Note::of(Event::SignedIn).with("by", "seed");
    audit::append(&mut work, &state.keys, state.clock.now(), &source, &[note]).await?;
    work.commit().await?;
    Ok(token)
}

/// Ends every live session of an account whose proof has been replaced.
pub(super) async fn end_all(work: &mut PgConnection, account_id: Uuid, why: &str) -> Result<()> {
    sqlx::query!(
        "update identity.session set ended_at = now(), ended_why = $2 where account_id = $1 and ended_at is null",
        account_id,
        why
    )
    .execute(work)
    .await?;
    Ok(())
}

/// Ends every session of an account on the operator's order, and says how many there were.
pub async fn end_by_order(db: &Db, keys: &KeyRing, clock: &Clock, account_id: Uuid) -> Result<u64> {
    let mut work = db.begin_login().await?;
    let ended = sqlx::query!(
        "update identity.session set ended_at = now(), ended_why = 'operator' where account_id = $1 and ended_at is null",
        account_id
    )
    .execute(&mut *work)
    .await?
    .rows_affected();
    let note = Note::of(Event::SessionsEndedByOrder).with("account", account_id.to_string()).with("sessions", ended);
    audit::append(&mut work, keys, clock.now(), &outside(None), &[note]).await?;
    work.commit().await?;
    Ok(ended)
}

/// Logs out. False when the token opened nothing any more; whoever logs out twice is logged out all the same.
pub async fn end(db: &Db, keys: &KeyRing, clock: &Clock, token: &str, address: Option<String>) -> Result<bool> {
    let mut work = db.begin_login().await?;
    let ended = sqlx::query!(
        r#"update identity.session s set ended_at = now(), ended_why = 'signed_out'
           where s.token_hash = $1 and s.ended_at is null
           returning s.id, s.account_id,
             (select g.role from role_grant g
              where g.account_id = s.account_id and now() >= g.valid_from and now() < g.valid_to) as "role: Role""#,
        &sha256(token)
    )
    .fetch_optional(&mut *work)
    .await?;
    let Some(ended) = ended else { return Ok(false) };
    let source = Source {
        actor: Some(ended.account_id),
        role: ended.role.map(Role::code),
        session: Some(ended.id),
        ..outside(address)
    };
    audit::append(&mut work, keys, clock.now(), &source, &[Note::of(Event::SignedOut)]).await?;
    work.commit().await?;
    Ok(true)
}

/// At most so many rows of a kind in one transaction: a whole year's worth would hold up those who sign in meanwhile.
const AT_A_TIME: i64 = 500;

/// How many rows were taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cleaned {
    pub sessions: u64,
    pub codes: u64,
    pub forms: u64,
}

/// The hourly job: takes away sessions that have been over for thirty days, activation codes that nobody used in time,
/// kept forms and remembered computers whose time is up, and delays that nobody has added to for a day.
pub async fn clean(db: &Db, keys: &KeyRing, clock: &Clock) -> Result<Cleaned> {
    let mut all = Cleaned::default();
    loop {
        let (done, is_last) = clean_some(db, keys, clock).await?;
        all = Cleaned {
            sessions: all.sessions + done.sessions,
            codes: all.codes + done.codes,
            forms: all.forms + done.forms,
        };
        if is_last {
            return Ok(all);
        }
    }
}

async fn clean_some(db: &Db, keys: &KeyRing, clock: &Clock) -> Result<(Cleaned, bool)> {
    let mut work = db.begin_task().await?;
    audit::announce(&mut work, Event::SessionsCleaned).await?;
    // Before the sessions that asked them; one that nobody answered in time has been worth nothing for an hour.
    let questions = sqlx::query!(
        "delete from identity.passkey_challenge where id in (
           select id from identity.passkey_challenge where ends_at < now() - interval '1 hour' limit $1)",
        AT_A_TIME
    )
    .execute(&mut *work)
    .await?
    .rows_affected();
    let sessions = sqlx::query!(
        "delete from identity.session where id in (
           select id from identity.session where least(ended_at, ends_at) < now() - interval '30 days' limit $1)",
        AT_A_TIME
    )
    .execute(&mut *work)
    .await?
    .rows_affected();
    let codes = sqlx::query!(
        "delete from identity.activation where account_id in (
           select account_id from identity.activation where expires_at < $1 limit $2)",
        clock.now(),
        AT_A_TIME
    )
    .execute(&mut *work)
    .await?
    .rows_affected();
    let forms = sqlx::query!(
        "delete from parked_form where id in (select id from parked_form where ends_at < now() limit $1)",
        AT_A_TIME
    )
    .execute(&mut *work)
    .await?
    .rows_affected();
    let devices = sqlx::query!(
        "delete from identity.device where token_hash in (
           select token_hash from identity.device where ends_at < now() limit $1)",
        AT_A_TIME
    )
    .execute(&mut *work)
    .await?
    .rows_affected();
    let delays = sqlx::query!(
        "delete from identity.throttle where bucket in (
           select bucket from identity.throttle
           where touched_at < now() - interval '1 day' and blocked_until < now() limit $1)",
        AT_A_TIME
    )
    .execute(&mut *work)
    .await?
    .rows_affected();
    if sessions + codes + forms > 0 {
        let note =
            Note::of(Event::SessionsCleaned).with("sessions", sessions).with("codes", codes).with("forms", forms);
        let note = Note { changes: codes > 0, ..note };
        audit::append(&mut work, keys, clock.now(), &outside(None), &[note]).await?;
    }
    work.commit().await?;
    let full = u64::try_from(AT_A_TIME).unwrap_or(u64::MAX);
    Ok((
        Cleaned { sessions, codes, forms },
        [sessions, codes, forms, devices, delays, questions].into_iter().all(|rows| rows < full),
    ))
}

/// Enough for the owner to know one session from another; a version would help to recognise a person's machine.
fn browser_family(user_agent: &str) -> &'static str {
    // Order matters: everyone says Safari, and Edge and Opera say Chrome.
    const FAMILIES: [(&str, &str); 6] = [
        ("edg", "Edge"),
        ("opr/", "Opera"),
        ("firefox", "Firefox"),
        ("fxios", "Firefox"),
        ("chrom", "Chrome"),
        ("safari", "Safari"),
    ];
    let said = user_agent.to_lowercase();
    FAMILIES.iter().find(|(mark, _)| said.contains(mark)).map_or("Okänd webbläsare", |(_, family)| family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_by_its_family_alone() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(browser_family(chrome), "Chrome");
        assert_eq!(browser_family(&format!("{chrome} Edg/140.0.0.0")), "Edge");
        assert_eq!(browser_family(&format!("{chrome} OPR/120.0")), "Opera");
        assert_eq!(browser_family("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), "Firefox");
        assert_eq!(browser_family("Mozilla/5.0 (Macintosh) AppleWebKit/605.1 Version/18.0 Safari/605.1"), "Safari");
        assert_eq!(browser_family("<script>"), "Okänd webbläsare");
    }
}
