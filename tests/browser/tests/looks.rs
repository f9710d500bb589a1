//! A page as it is met: in light, in dark and on a telephone. In each look axe-core finds nothing, the console is empty
//! and nothing reaches outside the screen. With `UTVAG_AXE=none` the rest is looked at all the same;
//! with `UTVAG_SCREENSHOTS` set to a folder, each look is kept there as a picture, and what goes to paper.

use std::env;
use std::fs;
use std::path::Path;
use std::sync::Once;

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::chromium::say_once;
use crate::window::Browser;

const AXE: &str = "
    const done = arguments[arguments.length - 1];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const told = (found) => `${found.id}: ${found.nodes.map((node) => node.target.join(' ')).join(', ')}`;
    axe.run(document, {runOnly: tags}).then((result) => done(result.violations.map(told)), (error) => done([String(error)]))";

/// Names the file with axe-core, or is `none` where it could not be had.
const SCRIPT: &str = "UTVAG_AXE";

/// Names the folder for pictures.
const PICTURES: &str = "UTVAG_SCREENSHOTS";

/// How far the page reaches outside the screen.
const SIDEWAYS: &str = "return document.documentElement.scrollWidth - innerWidth";

/// What came from elsewhere than the house.
const FOREIGN: &str = "
    const all = [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')];
    return all.map((entry) => entry.name).filter((name) => !name.startsWith(location.origin + '/'))";

/// How a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Light,
    Dark,
    /// 390 pixels wide.
    Narrow,
    NarrowDark,
    Paper,
}

impl Look {
    /// In this order a page is asked for twice: when it is wide and when it is narrow.
    const TRIED: [Self; 3] = [Self::Light, Self::Dark, Self::Narrow];
    const PICTURED: [Self; 5] = [Self::Light, Self::Dark, Self::Paper, Self::Narrow, Self::NarrowDark];

    fn is_fresh(self) -> bool {
        matches!(self, Self::Light | Self::Narrow)
    }

    /// As it is called in the name of a picture.
    fn name(self) -> &'static str {
        match self {
            Self::Light => "1440-light",
            Self::Dark => "1440-dark",
            Self::Narrow => "390-light",
            Self::NarrowDark => "390-dark",
            Self::Paper => "print",
        }
    }
}

impl Browser {
    /// Goes there in each look, and tells what is wrong with the page that it ends on. The name is the pictures'.
    pub async fn faults_in_each_look(&self, name: &str, visit: impl AsyncFn()) -> Vec<String> {
        let mut faults = Vec::new();
        let looks: &[Look] = if env::var_os(PICTURES).is_some() { &Look::PICTURED } else { &Look::TRIED };
        for look in looks {
            self.takes_on(*look).await;
            if look.is_fresh() {
                visit().await;
            }
            if *look != Look::Paper {
                let found = self.faults().await;
                let at = self.path().await;
                faults.extend(found.into_iter().map(|fault| format!("{at} ({name}, {}): {fault}", look.name())));
            }
            self.keeps_a_picture(name, *look).await;
        }
        self.takes_on(Look::Light).await;
        faults
    }

    pub async fn takes_on(&self, look: Look) {
        let scheme = if matches!(look, Look::Dark | Look::NarrowDark) { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        let medium = if look == Look::Paper { "print" } else { "" };
        self.tell("Emulation.setEmulatedMedia", json!({"media": medium, "features": features})).await;
        let (width, height) = match look {
            Look::Light | Look::Dark => (1440, 900),
            Look::Narrow | Look::NarrowDark => (390, 844),
            Look::Paper => (794, 1123),
        };
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.tell("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// All that is wrong with the page that is shown.
    pub async fn faults(&self) -> Vec<String> {
        let mut faults = self.axe().await;
        faults.extend(self.console().await);
        let foreign: Vec<String> = serde_json::from_value(self.run(FOREIGN).await).unwrap();
        faults.extend(foreign.into_iter().map(|name| format!("fetches {name}")));
        let sideways = self.run(SIDEWAYS).await.as_i64().unwrap_or(i64::MAX);
        if sideways > 0 {
            faults.push(format!("reaches {sideways} pixels outside the screen"));
        }
        faults
    }

    /// What axe-core finds: the rule, and where.
    pub async fn axe(&self) -> Vec<String> {
        static WITHOUT: Once = Once::new();
        let script = env::var_os(SCRIPT).expect("UTVAG_AXE names axe.min.js; ./dev test fetches it");
        if script == "none" {
            say_once(&WITHOUT, "UTVAG_AXE=none: the browser looks at its pages without axe-core.");
            return Vec::new();
        }
        let script = fs::read_to_string(script).expect("UTVAG_AXE names axe.min.js");
        let driver = &self.chromium.driver;
        driver.execute(script, Vec::new()).await.unwrap();
        driver.execute_async(AXE, Vec::new()).await.unwrap().convert().unwrap()
    }

    /// What the browser complained of since last asked: scripts that failed, what the content security policy stopped,
    /// files that were not there. Not that the page itself is a refusal or a form to be mended, which is as it should be.
    pub async fn console(&self) -> Vec<String> {
        let log = self.chromium.driver.browser_log().await.unwrap();
        let refused = format!("{} - Failed to load resource", self.chromium.driver.current_url().await.unwrap());
        let complaints = log.into_iter().filter(|entry| ["WARNING", "SEVERE"].contains(&entry.level.as_str()));
        complaints.map(|entry| entry.message).filter(|message| !message.starts_with(&refused)).collect()
    }

    async fn keeps_a_picture(&self, name: &str, look: Look) {
        let Some(folder) = env::var_os(PICTURES) else { return };
        fs::create_dir_all(&folder).unwrap();
        self.draws(&Path::new(&folder).join(format!("{name}-{}.png", look.name())), true).await;
    }

    /// A picture of what is seen, or of the whole page.
    pub async fn draws(&self, file: &Path, whole_page: bool) {
        let wanted = json!({"format": "png", "captureBeyondViewport": whole_page});
        let answer = self.tell("Page.captureScreenshot", wanted).await;
        fs::write(file, BASE64.decode(answer["data"].as_str().unwrap_or_default().as_bytes()).unwrap()).unwrap();
    }

    /// The colour behind the page.
    pub async fn background(&self) -> Value {
        self.run("return getComputedStyle(document.body).backgroundColor").await
    }
}
