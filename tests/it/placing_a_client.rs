//! Placing somebody, as the municipality tells it: the staircase, the years and months, no overlap and no gap, leaving
//! on one's own request, absence, and where nobody may look.

use utvag::placement::paths;
use utvag::vocabulary::Role;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::homes::Home;
use crate::support::people::Person;
use crate::support::placements::{REASON, Typed};

fn pl1(home: &Home) -> Typed {
    Typed::new(home, "hvb", "2026-01-15", "2027-07-15").with("price_form", "stairs")
}

/// A case that was opened on 2026-01-05, a social worker who has it, and a home.
struct Ground<'a> {
    karin: Person<'a>,
    malin: Person<'a>,
    case: String,
    home: Home,
}

async fn ground(app: &App) -> Ground<'_> {
    let (karin, malin) = (app.coordinator().await, app.social_worker().await);
    let case = malin.opens_a_case_on("2026-01-05").await;
    let home = karin.adds_a_home("hvb").await;
    Ground { karin, malin, case, home }
}

#[tokio::test]
async fn ac_05_the_cost_staircase() {
    let app = App::start().await;
    let Ground { malin, case, home, .. } = ground(&app).await;
    malin.get(&paths::new(&case)).await.is_ok().shows("Björkgården");
    let page = pl1(&home).saved_by(&malin, &case).await;
    page.shows(REASON)
        .shows("1 368 000 kr")
        .shows("547 dygn")
        .shows("2 500,91 kr")
        .lacks("Björkgården")
        .lacks("Skogsvägen");
    let rates: Vec<_> = page.rows("[aria-labelledby=h-priser] table");
    assert_eq!(
        rates,
        [
            ["Vård", "2026-01-15 till 2027-01-14", "3 000 kr", "365", "1 095 000 kr"],
            ["Vård", "2027-01-15 till 2027-07-15", "1 500 kr", "182", "273 000 kr"],
        ]
    );
}

#[tokio::test]
async fn ac_06_years_and_months() {
    let app = App::start().await;
    let Ground { malin, case, home, .. } = ground(&app).await;
    let page = pl1(&home).saved_by(&malin, &case).await;
    assert_eq!(
        page.rows("[aria-labelledby=h-ar] table"),
        [["2026", "351", "1 053 000 kr"], ["2027", "196", "315 000 kr"], ["Summa", "547", "1 368 000 kr"]]
    );
    let months = page.rows("[aria-labelledby=h-manad] table");
    assert_eq!(months[0], ["januari 2026", "17", "51 000 kr"]);
    assert_eq!(months[1], ["februari 2026", "28", "84 000 kr"]);
    assert_eq!(months[2], ["mars 2026", "31", "93 000 kr"]);
    assert_eq!(months[12], ["januari 2027", "31", "67 500 kr"]);
    // The day is 2026-12-31.
    page.shows("Hittills 1 053 000 kr 351 dygn").shows("Uppbundet 315 000 kr 196 dygn kvar");
    malin.get(&paths::list(&case)).await.is_ok().shows("1 368 000 kr");
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows("1 053 000 kr hittills, 351 av 547 dygn");
}

#[tokio::test]
async fn ac_07_leap_year_and_the_ambiguous_sentence() {
    let app = App::start().await;
    let Ground { malin, case, home, .. } = ground(&app).await;
    let page =
        Typed::new(&home, "hvb", "2027-03-01", "2028-08-31").with("price_form", "stairs").saved_by(&malin, &case).await;
    assert_eq!(
        page.rows("[aria-labelledby=h-priser] table")[0][1..],
        ["2027-03-01 till 2028-02-29", "3 000 kr", "366", "1 098 000 kr"]
    );
    page.shows("Planerad");
    // Read without a step, the same days cost more.
    let other = malin.opens_a_case_on("2026-01-05").await;
    pl1(&home).with("price_form", "same").saved_by(&malin, &other).await.shows("1 641 000 kr");
}

