//! What is typed after a verb, read: each says in a few words how it is to be typed.

use crate::calendar::parse_day;
use crate::clock::Clock;
use crate::vocabulary::{DisclosureRecipient, Role};

/// A municipality's code.
pub fn four_figures(text: &str) -> Result<String, &'static str> {
    let figures = text.len() == 4 && text.chars().all(|c| c.is_ascii_digit());
    figures.then(|| text.to_owned()).ok_or("write four figures, such as 0126")
}

/// A district as CODE=NAME.
pub fn district(text: &str) -> Result<(String, String), &'static str> {
    let (code, name) = text.split_once('=').ok_or("write CODE=NAME, such as A=Norr")?;
    Ok((code.trim().to_owned(), name.trim().to_owned()))
}

/// A day, also as 261120 or the like.
pub fn day(text: &str) -> Result<time::Date, &'static str> {
    parse_day(text, Clock::System.today()).ok_or("write a day, such as 2026-11-20")
}

/// The code of a role.
pub fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| format!("one of {}", Role::CODES.join(", ")))
}

/// The code of a police authority that somebody reads for.
pub fn organisation(text: &str) -> Result<DisclosureRecipient, String> {
    let codes = DisclosureRecipient::POLICE.map(DisclosureRecipient::code);
    let found = DisclosureRecipient::parse(text).filter(|one| one.is_police());
    found.ok_or_else(|| format!("one of {}", codes.join(", ")))
}
