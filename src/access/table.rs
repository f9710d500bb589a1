//! The table of permissions, as `permissions.txt` has it: read once, and whole or not at all. The policy answers from it, and
//! the gate holds every route to it.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::MatchedPath;
use axum::http::Method;
use axum::http::request::Parts;

use super::policy::{COLUMNS, GLASS_COLUMNS};
use super::right::Permission;
use crate::error::Error;
use crate::vocabulary::Role;

/// The text of the table.
pub const TEXT: &str = include_str!("permissions.txt");

/// A house whose table cannot be read does not open.
pub static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::read(TEXT).unwrap_or_else(|fault| panic!("src/access/permissions.txt: {fault}")));

/// In what state of a case a cell says yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Never,
    Always,
    Open,
    Ended,
    OpenOrEnded,
    /// To whoever is one of those who see where the person is.
    Reader,
}

impl When {
    fn read(word: &str) -> Option<Self> {
        Some(match word {
            "-" => Self::Never,
            "always" => Self::Always,
            "open" => Self::Open,
            "ended" => Self::Ended,
            "open+ended" => Self::OpenOrEnded,
            "reader" => Self::Reader,
            _ => return None,
        })
    }
}

/// What the table says of one permission.
#[derive(Debug, Default)]
pub struct Row {
    /// In the order of `policy::COLUMNS`, for a right in one case.
    pub in_case: Option<[When; COLUMNS.len()]>,
    /// In the order of `Role::ALL`, for a right outside any one case.
    pub outside: Option<[bool; Role::ALL.len()]>,
    /// A method and an address with its parameters, as in `GET /arenden/{case}`.
    pub routes: Vec<&'static str>,
    /// What Postgres and the router are asked besides, for the tests that ask.
    pub notes: Vec<&'static str>,
}

/// See the module.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Row>,
    gates: HashMap<String, Option<Permission>>,
}

impl Table {
    /// A row for each permission and no other, and each route once.
    pub fn read(text: &'static str) -> Result<Self, String> {
        let mut table = Self { rows: Permission::ALL.iter().map(|_| Row::default()).collect(), gates: HashMap::new() };
        let mut under = None;
        for (number, line) in text.lines().enumerate() {
            let fault = |what: &str| format!("line {}: {what}", number + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line == ANYBODY {
                under = Some(None);
            } else if line.starts_with(' ') {
                let of = under.ok_or_else(|| fault("stands under no permission"))?;
                table.add(of, line.trim()).map_err(|what| fault(&what))?;
            } else {
                let permission = table.begin(line).map_err(|what| fault(&what))?;
                under = Some(Some(permission));
            }
        }
        let empty = |row: &Row| row.in_case.is_none() && row.outside.is_none();
        match Permission::ALL.iter().find(|permission| empty(table.row(**permission))) {
            Some(lacking) => Err(format!("{} has no row", lacking.name())),
            None => Ok(table),
        }
    }

    fn begin(&mut self, line: &'static str) -> Result<Permission, String> {
        let mut words = line.split_whitespace().filter(|word| *word != "|");
        let name = words.next().unwrap_or_default();
        let permission = Permission::parse(name).ok_or_else(|| format!("there is no permission `{name}`"))?;
        let scope = words.next().unwrap_or_default();
        let cells: Vec<&str> = words.collect();
        let row = &mut self.rows[permission as usize];
        let count = || format!("{name} has {} cells", cells.len());
        match scope {
            "case" if row.in_case.is_none() => {
                let cells: Option<Vec<_>> = cells.iter().map(|word| When::read(word)).collect();
                let cells = cells.ok_or_else(|| format!("{name} has a cell that says nothing"))?;
                if GLASS_COLUMNS.iter().any(|at| cells.get(*at).is_some_and(|cell| !through_glass(*cell))) {
                    return Err(format!("{name}: a glass shows or does not, whatever has become of the case"));
                }
                row.in_case = Some(cells.try_into().map_err(|_| count())?);
            }
            "outside" if row.outside.is_none() => {
                let cells: Option<Vec<_>> = cells.iter().map(|word| yes(word)).collect();
                let cells = cells.ok_or_else(|| format!("{name} has a cell that says nothing"))?;
                row.outside = Some(cells.try_into().map_err(|_| count())?);
            }
            _ => return Err(format!("{name} stands here twice, or neither in a case nor outside")),
        }
        Ok(permission)
    }

    fn add(&mut self, under: Option<Permission>, line: &'static str) -> Result<(), String> {
        let is_route = ["GET ", "POST "].iter().any(|method| line.starts_with(method));
        if is_route {
            let route = line.split_whitespace().collect::<Vec<_>>().join(" ");
            if self.gates.insert(route, under).is_some() {
                return Err(format!("`{line}` stands here twice"));
            }
        }
        let Some(permission) = under else { return if is_route { Ok(()) } else { Err(line.to_owned()) } };
        let row = &mut self.rows[permission as usize];
        if is_route {
            row.routes.push(line);
        } else {
            row.notes.push(line);
        }
        Ok(())
    }

    pub fn row(&self, permission: Permission) -> &Row {
        &self.rows[permission as usize]
    }

    /// What a route stands under: a permission, nothing where anybody may ask, and none where it is not in the table.
    pub fn gate(&self, method: &str, path: &str) -> Option<Option<Permission>> {
        self.gates.get(&format!("{method} {path}")).copied()
    }
}

const ANYBODY: &str = "Anybody";

fn yes(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "-" => Some(false),
        _ => None,
    }
}

const fn through_glass(cell: When) -> bool {
    matches!(cell, When::Never | When::Always)
}

/// Refuses a handler that asks for another right than its route stands under, and a route that is not in the table: such
/// a route answers nobody.
pub(super) fn hold(parts: &Parts, permission: Permission) -> crate::error::Result<()> {
    let method = if parts.method == Method::HEAD { Method::GET.as_str() } else { parts.method.as_str() };
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if TABLE.gate(method, path) == Some(Some(permission)) {
        return Ok(());
    }
    let name = permission.name();
    Err(Error::internal(format!("`{method} {path}` does not stand under {name} in src/access/permissions.txt")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let table = Table::read(TEXT).unwrap_or_else(|fault| panic!("{fault}"));
        for permission in Permission::ALL {
            let row = table.row(*permission);
            // A right in a case is asked for nowhere else; one outside may be asked for in a case as well.
            assert!(permission.is_in_case() != row.outside.is_some(), "{}", permission.name());
        }
    }

    #[test]
    fn what_is_missing_doubled_or_misspelt_is_a_fault() {
        let whole = Table::read(TEXT);
        assert!(whole.is_ok());
        let first = TEXT.lines().find(|line| line.starts_with("ReadCase ")).unwrap_or_default();
        // The words of the table stand in its head as well, where nothing is read.
        let (head, rows) = TEXT.split_at(TEXT.find(first).unwrap_or_default());
        let put = |there: &str, instead: &str| format!("{head}{}", rows.replacen(there, instead, 1));
        let planted = [
            put(first, ""),
            format!("{TEXT}\n{first}\n"),
            put("ReadPerson ", "ReadPersons "),
            put("always", "allways"),
            put("always     | always", "always     | always always"),
            put("open   -", "open   open"),
            put(" yes", " jo"),
            format!("{TEXT}    GET  /arenden/{{case}}\n"),
        ];
        for (number, text) in planted.into_iter().enumerate() {
            assert!(Table::read(text.leak()).is_err(), "number {number}");
        }
    }
}
