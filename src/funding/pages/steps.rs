//! The steps of an application: the manager signs it, the answer is registered, and the money is accounted for.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::super::form::{AnswerForm, ReportForm, SignForm};
use super::super::model::{Application, LONGEST_CONDITIONS, LONGEST_TOLD, cost_within};
use super::super::store::{PURPOSE, Refused};
use super::super::{paths, store};
use super::overflow;
use crate::access::right::{ApplyFunding, SeesCase, SignFunding};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::calendar::stockholm_date;
use crate::error::{Error, Result};
use crate::money::Ore;
use crate::personal::Personal;
use crate::placement;
use crate::state::AppState;
use crate::vocabulary::{FundPrerequisite, FundStatus};
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/medel/{application}/underskrift", get(ask_sign).post(sign))
        .route("/arenden/{case}/medel/{application}/besked", get(ask_answer).post(answer))
        .route("/arenden/{case}/medel/{application}/aterrapport", get(ask_report).post(report))
}

/// The application that a step is about, on the trail.
async fn about<R: SeesCase>(case: &mut CaseAccess<R>, PathId(id): PathId) -> Result<Application> {
    let one = store::get(case, id).await?;
    case.shown(Note::of(Event::FundingShown).with("application", id.to_string()));
    Ok(one)
}

/// Whether the form was opened while the application stood as it stands now.
fn is_current(one: &Application, status: FundStatus, version: &str) -> bool {
    one.status == status && version.trim() == one.version.to_string()
}

#[derive(Template)]
#[template(path = "funding/sign.html")]
struct SignPage {
    shell: Shell,
    case: CaseBar,
    one: Application,
    purpose: Personal,
    cost: Ore,
    lacking: Vec<FundPrerequisite>,
    form: SignForm,
    faults: Faults,
    stale: bool,
    action: String,
    back: String,
}

/// The page and what it needs beside the form.
struct Signing {
    one: Application,
    cost: Ore,
    faults: Faults,
    stale: bool,
}

impl Signing {
    fn page(self, shell: Shell, case: CaseBar, purpose: Personal, form: SignForm) -> SignPage {
        SignPage {
            action: paths::sign(&case.reference, self.one.id),
            back: paths::show(&case.reference, self.one.id),
            lacking: self.one.lacking(),
            shell,
            case,
            purpose,
            cost: self.cost,
            form,
            faults: self.faults,
            stale: self.stale,
            one: self.one,
        }
    }
}

async fn signing(case: &mut CaseAccess<SignFunding>, id: PathId) -> Result<Signing> {
    let one = about(case, id).await?;
    if one.status == FundStatus::Draft && !one.may_be_signed_by(case.desk().actor().account) {
        return Err(Error::Forbidden);
    }
    let placements = placement::store::list(case).await?;
    let cost = cost_within(&placements, one.from, one.to).ok_or_else(overflow)?;
    Ok(Signing { one, cost, faults: Faults::none(), stale: false })
}

async fn ask_sign(mut case: CaseAccess<SignFunding>, id: PathId) -> Result<Response> {
    let signing = signing(&mut case, id).await?;
    let today = case.desk().clock().today();
    case.page(Part::Placements, |shell, case, receipt| {
        let purpose = receipt.open(PURPOSE.at(signing.one.id), &signing.one.purpose)?;
        let form = SignForm::fresh(&signing.one, &purpose, today);
        Ok(signing.page(shell, case, purpose, form))
    })
    .await
}

async fn sign(mut case: CaseAccess<SignFunding>, id: PathId, Form(form): Form<SignForm>) -> Result<Response> {
    let mut signing = signing(&mut case, id).await?;
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let parsed = form.parse(today);
    if signing.one.status != FundStatus::Draft
        || (parsed.is_ok() && !is_current(&signing.one, FundStatus::Draft, &form.version))
    {
        signing.stale = true;
        return case
            .conflict(Part::Placements, |shell, case, receipt| {
                let purpose = receipt.open(PURPOSE.at(signing.one.id), &signing.one.purpose)?;
                let form = SignForm { version: signing.one.version.to_string(), ..form };
                Ok(signing.page(shell, case, purpose, form))
            })
            .await;
    }
    match parsed {
        Ok(sent) => {
            let one = &signing.one;
            let consent = store::consent(&mut case, one.authority, sent.on).await?;
            let registered = stockholm_date(one.registered_at);
            if !one.lacking().is_empty() {
                signing.faults.add("told", "Allt som krävs är inte på plats. Ändra ansökan först");
            } else if consent.is_none() && sent.on >= registered {
                signing.faults.add(
                    "told",
                    "Det finns inget samtycke som täcker identitet, deltagande och kostnad hos polisen. Registrera ett först",
                );
            } else {
                return match store::sign(&mut case, one, &sent, consent, one.version).await? {
                    None => case.redirect(&paths::show(&reference, one.id), Flash::FundingSent).await,
                    Some(Refused::NoConsent | Refused::Stale | Refused::Overlap | Refused::Outside) => {
                        Err(Error::Stale)
                    }
                };
            }
        }
        Err(faults) => signing.faults = faults,
    }
    case.again(Part::Placements, |shell, case, receipt| {
        let purpose = receipt.open(PURPOSE.at(signing.one.id), &signing.one.purpose)?;
        Ok(signing.page(shell, case, purpose, form))
    })
    .await
}

