//! SQL of the report: a handful of questions, whatever the number of cases. What they give is raw; `reckoned` and
//! `counted` hide what is too few.

pub mod history;

use std::collections::BTreeMap;

use time::Date;
use uuid::Uuid;

use super::model::Group;
use super::period::Span;
use crate::access::right::{ManageCase, ReadBoardReport};
use crate::access::{Access, CaseAccess};
use crate::audit::Event;
use crate::error::{Error, Result};
use crate::vocabulary::{BudgetKind, IntakeSource};

/// A year of table N1.
#[derive(Debug, Clone, Default)]
pub(super) struct YearCount {
    pub year: i32,
    pub persons: i64,
    pub new_persons: i64,
    pub cases: i64,
    pub new_cases: i64,
    pub intakes: i64,
    pub closed: i64,
    pub ongoing: i64,
}

/// A year that others have counted.
#[derive(Debug, Clone)]
pub(super) struct Reported {
    pub year: i32,
    pub persons_least: Option<i32>,
    pub persons_most: Option<i32>,
    pub ongoing: Option<i32>,
    pub ongoing_on: Option<Date>,
    pub source: String,
}

/// Days and amounts of a period.
#[derive(Debug, Clone, Default)]
pub(super) struct Money {
    pub all: Group,
    pub clock: Group,
    pub forms: Vec<Group>,
    pub bought: Vec<Group>,
    /// Why it was bought outside the agreements, by stays.
    pub why: Vec<(String, i64)>,
    /// How many persons had exactly which.
    form_sets: Vec<(Vec<String>, i64)>,
    bought_sets: Vec<(Vec<String>, i64)>,
}

impl Money {
    /// Unique persons with any of the forms.
    pub fn persons_with_forms(&self, codes: &[&str]) -> i64 {
        behind(&self.form_sets, codes)
    }

    /// Unique persons with any of the ways to buy.
    pub fn persons_bought(&self, codes: &[&str]) -> i64 {
        behind(&self.bought_sets, codes)
    }
}

fn behind(sets: &[(Vec<String>, i64)], codes: &[&str]) -> i64 {
    sets.iter().filter(|(set, _)| set.iter().any(|one| codes.contains(&one.as_str()))).map(|(_, persons)| persons).sum()
}

/// What is only counted, by list and part, with a median where there is one.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts(BTreeMap<(String, String), (i64, Option<i32>)>);

impl Counts {
    pub fn of(&self, list: &str, part: &str) -> i64 {
        self.with_days(list, part).0
    }

    pub fn with_days(&self, list: &str, part: &str) -> (i64, Option<i32>) {
        self.0.get(&(list.to_owned(), part.to_owned())).copied().unwrap_or_default()
    }

    pub fn parts(&self, list: &str) -> Vec<(&str, i64)> {
        self.0.iter().filter(|((name, _), _)| name == list).map(|((_, part), (n, _))| (part.as_str(), *n)).collect()
    }
}

/// A sort of budget line with what it comes to, and what the whole year costs as far as is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Budget {
    pub lines: Vec<(BudgetKind, i64)>,
    pub forecast: i64,
}

pub(super) async fn years(access: &mut Access<ReadBoardReport>, year: i32) -> Result<Vec<YearCount>> {
    let today = access.desk().clock().today();
    Ok(sqlx::query_as!(
        YearCount,
        r#"select year as "year!", persons as "persons!", new_persons as "new_persons!", cases as "cases!",
                  new_cases as "new_cases!", intakes as "intakes!", closed as "closed!", ongoing as "ongoing!"
           from sec.board_years($1, $2)"#,
        year,
        today
    )
    .fetch_all(access.read())
    .await?)
}

pub(super) async fn reported(access: &mut Access<ReadBoardReport>) -> Result<Vec<Reported>> {
    Ok(sqlx::query_as!(
        Reported,
        "select year, persons_least, persons_most, ongoing, ongoing_on, source from board_history order by year"
    )
    .fetch_all(access.read())
    .await?)
}

