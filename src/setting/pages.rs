//! The settings, and one of them with its history and the form that decides another value.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path};
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::form::SettingForm;
use super::model::{self, Version, coming, counted, in_force, rule};
use super::{paths, store};
use crate::access::Access;
use crate::access::right::{ChangeSettings, ReadSettings};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::SettingKey;
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::shell::Shell;
use crate::web::view::{Crumb, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/installningar", get(list)).route("/installningar/{setting}", get(show).post(decide))
}

/// What holds, since when and by whose word.
struct Now {
    value: String,
    /// Nothing for what was delivered, or stands in the law.
    since: Option<Date>,
    by: String,
}

impl Now {
    fn of(key: SettingKey, version: &Version) -> Self {
        Self {
            value: counted(key, version.value),
            since: version.decider.is_some().then_some(version.valid_from),
            by: decided_by(version),
        }
    }
}

/// Who has said it: a colleague, the law, or nobody yet.
fn decided_by(version: &Version) -> String {
    version.decider.clone().unwrap_or_else(|| version.reason.clone())
}

struct Row {
    href: String,
    key: SettingKey,
    meaning: &'static str,
    now: Now,
    coming: Option<(String, Date)>,
}

#[derive(Template)]
#[template(path = "setting/list.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Row>,
    statutory: Vec<Row>,
}

async fn list(mut access: Access<ReadSettings>) -> Result<Response> {
    let (versions, today) = (store::list(&mut access).await?, access.desk().clock().today());
    access.shown(Note::of(Event::SettingsShown).with("count", SettingKey::ALL.len()));
    let rows = SettingKey::ALL.iter().filter_map(|key| {
        Some(Row {
            href: paths::show(*key),
            key: *key,
            meaning: model::meaning(*key),
            now: Now::of(*key, in_force(&versions, *key, today)?),
            coming: coming(&versions, *key, today).map(|one| (counted(*key, one.value), one.valid_from)),
        })
    });
    let (statutory, rows) = rows.partition(|row| rule(row.key).statutory);
    access.page(|shell, _| Ok(ListPage { shell, rows, statutory })).await
}

/// A choice in the history.
struct Line {
    value: String,
    valid_from: Option<Date>,
    standing: &'static str,
    tag: &'static str,
    by: String,
    decided: Option<Moment>,
    reason: String,
}

/// What the form is shown with; nothing for those who may not decide.
type Filled = Option<(SettingForm, Faults)>;

#[derive(Template)]
#[template(path = "setting/show.html")]
struct ShowPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    key: SettingKey,
    meaning: &'static str,
    unit: &'static str,
    now: Now,
    range: Option<(i32, i32)>,
    lines: Vec<Line>,
    form: Option<SettingForm>,
    faults: Faults,
}

impl ShowPage {
    fn of(shell: Shell, key: SettingKey, versions: &[Version], filled: Filled, today: Date) -> Result<Self> {
        let held = in_force(versions, key, today).ok_or_else(|| Error::internal("a setting without a value"))?;
        let standing = |one: &Version| {
            if one.id == held.id {
                ("Gäller", "ok")
            } else if one.valid_from > today {
                ("Kommande", "line")
            } else {
                ("Har gällt", "")
            }
        };
        let lines = versions.iter().filter(|one| one.key == key).map(|one| Line {
            value: counted(key, one.value),
            valid_from: one.decider.is_some().then_some(one.valid_from),
            standing: standing(one).0,
            tag: standing(one).1,
            by: one.decider.clone().unwrap_or_default(),
            decided: one.decider.is_some().then(|| Moment(stockholm(one.decided_at))),
            reason: one.reason.clone(),
        });
        let rule = rule(key);
        let (form, faults) = filled.map_or((None, Faults::none()), |(form, faults)| (Some(form), faults));
        Ok(Self {
            shell,
            crumbs: vec![Crumb::to(paths::LIST, "Inställningar"), Crumb::here(key.label())],
            key,
            meaning: model::meaning(key),
            unit: rule.unit.label(),
            now: Now::of(key, held),
            range: (!rule.statutory).then_some((rule.least, rule.most)),
            lines: lines.collect(),
            form,
            faults,
        })
    }
}

fn named(slug: &str) -> Result<SettingKey> {
    model::of_slug(slug).ok_or(Error::NotFound)
}

fn noted(key: SettingKey) -> Note {
    Note::of(Event::SettingsShown).with("setting", key.code())
}

async fn show(mut access: Access<ReadSettings>, Path(slug): Path<String>) -> Result<Response> {
    let key = named(&slug)?;
    let (versions, today) = (store::list(&mut access).await?, access.desk().clock().today());
    access.shown(noted(key));
    let may = access.may::<ChangeSettings>() && !rule(key).statutory;
    let filled = may.then(|| (SettingForm::fresh(), Faults::none()));
    access.page(|shell, _| ShowPage::of(shell, key, &versions, filled, today)).await
}

/// What was decided before, for whoever decides anew.
async fn read(access: Access<ChangeSettings>, key: SettingKey) -> Result<(Access<ChangeSettings>, Vec<Version>)> {
    let (access, versions) = access
        .also(async |access: &mut Access<ReadSettings>| {
            access.shown(noted(key));
            store::list(access).await
        })
        .await?;
    versions.map(|versions| (access, versions)).ok_or(Error::Forbidden)
}

async fn decide(
    access: Access<ChangeSettings>,
    Path(slug): Path<String>,
    Form(form): Form<SettingForm>,
) -> Result<Response> {
    let key = named(&slug)?;
    let (mut access, versions) = read(access, key).await?;
    if rule(key).statutory {
        return Err(Error::Forbidden);
    }
    let (to, today) = (paths::show(key), access.desk().clock().today());
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut access, id).await?
    {
        return access.redirect(&to, None).await;
    }
    match form.parse(key, &versions, today) {
        Ok(new) => {
            store::decide(&mut access, &new).await?;
            access.redirect(&to, Flash::SettingDecided).await
        }
        Err(faults) => access.again(|shell, _| ShowPage::of(shell, key, &versions, Some((form, faults)), today)).await,
    }
}
