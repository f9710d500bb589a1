//! Registering that the person has died, and what was registered.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;
use uuid::Uuid;

use super::form::{DeathForm, RevokeForm};
use super::paths;
use super::store::{self, Death};
use crate::access::right::{ManagePerson, ReadPerson};
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::person::paths as people;
use crate::personal::Personal;
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/dodsfall", get(show).post(create))
        .route("/arenden/{case}/dodsfall/tillbaka", get(ask_revoke).post(revoke))
}

/// What was registered, opened.
struct Told {
    died_on: Date,
    source: Personal,
    note: Personal,
    registrar: String,
    registered: Moment,
    revoked: Option<(String, Moment, Personal)>,
}

impl Told {
    fn of(one: &Death, receipt: &Receipt) -> Result<Self> {
        Ok(Self {
            died_on: one.died_on,
            source: receipt.open(store::SOURCE.at(one.id), &one.source)?,
            note: receipt.open(store::NOTE.at(one.id), &one.note)?,
            registrar: one.registrar.clone(),
            registered: Moment(stockholm(one.registered_at)),
            revoked: match (&one.revoked_by, one.revoked_at, &one.revoked_why) {
                (Some(by), Some(at), Some(why)) => {
                    Some((by.clone(), Moment(stockholm(at)), receipt.open(store::REVOKED_WHY.at(one.id), why)?))
                }
                _ => None,
            },
        })
    }

    fn heading(&self) -> &'static str {
        if self.revoked.is_some() { "Dödsfall, taget tillbaka" } else { "Dödsfall" }
    }
}

#[derive(Template)]
#[template(path = "death/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    told: Vec<Told>,
    /// For those who may register it, where nothing stands.
    form: Option<DeathForm>,
    faults: Faults,
    action: String,
    /// Where what stands is taken back, for those who may.
    revoke: Option<String>,
    back: String,
}

impl ShowPage {
    fn of((shell, case): (Shell, CaseBar), told: Vec<Told>, form: Option<DeathForm>, faults: Faults) -> Self {
        let (action, back) = (paths::register(&case.reference), people::show(&case.reference));
        Self { shell, case, told, form, faults, action, revoke: None, back }
    }
}

async fn show(mut case: CaseAccess<ReadPerson>) -> Result<Response> {
    let told = store::list(&mut case).await?;
    case.shown(Note::of(Event::PersonShown).with("fields", "death"));
    let (stands, may) = (case.head().died_on.is_some(), case.may::<ManagePerson>());
    let form = (!stands && may).then(DeathForm::fresh);
    if told.is_empty() && form.is_none() {
        return Err(Error::Forbidden);
    }
    let revoke = (stands && may).then(|| paths::revoke(&case.head().reference));
    case.page(Part::Person, |shell, case, receipt| {
        let told = told.iter().map(|one| Told::of(one, receipt)).collect::<Result<_>>()?;
        Ok(ShowPage { revoke, ..ShowPage::of((shell, case), told, form, Faults::none()) })
    })
    .await
}

async fn create(mut case: CaseAccess<ManagePerson>, Form(form): Form<DeathForm>) -> Result<Response> {
    let reference = case.head().reference.clone();
    // Registered already: the same form sent twice, or somebody else was first. Their word stands on the page.
    if case.head().died_on.is_some() {
        return case.redirect(&paths::register(&reference), None).await;
    }
    match form.parse(&reference, case.desk().clock().today()) {
        Ok(new) => {
            store::register(&mut case, &new).await?;
            case.redirect(&paths::register(&reference), Flash::DeathRegistered).await
        }
        Err(faults) => {
            let view = |shell, case, _: &Receipt| Ok(ShowPage::of((shell, case), Vec::new(), Some(form), faults));
            case.again(Part::Person, view).await
        }
    }
}

#[derive(Template)]
#[template(path = "death/revoke.html")]
struct RevokePage {
    shell: Shell,
    case: CaseBar,
    form: RevokeForm,
    faults: Faults,
    action: String,
    back: String,
}

impl RevokePage {
    fn of(shell: Shell, case: CaseBar, form: RevokeForm, faults: Faults) -> Self {
        let (action, back) = (paths::revoke(&case.reference), paths::register(&case.reference));
        Self { shell, case, form, faults, action, back }
    }
}

/// Which death stands; none where nothing does, or it has been taken back.
async fn standing(case: CaseAccess<ManagePerson>) -> Result<(CaseAccess<ManagePerson>, Option<Uuid>)> {
    let (case, told) = case.also(store::list).await?;
    let stands = told.unwrap_or_default().into_iter().find(|one| one.revoked_at.is_none()).map(|one| one.id);
    Ok((case, stands))
}

async fn ask_revoke(case: CaseAccess<ManagePerson>) -> Result<Response> {
    let (mut case, stands) = standing(case).await?;
    let Some(death) = stands else {
        let to = paths::register(&case.head().reference);
        return case.redirect(&to, None).await;
    };
    case.shown(Note::of(Event::PersonShown).with("fields", "death"));
    let form = RevokeForm { death: death.to_string(), ..RevokeForm::default() };
    case.page(Part::Person, |shell, case, _| Ok(RevokePage::of(shell, case, form, Faults::none()))).await
}

async fn revoke(case: CaseAccess<ManagePerson>, Form(form): Form<RevokeForm>) -> Result<Response> {
    let (mut case, stands) = standing(case).await?;
    let to = paths::register(&case.head().reference);
    match form.parse() {
        Ok(why) => {
            // Sent twice, or another was first: the page says how it stands.
            let Some(death) = stands.filter(|death| uuid(&form.death) == Some(*death)) else {
                return case.redirect(&to, None).await;
            };
            let flash = store::revoke(&mut case, death, &why).await?.then_some(Flash::DeathRevoked);
            case.redirect(&to, flash).await
        }
        Err(faults) => case.again(Part::Person, |shell, case, _| Ok(RevokePage::of(shell, case, form, faults))).await,
    }
}
