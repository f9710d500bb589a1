//! The glasses that were broken, and their review by somebody else.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};

use super::form::ReviewForm;
use super::model::Glass;
use super::{REVIEW_WORDS, WORDS, paths, store};
use crate::access::right::{BreakGlass, CountGlasses, ReadGlasses, ReviewGlass};
use crate::access::{Access, Receipt};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::reading_log::model::{Look, Visit, visits};
use crate::reading_log::store::through_glass;
use crate::state::AppState;
use crate::vocabulary::{BreakGlassReason, BreakGlassResult};
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Choice, Crumb, Due, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/nodoppningar", get(list))
        .route("/nodoppningar/{glass}", get(show))
        .route("/nodoppningar/{glass}/granskning", post(review))
}

#[derive(Template)]
#[template(path = "break_glass/list.html")]
struct ListPage {
    shell: Shell,
    may_break: bool,
    may_count: bool,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    reference: String,
    name: String,
    reason: BreakGlassReason,
    opened_at: Moment,
    due: Due,
    result: Option<BreakGlassResult>,
}

async fn list(mut access: Access<ReadGlasses>) -> Result<Response> {
    let today = access.desk().clock().today();
    let rows = store::list(&mut access).await?.into_iter().map(|glass| Row {
        href: paths::show(glass.id),
        opened_at: Moment(stockholm(glass.opened_at)),
        due: Due::on(glass.review_due_on, today),
        result: glass.review.map(|review| review.result),
        reference: glass.reference,
        name: glass.name,
        reason: glass.reason,
    });
    let rows = rows.collect();
    let (may_break, may_count) = (access.may::<BreakGlass>(), access.may::<CountGlasses>());
    access.page(|shell, _| Ok(ListPage { shell, may_break, may_count, rows })).await
}

#[derive(Template)]
#[template(path = "break_glass/show.html")]
struct ShowPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    reference: String,
    name: String,
    reason: BreakGlassReason,
    words: Personal,
    opened_at: Moment,
    expires_at: Moment,
    due: Due,
    review: Option<Reviewed>,
    /// What was read, for those who review it.
    read: Option<Vec<Visit>>,
    /// Where it is reviewed, by somebody else.
    action: Option<String>,
    results: Vec<Choice>,
    form: ReviewForm,
    faults: Faults,
}

struct Reviewed {
    name: String,
    at: Moment,
    result: BreakGlassResult,
    words: Personal,
}

/// The page before its words are opened.
struct Draft {
    glass: Glass,
    due: Due,
    looks: Option<Vec<Look>>,
    may_review: bool,
    form: ReviewForm,
    faults: Faults,
}

impl Draft {
    async fn read(access: Access<ReadGlasses>, glass: Glass) -> Result<(Access<ReadGlasses>, Self)> {
        let (account, today) = (access.desk().actor().account, access.desk().clock().today());
        let is_own = glass.account == account;
        let (access, looks) = if is_own {
            (access, None)
        } else {
            access.also(async |access: &mut Access<ReviewGlass>| through_glass(access, glass.id).await).await?
        };
        let (form, faults) = (ReviewForm::default(), Faults::none());
        let (due, may_review) = (Due::on(glass.review_due_on, today), looks.is_some() && glass.review.is_none());
        Ok((access, Self { glass, due, looks, may_review, form, faults }))
    }

    fn page(self, shell: Shell, receipt: &Receipt) -> Result<ShowPage> {
        let Self { glass, due, looks, may_review, form, faults } = self;
        let moment = |at| Moment(stockholm(at));
        let results = BreakGlassResult::ALL.iter().map(|result| (result.code(), result.label()));
        Ok(ShowPage {
            shell,
            crumbs: vec![Crumb::to(paths::LIST, "Nödöppningar"), Crumb::here(glass.reference.clone())],
            words: receipt.open(WORDS.at(glass.id), &glass.words)?,
            review: match &glass.review {
                Some(review) => Some(Reviewed {
                    name: review.name.clone(),
                    at: moment(review.at),
                    result: review.result,
                    words: receipt.open(REVIEW_WORDS.at(glass.id), &review.words)?,
                }),
                None => None,
            },
            reference: glass.reference,
            name: glass.name,
            reason: glass.reason,
            opened_at: moment(glass.opened_at),
            expires_at: moment(glass.expires_at),
            due,
            read: looks.map(visits),
            action: may_review.then(|| paths::review(glass.id)),
            results: Choice::one("result", results, &form.result),
            form,
            faults,
        })
    }
}

async fn show(mut access: Access<ReadGlasses>, PathId(id): PathId) -> Result<Response> {
    let glass = store::get(&mut access, id).await?;
    let (access, draft) = Draft::read(access, glass).await?;
    access.page(|shell, receipt| draft.page(shell, receipt)).await
}

async fn review(access: Access<ReviewGlass>, PathId(id): PathId, Form(form): Form<ReviewForm>) -> Result<Response> {
    let (access, glass) = access.also(async |access: &mut Access<ReadGlasses>| store::get(access, id).await).await?;
    let glass = glass.ok_or(Error::NotFound)?;
    let account = access.desk().actor().account;
    if glass.account == account {
        return Err(Error::Forbidden);
    }
    let to = paths::show(id);
    if let Some(review) = &glass.review {
        return if review.by == account { access.redirect(&to, None).await } else { Err(Error::Stale) };
    }
    match form.parse() {
        Ok(new) => {
            let mut access = access;
            if !store::review(&mut access, &glass, &new).await? {
                return Err(Error::Stale);
            }
            access.redirect(&to, Flash::GlassReviewed).await
        }
        Err(faults) => {
            let mut access = access;
            let looks = Some(through_glass(&mut access, id).await?);
            let due = Due::on(glass.review_due_on, access.desk().clock().today());
            let draft = Draft { glass, due, looks, may_review: true, form, faults };
            access.again(|shell, receipt| draft.page(shell, receipt)).await
        }
    }
}
