//! Makes roles and tables, once; and refuses to serve when the walls could be walked around. Works as the owner of the
//! database, never as the program's login.

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgPool};

use crate::error::{Error, Result};

/// Roles of the cluster; see the file.
const ROLES: &str = include_str!("../../migrations/bootstrap.sql");

/// Makes the roles, brings the database to the newest migration and gives the program's login its password.
/// Migrations of several databases of one cluster may run at the same time.
pub async fn prepare(owner: &PgConnectOptions, app_password: &SecretString) -> Result<()> {
    let mut connection = owner.connect().await?;
    // Two who make roles at the same moment trip over each other; a lock of the session orders them.
    connection.execute("select pg_advisory_lock(778201)").await?;
    let made = make_roles(&mut connection, app_password).await;
    connection.execute("select pg_advisory_unlock(778201)").await?;
    made?;
    super::MIGRATOR.run(&mut connection).await.map_err(|error| match error {
        sqlx::migrate::MigrateError::Execute(error) | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => {
            error.into()
        }
        other => Error::internal(other),
    })?;
    connection.close().await?;
    Ok(())
}

async fn make_roles(connection: &mut sqlx::PgConnection, app_password: &SecretString) -> Result<()> {
    connection.execute(ROLES).await?;
    // `alter role` takes no parameters. The password goes as a setting, and the server quotes it by itself.
    sqlx::query_scalar!("select set_config('utvag.password', $1, false)", app_password.expose_secret())
        .fetch_one(&mut *connection)
        .await?;
    connection
        .execute(
            "do $$ begin execute format('alter role utvag_app password %L', current_setting('utvag.password')); end $$",
        )
        .await?;
    connection.execute("reset utvag.password").await?;
    Ok(())
}

/// Fails when the login, or a role that it can step into, is a superuser, may bypass row security or owns a table.
pub(crate) async fn refuse_bypass(pool: &PgPool) -> Result<()> {
    let risky = sqlx::query_scalar!(
        r#"select r.rolname::text as "name!" from pg_roles r
           where pg_has_role(session_user, r.oid, 'member')
             and (r.rolsuper or r.rolbypassrls
                  or exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
                             where c.relowner = r.oid and c.relkind = 'r'
                               and n.nspname in ('public', 'identity', 'sec', 'audit', 'vault')))"#
    )
    .fetch_all(pool)
    .await?;
    if risky.is_empty() {
        return Ok(());
    }
    tracing::error!(roles = ?risky, "the database login could bypass row security; serve under utvag_app instead");
    Err(Error::Invalid("Databasens inloggning kan gå förbi radskyddet. Använd inloggningen utvag_app."))
}
