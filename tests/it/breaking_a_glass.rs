//! *Nödöppning*: who may, for what, how long, what it shows, who is told, and who reviews it (AC-20).

use sqlx::{AssertSqlSafe, Executor, PgConnection};
use utvag::break_glass::paths;
use utvag::vocabulary::Role;
use utvag::{conflict, placement};
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::emergencies::WORDS;
use crate::support::page::Page;

use crate::support::placements::Typed as TypedPlacement;

const MILO: &str = "20010612-2393";
const NOTHING: &str = "Inget ärende går att nödöppna med det numret. Kontrollera numret eller ring samordnaren";

fn at(reference: &str) -> String {
    format!("/arenden/{reference}")
}

async fn owner(app: &App) -> PgConnection {
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    owner
}

/// Puts every glass back in time, past the rules that hold them.
async fn age(owner: &mut PgConnection, what: &str) {
    let sql = format!(
        "alter table break_glass disable trigger all; update break_glass set {what}; alter table break_glass enable trigger all"
    );
    owner.execute(AssertSqlSafe(sql)).await.unwrap();
    owner.execute("alter table break_glass enable always trigger break_glass_stands; alter table break_glass enable always trigger noted").await.unwrap();
}

#[tokio::test]
async fn a_case_of_somebody_elses_is_read_for_an_hour_and_not_changed() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let reference = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    let case = at(&reference);
    jonas.get(&case).await.is_missing();
    let page = jonas.breaks(&reference, WORDS).await;
    page.leads_to(&case);
    assert_eq!(page.cookie("__Host-besked").as_deref(), Some("__Host-besked=nodoppnat"));
    for part in [
        "/person",
        "/hotbedomningar",
        "/poliskontakter",
        "/utredning",
        "/beslut",
        "/placeringar",
        "/planer",
        "/journal",
        "/moten",
        "/samtycken",
        "/avvikelser",
        "/slagningar",
        "/motivation",
        "/tidslinje",
        "/tilldelning",
    ] {
        jonas.get(&(case.clone() + part)).await.is_ok().shows("Nödöppnat till").shows("Du kan läsa men inte ändra.");
    }
    for change in [
        "/status",
        "/avslut",
        "/overlamning",
        "/tilldelning/ny",
        "/placeringar/ny",
        "/jav",
        "/lasningar",
        "/journal/utkast",
    ] {
        let page = jonas.post(&(case.clone() + change), &[]).await;
        assert!(page.status == 403 || page.status == 405, "{change}: {}", page.status);
    }
    // In no list, and found by no search.
    for list in ["/", "/arenden"] {
        jonas.get(list).await.is_ok().lacks(&reference);
    }
    jonas.post("/sok", &[("q", &reference)]).await.is_ok().shows("Inga träffar");
    // It ends by itself.
    age(&mut owner(&app).await, "opened_at = now() - interval '61 minutes', expires_at = now() - interval '1 minute'")
        .await;
    jonas.get(&case).await.is_missing();
}

#[tokio::test]
async fn the_reason_and_the_proof_are_asked_for_and_kept() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let reference = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    let page = jonas.breaks(&reference, "Han är borta").await;
    page.is_faulty().at("words", "Skriv minst 20 tecken");
    assert_eq!(page.value("sought"), reference);
    assert_eq!(page.texts("#words"), ["Han är borta"]);
    let id = Uuid::now_v7().to_string();
    let wrong = [
        ("id", id.as_str()),
        ("sought", &reference),
        ("reason", "danger_life"),
        ("words", WORDS),
        ("aware", "ja"),
        ("password", "fel"),
        ("code", "000000"),
    ];
    let page = jonas.post(paths::BREAK, &wrong).await;
    page.is_faulty().at("password", "Lösenordet eller engångskoden stämmer inte. En kod kan bara användas en gång");
    assert_eq!(page.texts("#words"), [WORDS]);
    let unaware = [("id", id.as_str()), ("sought", &reference), ("reason", "danger_life"), ("words", WORDS)];
    jonas
        .post(paths::BREAK, &unaware)
        .await
        .is_faulty()
        .at("aware", "Bekräfta att du vet att åtkomsten loggas och granskas");
    jonas.get(&at(&reference)).await.is_missing();
    assert!(!app.log().await.contains(&"break_glass.opened".to_owned()));
    jonas.get(paths::BREAK).await.is_ok().shows("Bara när det inte går att vänta");
}

