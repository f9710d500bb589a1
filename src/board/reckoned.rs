//! The tables of years and of money: N1 and N4 to N6. The municipality's own totals of a year are told as they are; days
//! and amounts only where three persons or more stand behind them.

use super::model::{FEWEST_BEHIND_AMOUNTS, Merged, alone, may_show_amount, may_show_parts, merge, parts, share};
use super::store::{Budget, Money, Reported, YearCount};
use super::table::{Cell, Row, Table};
use crate::money::Ore;
use crate::vocabulary::{OutsideReason, PlacementKind, ProcurementForm};

/// N1: eight years, and before them what others have reported.
pub(super) fn years(years: &[YearCount], reported: &[Reported]) -> Vec<Table> {
    let number = |count: i64| Cell::Number(count);
    let rows = years.iter().map(|one| {
        let counts =
            [one.persons, one.new_persons, one.cases, one.new_cases, one.intakes, one.closed, one.ongoing].map(number);
        Row::of(one.year.to_string(), counts.to_vec())
    });
    let mut tables = vec![Table {
        number: 1,
        heading: "Antal avhoppare per år",
        says: "Unika personer med minst en öppen dag under året. Kommunens årstotaler visas som de är.".to_owned(),
        heads: vec![
            "År",
            "Unika personer",
            "Varav nya",
            "Ärenden",
            "Varav nya ärenden",
            "Aktualiseringar",
            "Avslutade",
            "Pågående vid periodens slut",
        ],
        rows: rows.collect(),
    }];
    if !reported.is_empty() {
        tables.push(Table {
            number: 1,
            heading: "Tidigare redovisade år",
            says:
                "Uppgifter från tiden före systemet, så som de redovisades då. De räknas inte ihop med tabellen ovan."
                    .to_owned(),
            heads: vec!["År", "Personer", "Pågående", "Källa"],
            rows: reported.iter().map(reported_row).collect(),
        });
    }
    tables
}

fn reported_row(one: &Reported) -> Row {
    let persons = match (one.persons_least, one.persons_most) {
        (Some(least), Some(most)) if least != most => Cell::words(format!("{least} till {most}")),
        (Some(least), _) => Cell::Number(least.into()),
        _ => Cell::Nothing,
    };
    let ongoing = match (one.ongoing, one.ongoing_on) {
        (Some(ongoing), Some(day)) => Cell::words(format!("{ongoing} den {day}")),
        _ => Cell::Nothing,
    };
    Row::of(one.year.to_string(), vec![persons, ongoing, Cell::words(one.source.clone())])
}

/// An amount that enough persons stand behind.
fn amount(money: &Money, may_show: bool) -> Cell {
    if may_show { Cell::money(money.all.ore) } else { Cell::Withheld }
}

/// N4: what there was, what it cost, and what it will cost.
pub(super) fn budget(budget: &Budget, period: &Money, year: &Money, may_show: bool) -> Table {
    let total: i64 = budget.lines.iter().map(|(_, ore)| ore).sum();
    let known = may_show && may_show_amount(year.all.persons);
    let of_budget = |ore: i64| match crate::economy::model::per_mille(Ore::from_ore(ore), Ore::from_ore(total)) {
        Some(tenths) if known => Cell::Percent(tenths),
        Some(_) => Cell::Withheld,
        None => Cell::Nothing,
    };
    // A forecast is the cost plus what is planned: as hidden as the cost.
    let of = |ore: i64| if known { Cell::money(ore) } else { Cell::Withheld };
    let mut rows: Vec<Row> = budget
        .lines
        .iter()
        .map(|(kind, ore)| {
            Row::of(format!("Budget, {}", kind.label().to_lowercase()), vec![Cell::money(*ore), Cell::Nothing])
        })
        .collect();
    rows.push(Row::of("Budget, summa", vec![Cell::money(total), Cell::Nothing]));
    rows.push(Row::of("Utfall i perioden", vec![amount(period, known), of_budget(period.all.ore)]));
    rows.push(Row::of("Prognos för hela året", vec![of(budget.forecast), of_budget(budget.forecast)]));
    rows.push(Row::of("Budget minus prognos", vec![of(total - budget.forecast), of_budget(total - budget.forecast)]));
    Table {
        number: 4,
        heading: "Kostnad mot budget",
        says: "Budgeten gäller hela året. Statliga medel är inte avdragna.".to_owned(),
        heads: vec!["Post", "Kronor", "Andel av budgeten"],
        rows,
    }
}

fn average(ore: i64, days: i64) -> Cell {
    Ore::from_ore(ore).per_day(days).map_or(Cell::Nothing, Cell::Money)
}

/// Persons, days, cost and average; a person count is too few by itself long before the amounts are.
fn stay_cells(persons: Cell, days: i64, ore: i64) -> Vec<Cell> {
    vec![persons, Cell::Number(days), Cell::money(ore), average(ore, days)]
}

fn withheld(cells: usize) -> Vec<Cell> {
    vec![Cell::Withheld; cells]
}

/// The persons of merged rows, hidden like parts of a whole.
fn persons(rows: &[Merged]) -> Vec<Cell> {
    parts(&rows.iter().map(|row| row.persons).collect::<Vec<_>>()).into_iter().map(Cell::Shown).collect()
}