#[tokio::test]
async fn counting_the_cost_saves_nothing() {
    let app = App::start().await;
    let Ground { malin, case, home, .. } = ground(&app).await;
    let page = pl1(&home).with("count", "ja").sent_by(&malin, &case).await;
    page.is_ok().shows("1 368 000 kr för 547 dygn").shows("Inget är sparat ännu.");
    assert_eq!(page.value("starts_on"), "2026-01-15");
    malin.get(&paths::list(&case)).await.is_ok().shows("Ingen placering");
    assert!(!app.trail(&case).await.contains(&"placement.started".to_owned()));
}

#[tokio::test]
async fn ac_08_no_overlap() {
    let app = App::start().await;
    let Ground { karin, malin, case, home } = ground(&app).await;
    let pl4 = Typed::new(&home, "hvb", "2026-03-16", "2026-08-31").with("per_day", "2 450");
    pl4.saved_by(&malin, &case).await.shows("414 050 kr").shows("169 dygn");
    let next = |first: &str| Typed::new(&home, "hvb", first, "2026-12-31");
    let taken = "Perioderna överlappar. Personen är redan placerad 2026-03-16 till 2026-08-31";
    next("2026-08-31").sent_by(&malin, &case).await.is_faulty().at("starts_on", taken);
    next("2026-09-01").saved_by(&malin, &case).await;
    // Living somewhere by day is no care around the clock.
    let flat = karin.adds_a_home("training_apartment").await;
    Typed::new(&flat, "training_apartment", "2026-05-01", "2026-06-30").saved_by(&malin, &case).await;
}

#[tokio::test]
async fn ac_08_no_gaps() {
    let app = App::start().await;
    let Ground { malin, case, home, .. } = ground(&app).await;
    let stay = || Typed::new(&home, "hvb", "2026-03-16", "2026-08-31");
    let gap =
        stay().rate("2026-03-16", "2026-05-31", "2 450", "care").rate("2026-06-02", "2026-08-31", "2 450", "care");
    gap.sent_by(&malin, &case).await.is_faulty().at("rate_from-1", "Dygnspris saknas för 2026-06-01");
    let twice =
        stay().rate("2026-03-16", "2026-06-01", "2 450", "care").rate("2026-06-01", "2026-08-31", "2 450", "care");
    twice
        .sent_by(&malin, &case)
        .await
        .is_faulty()
        .at("rate_from-1", "Två priser för vård gäller samma dag, 2026-06-01");
    let whole = stay()
        .rate("2026-03-16", "2026-05-31", "2 450", "care")
        .rate("2026-06-01", "2026-08-31", "2 500", "care")
        .rate("2026-06-01", "2026-06-30", "100", "supplement");
    // 77 × 2 450 + 92 × 2 500 + 30 × 100
    whole.saved_by(&malin, &case).await.shows("421 650 kr").shows("Tillägg");
}