#[tokio::test]
async fn sent_twice_it_is_broken_once() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let reference = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    let id = Uuid::now_v7();
    for _ in 0..2 {
        jonas.breaks_with(id, MILO, WORDS).await.leads_to(&at(&reference));
    }
    let count: i64 =
        sqlx::query_scalar("select count(*) from break_glass").fetch_one(&mut owner(&app).await).await.unwrap();
    assert_eq!(count, 1);
    // Who has the case needs none.
    malin.breaks(&reference, WORDS).await.leads_to(&at(&reference));
    assert_eq!(app.trail(&reference).await.iter().filter(|event| *event == "break_glass.opened").count(), 1);
}

#[tokio::test]
async fn what_is_closed_to_one_answers_like_what_is_not_there() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let (karin, chef) = (app.coordinator().await, app.manager().await);
    let circle = Opening::of(MILO).with("protection", "closed_circle").responsible(&malin);
    let circle = circle.saved_by(&malin).await;
    let never = utvag::crypto::reference::CaseReference::draw().unwrap();
    let id = Uuid::now_v7();
    for person in [&jonas, &karin] {
        let there = person.breaks_with(id, &circle, WORDS).await;
        let nothing = person.breaks_with(id, never.as_str(), WORDS).await;
        there.is_faulty().at("sought", NOTHING);
        assert_eq!((there.status, &there.headers), (nothing.status, &nothing.headers));
        let plain = |page: &Page, reference: &str| {
            let moment = page.texts(".print-only");
            page.body
                .replace(reference, "")
                .replace(&moment[0], "")
                .lines()
                .filter(|line| !line.contains("Utskrivet"))
                .collect::<Vec<_>>()
                .join("\n")
        };
        assert_eq!(plain(&there, &circle), plain(&nothing, never.as_str()));
    }
    // The closed circle opens to a manager, and nobody's location does.
    chef.breaks(&circle, WORDS).await.leads_to(&at(&circle));
    chef.get(&at(&circle)).await.is_ok().shows("Nödöppnat till");
    chef.get("/arenden").await.is_ok().shows(&format!("Skyddat ärende {circle}"));
    for role in [Role::PoliceLiaison, Role::Controller, Role::LogReviewer, Role::Sysadmin] {
        let person = app.person(role).await;
        person.get(paths::BREAK).await.is_missing();
        person.breaks(&circle, WORDS).await.is_missing();
    }
}

#[tokio::test]
async fn those_who_answer_for_the_case_are_told_and_somebody_else_reviews_it() {
    let app = App::start().await;
    let (malin, jonas, stranger) = (app.social_worker().await, app.social_worker().await, app.social_worker().await);
    let (karin, olle, chef, logg) =
        (app.coordinator().await, app.coordinator().await, app.manager().await, app.person(Role::LogReviewer).await);
    let reference = Opening::of(MILO).responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    jonas.breaks(&reference, WORDS).await;
    jonas.get(&(at(&reference) + "/journal")).await.is_ok();
    for told in [&malin, &karin] {
        told.get("/").await.is_ok().shows("Ärendet är nödöppnat av en kollega").shows(&reference).lacks(WORDS);
    }
    for reviewer in [&chef, &logg] {
        reviewer.get("/").await.is_ok().shows("Granska en nödöppning").shows(&reference).lacks("Milo");
    }
    for other in [&olle, &stranger] {
        other.get("/").await.is_ok().lacks("nödöppn");
        other.get(paths::LIST).await.is_ok().shows("Inga nödöppningar");
    }
    let show = logg.get(paths::LIST).await.attributes("a.case", "href")[0].clone();
    let page = logg.get(&show).await;
    page.is_ok().shows(WORDS).shows(&jonas.name).shows("Öppnade ärendet").shows("Visade journalen").shows("Nödöppning");
    page.lacks("Milo");
    stranger.get(&show).await.is_missing();
    karin.get(&show).await.is_ok().shows("Någon annan granskar den").lacks("Visade journalen");
    let review = show.clone() + "/granskning";
    karin.post(&review, &[]).await.is_forbidden();
    chef.post(&review, &[]).await.is_faulty().shows("Välj om nödöppningen var befogad");
    let fields = [("result", "justified"), ("words", "Jouren bekräftar samtalet")];
    for _ in 0..2 {
        chef.post(&review, &fields).await.leads_to(&show);
    }
    logg.post(&review, &fields).await.is(409);
    chef.get(&show).await.is_ok().shows("Befogad").shows("Jouren bekräftar samtalet");
    for person in [&malin, &chef, &logg] {
        person.get("/").await.is_ok().lacks("nödöppn");
    }
    let log = app.log().await;
    for event in ["break_glass.opened", "glass_review.shown", "glass_review.saved"] {
        assert!(log.iter().any(|one| one == event), "{event}");
    }
}

