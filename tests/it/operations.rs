//! The program as its operator meets it: the built binary, a Postgres of its own, settings in the environment, from the
//! first migration to the last signal. The same steps as docker-compose.yml.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use secrecy::ExposeSecret;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Executor};
use utvag::db::local::LocalServer;
use uuid::Uuid;

/// A server, an empty database, a folder with secrets; nothing of ours in it yet.
struct Site {
    server: LocalServer,
    folder: PathBuf,
}

impl Site {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("utvag-site-{}", Uuid::new_v4().simple()));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("app_password"), "lösenord med ' och %\n").unwrap();
        Self { server: LocalServer::throwaway().unwrap(), folder }
    }

    fn owner(&self) -> String {
        self.server.url("postgres", self.server.superuser(), self.server.password()).expose_secret().to_owned()
    }

    /// The program's own login, without its password.
    fn app(&self) -> String {
        let url = self.owner();
        let (_, rest) = url.split_once('@').unwrap();
        format!("postgres://utvag_app@{rest}")
    }

    fn keys(&self) -> PathBuf {
        self.folder.join("keys")
    }

    /// The binary with everything set as it should be.
    fn utvag(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_utvag"));
        command.args(arguments).env_clear().current_dir(&self.folder);
        command.env("PATH", std::env::var_os("PATH").unwrap());
        command.env("UTVAG_OWNER_DATABASE_URL", self.owner()).env("DATABASE_URL", self.app());
        command.env("UTVAG_APP_PASSWORD_FILE", self.folder.join("app_password"));
        command.env("UTVAG_DATABASE_PASSWORD_FILE", self.folder.join("app_password"));
        command.env("UTVAG_KEYS", self.keys()).env("UTVAG_LISTEN", "127.0.0.1:0");
        command.env("UTVAG_SEAL_FILE", self.folder.join("seals")).env("UTVAG_KEYS_REQUIRED", "no");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.utvag(arguments).output().unwrap()
    }

    #[track_caller]
    fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Ended with this status and said so in one line that names what to do.
#[track_caller]
fn refused(output: &Output, status: i32, said: &str) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), text.contains(said)), (Some(status), true), "{text}");
    assert!(!text.contains("lösenord med"), "a secret was printed: {text}");
}

const FIRST: [&str; 13] = [
    "bootstrap",
    "--municipality",
    "Provbo kommun",
    "--municipality-code",
    "9998",
    "--unit",
    "Utvägsenheten",
    "--user-name",
    "tore.alm",
    "--name",
    "Tore Alm",
    "--title",
    "Systemförvaltare",
];

