//! What a page shows of a draft: the fields that tie the open form to it, the notice above the form, and both texts
//! where two have written.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use http_body_util::BodyExt;
use uuid::Uuid;

use super::fields::{Difference, KeptForm, Values, differences, filled, is_outdated};
use super::form::{ADDRESS, DRAFT, PAGE, TAB, VERSION, given_back};
use super::model::{Draft, Hold};
use crate::access::Receipt;
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::web::view::Moment;

/// Stands within the form, before its own fields.
#[derive(Template)]
#[template(path = "draft/begun.html")]
struct Begun<'p> {
    fields: [(&'static str, String); 5],
    given: Option<&'p Given>,
}

/// A draft that is given back.
struct Given {
    id: Uuid,
    saved_at: Moment,
    /// Where the page has been changed since, it has both texts.
    outdated: Option<Vec<Difference>>,
    /// What there is no field for.
    left: Vec<String>,
    /// From other windows.
    others: Vec<Other>,
}

struct Other {
    id: Uuid,
    saved_at: Moment,
    differences: Vec<Difference>,
}

/// Stands behind the form: a form cannot stand within another.
#[derive(Template)]
#[template(path = "draft/discard.html")]
struct Discard<'p> {
    drafts: Vec<Uuid>,
    page: &'p str,
}

/// A form of a page, and what goes into it.
pub(super) struct Filling<'d> {
    pub form: KeptForm,
    pub hold: Hold,
    /// The newest first.
    pub drafts: Vec<&'d Draft>,
}

/// An answer that is read to its end.
pub(super) struct Read {
    head: axum::http::response::Parts,
    pub page: String,
}

impl Read {
    /// Nothing where it is no page with forms that are kept; it is then as it was.
    pub(super) async fn answer(answer: Response) -> std::result::Result<Self, Response> {
        let (mut head, body) = answer.into_parts();
        let is_page =
            head.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if !is_page {
            return Err(Response::from_parts(head, body));
        }
        let Ok(body) = body.collect().await else { return Err(Error::internal("a page broke off").into_response()) };
        let page = String::from_utf8_lossy(&body.to_bytes()).into_owned();
        head.headers.remove(header::CONTENT_LENGTH);
        Ok(Self { head, page })
    }

    pub(super) fn status(&self) -> StatusCode {
        self.head.status
    }

    pub(super) fn is_ours(&self) -> bool {
        self.page.contains("data-draft")
    }

    pub(super) fn into_response(self, page: String) -> Response {
        let mut answer = Html(page).into_response();
        *answer.status_mut() = self.head.status;
        answer.headers_mut().extend(self.head.headers);
        *answer.extensions_mut() = self.head.extensions;
        answer
    }

    pub(super) fn unchanged(self) -> Response {
        let page = self.page.clone();
        self.into_response(page)
    }
}

/// The page with what was begun in its forms.
pub(super) fn woven(
    page: &str,
    at: &str,
    fillings: &[Filling<'_>],
    receipt: Option<(&Receipt, Uuid)>,
) -> Result<String> {
    let (mut whole, mut from) = (String::with_capacity(page.len() + 4096), 0);
    for Filling { form, hold, drafts } in fillings {
        whole.push_str(&page[from..form.start]);
        let inside = &page[form.start..form.end];
        let fields = [
            (DRAFT, hold.draft.to_string()),
            (VERSION, hold.version.to_string()),
            (TAB, hold.tab.to_string()),
            (ADDRESS, form.address.clone()),
            (PAGE, at.to_owned()),
        ];
        let (given, inside) = match receipt {
            Some((receipt, owner)) => give_back(inside, drafts, receipt, owner)?,
            None => (None, inside.to_owned()),
        };
        whole.push_str(&render(&Begun { fields, given: given.as_ref() })?);
        whole.push_str(&inside);
        from = form.end;
        if let Some(given) = given {
            let drafts = [given.id].into_iter().chain(given.others.iter().map(|other| other.id)).collect();
            whole.push_str("</form>");
            whole.push_str(&render(&Discard { drafts, page: at })?);
            from += "</form>".len();
        }
    }
    Ok(whole + &page[from..])
}

/// The form with the newest draft in it.
fn give_back(form: &str, drafts: &[&Draft], receipt: &Receipt, owner: Uuid) -> Result<(Option<Given>, String)> {
    let open = |draft: &Draft| {
        let sealed = draft.sealed.as_ref().ok_or_else(|| Error::internal("a draft that was sent is given back"))?;
        Ok::<_, Error>(Values::new(given_back(&receipt.open_draft(owner, draft.id, sealed)?)))
    };
    let Some((newest, older)) = drafts.split_first() else { return Ok((None, form.to_owned())) };
    let mut values = open(newest)?;
    let outdated = is_outdated(form, &values).then(|| differences(form, &values));
    // The record is made already: what is sent from here now is another one.
    let is_new = newest.sent_record.is_none_or(|record| values.first("id") != Some(&record.to_string()));
    let filled = filled(form, &mut values, is_new);
    let other = |draft: &&&Draft| -> Result<Other> {
        let differences = differences(&filled, &open(draft)?);
        Ok(Other { id: draft.id, saved_at: Moment(stockholm(draft.saved_at)), differences })
    };
    let others = older.iter().filter(|draft| draft.mark != newest.mark).collect::<Vec<_>>();
    let given = Given {
        id: newest.id,
        saved_at: Moment(stockholm(newest.saved_at)),
        outdated,
        left: values.left(),
        others: others.iter().map(other).collect::<Result<_>>()?,
    };
    Ok((Some(given), filled))
}

#[expect(clippy::disallowed_methods, reason = "the log row is on disk: a receipt opened what it shows")]
fn render(piece: &impl Template) -> Result<String> {
    Ok(piece.render()?)
}
