//! What is lost when somebody is cut off while they type: by a server that is killed, a browser that is killed, a network
//! that is gone, and a session that has run out. Thirty windows at a time, on six forms in five cases, all typed in at
//! once; the characters that are lost are counted in each.

use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::Executor;
use thirtyfour::WindowHandle;
use tokio::time::sleep;

use crate::serving::House;
use crate::support::app::App;
use crate::support::open_forms::OpenForm;
use crate::support::people::Person;
use crate::window::Browser;

/// Six forms, and the field that is typed in.
const FORMS: [(&str, &str); 6] = [
    ("hotbedomningar/ny", "released_summary"),
    ("poliskontakter/ny", "summary"),
    ("motivation/ny", "own_words"),
    ("moten/nytt", "agenda"),
    ("planer/ny", "interventions"),
    ("avvikelser/ny", "description"),
];
const CASES: usize = 5;

/// An open form saves itself this long after a change.
const PAUSE: Duration = Duration::from_secs(5);
/// What one save may take besides, with thirty windows at once on a machine that does other things too.
const MARGIN: Duration = Duration::from_millis(1500);

/// Types as a keyboard does: into the field that has the focus, with the event that follows.
const TYPE: &str = "
    const area = document.querySelector(`textarea[name=${arguments[0]}]`);
    area.focus();
    area.setRangeText(arguments[1], area.value.length, area.value.length, 'end');
    area.dispatchEvent(new InputEvent('input', {bubbles: true, inputType: 'insertText', data: arguments[1]}));
    return area.value.length";

/// One typing session: a window with a form, and what was typed in it when.
struct Session {
    window: WindowHandle,
    page: String,
    field: &'static str,
    text: String,
    /// How many characters stood there at the moment.
    log: Vec<(Instant, usize)>,
}

impl Session {
    fn typed(&self) -> usize {
        self.text.chars().count()
    }

    /// Typed so shortly before the moment that it need not be saved.
    fn may_lose(&self, at: Instant) -> usize {
        let safe = self.log.iter().take_while(|(then, _)| *then + PAUSE + MARGIN <= at).last();
        self.typed() - safe.map_or(0, |(_, typed)| *typed)
    }

    /// How many characters are missing in what the house gives back.
    async fn lost(&self, person: &Person<'_>) -> usize {
        let page = person.get(&self.page).await;
        let kept = OpenForm::on(page.is_ok()).value(self.field).to_owned();
        assert!(self.text.starts_with(&kept), "{}: {kept:?} is not how {:?} begins", self.page, self.text);
        self.typed() - kept.chars().count()
    }
}

async fn pages(malin: &Person<'_>) -> Vec<(String, &'static str)> {
    let mut pages = Vec::new();
    for _ in 0..CASES {
        let case = malin.opens_a_case_on("2026-01-05").await;
        pages.extend(FORMS.map(|(form, field)| (format!("/arenden/{case}/{form}"), field)));
    }
    pages
}

impl Browser {
    async fn looks_into(&self, session: &Session) {
        self.chromium.driver.switch_to_window(session.window.clone()).await.unwrap();
    }

