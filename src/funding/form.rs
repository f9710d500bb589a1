//! What is typed about state money, and what it means.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{
    Answer, Application, GrantFault, LONGEST_CONDITIONS, LONGEST_PURPOSE, LONGEST_TOLD, NewApplication, Report, Sent,
    grant,
};
use crate::calendar::{add_months, parse_day};
use crate::money::{Ore, parse_kronor};
use crate::personal::Personal;
use crate::vocabulary::{FundAuthority, FundPrerequisite, FundStatus};
use crate::web::form::{Faults, code, uuid};

const DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";
const AMOUNT: &str = "Skriv beloppet i kronor, till exempel 600 000";
/// The most that the database takes, in kronor.
const MOST: i64 = 1_000_000_000;

/// An amount above nothing.
pub(super) fn amount(faults: &mut Faults, typed: &str, field: &'static str) -> Option<Ore> {
    let amount = faults.need(parse_kronor(typed).filter(|ore| ore.ore() > 0), field, AMOUNT)?;
    if amount.ore() > MOST * 100 {
        faults.add(field, "Beloppet är för stort. Kontrollera nollorna");
        return None;
    }
    Some(amount)
}

/// A day that has been, on the day after which it comes or later.
pub(super) fn past_day(
    faults: &mut Faults,
    typed: &str,
    field: &'static str,
    (after, what): (Option<Date>, &str),
    today: Date,
) -> Option<Date> {
    let day = faults.need(parse_day(typed, today), field, DAY)?;
    if day > today {
        faults.add(field, format!("Datumet kan inte vara senare än i dag, {today}"));
        return None;
    }
    if let Some(after) = after.filter(|after| day < *after) {
        faults.add(field, format!("Datumet kan inte vara före {what}, {after}"));
        return None;
    }
    Some(day)
}

fn written(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ApplicationForm {
    pub id: String,
    pub version: String,
    pub authority: String,
    pub period_from: String,
    pub period_to: String,
    pub applied: String,
    pub year: String,
    pub purpose: String,
    pub prerequisites: Vec<String>,
}

/// The days that a case has been open.
#[derive(Debug, Clone, Copy)]
pub struct Open {
    pub from: Date,
    pub to: Option<Date>,
}

impl ApplicationForm {
    pub fn fresh() -> Self {
        let authority = FundAuthority::PoliceNoa.code().to_owned();
        Self { id: Uuid::now_v7().to_string(), authority, ..Self::default() }
    }

    /// As one that is written on, or one that was refused; its purpose is opened by the page.
    pub fn like(one: &Application, purpose: &Personal) -> Self {
        Self {
            id: one.id.to_string(),
            version: one.version.to_string(),
            authority: one.authority.code().to_owned(),
            period_from: one.from.to_string(),
            period_to: one.to.to_string(),
            applied: one.applied.plain(),
            year: one.year.to_string(),
            purpose: purpose.reveal().to_owned(),
            prerequisites: one.prerequisites.iter().map(|met| met.code().to_owned()).collect(),
        }
    }

    pub fn parse(&self, open: Open, today: Date) -> Result<NewApplication, Faults> {
        let mut faults = Faults::none();
        let authority = faults.need(code(&self.authority, FundAuthority::parse), "authority", "Välj vem som söks");
        let from = faults.need(parse_day(&self.period_from, today), "period_from", DAY);
        let to = faults.need(parse_day(&self.period_to, today), "period_to", DAY);
        if let (Some(from), Some(to)) = (from, to) {
            check_days(&mut faults, (from, to), open);
        }
        let applied = amount(&mut faults, &self.applied, "applied");
        let year = faults.need(self.year(from, to), "year", "Skriv ett år som perioden ligger i, till exempel 2026");
        let purpose = "Skriv vad pengarna ska användas till";
        let purpose = faults.text(&self.purpose, LONGEST_PURPOSE, "purpose", purpose);
        let prerequisites = faults.need(self.met(), "prerequisites", "Välj ur listan");
        let id = faults.need(uuid(&self.id), "applied", "Öppna sidan på nytt och skriv uppgifterna igen");
        let (Some(id), Some(authority), Some(from), Some(to)) = (id, authority, from, to) else { return Err(faults) };
        let (Some(applied), Some(year), Some(purpose), Some(prerequisites)) = (applied, year, purpose, prerequisites)
        else {
            return Err(faults);
        };
        faults.finish(NewApplication { id, year, authority, from, to, applied, purpose, prerequisites })
    }

    /// The year that it is counted in: the one that is typed, where the days touch it; without one, that of the first day.
    fn year(&self, from: Option<Date>, to: Option<Date>) -> Option<i32> {
        let (from, to) = (from.map(Date::year), to.map(Date::year));
        if self.year.trim().is_empty() {
            return Some(from.unwrap_or_default());
        }
        let year: i32 = self.year.trim().parse().ok()?;
        (from.is_none_or(|from| year >= from) && to.is_none_or(|to| year <= to)).then_some(year)
    }

    fn met(&self) -> Option<Vec<FundPrerequisite>> {
        let typed: Vec<_> =
            self.prerequisites.iter().map(|one| code(one, FundPrerequisite::parse)).collect::<Option<_>>()?;
        Some(FundPrerequisite::ALL.iter().copied().filter(|one| typed.contains(one)).collect())
    }
}

fn check_days(faults: &mut Faults, (from, to): (Date, Date), open: Open) {
    if from < open.from {
        faults.add("period_from", format!("Perioden kan inte börja före ärendet, {}", open.from));
    }
    if to < from {
        faults.add("period_to", "Slutdatumet måste vara samma dag som startdatumet eller senare");
    } else if let Some(closed) = open.to.filter(|closed| to > *closed) {
        faults.add("period_to", format!("Perioden kan inte sluta efter att ärendet avslutades, {closed}"));
    } else if add_months(from, 36).is_some_and(|far| to > far) {
        faults.add("period_to", "Sök för högst tre år i taget");
    } else if from.year() < 2015 || to.year() > 2099 {
        faults.add("period_from", "Kontrollera årtalet");
    }
}

/// That the manager signs it, and to whom it is sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SignForm {
    pub version: String,
    pub submitted_on: String,
    pub registry_ref: String,
    pub contact: String,
    pub contact_verified_on: String,
    pub told: String,
}

