//! What was typed when a case is changed, let rest or ended, and before an identity is broken.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::form::{DAY_SHAPE, past_day};
use super::model::{CaseChange, Closing, LONGEST_REST, Rest};
use super::steps::{Standing, is_chosen};
use crate::access::CaseHead;
use crate::calendar::parse_day;
use crate::crypto::reference::CaseReference;
use crate::vocabulary::{CaseStatus, CloseReason, DormantReason, NeedsProfile, ProgrammeStatus, ProtectionLevel};
use crate::web::form::{Faults, code, uuid};

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
        let fits = |to: &CaseStatus| *to == standing.status || (is_chosen(*to) && standing.may_become(*to));
        let status = code(&self.status, CaseStatus::parse).filter(fits);
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

    /// Only a closing has reasons to choose from: the other endings say why by themselves.
    pub fn parse(
        &self,
        status: CaseStatus,
        head: &CaseHead,
        earliest: Date,
        today: Date,
    ) -> std::result::Result<Closing, Faults> {
        let mut faults = Faults::none();
        let reason = match status {
            CaseStatus::NotOpened => Some(CloseReason::NotOpened),
            CaseStatus::Transferred => Some(CloseReason::Transferred),
            _ => {
                let chosen = code(&self.reason, CloseReason::parse);
                let chosen = chosen.filter(|reason| CloseReason::CHOSEN.contains(reason));
                faults.need(chosen, "reason", "Välj varför ärendet avslutas")
            }
        };
        let closed_on = past_day(&self.closed_on, today, "closed_on", &mut faults);
        if closed_on.is_some_and(|day| day < earliest) {
            faults.add("closed_on", format!("Datumet kan inte vara tidigare än {earliest}"));
        }
        if !self.confirm.parse::<CaseReference>().is_ok_and(|typed| typed.as_str() == head.reference) {
            faults.add("confirm", format!("Skriv {} för att bekräfta", head.reference));
        }
        match (reason, closed_on) {
            (Some(reason), Some(closed_on)) => {
                faults.finish(Closing { version: self.version.parse().unwrap_or(0), status, reason, closed_on })
            }
            _ => Err(faults),
        }
    }
}

/// A case that is to rest.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct RestForm {
    pub id: String,
    pub version: String,
    pub reason: String,
    pub note: String,
    pub review_on: String,
}

/// The longest note.
pub const NOTE_MAX: usize = 500;

impl RestForm {
    pub fn fresh(head: &CaseHead) -> Self {
        Self { id: Uuid::now_v7().to_string(), version: head.version.to_string(), ..Self::default() }
    }

    pub fn parse(&self, today: Date) -> std::result::Result<Rest, Faults> {
        let mut faults = Faults::none();
        let reason = faults.need(code(&self.reason, DormantReason::parse), "reason", "Välj varför ärendet ska vila");
        let note = faults.optional_text(&self.note, NOTE_MAX, "note").filter(|text| !text.is_empty());
        if reason == Some(DormantReason::Other) && note.is_none() {
            faults.add("note", "Skriv varför ärendet ska vila");
        }
        let review_on = faults.need(parse_day(&self.review_on, today), "review_on", DAY_SHAPE);
        let latest = today + LONGEST_REST;
        if review_on.is_some_and(|day| day < today) {
            faults.add("review_on", format!("Datumet kan inte vara tidigare än i dag, {today}"));
        } else if review_on.is_some_and(|day| day > latest) {
            faults.add("review_on", format!("Ett ärende kan vila högst 90 dagar. Senast {latest}"));
        }
        match (reason, review_on) {
            (Some(reason), Some(review_on)) => faults.finish(Rest {
                id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                version: self.version.parse().unwrap_or(0),
                reason,
                note,
                review_on,
            }),
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

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    fn rest(reason: &str, note: &str, review_on: &str) -> std::result::Result<Rest, Faults> {
        let form = RestForm {
            reason: reason.to_owned(),
            note: note.to_owned(),
            review_on: review_on.to_owned(),
            ..RestForm::default()
        };
        form.parse(TODAY)
    }

    #[test]
    fn a_case_rests_for_ninety_days_at_the_most_and_not_in_the_past() {
        for day in ["2026-11-20", "2027-02-18"] {
            assert!(rest("prison", "", day).is_ok(), "{day}");
        }
        for day in ["2026-11-19", "2027-02-19", "snart", ""] {
            assert!(rest("prison", "", day).err().unwrap().of("review_on").is_some(), "{day}");
        }
    }

    #[test]
    fn another_reason_is_written_out() {
        assert!(rest("other", " ", "2026-12-01").err().unwrap().of("note").is_some());
        assert!(rest("other", "Vill tänka över hösten.", "2026-12-01").is_ok());
        assert!(rest("", "", "2026-12-01").err().unwrap().of("reason").is_some());
    }
}
