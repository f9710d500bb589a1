//! State money (*statliga medel*, domain 2.9): what a case has applied for, what was granted and paid, and what was
//! accounted for. Written by those who work with the case and signed by the manager; booked by the controller, who sees it
//! by pseudonym. What is sent leaves the municipality, and is put among the disclosures in the same transaction.

mod form;
pub mod model;
mod pages;
pub mod store;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use crate::access::case_path;

    pub fn list(case: &str) -> String {
        case_path(case, "/medel")
    }

    pub fn new(case: &str) -> String {
        case_path(case, "/medel/ny")
    }

    /// A new application like one that was refused.
    pub fn anew(case: &str, application: Uuid) -> String {
        format!("{}?fran={application}", new(case))
    }

    pub fn show(case: &str, application: Uuid) -> String {
        case_path(case, &format!("/medel/{application}"))
    }

    pub fn edit(case: &str, application: Uuid) -> String {
        show(case, application) + "/andring"
    }

    pub fn discard(case: &str, application: Uuid) -> String {
        show(case, application) + "/kastat"
    }

    pub fn sign(case: &str, application: Uuid) -> String {
        show(case, application) + "/underskrift"
    }

    pub fn answer(case: &str, application: Uuid) -> String {
        show(case, application) + "/besked"
    }

    pub fn report(case: &str, application: Uuid) -> String {
        show(case, application) + "/aterrapport"
    }

    pub const ALL: &str = "/ekonomi/medel";

    pub fn year(year: i32) -> String {
        format!("{ALL}?ar={year}")
    }

    pub fn booked(application: Uuid) -> String {
        format!("{ALL}/{application}")
    }

    pub fn pay(application: Uuid) -> String {
        booked(application) + "/utbetalning"
    }

    pub fn close(application: Uuid) -> String {
        booked(application) + "/avslut"
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
