//! The operator's verbs. Each prints what it does and ends with a status that a script can trust: 0 done, 1 failed, 2 the
//! log is not as it was written, 69 no Postgres to be had, 78 a setting is wrong.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use secrecy::{ExposeSecret, SecretString};
use utvag::audit::export::FileFault;
use utvag::audit::verify::{Keys, check};
use utvag::clock::Clock;
use utvag::config::{self, SettingFault, Settings, environment};
use utvag::crypto;
use utvag::crypto::keyring::KeyRing;
use utvag::db::Db;
use utvag::db::bootstrap::{Unreachable, prepare, reach};
use utvag::db::local::{LocalError, LocalServer};
use utvag::operator::arguments::{day, district, four_figures, organisation, role};
use utvag::operator::{NewMunicipality, Newcomer, Operator, is_well, log_file};
use utvag::server::serve::{Demo, Failure, serve, serve_private};
use utvag::vocabulary::{DisclosureRecipient, Role};

/// Case management for a municipal defector programme. The settings stand in README.md.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// Without a verb: serve.
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Serve from the database of `DATABASE_URL`, or from a private Postgres in a folder.
    Serve(ServeArgs),
    /// Make the roles and bring the database to the newest migration, as its owner (`UTVAG_OWNER_DATABASE_URL`).
    Migrate {
        /// The file with the password that the program's own login shall have.
        #[arg(long, env = "UTVAG_APP_PASSWORD_FILE")]
        app_password_file: PathBuf,
    },
    /// Found the municipality and its first administrator; prints a code to activate the account with.
    Bootstrap(BootstrapArgs),
    /// Let somebody in, or throw their sessions out.
    #[command(subcommand)]
    User(UserVerb),
    /// Say which unit is on call: its people may break the glass before a closed circle. Without a unit: show which are.
    OnCall {
        /// The unit's name.
        unit: Option<String>,
        /// It is not on call any more.
        #[arg(long, requires = "unit")]
        off: bool,
    },
    /// Ask the running program whether it is ready.
    Health,
    /// Check the log against its seals; says where it is not as it was written.
    VerifyLog(VerifyArgs),
    /// Write the log to a new file, a line of JSON for each row; verify-log checks it without the database.
    ExportLog {
        file: PathBuf,
        /// Encrypt it to whoever receives it: the public key of `age-keygen`, age1 and so on.
        #[arg(long)]
        to: Option<String>,
    },
    /// Who is in danger when somebody's account is in the wrong hands: a line for each case that it has seen or could have
    /// reached, the newest first, and a line for each document and intake.
    Exposure {
        user_name: String,
        /// Since when, as 2026-11-20.
        #[arg(long, value_parser = day)]
        since: time::Date,
    },
    /// Make the key files in a new folder.
    CreateKeys { folder: PathBuf },
    /// Run a command with `DATABASE_URL` pointing at a throw-away database that has every migration. For development.
    DevDatabase {
        #[arg(trailing_var_arg = true, required = true)]
        command: Vec<String>,
    },
}

#[derive(Args, Default)]
struct ServeArgs {
    /// A folder for a private database and its keys, on this machine alone. A development build without `DATABASE_URL`
    /// has `var`.
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// Give an unused private database an invented municipality, and show on the sign-in page who is in it. A
    /// development build does that by itself.
    #[arg(long)]
    demo: bool,
}

#[derive(Args)]
struct VerifyArgs {
    /// A file of export-log. Without it the database is checked.
    file: Option<PathBuf>,
    /// The public key in hex, as export-log prints it: checks what is sealed, without any secret. Without it the keys of
    /// `UTVAG_KEYS` check every row.
    #[arg(long, requires = "file")]
    key: Option<String>,
    /// The file of `age-keygen` that opens a file which export-log has encrypted.
    #[arg(long, requires = "file")]
    identity: Option<PathBuf>,
    /// A file with seals that are known outside, a line each: number and hash (`UTVAG_SEAL_FILE`, or a printed protocol).
    #[arg(long)]
    anchors: Option<PathBuf>,
}

#[derive(Args)]
struct BootstrapArgs {
    /// "Exempels kommun".
    #[arg(long)]
    municipality: String,
    /// The four figures of its code.
    #[arg(long, value_parser = four_figures)]
    municipality_code: String,
    #[arg(long, default_value = "Socialnämnden")]
    committee: String,
    #[arg(long, default_value = "SN")]
    committee_short: String,
    /// The unit that works with defectors.
    #[arg(long)]
    unit: String,
    /// A district as CODE=NAME; may be said several times.
    #[arg(long = "district", value_parser = district)]
    districts: Vec<(String, String)>,
    #[command(flatten)]
    who: Who,
}

#[derive(Args)]
struct Who {
    /// What is typed when signing in.
    #[arg(long)]
    user_name: String,
    /// What colleagues see.
    #[arg(long)]
    name: String,
    #[arg(long)]
    title: String,
}

