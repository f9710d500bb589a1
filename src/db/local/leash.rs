//! The leash: a small shell between us and Postgres that ends the server when our end of a pipe closes, which the
//! kernel does however we die. No signals to parents: those fire when a thread ends, and are lost with a change of user.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::binaries::Binaries;
use super::place::Place;
use super::{Durability, LocalError};

/// `wait` stands in the shell that started the server: where the machine's first process does not reap, a watcher that
/// asks for the pid would find the zombie alive for ever. SIGINT is Postgres's fast shutdown. `$REMOVE` names a
/// throw-away cluster, which removes itself.
const SCRIPT: &str = r#"
exec 3<&0 </dev/null
"$@" 3<&- & server=$!
(read -r _ <&3; kill -INT $server 2>/dev/null) & watcher=$!
exec 3<&-
wait $server; status=$?
kill $watcher 2>/dev/null
[ -z "$REMOVE" ] || rm -rf "$REMOVE"
exit $status
"#;

/// Our logs hold no personal data, and this one is no exception. Parameters, statements and the detail of an error
/// ("Failing row contains …") all carry values, and even the text of an error may; so the server logs its own
/// life and nothing of what it was asked. The program reports errors itself, without values.
const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "shared_buffers=32MB",
    "max_connections=200",
    "log_statement=none",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_min_messages=log",
    "log_min_duration_statement=-1",
    // One way out for log lines: the file that we opened and that holds the lock.
    "logging_collector=off",
    "log_destination=stderr",
    "timezone=UTC",
    "log_timezone=UTC",
];

const THROWAWAY_SETTINGS: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "autovacuum=off",
    "max_wal_size=4GB",
];

/// A held server.
#[derive(Debug)]
pub(super) struct Leash {
    shell: Mutex<Child>,
    end: Option<ChildStdin>,
}

impl Leash {
    pub(super) fn start(
        place: &Place,
        binaries: &Binaries,
        log: &File,
        durability: Durability,
    ) -> Result<Self, LocalError> {
        let failed = |error: std::io::Error| LocalError::Failed { program: "sh", reason: error.to_string() };
        let mut command = place.command("/bin/sh".as_ref());
        command.args(["-c", SCRIPT, "utvag-leash"]).arg(binaries.folder().join("postgres"));
        command.arg("-D").arg(place.data());
        command.arg("-c").arg(format!("unix_socket_directories={}", place.socket().display()));
        let fast: &[&str] = if durability == Durability::None { THROWAWAY_SETTINGS } else { &[] };
        for setting in SETTINGS.iter().chain(fast) {
            command.args(["-c", setting]);
        }
        if let Some(folder) = place.to_remove() {
            command.env("REMOVE", folder);
        }
        command.stdin(Stdio::piped());
        command.stdout(log.try_clone().map_err(failed)?).stderr(log.try_clone().map_err(failed)?);
        // A group of its own, or Ctrl-C in the terminal stops Postgres before the program has drained.
        command.process_group(0);
        let mut shell = command.spawn().map_err(failed)?;
        let end = shell.stdin.take();
        Ok(Self { shell: Mutex::new(shell), end })
    }

    pub(super) fn has_ended(&self) -> bool {
        let mut shell = self.shell.lock().unwrap_or_else(PoisonError::into_inner);
        !matches!(shell.try_wait(), Ok(None))
    }
}

impl Drop for Leash {
    /// Lets go and waits, so that what comes after finds the server gone. Not for ever: the shell goes on without us.
    fn drop(&mut self) {
        drop(self.end.take());
        let began = Instant::now();
        while !self.has_ended() && began.elapsed() < Duration::from_secs(20) {
            sleep(Duration::from_millis(5));
        }
    }
}
