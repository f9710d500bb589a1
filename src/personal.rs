//! What points out a person. Neither type can be printed by accident: there is no `Display`, `Debug` tells nothing, and
//! the memory is wiped when the value goes. Sealing for the database stands in `crypto`, not here.

use std::fmt;

use secrecy::zeroize::Zeroizing;
use sha2::{Digest, Sha256};
use time::macros::format_description;
use time::{Date, Month};

use crate::vocabulary::IdentityKind;

/// A name, an address, a telephone number: text about a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Personal(Zeroizing<String>);

impl Personal {
    /// From here on it does not print itself.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// A day in somebody's life, in the form `2003-04-17`.
    pub fn of_day(day: Date) -> Self {
        Self::new(day.to_string())
    }

    /// The day, if the text is one.
    pub fn day(&self) -> Option<Date> {
        Date::parse(&self.0, format_description!("[year]-[month]-[day]")).ok()
    }

    /// What was written as JSON.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(&self.0)
    }

    /// Whether one of the lines names the municipality, as people write it: "Granvik", "Granviks kommun".
    pub fn names_municipality(&self, place: &Self) -> bool {
        let place = municipality(&place.0);
        self.0.lines().any(|line| {
            let line = municipality(line);
            !line.is_empty() && (line == place || belongs_to(&line, &place) || belongs_to(&place, &line))
        })
    }

    /// Whether a full name ends with this one, as a family name does.
    pub fn ends(&self, full: &str) -> bool {
        let (full, name) = (Zeroizing::new(full.to_lowercase()), Zeroizing::new(self.0.trim().to_lowercase()));
        !name.is_empty() && full.strip_suffix(name.as_str()).is_some_and(|before| before.ends_with([' ', '-']))
    }

    /// How many letters and figures there are, and a fingerprint of them: to tell whether the same was written again.
    pub fn written(&self) -> (usize, [u8; 32]) {
        let letters: Zeroizing<String> =
            Zeroizing::new(self.0.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect());
        (letters.chars().count(), Sha256::digest(letters.as_bytes()).into())
    }

    /// The text. Each call is a place where personal data leaves its wrapping, and easy to search for.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// The name of a municipality without what it may carry.
fn municipality(text: &str) -> Zeroizing<String> {
    let name = text.trim().to_lowercase();
    Zeroizing::new(name.strip_suffix(" kommun").unwrap_or(&name).trim().to_owned())
}

/// "Granviks" of "Granvik".
fn belongs_to(name: &str, of: &str) -> bool {
    name.strip_suffix('s') == Some(of)
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(…)")
    }
}

/// Why something typed is no person number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonNumberFault {
    /// Not ten or twelve figures with at most one sign in the right place.
    Shape,
    /// There is no such day, or it has not been yet.
    BirthDate,
    /// The last figure does not fit the others: a slip of the finger.
    CheckDigit,
}

/// A *personnummer* or *samordningsnummer* whose check digit is right and whose birth date has been.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonNumber {
    /// Twelve figures, without a sign.
    digits: Zeroizing<String>,
    birth_date: Date,
}

/// A coordination number has sixty added to the day of birth.
const COORDINATION: u8 = 60;

impl PersonNumber {
    /// Reads ten or twelve figures, with or without `-`, or with `+` from the year in which the person turns a hundred.
    /// Ten figures mean the latest birth date that they fit; a number never lies in the future.
    pub fn parse(text: &str, today: Date) -> Result<Self, PersonNumberFault> {
        let (date, last_four, sign) = halves(text.trim()).ok_or(PersonNumberFault::Shape)?;
        let short = &date[date.len() - 6..];
        if !luhn(short.bytes().chain(last_four.bytes())) {
            return Err(PersonNumberFault::CheckDigit);
        }
        let birth_date = match (date.len(), sign) {
            (8, _) => date[..4].parse().ok().and_then(|year| born(year, &date[4..])),
            (_, Some('+')) => latest_birth(short, today.year() - 100, today),
            _ => latest_birth(short, today.year(), today),
        };
        let birth_date = birth_date
            .filter(|birth| *birth <= today && (sign != Some('+') || birth.year() <= today.year() - 100))
            .ok_or(PersonNumberFault::BirthDate)?;
        let digits = Zeroizing::new(format!("{:04}{}{last_four}", birth_date.year(), &short[2..]));
        Ok(Self { digits, birth_date })
    }

    /// A number that was kept and is shown again.
    pub fn of(kept: &Personal, today: Date) -> Result<Self, PersonNumberFault> {
        Self::parse(kept.reveal(), today)
    }

