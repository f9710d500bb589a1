//! The first page after signing in. What it shows follows from what the actor may list; those without cases are told
//! that their pages hold what is released to them, and nothing more.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::store::{self, Turning, Unstaffed};
use crate::access::right::{ListCases, OpenCase, ReadStart};
use crate::access::{Access, policy};
use crate::assignment;
use crate::case::paths as cases;
use crate::case::store::list::{Line, Wanted, lines};
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::{PlacementStatus, ProtectionLevel};
use crate::web::shell::Shell;
use crate::web::view::{Due, Todo};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/", get(show))
}

/// How many cases stand on the page; the rest are a click away.
const NEWEST: i64 = 20;

#[derive(Template)]
#[template(path = "day/show.html")]
struct ShowPage {
    shell: Shell,
    /// Nothing for those who have no cases.
    day: Option<Day>,
}

struct Day {
    heading: &'static str,
    may_open: bool,
    todos: Vec<Todo>,
    unstaffed: Vec<Unstaffed>,
    lines: Vec<Line>,
}

impl Turning {
    fn todo(&self, today: Date) -> Todo {
        let label = match self.status {
            PlacementStatus::Planned => format!("Placering {} har nått sitt startdatum", self.number),
            _ if self.day < today => format!("Placering {} har passerat sitt slutdatum", self.number),
            _ => format!("Placering {} tar snart slut", self.number),
        };
        Todo {
            href: crate::access::case_path(&self.reference, "/placeringar"),
            label,
            due: Due::on(self.day, today),
            note: format!("{} {}", self.reference, self.code_name),
        }
    }
}

async fn show(access: Access<ReadStart>) -> Result<Response> {
    let (access, day) = access
        .also(async |access: &mut Access<ListCases>| {
            let today = access.desk().clock().today();
            let (turning, unstaffed) = (store::turning(access).await?, store::unstaffed(access).await?);
            let lines = lines(access, &Wanted::newest(NEWEST)).await?;
            let all_are_mine = policy::sees_only_if_named(access.desk().actor(), ProtectionLevel::Standard);
            Ok(Day {
                heading: if all_are_mine { "Mina ärenden" } else { "Nyaste ärendena" },
                may_open: access.may::<OpenCase>(),
                todos: turning.iter().map(|placement| placement.todo(today)).collect(),
                unstaffed,
                lines,
            })
        })
        .await?;
    access.page(|shell, _| Ok(ShowPage { shell, day })).await
}

#[cfg(test)]
mod tests {
    use time::macros::date;
    use uuid::Uuid;

    use super::*;

    fn turning(status: PlacementStatus, day: Date) -> Todo {
        let (reference, code_name) = ("AVH-0000-012".to_owned(), "Lind".to_owned());
        Turning { id: Uuid::nil(), reference, code_name, number: 2, status, day }.todo(date!(2026 - 11 - 20))
    }

    #[test]
    fn a_placement_says_what_its_day_bids() {
        assert_eq!(turning(PlacementStatus::Active, date!(2026 - 12 - 01)).label, "Placering 2 tar snart slut");
        let late = turning(PlacementStatus::Active, date!(2026 - 11 - 18));
        assert_eq!(
            (late.label.as_str(), late.due.text.as_str()),
            ("Placering 2 har passerat sitt slutdatum", "Försenad 2 dagar")
        );
        assert_eq!(
            turning(PlacementStatus::Planned, date!(2026 - 11 - 20)).label,
            "Placering 2 har nått sitt startdatum"
        );
        assert_eq!(late.href, "/arenden/AVH-0000-012/placeringar");
    }
}
