//! The life of a decision, through the pages: from draft to signature, notice, appeal, execution, correction and end.

use sqlx::Executor;
use time::macros::date;
use utvag::decision::paths;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::decisions::{REASONS, SCOPE, Typed};
use crate::support::details::Detail;
use crate::support::fixture::announce;
use crate::support::people::{PASSWORD, Person};

/// A case with a responsible and a deputy, and the manager of its unit.
struct Ground<'a> {
    malin: Person<'a>,
    jonas: Person<'a>,
    chef: Person<'a>,
    case: String,
}

async fn ground(app: &App) -> Ground<'_> {
    let (malin, jonas, chef) = (app.social_worker().await, app.social_worker().await, app.manager().await);
    let case = Opening::unknown().responsible(&malin).deputy(&jonas).saved_by(&malin).await;
    Ground { malin, jonas, chef, case }
}

#[tokio::test]
async fn ac_21_a_decision_lives_from_draft_to_correction() {
    let app = App::start().await;
    app.becomes(date!(2026 - 02 - 10));
    let Ground { malin, chef, case, .. } = ground(&app).await;
    let (overview, karin) = (format!("/arenden/{case}"), app.coordinator().await);

    // Signed by somebody without delegation: refused, in words.
    let hvb = Typed::hvb("2026-02-10", "2026-08-09").submitted_by(&malin, &case).await;
    let show = paths::show(&case, hvb);
    for who in [&malin, &karin] {
        let page = who.get(&paths::sign(&case, hvb)).await;
        page.is_ok().shows("Du saknar delegation för beslutet. Det får fattas av enhetschef");
        let fields = [("print", ""), ("password", PASSWORD), ("code", "000000")];
        who.post(&paths::sign(&case, hvb), &fields).await.is_faulty().shows("Du saknar delegation för beslutet");
    }
    assert!(app.trail(&case).await.contains(&"decision.no_delegation".to_owned()));
    malin.get(&show).await.is_ok().shows("För beslut");

    // Signed by the manager: immutable.
    chef.decides(&case, hvb).await;
    chef.get(&show).await.is_ok().shows("Texten är den som beslutades").shows(SCOPE).shows(&chef.name);
    Typed::hvb("2026-02-10", "2026-12-31").sent_to(&malin, &paths::edit(&case, hvb)).await.is(409);
    let mut owner = app.database.superuser().await;
    let refused = sqlx::query("update decision set to_day = '2026-12-31' where id = $1")
        .bind(hvb)
        .execute(&mut owner)
        .await
        .unwrap_err();
    assert_eq!(utvag::error::constraint(&refused), Some("decision_stands"));

    // The notice, with and without names.
    malin.get(&paths::notice(&case, hvb)).await.is_ok().shows(&chef.name).shows("inom tre veckor");
    app.becomes(date!(2026 - 03 - 02));
    let fields = [("on", "2026-03-02"), ("choice", "in_person"), ("conceal", "ja")];
    malin.registers(&paths::notify(&case, hvb), &fields).await.leads_to(&show);
    let notice = malin.get(&paths::notice(&case, hvb)).await;
    notice.is_ok().lacks(&chef.name).lacks(&malin.name).shows(SCOPE).shows("Så överklagar du");
    malin.registers(&paths::receive(&case, hvb), &[("on", "2026-03-02")]).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Gällande").shows("Sista dag att överklaga 2026-03-23");

    // Another was received on 10 April: 1 May is a holiday.
    let other = Typed::outpatient("2026-03-02", "2026-06-30").submitted_by(&malin, &case).await;
    malin.decides(&case, other).await;
    app.becomes(date!(2026 - 04 - 10));
    let fields = [("on", "2026-04-08"), ("choice", "letter")];
    malin.registers(&paths::notify(&case, other), &fields).await.leads_to(&paths::show(&case, other));
    let received = malin.registers(&paths::receive(&case, other), &[("on", "2026-04-10")]).await;
    received.leads_to(&paths::show(&case, other));
    malin.get(&paths::show(&case, other)).await.is_ok().shows("Sista dag att överklaga 2026-05-04");
    malin.get(&overview).await.is_ok().shows("Sista dag att överklaga").shows("2026-05-04");

    // Not executed: warned of from day sixty, critical after three months.
    malin.get(&overview).await.is_ok().lacks("Verkställ beslutet senast 2026-05-10");
    app.becomes(date!(2026 - 04 - 11));
    malin.get(&overview).await.is_ok().shows("Verkställ beslutet senast 2026-05-10");
    app.becomes(date!(2026 - 05 - 10));
    malin.get(&overview).await.is_ok().shows("Verkställ beslutet senast 2026-05-10").lacks("inte verkställt i tid");
    app.becomes(date!(2026 - 05 - 11));
    malin.get(&overview).await.is_ok().shows("Beslutet är inte verkställt i tid. Rapportera det Försenad 1 dag");
    malin.get(&show).await.is_ok().shows("Det skulle ha verkställts senast 2026-05-10");
    let fields = [("choice", "no_place"), ("text", "Väntar på plats.")];
    malin.registers(&paths::delay(&case, hvb), &fields).await.leads_to(&show);

    // In the report of the second quarter, with type and reason; then as executed.
    let report = format!("{}?kvartal=2026-2", paths::UNEXECUTED);
    let late = chef.get(&report).await;
    late.is_ok().shows("Kvartal 2 2026").lacks(&malin.name);
    let row = &late.rows("table")[0];
    assert_eq!(row[0], format!("{case} Beslut 1"));
    assert_eq!(
        row[1..],
        ["Ej verkställt", "Vård i hem för vård eller boende (HVB)", "2026-02-10", "Ingen ledig plats", "3"]
    );
    chef.get(&format!("{}?kvartal=2026-1", paths::UNEXECUTED)).await.is_ok().shows("Inget att rapportera");
    app.becomes(date!(2026 - 06 - 01));
    malin.registers(&paths::execute(&case, hvb), &[("on", "2026-06-01")]).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Verkställt 2026-06-01").lacks("Det skulle ha verkställts");
    malin.get(&overview).await.is_ok().lacks("inte verkställt i tid");
    assert_eq!(chef.get(&report).await.rows("table")[0][1], "Verkställt 2026-06-01");

    // A typing error is corrected: both texts, who and when.
    let corrected = SCOPE.replace("sex månader", "högst sex månader");
    app.becomes(date!(2026 - 06 - 02));
    app.state.clock.put_forward(time::Duration::seconds(30));
    let fields = [
        ("id", "0197a3f0-0000-7000-8000-000000000001"),
        ("scope", corrected.as_str()),
        ("reasons", REASONS),
        ("why", "Ordet högst saknades."),
        ("password", PASSWORD),
        ("code", &chef.code()),
    ];
    malin.get(&paths::correct(&case, hvb)).await.is_forbidden();
    chef.registers(&paths::correct(&case, hvb), &fields).await.leads_to(&show);
    let page = malin.get(&show).await;
    page.is_ok().shows("Rättat").shows(&corrected).shows(SCOPE).shows("Ordet högst saknades.").shows("2026-06-02");
    assert!(page.texts("#h-rattelser").len() == 1 && page.words().contains(&format!("{}, 2026-06-02", chef.name)));
    page.shows("Ursprunglig text").lacks("stämmer inte");
    malin.get(&paths::notice(&case, hvb)).await.is_ok().shows(&corrected).shows("skrivfel i beslutet är rättat");
}

