//! Proposing: somebody new, another role, a longer time, an account that is opened again. Nothing has changed until another
//! has approved it.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};

use super::form::{NewcomerForm, ReasonForm, RoleForm, can_become};
use super::model::{Account, Status, What};
use super::pages::Draft;
use super::store::Unit;
use super::{paths, store};
use crate::access::right::{ProposeAccount, ReadAccounts};
use crate::access::{Access, policy};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{DisclosureRecipient, Role};
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Choice, Crumb, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/konton/ny", get(new).post(propose_new))
        .route("/konton/{account}/roll", get(role).post(propose_role))
        .route("/konton/{account}/upplasning", post(propose_unlock))
}

#[derive(Template)]
#[template(path = "staffing/new.html")]
struct NewPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    units: Vec<Choice>,
    roles: Vec<Choice>,
    organisations: Vec<Choice>,
    form: NewcomerForm,
    faults: Faults,
}

fn new_page(shell: Shell, units: &[Unit], actor: Role, form: NewcomerForm, faults: Faults) -> NewPage {
    let roles = Role::ALL.iter().filter(|role| policy::may_propose(actor, **role));
    let organisations = DisclosureRecipient::POLICE.iter().map(|one| (one.code(), one.label()));
    NewPage {
        shell,
        crumbs: vec![Crumb::to(paths::LIST, "Konton"), Crumb::here("Nytt konto")],
        units: Choice::one("unit", units.iter().map(|unit| (unit.id.to_string(), unit.name.clone())), &form.unit),
        roles: Choice::one("role", roles.map(|role| (role.code(), role.label())), &form.role),
        organisations: Choice::one("organisation", organisations, &form.organisation),
        form,
        faults,
    }
}

async fn with_units(access: Access<ProposeAccount>) -> Result<(Access<ProposeAccount>, Vec<Unit>)> {
    let (mut access, units) = access.also(async |access: &mut Access<ReadAccounts>| store::units(access).await).await?;
    access.shown(Note::of(Event::AccountsListed).with("count", 0));
    Ok((access, units.unwrap_or_default()))
}

async fn new(access: Access<ProposeAccount>) -> Result<Response> {
    let (access, units) = with_units(access).await?;
    let (actor, today) = (access.desk().actor(), access.desk().clock().today());
    let (role, form) = (actor.role, NewcomerForm::fresh(actor.unit, today));
    access.page(|shell, _| Ok(new_page(shell, &units, role, form, Faults::none()))).await
}

async fn propose_new(mut access: Access<ProposeAccount>, Form(form): Form<NewcomerForm>) -> Result<Response> {
    let (role, today) = (access.desk().actor().role, access.desk().clock().today());
    let proposed = match form.parse(role, today) {
        Ok(new) => {
            if store::is_proposed(&mut access, new.id).await? {
                return access.redirect(&paths::proposal(new.id), None).await;
            }
            let taken = match &new.what {
                What::New { newcomer, .. } => {
                    store::taken(&mut access, &newcomer.user_name, &newcomer.employee_id).await?
                }
                What::Role { .. } | What::Prolong { .. } | What::Unlock => (false, false),
            };
            let mut faults = Faults::none();
            if taken.0 {
                faults.add("user_name", "Användarnamnet är upptaget. Välj ett annat");
            }
            if taken.1 {
                faults.add("employee_id", "Numret har redan ett konto. En person har bara ett");
            }
            faults.finish(new)
        }
        Err(faults) => Err(faults),
    };
    match proposed {
        Ok(new) => {
            store::propose(&mut access, &new).await?;
            access.redirect(&paths::proposal(new.id), Flash::AccountProposed).await
        }
        Err(faults) => {
            let (access, units) = with_units(access).await?;
            access.again(|shell, _| Ok(new_page(shell, &units, role, form, faults))).await
        }
    }
}

#[derive(Template)]
#[template(path = "staffing/role.html")]
struct RolePage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    name: String,
    held: Option<Role>,
    /// What the held role does not go together with.
    apart: Vec<&'static str>,
    roles: Vec<Choice>,
    back: String,
    action: String,
    form: RoleForm,
    faults: Faults,
}

