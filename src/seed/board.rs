//! What the report to the board needs of the invented municipality: which others follow the same persons (domain 7.0), and
//! the years before the program, as they were reported then.

use time::macros::date;
use uuid::Uuid;

use super::Seated;
use crate::access::CaseAccess;
use crate::access::right::ManageCase;
use crate::audit::{self, Source};
use crate::board::{Earlier, involve, load};
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::IntakeSource::{self, PoliceBops, PoliceLpo, PoliceNoa, PrisonProbation, Sig};

/// By the place in the list of cases.
const ACTORS: [&[IntakeSource]; 9] = [
    &[PoliceNoa],
    &[PoliceLpo],
    &[PoliceLpo, PoliceNoa],
    &[PrisonProbation],
    &[PoliceNoa, PoliceBops],
    &[PoliceLpo, Sig],
    &[PoliceLpo],
    &[PoliceLpo],
    &[PoliceLpo],
];

/// While the case is open.
pub(super) async fn others(state: &AppState, responsible: &Seated, at: usize, reference: &str) -> Result<()> {
    let mut access = CaseAccess::<ManageCase>::open(state, responsible.visitor(), reference).await?;
    involve(&mut access, ACTORS[at]).await?;
    access.done().await
}

const SOURCE: &str = "Tjänsteutlåtande till socialnämnden 2021-05-07";

/// Through the operator's door, as a municipality that begins with the program has it done.
pub(super) async fn earlier_years(state: &AppState) -> Result<()> {
    let mut work = state.db().begin_task().await?;
    let mut trail = Vec::new();
    let few = (2015..2020).map(|year| Earlier { year, persons: Some((1, 4)), ongoing: None, source: SOURCE });
    let told = [
        Earlier { year: 2020, persons: Some((4, 4)), ongoing: None, source: SOURCE },
        Earlier { year: 2021, persons: None, ongoing: Some((8, date!(2021 - 05 - 07))), source: SOURCE },
    ];
    for earlier in few.chain(told) {
        trail.push(load(&mut work, &earlier).await?);
    }
    let source = Source { actor: None, role: None, session: None, address: None, request: Uuid::new_v4() };
    audit::append(&mut work, &state.keys, state.clock.now(), &source, &trail).await?;
    work.commit().await?;
    Ok(())
}
