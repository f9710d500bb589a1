//! `/konto/osparat`: forms that were sent after the session had run out, given back to whoever typed them.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};

use super::{paths, store};
use crate::access::Access;
use crate::access::right::OwnSettings;
use crate::calendar;
use crate::error::Result;
use crate::identity::parked::{FIELD, Unsent};
use crate::state::AppState;
use crate::web::flash::Flash;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::Moment;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/konto/osparat", get(show)).route("/konto/osparat/{form}/kasta", post(discard))
}

#[derive(Template)]
#[template(path = "account/unsent.html")]
struct UnsentPage {
    shell: Shell,
    forms: Vec<Row>,
}

struct Row {
    id: String,
    parked_at: Moment,
    /// By its reference, where it was about one.
    case: Option<String>,
    what: Unsent,
    discard: String,
}

/// Addresses of a case begin with `/arenden/` and its reference.
fn case_in(path: &str) -> Option<String> {
    let reference = path.strip_prefix("/arenden/")?.split('/').next()?;
    reference.starts_with("AVH-").then(|| reference.to_owned())
}

async fn show(mut access: Access<OwnSettings>) -> Result<Response> {
    let kept = store::unsent(&mut access).await?;
    let owner = access.desk().actor().account;
    access
        .page(|shell, receipt| {
            let row = |form: store::Kept| {
                let what = receipt.open_unsent(owner, form.id, &form.sealed)?;
                Ok(Row {
                    id: form.id.to_string(),
                    parked_at: Moment(calendar::stockholm(form.parked_at)),
                    case: case_in(&what.path),
                    discard: paths::discard(form.id),
                    what,
                })
            };
            Ok(UnsentPage { shell, forms: kept.into_iter().map(row).collect::<Result<_>>()? })
        })
        .await
}

async fn discard(mut access: Access<OwnSettings>, PathId(form): PathId) -> Result<Response> {
    store::discard(&mut access, form).await?;
    access.redirect(paths::UNSENT, Flash::FormDiscarded).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_which_case_it_was_about() {
        assert_eq!(case_in("/arenden/AVH-7KQ2-M4X/placeringar/ny").as_deref(), Some("AVH-7KQ2-M4X"));
        for other in ["/arenden", "/arenden/nytt", "/boenden/ny"] {
            assert_eq!(case_in(other), None, "{other}");
        }
    }
}
