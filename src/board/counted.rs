//! The tables of what is only counted: N2, N3, N8 to N15 and N17. All of them are of whole years: a part of a year beside
//! the year would tell what the year hides.

use super::model::{FEWEST, Shown, alone, areas, parts, ratio, share};
use super::store::Counts;
use super::table::{Cell, Row, Table};
use crate::vocabulary::{DeviationSeverity, InternalRequestKind, ProgrammeStatus, ReturnResult, Sex};

/// Every table, in its order.
pub(super) fn tables(counts: &Counts) -> Vec<Table> {
    vec![
        duplicates(counts),
        status(counts),
        waits(counts),
        unexecuted(counts),
        follow_ups(counts),
        deviations(counts),
        outcomes(counts),
        afterwards(counts),
        children(counts),
        districts(counts),
        sexes(counts),
        returns(counts),
        cooperation(counts),
    ]
}

fn table(number: u8, heading: &'static str, says: &str, heads: &[&'static str], rows: Vec<Row>) -> Table {
    Table { number, heading, says: says.to_owned(), heads: heads.to_vec(), rows }
}

/// Rows that are parts of a whole.
fn divided<'n>(named: impl IntoIterator<Item = (&'n str, i64)>) -> Vec<Row> {
    let (labels, counts): (Vec<&str>, Vec<i64>) = named.into_iter().unzip();
    labels.into_iter().zip(parts(&counts)).map(|(name, shown)| Row::of(name, vec![Cell::Shown(shown)])).collect()
}

fn lone(name: &str, count: i64) -> Row {
    Row::of(name, vec![Cell::Shown(alone(count))])
}

fn duplicates(counts: &Counts) -> Table {
    let (persons, others) = (counts.of("persons", ""), counts.of("others", ""));
    let (anonymous, identified) = (counts.of("intakes", "anonymous"), counts.of("intakes", "identified"));
    let mut rows = vec![Row::of("Aktualiseringar (brutto)", vec![Cell::Number(anonymous + identified)])];
    rows.extend(divided([("Varav anonyma", anonymous), ("Varav identifierade", identified)]));
    rows.push(lone("Unika personer bland de identifierade", counts.of("identified", "")));
    rows.push(Row::of("Unika personer i verksamheten (netto)", vec![Cell::Number(persons)]));
    rows.push(lone("Registreringar hos samtliga aktörer", persons + others));
    let ratio = ratio(persons + others, persons).map_or(Cell::Withheld, Cell::Thousandths);
    rows.push(Row::of("Registreringar per unik person", vec![ratio]));
    table(
        2,
        "Så har vi räknat (dubbletter)",
        "En person räknas en gång, även med flera aktualiseringar, ärenden eller placeringar. Registreringar är varje \
         person hos varje aktör som följer den, kommunen inräknad.",
        &["Mått", "Antal"],
        rows,
    )
}

fn status(counts: &Counts) -> Table {
    let rows = divided(ProgrammeStatus::ALL.iter().map(|one| (one.label(), counts.of("status", one.code()))));
    let says = "Årets personer efter det senaste ärendets programstatus, som den är i dag. Avhoppare enligt definitionen \
                är den som polisen bedömt uppfyller villkoren.";
    table(3, "Programstatus", says, &["Status", "Unika personer"], rows)
}

fn waits(counts: &Counts) -> Table {
    let named = [
        ("contact", "Till kontakt med polisen"),
        ("threat", "Till första fastställda hotbedömning"),
        ("decision", "Till första beslut"),
        ("care", "Till första vårddygn"),
    ];
    let mut rows: Vec<Row> = named
        .into_iter()
        .map(|(part, name)| {
            let (items, days) = counts.with_days("wait", part);
            let median = match days {
                Some(days) if items >= FEWEST => Cell::Number(days.into()),
                _ if items == 0 => Cell::Nothing,
                _ => Cell::Withheld,
            };
            Row::of(name, vec![median])
        })
        .collect();
    let (in_time, late) = (counts.of("investigation", "in_time"), counts.of("investigation", "late"));
    rows.push(Row::of("Utredningar klara inom måltiden, procent", vec![proportion(in_time, late)]));
    let says = "Median i dagar från aktualiseringen. Visas när minst fem finns bakom.";
    table(8, "Tider", says, &["Väntan", "Dagar eller andel"], rows)
}

/// A share of the two together, where nothing else tells how many they are.
fn proportion(part: i64, rest: i64) -> Cell {
    if part + rest == 0 { Cell::Nothing } else { Cell::percent(share(part, part + rest)) }
}

/// A share of a whole that is told beside it: hidden where either part is too few, or it would be worked out.
fn told_proportion(part: i64, rest: i64) -> Cell {
    let is_few = |count| alone(count) == Shown::Few;
    if is_few(part) || is_few(rest) { Cell::Withheld } else { proportion(part, rest) }
}

