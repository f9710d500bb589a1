//! The values that the macros in `templates/parts/ui.html` take: a field, a choice, a due day, a pager, the case bar.
//! They hold what is shown and nothing that decides; wording that depends on a date or a sum is settled when they are made.

use time::{Date, PrimitiveDateTime};

use super::form::Faults;

mod list;
pub use list::{Pager, PagerStep, SortLink};

/// One field of a form, with what was typed and what was wrong. Built in the template, where its Swedish label stands:
/// `{{ ui::text_field(Field::new("starts_on", "Startdatum", form.starts_on, faults).day()) }}`.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// Id and name of the element, and the field that [`Faults`] speaks of.
    pub id: &'static str,
    pub label: &'a str,
    pub hint: &'a str,
    pub value: &'a str,
    pub error: Option<&'a str>,
    /// Marked "(frivilligt)"; fields that must be filled in are not marked.
    pub optional: bool,
    /// How wide the field is: `w-date`, `w-time`, `w-pnr`, `w-amount`, `w-m` or empty. The width tells the length.
    pub class: &'static str,
    pub inputmode: &'static str,
    /// `text`, `password`, `search` or `email`.
    pub kind: &'static str,
    /// `off` but for the user's own name, password and code: nothing about a client may be offered on another form.
    pub autocomplete: &'static str,
    /// Stands after the field: "kr per dygn".
    pub unit: &'a str,
    /// The longest text a `textarea` takes.
    pub max: usize,
}

impl<'a> Field<'a> {
    pub fn new(id: &'static str, label: &'a str, value: &'a str, faults: &'a Faults) -> Self {
        Self {
            id,
            label,
            hint: "",
            value,
            error: faults.of(id),
            optional: false,
            class: "",
            inputmode: "text",
            kind: "text",
            autocomplete: "off",
            unit: "",
            max: 0,
        }
    }

    #[must_use]
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }

    #[must_use]
    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    #[must_use]
    pub fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    #[must_use]
    pub fn unit(self, unit: &'a str) -> Self {
        Self { unit, ..self }
    }

    /// The longest text of a `textarea`, shown as "1 986 tecken kvar".
    #[must_use]
    pub fn max(self, max: usize) -> Self {
        Self { max, ..self }
    }

    /// A text field for a day: typing is faster than the browser's own calendar, and the format is certain.
    #[must_use]
    pub fn day(self) -> Self {
        Self { class: "w-date", inputmode: "numeric", hint: "Till exempel 2026-11-20", ..self }
    }

    /// A field for an amount.
    #[must_use]
    pub fn amount(self) -> Self {
        Self { class: "w-amount", inputmode: "decimal", unit: "kr", ..self }
    }

    /// Figures alone: brings the number keys up on a telephone.
    #[must_use]
    pub fn numeric(self) -> Self {
        Self { inputmode: "numeric", ..self }
    }

    /// A field for a person number.
    #[must_use]
    pub fn person_number(self) -> Self {
        Self { class: "w-pnr", inputmode: "numeric", hint: "ÅÅÅÅMMDD-NNNN", ..self }
    }

    /// A password; `autocomplete` is `current-password` or `new-password`, so that password managers work.
    #[must_use]
    pub fn password(self, autocomplete: &'static str) -> Self {
        Self { kind: "password", class: "w-m", autocomplete, ..self }
    }

    /// Says what the browser may fill in: the user's own details only.
    #[must_use]
    pub fn autocomplete(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }

    /// The ids of hint, error and unit, for `aria-describedby`.
    pub fn described_by(&self) -> String {
        let parts = [(!self.hint.is_empty(), "tips"), (self.error.is_some(), "fel"), (!self.unit.is_empty(), "enhet")];
        let ids: Vec<_> = parts.iter().filter(|part| part.0).map(|part| format!("{}-{}", self.id, part.1)).collect();
        ids.join(" ")
    }

    /// The text for an empty counter: what the script later counts down.
    pub fn max_text(&self) -> String {
        format!("Högst {} tecken", thousands(self.max))
    }
}

/// One of several: a radio button, a checkbox or a line in a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The first has the field's own id, so that the link in the fault summary meets it.
    pub id: String,
    pub value: String,
    pub label: String,
    pub hint: String,
    pub chosen: bool,
}

impl Choice {
    /// Choices of which one may be taken, from pairs of code and label. None is chosen beforehand.
    pub fn one<C: Into<String>, L: Into<String>>(
        field: &str,
        choices: impl IntoIterator<Item = (C, L)>,
        chosen: &str,
    ) -> Vec<Self> {
        Self::list(field, choices, |code| code == chosen)
    }

    /// Choices of which several may be taken.
    pub fn several<C: Into<String>, L: Into<String>>(
        field: &str,
        choices: impl IntoIterator<Item = (C, L)>,
        chosen: &[String],
    ) -> Vec<Self> {
        Self::list(field, choices, |code| chosen.iter().any(|one| one == code))
    }

    /// A single checkbox, sent as `ja`.
    pub fn yes(field: &str, label: &str, chosen: bool) -> Vec<Self> {
        Self::list(field, [("ja", label)], |_| chosen)
    }

    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    fn list<C: Into<String>, L: Into<String>>(
        field: &str,
        choices: impl IntoIterator<Item = (C, L)>,
        chosen: impl Fn(&str) -> bool,
    ) -> Vec<Self> {
        let numbered = (1..).zip(choices);
        numbered
            .map(|(number, (value, label))| {
                let id = if number == 1 { field.to_owned() } else { format!("{field}-{number}") };
                let value = value.into();
                Self { id, chosen: chosen(&value), value, label: label.into(), hint: String::new() }
            })
            .collect()
    }
}

