//! The register of providers, as those who keep it and those who read it see it.

use utvag::provider::paths;
use utvag::vocabulary::Role;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::people::Person;

const PROVIDER: [(&str, &str); 3] = [("name", "Björkens vård AB"), ("org_number", "5599990008"), ("kind", "hvb")];
const HOME: [(&str, &str); 4] =
    [("name", "Björkgården"), ("municipality", "Granvik"), ("address", "Skogsvägen 4"), ("kind", "hvb")];
const AGREEMENT: [(&str, &str); 5] = [
    ("title", "HVB för vuxna"),
    ("valid_from", "2026-01-01"),
    ("valid_to", "2027-12-31"),
    ("service", "hvb"),
    ("per_day", "2 800"),
];

/// The fields with ids of their own, and with what the test changes.
fn with<'f>(
    ids: &'f [String; 2],
    fields: &[(&'f str, &'f str)],
    changes: &[(&'f str, &'f str)],
) -> Vec<(&'f str, &'f str)> {
    let mut all = vec![("id", ids[0].as_str()), ("price_id", ids[1].as_str())];
    let is_changed = |name: &str| changes.iter().any(|(field, _)| *field == name);
    all.extend(fields.iter().filter(|(name, _)| !is_changed(name)));
    all.extend(changes);
    all
}

fn ids() -> [String; 2] {
    [Uuid::now_v7().to_string(), Uuid::now_v7().to_string()]
}

impl Person<'_> {
    async fn adds_a_provider(&self) -> String {
        let answer = self.post(paths::NEW, &with(&ids(), &PROVIDER, &[])).await;
        assert_eq!(answer.status, 303, "{}", answer.words());
        answer.location().rsplit('/').next().unwrap().to_owned()
    }

    /// Its id.
    async fn adds_an_agreement(&self, alias: &str, changes: &[(&str, &str)]) -> Uuid {
        let new = ids();
        self.post(&paths::agreement_new(alias), &with(&new, &AGREEMENT, changes)).await.leads_to(&paths::show(alias));
        new[0].parse().unwrap()
    }
}

#[tokio::test]
async fn a_coordinator_adds_a_provider_with_a_home_an_agreement_and_a_new_price() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    karin.get(paths::LIST).await.is_ok().shows("Inga boenden registrerade").shows("Ny leverantör");

    karin.get(paths::NEW).await.is_ok().shows("Spara leverantör");
    let alias = karin.adds_a_provider().await;
    assert_eq!(alias, "L-001");
    karin.get(&paths::show(&alias)).await.is_ok().shows("559999-0008").shows("Inga ramavtal").shows("Inga boenden");

    karin.get(&paths::home_new(&alias)).await.is_ok().shows("Boendets namn");
    karin.post(&paths::home_new(&alias), &with(&ids(), &HOME, &[])).await.leads_to(&paths::show(&alias));
    karin.get(&paths::agreement_new(&alias)).await.is_ok().shows("Första priset");
    let agreement = karin.adds_an_agreement(&alias, &[("charge_departure_day", "ja")]).await;

    let new_price = paths::price_new(&alias, agreement);
    karin.get(&new_price).await.is_ok().shows("2 800 kr");
    let price = [("service", "hvb"), ("per_day", "3 000"), ("from", "2026-07-01")];
    karin.post(&new_price, &with(&ids(), &price, &[])).await.leads_to(&paths::show(&alias));

    let page = karin.get(&paths::show(&alias)).await;
    page.is_ok()
        .shows("Björkgården")
        .shows("Granvik")
        .shows("Skogsvägen 4")
        .shows("Ramavtal: HVB för vuxna")
        .shows("Betalas");
    assert_eq!(
        page.rows("section[aria-labelledby='avtal-1'] table"),
        [
            ["HVB", "2026-01-01", "2026-06-30", "2 800 kr"].map(String::from),
            ["HVB", "2026-07-01", "2027-12-31", "3 000 kr"].map(String::from),
        ]
    );
    let list = karin.get(paths::LIST).await;
    list.is_ok();
    assert_eq!(
        list.rows(".table"),
        [["L-001 Björkens vård AB", "HVB", "1", "2027-12-31", "HVB 3 000 kr"].map(String::from)]
    );
    let log = app.log().await;
    let changes: Vec<_> =
        log.iter().filter(|event| event.starts_with("provider.") && *event != "provider.listed").collect();
    assert_eq!(changes, ["provider.added", "provider.home", "provider.agreement", "provider.price", "provider.price"]);
}

