//! The areas of support: a version, the next one, and two versions side by side. A version that is saved stands; whoever
//! wrote from one that is no longer the newest is shown what has come in between.

mod form;

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;

use self::form::{FIELDS, LONGEST_PROPOSAL, LONGEST_TEXT, LONGEST_VIEW, Names, SupportForm};
use super::areas::{UNTOUCHED, change};
use super::model::Investigation;
use super::{ASSESSMENT, AreaAssessment, AreaTexts, FACTS, PERSON_VIEW, PROPOSED, SupportVersion, paths, store};
use crate::access::right::{Investigate, ReadInvestigations};
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::crypto::{Column, Sealed};
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{SupportArea, SupportNeed};
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/utredning/{investigation}/stodbedomning", get(show).post(create))
        .route("/arenden/{case}/utredning/{investigation}/stodbedomning/ny", get(new))
        .route("/arenden/{case}/utredning/{investigation}/stodbedomning/jamfor", get(compare))
}

/// The first field of an area, to which a link can lead.
pub(super) fn field_of(area: SupportArea) -> &'static str {
    FIELDS.iter().find(|names| names.area == area).map_or("", |names| names.need)
}

/// An area with its need, for lists.
pub struct AreaRow {
    pub area: SupportArea,
    pub need: SupportNeed,
    pub step: i8,
}

impl AreaRow {
    /// The greatest need first, and the areas' own order where the need is the same.
    pub fn by_need(mut needs: Vec<(SupportArea, SupportNeed)>) -> Vec<Self> {
        needs.sort_by_key(|(_, need)| std::cmp::Reverse(need.step()));
        needs.into_iter().map(|(area, need)| Self { area, need, step: need.step() }).collect()
    }
}

/// The texts of an area, as they are shown.
fn opened(area: &AreaAssessment<Sealed>, receipt: &Receipt) -> Result<AreaTexts<Personal>> {
    let open = |column: Column, sealed: &Option<Sealed>| {
        sealed.as_ref().map(|sealed| receipt.open(column.at(area.id), sealed)).transpose()
    };
    Ok(AreaTexts {
        facts: open(FACTS, &area.texts.facts)?,
        person_view: receipt.open(PERSON_VIEW.at(area.id), &area.texts.person_view)?,
        assessment: open(ASSESSMENT, &area.texts.assessment)?,
        proposed: open(PROPOSED, &area.texts.proposed)?,
    })
}

/// An area in a version, with its texts.
struct AreaView {
    area: SupportArea,
    need: SupportNeed,
    step: i8,
    texts: AreaTexts<Personal>,
}

impl AreaView {
    fn of(area: &AreaAssessment<Sealed>, receipt: &Receipt) -> Result<Self> {
        Ok(Self { area: area.area, need: area.need, step: area.need.step(), texts: opened(area, receipt)? })
    }

