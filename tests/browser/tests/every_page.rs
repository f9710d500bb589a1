//! Every page there is, from its first day: read from the routes, as somebody who may see it, in light, dark and narrow.

use utvag::clock::Clock;
use utvag::seed;
use utvag::vocabulary::Role;

use crate::looks::Look;
use crate::support::app::{App, TODAY};
use crate::support::people::Person;
use crate::support::routes;
use crate::window::Browser;
use crate::world::{ACCOUNTS, CONTROLLED, MANAGED, PL1, REVIEWED, World};

/// Shown to whoever asks, so they are looked at signed out.
const OPEN: [&str; 5] = ["/logga-in", "/logga-in/utan-nyckel", "/aktivera", "/komponenter", "/finns-inte"];
/// No pages; those of whoever keeps accounts; and those that need a key, which `keys.rs` looks at.
const BARE: [&str; 7] =
    ["/halsa/", "/static/", "/polis/{released}/f", "/konton", "/aterst", "/logga-in/ny", "/konto/nycklar/{key}"];
/// What other roles see there is something else.
const OTHERS: [(Role, &[&str]); 4] = [
    (Role::Controller, &CONTROLLED),
    (Role::Manager, &["/", "/arenden", "/arenden/{case}", "/boenden/{alias}"]),
    (Role::LogReviewer, &["/", "/arenden", LOOKS[0], LOOKS[1], "/nodoppningar/{glass}"]),
    (Role::PoliceLiaison, &["/", "/polis"]),
];
/// What was released to the police's contact.
const RELEASED: [&str; 2] = ["/polis", "/polis/{released}"];
/// Lists before there is anything in them.
const EMPTY: [&str; 6] =
    ["/", "/aktualiseringar", "/aktualiseringar?visa=avslutade", "/arenden", "/boenden", "/placeringar"];
const BARE_CASE: [&str; 24] = [
    "/tidslinje",
    "/utskrift",
    "/utlamnanden",
    "/motivation",
    "/utredning",
    "",
    "/overlamning",
    "/beslut",
    "/planer",
    "/person",
    "/samtycken",
    "/samverkan",
    "/avvikelser",
    "/slagningar",
    "/placeringar",
    "/hotbedomningar",
    "/poliskontakter",
    "/journal",
    "/tilldelning",
    "/avslut",
    "/moten",
    "/status",
    "/vila",
    "/overflyttning",
];
/// What the social worker writes, and what the manager closes away: the coordinator does neither.
const WRITTEN: [&str; 3] = [
    "/arenden/{case}/journal",
    "/arenden/{case}/journal/{entry}/rattelse",
    "/arenden/{case}/journal/{entry}/invandning",
];
/// What only whoever is asked sees.
const OFFERED: &str = "/overlamningar/{handover}";
const CLOSED_AWAY: &str = "/arenden/{case}/journal/{entry}/makulering";
/// What the one who works with the case registers of those close, and the break that the manager alone makes.
const CLOSE: [&str; 2] = ["/arenden/{case}/person/narstaende/ny", "/arenden/{case}/person/narstaende/{relation}"];
const BREAK: &str = "/arenden/{case}/identitetsbrytning";
/// What the reviewer of the log alone sees.
const LOOKS: [&str; 2] = ["/lasningar", "/lasningar/{case}"];
/// What is asked of the log, and what a manager closes of a month that is signed.
const ASKED: &str = "/loggfragor/{item}";
const SIGNED: [&str; 2] = ["/logggranskning/{month}/underskrift", "/logggranskning/{month}/protokoll"];
/// What the social worker writes about plans and support: everybody else in the case reads.
const OWN: [&str; 8] = [
    "/arenden/{case}/planer/ny",
    "/arenden/{case}/planer/{plan}/andring",
    "/arenden/{case}/planer/{plan}/ny-version",
    "/arenden/{case}/planer/{plan}/avslut",
    "/arenden/{case}/insatser/ny",
    "/arenden/{case}/insatser/{intervention}/uppehall",
    "/arenden/{case}/insatser/{intervention}/start",
    "/arenden/{case}/insatser/{intervention}/aterupptagande",
];
const OWN_END: &str = "/arenden/{case}/insatser/{intervention}/avslut";
/// Forms that are sent as they stand and come back to be mended.
const FORMS: [&str; 42] = [
    "/arenden/{case}/utskrift",
    "/sok",
    "/nodoppning",
    "/arenden/{case}/jav",
    "/arenden/{case}/utlamnanden/nytt?recipient=police_lpo&ground=serious_crime&channel=oral",
    "/arenden/{case}/utlamnanden/{disclosure}/uppgifter?kind=other",
    "/arenden/{case}/utlamnanden/{disclosure}/beslut",
    "/arenden/{case}/utlamnanden/{disclosure}/dolj",
    "/arenden/{case}/person/namn",
    "/arenden/{case}/person/skydd/ny",
    "/arenden/{case}/person/kontakt/ny",
    "/aktualiseringar/ny",
    "/aktualiseringar/{intake}/arende",
    "/aktualiseringar/{intake}/avslut",
    "/aktualiseringar/{intake}/poliskontakter/ny",
    "/arenden/{case}/poliskontakter/ny",
    "/arenden/{case}/villkor/ny",
    "/arenden/ny",
    "/arenden/{case}/person",
    "/arenden/{bare}/avslut",
    "/arenden/{case}/hotbedomningar/ny",
    "/arenden/{case}/samtycken/ny",
    "/arenden/{case}/avvikelser/ny",
    "/arenden/{case}/slagningar/ny",
    "/arenden/{case}/samtycken/{consent}/aterkallelse",
    "/arenden/{case}/overlamning",
    "/arenden/{case}/tilldelning/ny",
    "/arenden/{case}/placeringar/ny",
    "/arenden/{case}/placeringar/{placement}/franvaro",
    "/arenden/{case}/placeringar/{placement}/vistelseort",
    "/boenden/ny",
    "/boenden/{alias}/boende/ny",
    "/boenden/{alias}/ramavtal/ny",
    "/boenden/{alias}/ramavtal/{agreement}/pris/ny",
    "/arenden/{case}/atervandande/ny",
    "/arenden/{case}/moten/nytt",
    "/arenden/{case}/sig/ny",
    "/arenden/{case}/begaran/ny",
    "/arenden/{case}/begaran/{request}/svar",
    "/arenden/{case}/utfall/avslut",
    "/arenden/{case}/overflyttning/ny",
    "/arenden/{case}/overflyttning/{transfer}/svar",
];