#[derive(Subcommand)]
enum UserVerb {
    /// A new account; prints a code to activate it with.
    Add {
        #[command(flatten)]
        who: Who,
        /// caseworker, coordinator, manager, `police_liaison`, controller, `log_reviewer` or sysadmin.
        #[arg(long, value_parser = role)]
        role: Role,
        /// How many months the role is held.
        #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u8).range(1..=12))]
        months: u8,
        /// Of the police's contact: `police_lpo`, `police_noa`, `police_bops` or `police_region`. Ring them up there first, on
        /// the organisation's own number: saying this says that it was done today.
        #[arg(long, value_parser = organisation)]
        organisation: Option<DisclosureRecipient>,
    },
    /// A new activation code, when the first one, the password or the phone is lost.
    Code { user_name: String },
    /// End all sessions of somebody at once.
    EndSessions { user_name: String },
    /// Open an account that was locked with "Lås och larma".
    Unlock { user_name: String },
}

/// Why the program ends, and with which status.
struct End {
    status: u8,
    said: String,
}

impl End {
    fn failed(why: impl std::fmt::Display) -> Self {
        Self { status: 1, said: why.to_string() }
    }
}

impl From<SettingFault> for End {
    fn from(fault: SettingFault) -> Self {
        Self { status: 78, said: fault.to_string() }
    }
}

impl From<LocalError> for End {
    fn from(error: LocalError) -> Self {
        let status = if matches!(error, LocalError::NoPostgres { .. }) { 69 } else { 1 };
        Self { status, said: error.to_string() }
    }
}

impl From<Unreachable> for End {
    fn from(fault: Unreachable) -> Self {
        let status = if matches!(fault, Unreachable::NoAnswer { .. }) { 69 } else { 1 };
        Self { status, said: fault.to_string() }
    }
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Postgres(error) => error.into(),
            Failure::Setting(fault) => fault.into(),
            Failure::Unreachable(fault) => fault.into(),
            Failure::Keys(fault) => Self { status: 78, said: fault.to_string() },
            Failure::House(error) => Self::failed(plain(&error)),
            other => Self::failed(other),
        }
    }
}

/// What went wrong, with its cause: at a terminal there is nobody to hide it from.
fn plain(error: &utvag::error::Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    std::iter::once(error.to_string()).chain(causes.map(ToString::to_string)).collect::<Vec<_>>().join(": ")
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal()).init();
    utvag::web::panic::report_without_messages();
    let verb = Cli::parse().verb.unwrap_or_else(|| Verb::Serve(ServeArgs::default()));
    // It holds all verbs, and so much does not belong on the stack.
    match Box::pin(run(verb)).await {
        Ok(code) => code,
        Err(end) => {
            eprintln!("{}", end.said);
            ExitCode::from(end.status)
        }
    }
}

