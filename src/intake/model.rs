//! What comes in, and the days that follow from it. Under 18 nothing is kept but that somebody was handed over.

use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use crate::calendar::add_months;
use crate::crypto::seal::Sealed;
use crate::person::model::NewPerson;
use crate::vocabulary::{IdentityKind, IntakeEnvironment, IntakeOutcome, IntakeSource, Sex};

/// Something that came in. Its id comes from the form, so that a form sent twice registers it once.
#[derive(Debug, Clone)]
pub struct NewIntake {
    pub id: Uuid,
    pub received_on: Date,
    pub source: IntakeSource,
    pub is_acute: bool,
    pub about: About,
    pub informant_protected: bool,
    pub description: String,
    /// For the statistics, where it was told.
    pub home_district: Option<Uuid>,
    pub environment: Option<IntakeEnvironment>,
}

/// Whom it is about.
#[derive(Debug, Clone)]
pub enum About {
    /// An anonymous consultation.
    Nobody,
    Person(Box<NewPerson>),
}

impl NewIntake {
    /// Whether it is about somebody who is under 18 on the day it came in.
    pub fn is_about_a_child(&self) -> bool {
        matches!(&self.about, About::Person(person) if person.is_child_on(self.received_on))
    }
}

/// An intake as lists and pages know it.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that was told")]
pub struct Intake {
    pub id: Uuid,
    pub received_on: Date,
    /// By when the police are spoken to, if it is about somebody.
    pub contact_by: Date,
    /// Nothing where it would give away a protected informant.
    pub source: Option<IntakeSource>,
    pub is_anonymous: bool,
    pub is_minor: bool,
    pub is_acute: bool,
    pub informant_protected: bool,
    pub case: Option<Uuid>,
    /// Of the case, where there is one.
    pub reference: Option<String>,
    pub outcome: Option<IntakeOutcome>,
    pub decided_on: Option<Date>,
    pub decider: Option<String>,
    pub registrar: String,
    pub registered_at: OffsetDateTime,
    /// How many times the police have been spoken to about it.
    pub contacts: i64,
    /// The name of the district that the person comes from, and what they want to leave.
    pub home_district: Option<String>,
    pub environment: Option<IntakeEnvironment>,
    /// The later one in which a consultation went on.
    pub linked: Option<Uuid>,
    pub version: i32,
}

impl Intake {
    pub const fn is_open(&self) -> bool {
        self.outcome.is_none()
    }

    pub const fn is_about_a_person(&self) -> bool {
        !self.is_anonymous && !self.is_minor
    }

    /// The last day for the first contact with the police, while it is lacking.
    pub fn contact_due(&self) -> Option<Date> {
        (self.is_open() && self.is_about_a_person() && self.contacts == 0).then_some(self.contact_by)
    }

    /// What it is called on pages: nobody is named.
    pub const fn kind(&self) -> &'static str {
        if self.is_minor {
            "Under 18 år"
        } else if self.is_anonymous {
            "Anonym konsultation"
        } else {
            "Person"
        }
    }
}

/// What was told, still sealed.
#[derive(Debug, Clone)]
pub struct Told {
    pub description: Option<Sealed>,
    pub reason: Option<Sealed>,
    pub person: Option<ToldPerson>,
}

/// Who it is about, as it was told; sealed at the intake's own columns.
#[derive(Debug, Clone)]
pub struct ToldPerson {
    pub kind: IdentityKind,
    pub number: Sealed,
    pub given_name: Sealed,
    pub family_name: Sealed,
    pub birth_date: Option<Sealed>,
    pub sex: Sex,
}

/// A case of the same number. Only the coordinator is told of it.
#[derive(Debug, Clone)]
pub struct Match {
    pub intake: Uuid,
    pub received_on: Date,
    pub case: Uuid,
    pub reference: String,
    pub code_name: String,
    pub closed_on: Option<Date>,
}

/// An anonymous consultation that waits, and may go on in an intake that came later.
#[derive(Debug, Clone)]
pub struct Consultation {
    pub id: Uuid,
    pub received_on: Date,
    pub version: i32,
}

/// Whether a consultation can go on in the intake: somebody is named there, and it came in no earlier.
pub fn goes_on_in(consultation: Date, intake: &Intake) -> bool {
    intake.is_about_a_person() && consultation <= intake.received_on
}

/// Why an intake ends without a case.
#[derive(Debug, Clone)]
pub struct Closing {
    pub version: i32,
    pub outcome: IntakeOutcome,
    pub reason: String,
}

/// What the unit for children and youth has to keep to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChildDays {
    /// 14 days (20 kap. 2 § `SoL`).
    pub assessed_by: Date,
    /// An investigation that starts on this day …
    pub starts_on: Date,
    /// … takes four months at the most (20 kap. 3 § `SoL`).
    pub investigated_by: Date,
}

impl ChildDays {
    pub fn from(received_on: Date) -> Self {
        Self {
            assessed_by: received_on + Duration::days(14),
            starts_on: received_on,
            investigated_by: add_months(received_on, 4).unwrap_or(received_on),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    fn intake() -> Intake {
        Intake {
            id: Uuid::nil(),
            received_on: date!(2026 - 05 - 04),
            contact_by: date!(2026 - 05 - 07),
            source: Some(IntakeSource::PrisonProbation),
            is_anonymous: false,
            is_minor: false,
            is_acute: false,
            informant_protected: false,
            case: None,
            reference: None,
            outcome: None,
            decided_on: None,
            decider: None,
            registrar: String::new(),
            registered_at: datetime!(2026-05-04 08:00 UTC),
            contacts: 0,
            home_district: None,
            environment: None,
            linked: None,
            version: 1,
        }
    }

    #[test]
    fn the_police_are_spoken_to_once_about_somebody_who_is_known() {
        assert_eq!(intake().contact_due(), Some(date!(2026 - 05 - 07)));
        assert_eq!(Intake { contacts: 1, ..intake() }.contact_due(), None);
        assert_eq!(Intake { is_anonymous: true, ..intake() }.contact_due(), None);
        assert_eq!(Intake { outcome: Some(IntakeOutcome::Withdrawn), ..intake() }.contact_due(), None);
    }

    #[test]
    fn a_consultation_goes_on_in_what_came_later_about_somebody() {
        assert!(goes_on_in(date!(2026 - 05 - 04), &intake()));
        assert!(!goes_on_in(date!(2026 - 05 - 05), &intake()));
        assert!(!goes_on_in(date!(2026 - 02 - 11), &Intake { is_anonymous: true, ..intake() }));
        assert!(!goes_on_in(date!(2026 - 02 - 11), &Intake { is_minor: true, ..intake() }));
    }

    #[test]
    fn a_child_is_assessed_in_fourteen_days_and_investigated_in_four_months() {
        let days = ChildDays::from(date!(2026 - 10 - 31));
        assert_eq!(
            (days.assessed_by, days.starts_on, days.investigated_by),
            (date!(2026 - 11 - 14), date!(2026 - 10 - 31), date!(2027 - 02 - 28))
        );
    }
}
