//! The quarter's confirmation: of each right somebody says that it is still needed, or ends it. What nobody confirms ends
//! by itself on its day.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use time::Date;

use super::model::{Account, Status, last_day};
use super::{paths, store};
use crate::access::right::{ConfirmRights, ReadAccounts};
use crate::access::{Access, Actor, policy};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{DisclosureRecipient, Role};
use crate::web::flash::Flash;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Crumb, Due};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/konton/bekrafta", get(list))
        .route("/konton/behorigheter/{grant}/bekraftelse", post(confirm))
        .route("/konton/behorigheter/{grant}/avslut", post(end))
}

#[derive(Template)]
#[template(path = "staffing/quarter.html")]
struct QuarterPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    rows: Vec<Row>,
}

pub(super) struct Row {
    account: String,
    name: String,
    title: String,
    role: Role,
    organisation: Option<DisclosureRecipient>,
    pub due: Due,
    granted_until: Date,
    /// None where only a new proposal makes it longer.
    pub confirm: Option<String>,
    end: String,
}

/// Rights that are the actor's to confirm, those that end first first.
pub(super) fn rows(accounts: Vec<Account>, actor: &Actor, today: Date) -> Vec<Row> {
    let mut rows: Vec<Row> = accounts
        .into_iter()
        .filter(|account| account.id != actor.account && account.status() != Status::Ended)
        .filter_map(|account| {
            let grant =
                account.grant.as_ref().filter(|grant| grant.holds && policy::may_confirm(actor.role, grant.role))?;
            Some(Row {
                account: paths::show(account.id),
                role: grant.role,
                due: Due::on(stockholm(grant.ends_at).date(), today),
                granted_until: last_day(grant.granted_until),
                confirm: grant.can_be_confirmed().then(|| paths::confirm(grant.id)),
                end: paths::end_grant(grant.id),
                organisation: account.organisation,
                name: account.name,
                title: account.title,
            })
        })
        .collect();
    rows.sort_by_key(|row| row.due.day);
    rows
}

async fn list(access: Access<ConfirmRights>) -> Result<Response> {
    let read = async |access: &mut Access<ReadAccounts>| store::accounts(access).await;
    let (mut access, accounts) = access.also(read).await?;
    let rows = rows(accounts.unwrap_or_default(), access.desk().actor(), access.desk().clock().today());
    access.shown(Note::of(Event::RightsListed).with("count", rows.len()));
    let crumbs = vec![Crumb::to(paths::LIST, "Konton"), Crumb::here("Bekräfta behörigheter")];
    access.page(|shell, _| Ok(QuarterPage { shell, crumbs, rows })).await
}

async fn confirm(mut access: Access<ConfirmRights>, PathId(grant): PathId) -> Result<Response> {
    if !store::confirm(&mut access, grant).await? {
        return Err(Error::Stale);
    }
    access.redirect(paths::QUARTER, Flash::RightConfirmed).await
}

async fn end(mut access: Access<ConfirmRights>, PathId(grant): PathId) -> Result<Response> {
    if !store::end_grant(&mut access, grant).await? {
        return Err(Error::Stale);
    }
    access.redirect(paths::QUARTER, Flash::RightEnded).await
}
