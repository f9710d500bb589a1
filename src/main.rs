//! The operator's verbs. Each prints what it does and ends with a status that a script can trust.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;
use utvag::crypto::keyring::KeyRing;
use utvag::db::Db;
use utvag::db::local::{LocalError, LocalServer};
use utvag::server::serve::{Failure, serve_private};
use utvag::{audit, crypto, db};

/// Case management for a municipal defector programme.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// Without a verb: serve.
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Serve from a private Postgres in a folder, on this machine alone.
    Serve {
        /// Where the database and the keys lie. A release build asks for it; a development build has `var`.
        #[arg(long)]
        data_dir: Option<PathBuf>,
    },
    /// Make the roles and bring the database to the newest migration, as its owner.
    Migrate {
        /// The owner's address of the database.
        #[arg(long, env = "UTVAG_OWNER_DATABASE_URL", hide_env_values = true)]
        owner_database_url: SecretString,
        /// The file with the password that the program's own login shall have.
        #[arg(long, env = "UTVAG_APP_PASSWORD_FILE")]
        app_password_file: PathBuf,
    },
    /// Check the log against its seals; says where it is not as it was written.
    VerifyLog {
        /// The address of the database, under the program's own login.
        #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
        database_url: SecretString,
        /// The folder with the key files.
        #[arg(long, env = "UTVAG_KEYS")]
        keys: PathBuf,
    },
    /// Make the key files in a new folder.
    CreateKeys { folder: PathBuf },
    /// Run a command with `DATABASE_URL` pointing at a throw-away database that has every migration. For development.
    DevDatabase {
        #[arg(trailing_var_arg = true, required = true)]
        command: Vec<String>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    utvag::web::panic::report_without_messages();
    match run(Cli::parse().verb.unwrap_or(Verb::Serve { data_dir: None })).await {
        Ok(code) => code,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(verb: Verb) -> Result<ExitCode, String> {
    match verb {
        Verb::Serve { data_dir } => serve(data_dir).await,
        Verb::Migrate { owner_database_url, app_password_file } => {
            let password = std::fs::read_to_string(&app_password_file)
                .map_err(|error| format!("{}: {error}", app_password_file.display()))?;
            db::bootstrap::prepare(&address(&owner_database_url)?, &SecretString::from(password.trim_end().to_owned()))
                .await
                .map_err(|error| error.to_string())?;
            println!("The database is at the newest migration.");
            Ok(ExitCode::SUCCESS)
        }
        Verb::VerifyLog { database_url, keys } => verify_log(&address(&database_url)?, &keys).await,
        Verb::CreateKeys { folder } => {
            KeyRing::create(&folder).map_err(|error| error.to_string())?;
            println!("Keys were made in {}. Keep a copy of them apart from the database.", folder.display());
            Ok(ExitCode::SUCCESS)
        }
        Verb::DevDatabase { command } => dev_database(&command).await,
    }
}

async fn serve(data_dir: Option<PathBuf>) -> Result<ExitCode, String> {
    let folder = match data_dir {
        Some(folder) => folder,
        None if cfg!(debug_assertions) => PathBuf::from("var"),
        None => return Err("Name the folder for the database and the keys with --data-dir.".to_owned()),
    };
    match serve_private(&folder).await {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(Failure::Postgres(error @ LocalError::NoPostgres { .. })) => {
            eprintln!("{error}");
            Ok(ExitCode::from(69))
        }
        Err(error) => Err(error.to_string()),
    }
}

fn address(url: &SecretString) -> Result<PgConnectOptions, String> {
    url.expose_secret().parse().map_err(|_| "The address of the database cannot be read.".to_owned())
}

async fn verify_log(options: &PgConnectOptions, keys: &std::path::Path) -> Result<ExitCode, String> {
    let keys = KeyRing::open(keys).map_err(|error| error.to_string())?;
    let db = Db::connect(options.clone(), 1).await.map_err(|error| error.to_string())?;
    let mut work = db.begin_task().await.map_err(|error| error.to_string())?;
    let report = audit::verify::verify(&mut work, &keys, None).await.map_err(|error| error.to_string())?;
    println!("{} rows, {} seals", report.rows, report.seals);
    for finding in &report.findings {
        println!("{finding}");
    }
    Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

async fn dev_database(command: &[String]) -> Result<ExitCode, String> {
    let server = match LocalServer::throwaway() {
        Ok(server) => server,
        Err(error @ LocalError::NoPostgres { .. }) => {
            eprintln!("{error}");
            return Ok(ExitCode::from(69));
        }
        Err(error) => return Err(error.to_string()),
    };
    let url = server.url("postgres", server.superuser(), server.password());
    let app_password = crypto::token::Token::draw().map_err(|error| error.to_string())?;
    db::bootstrap::prepare(&address(&url)?, &SecretString::from(app_password.reveal().to_owned()))
        .await
        .map_err(|error| error.to_string())?;
    let [program, arguments @ ..] = command else { return Err("No command was given.".to_owned()) };
    let status = tokio::process::Command::new(program)
        .args(arguments)
        .env("DATABASE_URL", url.expose_secret())
        .status()
        .await
        .map_err(|error| format!("{program}: {error}"))?;
    drop(server);
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
