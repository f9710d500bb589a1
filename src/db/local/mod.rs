//! A private Postgres for `cargo run`, for tests and for a pilot on one machine: nothing to set up, a Unix socket
//! alone, and gone when the program is gone, however it ends. Nothing here installs anything (`./dev` does), and nothing
//! knows our roles or tables.

mod binaries;
mod leash;
mod place;
mod user;

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};

pub use self::binaries::{Binaries, OLDEST_MAJOR, find_binaries};
use self::leash::Leash;
use self::place::Place;
use self::user::User;

/// The only login that a fresh cluster has.
const SUPERUSER: &str = "postgres";
/// Recovery after a power cut may take minutes; a server that needs longer needs a person.
const PATIENCE: Duration = Duration::from_mins(5);

/// What a power cut may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing that was committed.
    Safe,
    /// Everything: for databases that are thrown away.
    None,
}

/// A running private server. Dropping it stops the server, unless another program had started it.
#[derive(Debug)]
pub struct LocalServer {
    place: Place,
    password: SecretString,
    binaries: Binaries,
    leash: Option<Leash>,
}

/// Why there is no private server.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// No Postgres on this machine. The text names every way out and is meant to be shown as it is.
    #[error("{}", binaries::ways_out(.looked_in))]
    NoPostgres {
        /// Where it was looked for, in order.
        looked_in: Vec<String>,
    },
    /// Postgres refuses to run as root, and there is nobody to run it as.
    #[error("running as root, and there is neither a user `postgres` nor a user `nobody` to run Postgres as")]
    NoUser,
    /// Something is wrong with a folder or a file.
    #[error("{}: {source}", .path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
    /// A folder of the name we need belongs to somebody else.
    #[error("{} is not a folder of ours alone: remove it, or choose another place", .0.display())]
    Foreign(PathBuf),
    /// A program of Postgres, or one that starts it, could not be run or gave up.
    #[error("{program} failed: {reason}")]
    Failed {
        /// Its name.
        program: &'static str,
        /// Its last words.
        reason: String,
    },
    /// Another program holds the cluster and has not come up.
    #[error("another program holds {} and does not answer: end it and try again", .0.display())]
    Held(PathBuf),
}

impl LocalError {
    fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { path: path.to_owned(), source }
    }
}

impl LocalServer {
    /// Starts the cluster that is kept in `folder`, and makes it first if there is none. When another program has it
    /// running already, that server is used, and ends with that program.
    pub fn start(folder: &Path, durability: Durability) -> Result<Self, LocalError> {
        let user = User::to_run_as()?;
        let binaries = find(user.as_ref())?;
        let place = Place::kept(folder, binaries.major(), user)?;
        Self::run(place, binaries, durability)
    }

    /// Starts an empty cluster that removes itself when this process ends, even by `kill -9`. In memory where there
    /// is room.
    pub fn throwaway() -> Result<Self, LocalError> {
        let user = User::to_run_as()?;
        let binaries = find(user.as_ref())?;
        let place = Place::throwaway(user)?;
        Self::run(place, binaries, Durability::None)
    }

    fn run(place: Place, binaries: Binaries, durability: Durability) -> Result<Self, LocalError> {
        // The leash and Postgres inherit this open file, so the lock lasts until the last of them is gone: also
        // through a shutdown that is still under way.
        let log = place.open_log()?;
        let began = Instant::now();
        let mut told = false;
        while !place.lock(&log)? {
            if place.is_answering() {
                let password = place.password()?;
                return Ok(Self { place, password, binaries, leash: None });
            }
            if began.elapsed() > PATIENCE {
                return Err(LocalError::Held(place.folder().to_owned()));
            }
            if !told && began.elapsed() > Duration::from_secs(1) {
                told = true;
                tracing::info!("waiting for another program that starts or stops the private database");
            }
            sleep(Duration::from_millis(10));
        }
        let password = place.password()?;
        place.forget_the_dead()?;
        if !place.data().exists() {
            make_cluster(&place, &binaries, &log, durability)?;
        }
        let leash = Leash::start(&place, &binaries, &log, durability)?;
        wait_until_ready(&place, &log, &leash)?;
        Ok(Self { place, password, binaries, leash: Some(leash) })
    }

    /// The folder of the socket, for `PgConnectOptions::socket`.
    pub fn socket_dir(&self) -> &Path {
        self.place.socket()
    }

