//! Accounts and what they may do, for those who keep them: who is in, in which role, until when. One proposes and another
//! approves; every right ends by itself. Nobody here sees anything of a case, and nobody acts as another.

mod answering;
mod ending;
pub mod form;
pub mod model;
mod pages;
mod proposing;
mod quarter;
pub mod store;

use axum::Router;

use crate::access::right::ReadAccounts;
use crate::access::{Access, policy};
use crate::calendar::stockholm_date;
use crate::crypto::seal::Column;
use crate::error::Result;
use crate::state::AppState;
use crate::web::view::{Due, Todo};

pub const REASON: Column = Column("account_proposal.reason");
pub const ANSWER: Column = Column("account_proposal.answer");

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    pub const LIST: &str = "/konton";
    pub const NEW: &str = "/konton/ny";
    pub const QUARTER: &str = "/konton/bekrafta";

    pub fn show(account: Uuid) -> String {
        format!("{LIST}/{account}")
    }

    pub fn role(account: Uuid) -> String {
        format!("{LIST}/{account}/roll")
    }

    pub fn unlock(account: Uuid) -> String {
        format!("{LIST}/{account}/upplasning")
    }

    pub fn code(account: Uuid) -> String {
        format!("{LIST}/{account}/kod")
    }

    pub fn recover(account: Uuid) -> String {
        format!("{LIST}/{account}/aterstallning")
    }

    pub fn end_sessions(account: Uuid) -> String {
        format!("{LIST}/{account}/inloggningar/avslut")
    }

    pub fn end(account: Uuid) -> String {
        format!("{LIST}/{account}/avslut")
    }

    pub fn proposal(proposal: Uuid) -> String {
        format!("{LIST}/forslag/{proposal}")
    }

    pub fn approve(proposal: Uuid) -> String {
        format!("{LIST}/forslag/{proposal}/godkannande")
    }

    pub fn refuse(proposal: Uuid) -> String {
        format!("{LIST}/forslag/{proposal}/avslag")
    }

    pub fn withdraw(proposal: Uuid) -> String {
        format!("{LIST}/forslag/{proposal}/tillbaka")
    }

    pub fn confirm(grant: Uuid) -> String {
        format!("{LIST}/behorigheter/{grant}/bekraftelse")
    }

    pub fn end_grant(grant: Uuid) -> String {
        format!("{LIST}/behorigheter/{grant}/avslut")
    }
}

/// What those who keep accounts are asked today: proposals that are theirs to answer, and rights that end within thirty days
/// unless they are confirmed.
pub async fn asked(access: &mut Access<ReadAccounts>) -> Result<Vec<Todo>> {
    let (actor, today) = (access.desk().actor().clone(), access.desk().clock().today());
    let waiting = store::waiting(access).await?.into_iter();
    let mine = waiting.filter(|one| one.is_others(actor.account) && policy::may_approve(actor.role, one.role));
    let mut todos: Vec<_> = mine
        .map(|one| Todo {
            href: paths::proposal(one.id),
            label: format!("Svara på förslag: {}", one.kind.label().to_lowercase()),
            due: Due::on(stockholm_date(one.proposed_at), today),
            note: one.name,
        })
        .collect();
    let rows = quarter::rows(store::accounts(access).await?, &actor, today);
    let soon = |row: &&quarter::Row| row.confirm.is_some() && row.due.day <= today + model::SOON;
    if let Some(first) = rows.iter().find(soon) {
        todos.push(Todo {
            href: paths::QUARTER.to_owned(),
            label: "Bekräfta behörigheter".to_owned(),
            due: Due::on(first.due.day, today),
            note: format!("{} upphör annars av sig själva", rows.iter().filter(soon).count()),
        });
    }
    Ok(todos)
}

pub fn routes() -> Router<AppState> {
    pages::routes()
        .merge(proposing::routes())
        .merge(answering::routes())
        .merge(ending::routes())
        .merge(quarter::routes())
}
