//! What is chosen for a print: parts, days and a purpose.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use crate::calendar::parse_day;
use crate::identity::proof::Typed;
use crate::vocabulary::{PrintPart, PrintPurpose};
use crate::web::form::{Faults, code, uuid};

const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";
/// The longest note.
pub(super) const LONGEST_NOTE: usize = 500;

/// No `Debug`: what one proves oneself with is in it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct PrintForm {
    pub id: String,
    pub parts: Vec<String>,
    pub from: String,
    pub to: String,
    pub purpose: String,
    pub note: String,
    passkey: String,
    password: String,
    code: String,
}

/// The days that a print is about; either end may be open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Days {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

impl Days {
    pub fn covers(self, day: Date) -> bool {
        self.meets(day, Some(day))
    }

    /// Whether any of the days from the first to the last is among them. Without a last one: until further notice.
    pub fn meets(self, first: Date, last: Option<Date>) -> bool {
        self.to.is_none_or(|to| first <= to) && self.from.is_none_or(|from| last.is_none_or(|last| last >= from))
    }
}

/// A print that may be made. No `Debug`: the note is about to be sealed.
#[derive(Clone)]
pub(super) struct NewPrint {
    pub id: Uuid,
    /// In the order of the list, each once.
    pub parts: Vec<PrintPart>,
    pub days: Days,
    pub purpose: PrintPurpose,
    pub note: Option<String>,
}

impl PrintForm {
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    pub fn typed(&self) -> Typed<'_> {
        Typed { passkey: &self.passkey, password: &self.password, code: &self.code }
    }

    pub fn parse(&self, today: Date) -> Result<NewPrint, Faults> {
        let mut faults = Faults::none();
        let parts = PrintPart::ALL.iter().filter(|part| self.parts.iter().any(|typed| typed == part.code())).copied();
        let parts: Vec<_> = parts.collect();
        let parts = faults.need((!parts.is_empty()).then_some(parts), "parts", "Välj minst en del");
        let from = faults.optional(&self.from, |typed| parse_day(typed, today), "from", A_DAY);
        let to = faults.optional(&self.to, |typed| parse_day(typed, today), "to", A_DAY);
        if let (Some(Some(from)), Some(Some(to))) = (from, to)
            && to < from
        {
            faults.add("to", "Sista dagen kan inte vara före den första");
        }
        let purpose =
            faults.need(code(&self.purpose, PrintPurpose::parse), "purpose", "Välj vad utskriften är till för");
        let note = if purpose == Some(PrintPurpose::Other) {
            faults.text(&self.note, LONGEST_NOTE, "note", "Skriv vad utskriften är till för")
        } else {
            faults.optional_text(&self.note, LONGEST_NOTE, "note")
        };
        match (parts, from, to, purpose, note) {
            (Some(parts), Some(from), Some(to), Some(purpose), Some(note)) => faults.finish(NewPrint {
                id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                parts,
                days: Days { from, to },
                purpose,
                note: Some(note).filter(|note| !note.is_empty()),
            }),
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    fn typed() -> PrintForm {
        let parts = ["timeline", "journal", "journal", "location"].map(str::to_owned).to_vec();
        PrintForm { parts, purpose: "case_work".to_owned(), ..PrintForm::fresh() }
    }

    #[test]
    fn parts_come_in_their_order_and_once() {
        let new = typed().parse(TODAY).unwrap();
        assert_eq!(new.parts, [PrintPart::Journal, PrintPart::Timeline], "and where somebody lives is no part");
        assert!(new.note.is_none());
    }

    #[test]
    fn an_empty_form_says_what_is_missing() {
        let faults = PrintForm::default().parse(TODAY).err().unwrap();
        assert_eq!(faults.iter().map(|(field, _)| field).collect::<Vec<_>>(), ["parts", "purpose"]);
    }

    #[test]
    fn another_purpose_has_to_be_said() {
        let faults = PrintForm { purpose: "other".to_owned(), ..typed() }.parse(TODAY).err().unwrap();
        assert!(faults.of("note").is_some());
        let said = PrintForm { purpose: "other".to_owned(), note: "Utbildning".to_owned(), ..typed() };
        assert_eq!(said.parse(TODAY).unwrap().note.as_deref(), Some("Utbildning"));
    }

    #[test]
    fn days_do_not_run_backwards() {
        let form = PrintForm { from: "2026-11-20".to_owned(), to: "2026-11-19".to_owned(), ..typed() };
        assert!(form.parse(TODAY).err().unwrap().of("to").is_some());
    }

    #[test]
    fn a_stay_is_printed_when_any_of_its_days_is_asked_for() {
        let days = Days { from: Some(date!(2026 - 03 - 01)), to: Some(date!(2026 - 03 - 31)) };
        assert!(
            days.meets(date!(2026 - 01 - 01), None) && days.meets(date!(2026 - 03 - 31), Some(date!(2026 - 04 - 02)))
        );
        assert!(!days.meets(date!(2026 - 01 - 01), Some(date!(2026 - 02 - 28))) && !days.covers(date!(2026 - 04 - 01)));
        assert!(Days::default().covers(TODAY));
    }
}
