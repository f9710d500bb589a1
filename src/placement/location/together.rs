//! Seeing it together: a manager, or whoever has broken a glass before the case, asks with a reason and a proof; somebody
//! else approves within ten minutes; then it opens once.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use axum_extra::extract::Form;
use uuid::Uuid;

use super::super::paths;
use super::super::store as placements;
use super::form::LocationForm;
use super::model::{Request, SECONDS};
use super::store::{self, Answer};
use super::{kinds, show};
use crate::access::right::AskLocation;
use crate::access::{CaseAccess, Part};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::identity::proof::{Action, Proven};
use crate::state::AppState;
use crate::vocabulary::LocationReason;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/placeringar/{placement}/vistelseort/tillsammans", get(ask).post(request))
        .route("/arenden/{case}/placeringar/{placement}/vistelseort/tillsammans/visning", post(see))
}

#[derive(Template)]
#[template(path = "placement/together.html")]
struct TogetherPage {
    shell: Shell,
    case: CaseBar,
    form: LocationForm,
    faults: Faults,
    kinds: Vec<Choice>,
    /// What was asked for and has not been seen.
    asked: Option<Asked>,
    seconds: u32,
    /// This page, to look again whether somebody has answered.
    action: String,
    see: String,
    back: String,
}

struct Asked {
    kind: LocationReason,
    until: Moment,
    approved_by: Option<String>,
}

impl TogetherPage {
    fn of(
        (shell, case): (Shell, CaseBar),
        placement: Uuid,
        request: Option<Request>,
        (form, faults): (LocationForm, Faults),
    ) -> Self {
        let asked = request.map(|request| Asked {
            kind: request.kind,
            until: Moment(stockholm(request.expires_at)),
            approved_by: request.approved_by,
        });
        Self {
            kinds: kinds(&form),
            asked,
            seconds: SECONDS,
            action: paths::together(&case.reference, placement),
            see: paths::see_together(&case.reference, placement),
            back: paths::show(&case.reference, placement),
            shell,
            case,
            form,
            faults,
        }
    }
}

/// What the actor has asked for here, if it still can be seen.
async fn mine(case: &mut CaseAccess<AskLocation>, placement: Uuid) -> Result<Option<Request>> {
    let account = case.desk().actor().account;
    let all = store::requests(case, placement).await?;
    Ok(all.into_iter().find(|request| request.is_of(account, placement)))
}

async fn ask(mut case: CaseAccess<AskLocation>, PathId(id): PathId) -> Result<Response> {
    placements::get(&mut case, id).await?;
    let request = mine(&mut case, id).await?;
    case.page(Part::Placements, |shell, case, _| {
        Ok(TogetherPage::of((shell, case), id, request, (LocationForm::fresh(), Faults::none())))
    })
    .await
}

async fn request(
    mut case: CaseAccess<AskLocation>,
    PathId(id): PathId,
    Form(form): Form<LocationForm>,
) -> Result<Response> {
    placements::get(&mut case, id).await?;
    let to = paths::together(&case.head().reference, id);
    let request = mine(&mut case, id).await?;
    if request.as_ref().is_some_and(|request| uuid(&form.id) == Some(request.id)) {
        // Sent twice: the first one asked.
        return case.redirect(&to, None).await;
    }
    let (case, faults) = match form.parse_request() {
        Ok((asked, why)) => {
            let (mut case, proven) = case.prove_again(Action::OpenLocation, form.typed()).await?;
            let refused = proven.sentence();
            match (proven, refused) {
                (Proven::Yes(proof), _) => {
                    store::ask(&mut case, id, asked, &why, proof).await?;
                    return case.redirect(&to, Flash::LocationRequested).await;
                }
                (_, sentence) => (case, Faults::from(("password", sentence.unwrap_or_default()))),
            }
        }
        Err(faults) => (case, faults),
    };
    case.again(Part::Placements, |shell, case, _| Ok(TogetherPage::of((shell, case), id, None, (form, faults)))).await
}

async fn see(mut case: CaseAccess<AskLocation>, PathId(id): PathId) -> Result<Response> {
    let placement = placements::get(&mut case, id).await?;
    let Some(request) = mine(&mut case, id).await? else {
        let faults = Faults::from(("kind", "Begäran har gått ut eller är använd. Skicka en ny"));
        return case
            .again(Part::Placements, |shell, case, _| {
                Ok(TogetherPage::of((shell, case), id, None, (LocationForm::fresh(), faults)))
            })
            .await;
    };
    if request.approved_by.is_none() {
        return Err(Error::Stale);
    }
    match store::open_together(&mut case, &request).await? {
        Answer::Location(sealed) => show(case, placement, &sealed).await,
        Answer::Beyond(limit) => {
            let faults = Faults::from(("kind", limit.sentence()));
            case.again(Part::Placements, |shell, case, _| {
                Ok(TogetherPage::of((shell, case), id, None, (LocationForm::fresh(), faults)))
            })
            .await
        }
    }
}
