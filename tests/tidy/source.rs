//! How `tidy.rs` reads source: files, words in them, and code without comments, literals and tests. A small lexer and
//! no parser: it knows just enough Rust for the rules of the house. The rules themselves are not here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Every file: path from the root of the crate, and its text.
pub type Files = BTreeMap<String, String>;

pub fn read(folders: &[&str]) -> Files {
    // The browser's tests read the program's source too, from a crate of their own.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.ancestors().find(|folder| folder.join("migrations").is_dir()).unwrap_or(here);
    let mut files = Files::new();
    let mut waiting: Vec<_> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            waiting.extend(entries.map(|entry| entry.unwrap_or_else(|e| panic!("{e}")).path()));
        } else if let (Ok(text), Ok(name)) = (fs::read_to_string(&path), path.strip_prefix(root)) {
            files.insert(name.to_string_lossy().replace('\\', "/"), text);
        }
    }
    assert!(!files.is_empty(), "nothing found in {folders:?}");
    files
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where `what` stands as whole words, as seen from its left side.
pub fn finds<'a>(text: &'a str, what: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(what).map(|(at, _)| at).filter(|&at| !text[..at].ends_with(is_word))
}

pub fn first_word(text: &str) -> &str {
    text.split(|c| !is_word(c)).next().unwrap_or_default()
}

pub fn line(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Blanks out comments and literals, so that words about code are not taken for code. Lines stay where they are.
fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if out.ends_with(is_word) && is_word(c) { 0 } else { literal(rest) };
        let length = if length == 0 { literal_outside_words(rest) } else { length };
        if length == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            out.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[length..];
        }
    }
    out
}

/// Length of the raw string that begins here, or 0.
fn literal(rest: &str) -> usize {
    let Some(raw) = ["r", "br", "cr"].iter().find_map(|prefix| rest.strip_prefix(prefix)) else { return 0 };
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    let Some(body) = raw[hashes..].strip_prefix('"') else { return 0 };
    let end = format!("\"{}", "#".repeat(hashes));
    rest.len() - body.len() + body.find(&end).map_or(body.len(), |at| at + end.len())
}

/// Length of the comment, string or character that begins here, or 0.
fn literal_outside_words(rest: &str) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return rest.find("*/").map_or(rest.len(), |at| at + 2);
    }
    let Some(quote @ ('"' | '\'')) = rest.chars().next() else { return 0 };
    // A lifetime has one quote: 'a. A character has two: 'a', '\n'.
    if quote == '\'' && !rest.starts_with("'\\") && rest.chars().nth(2) != Some('\'') {
        return 0;
    }
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote && at > 0 => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Takes away what `#[cfg(test)]` stands on; also says which files it declared.
fn without_tests(code: &str) -> (String, Vec<String>) {
    let (mut out, mut declared, mut rest) = (String::new(), Vec::new(), code);
    while let Some(at) = rest.find("#[cfg(test)]") {
        let item = &rest[at..];
        let mut depth = 0_usize;
        let end = item.find(|c| {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && matches!(c, ';' | '}')
        });
        let end = end.map_or(item.len(), |end| end + 1);
        if let (Some(module), true) = (item[..end].split("mod ").nth(1), item[..end].ends_with(';')) {
            declared.push(first_word(module).to_owned());
        }
        out.push_str(&rest[..at]);
        out.extend(item[..end].chars().filter(|&c| c == '\n'));
        rest = &item[end..];
    }
    out.push_str(rest);
    (out, declared)
}

/// The code that runs in a municipality: all of `src` but its tests.
pub fn shipped(src: &Files) -> Files {
    let (mut files, mut tests) = (Files::new(), BTreeSet::new());
    for (path, text) in src {
        let (kept, declared) = without_tests(&code(text));
        let beside = ["/mod.rs", "/lib.rs", "/main.rs"].iter().find_map(|end| path.strip_suffix(end));
        let folder = beside.unwrap_or(path.trim_end_matches(".rs"));
        tests.extend(declared.iter().map(|module| format!("{folder}/{module}")));
        files.insert(path.clone(), kept);
    }
    files.retain(|path, _| {
        !tests.iter().any(|test| *path == format!("{test}.rs") || path.starts_with(&format!("{test}/")))
    });
    files
}

/// `src/person/store.rs` belongs to `person`.
pub fn module(path: &str) -> &str {
    first_word(path.trim_start_matches("src/"))
}

pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

pub fn sources() -> Files {
    read(&["src"]).into_iter().filter(|(path, _)| Path::new(path).extension().is_some_and(|end| end == "rs")).collect()
}

pub fn all_code() -> Files {
    sources().into_iter().map(|(path, text)| (path, code(&text))).collect()
}

#[test]
fn words_about_code_and_tests_are_not_taken_for_code() {
    let text = "a // b\n\"c \\\" d\" r#\"e \" f\"# 'g' '\\'' &'h i /* j */ br\"k\" l";
    assert_eq!(code(text).split_whitespace().collect::<Vec<_>>(), ["a", "&'h", "i", "l"]);
    let (kept, declared) = without_tests("a\n#[cfg(test)]\nmod b;\nc #[cfg(test)] mod d { {} e } f");
    assert_eq!(kept.split_whitespace().collect::<Vec<_>>(), ["a", "c", "f"]);
    assert_eq!(declared, ["b"]);
}