impl SignForm {
    /// What is told is the application: its sum, days and purpose, to be read through before it is frozen.
    pub fn fresh(one: &Application, purpose: &Personal, today: Date) -> Self {
        Self {
            version: one.version.to_string(),
            submitted_on: today.to_string(),
            told: format!(
                "Ansökan om {} för {} till {}.\nÄndamål: {}",
                one.applied,
                one.from,
                one.to,
                purpose.reveal()
            ),
            ..Self::default()
        }
    }

    pub fn parse(&self, today: Date) -> Result<Sent, Faults> {
        let mut faults = Faults::none();
        let on = past_day(&mut faults, &self.submitted_on, "submitted_on", (None, ""), today);
        let registry_ref = faults.optional_text(&self.registry_ref, 100, "registry_ref");
        let contact = faults.text(&self.contact, 200, "contact", "Skriv vem hos polisen som tar emot ansökan");
        let verified = past_day(&mut faults, &self.contact_verified_on, "contact_verified_on", (None, ""), today);
        if verified.and_then(|day| add_months(day, 12)).is_some_and(|end| end < today) {
            faults.add("contact_verified_on", "Kontakten ska vara kontrollerad inom ett år. Ring upp via växeln igen");
        }
        let told = faults.text(&self.told, LONGEST_TOLD, "told", "Skriv det som lämnas ut i ansökan");
        let (Some(on), Some(registry_ref), Some(contact)) = (on, registry_ref, contact) else { return Err(faults) };
        let (Some(contact_verified_on), Some(told)) = (verified, told) else { return Err(faults) };
        faults.finish(Sent { on, registry_ref: written(registry_ref), contact, contact_verified_on, told })
    }
}

/// What the authority has answered.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    pub version: String,
    pub outcome: String,
    pub decided_on: String,
    pub granted: String,
    pub police_ref: String,
    pub conditions: String,
    pub report_due_on: String,
}

impl AnswerForm {
    /// What may come of it, in the order of the page.
    pub const OUTCOMES: [FundStatus; 4] =
        [FundStatus::Granted, FundStatus::PartlyGranted, FundStatus::Rejected, FundStatus::Withdrawn];