#[tokio::test]
async fn what_is_signed_is_what_was_read_and_stands_in_the_log() {
    let app = App::start().await;
    let Ground { malin, chef, jonas, case } = ground(&app).await;
    malin.get(&paths::list(&case)).await.is_ok().shows("Inget beslut ännu");
    malin.get(&paths::new(&case)).await.is_ok().shows("Vem som beslutar");
    let id = Typed::hvb("2026-12-31", "2027-06-30").submitted_by(&malin, &case).await;
    jonas.get(&format!("/arenden/{case}")).await.is_ok().shows("Fatta beslutet");

    // The chief reads; the draft is given back, written anew and sent again; what was read is another text.
    app.state.clock.put_forward(time::Duration::seconds(30));
    let print = chef.get(&paths::sign(&case, id)).await.is_ok().value("print");
    let again = [("reason", "Ange perioden i texten.")];
    chef.registers(&paths::give_back(&case, id), &again).await.leads_to(&paths::show(&case, id));
    malin.get(&paths::show(&case, id)).await.is_ok().shows("Utkastet är återlämnat").shows("Ange perioden i texten.");
    malin.get(&paths::edit(&case, id)).await.is_ok().shows(SCOPE);
    let mut anew =
        Typed::hvb("2026-12-31", "2027-06-30").with("scope", "HVB till och med 30 juni.").with("version", "3");
    anew.id = id;
    anew.sent_to(&malin, &paths::edit(&case, id)).await.leads_to(&paths::show(&case, id));
    malin.post(&paths::send(&case, id), &[("version", "4")]).await.leads_to(&paths::show(&case, id));
    let fields = [("print", print.as_str()), ("password", PASSWORD), ("code", &chef.code())];
    let stale = chef.post(&paths::sign(&case, id), &fields).await;
    stale.is(409).shows("Texten har ändrats sedan du öppnade sidan").shows("HVB till och med 30 juni.");

    let print = stale.value("print");
    let fields = [("print", print.as_str()), ("password", PASSWORD), ("code", &chef.code())];
    chef.post(&paths::sign(&case, id), &fields).await.leads_to(&paths::show(&case, id));
    // The same button twice.
    chef.post(&paths::sign(&case, id), &fields).await.leads_to(&paths::show(&case, id));
    malin.get(&paths::show(&case, id)).await.is_ok().shows("Beslutat").shows(&print);
    let rows = malin.get(&paths::list(&case)).await.rows("table");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0][..2], ["Beslut 1", "Beslutat"]);
    let trail = app.trail(&case).await;
    let made: Vec<_> =
        trail.iter().filter(|event| event.starts_with("decision.") && *event != "decision.shown").collect();
    assert_eq!(
        made,
        [
            "decision.drafted",
            "decision.sent",
            "decision.returned",
            "decision.edited",
            "decision.sent",
            "decision.signed"
        ]
    );
    assert!(app.log().await.contains(&"session.proven".to_owned()));
}

