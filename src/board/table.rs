//! A table of the report, ready to be shown: on the page with words and spaces, in the file with plain figures.

use super::model::Shown;
use crate::money::{Ore, grouped};

/// What stands in a cell. Numbers are numbers in the file; only words are words there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Words(String),
    Shown(Shown),
    Number(i64),
    Money(Ore),
    /// Tenths of a per cent.
    Percent(i64),
    /// Hundredths.
    Hundredths(i64),
    /// Thousandths.
    Thousandths(i64),
    /// Hidden because too few stand behind it.
    Withheld,
    /// There is nothing to tell of.
    Nothing,
}

impl Cell {
    pub fn words(text: impl Into<String>) -> Self {
        Self::Words(text.into())
    }

    pub fn money(ore: i64) -> Self {
        Self::Money(Ore::from_ore(ore))
    }

    pub fn percent(tenths: Option<i64>) -> Self {
        tenths.map_or(Self::Withheld, Self::Percent)
    }

    pub const fn is_words(&self) -> bool {
        matches!(self, Self::Words(_))
    }

    /// As the page has it.
    pub fn page(&self) -> String {
        match self {
            Self::Words(text) => text.clone(),
            Self::Shown(Shown::Count(count)) | Self::Number(count) => grouped(*count),
            Self::Shown(Shown::Few) => "<5".to_owned(),
            Self::Shown(Shown::Hidden) | Self::Withheld => "..".to_owned(),
            Self::Money(amount) => amount.to_string(),
            Self::Percent(tenths) => format!("{}\u{a0}%", decimal(*tenths, 1)),
            Self::Hundredths(count) => decimal(*count, 2),
            Self::Thousandths(count) => decimal(*count, 3),
            Self::Nothing => "–".to_owned(),
        }
    }

    /// As the file has it: no spaces and no units in figures.
    pub fn file(&self) -> String {
        match self {
            Self::Words(text) => text.clone(),
            Self::Number(count) | Self::Shown(Shown::Count(count)) => count.to_string(),
            Self::Money(amount) => decimal(amount.ore(), 2).trim_end_matches(",00").to_owned(),
            Self::Percent(tenths) => decimal(*tenths, 1),
            Self::Nothing => String::new(),
            Self::Shown(_) | Self::Withheld | Self::Hundredths(_) | Self::Thousandths(_) => self.page(),
        }
    }
}

/// A whole number of tenths, hundredths or thousandths, with a comma.
fn decimal(number: i64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let sign = if number < 0 { "-" } else { "" };
    let (whole, rest) = (number.unsigned_abs() / unit, number.unsigned_abs() % unit);
    format!("{sign}{whole},{rest:0width$}", width = places as usize)
}

/// A row; a sum stands below the others.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub name: String,
    pub cells: Vec<Cell>,
    pub is_sum: bool,
}

impl Row {
    pub fn of(name: impl Into<String>, cells: Vec<Cell>) -> Self {
        Self { name: name.into(), cells, is_sum: false }
    }

    pub fn sum(name: impl Into<String>, cells: Vec<Cell>) -> Self {
        Self { is_sum: true, ..Self::of(name, cells) }
    }
}

/// A table with its number (domain.md 4.5), its heading and a sentence that says what it counts.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub number: u8,
    pub heading: &'static str,
    pub says: String,
    /// The first is that of the rows' names.
    pub heads: Vec<&'static str>,
    pub rows: Vec<Row>,
}

impl Table {
    pub fn code(&self) -> String {
        format!("N{}", self.number)
    }

    pub fn body(&self) -> Vec<&Row> {
        self.rows.iter().filter(|row| !row.is_sum).collect()
    }

    pub fn sums(&self) -> Vec<&Row> {
        self.rows.iter().filter(|row| row.is_sum).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_swedish_on_the_page_and_plain_in_the_file() {
        let cells = [
            Cell::money(303_295_000),
            Cell::money(244_002),
            Cell::Number(1243),
            Cell::Percent(651),
            Cell::Thousandths(2375),
            Cell::Shown(Shown::Few),
            Cell::Shown(Shown::Hidden),
            Cell::money(-5_000),
        ];
        let page: Vec<String> = cells.iter().map(|cell| cell.page().replace('\u{a0}', " ")).collect();
        assert_eq!(page, ["3 032 950 kr", "2 440,02 kr", "1 243", "65,1 %", "2,375", "<5", "..", "−50 kr"]);
        let file: Vec<String> = cells.iter().map(Cell::file).collect();
        assert_eq!(file, ["3032950", "2440,02", "1243", "65,1", "2,375", "<5", "..", "-50"]);
    }
}
