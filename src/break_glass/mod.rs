//! *Nödöppning*: reading a case that is somebody else's when there is no time to ask. For one case and one hour, to read
//! and nothing else, told at once to those who answer for the case, and reviewed by somebody else within a working day.
//! Where the person is stands behind no glass.

mod ask;
mod figures;
mod form;
pub mod model;
mod pages;
pub mod store;

use axum::Router;

use crate::crypto::seal::Column;
use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    /// Where a glass is broken.
    pub const BREAK: &str = "/nodoppning";
    pub const LIST: &str = "/nodoppningar";

    /// How often, without persons.
    pub const FIGURES: &str = "/nodoppningar/statistik";

    pub fn show(glass: Uuid) -> String {
        format!("{LIST}/{glass}")
    }

    pub fn review(glass: Uuid) -> String {
        show(glass) + "/granskning"
    }
}

/// Where the words of whoever broke it and of whoever reviewed it open.
pub const WORDS: Column = Column("break_glass.words");
pub const REVIEW_WORDS: Column = Column("break_glass.review_words");

pub fn routes() -> Router<AppState> {
    ask::routes().merge(figures::routes()).merge(pages::routes())
}
