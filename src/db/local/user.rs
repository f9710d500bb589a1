//! Who we are, and who runs Postgres when we are root: it refuses to run as root itself.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::LocalError;

/// The user that runs Postgres when we are root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct User {
    uid: u32,
    gid: u32,
}

impl User {
    /// `None`: we are an ordinary user and run it ourselves.
    pub(super) fn to_run_as() -> Result<Option<Self>, LocalError> {
        if own_uid()? != 0 {
            return Ok(None);
        }
        let passwd = Path::new("/etc/passwd");
        let text = fs::read_to_string(passwd).map_err(LocalError::file(passwd))?;
        Self::among(&text).map(Some).ok_or(LocalError::NoUser)
    }

    fn among(passwd: &str) -> Option<Self> {
        let named = |name| {
            let mut fields = passwd
                .lines()
                .map(|line| line.split(':'))
                .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
            Some(Self { uid: fields.nth(1)?.parse().ok()?, gid: fields.next()?.parse().ok()? })
        };
        named("postgres").or_else(|| named("nobody"))
    }

    pub(super) fn uid(self) -> u32 {
        self.uid
    }

    pub(super) fn gid(self) -> u32 {
        self.gid
    }

    pub(super) fn gets_into(self, folder: &Path) -> bool {
        let mut test = run_as("/bin/sh".as_ref(), Some(&self));
        test.args(["-c", "test -x \"$1\"", "sh"]).arg(folder);
        test.stdin(Stdio::null()).status().is_ok_and(|status| status.success())
    }
}

/// The standard library does not tell who we are without `unsafe`.
pub(super) fn own_uid() -> Result<u32, LocalError> {
    let failed = |reason: String| LocalError::Failed { program: "id -u", reason };
    let output = Command::new("id").arg("-u").output().map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| failed(format!("{text:?} is not a number")))
}

/// A program in a clean environment (no `PG…` variable of the developer's can change it), as the user if there is one.
/// The standard library clears root's supplementary groups on the way.
pub(super) fn run_as(program: &Path, user: Option<&User>) -> Command {
    let mut command = Command::new(program);
    if let Some(user) = user {
        command.uid(user.uid).gid(user.gid);
    }
    command
        .env_clear()
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .current_dir("/");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_runs_postgres_as_postgres_or_else_as_nobody() {
        let nobody = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533:nobody:/:/bin/false\n";
        assert_eq!(User::among(nobody), Some(User { uid: 65534, gid: 65533 }));
        let both = format!("{nobody}postgres:x:101:104:PostgreSQL,,,:/var/lib/postgresql:/bin/bash\n");
        assert_eq!(User::among(&both), Some(User { uid: 101, gid: 104 }));
        assert_eq!(User::among("root:x:0:0::/root:/bin/sh\npostgresql:x:7:7::/:\n"), None);
    }
}
