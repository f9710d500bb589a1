//! What the overview says of the social services' own assessment: the areas of support with the greatest need first, and
//! a report of concern that nobody has documented.

use time::Date;

use crate::access::CaseAccess;
use crate::access::right::ReadInvestigations;
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::investigation::support::AreaRow;
use crate::investigation::{paths, store};

pub(super) struct SupportPanel {
    pub all: String,
    pub newest: Option<Newest>,
    /// Where a report of concern that is lacking is registered (A30).
    pub unreported: Vec<String>,
}

/// The newest version of the assessment.
pub(super) struct Newest {
    pub href: String,
    pub areas: Vec<AreaRow>,
    pub saved_on: Date,
    pub saver: String,
}

impl SupportPanel {
    pub async fn read(case: &mut CaseAccess<ReadInvestigations>) -> Result<Self> {
        let standing = store::support::standing(case).await?;
        let count = standing.newest.as_ref().map_or(0, |newest| newest.needs.len());
        let note = Note::of(Event::InvestigationsShown).with("areas", count);
        case.shown(note.with("unreported", standing.unreported.len()));
        let reference = &case.head().reference;
        Ok(Self {
            all: paths::list(reference),
            newest: standing.newest.map(|newest| Newest {
                href: paths::support(reference, newest.investigation),
                areas: AreaRow::by_need(newest.needs),
                saved_on: newest.saved_on,
                saver: newest.saver,
            }),
            unreported: standing.unreported.into_iter().map(|child| paths::concern(reference, child)).collect(),
        })
    }
}
