//! What the municipality decides for itself: how soon something is to be done, and how long before its day it is spoken
//! of. A choice holds from a day until the next one; none is changed. What the law has said stands here to be read.
//! Where a rule asks for a setting in SQL it asks `sec.setting_int`, in the statement that it has already.

mod form;
pub mod model;
mod pages;
pub mod store;

use axum::Router;

use crate::state::AppState;

pub mod paths {
    //! The addresses of this room.

    use crate::vocabulary::SettingKey;

    pub const LIST: &str = "/installningar";

    pub fn show(key: SettingKey) -> String {
        format!("{LIST}/{}", super::model::slug(key))
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
}
