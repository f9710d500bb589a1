//! The ways of a case (domain 2.14.1), through the pages: what each step demands and where that is done, rest, and the three
//! endings.

use sqlx::Executor;
use time::Duration;
use time::macros::date;
use utvag::case::{paths, transfer};
use utvag::consent::paths as consents;
use utvag::investigation::paths as investigations;
use utvag::outcome::paths as outcomes;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::decisions::Typed as Decision;
use crate::support::journal::Typed as Consent;
use crate::support::people::Person;
use crate::support::placements::Typed as Placement;
use crate::support::way_back::Typed as Outcome;

struct Ground<'a> {
    malin: Person<'a>,
    karin: Person<'a>,
    case: String,
    show: String,
}

/// A case with a deputy, as it came in.
async fn ground(app: &App) -> Ground<'_> {
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).coordinator(&karin).saved_by(&malin).await;
    let show = paths::show(&case);
    Ground { malin, karin, case, show }
}

async fn decides(person: &Person<'_>, case: &str, kind: &str) {
    let decision = Decision::outpatient("2026-12-31", "2027-06-29").with("kind", kind).with("basis", "sol_14_2");
    let decision = decision.with("applied_for", "").submitted_by(person, case).await;
    person.decides(case, decision).await;
}

/// The links in the list of what is lacking.
async fn lacks(person: &Person<'_>, case: &str) -> Vec<String> {
    let page = person.get(&paths::status(case)).await;
    page.is_ok().attributes("section[aria-labelledby='h-steg'] li a", "href")
}

#[tokio::test]
async fn a_party_that_takes_the_application_back_leads_the_case_to_its_end_in_two_steps() {
    let app = App::start().await;
    let Ground { malin, karin, case, show } = ground(&app).await;
    let none = "Välj en status som går att byta till";
    malin.moves_the_case(&case, "assessing").await.leads_to(&show);
    malin.get(&paths::status(&case)).await.is_ok().shows("Beslut om att inleda utredning är inte fattat");
    assert!(lacks(&malin, &case).await.contains(&format!("/arenden/{case}/beslut")));
    malin.moves_the_case(&case, "investigating").await.is_faulty().at("status", none);
    let id = malin.starts_investigating(&case).await;
    malin.moves_the_case(&case, "investigating").await.leads_to(&show);

    // The material was communicated before the application was taken back.
    let material = [("on", "2026-12-30"), ("other_day", "")];
    let investigation = investigations::show(&case, id);
    malin.registers(&investigations::communicate(&case, id), &material).await.leads_to(&investigation);
    assert!(lacks(&malin, &case).await.contains(&format!("/arenden/{case}/utredning")));
    malin.moves_the_case(&case, "closing").await.is_faulty().at("status", none);
    let taken_back = [("on", "2026-12-31"), ("text", "Ansökan är återtagen.")];
    malin.registers(&investigations::discontinue(&case, id), &taken_back).await.leads_to(&investigation);
    malin.get(&investigation).await.is_ok().shows("Avslutad utan beslut").shows("Ansökan är återtagen.");

    // One step does not do for two.
    let close = paths::close(&case);
    karin.get(&close).await.is_ok().shows("Ärendet avslutas i två steg").lacks("Skriv ärendenumret");
    malin.get(&paths::status(&case)).await.is_ok().shows("Det går inte att ångra");
    malin.moves_the_case(&case, "closing").await.leads_to(&show);
    for back in ["investigating", "active", "dormant", "registered"] {
        malin.moves_the_case(&case, back).await.is_faulty().at("status", none);
    }

    // Nothing new begins in it.
    let home = karin.adds_a_home("hvb").await;
    let placement = Placement::new(&home, "hvb", "2026-12-31", "2027-04-30");
    placement
        .sent_by(&malin, &case)
        .await
        .is(422)
        .shows("Ärendet avslutas. En ny placering kan inte registreras i det.");

    // What is left, each with where it is done.
    let given = Consent::consent();
    given.sent_to(&consents::list(&case), &malin).await.leads_to(&consents::show(&case, given.id));
    let follow_up = Consent::consent().with("kind", "after_closing");
    follow_up.sent_to(&consents::list(&case), &malin).await.leads_to(&consents::show(&case, follow_up.id));
    let page = karin.get(&close).await;
    page.is_ok().shows("Utfallet är inte registrerat").shows("1 samtycke gäller").lacks("Skriv ärendenumret");
    let links = page.attributes("main .notice a", "href");
    assert_eq!(links, [outcomes::closing(&case), consents::list(&case)]);
    malin.records_the_outcome(&case).await;
    let version = malin.get(&paths::status(&case)).await.value("version");
    let too_soon =
        [("version", version.as_str()), ("reason", "interrupted"), ("closed_on", "2026-12-31"), ("confirm", &case)];
    karin.post(&close, &too_soon).await.is_faulty().shows("1 samtycke gäller");
    karin.get(&show).await.is_ok().lacks("kan bara läsas");
    let how = [("how", "Ringde och sa att det inte behövs mer.")];
    malin.post(&consents::withdraw(&case, given.id), &how).await.is(303);
    malin.get(&paths::status(&case)).await.is_ok().shows("Be samordnaren eller chefen göra det");
    karin.ends_the_case(&close, &case, "2026-12-31").await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Ärendet är avslutat och kan bara läsas");
    let journal = malin.get(&format!("/arenden/{case}/journal")).await;
    journal
        .is_ok()
        .shows("Ny status: Avslutas.")
        .shows("Utredning avslutades utan beslut")
        .shows("Orsak: Målet är uppnått.");
    let trail = app.trail(&case).await;
    assert_eq!(trail.iter().filter(|event| *event == "case.moved").count(), 3, "{trail:?}");
}

