//! A check, when the next is due, and by what right it was made.

use time::Date;
use uuid::Uuid;

use crate::calendar::stockholm_date;
use crate::consent::model::Consent;
use crate::crypto::Sealed;
use crate::deviation::model::NewDeviation;
use crate::vocabulary::{CheckResult, ConsentKind, ConsentRecipient, PoliceBody};

/// A registered check.
#[derive(Debug, Clone)]
pub struct Check {
    pub id: Uuid,
    pub body: PoliceBody,
    pub performed_on: Date,
    pub reported_on: Date,
    pub result: CheckResult,
    /// As it was reckoned on the day of the check; none where it was not made: then it is due still.
    pub next_due_on: Option<Date>,
    pub deviation: Option<Uuid>,
    pub consent: Option<Uuid>,
    /// Why it was made where there was no consent to it.
    pub ground: Option<Sealed>,
    pub registrar: String,
}

/// The last day for the case's next check; none before the checks have begun. As the database keeps it in `check_due`.
pub fn next_due(checks: &[Check]) -> Option<Date> {
    let made = checks.iter().filter_map(|check| check.next_due_on).max();
    made.or_else(|| checks.iter().map(|check| check.performed_on).min())
}

/// Late from the day after (A04).
pub fn is_overdue(due: Date, today: Date) -> bool {
    due < today
}

/// Who is told, when the police make a check.
pub const fn recipient(body: PoliceBody) -> ConsentRecipient {
    match body {
        PoliceBody::Lpo => ConsentRecipient::PoliceLpo,
        PoliceBody::Noa => ConsentRecipient::PoliceNoa,
        PoliceBody::Bops => ConsentRecipient::PoliceBops,
        PoliceBody::Region => ConsentRecipient::PoliceRegion,
    }
}

/// Whether the consent is to just this, and held on the day that the check was made. One that was taken back later
/// had held until then.
pub fn permits(consent: &Consent, body: PoliceBody, performed_on: Date) -> bool {
    consent.kind == ConsentKind::RelapseFollowUp
        && consent.recipients.contains(&recipient(body))
        && (consent.given_on..=consent.valid_to).contains(&performed_on)
        && consent.withdrawn.as_ref().is_none_or(|withdrawn| stockholm_date(withdrawn.at) > performed_on)
}

/// By what right it was made.
#[derive(Clone, PartialEq, Eq)]
pub enum Basis {
    Consent(Uuid),
    Ground(String),
}

/// What it came to. A deviation that it showed is always one of the case's.
#[derive(Clone)]
pub enum Finding {
    NoDeviation,
    NotPerformed,
    Known(Uuid),
    New(Box<NewDeviation>),
}

impl Finding {
    pub const fn result(&self) -> CheckResult {
        match self {
            Self::NoDeviation => CheckResult::NoDeviation,
            Self::NotPerformed => CheckResult::NotPerformed,
            Self::Known(_) | Self::New(_) => CheckResult::Deviation,
        }
    }

    pub fn deviation(&self) -> Option<Uuid> {
        match self {
            Self::NoDeviation | Self::NotPerformed => None,
            Self::Known(id) => Some(*id),
            Self::New(new) => Some(new.id),
        }
    }
}

/// One that may be registered. No `Debug`: its ground is about to be sealed.
#[derive(Clone)]
pub struct NewCheck {
    pub id: Uuid,
    pub body: PoliceBody,
    pub performed_on: Date,
    pub reported_on: Date,
    pub finding: Finding,
    pub basis: Basis,
}

/// What is wrong with a check's days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayFault {
    ReportedAhead,
    PerformedAfterReported,
}

