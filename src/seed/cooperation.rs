//! What the police's checks came to in the invented cases, by consent, and what has gone another way than was agreed: one
//! deviation that led to a new plan, one that led somewhere else to live, and one that is assessed and goes on.

use time::macros::date;
use time::{Date, Duration};
use uuid::Uuid;

use super::data::DemoCase;
use super::{Seated, data};
use crate::access::CaseAccess;
use crate::access::right::{GiveConsent, HandleDeviation, RegisterCheck};
use crate::check::model::{Basis, Finding, NewCheck, recipient};
use crate::consent::model::{NewConsent, usual_end};
use crate::deviation::model::{Move, NewDeviation};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{
    ConsentForm, ConsentKind, DeviationCategory, DeviationOutcome, DeviationSeverity, DeviationSource,
    DisclosureCategory, PoliceBody,
};
use crate::{check, consent, deviation};

/// Checks about once a month.
struct DemoChecks {
    /// Its case, by its place in the list of cases.
    case: usize,
    body: PoliceBody,
    first: Date,
    /// Until when they were reported.
    last: Date,
    /// The day of one that was not made.
    missed: Option<Date>,
}

const CHECKS: [DemoChecks; 4] = [
    DemoChecks {
        case: 2,
        body: PoliceBody::Noa,
        first: date!(2026 - 01 - 20),
        last: date!(2027 - 01 - 04),
        missed: None,
    },
    // The last one has not been reported.
    DemoChecks {
        case: 3,
        body: PoliceBody::Lpo,
        first: date!(2026 - 03 - 20),
        last: date!(2026 - 10 - 31),
        missed: Some(date!(2026 - 07 - 14)),
    },
    DemoChecks {
        case: 4,
        body: PoliceBody::Noa,
        first: date!(2026 - 05 - 05),
        last: date!(2027 - 04 - 01),
        missed: None,
    },
    DemoChecks {
        case: 7,
        body: PoliceBody::Lpo,
        first: date!(2026 - 09 - 28),
        last: date!(2027 - 09 - 01),
        missed: None,
    },
];

/// Between one check and the next: a day in hand.
const BETWEEN: Duration = Duration::days(29);

struct DemoDeviation {
    case: usize,
    source: DeviationSource,
    category: DeviationCategory,
    severity: DeviationSeverity,
    reported: Date,
    description: &'static str,
    immediate_action: Option<&'static str>,
    assessment: &'static str,
    /// What it led to, where it is closed.
    outcome: Option<DeviationOutcome>,
}

const DEVIATIONS: [DemoDeviation; 3] = [
    DemoDeviation {
        case: 1,
        source: DeviationSource::Provider,
        category: DeviationCategory::LocationExposed,
        severity: DeviationSeverity::S3,
        reported: date!(2026 - 03 - 18),
        description: "En bekant till personen har ringt boendet och frågat efter honom vid namn.",
        immediate_action: Some("Boendet ökade bemanningen och personen går inte ut ensam. Polisen är underrättad."),
        assessment: "Vistelseorten ska räknas som känd. Flytten till stödboendet tidigareläggs.",
        outcome: Some(DeviationOutcome::Relocation),
    },
    DemoDeviation {
        case: 3,
        source: DeviationSource::Provider,
        category: DeviationCategory::MissedContact,
        severity: DeviationSeverity::S2,
        reported: date!(2026 - 06 - 10),
        description: "Personen uteblev från tre samtal i rad och svarade inte i telefon på två dygn.",
        immediate_action: None,
        assessment: "Personen har mått sämre sedan kontakten med familjen bröts. Inget tyder på återfall i brott.",
        outcome: Some(DeviationOutcome::PlanRevised),
    },
    DemoDeviation {
        case: 4,
        source: DeviationSource::Person,
        category: DeviationCategory::ThreatEvent,
        severity: DeviationSeverity::S3,
        reported: date!(2026 - 11 - 16),
        description: "Personen har fått meddelanden med hot från ett okänt nummer.",
        immediate_action: Some("Numret är bytt, meddelandena är sparade och lämnade till polisen samma dag."),
        assessment: "Hotet gäller personen, inte platsen. Polisen ombeds göra en ny bedömning.",
        outcome: None,
    },
];