/// N5: days and cost by form of care; a part of a year has only its sum.
pub(super) fn forms(period: &Money, is_year: bool, may_show: bool) -> Table {
    let all = &period.all;
    let merged =
        if is_year { merge(period.forms.clone(), |codes| period.persons_with_forms(codes)) } else { Vec::new() };
    let mut rows: Vec<Row> = merged
        .iter()
        .zip(persons(&merged))
        .map(|(row, persons)| {
            let name = row.code.as_deref().and_then(PlacementKind::parse).map_or("Övrigt", PlacementKind::label);
            Row::of(name, stay_cells(persons, row.days, row.ore))
        })
        .collect();
    let told = if is_year { Cell::Shown(alone(all.persons)) } else { Cell::Withheld };
    let sum = if may_show { stay_cells(told, all.days, all.ore) } else { withheld(4) };
    rows.push(Row::sum("Alla former", sum));
    let in_years = if may_show { Cell::Hundredths((all.days * 200 + 365) / 730) } else { Cell::Withheld };
    rows.push(Row::sum("Vårddygnsår", vec![Cell::Nothing, in_years, Cell::Nothing, Cell::Nothing]));
    Table {
        number: 5,
        heading: "Placeringsdygn och dygnskostnad",
        says: if !is_year {
            "Dygn och kostnad i perioden. Formerna visas bara för hela år.".to_owned()
        } else if merged.is_empty() && all.persons > 0 {
            format!("Färre än {FEWEST_BEHIND_AMOUNTS} personer har haft någon av formerna. Därför visas bara summan.")
        } else {
            "Dygn och kostnad per boendeform. En person kan ha haft flera former.".to_owned()
        },
        heads: vec!["Form", "Unika personer", "Dygn", "Kostnad", "Snitt per dygn"],
        rows,
    }
}

/// N6: what was bought inside and outside the agreements, around the clock.
pub(super) fn agreements(period: &Money, tertials: &[Money], is_year: bool) -> Table {
    let clock = &period.clock;
    let merged = merge(period.bought.clone(), |codes| period.persons_bought(codes));
    // What is shown of one part of the year is shown of all, or the year minus the others would be what is hidden.
    let may_show_rows = is_year
        || ProcurementForm::ALL.iter().all(|form| {
            let in_each = tertials.iter().map(|one| one.persons_bought(&[form.code()]));
            may_show_parts(&in_each.collect::<Vec<_>>())
        });
    let may_show_sum = if is_year {
        may_show_amount(clock.persons)
    } else {
        may_show_parts(&tertials.iter().map(|one| one.clock.persons).collect::<Vec<_>>())
    };
    let shown = if may_show_rows && may_show_sum { merged } else { Vec::new() };
    let stays = parts(&shown.iter().map(|row| row.stays).collect::<Vec<_>>());
    let mut rows: Vec<Row> = Vec::new();
    for ((row, persons), stays) in shown.iter().zip(persons(&shown)).zip(stays) {
        let name = row.code.as_deref().and_then(ProcurementForm::parse).map_or("Övrigt", ProcurementForm::label);
        let (persons, stays) = if is_year { (persons, Cell::Shown(stays)) } else { (Cell::Withheld, Cell::Withheld) };
        let mut cells = vec![persons, stays];
        cells.extend([Cell::Number(row.days), Cell::money(row.ore), average(row.ore, row.days)]);
        cells.push(Cell::percent(share(row.days, clock.days)));
        cells.push(Cell::percent(share(row.ore, clock.ore)));
        rows.push(Row::of(name, cells));
    }
    let sum = if may_show_sum {
        let told = if is_year { Cell::Shown(alone(clock.persons)) } else { Cell::Withheld };
        let all_stays: i64 = period.bought.iter().map(|one| one.stays).sum();
        let stays = if is_year { Cell::Shown(alone(all_stays)) } else { Cell::Withheld };
        vec![
            told,
            stays,
            Cell::Number(clock.days),
            Cell::money(clock.ore),
            average(clock.ore, clock.days),
            Cell::Nothing,
            Cell::Nothing,
        ]
    } else {
        withheld(7)
    };
    rows.push(Row::sum("Dygnet runt, alla", sum));
    Table {
        number: 6,
        heading: "Inom och utanför ramavtal",
        says: if shown.is_empty() && clock.persons > 0 {
            "Placeringar dygnet runt. Färre än tre personer finns i någon grupp, och därför visas högst summan."
                .to_owned()
        } else {
            "Placeringar dygnet runt. Andelarna är av dygnen och av kostnaden.".to_owned()
        },
        heads: vec![
            "Köp",
            "Unika personer",
            "Placeringar",
            "Dygn",
            "Kostnad",
            "Snitt per dygn",
            "Andel av dygnen",
            "Andel av kostnaden",
        ],
        rows,
    }
}

/// N6, why it was bought outside: placements by reason, of a whole year.
pub(super) fn reasons(period: &Money) -> Table {
    let count = |reason: &OutsideReason| {
        period.why.iter().find(|(code, _)| code == reason.code()).map_or(0, |(_, placements)| *placements)
    };
    let counts: Vec<i64> = OutsideReason::ALL.iter().map(count).collect();
    let rows = OutsideReason::ALL.iter().zip(parts(&counts));
    Table {
        number: 6,
        heading: "Orsak till köp utanför ramavtal",
        says: "Placeringar dygnet runt utanför ramavtal, efter orsak.".to_owned(),
        heads: vec!["Orsak", "Placeringar"],
        rows: rows.map(|(reason, shown)| Row::of(reason.label(), vec![Cell::Shown(shown)])).collect(),
    }
}
