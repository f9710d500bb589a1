//! The forms of decisions, investigations, plans and follow-ups: sound as they stand, and as they come back.

use utvag::decision::paths;
use utvag::vocabulary::Role;

use crate::every_page::{none, picture};
use crate::support::app::App;
use crate::support::people::Person;
use crate::window::Browser;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn decisions_are_sound_to_those_who_write_and_make_them() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let world = World::made(&app).await;
    let (case, [made, undecided]) = (&world.case, world.decisions);
    // Pictures are called by what they show and not by ids that are drawn anew.
    let ids = [case.clone(), made.to_string(), undecided.to_string()];
    let plain = |address: &str| ids.iter().fold(address.to_owned(), |text, id| text.replace(id, ""));
    let mut faults = Vec::new();
    browser.comes_as(&world.malin).await;
    for address in [paths::show(case, undecided), paths::give_back(case, undecided), paths::receive(case, made)] {
        faults.extend(browser.looks_at("handlaggare", &plain(&address), &address).await);
    }
    for address in
        [paths::new(case), paths::appeal(case, made), paths::delay(case, made), paths::give_back(case, undecided)]
    {
        faults.extend(browser.sends_nothing(&plain(&address), &address).await);
    }
    browser.comes_as(&Person::hired(&app, Role::Manager).await).await;
    for address in [paths::sign(case, undecided), paths::correct(case, made), paths::notice(case, made)] {
        faults.extend(browser.looks_at("chef", &plain(&address), &address).await);
    }
    none(&faults);
}

/// What the social worker alone writes in an investigation; each form is also sent as it stands.
const INVESTIGATED: [&str; 10] = [
    "/arenden/{case}/motivation/ny",
    "/arenden/{case}/utredning/ny",
    "/arenden/{case}/utredning/{investigation}/fardigstallande",
    "/arenden/{case}/utredning/{investigation}/kommunicering",
    "/arenden/{case}/utredning/{investigation}/forlangning",
    "/arenden/{case}/utredning/{investigation}/barn",
    "/arenden/{case}/utredning/barn/{child}/orosanmalan",
    "/arenden/{case}/utredning/barn/{child}/borttagning",
    "/arenden/{case}/placeringar/{placement}/barnperspektiv",
    "/arenden/{case}/utredning/{investigation}",
];

#[tokio::test(flavor = "multi_thread")]
async fn investigations_are_sound_to_those_who_write_them() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let world = World::made(&app).await;
    let mut faults = Vec::new();
    browser.comes_as(&world.malin).await;
    let more = ["text", "stodbedomning/ny", "stodbedomning", "stodbedomning/jamfor?fran=1&till=2"];
    let more = more.map(|end| format!("/arenden/{{case}}/utredning/{{investigation}}/{end}"));
    for route in INVESTIGATED.into_iter().chain(more.iter().map(String::as_str)) {
        faults.extend(browser.looks_at("handlaggare", route, &world.addresses(route)[0]).await);
    }
    for route in INVESTIGATED.into_iter().filter(|route| !route.ends_with(['}', 'e'])) {
        let address = world.addresses(route)[0].clone();
        faults.extend(browser.sends_nothing(route, &address).await);
    }
    none(&faults);
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_plans_support_and_follow_ups_come_back_sound() {
    let mut browser = Browser::start().await;
    let app = App::start().await;
    browser.visits(&app).await;
    let world = World::made(&app).await;
    let (case, [in_force, draft], [_, to_be_held]) = (&world.case, world.plans, world.follow_ups);
    let stay = world.addresses("/arenden/{case}/placeringar/{placement}")[0].clone();
    let mut faults = Vec::new();
    browser.comes_as(&world.malin).await;
    // Nothing is filled in there, so it does not come back.
    let discard = utvag::plan::paths::discard(case, draft);
    faults.extend(browser.looks_at("handlaggare", "plan-borttagning", &discard).await);
    for (name, address) in [
        ("plan-ny", utvag::plan::paths::new(case)),
        ("plan-avslut", utvag::plan::paths::end(case, in_force)),
        ("insats-ny", utvag::intervention::paths::new(case)),
        ("insats-avslut", utvag::intervention::paths::end(case, world.support)),
        ("uppfoljning-ny", utvag::follow_up::paths::new(case)),
        ("uppfoljning-genomforande", utvag::follow_up::paths::hold(case, to_be_held)),
        ("uppfoljning-flyttning", utvag::follow_up::paths::moving(case, to_be_held)),
        ("uppfoljning-installning", utvag::follow_up::paths::cancel(case, to_be_held)),
    ] {
        faults.extend(browser.sends_nothing(name, &address).await);
    }
    // Leaving ends the plan, so it comes last.
    let left = [("last_day", "2026-12-30"), ("reason", "own_request"), ("charge_departure_day", "ja")];
    world.malin.registers(&format!("{stay}/avslut"), &left).await.leads_to(&stay);
    let offer = format!("{stay}/fortsatt-stod");
    faults.extend(browser.looks_at("handlaggare", "fortsatt-stod", &offer).await);
    faults.extend(browser.sends_nothing("fortsatt-stod", &offer).await);
    none(&faults);
}

impl Browser {
    /// The form sent as it stands, which comes back with its faults.
    async fn sends_nothing(&self, name: &str, address: &str) -> Vec<String> {
        let sent = async || {
            self.goto(address).await;
            self.click("main form .savebar button").await;
            self.comes_back().await;
        };
        self.faults_in_each_look(&picture("fel", name), sent).await
    }
}
