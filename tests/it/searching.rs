//! Finding a case by name, number or reference: exactly, among one's own, and without a trace of what was sought.

use std::slice::from_ref;

use sqlx::Executor;
use utvag::vocabulary::Role;
use utvag::{jobs, person};

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::details::Detail;
use crate::support::page::Page;
use crate::support::people::Person;

const MILO: &str = "20010612-2393";
const ROBIN: &str = "19890217-2397";
const NOTHING: &str = "Inga träffar";

impl Person<'_> {
    async fn seeks(&self, term: &str) -> Page {
        self.post("/sok", &[("q", term)]).await
    }

    /// The references of the cases that were found.
    async fn finds(&self, term: &str) -> Vec<String> {
        let page = self.seeks(term).await;
        page.is_ok();
        page.texts("section[aria-labelledby='h-traffar'] a.case")
    }
}

#[tokio::test]
async fn a_case_is_found_by_name_number_and_reference_however_they_are_written() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let reference = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    let bare = reference.replace('-', "").to_lowercase();
    let terms = [
        "Milo Påhitt",
        "påhitt  MILO",
        "Påhitt, Milo",
        "20010612-2393",
        "200106122393",
        "010612-2393",
        "0106122393",
        " 20010612 2393 ",
        &reference,
        &bare,
    ];
    for term in terms {
        assert_eq!(malin.finds(term).await, from_ref(&reference), "{term}");
    }
    let page = malin.seeks(&reference).await;
    page.is_ok().shows("1 träff").shows(&malin.name).lacks("Milo");
    // The field in the head is empty on every page, also on this one.
    assert_eq!(page.attributes("#sok", "value"), Vec::<String>::new());
}

#[tokio::test]
async fn a_part_of_a_name_or_number_finds_nothing_and_the_page_says_what_to_write() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    for term in ["Milo", "Påhitt", "Mil Påhitt", "Milo Pahitt", "område A gäng", "%", "Milo Påhitt'--"] {
        let page = malin.seeks(term).await;
        assert!(page.status == 200 || page.status == 422, "{term}");
        page.shows("amn, person-/samordningsnummer eller ärendenummer").lacks("class=\"case\"");
    }
    malin.get("/sok").await.is_ok().lacks(NOTHING);
}

#[tokio::test]
async fn what_cannot_be_sought_is_said_at_the_field_and_kept() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let missing = "Skriv ett namn, ett person- eller samordningsnummer eller ett ärendenummer";
    malin.seeks("  ").await.is_faulty().at("q", missing);
    malin.seeks("2001061223").await.is_faulty().at("q", "Personnumret stämmer inte. Kontrollera siffrorna");
    let long = "a".repeat(210);
    let page = malin.seeks(&long).await;
    page.is_faulty().at("q", "Texten är 9 tecken för lång");
    assert_eq!(page.attributes("#q", "value"), [long]);
    assert!(!app.log().await.contains(&"search.made".to_owned()), "nothing was sought");
}

#[tokio::test]
async fn what_is_not_ones_own_answers_like_what_is_not_there() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let terms = ["Milo Påhitt", MILO];
    let mut before = Vec::new();
    for term in terms {
        before.push(jonas.seeks(term).await);
    }
    let reference = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    for (term, before) in terms.iter().zip(&before) {
        let after = jonas.seeks(term).await;
        assert_eq!((after.status, &after.headers, &after.body), (before.status, &before.headers, &before.body));
        after.is_ok().shows(NOTHING);
    }
    // A reference that never was is as long as one that is.
    let never = utvag::crypto::reference::CaseReference::draw().unwrap();
    let (real, nothing) = (jonas.seeks(&reference).await, jonas.seeks(never.as_str()).await);
    assert_eq!(real.status, nothing.status);
    assert_eq!(real.headers, nothing.headers);
    assert_eq!(real.body.replace(&reference, ""), nothing.body.replace(never.as_str(), ""));
}

#[tokio::test]
async fn each_role_finds_what_it_sees_and_the_others_have_no_search() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    let (karin, chef) = (app.coordinator().await, app.manager().await);
    let reference = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    for (person, finds) in [(&malin, true), (&jonas, false), (&karin, true), (&chef, true)] {
        for term in [MILO, "Milo Påhitt", &reference] {
            assert_eq!(person.finds(term).await.len(), usize::from(finds), "{} {term}", person.name);
        }
        assert_eq!(person.get("/").await.texts("form.top-search label"), ["Sök ärende"]);
    }
    for role in [Role::PoliceLiaison, Role::Controller, Role::LogReviewer, Role::Sysadmin] {
        let person = app.person(role).await;
        person.get("/sok").await.is_missing();
        person.seeks(MILO).await.is_missing();
        assert!(person.get("/").await.texts("form.top-search").is_empty());
    }
    app.post("/sok", &[("q", MILO)]).await.leads_to("/logga-in");
}

