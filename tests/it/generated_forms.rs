//! Twenty thousand forms that nobody would send, and some that somebody might, to every route that takes one: nothing
//! breaks, nothing is changed by half, and no change is without its row in the log.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use scraper::{ElementRef, Html, Selector};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::access_matrix::World;
use crate::support::dice::Dice;
use crate::support::page::{Page, form};
use crate::support::routes;

/// Of each of the four below.
const FORMS: usize = 5_000;

/// Who sends, by their place in the matrix: the responsible one, the coordinator, the manager.
const SENDERS: [usize; 3] = [0, 2, 4];

const TEXTS: [&str; 24] = [
    "",
    " ",
    "Hen vill börja studera i höst.",
    "Råd och stöd enligt planen, uppföljning varje vecka.",
    "Åäö ÅÄÖ é ü ß",
    "x",
    "'; drop table case_file; --",
    "\" or 1=1 --",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} %s %n ${x}",
    "👩‍👧‍👦🏳️‍🌈",
    "\u{202e}baklänges\u{202c}",
    "\u{0}\u{1}\u{7f}",
    "rad ett\r\nrad två\r\n",
    "../../etc/passwd",
    "-1",
    "0",
    "99999999999999999999",
    "NaN",
    "null",
    "true",
    "AVH-7KQ2-M4X",
    "0193f000-0000-7000-8000-000000000001",
];
const DAYS: [&str; 16] = [
    "2026-12-31",
    "2026-12-30",
    "2026-12-01",
    "2026-06-15",
    "2026-01-05",
    "2026-01-04",
    "2027-01-01",
    "2027-06-30",
    "2028-02-29",
    "2027-02-29",
    "260230",
    "31/12 2026",
    "9999-12-31",
    "0001-01-01",
    "-9999-01-01",
    "2026-13-01",
];
const AMOUNTS: [&str; 12] =
    ["3 000", "3000,50", "3000.5", "3 000 kr", "0", "-1", "1e9", "0,001", "99999999999999999", "٣", "1", "2 450"];
const NUMBERS: [&str; 10] = [
    "19121212-1212",
    "121212+1212",
    "1212121212",
    "191212121213",
    "20260230-1234",
    "19900161-9800",
    "260230-0000",
    "12",
    "T-1",
    "æ",
];

/// A form of a page.
#[derive(Clone)]
struct Sheet {
    page: String,
    action: String,
    controls: Vec<Control>,
}

#[derive(Clone)]
struct Control {
    name: String,
    kind: Kind,
    values: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Hidden,
    Text,
    Choice,
    Button,
}

fn sheets(page: &str, answer: &Page) -> Vec<Sheet> {
    let document = Html::parse_document(&answer.body);
    let (forms, controls) =
        (Selector::parse("form[method=post]").unwrap(), Selector::parse("input, textarea, select, button").unwrap());
    let sheet = |form: ElementRef<'_>| {
        let action = form.attr("action").filter(|action| !action.is_empty()).unwrap_or(page);
        let action = action.split('#').next().unwrap_or_default().to_owned();
        let mut found: Vec<Control> = Vec::new();
        for element in form.select(&controls) {
            let Some(name) = element.attr("name") else { continue };
            let (kind, values) = control(element);
            match found.iter_mut().find(|one| one.name == name && one.kind == Kind::Choice) {
                Some(one) => one.values.extend(values),
                None => found.push(Control { name: name.to_owned(), kind, values }),
            }
        }
        Sheet { page: page.to_owned(), action, controls: found }
    };
    document.select(&forms).map(sheet).collect()
}

fn control(element: ElementRef<'_>) -> (Kind, Vec<String>) {
    let value = || vec![element.attr("value").unwrap_or_default().to_owned()];
    match (element.value().name(), element.attr("type").unwrap_or_default()) {
        ("select", _) => {
            let options = Selector::parse("option").unwrap();
            (Kind::Choice, element.select(&options).filter_map(|one| one.attr("value").map(str::to_owned)).collect())
        }
        ("input", "radio" | "checkbox") => (Kind::Choice, value()),
        ("button", _) => (Kind::Button, value()),
        ("input", "hidden") => (Kind::Hidden, value()),
        _ => (Kind::Text, value()),
    }
}

