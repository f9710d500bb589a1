//! How often cases of a manager's unit are opened in an emergency: month by month, why, by which unit's people, and what
//! the review said. No person and no case.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::model::Figure;
use super::{paths, store};
use crate::access::Access;
use crate::access::right::CountGlasses;
use crate::error::Result;
use crate::state::AppState;
use crate::web::shell::Shell;
use crate::web::view::Crumb;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/nodoppningar/statistik", get(show))
}

#[derive(Template)]
#[template(path = "break_glass/figures.html")]
struct FiguresPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    months: Vec<Month>,
}

/// A month with its lines.
struct Month {
    /// "2026-11".
    label: String,
    total: i64,
    lines: Vec<Figure>,
}

fn by_month(figures: Vec<Figure>) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for figure in figures {
        let label = format!("{}-{:02}", figure.month.year(), u8::from(figure.month.month()));
        match months.last_mut() {
            Some(month) if month.label == label => {
                month.total += figure.times;
                month.lines.push(figure);
            }
            _ => months.push(Month { label, total: figure.times, lines: vec![figure] }),
        }
    }
    months
}

async fn show(mut access: Access<CountGlasses>) -> Result<Response> {
    let months = by_month(store::figures(&mut access).await?);
    access
        .page(|shell, _| {
            let crumbs = vec![Crumb::to(paths::LIST, "Nödöppningar"), Crumb::here("Statistik")];
            Ok(FiguresPage { shell, crumbs, months })
        })
        .await
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::vocabulary::BreakGlassReason;

    #[test]
    fn lines_of_a_month_stand_together() {
        let of = |month, times| Figure {
            month,
            reason: BreakGlassReason::DangerLife,
            unit: String::new(),
            times,
            justified: 0,
            unjustified: 0,
            waiting: times,
        };
        let months =
            by_month(vec![of(date!(2026 - 11 - 01), 2), of(date!(2026 - 11 - 01), 1), of(date!(2026 - 09 - 01), 4)]);
        let seen: Vec<_> = months.iter().map(|month| (month.label.as_str(), month.total, month.lines.len())).collect();
        assert_eq!(seen, [("2026-11", 3, 2), ("2026-09", 4, 1)]);
    }
}
