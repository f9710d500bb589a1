//! What the persons of the invented cases want, time after time.

use time::Date;
use time::macros::date;
use uuid::Uuid;

use super::Seated;
use super::data::{AISHA, MALIN};
use super::investigations::said;
use crate::access::CaseAccess;
use crate::access::right::AssessMotivation;
use crate::error::Result;
use crate::motivation;
use crate::motivation::model::NewAssessment;
use crate::state::AppState;
use crate::vocabulary::MotivationStage;

/// Case, who assesses, the day, the stage, the person's own words, obstacles, resources.
type DemoMotivation = (usize, usize, Date, MotivationStage, &'static str, &'static str, &'static str);

const MOTIVATION: [DemoMotivation; 6] = [
    (
        2,
        MALIN,
        date!(2026 - 01 - 07),
        MotivationStage::Preparing,
        "Jag orkar inte se mig över axeln mer.",
        "Skulder till grupperingen. Saknar någonstans att bo.",
        "Farbrodern. Har klarat sig utan droger.",
    ),
    (
        2,
        MALIN,
        date!(2026 - 06 - 15),
        MotivationStage::Committed,
        "Det är tråkigt ibland men jag sover på nätterna.",
        "Känner sig ensam på orten.",
        "Trivs i verkstaden.",
    ),
    (
        4,
        AISHA,
        date!(2026 - 04 - 20),
        MotivationStage::Committed,
        "Jag gör det för min dotter.",
        "Rädsla för pappan.",
        "Väninnan. Vet vad hon vill läsa.",
    ),
    (
        4,
        AISHA,
        date!(2026 - 09 - 28),
        MotivationStage::Maintaining,
        "Nu har vi ett vanligt liv.",
        "",
        "Dottern trivs på förskolan.",
    ),
    (
        5,
        AISHA,
        date!(2026 - 05 - 12),
        MotivationStage::Ambivalent,
        "Mina vänner är ju där.",
        "Ser inte vad han skulle göra i stället.",
        "Mamman står bakom honom.",
    ),
    (
        5,
        AISHA,
        date!(2026 - 08 - 10),
        MotivationStage::Preparing,
        "Jag har slutat svara när de ringer.",
        "Träffar dem fortfarande i skolan.",
        "Har börjat träna boxning.",
    ),
];

/// `references` stand in the order of the cases; one that has not been opened yet has none.
pub(super) async fn assess(state: &AppState, colleagues: &[Seated], references: &[Option<String>]) -> Result<()> {
    let today = state.clock.today();
    for (case, author, day, stage, words, obstacles, resources) in MOTIVATION.iter().filter(|one| one.2 <= today) {
        let Some(reference) = &references[*case] else { continue };
        let visitor = colleagues[*author].visitor();
        let mut access = CaseAccess::<AssessMotivation>::open(state, visitor, reference).await?;
        let new = NewAssessment {
            id: Uuid::now_v7(),
            assessed_on: *day,
            stage: *stage,
            own_words: said(words),
            obstacles: said(obstacles),
            resources: said(resources),
        };
        motivation::store::sign(&mut access, &new).await?;
        access.done().await?;
    }
    Ok(())
}
