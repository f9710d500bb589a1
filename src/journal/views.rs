//! How a note is shown, and the form that one is written in.

use time::Date;

use super::form::{JournalForm, clock};
use super::model::{Draft, Entry};
use super::paths;
use super::store::{ASSESSMENT, CANCELLED_WHY, DISPUTED, FACT, REASON, SOURCE};
use crate::access::Receipt;
use crate::calendar::{month_heading, stockholm, stockholm_date};
use crate::crypto::seal::{Column, Sealed};
use crate::error::Result;
use crate::personal::Personal;
use crate::vocabulary::JournalKind;
use crate::web::form::Faults;
use crate::web::view::{Choice, Moment};

/// What the one who looks may do.
#[derive(Clone, Copy)]
pub struct Powers {
    pub write: bool,
    pub cancel: bool,
}

/// A note as the page shows it.
pub struct EntryView {
    pub id: String,
    pub heading: &'static str,
    /// The program's own line.
    pub by_program: bool,
    pub event_on: Date,
    pub clock: Option<String>,
    pub entered: Moment,
    pub author: String,
    pub title: String,
    pub informed: Option<bool>,
    /// What the program's codes say.
    pub sentence: Option<String>,
    pub texts: Option<Texts>,
    pub corrects: Option<(String, Date)>,
    pub corrected: Option<CorrectedView>,
    pub cancelled: Option<CancelledView>,
    pub disputes: Vec<DisputeView>,
    pub correct: Option<String>,
    pub dispute: Option<String>,
    pub cancel: Option<String>,
    /// Where those who may see it read what was closed away.
    pub open: Option<String>,
}

pub struct Texts {
    pub source: Personal,
    pub fact: Option<Personal>,
    pub assessment: Option<Personal>,
    pub reason: Option<Personal>,
}

pub struct CorrectedView {
    pub on: Date,
    pub name: String,
    pub href: String,
}

pub struct CancelledView {
    pub on: Date,
    pub name: String,
    /// For those who may see what was closed away.
    pub reason: Option<Personal>,
}

pub struct DisputeView {
    pub on: Date,
    pub name: String,
    pub said: Personal,
}

/// Whether what was closed away is shown all the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ClosedAway {
    Hidden,
    Opened,
}

impl EntryView {
    pub fn of(case: &str, entry: &Entry, powers: Powers, closed_away: ClosedAway, receipt: &Receipt) -> Result<Self> {
        let id = entry.id;
        let open = |column: Column, sealed: &Option<Sealed>| {
            sealed.as_ref().map(|sealed| receipt.open(column.at(id), sealed)).transpose()
        };
        let readable = entry.cancelled.is_none() || closed_away == ClosedAway::Opened;
        let texts = match entry.content.as_ref().filter(|_| readable) {
            Some(content) => Some(Texts {
                source: receipt.open(SOURCE.at(id), &content.source)?,
                fact: open(FACT, &content.fact)?,
                assessment: open(ASSESSMENT, &content.assessment)?,
                reason: open(REASON, &content.reason)?,
            }),
            None => None,
        };
        let disputes = entry.disputes.iter().filter(|_| readable).map(|dispute| {
            let said = receipt.open(DISPUTED.at(dispute.id), &dispute.said)?;
            Ok(DisputeView { on: stockholm_date(dispute.at), name: dispute.name.clone(), said })
        });
        let cancelled = match &entry.cancelled {
            Some(cancelled) => Some(CancelledView {
                on: stockholm_date(cancelled.at),
                name: cancelled.name.clone(),
                reason: match closed_away {
                    ClosedAway::Opened => Some(receipt.open(CANCELLED_WHY.at(id), &cancelled.reason)?),
                    ClosedAway::Hidden => None,
                },
            }),
            None => None,
        };
        let link = |may: bool, path: fn(&str, uuid::Uuid) -> String| may.then(|| path(case, id));
        Ok(Self {
            id: format!("anteckning-{id}"),
            heading: entry.program.as_ref().map_or(entry.kind.label(), |line| line.event.label()),
            by_program: entry.program.is_some(),
            event_on: entry.event_on,
            clock: entry.event_at.map(clock),
            entered: Moment(stockholm(entry.entered_at)),
            author: entry.author.clone(),
            title: entry.title.clone(),
            informed: entry.party_informed,
            sentence: entry.program.as_ref().and_then(super::model::Line::sentence),
            texts,
            corrects: entry.corrects.map(|(of, on)| (paths::show(case, of), on)),
            corrected: entry.corrected.as_ref().map(|corrected| CorrectedView {
                on: stockholm_date(corrected.at),
                name: corrected.name.clone(),
                href: paths::show(case, corrected.by),
            }),
            cancelled,
            disputes: disputes.collect::<Result<_>>()?,
            correct: link(powers.write && entry.can_be_corrected(), paths::correct),
            dispute: link(powers.write && entry.can_be_disputed(), paths::dispute),
            cancel: link(powers.cancel && entry.can_be_cancelled(), paths::cancel),
            open: link(powers.cancel && !readable, paths::show),
        })
    }
}

