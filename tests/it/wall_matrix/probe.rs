//! What Postgres is asked: a statement for each table and each thing that can be done with it, made of a row that is there.

use std::collections::BTreeSet;

use sqlx::{PgConnection, Row};

use super::stated;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Reads,
    Inserts,
    Updates,
    Deletes,
}

impl Kind {
    const ALL: [(&str, Self); 4] = [
        ("reads ", Self::Reads),
        ("inserts ", Self::Inserts),
        ("updates ", Self::Updates),
        ("deletes ", Self::Deletes),
    ];

    /// What a line of the table asks about, if it asks anything, and the rest of the line.
    pub fn of(line: &str) -> Option<(Self, &str)> {
        Self::ALL.into_iter().find_map(|(word, kind)| Some((kind, line.strip_prefix(word)?)))
    }

    const fn command(self) -> &'static str {
        match self {
            Self::Reads => "SELECT",
            Self::Inserts => "INSERT",
            Self::Updates => "UPDATE",
            Self::Deletes => "DELETE",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Probe {
    /// As it stands in the table of permissions.
    pub label: String,
    pub table: String,
    /// `table.column = value, …`: what is so before.
    pub after: Option<String>,
    pub statement: String,
}

/// What no permission stands on by itself, and what answers only when something is so before.
const BESIDES: [&str; 3] = [
    "deletes plan after plan.status = 'draft'",
    "inserts support_area_assessment after support_assessment.saved_at = now()",
    "updates log_review set signed_at = now()",
];

/// A policy that lets everybody through, or that is not there.
pub struct Mutant {
    pub table: String,
    pub change: String,
}

/// What the table of permissions asks, and besides each table that somebody may do something with.
pub async fn all(owner: &mut PgConnection) -> Vec<Probe> {
    let stated = stated();
    let mut labels: BTreeSet<String> = stated.into_iter().chain(BESIDES).map(str::to_owned).collect();
    let rows = sqlx::query(
        "select p.tablename, p.cmd from pg_policies p
         where p.schemaname = 'public' and p.permissive = 'PERMISSIVE' and 'utvag_user' = any (p.roles)",
    );
    for row in rows.fetch_all(&mut *owner).await.unwrap() {
        let (table, command): (String, String) = (row.get(0), row.get(1));
        for (word, kind) in Kind::ALL {
            let label = format!("{word}{table}");
            let is_known = labels.iter().any(|known| *known == label || known.starts_with(&format!("{label} ")));
            if (command == "ALL" || command == kind.command()) && !is_known {
                labels.insert(label);
            }
        }
    }
    let mut probes = Vec::new();
    for label in labels {
        probes.push(made(owner, label).await);
    }
    probes
}

async fn made(owner: &mut PgConnection, label: String) -> Probe {
    let (kind, rest) = Kind::of(&label).unwrap();
    let (rest, after) = rest.split_once(" after ").map_or((rest, None), |(rest, after)| (rest, Some(after.to_owned())));
    let given = [" with ", " set "].iter().find_map(|word| rest.split_once(word));
    let (table, given) = given.unwrap_or((rest, ""));
    let given: Vec<(&str, &str)> = given.split(", ").filter_map(|one| one.split_once(" = ")).collect();
    let statement = match kind {
        Kind::Reads => format!("select 1 from {table}"),
        Kind::Deletes => format!("delete from {table}"),
        Kind::Inserts => {
            let columns = columns(owner, table, "insert").await;
            let mine = mine(owner, table, "INSERT").await;
            let row: Option<serde_json::Value> = sqlx::query_scalar("select public.sample($1::text::regclass)")
                .bind(table)
                .fetch_one(&mut *owner)
                .await
                .unwrap();
            let row = row.unwrap_or_else(|| serde_json::json!({})).to_string().replace('\'', "''");
            let values: Vec<_> = columns.iter().map(|column| value(column, &given, &mine)).collect();
            let (names, values) = (columns.join(", "), values.join(", "));
            format!(
                "insert into {table} ({names}) select {values} from jsonb_populate_record(null::{table}, '{row}'::jsonb) r"
            )
        }
        Kind::Updates => {
            let columns = columns(owner, table, "update").await;
            let mine = mine(owner, table, "UPDATE").await;
            let mut sets: Vec<_> = given.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            for column in columns.iter().filter(|column| mine.contains(*column)) {
                if !given.iter().any(|(name, _)| name == column) {
                    sets.push(format!("{column} = (select sec.actor_id())"));
                }
            }
            if sets.is_empty() {
                sets.extend(columns.first().map(|column| format!("{column} = {column}")));
            }
            format!("update {table} set {}", sets.join(", "))
        }
    };
    Probe { table: table.to_owned(), after, statement, label }
}

fn value(column: &str, given: &[(&str, &str)], mine: &BTreeSet<String>) -> String {
    if let Some((_, value)) = given.iter().find(|(name, _)| *name == column) {
        return (*value).to_owned();
    }
    if mine.contains(column) {
        return "(select sec.actor_id())".to_owned();
    }
    // A new row, unless the row's name is what it is about.
    if column == "id" { "gen_random_uuid()".to_owned() } else { format!("r.{column}") }
}

/// The columns that the door's role may write.
async fn columns(owner: &mut PgConnection, table: &str, right: &str) -> Vec<String> {
    sqlx::query_scalar(
        "select a.attname::text from pg_attribute a
         where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity <> 'a'
           and has_column_privilege('utvag_user', a.attrelid, a.attnum, $2) order by a.attnum",
    )
    .bind(table)
    .bind(right)
    .fetch_all(owner)
    .await
    .unwrap()
}

/// The columns that must say who does it.
async fn mine(owner: &mut PgConnection, table: &str, command: &str) -> BTreeSet<String> {
    let found: Vec<String> = sqlx::query_scalar(
        "select distinct m[1] from pg_policies p,
           regexp_matches(p.with_check, '(?<![.a-z_])([a-z_]+) = \\( SELECT sec\\.actor_id\\(\\)', 'g') m
         where p.schemaname = 'public' and p.tablename = $1 and p.cmd in ($2, 'ALL') and 'utvag_user' = any (p.roles)",
    )
    .bind(table)
    .bind(command)
    .fetch_all(owner)
    .await
    .unwrap();
    found.into_iter().collect()
}

/// One for each policy of the door's role that asks anything.
pub async fn mutants(owner: &mut PgConnection) -> Vec<Mutant> {
    let rows = sqlx::query(
        "select p.tablename, p.policyname, p.permissive = 'RESTRICTIVE', p.qual is not null, p.with_check is not null
         from pg_policies p
         where p.schemaname = 'public' and 'utvag_user' = any (p.roles)
           and (coalesce(p.qual, 'true') <> 'true' or coalesce(p.with_check, 'true') <> 'true')
         order by 1, 2",
    );
    let rows = rows.fetch_all(owner).await.unwrap();
    let mutant = |row: sqlx::postgres::PgRow| {
        let (table, policy): (String, String) = (row.get(0), row.get(1));
        let (is_restrictive, uses, checks): (bool, bool, bool) = (row.get(2), row.get(3), row.get(4));
        let change = if is_restrictive {
            format!("drop policy {policy} on {table}")
        } else {
            let (uses, checks) =
                (if uses { "using (true)" } else { "" }, if checks { "with check (true)" } else { "" });
            format!("alter policy {policy} on {table} {uses} {checks}")
        };
        Mutant { table, change }
    };
    rows.into_iter().map(mutant).collect()
}
