//! The report to the board: the reference year figure by figure on the page and in the file, what is too few hidden in
//! both alike, thirds of a year that give nothing away, and that nobody else has it.

use sqlx::{Connection, Executor};
use utvag::clock::Clock;
use utvag::seed;
use utvag::vocabulary::Role;

use crate::support::app::{App, TODAY};
use crate::support::page::Page;
use crate::support::people::Person;

async fn granvik() -> App {
    let app = App::unfounded(Clock::held(TODAY)).await;
    seed::demo(&app.state).await.unwrap();
    let demo = seed::logins(&app.state).await.unwrap();
    app.showing(demo)
}

/// The rows of the table with this heading.
fn rows(page: &Page, heading: &str) -> Vec<Vec<String>> {
    let headings = page.texts("section h2");
    let at = headings.iter().position(|one| one == heading);
    let at = at.unwrap_or_else(|| panic!("no table {heading} in {headings:?}"));
    page.rows(&format!("section[aria-labelledby='h-tabell-{}'] table", at + 1))
}

fn row(page: &Page, heading: &str, name: &str) -> Vec<String> {
    let rows = rows(page, heading);
    let found = rows.iter().find(|row| row[0] == name);
    found.unwrap_or_else(|| panic!("no row {name} in {rows:?}"))[1..].to_vec()
}

const HEADINGS: [&str; 18] = [
    "N1 Antal avhoppare per år",
    "N1 Tidigare redovisade år",
    "N2 Så har vi räknat (dubbletter)",
    "N3 Programstatus",
    "N4 Kostnad mot budget",
    "N5 Placeringsdygn och dygnskostnad",
    "N6 Inom och utanför ramavtal",
    "N6 Orsak till köp utanför ramavtal",
    "N8 Tider",
    "N9 Ej verkställda beslut",
    "N10 Uppföljningar i tid",
    "N10 Avvikelser efter allvar",
    "N11 Utfall efter avslut",
    "N11 Livet efter avslut",
    "N12 Barn",
    "N13 Område",
    "N14 Kön",
    "N15 Återvändande",
];

#[tokio::test]
async fn the_reference_year_stands_figure_by_figure() {
    let app = granvik().await;
    let karin = Person::of_the_demo(&app, "karin.holm").await;
    let page = karin.get("/namnd?ar=2026").await;
    page.is_ok();
    assert_eq!(page.texts("section h2")[..18], HEADINGS);
    let years = HEADINGS[0];
    // Persons, new persons, cases, new cases, intakes, closed, ongoing (domain 7.0).
    assert_eq!(row(&page, years, "2026"), ["8", "6", "9", "7", "9", "3", "6"]);
    let before = row(&page, years, "2025");
    assert_eq!((before[0].as_str(), before[2].as_str(), before[6].as_str()), ("2", "2", "2"));
    let first = row(&page, years, "2024");
    assert_eq!((first[0].as_str(), first[2].as_str()), ("1", "1"));
    assert_eq!(row(&page, HEADINGS[1], "2020")[..2], ["4", "–"]);
    assert_eq!(row(&page, HEADINGS[1], "2015")[..2], ["1 till 4", "–"]);
    assert_eq!(row(&page, HEADINGS[1], "2021")[1], "8 den 2021-05-07");
    let counted = HEADINGS[2];
    for (name, shown) in [
        ("Aktualiseringar (brutto)", "9"),
        // One anonymous is a breakdown of fewer than five, and eight would tell it.
        ("Varav anonyma", "<5"),
        ("Varav identifierade", ".."),
        ("Unika personer bland de identifierade", "7"),
        ("Unika personer i verksamheten (netto)", "8"),
        ("Registreringar hos samtliga aktörer", "19"),
        ("Registreringar per unik person", "2,375"),
    ] {
        assert_eq!(row(&page, counted, name), [shown], "{name}");
    }
    assert_eq!(row(&page, HEADINGS[4], "Budget, summa")[0], "4 800 000 kr");
    assert_eq!(row(&page, HEADINGS[4], "Utfall i perioden"), ["3 032 950 kr", "63,2 %"]);
    // Protected housing is one person: its cost would be what is left of the sum, so no form stands by itself.
    assert_eq!(rows(&page, HEADINGS[5]).len(), 2);
    // Two of the eight had no placement.
    assert_eq!(row(&page, HEADINGS[5], "Alla former"), ["6", "1 243", "3 032 950 kr", "2 440,02 kr"]);
    assert_eq!(row(&page, HEADINGS[5], "Vårddygnsår")[1], "3,41");
    let inside = row(&page, HEADINGS[6], "Inom ramavtal");
    assert_eq!(inside[2..], ["362", "886 900 kr", "2 450 kr", "34,9 %", "31,0 %"]);
    let outside = row(&page, HEADINGS[6], "Utanför ramavtal");
    assert_eq!(outside[2..], ["674", "1 974 900 kr", "2 930,12 kr", "65,1 %", "69,0 %"]);
    assert_eq!(row(&page, HEADINGS[6], "Dygnet runt, alla")[2..5], ["1 036", "2 861 800 kr", "2 762,36 kr"]);
    page.shows("Så har vi räknat").shows("<5 betyder 1 till 4");
    // The years before, by the same functions: fewer than three persons have no amounts.
    let earlier = karin.get("/namnd?ar=2025").await;
    assert_eq!(row(&earlier, HEADINGS[5], "Alla former")[1..], ["..", "..", ".."]);
    assert_eq!(row(&earlier, HEADINGS[4], "Utfall i perioden")[0], "..");
}

