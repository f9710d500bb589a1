//! One table, three answers: what `src/access/permissions.txt` says of each right, role, relation and state of a case is what
//! the policy answers, what every route answered (`access_matrix.txt`) and what Postgres answered alone (`wall_matrix.txt`).
//! Those two files are held to the running house by tests of their own. And each cell of the table, turned round, is seen.

use std::collections::BTreeSet;

use time::macros::datetime;
use utvag::access::Actor;
use utvag::access::policy::{self, COLUMNS, GLASS_COLUMNS, Relation, Standing};
use utvag::access::right::Permission;
use utvag::access::table::{TABLE, When};
use utvag::vocabulary::{Role, Theme};
use uuid::Uuid;

use crate::support::routes;

mod seen;

use seen::Seen;

const OPEN: &str = "open";
const CIRCLE: &str = "circle";
const ENDED: &str = "ended";
const MOVED: &str = "moved";
/// Who sees where the person is, in both houses.
const READERS: [&str; 2] = ["soc", "sam"];

/// One thing that the table says: of a right in one case, to whom in its columns and in what state; outside, to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    InCase(usize, usize, &'static str),
    Outside(usize, usize),
}

impl Cell {
    fn all() -> Vec<Self> {
        let mut cells = Vec::new();
        for permission in Permission::ALL {
            let (row, at) = (TABLE.row(*permission), *permission as usize);
            if row.in_case.is_some() {
                for column in 0..COLUMNS.len() {
                    let states: &[_] = if GLASS_COLUMNS.contains(&column) { &[OPEN] } else { &[OPEN, ENDED, MOVED] };
                    cells.extend(states.iter().map(|state| Self::InCase(at, column, state)));
                }
            }
            if row.outside.is_some() {
                cells.extend((0..Role::ALL.len()).map(|role| Self::Outside(at, role)));
            }
        }
        cells
    }

    fn permission(self) -> Permission {
        let (Self::InCase(at, ..) | Self::Outside(at, _)) = self;
        // The markers stand in an order of their own.
        *Permission::ALL.iter().find(|permission| **permission as usize == at).unwrap()
    }

    /// What the table says, with one cell turned round.
    fn says(self, reads_location: bool, turned: Option<Self>) -> bool {
        let row = TABLE.row(self.permission());
        let yes = match self {
            Self::InCase(_, column, state) => match row.in_case.unwrap()[column] {
                When::Never => false,
                When::Always => true,
                When::Open => state == OPEN,
                When::Ended => state == ENDED,
                When::OpenOrEnded => state != MOVED,
                When::Reader => reads_location,
            },
            Self::Outside(_, role) => row.outside.unwrap()[role],
        };
        yes != (turned == Some(self))
    }

    /// What the policy says.
    fn decided(self, reads_location: bool) -> bool {
        match self {
            Self::InCase(_, column, state) => {
                let (role, standing) = COLUMNS[column];
                let relation = Relation {
                    named: if let Standing::Named(kind) = standing { vec![kind] } else { Vec::new() },
                    is_closed: state != OPEN,
                    through_glass: standing == Standing::Glass,
                    is_followed: state == ENDED,
                    said_why: false,
                    reads_location,
                };
                policy::allows_in_case(&actor(role), self.permission(), &relation)
            }
            Self::Outside(_, role) => policy::allows(&actor(Role::ALL[role]), self.permission()),
        }
    }
}

fn actor(role: Role) -> Actor {
    Actor {
        account: Uuid::nil(),
        session: Uuid::nil(),
        role,
        name: "prov".to_owned(),
        unit: None,
        theme: Theme::System,
        shortcuts: false,
        proven_at: datetime!(2026-12-31 12:00 UTC),
        seconds_left: 900,
        keys: 0,
    }
}

/// The column of somebody in the matrices, in a case that they reach.
fn column(name: &str) -> Option<usize> {
    let columns = ["soc", "stf", "med", "soc°", "sam", "sam°", "chef", "chef°"];
    columns.iter().position(|one| *one == name).or((name == "sam*").then_some(4))
}

fn role(name: &str) -> usize {
    let roles = [
        ("soc", 0),
        ("stf", 0),
        ("med", 0),
        ("sam", 1),
        ("chef", 2),
        ("polis", 3),
        ("ctrl", 4),
        ("logg", 5),
        ("adm", 6),
        ("jäv", 1),
        ("tyst", 1),
    ];
    let plain = name.trim_end_matches(['*', '°']);
    roles.iter().find(|(one, _)| *one == plain).unwrap_or_else(|| panic!("who is {name}?")).1
}

/// Whether row security shows them the case; through a glass only where nothing else does.
fn reaches(name: &str, state: &str) -> bool {
    match name {
        "soc" | "stf" | "med" | "sam" => true,
        "sam*" | "chef" => state != CIRCLE,
        _ => name.ends_with('°') && state == CIRCLE,
    }
}

/// What the table says that somebody is answered: 2 is in, 1 forbidden and 0 not there at all.
fn said(seen: &Seen, turned: Option<Cell>) -> u8 {
    let says = |permission: Permission| {
        let reads_location = READERS.contains(&seen.name);
        match (permission.is_in_case(), column(seen.name)) {
            (true, Some(column)) => {
                let state = if seen.state == CIRCLE { OPEN } else { seen.state };
                Cell::InCase(permission as usize, column, state).says(reads_location, turned)
            }
            (true, None) => false,
            (false, _) => Cell::Outside(permission as usize, role(seen.name)).says(false, turned),
        }
    };
    let permission = seen.permission;
    let is_there = !permission.is_in_case() || reaches(seen.name, seen.state);
    if is_there && says(permission) {
        return 2;
    }
    let known = if permission.is_in_case() { Some(Permission::ReadCase) } else { permission.seen_with() };
    u8::from(!seen.is_wall && is_there && known.is_some_and(says))
}

