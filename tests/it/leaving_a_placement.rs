//! Leaving a placement on one's own request (AC-09): the care plan ends with it, and other support is offered.

use sqlx::Executor;
use time::macros::date;
use utvag::placement::paths;
use utvag::plan::paths as plans;

use crate::support::app::App;
use crate::support::homes::Home;
use crate::support::people::Person;
use crate::support::placements::Typed;
use crate::support::plans::TypedPlan;

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
async fn ac_09_the_plan_ends_and_support_is_offered() {
    let app = App::start().await;
    let Ground { karin, malin, case, home } = ground(&app).await;
    app.becomes(date!(2026 - 01 - 15));
    let placement = pl1(&home);
    placement.saved_by(&malin, &case).await;
    let plan = TypedPlan::care_plan("2026-04-15").activated_by(&malin, &case).await;
    let (overview, show) = (format!("/arenden/{case}"), paths::show(&case, placement.id()));
    let (offer, asked) = (paths::offer(&case, placement.id()), "Erbjud fortsatt stöd");
    malin.get(&offer).await.leads_to(&show);

    // The person asks to leave, and leaves.
    app.becomes(date!(2026 - 03 - 18));
    malin.get("/").await.is_ok().lacks(asked);
    let fields = [("last_day", "2026-03-18"), ("reason", "own_request"), ("charge_departure_day", "ja")];
    malin.registers(&paths::end(&case, placement.id()), &fields).await.leads_to(&show);
    let page = malin.get(&show).await;
    page.is_ok().shows("På egen begäran").shows("189 000 kr").shows("63 dygn").shows(asked);
    // What was expected is counted anew, month by month and over the year.
    assert_eq!(
        page.rows("[aria-labelledby=h-ar] table"),
        [["2026", "63", "189 000 kr"], ["Summa", "63", "189 000 kr"]]
    );
    assert_eq!(
        page.rows("[aria-labelledby=h-manad] table"),
        [["januari 2026", "17", "51 000 kr"], ["februari 2026", "28", "84 000 kr"], ["mars 2026", "18", "54 000 kr"]]
    );
    let year = karin.get("/placeringar?ar=2026").await.rows("section[aria-labelledby='h-summa'] table");
    assert_eq!(year.last().unwrap()[..3], ["Alla placeringar", "63", "189 000 kr"]);

    // The care plan has ended with it.
    let ended = "Avslutad 2026-03-18 Med placering 1, som avslutades på egen begäran";
    malin.get(&plans::show(&case, plan)).await.is_ok().shows("Status Avslutad").shows(ended);
    malin.get(&plans::list(&case)).await.is_ok().shows("Ingen gällande plan").lacks("Vårdplan saknas");

    // Until somebody has said what was offered, it is asked for.
    malin.get(&overview).await.is_ok().shows(asked);
    malin.get("/").await.is_ok().shows(asked);
    karin.get("/").await.is_ok().shows(asked);
    let typed = |field: &str, value: &'static str| {
        let all = [("on", "2026-03-18"), ("offer", "Öppenvård och stödboende."), ("answer", "declined")];
        all.map(|(name, usual)| (name, if name == field { value } else { usual }))
    };
    for (field, value, said) in [
        ("on", "2026-03-19", "Datumet kan inte vara senare än i dag, 2026-03-18"),
        ("on", "2026-01-14", "Placeringen började 2026-01-15. Datumet kan inte vara före det"),
        ("on", "i går", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("offer", " ", "Skriv vilket stöd som erbjöds"),
        ("answer", "kanske", "Välj vad personen svarade"),
    ] {
        malin.post(&offer, &typed(field, value)).await.is_faulty().at(field, said);
    }
    malin.post(&offer, &typed("", "")).await.leads_to(&show);
    malin.post(&offer, &typed("offer", "Något annat.")).await.leads_to(&show);
    let page = malin.get(&show).await;
    page.is_ok().shows("Tackade nej").shows("Öppenvård och stödboende.").lacks("Något annat.").lacks(asked);
    malin.get(&overview).await.is_ok().lacks(asked);
    malin.get("/").await.is_ok().lacks(asked);
    let trail = app.trail(&case).await;
    for event in ["placement.ended", "plan.ended", "placement.support_offered"] {
        assert!(trail.contains(&event.to_owned()), "{event}");
    }
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    let changed = owner.execute("update support_offer set answer = 'accepted'").await.unwrap_err();
    assert_eq!(utvag::error::constraint(&changed), Some("support_offer_stands"));
}

#[tokio::test]
async fn the_plan_ends_whoever_registers_the_end_and_stands_when_it_was_not_asked_for() {
    let app = App::start().await;
    let Ground { karin, malin, case, home } = ground(&app).await;
    for (reason, left, asked) in [("planned_move", "Gällande", false), ("own_request", "Avslutad", true)] {
        let case = if asked { malin.opens_a_case_on("2026-01-05").await } else { case.clone() };
        let placement = pl1(&home);
        placement.saved_by(&malin, &case).await;
        let plan = TypedPlan::care_plan("2027-04-15").activated_by(&malin, &case).await;
        let fields = [("last_day", "2026-12-31"), ("reason", reason)];
        let show = paths::show(&case, placement.id());
        karin.registers(&paths::end(&case, placement.id()), &fields).await.leads_to(&show);
        malin.get(&plans::show(&case, plan)).await.is_ok().shows(&format!("Status {left}"));
        let page = malin.get(&show).await;
        assert_eq!(page.words().contains("Erbjud fortsatt stöd"), asked, "{reason}");
    }
}
