//! What stands in an open form of any room, kept for whoever types it until it is sent. The rooms know nothing of it: a
//! form that says `data-draft` saves itself, and the middleware around all routes puts the draft back when its page is
//! opened again, shows it beside what somebody else has saved meanwhile, and lets go of it when it has been sent.
//!
//! Nothing is written over. A page that goes on with a draft that another page has changed begins one of its own, and
//! both are shown next time.

mod around;
mod fields;
mod form;
mod model;
mod pages;
mod store;
mod tags;
mod views;

use axum::Router;

use crate::state::AppState;

pub use around::keep;

pub mod paths {
    //! The addresses of this room. They stand in `templates/parts/ui.html` and `static/js/app.js` too.

    /// One's own drafts, and where an open form saves itself.
    pub const ALL: &str = "/utkast";
    pub const DISCARD: &str = "/utkast/kasta";
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
