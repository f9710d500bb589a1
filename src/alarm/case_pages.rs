//! The alarms of one case, also those that stand no longer, and acknowledging one that only tells of something.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;
use uuid::Uuid;

use super::form::{LONGEST, ReceiptForm};
use super::model::{Alarm, Past};
use super::pages::Row;
use super::store::{self, Receipted};
use super::{REASON, paths};
use crate::access::right::{AcknowledgeAlarm, ReadCase};
use crate::access::{CaseAccess, Part, Receipt};
use crate::calendar::stockholm;
use crate::error::Result;
use crate::personal::Personal;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/bevakningar", get(list))
        .route("/arenden/{case}/bevakningar/{alarm}", get(ask).post(acknowledge))
}

/// One that stands no longer.
struct PastRow {
    past: Past,
    at: Moment,
    /// What was said of it, and by whom.
    said: Option<(Personal, String)>,
}

impl PastRow {
    fn of((past, said): (Past, Option<Receipted>), receipt: &Receipt) -> Result<Self> {
        let open = |one: Receipted| Ok((receipt.open(REASON.at(one.id), &one.reason)?, one.by));
        let said: Result<Option<_>> = said.map(open).transpose();
        Ok(Self { at: Moment(stockholm(past.cleared_at)), said: said?, past })
    }
}

#[derive(Template)]
#[template(path = "alarm/of_case.html")]
struct CasePage {
    shell: Shell,
    case: CaseBar,
    rows: Vec<Row>,
    past: Vec<PastRow>,
}

async fn list(mut case: CaseAccess<ReadCase>) -> Result<Response> {
    let (standing, past) = store::of_case(&mut case).await?;
    let today = case.desk().clock().today();
    let may = case.may::<AcknowledgeAlarm>();
    let reference = case.head().reference.clone();
    let row = |alarm: Alarm| {
        let acknowledge = (may && alarm.rule.plan().by_hand).then(|| paths::acknowledge(&reference, alarm.id));
        Row { acknowledge, ..Row::of(alarm, today) }
    };
    let rows = standing.into_iter().map(row).collect();
    case.page(Part::Overview, |shell, case, receipt| {
        let past = past.into_iter().map(|one| PastRow::of(one, receipt)).collect::<Result<_>>()?;
        Ok(CasePage { shell, case, rows, past })
    })
    .await
}

#[derive(Template)]
#[template(path = "alarm/acknowledge.html")]
struct AskPage {
    shell: Shell,
    case: CaseBar,
    one: Row,
    form: ReceiptForm,
    faults: Faults,
    action: String,
    back: String,
}

impl AskPage {
    fn of((shell, case): (Shell, CaseBar), alarm: Alarm, today: Date, form: ReceiptForm, faults: Faults) -> Self {
        let (action, back) = (paths::acknowledge(&case.reference, alarm.id), paths::of_case(&case.reference));
        Self { shell, case, one: Row::of(alarm, today), form, faults, action, back }
    }
}

async fn ask(mut case: CaseAccess<AcknowledgeAlarm>, PathId(id): PathId) -> Result<Response> {
    let alarm = store::acknowledgeable(&mut case, id).await?;
    let today = case.desk().clock().today();
    case.page(Part::Overview, |shell, bar, _| {
        Ok(AskPage::of((shell, bar), alarm, today, ReceiptForm::fresh(), Faults::none()))
    })
    .await
}

async fn acknowledge(
    mut case: CaseAccess<AcknowledgeAlarm>,
    PathId(id): PathId,
    Form(form): Form<ReceiptForm>,
) -> Result<Response> {
    let to = paths::of_case(&case.head().reference);
    if let Some(receipt) = uuid(&form.id)
        && store::is_receipted(&mut case, receipt).await?
    {
        return case.redirect(&to, None).await;
    }
    let alarm = store::acknowledgeable(&mut case, id).await?;
    match form.parse() {
        Ok((receipt, reason)) => {
            let new: (Uuid, &str) = (receipt, &reason);
            store::acknowledge(&mut case, alarm.id, new).await?;
            case.redirect(&to, Flash::AlarmAcknowledged).await
        }
        Err(faults) => {
            let today = case.desk().clock().today();
            case.again(Part::Overview, |shell, bar, _| Ok(AskPage::of((shell, bar), alarm, today, form, faults))).await
        }
    }
}
