//! What support somebody was offered who left a placement on their own request: asked once, and then it stands.

pub mod store;

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::Placement;
use super::views::what;
use super::{paths, store as placements};
use crate::access::right::ManagePlacements;
use crate::access::{CaseAccess, Part};
use crate::calendar::parse_day;
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::OfferAnswer;
use crate::web::flash::Flash;
use crate::web::form::{Faults, code, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/placeringar/{placement}/fortsatt-stod", get(ask).post(keep))
}

const LONGEST: usize = 2000;

/// What the person was offered after leaving, checked. No `Debug`: the text is about to be sealed.
#[derive(Clone)]
pub struct NewOffer {
    pub id: Uuid,
    pub on: Date,
    pub text: String,
    pub answer: OfferAnswer,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OfferForm {
    id: String,
    on: String,
    offer: String,
    answer: String,
}

impl OfferForm {
    fn parse(&self, placement: &Placement, today: Date) -> std::result::Result<NewOffer, Faults> {
        let mut faults = Faults::none();
        let on = faults.need(parse_day(&self.on, today), "on", "Skriv datumet som ÅÅÅÅ-MM-DD");
        if on.is_some_and(|day| day > today) {
            faults.add("on", format!("Datumet kan inte vara senare än i dag, {today}"));
        } else if on.is_some_and(|day| day < placement.starts_on) {
            faults.add("on", format!("Placeringen började {}. Datumet kan inte vara före det", placement.starts_on));
        }
        let text = faults.text(&self.offer, LONGEST, "offer", "Skriv vilket stöd som erbjöds");
        let answer = faults.need(code(&self.answer, OfferAnswer::parse), "answer", "Välj vad personen svarade");
        match (on, text, answer) {
            (Some(on), Some(text), Some(answer)) => {
                faults.finish(NewOffer { id: uuid(&self.id).unwrap_or_else(Uuid::now_v7), on, text, answer })
            }
            _ => Err(faults),
        }
    }
}

#[derive(Template)]
#[template(path = "placement/offer.html")]
struct OfferPage {
    shell: Shell,
    case: CaseBar,
    what: String,
    form: OfferForm,
    faults: Faults,
    answers: Vec<Choice>,
    action: String,
    back: String,
}

impl OfferPage {
    fn of(shell: Shell, case: CaseBar, placement: &Placement, (form, faults): (OfferForm, Faults)) -> Self {
        let answers = OfferAnswer::ALL.iter().map(|answer| (answer.code(), answer.label()));
        Self {
            what: what(placement),
            answers: Choice::one("answer", answers, &form.answer),
            action: paths::offer(&case.reference, placement.id),
            back: paths::show(&case.reference, placement.id),
            shell,
            case,
            form,
            faults,
        }
    }
}

type Case = CaseAccess<ManagePlacements>;

async fn ask(mut case: Case, PathId(id): PathId) -> Result<Response> {
    let placement = placements::get(&mut case, id).await?;
    if !placement.lacks_offer {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    let on = case.desk().clock().today().to_string();
    let form = OfferForm { id: Uuid::now_v7().to_string(), on, ..OfferForm::default() };
    case.page(Part::Placements, |shell, case, _| Ok(OfferPage::of(shell, case, &placement, (form, Faults::none()))))
        .await
}

async fn keep(mut case: Case, PathId(id): PathId, Form(form): Form<OfferForm>) -> Result<Response> {
    let placement = placements::get(&mut case, id).await?;
    let to = paths::show(&case.head().reference, id);
    match form.parse(&placement, case.desk().clock().today()) {
        // Sent twice, or by two: what was kept first stands, and is what they see.
        Ok(new) => {
            let kept = placement.lacks_offer && store::offer_support(&mut case, id, &new).await?;
            case.redirect(&to, kept.then_some(Flash::SupportOffered)).await
        }
        Err(faults) => {
            case.again(Part::Placements, |shell, case, _| Ok(OfferPage::of(shell, case, &placement, (form, faults))))
                .await
        }
    }
}
