//! `/ekonomi/jamfor`: what if. Two ways side by side, reckoned by the same rule as every placement; nothing is saved.

use askama::Template;
use axum::extract::Form;
use axum::response::Response;

use super::super::form::CompareForm;
use super::super::model::Alternative;
use super::super::paths;
use crate::access::Access;
use crate::access::right::ReadEconomy;
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::money::Ore;
use crate::placement::costs::Charge;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{Crumb, Field};

#[derive(Template)]
#[template(path = "economy/compare.html")]
struct ComparePage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    form: CompareForm,
    faults: Faults,
    result: Option<Comparison>,
}

/// The two beside each other, by year and in all.
struct Comparison {
    years: Vec<(i32, Charge, Charge)>,
    one: Charge,
    other: Charge,
    /// How much more the first costs.
    difference: Ore,
}

impl Comparison {
    fn of(one: &Alternative, other: &Alternative) -> Option<Self> {
        let ((one, first), (other, second)) = (one.cost()?, other.cost()?);
        let mut years: Vec<i32> = first.iter().chain(&second).map(|(year, _)| *year).collect();
        years.sort_unstable();
        years.dedup();
        let in_year = |charges: &[(i32, Charge)], wanted: i32| {
            charges.iter().find(|(year, _)| *year == wanted).map_or_else(Charge::default, |(_, charge)| *charge)
        };
        Some(Self {
            years: years.into_iter().map(|year| (year, in_year(&first, year), in_year(&second, year))).collect(),
            difference: one.cost.minus(other.cost)?,
            one,
            other,
        })
    }

    fn conclusion(&self) -> String {
        match self.difference.ore() {
            0 => "Alternativen kostar lika mycket.".to_owned(),
            more if more > 0 => format!("Alternativ 1 kostar {} mer.", self.difference),
            less => format!("Alternativ 2 kostar {} mer.", Ore::from_ore(-less)),
        }
    }
}

fn page(shell: Shell, form: CompareForm, faults: Faults, result: Option<Comparison>) -> ComparePage {
    let crumbs = vec![Crumb::to(paths::HOME, "Ekonomi"), Crumb::here("Jämför två alternativ")];
    ComparePage { shell, crumbs, form, faults, result }
}

pub(super) async fn show(mut access: Access<ReadEconomy>) -> Result<Response> {
    access.shown(Note::of(Event::EconomyShown).with("compared", false));
    access.page(|shell, _| Ok(page(shell, CompareForm::default(), Faults::none(), None))).await
}

/// Sent, so that no amount stands in an address; nothing changes.
pub(super) async fn reckon(mut access: Access<ReadEconomy>, Form(form): Form<CompareForm>) -> Result<Response> {
    let today = access.desk().clock().today();
    access.shown(Note::of(Event::EconomyShown).with("compared", true));
    match form.parse(today) {
        Ok((one, other)) => {
            let result = Comparison::of(&one, &other).ok_or_else(super::overflow)?;
            access.page(|shell, _| Ok(page(shell, form, Faults::none(), Some(result)))).await
        }
        Err(faults) => access.again(|shell, _| Ok(page(shell, form, faults, None))).await,
    }
}
