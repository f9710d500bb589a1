//! The private server for real: every test here starts a Postgres. The holders are this same test binary, started
//! again, because what is tested is how a process dies.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::Child;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Executor};

use super::*;

const HOLD: &str = "UTVAG_TEST_HOLD";

fn in_runtime<F: Future>(work: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn connect(server: &LocalServer) -> sqlx::Result<PgConnection> {
    let options = PgConnectOptions::new_without_pgpass().socket(server.socket_dir()).database("postgres");
    options.username(server.superuser()).password(server.password().expose_secret()).connect().await
}

fn run(server: &LocalServer, sql: &'static str) -> sqlx::Result<u64> {
    in_runtime(async { Ok(connect(server).await?.execute(sql).await?.rows_affected()) })
}

/// A folder for a kept cluster, which ordinary clean-up removes.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("utvag-kept-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Starts this binary again to hold a server, and returns when it does; with the cluster's folder.
fn holder(what: &str) -> (Child, PathBuf) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "db::local::tests::somebody_else_can_hold_a_server", "--nocapture"])
        .env(HOLD, what)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.find_map(|line| line.split_once("holding ").map(|(_, folder)| folder.to_owned()));
    (child, line.expect("the holder holds").into())
}

fn kill_9(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn soon(what: &str, is_true: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_true() {
        assert!(began.elapsed() < Duration::from_secs(20), "still not true: {what}");
        sleep(Duration::from_millis(10));
    }
}

/// Waits to be killed when it is another test that runs it; by itself it shows that holding ends.
#[test]
fn somebody_else_can_hold_a_server() {
    let Some(what) = env::var_os(HOLD) else { return };
    let server = if what == "throwaway" {
        LocalServer::throwaway().unwrap()
    } else {
        LocalServer::start(Path::new(&what), Durability::Safe).unwrap()
    };
    println!("holding {}", server.folder().display());
    sleep(Duration::from_mins(1));
}

#[test]
fn a_throwaway_server_answers_and_is_gone_when_dropped() {
    let server = LocalServer::throwaway().unwrap();
    let major = server.binaries().major();
    in_runtime(async {
        let mut connection = connect(&server).await.unwrap();
        let url = server.url("postgres", server.superuser(), server.password());
        let mut by_url = url.expose_secret().parse::<PgConnectOptions>().unwrap().connect().await.unwrap();
        for connection in [&mut connection, &mut by_url] {
            let version = connection.server_version_num().unwrap();
            assert_eq!(version / 10_000, major);
        }
    });
    let folder = server.folder().to_owned();
    drop(server);
    assert!(!folder.exists(), "{} is still there", folder.display());
}

#[test]
fn a_wrong_password_opens_nothing() {
    let mut server = LocalServer::throwaway().unwrap();
    server.password = "wrong".to_owned().into();
    let refused = run(&server, "select 1").unwrap_err();
    assert_eq!(crate::error::sqlstate(&refused).as_deref(), Some("28P01"), "{refused}");
}

#[test]
fn a_throwaway_server_whose_holder_is_killed_leaves_nothing() {
    let (child, folder) = holder("throwaway");
    let socket = folder.join("socket/.s.PGSQL.5432");
    assert!(std::os::unix::net::UnixStream::connect(&socket).is_ok());
    kill_9(child);
    soon("the folder is gone", || !folder.exists());
}

#[test]
fn a_kept_cluster_outlives_a_killed_holder_with_its_data() {
    let folder = Folder::new("killed");
    let (child, _) = holder(folder.0.to_str().unwrap());
    let borrowed = LocalServer::start(&folder.0, Durability::Safe).unwrap();
    assert!(borrowed.is_borrowed());
    run(&borrowed, "create table kept (word text); insert into kept values ('still here')").unwrap();
    kill_9(child);
    // At once: the old server may still be going down.
    let server = loop {
        let server = LocalServer::start(&folder.0, Durability::Safe).unwrap();
        if !server.is_borrowed() {
            break server;
        }
        sleep(Duration::from_millis(10));
    };
    assert_eq!(run(&server, "select word from kept where word = 'still here'").unwrap(), 1);
}

#[test]
fn neither_half_a_cluster_nor_a_dead_servers_pid_file_hinders_a_start() {
    let folder = Folder::new("hindered");
    let user = User::to_run_as().unwrap();
    let place = Place::kept(&folder.0, find(user.as_ref()).unwrap().major(), user).unwrap();
    place.empty_folder(&place.folder().join("data.unfinished")).unwrap();
    fs::write(place.folder().join("data.unfinished/PG_VERSION"), "15\n").unwrap();
    drop(LocalServer::start(&folder.0, Durability::None).unwrap());
    // A stranger with the dead server's number, of the same user: Postgres alone would take it for a server.
    let mut stranger = place.command("sleep".as_ref()).arg("60").spawn().unwrap();
    let text =
        format!("{}\n{}\n1\n5432\n{}\n\n1 1\nready\n", stranger.id(), place.data().display(), place.socket().display());
    fs::write(place.data().join("postmaster.pid"), &text).unwrap();
    fs::write(place.socket().join(".s.PGSQL.5432.lock"), &text).unwrap();
    let started = LocalServer::start(&folder.0, Durability::None);
    kill_9({
        let _ = stranger.try_wait();
        stranger
    });
    assert_eq!(run(&started.unwrap(), "select 1").unwrap(), 1);
}

#[test]
fn two_that_start_at_once_share_one_server() {
    let folder = Folder::new("shared");
    std::thread::scope(|scope| {
        let starts = [(); 2].map(|()| scope.spawn(|| LocalServer::start(&folder.0, Durability::None).unwrap()));
        let [one, other] = starts.map(|start| start.join().unwrap());
        assert_ne!(one.is_borrowed(), other.is_borrowed());
        assert_eq!(one.socket_dir(), other.socket_dir());
        run(&one, "create table seen_by_both ()").unwrap();
        run(&other, "select from seen_by_both").unwrap();
    });
}

#[test]
fn the_servers_log_holds_no_values() {
    let server = LocalServer::throwaway().unwrap();
    run(&server, "create table person (name text unique, age int check (age < 200))").unwrap();
    run(&server, "insert into person values ('Secret', 7)").unwrap();
    let mistakes = [
        "insert into person values ('Secret', 8)",
        "insert into person values ('Secret2', 300)",
        "select 'Secret3'::uuid",
        "do $$ begin raise warning 'Secret4'; end $$",
    ];
    for sql in mistakes {
        let _ = run(&server, sql);
    }
    #[expect(clippy::disallowed_methods, reason = "bound parameters are what is tested, and there is no schema here")]
    let bound = in_runtime(async {
        sqlx::query("insert into person values ($1, $2)")
            .bind("Secret")
            .bind(9)
            .execute(&mut connect(&server).await?)
            .await
    });
    assert!(bound.is_err());
    let log = fs::read_to_string(server.folder().join("postgres.log")).unwrap();
    assert!(log.contains("ready to accept connections"), "{log}");
    assert!(!log.contains("Secret") && !log.contains("person"), "{log}");
}

#[test]
fn the_command_for_psql_tells_where_the_password_is_but_not_which() {
    let server = LocalServer::throwaway().unwrap();
    let command = server.psql_command("postgres");
    assert!(command.contains("/password") && !command.contains(server.password().expose_secret()), "{command}");
    assert!(!format!("{server:?}").contains(server.password().expose_secret()));
}
