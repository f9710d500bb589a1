//! The fields of a form on a page: what stands in them, and the same form with a draft put back.

use super::tags::{Tag, escaped, plain, words};

/// What the form makes. Of what a page holds hidden only these come from the draft, so that what is sent twice makes one
/// record.
const MADE: [&str; 3] = ["id", "next_id", "price_id"];
/// What a form says that it has seen. Where the page says otherwise by now, something has been changed since.
const SEEN: [&str; 3] = ["version", "after", "threat"];

/// A form that is kept, by its places in the page.
#[derive(Debug, Clone)]
pub(super) struct KeptForm {
    pub address: String,
    /// Behind its first tag.
    pub start: usize,
    /// Before its last.
    pub end: usize,
}

/// The forms of a page that are kept.
pub(super) fn forms(page: &str) -> Vec<KeptForm> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(tag) = Tag::after(page, at) {
        at = tag.end;
        if tag.name == "form"
            && tag.has("data-draft")
            && let (Some(address), Some(length)) = (tag.get("action"), page[at..].find("</form>"))
        {
            found.push(KeptForm { address, start: at, end: at + length });
            at += length;
        }
    }
    found
}

/// A text field, with the name that people know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    pub name: String,
    pub label: String,
    pub value: String,
}

/// Where something is typed and not chosen.
fn is_typed(input: Tag<'_>) -> bool {
    let kind = input.get("type").unwrap_or_default();
    input.name == "input" && !["hidden", "radio", "checkbox", "password", "submit", "button"].contains(&kind.as_str())
}

/// What stands in a `textarea`, and where it ends. The first line break is the template's.
fn area(form: &str, tag: Tag<'_>) -> (String, usize) {
    let length = form[tag.end..].find("</textarea>").unwrap_or(0);
    let text = &form[tag.end..tag.end + length];
    (plain(text.strip_prefix('\n').unwrap_or(text)), tag.end + length)
}

fn label(form: &str, id: &str) -> String {
    let begins = format!("<label for=\"{id}\">");
    let text = form.split_once(&begins).and_then(|(_, rest)| rest.split_once("</label>"));
    text.map_or_else(|| "Text".to_owned(), |(text, _)| words(text))
}

/// All texts of a form, in the order of the page.
pub(super) fn texts(form: &str) -> Vec<Text> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(tag) = Tag::after(form, at) {
        at = tag.end;
        let value = match tag.name {
            "textarea" => {
                let (text, end) = area(form, tag);
                at = end;
                text
            }
            "input" if is_typed(tag) => tag.get("value").unwrap_or_default(),
            _ => continue,
        };
        let label = label(form, &tag.get("id").unwrap_or_default());
        found.push(Text { name: tag.get("name").unwrap_or_default(), label, value });
    }
    found
}

/// What was typed, each piece to be put back once.
#[derive(Debug, Clone)]
pub(super) struct Values(Vec<(String, String, bool)>);

impl Values {
    pub(super) fn new(fields: Vec<(String, String)>) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name, value.replace("\r\n", "\n"), false)).collect())
    }

    /// The next one of a name.
    fn take(&mut self, name: &str) -> Option<String> {
        let (_, value, taken) = self.0.iter_mut().find(|(one, _, taken)| one == name && !*taken)?;
        *taken = true;
        Some(value.clone())
    }

    /// Whether a box was ticked.
    fn ticks(&mut self, name: &str, value: &str) -> bool {
        let found = self.0.iter_mut().find(|(one, typed, _)| one == name && typed == value);
        if let Some((_, _, taken)) = found {
            *taken = true;
            return true;
        }
        false
    }

    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(one, ..)| one == name).map(|(_, value, _)| value.as_str())
    }

    /// Texts that have no field on this page.
    pub(super) fn left(&self) -> Vec<String> {
        let is_text = |value: &str| value.trim().contains(char::is_whitespace);
        self.0.iter().filter(|(_, value, taken)| !taken && is_text(value)).map(|(_, value, _)| value.clone()).collect()
    }

    /// All texts, in the order in which they were sent.
    pub(super) fn typed(self) -> Vec<String> {
        self.0
            .into_iter()
            .map(|(_, value, _)| value)
            .filter(|value| value.trim().contains(char::is_whitespace))
            .collect()
    }
}

/// A text that stands otherwise on the page than in the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    pub label: String,
    pub here: String,
    pub there: String,
}

/// Where the form and the draft differ.
pub(super) fn differences(form: &str, values: &Values) -> Vec<Difference> {
    let mut values = values.clone();
    let differs = |Text { name, label, value }: Text| {
        let there = values.take(&name)?;
        (there.trim() != value.trim()).then_some(Difference { label, here: value, there })
    };
    texts(form).into_iter().filter_map(differs).collect()
}

/// Whether what the form speaks of has been changed since.
pub(super) fn is_outdated(form: &str, values: &Values) -> bool {
    let mut at = 0;
    while let Some(tag) = Tag::after(form, at) {
        at = tag.end;
        let name = tag.get("name").unwrap_or_default();
        let is_seen = tag.name == "input" && tag.get("type").as_deref() == Some("hidden");
        if is_seen && SEEN.contains(&name.as_str()) {
            let now = tag.get("value").unwrap_or_default();
            if values.first(&name).is_some_and(|then| then != now) {
                return true;
            }
        }
    }
    false
}