/// A link with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    pub href: String,
    pub label: String,
}

impl Action {
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into() }
    }
}

/// A step on the way to the page; the last one is the page itself and has no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    pub href: Option<String>,
}

impl Crumb {
    pub fn to(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { label: label.into(), href: Some(href.into()) }
    }

    pub fn here(label: impl Into<String>) -> Self {
        Self { label: label.into(), href: None }
    }
}

/// A part of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    pub href: String,
    pub label: &'static str,
    pub current: bool,
    pub count: Option<i64>,
}

/// The police's assessment in a word: the level, or why none is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreatTag {
    /// Its colour in the style sheet.
    pub key: &'static str,
    pub label: String,
    /// How many of the four bars are filled, -1 for no bars.
    pub step: i8,
}

/// What stands above every page of a case, read as `case` by `parts/case_head.html`. No name, no person number and no
/// home: the reference and the code name are all that a stranger may read over a shoulder.
#[derive(Debug, Clone)]
pub struct CaseBar {
    pub reference: String,
    pub code_name: String,
    pub age: Option<u8>,
    pub status: &'static str,
    /// For those who may see it.
    pub threat: Option<ThreatTag>,
    pub responsible: Option<String>,
    pub deputy: Option<String>,
    pub coordinator: Option<String>,
    /// The kind of protection; makes the band appear.
    pub protection: Option<&'static str>,
    /// Where the protected facts are opened, for those who may.
    pub reveal: Option<String>,
    pub tabs: Vec<Tab>,
    /// What is done most often, as a button.
    pub primary: Option<Action>,
    /// The rest, in the menu "Fler åtgärder".
    pub actions: Vec<Action>,
    pub closed: bool,
    /// The day on which the person died: every page says so, and with it every form.
    pub died_on: Option<time::Date>,
    /// Until when a broken glass stands open, where nothing else opens the case.
    pub glass_until: Option<Moment>,
    pub crumbs: Vec<Crumb>,
}

/// A day by which something should be done, as seen today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub day: Date,
    /// "Försenad 4 dagar", "I dag" or nothing.
    pub text: String,
    /// The class that colours it: `due-late`, `due-today` or nothing.
    pub class: &'static str,
}

impl Due {
    pub fn on(day: Date, today: Date) -> Self {
        let (text, class) = match (today - day).whole_days() {
            1 => ("Försenad 1 dag".to_owned(), "due-late"),
            late @ 2.. => (format!("Försenad {} dagar", thousands(late.unsigned_abs())), "due-late"),
            0 => ("I dag".to_owned(), "due-today"),
            _ => (String::new(), ""),
        };
        Self { day, text, class }
    }
}

/// Something to do, with its day and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Todo {
    pub href: String,
    pub label: String,
    pub due: Due,
    pub note: String,
}

/// A moment by the clock on the wall in Stockholm; the calendar does the conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub PrimitiveDateTime);

impl Moment {
    pub fn day(&self) -> Date {
        self.0.date()
    }

    /// "09.15".
    pub fn clock(&self) -> String {
        format!("{:02}.{:02}", self.0.hour(), self.0.minute())
    }

    /// "2026-11-18T09:15", for the `datetime` attribute.
    pub fn machine(&self) -> String {
        format!("{}T{:02}:{:02}", self.0.date(), self.0.hour(), self.0.minute())
    }
}

/// How much of something is used, with both figures in words: the bar only illustrates them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meter {
    /// Of a hundred.
    pub filled: u8,
    /// Fetches the eye when more is used than there is.
    pub over: bool,
    pub used: String,
    pub total: String,
}

impl Meter {
    pub fn new(value: i64, max: i64, used: impl Into<String>, total: impl Into<String>) -> Self {
        let parts = i128::from(value.max(0)) * 100 / i128::from(max.max(1));
        let filled = u8::try_from(parts.min(100)).unwrap_or(100);
        Self { filled, over: value > max, used: used.into(), total: total.into() }
    }
}

/// A whole number with no-break spaces between the thousands.
fn thousands(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or(0).to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_due_day_says_how_late_it_is() {
        let due = |day| Due::on(day, date!(2026 - 11 - 20));
        assert_eq!(due(date!(2026 - 11 - 16)).text, "Försenad 4 dagar");
        assert_eq!(due(date!(2026 - 11 - 19)).text, "Försenad 1 dag");
        assert_eq!(
            (due(date!(2026 - 11 - 20)).text.as_str(), due(date!(2026 - 11 - 20)).class),
            ("I dag", "due-today")
        );
        assert_eq!((due(date!(2026 - 11 - 21)).text.as_str(), due(date!(2026 - 11 - 21)).class), ("", ""));
    }

    #[test]
    fn the_first_choice_has_the_id_of_its_field() {
        let choices = Choice::one("kind", [("hvb", "HVB"), ("stodboende", "Stödboende")], "stodboende");
        let ids: Vec<_> = choices.iter().map(|choice| (choice.id.as_str(), choice.chosen)).collect();
        assert_eq!(ids, [("kind", false), ("kind-2", true)]);
    }

    #[test]
    fn a_meter_is_never_more_than_full() {
        assert_eq!(Meter::new(166, 183, "", "").filled, 90);
        assert_eq!((Meter::new(200, 183, "", "").filled, Meter::new(200, 183, "", "").over), (100, true));
        assert_eq!(Meter::new(5, 0, "", "").filled, 100);
    }

    #[test]
    fn thousands_do_not_break_across_lines() {
        assert_eq!(thousands(986_u32), "986");
        assert_eq!(thousands(1_986_000_u32), "1\u{a0}986\u{a0}000");
    }
}
