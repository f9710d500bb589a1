//! The part *Utredning* of a case, and one investigation: its texts, areas of support, children, and what it lacks.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::children::{ChildView, RemovedView, unreported};
use super::completing::{Lack, lacks};
use super::form::TextForm;
use super::model::{Investigation, missing};
use super::support::AreaRow;
use super::{DISCONTINUED_REASON, EXTENSION_REASON, SupportVersion, acts, paths, store};
use crate::access::right::{AssessMotivation, Investigate, ReadInvestigations, ReadMotivation};
use crate::access::{CaseAccess, Part, case_path};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::motivation::model::Assessment as Motivation;
use crate::motivation::{paths as motivation_paths, store as motivations};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{HasChildren, InvestigationKind, InvestigationStatus};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Action, CaseBar, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/utredning", get(list).post(super::starting::create))
        .route("/arenden/{case}/utredning/{investigation}", get(show))
}

/// The colour of a status.
const fn tag(status: InvestigationStatus) -> &'static str {
    match status {
        InvestigationStatus::Ongoing | InvestigationStatus::Communicated => "line",
        InvestigationStatus::Completed | InvestigationStatus::Decided => "ok",
        InvestigationStatus::Discontinued => "",
    }
}

/// An investigation in the table.
struct Row {
    href: String,
    number: i32,
    kind: InvestigationKind,
    status: InvestigationStatus,
    tag: &'static str,
    started_on: Date,
    due_on: Date,
    is_late: bool,
}

impl Row {
    fn of(case: &str, one: &Investigation, today: Date) -> Self {
        Self {
            href: paths::show(case, one.id),
            number: one.number,
            kind: one.kind,
            status: one.status,
            tag: tag(one.status),
            started_on: one.started_on,
            due_on: one.due_on(),
            is_late: one.is_late(today),
        }
    }
}

#[derive(Template)]
#[template(path = "investigation/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    rows: Vec<Row>,
    unreported: Vec<String>,
    may_report: bool,
    has_children: HasChildren,
    seen: usize,
    /// The children as they were seen when the person moved.
    moved: Vec<ChildView>,
    removed: Vec<RemovedView>,
    motivation: Option<Motivation>,
    all_motivation: String,
    new: Option<String>,
    children: Option<String>,
    assess_motivation: Option<String>,
}

async fn list(mut case: CaseAccess<ReadInvestigations>) -> Result<Response> {
    let all = store::list(&mut case).await?;
    let children = store::children::list(&mut case).await?;
    let note = Note::of(Event::InvestigationsShown).with("count", all.len());
    case.shown(note.with("children", children.seen.len()));
    let (mut case, chain) = case.also::<ReadMotivation, _>(motivations::list).await?;
    let motivation = chain.unwrap_or_default().into_iter().next();
    if motivation.is_some() {
        case.shown(Note::of(Event::MotivationShown).with("count", 1));
    }
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let rows = all.iter().map(|one| Row::of(&reference, one, today)).collect();
    let investigates = case.may::<Investigate>();
    let new = (investigates && !all.iter().any(|one| one.status.is_open())).then(|| paths::new(&reference));
    let assess_motivation = case.may::<AssessMotivation>().then(|| motivation_paths::new(&reference));
    case.page(Part::Investigation, |shell, case, receipt| {
        let at_placements = children.seen.iter().filter(|child| child.at.is_some());
        let moved = at_placements.map(|child| {
            let view = ChildView::of(&reference, child, investigates, receipt)?;
            // What was seen then stands.
            Ok(ChildView { change: None, ..view })
        });
        let removed = children.removed.iter().filter(|one| one.investigation.is_none());
        Ok(ListPage {
            moved: moved.collect::<Result<_>>()?,
            removed: removed.map(|one| RemovedView::of(one, receipt)).collect::<Result<_>>()?,
            shell,
            case,
            rows,
            unreported: unreported(&reference, &children.seen),
            may_report: investigates,
            has_children: children.known,
            seen: all.first().map_or(0, |newest| children.of(newest.id).len()),
            motivation,
            all_motivation: motivation_paths::list(&reference),
            new,
            children: investigates.then(|| paths::children(&reference)),
            assess_motivation,
        })
    })
    .await
}

