//! Makes roles and tables, once; and refuses to serve when the walls could be walked around. Works as the owner of the
//! database, never as the program's login.

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgPool};

use crate::error::{Error, Result, sqlstate};

/// Roles of the cluster; see the file.
const ROLES: &str = include_str!("../../migrations/bootstrap.sql");

/// Why there is no way to the database. Read by an operator at a terminal; the password is in no part of it.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    #[error("The database at {at} does not answer: {cause}")]
    NoAnswer { at: String, cause: sqlx::Error },
    #[error(
        "The database at {at} does not let {login} in: check the password, or run utvag migrate, which sets it for utvag_app."
    )]
    Refused { at: String, login: String },
    #[error("There is no database {name} at {at}: make it, then run utvag migrate.")]
    NoDatabase { at: String, name: String },
}

/// Tries the way once, so that whoever waits at the terminal reads what is wrong with it.
pub async fn reach(options: &PgConnectOptions) -> std::result::Result<(), Unreachable> {
    match options.connect().await {
        Ok(connection) => {
            // Whether it says good-bye makes no difference.
            drop(connection.close().await);
            Ok(())
        }
        Err(cause) => Err(unreachable(options, cause)),
    }
}

fn unreachable(options: &PgConnectOptions, cause: sqlx::Error) -> Unreachable {
    let at = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    match sqlstate(&cause).as_deref() {
        Some("28P01" | "28000") => Unreachable::Refused { at, login: options.get_username().to_owned() },
        Some("3D000") => {
            let name = options.get_database().unwrap_or(options.get_username()).to_owned();
            Unreachable::NoDatabase { at, name }
        }
        _ => Unreachable::NoAnswer { at, cause },
    }
}

/// Makes the roles, brings the database to the newest migration and gives the program's login its password.
/// Migrations of several databases of one cluster may run at the same time.
pub async fn prepare(owner: &PgConnectOptions, app_password: &SecretString) -> Result<()> {
    let mut connection = owner.connect().await?;
    // What there is already is noticed at every start; nobody has to read that.
    connection.execute("set client_min_messages = warning").await?;
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

/// Why this program and this database do not fit together. Read by an operator at start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VersionFault {
    #[error("The database has no tables of ours yet: run utvag migrate first.")]
    Empty,
    #[error("The database is older than the program: run utvag migrate first.")]
    Older,
    #[error("The database is newer than the program: start the newer program.")]
    Newer,
    #[error("The database was made by another build of the program: its migrations are not the same.")]
    Other,
}

/// Fails when the tables are of another version than the program. Nothing is migrated here: the program's login could
/// not, and whoever upgrades decides when.
pub(crate) async fn refuse_other_version(db: &super::Db) -> Result<std::result::Result<(), VersionFault>> {
    let mut work = db.begin_task().await?;
    let applied = sqlx::query!(
        r#"select version as "version!", checksum as "checksum!" from _sqlx_migrations where success order by version"#
    )
    .fetch_all(&mut *work)
    .await;
    let applied: Vec<(i64, Vec<u8>)> = match applied {
        Ok(rows) => rows.into_iter().map(|row| (row.version, row.checksum)).collect(),
        // No such table, or none that we may read: nothing of ours has been here.
        Err(sqlx::Error::Database(error)) if matches!(error.code().as_deref(), Some("42P01" | "42501")) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let wanted: Vec<(i64, &[u8])> =
        super::MIGRATOR.iter().map(|migration| (migration.version, &*migration.checksum)).collect();
    Ok(compare(&applied, &wanted))
}

fn compare(applied: &[(i64, Vec<u8>)], wanted: &[(i64, &[u8])]) -> std::result::Result<(), VersionFault> {
    if applied.is_empty() {
        return Err(VersionFault::Empty);
    }
    if applied.iter().any(|(version, _)| wanted.iter().all(|(known, _)| known != version)) {
        return Err(VersionFault::Newer);
    }
    for (version, checksum) in wanted {
        match applied.iter().find(|(done, _)| done == version) {
            None => return Err(VersionFault::Older),
            Some((_, done)) if done != checksum => return Err(VersionFault::Other),
            Some(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_another_version_is_told_from_ours() {
        let wanted: [(i64, &[u8]); 2] = [(1, b"a"), (2, b"b")];
        let applied =
            |rows: &[(i64, &str)]| rows.iter().map(|(n, sum)| (*n, sum.as_bytes().to_vec())).collect::<Vec<_>>();
        assert_eq!(compare(&applied(&[(1, "a"), (2, "b")]), &wanted), Ok(()));
        assert_eq!(compare(&[], &wanted), Err(VersionFault::Empty));
        assert_eq!(compare(&applied(&[(1, "a")]), &wanted), Err(VersionFault::Older));
        assert_eq!(compare(&applied(&[(1, "a"), (2, "b"), (3, "c")]), &wanted), Err(VersionFault::Newer));
        assert_eq!(compare(&applied(&[(1, "a"), (2, "x")]), &wanted), Err(VersionFault::Other));
    }
}
