//! Ending a case: what follows, why, when, and its reference typed once more. It is closed, it was never to be begun, or
//! another municipality has taken over; each says what is still in the way, and where that is seen to.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::course_form::ClosingForm;
use super::model::earliest_close;
use super::pages::words;
use super::steps::Standing;
use super::store::{course, standing as stands};
use super::{paths, transfer};
use crate::access::right::{CloseCase, RecordOutcome};
use crate::access::{CaseAccess, Part};
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::{CaseStatus, CloseReason};
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/avslut", get(ask_closed).post(closed))
        .route("/arenden/{case}/ej-inledd", get(ask_not_opened).post(not_opened))
        .route("/arenden/{case}/overflyttning/genomforande", get(ask_transferred).post(transferred))
}

/// How a case ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Closed,
    NotOpened,
    Transferred,
}

impl Ending {
    const fn status(self) -> CaseStatus {
        match self {
            Self::Closed => CaseStatus::Closed,
            Self::NotOpened => CaseStatus::NotOpened,
            Self::Transferred => CaseStatus::Transferred,
        }
    }

    const fn button(self) -> &'static str {
        match self {
            Self::Closed => "Avsluta ärendet",
            Self::NotOpened => "Avsluta utan utredning",
            Self::Transferred => "Flytta över ärendet",
        }
    }

    fn heading(self, case: &str) -> String {
        match self {
            Self::Closed => format!("Avsluta ärendet {case}?"),
            Self::NotOpened => format!("Avsluta ärendet {case} utan utredning?"),
            Self::Transferred => format!("Flytta över ärendet {case}?"),
        }
    }

    /// What the day is called.
    const fn day(self) -> &'static str {
        match self {
            Self::Closed | Self::NotOpened => "Avslutat",
            Self::Transferred => "Överflyttat",
        }
    }

    fn path(self, case: &str) -> String {
        match self {
            Self::Closed => paths::close(case),
            Self::NotOpened => paths::not_opened(case),
            Self::Transferred => transfer::paths::carry_out(case),
        }
    }

    const fn flash(self) -> Flash {
        match self {
            Self::Closed => Flash::CaseClosed,
            Self::NotOpened => Flash::CaseNotOpened,
            Self::Transferred => Flash::CaseTransferred,
        }
    }

    /// What cannot be done from where the case is.
    fn is_away(self, standing: &Standing) -> Option<&'static str> {
        use CaseStatus::{Assessing, Closing, Registered};
        match (self, standing.status) {
            (Self::Closed, Closing) | (Self::NotOpened, Registered | Assessing) | (Self::Transferred, _) => None,
            (Self::Closed, Registered | Assessing) => {
                Some("Utredningen är inte inledd. Ärendet kan avslutas som ej inlett, eller efter en utredning.")
            }
            (Self::Closed, _) => Some("Ärendet avslutas i två steg. Ge det först status Avslutas."),
            (Self::NotOpened, _) => Some("Utredningen är redan inledd. Ärendet kan inte avslutas som ej inlett."),
        }
    }

    /// The first day on which it can have been.
    fn earliest(self, opened_on: Date, standing: &Standing) -> Date {
        let day = earliest_close(opened_on, &standing.stays);
        let ground = match self {
            Self::Closed => None,
            Self::NotOpened => standing.found.declined_on,
            Self::Transferred => standing.found.accepted_on,
        };
        ground.map_or(day, |ground| ground.max(day))
    }
}

#[derive(Template)]
#[template(path = "case/close.html")]
struct ClosePage {
    shell: Shell,
    case: CaseBar,
    form: ClosingForm,
    faults: Faults,
    stale: bool,
    /// What has to be done first, and where; nothing where only others may do it.
    lacks: Vec<(String, Option<String>)>,
    heading: String,
    button: &'static str,
    day: &'static str,
    is_transfer: bool,
    /// None where the ending says why by itself.
    reasons: Option<Vec<Choice>>,
    action: String,
    back: String,
}

struct Draft {
    ending: Ending,
    form: ClosingForm,
    faults: Faults,
    stale: bool,
    standing: Standing,
    may_record: bool,
}

