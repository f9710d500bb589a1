//! What the persons of the invented cases have signed at the police.

use time::Date;
use time::macros::date;
use uuid::Uuid;

use super::Seated;
use super::data::{AISHA, MALIN};
use crate::access::CaseAccess;
use crate::access::right::RegisterPoliceContact;
use crate::conditions;
use crate::conditions::model::NewConditions;
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::ProgrammeRule::{self, Cooperation, DrugTests, NoCrime, NoDrugs, Own};

/// Case, who registers, the day, the rules, own rules, whether the police told what follows.
type DemoConditions = (usize, usize, Date, &'static [ProgrammeRule], &'static str, bool);

const SIGNED: [DemoConditions; 3] = [
    (2, MALIN, date!(2026 - 01 - 14), &[NoCrime, NoDrugs, Cooperation], "", false),
    (
        2,
        MALIN,
        date!(2026 - 06 - 18),
        &[NoCrime, NoDrugs, Cooperation, DrugTests, Own],
        "Hör av sig till sin kontakt hos polisen varje måndag.",
        true,
    ),
    (4, AISHA, date!(2026 - 04 - 24), &[NoCrime, Cooperation], "", true),
];

/// `references` stand in the order of the cases; one that has not been opened yet has none.
pub(super) async fn sign(state: &AppState, colleagues: &[Seated], references: &[Option<String>]) -> Result<()> {
    let today = state.clock.today();
    for (case, author, day, rules, own, told) in SIGNED.iter().filter(|one| one.2 <= today) {
        let Some(reference) = &references[*case] else { continue };
        let visitor = colleagues[*author].visitor();
        let mut access = CaseAccess::<RegisterPoliceContact>::open(state, visitor, reference).await?;
        let new = NewConditions {
            id: Uuid::now_v7(),
            signed_on: *day,
            label: "Överenskommelse om programmet, blankett 2025:2".to_owned(),
            document_ref: Some("Polisens akt, kopia i personakten".to_owned()),
            rules: rules.to_vec(),
            own_rules: Some((*own).to_owned()).filter(|text| !text.is_empty()),
            told_consequences: *told,
        };
        conditions::store::register(&mut access, &new).await?;
        access.done().await?;
    }
    Ok(())
}