/// A version of the areas of support, to be chosen.
struct VersionLink {
    href: String,
    number: i32,
    saved_on: Date,
    saver: String,
    /// Where it is compared with the one before.
    compare: Option<String>,
}

#[derive(Template)]
#[template(path = "investigation/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    one: Investigation,
    tag: &'static str,
    is_late: bool,
    texts: TextForm,
    edited: Moment,
    extension_reason: Option<Personal>,
    discontinued_reason: Option<Personal>,
    start_decision: String,
    ruling: Option<String>,
    areas: Vec<AreaRow>,
    versions: Vec<VersionLink>,
    has_children: HasChildren,
    children: Vec<ChildView>,
    removed: Vec<RemovedView>,
    unreported: Vec<String>,
    may_report: bool,
    lacks: Vec<Lack>,
    /// Nothing where it may not be written on, or not any more.
    writing: Option<Writing>,
    actions: Vec<Action>,
}

/// Where an open investigation is written on.
struct Writing {
    texts: String,
    support: String,
    children: String,
    new_child: String,
    complete: String,
}

fn version_links(case: &str, one: &Investigation, versions: &[SupportVersion]) -> Vec<VersionLink> {
    let link = |version: &SupportVersion| VersionLink {
        href: format!("{}?version={}", paths::support(case, one.id), version.number),
        number: version.number,
        saved_on: version.saved_on,
        saver: version.saver.clone(),
        compare: (version.number > 1).then(|| paths::compare_support(case, one.id, version.number - 1, version.number)),
    };
    versions.iter().map(link).collect()
}

async fn show(mut case: CaseAccess<ReadInvestigations>, PathId(id): PathId) -> Result<Response> {
    let all = store::list(&mut case).await?;
    let one = all.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    let children = store::children::list(&mut case).await?;
    let versions = store::support::list(&mut case, id).await?;
    let seen = children.of(id);
    let note = Note::of(Event::InvestigationsShown).with("number", one.number);
    case.shown(note.with("children", seen.len()).with("versions", versions.len()));
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let investigates = case.may::<Investigate>();
    let is_open = one.status.is_open();
    let lacking = if is_open { missing(&one, versions.first(), children.known, &seen) } else { Vec::new() };
    case.page(Part::Investigation, |shell, case, receipt| {
        let extension_reason = one.extended.as_ref();
        let extension_reason =
            extension_reason.map(|(_, reason)| receipt.open(EXTENSION_REASON.at(id), reason)).transpose()?;
        let discontinued_reason = one.discontinued.as_ref();
        let discontinued_reason =
            discontinued_reason.map(|(_, reason)| receipt.open(DISCONTINUED_REASON.at(id), reason)).transpose()?;
        let decision = |decision: uuid::Uuid| case_path(&reference, &format!("/beslut/{decision}"));
        Ok(ShowPage {
            tag: tag(one.status),
            is_late: one.is_late(today),
            texts: TextForm::of(&one, receipt)?,
            edited: Moment(stockholm(one.edited_at)),
            extension_reason,
            discontinued_reason,
            start_decision: decision(one.start_decision.0),
            ruling: one.ruling.map(|(ruling, _)| decision(ruling)),
            areas: AreaRow::by_need(versions.first().map(SupportVersion::needs).unwrap_or_default()),
            versions: version_links(&reference, &one, &versions),
            has_children: children.known,
            children: seen
                .iter()
                .map(|child| ChildView::of(&reference, child, investigates && is_open, receipt))
                .collect::<Result<_>>()?,
            removed: {
                let here = children.removed.iter().filter(|one| one.investigation == Some(id));
                here.map(|one| RemovedView::of(one, receipt)).collect::<Result<_>>()?
            },
            unreported: unreported(&reference, &seen),
            may_report: investigates,
            lacks: lacks(&reference, &one, children.known, &lacking),
            writing: (investigates && is_open).then(|| Writing {
                texts: paths::write(&reference, id),
                support: paths::assess_support(&reference, id),
                children: paths::children(&reference),
                new_child: paths::new_child(&reference, id),
                complete: paths::complete(&reference, id),
            }),
            actions: if investigates { acts::actions(&reference, &one) } else { Vec::new() },
            shell,
            case,
            one,
        })
    })
    .await
}
