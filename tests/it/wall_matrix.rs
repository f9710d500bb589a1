//! The third wall from below, cell by cell: what Postgres alone lets whom read, add, change and take away, in each state of
//! a case, with no trigger and no Rust in between. The answers stand in `wall_matrix.txt` and are reviewed like code
//! (`UTVAG_WRITE_MATRIX=1` writes it anew); and each policy that is opened up is seen to change one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use sqlx::{AssertSqlSafe, Executor, PgConnection};
use utvag::access::right::Permission;
use utvag::access::table::TABLE;

use crate::support::database::Database;

mod probe;

use probe::Probe;

const FIXTURE: [&str; 2] = [include_str!("walls.sql"), include_str!("wall_matrix.sql")];

/// As in the access matrix, and the token that each steps through the door with.
const WHO: [(&str, &str); 18] = [
    ("soc", "caseworker"),
    ("stf", "stf"),
    ("med", "med"),
    ("soc*", "soc*"),
    ("sam", "coordinator"),
    ("sam*", "sam*"),
    ("chef", "manager"),
    ("chef*", "chef*"),
    ("polis", "police_liaison"),
    ("ctrl", "controller"),
    ("logg", "log_reviewer"),
    ("adm", "sysadmin"),
    ("soc°", "soc°"),
    ("sam°", "sam°"),
    ("chef°", "chef°"),
    // A coordinator in a conflict of interest, one who has not said why; and whoever has not signed in.
    ("jäv", "jäv"),
    ("tyst", "tyst"),
    ("—", "nobody"),
];

/// What the case is made in each, and its name in the file.
const STATES: [(&str, &str); 4] = [
    ("open", "closed_on = null"),
    ("circle", "protection_level = 'closed_circle'"),
    ("ended", "status = 'closed', closed_on = '2026-12-31'"),
    ("moved", "status = 'transferred', closed_on = '2026-12-31'"),
];

const HEAD: &str = "\
What Postgres alone answers, with nothing but grants and row security: how many rows of a table each reads, adds, changes or
takes away, and a stroke where it refuses. Written by tests/it/wall_matrix.rs; read it like code. Who they are says
access_matrix.txt; open, circle, ended and moved are the states of the first case of tests/it/walls.sql.
";

async fn furnished() -> PgConnection {
    let database = Database::new().await;
    let mut owner = database.superuser().await;
    for sql in FIXTURE {
        owner.execute(sql).await.unwrap();
    }
    owner
}

/// One state, with what some probes want to be so besides: the transaction stays open.
async fn prepare(owner: &mut PgConnection, set: &str, after: Option<&str>) {
    let state = format!("update case_file set {set} where reference = 'AVH-AAAA-AAA'");
    owner.execute(AssertSqlSafe(state)).await.unwrap();
    if let Some((table, values)) = after.and_then(|after| after.split_once('.')) {
        owner.execute(AssertSqlSafe(format!("update {table} set {values}"))).await.unwrap();
    }
}

/// What somebody is answered to each statement.
async fn answers(owner: &mut PgConnection, token: &str, statements: &[String]) -> Vec<String> {
    owner.execute("select set_config('role', 'utvag_user', true)").await.unwrap();
    sqlx::query("select account_id from sec.open($1)").bind(token.as_bytes()).fetch_all(&mut *owner).await.unwrap();
    let glass = if token.ends_with('°') || token == "tyst" { "AVH-AAAA-AAA" } else { "" };
    let answers = sqlx::query_scalar(
        "select public.reaches(one) from set_config('app.glass', $1, true), unnest($2::text[]) with ordinality as s(one, n) order by n",
    )
    .bind(glass)
    .bind(statements)
    .fetch_all(&mut *owner)
    .await
    .unwrap();
    owner.execute("reset role").await.unwrap();
    answers
}