fn unexecuted(counts: &Counts) -> Table {
    let rows = counts.parts("unexecuted").into_iter().map(|(quarter, n)| lone(&format!("Kvartal {quarter}"), n));
    let says = "Gynnande beslut som någon del av kvartalet inte var verkställda tre månader efter beslutet. Ett beslut kan \
                finnas i flera kvartal, så kvartalen läggs inte ihop.";
    table(9, "Ej verkställda beslut", says, &["Kvartal", "Beslut"], rows.collect())
}

fn follow_ups(counts: &Counts) -> Table {
    let (in_time, late) = (counts.of("follow_up", "in_time"), counts.of("follow_up", "late"));
    let rows = vec![Row::of("Hållna senast den planerade dagen", vec![proportion(in_time, late)])];
    let says = "Andel av de uppföljningar som skulle ha hållits under året. Visas när minst fem finns bakom.";
    table(10, "Uppföljningar i tid", says, &["Mått", "Andel"], rows)
}

fn deviations(counts: &Counts) -> Table {
    let rows = divided(DeviationSeverity::ALL.iter().map(|one| (one.label(), counts.of("deviation", one.code()))));
    table(10, "Avvikelser efter allvar", "Avvikelser som rapporterades under året.", &["Allvar", "Avvikelser"], rows)
}

const SINCE_THE_START: &str =
    "Sedan start till och med i dag, vilket år som än är valt, så att åren inte kan jämföras person för person.";

fn outcomes(counts: &Counts) -> Table {
    let named = [("Fullföljt", "completed"), ("Avbrutet", "interrupted"), ("Annat", "other")]
        .map(|(name, part)| (name, counts.of("exit", part)));
    table(11, "Utfall efter avslut", SINCE_THE_START, &["Utfall", "Unika personer"], divided(named))
}

/// Each is a part of all who have an outcome, beside those of whom it does not hold.
fn afterwards(counts: &Counts) -> Table {
    let all: i64 = counts.parts("exit").iter().map(|(_, persons)| persons).sum();
    let named = [
        ("work", "Arbete"),
        ("studies", "Studier"),
        ("own_housing", "Egen bostad"),
        ("relapse", "Misstänkt eller dömd för nya brott"),
        ("helps_others", "Arbetar för att hjälpa andra"),
    ];
    let rows = named.into_iter().map(|(part, name)| {
        let holds = counts.of("after", part);
        let shown = parts(&[holds, all - holds]).into_iter().map(Cell::Shown).collect();
        Row::of(name, shown)
    });
    table(11, "Livet efter avslut", SINCE_THE_START, &["Gäller", "Ja", "Nej eller okänt"], rows.collect())
}

fn children(counts: &Counts) -> Table {
    let named = [("yes", "Föräldrar"), ("no", "Inte föräldrar"), ("unknown", "Inte besvarat")];
    let mut rows = divided(named.map(|(part, name)| (name, counts.of("parent", part))));
    rows.push(lone("Berörda barn", counts.of("children", "")));
    let (done, missing) = (counts.of("child_view", "done"), counts.of("child_view", "missing"));
    rows.push(Row::of("Föräldrar där barnperspektivet är beskrivet, procent", vec![told_proportion(done, missing)]));
    table(12, "Barn", "Årets personer som är föräldrar, och deras barn.", &["Mått", "Antal eller andel"], rows)
}

fn districts(counts: &Counts) -> Table {
    let named = counts
        .parts("district")
        .into_iter()
        .map(|(name, persons)| (if name.is_empty() { "Område saknas" } else { name }.to_owned(), persons));
    let rows = areas(named.collect())
        .into_iter()
        .map(|(name, shown)| Row::of(name.unwrap_or_else(|| "Övriga områden".to_owned()), vec![Cell::Shown(shown)]));
    let says = "Unika personer under tre år: det valda året och de två före. Områden med färre än fem är sammanslagna.";
    table(13, "Område", says, &["Hemområde", "Unika personer"], rows.collect())
}

fn sexes(counts: &Counts) -> Table {
    let rows = divided(Sex::ALL.iter().map(|one| (one.label(), counts.of("sex", one.code()))));
    let says = "Årets personer. Åldersgrupper saknas: födelsedatum är krypterade och räknas inte i databasen.";
    table(14, "Kön", says, &["Kön", "Unika personer"], rows)
}

fn returns(counts: &Counts) -> Table {
    let named = ReturnResult::ALL.iter().map(|one| (one.label(), counts.of("return", one.code())));
    let rows = divided(named.chain([("Inte bedömt", counts.of("return", ""))]));
    table(15, "Återvändande", "Årets personer efter den senaste bedömningen.", &["Bedömning", "Unika personer"], rows)
}

fn cooperation(counts: &Counts) -> Table {
    let mut rows = vec![
        lone("Genomförda samverkansmöten", counts.of("meeting", "")),
        lone("Sociala insatsgrupper", counts.of("group", "")),
    ];
    let requests = InternalRequestKind::ALL
        .iter()
        .map(|kind| lone(&format!("Intern begäran: {}", kind.label()), counts.of("request", kind.code())));
    rows.extend(requests);
    table(
        17,
        "Samverkan",
        "Händelser under året. De är inte personer och läggs inte ihop.",
        &["Händelse", "Antal"],
        rows,
    )
}
