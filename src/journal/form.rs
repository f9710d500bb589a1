//! What is typed for a note, a correction, an objection or a cancellation. The whole form is also what a draft keeps.

use serde::{Deserialize, Serialize};
use time::{Date, PrimitiveDateTime, Time};
use uuid::Uuid;

use super::model::{Correction, Draft, Entry, Hold, LONGEST_TEXT, NewEntry, WhenFault, check_when};
use super::store::{ASSESSMENT, DRAFT, FACT, SOURCE};
use crate::access::Receipt;
use crate::calendar::{parse_clock, parse_day};
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result};
use crate::vocabulary::JournalKind;
use crate::web::form::{Faults, code, uuid};

const YES: &str = "ja";
const NO: &str = "nej";

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JournalForm {
    pub id: String,
    /// The version of the draft that the page was opened with.
    pub draft: String,
    /// The page itself, so that it is not taken for another.
    pub tab: String,
    /// The note that is corrected, if one is.
    pub corrects: String,
    pub kind: String,
    pub event_on: String,
    pub event_at: String,
    pub source: String,
    pub fact: String,
    pub assessment: String,
    pub informed: String,
    pub reason: String,
    /// Which button was pressed, when it was not the first.
    pub utkast: String,
    pub kasta: String,
}

impl JournalForm {
    pub fn fresh(today: Date) -> Self {
        Self { id: Uuid::now_v7().to_string(), event_on: today.to_string(), ..Self::default() }.on_a_new_page(0)
    }

    /// As the author left it.
    pub fn of_draft(draft: &Draft, receipt: &Receipt) -> Result<Self> {
        let kept = receipt.open(DRAFT.at(draft.id), &draft.content)?;
        let form: Self = kept.json().map_err(|_| Error::internal("a draft cannot be read"))?;
        Ok(form.on_a_new_page(draft.version))
    }

    /// A correction begins with what it corrects.
    pub fn correcting(entry: &Entry, receipt: &Receipt) -> Result<Self> {
        let open = |column: Column, sealed: Option<&Sealed>| match sealed {
            Some(sealed) => receipt.open(column.at(entry.id), sealed).map(|text| text.reveal().to_owned()),
            None => Ok(String::new()),
        };
        let content = entry.content.as_ref();
        Ok(Self {
            corrects: entry.id.to_string(),
            event_at: entry.event_at.map(clock).unwrap_or_default(),
            source: open(SOURCE, content.map(|content| &content.source))?,
            fact: open(FACT, content.and_then(|content| content.fact.as_ref()))?,
            assessment: open(ASSESSMENT, content.and_then(|content| content.assessment.as_ref()))?,
            informed: if entry.party_informed == Some(true) { YES } else { NO }.to_owned(),
            ..Self::fresh(entry.event_on)
        })
    }

    fn on_a_new_page(self, version: i32) -> Self {
        Self { draft: version.to_string(), tab: Uuid::new_v4().to_string(), ..self }
    }

    /// The form as a draft keeps it: nothing of the page that it was typed on.
    pub fn kept(&self) -> Result<String> {
        let typed = Self {
            draft: String::new(),
            tab: String::new(),
            utkast: String::new(),
            kasta: String::new(),
            ..self.clone()
        };
        serde_json::to_string(&typed).map_err(Error::internal)
    }

    pub fn hold(&self) -> Option<Hold> {
        Some(Hold { version: self.draft.trim().parse().ok()?, tab: uuid(&self.tab)? })
    }

    pub fn is_yes(&self) -> bool {
        self.informed == YES
    }

    /// The answers to whether the person has been told.
    pub const fn answers() -> [(&'static str, &'static str); 2] {
        [(YES, "Ja"), (NO, "Nej")]
    }

    /// Whether the same was written: the id may be sent twice, a different text may not be lost.
    pub fn parse(&self, now: PrimitiveDateTime, corrects: Option<Uuid>) -> std::result::Result<NewEntry, Faults> {
        let mut faults = Faults::none();
        let when = self.when(now, &mut faults);
        let kind = match corrects {
            Some(_) => Some(JournalKind::Correction),
            None => faults.need(
                code(&self.kind, JournalKind::parse).filter(|kind| kind.is_chosen()),
                "kind",
                "Välj typ av anteckning",
            ),
        };
        let source = faults.text(&self.source, 200, "source", "Skriv vem eller vad uppgifterna kommer från");
        let reason = match corrects {
            Some(_) => faults.text(&self.reason, 500, "reason", "Skriv vad som rättas och varför").map(Some),
            None => Some(None),
        };
        let fact = faults.optional_text(&self.fact, LONGEST_TEXT, "fact");
        let assessment = faults.optional_text(&self.assessment, LONGEST_TEXT, "assessment");
        if let (Some(fact), Some(assessment)) = (&fact, &assessment)
            && fact.is_empty()
            && assessment.is_empty()
        {
            faults.add("fact", "Skriv fakta, en bedömning eller båda");
        }
        let informed = match self.informed.as_str() {
            YES => Some(true),
            NO => Some(false),
            _ => faults.need(None, "informed", "Välj om den enskilde har fått veta vad som antecknas"),
        };
        let (
            Some((event_on, event_at)),
            Some(kind),
            Some(source),
            Some(reason),
            Some(fact),
            Some(assessment),
            Some(party_informed),
        ) = (when, kind, source, reason, fact, assessment, informed)
        else {
            return Err(faults);
        };
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        faults.finish(NewEntry {
            id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
            kind,
            event_on,
            event_at,
            source,
            fact: some(fact),
            assessment: some(assessment),
            party_informed,
            correction: corrects.zip(reason).map(|(of, reason)| Correction { of, reason }),
        })
    }

