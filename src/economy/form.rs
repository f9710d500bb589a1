//! What is typed about the budget and about two ways to compare, and what it means.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::Alternative;
use super::store::NewLine;
use crate::calendar::{add_months, parse_day};
use crate::money::{Ore, parse_kronor};
use crate::vocabulary::BudgetKind;
use crate::web::form::{Faults, checkbox, code, uuid};

/// The page was not ours, or older than the program.
const RELOAD: &str = "Öppna sidan på nytt och skriv uppgifterna igen";
const DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";
const AMOUNT: &str = "Skriv beloppet i kronor, till exempel 2 800 000";
/// A thousand millions: more is a slip of the hand.
const MOST: i64 = 1_000_000_000;
/// The dearest day that the database takes.
const MOST_PER_DAY: i64 = 20_000;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct BudgetForm {
    pub id: String,
    pub kind: String,
    pub amount: String,
    pub decided_in: String,
    pub only_that_year: String,
}

impl BudgetForm {
    pub(super) fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    pub(super) fn parse(&self, year: i32) -> Result<NewLine, Faults> {
        let mut faults = Faults::none();
        let kind = faults.need(code(&self.kind, BudgetKind::parse), "kind", "Välj vad posten är");
        let amount = amount(&mut faults, &self.amount, "amount", AMOUNT, MOST);
        let decided_in = faults.text(
            &self.decided_in,
            100,
            "decided_in",
            "Skriv var beloppet är beslutat, till exempel Mål och budget",
        );
        let id = faults.need(uuid(&self.id), "kind", RELOAD);
        match (id, kind, amount, decided_in) {
            (Some(id), Some(kind), Some(amount), Some(decided_in)) => {
                let only_that_year = checkbox(&self.only_that_year);
                faults.finish(NewLine { id, year, kind, amount, decided_in, only_that_year })
            }
            _ => Err(faults),
        }
    }
}

fn amount(faults: &mut Faults, typed: &str, field: &'static str, wrong: &str, most: i64) -> Option<Ore> {
    let parsed = parse_kronor(typed).filter(|ore| ore.ore() > 0);
    let amount = faults.need(parsed, field, wrong)?;
    if amount.ore() > most * 100 {
        faults.add(field, "Beloppet är för stort. Kontrollera nollorna");
        return None;
    }
    Some(amount)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WithdrawForm {
    pub why: String,
}

impl WithdrawForm {
    pub(super) fn parse(&self) -> Result<String, Faults> {
        let mut faults = Faults::none();
        match faults.text(&self.why, 200, "why", "Skriv varför posten inte ska räknas") {
            Some(why) => faults.finish(why),
            None => Err(faults),
        }
    }
}

/// Two ways side by side; nothing of it is saved.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct CompareForm {
    pub a_first: String,
    pub a_last: String,
    pub a_per_day: String,
    pub a_turn: String,
    pub a_then: String,
    pub b_first: String,
    pub b_last: String,
    pub b_per_day: String,
    pub b_turn: String,
    pub b_then: String,
}

/// The fields of one way, by their ids.
type Names = [&'static str; 5];
const A: Names = ["a_first", "a_last", "a_per_day", "a_turn", "a_then"];
const B: Names = ["b_first", "b_last", "b_per_day", "b_turn", "b_then"];

impl CompareForm {
    fn a(&self) -> [&str; 5] {
        [&self.a_first, &self.a_last, &self.a_per_day, &self.a_turn, &self.a_then]
    }

    fn b(&self) -> [&str; 5] {
        [&self.b_first, &self.b_last, &self.b_per_day, &self.b_turn, &self.b_then]
    }

    pub(super) fn parse(&self, today: Date) -> Result<(Alternative, Alternative), Faults> {
        let mut faults = Faults::none();
        let one = way(&mut faults, A, self.a(), today);
        let other = way(&mut faults, B, self.b(), today);
        match one.zip(other) {
            Some(both) => faults.finish(both),
            None => Err(faults),
        }
    }
}

fn way(faults: &mut Faults, names: Names, typed: [&str; 5], today: Date) -> Option<Alternative> {
    let [first_name, last_name, price_name, turn_name, then_name] = names;
    let first = faults.need(parse_day(typed[0], today), first_name, DAY);
    let last = faults.need(parse_day(typed[1], today), last_name, DAY);
    let price = "Skriv priset i kronor per dygn";
    let per_day = amount(faults, typed[2], price_name, price, MOST_PER_DAY);
    let turn = faults.optional(typed[3], |typed| parse_day(typed, today), turn_name, DAY);
    let then = if typed[4].trim().is_empty() {
        Some(None)
    } else {
        amount(faults, typed[4], then_name, price, MOST_PER_DAY).map(Some)
    };
    let (first, last, per_day, turn, then) = (first?, last?, per_day?, turn?, then?);
    if last < first {
        faults.add(last_name, "Slutdatumet måste vara samma dag som startdatumet eller senare");
        return None;
    }
    if add_months(first, 60).is_some_and(|far| last > far) {
        faults.add(last_name, "Jämför högst fem år");
        return None;
    }
    let then = match (turn, then) {
        (Some(turn), Some(_)) if turn <= first || turn > last => {
            faults.add(turn_name, "Dagen för det nya priset måste ligga efter startdatumet och inom perioden");
            return None;
        }
        (Some(turn), Some(then)) => Some((turn, then)),
        (None, None) => None,
        (Some(_), None) => {
            faults.add(then_name, "Skriv det nya priset, eller ta bort dagen");
            return None;
        }
        (None, Some(_)) => {
            faults.add(turn_name, "Skriv dagen då det nya priset börjar, eller ta bort priset");
            return None;
        }
    };
    Some(Alternative { first, last, per_day, then })
}