/// What was registered while the case was open, before anybody closes it. A case is told by the day it was opened.
pub(super) async fn follow(state: &AppState, colleagues: &[Seated], one: &DemoCase, reference: &str) -> Result<()> {
    let today = state.clock.today();
    let responsible = &colleagues[one.responsible];
    let is_here = |case: usize| data::CASES[case].opened == one.opened;
    for checks in CHECKS.iter().filter(|checks| is_here(checks.case)) {
        let consent = consents(state, responsible, reference, one, checks.body).await?;
        let mut day = checks.first;
        while day <= checks.last.min(today) {
            let finding = if checks.missed == Some(day) { Finding::NotPerformed } else { Finding::NoDeviation };
            let mut access = CaseAccess::<RegisterCheck>::open(state, responsible.visitor(), reference).await?;
            let new = NewCheck {
                id: Uuid::now_v7(),
                body: checks.body,
                performed_on: day,
                reported_on: day,
                finding,
                basis: Basis::Consent(consent),
            };
            check::store::register(&mut access, &new).await?;
            access.done().await?;
            day += BETWEEN;
        }
    }
    for told in DEVIATIONS.iter().filter(|told| is_here(told.case) && told.reported <= today) {
        report(state, responsible, &colleagues[one.coordinator], reference, told).await?;
    }
    Ok(())
}

/// The person's consent to just this, given when the case was opened.
async fn consents(
    state: &AppState,
    responsible: &Seated,
    reference: &str,
    one: &DemoCase,
    body: PoliceBody,
) -> Result<Uuid> {
    let mut access = CaseAccess::<GiveConsent>::open(state, responsible.visitor(), reference).await?;
    let new = NewConsent {
        id: Uuid::now_v7(),
        kind: ConsentKind::RelapseFollowUp,
        recipients: vec![recipient(body)],
        categories: vec![DisclosureCategory::Identity, DisclosureCategory::Deviation],
        purpose: "Polisen gör slagningar varje månad och berättar om något avviker.".to_owned(),
        form: ConsentForm::Oral,
        document_ref: None,
        given_on: one.opened,
        valid_to: usual_end(one.opened, 12),
    };
    consent::store::give(&mut access, &new).await?;
    access.done().await?;
    Ok(new.id)
}

/// Reported and assessed by the responsible social worker, received and met by the coordinator.
async fn report(
    state: &AppState,
    responsible: &Seated,
    coordinator: &Seated,
    reference: &str,
    told: &DemoDeviation,
) -> Result<()> {
    let new = NewDeviation {
        id: Uuid::now_v7(),
        source: told.source,
        category: told.category,
        severity: told.severity,
        occurred_on: told.reported,
        reported_on: told.reported,
        description: told.description.to_owned(),
        immediate_action: told.immediate_action.map(str::to_owned),
    };
    let mut access = CaseAccess::<HandleDeviation>::open(state, responsible.visitor(), reference).await?;
    deviation::store::report(&mut access, &new).await?;
    access.done().await?;
    let mut steps = vec![(coordinator, Move::Acknowledge), (responsible, Move::Assess(told.assessment.to_owned()))];
    if let Some(outcome) = told.outcome {
        steps.extend([(coordinator, Move::Decide(outcome)), (responsible, Move::Close(None))]);
    }
    for (version, (who, step)) in (1..).zip(steps) {
        let mut access = CaseAccess::<HandleDeviation>::open(state, who.visitor(), reference).await?;
        if !deviation::store::take(&mut access, new.id, version, &step).await? {
            return Err(Error::internal("an invented deviation takes a way that there is not"));
        }
        access.done().await?;
    }
    Ok(())
}
