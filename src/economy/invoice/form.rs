//! What is typed about an invoice, and what it means.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{NewInvoice, Offered};
use crate::calendar::parse_day;
use crate::money::{Ore, parse_kronor};
use crate::vocabulary::InvoiceDispute;
use crate::web::form::{Faults, code, uuid};

const DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";
const AMOUNT: &str = "Skriv beloppet i kronor, till exempel 93 000";
const MOST: i64 = 1_000_000_000;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct InvoiceForm {
    pub id: String,
    pub month: String,
    pub placement: String,
    pub first: String,
    pub last: String,
    pub number: String,
    pub booked_on: String,
    pub invoiced: String,
}

impl InvoiceForm {
    pub fn fresh(month: Date) -> Self {
        Self { id: Uuid::now_v7().to_string(), month: month.to_string(), ..Self::default() }
    }

    /// The days are those that the placement has in the month, where none are typed.
    pub fn parse(&self, offered: &[Offered], today: Date) -> Result<NewInvoice, Faults> {
        let mut faults = Faults::none();
        let one = uuid(&self.placement).and_then(|id| offered.iter().find(|one| one.placement == id));
        let one = faults.need(one, "placement", "Välj vilken placering fakturan gäller");
        let first = faults.optional(&self.first, |typed| parse_day(typed, today), "first", DAY);
        let last = faults.optional(&self.last, |typed| parse_day(typed, today), "last", DAY);
        let days = match (one, first, last) {
            (Some(one), Some(first), Some(last)) => within(&mut faults, one, first, last),
            _ => None,
        };
        let fits = |text: &str| {
            let mut characters = text.chars();
            characters.next().is_some_and(|first| first.is_ascii_alphanumeric())
                && text.len() <= 30
                && characters.all(|one| one.is_ascii_alphanumeric() || " /-".contains(one))
        };
        let number = Some(self.number.trim().to_owned()).filter(|text| fits(text));
        let number =
            faults.need(number, "number", "Skriv fakturans nummer med högst 30 siffror och bokstäver, inga namn");
        let booked_on = faults.need(parse_day(&self.booked_on, today), "booked_on", DAY);
        if booked_on.is_some_and(|day| day > today) {
            faults.add("booked_on", format!("Datumet kan inte vara senare än i dag, {today}"));
        }
        let invoiced = amount(&mut faults, &self.invoiced, "invoiced");
        let id = faults.need(uuid(&self.id), "placement", "Öppna sidan på nytt och skriv uppgifterna igen");
        let (Some(id), Some(one), Some((first, last)), Some(number)) = (id, one, days, number) else {
            return Err(faults);
        };
        let (Some(booked_on), Some(invoiced)) = (booked_on, invoiced) else { return Err(faults) };
        faults.finish(NewInvoice { id, placement: one.placement, first, last, number, booked_on, invoiced })
    }
}

/// The days that are typed, or all that the placement has in the month.
fn within(faults: &mut Faults, one: &Offered, first: Option<Date>, last: Option<Date>) -> Option<(Date, Date)> {
    let (from, to) = (first.unwrap_or(one.first), last.unwrap_or(one.last));
    let held = format!("Placeringen har dygn {} till {} den månaden", one.first, one.last);
    if from < one.first || from > one.last {
        faults.add("first", held);
        return None;
    }
    if to > one.last {
        faults.add("last", held);
        return None;
    }
    if to < from {
        faults.add("last", "Slutdatumet måste vara samma dag som startdatumet eller senare");
        return None;
    }
    Some((from, to))
}

fn amount(faults: &mut Faults, typed: &str, field: &'static str) -> Option<Ore> {
    let amount = faults.need(parse_kronor(typed).filter(|ore| ore.ore() > 0), field, AMOUNT)?;
    if amount.ore() > MOST * 100 {
        faults.add(field, "Beloppet är för stort. Kontrollera nollorna");
        return None;
    }
    Some(amount)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DisputeForm {
    pub version: String,
    pub dispute: String,
    pub disputed_on: String,
}

impl DisputeForm {
    pub fn parse(&self, today: Date) -> Result<(Date, InvoiceDispute), Faults> {
        let mut faults = Faults::none();
        let about = faults.need(code(&self.dispute, InvoiceDispute::parse), "dispute", "Välj vad som inte stämmer");
        let on = faults.need(parse_day(&self.disputed_on, today), "disputed_on", DAY);
        if on.is_some_and(|day| day > today) {
            faults.add("disputed_on", format!("Datumet kan inte vara senare än i dag, {today}"));
        }
        match (on, about) {
            (Some(on), Some(about)) => faults.finish((on, about)),
            _ => Err(faults),
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ApproveForm {
    pub version: String,
    pub approved: String,
}

impl ApproveForm {
    /// No more than was invoiced; less where the provider has credited the rest.
    pub fn parse(&self, invoiced: Ore) -> Result<Ore, Faults> {
        let mut faults = Faults::none();
        let approved = amount(&mut faults, &self.approved, "approved");
        if approved.is_some_and(|ore| ore > invoiced) {
            faults.add("approved", format!("Beloppet är högre än fakturan, {invoiced}"));
        }
        match approved {
            Some(approved) => faults.finish(approved),
            None => Err(faults),
        }
    }
}
