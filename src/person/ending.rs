//! The page on which something that is known of a person ends: the same for a marking and for a way to reach somebody. It
//! says what sort of thing it is and never what it holds.

use askama::Template;
use axum::response::Response;
use time::Date;

use super::form::EndForm;
use crate::access::right::{Right, SeesCase};
use crate::access::{CaseAccess, Part};
use crate::error::Result;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Field};

/// What ends.
pub(super) struct Ending {
    pub heading: &'static str,
    pub kind: &'static str,
    pub valid_from: Date,
    pub follows: &'static str,
    pub action: String,
}

#[derive(Template)]
#[template(path = "person/end.html")]
struct EndPage {
    shell: Shell,
    case: CaseBar,
    ending: Ending,
    form: EndForm,
    faults: Faults,
    back: String,
}

pub(super) async fn ask<R: Right + SeesCase>(case: CaseAccess<R>, ending: Ending) -> Result<Response> {
    let form = EndForm::fresh(case.desk().clock().today());
    case.page(Part::Person, |shell, case, _| Ok(page(shell, case, ending, form, Faults::none()))).await
}

pub(super) async fn again<R: Right + SeesCase>(
    case: CaseAccess<R>,
    ending: Ending,
    form: EndForm,
    faults: Faults,
) -> Result<Response> {
    case.again(Part::Person, |shell, case, _| Ok(page(shell, case, ending, form, faults))).await
}

fn page(shell: Shell, case: CaseBar, ending: Ending, form: EndForm, faults: Faults) -> EndPage {
    let back = super::paths::show(&case.reference);
    EndPage { shell, case, ending, form, faults, back }
}