/// What is sent for a field: most often what could be right, or nothing would ever be saved.
fn typed(control: &Control, wild: bool, dice: &mut Dice) -> String {
    if wild && dice.below(4) == 0 {
        return (*dice.pick(&TEXTS)).to_owned();
    }
    let name = control.name.as_str();
    let old = || control.values.first().cloned().unwrap_or_default();
    match control.kind {
        Kind::Hidden if ["id", "form_draft", "form_tab"].contains(&name) || name.ends_with("_id") => {
            match dice.below(5) {
                0 => old(),
                _ => Uuid::now_v7().to_string(),
            }
        }
        Kind::Hidden | Kind::Button => old(),
        Kind::Choice => dice.pick(&control.values).clone(),
        Kind::Text if dice.below(2_000) == 0 => "å".repeat(100_000),
        Kind::Text if dice.below(4) == 0 => old(),
        Kind::Text if ["_on", "date", "from", "_to", "until", "day"].iter().any(|part| name.contains(part)) => {
            let days = if wild { &DAYS[..] } else { &DAYS[..6] };
            (*dice.pick(days)).to_owned()
        }
        Kind::Text if ["amount", "price", "per_day", "kronor", "cost"].iter().any(|part| name.contains(part)) => {
            (*dice.pick(if wild { &AMOUNTS[..] } else { &AMOUNTS[..2] })).to_owned()
        }
        Kind::Text if name.contains("number") => {
            (*dice.pick(if wild { &NUMBERS[..] } else { &NUMBERS[..1] })).to_owned()
        }
        Kind::Text => (*dice.pick(&TEXTS[2..4])).to_owned(),
    }
}

fn filled(sheet: &Sheet, wild: bool, dice: &mut Dice) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for control in &sheet.controls {
        // Left out, once, or twice.
        let times = match (control.kind, dice.below(20)) {
            (_, 1) if wild => 2,
            (_, 0) | (Kind::Choice, 2..5) if wild => 0,
            (Kind::Button, 1..) => 0,
            _ => 1,
        };
        fields.extend((0..times).map(|_| (control.name.clone(), typed(control, wild, dice))));
    }
    if wild && dice.below(10) == 0 {
        fields.push(("obekant".to_owned(), (*dice.pick(&TEXTS)).to_owned()));
    }
    fields
}

struct Senders {
    world: World,
    cookies: Vec<String>,
    /// With who came across it.
    sheets: Vec<(usize, Sheet)>,
    /// These, and some that no page has.
    made_up: Vec<(usize, Sheet)>,
}

impl Senders {
    async fn new() -> Self {
        let mut world = World::new().await;
        let mut cookies = Vec::new();
        for who in SENDERS {
            cookies.push(world.cookie(who).await);
        }
        let mut senders = Self { world, cookies, sheets: Vec::new(), made_up: Vec::new() };
        let mut found = BTreeMap::new();
        // The page of building blocks has forms that lead nowhere.
        for route in routes::all().into_iter().filter(|route| route.path != "/komponenter") {
            let address = senders.world.address(&route, &senders.world.found.reference);
            for at in 0..SENDERS.len() {
                if route.method == "GET" {
                    let answer = senders.get(at, &address).await;
                    assert!(!answer.status.is_server_error(), "GET {address}: {}", answer.status);
                    // The frame's forms stand on every page.
                    for sheet in sheets(&address, &answer) {
                        found.entry((at, sheet.action.clone())).or_insert(sheet);
                    }
                } else {
                    // Also where no page has the form: whoever sends it has made it up.
                    let made_up = ["id", "version", "reason", "from", "status"];
                    let controls =
                        made_up.map(|name| Control { name: name.to_owned(), kind: Kind::Text, values: vec![] });
                    let sheet = Sheet { page: String::new(), action: address.clone(), controls: controls.into() };
                    found.entry((at, format!("{address} without a page"))).or_insert(sheet);
                }
            }
        }
        senders.made_up = found.into_iter().map(|((at, _), sheet)| (at, sheet)).collect();
        senders.sheets = senders.made_up.iter().filter(|(_, sheet)| !sheet.page.is_empty()).cloned().collect();
        senders
    }

