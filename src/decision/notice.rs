//! The notice of a decision (33 § FL), made for paper: what was decided, and how it is appealed. Names of colleagues are
//! left out where they could be threatened, also the name of whoever prints it.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::model::Decision;
use super::wording::{Edition, NAMES_STAFF, Reading, Shown, lines, shown};
use super::{paths, store};
use crate::access::right::{ReadDecisions, ReadPerson};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::person::marking;
use crate::person::marking::model::{how_to_send, mail_route};
use crate::person::store::identities;
use crate::personal::Personal;
use crate::state::AppState;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/beslut/{decision}/underrattelse", get(show))
}

#[derive(Template)]
#[template(path = "decision/notice.html")]
struct NoticePage {
    shell: Shell,
    reference: String,
    one: Decision,
    made_on: Date,
    /// Given and family name, for those who may see them.
    party: Option<(Personal, Personal)>,
    text: Vec<Shown>,
    was_corrected: bool,
    conceals: bool,
    /// How it may be sent, where the person is marked as protected. For whoever prints it, and not on the paper.
    sending: Option<&'static str>,
    /// The court that tries it, where it can be appealed.
    court: Option<&'static str>,
    back: String,
}

async fn show(case: CaseAccess<ReadDecisions>, PathId(id): PathId) -> Result<Response> {
    let (mut case, person) = case
        .also::<ReadPerson, _>(async |case: &mut CaseAccess<ReadPerson>| {
            Ok((identities(case).await?, marking::store::list(case).await?))
        })
        .await?;
    let (identity, markings) = person.unzip();
    let sending = mail_route(&markings.unwrap_or_default(), case.desk().clock().today()).map(how_to_send);
    let decisions = store::list(&mut case).await?;
    let one = decisions.iter().find(|one| one.id == id).cloned().ok_or(Error::NotFound)?;
    let reference = case.head().reference.clone();
    let Some(made_on) = one.made_on() else {
        return case.redirect(&paths::show(&reference, id), None).await;
    };
    let corrections = store::corrections(&mut case, id).await?;
    case.shown(Note::of(Event::DecisionNoticeShown).with("number", one.number));
    let latest = identity.and_then(|identities| identities.into_iter().next());
    if latest.is_some() {
        case.shown(Note::of(Event::PersonShown).with("why", "notice"));
    }
    case.page(Part::Decisions, |shell, _, receipt| {
        let edition = corrections.first().map_or(Edition::Original, Edition::Of);
        let mut text = shown(&lines(&Reading::of(&reference, &one, &decisions), &edition), receipt)?;
        if one.conceal_staff_names {
            text.retain(|line| !NAMES_STAFF.contains(&line.heading));
        }
        Ok(NoticePage {
            shell,
            made_on,
            party: latest.as_ref().map(|identity| identity.names(receipt)).transpose()?,
            text,
            was_corrected: !corrections.is_empty(),
            conceals: one.conceal_staff_names,
            sending,
            court: one.matter.kind.court(),
            back: paths::show(&reference, id),
            one,
            reference: reference.clone(),
        })
    })
    .await
}
