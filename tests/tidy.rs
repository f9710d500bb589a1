//! The rules of the house, read from the source text: which module may use which, where SQL, open personal data and
//! roles may stand, how long a file may be. Needs no database. Each rule is a function from text to faults, and each
//! is shown to find a planted one. How text is read stands in `tidy/source.rs`; what
//! rustc and clippy already see is not repeated here.

#[path = "tidy/source.rs"]
mod source;

use source::{Files, all_code, file_name, finds, first_word, is_word, line, module, read, shipped, sources};

/// The same table as in `src/lib.rs`. The order within a floor counts on the floors in `LEFTWARD`.
const FLOORS: [&str; 7] = [
    "vocabulary money calendar personal clock config error",
    "crypto db",
    "state audit identity web",
    "access",
    "signin account organisation setting person intake case assignment consent journal threat deviation check motivation investigation decision homecoming meeting outcome provider exposure placement plan intervention follow_up conflict reading_log break_glass log_review compromise draft disclosure police_view funding economy staffing conditions death recovery alarm",
    "casefile day search programme coordination board",
    "server jobs health seed operator main",
];
/// Words and rooms may use what stands to their left.
const LEFTWARD: [usize; 2] = [0, 4];
/// The house is put together here, so everything in it may be named.
const TOP: usize = 6;

/// Uses on the same floor that are right all the same: (who, whom, why).
const NEIGHBOURS: [(&str, &str, &str); 6] = [
    ("*", "error", "every module fails in the same way"),
    ("audit", "state", "the state is what a request carries with it"),
    ("identity", "state", "the state is what a request carries with it"),
    ("web", "state", "the state is what a request carries with it"),
    ("identity", "web", "the entrance knows which address a request came from"),
    ("identity", "audit", "a sign-in that is not logged has not happened"),
];

const LONGEST: usize = 400;
const NO_NAMES: [&str; 6] = ["utils", "helpers", "common", "types", "models", "shared"];
const SQL: [&str; 4] = ["query!", "query_as!", "query_scalar!", "sqlx::query"];
const SQL_MODULES: [&str; 7] = ["db", "audit", "identity", "access", "jobs", "health", "seed"];
/// Who may take the way to the database out of the state. No room, and no overlook.
const DATABASE_MODULES: [&str; 9] =
    ["state", "identity", "access", "server", "jobs", "health", "seed", "operator", "main"];
/// A token also has `reveal`, and has to leave in a cookie or a letter: it names nobody.
const NOT_PEOPLE: [&str; 5] = ["token", "code", "secret", "cookie", "password"];

/// The modules named after `crate::`, also in a list: `crate::{error::Error, web::{form, list}}`.
fn uses(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in finds(code, "crate::") {
        let after = &code[at + "crate::".len()..];
        let Some(list) = after.strip_prefix('{') else {
            found.push((line(code, at), first_word(after).to_owned()));
            continue;
        };
        let (mut depth, mut start) = (1, 0);
        for (place, c) in list.char_indices() {
            depth += i32::from(c == '{') - i32::from(c == '}');
            if depth == 0 || (depth == 1 && c == ',') {
                found.push((line(code, at), first_word(list[start..place].trim()).to_owned()));
                start = place + 1;
            }
            if depth == 0 {
                break;
            }
        }
    }
    found.retain(|(_, name)| name.starts_with(char::is_lowercase));
    found
}

fn place(module: &str) -> Option<(usize, usize)> {
    FLOORS
        .iter()
        .enumerate()
        .find_map(|(floor, row)| row.split(' ').position(|name| name == module).map(|position| (floor, position)))
}

fn floor_faults(path: &str, code: &str) -> Vec<String> {
    let from = module(path);
    if from == "lib" {
        return Vec::new();
    }
    let Some((floor, position)) = place(from) else { return vec![format!("{path}: `{from}` has no floor")] };
    let may = |to: &str| match place(to) {
        Some((below, _)) if below < floor => true,
        Some((same, left)) if same == floor => {
            to == from
                || floor == TOP
                || (LEFTWARD.contains(&floor) && left < position)
                || NEIGHBOURS.iter().any(|(who, whom, _)| (*who == "*" || *who == from) && *whom == to)
        }
        None | Some(_) => false,
    };
    let wrong = uses(code).into_iter().filter(|(_, to)| !may(to));
    wrong.map(|(line, to)| format!("{path}:{line}: `{from}` may not use `{to}`")).collect()
}