    async fn get(&self, at: usize, address: &str) -> Page {
        self.world.get(&self.cookies[at], address).await
    }

    async fn send(&mut self, at: usize, sheet: &Sheet, fields: &[(String, String)]) -> Page {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = self.world.app.send(form(&sheet.action, &fields, Some(&self.cookies[at]))).await;
        if answer.location().starts_with("/logga-in") {
            self.cookies[at] = self.world.cookie(SENDERS[at]).await;
        }
        answer
    }
}

/// Changes of rows so far. A look at a place and a print leave a row of their own, and a page.
async fn changes(owner: &mut PgConnection) -> i64 {
    let sql = "select coalesce(max(seq), 0) from audit.row_change where table_name not in ('vault.opening', 'public.case_print')";
    sqlx::query_scalar(sql).fetch_one(owner).await.unwrap()
}

async fn post_generated_forms(seed: u64) {
    let mut senders = Senders::new().await;
    let mut owner = senders.world.app.database.superuser().await;
    let mut dice = Dice::new(seed);
    let began = changes(&mut owner).await;
    let (mut before, mut saved, mut refused) = (began, 0_usize, 0_usize);
    let mut reached = BTreeSet::new();
    for _ in 0..FORMS {
        // A third by somebody who means it, with what the page shows now.
        let wild = dice.below(3) > 0;
        let (at, mut sheet) = dice.pick(if wild { &senders.made_up } else { &senders.sheets }).clone();
        let who = if dice.below(10) == 0 { usize::try_from(dice.below(3)).unwrap() } else { at };
        if !wild {
            let fresh = sheets(&sheet.page, &senders.get(who, &sheet.page).await);
            sheet = fresh.into_iter().find(|one| one.action == sheet.action).unwrap_or(sheet);
        }
        let fields = filled(&sheet, wild, &mut dice);
        let answer = senders.send(who, &sheet, &fields).await;
        let told = || format!("seed {seed}: POST {} as {who} with {fields:?}", sheet.action);
        assert!(!answer.status.is_server_error(), "{}: {}", told(), answer.status);
        let now = changes(&mut owner).await;
        if answer.status == StatusCode::SEE_OTHER {
            saved += usize::from(now > before);
            if now > before {
                reached.insert(sheet.action.clone());
            }
        } else {
            refused += 1;
            assert_eq!(now, before, "{}: {} and yet something was changed", told(), answer.status);
        }
        before = now;
    }
    let unlogged: Vec<String> = sqlx::query_scalar(
        "select distinct r.table_name || ' ' || r.operation || ' ' || r.event from audit.row_change r
         where r.seq > $1 and not exists (select 1 from audit.entry e where e.xid = r.xid)",
    )
    .bind(began)
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(unlogged, Vec::<String>::new(), "changes without a row in the log");
    println!("seed {seed}: {saved} saved through {} addresses, {refused} refused", reached.len());
    // Or the generator has stopped to type what could be right.
    assert!(saved > FORMS / 100 && reached.len() > 10, "{saved} of {FORMS} saved, through {reached:?}");
}

#[tokio::test]
async fn no_generated_form_breaks_anything_or_changes_by_half_or_unlogged_1() {
    post_generated_forms(1).await;
}

#[tokio::test]
async fn no_generated_form_breaks_anything_or_changes_by_half_or_unlogged_2() {
    post_generated_forms(2).await;
}

#[tokio::test]
async fn no_generated_form_breaks_anything_or_changes_by_half_or_unlogged_3() {
    post_generated_forms(3).await;
}

#[tokio::test]
async fn no_generated_form_breaks_anything_or_changes_by_half_or_unlogged_4() {
    post_generated_forms(4).await;
}
