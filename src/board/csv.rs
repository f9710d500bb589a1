//! The tables as a file for a spreadsheet: UTF-8 with a mark, semicolons, and no cell that a spreadsheet would reckon.

use super::table::{Cell, Table};

/// A cell of words: one that begins like a formula gets an apostrophe before it.
fn words(text: &str) -> String {
    let text = text.replace(['\r', '\n', '\t', '\u{a0}'], " ");
    let guarded = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text };
    if guarded.contains([';', '"']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}

fn line(cells: impl IntoIterator<Item = String>) -> String {
    cells.into_iter().collect::<Vec<_>>().join(";") + "\r\n"
}

/// The whole file; `mark` is its first line: what, who and when.
pub(super) fn file(mark: &[String], tables: &[Table], notes: &[String]) -> String {
    let mut text = "\u{feff}".to_owned() + &line(mark.iter().map(|cell| words(cell)));
    for table in tables {
        text += &line([]);
        text += &line([words(&format!("{} {}", table.code(), table.heading))]);
        text += &line([words(&table.says)]);
        text += &line(table.heads.iter().map(|head| words(head)));
        for row in &table.rows {
            let cells = row.cells.iter().map(|cell| match cell {
                Cell::Words(text) => words(text),
                figures => figures.file(),
            });
            text += &line(std::iter::once(words(&row.name)).chain(cells));
        }
    }
    text += &line([]);
    notes.iter().fold(text, |text, note| text + &line([words(note)]))
}

#[cfg(test)]
mod tests {
    use super::super::table::Row;
    use super::*;

    #[test]
    fn no_cell_of_words_is_a_formula_and_figures_stay_figures() {
        for (typed, written) in [
            ("=1+1", "'=1+1"),
            ("+46", "'+46"),
            ("-a", "'-a"),
            ("@x", "'@x"),
            ("\"a\"; b", "\"\"\"a\"\"; b\""),
            ("en\r\nrad", "en  rad"),
            ("Centrum", "Centrum"),
        ] {
            assert_eq!(words(typed), written);
        }
        let table = Table {
            number: 4,
            heading: "Kostnad",
            says: "Allt.".to_owned(),
            heads: vec!["Post", "Belopp"],
            rows: vec![Row::of("=SUM(A1)", vec![Cell::money(-100)])],
        };
        let text = file(&["Nämndrapport 2026".to_owned(), "Karin".to_owned()], &[table], &["Slut".to_owned()]);
        assert_eq!(
            text,
            "\u{feff}Nämndrapport 2026;Karin\r\n\r\nN4 Kostnad\r\nAllt.\r\nPost;Belopp\r\n'=SUM(A1);-1\r\n\r\nSlut\r\n"
        );
    }
}
