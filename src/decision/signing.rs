//! Making a decision: the whole text is shown once more, and whoever makes it proves anew who they are. What is signed is
//! the text that was shown; if it has changed since, it is shown again.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;

use super::delegation::{self, Answer, Decider};
use super::model::Decision;
use super::store::signing::Ground;
use super::wording::{Edition, Making, Reading, Shown, lines, print_at, print_of, shown};
use super::{paths, store};
use crate::access::right::{RecordCommitteeDecision, SignDecision};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::crypto::fingerprint::in_hex;
use crate::error::{Error, Result};
use crate::identity::proof::{Action, Proven, Typed};
use crate::state::AppState;
use crate::vocabulary::DecisionStatus;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::CaseBar;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/beslut/{decision}/beslutande", get(ask).post(sign))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SignForm {
    /// Of the text that the page showed.
    print: String,
    password: String,
    code: String,
    passkey: String,
}

#[derive(Template)]
#[template(path = "decision/sign.html")]
struct SignPage {
    shell: Shell,
    case: CaseBar,
    number: i32,
    text: Vec<Shown>,
    print: String,
    faults: Faults,
    /// Why the actor may not make it.
    refused: Option<String>,
    /// The text is another than the one that was read.
    stale: bool,
    action: String,
    back: String,
}

/// One that can be decided now, and what that would rest on.
struct Ready {
    one: Decision,
    all: Vec<Decision>,
    making: Making,
    answer: Answer,
}

impl Ready {
    /// None where it does not wait for a decision any more.
    async fn read(case: CaseAccess<SignDecision>, id: Uuid) -> Result<(CaseAccess<SignDecision>, Option<Self>)> {
        let (mut case, all) = store::read(case).await?;
        let one = all.iter().find(|one| one.id == id).cloned().ok_or(Error::NotFound)?;
        if one.status != DecisionStatus::ForApproval {
            return Ok((case, None));
        }
        case.shown(Note::of(Event::DecisionsShown).with("number", one.number));
        let making = Making::now(case.desk(), &one);
        let rules = store::signing::rules(&mut case, making.on).await?;
        let actor = case.desk().actor();
        let decider =
            Decider { account: actor.account, role: actor.role, records: case.may::<RecordCommitteeDecision>() };
        let answer = delegation::ask(&rules, &one.matter, decider, one.authors);
        Ok((case, Some(Self { one, all, making, answer })))
    }

    fn reading<'r>(&'r self, case: &'r str) -> Reading<'r> {
        Reading { making: Some(self.making.clone()), ..Reading::of(case, &self.one, &self.all) }
    }

    /// What the signature rests on; none for whoever may not.
    fn ground(&self, case: &CaseAccess<SignDecision>) -> Result<Option<Ground>> {
        let Answer::May { rule, four_eyes } = self.answer else { return Ok(None) };
        let text = lines(&self.reading(&case.head().reference), &Edition::Original);
        let print = print_at(&text, case.desk())?;
        Ok(Some(Ground { rule, four_eyes, making: self.making.clone(), print }))
    }

    fn page(
        &self,
        (shell, case): (Shell, CaseBar),
        receipt: &crate::access::Receipt,
        faults: Faults,
        stale: bool,
    ) -> Result<SignPage> {
        let text = shown(&lines(&self.reading(&case.reference), &Edition::Original), receipt)?;
        Ok(SignPage {
            number: self.one.number,
            print: in_hex(&print_of(&text)),
            text,
            faults,
            refused: self.answer.sentence(),
            stale,
            action: paths::sign(&case.reference, self.one.id),
            back: paths::show(&case.reference, self.one.id),
            shell,
            case,
        })
    }
}

async fn ask(case: CaseAccess<SignDecision>, PathId(id): PathId) -> Result<Response> {
    let (case, ready) = Ready::read(case, id).await?;
    let Some(ready) = ready else {
        let to = paths::show(&case.head().reference, id);
        return case.redirect(&to, None).await;
    };
    case.page(Part::Decisions, |shell, bar, receipt| ready.page((shell, bar), receipt, Faults::none(), false)).await
}

async fn sign(case: CaseAccess<SignDecision>, PathId(id): PathId, Form(form): Form<SignForm>) -> Result<Response> {
    // Asked before the proof, so that a code is not spent for nothing, and after it, since time has gone.
    let (case, ready) = Ready::read(case, id).await?;
    let Some(ready) = ready else { return gone(case, id).await };
    let (case, ground) = match check(case, &ready, &form).await? {
        Ok(checked) => checked,
        Err(answer) => return Ok(answer),
    };
    drop(ground);
    let typed = Typed { passkey: &form.passkey, password: &form.password, code: &form.code };
    let (case, proven) = case.prove_again(Action::SignDecision, typed).await?;
    let (case, ready) = Ready::read(case, id).await?;
    let Some(ready) = ready else { return gone(case, id).await };
    let (mut case, ground) = match check(case, &ready, &form).await? {
        Ok(checked) => checked,
        Err(answer) => return Ok(answer),
    };
    let refused = proven.sentence();
    let (Proven::Yes(proof), None) = (proven, &refused) else {
        let faults = Faults::from(("password", refused.unwrap_or_default()));
        return case
            .again(Part::Decisions, |shell, bar, receipt| ready.page((shell, bar), receipt, faults, false))
            .await;
    };
    if !store::signing::sign(&mut case, &ready.one, &ground, proof).await? {
        return Err(Error::Stale);
    }
    let to = paths::show(&case.head().reference, id);
    case.redirect(&to, Flash::DecisionSigned).await
}

/// It was decided meanwhile, perhaps by the same button; or it was given back.
async fn gone(case: CaseAccess<SignDecision>, id: Uuid) -> Result<Response> {
    let (case, one) = store::get(case, id).await?;
    if !one.is_signed() {
        return Err(Error::Stale);
    }
    let to = paths::show(&case.head().reference, id);
    case.redirect(&to, None).await
}

/// What the signature would rest on, or the page that says why not.
async fn check(
    mut case: CaseAccess<SignDecision>,
    ready: &Ready,
    form: &SignForm,
) -> Result<std::result::Result<(CaseAccess<SignDecision>, Ground), Response>> {
    let Some(ground) = ready.ground(&case)? else {
        case.shown(Note::of(Event::DecisionWithoutDelegation).with("number", ready.one.number));
        let page =
            case.again(Part::Decisions, |shell, bar, receipt| ready.page((shell, bar), receipt, Faults::none(), false));
        return Ok(Err(page.await?));
    };
    if in_hex(&ground.print) != form.print {
        let page = case
            .conflict(Part::Decisions, |shell, bar, receipt| ready.page((shell, bar), receipt, Faults::none(), true));
        return Ok(Err(page.await?));
    }
    Ok(Ok((case, ground)))
}
