//! The pool, and the doors out of it. Nothing above floor 3 sees a pool: what leaves here is a transaction that
//! already works as somebody, and whose login reads nothing by itself.

pub mod bootstrap;
pub mod local;

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Executor, PgPool, Postgres, Transaction};

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::vocabulary::{Role, Theme};

/// A unit of work. Dropped without commit it leaves nothing behind.
pub type Work = Transaction<'static, Postgres>;

/// Every table and rule, in the order in which they were made.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();

/// The program's way to Postgres, as the login `utvag_app`.
#[derive(Clone)]
pub struct Db {
    pool: PgPool,
}

impl Db {
    /// Opens the pool and refuses to go on when the login could see past row security.
    pub async fn connect(options: PgConnectOptions, connections: u32) -> Result<Self> {
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(2))
            .after_connect(|connection, _| {
                Box::pin(async move {
                    connection
                        .execute(
                            // A page's statements are short: compiling one takes longer than it runs.
                            "set statement_timeout = '10s'; set lock_timeout = '2s';
                             set idle_in_transaction_session_timeout = '15s'; set row_security = on; set jit = off;
                             set client_min_messages = error",
                        )
                        .await?;
                    Ok(())
                })
            })
            // sqlx 0.9.0 can hand back a connection inside a transaction when a `begin` was cancelled; the next
            // borrower's write would then be acknowledged and lost.
            .after_release(|connection, _| {
                Box::pin(async move {
                    connection.execute("rollback").await?;
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        let db = Self { pool };
        bootstrap::refuse_bypass(&db.pool).await?;
        Ok(db)
    }

    /// The door of the signed-in: the database itself looks the session up and signs who is asking. Whoever comes from
    /// another authority goes on as a role that reaches what was released to them, on the day, and no table of ours.
    /// `None` when the token opens nothing.
    pub async fn begin_as(&self, token: &str, today: Date) -> Result<Option<(Work, Opened)>> {
        self.begin_about(token, today, "").await
    }

    /// The same door for work in the one case of this reference: what somebody has broken a glass for is seen in work that
    /// is about it, and in no other.
    pub async fn begin_about(&self, token: &str, today: Date, reference: &str) -> Result<Option<(Work, Opened)>> {
        let mut work = self.begin("utvag_user", reference, &today.to_string()).await?;
        let opened = sqlx::query_as!(
            Opened,
            r#"select account_id as "account_id!", session_id as "session_id!", role as "role!: Role", name as "name!",
                      title as "title!", unit_id, theme as "theme!: Theme", shortcuts as "shortcuts!",
                      proven_at as "proven_at!", seconds_left as "seconds_left!", keys as "keys!"
               from sec.open($1)"#,
            token.as_bytes()
        )
        .fetch_optional(&mut *work)
        .await?;
        if opened.as_ref().is_some_and(|opened| opened.role.is_outside()) {
            sqlx::query!("select set_config('role', 'utvag_police', true) as role").fetch_one(&mut *work).await?;
        }
        Ok(opened.map(|opened| (work, opened)))
    }

    /// The door of signing in: accounts and sessions, nothing about cases.
    pub async fn begin_login(&self) -> Result<Work> {
        self.begin("utvag_login", "", "").await
    }

    /// The door of timed work and of the operator's verbs.
    pub async fn begin_task(&self) -> Result<Work> {
        self.begin("utvag_task", "", "").await
    }

    /// The door of whoever checks the whole log: one moment of the database, however many statements look at it and
    /// whatever is written meanwhile. Reads only, and may take its time.
    pub async fn begin_snapshot(&self) -> Result<Work> {
        let work = self.pool.begin_with("begin isolation level repeatable read, read only").await?;
        let mut work = Self::step_into(work, "utvag_task", "", "").await?;
        work.execute("set local statement_timeout = '10min'").await?;
        Ok(work)
    }

    async fn begin(&self, role: &'static str, about: &str, today: &str) -> Result<Work> {
        Self::step_into(self.pool.begin().await?, role, about, today).await
    }

    async fn step_into(mut work: Work, role: &'static str, about: &str, today: &str) -> Result<Work> {
        sqlx::query!(
            "select set_config('role', $1, true), set_config('app.glass', $2, true) as about,
                    set_config('app.today', $3, true) as today",
            role,
            about,
            today
        )
        .fetch_one(&mut *work)
        .await?;
        Ok(work)
    }

    /// Whether the database answers within a second.
    pub async fn answers(&self) -> bool {
        let asked = tokio::time::timeout(Duration::from_secs(1), self.pool.acquire()).await;
        matches!(asked, Ok(Ok(_)))
    }

    /// Waits for what is under way, then closes.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Whom the door let in: what the database knows of the session, and nothing that the program claimed.
#[derive(Debug, Clone)]
pub struct Opened {
    pub account_id: Uuid,
    pub session_id: Uuid,
    pub role: Role,
    /// The colleague's own name, as colleagues see it.
    pub name: String,
    pub title: String,
    pub unit_id: Option<Uuid>,
    pub theme: Theme,
    pub shortcuts: bool,
    /// When identity was last proven.
    pub proven_at: OffsetDateTime,
    /// Until the session ends by itself if nothing more is asked.
    pub seconds_left: i32,
    /// How many keys the account has.
    pub keys: i32,
}

/// Turns the refusal of a *named* constraint into an error of ours; anything else stays what it was.
pub fn on_constraint(error: sqlx::Error, name: &str, refused: Error) -> Error {
    if crate::error::constraint(&error) == Some(name) { refused } else { error.into() }
}