#[tokio::test]
async fn whoever_wants_to_be_asked_afterwards_can_say_so_when_the_case_is_closed() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    malin.records_the_outcome(&case).await;
    app.makes_the_case(&case, "status = 'closed', closed_on = '2026-12-31', close_reason = 'goal_reached'").await;
    let kinds = malin.get(&consents::new(&case)).await.is_ok().attributes("#kind option[value]", "value");
    assert_eq!(kinds, ["", "after_closing"]);
    Consent::consent()
        .sent_to(&consents::list(&case), &malin)
        .await
        .is_faulty()
        .at("kind", "Välj vad samtycket gäller");
    let consent = Consent::consent().with("kind", "after_closing");
    consent.sent_to(&consents::list(&case), &malin).await.leads_to(&consents::show(&case, consent.id));
    for (days, moment, known_on) in [(176, "months_6", "2027-06-25"), (183, "months_12", "2027-12-20")] {
        app.state.clock.put_forward(Duration::days(days));
        let asked = Outcome::outcome().with("moment", moment).with("known_on", known_on);
        asked.sent_to(&outcomes::afterwards(&case), &malin).await.leads_to(&outcomes::show(&case, asked.id));
    }
    app.makes_the_case(&case, "status = 'transferred', close_reason = 'transferred'").await;
    malin.get(&consents::new(&case)).await.is_forbidden();
    malin.get(&outcomes::afterwards(&case)).await.is_forbidden();
}

#[tokio::test]
async fn what_is_not_to_be_investigated_is_ended_by_a_decision() {
    let app = App::start().await;
    let Ground { malin, karin, case, show } = ground(&app).await;
    let path = paths::not_opened(&case);
    karin
        .get(&path)
        .await
        .is_ok()
        .shows("Beslut om att inte inleda utredning är inte fattat")
        .lacks("Skriv ärendenumret");
    decides(&malin, &case, "no_investigation").await;
    malin.get(&path).await.is_forbidden();
    karin.get(&paths::status(&case)).await.is_ok().shows("Avsluta utan utredning");
    karin.get(&path).await.is_ok().shows("Ärendet blir skrivskyddat").lacks("Varför avslutas ärendet?");
    let early = karin.ends_the_case(&path, &case, "2026-12-30").await;
    early.is_faulty().at("closed_on", "Datumet kan inte vara tidigare än 2026-12-31");
    karin.ends_the_case(&path, &case, "2026-12-31").await.leads_to(&show);
    let page = malin.get(&show).await;
    page.is_ok().shows("Ej inledd").shows("Utredning inleddes inte").shows("kan bara läsas");
    malin.get(&paths::status(&case)).await.is_forbidden();
    karin.get("/arenden").await.is_ok().lacks(&case);
    for list in ["/arenden?status=avslutade", "/arenden?status=not_opened"] {
        karin.get(list).await.is_ok().shows(&case);
    }
    karin.get("/arenden?status=transferred").await.is_ok().lacks(&case);
    // Nobody is followed who was never helped.
    malin.get(&outcomes::afterwards(&case)).await.is_forbidden();
    malin.get(&consents::new(&case)).await.is_forbidden();
    assert!(app.trail(&case).await.iter().any(|event| event == "case.not_opened"));
}

