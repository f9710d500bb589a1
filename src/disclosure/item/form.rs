//! What is typed about a text, and the text itself as it is frozen. No more is said than the sort is for (domain 3.3).

use serde::Deserialize;
use uuid::Uuid;

use crate::access::CaseHead;
use crate::calendar::moment;
use crate::disclosure::ground::{LEAST_WEIGHING, only};
use crate::disclosure::model::{Disclosure, NewItem};
use crate::disclosure::store::Consent;
use crate::disclosure::store::sources::Source;
use crate::vocabulary::{DisclosureCategory, DisclosureGround, DisclosureItemKind, ExitStatus};
use crate::web::form::{Faults, checkbox, code, uuid};

/// What is said where the consent does not cover the sort.
pub const NOT_COVERED: &str = "Samtycket är återkallat eller täcker inte uppgiften";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ItemForm {
    pub id: String,
    pub kind: String,
    pub source: String,
    pub note: String,
    pub category: String,
    pub is_protected_address: String,
    pub weighing: String,
    pub allow_download: String,
}

/// What is written by hand for a sort: its label, its hint, and whether there has to be something.
pub struct Note {
    pub label: &'static str,
    pub hint: &'static str,
    pub is_needed: bool,
}

pub const fn note(kind: DisclosureItemKind) -> Option<Note> {
    let (label, hint, is_needed) = match kind {
        DisclosureItemKind::CaseCard => ("Telefon", "Nummer till handläggaren, ersättaren och samordnaren.", false),
        DisclosureItemKind::DeviationFeedback => {
            ("Polisens beteckning", "Som polisen angav när de rapporterade.", false)
        }
        DisclosureItemKind::MeetingCall => ("Plats och dagordning", "Platsen ska vara kommunens lokaler.", true),
        DisclosureItemKind::ChangedRisk => {
            ("Vad som har hänt", "Bara fakta om den akuta risken. Skriv inte var personen är.", true)
        }
        DisclosureItemKind::ContactDetail => {
            ("Uppgift som inte finns i listan", "Till exempel en arbetsplats. Lämna tomt om du väljer i listan.", false)
        }
        DisclosureItemKind::FundBasis => ("Om insatsen", "Vad medlen söks för. Nämn inte boendet.", false),
        DisclosureItemKind::Other => ("Uppgiften", "Skriv inte mer än mottagaren behöver.", true),
        _ => return None,
    };
    Some(Note { label, hint, is_needed })
}

/// What a sort is chosen from, and what to say when nothing was.
pub const fn choice(kind: DisclosureItemKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        DisclosureItemKind::DeviationFeedback => ("Avvikelse", "Välj avvikelse"),
        DisclosureItemKind::MeetingCall => ("Möte", "Välj möte"),
        DisclosureItemKind::ContactDetail => ("Kontaktuppgift", "Välj kontaktuppgift eller skriv den"),
        _ => return None,
    })
}

/// What can be handed over on the ground.
pub fn kinds(ground: DisclosureGround) -> impl Iterator<Item = DisclosureItemKind> {
    DisclosureItemKind::ALL.iter().copied().filter(move |kind| only(ground).is_none_or(|one| one == *kind))
}

/// Why a sort cannot be chosen where its source is missing.
const fn missing(kind: DisclosureItemKind) -> &'static str {
    match kind {
        DisclosureItemKind::CaseCard => "Personens namn och nummer är inte registrerade",
        DisclosureItemKind::AssessmentEcho => "Det finns ingen fastställd hotbedömning",
        DisclosureItemKind::FundBasis => "Det finns ingen placering med kostnad",
        DisclosureItemKind::CaseEnded => "Ärendet är inte avslutat",
        _ => "Uppgiften finns inte längre. Välj en annan",
    }
}

impl ItemForm {
    pub fn fresh(kind: DisclosureItemKind) -> Self {
        Self { id: Uuid::now_v7().to_string(), kind: kind.code().to_owned(), ..Self::default() }
    }

