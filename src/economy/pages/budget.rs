//! `/ekonomi/budget`: the lines of a year, adding one and withdrawing one.

use askama::Template;
use axum::extract::{Form, Path};
use axum::response::Response;
use uuid::Uuid;

use super::super::form::{BudgetForm, WithdrawForm};
use super::super::model::BudgetLine;
use super::super::{paths, store};
use super::YEARS;
use crate::access::Access;
use crate::access::right::{KeepBudget, ReadEconomy};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::money::Ore;
use crate::vocabulary::BudgetKind;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{Choice, Crumb, Field};

/// There is no form for such a year; whoever sends one anyway has an old page.
const LOCKED: Error = Error::Invalid("Året är slut och dess budget är låst");

#[derive(Template)]
#[template(path = "economy/budget.html")]
struct BudgetPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    year: i32,
    neighbours: Vec<(String, i32)>,
    is_locked: bool,
    may_keep: bool,
    lines: Vec<BudgetLine>,
    total: Ore,
    form: BudgetForm,
    kinds: Vec<Choice>,
    once: Vec<Choice>,
    faults: Faults,
}

fn page(
    shell: Shell,
    (year, this_year): (i32, i32),
    lines: Vec<BudgetLine>,
    may_keep: bool,
    form: BudgetForm,
    faults: Faults,
) -> Result<BudgetPage> {
    let standing = lines.iter().filter(|line| line.withdrawn.is_none());
    let total = Ore::checked_sum(standing.map(|line| line.amount)).ok_or_else(super::overflow)?;
    let kinds = BudgetKind::ALL.iter().map(|kind| (kind.code(), kind.label()));
    Ok(BudgetPage {
        shell,
        crumbs: crumbs(year, None),
        year,
        neighbours: [year - 1, year + 1]
            .into_iter()
            .filter(|year| YEARS.contains(year))
            .map(|year| (paths::budget(year), year))
            .collect(),
        is_locked: year < this_year,
        may_keep,
        lines,
        total,
        kinds: Choice::one("kind", kinds, &form.kind),
        once: Choice::yes("only_that_year", "Gäller bara det här året", !form.only_that_year.is_empty()),
        form,
        faults,
    })
}

fn crumbs(year: i32, here: Option<&str>) -> Vec<Crumb> {
    let mut crumbs = vec![Crumb::to(paths::year(year, 1), "Ekonomi")];
    match here {
        Some(here) => crumbs.extend([Crumb::to(paths::budget(year), format!("Budget {year}")), Crumb::here(here)]),
        None => crumbs.push(Crumb::here(format!("Budget {year}"))),
    }
    crumbs
}

fn known(year: i32) -> Result<i32> {
    if YEARS.contains(&year) { Ok(year) } else { Err(Error::NotFound) }
}

pub(super) async fn show(mut access: Access<ReadEconomy>, Path(year): Path<i32>) -> Result<Response> {
    let (year, this_year) = (known(year)?, access.desk().clock().today().year());
    let lines = store::budget(&mut access, year).await?;
    access.shown(Note::of(Event::EconomyShown).with("budget", year));
    let may_keep = access.may::<KeepBudget>();
    access.page(|shell, _| page(shell, (year, this_year), lines, may_keep, BudgetForm::fresh(), Faults::none())).await
}

pub(super) async fn add(
    mut access: Access<KeepBudget>,
    Path(year): Path<i32>,
    Form(form): Form<BudgetForm>,
) -> Result<Response> {
    let (year, this_year) = (known(year)?, access.desk().clock().today().year());
    if year < this_year {
        return Err(LOCKED);
    }
    match form.parse(year) {
        Ok(new) => {
            store::add(&mut access, &new).await?;
            access.redirect(&paths::budget(year), Flash::BudgetSaved).await
        }
        Err(faults) => {
            let read = async |access: &mut Access<ReadEconomy>| store::budget(access, year).await;
            let (mut access, lines) = access.also::<ReadEconomy, _>(read).await?;
            access.shown(Note::of(Event::EconomyShown).with("budget", year));
            let lines = lines.unwrap_or_default();
            access.again(|shell, _| page(shell, (year, this_year), lines, true, form, faults)).await
        }
    }
}

#[derive(Template)]
#[template(path = "economy/withdraw.html")]
struct WithdrawPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    action: String,
    back: String,
    what: String,
    form: WithdrawForm,
    faults: Faults,
}

fn withdrawal(
    shell: Shell,
    line: Uuid,
    (year, kind, amount): (i32, BudgetKind, Ore),
    form: WithdrawForm,
    faults: Faults,
) -> WithdrawPage {
    WithdrawPage {
        shell,
        crumbs: crumbs(year, Some("Återkalla budgetpost")),
        action: paths::withdraw(line),
        back: paths::budget(year),
        what: format!("{kind}, {amount}, {year}"),
        form,
        faults,
    }
}

pub(super) async fn withdrawing(mut access: Access<KeepBudget>, Path(line): Path<Uuid>) -> Result<Response> {
    let found = store::line(&mut access, line).await?;
    access.shown(Note::of(Event::EconomyShown).with("budget", found.0));
    access.page(|shell, _| Ok(withdrawal(shell, line, found, WithdrawForm::default(), Faults::none()))).await
}

pub(super) async fn withdraw(
    mut access: Access<KeepBudget>,
    Path(line): Path<Uuid>,
    Form(form): Form<WithdrawForm>,
) -> Result<Response> {
    let found = store::line(&mut access, line).await?;
    if found.0 < access.desk().clock().today().year() {
        return Err(LOCKED);
    }
    match form.parse() {
        Ok(why) => {
            if !store::withdraw(&mut access, line, &why).await? {
                return Err(Error::Stale);
            }
            access.redirect(&paths::budget(found.0), Flash::BudgetWithdrawn).await
        }
        Err(faults) => {
            access.shown(Note::of(Event::EconomyShown).with("budget", found.0));
            access.again(|shell, _| Ok(withdrawal(shell, line, found, form, faults))).await
        }
    }
}
