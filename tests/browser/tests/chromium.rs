//! Finding and starting Chromium, through chromedriver, with a profile that nobody has used. Where there is none the
//! tests fail: a test that did not run has not passed. `./dev test` leaves them out there, and says so.

use std::env;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Once;
use std::time::Duration;

use thirtyfour::{ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;
use uuid::Uuid;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ARGUMENTS: [&str; 12] = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--lang=sv",
    // So that a test can ask what a thing is called when it is read aloud.
    "--enable-blink-features=ComputedAccessibilityInfo",
    "--window-size=1366,900",
];

/// A line that is read also when the test succeeds: the harness keeps only what goes through `print!`.
pub fn say_once(once: &Once, line: &str) {
    once.call_once(|| drop(writeln!(io::stderr(), "{line}")));
}

/// Chromium and its driver; both end with it, also when a test fails.
pub struct Chromium {
    pub driver: WebDriver,
    process: Process,
}

/// The driver's process and the browser's profile.
struct Process {
    _child: Child,
    // Kept open, or the driver would end on the next line it writes.
    _lines: Lines<BufReader<ChildStdout>>,
    port: u16,
    profile: PathBuf,
}

impl Drop for Chromium {
    /// Past the driver's own client: it would wait for the test's runtime, which is busy with just this.
    fn drop(&mut self) {
        drop(self.process.ends(&self.driver.session_id().to_string()));
        drop(self.driver.clone().leak());
    }
}

impl Process {
    /// Asks the driver to close the browser, and waits until it has.
    fn ends(&self, session: &str) -> io::Result<()> {
        let mut driver = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        driver.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(driver, "DELETE /session/{session} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        driver.read_exact(&mut [0; 12])
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.profile));
    }
}

impl Chromium {
    /// With more arguments than usual.
    pub async fn start(more: &[&str]) -> Self {
        let chromedriver =
            find("chromedriver").expect("chromedriver stands in PATH; ./dev test fetches it where it can");
        let chromium =
            NAMES.into_iter().find_map(find).expect("Chromium stands in PATH; ./dev test fetches it where it can");
        let process = listening(&chromedriver).await;
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_binary(&chromium.to_string_lossy()).unwrap();
        wanted.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
        for argument in ARGUMENTS.iter().chain(more) {
            wanted.add_arg(argument).unwrap();
        }
        wanted.add_arg(&format!("--user-data-dir={}", process.profile.display())).unwrap();
        if is_root() {
            wanted.add_arg("--no-sandbox").unwrap();
        }
        let driver = WebDriver::new(format!("http://127.0.0.1:{}", process.port), wanted).await.unwrap();
        Self { driver, process }
    }

    /// With SIGKILL: the browser and all that it has begun, known by the profile that nobody else has.
    pub fn is_killed(&self) {
        let profile = format!("--user-data-dir={}", self.process.profile.display());
        let mut killed = 0;
        for process in fs::read_dir("/proc").unwrap().flatten() {
            let told = fs::read(process.path().join("cmdline")).unwrap_or_default();
            let is_ours = told.split(|byte| *byte == 0).any(|argument| argument == profile.as_bytes());
            if is_ours && let Some(id) = process.file_name().to_str() {
                drop(std::process::Command::new("kill").args(["-9", id]).status());
                killed += 1;
            }
        }
        assert!(killed > 0, "the browser was found");
    }
}

/// The driver chooses its port and says which.
async fn listening(chromedriver: &Path) -> Process {
    let profile = env::temp_dir().join(format!("utvag-browser-{}", Uuid::new_v4().simple()));
    let mut child =
        Command::new(chromedriver).arg("--port=0").stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            let port = line.rsplit_once("successfully on port ").map(|(_, port)| port.trim_end_matches('.'));
            if let Some(port) = port.and_then(|port| port.parse().ok()) {
                return port;
            }
        }
        panic!("chromedriver ended before it listened")
    };
    let port = timeout(Duration::from_secs(30), said).await.expect("chromedriver listens within half a minute");
    Process { _child: child, _lines: lines, port, profile }
}

fn find(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Chromium has no sandbox to offer root.
fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}
