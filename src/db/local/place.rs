//! Where a cluster lies. A kept one: `<folder>/pg-<major>/{data,socket,password,postgres.log}`.
//! As root another user runs Postgres, and everything must lie where that user gets in.

use std::env;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use secrecy::{ExposeSecret, SecretString};

use super::LocalError;
use super::user::{User, own_uid, run_as};

/// The kernel's limit is 107 bytes on Linux and 103 on macOS; Postgres makes a lock file beside the socket, which has
/// no such limit.
const LONGEST_SOCKET: usize = 103;
const SOCKET: &str = ".s.PGSQL.5432";
const LOG: &str = "postgres.log";
const THROWAWAY: &str = "utvag-throwaway-";
/// A log that nobody reads should not fill a disk.
const LONGEST_LOG: u64 = 8 << 20;

/// The folders of one cluster.
#[derive(Debug)]
pub(super) struct Place {
    folder: PathBuf,
    socket: PathBuf,
    user: Option<User>,
    throwaway: bool,
}

impl Place {
    pub(super) fn kept(folder: &Path, major: u32, user: Option<User>) -> Result<Self, LocalError> {
        let folder = std::path::absolute(folder).map_err(LocalError::file(folder))?;
        let folder = reachable(folder, user)?.join(format!("pg-{major}"));
        // Root keeps this one and lets the other user only through it; else that user could put links in root's way.
        private_folder(&folder, None, if user.is_some() { 0o711 } else { 0o700 })?;
        let socket = short_socket(&folder);
        private_folder(&socket, user, 0o700)?;
        Ok(Self { folder, socket, user, throwaway: false })
    }