/// The account, if something can be proposed of it.
async fn account_of(access: Access<ProposeAccount>, account: uuid::Uuid) -> Result<(Access<ProposeAccount>, Account)> {
    let (mut access, found) =
        access.also(async |access: &mut Access<ReadAccounts>| store::account(access, account).await).await?;
    let account = found.ok_or(Error::NotFound)?;
    access.shown(Note::of(Event::AccountShown).with("account", account.id.to_string()));
    if account.id == access.desk().actor().account {
        return Err(Error::Invalid("Du kan inte föreslå något om ditt eget konto. Be en kollega."));
    }
    if account.status() == Status::Ended {
        return Err(Error::Invalid("Kontot är avslutat. Föreslå ett nytt konto om personen kommer tillbaka."));
    }
    Ok((access, account))
}

fn role_page(shell: Shell, actor: Role, account: &Account, form: RoleForm, faults: Faults) -> RolePage {
    let held = account.role();
    let roles = Role::ALL.iter().filter(|role| can_become(actor, account, **role));
    let parts = |role: &&Role| held.is_some_and(|held| held != **role && policy::never_together(held, **role));
    let apart = roles.clone().filter(parts).map(|role| role.label()).collect();
    RolePage {
        shell,
        crumbs: vec![
            Crumb::to(paths::LIST, "Konton"),
            Crumb::to(paths::show(account.id), account.name.clone()),
            Crumb::here("Roll"),
        ],
        roles: Choice::one("role", roles.map(|role| (role.code(), role.label())), &form.role),
        apart,
        back: paths::show(account.id),
        action: paths::role(account.id),
        name: account.name.clone(),
        held,
        form,
        faults,
    }
}

async fn role(access: Access<ProposeAccount>, PathId(account): PathId) -> Result<Response> {
    let (access, account) = account_of(access, account).await?;
    let (actor, today) = (access.desk().actor().role, access.desk().clock().today());
    let form = RoleForm::fresh(&account, today);
    access.page(|shell, _| Ok(role_page(shell, actor, &account, form, Faults::none()))).await
}

async fn propose_role(
    access: Access<ProposeAccount>,
    PathId(account): PathId,
    Form(form): Form<RoleForm>,
) -> Result<Response> {
    let (mut access, account) = account_of(access, account).await?;
    let (actor, today) = (access.desk().actor().role, access.desk().clock().today());
    match form.parse(actor, &account, today) {
        Ok(new) => {
            let to = paths::proposal(new.id);
            if store::is_proposed(&mut access, new.id).await? {
                return access.redirect(&to, None).await;
            }
            if account.proposal.is_some() {
                let faults =
                    Faults::from(("role", "Ett annat förslag om kontot väntar på svar. Låt det besvaras först"));
                return access.again(|shell, _| Ok(role_page(shell, actor, &account, form, faults))).await;
            }
            store::propose(&mut access, &new).await?;
            access.redirect(&to, Flash::AccountProposed).await
        }
        Err(faults) => access.again(|shell, _| Ok(role_page(shell, actor, &account, form, faults))).await,
    }
}

async fn propose_unlock(
    access: Access<ProposeAccount>,
    PathId(account): PathId,
    Form(form): Form<ReasonForm>,
) -> Result<Response> {
    let (mut access, account) = account_of(access, account).await?;
    let parsed = form.unlock(account.id);
    if let Ok(new) = &parsed
        && store::is_proposed(&mut access, new.id).await?
    {
        return access.redirect(&paths::proposal(new.id), None).await;
    }
    if account.status() != Status::Locked || account.proposal.is_some() {
        return Err(Error::Stale);
    }
    match parsed {
        Ok(new) => {
            store::propose(&mut access, &new).await?;
            access.redirect(&paths::proposal(new.id), Flash::AccountProposed).await
        }
        Err(faults) => {
            let id = account.id;
            let read = async |access: &mut Access<ReadAccounts>| Draft::read(access, id, form, faults).await;
            let (access, draft) = access.also(read).await?;
            let draft = draft.ok_or(Error::NotFound)?;
            access.again(|shell, receipt| draft.page(shell, receipt)).await
        }
    }
}
