//! Being the second person: a named reader or a coordinator reads why somebody asks, and approves with a proof of their own.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use axum_extra::extract::Form;
use uuid::Uuid;

use super::super::paths;
use super::super::store as placements;
use super::form::ApprovalForm;
use super::model::{Request, SECONDS};
use super::store;
use crate::access::right::ApproveLocation;
use crate::access::{CaseAccess, Part, Receipt};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::identity::proof::{Action, Proven};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::LocationReason;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/placeringar/{placement}/vistelseort/godkannande", get(list).post(approve))
}

#[derive(Template)]
#[template(path = "placement/approve.html")]
struct ApprovePage {
    shell: Shell,
    case: CaseBar,
    rows: Vec<Row>,
    choices: Vec<Choice>,
    faults: Faults,
    seconds: u32,
    action: String,
    back: String,
}

struct Row {
    name: String,
    kind: LocationReason,
    reason: Personal,
    until: Moment,
}

impl ApprovePage {
    fn of(
        (shell, case, receipt): (Shell, CaseBar, &Receipt),
        placement: Uuid,
        waiting: &[Request],
        (form, faults): (&ApprovalForm, Faults),
    ) -> Result<Self> {
        let rows = waiting.iter().map(|request| {
            Ok(Row {
                name: request.name.clone(),
                kind: request.kind,
                reason: receipt.open(store::REQUEST_REASON.at(request.id), &request.reason)?,
                until: Moment(stockholm(request.expires_at)),
            })
        });
        let choice = |request: &Request| (request.id.to_string(), format!("{}, {}", request.name, request.kind));
        let mut choices = Choice::one("request", waiting.iter().map(choice), &form.request);
        if let [only] = &mut choices[..] {
            only.chosen = true;
        }
        Ok(Self {
            rows: rows.collect::<Result<_>>()?,
            choices,
            faults,
            seconds: SECONDS,
            action: paths::approve(&case.reference, placement),
            back: paths::show(&case.reference, placement),
            shell,
            case,
        })
    }
}

pub(super) async fn waiting(case: &mut CaseAccess<ApproveLocation>, placement: Uuid) -> Result<Vec<Request>> {
    let account = case.desk().actor().account;
    let all = store::requests(case, placement).await?;
    Ok(all.into_iter().filter(|request| request.waits_for(account)).collect())
}

async fn list(mut case: CaseAccess<ApproveLocation>, PathId(id): PathId) -> Result<Response> {
    placements::get(&mut case, id).await?;
    let waiting = waiting(&mut case, id).await?;
    let form = ApprovalForm::default();
    case.page(Part::Placements, |shell, case, receipt| {
        ApprovePage::of((shell, case, receipt), id, &waiting, (&form, Faults::none()))
    })
    .await
}

async fn approve(
    mut case: CaseAccess<ApproveLocation>,
    PathId(id): PathId,
    Form(form): Form<ApprovalForm>,
) -> Result<Response> {
    placements::get(&mut case, id).await?;
    let asked = waiting(&mut case, id).await?;
    let chosen = uuid(&form.request).filter(|id| asked.iter().any(|request| request.id == *id));
    let (mut case, faults) = match chosen {
        Some(request) => {
            let (mut case, proven) = case.prove_again(Action::OpenLocation, form.typed()).await?;
            let refused = proven.sentence();
            match (proven, refused) {
                (Proven::Yes(proof), _) => {
                    let to = paths::show(&case.head().reference, id);
                    if !store::approve(&mut case, request, proof).await? {
                        return Err(Error::Stale);
                    }
                    return case.redirect(&to, Flash::LocationApproved).await;
                }
                (_, sentence) => (case, Faults::from(("password", sentence.unwrap_or_default()))),
            }
        }
        None => (case, Faults::from(("request", "Välj en begäran som väntar. Den kan ha gått ut"))),
    };
    let waiting = waiting(&mut case, id).await?;
    case.again(Part::Placements, |shell, case, receipt| {
        ApprovePage::of((shell, case, receipt), id, &waiting, (&form, faults))
    })
    .await
}