/// The notes of a month.
pub struct Month {
    pub name: String,
    pub entries: Vec<EntryView>,
}

impl Month {
    /// The notes stand in order already.
    pub fn of(entries: Vec<EntryView>) -> Vec<Self> {
        let mut months: Vec<Self> = Vec::new();
        for entry in entries {
            let name = month_heading(entry.event_on);
            match months.last_mut().filter(|month| month.name == name) {
                Some(month) => month.entries.push(entry),
                None => months.push(Self { name, entries: vec![entry] }),
            }
        }
        months
    }
}

/// The form, with the draft that it was opened with.
pub struct Writing {
    pub form: JournalForm,
    pub faults: Faults,
    pub kinds: Vec<Choice>,
    pub informed: Vec<Choice>,
    pub action: String,
    /// Where the open form saves itself.
    pub draft: String,
    /// When what stands in the form was saved.
    pub saved: Option<String>,
    pub clash: Option<Clash>,
}

/// Two texts of the same author's.
pub enum Clash {
    /// Another page has saved this since.
    Draft(Box<JournalForm>),
    /// The draft has been entered from another page.
    Entered,
}

impl Writing {
    pub fn of(action: String, case: &str, form: JournalForm, faults: Faults) -> Self {
        let kinds = JournalKind::ALL.iter().filter(|kind| kind.is_chosen()).map(|kind| (kind.code(), kind.label()));
        Self {
            kinds: Choice::one("kind", kinds, &form.kind),
            informed: Choice::one("informed", JournalForm::answers(), &form.informed),
            action,
            draft: paths::draft(case),
            saved: None,
            clash: None,
            form,
            faults,
        }
    }

    /// With what the author wrote last, or else with what `fresh` says.
    pub fn begun(
        action: String,
        case: &str,
        draft: Option<&Draft>,
        today: Date,
        receipt: &Receipt,
        fresh: impl FnOnce() -> Result<JournalForm>,
    ) -> Result<Self> {
        Ok(match draft {
            Some(draft) => {
                let form = JournalForm::of_draft(draft, receipt)?;
                let saved = Some(saved_at(Moment(stockholm(draft.saved_at)), today));
                Self { saved, ..Self::of(action, case, form, Faults::none()) }
            }
            None => Self::of(action, case, fresh()?, Faults::none()),
        })
    }

    /// With both texts. The next time the form is sent it writes over the other one, knowingly.
    pub fn clashing(
        action: String,
        case: &str,
        form: JournalForm,
        other: Option<&Draft>,
        receipt: &Receipt,
    ) -> Result<Self> {
        let (form, clash) = match other {
            Some(draft) => (
                JournalForm { draft: draft.version.to_string(), ..form },
                Clash::Draft(Box::new(JournalForm::of_draft(draft, receipt)?)),
            ),
            // What is entered stands; this text may become a note of its own.
            None => (JournalForm { id: uuid::Uuid::now_v7().to_string(), ..form }, Clash::Entered),
        };
        Ok(Self { clash: Some(clash), ..Self::of(action, case, form, Faults::none()) })
    }
}

/// "Utkast sparat kl. 10.42", with the day when it is another.
fn saved_at(at: Moment, today: Date) -> String {
    if at.day() == today {
        format!("Utkast sparat kl. {}", at.clock())
    } else {
        format!("Utkast sparat {} kl. {}", at.day(), at.clock())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn the_day_of_a_draft_is_said_when_it_is_another() {
        let at = Moment(datetime!(2026-11-20 10:42));
        assert_eq!(saved_at(at, date!(2026 - 11 - 20)), "Utkast sparat kl. 10.42");
        assert_eq!(saved_at(at, date!(2026 - 11 - 21)), "Utkast sparat 2026-11-20 kl. 10.42");
    }
}