#[tokio::test]
async fn a_caseworker_reads_the_register_but_sees_no_address_and_changes_nothing() {
    let app = App::start().await;
    let (karin, anna) = (app.coordinator().await, app.social_worker().await);
    let alias = karin.adds_a_provider().await;
    karin.post(&paths::home_new(&alias), &with(&ids(), &HOME, &[])).await.leads_to(&paths::show(&alias));
    let agreement = karin.adds_an_agreement(&alias, &[]).await;

    anna.get(paths::LIST).await.is_ok().shows("Björkens vård AB").lacks("Ny leverantör");
    let page = anna.get(&paths::show(&alias)).await;
    page.is_ok().shows("Björkgården").shows("Granvik").lacks("Skogsvägen").lacks("Lägg till boende").lacks("Nytt pris");
    for path in [
        paths::NEW.to_owned(),
        paths::home_new(&alias),
        paths::agreement_new(&alias),
        paths::price_new(&alias, agreement),
    ] {
        anna.get(&path).await.is_forbidden();
        anna.post(&path, &with(&ids(), &PROVIDER, &[])).await.is_forbidden();
    }
    anna.get(paths::LIST).await.shows("Visar 1–1 av 1 leverantörer");
}

#[tokio::test]
async fn a_manager_keeps_the_register_too_and_the_other_roles_do_not_know_of_it() {
    let app = App::start().await;
    let manager = app.manager().await;
    let alias = manager.adds_a_provider().await;
    for role in [Role::PoliceLiaison, Role::Controller, Role::LogReviewer, Role::Sysadmin] {
        let other = app.person(role).await;
        for path in [paths::LIST, paths::NEW, &paths::show(&alias), &paths::home_new(&alias)] {
            other.get(path).await.is_missing();
        }
        other.post(paths::NEW, &with(&ids(), &PROVIDER, &[])).await.is_missing();
    }
    app.get(paths::LIST).await.leads_to("/logga-in");
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_nothing_is_saved() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    let wrong = [
        ("name", "", "Skriv leverantörens namn"),
        ("org_number", "12", "Skriv organisationsnumret med tio siffror, NNNNNN-NNNN"),
        ("org_number", "559999-0007", "Kontrollera organisationsnumret. Sista siffran stämmer inte"),
        ("org_number", "121212-1212", "Skriv ett organisationsnummer. Ett personnummer får inte stå i registret"),
        ("kind", "slott", "Välj typ av leverantör"),
    ];
    for (field, typed, said) in wrong {
        let page = karin.post(paths::NEW, &with(&ids(), &PROVIDER, &[(field, typed)])).await;
        page.is_faulty().at(field, said);
        if field != "kind" {
            assert_eq!(page.value(field), typed);
        }
    }
    karin.get(paths::LIST).await.shows("Inga boenden registrerade");

    let alias = karin.adds_a_provider().await;
    for (field, said) in [
        ("name", "Skriv boendets namn"),
        ("municipality", "Skriv vilken kommun boendet ligger i"),
        ("address", "Skriv boendets adress"),
        ("kind", "Välj typ av boende"),
    ] {
        let page = karin.post(&paths::home_new(&alias), &with(&ids(), &HOME, &[(field, " ")])).await;
        page.is_faulty().at(field, said);
    }
    karin.get(&paths::show(&alias)).await.shows("Inga boenden");
}

#[tokio::test]
async fn an_agreement_is_at_most_four_years_without_a_special_reason() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    let alias = karin.adds_a_provider().await;
    let path = paths::agreement_new(&alias);
    let wrong = [
        ("title", "", "Skriv vad avtalet heter"),
        ("valid_from", "i våras", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("valid_to", "2025-12-31", "Slutdatumet måste vara samma dag som startdatumet eller senare"),
        (
            "valid_to",
            "2030-01-01",
            "Ett ramavtal gäller högst fyra år. Ändra slutdatumet, eller skriv det särskilda skälet",
        ),
        ("service", "", "Välj vad priset gäller"),
        ("per_day", "200 000", "Skriv ett belopp mellan 1 och 20 000 kr per dygn"),
    ];
    for (field, typed, said) in wrong {
        let page = karin.post(&path, &with(&ids(), &AGREEMENT, &[(field, typed)])).await;
        page.is_faulty().at(field, said);
    }
    karin.get(&paths::show(&alias)).await.shows("Inga ramavtal");
    let long = [("valid_to", "2031-12-31"), ("special_reason", "Ombyggnaden skrivs av på sex år")];
    karin.adds_an_agreement(&alias, &long).await;
    karin.get(&paths::show(&alias)).await.is_ok().shows("Ombyggnaden skrivs av på sex år");
}

