//! Money in whole öre: reading what was typed, adding without overflow, printing the Swedish way. Every sum can fail and
//! says so. No rule about which amounts are allowed, and no prices: those stand with the thing that costs.

use std::fmt;

/// No-break space: an amount must not break across lines, and the typeface has no narrow one (U+202F).
const SPACE: char = '\u{a0}';
/// The typographic minus, as wide as a figure.
const MINUS: char = '\u{2212}';

/// An amount in öre, stored as `bigint`. There is no `From<i64>`: the unit must be said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Ore(i64);

impl Ore {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many öre.
    pub const fn from_ore(ore: i64) -> Self {
        Self(ore)
    }

    /// So many kronor.
    pub const fn kronor(kronor: i64) -> Option<Self> {
        match kronor.checked_mul(100) {
            Some(ore) => Some(Self(ore)),
            None => None,
        }
    }

    /// The amount in öre.
    pub const fn ore(self) -> i64 {
        self.0
    }

    /// Below zero. Reading accepts negative amounts; where they make no sense the form says so in its own words.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Neither more nor less than nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, unless it overflows.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, unless it overflows.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// A price per day over so many days.
    pub fn times_days(self, days: i64) -> Option<Self> {
        self.0.checked_mul(days).map(Self)
    }

    /// So many hundredths of it, rounded half up to whole öre.
    pub fn percent(self, percent: u32) -> Option<Self> {
        divide_half_up(i128::from(self.0) * i128::from(percent), 100)
    }

    /// The average over so many days, rounded half up to whole öre; no average over no days.
    pub fn per_day(self, days: i64) -> Option<Self> {
        if days > 0 { divide_half_up(i128::from(self.0), i128::from(days)) } else { None }
    }

    /// The sum of all, unless it overflows on the way.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    /// The figures alone, for a column whose heading says kronor and for a field that says `kr` after it.
    pub fn plain(self) -> String {
        let (kronor, öre) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let sign = if self.is_negative() { MINUS.to_string() } else { String::new() };
        let text = sign + &thousands(kronor);
        if öre == 0 { text } else { format!("{text},{öre:02}") }
    }
}

/// A number in groups of three figures, as money and long counts of days are written.
fn thousands(number: u64) -> String {
    let figures = number.to_string();
    let mut text = String::with_capacity(figures.len() * 2);
    for (place, digit) in figures.chars().enumerate() {
        if place > 0 && (figures.len() - place).is_multiple_of(3) {
            text.push(SPACE);
        }
        text.push(digit);
    }
    text
}

/// A count, such as days, in groups of three figures. Counts below zero do not occur and are written without their sign.
pub fn grouped(count: i64) -> String {
    thousands(count.unsigned_abs())
}

impl fmt::Display for Ore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}{SPACE}kr", self.plain()))
    }
}

/// Half up means towards plus infinity, also below zero, so that a credit note rounds like the invoice's own row.
fn divide_half_up(dividend: i128, divisor: i128) -> Option<Ore> {
    let rounded = (2 * dividend + divisor).div_euclid(2 * divisor);
    i64::try_from(rounded).ok().map(Ore)
}

/// Reads an amount as people type it: `2450`, `2 450`, `2.450`, `2 450,50 kr`. Groups must be of three figures, so that
/// the slip `2.50` is refused instead of becoming 250 kronor; öre stand after a comma and are two figures.
pub fn parse_kronor(text: &str) -> Option<Ore> {
    let text = text.trim().to_lowercase();
    let text = text.strip_suffix("kr").unwrap_or(&text).trim();
    let unsigned = text.strip_prefix(['-', MINUS]);
    let sign = if unsigned.is_some() { -1 } else { 1 };
    let (kronor, öre) = match unsigned.unwrap_or(text).trim_start().split_once(',') {
        Some((kronor, öre)) if öre.len() == 2 => (kronor, figures(öre)?),
        Some(_) => return None,
        None => (unsigned.unwrap_or(text).trim_start(), 0),
    };
    let groups: Vec<&str> = kronor.split([' ', SPACE, '\u{202f}', '.']).collect();
    if let [first, rest @ ..] = groups.as_slice()
        && !rest.is_empty()
        && (!(1..=3).contains(&first.len()) || rest.iter().any(|group| group.len() != 3))
    {
        return None;
    }
    let kronor = figures(&groups.concat())?;
    let amount = kronor.checked_mul(100)?.checked_add(öre)?.checked_mul(sign)?;
    i64::try_from(amount).ok().map(Ore)
}