impl Draft {
    /// With what is read of the case.
    async fn of(case: &mut CaseAccess<CloseCase>, ending: Ending, form: ClosingForm) -> Result<Self> {
        let standing = stands::standing(case).await?;
        let may_record = case.may::<RecordOutcome>();
        Ok(Self { ending, form, faults: Faults::none(), stale: false, standing, may_record })
    }

    /// What is in the way, as `Standing` has it; the outcome is recorded by those who work with the case.
    fn lacks(&self, case: &str) -> Vec<(String, Option<String>)> {
        let away = self.ending.is_away(&self.standing);
        let away = away.map(|what| (what.to_owned(), Some(paths::status(case))));
        let lacks = self.standing.lacks(self.ending.status()).into_iter().map(|lack| {
            if lack.part == OUTCOME && !self.may_record {
                return (format!("{} Be handläggaren eller samordnaren registrera det.", lack.what), None);
            }
            let href = lack.path(case);
            (lack.what, Some(href))
        });
        away.into_iter().chain(lacks).collect()
    }

    fn page(self, shell: Shell, case: CaseBar) -> ClosePage {
        let (ending, reference) = (self.ending, &case.reference);
        let choices = || words("reason", &CloseReason::CHOSEN, |one| (one.code(), one.label()), &self.form.reason);
        ClosePage {
            lacks: self.lacks(reference),
            heading: ending.heading(reference),
            button: ending.button(),
            day: ending.day(),
            is_transfer: ending == Ending::Transferred,
            reasons: (ending == Ending::Closed).then(choices),
            action: ending.path(reference),
            back: paths::show(reference),
            shell,
            case,
            form: self.form,
            faults: self.faults,
            stale: self.stale,
        }
    }
}

/// The part of the case in which it is recorded how it went.
const OUTCOME: &str = "/utfall/avslut";

async fn ask(mut case: CaseAccess<CloseCase>, ending: Ending) -> Result<Response> {
    let form = ClosingForm::fresh(case.head(), case.desk().clock().today());
    let draft = Draft::of(&mut case, ending, form).await?;
    case.page(Part::Overview, |shell, bar, _| Ok(draft.page(shell, bar))).await
}

async fn take(mut case: CaseAccess<CloseCase>, ending: Ending, form: ClosingForm) -> Result<Response> {
    let mut draft = Draft::of(&mut case, ending, form).await?;
    if draft.form.version != case.head().version.to_string() {
        draft.stale = true;
        draft.form.version = case.head().version.to_string();
        return case.conflict(Part::Overview, |shell, bar, _| Ok(draft.page(shell, bar))).await;
    }
    if !draft.lacks(&case.head().reference).is_empty() {
        return case.again(Part::Overview, |shell, bar, _| Ok(draft.page(shell, bar))).await;
    }
    let earliest = ending.earliest(case.head().opened_on, &draft.standing);
    match draft.form.parse(ending.status(), case.head(), earliest, case.desk().clock().today()) {
        Ok(closing) => {
            course::close(&mut case, &closing).await?;
            let to = paths::show(&case.head().reference);
            case.redirect(&to, ending.flash()).await
        }
        Err(faults) => {
            draft.faults = faults;
            case.again(Part::Overview, |shell, bar, _| Ok(draft.page(shell, bar))).await
        }
    }
}

async fn ask_closed(case: CaseAccess<CloseCase>) -> Result<Response> {
    ask(case, Ending::Closed).await
}

async fn closed(case: CaseAccess<CloseCase>, Form(form): Form<ClosingForm>) -> Result<Response> {
    take(case, Ending::Closed, form).await
}

async fn ask_not_opened(case: CaseAccess<CloseCase>) -> Result<Response> {
    ask(case, Ending::NotOpened).await
}

async fn not_opened(case: CaseAccess<CloseCase>, Form(form): Form<ClosingForm>) -> Result<Response> {
    take(case, Ending::NotOpened, form).await
}

async fn ask_transferred(case: CaseAccess<CloseCase>) -> Result<Response> {
    ask(case, Ending::Transferred).await
}

async fn transferred(case: CaseAccess<CloseCase>, Form(form): Form<ClosingForm>) -> Result<Response> {
    take(case, Ending::Transferred, form).await
}
