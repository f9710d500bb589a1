//! What was answered, as the two matrices have it.

use utvag::access::right::Permission;
use utvag::access::table::TABLE;

use super::{CIRCLE, ENDED, MOVED, OPEN};

const ROUTER: &str = "access_matrix.txt";
const WALLS: &str = "wall_matrix.txt";
const METHODS: [&str; 3] = ["GET ", "POST", "SHOW"];

/// One answer to somebody, about a route or a table.
#[derive(Debug)]
pub struct Seen {
    pub permission: Permission,
    /// As it is spelled in the table.
    pub label: String,
    pub name: &'static str,
    pub state: &'static str,
    pub is_wall: bool,
    /// 2 is in, 1 forbidden and 0 not there at all.
    pub answer: u8,
}

pub fn all() -> Vec<Seen> {
    let mut seen = of_the_router();
    seen.extend(of_the_walls());
    assert!(seen.len() > 10_000, "only {} were read", seen.len());
    seen
}

fn text(name: &str) -> &'static str {
    std::fs::read_to_string(format!("{}/tests/it/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap().leak()
}

fn under(label: &str) -> Option<Permission> {
    let is_noted = |permission: &&Permission| TABLE.row(**permission).notes.contains(&label);
    let (method, path) = label.split_once(' ')?;
    TABLE.gate(method, path).flatten().or_else(|| Permission::ALL.iter().find(is_noted).copied())
}

fn of_the_router() -> Vec<Seen> {
    let (mut seen, mut state, mut names) = (Vec::new(), OPEN, Vec::new());
    for line in text(ROUTER).lines() {
        if line.starts_with("     ") {
            names = line.split_whitespace().collect();
        } else if let Some(title) = line.strip_suffix(':') {
            names = title.split_once("; ").map_or_else(Vec::new, |(_, names)| names.split(' ').collect());
            state = match title {
                _ if title.contains("closed circle") => CIRCLE,
                _ if title.contains("another municipality") => MOVED,
                _ if title.contains(", closed") => ENDED,
                _ => OPEN,
            };
        } else if METHODS.iter().any(|method| line.starts_with(method)) && !names.is_empty() {
            let mut words: Vec<_> = line.split_whitespace().collect();
            let answers = words.split_off(words.len() - names.len());
            let label = words.join(" ");
            let Some(permission) = under(&label) else { continue };
            for (name, answer) in names.iter().zip(answers) {
                if *name == "—" {
                    assert!(answer == "303" || label.starts_with("SHOW"), "{label} answers nobody {answer}");
                    continue;
                }
                let answer = match answer {
                    "404" => 0,
                    "403" => 1,
                    _ => 2,
                };
                seen.push(Seen { permission, label: label.clone(), name, state, is_wall: false, answer });
            }
        }
    }
    seen
}

fn of_the_walls() -> Vec<Seen> {
    let mut lines = text(WALLS).lines().skip_while(|line| !line.starts_with("     "));
    let names: Vec<_> = lines.next().unwrap_or_default().split_whitespace().collect();
    let mut open = Vec::new();
    let mut rows: Vec<(String, &'static str, Vec<&'static str>)> = Vec::new();
    for line in lines {
        let mut words: Vec<_> = line.split_whitespace().collect();
        let answers = words.split_off(words.len() - names.len());
        let state = [OPEN, CIRCLE, ENDED, MOVED].into_iter().find(|state| words.last() == Some(state)).unwrap();
        words.pop();
        if state == OPEN {
            open.push((words.join(" "), answers.clone()));
        }
        rows.push((words.join(" "), state, answers));
    }
    // What is the same as in an open case is not said again.
    for (label, answers) in open {
        for state in [CIRCLE, ENDED, MOVED] {
            if !rows.iter().any(|(known, at, _)| *known == label && *at == state) {
                rows.push((label.clone(), state, answers.clone()));
            }
        }
    }
    let mut seen = Vec::new();
    for (label, state, answers) in rows {
        for permission in Permission::ALL.iter().filter(|one| TABLE.row(**one).notes.contains(&label.as_str())) {
            for (name, answer) in names.iter().zip(&answers) {
                // Through a glass nothing is written: that is no policy's, but the log's own trigger on every table.
                let is_asked = if name.ends_with('°') { state == CIRCLE && label.starts_with("reads ") } else { true };
                let is_new = permission.is_in_case() || state == OPEN;
                // Whoever has not signed in, or not said why, has no part in the table; the wall matrix shows what they see.
                if is_asked && is_new && !matches!(*name, "—" | "tyst") {
                    let answer = if matches!(*answer, "-" | "0") { 0 } else { 2 };
                    let label = label.clone();
                    seen.push(Seen { permission: *permission, label, name, state, is_wall: true, answer });
                }
            }
        }
    }
    seen
}