#[tokio::test]
async fn a_case_rests_until_somebody_looks_at_it_again() {
    let app = App::start().await;
    let Ground { mut malin, karin, case, show } = ground(&app).await;
    let path = paths::rest(&case);
    let version = async || malin.get(&paths::status(&case)).await.is_ok().value("version");
    malin.get(&path).await.is_ok().shows("Ärendet kan inte göras vilande").lacks("Ses över senast");
    malin.moves_the_case(&case, "assessing").await.leads_to(&show);
    malin.decides_to_investigate(&case).await;
    malin.moves_the_case(&case, "investigating").await.leads_to(&show);
    // Not by choosing it: a reason and a day are asked for.
    malin.moves_the_case(&case, "dormant").await.is_faulty();
    malin.get(&paths::status(&case)).await.is_ok().shows("Gör ärendet vilande");

    let typed = |version: &str, reason: &str, note: &str, day: &str| {
        let (id, version) = (Uuid::now_v7().to_string(), version.to_owned());
        [
            ("id", id),
            ("version", version),
            ("reason", reason.to_owned()),
            ("note", note.to_owned()),
            ("review_on", day.to_owned()),
        ]
    };
    let sends = async |fields: &[(&str, String); 5]| {
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        malin.post(&path, &fields).await
    };
    let now = version().await;
    for (reason, note, day, field, said) in [
        ("", "", "2027-01-20", "reason", "Välj varför ärendet ska vila"),
        ("other", "", "2027-01-20", "note", "Skriv varför ärendet ska vila"),
        ("prison", "", "2026-12-30", "review_on", "Datumet kan inte vara tidigare än i dag, 2026-12-31"),
        ("prison", "", "2027-04-01", "review_on", "Ett ärende kan vila högst 90 dagar. Senast 2027-03-31"),
    ] {
        sends(&typed(&now, reason, note, day)).await.is_faulty().at(field, said);
    }
    sends(&typed("1", "prison", "Häktad.", "2027-01-20")).await.is(409).shows("Ärendet har ändrats").shows("Häktad.");
    let rest = typed(&now, "prison", "Häktad i väntan på rättegång.", "2027-01-20");
    for _ in 0..2 {
        sends(&rest).await.leads_to(&show);
    }
    malin.get(&show).await.is_ok().shows("Vilande").shows("Frihetsberövad").shows("Ses över senast 2027-01-20");
    malin.get(&show).await.lacks("Vilande ärende ska ses över");
    malin.get("/").await.is_ok().lacks("Vilande ärende ska ses över");
    karin.get("/arenden?status=dormant").await.is_ok().shows(&case);
    karin.get("/arenden").await.is_ok().shows(&case);

    // A week before the day it comes up, and it can rest on.
    app.state.clock.put_forward(Duration::days(13));
    malin.sign_in().await;
    let sends = async |fields: &[(&str, String); 5]| {
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        malin.post(&path, &fields).await
    };
    for page in ["/", &show] {
        malin.get(page).await.is_ok().shows("Vilande ärende ska ses över");
    }
    let page = malin.get(&path).await;
    page.is_ok().shows("Häktad i väntan på rättegång.").shows("Status före vilan Under utredning");
    sends(&typed(&page.value("version"), "prison", "Dömd.", "2027-03-01")).await.leads_to(&show);
    malin.get(&show).await.is_ok().lacks("Vilande ärende ska ses över").shows("Ses över senast 2027-03-01");

    // Back to where it was, and nowhere else.
    malin.moves_the_case(&case, "active").await.is_faulty();
    malin.moves_the_case(&case, "investigating").await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Under utredning").lacks("Frihetsberövad");
    malin.get(&path).await.is_ok().shows("Tidigare").shows("Dömd.").lacks("Vilar nu");
    let journal = malin.get(&format!("/arenden/{case}/journal")).await;
    journal
        .is_ok()
        .shows("Ny status: Vilande.")
        .shows("Det vilande ärendet sågs över")
        .shows("Ny status: Under utredning.");
    let trail = app.trail(&case).await;
    for event in ["case.dormant", "case.dormancy_reviewed", "case.dormancy_shown"] {
        assert!(trail.iter().any(|one| one == event), "{event}: {trail:?}");
    }
    let sealed: i64 =
        sqlx::query_scalar("select count(*) from case_dormancy where ended_at is not null and ended_by is not null")
            .fetch_one(&mut app.database.superuser().await)
            .await
            .unwrap();
    assert_eq!(sealed, 2);
}