    /// The login that may do everything. The application makes its own.
    pub fn superuser(&self) -> &'static str {
        SUPERUSER
    }

    /// The superuser's password.
    pub fn password(&self) -> &SecretString {
        &self.password
    }

    /// The folder with data, log and password.
    pub fn folder(&self) -> &Path {
        self.place.folder()
    }

    /// Which Postgres this is.
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// Whether another program started it, and will end it.
    pub fn is_borrowed(&self) -> bool {
        self.leash.is_none()
    }

    /// An address for programs that take one (sqlx-cli, psql). It holds a password: hand it over in the environment,
    /// never on a command line or in a log.
    pub fn url(&self, database: &str, user: &str, password: &SecretString) -> SecretString {
        let [user, password, database, socket] =
            [user, password.expose_secret(), database, &self.socket_dir().to_string_lossy()].map(percent_encoded);
        format!("postgres://{user}:{password}@localhost/{database}?host={socket}").into()
    }

    /// What a developer types to look inside. Names the password's file, not the password.
    pub fn psql_command(&self, database: &str) -> String {
        let bundled = self.binaries.folder().join("psql");
        let psql = if bundled.exists() { bundled } else { PathBuf::from("psql") };
        format!(
            "PGPASSWORD=\"$(cat '{}')\" {} -h '{}' -U {SUPERUSER} {database}",
            self.place.password_file().display(),
            psql.display(),
            self.socket_dir().display(),
        )
    }
}

fn find(user: Option<&User>) -> Result<Binaries, LocalError> {
    let places = binaries::Places::of_this_machine(user);
    places.search(user).ok_or_else(|| LocalError::NoPostgres { looked_in: places.described() })
}

/// A cluster counts only once it has its final name, so one that was interrupted half-way is begun anew.
fn make_cluster(place: &Place, binaries: &Binaries, log: &File, durability: Durability) -> Result<(), LocalError> {
    tracing::info!(folder = %place.folder().display(), postgres = binaries.version(), "making a private database");
    let unfinished = place.folder().join("data.unfinished");
    // C.UTF-8 knows å, ä and ö without depending on a language pack. Where the system lacks it the plain locale serves:
    // Swedish order comes from ICU in any case.
    let mut outcome = Ok(());
    for locale in ["--locale=C.UTF-8", "--locale=C"] {
        place.empty_folder(&unfinished)?;
        let mut command = place.command(&binaries.folder().join("initdb"));
        command.args(["--encoding=UTF8", "--auth=scram-sha-256", "--username", SUPERUSER, locale]);
        command.arg("--pwfile").arg(place.password_file()).arg("--pgdata").arg(&unfinished);
        if durability == Durability::None {
            command.arg("--no-sync");
        }
        outcome = finished("initdb", &mut command, log);
        if outcome.is_ok() {
            return fs::rename(&unfinished, place.data()).map_err(LocalError::file(&unfinished));
        }
    }
    outcome
}

fn finished(program: &'static str, command: &mut Command, log: &File) -> Result<(), LocalError> {
    let failed = |error: io::Error| LocalError::Failed { program, reason: error.to_string() };
    command.stdin(Stdio::null()).stdout(log.try_clone().map_err(failed)?).stderr(log.try_clone().map_err(failed)?);
    if command.status().map_err(failed)?.success() {
        Ok(())
    } else {
        Err(LocalError::Failed { program, reason: last_words(log) })
    }
}

/// A pid file is no proof of life (a zombie has one too), and the word "ready" in it is written before the socket
/// answers to us: both together count.
fn wait_until_ready(place: &Place, log: &File, leash: &Leash) -> Result<(), LocalError> {
    let began = Instant::now();
    let mut told = false;
    while !place.is_answering() {
        if leash.has_ended() || began.elapsed() > PATIENCE {
            return Err(LocalError::Failed { program: "postgres", reason: last_words(log) });
        }
        if !told && began.elapsed() > Duration::from_secs(1) {
            told = true;
            tracing::info!("the private database is still starting: it may be recovering after a power cut");
        }
        sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// The end of the server's log. It holds no values: see the settings in `leash`.
fn last_words(mut log: &File) -> String {
    const SHOWN: u64 = 800;
    let length = log.metadata().map_or(0, |metadata| metadata.size());
    let mut text = Vec::new();
    let read = log.seek(SeekFrom::Start(length.saturating_sub(SHOWN))).and_then(|_| log.read_to_end(&mut text));
    match read {
        Ok(_) => String::from_utf8_lossy(&text).trim().to_owned(),
        Err(error) => error.to_string(),
    }
}

fn percent_encoded(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests;