fn length_faults(path: &str, text: &str) -> Vec<String> {
    let lines = text.lines().count();
    if lines > LONGEST { vec![format!("{path}: {lines} lines; a file has at most {LONGEST}")] } else { Vec::new() }
}

fn sql_faults(path: &str, code: &str) -> Vec<String> {
    if file_name(path) == "store.rs" || path.contains("/store/") || SQL_MODULES.contains(&module(path)) {
        return Vec::new();
    }
    let found = SQL.iter().flat_map(|word| finds(code, word));
    found.map(|at| format!("{path}:{}: SQL stands in a store", line(code, at))).collect()
}

fn database_faults(path: &str, code: &str) -> Vec<String> {
    if DATABASE_MODULES.contains(&module(path)) {
        return Vec::new();
    }
    let found = ["begin_as(", "begin_login(", "begin_task(", "PgPool"].iter().flat_map(|word| finds(code, word));
    let taken = code.match_indices(".db()").map(|(at, _)| at).chain(found);
    taken.map(|at| format!("{path}:{}: the database is reached through an access", line(code, at))).collect()
}

fn proof_faults(path: &str, code: &str) -> Vec<String> {
    if ["seed", "identity"].contains(&module(path)) {
        return Vec::new();
    }
    let found = finds(code, "Proof::lent");
    found.map(|at| format!("{path}:{}: who signs proves who they are", line(code, at))).collect()
}

fn name_faults(path: &str, code: &str) -> Vec<String> {
    let parts = path.split('/').map(first_word);
    let inline = finds(code, "mod ").map(|at| first_word(code[at + 4..].trim_start()));
    let empty = parts.chain(inline).filter(|name| NO_NAMES.contains(name));
    empty.map(|name| format!("{path}: `{name}` says nothing of what is in it")).collect()
}

fn reveal_faults(path: &str, code: &str) -> Vec<String> {
    if ["form.rs", "personal.rs"].contains(&file_name(path)) || module(path) == "crypto" {
        return Vec::new();
    }
    let person = |at: &usize| {
        let receiver = code[..*at].trim_end();
        // `Token::draw()?` is told by its type, `session_token` by its last word.
        let drawn = receiver.trim_end_matches('?').strip_suffix("()").map(|call| call.trim_end_matches(is_word));
        let named = drawn.and_then(|call| call.strip_suffix("::")).unwrap_or(receiver);
        let word = named.rsplit(|c| !is_word(c)).next().unwrap_or_default().to_lowercase();
        !NOT_PEOPLE.contains(&word.rsplit('_').next().unwrap_or_default())
    };
    let found = code.match_indices(".reveal()").map(|(at, _)| at).filter(person);
    found.map(|at| format!("{path}:{}: personal data is opened in the template", line(code, at))).collect()
}

fn role_faults(path: &str, code: &str) -> Vec<String> {
    if path == "src/access/policy.rs" || ["vocabulary", "seed"].contains(&module(path)) {
        return Vec::new();
    }
    let found = finds(code, "Role::").filter(|&at| decides_by_role(code, at));
    found.map(|at| format!("{path}:{}: who may what is said in access/policy.rs", line(code, at))).collect()
}

/// Is the role at `at` compared or matched, rather than only handed on?
fn decides_by_role(code: &str, at: usize) -> bool {
    let variant = &code[at + "Role::".len()..];
    if !variant.starts_with(char::is_uppercase) {
        // A glob lets a comparison hide; a function of the type (`Role::code`) is none.
        return variant.starts_with(['*', '{']);
    }
    let path_start = code[..at].trim_end_matches(|c: char| is_word(c) || c == ':');
    let before = path_start.trim_end().trim_end_matches(['&', '(', '[']).trim_end();
    let compared = ["==", "!=", " let", ".contains", ".eq", ".ne"].iter().any(|end| before.ends_with(end));
    let opened = code[..at].rfind("matches!").is_some_and(|start| {
        let inside = &code[start..at];
        inside.matches('(').count() > inside.matches(')').count()
    });
    let mut after = variant.trim_start_matches(is_word).trim_start();
    let mut needs_close = false;
    while let Some(next) = after.strip_prefix('|').or_else(|| after.strip_prefix(',')) {
        needs_close |= after.starts_with(',');
        after = next.trim_start().trim_start_matches(|c: char| is_word(c) || c == ':').trim_start();
    }
    let bare = after.trim_start_matches([')', ']']);
    let in_list = bare.len() < after.len() && bare.trim_start().starts_with(".contains");
    let arm = (!needs_close || bare.len() < after.len())
        && ["=>", "if "].iter().any(|next| bare.trim_start().starts_with(next));
    let left_side = ["==", "!="].iter().any(|next| after.starts_with(next));
    compared || opened || in_list || arm || left_side
}