    pub fn parse(&self, one: &Application, today: Date) -> Result<Answer, Faults> {
        let mut faults = Faults::none();
        let status = code(&self.outcome, FundStatus::parse).filter(|status| Self::OUTCOMES.contains(status));
        let status = faults.need(status, "outcome", "Välj vad det blev av ansökan");
        let sent = (one.submitted_on, "ansökan skickades");
        let on = past_day(&mut faults, &self.decided_on, "decided_on", sent, today);
        let typed =
            faults.optional(&self.granted, |typed| parse_kronor(typed).filter(|ore| ore.ore() > 0), "granted", AMOUNT);
        let granted = status.zip(typed).and_then(|(status, typed)| {
            grant(status, typed, one.applied).map_err(|fault| faults.add("granted", told(fault, one.applied))).ok()
        });
        let police_ref = faults.optional_text(&self.police_ref, 100, "police_ref");
        let conditions = faults.optional_text(&self.conditions, LONGEST_CONDITIONS, "conditions");
        let due = faults.optional(&self.report_due_on, |typed| parse_day(typed, today), "report_due_on", DAY);
        if let (Some(Some(due)), Some(on)) = (due, on)
            && due < on
        {
            faults.add("report_due_on", format!("Återrapporten kan inte vara klar före beskedet, {on}"));
        }
        let (Some(status), Some(on), Some(granted)) = (status, on, granted) else { return Err(faults) };
        let (Some(police_ref), Some(conditions), Some(report_due_on)) = (police_ref, conditions, due) else {
            return Err(faults);
        };
        // What follows a grant is nothing where there is none.
        let has = granted.is_some();
        faults.finish(Answer {
            status,
            on,
            granted,
            police_ref: written(police_ref).filter(|_| status != FundStatus::Withdrawn),
            conditions: written(conditions).filter(|_| has),
            report_due_on: report_due_on.filter(|_| has),
        })
    }
}

fn told(fault: GrantFault, applied: Ore) -> String {
    match fault {
        GrantFault::OverApplied => format!("Beloppet är högre än det sökta, {applied}. Kontrollera beskedet"),
        GrantFault::NotAll => format!("Hela beloppet är {applied}. Välj Delvis beviljad om beslutet är lägre"),
        GrantFault::NotPart => format!("Skriv hur mycket som beviljades, mindre än det sökta {applied}"),
    }
}

/// How what was paid was used.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReportForm {
    pub version: String,
    pub reported_on: String,
    pub repay: String,
}

impl ReportForm {
    pub fn parse(&self, one: &Application, today: Date) -> Result<Report, Faults> {
        let mut faults = Faults::none();
        let paid = (one.paid_on, "pengarna betalades ut");
        let on = past_day(&mut faults, &self.reported_on, "reported_on", paid, today);
        let repay =
            faults.optional(&self.repay, |typed| parse_kronor(typed).filter(|ore| ore.ore() >= 0), "repay", AMOUNT);
        if let (Some(Some(repay)), Some(paid)) = (repay, one.paid)
            && repay > paid
        {
            faults.add("repay", format!("Beloppet är högre än det som betalades ut, {paid}"));
        }
        let (Some(on), Some(repay)) = (on, repay) else { return Err(faults) };
        faults.finish(Report { on, repay: repay.filter(|ore| !ore.is_zero()) })
    }
}

/// What came in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PaidForm {
    pub version: String,
    pub paid: String,
    pub paid_on: String,
}

impl PaidForm {
    pub fn parse(&self, granted: Option<Ore>, decided_on: Option<Date>, today: Date) -> Result<(Ore, Date), Faults> {
        let mut faults = Faults::none();
        let paid = amount(&mut faults, &self.paid, "paid");
        if let (Some(paid), Some(granted)) = (paid, granted)
            && paid > granted
        {
            faults.add("paid", format!("Beloppet är högre än det beviljade, {granted}"));
        }
        let on = past_day(&mut faults, &self.paid_on, "paid_on", (decided_on, "beskedet"), today);
        match (paid, on) {
            (Some(paid), Some(on)) => faults.finish((paid, on)),
            _ => Err(faults),
        }
    }
}

/// That it is over.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CloseForm {
    pub version: String,
    pub closed_on: String,
}

impl CloseForm {
    pub fn parse(&self, reported_on: Option<Date>, today: Date) -> Result<Date, Faults> {
        let mut faults = Faults::none();
        let on = past_day(&mut faults, &self.closed_on, "closed_on", (reported_on, "återrapporten"), today);
        match on {
            Some(on) => faults.finish(on),
            None => Err(faults),
        }
    }
}
