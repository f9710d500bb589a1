//! The words by which a place is known, and the words of a text, in a shape in which a slip of the pen makes no
//! difference: two words one letter apart lose to the same word when each drops one (symmetric deletion). Letters that
//! keyboards and hurry change (å, ä, ö, capitals) are folded.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// What is known of a home.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub name: &'a str,
    pub municipality: &'a str,
    pub address: &'a str,
    pub note: &'a str,
}

/// In names of homes and streets, and in every text besides.
const EVERYWHERE: [&str; 34] = [
    "hem",
    "hemmet",
    "hvb",
    "villa",
    "gard",
    "garden",
    "huset",
    "behandlingshem",
    "behandlingshemmet",
    "boende",
    "boendet",
    "stodboende",
    "stodboendet",
    "vard",
    "omsorg",
    "kommun",
    "stad",
    "norra",
    "sodra",
    "ostra",
    "vastra",
    "gamla",
    "nya",
    "stora",
    "lilla",
    "lgh",
    "box",
    "tr",
    "trappor",
    "uppgang",
    "plan",
    "och",
    "sverige",
    "halsa",
];
const STREETS: [(&str, &[&str]); 4] =
    [("vagen", &["v", "vag"]), ("gatan", &["g", "gata"]), ("stigen", &["stig"]), ("granden", &["grand"])];
/// After these even a short name in small letters is a place.
const TOWARDS: [&str; 9] = ["i", "till", "fran", "mot", "utanfor", "nara", "vid", "kring", "genom"];

/// From here on a word is its own beyond doubt, also with a letter wrong or with more behind it.
const LONG: usize = 6;
/// Shorter than long, and still no everyday word when it has a capital.
const MIDDLE: usize = 5;
const SHORTEST: usize = 3;
/// From here on two letters may be wrong.
const VERY_LONG: usize = 10;
/// Figures of a telephone number; a postal code has five.
const TELEPHONE: usize = 7;
const POSTAL_CODE: usize = 5;
/// Into so many groups people write a number.
const GROUPS: usize = 5;

impl Place<'_> {
    /// What gives the place away.
    pub(super) fn words(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let named = [self.name, self.municipality, self.address].map(letters).concat();
        let told =
            letters(self.note).into_iter().filter(|word| STREETS.iter().any(|(end, _)| word.folded.ends_with(end)));
        for word in named.into_iter().chain(told) {
            if !EVERYWHERE.contains(&word.folded.as_str()) {
                known_by(&word.folded, &mut found);
            }
        }
        for text in [self.name, self.municipality, self.address, self.note] {
            found.extend(numbers(text));
        }
        found
    }
}

/// Marks begin with what they are compared as: `~` in any case, `^` with a capital, `>` and `»` as the beginning of a
/// longer word, in any case and with a capital.
fn known_by(word: &str, found: &mut BTreeSet<String>) {
    let length = word.chars().count();
    if length < SHORTEST {
        return;
    }
    if length >= LONG {
        found.extend(shortened(word).into_iter().map(|one| format!("~{one}")));
        found.insert(format!(">{word}"));
    } else if length == MIDDLE {
        found.insert(format!("~{word}"));
        found.extend(shortened(word).into_iter().map(|one| format!("^{one}")));
        found.insert(format!("»{word}"));
    } else {
        found.extend([format!("^{word}"), format!("^{word}s")]);
    }
    for (end, short) in STREETS {
        if let Some(stem) = word.strip_suffix(end).filter(|stem| stem.chars().count() >= SHORTEST) {
            for other in short {
                let whole = format!("{stem}{other}");
                let sign = if whole.chars().count() >= LONG { '~' } else { '^' };
                found.insert(format!("{sign}{whole}"));
            }
        }
    }
}

/// Everything that a text could be found by.
pub(super) fn of_text(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let words = letters(text);
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| &words[at]);
        let named = word.capital || before.is_some_and(|before| TOWARDS.contains(&before.folded.as_str()));
        let length = word.folded.chars().count();
        if length >= MIDDLE {
            found.extend(shortened(&word.folded).into_iter().map(|one| format!("~{one}")));
            found.extend(beginnings(&word.folded, LONG).map(|one| format!(">{one}")));
        }
        if named && length >= SHORTEST {
            found.insert(format!("^{}", word.folded));
            if length > SHORTEST + 1 {
                found.extend(shortened(&word.folded).into_iter().map(|one| format!("^{one}")));
                found.extend(beginnings(&word.folded, MIDDLE).map(|one| format!("»{one}")));
            }
        }
        // Written apart.
        if let Some(before) = before
            && before.folded.chars().count() >= SHORTEST
        {
            found.insert(format!("~{}{}", before.folded, word.folded));
        }
    }
    found.extend(numbers(text));
    found
}

#[derive(Debug, Clone)]
struct Word {
    folded: String,
    capital: bool,
}

fn letters(text: &str) -> Vec<Word> {
    text.split(|c: char| !c.is_alphabetic() && !is_accent(c))
        .filter(|word| !word.is_empty())
        .map(|word| Word { folded: fold(word), capital: word.starts_with(char::is_uppercase) })
        .collect()
}

/// Small letters without their signs: `Åmåsa` and `amasa` are one.
fn fold(word: &str) -> String {
    word.nfkd().filter(|c| !is_accent(*c)).flat_map(char::to_lowercase).collect()
}

fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// The word, and what is left of it without any one of its letters; of a very long one also without any two.
fn shortened(word: &str) -> BTreeSet<String> {
    let mut found = without_one(word);
    if word.chars().count() >= VERY_LONG {
        found.extend(found.clone().iter().flat_map(|one| without_one(one)));
    }
    found.insert(word.to_owned());
    found
}

fn without_one(word: &str) -> BTreeSet<String> {
    word.char_indices()
        .map(|(at, c)| {
            let mut rest = String::with_capacity(word.len());
            rest.push_str(&word[..at]);
            rest.push_str(&word[at + c.len_utf8()..]);
            rest
        })
        .collect()
}

/// What a longer word begins with, from so many letters on.
fn beginnings(word: &str, from: usize) -> impl Iterator<Item = &str> {
    word.char_indices().skip(from).map(|(end, _)| &word[..end])
}

/// Postal codes and telephone numbers, however they are grouped.
fn numbers(text: &str) -> BTreeSet<String> {
    let text = text.replace("+46", "0").replace("(0)", "");
    let mut groups: Vec<Vec<String>> = vec![Vec::new()];
    let mut group = String::new();
    for c in text.chars().chain(['.']) {
        if c.is_ascii_digit() {
            group.push(c);
            continue;
        }
        if !group.is_empty() {
            groups.last_mut().unwrap_or_else(|| unreachable!("there is a first run")).push(std::mem::take(&mut group));
        }
        if !matches!(c, ' ' | '-' | '–' | '\u{a0}' | '/') {
            groups.push(Vec::new());
        }
    }
    let mut found = BTreeSet::new();
    for run in groups {
        for first in 0..run.len() {
            for last in first..run.len().min(first + GROUPS) {
                let number = run[first..=last].concat();
                if number.len() == POSTAL_CODE || number.len() >= TELEPHONE {
                    found.insert(format!("#{number}"));
                }
            }
        }
    }
    found
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
