//! The text of a decision: the lines that are shown to whoever signs it, in the order in which their fingerprint is taken.
//! What is shown and what is signed are made here and nowhere else, so they cannot differ.

use time::Date;

use super::model::{Correction, Decision};
use super::{
    AGE_REASON, APPLIED_FOR, CORRECTED_APPLIED_FOR, CORRECTED_REASONS, CORRECTED_SCOPE, MINUTES_REF, PARTICIPANTS,
    REASONS, SCOPE,
};
use crate::access::{Desk, Receipt};
use crate::crypto::fingerprint::Fingerprint;
use crate::crypto::{Place, Sealed};
use crate::error::Result;
use crate::personal::Personal;
use crate::vocabulary::DecisionMaker;

enum Words {
    Plain(String),
    Sealed(Place, Sealed),
    /// Typed and about to be sealed.
    Typed(Personal),
}

/// A heading and what stands under it.
pub struct Line {
    heading: &'static str,
    words: Words,
}

/// A line that can be shown.
pub struct Shown {
    pub heading: &'static str,
    pub text: Personal,
}

/// Who makes the decision, and when: name and role, as they are kept with the signature.
#[derive(Debug, Clone)]
pub struct Making {
    pub on: Date,
    pub by: String,
}

impl Making {
    /// Of one that was made.
    pub fn of(one: &Decision) -> Option<Self> {
        one.made_on().zip(one.signature.as_ref()).map(|(on, signature)| Self { on, by: signature.name.clone() })
    }

    /// By whoever sits at the desk. A committee's decision was made on its own day; any other is made today.
    pub fn now(desk: &Desk, one: &Decision) -> Self {
        let actor = desk.actor();
        Self {
            on: one.matter.decided_on.unwrap_or_else(|| desk.clock().today()),
            by: format!("{}, {}", actor.name, actor.role.label().to_lowercase()),
        }
    }
}

/// Headings that name colleagues: left out of a notice where they could be threatened (33 § FL).
pub const NAMES_STAFF: [&str; 2] = [BY, PARTOOK];
const BY: &str = "Beslutat av";
const PARTOOK: &str = "Andra som har deltagit";

/// The texts of a correction that is being made.
pub struct Corrected<'c> {
    pub applied_for: Option<&'c str>,
    pub scope: &'c str,
    pub reasons: Option<&'c str>,
}

/// Which of its texts are read: as they were decided, as they were corrected, or as they are about to be.
pub enum Edition<'e> {
    Original,
    Of(&'e Correction),
    About(Corrected<'e>),
}

/// What a text is read from.
pub struct Reading<'r> {
    pub case: &'r str,
    pub one: &'r Decision,
    /// The number of the decision that this one takes the place of.
    pub changes: Option<i32>,
    /// Nothing while it is a draft.
    pub making: Option<Making>,
}

impl<'r> Reading<'r> {
    /// One of the case's decisions as it stands.
    pub fn of(case: &'r str, one: &'r Decision, all: &[Decision]) -> Self {
        let changed = all.iter().find(|other| Some(other.id) == one.matter.changes);
        Self { case, one, changes: changed.map(|other| other.number), making: Making::of(one) }
    }
}

