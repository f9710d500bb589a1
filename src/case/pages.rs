//! Opening a case: one page, three sections, one button.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;

use super::form::{Known, OpeningForm};
use super::model::Opened;
use super::{paths, store};
use crate::access::right::OpenCase;
use crate::access::{Access, policy};
use crate::account::colleagues::{self, Colleague, find, who_can_be};
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::organisation::store::{District, districts};
use crate::person::form::{OFFICIAL, TEMPORARY};
use crate::state::AppState;
use crate::vocabulary::{AssignmentKind, NeedsProfile, ProtectionLevel, ResponsibilityBasis, Sex};
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/ny", get(new).post(create))
}

#[derive(Template)]
#[template(path = "case/new.html")]
struct NewPage {
    shell: Shell,
    form: OpeningForm,
    faults: Faults,
    number_kinds: Vec<Choice>,
    sexes: Vec<Choice>,
    choices: Choices,
}

/// What can be chosen about the case and those who work with it.
pub(super) struct Choices {
    pub(super) districts: Vec<Choice>,
    pub(super) bases: Vec<Choice>,
    pub(super) needs: Vec<Choice>,
    pub(super) protections: Vec<Choice>,
    pub(super) responsible: Vec<Choice>,
    pub(super) deputies: Vec<Choice>,
    pub(super) coordinators: Vec<Choice>,
}

/// What the choices are made of.
pub(super) struct Lists {
    colleagues: Vec<Colleague>,
    districts: Vec<District>,
}

impl Lists {
    pub(super) async fn read(access: &mut Access<OpenCase>) -> Result<Self> {
        let colleagues = colleagues::working(access.read()).await?;
        let districts = districts(access).await?;
        access.shown(Note::of(Event::ColleaguesListed));
        Ok(Self { colleagues, districts })
    }

    fn people(&self, field: &str, kind: AssignmentKind, chosen: &str) -> Vec<Choice> {
        Choice::one(field, who_can_be(&self.colleagues, kind).map(Colleague::choice), chosen)
    }

    pub(super) fn choices(&self, form: &OpeningForm) -> Choices {
        let districts = self.districts.iter().map(|district| (district.id.to_string(), district.name.clone()));
        let mut protections =
            words("protection", ProtectionLevel::ALL, |level| (level.code(), level.label()), &form.protection);
        for (choice, hint) in protections.iter_mut().zip([
            "Namnet visas för dem som arbetar med ärendet.",
            "Namnet visas först när någon har sagt varför det behövs.",
            "Ärendet syns bara för dem som är namngivna i det.",
        ]) {
            choice.hint = hint.into();
        }
        Choices {
            districts: Choice::one("district", districts, &form.district),
            bases: words("basis", ResponsibilityBasis::ALL, |basis| (basis.code(), basis.label()), &form.basis),
            needs: words("needs", NeedsProfile::ALL, |needs| (needs.code(), needs.label()), &form.needs),
            protections,
            responsible: self.people("responsible", AssignmentKind::Responsible, &form.responsible),
            deputies: self.people("deputy", AssignmentKind::Deputy, &form.deputy),
            coordinators: self.people("coordinator", AssignmentKind::Coordinator, &form.coordinator),
        }
    }

    /// Whoever opens a case most often takes it, as what they can be.
    pub(super) fn fresh(&self, access: &Access<OpenCase>) -> OpeningForm {
        let (me, mut form) = (access.desk().actor().account, OpeningForm::fresh(access.desk().clock().today()));
        if find(&self.colleagues, me, AssignmentKind::Responsible).is_some() {
            form.responsible = me.to_string();
        } else if find(&self.colleagues, me, AssignmentKind::Coordinator).is_some() {
            form.coordinator = me.to_string();
        }
        form
    }

    /// The district of the name, as the form has it.
    pub(super) fn district(&self, name: &str) -> Option<String> {
        self.districts.iter().find(|district| district.name == name).map(|district| district.id.to_string())
    }

    /// What the typed is held against.
    pub(super) fn known<'k>(
        &'k self,
        access: &Access<OpenCase>,
        sees_only_if_named: &'k dyn Fn(ProtectionLevel) -> bool,
    ) -> Known<'k> {
        Known {
            colleagues: &self.colleagues,
            districts: &self.districts,
            today: access.desk().clock().today(),
            actor: access.desk().actor().account,
            sees_only_if_named,
        }
    }

    fn page(&self, shell: Shell, form: OpeningForm, faults: Faults) -> NewPage {
        let numbers = [
            (OFFICIAL, "Personnummer eller samordningsnummer"),
            (TEMPORARY, "Tillfälligt id, när numret inte är känt"),
        ];
        NewPage {
            shell,
            number_kinds: Choice::one("number_kind", numbers, &form.person.number_kind),
            sexes: words("sex", Sex::ALL, |sex| (sex.code(), sex.label()), &form.person.sex),
            choices: self.choices(&form),
            form,
            faults,
        }
    }
}

/// The choices of a word list.
pub(super) fn words<W: Copy>(
    field: &str,
    all: &[W],
    choice: impl Fn(W) -> (&'static str, &'static str),
    chosen: &str,
) -> Vec<Choice> {
    Choice::one(field, all.iter().map(|word| choice(*word)), chosen)
}

async fn new(mut access: Access<OpenCase>) -> Result<Response> {
    let lists = Lists::read(&mut access).await?;
    let form = lists.fresh(&access);
    access.page(|shell, _| Ok(lists.page(shell, form, Faults::none()))).await
}

async fn create(mut access: Access<OpenCase>, Form(form): Form<OpeningForm>) -> Result<Response> {
    let lists = Lists::read(&mut access).await?;
    let actor = access.desk().actor().clone();
    let sees_only_if_named = |protection| policy::sees_only_if_named(&actor, protection);
    let parsed = form.parse(&lists.known(&access, &sees_only_if_named));
    let new = match parsed? {
        Ok(new) => new,
        Err(faults) => return access.again(|shell, _| Ok(lists.page(shell, form, faults))).await,
    };
    match store::open(&mut access, &new).await? {
        Opened::Case(reference) => access.redirect(&paths::show(&reference), Flash::CaseOpened).await,
        Opened::HasOpenCase { reference, case } => {
            access.shown(Note { cases: vec![case], ..Note::of(Event::CasesListed) });
            let faults = Faults::from(("number", format!("Personen har redan ett öppet ärende, {reference}")));
            access.again(|shell, _| Ok(lists.page(shell, form, faults))).await
        }
    }
}