#[tokio::test]
async fn nobody_reviews_their_own_and_an_overdue_review_suspends_the_right() {
    let app = App::start().await;
    let (malin, chef, other) = (app.social_worker().await, app.manager().await, app.manager().await);
    let circle = Opening::of(MILO).with("protection", "closed_circle").responsible(&malin).saved_by(&malin).await;
    let second = Opening::unknown().with("protection", "closed_circle").responsible(&malin).saved_by(&malin).await;
    chef.breaks(&circle, WORDS).await.leads_to(&at(&circle));
    let show = chef.get(paths::LIST).await.attributes("a.case", "href")[0].clone();
    chef.get(&show).await.is_ok().shows("Någon annan granskar den").lacks("Granska nödöppningen");
    let fields = [("result", "justified"), ("words", "Det var rätt")];
    chef.post(&(show.clone() + "/granskning"), &fields).await.is_forbidden();
    age(&mut owner(&app).await, "review_due_on = '2026-01-02'").await;
    chef.get(paths::BREAK).await.is_ok().shows("Du kan inte nödöppna nu");
    chef.breaks(&second, WORDS).await.is_faulty().shows("Rätten är pausad");
    chef.get(&at(&second)).await.is_missing();
    other.post(&(show + "/granskning"), &[("result", "unjustified"), ("words", "Det gick att vänta")]).await;
    chef.breaks(&second, WORDS).await.leads_to(&at(&second));
}

#[tokio::test]
async fn a_declared_conflict_beats_every_glass() {
    let app = App::start().await;
    let (malin, jonas, karin) = (app.social_worker().await, app.social_worker().await, app.coordinator().await);
    let reference = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    jonas.breaks(&reference, WORDS).await.leads_to(&at(&reference));
    jonas.get(&at(&reference)).await.is_ok();
    let id = Uuid::now_v7().to_string();
    let account = jonas.account.to_string();
    let fields = [("id", id.as_str()), ("account", &account), ("reason", "Är kusin med personen")];
    karin.post(&conflict::paths::declare(&reference), &fields).await.leads_to(&(at(&reference) + "/tilldelning"));
    jonas.get(&at(&reference)).await.is_missing();
    jonas.breaks(&reference, WORDS).await.is_faulty().at("sought", NOTHING);
    jonas.breaks(MILO, WORDS).await.is_faulty().at("sought", NOTHING);
}

#[tokio::test]
async fn postgres_itself_lets_nothing_be_changed_through_a_glass() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let reference = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    jonas.breaks(&reference, WORDS).await.leads_to(&at(&reference));
    for (sql, code) in [
        ("insert into consent (id, case_id, kind, recipients, categories, purpose, form, given_on, valid_to, information_given, registered_by, registered_at)
          select gen_random_uuid(), id, 'sig', array['sig']::consent_recipient[], array['identity']::disclosure_category[], '\\x00',
            'oral', '2026-01-05', '2026-12-05', true, sec.actor_id(), now() from case_file", "AU004"),
        ("insert into journal_draft (id, case_id, author_id, content, tab, saved_at)
          select gen_random_uuid(), id, sec.actor_id(), '\\x00', gen_random_uuid(), now() from case_file", "42501"),
    ] {
        let (mut work, _) = app.db.begin_about(jonas.token(), app.state.clock.today(), &reference).await.unwrap().unwrap();
        work.execute("select set_config('app.event', 'prov', true)").await.unwrap();
        let seen: i64 = sqlx::query_scalar("select count(*) from case_file").fetch_one(&mut *work).await.unwrap();
        assert_eq!(seen, 1);
        let refused = work.execute(sql).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), code);
    }
    // Saying that the work is about the case opens nothing without a glass, and a glass opens nothing else.
    let second = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    for about in ["", &second] {
        let (mut work, _) = app.db.begin_about(jonas.token(), app.state.clock.today(), about).await.unwrap().unwrap();
        let seen: i64 = sqlx::query_scalar("select count(*) from case_file").fetch_one(&mut *work).await.unwrap();
        assert_eq!(seen, 0, "{about}");
    }
}