    fn when(&self, now: PrimitiveDateTime, faults: &mut Faults) -> Option<(Date, Option<Time>)> {
        let today = now.date();
        let day = faults.need(parse_day(&self.event_on, today), "event_on", "Skriv datumet som ÅÅÅÅ-MM-DD");
        let clock = faults.optional(&self.event_at, parse_clock, "event_at", "Skriv klockslaget som 09.15");
        let (day, clock) = (day?, clock?);
        match check_when(day, clock, now) {
            Ok(()) => Some((day, clock)),
            Err(WhenFault::DayAhead) => {
                faults.add("event_on", format!("Datumet kan inte vara senare än i dag, {today}"));
                None
            }
            Err(WhenFault::ClockAhead) => {
                faults.add("event_at", "Klockslaget har inte varit än");
                None
            }
        }
    }
}

/// "09.15".
pub fn clock(time: Time) -> String {
    format!("{:02}.{:02}", time.hour(), time.minute())
}

/// What the person objects.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct DisputeForm {
    pub id: String,
    pub said: String,
}

impl DisputeForm {
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    pub fn parse(&self) -> std::result::Result<(Uuid, String), Faults> {
        let mut faults = Faults::none();
        match faults.text(&self.said, 4000, "said", "Skriv vad den enskilde anser är fel") {
            Some(said) => faults.finish((uuid(&self.id).unwrap_or_else(Uuid::now_v7), said)),
            None => Err(faults),
        }
    }
}

/// Why a note does not belong in the case.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CancelForm {
    pub reason: String,
}

impl CancelForm {
    pub fn parse(&self) -> std::result::Result<String, Faults> {
        let mut faults = Faults::none();
        let reason = faults.text(&self.reason, 500, "reason", "Skriv varför anteckningen är felaktigt införd");
        reason.ok_or(faults)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{datetime, time};

    use super::*;

    const NOW: PrimitiveDateTime = datetime!(2026-11-20 12:00);

    fn typed() -> JournalForm {
        JournalForm {
            kind: "meeting".to_owned(),
            event_at: "9.15".to_owned(),
            source: "Den enskilde".to_owned(),
            fact: "Praktiken börjar i december.".to_owned(),
            informed: YES.to_owned(),
            ..JournalForm::fresh(NOW.date())
        }
    }

    fn faults(form: &JournalForm) -> Faults {
        form.parse(NOW, None).err().unwrap_or_default()
    }

    #[test]
    fn a_note_has_facts_or_an_assessment() {
        let new = typed().parse(NOW, None).ok().unwrap();
        assert_eq!((new.event_at, new.fact.is_some(), new.assessment), (Some(time!(9:15)), true, None));
        let neither = JournalForm { fact: " ".to_owned(), ..typed() };
        assert_eq!(faults(&neither).of("fact"), Some("Skriv fakta, en bedömning eller båda"));
        let judged = JournalForm { assessment: "Följer planen.".to_owned(), ..neither };
        assert!(judged.parse(NOW, None).is_ok());
    }

    #[test]
    fn nobody_chooses_to_correct_or_to_be_the_program() {
        for kind in ["correction", "program", ""] {
            let form = JournalForm { kind: kind.to_owned(), ..typed() };
            assert_eq!(faults(&form).of("kind"), Some("Välj typ av anteckning"), "{kind}");
        }
    }

    #[test]
    fn a_correction_says_why() {
        let of = Uuid::from_u128(7);
        assert!(typed().parse(NOW, Some(of)).err().unwrap().of("reason").is_some());
        let form = JournalForm { reason: "Fel månad.".to_owned(), ..typed() };
        let new = form.parse(NOW, Some(of)).ok().unwrap();
        assert_eq!((new.kind, new.correction.map(|correction| correction.of)), (JournalKind::Correction, Some(of)));
    }

    #[test]
    fn a_draft_keeps_everything_but_the_page_it_was_typed_on() {
        let form = typed();
        let kept: JournalForm = serde_json::from_str(&form.kept().unwrap()).unwrap();
        assert_eq!(JournalForm { draft: form.draft.clone(), tab: form.tab.clone(), ..kept }, form);
        let elsewhere = typed();
        let same = JournalForm { id: form.id.clone(), utkast: "1".to_owned(), ..elsewhere };
        assert_eq!(same.kept().unwrap(), form.kept().unwrap());
    }
}
