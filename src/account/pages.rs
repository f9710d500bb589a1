//! `/konto`: one's own settings and sessions.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::paths;
use super::store::{self, OwnRole, Session};
use crate::access::Access;
use crate::access::right::{KeepDrafts, OwnSettings};
use crate::calendar;
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::Theme;
use crate::web::flash::Flash;
use crate::web::form::{Faults, checkbox, code};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Choice, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/konto", get(show).post(change))
        .route("/konto/inloggningar/avslut", post(end_others))
        .route("/konto/inloggningar/{session}/avslut", post(end))
}

#[derive(Template)]
#[template(path = "account/show.html")]
struct ShowPage {
    shell: Shell,
    faults: Faults,
    themes: Vec<Choice>,
    shortcuts: Vec<Choice>,
    rows: Vec<Row>,
    keeps_drafts: bool,
    /// Until when one's own role holds; nothing for those from outside.
    role: Option<OwnRole>,
    /// How many keys open the account.
    keys: u32,
    knows_keys: bool,
}

struct Row {
    device: String,
    started_at: Moment,
    seen_at: Moment,
    /// Where it is ended; the one that asks is ended by signing out.
    end: Option<String>,
}

impl Row {
    fn of(session: Session) -> Self {
        let moment = |at| Moment(calendar::stockholm(at));
        Self {
            started_at: moment(session.started_at),
            seen_at: moment(session.seen_at),
            end: (!session.is_this).then(|| paths::end(session.id)),
            device: session.device,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SettingsForm {
    theme: String,
    shortcuts: String,
}

/// What the page says besides the sessions.
struct Facts {
    keeps_drafts: bool,
    /// Until when one's own role holds; nothing for those from outside.
    role: Option<OwnRole>,
    /// How many keys open the account.
    keys: u32,
    knows_keys: bool,
}

impl Facts {
    async fn read(access: Access<OwnSettings>) -> Result<(Access<OwnSettings>, Self)> {
        let (access, role) = access.also(store::own_role).await?;
        let desk = access.desk();
        let (keys, knows_keys) = (desk.actor().keys, desk.knows_keys());
        let keeps_drafts = access.may::<KeepDrafts>();
        Ok((access, Self { keeps_drafts, role: role.flatten(), keys, knows_keys }))
    }
}

fn page(shell: Shell, facts: Facts, sessions: Vec<Session>, form: &SettingsForm, faults: Faults) -> ShowPage {
    let themes = Theme::ALL.iter().map(|theme| (theme.code(), theme.label()));
    ShowPage {
        keeps_drafts: facts.keeps_drafts,
        role: facts.role,
        keys: facts.keys,
        knows_keys: facts.knows_keys,
        shell,
        themes: Choice::one("theme", themes, &form.theme),
        shortcuts: Choice::yes("shortcuts", "Använd kortkommandon med en tangent", checkbox(&form.shortcuts)),
        rows: sessions.into_iter().map(Row::of).collect(),
        faults,
    }
}

async fn show(mut access: Access<OwnSettings>) -> Result<Response> {
    let sessions = store::sessions(&mut access).await?;
    let actor = access.desk().actor();
    let form = SettingsForm {
        theme: actor.theme.code().to_owned(),
        shortcuts: if actor.shortcuts { "ja".to_owned() } else { String::new() },
    };
    let (access, facts) = Facts::read(access).await?;
    access.page(|shell, _| Ok(page(shell, facts, sessions, &form, Faults::none()))).await
}

async fn change(mut access: Access<OwnSettings>, Form(form): Form<SettingsForm>) -> Result<Response> {
    let Some(theme) = code(&form.theme, Theme::parse) else {
        let sessions = store::sessions(&mut access).await?;
        let faults = Faults::from(("theme", "Välj hur sidorna ska se ut"));
        let (access, facts) = Facts::read(access).await?;
        return access.again(|shell, _| Ok(page(shell, facts, sessions, &form, faults))).await;
    };
    store::change(&mut access, theme, checkbox(&form.shortcuts)).await?;
    access.redirect(paths::SETTINGS, Flash::Saved).await
}

async fn end(mut access: Access<OwnSettings>, PathId(session): PathId) -> Result<Response> {
    store::end(&mut access, session).await?;
    access.redirect(paths::SETTINGS, Flash::SessionEnded).await
}

async fn end_others(mut access: Access<OwnSettings>) -> Result<Response> {
    store::end_others(&mut access).await?;
    access.redirect(paths::SETTINGS, Flash::OthersEnded).await
}