    /// The twelve figures: what is sealed, and what the blind index is reckoned from.
    pub fn reveal(&self) -> &str {
        &self.digits
    }

    /// As it is written: `19121212-1212`.
    pub fn formatted(&self) -> Personal {
        Personal::new(format!("{}-{}", &self.digits[..8], &self.digits[8..]))
    }

    /// With the last four hidden: `19121212-••••`. Still personal data: the birth date stands there.
    pub fn masked(&self) -> String {
        format!("{}-••••", &self.digits[..8])
    }

    /// Which of the two sorts of number it is.
    pub fn kind(&self) -> IdentityKind {
        let written_day = self.digits[6..8].parse::<u8>().unwrap_or_default();
        if written_day > COORDINATION { IdentityKind::Samordningsnummer } else { IdentityKind::Personnummer }
    }

    /// The day of birth. Of a coordination number it may be a guess of the tax agency's.
    pub const fn birth_date(&self) -> Date {
        self.birth_date
    }
}

impl fmt::Debug for PersonNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonNumber(…)")
    }
}

/// The figures before the last four, the last four, and the sign between them.
fn halves(text: &str) -> Option<(&str, &str, Option<char>)> {
    let (date, last_four, sign) = match text.find(['-', '+']) {
        Some(at) => (&text[..at], &text[at + 1..], text[at..].chars().next()),
        None => text.split_at_checked(text.len().checked_sub(4)?).map(|(date, last)| (date, last, None))?,
    };
    let figures = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let whole = matches!(date.len(), 6 | 8) && last_four.len() == 4 && figures(date) && figures(last_four);
    whole.then_some((date, last_four, sign))
}

/// The birth date in the latest year, not after the given one, that ends in the two figures and makes it a day that has
/// been. Two tries are enough: the first can fail by lying ahead, or by being a leap day in a year without one.
fn latest_birth(short: &str, latest_year: i32, today: Date) -> Option<Date> {
    let two_figures: i32 = short[..2].parse().ok()?;
    let year = latest_year - (latest_year - two_figures).rem_euclid(100);
    [year, year - 100].into_iter().find_map(|year| born(year, &short[2..]).filter(|birth| *birth <= today))
}

/// The day of a year from `MMDD`, with the day as written in a number of either sort.
fn born(year: i32, month_and_day: &str) -> Option<Date> {
    let month = Month::try_from(month_and_day[..2].parse::<u8>().ok()?).ok()?;
    let written_day: u8 = month_and_day[2..].parse().ok()?;
    let day = if written_day > COORDINATION { written_day - COORDINATION } else { written_day };
    Date::from_calendar_date(year, month, day).ok()
}

