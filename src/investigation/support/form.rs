//! What is typed about the areas of support: five fields each, on one page. An area that nobody has touched is left out;
//! one that somebody has must be whole.

use std::collections::HashMap;

use uuid::Uuid;

use crate::access::Receipt;
use crate::crypto::Sealed;
use crate::error::Result;
use crate::investigation::{AreaAssessment, AreaTexts, SupportVersion};
use crate::personal::Personal;
use crate::vocabulary::{SupportArea, SupportNeed};
use crate::web::form::{Faults, code, uuid};

/// The longest texts; all fifteen areas have to fit into one request.
pub const LONGEST_TEXT: usize = 2000;
pub const LONGEST_VIEW: usize = 1500;
pub const LONGEST_PROPOSAL: usize = 500;

/// The names of an area's fields.
#[derive(Debug, Clone, Copy)]
pub struct Names {
    pub area: SupportArea,
    pub need: &'static str,
    pub facts: &'static str,
    pub person_view: &'static str,
    pub assessment: &'static str,
    pub proposed: &'static str,
}

macro_rules! names {
    ($($area:ident $code:literal)*) => {
        /// All areas, in the order of the page.
        pub const FIELDS: [Names; 15] = [$(Names {
            area: SupportArea::$area,
            need: concat!($code, "_need"),
            facts: concat!($code, "_facts"),
            person_view: concat!($code, "_view"),
            assessment: concat!($code, "_assessment"),
            proposed: concat!($code, "_proposed"),
        }),*];
    };
}

names! {
    Housing "housing"
    Economy "economy"
    Work "work"
    Education "education"
    Substance "substance"
    MentalHealth "mental_health"
    PhysicalHealth "physical_health"
    Family "family"
    Network "network"
    Debts "debts"
    Routines "routines"
    ProtectedData "protected_data"
    Legal "legal"
    CriminalThinking "criminal_thinking"
    Leisure "leisure"
}

/// The fields by their names.
#[derive(Debug, Clone, Default)]
pub struct SupportForm {
    typed: HashMap<String, String>,
}

impl SupportForm {
    pub fn sent(typed: HashMap<String, String>) -> Self {
        Self { typed }
    }

    /// A form with the id of what it will create, filled with the version that it goes on from.
    pub fn after(newest: Option<&SupportVersion>, receipt: &Receipt) -> Result<Self> {
        let mut form = Self::default();
        form.set("id", Uuid::now_v7().to_string());
        form.set("after", newest.map_or(0, |version| version.number).to_string());
        for area in newest.iter().flat_map(|version| &version.areas) {
            let texts = opened(area, receipt)?;
            let Some(names) = FIELDS.iter().find(|names| names.area == area.area) else { continue };
            form.set(names.need, area.need.code().to_owned());
            form.set(names.facts, texts.facts.unwrap_or_default());
            form.set(names.person_view, texts.person_view);
            form.set(names.assessment, texts.assessment.unwrap_or_default());
            form.set(names.proposed, texts.proposed.unwrap_or_default());
        }
        Ok(form)
    }

    fn set(&mut self, field: &str, value: String) {
        self.typed.insert(field.to_owned(), value);
    }

