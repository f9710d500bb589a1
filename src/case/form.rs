//! What was typed when a case is opened. What is typed on its way stands in `course_form`.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::NewCase;
use crate::account::colleagues::{Colleague, find};
use crate::calendar::parse_day;
use crate::error::Result;
use crate::organisation::store::District;
use crate::person::form::PersonForm;
use crate::person::model::NewPerson;
use crate::vocabulary::{AssignmentKind, NeedsProfile, ProtectionLevel, ResponsibilityBasis};
use crate::web::form::{Faults, code, uuid};

pub(super) const DAY_SHAPE: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";

/// A day that is not ahead.
pub(super) fn past_day(typed: &str, today: Date, field: &'static str, faults: &mut Faults) -> Option<Date> {
    let day = faults.need(parse_day(typed, today), field, DAY_SHAPE)?;
    if day > today {
        faults.add(field, format!("Datumet kan inte vara senare än i dag, {today}"));
        return None;
    }
    Some(day)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct OpeningForm {
    pub id: String,
    #[serde(flatten)]
    pub person: PersonForm,
    pub opened_on: String,
    pub district: String,
    pub basis: String,
    pub needs: String,
    pub protection: String,
    pub responsible: String,
    pub deputy: String,
    pub coordinator: String,
}

/// What the typed is held against.
pub struct Known<'k> {
    pub colleagues: &'k [Colleague],
    pub districts: &'k [District],
    pub today: Date,
    /// Who opens the case, and in which circles they see it only when named.
    pub actor: Uuid,
    pub sees_only_if_named: &'k dyn Fn(ProtectionLevel) -> bool,
}

impl OpeningForm {
    pub fn fresh(today: Date) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            person: PersonForm::fresh(),
            opened_on: today.to_string(),
            protection: ProtectionLevel::Standard.code().to_owned(),
            ..Self::default()
        }
    }

    pub fn parse(&self, known: &Known<'_>) -> Result<std::result::Result<NewCase, Faults>> {
        let mut faults = Faults::none();
        let person = self.person.parse(known.today, &mut faults)?;
        let opened_on = past_day(&self.opened_on, known.today, "opened_on", &mut faults);
        if let (Some(person), Some(day)) = (&person, opened_on)
            && person.is_child_on(day)
        {
            let field = if self.person.birth_date.is_empty() { "number" } else { "birth_date" };
            faults.add(field, "Personen är under 18 år. Överlämna till barn- och ungdomsenheten");
        }
        Ok(self.about(person, opened_on, known, faults))
    }

    /// A case for somebody who was told of in an intake, on a day that does not lie before it.
    pub fn parse_about(
        &self,
        person: NewPerson,
        received_on: Date,
        known: &Known<'_>,
    ) -> std::result::Result<NewCase, Faults> {
        let mut faults = Faults::none();
        let opened_on = past_day(&self.opened_on, known.today, "opened_on", &mut faults);
        if opened_on.is_some_and(|day| day < received_on) {
            faults.add("opened_on", format!("Datumet kan inte vara tidigare än aktualiseringen, {received_on}"));
        }
        self.about(Some(person), opened_on, known, faults)
    }

    fn about(
        &self,
        person: Option<NewPerson>,
        opened_on: Option<Date>,
        known: &Known<'_>,
        mut faults: Faults,
    ) -> std::result::Result<NewCase, Faults> {
        let district = faults.optional(&self.district, |typed| known.district(typed), "district", "Välj område");
        let basis = code(&self.basis, ResponsibilityBasis::parse);
        let basis = faults.need(basis, "basis", "Välj varför kommunen ansvarar");
        let needs = |typed: &str| code(typed, NeedsProfile::parse);
        let needs = faults.optional(&self.needs, needs, "needs", "Välj behov");
        let protection = code(&self.protection, ProtectionLevel::parse);
        let protection = faults.need(protection, "protection", "Välj skydd");
        let mut name = |typed: &str, kind, field, message: &str| {
            faults.optional(typed, |typed| known.colleague(typed, kind), field, message)
        };
        let responsible =
            name(&self.responsible, AssignmentKind::Responsible, "responsible", "Välj ansvarig handläggare");
        let deputy = name(&self.deputy, AssignmentKind::Deputy, "deputy", "Välj ersättare");
        let coordinator = name(&self.coordinator, AssignmentKind::Coordinator, "coordinator", "Välj samordnare");
        let new = (|| {
            Some(NewCase {
                id: uuid(&self.id).or_else(|| {
                    faults.add("opened_on", "Formuläret är för gammalt. Öppna sidan på nytt");
                    None
                })?,
                person: person?,
                opened_on: opened_on?,
                district: district?,
                basis: basis?,
                needs: needs?,
                protection: protection?,
                responsible: responsible?,
                deputy: deputy?,
                coordinator: coordinator?,
                earlier: None,
            })
        })();
        if let Some(new) = &new {
            hold_names(new, known, &mut faults);
        }
        match new {
            Some(new) => faults.finish(new),
            None => Err(faults),
        }
    }
}

/// Who opens a case must see it afterwards, and a deputy must be somebody else.
fn hold_names(new: &NewCase, known: &Known<'_>, faults: &mut Faults) {
    let named = [new.responsible, new.deputy, new.coordinator].contains(&Some(known.actor));
    if !named && (known.sees_only_if_named)(ProtectionLevel::Standard) {
        faults.add("responsible", "Välj dig själv som ansvarig handläggare eller ersättare");
    } else if !named && (known.sees_only_if_named)(new.protection) {
        faults.add("coordinator", "Välj dig själv. Ett ärende i sluten krets syns bara för dem som är namngivna i det");
    }
    if new.deputy.is_some() && new.deputy == new.responsible {
        faults.add("deputy", "Välj någon annan än den ansvariga handläggaren");
    }
}

impl Known<'_> {
    fn district(&self, typed: &str) -> Option<Uuid> {
        let id = uuid(typed)?;
        self.districts.iter().any(|district| district.id == id).then_some(id)
    }

    fn colleague(&self, typed: &str, kind: AssignmentKind) -> Option<Uuid> {
        find(self.colleagues, uuid(typed)?, kind).map(|colleague| colleague.account)
    }
}