/// Each of the periods, in one question.
pub(super) async fn money(access: &mut Access<ReadBoardReport>, spans: &[Span]) -> Result<Vec<Money>> {
    let today = access.desk().clock().today();
    let first: Vec<Date> = spans.iter().map(|span| span.first()).collect();
    let until: Vec<Date> = spans.iter().map(|span| span.until(today)).collect();
    let rows = sqlx::query!(
        r#"select w.at as "at!", m.list as "list!", m.part as "part!", m.items as "items!", m.days as "days!", m.ore as "ore!"
           from unnest($1::date[], $2::date[]) with ordinality as w(first, until, at)
           cross join lateral sec.board_money(w.first, w.until) m
           order by w.at, m.list, m.part"#,
        &first,
        &until
    )
    .fetch_all(access.read())
    .await?;
    let mut periods = vec![Money::default(); spans.len()];
    for row in rows {
        let Some(money) = usize::try_from(row.at - 1).ok().and_then(|at| periods.get_mut(at)) else {
            return Err(Error::internal("a period that was not asked for"));
        };
        let set = || row.part.split(' ').map(str::to_owned).collect();
        let group = || Group { code: row.part.clone(), persons: row.items, stays: 0, days: row.days, ore: row.ore };
        match row.list.as_str() {
            "all" => money.all = group(),
            "clock" => money.clock = group(),
            "form" => money.forms.push(group()),
            "bought" => money.bought.push(group()),
            "form_set" => money.form_sets.push((set(), row.items)),
            "bought_set" => money.bought_sets.push((set(), row.items)),
            "why" => money.why.push((row.part, row.items)),
            // Comes after the groups: lists are in the order of their names.
            _ => money.bought.iter_mut().filter(|one| one.code == row.part).for_each(|one| one.stays = row.items),
        }
    }
    Ok(periods)
}

pub(super) async fn counts(access: &mut Access<ReadBoardReport>, span: Span) -> Result<Counts> {
    let today = access.desk().clock().today();
    let rows = sqlx::query!(
        r#"select list as "list!", part as "part!", items as "items!", days from sec.board_counts($1, $2, $3)"#,
        span.first(),
        span.until(today),
        today
    )
    .fetch_all(access.read())
    .await?;
    Ok(Counts(rows.into_iter().map(|row| ((row.list, row.part), (row.items, row.days))).collect()))
}

pub(super) async fn budget(access: &mut Access<ReadBoardReport>, year: i32) -> Result<Budget> {
    let rows = sqlx::query!(
        r#"select b.kind as "kind?: BudgetKind", b.ore as "ore?", f.ore as "forecast!"
           from (select coalesce(sum(cost_ore), 0)::bigint as ore from cost_day
                 where on_day between make_date($1, 1, 1) and make_date($1, 12, 31)) f
           left join (select kind, sum(amount_ore)::bigint as ore from budget_line
                      where year = $1 and withdrawn_at is null group by kind) b on true
           order by b.kind"#,
        year
    )
    .fetch_all(access.read())
    .await?;
    Ok(Budget {
        forecast: rows.first().map_or(0, |row| row.forecast),
        lines: rows.into_iter().filter_map(|row| row.kind.zip(row.ore)).collect(),
    })
}

/// Another than the municipality keeps a record of the same person.
pub async fn involve(access: &mut CaseAccess<ManageCase>, actors: &[IntakeSource]) -> Result<()> {
    let (case, by, at) = (access.head().id, access.desk().actor().account, access.desk().clock().now());
    let work = access.write(Event::InvolvementRegistered).await?;
    for actor in actors {
        sqlx::query!(
            "insert into external_involvement (id, case_id, actor, registered_by, registered_at) values ($1, $2, $3, $4, $5)",
            Uuid::now_v7(),
            case,
            *actor as IntakeSource,
            by,
            at
        )
        .execute(&mut *work)
        .await?;
    }
    Ok(())
}