#[tokio::test]
async fn a_price_neither_overlaps_nor_leaves_its_agreement() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    let alias = karin.adds_a_provider().await;
    let path = paths::price_new(&alias, karin.adds_an_agreement(&alias, &[]).await);
    let price = [("service", "hvb"), ("per_day", "3 000"), ("from", "2026-07-01")];
    let overlap = "Priset överlappar en annan period. Välj en dag efter det senaste prisets första dag";
    let outside = "Välj en dag inom avtalets tid, 2026-01-01 till 2027-12-31";
    for (day, said) in [("2026-01-01", overlap), ("2025-12-31", outside), ("2028-01-01", outside)] {
        let page = karin.post(&path, &with(&ids(), &price, &[("from", day)])).await;
        page.is_faulty().at("from", said);
        assert_eq!(page.value("from"), day);
    }
    // Another service has its own row of prices.
    karin.post(&path, &with(&ids(), &price, &[("service", "emergency_housing")])).await.leads_to(&paths::show(&alias));
    let page = karin.get(&paths::show(&alias)).await;
    assert_eq!(
        page.rows("section[aria-labelledby='avtal-1'] table"),
        [
            ["HVB", "2026-01-01", "2027-12-31", "2 800 kr"].map(String::from),
            ["Akutboende", "2026-07-01", "2027-12-31", "3 000 kr"].map(String::from),
        ]
    );
}

#[tokio::test]
async fn a_form_that_is_sent_twice_is_saved_once() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    let sent = ids();
    for _ in 0..2 {
        karin.post(paths::NEW, &with(&sent, &PROVIDER, &[])).await.leads_to("/boenden/L-001");
    }
    let (home, agreement, price) = (ids(), ids(), ids());
    let new_price = paths::price_new("L-001", agreement[0].parse().unwrap());
    let typed = [("service", "hvb"), ("per_day", "3 000"), ("from", "2026-07-01")];
    for _ in 0..2 {
        karin.post(&paths::home_new("L-001"), &with(&home, &HOME, &[])).await.leads_to("/boenden/L-001");
        karin.post(&paths::agreement_new("L-001"), &with(&agreement, &AGREEMENT, &[])).await.leads_to("/boenden/L-001");
        karin.post(&new_price, &with(&price, &typed, &[])).await.leads_to("/boenden/L-001");
    }
    let page = karin.get("/boenden/L-001").await;
    assert_eq!(page.rows(".table-cards").len(), 1);
    assert_eq!(page.rows("section[aria-labelledby='avtal-1'] table").len(), 2);
    let added = app.log().await.iter().filter(|event| *event == "provider.home").count();
    assert_eq!(added, 1);
}

#[tokio::test]
async fn two_who_add_at_once_get_an_alias_each() {
    let app = App::start().await;
    let (karin, erik) = (app.coordinator().await, app.manager().await);
    let (one, other) = tokio::join!(karin.adds_a_provider(), erik.adds_a_provider());
    let mut aliases = [one, other];
    aliases.sort();
    assert_eq!(aliases, ["L-001", "L-002"]);
}

#[tokio::test]
async fn the_list_shows_one_kind_or_only_the_active_and_what_agreements_need() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    let hvb = karin.adds_a_provider().await;
    karin.adds_an_agreement(&hvb, &[("valid_to", "2027-03-31")]).await;
    let other = [("kind", "housing"), ("name", "Granviks stödboende")];
    karin.post(paths::NEW, &with(&ids(), &PROVIDER, &other)).await.leads_to("/boenden/L-002");
    karin.adds_an_agreement("L-002", &[("valid_to", "2026-12-30")]).await;
    let mut owner = app.database.superuser().await;
    sqlx::query("select set_config('app.event', 'prov', false)").execute(&mut owner).await.unwrap();
    sqlx::query("update provider set is_active = false where alias = 'L-002'").execute(&mut owner).await.unwrap();

    let all = karin.get(paths::LIST).await;
    all.is_ok().shows("Upphör inom 90 dagar").shows("Har upphört").shows("Inaktiv");
    assert_eq!(all.rows(".table").len(), 2);
    let active = karin.get("/boenden?typ=&aktiva=ja").await;
    active.is_ok().lacks("Granviks stödboende").shows("Rensa");
    let kind = karin.get("/boenden?typ=housing&sida=7").await;
    kind.is_ok().shows("Granviks stödboende").lacks("Björkens");
    karin.get("/boenden?typ=hvb%00&sida=x").await.is_ok().shows("Björkens");
    karin.get("/boenden?typ=own").await.is_ok().shows("Inga leverantörer matchar filtret");
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so_and_a_page_is_logged_by_alias() {
    let app = App::start().await;
    let karin = app.coordinator().await;
    let alias = karin.adds_a_provider().await;
    for path in ["/boenden/L-999", "/boenden/l-001", "/boenden/L-%00", "/boenden/L-001/ramavtal/x/pris/ny"] {
        karin.get(path).await.is_missing();
    }
    karin.get(&paths::price_new(&alias, Uuid::now_v7())).await.is_missing();
    karin.get(&paths::show(&alias)).await.is_ok();
    let mut owner = app.database.superuser().await;
    let last: String = sqlx::query_scalar("select body from audit.entry order by seq desc limit 1")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert!(last.contains("provider.listed") && last.contains("\"provider\":\"L-001\""), "{last}");
}
