//! The consents of a case: the list, one of them, registering one, and taking one back. None can be changed.

use askama::Template;
use axum::Router;
use axum::extract::Form as PlainForm;
use axum::response::Response;
use axum::routing::get;
use axum_extra::extract::Form;
use time::Date;
use uuid::Uuid;

use super::form::{ConsentForm, WithdrawForm};
use super::model::{Consent, ConsentStatus, LONGEST_MONTHS, may_be_given};
use super::{paths, store};
use crate::access::right::{GiveConsent, ReadConsents, WithdrawConsent};
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::setting::model::counted;
use crate::setting::store as settings;
use crate::state::AppState;
use crate::vocabulary::{ConsentForm as Given, ConsentKind, ConsentRecipient, DisclosureCategory, SettingKey};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field, Moment};

/// How long one holds that says no end.
const USUAL: SettingKey = SettingKey::ConsentDefaultMonths;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/samtycken", get(list).post(create))
        .route("/arenden/{case}/samtycken/ny", get(new))
        .route("/arenden/{case}/samtycken/{consent}", get(show))
        .route("/arenden/{case}/samtycken/{consent}/aterkallelse", get(ask).post(withdraw))
}

const fn tag(status: ConsentStatus) -> &'static str {
    match status {
        ConsentStatus::Active => "ok",
        ConsentStatus::Expired => "warn",
        ConsentStatus::Withdrawn => "",
    }
}

fn joined(labels: impl Iterator<Item = &'static str>) -> String {
    labels.collect::<Vec<_>>().join(", ")
}

/// A consent in the table.
struct Row {
    href: String,
    kind: ConsentKind,
    status: &'static str,
    tag: &'static str,
    recipients: String,
    given_on: Date,
    valid_to: Date,
}

#[derive(Template)]
#[template(path = "consent/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    rows: Vec<Row>,
    new: Option<String>,
}

async fn list(mut case: CaseAccess<ReadConsents>) -> Result<Response> {
    let consents = store::list(&mut case).await?;
    case.shown(Note::of(Event::ConsentsShown).with("count", consents.len()));
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let rows = consents.iter().map(|one| Row {
        href: paths::show(&reference, one.id),
        kind: one.kind,
        status: one.status(today).label(),
        tag: tag(one.status(today)),
        recipients: joined(one.recipients.iter().map(|recipient| recipient.label())),
        given_on: one.given_on,
        valid_to: one.valid_to,
    });
    let rows = rows.collect();
    let new = (case.may::<GiveConsent>() && case.head().died_on.is_none()).then(|| paths::new(&reference));
    case.page(Part::Person, |shell, case, _| Ok(ListPage { shell, case, rows, new })).await
}

#[derive(Template)]
#[template(path = "consent/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    one: Consent,
    status: &'static str,
    tag: &'static str,
    purpose: Personal,
    paper: Option<Personal>,
    registered: Moment,
    withdrawn: Option<WithdrawnView>,
    withdraw: Option<String>,
    list: String,
}

struct WithdrawnView {
    at: Moment,
    registrar: String,
    how: Personal,
}

impl ShowPage {
    fn of(
        (shell, case): (Shell, CaseBar),
        one: Consent,
        today: Date,
        may_withdraw: bool,
        receipt: &Receipt,
    ) -> Result<Self> {
        let (id, status) = (one.id, one.status(today));
        Ok(Self {
            status: status.label(),
            tag: tag(status),
            purpose: receipt.open(store::PURPOSE.at(id), &one.purpose)?,
            paper: match &one.document_ref {
                Some(sealed) => Some(receipt.open(store::DOCUMENT_REF.at(id), sealed)?),
                None => None,
            },
            registered: Moment(stockholm(one.registered_at)),
            withdrawn: match &one.withdrawn {
                Some(withdrawn) => Some(WithdrawnView {
                    at: Moment(stockholm(withdrawn.at)),
                    registrar: withdrawn.registrar.clone(),
                    how: receipt.open(store::WITHDRAWN_HOW.at(id), &withdrawn.how)?,
                }),
                None => None,
            },
            withdraw: (may_withdraw && one.withdrawn.is_none()).then(|| paths::withdraw(&case.reference, id)),
            list: paths::list(&case.reference),
            shell,
            case,
            one,
        })
    }
}

async fn show(mut case: CaseAccess<ReadConsents>, PathId(id): PathId) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    case.shown(Note::of(Event::ConsentsShown).with("consent", id.to_string()));
    let (today, may_withdraw) = (case.desk().clock().today(), case.may::<WithdrawConsent>());
    case.page(Part::Person, |shell, case, receipt| ShowPage::of((shell, case), one, today, may_withdraw, receipt)).await
}

#[derive(Template)]
#[template(path = "consent/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: ConsentForm,
    faults: Faults,
    kinds: Vec<Choice>,
    recipients: Vec<Choice>,
    categories: Vec<Choice>,
    forms: Vec<Choice>,
    information_given: Vec<Choice>,
    usual: String,
    list: String,
}

