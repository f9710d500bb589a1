//! What stands in a print: sections of items, each with its facts and its texts. Texts are sealed until the page is made,
//! and one that names a place of the case is left out for good.

use crate::access::right::{
    PrintCase, ReadCase, ReadChecks, ReadConsents, ReadDecisions, ReadDeviations, ReadInvestigations, ReadJournal,
    ReadMeetings, ReadMotivation, ReadOutcomes, ReadPlans, ReadPoliceContacts, ReadThreat,
};
use crate::access::{CaseAccess, Receipt};
use crate::crypto::{Column, Place, Sealed};
use crate::error::Result;
use crate::exposure::Places;
use crate::personal::Personal;
use crate::vocabulary::PrintPart;

use super::form::NewPrint;
use super::{dealings, plans, rooms};

/// A part of the print.
pub(super) struct Section {
    part: PrintPart,
    items: Vec<Item>,
}

/// Something that is printed: a note, a decision, a stay.
#[derive(Default)]
pub(super) struct Item {
    pub heading: String,
    pub facts: Vec<(&'static str, String)>,
    texts: Vec<(&'static str, Words)>,
}

enum Words {
    Sealed(Place, Sealed),
    /// It says where somebody is.
    LeftOut,
}

impl Item {
    pub fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), ..Self::default() }
    }

    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "what is told is given away, be it a word or a number")]
    pub fn fact(mut self, label: &'static str, value: impl ToString) -> Self {
        self.facts.push((label, value.to_string()));
        self
    }

    /// A fact that there may be none of.
    #[must_use]
    pub fn known(self, label: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.fact(label, value),
            None => self,
        }
    }

    #[must_use]
    pub fn text(mut self, label: &'static str, place: Place, sealed: &Sealed) -> Self {
        self.texts.push((label, Words::Sealed(place, sealed.clone())));
        self
    }

    /// A text that there may be none of, in a column of the row.
    #[must_use]
    pub fn written(self, label: &'static str, column: Column, row: uuid::Uuid, sealed: Option<&Sealed>) -> Self {
        match sealed {
            Some(sealed) => self.text(label, column.at(row), sealed),
            None => self,
        }
    }
}

/// A section, opened for the page.
pub(super) struct Shown {
    pub id: String,
    pub heading: &'static str,
    pub items: Vec<ShownItem>,
}

pub(super) struct ShownItem {
    pub heading: String,
    pub facts: Vec<(&'static str, String)>,
    /// None where the text is left out.
    pub texts: Vec<(&'static str, Option<Personal>)>,
}

/// All that a print holds.
pub(super) struct Contents(Vec<Section>);

impl Contents {
    /// Reads what was chosen, each part under its own right, and leaves out what would give a place away.
    pub async fn read(mut case: CaseAccess<PrintCase>, new: &NewPrint) -> Result<(CaseAccess<PrintCase>, Self)> {
        let mut sections = Vec::new();
        for part in &new.parts {
            let (back, items) = items(case, *part, new).await?;
            case = back;
            sections.extend(items.map(|items| Section { part: *part, items }));
        }
        let (case, places) = case.also(Places::of).await?;
        if let Some(mut places) = places {
            for text in sections.iter_mut().filter(|section| section.part != PrintPart::Person).flat_map(Section::texts)
            {
                if let Words::Sealed(place, sealed) = text
                    && places.are_named_by(&case, *place, sealed)?
                {
                    *text = Words::LeftOut;
                }
            }
        }
        Ok((case, Self(sections)))
    }

    /// How many things are printed.
    pub fn rows(&self) -> usize {
        self.0.iter().map(|section| section.items.len()).sum()
    }

    pub fn open(self, receipt: &Receipt) -> Result<Vec<Shown>> {
        self.0.into_iter().map(|section| section.open(receipt)).collect()
    }
}

async fn items(
    case: CaseAccess<PrintCase>,
    part: PrintPart,
    new: &NewPrint,
) -> Result<(CaseAccess<PrintCase>, Option<Vec<Item>>)> {
    let days = new.days;
    match part {
        PrintPart::Facts => case.also(rooms::facts).await,
        PrintPart::Person => case.also(rooms::person).await,
        PrintPart::Journal => {
            case.also(async |case: &mut CaseAccess<ReadJournal>| rooms::journal(case, days).await).await
        }
        PrintPart::Threat => case.also(async |case: &mut CaseAccess<ReadThreat>| rooms::threat(case, days).await).await,
        PrintPart::Investigation => {
            case.also(async |case: &mut CaseAccess<ReadInvestigations>| plans::investigations(case, days).await).await
        }
        PrintPart::Decisions => {
            case.also(async |case: &mut CaseAccess<ReadDecisions>| rooms::decisions(case, days).await).await
        }
        PrintPart::Plans => case.also(async |case: &mut CaseAccess<ReadPlans>| plans::plans(case, days).await).await,
        PrintPart::Placements => {
            case.also(async |case: &mut CaseAccess<ReadCase>| rooms::placements(case, days).await).await
        }
        PrintPart::FollowUps => {
            case.also(async |case: &mut CaseAccess<ReadPlans>| plans::follow_ups(case, days).await).await
        }
        PrintPart::Deviations => {
            case.also(async |case: &mut CaseAccess<ReadDeviations>| plans::deviations(case, days).await).await
        }
        PrintPart::Motivation => {
            case.also(async |case: &mut CaseAccess<ReadMotivation>| dealings::motivations(case, days).await).await
        }
        PrintPart::Consents => {
            case.also(async |case: &mut CaseAccess<ReadConsents>| dealings::consents(case, days).await).await
        }
        PrintPart::Checks => {
            case.also(async |case: &mut CaseAccess<ReadChecks>| dealings::checks(case, days).await).await
        }
        PrintPart::Meetings => {
            case.also(async |case: &mut CaseAccess<ReadMeetings>| dealings::meetings(case, days).await).await
        }
        PrintPart::Outcomes => {
            case.also(async |case: &mut CaseAccess<ReadOutcomes>| dealings::outcomes(case, days).await).await
        }
        PrintPart::Conditions => {
            case.also(async |case: &mut CaseAccess<ReadPoliceContacts>| dealings::conditions(case, days).await).await
        }
        PrintPart::Timeline => {
            case.also(async |case: &mut CaseAccess<ReadCase>| rooms::timeline(case, days).await).await
        }
    }
}

impl Section {
    fn texts(&mut self) -> impl Iterator<Item = &mut Words> {
        self.items.iter_mut().flat_map(|item| item.texts.iter_mut().map(|(_, text)| text))
    }

    fn open(self, receipt: &Receipt) -> Result<Shown> {
        let items = self.items.into_iter().map(|item| {
            let texts = item.texts.into_iter().map(|(label, text)| {
                Ok(match text {
                    Words::Sealed(place, sealed) => (label, Some(receipt.open(place, &sealed)?)),
                    Words::LeftOut => (label, None),
                })
            });
            Ok(ShownItem { heading: item.heading, facts: item.facts, texts: texts.collect::<Result<_>>()? })
        });
        Ok(Shown {
            id: format!("h-{}", self.part.code()),
            heading: self.part.label(),
            items: items.collect::<Result<_>>()?,
        })
    }
}
