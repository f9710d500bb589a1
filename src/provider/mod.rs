//! Providers: who runs the homes, which homes there are, and what framework agreements say that a day costs. Outside
//! this register and the cases' own pages a provider is its alias alone. Who lives where is not known here.

pub mod model;
pub mod store;

mod form;
mod pages;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room. An alias says nothing of whom it stands for.

    use uuid::Uuid;

    pub const LIST: &str = "/boenden";
    pub const NEW: &str = "/boenden/ny";

    pub fn show(alias: &str) -> String {
        format!("/boenden/{alias}")
    }

    pub fn home_new(alias: &str) -> String {
        format!("/boenden/{alias}/boende/ny")
    }

    pub fn agreement_new(alias: &str) -> String {
        format!("/boenden/{alias}/ramavtal/ny")
    }

    pub fn price_new(alias: &str, agreement: Uuid) -> String {
        format!("/boenden/{alias}/ramavtal/{agreement}/pris/ny")
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
