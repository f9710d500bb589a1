//! One group, forming one and changing one. Without a consent there is nothing to fill in.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;
use uuid::Uuid;

use super::form::SigForm;
use super::model::{SigGroup, SigStatus, unusual_age};
use super::store;
use crate::access::right::{ArrangeMeetings, ReadMeetings};
use crate::access::{CaseAccess, Part, case_path};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::meeting::{paths, store as meetings};
use crate::personal::Personal;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/sig/ny", get(new).post(create))
        .route("/arenden/{case}/sig/{group}", get(show))
        .route("/arenden/{case}/sig/{group}/andring", get(edit).post(change))
}

#[derive(Template)]
#[template(path = "meeting/sig.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    one: SigGroup,
    has_no_consent: bool,
    members: Personal,
    plan: Personal,
    formed: Moment,
    consent: String,
    change: Option<String>,
    back: String,
}

async fn show(mut case: CaseAccess<ReadMeetings>, PathId(id): PathId) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    case.shown(Note::of(Event::SigShown).with("group", id.to_string()));
    let reference = case.head().reference.clone();
    let has_no_consent = one.status == SigStatus::NoConsent;
    let change = (case.may::<ArrangeMeetings>() && !has_no_consent).then(|| paths::change_sig(&reference, id));
    case.page(Part::Meetings, |shell, case, receipt| {
        Ok(ShowPage {
            members: receipt.open(store::MEMBERS.at(id), &one.members)?,
            plan: receipt.open(store::PLAN.at(id), &one.plan)?,
            formed: Moment(stockholm(one.formed_at)),
            consent: crate::consent::paths::show(&reference, one.consent),
            has_no_consent,
            change,
            back: paths::part(&reference),
            shell,
            case,
            one,
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "meeting/sig_form.html")]
struct FormPage {
    shell: Shell,
    case: CaseBar,
    form: SigForm,
    faults: Faults,
    stale: bool,
    /// Where a consent is registered first.
    without_consent: Option<String>,
    /// The person's age, where the groups are not meant for it.
    age: Option<i32>,
    is_new: bool,
    action: String,
    back: String,
}

/// The page but for what surrounds it.
struct Draft {
    form: SigForm,
    faults: Faults,
    stale: bool,
    has_consent: bool,
    age: Option<i32>,
    group: Option<Uuid>,
}

impl Draft {
    fn of(case: &CaseAccess<ArrangeMeetings>, form: SigForm, has_consent: bool, group: Option<Uuid>) -> Result<Self> {
        let age = unusual_age(meetings::birth_date(case)?, case.desk().clock().today());
        Ok(Self { form, faults: Faults::none(), stale: false, has_consent, age, group })
    }

    fn page(self, shell: Shell, case: CaseBar) -> FormPage {
        let (action, back) = match self.group {
            None => (paths::new_sig(&case.reference), paths::part(&case.reference)),
            Some(id) => (paths::change_sig(&case.reference, id), paths::sig(&case.reference, id)),
        };
        FormPage {
            without_consent: (!self.has_consent).then(|| case_path(&case.reference, "/samtycken")),
            age: self.age,
            is_new: self.group.is_none(),
            action,
            back,
            shell,
            case,
            form: self.form,
            faults: self.faults,
            stale: self.stale,
        }
    }
}

async fn new(mut case: CaseAccess<ArrangeMeetings>) -> Result<Response> {
    let consent = store::consent(&mut case).await?;
    let form = SigForm::fresh(case.desk().clock().today());
    let draft = Draft::of(&case, form, consent.is_some(), None)?;
    case.page(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case))).await
}

async fn create(mut case: CaseAccess<ArrangeMeetings>, Form(form): Form<SigForm>) -> Result<Response> {
    let reference = case.head().reference.clone();
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&paths::sig(&reference, id), None).await;
    }
    let (opened_on, today) = days(&case);
    let consent = store::consent(&mut case).await?;
    let mut draft = Draft::of(&case, form, consent.is_some(), None)?;
    match (draft.form.parse(opened_on, today), consent) {
        (Ok(new), Some(consent)) => {
            store::form(&mut case, &new, consent).await?;
            case.redirect(&paths::sig(&reference, new.id), Flash::SigSaved).await
        }
        (parsed, _) => {
            draft.faults = parsed.err().unwrap_or_default();
            case.again(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case))).await
        }
    }
}

fn days(case: &CaseAccess<ArrangeMeetings>) -> (Date, Date) {
    (case.head().opened_on, case.desk().clock().today())
}

/// One that can still be changed: with its consent gone it is over.
async fn living(case: &mut CaseAccess<ArrangeMeetings>, id: Uuid) -> Result<SigGroup> {
    let one = store::get(case, id).await?;
    if one.status == SigStatus::NoConsent { Err(Error::Stale) } else { Ok(one) }
}

async fn edit(mut case: CaseAccess<ArrangeMeetings>, PathId(id): PathId) -> Result<Response> {
    let one = living(&mut case, id).await?;
    case.shown(Note::of(Event::SigShown).with("group", id.to_string()));
    let mut draft = Draft::of(&case, SigForm::default(), true, Some(id))?;
    case.page(Part::Meetings, |shell, case, receipt| {
        let members = receipt.open(store::MEMBERS.at(id), &one.members)?;
        let plan = receipt.open(store::PLAN.at(id), &one.plan)?;
        draft.form = SigForm::of(&one, &members, &plan);
        Ok(draft.page(shell, case))
    })
    .await
}

async fn change(
    mut case: CaseAccess<ArrangeMeetings>,
    PathId(id): PathId,
    Form(form): Form<SigForm>,
) -> Result<Response> {
    let one = living(&mut case, id).await?;
    let (opened_on, today) = days(&case);
    // The first day stands as it was formed.
    let form = SigForm { id: id.to_string(), from_day: one.from_day.to_string(), ..form };
    let mut draft = Draft::of(&case, form, true, Some(id))?;
    if draft.form.version() != one.version {
        draft.stale = true;
        draft.form.version = one.version.to_string();
        return case.conflict(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case))).await;
    }
    match draft.form.parse(opened_on, today) {
        Ok(new) => {
            if !store::change(&mut case, &new, one.version).await? {
                return Err(Error::Stale);
            }
            let to = paths::sig(&case.head().reference, id);
            case.redirect(&to, Flash::SigSaved).await
        }
        Err(faults) => {
            draft.faults = faults;
            case.again(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case))).await
        }
    }
}