/// The form with what was typed.
pub(super) fn filled(form: &str, values: &mut Values, is_new: bool) -> String {
    let (mut page, mut at, mut chosen) = (String::with_capacity(form.len()), 0, None);
    while let Some(tag) = Tag::after(form, at) {
        page.push_str(&form[at..tag.start]);
        at = tag.end;
        let name = tag.get("name").unwrap_or_default();
        let kind = tag.get("type").unwrap_or_default();
        let as_it_is = &form[tag.start..tag.end];
        match tag.name {
            "textarea" => {
                let (text, end) = area(form, tag);
                let text = values.take(&name).unwrap_or(text);
                page.extend([as_it_is, "\n", &escaped(&text)]);
                at = end;
            }
            "input" if kind == "radio" || kind == "checkbox" => {
                let ticked = values.ticks(&name, &tag.get("value").unwrap_or_default());
                page.push_str(&tag.with("checked", ticked.then_some("")));
            }
            "input" if is_typed(tag) || (kind == "hidden" && MADE.contains(&name.as_str()) && is_new) => {
                match values.take(&name) {
                    Some(value) => page.push_str(&tag.with("value", Some(&value))),
                    None => page.push_str(as_it_is),
                }
            }
            "select" => {
                chosen = values.take(&name);
                page.push_str(as_it_is);
            }
            "option" if chosen.is_some() => {
                let is_chosen = chosen == tag.get("value");
                page.push_str(&tag.with("selected", is_chosen.then_some("")));
            }
            "/select" => {
                chosen = None;
                page.push_str(as_it_is);
            }
            _ => page.push_str(as_it_is),
        }
    }
    page + &form[at..]
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<form action=\"/sok\"></form><form method=\"post\" action=\"/a?b=1&amp;c=2\" data-draft>\
        <input type=\"hidden\" name=\"id\" value=\"1\"><input type=\"hidden\" name=\"version\" value=\"2\">\
        <label for=\"day\">Dag <span>(frivilligt)</span></label><input id=\"day\" name=\"day\" type=\"text\" value=\"i dag\">\
        <label for=\"text\">Text</label><textarea id=\"text\" name=\"text\">\nGammal &lt;text&gt;</textarea>\
        <textarea name=\"row\">\n</textarea><textarea name=\"row\">\n</textarea>\
        <select name=\"kind\"><option value=\"\">V\u{e4}lj</option><option value=\"a\" selected>A</option>\
        <option value=\"b\">B</option></select>\
        <input type=\"checkbox\" name=\"box\" value=\"x\" checked><input type=\"checkbox\" name=\"box\" value=\"y\">\
        <input type=\"password\" name=\"password\"><button name=\"go\" value=\"1\">G\u{e5}</button></form>";

    fn form() -> &'static str {
        let found = forms(PAGE);
        assert_eq!((found.len(), found[0].address.as_str()), (1, "/a?b=1&c=2"));
        &PAGE[found[0].start..found[0].end]
    }

    fn values(fields: &[(&str, &str)]) -> Values {
        Values::new(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn everything_that_was_typed_or_chosen_stands_there_again() {
        let typed = [
            ("id", "7"),
            ("version", "1"),
            ("day", "i \"morgon\""),
            ("text", "Ny text\r\n</textarea><b>"),
            ("row", "ett"),
            ("row", "två"),
            ("kind", "b"),
            ("box", "y"),
            ("gone", "Hade ett fält då"),
        ];
        let mut given = values(&typed);
        let page = filled(form(), &mut given, true);
        for stands in [
            "name=\"id\" value=\"7\"",
            "name=\"version\" value=\"2\"",
            "value=\"i &quot;morgon&quot;\"",
            "\nNy text\n&lt;/textarea&gt;&lt;b&gt;</textarea>",
            "name=\"row\">\nett</textarea><textarea name=\"row\">\ntvå</textarea>",
            "<option value=\"a\">A</option><option value=\"b\" selected>",
            "value=\"x\">",
            "value=\"y\" checked>",
        ] {
            assert!(page.contains(stands), "{stands} is not in {page}");
        }
        assert_eq!(given.left(), ["Hade ett fält då"]);
        assert!(filled(form(), &mut values(&typed), false).contains("name=\"id\" value=\"1\""));
        // What the draft says nothing of is as the page has it; a box that was not sent was not ticked.
        let page = filled(form(), &mut values(&[]), true);
        assert!(page.contains("Gammal &lt;text&gt;</textarea>") && page.contains("value=\"a\" selected"));
        assert!(!page.contains("checked"));
    }

    #[test]
    fn what_was_changed_since_is_told_field_by_field() {
        let typed = values(&[("version", "1"), ("day", "i dag"), ("text", "Ny text")]);
        assert!(is_outdated(form(), &typed));
        assert!(!is_outdated(form(), &values(&[("version", "2")])));
        let [one] = &differences(form(), &typed)[..] else { panic!("one field differs") };
        assert_eq!((&*one.label, &*one.here, &*one.there), ("Text", "Gammal <text>", "Ny text"));
        assert_eq!(texts(form())[0].label, "Dag (frivilligt)");
    }
}