#[tokio::test]
async fn a_bad_proof_decides_nothing_and_says_one_sentence_whatever_was_wrong() {
    let app = App::start().await;
    let Ground { malin, chef, case, .. } = ground(&app).await;
    let id = Typed::hvb("2026-12-31", "2027-06-30").submitted_by(&malin, &case).await;
    let page = chef.get(&paths::sign(&case, id)).await;
    let print = page.is_ok().value("print");
    let said = "Lösenordet eller engångskoden stämmer inte. En kod kan bara användas en gång";
    // The code that opened the session is spent.
    let spent = chef.code();
    let attempt = async |password: &str, code: &str| {
        chef.post(&paths::sign(&case, id), &[("print", &print), ("password", password), ("code", code)]).await
    };
    let answer = attempt(PASSWORD, &spent).await;
    answer.is_faulty().at("password", said).shows(SCOPE);
    assert_eq!((answer.value("print"), answer.value("password")), (print.clone(), String::new()));
    app.state.clock.put_forward(time::Duration::seconds(30));
    attempt("fel lösenord helt", &chef.code()).await.is_faulty().at("password", said);
    attempt(PASSWORD, "").await.is_faulty().at("password", said);
    attempt(PASSWORD, &malin.code()).await.is_faulty().at("password", said);
    malin.get(&paths::show(&case, id)).await.is_ok().shows("För beslut");
    let refusals = app.log().await.iter().filter(|event| *event == "session.proof_refused").count();
    assert_eq!(refusals, 4);

    // More tries have to wait, also right ones; those at the door do not count.
    attempt("gissning", "000000").await.is_faulty().at("password", said);
    let waits = attempt(PASSWORD, &chef.code()).await;
    waits.is_faulty().at("password", "För många försök. Vänta 1 sekunder och försök igen");
    app.state.clock.put_forward(time::Duration::seconds(30));
    attempt(PASSWORD, &chef.code()).await.leads_to(&paths::show(&case, id));
}