    pub(super) fn throwaway(user: Option<User>) -> Result<Self, LocalError> {
        let base = throwaway_base(user);
        sweep(&base, user.map_or_else(own_uid, |user| Ok(user.uid()))?);
        let folder = base.join(format!("{THROWAWAY}{}", random_text::<8>()?));
        // Owned by the user who will remove it.
        private_folder(&folder, user, 0o700)?;
        let socket = folder.join("socket");
        private_folder(&socket, user, 0o700)?;
        Ok(Self { folder, socket, user, throwaway: true })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(super) fn password_file(&self) -> PathBuf {
        self.folder.join("password")
    }

    pub(super) fn to_remove(&self) -> Option<&Path> {
        self.throwaway.then_some(self.folder.as_path())
    }

    pub(super) fn command(&self, program: &Path) -> Command {
        run_as(program, self.user.as_ref())
    }

    /// Opens the log, which is also the lock.
    pub(super) fn open_log(&self) -> Result<File, LocalError> {
        let path = self.folder.join(LOG);
        let open = |path: &Path| {
            OpenOptions::new()
                .create(true)
                .read(true)
                .append(true)
                .mode(0o600)
                .open(path)
                .map_err(LocalError::file(path))
        };
        if !self.throwaway {
            return open(&path);
        }
        // Locked before it gets the name that `sweep` looks for, so that nobody takes it for an abandoned one.
        let unnamed = self.folder.join("unlocked.log");
        let log = open(&unnamed)?;
        self.lock(&log)?;
        fs::rename(&unnamed, &path).map_err(LocalError::file(&path))?;
        Ok(log)
    }

    /// Takes the lock if it is free. Taking it again through the same open file is no error.
    pub(super) fn lock(&self, log: &File) -> Result<bool, LocalError> {
        match log.try_lock() {
            Ok(()) => {
                if log.metadata().is_ok_and(|metadata| metadata.size() > LONGEST_LOG) {
                    log.set_len(0).map_err(LocalError::file(&self.folder))?;
                }
                Ok(true)
            }
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(LocalError::file(&self.folder.join(LOG))(error)),
        }
    }

    pub(super) fn is_answering(&self) -> bool {
        let status = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        status.lines().nth(7).is_some_and(|line| line.trim() == "ready")
            && UnixStream::connect(self.socket.join(SOCKET)).is_ok()
    }

    /// Under our lock no server of ours is alive. Postgres asks only whether the number in its pid file is somebody's,
    /// and a zombie or a stranger with that number would keep it from starting.
    pub(super) fn forget_the_dead(&self) -> Result<(), LocalError> {
        let pid_file = self.data().join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&pid_file) else { return Ok(()) };
        let pid = text.lines().next().unwrap_or_default().trim();
        // Somebody may have started it by hand, past our lock: the server's working folder is its data. Where the
        // kernel does not tell, Postgres's own check stands.
        let alive = match fs::read_link(format!("/proc/{pid}/cwd")) {
            Ok(folder) => fs::canonicalize(self.data()).is_ok_and(|data| data == folder),
            Err(_) => !Path::new("/proc/self/cwd").exists(),
        };
        if alive {
            return Ok(());
        }
        for file in [pid_file, self.socket.join(SOCKET), self.socket.join(format!("{SOCKET}.lock"))] {
            match fs::remove_file(&file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(LocalError::file(&file)(error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// The superuser's password, made at the first call. Its file belongs to the user who runs initdb, who must read it.
    pub(super) fn password(&self) -> Result<SecretString, LocalError> {
        let path = self.password_file();
        match fs::read_to_string(&path) {
            Ok(text) if !text.trim().is_empty() => return Ok(text.trim().into()),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(LocalError::file(&path)(error)),
            _ => {}
        }
        let password = SecretString::from(random_text::<24>()?);
        let write = || {
            let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&path)?;
            file.write_all(password.expose_secret().as_bytes())?;
            self.user.map_or(Ok(()), |user| chown(&path, Some(user.uid()), Some(user.gid())))
        };
        write().map_err(LocalError::file(&path))?;
        Ok(password)
    }

    /// An empty folder for the user who runs Postgres.
    pub(super) fn empty_folder(&self, folder: &Path) -> Result<(), LocalError> {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(LocalError::file(folder))?;
        }
        private_folder(folder, self.user, 0o700)
    }
}

fn random_text<const BYTES: usize>() -> Result<String, LocalError> {
    let mut random = [0; BYTES];
    getrandom::fill(&mut random)
        .map_err(|error| LocalError::Failed { program: "the random generator", reason: error.to_string() })?;
    Ok(data_encoding::HEXLOWER.encode(&random))
}

/// Makes the folder, or makes sure of one that exists: in a folder that everyone may write to, somebody else may have
/// put one there under our name.
fn private_folder(folder: &Path, user: Option<User>, mode: u32) -> Result<(), LocalError> {
    let owner = user.map_or_else(own_uid, |user| Ok(user.uid()))?;
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let found = fs::symlink_metadata(folder).map_err(LocalError::file(folder))?;
            // A folder of root's that was not yet given away was ours a moment ago.
            if !found.is_dir() || (found.uid() != owner && found.uid() != own_uid()?) {
                return Err(LocalError::Foreign(folder.to_owned()));
            }
        }
        Err(error) => return Err(LocalError::file(folder)(error)),
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(mode)).map_err(LocalError::file(folder))?;
    user.map_or(Ok(()), |user| chown(folder, Some(user.uid()), Some(user.gid()))).map_err(LocalError::file(folder))
}

/// The folder itself, or where the user who runs Postgres would not get in (a checkout under root's home) one in the
/// system's own, named after it.
fn reachable(folder: PathBuf, user: Option<User>) -> Result<PathBuf, LocalError> {
    fs::create_dir_all(&folder).map_err(LocalError::file(&folder))?;
    let Some(user) = user.filter(|user| !user.gets_into(&folder)) else { return Ok(folder) };
    let name = format!("utvag-{}", hashed(&folder));
    let base = [Path::new("/var/lib"), Path::new("/var/tmp")].into_iter().find(|base| user.gets_into(base));
    let elsewhere = base.unwrap_or(Path::new("/tmp")).join(name);
    private_folder(&elsewhere, None, 0o711)?;
    Ok(elsewhere)
}

/// A deep checkout has no room for a socket: then it gets a short folder of its own.
fn short_socket(folder: &Path) -> PathBuf {
    let socket = folder.join("socket");
    if fits_a_socket(&socket) { socket } else { Path::new("/tmp").join(format!("utvag-socket-{}", hashed(folder))) }
}

fn fits_a_socket(folder: &Path) -> bool {
    folder.as_os_str().as_bytes().len() + "/".len() + SOCKET.len() <= LONGEST_SOCKET
}

/// Tells checkouts apart; guards nothing.
fn hashed(path: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Memory where there is a gigabyte of it, else the first temporary folder that can be used.
fn throwaway_base(user: Option<User>) -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let usable = |base: &PathBuf| {
        fits_a_socket(&base.join(format!("{THROWAWAY}0123456789abcdef/socket")))
            && user.is_none_or(|user| user.gets_into(base))
    };
    let roomy = free_megabytes(&memory) >= 1024;
    roomy.then_some(memory).into_iter().chain([env::temp_dir()]).find(usable).unwrap_or_else(|| PathBuf::from("/tmp"))
}

fn free_megabytes(folder: &Path) -> u64 {
    let output = Command::new("df").arg("-Pk").arg(folder).stderr(Stdio::null()).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let kilobytes = text.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)).and_then(|n| n.parse().ok());
    kilobytes.map_or(0, |kilobytes: u64| kilobytes / 1024)
}

