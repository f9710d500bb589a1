//! `/namnd`: the report of a year or a third of one, and its tables as a file.

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::{Form, Query};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use time::Date;

use super::form::{ExportForm, Purpose};
use super::model::{may_show_amount, may_show_parts};
use super::period::Span;
use super::table::Table;
use super::{counted, csv, paths, reckoned, store};
use crate::access::Access;
use crate::access::right::{ExportBoardReport, ReadBoardReport};
use crate::audit::{Event, Note};
use crate::calendar::moment;
use crate::crypto::token::sha256;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{Action, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/namnd", get(show)).route("/namnd/tabeller", post(take_out))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    ar: String,
    tertial: String,
}

#[derive(Template)]
#[template(path = "board/show.html")]
struct ReportPage {
    shell: Shell,
    heading: String,
    lead: String,
    years: Vec<Action>,
    tertials: Vec<Action>,
    tables: Vec<Table>,
    notes: Vec<String>,
    /// None for whoever may not take the tables out.
    purposes: Option<Vec<Choice>>,
    faults: Faults,
    span: Span,
}

impl ReportPage {
    fn tertial(&self) -> String {
        self.span.tertial.map(|tertial| tertial.to_string()).unwrap_or_default()
    }
}

/// Everything that the report tells of a period, with what is too few hidden.
async fn tables(access: &mut Access<ReadBoardReport>, span: Span) -> Result<Vec<Table>> {
    let today = access.desk().clock().today();
    let years = store::years(access, span.year).await?;
    let reported = store::reported(access).await?;
    let year = Span { tertial: None, ..span };
    // Those that have not begun are nothing.
    let tertials = (1..=3).map(|tertial| Span { tertial: Some(tertial), ..span }).filter(|one| one.first() <= today);
    let spans: Vec<Span> = [year, span].into_iter().chain(tertials).collect();
    let mut money = store::money(access, &spans).await?;
    let budget = store::budget(access, span.year).await?;
    let tertials = money.split_off(2);
    let [year, period] = money.as_slice() else { return Err(Error::internal("a period without figures")) };
    let may_show = may_show_amount(year.all.persons)
        && (span.is_year() || may_show_parts(&tertials.iter().map(|one| one.all.persons).collect::<Vec<_>>()));
    let mut tables = reckoned::years(&years, &reported);
    tables.push(reckoned::budget(&budget, period, year, may_show));
    tables.push(reckoned::forms(period, span.is_year(), may_show));
    tables.push(reckoned::agreements(period, &tertials, span.is_year()));
    if span.is_year() {
        tables.push(reckoned::reasons(period));
        tables.extend(counted::tables(&store::counts(access, span).await?));
    }
    tables.sort_by_key(|table| table.number);
    Ok(tables)
}

/// How it was counted, below the tables and in the file.
fn notes(span: Span) -> Vec<String> {
    let mut notes = vec![
        "<5 betyder 1 till 4. Två punkter (..) betyder att siffran är dold för att en annan annars går att räkna ut, eller \
         att färre än fem finns bakom ett snitt eller en andel. 0 visas som 0.",
        "Dygn och belopp visas när minst tre personer finns bakom dem. Mindre grupper är sammanslagna till Övrigt. Belopp \
         visas aldrig efter kön, ålder eller område.",
        "Kommunens årstotaler i N1 visas som de är. Båda ändagarna i en placering räknas.",
        "Nationell statistik saknar säkra totaler, eftersom flera aktörer räknar samma person och använder olika kriterier. \
         Här räknas en person en gång.",
        "Statliga medel (N7) och utåtriktat arbete (N16) ingår inte än.",
    ];
    if !span.is_year() {
        notes.push(
            "För ett tertial visas bara N1, N4, N5 och N6, utan antal personer. Övriga tabeller visas för hela år, så att \
             året och tertialen inte kan räknas mot varandra.",
        );
    }
    notes.into_iter().map(str::to_owned).collect()
}

/// The page of a period, with the form below it for whoever may take the tables out.
fn page(
    shell: Shell,
    (span, today): (Span, Date),
    tables: Vec<Table>,
    purposes: Option<Vec<Choice>>,
    faults: Faults,
) -> ReportPage {
    let years = (today.year() - 3..=today.year()).rev().filter(|year| *year != span.year || !span.is_year());
    let tertials = (1..=3)
        .map(|tertial| Span { tertial: Some(tertial), ..span })
        .filter(|one| one.first() <= today && *one != span)
        .map(|one| Action::new(paths::period(one.year, one.tertial), one.label()));
    ReportPage {
        heading: format!("Avhopparverksamheten {}", span.label()),
        lead: format!("Nämndrapport, {} till och med {}", span.first(), span.until(today)),
        years: years.map(|year| Action::new(paths::period(year, None), year.to_string())).collect(),
        tertials: tertials.collect(),
        tables,
        notes: notes(span),
        purposes,
        faults,
        span,
        shell,
    }
}

fn purposes(chosen: &str) -> Vec<Choice> {
    Choice::one("purpose", Purpose::ALL.map(|purpose| (purpose.code(), purpose.label())), chosen)
}

fn shown(span: Span, tables: &[Table]) -> Note {
    Note::of(Event::BoardShown).with("period", span.label()).with("tables", tables.len())
}

async fn show(mut access: Access<ReadBoardReport>, Query(asked): Query<Asked>) -> Result<Response> {
    let today = access.desk().clock().today();
    let span = Span::parse(&asked.ar, &asked.tertial, today);
    let tables = tables(&mut access, span).await?;
    access.shown(shown(span, &tables));
    let purposes = access.may::<ExportBoardReport>().then(|| purposes(""));
    access.page(|shell, _| Ok(page(shell, (span, today), tables, purposes, Faults::none()))).await
}

/// The file, after the log has said who took it, what for, how many rows and what it was.
async fn take_out(access: Access<ExportBoardReport>, Form(form): Form<ExportForm>) -> Result<Response> {
    let (now, today) = (access.desk().clock().now(), access.desk().clock().today());
    let span = Span::parse(&form.ar, &form.tertial, today);
    let (mut access, found) =
        access.also(async |access: &mut Access<ReadBoardReport>| tables(access, span).await).await?;
    let tables = found.ok_or_else(|| Error::internal("who takes out may also read"))?;
    let purpose = match form.parse() {
        Ok(purpose) => purpose,
        Err(faults) => {
            access.shown(shown(span, &tables));
            let purposes = Some(purposes(&form.purpose));
            return access.again(|shell, _| Ok(page(shell, (span, today), tables, purposes, faults))).await;
        }
    };
    let mark = [
        format!("Nämndrapport {}", span.label()),
        format!("Hämtad av {}", access.desk().actor().name),
        moment(now),
        format!("Ändamål: {}", purpose.label()),
        "Sekretess – 26 kap. 1 § OSL".to_owned(),
    ];
    let text = csv::file(&mark, &tables, &notes(span));
    let rows: usize = tables.iter().map(|table| table.rows.len()).sum();
    let hash = sha256(&text).iter().fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"));
    access.shown(
        Note::of(Event::BoardExported)
            .with("period", span.label())
            .with("purpose", purpose.code())
            .with("rows", rows)
            .with("sha256", hash),
    );
    access.receipt().await?;
    Response::builder()
        .header(CONTENT_TYPE, "text/csv; charset=utf-8")
        .header(CONTENT_DISPOSITION, "attachment; filename=\"namndrapport.csv\"")
        .body(Body::from(text))
        .map_err(Error::internal)
}
