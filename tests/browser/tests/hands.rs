//! Hands at a keyboard and nothing else: Tab and Shift+Tab, arrows, Enter, space and letters, each as the browser gets
//! them from a keyboard. What is looked for is named as it is read aloud; on the way there each thing that takes the focus
//! must be seen to have it, and a page begins with the link past the menu.

use std::fmt::Write;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::time::sleep;

use crate::support::app::App;
use crate::support::people::{PASSWORD, Person};
use crate::window::Browser;

/// More than on any page: whoever presses Tab so often has gone round.
const MOST_STOPS: usize = 250;
const PATIENCE: Duration = Duration::from_secs(20);
const SKIP: &str = "Hoppa till innehåll";

/// What has the focus, as it is read aloud, and whether it is seen to have it: drawn round, within sight, and with nothing
/// laid over it.
const STOP: &str = "
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const words = (node) => (node?.textContent ?? '').replace(/\\s+/g, ' ').trim();
    const style = getComputedStyle(e), group = e.closest('fieldset, [role=group]');
    const legend = group?.querySelector(':scope > legend') ?? document.getElementById(group?.getAttribute('aria-labelledby'));
    const around = group?.parentElement?.closest('[role=group]');
    const part = document.getElementById(around?.getAttribute('aria-labelledby'));
    const drawn = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none';
    const hit = (x, y) => {
        const top = document.elementFromPoint(x, y);
        const own = [e, ...(e.labels ?? [])];
        return top && own.some((part) => part.contains(top) || top.contains(part));
    };
    const bare = [...e.getClientRects()].some((box) =>
        [.5, .1, .9].some((part) => hit(box.left + box.width * part, box.top + box.height * part)));
    return {
        name: e.computedName.replace(/\\s+/g, ' ').trim(), group: words(legend), part: words(part), role: e.computedRole, drawn, bare,
        value: e.matches('select') ? words(e.selectedOptions[0]) : e.value ?? '',
        checked: !!e.checked,
    }";

/// When the page that is shown began, whether it has been read to its end, and as what it was answered.
const PAGE: &str = "
    const [page] = performance.getEntriesByType('navigation');
    return [performance.timeOrigin, document.readyState, page?.responseStatus ?? 0]";

/// What every page says of itself: a title, one heading, and where in the house it is.
const TOLD: &str = "
    const here = document.querySelector('.mainnav [aria-current], .crumbs [aria-current], .tabs [aria-current]');
    const headings = document.querySelectorAll('main h1').length;
    return [document.title.endsWith(' – Avhopparverksamheten'), headings === 1,
        !!here || ['/logga-in', '/', '/konto'].includes(location.pathname)].every(Boolean)";

/// A key: its name, its code, and what it types.
#[derive(Clone, Copy)]
struct Key(&'static str, u32, &'static str);

const TAB: Key = Key("Tab", 9, "");
const ENTER: Key = Key("Enter", 13, "\r");
const SPACE: Key = Key(" ", 32, " ");
const DOWN: Key = Key("ArrowDown", 40, "");
const HOME: Key = Key("Home", 36, "");
const SHIFT: u32 = 8;

/// What has the focus.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stop {
    name: String,
    group: String,
    part: String,
    role: String,
    value: String,
    checked: bool,
    drawn: bool,
    bare: bool,
}

impl Stop {
    fn of(found: &Value) -> Option<Self> {
        let text = |field: &str| found[field].as_str().map(|text| text.replace('\u{a0}', " "));
        Some(Self {
            name: text("name")?,
            group: text("group")?,
            part: text("part")?,
            role: text("role")?,
            value: text("value")?,
            checked: found["checked"] == true,
            drawn: found["drawn"] == true,
            bare: found["bare"] == true,
        })
    }

    fn is_seen(&self) -> bool {
        self.drawn && self.bare
    }

    /// Whether it is called so; that it may be left empty is said after the name.
    fn is_called(&self, name: &str) -> bool {
        plain(&self.name) == name
    }

    fn is_within(&self, part: &str) -> bool {
        part.is_empty() || self.part == part || self.part.starts_with(&format!("{part} "))
    }

    fn is_in(&self, group: &str) -> bool {
        let same = plain(&self.group) == group || self.group.starts_with(&format!("{group} "));
        group.is_empty() || same
    }
}

fn plain(name: &str) -> &str {
    name.strip_suffix(" (frivilligt)").unwrap_or(name)
}

/// See the module.
pub struct Hands<'b> {
    pub browser: &'b Browser,
}