#[tokio::test]
async fn where_the_person_is_stands_behind_no_glass() {
    let app = App::start().await;
    let (malin, chef, karin) = (app.social_worker().await, app.manager().await, app.coordinator().await);
    let home = karin.adds_a_home("hvb").await;
    let reference = Opening::of(MILO).with("protection", "closed_circle").responsible(&malin).saved_by(&malin).await;
    let placed = TypedPlacement::new(&home, "hvb", "2026-12-31", "2027-06-29");
    placed.saved_by(&malin, &reference).await;
    chef.breaks(&reference, WORDS).await.leads_to(&at(&reference));
    let show = placement::paths::show(&reference, placed.id());
    chef.get(&show).await.is_ok().lacks("Visa vistelseort").shows("Be om att få se vistelseorten");
    chef.get(&(show + "/vistelseort")).await.is_forbidden();
}

#[tokio::test]
async fn what_things_cost_is_not_shown_through_a_glass_but_to_those_who_have_the_figures_anyway() {
    let app = App::start().await;
    let (malin, jonas, karin, chef) =
        (app.social_worker().await, app.social_worker().await, app.coordinator().await, app.manager().await);
    let home = karin.adds_a_home("hvb").await;
    let reference = Opening::of(MILO).with("protection", "closed_circle").responsible(&malin).saved_by(&malin).await;
    let open = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    for case in [&reference, &open] {
        let placed = TypedPlacement::new(&home, "hvb", "2026-12-31", "2027-06-29");
        placed.saved_by(&malin, case).await.shows("3 000 kr");
        let person = if case == &open { &jonas } else { &chef };
        person.breaks(case, WORDS).await.leads_to(&at(case));
        let list = person.get(&(at(case) + "/placeringar")).await;
        let show = person.get(&placement::paths::show(case, placed.id())).await;
        if case == &open {
            show.is_ok().shows("Priser och kostnader visas inte i en nödöppning");
            for page in [list, show, person.get(&at(case)).await, person.get(&(at(case) + "/tidslinje")).await] {
                page.is_ok().lacks("3 000").lacks("543 000").lacks("Dygnskostnad");
            }
        } else {
            list.is_ok().shows("3 000 kr");
            show.is_ok().shows("Kostnad per år");
        }
    }
    // Postgres gives no price either.
    let (mut work, _) = app.db.begin_about(jonas.token(), app.state.clock.today(), &open).await.unwrap().unwrap();
    let seen: (i64, i64) =
        sqlx::query_as("select (select count(*) from placement_rate), (select count(*) from placement_year)")
            .fetch_one(&mut *work)
            .await
            .unwrap();
    assert_eq!(seen, (0, 0));
}

#[tokio::test]
async fn a_closed_circle_opens_to_the_unit_that_is_on_call_and_the_manager_is_told() {
    let app = App::start().await;
    let (malin, jonas, karin, chef) =
        (app.social_worker().await, app.social_worker().await, app.coordinator().await, app.manager().await);
    let circle = Opening::of(MILO).with("protection", "closed_circle").responsible(&malin).saved_by(&malin).await;
    jonas.breaks(&circle, WORDS).await.is_faulty().at("sought", NOTHING);
    let mut owner = owner(&app).await;
    let on_call: Uuid = sqlx::query_scalar(
        "insert into org_unit (id, committee_id, name, valid_from, is_on_call)
         select gen_random_uuid(), committee_id, 'Socialjouren', '2020-01-01', true from org_unit limit 1 returning id",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    sqlx::query("update account set unit_id = $1 where id = $2")
        .bind(on_call)
        .bind(jonas.account)
        .execute(&mut owner)
        .await
        .unwrap();
    jonas.breaks(&circle, WORDS).await.leads_to(&at(&circle));
    jonas.get(&at(&circle)).await.is_ok().shows("Nödöppnat till");
    chef.get("/").await.is_ok().shows("Granska en nödöppning").shows(&circle);
    karin.breaks(&circle, WORDS).await.is_faulty().at("sought", NOTHING);
    // The manager sees how often, and of whom nothing.
    chef.get(paths::LIST).await.is_ok().shows("Statistik över nödöppningar");
    let page = chef.get(paths::FIGURES).await;
    page.is_ok().shows("1 nödöppningar").lacks(&circle).lacks(&jonas.name);
    assert_eq!(page.rows("table"), [["Fara för liv eller hälsa", "Socialjouren", "1", "0", "0", "1"]]);
    for person in [&malin, &karin] {
        person.get(paths::FIGURES).await.is_forbidden();
        person.get(paths::LIST).await.is_ok().lacks("Statistik över");
    }
    app.person(Role::Controller).await.get(paths::FIGURES).await.is_missing();
}