/// Removes what a power cut or a killed leash left: throw-away clusters whose lock nobody holds. Those of others are
/// theirs to sweep: a stranger's folder may hold traps.
fn sweep(base: &Path, owner: u32) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let named = entry.file_name().as_bytes().starts_with(THROWAWAY.as_bytes());
        let ours = entry.metadata().is_ok_and(|found| found.is_dir() && found.uid() == owner);
        if named && ours && File::open(entry.path().join(LOG)).is_ok_and(|log| log.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deep_checkout_gets_a_short_socket_of_its_own() {
        assert_eq!(short_socket(Path::new("/home/eva/utvag/var/pg-15")), Path::new("/home/eva/utvag/var/pg-15/socket"));
        let deep = PathBuf::from(format!("/home/{}/var/pg-15", "d".repeat(80)));
        let deeper = PathBuf::from(format!("/home/{}/var/pg-15", "d".repeat(81)));
        assert!(fits_a_socket(&short_socket(&deep)));
        assert!(short_socket(&deep).starts_with("/tmp"));
        assert_ne!(short_socket(&deep), short_socket(&deeper));
    }

    #[test]
    fn a_cluster_under_roots_own_home_moves_to_where_postgres_gets_in() {
        let Some(user) = User::to_run_as().unwrap() else { return };
        let closed = env::temp_dir().join(format!("utvag-closed-{}", std::process::id()));
        DirBuilder::new().mode(0o700).create(&closed).unwrap();
        let moved = reachable(closed.join("var"), Some(user)).unwrap();
        assert!(!moved.starts_with(&closed) && user.gets_into(&moved), "{}", moved.display());
        assert_eq!(reachable(closed.join("var"), Some(user)).unwrap(), moved, "the same checkout, the same folder");
        fs::remove_dir(&moved).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(reachable(closed.join("var"), Some(user)).unwrap(), closed.join("var"));
        fs::remove_dir_all(&closed).unwrap();
    }

    #[test]
    fn a_link_in_the_place_of_a_private_folder_is_refused() {
        let link = env::temp_dir().join(format!("utvag-link-{}", std::process::id()));
        std::os::unix::fs::symlink(env::temp_dir(), &link).unwrap();
        let refused = private_folder(&link, None, 0o700);
        fs::remove_file(&link).unwrap();
        assert!(matches!(refused, Err(LocalError::Foreign(_))), "{refused:?}");
    }

    #[test]
    fn sweeping_removes_abandoned_clusters_and_leaves_held_ones() {
        let base = env::temp_dir().join(format!("utvag-sweep-{}", std::process::id()));
        let [abandoned, held, starting, other] = ["1-0", "2-0", "3-0"]
            .map(|name| base.join(format!("{THROWAWAY}{name}")))
            .into_iter()
            .chain([base.join("other")])
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        for folder in [&abandoned, &held, &starting, &other] {
            fs::create_dir_all(folder).unwrap();
        }
        for folder in [&abandoned, &held, &other] {
            fs::write(folder.join(LOG), "").unwrap();
        }
        let lock = File::open(held.join(LOG)).unwrap();
        lock.try_lock().unwrap();
        sweep(&base, own_uid().unwrap());
        let left = [&abandoned, &held, &starting, &other].map(|folder| folder.exists());
        fs::remove_dir_all(&base).unwrap();
        assert_eq!(left, [false, true, true, true]);
    }
}