impl Hands<'_> {
    async fn key(&self, Key(name, code, text): Key, modifiers: u32) {
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        for (kind, text) in [(kind, text), ("keyUp", "")] {
            let pressed = json!({"type": kind, "key": name, "code": if name == " " { "Space" } else { name },
                "windowsVirtualKeyCode": code, "modifiers": modifiers, "text": text, "unmodifiedText": text});
            self.browser.tell("Input.dispatchKeyEvent", pressed).await;
        }
    }

    async fn letters(&self, text: &str) {
        for letter in text.chars() {
            let pressed = json!({"type": "keyDown", "text": letter.to_string(), "key": letter.to_string()});
            self.browser.tell("Input.dispatchKeyEvent", pressed).await;
        }
    }

    async fn stop(&self) -> Option<Stop> {
        Stop::of(&self.browser.run(STOP).await)
    }

    async fn step(&self, modifiers: u32) -> Option<Stop> {
        self.key(TAB, modifiers).await;
        let begun = Instant::now();
        loop {
            let stop = self.stop().await;
            if stop.as_ref().is_none_or(Stop::is_seen) {
                return stop;
            }
            if begun.elapsed() > Duration::from_secs(1) {
                panic!("{}: the focus is not seen: {stop:?}", self.browser.path().await);
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Presses Tab until the focus is there: onwards only, so that what is asked for stands in the order of the page.
    async fn reach(&self, what: &str, is_there: impl Fn(&Stop) -> bool) -> Stop {
        let mut passed = String::new();
        for at in 0..MOST_STOPS {
            let stop = self.step(0).await;
            let Some(stop) = stop else { break };
            if is_there(&stop) {
                return stop;
            }
            if at > 0 && stop.name == SKIP {
                break;
            }
            writeln!(passed, "  {} {:?} {:?}", stop.role, stop.name, stop.group).unwrap();
        }
        panic!("{what} is not reached at {} with the Tab key, past\n{passed}", self.browser.path().await);
    }

    /// A new page begins with the link past the menu, which leads there.
    async fn past_the_menu(&self) {
        if self.stop().await.is_some() {
            return;
        }
        let first = self.step(0).await.unwrap();
        assert_eq!(first.name, SKIP, "{}", self.browser.path().await);
        self.key(ENTER, 0).await;
        let main = self.browser.focused().await;
        assert_eq!(main, "#innehall", "the link past the menu leads there");
    }

    async fn page(&self) -> Option<(f64, bool, u64)> {
        let answer = self.browser.chromium.driver.execute(PAGE, Vec::new()).await.ok()?;
        let told = answer.json();
        Some((told[0].as_f64()?, told[1] == "complete", told[2].as_u64()?))
    }

    /// Presses the key on what has the focus, and waits for the page that it leads to, which is no refusal.
    async fn goes_on_with(&self, key: Key, what: &str) {
        let (before, ..) = self.page().await.unwrap();
        let from = self.browser.path().await;
        self.key(key, 0).await;
        let begun = Instant::now();
        let status = loop {
            match self.page().await {
                Some((began, true, status)) if began > before => break status,
                _ => assert!(begun.elapsed() < PATIENCE, "{what} at {from} leads nowhere"),
            }
            sleep(Duration::from_millis(10)).await;
        };
        let at = self.browser.path().await;
        if ![200, 0].contains(&status) {
            panic!("{what} at {from} leads to {at} with status {status}:\n{}", self.browser.words().await);
        }
        assert!(self.browser.run(TOLD).await == true, "{at} says not what it is: {}", self.browser.words().await);
    }

    /// A link outside the menu.
    pub async fn follows(&self, name: &str) {
        self.past_the_menu().await;
        self.reach(name, |stop| stop.role == "link" && stop.is_called(name)).await;
        self.goes_on_with(ENTER, name).await;
    }

    /// A link in the menu.
    pub async fn chooses_in_the_menu(&self, name: &str) {
        self.reach(name, |stop| stop.role == "link" && stop.is_called(name)).await;
        self.goes_on_with(ENTER, name).await;
    }

    /// One of the less common things to do with a case, behind "Fler åtgärder".
    pub async fn acts(&self, name: &str) {
        self.past_the_menu().await;
        self.reach("Fler åtgärder", |stop| stop.is_called("Fler åtgärder")).await;
        self.key(ENTER, 0).await;
        self.reach(name, |stop| stop.role == "link" && stop.is_called(name)).await;
        self.goes_on_with(ENTER, name).await;
    }

    pub async fn presses(&self, name: &str) {
        self.past_the_menu().await;
        self.reach(name, |stop| stop.role == "button" && stop.is_called(name)).await;
        self.goes_on_with(ENTER, name).await;
    }

    pub async fn writes(&self, field: &str, text: &str) {
        self.writes_in("", field, text).await;
    }

    /// Over what stands in the field.
    pub async fn writes_in(&self, group: &str, field: &str, text: &str) {
        self.past_the_menu().await;
        let is_field = |stop: &Stop| ["textbox", "searchbox"].contains(&stop.role.as_str());
        let stop = self.reach(field, |stop| is_field(stop) && stop.is_called(field) && stop.is_in(group)).await;
        if !stop.value.is_empty() {
            let all = json!({"type": "rawKeyDown", "key": "a", "code": "KeyA", "windowsVirtualKeyCode": 65, "modifiers": 2,
                "commands": ["selectAll"]});
            self.browser.tell("Input.dispatchKeyEvent", all).await;
        }
        self.letters(text).await;
        let written = self.stop().await.unwrap();
        assert!(is_field(&written) && written.value == text, "{field}: {written:?}");
    }

    /// One of several buttons that exclude each other: Tab leads to the group, the arrows to the button.
    pub async fn picks(&self, group: &str, choice: &str) {
        self.picks_in("", group, choice).await;
    }

    /// The same in a part of the page where the group stands more than once.
    pub async fn picks_in(&self, part: &str, group: &str, choice: &str) {
        self.past_the_menu().await;
        let there = |stop: &Stop| stop.role == "radio" && stop.is_in(group) && stop.is_within(part);
        let mut stop = self.reach(group, there).await;
        for _ in 0..20 {
            if stop.is_called(choice) {
                break;
            }
            self.key(DOWN, 0).await;
            stop = self.stop().await.unwrap();
        }
        self.key(SPACE, 0).await;
        let picked = self.stop().await.unwrap();
        assert!(picked.is_called(choice) && picked.checked && picked.is_seen(), "{group}, {choice}: {picked:?}");
    }

    pub async fn ticks(&self, group: &str, choice: &str) {
        self.past_the_menu().await;
        let there = |stop: &Stop| stop.role == "checkbox" && stop.is_in(group) && stop.name.starts_with(choice);
        let stop = self.reach(choice, there).await;
        if !stop.checked {
            self.key(SPACE, 0).await;
        }
        assert!(self.stop().await.is_some_and(|stop| stop.checked), "{choice}");
    }

    /// A line of a list, from its top; the line begins so.
    pub async fn selects(&self, list: &str, line: &str) {
        self.past_the_menu().await;
        let mut stop = self.reach(list, |stop| stop.role == "combobox" && stop.is_called(list)).await;
        if stop.value.starts_with(line) {
            return;
        }
        self.key(HOME, 0).await;
        for _ in 0..60 {
            stop = self.stop().await.unwrap();
            if stop.value.starts_with(line) {
                return;
            }
            self.key(DOWN, 0).await;
        }
        panic!("{list} has no {line}, or the arrows do not lead there: {stop:?}");
    }

    /// Back over what has been filled in and onwards again, as somebody does who looks through it.
    pub async fn looks_back(&self) {
        let there = self.stop().await;
        let back = self.step(SHIFT).await;
        assert_ne!(back, there);
        assert_eq!(self.step(0).await.map(|stop| stop.name), there.map(|stop| stop.name), "Tab leads back");
    }

    pub async fn reads(&self, said: &str) {
        let words = self.browser.words().await;
        assert!(words.contains(said), "{} does not say {said}:\n{words}", self.browser.path().await);
    }

    /// Signs in with the keyboard, and keeps the cookie for the next time.
    pub async fn signs_in(&self, person: &mut Person<'_>) {
        self.browser.forgets().await;
        self.browser.goto("/logga-in").await;
        self.writes("Användarnamn", &person.user_name).await;
        self.writes("Lösenord", PASSWORD).await;
        self.writes("Engångskod", &person.code()).await;
        self.presses("Logga in").await;
        let kept = self.browser.tell("Network.getCookies", json!({})).await;
        let kept = kept["cookies"].as_array().unwrap().iter().find(|one| one["name"] == "__Host-session").unwrap();
        person.cookie = format!("__Host-session={}", kept["value"].as_str().unwrap());
    }

    /// Comes back to the first page, still signed in.
    pub async fn becomes(&self, person: &Person<'_>) {
        self.browser.comes_as(person).await;
        self.browser.goto("/").await;
        self.reads(&person.name).await;
    }

    /// To the start page, by its link.
    pub async fn opens_the_case(&self, list: &str, case: &str) {
        self.chooses_in_the_menu(list).await;
        self.follows(case).await;
    }

    /// Makes the decision that is shown, with the next code that the app shows.
    pub async fn decides(&self, app: &App, person: &Person<'_>) {
        app.state.clock.put_forward(time::Duration::seconds(30));
        self.follows("Fatta beslutet").await;
        self.writes("Ditt lösenord", PASSWORD).await;
        self.writes("Engångskod", &person.code()).await;
        self.presses("Fatta beslutet").await;
    }
}
