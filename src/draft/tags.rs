//! Reads the tags of our own pages, as the templates write them: attributes in double quotes, texts escaped. It is no
//! reader for pages of others.

/// A tag, with its place in the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'p> {
    /// `/form` for the end of a form.
    pub name: &'p str,
    attributes: &'p str,
    pub start: usize,
    pub end: usize,
}

impl<'p> Tag<'p> {
    /// The first one from here on.
    pub(super) fn after(page: &'p str, mut from: usize) -> Option<Self> {
        loop {
            let start = from + page.get(from..)?.find('<')?;
            let rest = &page[start + 1..];
            if !rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/') {
                from = start + 1;
                continue;
            }
            let mut quoted = false;
            let length = rest.bytes().position(|byte| {
                quoted ^= byte == b'"';
                byte == b'>' && !quoted
            })?;
            let inside = &rest[..length];
            let (name, attributes) = inside.split_at(inside.find(char::is_whitespace).unwrap_or(length));
            return Some(Self { name, attributes, start, end: start + length + 2 });
        }
    }

    fn attributes(self) -> Vec<(&'p str, Option<&'p str>)> {
        let (mut rest, mut found) = (self.attributes.trim_start(), Vec::new());
        while !rest.is_empty() {
            let (name, after) = rest.split_at(rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len()));
            let (value, after) = match after.strip_prefix("=\"").and_then(|after| after.split_once('"')) {
                Some((value, after)) => (Some(value), after),
                None => (None, after.trim_start_matches('=')),
            };
            found.push((name, value));
            rest = after.trim_start();
        }
        found
    }

    /// An attribute's text; empty where it has none.
    pub(super) fn get(self, wanted: &str) -> Option<String> {
        let (_, value) = self.attributes().into_iter().find(|(name, _)| *name == wanted)?;
        Some(plain(value.unwrap_or_default()))
    }

    pub(super) fn has(self, wanted: &str) -> bool {
        self.attributes().iter().any(|(name, _)| *name == wanted)
    }

    /// The same tag with this attribute and no other of its name, or without it.
    pub(super) fn with(self, wanted: &str, value: Option<&str>) -> String {
        let mut tag = format!("<{}", self.name);
        let kept = self.attributes().into_iter().filter(|(name, _)| *name != wanted);
        for (name, value) in kept {
            tag.extend([" ", name]);
            if let Some(value) = value {
                tag.extend(["=\"", value, "\""]);
            }
        }
        match value {
            Some("") if wanted != "value" => tag.extend([" ", wanted]),
            Some(value) => tag.extend([" ", wanted, "=\"", &escaped(value), "\""]),
            None => {}
        }
        tag + ">"
    }
}

/// As a page writes it.
pub(super) fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut page, c| {
        match c {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            _ => page.push(c),
        }
        page
    })
}

/// As it was typed. Read once from the left: a sign that was typed as such stays one.
pub(super) fn plain(page: &str) -> String {
    const SIGNS: [(&str, char); 10] = [
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&amp;", '&'),
        ("&quot;", '"'),
        ("&#34;", '"'),
        ("&#38;", '&'),
        ("&#39;", '\''),
        ("&#60;", '<'),
        ("&#62;", '>'),
        ("&#x27;", '\''),
    ];
    let (mut text, mut rest) = (String::with_capacity(page.len()), page);
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        let (sign, letter) = SIGNS.into_iter().find(|(sign, _)| rest[at..].starts_with(sign)).unwrap_or(("&", '&'));
        text.push(letter);
        rest = &rest[at + sign.len()..];
    }
    text + rest
}

/// The words of a piece of a page, without its tags.
pub(super) fn words(page: &str) -> String {
    let (mut text, mut at) = (String::new(), 0);
    while let Some(tag) = Tag::after(page, at) {
        text.push_str(&page[at..tag.start]);
        at = tag.end;
    }
    text.push_str(&page[at..]);
    plain(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_and_written_anew() {
        let page = "<!doctype html><p>1 < 2</p><input id=\"a\" value=\"x &gt; &#34;y&#34;\" checked>";
        let tag = Tag::after(page, 20).unwrap();
        assert_eq!((tag.name, &page[tag.start..tag.end]), ("/p", "</p>"));
        let tag = Tag::after(page, tag.end).unwrap();
        assert_eq!((tag.get("value").as_deref(), tag.has("checked"), tag.has("b")), (Some("x > \"y\""), true, false));
        assert_eq!(tag.with("value", Some("å & \"")), "<input id=\"a\" checked value=\"å &amp; &quot;\">");
        assert_eq!(tag.with("checked", None), "<input id=\"a\" value=\"x &gt; &#34;y&#34;\">");
        assert_eq!(tag.with("selected", Some("")), format!("{} selected>", &page[tag.start..tag.end - 1]));
        assert!(Tag::after(page, tag.end).is_none());
    }

    #[test]
    fn a_text_comes_back_as_it_was_typed() {
        for text in ["<script>'\"&amp;\"'</script>", "&lt;", "rad ett\nrad två", "å&#39;"] {
            assert_eq!(plain(&escaped(text)), text);
        }
        assert_eq!(plain("&#38;amp; &#60; & &okänt;"), "&amp; < & &okänt;");
        assert_eq!(words("Namn <span class=\"optional\">(frivilligt)</span> &amp; mer"), "Namn (frivilligt) & mer");
    }
}
