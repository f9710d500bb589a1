//! Invoices against days times price (AC-06): entered by the controller without anything that names anybody, once for each
//! day, disputed or approved by another, in the year of the days.

use sqlx::Executor;
use utvag::economy::invoice::paths;
use uuid::Uuid;

use crate::keeping_the_economy::granvik;
use crate::support::app::App;
use crate::support::page::Page;
use crate::support::people::Person;

/// The invoices of a page, without the sum below them.
fn invoices(page: &Page) -> Vec<Vec<String>> {
    page.rows("table").into_iter().filter(|row| row.len() == 7).collect()
}

/// What a page offers in the list of placements: what it says, and its value.
fn offered(page: &Page, says: &str) -> String {
    let (texts, values) = (page.texts("#placement option"), page.attributes("#placement option", "value"));
    let found = texts.iter().zip(&values).find(|(text, _)| text.contains(says));
    found.unwrap_or_else(|| panic!("{says} is not among {texts:?}")).1.clone()
}

fn typed<'t>(id: &'t str, placement: &'t str, (month, ore): (&'t str, &'t str)) -> Vec<(&'t str, &'t str)> {
    vec![
        ("id", id),
        ("month", month),
        ("placement", placement),
        ("first", ""),
        ("last", ""),
        ("number", "F-12001"),
        ("booked_on", "2026-12-31"),
        ("invoiced", ore),
    ]
}