fn escape_faults(path: &str, code: &str) -> Vec<String> {
    let closed = code.split_whitespace().collect::<String>();
    let words = [("AssertSqlSafe", "SQL is not built from text"), ("[allow(", "use #[expect(.., reason)]")];
    let conditional = closed.contains("cfg_attr(") && closed.contains(",allow(");
    let found = words.iter().filter(|(word, _)| closed.contains(word) || (*word == "[allow(" && conditional));
    found.map(|(_, why)| format!("{path}: {why}")).collect()
}

fn template_faults(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, row) in text.lines().enumerate() {
        let mut fault = |why: &str| faults.push(format!("{path}:{}: {why}", number + 1));
        if row.split('|').skip(1).any(|filter| first_word(filter.trim_start()) == "safe") {
            fault("everything is escaped");
        }
        let named = row.split('=').rev().skip(1).map(str::trim_end);
        for before in named {
            let name = before.rsplit(|c: char| c.is_whitespace() || c == '"' || c == '\'').next().unwrap_or_default();
            if name == "style" {
                fault("looks stand in the style sheet: the CSP refuses them here");
            }
            if name.len() > 2 && name.starts_with("on") && name.chars().all(char::is_alphabetic) {
                fault("behaviour stands in a script file: the CSP refuses it here");
            }
        }
    }
    faults
}

fn head_faults(path: &str, text: &str) -> Vec<String> {
    if text.starts_with("//!") { Vec::new() } else { vec![format!("{path}: begins without saying what is here (//!)")] }
}

