//! The decisions behind the placements of the invented cases (domain 7.0): each place was granted before the person moved
//! in, for at most the twelve months and the 1,1 Mkr that the manager's delegation allows. What goes on for longer was
//! decided again. The place of C8 has no decision yet: that one waits in `decisions`.

use time::Date;
use time::macros::date;

use super::Seated;
use super::data::{AISHA, BIRGITTA, CASES, JONAS, MALIN};
use super::decisions::{DemoDecision, Far, add};
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::{DecisionType, LegalBasis, ProcurementForm};

/// Its case and author; what was granted; first and last day and the days they were decided and ended; the price; texts.
struct Grant {
    case: usize,
    author: usize,
    kind: DecisionType,
    days: (Date, Date),
    decided: Date,
    /// The last day of the support, where it is over.
    ended: Option<Date>,
    price: (i64, ProcurementForm),
    scope: &'static str,
    reasons: &'static str,
}

const GRANTS: [Grant; 7] = [
    Grant {
        case: 0,
        author: JONAS,
        kind: DecisionType::Hvb,
        days: (date!(2024 - 09 - 10), date!(2025 - 09 - 09)),
        decided: date!(2024 - 09 - 06),
        ended: Some(date!(2025 - 09 - 09)),
        price: (1_095_000, ProcurementForm::OutsideFramework),
        scope: "Vård i hem för vård eller boende i tolv månader.",
        reasons: "Personen kan inte vara kvar i kommunen och behöver vård dygnet runt. Inget av boendena i ramavtalet \
                  tar emot personer med den hotbilden.",
    },
    Grant {
        case: 0,
        author: JONAS,
        kind: DecisionType::Hvb,
        days: (date!(2025 - 09 - 10), date!(2026 - 03 - 09)),
        decided: date!(2025 - 09 - 04),
        ended: Some(date!(2026 - 03 - 09)),
        price: (271_500, ProcurementForm::OutsideFramework),
        scope: "Fortsatt vård i hem för vård eller boende i sex månader, i den lägre vårdnivån.",
        reasons: "Målen i planen nås steg för steg. Vården trappas ned, men det är för tidigt för ett eget boende.",
    },
    Grant {
        case: 1,
        author: MALIN,
        kind: DecisionType::Hvb,
        days: (date!(2025 - 06 - 10), date!(2026 - 03 - 31)),
        decided: date!(2025 - 06 - 09),
        ended: Some(date!(2026 - 03 - 31)),
        price: (722_750, ProcurementForm::InsideFramework),
        scope: "Vård i hem för vård eller boende till och med den 31 mars 2026.",
        reasons: "Beroendet och det tidigare umgänget gör att stödet behöver ges dygnet runt.",
    },
    Grant {
        case: 1,
        author: MALIN,
        kind: DecisionType::SupportedHousingAdult,
        days: (date!(2026 - 04 - 01), date!(2026 - 09 - 30)),
        decided: date!(2026 - 03 - 24),
        ended: Some(date!(2026 - 09 - 30)),
        price: (155_550, ProcurementForm::NotApplicable),
        scope: "Boende med stöd i kommunens egen regi i sex månader.",
        reasons: "Vården har gett resultat. Personen behöver stöd i vardagen under övergången till ett eget boende.",
    },
    Grant {
        case: 2,
        author: MALIN,
        kind: DecisionType::Hvb,
        days: (date!(2026 - 01 - 15), date!(2027 - 01 - 14)),
        decided: date!(2026 - 01 - 14),
        ended: None,
        price: (1_095_000, ProcurementForm::OutsideFramework),
        scope: "Vård i hem för vård eller boende i tolv månader, på annan ort.",
        reasons: "Polisen bedömer att personen inte kan vara kvar på orten. Boendena i ramavtalet ligger för nära.",
    },
    Grant {
        case: 4,
        author: AISHA,
        kind: DecisionType::ProtectedHousing,
        days: (date!(2026 - 04 - 21), date!(2026 - 06 - 20)),
        decided: date!(2026 - 04 - 20),
        ended: Some(date!(2026 - 06 - 20)),
        price: (237_900, ProcurementForm::OutsideFramework),
        scope: "Skyddat boende i två månader.",
        reasons: "Hotet är akut och gäller också barnet. Inget boende i ramavtalet har plats med så kort varsel.",
    },
    Grant {
        case: 4,
        author: AISHA,
        kind: DecisionType::Hvb,
        days: (date!(2026 - 06 - 21), date!(2027 - 06 - 20)),
        decided: date!(2026 - 06 - 18),
        ended: None,
        price: (1_095_000, ProcurementForm::OutsideFramework),
        scope: "Vård i hem för vård eller boende med avhopparinriktning i tolv månader.",
        reasons: "Hotbilden är fortsatt hög. Boendet har vana vid avhopp och kan ta emot med barnets umgänge ordnat.",
    },
];

/// What was granted in the case, made as it was. Nothing is decided on a day that is still ahead.
pub(super) async fn decide(state: &AppState, colleagues: &[Seated], at: usize, reference: &str) -> Result<()> {
    let today = state.clock.today();
    let opened = CASES[at].opened;
    for one in GRANTS.iter().filter(|one| one.case == at && one.decided >= opened && one.days.0 <= today) {
        let (from, to) = one.days;
        let far = Far::Made {
            by: BIRGITTA,
            on: one.decided,
            told: Some(one.decided),
            executed: Some(from),
            ended: one.ended,
        };
        let decision = DemoDecision {
            case: at,
            author: one.author,
            kind: one.kind,
            basis: LegalBasis::Sol111,
            from,
            to: Some(to),
            price: Some(one.price),
            scope: one.scope,
            reasons: one.reasons,
            far,
        };
        add(state, colleagues, reference, &decision).await?;
    }
    Ok(())
}