#[tokio::test]
async fn a_new_decision_takes_the_place_of_the_one_that_it_changes() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let first = Typed::outpatient("2026-12-31", "2027-03-31").submitted_by(&malin, &case).await;
    malin.decides(&case, first).await;
    let changed = Typed::outpatient("2026-12-31", "2027-05-31").with("outcome", "changed");
    changed.sent_by(&malin, &case).await.is_faulty().at("changes", "Välj vilket beslut som ändras eller upphör");
    let second = Typed::outpatient("2026-12-31", "2027-05-31")
        .with("outcome", "changed")
        .with("changes", &first.to_string())
        .submitted_by(&malin, &case)
        .await;
    malin.get(&paths::sign(&case, second)).await.is_ok().shows("Ändrar Beslut 1");
    malin.decides(&case, second).await;
    malin
        .get(&paths::show(&case, first))
        .await
        .is_ok()
        .shows("Ändrat genom nytt beslut")
        .lacks("Registrera verkställighet");
    malin.get(&paths::show(&case, second)).await.is_ok().shows("Beslutat");
}

#[tokio::test]
async fn an_appeal_goes_to_the_court_and_comes_back_and_a_decision_ends() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let id = Typed::outpatient("2026-12-31", "2027-03-31").submitted_by(&malin, &case).await;
    let show = paths::show(&case, id);
    malin.decides(&case, id).await;
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows("Underrätta parten om beslutet");
    let early = malin.registers(&paths::notify(&case, id), &[("on", "2026-12-30"), ("choice", "phone")]).await;
    early.is_faulty().at("on", "Beslutet fattades 2026-12-31. Datumet kan inte vara före det");
    let late = malin.registers(&paths::notify(&case, id), &[("on", "2027-01-01"), ("choice", "")]).await;
    late.is_faulty().at("on", "Datumet kan inte vara senare än i dag, 2026-12-31");
    late.at("choice", "Välj hur parten underrättades");
    let told = [("on", "2026-12-31"), ("choice", "phone")];
    malin.registers(&paths::notify(&case, id), &told).await.leads_to(&show);
    malin.registers(&paths::receive(&case, id), &[("on", "idag")]).await.leads_to(&show);

    app.becomes(date!(2027 - 01 - 22));
    malin.registers(&paths::appeal(&case, id), &[("on", "2027-01-22")]).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Sista dag att överklaga 2027-01-21").shows("För sent");
    malin.get(&format!("/arenden/{case}")).await.is_ok().shows("Pröva om överklagandet kom i tid");
    let at_court = [("on", "2027-01-22"), ("text", "1234-27")];
    malin.registers(&paths::appeal(&case, id), &at_court).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("1234-27");
    let judged = [("on", "2027-01-22"), ("choice", "dismissed")];
    malin.registers(&paths::appeal(&case, id), &judged).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Överklagandet avvisades").lacks("Registrera domstolens avgörande");
    malin.post(&paths::appeal(&case, id), &judged).await.is(409);

    malin.registers(&paths::end(&case, id), &[("on", "2027-01-22")]).await.is_faulty().at("text", "Skriv varför");
    let ended = [("on", "2027-01-22"), ("text", "På egen begäran.")];
    malin.registers(&paths::end(&case, id), &ended).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Upphört").shows("På egen begäran.");
    malin.get(&paths::execute(&case, id)).await.leads_to(&show);
}

#[tokio::test]
async fn what_the_committee_has_decided_is_recorded_by_the_manager_with_its_minutes() {
    let app = App::start().await;
    let Ground { malin, chef, case, .. } = ground(&app).await;
    let dear = Typed::hvb("2026-12-31", "2028-12-30").with("amount", "2 000 000");
    let id = dear.submitted_by(&malin, &case).await;
    chef.get(&paths::sign(&case, id)).await.is_ok().shows("Nämnden ska fatta det");

    let committee = |minutes: &str, day: &str| {
        Typed::hvb("2026-12-31", "2028-12-30")
            .with("amount", "2 000 000")
            .with("maker", "committee")
            .with("minutes_ref", minutes)
            .with("decided_on", day)
    };
    let faulty = committee("", "").sent_by(&malin, &case).await;
    faulty.is_faulty().at("minutes_ref", "Skriv protokoll och paragraf");
    let ahead = committee("SN 2026-12-17 § 45", "2027-01-01").sent_by(&malin, &case).await;
    ahead.is_faulty().at("decided_on", "Datumet kan inte vara senare än i dag, 2026-12-31");
    let recorded = committee("SN 2026-12-17 § 45", "2026-12-17").submitted_by(&malin, &case).await;
    malin.get(&paths::sign(&case, recorded)).await.is_ok().shows("Nämndens beslut förs in av enhetschefen");
    chef.decides(&case, recorded).await;
    let page = malin.get(&paths::show(&case, recorded)).await;
    page.is_ok().shows("SN 2026-12-17 § 45").shows("Beslutat 2026-12-17").shows("Nämnden, infört av");
}