    pub fn kind(&self, ground: DisclosureGround) -> Option<DisclosureItemKind> {
        code(&self.kind, DisclosureItemKind::parse).filter(|kind| kinds(ground).any(|one| one == *kind))
    }

    /// The row that the text is made of. A contact detail can be written instead.
    pub fn source(&self) -> Option<Uuid> {
        uuid(&self.source)
    }

    fn is_written(&self, kind: DisclosureItemKind) -> bool {
        kind == DisclosureItemKind::ContactDetail && self.source.trim().is_empty() && !self.note.trim().is_empty()
    }

    /// The text, of what the source says and what was written. The mark is the caller's to fill in.
    pub fn parse(
        &self,
        kind: DisclosureItemKind,
        of: &Disclosure,
        head: &CaseHead,
        source: Option<Source>,
        consents: &[Consent],
    ) -> Result<NewItem, Faults> {
        let mut faults = Faults::none();
        let source = if self.is_written(kind) { Some(Source::Words) } else { source };
        let source = match (source, choice(kind)) {
            (None, Some((_, unchosen))) => faults.need(None, "source", unchosen),
            (source, _) => faults.need(source, "kind", missing(kind)),
        };
        let note = self.note(kind, &mut faults);
        let weighing = self.weighing(kind, &mut faults);
        let categories = self.categories(kind, of, weighing.as_ref().is_some_and(Option::is_some), &mut faults);
        if let (Some(consent), Some(categories)) = (of.consent, &categories) {
            let covered = consents.iter().find(|one| one.id == consent);
            if !covered.is_some_and(|one| categories.iter().all(|wanted| one.categories.contains(wanted))) {
                faults.add("kind", NOT_COVERED);
            }
        }
        match (source, note, weighing, categories) {
            (Some(source), Some(note), Some(weighing), Some(categories)) => faults.finish(NewItem {
                id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                kind,
                categories,
                content: text(kind, head, &source, &note),
                source: self.source().filter(|_| choice(kind).is_some()),
                mark: String::new(),
                weighing,
                allow_download: of.is_in_portal() && checkbox(&self.allow_download),
            }),
            _ => Err(faults),
        }
    }

    fn note(&self, kind: DisclosureItemKind, faults: &mut Faults) -> Option<String> {
        match note(kind) {
            Some(note) if note.is_needed => faults.text(&self.note, 2000, "note", "Skriv vad som ska lämnas ut"),
            Some(_) => faults.optional_text(&self.note, 2000, "note"),
            None => Some(String::new()),
        }
    }

    #[expect(clippy::option_option, reason = "nothing asked for is an answer; a fault is none")]
    fn weighing(&self, kind: DisclosureItemKind, faults: &mut Faults) -> Option<Option<String>> {
        let may_be_address = matches!(kind, DisclosureItemKind::ContactDetail | DisclosureItemKind::Other);
        if !may_be_address || !checkbox(&self.is_protected_address) {
            return Some(None);
        }
        let text = faults.optional_text(&self.weighing, 4000, "weighing")?;
        if text.chars().count() < LEAST_WEIGHING {
            faults.add("weighing", format!("Skriv avvägningen av synnerliga skäl med minst {LEAST_WEIGHING} tecken"));
        }
        Some(Some(text))
    }

    fn categories(
        &self,
        kind: DisclosureItemKind,
        of: &Disclosure,
        is_protected_address: bool,
        faults: &mut Faults,
    ) -> Option<Vec<DisclosureCategory>> {
        let mut categories = kind.categories().to_vec();
        if kind == DisclosureItemKind::Other {
            let chosen = code(&self.category, DisclosureCategory::parse);
            let chosen = faults.need(chosen, "category", "Välj sorts uppgift")?;
            if of.is_in_portal() && chosen.is_kept_from_police_page() {
                faults.add("category", "Sådana uppgifter lämnas aldrig ut på polisens sida");
            }
            categories.push(chosen);
        }
        if is_protected_address && !categories.contains(&DisclosureCategory::WhereaboutsAddress) {
            categories.push(DisclosureCategory::WhereaboutsAddress);
        }
        Some(categories)
    }
}