/// How many things to press are seen, and in which colours it is read.
const INTERACTIVE: &str = "
    const things = document.querySelectorAll('nav, button, .btn, .top, .foot, .skip, .filter');
    return [...things].filter((thing) => thing.checkVisibility()).length";
const INK: &str = "
    const style = getComputedStyle(document.body);
    return [style.backgroundColor, style.color]";

/// What a picture of the page is called.
pub(crate) fn picture(who: &str, route: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    format!("{who}{}", route.chars().filter(|c| !"{}".contains(*c)).map(plain).collect::<String>())
}

impl Browser {
    pub(crate) async fn looks_at(&self, who: &str, route: &str, address: &str) -> Vec<String> {
        self.faults_in_each_look(&picture(who, route), async || self.goto(address).await).await
    }
}

pub(crate) fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn pages() -> Vec<String> {
    let asked = routes::all().into_iter().filter(|route| route.method == "GET").map(|route| route.path);
    asked.filter(|path| !OPEN.contains(&path.as_str()) && !BARE.iter().any(|start| path.starts_with(start))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_sound_in_every_look() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let mut faults = Vec::new();
    for route in OPEN {
        faults.extend(browser.looks_at("open", route, route).await);
    }
    let world = World::made(&app).await;
    browser.comes_as(&world.karin).await;
    let others = [&[CLOSED_AWAY, BREAK][..], &RELEASED, &MANAGED, &CONTROLLED[4..]].concat();
    let written = |route: &str| {
        WRITTEN[1..].contains(&route) || CLOSE.contains(&route) || OWN.contains(&route) || route == OWN_END
    };
    let reviewed =
        |route: &str| REVIEWED.contains(&route) || SIGNED.contains(&route) || LOOKS.contains(&route) || route == ASKED;
    let coordinators =
        |route: &String| !written(route) && !reviewed(route) && !others.contains(&route.as_str()) && route != OFFERED;
    for route in pages().into_iter().filter(coordinators) {
        for (at, address) in world.addresses(&route).iter().enumerate() {
            let who = if at == 0 { "samordnare" } else { "samordnare-2" };
            faults.extend(browser.looks_at(who, &route, address).await);
        }
    }
    for end in BARE_CASE {
        faults.extend(browser.looks_at("tomt-arende", end, &format!("/arenden/{}{end}", world.bare)).await);
    }
    browser.comes_as(&world.malin).await;
    for route in WRITTEN.into_iter().chain(CLOSE) {
        faults.extend(browser.looks_at("handlaggare", route, &world.addresses(route)[0]).await);
    }
    for route in OWN.into_iter().chain([OWN_END]) {
        for address in world.addresses(route) {
            faults.extend(browser.looks_at("handlaggare", route, &address).await);
        }
    }
    browser.comes_as(&world.deputy).await;
    faults.extend(browser.looks_at("handlaggare", OFFERED, &world.addresses(OFFERED)[0]).await);
    browser.comes_as(&app.manager().await).await;
    for route in ACCOUNTS.into_iter().chain([CLOSED_AWAY, BREAK]).chain(MANAGED) {
        faults.extend(browser.looks_at("chef", route, &world.addresses(route)[0]).await);
    }
    for route in SIGNED {
        faults.extend(browser.looks_at("chef", route, &route.replace("{month}", "2026-10")).await);
    }
    browser.comes_as(&world.ylva).await;
    for route in REVIEWED {
        faults.extend(browser.looks_at("granskare", route, &world.addresses(route)[0]).await);
    }
    browser.comes_as(&world.malin).await;
    faults.extend(browser.looks_at("handlaggare", ASKED, &world.addresses(ASKED)[0]).await);
    browser.comes_as(&world.per).await;
    for route in RELEASED {
        faults.extend(browser.looks_at("polis", route, &world.addresses(route)[0]).await);
    }
    none(&faults);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_that_comes_back_is_sound_and_so_are_empty_lists_and_what_others_see() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let mut faults = Vec::new();
    browser.comes_as(&app.coordinator().await).await;
    for address in EMPTY {
        faults.extend(browser.looks_at("tom", address, address).await);
    }
    let world = World::made(&app).await;
    browser.comes_as(&world.malin).await;
    for address in ["/", "/arenden", "/boenden/ny", "/placeringar"] {
        faults.extend(browser.looks_at("handlaggare", address, address).await);
    }
    for (role, routes) in OTHERS {
        browser.comes_as(&Person::hired(&app, role).await).await;
        for route in routes {
            faults.extend(browser.looks_at(role.code(), route, &world.addresses(route)[0]).await);
        }
    }
    let coordinators = FORMS.map(|route| (&world.karin, route));
    let written = WRITTEN.into_iter().chain([CLOSE[0]]).map(|route| (&world.malin, route));
    for (who, route) in coordinators.into_iter().chain(written) {
        browser.comes_as(who).await;
        let address = world.addresses(&route.replace("{bare}", &world.bare))[0].clone();
        let sent = async || {
            browser.goto(&address).await;
            browser.click("main form .savebar button").await;
            browser.comes_back().await;
        };
        faults.extend(browser.faults_in_each_look(&picture("fel", route), sent).await);
    }
    none(&faults);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_for_a_reason_what_is_only_counted_and_an_open_menu_are_sound_too() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let world = World::made(&app).await;
    browser.comes_as(&world.karin).await;
    let mut faults = Vec::new();
    let located = async || {
        browser.opens_the_location(&world, &world.karin).await;
    };
    faults.extend(browser.faults_in_each_look("visar-vistelseort", located).await);
    let named = async || {
        browser.goto(&format!("/arenden/{}/person", world.bare)).await;
        browser.click("main input[name=reason] ~ label").await;
        browser.click(".savebar button").await;
        browser.find("[data-hide-after]").await;
    };
    faults.extend(browser.faults_in_each_look("visar-person", named).await);
    let counted = async || {
        browser.goto(&format!("/arenden/{}/placeringar/ny", world.bare)).await;
        browser.fills_in(&PL1).await;
        browser.chooses("home", world.home()).await;
        browser.click(".savebar button[name=count]").await;
        browser.find("#h-kostnad").await;
    };
    faults.extend(browser.faults_in_each_look("raknar", counted).await);
    let opened = async || {
        browser.goto(&format!("/arenden/{}", world.case)).await;
        browser.click("main .menu summary").await;
    };
    faults.extend(browser.faults_in_each_look("meny", opened).await);
    let more = async || {
        browser.goto("/").await;
        browser.click(".mainnav summary").await;
    };
    faults.extend(browser.faults_in_each_look("mer", more).await);
    let printed = async || browser.prints(&world.karin, &world.case).await;
    faults.extend(browser.faults_in_each_look("utskrift", printed).await);
    none(&faults);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_lists_who_can_sign_in_and_one_press_does() {
    let mut browser = Browser::start().await;
    let app = App::unfounded(Clock::held(TODAY)).await;
    seed::demo(&app.state).await.unwrap();
    let logins = seed::logins(&app.state).await.unwrap();
    let app = app.showing(logins);
    browser.visits(&app).await;
    none(&browser.looks_at("demo", "/logga-in", "/logga-in").await);
    browser.click("main table form button").await;
    browser.arrives_at("/").await;
    for address in ["/", "/arenden", "/placeringar?ar=2026"] {
        none(&browser.looks_at("demo", address, address).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_is_black_on_white_without_menu_and_buttons() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let world = World::made(&app).await;
    browser.comes_as(&world.karin).await;
    for address in [format!("/arenden/{}", world.case), "/arenden".to_owned(), world.location()] {
        browser.goto(&address).await;
        for look in [Look::Dark, Look::Paper] {
            browser.takes_on(look).await;
            let shown = browser.run(INTERACTIVE).await.as_i64().unwrap();
            assert_eq!(shown == 0, look == Look::Paper, "{address} shows {shown} things to press in {look:?}");
        }
        assert_eq!(browser.run(INK).await, serde_json::json!(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]));
        let words = browser.words().await;
        assert!(
            words.contains("Sekretess enligt 26 kap. 1 § OSL") && words.contains("Utskrivet 2026-12-31"),
            "{words}"
        );
    }
    // On paper there is no button to press.
    browser.takes_on(Look::Dark).await;
    browser.prints(&world.karin, &world.case).await;
    for look in [Look::Dark, Look::Paper] {
        browser.takes_on(look).await;
        let marked = browser.run("return document.querySelector('.sheet-mark').checkVisibility()").await;
        assert_eq!(marked.as_bool(), Some(look == Look::Paper), "the mark stands on paper alone");
    }
    assert_eq!(browser.run(INTERACTIVE).await.as_i64(), Some(0), "nothing to press on paper");
    assert_eq!(browser.run(INK).await, serde_json::json!(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_that_is_planted_is_found() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    browser.goto("/logga-in").await;
    none(&browser.faults().await);
    browser.run("document.querySelector('main').setAttribute('style', 'color: red')").await;
    assert!(browser.console().await.iter().any(|said| said.contains("Content Security Policy")));
    browser
        .run("const h1 = document.querySelector('h1'); h1.style.whiteSpace = 'nowrap'; h1.textContent = 'Lång '.repeat(99)")
        .await;
    assert!(browser.faults().await.iter().any(|fault| fault.starts_with("reaches ")));
    browser.run("document.querySelector('label').remove()").await;
    let by_axe = browser.axe().await;
    let without = std::env::var_os("UTVAG_AXE").is_some_and(|script| script == "none");
    assert!(without || by_axe.iter().any(|fault| fault.starts_with("label: ")), "{by_axe:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_colours_are_the_computers_unless_the_user_has_chosen() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let karin = Person::hired(&app, Role::Coordinator).await;
    browser.comes_as(&karin).await;
    let mut seen = Vec::new();
    for theme in ["system", "light", "dark"] {
        let mut owner = app.database.superuser().await;
        sqlx::query("select set_config('app.event', 'prov', false)").execute(&mut owner).await.unwrap();
        sqlx::query("update account set theme = $1::theme_code where id = $2")
            .bind(theme)
            .bind(karin.account)
            .execute(&mut owner)
            .await
            .unwrap();
        for look in [Look::Light, Look::Dark] {
            browser.takes_on(look).await;
            browser.goto("/boenden").await;
            seen.push(browser.background().await);
        }
    }
    let (light, dark) = (seen[0].clone(), seen[1].clone());
    assert_ne!(light, dark);
    assert_eq!(seen[2..], [light.clone(), light, dark.clone(), dark]);
}