#[tokio::test]
async fn names_are_left_out_of_the_notice_of_a_protected_person_unless_somebody_says_else() {
    let app = App::start().await;
    let (malin, chef) = (app.social_worker().await, app.manager().await);
    let case = Opening::unknown().with("protection", "restricted").responsible(&malin).saved_by(&malin).await;
    let page = malin.get(&paths::new(&case)).await;
    assert_eq!(page.is_ok().attributes("#conceal[checked]", "value"), ["ja"]);
    let id = Typed::hvb("2026-12-31", "2027-06-30").with("conceal", "ja").submitted_by(&malin, &case).await;
    chef.says_why(&case).await;
    chef.decides(&case, id).await;
    malin.get(&paths::notice(&case, id)).await.is_ok().lacks(&chef.name).lacks(&malin.name);
    malin.registers(&paths::notify(&case, id), &[("on", "idag"), ("choice", "letter")]).await;
    malin.get(&paths::notice(&case, id)).await.is_ok().shows(&chef.name);
    let other = malin.opens_a_case_on("2026-01-05").await;
    assert!(malin.get(&paths::new(&other)).await.attributes("#conceal[checked]", "value").is_empty());
}

#[tokio::test]
async fn what_was_carried_out_at_once_is_in_force_when_the_party_knows() {
    let app = App::start().await;
    let Ground { chef, malin, case, .. } = ground(&app).await;
    let id = Typed::hvb("2026-12-31", "2027-06-29").with("emergency", "ja").submitted_by(&chef, &case).await;
    chef.decides(&case, id).await;
    let show = paths::show(&case, id);
    malin.registers(&paths::execute(&case, id), &[("on", "2026-12-31")]).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Status Beslutat").shows("Verkställt 2026-12-31");
    malin.registers(&paths::notify(&case, id), &[("on", "idag"), ("choice", "in_person")]).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Status Gällande");
    let left = [("on", "2026-12-31"), ("text", "Personen ville lämna boendet.")];
    malin.registers(&paths::end(&case, id), &left).await.leads_to(&show);
    malin.get(&show).await.is_ok().shows("Status Upphört");
}

#[tokio::test]
async fn whoever_is_protected_is_told_in_no_way_that_leads_to_them() {
    let app = App::start().await;
    let Ground { chef, malin, case, .. } = ground(&app).await;
    let id = Typed::hvb("2026-12-31", "2027-06-29").submitted_by(&malin, &case).await;
    chef.decides(&case, id).await;
    let (notify, ways) = (paths::notify(&case, id), "[name='choice']");
    assert_eq!(malin.get(&notify).await.attributes(ways, "value").len(), 5);
    let hidden = Detail::marking().with("mail_route", "handover");
    hidden.saved_at(&utvag::person::paths::new_marking(&case), &malin).await;
    let page = malin.get(&notify).await;
    page.is_ok().shows("Lämna över personligen. Skicka inte med post.");
    assert_eq!(page.attributes(ways, "value"), ["in_person", "counsel"]);
    let said = "Personens skydd tillåter inte att underrätta så. Välj ett annat sätt";
    for way in ["letter", "digital_mail", "phone"] {
        let fields = [("on", "2026-12-31"), ("choice", way)];
        malin.registers(&notify, &fields).await.is_faulty().at("choice", said);
    }
    let mut owner = app.database.superuser().await;
    announce(&mut owner).await;
    let written = "update decision set notified_on = '2026-12-31', notified_how = 'letter', status = 'notified'
                   where notified_on is null and signed_at is not null";
    let refused = owner.execute(written).await.unwrap_err();
    assert_eq!(utvag::error::constraint(&refused), Some("decision_notified_safely"));
    let fields = [("on", "2026-12-31"), ("choice", "in_person")];
    malin.registers(&notify, &fields).await.leads_to(&paths::show(&case, id));
}