/// `str::parse` would also take a sign.
fn figures(text: &str) -> Option<i128> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kronor(kronor: i64) -> Ore {
        Ore::kronor(kronor).unwrap()
    }

    #[test]
    fn an_amount_is_printed_with_no_break_spaces_and_öre_only_when_there_are_some() {
        assert_eq!(kronor(1_095_000).to_string(), "1\u{a0}095\u{a0}000\u{a0}kr");
        assert_eq!(Ore::from_ore(245_050).to_string(), "2\u{a0}450,50\u{a0}kr");
        assert_eq!(Ore::from_ore(5).to_string(), "0,05\u{a0}kr");
        assert_eq!(Ore::ZERO.to_string(), "0\u{a0}kr");
        assert_eq!(kronor(100_000).plain(), "100\u{a0}000");
    }

    #[test]
    fn minus_is_the_typographic_sign() {
        assert_eq!(kronor(-1200).to_string(), "\u{2212}1\u{a0}200\u{a0}kr");
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for text in [
            "2450",
            "2 450",
            "2\u{a0}450",
            "2\u{202f}450",
            "2.450",
            " 2 450 kr ",
            "2450kr",
            "2450 KR",
            "2 450,00\u{a0}kr",
        ] {
            assert_eq!(parse_kronor(text), Some(kronor(2450)), "{text}");
        }
        assert_eq!(parse_kronor("2 450,50"), Some(Ore::from_ore(245_050)));
        assert_eq!(parse_kronor("1.095.000 kr"), Some(kronor(1_095_000)));
        assert_eq!(parse_kronor("-1 200"), Some(kronor(-1200)));
        assert_eq!(parse_kronor("\u{2212}1 200 kr"), Some(kronor(-1200)));
    }

    #[test]
    fn what_is_not_clearly_an_amount_is_refused() {
        for text in [
            "", "kr", "-", ",50", "2.50", "2,5", "2,505", "24 50", "2450 000", "2  450", " .450", "+5", "--5", "5 tkr",
            "1e3", "2,-5", "٣",
        ] {
            assert_eq!(parse_kronor(text), None, "{text}");
        }
        assert_eq!(parse_kronor("92233720368547758,08"), None, "one öre more than there is room for");
    }

    #[test]
    fn sums_that_do_not_fit_are_refused() {
        let most = Ore::from_ore(i64::MAX);
        assert_eq!(most.plus(Ore::from_ore(1)), None);
        assert_eq!(Ore::from_ore(i64::MIN).minus(Ore::from_ore(1)), None);
        assert_eq!(most.times_days(2), None);
        assert_eq!(most.percent(101), None);
        assert_eq!(Ore::kronor(i64::MAX), None);
        assert_eq!(Ore::checked_sum([most, Ore::from_ore(1)]), None);
        assert_eq!(Ore::checked_sum([kronor(1), kronor(2)]), Some(kronor(3)));
        assert_eq!(Ore::checked_sum([]), Some(Ore::ZERO));
    }

    #[test]
    fn an_average_is_rounded_half_up() {
        assert_eq!(kronor(1_368_000).per_day(547).unwrap().to_string(), "2\u{a0}500,91\u{a0}kr");
        assert_eq!(Ore::from_ore(5).per_day(2), Some(Ore::from_ore(3)));
        assert_eq!(Ore::from_ore(-5).per_day(2), Some(Ore::from_ore(-2)));
        assert_eq!(Ore::from_ore(-7).per_day(4), Some(Ore::from_ore(-2)));
        assert_eq!(kronor(1).per_day(0), None);
    }

    #[test]
    fn a_share_is_rounded_half_up() {
        assert_eq!(kronor(3000).percent(50), Some(kronor(1500)));
        assert_eq!(Ore::from_ore(1).percent(50), Some(Ore::from_ore(1)));
        assert_eq!(kronor(3000).percent(0), Some(Ore::ZERO));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(ore: i64) {
            let amount = Ore::from_ore(ore);
            prop_assert_eq!(parse_kronor(&amount.to_string()), Some(amount));
            prop_assert_eq!(parse_kronor(&amount.plain()), Some(amount));
        }

        #[test]
        fn anything_at_all_may_be_typed(text in "[0-9 .,kr\u{a0}\u{2212}-]{0,24}|\\PC*") {
            if let Some(amount) = parse_kronor(&text) {
                prop_assert_eq!(parse_kronor(&amount.to_string()), Some(amount));
            }
        }
    }

    #[test]
    fn the_largest_and_the_smallest_amount_are_read_back() {
        for amount in [Ore::from_ore(i64::MAX), Ore::from_ore(i64::MIN)] {
            assert_eq!(parse_kronor(&amount.to_string()), Some(amount));
        }
    }
}
