//! What was measured, and how it is printed: one table, with the aim beside each figure that has one.

use std::fmt::Display;
use std::time::Duration;

/// How long each of some requests took.
#[derive(Debug, Clone, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// In milliseconds. Of an empty series: nothing.
    fn at(&self, share: f64) -> Option<f64> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place in the series"
        )]
        let place = (self.0.len() as f64 * share).ceil() as usize;
        self.0.get(place.saturating_sub(1)).map(|time| time.as_secs_f64() * 1e3)
    }

    pub fn median(&self) -> Option<f64> {
        self.at(0.5)
    }

    pub fn p99(&self) -> Option<f64> {
        self.at(0.99)
    }
}

/// How high a figure may be.
#[derive(Debug, Clone, Copy)]
pub struct Aim(pub f64);

/// The table, line by line.
#[derive(Default)]
pub struct Table {
    lines: Vec<[String; 4]>,
}

impl Table {
    /// A line of words.
    pub fn say(&mut self, what: &str, value: impl Display) {
        self.lines.push([what.to_owned(), value.to_string(), String::new(), String::new()]);
    }

    pub fn head(&mut self, what: &str) {
        self.lines.push([String::new(), String::new(), String::new(), String::new()]);
        self.say(what, "");
    }

    /// A figure, or that what it is about is not there.
    pub fn figure(&mut self, what: &str, value: Option<f64>, unit: &str, aim: Option<Aim>) {
        let Some(value) = value else { return self.say(what, "missing") };
        let (aim, holds) = match aim {
            Some(Aim(most)) => (format!("aim < {most} {unit}"), if value < most { "holds" } else { "DOES NOT HOLD" }),
            None => (String::new(), ""),
        };
        let digits = if value < 100.0 { 2 } else { 0 };
        self.lines.push([
            what.to_owned(),
            format!("{value:.digits$} {unit}"),
            aim.trim_end().to_owned(),
            holds.to_owned(),
        ]);
    }

    pub fn print(&self) {
        let width = |column: usize| self.lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
        // Words beside figures would make the second column as wide as the longest sentence.
        let (first, second, third) = (width(0), 12, width(2));
        for [what, value, aim, holds] in &self.lines {
            println!("{}", format!("{what:<first$}  {value:>second$}  {aim:<third$}  {holds}").trim_end());
        }
    }
}