type Answers = BTreeMap<(String, &'static str), Vec<String>>;

/// Every answer to the probes; stops where one differs from what is known.
async fn asked(owner: &mut PgConnection, probes: &[Probe], known: Option<&Answers>) -> (Answers, bool) {
    let mut all = Answers::new();
    let groups: BTreeSet<_> = probes.iter().map(|probe| probe.after.clone()).collect();
    for (state, set) in STATES {
        for after in &groups {
            let probes: Vec<_> = probes.iter().filter(|probe| probe.after == *after).collect();
            let statements: Vec<_> = probes.iter().map(|probe| probe.statement.clone()).collect();
            owner.execute("savepoint state").await.unwrap();
            prepare(owner, set, after.as_deref()).await;
            for (at, (_, token)) in WHO.iter().enumerate() {
                let answers = answers(owner, token, &statements).await;
                for (probe, answer) in probes.iter().zip(answers) {
                    let key = (probe.label.clone(), state);
                    if known.is_some_and(|known| known[&key][at] != answer) {
                        return (all, true);
                    }
                    all.entry(key).or_default().push(answer);
                }
            }
            owner.execute("rollback to savepoint state").await.unwrap();
        }
    }
    (all, false)
}

fn written(answers: &Answers) -> String {
    let width = answers.keys().map(|(label, _)| label.len()).max().unwrap_or(0);
    let mut text = format!("{HEAD}\n{:<width$}  {:<6}", "", "");
    for (name, _) in WHO {
        write!(text, "  {name:<5}").unwrap();
    }
    text.truncate(text.trim_end().len());
    let mut open: Option<(&String, &Vec<String>)> = None;
    // In the order of the states, and what is the same as in an open case is not said again.
    let labels: BTreeSet<_> = answers.keys().map(|(label, _)| label).collect();
    for label in labels {
        for (state, _) in STATES {
            let row = &answers[&(label.clone(), state)];
            if state == "open" {
                open = Some((label, row));
            } else if open.is_some_and(|(_, open)| open == row) {
                continue;
            }
            let cells = row.iter().fold(String::new(), |text, cell| format!("{text}  {cell:<5}"));
            write!(text, "\n{:<width$}  {state:<6}{}", label, cells.trim_end()).unwrap();
        }
    }
    text + "\n"
}

#[tokio::test]
async fn postgres_answers_everybody_as_the_wall_matrix_says() {
    let mut owner = furnished().await;
    owner.execute("begin").await.unwrap();
    let probes = probe::all(&mut owner).await;
    let (answers, _) = asked(&mut owner, &probes, None).await;
    let stands = written(&answers);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/wall_matrix.txt");
    if std::env::var_os("UTVAG_WRITE_MATRIX").is_some() {
        return std::fs::write(file, stands).unwrap();
    }
    let said = std::fs::read_to_string(file).unwrap_or_default();
    let changed: Vec<_> = stands.lines().filter(|line| !said.lines().any(|known| known == *line)).collect();
    assert!(said == stands, "the wall matrix has changed:\n{}", changed.join("\n"));
}

#[tokio::test]
async fn each_policy_that_is_opened_up_is_seen() {
    let mut owner = furnished().await;
    owner.execute("begin").await.unwrap();
    let probes = probe::all(&mut owner).await;
    let (known, _) = asked(&mut owner, &probes, None).await;
    let mut survivors = Vec::new();
    let mutants = probe::mutants(&mut owner).await;
    for mutant in &mutants {
        let of_the_table: Vec<_> = probes.iter().filter(|probe| probe.table == mutant.table).cloned().collect();
        owner.execute("savepoint mutant").await.unwrap();
        owner.execute(AssertSqlSafe(mutant.change.clone())).await.unwrap();
        let (_, is_seen) = asked(&mut owner, &of_the_table, Some(&known)).await;
        owner.execute("rollback to savepoint mutant").await.unwrap();
        if !is_seen {
            survivors.push(mutant.change.clone());
        }
    }
    println!("figure: policies opened up = {}", mutants.len());
    println!("figure: policies opened up and seen = {}", mutants.len() - survivors.len());
    assert_eq!(survivors, Vec::<String>::new());
}

/// What stands under the permissions in the table, as it is spelled there.
fn stated() -> BTreeSet<&'static str> {
    let notes = Permission::ALL.iter().flat_map(|permission| TABLE.row(*permission).notes.iter().copied());
    notes.filter(|note| probe::Kind::of(note).is_some()).collect()
}