/// A program that serves, and where.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
        let Some(address) = first.trim().strip_prefix("Utväg: http://") else {
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            panic!("it did not serve: {first}{said}");
        };
        let address = address.to_owned();
        Self { child, address }
    }

    /// What stands on the page, through a client that is none of ours.
    fn page(&self, path: &str) -> String {
        use std::io::Write;
        let mut stream = std::net::TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asked to stop, as by a service manager; its status.
    fn stops(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

#[test]
fn the_program_is_set_up_served_and_stopped_by_its_verbs_alone() {
    let site = Site::new();
    refused(&site.run(&["serve"]), 78, "keys is missing");
    assert!(site.succeeds(&["create-keys", site.keys().to_str().unwrap()]).contains("Keep a copy"));
    refused(&site.run(&["serve"]), 1, "utvag_app");

    assert!(site.succeeds(&["migrate"]).contains("newest migration"));
    assert!(site.succeeds(&["migrate"]).contains("newest migration"), "a second time there is nothing to do");
    let said = site.succeeds(&FIRST);
    assert!(said.contains("Activation code for tore.alm: ") && said.contains("/aktivera"), "{said}");
    refused(&site.run(&FIRST), 1, "Det finns redan en systemadministratör");

    let serving = Serving::start(site.utvag(&["serve"]));
    let page = serving.page("/logga-in");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("Provbo kommun"), "{page}");
    assert!(!page.contains("tore.alm") && !page.contains("Påhittade användare"), "{page}");
    let health = |address: &str| site.utvag(&["health"]).env("UTVAG_LISTEN", address).status().unwrap().success();
    assert!(health(&serving.address));
    let address = serving.address.clone();
    // A second or two later the log is sealed, and the seal stands outside the database.
    let seals = site.folder.join("seals");
    for _ in 0..100 {
        if seals.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(serving.stops(), Some(0));
    assert!(!health(&address));
    let verified = site.succeeds(&["verify-log"]);
    assert!(verified.contains(" rows, "), "{verified}");

    // Out of the house as a file, and checked there without database or secret; against the seals that left it too.
    let said = site.succeeds(&["export-log", "log.jsonl"]);
    let key = said.trim().rsplit(' ').next().unwrap();
    refused(&site.run(&["export-log", "log.jsonl"]), 1, "log.jsonl");
    let anchors = std::fs::read_to_string(seals).unwrap();
    assert!(anchors.starts_with("1 "), "{anchors}");
    let offline = |arguments: &[&str]| {
        let mut command = site.utvag(arguments);
        command.env_remove("DATABASE_URL").env_remove("UTVAG_DATABASE_PASSWORD_FILE");
        command
    };
    for how in [&["verify-log", "log.jsonl"][..], &["verify-log", "log.jsonl", "--anchors", "seals"]] {
        assert!(offline(how).output().unwrap().status.success());
    }
    let mut without = offline(&["verify-log", "log.jsonl", "--key", key, "--anchors", "seals"]);
    assert!(without.env_remove("UTVAG_KEYS").output().unwrap().status.success());
    // Or encrypted to whoever receives it, who opens it there.
    let identity = age::x25519::Identity::generate();
    std::fs::write(site.folder.join("identity"), identity.to_string().expose_secret()).unwrap();
    site.succeeds(&["export-log", "log.age", "--to", &identity.to_public().to_string()]);
    refused(&offline(&["verify-log", "log.age"]).output().unwrap(), 1, "--identity");
    let opened = ["verify-log", "log.age", "--identity", "identity", "--key", key, "--anchors", "seals"];
    assert!(offline(&opened).env_remove("UTVAG_KEYS").output().unwrap().status.success());
    let log = std::fs::read_to_string(site.folder.join("log.jsonl")).unwrap();
    std::fs::write(site.folder.join("log.jsonl"), log.replace("account.created", "account.creaded")).unwrap();
    let found = offline(&["verify-log", "log.jsonl", "--key", key]).output().unwrap();
    assert_eq!(found.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&found.stdout).contains("gives another root") || !found.stdout.is_empty());
}

#[test]
fn colleagues_are_let_in_and_thrown_out_from_the_terminal() {
    let site = Site::new();
    site.succeeds(&["create-keys", site.keys().to_str().unwrap()]);
    site.succeeds(&["migrate"]);
    let karin = ["--user-name", "karin.holm", "--name", "Karin Holm", "--title", "Samordnare", "--role", "coordinator"];
    let add: Vec<&str> = ["user", "add"].into_iter().chain(karin).collect();
    refused(&site.run(&add), 1, "bootstrap");
    site.succeeds(&FIRST);
    let code = |said: &str| said.lines().next().unwrap().rsplit(' ').next().unwrap().to_owned();
    let first = code(&site.succeeds(&add));
    refused(&site.run(&add), 1, "Användarnamnet är upptaget");
    let second = code(&site.succeeds(&["user", "code", " Karin.Holm "]));
    assert_ne!(first, second);
    assert!(site.succeeds(&["user", "end-sessions", "karin.holm"]).starts_with("0 sessions"));
    let said = site.succeeds(&["exposure", "karin.holm", "--since", "2026-01-01"]);
    assert!(said.starts_with("case\tdanger"), "{said}");
    assert!(site.succeeds(&["user", "unlock", "karin.holm"]).contains("can sign in again"));
    assert_eq!(site.succeeds(&["on-call"]), "Utvägsenheten: not on call\n");
    for _ in 0..2 {
        assert_eq!(site.succeeds(&["on-call", "Utvägsenheten"]), "Utvägsenheten: on call\n");
    }
    assert_eq!(site.succeeds(&["on-call"]), "Utvägsenheten: on call\n");
    assert_eq!(site.succeeds(&["on-call", "Utvägsenheten", "--off"]), "Utvägsenheten: not on call\n");
    refused(&site.run(&["on-call", "Jouren"]), 1, "Ingen enhet heter så");
    refused(&site.run(&["user", "code", "ingen.alls"]), 1, "Ingen har det användarnamnet");
    refused(&site.run(&["user", "add", "--role", "boss"]), 2, "coordinator");
}

#[tokio::test]
async fn it_does_not_serve_where_a_wall_is_missing() {
    let site = Site::new();
    site.succeeds(&["create-keys", site.keys().to_str().unwrap()]);
    site.succeeds(&["migrate"]);
    // Under the owner's login, which sees past row security.
    let mut as_owner = site.utvag(&["serve"]);
    as_owner.env("DATABASE_URL", site.owner()).env_remove("UTVAG_DATABASE_PASSWORD_FILE");
    refused(&as_owner.output().unwrap(), 1, "radskyddet");
    // With keys that others may read.
    let data = site.keys().join("data.key");
    let mode = |mode| std::fs::set_permissions(&data, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o644);
    refused(&site.run(&["serve"]), 78, "chmod go=");
    mode(0o600);
    // Against a database of another version.
    let owner: PgConnectOptions = site.owner().parse().unwrap();
    let mut owner = owner.connect().await.unwrap();
    owner.execute("insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (9999, 'x', true, '\\x00', 0)").await.unwrap();
    refused(&site.run(&["serve"]), 1, "newer than the program");
    owner.execute("delete from _sqlx_migrations where version in (9999, 11)").await.unwrap();
    refused(&site.run(&["serve"]), 1, "run utvag migrate");
}

#[test]
fn a_setting_that_is_wrong_is_named() {
    let site = Site::new();
    for (name, value) in [
        ("UTVAG_LISTEN", "8080"),
        ("UTVAG_ORIGIN", "utvag.example.se"),
        ("UTVAG_DATABASE_PASSWORD_FILE", "/finns/inte"),
        ("DATABASE_URL", "sqlite://x"),
    ] {
        refused(&site.utvag(&["serve"]).env(name, value).output().unwrap(), 78, name);
    }
    refused(&site.utvag(&["serve"]).env_remove("UTVAG_KEYS").output().unwrap(), 78, "UTVAG_KEYS");
    refused(&site.utvag(&["serve"]).env("UTVAG_PROXIES", "10.0.0.0/8,proxyn").output().unwrap(), 78, "UTVAG_PROXIES");
}

#[test]
fn why_there_is_no_way_to_the_database_is_said_in_one_plain_sentence() {
    let site = Site::new();
    site.succeeds(&["create-keys", site.keys().to_str().unwrap()]);
    site.succeeds(&["migrate"]);
    let towards = |url: &str| site.utvag(&["serve"]).env("DATABASE_URL", url).output().unwrap();
    refused(&towards("postgres://utvag_app@127.0.0.1:1/utvag"), 69, "The database at 127.0.0.1:1 does not answer");
    refused(&towards(&site.app().replace("/postgres?", "/finnsinte?")), 1, "There is no database finnsinte");
    std::fs::write(site.folder.join("fel"), "lösenord med fel").unwrap();
    for verb in ["serve", "verify-log"] {
        let mut with_wrong = site.utvag(&[verb]);
        with_wrong.env("UTVAG_DATABASE_PASSWORD_FILE", site.folder.join("fel"));
        refused(&with_wrong.output().unwrap(), 1, "does not let utvag_app in: check the password");
    }
    let mut no_owner = site.utvag(&["migrate"]);
    no_owner.env("UTVAG_OWNER_DATABASE_URL", "postgres://owner@127.0.0.1:1/utvag");
    refused(&no_owner.output().unwrap(), 69, "does not answer");
}

fn is_running(postgres: &Path) -> bool {
    let pid = std::fs::read_to_string(postgres.join("postmaster.pid")).unwrap_or_default();
    let pid = pid.lines().next().unwrap_or_default().to_owned();
    !pid.is_empty() && Path::new("/proc").join(pid).exists()
}

#[test]
fn a_private_house_reuses_its_data_and_survives_being_killed() {
    let site = Site::new();
    let data = site.folder.join("var");
    let private = || {
        let mut command = site.utvag(&["serve", "--data-dir", data.to_str().unwrap(), "--demo"]);
        for name in ["DATABASE_URL", "UTVAG_KEYS", "UTVAG_DATABASE_PASSWORD_FILE", "UTVAG_OWNER_DATABASE_URL"] {
            command.env_remove(name);
        }
        command
    };
    let first = Serving::start(private());
    assert!(first.page("/logga-in").contains("karin.holm"));
    let second = Serving::start({
        let other = site.folder.join("annan");
        let mut command = site.utvag(&["serve", "--data-dir", other.to_str().unwrap()]);
        command.env_remove("DATABASE_URL");
        command
    });
    assert_ne!(first.address, second.address, "the next free port");
    assert_eq!(second.stops(), Some(0));

    let postgres = std::fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_name().unwrap().to_string_lossy().starts_with("pg-"));
    let postgres = postgres.unwrap();
    let running = if postgres.join("data").exists() { postgres.join("data") } else { postgres };
    assert!(is_running(&running), "{}", running.display());
    let mut killed = first;
    killed.child.kill().unwrap();
    killed.child.wait().unwrap();
    let began = std::time::Instant::now();
    while is_running(&running) {
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "Postgres runs on without its program");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let again = Serving::start(private());
    assert!(again.page("/logga-in").contains("karin.holm"));
    assert_eq!(again.stops(), Some(0));
    assert!(!is_running(&running));
}

#[test]
fn without_postgres_every_way_out_is_named() {
    let site = Site::new();
    let empty = site.folder.join("tomt");
    std::fs::create_dir(&empty).unwrap();
    let mut command = site.utvag(&["serve", "--data-dir", site.folder.join("var").to_str().unwrap()]);
    let output = command.env_remove("DATABASE_URL").env("UTVAG_PG_BIN", &empty).output().unwrap();
    for way in ["apt-get install postgresql", "brew install", "UTVAG_PG_BIN", "DATABASE_URL"] {
        refused(&output, 69, way);
    }
}
