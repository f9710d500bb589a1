//! Accounts that were opened again without a key: in person, where an administrator starts and a manager who has met the
//! person confirms, and with a code from a sheet. Those who must know are told, and say that they have seen it.

mod form;
pub mod model;
mod pages;
mod starting;
mod store;

use axum::Router;

use crate::access::Access;
use crate::access::right::ReadRecoveries;
use crate::calendar::stockholm_date;
use crate::crypto::seal::Column;
use crate::error::Result;
use crate::state::AppState;
use crate::web::view::{Due, Todo};

pub const REASON: Column = Column("account_recovery.reason");
pub const CHECKED: Column = Column("account_recovery.checked");

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    pub const LIST: &str = "/aterstallningar";

    pub fn show(recovery: Uuid) -> String {
        format!("{LIST}/{recovery}")
    }

    pub fn note(recovery: Uuid) -> String {
        format!("{LIST}/{recovery}/sedd")
    }
}

/// What the actor is asked today: recoveries to confirm, and those to take note of.
pub async fn asked(access: &mut Access<ReadRecoveries>) -> Result<Vec<Todo>> {
    let today = access.desk().clock().today();
    let eye = model::Eye::of(access);
    let todos = store::open(access).await?.into_iter().filter_map(|one| {
        let label = if one.can_be_confirmed(&eye) {
            format!("Bekräfta återställningen av kontot för {}", one.name)
        } else if one.must_be_noted(&eye) {
            format!("{} loggade in utan nyckel", one.name)
        } else {
            return None;
        };
        let day = stockholm_date(one.used_at.unwrap_or(one.started_at));
        Some(Todo { href: paths::show(one.id), label, due: Due::on(day, today), note: one.kind.label().to_owned() })
    });
    Ok(todos.collect())
}

pub fn routes() -> Router<AppState> {
    pages::routes().merge(starting::routes())
}