fn hold(files: &Files, rule: fn(&str, &str) -> Vec<String>) {
    let faults: Vec<_> = files.iter().flat_map(|(path, text)| rule(path, text)).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_module_uses_only_floors_below() {
    hold(&all_code(), floor_faults);
    let wrong = |path, text| floor_faults(path, text).len();
    assert_eq!(wrong("src/web/list.rs", "use crate::{\n error::Error,\n access::{Desk, web},\n};"), 1);
    assert_eq!(wrong("src/person/store.rs", "fn f() { crate::placement::end() } use crate::access::Desk;"), 1);
    assert_eq!(wrong("src/placement/store.rs", "use crate::person::Person; use crate::placement::model;"), 0);
    assert_eq!(wrong("src/audit/mod.rs", "use crate::identity::Account; use crate::state::AppState;"), 1);
    assert_eq!(wrong("src/money.rs", "use crate::calendar::Period; use crate::error::Error;"), 1);
    assert_eq!(wrong("src/attic.rs", ""), 1);
}

#[test]
fn the_tour_in_lib_shows_the_same_floors() {
    let lib = &sources()["src/lib.rs"];
    for row in FLOORS {
        assert!(lib.contains(&format!("| `{row}` |")), "{row}");
    }
}

#[test]
fn no_file_is_longer_than_can_be_read() {
    let mut files = read(&["src", "tests", "templates"]);
    // Tables with a line for each route and each table of Postgres, as many as there are.
    for table in ["tests/it/access_matrix.txt", "tests/it/wall_matrix.txt", "src/access/permissions.txt"] {
        files.remove(table);
    }
    hold(&files, length_faults);
    assert_eq!(length_faults("a", &"x\n".repeat(LONGEST + 1)).len(), 1);
}

#[test]
fn sql_stands_in_stores() {
    hold(&all_code(), sql_faults);
    assert_eq!(sql_faults("src/person/pages.rs", "query!(); sqlx::query_as(); my_query!()").len(), 2);
    assert!(sql_faults("src/person/store.rs", "query!()").is_empty());
}

#[test]
fn rooms_reach_the_database_through_an_access() {
    let rooms = all_code().into_iter().filter(|(path, _)| path.starts_with("src/") && module(path) != "db").collect();
    hold(&rooms, database_faults);
    assert_eq!(database_faults("src/person/pages.rs", "state.db().begin_task()").len(), 2);
    assert!(database_faults("src/access/desk.rs", "state.db().begin_as(token)").is_empty());
}

#[test]
fn nobody_signs_without_proving_who_they_are_but_the_seed() {
    hold(&all_code(), proof_faults);
    assert_eq!(proof_faults("src/decision/signing.rs", "sign(Proof::lent())").len(), 1);
    assert!(proof_faults("src/seed/decisions.rs", "sign(Proof::lent())").is_empty());
}

#[test]
fn every_name_says_something() {
    hold(&all_code(), name_faults);
    hold(&read(&["tests", "templates"]), |path, _| name_faults(path, ""));
    assert_eq!(name_faults("src/web/helpers.rs", "mod utils;").len(), 2);
}

#[test]
fn people_are_revealed_only_where_they_are_shown_or_typed() {
    hold(&shipped(&sources()), reveal_faults);
    assert_eq!(reveal_faults("src/person/store.rs", "name.reveal(); session_token.reveal()").len(), 1);
    assert_eq!(reveal_faults("src/server/serve.rs", "Token::draw()?.reveal(); Name::draw()?.reveal()").len(), 1);
    assert_eq!(reveal_faults("src/web/flash.rs", "Token::of(name.reveal())").len(), 1);
}

#[test]
fn only_the_policy_decides_by_role() {
    hold(&shipped(&sources()), role_faults);
    let decides = [
        "a == Role::Head",
        "Role::Head != a",
        "match a { Role::Head | Role::Log => 1 }",
        "matches!(a, Some(Role::Head))",
        "match (a, b) { (Role::Head, _) => 1 }",
        "[Role::Head, Role::Log].contains(&a)",
        "if let Role::Head = a {}",
        "use crate::vocabulary::Role::*;",
    ];
    for text in decides {
        assert!(!role_faults("src/web/shell.rs", text).is_empty(), "{text}");
    }
    for text in ["grant(Role::Head)", "x => Role::Head, y => 1", "map(Role::code)", "x => f(Role::Head), y => 1"] {
        assert!(role_faults("src/web/shell.rs", text).is_empty(), "{text}");
    }
}

#[test]
fn nothing_is_let_off() {
    hold(&all_code(), escape_faults);
    assert_eq!(escape_faults("a", "#![allow(x)] AssertSqlSafe(y)").len(), 2);
    assert_eq!(escape_faults("a", "#[cfg_attr(test, allow(x))]").len(), 1);
}

#[test]
fn templates_escape_everything_and_leave_looks_and_behaviour_outside() {
    hold(&read(&["templates"]), template_faults);
    for text in ["{{ a| safe }}", "<p style=\"x\">", "<p class=\"a\" onclick=\"x\">", "<p onload = 'x'>"] {
        assert_eq!(template_faults("a", text).len(), 1, "{text}");
    }
    assert!(template_faults("a", "{{ a|lower }} <link rel=\"stylesheet\" data-on=\"x\">").is_empty());
}

#[test]
fn every_file_begins_by_saying_what_it_is() {
    hold(&sources(), head_faults);
    assert_eq!(head_faults("a", "use x;").len(), 1);
}

/// Words of one person acting as another; there is no such thing here. What lends a session is the seed's alone.
const ANOTHERS_NAME: [&str; 5] = ["impersonat", "act_as", "acting_as", "switch_user", "on_behalf_of"];

fn impersonation_faults(path: &str, code: &str) -> Vec<String> {
    let lower = code.to_lowercase();
    let named = ANOTHERS_NAME.iter().filter(|word| lower.contains(**word));
    let mut faults: Vec<_> = named.map(|word| format!("{path}: nobody acts as another (`{word}`)")).collect();
    let lends = ["session::lend(", "Visitor::with_token("];
    if !["seed"].contains(&module(path)) && lends.iter().any(|call| code.contains(call)) {
        faults.push(format!("{path}: only the seed works in a session that nobody has signed in to"));
    }
    faults
}

#[test]
fn nobody_acts_as_another() {
    hold(&shipped(&sources()), impersonation_faults);
    assert_eq!(impersonation_faults("src/staffing/pages.rs", "fn impersonate() {} session::lend(a)").len(), 2);
    assert!(impersonation_faults("src/seed/mod.rs", "session::lend(a)").is_empty());
}
