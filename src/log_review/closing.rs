//! Signing a month and closing it: first whoever reviewed, then a manager; each proves anew who they are. What is about
//! whoever signs has been marked by somebody else, and is not covered by that signature.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::model::{Item, Review, ReviewMonth, State};
use super::pages::MonthOf;
use super::protocol::{Line, lines, print_of};
use super::returning::ReturnForm;
use super::{paths, store};
use crate::access::Access;
use crate::access::right::{CloseLogReview, ReadLogReview, ReviewLog};
use crate::audit::{Event, Note};
use crate::crypto::fingerprint::in_hex;
use crate::error::{Error, Result};
use crate::identity::proof::{Action, Proven, Typed};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::Field;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/logggranskning/{month}/underskrift", get(ask).post(sign))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SignForm {
    /// Of the lines that the page showed.
    print: String,
    password: String,
    code: String,
    passkey: String,
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Sign,
    Close,
}

impl Act {
    const fn label(self) -> &'static str {
        match self {
            Self::Sign => "Underteckna granskningen",
            Self::Close => "Stäng månaden",
        }
    }
}

#[derive(Template)]
#[template(path = "log_review/sign.html")]
pub(super) struct SignPage {
    shell: Shell,
    month: ReviewMonth,
    act: Act,
    lines: Vec<Line>,
    print: String,
    own: usize,
    faults: Faults,
    stale: bool,
    action: String,
    /// For the second to sign, who can hand it back.
    returning: Option<ReturnForm>,
    return_to: String,
    back: String,
}

/// A month that the actor can sign now.
pub(super) struct Ready {
    pub review: Review,
    pub act: Act,
    lines: Vec<Line>,
    own: usize,
}

impl Ready {
    /// None where it is not the actor's turn.
    pub async fn read(access: &mut Access<ReadLogReview>, month: ReviewMonth) -> Result<Option<Self>> {
        let today = access.desk().clock().today();
        let review = store::review(access, month).await?.ok_or(Error::NotFound)?;
        let items = store::items(access, review.id).await?;
        let left = items.iter().filter(|item| !item.is_settled()).count();
        access.shown(Note::of(Event::LogReviewShown).with("month", month.code()).with("count", items.len()));
        let act = match State::of(month, Some(&review), today) {
            State::UnderReview if access.may::<ReviewLog>() && left == 0 => Some(Act::Sign),
            State::Signed if access.may::<CloseLogReview>() => Some(Act::Close),
            _ => None,
        };
        let account = access.desk().actor().account;
        let own = items.iter().filter(|item: &&Item| item.actor == account).count();
        Ok(act.map(|act| Self { lines: lines(&review, &items), review, act, own }))
    }

    fn page(self, shell: Shell, faults: Faults, stale: bool) -> SignPage {
        self.page_with(shell, faults, stale, ReturnForm::fresh())
    }

    pub fn page_with(self, shell: Shell, faults: Faults, stale: bool, returning: ReturnForm) -> SignPage {
        let month = self.review.month;
        SignPage {
            shell,
            month,
            act: self.act,
            print: in_hex(&print_of(&self.lines)),
            lines: self.lines,
            own: self.own,
            faults,
            stale,
            action: paths::sign(month),
            returning: (self.act == Act::Close).then_some(returning),
            return_to: paths::hand_back(month),
            back: paths::month(month),
        }
    }
}

async fn ask(mut access: Access<ReadLogReview>, MonthOf(month): MonthOf) -> Result<Response> {
    let Some(ready) = Ready::read(&mut access, month).await? else {
        return access.redirect(&paths::month(month), None).await;
    };
    access.page(|shell, _| Ok(ready.page(shell, Faults::none(), false))).await
}

async fn sign(
    mut access: Access<ReadLogReview>,
    MonthOf(month): MonthOf,
    Form(form): Form<SignForm>,
) -> Result<Response> {
    // Asked before the proof, so that a code is not spent for nothing, and after it, since time has gone.
    let Some(ready) = Ready::read(&mut access, month).await? else {
        return access.redirect(&paths::month(month), None).await;
    };
    if in_hex(&print_of(&ready.lines)) != form.print {
        return access.conflict(|shell, _| Ok(ready.page(shell, Faults::none(), true))).await;
    }
    let typed = Typed { passkey: &form.passkey, password: &form.password, code: &form.code };
    let (mut access, proven) = access.prove_again(Action::SignLogReview, typed).await?;
    let Some(ready) = Ready::read(&mut access, month).await? else {
        return access.redirect(&paths::month(month), None).await;
    };
    let print = print_of(&ready.lines);
    if in_hex(&print) != form.print {
        return access.conflict(|shell, _| Ok(ready.page(shell, Faults::none(), true))).await;
    }
    let refused = proven.sentence();
    let Proven::Yes(proof) = proven else {
        let faults = Faults::from(("password", refused.unwrap_or_default()));
        return access.again(|shell, _| Ok(ready.page(shell, faults, false))).await;
    };
    let (id, act) = (ready.review.id, ready.act);
    let (access, done) = match act {
        Act::Sign => {
            access
                .also(async move |access: &mut Access<ReviewLog>| {
                    let unsealed = Error::Invalid("Loggen har inte hunnit förseglas. Försök igen om en stund.");
                    let seal = store::signing::newest_seal(access).await?.ok_or(unsealed)?;
                    store::signing::sign(access, id, &seal, &print, proof).await
                })
                .await?
        }
        Act::Close => {
            access
                .also(async move |access: &mut Access<CloseLogReview>| store::signing::close(access, id, proof).await)
                .await?
        }
    };
    if done != Some(true) {
        return Err(Error::Stale);
    }
    let flash = if act == Act::Sign { Flash::LogReviewSigned } else { Flash::LogReviewClosed };
    access.redirect(&paths::protocol(month), flash).await
}