#[derive(Template)]
#[template(path = "funding/answer.html")]
struct AnswerPage {
    shell: Shell,
    case: CaseBar,
    one: Application,
    form: AnswerForm,
    faults: Faults,
    stale: bool,
    outcomes: Vec<Choice>,
    action: String,
    back: String,
}

impl AnswerPage {
    fn of((shell, case): (Shell, CaseBar), one: Application, form: AnswerForm, faults: Faults, stale: bool) -> Self {
        let outcomes = AnswerForm::OUTCOMES.iter().map(|one| (one.code(), one.label()));
        Self {
            outcomes: Choice::one("outcome", outcomes, &form.outcome),
            action: paths::answer(&case.reference, one.id),
            back: paths::show(&case.reference, one.id),
            shell,
            case,
            one,
            form,
            faults,
            stale,
        }
    }
}

async fn ask_answer(mut case: CaseAccess<ApplyFunding>, id: PathId) -> Result<Response> {
    let one = about(&mut case, id).await?;
    let form = AnswerForm { version: one.version.to_string(), ..AnswerForm::default() };
    case.page(Part::Placements, |shell, case, _| Ok(AnswerPage::of((shell, case), one, form, Faults::none(), false)))
        .await
}

async fn answer(mut case: CaseAccess<ApplyFunding>, id: PathId, Form(form): Form<AnswerForm>) -> Result<Response> {
    let one = about(&mut case, id).await?;
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let parsed = form.parse(&one, today);
    if one.status != FundStatus::Submitted
        || (parsed.is_ok() && !is_current(&one, FundStatus::Submitted, &form.version))
    {
        let form = AnswerForm { version: one.version.to_string(), ..form };
        return case
            .conflict(Part::Placements, |shell, case, _| {
                Ok(AnswerPage::of((shell, case), one, form, Faults::none(), true))
            })
            .await;
    }
    match parsed {
        Ok(answer) => match store::answer(&mut case, one.id, &answer, one.version).await? {
            None => case.redirect(&paths::show(&reference, one.id), Flash::FundingAnswered).await,
            Some(_) => Err(Error::Stale),
        },
        Err(faults) => {
            case.again(Part::Placements, |shell, case, _| Ok(AnswerPage::of((shell, case), one, form, faults, false)))
                .await
        }
    }
}

#[derive(Template)]
#[template(path = "funding/report.html")]
struct ReportPage {
    shell: Shell,
    case: CaseBar,
    one: Application,
    form: ReportForm,
    faults: Faults,
    stale: bool,
    action: String,
    back: String,
}

impl ReportPage {
    fn of((shell, case): (Shell, CaseBar), one: Application, form: ReportForm, faults: Faults, stale: bool) -> Self {
        let (action, back) = (paths::report(&case.reference, one.id), paths::show(&case.reference, one.id));
        Self { shell, case, one, form, faults, stale, action, back }
    }
}

async fn ask_report(mut case: CaseAccess<ApplyFunding>, id: PathId) -> Result<Response> {
    let one = about(&mut case, id).await?;
    let form = ReportForm { version: one.version.to_string(), ..ReportForm::default() };
    case.page(Part::Placements, |shell, case, _| Ok(ReportPage::of((shell, case), one, form, Faults::none(), false)))
        .await
}

async fn report(mut case: CaseAccess<ApplyFunding>, id: PathId, Form(form): Form<ReportForm>) -> Result<Response> {
    let one = about(&mut case, id).await?;
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let parsed = form.parse(&one, today);
    if one.status != FundStatus::Paid || (parsed.is_ok() && !is_current(&one, FundStatus::Paid, &form.version)) {
        let form = ReportForm { version: one.version.to_string(), ..form };
        return case
            .conflict(Part::Placements, |shell, case, _| {
                Ok(ReportPage::of((shell, case), one, form, Faults::none(), true))
            })
            .await;
    }
    match parsed {
        Ok(report) => match store::report(&mut case, one.id, report, one.version).await? {
            None => case.redirect(&paths::show(&reference, one.id), Flash::FundingReported).await,
            Some(_) => Err(Error::Stale),
        },
        Err(faults) => {
            case.again(Part::Placements, |shell, case, _| Ok(ReportPage::of((shell, case), one, form, faults, false)))
                .await
        }
    }
}