#[tokio::test]
async fn what_is_few_is_hidden_on_the_page_and_in_the_file_alike() {
    let app = granvik().await;
    let karin = Person::of_the_demo(&app, "karin.holm").await;
    let page = karin.get("/namnd?ar=2026").await;
    let fields = [("ar", "2026"), ("tertial", ""), ("purpose", "board")];
    let file = karin.post("/namnd/tabeller", &fields).await;
    file.is(200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"namndrapport.csv\"");
    let lines: Vec<&str> = file.body.lines().collect();
    assert!(lines[0].starts_with("\u{feff}Nämndrapport 2026;Hämtad av Karin Holm;2026-12-31 kl."), "{}", lines[0]);
    assert!(lines[0].ends_with("Ändamål: Underlag till nämnden;Sekretess – 26 kap. 1 § OSL"), "{}", lines[0]);
    for line in [
        "2026;8;6;9;7;9;3;6",
        "Aktualiseringar (brutto);9",
        "Varav anonyma;<5",
        "Varav identifierade;..",
        "Registreringar hos samtliga aktörer;19",
        "Registreringar per unik person;2,375",
        "Budget, summa;4800000;",
        "Utfall i perioden;3032950;63,2",
        "Alla former;6;1243;3032950;2440,02",
    ] {
        assert!(lines.contains(&line), "{line} is not in {}", file.body);
    }
    for part in [";362;886900;2450;34,9;31,0", ";674;1974900;2930,12;65,1;69,0", ";1036;2861800;2762,36;;"] {
        assert!(lines.iter().any(|line| line.ends_with(part)), "{part} is not in {}", file.body);
    }
    // The same rows: what one hides the other does not tell.
    for heading in page.texts("section h2").iter().filter(|heading| heading.starts_with('N')) {
        let at = lines.iter().position(|line| line == heading).unwrap();
        for (row, line) in rows(&page, heading).iter().zip(&lines[at + 3..]) {
            let hidden = |cells: &[String]| cells.iter().map(|cell| cell == "<5" || cell == "..").collect::<Vec<_>>();
            let cells: Vec<String> = line.split(';').map(str::to_owned).collect();
            assert_eq!(hidden(row), hidden(&cells), "{heading}: {row:?} {line}");
        }
    }
    // One woman, and nobody can tell.
    assert_eq!(row(&page, "N14 Kön", "Kvinna"), ["<5"]);
    assert_eq!(row(&page, "N14 Kön", "Man"), [".."]);
    assert_eq!(rows(&page, "N13 Område"), [["Övriga områden", "8"]]);
    // No small count of a breakdown is shown by any row of it.
    for heading in &HEADINGS[6..] {
        for row in rows(&page, heading) {
            for cell in &row[1..] {
                assert!(!["1", "2", "3", "4"].contains(&cell.as_str()) || *heading == "N8 Tider", "{heading}: {row:?}");
            }
        }
    }
    let note: serde_json::Value = sqlx::query_scalar::<_, String>(
        "select body from audit.entry where body::jsonb ->> 'event' = 'board.exported'",
    )
    .fetch_one(&mut app.database.superuser().await)
    .await
    .map(|body| serde_json::from_str(&body).unwrap())
    .unwrap();
    let details = &note["details"];
    assert_eq!((&details["purpose"], &details["period"]), (&"board".into(), &"2026".into()));
    assert!(details["rows"].as_i64().unwrap() > 60, "{details}");
    assert_eq!(details["sha256"], hash(&file.body));
}