#[tokio::test]
async fn ac_11_another_municipality_is_asked_in_august_and_ivo_from_21_september() {
    let app = App::start().await;
    app.becomes(date!(2026 - 08 - 20));
    let Ground { malin, karin, case, show } = ground(&app).await;
    let list = transfer::paths::list(&case);
    let carry_out = transfer::paths::carry_out(&case);
    malin.get(&list).await.is_ok().shows("Ingen begäran ännu");
    karin.get(&carry_out).await.is_ok().shows("Ingen annan kommun har tagit över ärendet");
    let id = Uuid::now_v7();
    let text = id.to_string();
    let asked = [
        ("id", text.as_str()),
        ("municipality", "Norrsele"),
        ("on", "2026-08-20"),
        ("grounds", "Bor där sedan i våras och vill stanna."),
        ("paper", "Handling 12"),
    ];
    for (field, said) in [
        ("municipality", "Skriv vilken kommun som ska ta över ärendet"),
        ("on", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("grounds", "Skriv varför kommunen ska ta över ärendet och hur det ska lämnas över"),
        ("paper", "Skriv var den skriftliga begäran finns"),
    ] {
        let fields = asked.map(|(name, value)| (name, if name == field { "" } else { value }));
        malin.post(&list, &fields).await.is_faulty().at(field, said);
    }
    for _ in 0..2 {
        malin.post(&list, &asked).await.leads_to(&list);
    }
    let page = malin.get(&list).await;
    page.is_ok().shows("Väntar på svar, senast 2026-09-20").shows("IVO kan prövas från 2026-09-21").shows("Norrsele");
    // Where somebody lives is not everybody's to know.
    let manager = app.manager().await;
    manager.get(&list).await.is_ok().lacks("Norrsele").shows("Visas för den som får se vistelseorten");
    let another = Uuid::now_v7().to_string();
    let again = asked.map(|(name, value)| (name, if name == "id" { another.as_str() } else { value }));
    malin
        .post(&list, &again)
        .await
        .is_faulty()
        .at("municipality", "En begäran väntar redan på svar. Registrera svaret först");

    // The last day of the answer, and the day after.
    let ivo = transfer::paths::ivo(&case, id);
    app.becomes(date!(2026 - 09 - 20));
    malin.get(&ivo).await.leads_to(&list);
    malin.post(&ivo, &[("version", "1"), ("on", "2026-09-20")]).await.is(409);
    app.becomes(date!(2026 - 09 - 21));
    malin.get(&list).await.is_ok().shows("Inget svar. IVO kan prövas från 2026-09-21");
    let early = malin.registers(&ivo, &[("on", "2026-09-20")]).await;
    early.is_faulty().at("on", "Datumet kan inte vara tidigare än 2026-09-21");
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    for (change, held_by) in [
        ("update case_transfer set ivo_applied_on = '2026-09-20'", "case_transfer_tried"),
        ("update case_transfer set requested_on = '2026-08-01'", "case_transfer_stands"),
        ("update case_transfer set answer = 'refused', answered_on = '2026-09-01'", "case_transfer_answered"),
        ("update case_transfer set ivo_decided_on = '2026-10-01', ivo_approved = true", "case_transfer_decided"),
        ("delete from case_transfer", "case_transfer_stands"),
    ] {
        let refused = owner.execute(change).await.unwrap_err();
        assert_eq!(utvag::error::constraint(&refused), Some(held_by), "{change}");
    }
    malin.registers(&ivo, &[("on", "2026-09-21")]).await.leads_to(&list);
    malin.get(&list).await.is_ok().shows("Väntar på IVO").shows("Ansökan till IVO 2026-09-21");
    app.becomes(date!(2026 - 11 - 10));
    malin.registers(&ivo, &[("on", "2026-11-10")]).await.is_faulty().at("choice", "Välj vad IVO beslutade");
    malin.registers(&ivo, &[("on", "2026-11-10"), ("choice", "approved")]).await.leads_to(&list);

    malin.get(&carry_out).await.is_forbidden();
    malin.get(&list).await.is_ok().shows("Kommunen tar över, från 2026-11-10").lacks("Flytta över ärendet?");
    let early = karin.ends_the_case(&carry_out, &case, "2026-11-09").await;
    early.is_faulty().at("closed_on", "Datumet kan inte vara tidigare än 2026-11-10");
    karin.ends_the_case(&carry_out, &case, "2026-11-10").await.leads_to(&show);
    let page = malin.get(&show).await;
    page.is_ok().shows("Överflyttad").shows("Överflyttat till annan kommun").shows("kan bara läsas");
    malin.get(&list).await.is_ok().shows("Norrsele").lacks("Ny begäran");
    malin.get(&transfer::paths::new(&case)).await.is_forbidden();
    let journal = malin.get(&format!("/arenden/{case}/journal")).await;
    journal.is_ok().shows("Skriftlig begäran 2026-08-20.").shows("IVO beslutade att ärendet ska flyttas över.");
    let trail = app.trail(&case).await;
    for event in ["transfer.requested", "transfer.tried", "transfer.place", "case.transferred"] {
        assert!(trail.iter().any(|one| one == event), "{event}: {trail:?}");
    }
}

#[tokio::test]
async fn a_municipality_answers_yes_or_says_why_not() {
    let app = App::start().await;
    let Ground { malin, karin, case, show } = ground(&app).await;
    let list = transfer::paths::list(&case);
    let asks = async |on: &str| {
        let id = Uuid::now_v7();
        let text = id.to_string();
        let fields = [
            ("id", text.as_str()),
            ("municipality", "Norrsele"),
            ("on", on),
            ("grounds", "Vill stanna."),
            ("paper", "12"),
        ];
        malin.post(&list, &fields).await.leads_to(&list);
        id
    };
    let first = asks("2026-12-01").await;
    let answer = transfer::paths::answer(&case, first);
    let no = [("choice", "refused"), ("on", "2026-12-15"), ("text", "")];
    malin.registers(&answer, &no).await.is_faulty().at("text", "Skriv varför kommunen inte tar över ärendet");
    malin
        .registers(&answer, &[("choice", ""), ("on", "2026-12-15")])
        .await
        .is_faulty()
        .at("choice", "Välj vad kommunen svarade");
    let no = [("choice", "refused"), ("on", "2026-12-15"), ("text", "Vistas tillfälligt hos en bekant.")];
    malin.post(&answer, &[("version", "7"), ("choice", "accepted"), ("on", "2026-12-15")]).await.is(409);
    malin.registers(&answer, &no).await.leads_to(&list);
    malin
        .get(&list)
        .await
        .is_ok()
        .shows("Kommunen tar inte över. IVO kan prövas")
        .shows("Vistas tillfälligt hos en bekant.");
    malin.get(&answer).await.leads_to(&list);
    karin.get(&transfer::paths::carry_out(&case)).await.is_ok().shows("Ingen annan kommun har tagit över ärendet");

    let second = asks("2026-12-20").await;
    let yes = [("choice", "accepted"), ("on", "2026-12-29"), ("text", "")];
    malin.registers(&transfer::paths::answer(&case, second), &yes).await.leads_to(&list);
    karin.get(&list).await.is_ok().shows("Kommunen tar över, från 2026-12-29").shows("Flytta över ärendet");
    karin.ends_the_case(&transfer::paths::carry_out(&case), &case, "2026-12-31").await.leads_to(&show);
    // Whoever comes back gets a new case that points to this one.
    malin.get(&transfer::paths::answer(&case, second)).await.is_forbidden();
}
