//! Handing a case over: the responsible one, or whoever coordinates, offers it to a social worker, who takes it or says
//! no. The old one's way into the case ends in the transaction in which the new one's begins.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;

mod offered;
pub mod store;

use super::paths;
use crate::access::right::HandOver;
use crate::access::{CaseAccess, Part};
use crate::account::colleagues::{Colleague, find, who_can_be, working};
use crate::calendar;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::AssignmentKind;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/overlamning", get(ask).post(offer))
        .route("/arenden/{case}/overlamning/aterkallelse", post(withdraw))
        .merge(offered::routes())
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct HandoverForm {
    pub id: String,
    pub account: String,
    pub message: String,
}

/// An offer to make.
pub struct NewHandover {
    pub id: Uuid,
    pub from: Uuid,
    pub to: Uuid,
    pub message: String,
}

impl HandoverForm {
    fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    fn parse(&self, colleagues: &[Colleague], from: Uuid) -> std::result::Result<NewHandover, Faults> {
        let mut faults = Faults::none();
        let to = uuid(&self.account).filter(|id| find(colleagues, *id, AssignmentKind::Responsible).is_some());
        let to = faults.need(to, "account", "Välj en handläggare");
        if to == Some(from) {
            faults.add("account", "Välj någon annan. Kollegan är redan ansvarig handläggare");
        }
        let message = faults.text(&self.message, 1000, "message", "Skriv ett meddelande till den som ska ta över");
        let id = faults.need(uuid(&self.id), "account", "Formuläret är för gammalt. Öppna sidan på nytt");
        match (id, to, message) {
            (Some(id), Some(to), Some(message)) => faults.finish(NewHandover { id, from, to, message }),
            _ => Err(faults),
        }
    }
}

#[derive(Template)]
#[template(path = "assignment/handover.html")]
struct HandoverPage {
    shell: Shell,
    case: CaseBar,
    form: HandoverForm,
    faults: Faults,
    people: Vec<Choice>,
    /// To whom it is offered already, when, and with which words.
    waiting: Option<(String, Moment, Personal)>,
    /// Nobody has it, so nobody can hand it over.
    is_nobodys: bool,
    action: String,
    withdraw: String,
    back: String,
}

struct Ground {
    colleagues: Vec<Colleague>,
    standing: store::Standing,
}

impl Ground {
    async fn read(case: &mut CaseAccess<HandOver>) -> Result<Self> {
        let standing = store::standing(case).await?;
        Ok(Self { colleagues: working(case.read()).await?, standing })
    }

    fn page(
        self,
        (shell, case): (Shell, CaseBar),
        receipt: &crate::access::Receipt,
        form: HandoverForm,
        faults: Faults,
    ) -> Result<HandoverPage> {
        let from = self.standing.responsible;
        let others = who_can_be(&self.colleagues, AssignmentKind::Responsible);
        let others = others.filter(|one| Some(one.account) != from).map(Colleague::choice);
        let waiting = self.standing.waiting.map(|one| {
            let text = receipt.open(store::MESSAGE.at(one.id), &one.message)?;
            Ok::<_, Error>((one.to, Moment(calendar::stockholm(one.offered_at)), text))
        });
        Ok(HandoverPage {
            people: Choice::one("account", others, &form.account),
            waiting: waiting.transpose()?,
            is_nobodys: from.is_none(),
            action: paths::handover(&case.reference),
            withdraw: paths::withdraw_handover(&case.reference),
            back: paths::list(&case.reference),
            shell,
            case,
            form,
            faults,
        })
    }
}

async fn ask(mut case: CaseAccess<HandOver>) -> Result<Response> {
    let ground = Ground::read(&mut case).await?;
    case.page(Part::Assignment, |shell, bar, receipt| {
        ground.page((shell, bar), receipt, HandoverForm::fresh(), Faults::none())
    })
    .await
}

async fn offer(mut case: CaseAccess<HandOver>, Form(form): Form<HandoverForm>) -> Result<Response> {
    let ground = Ground::read(&mut case).await?;
    let to = paths::handover(&case.head().reference);
    if let Some(waiting) = &ground.standing.waiting {
        if uuid(&form.id) == Some(waiting.id) {
            // Sent twice: the first one was saved.
            return case.redirect(&to, Flash::HandoverOffered).await;
        }
        return case
            .conflict(Part::Assignment, |shell, bar, receipt| ground.page((shell, bar), receipt, form, Faults::none()))
            .await;
    }
    let Some(from) = ground.standing.responsible else {
        return case
            .again(Part::Assignment, |shell, bar, receipt| ground.page((shell, bar), receipt, form, Faults::none()))
            .await;
    };
    match form.parse(&ground.colleagues, from) {
        Ok(new) => {
            store::offer(&mut case, &new).await?;
            case.redirect(&to, Flash::HandoverOffered).await
        }
        Err(faults) => {
            case.again(Part::Assignment, |shell, bar, receipt| ground.page((shell, bar), receipt, form, faults)).await
        }
    }
}

async fn withdraw(mut case: CaseAccess<HandOver>) -> Result<Response> {
    store::withdraw(&mut case).await?;
    let to = paths::handover(&case.head().reference);
    case.redirect(&to, Flash::HandoverWithdrawn).await
}