fn hash(text: &str) -> String {
    utvag::crypto::token::sha256(text).iter().fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"))
}

#[tokio::test]
async fn a_third_of_a_year_tells_nothing_that_the_year_hides() {
    let app = granvik().await;
    let karin = Person::of_the_demo(&app, "karin.holm").await;
    let year = karin.get("/namnd?ar=2026").await;
    let only = [HEADINGS[0], HEADINGS[1], HEADINGS[4], HEADINGS[5], HEADINGS[6], "Så har vi räknat"];
    for tertial in 1..=3 {
        let page = karin.get(&format!("/namnd?ar=2026&tertial={tertial}")).await;
        page.is_ok().shows("Övriga tabeller visas för hela år");
        assert_eq!(page.texts("section h2")[..6], only);
        // Years are whole years there too, and no person is counted in a third.
        assert_eq!(rows(&page, HEADINGS[0]), rows(&year, HEADINGS[0]));
        assert_eq!(row(&page, HEADINGS[5], "Alla former")[0], "..");
        assert_eq!(rows(&page, HEADINGS[5]).len(), 2);
        for row in rows(&page, HEADINGS[6]) {
            assert_eq!(row[1..3], ["..", ".."], "{row:?}");
        }
    }
    // Two persons inside the agreements in some third: none of the thirds tells what was bought how.
    let last = karin.get("/namnd?ar=2026&tertial=3").await;
    assert_eq!(rows(&last, HEADINGS[6]).len(), 1);
}

#[tokio::test]
async fn those_who_read_it_take_it_out_or_do_not() {
    let app = App::start().await;
    for role in [Role::Caseworker, Role::PoliceLiaison, Role::LogReviewer, Role::Sysadmin] {
        let person = app.person(role).await;
        person.get("/namnd").await.is_missing();
        person.post("/namnd/tabeller", &[("purpose", "board")]).await.is_missing();
    }
    let controller = app.person(Role::Controller).await;
    controller.get("/namnd").await.is_ok().shows("Så har vi räknat").lacks("Hämta fil");
    controller.post("/namnd/tabeller", &[("purpose", "board")]).await.is_forbidden();
    let manager = app.person(Role::Manager).await;
    manager.get("/namnd").await.is_ok().shows("Hämta fil");
    let faulty = manager.post("/namnd/tabeller", &[("ar", "2025"), ("purpose", "annat")]).await;
    faulty.is_faulty();
    faulty.at("purpose", "Välj vad filen är till för").shows("Avhopparverksamheten 2025");
    assert_eq!(faulty.value("ar"), "2025");
    manager.post("/namnd/tabeller", &[("ar", "2025"), ("purpose", "audit")]).await.is(200);
    for odd in ["/namnd?ar=1800", "/namnd?ar=x&tertial=9", "/namnd?ar=2099&tertial=1"] {
        manager.get(odd).await.is_ok().shows("Avhopparverksamheten 2026");
    }
}

#[tokio::test]
async fn postgres_counts_for_nobody_else() {
    let app = granvik().await;
    let malin = Person::of_the_demo(&app, "malin.ek").await;
    let karin = Person::of_the_demo(&app, "karin.holm").await;
    let mut login = app.database.app().await;
    for (person, counts) in [(&malin, false), (&karin, true)] {
        let mut work = login.begin().await.unwrap();
        work.execute("select set_config('role', 'utvag_user', true)").await.unwrap();
        sqlx::query("select account_id from sec.open($1)")
            .bind(person.token().as_bytes())
            .fetch_one(&mut *work)
            .await
            .unwrap();
        for asked in [
            "select coalesce(sum(persons), 0)::bigint from sec.board_years(2026, '2026-12-31')",
            "select coalesce(sum(days), 0)::bigint from sec.board_money('2026-01-01', '2026-12-31')",
            "select coalesce(sum(items), 0)::bigint from sec.board_counts('2026-01-01', '2026-12-31', '2026-12-31')",
            "select count(*) from board_history",
        ] {
            let told: i64 = sqlx::query_scalar(asked).fetch_one(&mut *work).await.unwrap();
            assert_eq!(told > 0, counts, "{asked}: {told}");
        }
    }
}
