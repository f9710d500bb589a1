//! `/arenden/{case}/utskrift`: chosen parts of the case on paper. What is taken, by whom, for what and how much stands in
//! the log and in a row of its own before anything is shown. Where the person lives is in no part.

mod contents;
mod dealings;
mod form;
mod plans;
mod rooms;
mod store;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use axum_extra::extract::Form;

use self::contents::{Contents, Shown};
use self::form::{LONGEST_NOTE, PrintForm};
use self::store::Printed;
use crate::access::right::{PrintCase, ReadPerson};
use crate::access::{CaseAccess, Part, Receipt, case_path};
use crate::calendar::stockholm;
use crate::error::Result;
use crate::identity::proof::{Action, Proven};
use crate::person::marking;
use crate::person::marking::model::{how_to_send, mail_route};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{PrintPart, PrintPurpose};
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/utskrift", get(choose).post(print))
}

/// The address in the case.
fn path(case: &str) -> String {
    case_path(case, "/utskrift")
}

#[derive(Template)]
#[template(path = "casefile/print_choose.html")]
struct ChoosePage {
    shell: Shell,
    case: CaseBar,
    form: PrintForm,
    faults: Faults,
    parts: Vec<Choice>,
    purposes: Vec<Choice>,
    longest_note: usize,
    earlier: Vec<Earlier>,
    action: String,
    back: String,
}

/// A print that was made.
struct Earlier {
    at: Moment,
    by: String,
    parts: String,
    days: Option<String>,
    purpose: &'static str,
    note: Option<Personal>,
    rows: i64,
}

impl Earlier {
    fn open(one: Printed, receipt: &Receipt) -> Result<Self> {
        Ok(Self {
            at: Moment(stockholm(one.at)),
            note: one.note.map(|note| receipt.open(store::NOTE.at(one.id), &note)).transpose()?,
            by: one.by,
            parts: labels(&one.parts),
            days: days(one.from_day, one.to_day),
            purpose: one.purpose.label(),
            rows: i64::from(one.row_count),
        })
    }
}

fn labels(parts: &[PrintPart]) -> String {
    parts.iter().map(|part| part.label()).collect::<Vec<_>>().join(", ")
}

/// The days of a print in words; none where it is about all of them.
fn days(from: Option<time::Date>, to: Option<time::Date>) -> Option<String> {
    match (from, to) {
        (Some(from), Some(to)) => Some(format!("{from} till {to}")),
        (Some(from), None) => Some(format!("Från {from}")),
        (None, Some(to)) => Some(format!("Till och med {to}")),
        (None, None) => None,
    }
}

impl ChoosePage {
    fn of(
        (shell, case): (Shell, CaseBar),
        (form, faults): (PrintForm, Faults),
        earlier: Vec<Printed>,
        receipt: &Receipt,
    ) -> Result<Self> {
        let parts = PrintPart::ALL.iter().map(|part| (part.code(), part.label()));
        let purposes = PrintPurpose::ALL.iter().map(|purpose| (purpose.code(), purpose.label()));
        Ok(Self {
            parts: Choice::several("parts", parts, &form.parts),
            purposes: Choice::one("purpose", purposes, &form.purpose),
            longest_note: LONGEST_NOTE,
            earlier: earlier.into_iter().map(|one| Earlier::open(one, receipt)).collect::<Result<_>>()?,
            action: path(&case.reference),
            back: case_path(&case.reference, ""),
            shell,
            case,
            form,
            faults,
        })
    }
}

#[derive(Template)]
#[template(path = "casefile/printed.html")]
struct PrintPage {
    shell: Shell,
    case: CaseBar,
    sections: Vec<Shown>,
    parts: String,
    days: Option<String>,
    purpose: &'static str,
    note: Option<Personal>,
    rows: i64,
    /// How it may be sent, where the person is marked as protected. For whoever prints it, and not on the paper.
    sending: Option<&'static str>,
    back: String,
}

async fn choose(mut case: CaseAccess<PrintCase>) -> Result<Response> {
    let earlier = store::list(&mut case).await?;
    let form = (PrintForm::fresh(), Faults::none());
    case.page(Part::Overview, |shell, case, receipt| ChoosePage::of((shell, case), form, earlier, receipt)).await
}

async fn print(mut case: CaseAccess<PrintCase>, Form(form): Form<PrintForm>) -> Result<Response> {
    let today = case.desk().clock().today();
    let new = match form.parse(today) {
        Ok(new) => new,
        Err(faults) => {
            let earlier = store::list(&mut case).await?;
            return case
                .again(Part::Overview, |shell, case, receipt| {
                    ChoosePage::of((shell, case), (form, faults), earlier, receipt)
                })
                .await;
        }
    };
    let (mut case, proven) = case.prove_again(Action::Export, form.typed()).await?;
    let refused = proven.sentence();
    let (Proven::Yes(proof), None) = (proven, &refused) else {
        let faults = Faults::from(("password", refused.unwrap_or_default()));
        let earlier = store::list(&mut case).await?;
        return case
            .again(Part::Overview, |shell, case, receipt| {
                ChoosePage::of((shell, case), (form, faults), earlier, receipt)
            })
            .await;
    };
    let (case, markings) =
        case.also(async |case: &mut CaseAccess<ReadPerson>| marking::store::list(case).await).await?;
    let sending = mail_route(&markings.unwrap_or_default(), today).map(how_to_send);
    let (mut case, contents) = Contents::read(case, &new).await?;
    let rows = contents.rows();
    store::record(&mut case, &new, rows, proof).await?;
    case.page(Part::Overview, |shell, case, receipt| {
        Ok(PrintPage {
            back: path(&case.reference),
            shell,
            case,
            sections: contents.open(receipt)?,
            parts: labels(&new.parts),
            days: days(new.days.from, new.days.to),
            purpose: new.purpose.label(),
            note: new.note.map(Personal::new),
            rows: i64::try_from(rows).unwrap_or(i64::MAX),
            sending,
        })
    })
    .await
}