    /// What was typed in a field.
    pub fn of(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    pub fn id(&self) -> Option<Uuid> {
        uuid(self.of("id"))
    }

    /// The version that it was written from; 0 for none.
    pub fn after_version(&self) -> i32 {
        self.of("after").trim().parse().unwrap_or(-1)
    }

    /// Sent again it is saved after the version that has come in between, knowingly.
    #[must_use]
    pub fn knowing(mut self, version: i32) -> Self {
        self.set("after", version.to_string());
        self
    }

    /// Whether something else is typed about an area than what stands in a version.
    pub fn differs(&self, area: SupportArea, need: SupportNeed, texts: &AreaTexts<Personal>) -> bool {
        let Some(names) = FIELDS.iter().find(|names| names.area == area) else { return false };
        let typed = |field: &str| self.of(field).replace("\r\n", "\n").trim().to_owned();
        let stands = |text: &Option<Personal>| text.as_ref().map(|text| text.reveal().to_owned()).unwrap_or_default();
        typed(names.need) != need.code()
            || typed(names.person_view) != texts.person_view.reveal()
            || typed(names.facts) != stands(&texts.facts)
            || typed(names.assessment) != stands(&texts.assessment)
            || typed(names.proposed) != stands(&texts.proposed)
    }

    pub fn parse(&self) -> std::result::Result<Vec<AreaAssessment<String>>, Faults> {
        let mut faults = Faults::none();
        let areas: Vec<_> = FIELDS.iter().filter_map(|names| self.area(names, &mut faults)).collect();
        if faults.is_empty() && areas.is_empty() {
            faults.add(FIELDS[0].need, "Bedöm minst ett område");
        }
        faults.finish(areas)
    }

    /// Whether something stands in any of the area's fields.
    fn is_touched(&self, names: &Names) -> bool {
        let fields = [names.need, names.facts, names.person_view, names.assessment, names.proposed];
        fields.iter().any(|field| !self.of(field).trim().is_empty())
    }

    fn area(&self, names: &Names, faults: &mut Faults) -> Option<AreaAssessment<String>> {
        if !self.is_touched(names) {
            return None;
        }
        let label = names.area.label();
        let need = code(self.of(names.need), SupportNeed::parse);
        let need = faults.need(need, names.need, &format!("{label}: välj hur stort behovet är"));
        let mut grounded = |field: &'static str, missing: &str| {
            let text = faults.optional_text(self.of(field), LONGEST_TEXT, field)?;
            if text.is_empty() && need.is_some_and(|need| need != SupportNeed::None) {
                faults.add(field, format!("{label}: {missing}"));
            }
            Some(Some(text).filter(|text| !text.is_empty()))
        };
        let facts = grounded(names.facts, "skriv vilka fakta behovet bygger på");
        let assessment = grounded(names.assessment, "skriv din bedömning av behovet");
        let view = format!("{label}: skriv hur personen själv ser på det");
        let view = faults.text(self.of(names.person_view), LONGEST_VIEW, names.person_view, &view);
        let proposed = faults.optional_text(self.of(names.proposed), LONGEST_PROPOSAL, names.proposed);
        Some(AreaAssessment {
            id: Uuid::now_v7(),
            area: names.area,
            need: need?,
            texts: AreaTexts {
                facts: facts?,
                person_view: view?,
                assessment: assessment?,
                proposed: Some(proposed?).filter(|text| !text.is_empty()),
            },
        })
    }
}

/// The texts of an area, to be written on.
fn opened(area: &AreaAssessment<Sealed>, receipt: &Receipt) -> Result<AreaTexts<String>> {
    let texts = super::opened(area, receipt)?;
    let plain = |text: Option<Personal>| text.map(|text| text.reveal().to_owned());
    Ok(AreaTexts {
        facts: plain(texts.facts),
        person_view: texts.person_view.reveal().to_owned(),
        assessment: plain(texts.assessment),
        proposed: plain(texts.proposed),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> SupportForm {
        SupportForm::sent(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn said(fields: &[(&str, &str)], field: &str) -> Option<String> {
        form(fields).parse().err().and_then(|faults| faults.of(field).map(str::to_owned))
    }

    #[test]
    fn the_fields_are_those_of_the_areas_in_their_order() {
        assert!(FIELDS.iter().map(|names| names.area).eq(SupportArea::ALL.iter().copied()));
        assert!(FIELDS.iter().all(|names| names.need.strip_suffix("_need") == Some(names.area.code())));
    }

    #[test]
    fn a_need_has_its_ground_and_the_persons_own_view() {
        let whole = [
            ("housing_need", "large"),
            ("housing_facts", "Bor hos en vän."),
            ("housing_view", "Vill bo för sig själv."),
            ("housing_assessment", "Behöver egen bostad."),
        ];
        let areas = form(&whole).parse().ok().unwrap();
        assert_eq!((areas.len(), areas[0].area, areas[0].need), (1, SupportArea::Housing, SupportNeed::Large));
        assert_eq!(areas[0].texts.proposed, None);
        for (at, field) in [(1, "housing_facts"), (2, "housing_view"), (3, "housing_assessment"), (0, "housing_need")] {
            let mut lacking = whole.to_vec();
            lacking.remove(at);
            assert!(said(&lacking, field).is_some_and(|text| text.starts_with("Boende: ")), "{field}");
        }
    }

    #[test]
    fn no_need_asks_for_no_ground_and_nothing_at_all_is_no_version() {
        assert!(form(&[("leisure_need", "none"), ("leisure_view", "Är nöjd.")]).parse().is_ok());
        assert_eq!(said(&[], "housing_need").as_deref(), Some("Bedöm minst ett område"));
    }
}