pub fn check_days(performed_on: Date, reported_on: Date, today: Date) -> Result<(), DayFault> {
    if reported_on > today {
        Err(DayFault::ReportedAhead)
    } else if performed_on > reported_on {
        Err(DayFault::PerformedAfterReported)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::{date, datetime};

    use super::*;
    use crate::consent::model::Withdrawn;
    use crate::vocabulary::{ConsentForm, DisclosureCategory};

    const DAY: Date = date!(2026 - 02 - 01);

    fn check(performed_on: Date, result: CheckResult) -> Check {
        Check {
            id: Uuid::nil(),
            body: PoliceBody::Lpo,
            performed_on,
            reported_on: performed_on,
            result,
            next_due_on: (result != CheckResult::NotPerformed).then(|| performed_on + Duration::days(30)),
            deviation: None,
            consent: None,
            ground: None,
            registrar: String::new(),
        }
    }

    fn consent(kind: ConsentKind, recipients: &[ConsentRecipient]) -> Consent {
        Consent {
            id: Uuid::nil(),
            kind,
            recipients: recipients.to_vec(),
            categories: vec![DisclosureCategory::Deviation],
            purpose: Sealed::from_bytes(Vec::new()),
            form: ConsentForm::Oral,
            document_ref: None,
            given_on: date!(2026 - 01 - 05),
            valid_to: DAY,
            registrar: String::new(),
            registered_at: datetime!(2026-01-05 12:00 UTC),
            withdrawn: None,
        }
    }

    #[test]
    fn the_latest_check_says_the_next_and_it_is_late_the_day_after() {
        let due =
            next_due(&[check(DAY, CheckResult::NoDeviation), check(date!(2026 - 01 - 02), CheckResult::Deviation)]);
        assert_eq!(due, Some(date!(2026 - 03 - 03)));
        assert!(!is_overdue(date!(2026 - 03 - 03), date!(2026 - 03 - 03)));
        assert!(is_overdue(date!(2026 - 03 - 03), date!(2026 - 03 - 04)));
        assert_eq!(next_due(&[]), None);
    }

    #[test]
    fn what_was_not_made_is_due_still() {
        let made = check(DAY, CheckResult::NoDeviation);
        let not_made = check(date!(2026 - 03 - 02), CheckResult::NotPerformed);
        assert_eq!(next_due(&[not_made.clone(), made]), Some(date!(2026 - 03 - 03)));
        assert_eq!(next_due(&[not_made]), Some(date!(2026 - 03 - 02)));
    }

    #[test]
    fn a_consent_to_something_else_or_somebody_else_is_no_consent() {
        use ConsentKind::{InformationExchange, RelapseFollowUp};
        use ConsentRecipient::{PoliceLpo, PoliceNoa, Sig};
        let given = consent(RelapseFollowUp, &[Sig, PoliceLpo]);
        assert!(permits(&given, PoliceBody::Lpo, DAY));
        assert!(!permits(&given, PoliceBody::Noa, DAY));
        assert!(!permits(&given, PoliceBody::Lpo, date!(2026 - 02 - 02)));
        assert!(!permits(&given, PoliceBody::Lpo, date!(2026 - 01 - 04)));
        assert!(!permits(&consent(InformationExchange, &[PoliceLpo, PoliceNoa]), PoliceBody::Noa, DAY));
        let at = datetime!(2026-02-01 12:00 UTC);
        let withdrawn = Some(Withdrawn { at, registrar: String::new(), how: Sealed::from_bytes(Vec::new()) });
        let taken_back = Consent { withdrawn, ..given };
        assert!(!permits(&taken_back, PoliceBody::Lpo, DAY));
        assert!(permits(&taken_back, PoliceBody::Lpo, date!(2026 - 01 - 31)));
    }

    #[test]
    fn nothing_is_reported_before_it_was_made() {
        assert_eq!(check_days(DAY, DAY, DAY), Ok(()));
        assert_eq!(check_days(DAY, date!(2026 - 02 - 02), DAY), Err(DayFault::ReportedAhead));
        assert_eq!(check_days(DAY, date!(2026 - 01 - 31), DAY), Err(DayFault::PerformedAfterReported));
    }
}