    fn said(&self) -> (SupportNeed, &AreaTexts<Personal>) {
        (self.need, &self.texts)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ShowQuery {
    version: String,
}

#[derive(Template)]
#[template(path = "investigation/support_show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    one: Investigation,
    /// None before anything is assessed.
    version: Option<SupportVersion>,
    areas: Vec<AreaView>,
    compare: Option<String>,
    new: Option<String>,
    back: String,
}

async fn read(
    case: CaseAccess<ReadInvestigations>,
    id: Uuid,
) -> Result<(CaseAccess<ReadInvestigations>, Investigation, Vec<SupportVersion>)> {
    let (mut case, one) = store::get(case, id).await?;
    let versions = store::support::list(&mut case, id).await?;
    let note = Note::of(Event::InvestigationsShown).with("number", one.number);
    case.shown(note.with("versions", versions.len()));
    Ok((case, one, versions))
}

async fn show(
    case: CaseAccess<ReadInvestigations>,
    PathId(id): PathId,
    Query(query): Query<ShowQuery>,
) -> Result<Response> {
    let (case, one, versions) = read(case, id).await?;
    let wanted = query.version.trim().parse().ok();
    let version = match wanted {
        Some(number) => Some(numbered(&versions, number)?.clone()),
        None => versions.first().cloned(),
    };
    let new =
        (case.may::<Investigate>() && one.status.is_open()).then(|| paths::assess_support(&case.head().reference, id));
    case.page(Part::Investigation, |shell, case, receipt| {
        let areas = version.iter().flat_map(|version| &version.areas);
        let before = version.as_ref().map(|version| version.number).filter(|number| *number > 1);
        Ok(ShowPage {
            areas: areas.map(|area| AreaView::of(area, receipt)).collect::<Result<_>>()?,
            compare: before.map(|number| paths::compare_support(&case.reference, id, number - 1, number)),
            back: paths::show(&case.reference, id),
            shell,
            case,
            one,
            version,
            new,
        })
    })
    .await
}

fn numbered(versions: &[SupportVersion], number: i32) -> Result<&SupportVersion> {
    versions.iter().find(|version| version.number == number).ok_or(Error::NotFound)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CompareQuery {
    fran: String,
    till: String,
}

/// An area in both versions.
struct Compared {
    area: SupportArea,
    before: Option<AreaView>,
    after: Option<AreaView>,
    change: &'static str,
}

impl Compared {
    fn of(area: SupportArea, [before, after]: [&SupportVersion; 2], receipt: &Receipt) -> Result<Self> {
        let view = |version: &SupportVersion| version.of(area).map(|area| AreaView::of(area, receipt)).transpose();
        let (before, after) = (view(before)?, view(after)?);
        let change = change(before.as_ref().map(AreaView::said), after.as_ref().map(AreaView::said));
        Ok(Self { area, before, after, change })
    }

    fn has_changed(&self) -> bool {
        self.change != UNTOUCHED
    }
}

#[derive(Template)]
#[template(path = "investigation/support_compare.html")]
struct ComparePage {
    shell: Shell,
    case: CaseBar,
    one: Investigation,
    /// The older and the newer; none where there are not two.
    pair: Option<[SupportVersion; 2]>,
    rows: Vec<Compared>,
    changed: usize,
    faults: Faults,
    earlier: Vec<Choice>,
    later: Vec<Choice>,
    action: String,
    back: String,
}

async fn compare(
    case: CaseAccess<ReadInvestigations>,
    PathId(id): PathId,
    Query(query): Query<CompareQuery>,
) -> Result<Response> {
    let (case, one, versions) = read(case, id).await?;
    let newest = versions.first().map_or(0, |version| version.number);
    let number =
        |typed: &str, usual: i32| if typed.trim().is_empty() { Some(usual) } else { typed.trim().parse().ok() };
    let till = number(&query.till, newest).ok_or(Error::NotFound)?;
    let fran = number(&query.fran, till - 1).ok_or(Error::NotFound)?;
    let pair = if versions.len() < 2 {
        None
    } else {
        Some([numbered(&versions, fran)?.clone(), numbered(&versions, till)?.clone()])
    };
    case.page(Part::Investigation, |shell, case, receipt| {
        let mut rows = Vec::new();
        if let Some([before, after]) = &pair {
            for area in SupportArea::ALL {
                let row = Compared::of(*area, [before, after], receipt)?;
                if row.before.is_some() || row.after.is_some() {
                    rows.push(row);
                }
            }
        }
        let named = || {
            let line =
                |one: &SupportVersion| (one.number.to_string(), format!("Version {}, {}", one.number, one.saved_on));
            versions.iter().map(line).collect::<Vec<_>>()
        };
        Ok(ComparePage {
            changed: rows.iter().filter(|row| row.has_changed()).count(),
            faults: Faults::none(),
            earlier: Choice::one("fran", named(), &fran.to_string()),
            later: Choice::one("till", named(), &till.to_string()),
            action: paths::support(&case.reference, id) + "/jamfor",
            back: paths::show(&case.reference, id),
            shell,
            case,
            one,
            pair,
            rows,
        })
    })
    .await
}

/// An area of the form.
struct AreaFields {
    names: Names,
    needs: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "investigation/support_form.html")]
struct FormPage {
    shell: Shell,
    case: CaseBar,
    number: i32,
    form: SupportForm,
    faults: Faults,
    areas: Vec<AreaFields>,
    /// What somebody else has saved since: who, and the areas that are not as they are typed here.
    other: Option<(i32, String, Vec<AreaView>)>,
    max_text: usize,
    max_view: usize,
    max_proposal: usize,
    action: String,
    back: String,
}

impl FormPage {
    fn of(shell: Shell, case: CaseBar, one: &Investigation, (form, faults): (SupportForm, Faults)) -> Self {
        let needs = |names: &Names| {
            let all = SupportNeed::ALL.iter().map(|need| (need.code(), need.label()));
            Choice::one(names.need, all, form.of(names.need))
        };
        Self {
            number: one.number,
            areas: FIELDS.iter().map(|names| AreaFields { names: *names, needs: needs(names) }).collect(),
            other: None,
            max_text: LONGEST_TEXT,
            max_view: LONGEST_VIEW,
            max_proposal: LONGEST_PROPOSAL,
            action: paths::support(&case.reference, one.id),
            back: paths::show(&case.reference, one.id),
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn read_to_write(
    case: CaseAccess<Investigate>,
    id: Uuid,
) -> Result<(CaseAccess<Investigate>, Investigation, Vec<SupportVersion>)> {
    let (case, one) = store::get(case, id).await?;
    let (mut case, versions) = store::support::read(case, id).await?;
    let note = Note::of(Event::InvestigationsShown).with("number", one.number);
    case.shown(note.with("versions", versions.len()));
    Ok((case, one, versions))
}

async fn new(case: CaseAccess<Investigate>, PathId(id): PathId) -> Result<Response> {
    let (case, one, versions) = read_to_write(case, id).await?;
    if !one.status.is_open() {
        let to = paths::support(&case.head().reference, id);
        return case.redirect(&to, None).await;
    }
    case.page(Part::Investigation, |shell, case, receipt| {
        let form = SupportForm::after(versions.first(), receipt)?;
        Ok(FormPage::of(shell, case, &one, (form, Faults::none())))
    })
    .await
}

async fn create(
    case: CaseAccess<Investigate>,
    PathId(id): PathId,
    Form(typed): Form<HashMap<String, String>>,
) -> Result<Response> {
    let (mut case, one, versions) = read_to_write(case, id).await?;
    let (form, to) = (SupportForm::sent(typed), paths::show(&case.head().reference, id));
    // The same form, sent twice.
    if versions.iter().any(|version| Some(version.id) == form.id()) {
        return case.redirect(&to, None).await;
    }
    if !one.status.is_open() {
        return Err(Error::Stale);
    }
    let newest = versions.first();
    if let Some(newest) = newest.filter(|newest| newest.number != form.after_version()) {
        return case
            .conflict(Part::Investigation, |shell, case, receipt| {
                let areas = newest.areas.iter().map(|area| AreaView::of(area, receipt));
                let mut areas = areas.collect::<Result<Vec<_>>>()?;
                areas.retain(|area| form.differs(area.area, area.need, &area.texts));
                let other = Some((newest.number, newest.saver.clone(), areas));
                let form = form.knowing(newest.number);
                Ok(FormPage { other, ..FormPage::of(shell, case, &one, (form, Faults::none())) })
            })
            .await;
    }
    match form.parse() {
        Ok(areas) => {
            let after = newest.map_or(0, |newest| newest.number);
            let version = form.id().unwrap_or_else(Uuid::now_v7);
            let today = case.desk().clock().today();
            store::support::save(&mut case, id, version, (after, today), &areas).await?;
            case.redirect(&to, Flash::SupportSaved).await
        }
        Err(faults) => {
            case.again(Part::Investigation, |shell, case, _| Ok(FormPage::of(shell, case, &one, (form, faults)))).await
        }
    }
}