const fn yes(is_so: bool) -> &'static str {
    if is_so { "Ja" } else { "Nej" }
}

/// The text that is frozen.
fn text(kind: DisclosureItemKind, head: &CaseHead, source: &Source, written: &str) -> String {
    let mut lines = match source {
        Source::Person { given_name, family_name, number } => {
            let mut lines = vec![
                format!("Ärende: {}", head.reference),
                format!("Namn: {} {}", given_name.reveal(), family_name.reveal()),
                format!("Personnummer: {}", number.reveal()),
            ];
            let named =
                [("Handläggare", &head.responsible), ("Ersättare", &head.deputy), ("Samordnare", &head.coordinator)];
            lines.extend(named.iter().filter_map(|(what, name)| Some(format!("{what}: {}", name.as_deref()?))));
            lines.push(format!("Status i programmet: {}", head.programme));
            lines
        }
        Source::Decision(None) => vec!["Beslut om insats finns: Nej".to_owned()],
        Source::Decision(Some(day)) => vec!["Beslut om insats finns: Ja".to_owned(), format!("Beslutat: {day}")],
        Source::Deviation { category, occurred_on, outcome } => {
            vec![format!("Avvikelse: {category}, {occurred_on}"), format!("Beslutad åtgärd: {outcome}")]
        }
        Source::Meeting(at) => vec![format!("Tid: {}", moment(*at))],
        Source::Assessment { body, assessed_on, level, protection, until } => vec![
            format!("Bedömd: {assessed_on} av {body}"),
            format!("Hotbild: {level}"),
            format!("Skyddsbehov: {protection}"),
            format!("Gäller till och med: {until}"),
        ],
        // 15 kap. 7 § SoL: whether, and never where.
        Source::Whereabouts { stays, on } => {
            vec![format!("Vistas i sådant boende: {}", yes(*stays)), format!("Uppgiften gäller: {on}")]
        }
        Source::Contact { kind, value } => vec![format!("{kind}: {}", value.reveal())],
        Source::Costs { programme, opened_on, until, cost } => vec![
            format!("Status i programmet: {programme}"),
            format!("Period: {opened_on} till {until}"),
            format!("Kostnad för perioden: {cost}"),
        ],
        Source::Ended { on, exit } => {
            let completed = *exit == Some(ExitStatus::Completed);
            vec![format!("Ärendet avslutat: {on}"), (if completed { "Fullföljt" } else { "Avbrutet" }).to_owned()]
        }
        Source::Words => Vec::new(),
    };
    if !written.is_empty() {
        lines.push(match kind {
            DisclosureItemKind::CaseCard => format!("Telefon: {written}"),
            DisclosureItemKind::DeviationFeedback => format!("Polisens beteckning: {written}"),
            _ => written.to_owned(),
        });
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_about_a_stay_is_one_word() {
        let only: Vec<_> = kinds(DisclosureGround::StayInfo).collect();
        assert_eq!(only, [DisclosureItemKind::Whereabouts]);
        assert!(note(DisclosureItemKind::Whereabouts).is_none());
        let only: Vec<_> = kinds(DisclosureGround::ContactDetails).collect();
        assert_eq!(only, [DisclosureItemKind::ContactDetail]);
        assert_eq!(kinds(DisclosureGround::Consent).count(), 11);
    }

    #[test]
    fn every_sort_but_the_last_says_what_a_consent_has_to_cover() {
        for kind in DisclosureItemKind::ALL {
            assert_eq!(kind.categories().is_empty(), *kind == DisclosureItemKind::Other, "{kind}");
        }
    }
}