#[tokio::test]
async fn the_invoices_of_the_reference_year_stand_beside_what_they_should_be() {
    let app = granvik().await;
    let sven = Person::of_the_demo(&app, "sven.ost").await;
    let page = sven.get(&paths::year(2026, false)).await;
    let rows = invoices(page.is_ok());
    let amounts: Vec<[&str; 3]> = rows.iter().map(|row| [row[4].as_str(), row[5].as_str(), row[6].as_str()]).collect();
    assert_eq!(
        amounts,
        [
            ["90 000 kr", "90 000 kr", "0 kr"],
            ["93 000 kr", "96 000 kr", "+3 000 kr"],
            ["84 000 kr", "84 000 kr", "0 kr"],
            ["51 000 kr", "51 000 kr", "0 kr"],
        ]
    );
    page.shows("Bestriden").shows("Godkänd").shows("Stämmer");
    for secret in ["Klippan", "Vändpunkten", "Norrsele", "AVH-"] {
        page.lacks(secret);
    }
    let open = sven.get(&paths::year(2026, true)).await;
    assert_eq!(invoices(open.is_ok()).len(), 2);
    open.lacks("51 000 kr");

    // January 2027: fourteen days at 3 000 kronor and seventeen at 1 500. Its year is that of the days.
    let form = sven.get("/ekonomi/fakturor/ny?manad=2027-01-01").await;
    let placement = offered(form.is_ok(), "31 dygn, 67 500 kr");
    let id = Uuid::now_v7().to_string();
    let january = typed(&id, &placement, ("2027-01-01", "67 500"));
    for _ in 0..2 {
        let shown = paths::show(id.parse().unwrap());
        sven.post(paths::LIST, &january).await.leads_to(&shown);
        sven.get(&shown).await.is_ok().shows("67 500 kr").shows("Stämmer").shows("F-12001");
    }
    sven.get(&paths::year(2026, false)).await.is_ok().lacks("F-12001");
    sven.get(&paths::year(2027, false)).await.is_ok().shows("F-12001");

    // The same days once more are refused, and what was typed is kept.
    let other = Uuid::now_v7().to_string();
    let twice = sven.post(paths::LIST, &typed(&other, &placement, ("2027-01-01", "67 500"))).await;
    let said = "Några av dygnen är redan fakturerade. Öppna den fakturan, eller skriv andra datum";
    twice.is_faulty().at("placement", said);
    assert_eq!((twice.value("invoiced"), twice.value("number")), ("67 500".to_owned(), "F-12001".to_owned()));
    for (field, text, said) in [
        ("number", "Milo Påhitt, januari 2027", "Skriv fakturans nummer med högst 30 siffror och bokstäver, inga namn"),
        ("booked_on", "2027-01-02", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        ("invoiced", "0", "Skriv beloppet i kronor, till exempel 93 000"),
        ("last", "2027-02-01", "Placeringen har dygn 2027-01-01 till 2027-01-31 den månaden"),
        ("placement", "", "Välj vilken placering fakturan gäller"),
    ] {
        let mut fields = typed(&other, &placement, ("2027-01-01", "67 500"));
        fields.retain(|(name, _)| *name != field);
        fields.push((field, text));
        sven.post(paths::LIST, &fields).await.is_faulty().at(field, said);
    }
}

/// The invoice that differs, by its address.
async fn deviating(person: &Person<'_>) -> Uuid {
    let page = person.get(&paths::year(2026, false)).await;
    let found = page.is_ok().attributes("tbody th a", "href");
    found[1].rsplit('/').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_disputed_invoice_is_approved_by_another_for_what_is_right() {
    let app = granvik().await;
    let sven = Person::of_the_demo(&app, "sven.ost").await;
    let birgitta = Person::of_the_demo(&app, "birgitta.lind").await;
    let id = deviating(&sven).await;
    sven.get(&paths::show(id))
        .await
        .is_ok()
        .shows("Bestriden")
        .shows("Sven Öst tar det med leverantören")
        .lacks("Godkänn");
    sven.get(&paths::approve(id)).await.is_forbidden();
    sven.post(&paths::dispute(id), &[("version", "2"), ("dispute", "price"), ("disputed_on", "2026-12-31")])
        .await
        .is(409);
    let form = birgitta.get(&paths::approve(id)).await;
    form.is_ok().shows("Fakturan avviker med +3 000 kr");
    let over = birgitta.post(&paths::approve(id), &[("version", "2"), ("approved", "96 001")]).await;
    over.is_faulty().at("approved", "Beloppet är högre än fakturan, 96 000 kr");
    birgitta
        .post(&paths::approve(id), &[("version", "1"), ("approved", "93 000")])
        .await
        .is(409)
        .shows("Fakturan har ändrats");
    birgitta.post(&paths::approve(id), &[("version", "2"), ("approved", "93 000")]).await.leads_to(&paths::show(id));
    birgitta.get(&paths::show(id)).await.is_ok().shows("Godkänt belopp").shows("93 000 kr").shows("Birgitta Lind");
    birgitta.post(&paths::approve(id), &[("version", "3"), ("approved", "93 000")]).await.is(409);
    let log = app.log().await;
    assert!(log.iter().any(|one| one.contains("invoice.approved")));
    for stranger in ["malin.ek", "ylva.norr", "tore.alm"] {
        let person = Person::of_the_demo(&app, stranger).await;
        person.get(paths::LIST).await.is_missing();
        person.get(&paths::show(id)).await.is_missing();
    }
    let karin = Person::of_the_demo(&app, "karin.holm").await;
    karin.get(&paths::show(id)).await.is_ok().shows("AVH-");
    karin.get(&paths::dispute(id)).await.is_forbidden();
}

/// Runs as the owner; the name of the constraint that refused it.
async fn refused(app: &App, statement: &'static str) -> String {
    let mut owner = app.database.superuser().await;
    crate::support::fixture::announce(&mut owner).await;
    let error = owner.execute(statement).await.unwrap_err();
    error.as_database_error().unwrap().constraint().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn postgres_keeps_three_people_apart_and_invoices_a_day_once() {
    let app = granvik().await;
    let twice = "insert into invoice (id, placement_id, first_day, last_day, invoice_no, booked_on, invoiced_ore, expected_days,
        expected_ore, status, registered_by)
      select gen_random_uuid(), placement_id, last_day, last_day, 'F1', '2026-12-31', 1, 1, 1, 'match', registered_by from invoice";
    assert_eq!(refused(&app, twice).await, "invoice_once");
    let priced = "insert into invoice (id, placement_id, first_day, last_day, invoice_no, booked_on, invoiced_ore, expected_days,
        expected_ore, status, registered_by)
      select gen_random_uuid(), placement_id, '2026-12-01', '2026-12-31', 'F1', '2026-12-31', 1, 1, 1, 'match', set_by
      from placement_rate where set_by is not null limit 1";
    assert_eq!(refused(&app, priced).await, "invoice_three_people");
    let set_by_them = "update placement_rate r set set_by = i.approved_by from invoice i
      where i.placement_id = r.placement_id and i.approved_by is not null";
    assert_eq!(refused(&app, set_by_them).await, "invoice_three_people");
    let own = "update invoice set status = 'approved', approved_by = registered_by, approved_on = '2026-12-31', approved_ore = 1,
        version = version + 1 where status <> 'approved'";
    assert_eq!(refused(&app, own).await, "invoice_four_eyes");
    let changed = "update invoice set invoiced_ore = 1, version = version + 1 where status = 'disputed'";
    assert_eq!(refused(&app, changed).await, "invoice_stands");
    assert_eq!(refused(&app, "delete from invoice").await, "invoice_stands");

    // A price that is put right changes what is expected of what is not approved, and nothing of what is.
    let mut owner = app.database.superuser().await;
    crate::support::fixture::announce(&mut owner).await;
    owner
        .execute(
            "update placement_rate r set per_day_ore = 310000 from invoice i
             where i.placement_id = r.placement_id and i.status = 'disputed' and r.valid_from = '2026-01-15'",
        )
        .await
        .unwrap();
    let sven = Person::of_the_demo(&app, "sven.ost").await;
    let rows = invoices(sven.get(&paths::year(2026, false)).await.is_ok());
    let expected: Vec<&str> = rows.iter().map(|row| row[4].as_str()).collect();
    assert_eq!(expected, ["93 000 kr", "96 100 kr", "84 000 kr", "51 000 kr"]);
}
