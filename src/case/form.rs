//! What was typed when a case is opened, changed or closed.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{CaseChange, Closing, NewCase, Standing};
use crate::access::CaseHead;
use crate::account::colleagues::{Colleague, find};
use crate::calendar::parse_day;
use crate::crypto::reference::CaseReference;
use crate::error::Result;
use crate::organisation::store::District;
use crate::person::form::PersonForm;
use crate::person::model::NewPerson;
use crate::vocabulary::{
    AssignmentKind, CaseStatus, CloseReason, NeedsProfile, ProgrammeStatus, ProtectionLevel, ResponsibilityBasis,
};
use crate::web::form::{Faults, code, uuid};

const DAY_SHAPE: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";

/// A day that is not ahead.
fn past_day(typed: &str, today: Date, field: &'static str, faults: &mut Faults) -> Option<Date> {
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

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ChangeForm {
    pub version: String,
    pub status: String,
    pub programme: String,
    pub needs: String,
    pub protection: String,
}

impl ChangeForm {
    pub fn of(head: &CaseHead, needs: Option<NeedsProfile>) -> Self {
        Self {
            version: head.version.to_string(),
            status: head.status.code().to_owned(),
            programme: head.programme.code().to_owned(),
            needs: needs.map(NeedsProfile::code).unwrap_or_default().to_owned(),
            protection: head.protection.code().to_owned(),
        }
    }

    /// The level of protection is kept where the actor may not set it.
    pub fn parse(
        &self,
        head: &CaseHead,
        standing: &Standing,
        may_protect: bool,
    ) -> std::result::Result<CaseChange, Faults> {
        let mut faults = Faults::none();
        let status = code(&self.status, CaseStatus::parse).filter(|status| standing.may_become(*status));
        let status = faults.need(status, "status", "Välj en status som går att byta till");
        let programme = code(&self.programme, ProgrammeStatus::parse);
        let programme = faults.need(programme, "programme", "Välj ställning i programmet");
        let needs = |typed: &str| code(typed, NeedsProfile::parse);
        let needs = faults.optional(&self.needs, needs, "needs", "Välj behov");
        let protection = if may_protect {
            faults.need(code(&self.protection, ProtectionLevel::parse), "protection", "Välj skydd")
        } else {
            Some(head.protection)
        };
        match (status, programme, needs, protection) {
            (Some(status), Some(programme), Some(needs), Some(protection)) => {
                // What cannot be read is no version: it answers like one that has passed.
                let version = self.version.parse().unwrap_or(0);
                faults.finish(CaseChange { version, status, programme, needs, protection })
            }
            _ => Err(faults),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ClosingForm {
    pub version: String,
    pub reason: String,
    pub closed_on: String,
    pub confirm: String,
}

impl ClosingForm {
    pub fn fresh(head: &CaseHead, today: Date) -> Self {
        Self { version: head.version.to_string(), closed_on: today.to_string(), ..Self::default() }
    }

    pub fn parse(&self, head: &CaseHead, earliest: Date, today: Date) -> std::result::Result<Closing, Faults> {
        let mut faults = Faults::none();
        let reason = code(&self.reason, CloseReason::parse).filter(|reason| CloseReason::CHOSEN.contains(reason));
        let reason = faults.need(reason, "reason", "Välj varför ärendet avslutas");
        let closed_on = past_day(&self.closed_on, today, "closed_on", &mut faults);
        if closed_on.is_some_and(|day| day < earliest) {
            faults.add("closed_on", format!("Datumet kan inte vara tidigare än {earliest}"));
        }
        if !self.confirm.parse::<CaseReference>().is_ok_and(|typed| typed.as_str() == head.reference) {
            faults.add("confirm", format!("Skriv {} för att bekräfta", head.reference));
        }
        match (reason, closed_on) {
            (Some(reason), Some(closed_on)) => {
                faults.finish(Closing { version: self.version.parse().unwrap_or(0), reason, closed_on })
            }
            _ => Err(faults),
        }
    }
}

/// What is typed before an identity is broken. There is no field for a new one.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct BreakForm {
    pub id: String,
    pub case_version: String,
    pub person_version: String,
    pub source: String,
    pub confirm: String,
}

/// A break that may be made.
pub struct Break {
    pub id: Uuid,
    pub case_version: i32,
    pub person_version: i32,
    pub source: String,
}

impl BreakForm {
    pub fn fresh(head: &CaseHead, person_version: i32) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            case_version: head.version.to_string(),
            person_version: person_version.to_string(),
            ..Self::default()
        }
    }

    pub fn parse(&self, head: &CaseHead) -> std::result::Result<Break, Faults> {
        let mut faults = Faults::none();
        let source = faults.text(&self.source, 200, "source", "Skriv varifrån uppgiften kommer");
        if !self.confirm.parse::<CaseReference>().is_ok_and(|typed| typed.as_str() == head.reference) {
            faults.add("confirm", format!("Skriv {} för att bekräfta", head.reference));
        }
        // What cannot be read is no version: it answers like one that has passed.
        let version = |typed: &str| typed.trim().parse().unwrap_or(0);
        match source {
            Some(source) => faults.finish(Break {
                id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                case_version: version(&self.case_version),
                person_version: version(&self.person_version),
                source,
            }),
            None => Err(faults),
        }
    }
}