impl NewPage {
    fn of(shell: Shell, case: CaseBar, (form, faults): (ConsentForm, Faults), usual_months: i32) -> Self {
        let is_closed = case.closed;
        let told = "Personen har fått veta att samtycket är frivilligt, att det kan återkallas när som helst och vad det \
                    får för följder";
        let kinds = ConsentKind::ALL.iter().filter(|kind| may_be_given(**kind, is_closed));
        let forms = Given::ALL.iter();
        let (recipients, categories) = (ConsentRecipient::ALL.iter(), DisclosureCategory::ALL.iter());
        Self {
            kinds: Choice::one("kind", kinds.map(|one| (one.code(), one.label())), &form.kind),
            recipients: Choice::several(
                "recipients",
                recipients.map(|one| (one.code(), one.label())),
                &form.recipients,
            ),
            categories: Choice::several(
                "categories",
                categories.map(|one| (one.code(), one.label())),
                &form.categories,
            ),
            forms: Choice::one("form", forms.map(|one| (one.code(), one.label())), &form.form),
            information_given: Choice::yes("information_given", told, !form.information_given.is_empty()),
            usual: format!("Tomt: {}. Längst {LONGEST_MONTHS} månader.", counted(USUAL, usual_months)),
            list: paths::list(&case.reference),
            shell,
            case,
            form,
            faults,
        }
    }
}

/// Nobody who has died agrees to anything; Postgres says so too.
const DIED: Error = Error::Invalid("Personen är avliden. Inga nya samtycken kan registreras.");

async fn new(mut case: CaseAccess<GiveConsent>) -> Result<Response> {
    if case.head().died_on.is_some() {
        return Err(DIED);
    }
    let usual = settings::value(&mut case, USUAL).await?;
    let form = ConsentForm::fresh(case.desk().clock().today());
    case.page(Part::Person, |shell, case, _| Ok(NewPage::of(shell, case, (form, Faults::none()), usual))).await
}

async fn create(mut case: CaseAccess<GiveConsent>, Form(form): Form<ConsentForm>) -> Result<Response> {
    let reference = case.head().reference.clone();
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&paths::show(&reference, id), None).await;
    }
    if case.head().died_on.is_some() {
        return Err(DIED);
    }
    let usual = settings::value(&mut case, USUAL).await?;
    match form.parse(case.head().closed_on.is_some(), usual, case.desk().clock().today()) {
        Ok(new) => {
            store::give(&mut case, &new).await?;
            case.redirect(&paths::show(&reference, new.id), Flash::ConsentSaved).await
        }
        Err(faults) => {
            case.again(Part::Person, |shell, case, _| Ok(NewPage::of(shell, case, (form, faults), usual))).await
        }
    }
}

#[derive(Template)]
#[template(path = "consent/withdraw.html")]
struct WithdrawPage {
    shell: Shell,
    case: CaseBar,
    what: String,
    form: WithdrawForm,
    faults: Faults,
    action: String,
    back: String,
}

impl WithdrawPage {
    fn of(shell: Shell, case: CaseBar, one: &Consent, (form, faults): (WithdrawForm, Faults)) -> Self {
        Self {
            what: format!("{}, lämnat {}", one.kind, one.given_on),
            action: paths::withdraw(&case.reference, one.id),
            back: paths::show(&case.reference, one.id),
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn one(case: CaseAccess<WithdrawConsent>, id: Uuid) -> Result<(CaseAccess<WithdrawConsent>, Consent)> {
    let read = async |case: &mut CaseAccess<ReadConsents>| {
        let consent = store::get(case, id).await?;
        case.shown(Note::of(Event::ConsentsShown).with("consent", id.to_string()));
        Ok(consent)
    };
    let (case, consent) = case.also::<ReadConsents, _>(read).await?;
    Ok((case, consent.ok_or(Error::Forbidden)?))
}

async fn ask(case: CaseAccess<WithdrawConsent>, PathId(id): PathId) -> Result<Response> {
    let (case, one) = one(case, id).await?;
    if one.withdrawn.is_some() {
        return Err(Error::Stale);
    }
    let blank = (WithdrawForm::default(), Faults::none());
    case.page(Part::Person, |shell, case, _| Ok(WithdrawPage::of(shell, case, &one, blank))).await
}

async fn withdraw(
    case: CaseAccess<WithdrawConsent>,
    PathId(id): PathId,
    PlainForm(form): PlainForm<WithdrawForm>,
) -> Result<Response> {
    let (mut case, one) = one(case, id).await?;
    let to = paths::show(&case.head().reference, id);
    if one.withdrawn.is_some() {
        return case.redirect(&to, None).await;
    }
    match form.parse() {
        Ok(how) => {
            store::withdraw(&mut case, id, &how).await?;
            case.redirect(&to, Flash::ConsentWithdrawn).await
        }
        Err(faults) => {
            case.again(Part::Person, |shell, case, _| Ok(WithdrawPage::of(shell, case, &one, (form, faults)))).await
        }
    }
}
