//! What the police have assessed in the invented cases. Registered by the responsible social worker, confirmed by the
//! coordinator; one that is too old, and one that still waits.

use time::macros::date;
use time::{Date, Duration};
use uuid::Uuid;

use super::Seated;
use super::data::{CASES, DemoCase};
use crate::access::CaseAccess;
use crate::access::right::{RegisterThreat, SettleThreat};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::threat;
use crate::threat::model::{Conditions, Judgement, NewAssessment};
use crate::vocabulary::{
    ConditionMet, CriminalityDegree, PoliceBody, ProtectionNeed, ReceivedVia, ReturnPossible, ThreatKind, ThreatLevel,
};

struct DemoThreat {
    /// Its case, by its place in the list of cases.
    case: usize,
    body: PoliceBody,
    assessed: Date,
    degree: CriminalityDegree,
    kind: ThreatKind,
    level: ThreatLevel,
    protection: ProtectionNeed,
    back: ReturnPossible,
    areas: &'static str,
    summary: &'static str,
    confirmed: bool,
}

/// Those of a case in the order in which they were assessed.
const THREATS: [DemoThreat; 8] = [
    DemoThreat {
        case: 0,
        body: PoliceBody::Lpo,
        assessed: date!(2026 - 02 - 16),
        degree: CriminalityDegree::Peripheral,
        kind: ThreatKind::Latent,
        level: ThreatLevel::L1,
        protection: ProtectionNeed::None,
        back: ReturnPossible::Yes,
        areas: "",
        summary: "Grupperingen är splittrad. Polisen ser inget hinder mot att personen flyttar hem.",
        confirmed: true,
    },
    DemoThreat {
        case: 1,
        body: PoliceBody::Lpo,
        assessed: date!(2025 - 06 - 04),
        degree: CriminalityDegree::Peripheral,
        kind: ThreatKind::Latent,
        level: ThreatLevel::L1,
        protection: ProtectionNeed::Relocation,
        back: ReturnPossible::NotYet,
        areas: "Granvik",
        summary: "Äldre uppgifter om skulder till grupperingen. Inga nya händelser det senaste halvåret.",
        confirmed: true,
    },
    DemoThreat {
        case: 1,
        body: PoliceBody::Lpo,
        assessed: date!(2026 - 03 - 10),
        degree: CriminalityDegree::Peripheral,
        kind: ThreatKind::None,
        level: ThreatLevel::L0,
        protection: ProtectionNeed::None,
        back: ReturnPossible::Yes,
        areas: "",
        summary: "Inga uppgifter om hot sedan i somras. Skulden är reglerad.",
        confirmed: true,
    },
    DemoThreat {
        case: 2,
        body: PoliceBody::Noa,
        assessed: date!(2026 - 01 - 08),
        degree: CriminalityDegree::Central,
        kind: ThreatKind::Concrete,
        level: ThreatLevel::L4,
        protection: ProtectionNeed::ProtectedHousing,
        back: ReturnPossible::No,
        areas: "Granvik\nNorrsele",
        summary: "Uttalat hot sedan personen bröt med grupperingen. Polisen avråder från vistelse i hemkommunen.",
        confirmed: true,
    },
    DemoThreat {
        case: 3,
        body: PoliceBody::Lpo,
        assessed: date!(2026 - 03 - 05),
        degree: CriminalityDegree::Active,
        kind: ThreatKind::Latent,
        level: ThreatLevel::L2,
        protection: ProtectionNeed::Relocation,
        back: ReturnPossible::NotYet,
        areas: "Granvik",
        summary: "Tecken på att grupperingen söker kontakt. Ingen känd planering.",
        confirmed: true,
    },
    DemoThreat {
        case: 4,
        body: PoliceBody::Bops,
        assessed: date!(2026 - 09 - 28),
        degree: CriminalityDegree::Peripheral,
        kind: ThreatKind::Concrete,
        level: ThreatLevel::L3,
        protection: ProtectionNeed::ProtectedHousing,
        back: ReturnPossible::No,
        areas: "Granvik\nÅmåsa",
        summary: "Närstående till en tongivande person. Hotet bedöms kvarstå.",
        confirmed: true,
    },
    DemoThreat {
        case: 2,
        body: PoliceBody::Noa,
        assessed: date!(2026 - 10 - 12),
        degree: CriminalityDegree::Central,
        kind: ThreatKind::Concrete,
        level: ThreatLevel::L3,
        protection: ProtectionNeed::ProtectedHousing,
        back: ReturnPossible::No,
        areas: "Granvik\nNorrsele",
        summary: "Hotet kvarstår men ingen har sökt efter personen sedan i våras.",
        confirmed: true,
    },
    DemoThreat {
        case: 7,
        body: PoliceBody::Lpo,
        assessed: date!(2026 - 11 - 18),
        degree: CriminalityDegree::Active,
        kind: ThreatKind::Unknown,
        level: ThreatLevel::NotGraded,
        protection: ProtectionNeed::NotAssessed,
        back: ReturnPossible::Unknown,
        areas: "",
        summary: "Polisen återkommer med en graderad bedömning.",
        confirmed: false,
    },
];

/// What the police said about a case, by its place in the list of cases. A case is closed only afterwards.
pub(super) async fn assess(state: &AppState, colleagues: &[Seated], case: usize, reference: &str) -> Result<()> {
    let today = state.clock.today();
    for one in THREATS.iter().filter(|one| one.case == case && one.assessed <= today) {
        let DemoCase { responsible, coordinator, .. } = &CASES[one.case];
        let new = new_assessment(one);
        let visitor = colleagues[*responsible].visitor();
        let mut access = CaseAccess::<RegisterThreat>::open(state, visitor, reference).await?;
        threat::store::register(&mut access, &new).await?;
        access.done().await?;
        if one.confirmed {
            let visitor = colleagues[*coordinator].visitor();
            let mut access = CaseAccess::<SettleThreat>::open(state, visitor, reference).await?;
            if !threat::store::confirm(&mut access, new.id, 1).await? {
                return Err(Error::internal("an invented assessment was not confirmed"));
            }
            access.done().await?;
        }
    }
    Ok(())
}

fn new_assessment(one: &DemoThreat) -> NewAssessment {
    NewAssessment {
        id: Uuid::now_v7(),
        body: one.body,
        police_ref: None,
        assessed_on: one.assessed,
        received_on: one.assessed,
        received_via: ReceivedVia::Meeting,
        judgement: Judgement {
            criminality: one.degree,
            kind: one.kind,
            level: one.level,
            protection: one.protection,
            return_possible: one.back,
            conditions: Conditions {
                meets_definition: ConditionMet::Yes,
                is_motivated: ConditionMet::Yes,
                consents: ConditionMet::Yes,
                has_signed: ConditionMet::Yes,
                is_not_witness: ConditionMet::Yes,
            },
        },
        unsafe_areas: one.areas.to_owned(),
        released_summary: Some(one.summary.to_owned()),
        valid_until: one.assessed + Duration::days(90),
    }
}