#[tokio::test]
async fn a_protected_person_is_found_by_name_only_by_those_named_in_the_case() {
    let app = App::start().await;
    let (malin, karin, olle) = (app.social_worker().await, app.coordinator().await, app.coordinator().await);
    let chef = app.manager().await;
    for (number, level) in [(MILO, "restricted"), (ROBIN, "closed_circle")] {
        let opening = Opening::of(number).with("protection", level).with("given_name", level);
        let reference = opening.responsible(&malin).coordinator(&karin).saved_by(&malin).await;
        let name = format!("{level} Påhitt");
        for person in [&malin, &karin] {
            assert_eq!(person.finds(&name).await, from_ref(&reference), "{} {level}", person.name);
            assert_eq!(person.finds(number).await, from_ref(&reference));
        }
        for person in [&olle, &chef] {
            assert!(person.finds(&name).await.is_empty(), "{} {level}", person.name);
            assert_eq!(person.finds(number).await.len(), usize::from(level == "restricted"));
        }
        malin.seeks(&name).await.shows("skyddade uppgifter");
    }
}

#[tokio::test]
async fn every_search_is_logged_by_a_keyed_hash_and_the_term_stands_nowhere() {
    let app = App::start().await;
    let (malin, jonas) = (app.social_worker().await, app.social_worker().await);
    Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    for term in ["Milo Påhitt", "påhitt milo", MILO, "Saga Saknas"] {
        jonas.seeks(term).await.is_ok();
    }
    malin.seeks("Milo Påhitt").await.is_ok();
    let mut owner = app.database.superuser().await;
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "select body, coalesce(cardinality(cases), 0)::bigint from audit.entry where event = 'search.made' order by seq",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let details: Vec<serde_json::Value> = rows
        .iter()
        .map(|(body, _)| serde_json::from_str::<serde_json::Value>(body).unwrap()["details"].clone())
        .collect();
    assert_eq!(rows.iter().map(|(_, cases)| *cases).collect::<Vec<_>>(), [0, 0, 0, 0, 1]);
    assert_eq!(details[0], details[1]);
    assert_ne!(details[0]["term"], details[3]["term"]);
    assert_eq!((&details[0]["kind"], &details[2]["kind"]), (&"name".into(), &"number".into()));
    assert_eq!(details[0]["term"].as_str().unwrap().len(), 64);
    let all: String =
        sqlx::query_scalar("select string_agg(body, ' ') from audit.entry").fetch_one(&mut owner).await.unwrap();
    for word in ["Milo", "milo", "2393", "Saga"] {
        assert!(!all.contains(word), "{word}");
    }
    let page = malin.seeks("Milo Påhitt").await;
    assert!(page.location().is_empty() && page.cookie("__Host-besked").is_none());
    assert_eq!(page.texts("title"), ["Sök ärende – Avhopparverksamheten"]);
}

#[tokio::test]
async fn a_new_name_is_found_beside_the_earlier_one() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let reference = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    let to = person::paths::name(&reference);
    let current = malin.get(&to).await.value("current");
    let renamed = Detail::name(&current).with("given_name", "Milan").with("family_name", "Berg-Ek");
    renamed.sent_to(&to, &malin).await.leads_to(&person::paths::show(&reference));
    for name in ["Milo Påhitt", "Milan Berg-Ek", "Berg Ek Milan"] {
        assert_eq!(malin.finds(name).await, from_ref(&reference), "{name}");
    }
}

#[tokio::test]
async fn names_from_before_the_search_become_findable_once() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let reference = Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    let mut owner = app.database.superuser().await;
    owner.execute("alter table searchable_name disable trigger all; delete from searchable_name").await.unwrap();
    owner.execute("alter table searchable_name enable trigger all").await.unwrap();
    assert!(malin.finds("Milo Påhitt").await.is_empty());
    for found in [1, 0] {
        assert_eq!(jobs::index_names(&app.db, &app.state.keys, &app.state.clock).await.unwrap(), found);
    }
    assert_eq!(malin.finds("Milo Påhitt").await, [reference]);
    assert_eq!(app.log().await.iter().filter(|event| *event == "task.names").count(), 1);
}

#[tokio::test]
async fn a_searchable_name_is_never_changed_nor_taken_away() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    Opening::of(MILO).responsible(&malin).saved_by(&malin).await;
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    for attempt in ["update searchable_name set name_blind = sha256('')::bytea", "delete from searchable_name"] {
        let refused = owner.execute(attempt).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some("searchable_name_stands"), "{attempt}");
    }
}
