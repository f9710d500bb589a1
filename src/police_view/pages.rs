//! The list of what was released, one text, and the same text as a file where that is allowed.

use askama::Template;
use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::Response;
use axum::routing::get;
use time::Date;
use uuid::Uuid;

use super::paths;
use super::store::{self, Released};
use crate::access::Access;
use crate::access::right::ReadReleased;
use crate::audit::{Event, Note};
use crate::calendar::{moment, stockholm_date};
use crate::disclosure::{CONTENT, model::header};
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{DisclosureItemKind, DisclosureRecipient};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/polis", get(list))
        .route("/polis/{released}", get(show))
        .route("/polis/{released}/fil", get(file))
}

struct Row {
    href: String,
    kind: DisclosureItemKind,
    case_reference: String,
    released_on: Date,
    expires_on: Date,
    is_read: bool,
}

#[derive(Template)]
#[template(path = "police_view/list.html")]
struct ListPage {
    shell: Shell,
    organisation: Option<DisclosureRecipient>,
    rows: Vec<Row>,
    mark: String,
}

/// Who reads, and when: it stands on the screen and on paper.
fn mark(access: &Access<ReadReleased>) -> String {
    let desk = access.desk();
    format!("Läst av {} {}", desk.actor().name, moment(desk.clock().now()))
}

async fn list(mut access: Access<ReadReleased>) -> Result<Response> {
    let (organisation, all) = (store::organisation(&mut access).await?, store::list(&mut access).await?);
    let mut cases: Vec<_> = all.iter().map(|one| one.case).collect();
    cases.dedup();
    access.shown(Note { cases, ..Note::of(Event::ReleasedListed) }.with("count", all.len()));
    let mark = mark(&access);
    let rows = all.into_iter().map(|one| Row {
        href: paths::show(one.id),
        kind: one.kind,
        case_reference: one.case_reference,
        released_on: stockholm_date(one.handed_over_at),
        expires_on: one.expires_on,
        is_read: one.is_read,
    });
    let rows = rows.collect();
    access.page(|shell, _| Ok(ListPage { shell, organisation, rows, mark })).await
}

#[derive(Template)]
#[template(path = "police_view/show.html")]
struct ShowPage {
    shell: Shell,
    one: Released,
    header: String,
    content: Personal,
    mark: String,
    file: Option<String>,
}

/// Opens a text. A try at what is not released to them, or not any more, is written down too.
async fn open(mut access: Access<ReadReleased>, id: Uuid, as_file: bool) -> Result<(Access<ReadReleased>, Released)> {
    match store::open(&mut access, id, as_file).await {
        Err(Error::NotFound) => {
            access.shown(Note::of(Event::ReleasedRefused).with("tried", id.to_string()));
            access.done().await?;
            Err(Error::NotFound)
        }
        opened => Ok((access, opened?)),
    }
}

async fn show(access: Access<ReadReleased>, PathId(id): PathId) -> Result<Response> {
    let (access, one) = open(access, id, false).await?;
    let mark = mark(&access);
    access
        .page(|shell, receipt| {
            Ok(ShowPage {
                header: header(one.handed_over_at, &one.title, one.ground),
                content: receipt.open(CONTENT.at(id), &one.content)?,
                file: one.allow_download.then(|| paths::file(id)),
                shell,
                one,
                mark,
            })
        })
        .await
}

/// A page by itself, for the recipient's own file.
#[derive(Template)]
#[template(path = "police_view/file.html")]
struct FilePage {
    municipality: String,
    one: Released,
    header: String,
    content: Personal,
    mark: String,
}

async fn file(access: Access<ReadReleased>, PathId(id): PathId) -> Result<Response> {
    let (access, one) = open(access, id, true).await?;
    let mark = mark(&access);
    let page = access.page(|shell, receipt| {
        Ok(FilePage {
            municipality: shell.municipality,
            header: header(one.handed_over_at, &one.title, one.ground),
            content: receipt.open(CONTENT.at(id), &one.content)?,
            one,
            mark,
        })
    });
    let mut page = page.await?;
    // The name says nothing about anybody.
    let name = HeaderValue::from_static("attachment; filename=\"utlamnad-uppgift.html\"");
    page.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(page)
}