/// A line of the table that lets one answer differ.
#[derive(Debug)]
struct Beyond {
    is_narrower: bool,
    label: &'static str,
    names: Vec<&'static str>,
}

fn beyond() -> Vec<Beyond> {
    let notes = Permission::ALL.iter().flat_map(|permission| TABLE.row(*permission).notes.iter());
    let lines = notes.filter_map(|note| {
        let (word, rest) = note.split_once(' ')?;
        let is_narrower = matches!(word, "narrower").then_some(true).or((word == "wider").then_some(false))?;
        let (what, reason) = rest.split_once(": ").unwrap_or_else(|| panic!("`{note}` says no reason"));
        assert!(!reason.is_empty(), "{note}");
        let (label, names) = what.rsplit_once(" to ").unwrap_or_else(|| panic!("`{note}` says not to whom"));
        Some(Beyond { is_narrower, label, names: names.split(' ').collect() })
    });
    lines.collect()
}

#[test]
fn policy_router_and_postgres_agree_in_every_cell() {
    let mut wrong = Vec::new();
    let cells = Cell::all();
    for cell in &cells {
        for reads_location in [false, true] {
            if cell.says(reads_location, None) != cell.decided(reads_location) {
                wrong.push(format!("the policy decides otherwise in {cell:?} of {}", cell.permission().name()));
            }
        }
    }
    let (seen, beyond) = (seen::all(), beyond());
    let mut needed = BTreeSet::new();
    for one in &seen {
        let said = said(one, None);
        if said == one.answer {
            continue;
        }
        let is_narrower = one.answer < said;
        let exempt = beyond.iter().position(|line| {
            line.is_narrower == is_narrower && line.label == one.label && line.names.contains(&one.name)
        });
        match exempt {
            Some(at) => drop(needed.insert((at, one.name))),
            None => wrong.push(format!(
                "{} under {}: to {} ({}) the table says {said} and the answer is {}",
                one.label,
                one.permission.name(),
                one.name,
                one.state,
                one.answer
            )),
        }
    }
    for (at, line) in beyond.iter().enumerate() {
        let idle = line.names.iter().filter(|name| !needed.contains(&(at, **name)));
        wrong.extend(idle.map(|name| format!("{} needs no exception to {name}", line.label)));
    }
    let walls = seen.iter().filter(|one| one.is_wall).count();
    println!("figure: cells of the permission table = {}", cells.len());
    println!("figure: answers of the router compared = {}", seen.len() - walls);
    println!("figure: answers of Postgres compared = {walls}");
    println!("figure: exceptions with a reason = {}", beyond.len());
    println!("figure: disagreements between policy, router and Postgres = {}", wrong.len());
    assert!(wrong.is_empty(), "{} disagree:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_cell_turned_round_is_seen() {
    let seen: Vec<_> = seen::all().into_iter().filter(|one| said(one, None) == one.answer).collect();
    let (mut survivors, mut elsewhere, mut caught) = (Vec::new(), 0, 0);
    for cell in Cell::all() {
        let permission = cell.permission();
        let by_test = TABLE.row(permission).notes.iter().any(|note| note.starts_with("held by "));
        let differs = |one: &&Seen| said(one, Some(cell)) != one.answer;
        if seen.iter().filter(|one| one.permission == permission).any(|one| differs(&one)) {
            caught += 1;
        } else if by_test {
            elsewhere += 1;
        } else {
            survivors.push(format!("{cell:?} of {}", permission.name()));
        }
    }
    println!("figure: cells turned round and caught = {caught}");
    println!("figure: cells held by a test of their own = {elsewhere}");
    println!("figure: cells turned round and not caught = {}", survivors.len());
    assert!(survivors.is_empty(), "{} are not seen:\n{}", survivors.len(), survivors.join("\n"));
}

#[test]
fn every_route_stands_in_the_table_and_every_right_on_something() {
    let lacking = routes::all().into_iter().filter(|route| TABLE.gate(route.method, &route.path).is_none());
    let lacking: Vec<_> = lacking.map(|route| format!("    {} {}", route.method, route.path)).collect();
    assert!(lacking.is_empty(), "under which permission in src/access/permissions.txt?\n{}", lacking.join("\n"));
    let known: BTreeSet<_> =
        routes::all().into_iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    for permission in Permission::ALL {
        let row = TABLE.row(*permission);
        let gone: Vec<_> = row.routes.iter().filter(|route| !known.contains(**route)).collect();
        assert!(gone.is_empty(), "{} has routes that are gone: {gone:?}", permission.name());
        let words = ["reads ", "inserts ", "updates ", "deletes ", "leans on "];
        let stands = row.notes.iter().any(|note| words.iter().any(|word| note.starts_with(word)));
        assert!(stands, "{}: say what it stands on in Postgres, or why nothing", permission.name());
        for held in row.notes.iter().filter_map(|note| note.strip_prefix("held by ")) {
            let (file, test) = held.split_once(' ').unwrap();
            let source = std::fs::read_to_string(format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
            assert!(source.contains(&format!("async fn {test}(")), "{held} is gone");
        }
    }
}