#[tokio::test]
async fn bad_input_is_told_at_its_field_and_changes_nothing() {
    let app = App::start().await;
    let Ground { malin, case, home, .. } = ground(&app).await;
    for (field, typed, at, said) in [
        ("kind", "", "kind", "Välj form"),
        ("home", "", "home", "Välj boende"),
        (
            "kind",
            "training_apartment",
            "home",
            "Boendet är registrerat som HVB. Välj ett annat boende eller en annan form",
        ),
        ("procurement", "", "procurement", "Välj hur platsen köps"),
        (
            "procurement",
            "inside_framework",
            "procurement",
            "Leverantören har inget ramavtal med pris för HVB den 2026-01-15. Välj utanför ramavtal",
        ),
        ("outside_reason", "", "outside_reason", "Välj skäl till köp utanför ramavtal"),
        ("outside_text", "", "outside_text", "Skriv en motivering"),
        ("outside_text", "för kort", "outside_text", "Skriv en motivering med minst 30 tecken"),
        ("starts_on", "15/1", "starts_on", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("starts_on", "2026-01-04", "starts_on", "Placeringen kan inte börja innan ärendet öppnades, 2026-01-05"),
        ("planned_end_on", "2026-01-14", "planned_end_on", "Slutdatum måste vara efter startdatum"),
        (
            "planned_end_on",
            "2028-01-16",
            "planned_end_on",
            "En placering kan vara högst 24 månader. Slutdatum kan vara senast 2028-01-15",
        ),
        ("decided_from", "2026-02-01", "decided_from", "Beslutet måste gälla under hela placeringen"),
        ("price_form", "", "price_form", "Välj hur dygnskostnaden anges"),
        ("per_day", "", "per_day", "Skriv dygnskostnaden i kronor, till exempel 3 000"),
        ("per_day", "0", "per_day", "Dygnskostnaden måste vara mer än 0 kr"),
        ("per_day", "-1", "per_day", "Dygnskostnaden måste vara mer än 0 kr"),
        ("per_day", "20 000,01", "per_day", "Dygnskostnaden kan vara högst 20 000 kr"),
    ] {
        let page = pl1(&home).with(field, typed).sent_by(&malin, &case).await;
        page.is_faulty().at(at, said);
        if field != "planned_end_on" {
            assert_eq!(page.value("planned_end_on"), "2027-07-15", "{field}");
        }
    }
    malin.get(&paths::list(&case)).await.is_ok().shows("Ingen placering");
    assert!(!app.trail(&case).await.contains(&"placement.started".to_owned()));
}

#[tokio::test]
async fn inside_an_agreement_the_price_is_the_agreements_or_says_why_not() {
    let app = App::start().await;
    let Ground { karin, malin, case, .. } = ground(&app).await;
    let home = karin.adds_a_home_with_agreement("hvb", "2 450").await;
    let inside = || {
        Typed::new(&home, "hvb", "2026-02-02", "2026-05-31").with("procurement", "inside_framework").with("per_day", "")
    };
    let dearer = inside().with("per_day", "2 600").sent_by(&malin, &case).await;
    dearer.is_faulty().at("price_reason", "Dygnskostnaden avviker från avtalet (2 450 kr). Skriv varför");
    inside().saved_by(&malin, &case).await.shows("119 dygn").shows("291 550 kr").shows("Inom ramavtal");
    let later = Typed::new(&home, "hvb", "2027-12-01", "2028-01-31")
        .with("procurement", "inside_framework")
        .with("per_day", "");
    later.sent_by(&malin, &case).await.is_faulty().at("per_day", "Dygnspris saknas för 2028-01-01");
}

#[tokio::test]
async fn ac_12_framework_or_not() {
    let app = App::start().await;
    let (karin, malin) = (app.coordinator().await, app.social_worker().await);
    let home = karin.adds_a_home("hvb").await;
    let chosen = "[name='procurement'][checked]";
    for (needs, proposed) in [("exit_only", "outside_framework"), ("dependency_and_exit", "inside_framework")] {
        let opened = Opening::unknown().with("opened_on", "2026-01-05").with("needs", needs);
        let case = opened.responsible(&malin).saved_by(&malin).await;
        let page = malin.get(&paths::new(&case)).await;
        assert_eq!(page.is_ok().attributes(chosen, "value"), [proposed]);
        // Outside the agreements needs a reason in words, whatever was proposed.
        let short = pl1(&home).with("outside_text", "Behovet är renodlat.");
        let said = "Skriv en motivering med minst 30 tecken";
        short.sent_by(&malin, &case).await.is_faulty().at("outside_text", said);
        pl1(&home).saved_by(&malin, &case).await.shows("1 368 000 kr").shows("Utanför ramavtal");
    }
    let unknown = Opening::unknown().with("needs", "").responsible(&malin).saved_by(&malin).await;
    assert!(malin.get(&paths::new(&unknown)).await.attributes(chosen, "value").is_empty());
}

#[tokio::test]
async fn ac_09_leaves_on_own_request() {
    for (last_day, departure, days, cost) in [
        ("2026-03-18", "ja", 63, "189 000 kr"),
        ("2026-03-18", "", 62, "186 000 kr"),
        ("2026-09-30", "ja", 259, "777 000 kr"),
        ("2026-09-30", "", 258, "774 000 kr"),
    ] {
        let app = App::start().await;
        let Ground { malin, case, home, .. } = ground(&app).await;
        let placement = pl1(&home);
        placement.saved_by(&malin, &case).await;
        let end = paths::end(&case, placement.id());
        let form = malin.get(&end).await;
        form.is_ok().shows("På egen begäran");
        let version = form.value("version");
        let fields = [
            ("version", version.as_str()),
            ("last_day", last_day),
            ("reason", "own_request"),
            ("charge_departure_day", departure),
        ];
        let show = paths::show(&case, placement.id());
        malin.post(&end, &fields).await.leads_to(&show);
        let page = malin.get(&show).await;
        page.is_ok().shows("På egen begäran").shows(cost).shows(&format!("{days} dygn")).shows("Avslutad");
        assert!(app.trail(&case).await.contains(&"placement.ended".to_owned()));
    }
}

#[tokio::test]
async fn ending_is_told_what_is_wrong_with_it() {
    let app = App::start().await;
    let Ground { malin, case, home, .. } = ground(&app).await;
    let placement = pl1(&home);
    placement.saved_by(&malin, &case).await;
    let end = paths::end(&case, placement.id());
    let send = async |last_day: &str, reason: &str, version: &str| {
        malin.post(&end, &[("version", version), ("last_day", last_day), ("reason", reason)]).await
    };
    send("2026-01-14", "other", "1")
        .await
        .is_faulty()
        .at("last_day", "Sista dagen kan inte vara före inskrivningen, 2026-01-15");
    send("", "other", "1").await.is_faulty().at("last_day", "Skriv datumet som ÅÅÅÅ-MM-DD");
    send("2026-12-31", "", "1").await.is_faulty().at("reason", "Välj varför placeringen avslutas");
    send("2027-07-16", "other", "1").await.is_faulty();

    // Two at once: the second sees what happened and keeps what was typed.
    send("2026-11-30", "goal_reached", "1").await.leads_to(&paths::show(&case, placement.id()));
    let second = send("2026-12-15", "other", "1").await;
    second.is(409).shows("Någon annan har ändrat placeringen sedan du öppnade den");
    assert_eq!(second.value("last_day"), "2026-12-15");
    malin.get(&paths::show(&case, placement.id())).await.shows("2026-11-30").lacks("2026-12-15");
}

#[tokio::test]
async fn absence_lowers_the_cost_and_keeps_the_days() {
    let app = App::start().await;
    let Ground { malin, case, home, .. } = ground(&app).await;
    let placement = Typed::new(&home, "hvb", "2026-03-01", "2026-03-31");
    placement.saved_by(&malin, &case).await.shows("93 000 kr");
    let absence = paths::absence(&case, placement.id());
    malin.get(&absence).await.is_ok();
    let send = async |first: &str, last: &str, rate: &str, per_day: &str| {
        let id = Uuid::now_v7().to_string();
        let fields = [
            ("id", id.as_str()),
            ("first_day", first),
            ("last_day", last),
            ("reason", "hospital"),
            ("rate", rate),
            ("per_day", per_day),
        ];
        malin.post(&absence, &fields).await
    };
    let show = paths::show(&case, placement.id());
    send("2026-03-30", "2026-04-01", "none", "")
        .await
        .is_faulty()
        .at("first_day", "Frånvaron måste ligga inom placeringen, 2026-03-01 till 2026-03-31");
    send("2026-03-10", "2026-03-12", "reduced", "")
        .await
        .is_faulty()
        .at("per_day", "Skriv det reducerade priset i kronor, till exempel 1 500");
    send("2026-03-10", "2026-03-12", "none", "").await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("84 000 kr").shows("31 dygn").shows("Inget pris");
    send("2026-03-12", "2026-03-13", "none", "")
        .await
        .is_faulty()
        .at("first_day", "Frånvaro är redan registrerad för 2026-03-12");
    send("2026-03-20", "2026-03-21", "reduced", "1 500").await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("81 000 kr");
}

#[tokio::test]
async fn a_planned_placement_begins_or_is_cancelled_once() {
    let app = App::start().await;
    let Ground { malin, case, home, .. } = ground(&app).await;
    let planned = Typed::new(&home, "hvb", "2027-01-10", "2027-03-31");
    let page = planned.saved_by(&malin, &case).await;
    page.shows("Planerad").shows("Registrera inskrivning");
    let (show, begin) = (paths::show(&case, planned.id()), paths::begin(&case, planned.id()));
    malin.post(&begin, &[("version", "1")]).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Pågår");
    malin.post(&begin, &[("version", "1")]).await.is(409);
    malin.post(&paths::cancel(&case, planned.id()), &[("version", "2")]).await.is(409);

    let never = Typed::new(&home, "hvb", "2027-05-01", "2027-05-31");
    never.saved_by(&malin, &case).await;
    malin.post(&paths::cancel(&case, never.id()), &[("version", "1")]).await.leads_to(&paths::show(&case, never.id()));
    malin.get(&paths::show(&case, never.id())).await.is_ok().shows("Inställd").shows("0 kr");
}

#[tokio::test]
async fn a_placement_that_is_sent_twice_is_saved_once() {
    let app = App::start().await;
    let Ground { malin, case, home, .. } = ground(&app).await;
    let placement = pl1(&home);
    let show = paths::show(&case, placement.id());
    placement.sent_by(&malin, &case).await.leads_to(&show);
    placement.sent_by(&malin, &case).await.leads_to(&show);
    assert_eq!(malin.get(&paths::list(&case)).await.texts("tbody .case").len(), 1);
    let started = app.trail(&case).await.iter().filter(|event| *event == "placement.started").count();
    assert_eq!(started, 1);
}

#[tokio::test]
async fn only_those_who_are_named_see_where_somebody_is_and_each_look_has_its_reason() {
    let app = App::start().await;
    let Ground { karin, malin, case, home } = ground(&app).await;
    let placement = pl1(&home).with("location_note", "Lägenhet 1203");
    placement.saved_by(&malin, &case).await.shows("Visa vistelseorten");
    let location = paths::location(&case, placement.id());
    let shown = malin.opens_the_location(&case, placement.id()).await;
    shown.is_ok().shows("Björkgården").shows("Norrsele").shows("Skogsvägen 4").shows("Lägenhet 1203");
    assert_eq!(app.trail(&case).await.last().unwrap(), "location.opened");
    // A coordinator who is not named in the case sees the case and not the place; nor does the manager.
    karin.get(&location).await.is_forbidden();
    app.manager().await.get(&location).await.is_forbidden();
    app.social_worker().await.get(&location).await.is_missing();
}

#[tokio::test]
async fn those_who_may_not_are_told_nothing_and_nothing_happens() {
    let app = App::start().await;
    let Ground { malin, case, home, .. } = ground(&app).await;
    let stranger = app.social_worker().await;
    for role in [Role::PoliceLiaison, Role::Controller, Role::LogReviewer, Role::Sysadmin] {
        let person = app.person(role).await;
        person.get(&paths::list(&case)).await.is_missing();
        pl1(&home).sent_by(&person, &case).await.is_missing();
    }
    pl1(&home).sent_by(&stranger, &case).await.is_missing();
    malin.get(&paths::show(&case, Uuid::now_v7())).await.is_missing();
    malin.get(&format!("{}/inte-ett-id", paths::list(&case))).await.is_missing();
    malin.get(&paths::list(&case)).await.shows("Ingen placering");
}
