//! From what was typed to what was meant: [`Faults`], and the parsers that need no other module. Money, days and person
//! numbers are parsed where they live; a form asks them and gives the answer to [`Faults::need`].

use uuid::Uuid;

/// What has to be corrected, in the order of the fields. The same sentences stand in the summary and at the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<(&'static str, String)>);

impl Faults {
    /// For a form that nobody has sent yet, and to begin with in `parse`.
    pub fn none() -> Self {
        Self::default()
    }

    /// A fault at a field, named by its id. A field shows its first fault only: the second often follows from it.
    pub fn add(&mut self, field: &'static str, message: impl Into<String>) {
        if self.of(field).is_none() {
            self.0.push((field, message.into()));
        }
    }

    /// Passes a parsed value on, or notes that it is missing or cannot be read.
    pub fn need<T>(&mut self, value: Option<T>, field: &'static str, message: &str) -> Option<T> {
        if value.is_none() {
            self.add(field, message);
        }
        value
    }

    /// A field that may be left empty: nothing typed is `Some(None)`, something unreadable is a fault and `None`.
    pub fn optional<T>(
        &mut self,
        typed: &str,
        parse: impl FnOnce(&str) -> Option<T>,
        field: &'static str,
        message: &str,
    ) -> Option<Option<T>> {
        if typed.trim().is_empty() {
            return Some(None);
        }
        self.need(parse(typed), field, message).map(Some)
    }

    /// Text that must be there, at most `max` characters; `missing` says what to write. Trimmed; line breaks are kept as
    /// `\n`. Other control characters are refused: they hide or turn around what a text says, and Postgres refuses NUL.
    pub fn text(&mut self, typed: &str, max: usize, field: &'static str, missing: &str) -> Option<String> {
        let text = self.optional_text(typed, max, field)?;
        self.need((!text.is_empty()).then_some(text), field, missing)
    }

    /// Like [`Faults::text`], but may be empty.
    pub fn optional_text(&mut self, typed: &str, max: usize, field: &'static str) -> Option<String> {
        let text = typed.replace("\r\n", "\n").trim().to_owned();
        if text.chars().any(is_hidden) {
            self.add(field, "Texten innehåller tecken som inte går att läsa. Skriv den för hand");
            return None;
        }
        let over = text.chars().count().saturating_sub(max);
        if over > 0 {
            self.add(field, format!("Texten är {over} tecken för lång"));
            return None;
        }
        Some(text)
    }

    /// The faults of a part of the form that is read by itself.
    pub fn also(&mut self, part: Self) {
        for (field, message) in part.0 {
            self.add(field, message);
        }
    }

    /// The fault at a field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(at, _)| *at == field).map(|(_, message)| message.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Field id and message, in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, message)| (*field, message.as_str()))
    }

    /// Begins the title of a page with faults, so that a screen reader says so before anything else.
    pub fn prefix(&self) -> &'static str {
        if self.is_empty() { "" } else { "Fel: " }
    }

    /// The last line of a `parse`: the value if nothing was wrong.
    pub fn finish<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

/// One fault, for rules that are found out after `parse`, such as a named constraint of the database.
impl<M: Into<String>> From<(&'static str, M)> for Faults {
    fn from((field, message): (&'static str, M)) -> Self {
        Self(vec![(field, message.into())])
    }
}

/// Control characters, and the invisible ones that make a text read backwards.
fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A checkbox: the browser sends nothing at all for an empty one.
pub fn checkbox(typed: &str) -> bool {
    !typed.is_empty()
}

/// The choice whose code was sent, by the word list's own `parse`.
pub fn code<T>(typed: &str, parse: fn(&str) -> Option<T>) -> Option<T> {
    parse(typed.trim())
}

/// An id that the page put into the form.
pub fn uuid(typed: &str) -> Option<Uuid> {
    Uuid::try_parse(typed.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_keep_their_order_and_a_field_shows_its_first() {
        let mut faults = Faults::none();
        faults.add("starts_on", "Skriv datumet som ÅÅÅÅ-MM-DD");
        faults.add("kind", "Välj boende");
        faults.add("starts_on", "Startdatum saknas");
        let found: Vec<_> = faults.iter().collect();
        assert_eq!(found, [("starts_on", "Skriv datumet som ÅÅÅÅ-MM-DD"), ("kind", "Välj boende")]);
        assert_eq!(faults.of("kind"), Some("Välj boende"));
        assert_eq!(faults.of("ends_on"), None);
        assert_eq!(faults.finish(()).unwrap_err().len(), 2);
    }

    #[test]
    fn a_form_without_faults_gives_its_value() {
        let mut faults = Faults::none();
        let reason = faults.text("  Ny lägenhet\r\ni mars ", 100, "reason", "Skriv ett skäl");
        assert_eq!(faults.finish(reason), Ok(Some("Ny lägenhet\ni mars".to_owned())));
    }

    #[test]
    fn needed_text_is_not_empty_space() {
        let mut faults = Faults::none();
        assert_eq!(faults.text(" \r\n ", 100, "reason", "Skriv ett skäl"), None);
        assert_eq!(faults.of("reason"), Some("Skriv ett skäl"));
    }

    #[test]
    fn length_counts_characters_and_not_bytes() {
        let mut faults = Faults::none();
        assert!(faults.text("åäö", 3, "name", "").is_some());
        assert_eq!(faults.text("åäöå", 3, "name", ""), None);
        assert_eq!(faults.of("name"), Some("Texten är 1 tecken för lång"));
    }

    #[test]
    fn control_characters_are_refused() {
        for typed in ["a\0b", "a\u{1b}[2Jb", "a\u{85}b", "a\u{202e}b"] {
            let mut faults = Faults::none();
            assert_eq!(faults.optional_text(typed, 10, "name"), None);
            assert!(faults.of("name").is_some());
        }
    }

    #[test]
    fn an_optional_field_is_empty_or_right() {
        let mut faults = Faults::none();
        assert_eq!(faults.optional(" ", uuid, "other", "Välj"), Some(None));
        assert!(faults.is_empty());
        assert_eq!(faults.optional("7", uuid, "other", "Välj"), None);
        assert_eq!(faults.of("other"), Some("Välj"));
    }

    #[test]
    fn only_a_page_with_faults_says_so_in_its_title() {
        assert_eq!(Faults::none().prefix(), "");
        assert_eq!(Faults::from(("name", "Skriv ett namn")).prefix(), "Fel: ");
    }

    #[test]
    fn a_checkbox_that_is_not_sent_is_off() {
        assert!(!checkbox(""));
        assert!(checkbox("ja"));
    }
}