async fn run(verb: Verb) -> Result<ExitCode, End> {
    match verb {
        Verb::Serve(args) => start(args).await?,
        Verb::Migrate { app_password_file } => {
            let password = config::secret_file("UTVAG_APP_PASSWORD_FILE", &app_password_file.to_string_lossy())?;
            let owner = config::owners_database(&environment)?;
            reach(&owner).await?;
            prepare(&owner, &SecretString::from(password)).await.map_err(|error| End::failed(plain(&error)))?;
            println!("The database is at the newest migration.");
        }
        Verb::Bootstrap(args) => bootstrap(args).await?,
        Verb::User(verb) => user(verb).await?,
        Verb::OnCall { unit, off } => {
            let stands = operator().await?.on_call(unit.as_deref(), !off).await;
            println!("{}", stands.map_err(|error| End::failed(plain(&error)))?);
        }
        Verb::Health => {
            let listen = config::listen(&environment)?;
            return Ok(if is_well(listen).await { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Verb::VerifyLog(args) => return verify_log(args).await,
        Verb::ExportLog { file, to } => export_log(&file, to.as_deref()).await?,
        Verb::Exposure { user_name, since } => {
            let exposure = operator().await?.exposure(&user_name, since).await;
            println!("{}", exposure.map_err(|error| End::failed(plain(&error)))?.in_columns());
        }
        Verb::CreateKeys { folder } => {
            KeyRing::create(&folder).map_err(End::failed)?;
            println!("Keys were made in {}. Keep a copy of them apart from the database.", folder.display());
        }
        Verb::DevDatabase { command } => return dev_database(&command).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn start(args: ServeArgs) -> Result<(), End> {
    let demo = if args.demo || cfg!(debug_assertions) { Demo::Yes } else { Demo::No };
    let folder = match args.data_dir {
        Some(folder) => folder,
        None if config::names_a_database(&environment) || !cfg!(debug_assertions) => {
            return Ok(serve(Settings::read(&environment)?).await?);
        }
        None => PathBuf::from("var"),
    };
    Ok(serve_private(&folder, demo).await?)
}

async fn operator() -> Result<Operator, End> {
    let keys = keys()?;
    let database = config::database(&environment)?;
    reach(&database).await?;
    let db = Db::connect(database, 1).await.map_err(|error| End::failed(plain(&error)))?;
    Ok(Operator { db, keys, clock: Clock::System })
}

async fn bootstrap(args: BootstrapArgs) -> Result<(), End> {
    let districts: Vec<(&str, &str)> = args.districts.iter().map(|(code, name)| (&**code, &**name)).collect();
    let municipality = NewMunicipality {
        name: &args.municipality,
        code: &args.municipality_code,
        committee: &args.committee,
        committee_abbrev: &args.committee_short,
        unit: &args.unit,
        districts: &districts,
    };
    let Who { user_name, name, title } = &args.who;
    let first = Newcomer { user_name, name, title, role: Role::Sysadmin, months: 12, organisation: None };
    let code = operator().await?.bootstrap(&municipality, &first).await.map_err(|error| End::failed(plain(&error)))?;
    tell_code(&args.who.user_name, &code)
}

async fn user(verb: UserVerb) -> Result<(), End> {
    let operator = operator().await?;
    let failed = |error| End::failed(plain(&error));
    match verb {
        UserVerb::Add { who, role, months, organisation } => {
            let Who { user_name, name, title } = &who;
            let code =
                operator.add(&Newcomer { user_name, name, title, role, months, organisation }).await.map_err(failed)?;
            tell_code(user_name, &code)
        }
        UserVerb::Code { user_name } => {
            let code = operator.new_code(&user_name).await.map_err(failed)?;
            tell_code(&user_name, &code)
        }
        UserVerb::EndSessions { user_name } => {
            let ended = operator.end_sessions(&user_name).await.map_err(failed)?;
            println!("{ended} sessions ended.");
            Ok(())
        }
        UserVerb::Unlock { user_name } => {
            operator.unlock(&user_name).await.map_err(failed)?;
            println!("{user_name} can sign in again.");
            Ok(())
        }
    }
}

/// On standard output and nowhere else: it is handed over in person.
fn tell_code(user_name: &str, code: &crypto::token::Code) -> Result<(), End> {
    let origin = config::origin(&environment)?.map_or_else(String::new, |origin| origin.to_string());
    println!("Activation code for {user_name}: {}", code.reveal());
    println!("It opens once, for a day, at {origin}/aktivera. Hand it over in person.");
    Ok(())
}

fn keys() -> Result<KeyRing, End> {
    KeyRing::open(&config::keys(&environment)?).map_err(|fault| End { status: 78, said: fault.to_string() })
}

async fn verify_log(args: VerifyArgs) -> Result<ExitCode, End> {
    // A file that is no log is not as it was written.
    let faulty = |path: &Path| {
        let path = path.display().to_string();
        move |fault: FileFault| End { status: fault.status(), said: format!("{path}: {fault}") }
    };
    let anchors = args.anchors.as_ref().map(|path| log_file::anchors(path).map_err(faulty(path)));
    let anchors = anchors.transpose()?.unwrap_or_default();
    let record = match &args.file {
        Some(path) => log_file::read(path, args.identity.as_deref()).map_err(faulty(path))?,
        None => operator().await?.log().await.map_err(|error| End::failed(plain(&error)))?,
    };
    let report = match &args.key {
        Some(key) => check(&record, &Keys::public(key), &anchors),
        None => check(&record, &Keys::ring(&keys()?), &anchors),
    };
    println!("{} rows, {} seals", report.rows, report.seals);
    for finding in &report.findings {
        println!("{finding}");
    }
    Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

async fn export_log(path: &Path, to: Option<&str>) -> Result<(), End> {
    let operator = operator().await?;
    let record = operator.log().await.map_err(|error| End::failed(plain(&error)))?;
    let key = operator.keys.seal_public_key();
    log_file::write(path, &record, &key, to).map_err(|fault| End::failed(format!("{}: {fault}", path.display())))?;
    println!("{} rows, {} seals. Public key: {key}", record.rows.len(), record.seals.len());
    Ok(())
}

async fn dev_database(command: &[String]) -> Result<ExitCode, End> {
    let server = LocalServer::throwaway()?;
    let url = server.url("postgres", server.superuser(), server.password());
    let app_password = crypto::token::Token::draw().map_err(End::failed)?;
    let owner = url.expose_secret().parse().map_err(|_| End::failed("The address of the database cannot be read."))?;
    let app_password = SecretString::from(app_password.reveal().to_owned());
    prepare(&owner, &app_password).await.map_err(|error| End::failed(plain(&error)))?;
    let [program, arguments @ ..] = command else { return Err(End::failed("No command was given.")) };
    let status = tokio::process::Command::new(Path::new(program))
        .args(arguments)
        .env("DATABASE_URL", url.expose_secret())
        .status()
        .await
        .map_err(|error| End::failed(format!("{program}: {error}")))?;
    drop(server);
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