/// The check sum over ten figures, of a person's number or an organisation's; the day as written: sixty is not taken off
/// a coordination number first.
pub(crate) fn luhn(figures: impl Iterator<Item = u8>) -> bool {
    let sum: u32 = figures
        .enumerate()
        .map(|(place, figure)| {
            let value = u32::from(figure - b'0') * if place % 2 == 0 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 18);

    fn digits(text: &str) -> String {
        PersonNumber::parse(text, TODAY).unwrap().reveal().to_owned()
    }

    #[test]
    fn a_municipality_is_known_by_either_of_its_names() {
        let areas = Personal::new("Granvik\n Norrseles kommun \n\nÅmåsa");
        for place in ["Granvik", "granviks kommun", "GRANVIKS KOMMUN", "Norrsele", "Norrseles kommun", "Åmåsa kommun"]
        {
            assert!(areas.names_municipality(&Personal::new(place)), "{place}");
        }
        for place in ["Östlunda", "Gran", "", "kommun"] {
            assert!(!areas.names_municipality(&Personal::new(place)), "{place}");
        }
        assert!(!Personal::new("").names_municipality(&Personal::new("Granvik")));
    }

    #[test]
    fn a_number_is_read_in_every_common_shape() {
        for text in ["191212121212", "19121212-1212", " 19121212-1212 ", "19121212+1212", "121212+1212"] {
            assert_eq!(digits(text), "191212121212", "{text}");
        }
        for text in ["121212-1212", "1212121212"] {
            assert_eq!(digits(text), "201212121212", "{text}");
        }
    }

    #[test]
    fn ten_figures_mean_the_latest_day_that_has_been() {
        let on = |today| PersonNumber::parse("121212-1212", today).unwrap().birth_date();
        assert_eq!(on(date!(2012 - 12 - 12)), date!(2012 - 12 - 12));
        assert_eq!(on(date!(2012 - 12 - 11)), date!(1912 - 12 - 12));
    }

    #[test]
    fn plus_is_written_from_the_year_in_which_one_turns_a_hundred() {
        let on = |text, today| PersonNumber::parse(text, today).map(|number| number.birth_date());
        assert_eq!(on("121212+1212", date!(2012 - 01 - 01)), Ok(date!(1912 - 12 - 12)));
        assert_eq!(on("20121212+1212", TODAY), Err(PersonNumberFault::BirthDate));
    }

    #[test]
    fn a_coordination_number_has_sixty_added_to_the_day() {
        let number = PersonNumber::parse("198507699802", TODAY).unwrap();
        assert_eq!(number.kind(), IdentityKind::Samordningsnummer);
        assert_eq!(number.birth_date(), date!(1985 - 07 - 09));
        assert_eq!(number.masked(), "19850769-••••");
        assert_eq!(PersonNumber::parse("19121212-1212", TODAY).unwrap().kind(), IdentityKind::Personnummer);
    }

    #[test]
    fn a_wrong_number_is_refused_with_its_reason() {
        for (text, fault) in [
            ("", PersonNumberFault::Shape),
            ("12", PersonNumberFault::Shape),
            ("1912-12121212", PersonNumberFault::Shape),
            ("19121212--1212", PersonNumberFault::Shape),
            ("1912121212123", PersonNumberFault::Shape),
            ("19121212-121å", PersonNumberFault::Shape),
            ("ååååååååå", PersonNumberFault::Shape),
            ("19121212-1213", PersonNumberFault::CheckDigit),
            ("198507699803", PersonNumberFault::CheckDigit),
            ("21121212-1212", PersonNumberFault::BirthDate),
            ("20261119-0006", PersonNumberFault::BirthDate),
            ("19121312-1211", PersonNumberFault::BirthDate),
            ("19120231-1211", PersonNumberFault::BirthDate),
        ] {
            assert_eq!(PersonNumber::parse(text, TODAY).unwrap_err(), fault, "{text}");
        }
    }

    #[test]
    fn a_leap_day_is_a_day_in_a_leap_year_alone() {
        let on = |text| PersonNumber::parse(text, TODAY).map(|number| number.birth_date());
        assert_eq!(on("20000229-2399"), Ok(date!(2000 - 02 - 29)));
        assert_eq!(on("20010229-2398"), Err(PersonNumberFault::BirthDate));
        assert_eq!(on("19000229-2399"), Err(PersonNumberFault::BirthDate), "1900 was none");
        // A coordination number is held to the same calendar.
        assert_eq!(on("20000289-2396"), Ok(date!(2000 - 02 - 29)));
        assert_eq!(on("20010289-2395"), Err(PersonNumberFault::BirthDate));
    }

    #[test]
    fn ten_and_twelve_figures_are_the_same_person_and_nothing_between_is_one() {
        assert_eq!(digits("010612-2393"), digits("20010612-2393"));
        assert_eq!(PersonNumber::parse("260230", TODAY).unwrap_err(), PersonNumberFault::Shape);
        assert_eq!(PersonNumber::parse("20260230-2396", TODAY).unwrap_err(), PersonNumberFault::BirthDate);
        assert_eq!(PersonNumber::parse("0010612-2393", TODAY).unwrap_err(), PersonNumberFault::Shape);
        // With a plus ten figures mean the hundred years before.
        assert_eq!(digits("190612+2393"), "191906122393");
    }

    #[test]
    fn nothing_prints_a_person_by_accident() {
        let number = PersonNumber::parse("19121212-1212", TODAY).unwrap();
        assert_eq!(format!("{number:?} {:?}", Personal::new("Eva Exempel")), "PersonNumber(…) Personal(…)");
        assert_eq!(number.masked(), "19121212-••••");
        assert_eq!(number.formatted().reveal(), "19121212-1212");
    }

    proptest! {
        #[test]
        fn anything_at_all_may_be_typed(text in "\\PC*|[0-9]{0,9}[-+]?[0-9åä]{0,5}") {
            if let Ok(number) = PersonNumber::parse(&text, TODAY) {
                prop_assert!(number.birth_date() <= TODAY);
                prop_assert_eq!(PersonNumber::parse(number.reveal(), TODAY), Ok(number));
            }
        }

        #[test]
        fn one_wrong_figure_is_always_noticed(place in 2_usize..12, other in 1_u8..10) {
            let mut figures = *b"191212121212";
            figures[place] = (figures[place] - b'0' + other) % 10 + b'0';
            prop_assert!(PersonNumber::parse(std::str::from_utf8(&figures).unwrap(), TODAY).is_err());
        }
    }
}