    async fn opens_all(&self, pages: &[(String, &'static str)]) -> Vec<Session> {
        let mut sessions = Vec::new();
        for (page, field) in pages {
            let window = self.chromium.driver.new_window().await.unwrap();
            self.chromium.driver.switch_to_window(window.clone()).await.unwrap();
            self.goto(page).await;
            sessions.push(Session { window, page: page.clone(), field, text: String::new(), log: Vec::new() });
        }
        sessions
    }

    /// A word in each window, over and over, for so long.
    async fn types_in_all(&self, sessions: &mut [Session], length: Duration) {
        let (begun, mut word) = (Instant::now(), 0);
        while begun.elapsed() < length {
            let round = Instant::now();
            for session in sessions.iter_mut() {
                word += 1;
                let piece = format!("ord {word} på väg, ");
                self.looks_into(session).await;
                let arguments = vec![json!(session.field), json!(piece)];
                let stands = self.chromium.driver.execute(TYPE, arguments).await.unwrap();
                session.text.push_str(&piece);
                session.log.push((Instant::now(), session.typed()));
                assert_eq!(stands.json().as_u64().unwrap(), u64::try_from(session.typed()).unwrap());
            }
            sleep(Duration::from_millis(400).saturating_sub(round.elapsed())).await;
        }
    }

    async fn closes_all(&self, sessions: &[Session]) {
        for session in sessions {
            self.looks_into(session).await;
            self.chromium.driver.close_window().await.unwrap();
        }
        let left = self.chromium.driver.windows().await.unwrap();
        self.chromium.driver.switch_to_window(left[0].clone()).await.unwrap();
    }

    async fn is_reached(&self, online: bool) {
        let conditions = json!({"offline": !online, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.tell("Network.enable", json!({})).await;
        self.tell("Network.emulateNetworkConditions", conditions).await;
    }
}

/// Counts, says and holds to what may be lost.
async fn counted(what: &str, at: Instant, sessions: &[Session], person: &Person<'_>) {
    let (mut typed, mut lost, mut most, mut may) = (0, 0, 0, 0);
    for session in sessions {
        let (missing, allowed) = (session.lost(person).await, session.may_lose(at));
        assert!(missing <= allowed, "{what}: {} lost {missing}, and may lose {allowed}", session.page);
        typed += session.typed();
        lost += missing;
        most = most.max(missing);
        may = may.max(allowed);
    }
    let count = sessions.len();
    println!("{what}: {count} sessions, {typed} characters typed, {lost} lost, at most {most} in one (may lose {may})");
}

/// What everybody's windows have saved by themselves, waited for.
async fn all_is_kept(what: &str, sessions: &[Session], person: &Person<'_>) {
    let limit = Instant::now() + 2 * PAUSE + 4 * MARGIN;
    for session in sessions {
        while session.lost(person).await > 0 {
            assert!(Instant::now() < limit, "{what}: {} is not saved when it could be", session.page);
            sleep(Duration::from_millis(100)).await;
        }
    }
    println!("{what}: {} sessions, 0 lost", sessions.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_or_a_browser_that_is_killed_costs_five_seconds_of_typing_at_most() {
    let house = House::opened().await;
    let mut browser = Browser::start_with_many_windows().await;
    browser.visits_at(house.port);
    let malin = house.app.social_worker().await;
    browser.comes_as(&malin).await;
    let all = pages(&malin).await;
    let mut sessions = browser.opens_all(&all).await;
    browser.types_in_all(&mut sessions, Duration::from_secs(13)).await;
    let at = Instant::now();
    house.is_killed().await;
    counted("server killed", at, &sessions, &malin).await;
    // The windows are open still, and save all of it once somebody answers.
    browser.types_in_all(&mut sessions, Duration::from_secs(2)).await;
    house.starts().await;
    all_is_kept("server started again", &sessions, &malin).await;
    browser.closes_all(&sessions).await;

    // On what was kept, in windows that are opened anew.
    let mut sessions = browser.opens_all(&all).await;
    for session in &mut sessions {
        let page = malin.get(&session.page).await;
        OpenForm::on(&page).value(session.field).clone_into(&mut session.text);
        session.log.push((Instant::now() - PAUSE - MARGIN, session.typed()));
    }
    browser.types_in_all(&mut sessions, Duration::from_secs(13)).await;
    let at = Instant::now();
    browser.chromium.is_killed();
    counted("browser killed", at, &sessions, &malin).await;
    drop(browser);
    let mut browser = Browser::start().await;
    browser.visits_at(house.port);
    browser.comes_as(&malin).await;
    browser.goto(&sessions[0].page).await;
    let words = browser.words().await;
    assert!(words.contains("Utkast från") && words.contains("Kasta utkastet"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_network_costs_five_seconds_and_a_session_that_runs_out_nothing() {
    let mut browser = Browser::start_with_many_windows().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let mut malin = app.social_worker().await;
    browser.comes_as(&malin).await;
    let all = pages(&malin).await;
    let mut sessions = browser.opens_all(&all).await;
    browser.types_in_all(&mut sessions, Duration::from_secs(11)).await;
    let at = Instant::now();
    for session in &sessions {
        browser.looks_into(session).await;
        browser.is_reached(false).await;
    }
    // Half of them are closed without a network, half go on and have it back.
    let mut back = sessions.split_off(all.len() / 2);
    browser.closes_all(&sessions).await;
    counted("network lost, window closed", at, &sessions, &malin).await;
    browser.types_in_all(&mut back, Duration::from_secs(6)).await;
    for session in &back {
        browser.looks_into(session).await;
        browser.is_reached(true).await;
    }
    all_is_kept("network lost and back", &back, &malin).await;
    browser.closes_all(&back).await;

    let (mut sessions_in_all, mut typed, mut lost) = (0, 0, 0);
    // As many as are kept for one.
    for part in all.chunks(10) {
        throw_all_away(&app).await;
        browser.comes_as(&malin).await;
        let mut sessions = browser.opens_all(part).await;
        browser.types_in_all(&mut sessions, Duration::from_secs(1)).await;
        let mut owner = app.database.superuser().await;
        owner.execute("update identity.session set seen_at = now() - interval '16 minutes'").await.unwrap();
        browser.types_in_all(&mut sessions, Duration::from_secs(2)).await;
        for session in &sessions {
            browser.looks_into(session).await;
            browser.run("document.querySelector('form[data-draft] .savebar .btn[type=submit]').click()").await;
            browser.arrives_at("/logga-in").await;
        }
        app.state.clock.put_forward(time::Duration::seconds(30));
        let mut again = malin.twin();
        again.sign_in_towards("/konto/osparat").await;
        malin = again;
        let page = malin.get("/konto/osparat").await;
        for session in &sessions {
            let kept = page.is_ok().attributes(&format!("form [name='{}']", session.field), "value");
            let found = kept.contains(&session.text);
            sessions_in_all += 1;
            typed += session.typed();
            lost += if found { 0 } else { session.typed() };
        }
        browser.comes_as(&malin).await;
        browser.looks_into(&sessions[0]).await;
        browser.goto("/konto/osparat").await;
        assert!(browser.words().await.contains(sessions[0].text.trim()));
        browser.closes_all(&sessions).await;
    }
    println!("session expired: {sessions_in_all} sessions, {typed} characters typed, {lost} lost");
    assert_eq!((sessions_in_all, lost), (all.len(), 0));
}

/// So that the next windows begin with nothing.
async fn throw_all_away(app: &App) {
    let mut owner = app.database.superuser().await;
    owner.execute("delete from form_draft; delete from parked_form").await.unwrap();
}