/// The whole text.
pub fn lines(reading: &Reading<'_>, edition: &Edition<'_>) -> Vec<Line> {
    let Reading { case, one, changes, making } = reading;
    let matter = &one.matter;
    let mut lines = Vec::new();
    let mut plain = |heading, text: String| lines.push(Line { heading, words: Words::Plain(text) });
    plain("Ärende", format!("{case}, beslut {}", one.number));
    plain("Beslutet gäller", matter.kind.label().to_owned());
    plain("Utfall", matter.outcome.label().to_owned());
    plain("Lagrum", matter.bases.iter().map(|basis| basis.label()).collect::<Vec<_>>().join(", "));
    if let Some(number) = changes {
        plain("Ändrar", format!("Beslut {number}"));
    }
    let period = matter.to.map_or_else(
        || format!("Från {} tills vidare", matter.from),
        |to| format!("{} till och med {to}", matter.from),
    );
    plain("Gäller", period);
    if let Some(amount) = matter.amount {
        let form = matter.procurement.map(|form| format!(", {}", form.label().to_lowercase())).unwrap_or_default();
        plain("Högsta kostnad", format!("{amount}{form}"));
    }
    if matter.emergency {
        plain("Akut beslut", "Ja".to_owned());
    }
    let texts = &one.texts;
    let original = |heading, column: crate::crypto::Column, sealed: &Option<Sealed>| {
        sealed.clone().map(|sealed| Line { heading, words: Words::Sealed(column.at(one.id), sealed) })
    };
    let [applied_for, scope, reasons] = match edition {
        Edition::Original => [
            original("Ansökan", APPLIED_FOR, &texts.applied_for),
            original("Beslut", SCOPE, &Some(texts.scope.clone())),
            original("Skäl", REASONS, &texts.reasons),
        ],
        Edition::Of(corrected) => {
            let of = |heading, column: crate::crypto::Column, sealed: Option<Sealed>| {
                sealed.map(|sealed| Line { heading, words: Words::Sealed(column.at(corrected.id), sealed) })
            };
            [
                of("Ansökan", CORRECTED_APPLIED_FOR, corrected.applied_for.clone()),
                of("Beslut", CORRECTED_SCOPE, Some(corrected.scope.clone())),
                of("Skäl", CORRECTED_REASONS, corrected.reasons.clone()),
            ]
        }
        Edition::About(typed) => {
            let of = |heading, text: Option<&str>| {
                text.map(|text| Line { heading, words: Words::Typed(Personal::new(text)) })
            };
            [of("Ansökan", typed.applied_for), of("Beslut", Some(typed.scope)), of("Skäl", typed.reasons)]
        }
    };
    lines.extend([applied_for, scope, reasons].into_iter().flatten());
    if let Some(exception) = matter.exception {
        let words = Words::Plain(exception.label().to_owned());
        lines.push(Line { heading: "Skälen utelämnas", words });
    }
    lines.extend(original("Skäl för boendeformen", AGE_REASON, &texts.age_reason));
    lines.extend(original(PARTOOK, PARTICIPANTS, &texts.participants));
    lines.extend(original("Protokoll", MINUTES_REF, &texts.minutes_ref));
    if let Some(Making { on, by }) = making {
        let by = match matter.maker {
            DecisionMaker::Delegate => by.clone(),
            maker => format!("{}, infört av {by}", maker.label()),
        };
        lines.push(Line { heading: "Beslutat", words: Words::Plain(on.to_string()) });
        lines.push(Line { heading: BY, words: Words::Plain(by) });
    }
    lines
}

/// Opened, for the page.
pub fn shown(lines: &[Line], receipt: &Receipt) -> Result<Vec<Shown>> {
    lines
        .iter()
        .map(|line| {
            let text = match &line.words {
                Words::Plain(text) => Personal::new(text.as_str()),
                Words::Sealed(place, sealed) => receipt.open(*place, sealed)?,
                Words::Typed(text) => text.clone(),
            };
            Ok(Shown { heading: line.heading, text })
        })
        .collect()
}

/// Of what a page shows.
pub fn print_of(shown: &[Shown]) -> [u8; 32] {
    let mut print = Fingerprint::new();
    for line in shown {
        print.write(&format!("{}\n", line.heading));
        print.write_personal(&line.text);
        print.write("\n\n");
    }
    print.finish()
}

/// Of what is about to be signed, without showing it.
pub fn print_at(lines: &[Line], desk: &Desk) -> Result<[u8; 32]> {
    let mut print = Fingerprint::new();
    for line in lines {
        print.write(&format!("{}\n", line.heading));
        match &line.words {
            Words::Plain(text) => print.write(text),
            Words::Sealed(place, sealed) => desk.ask(*place, sealed, |text| print.write_personal(text))?,
            Words::Typed(text) => print.write_personal(text),
        }
        print.write("\n\n");
    }
    Ok(print.finish())
}
