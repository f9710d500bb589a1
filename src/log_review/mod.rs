//! The review of the log (*logggranskning*, HSLF-FS 2016:40, 4 kap. 9 §): month by month everything that must be looked at,
//! what a rule finds odd and a sample by lot are drawn, marked, and closed by two. Whoever reviews sees the log and
//! nothing of any case; nobody reviews themselves.

pub mod alert;
mod alerts;
mod closing;
pub mod conduct;
#[cfg(test)]
mod conduct_tests;
pub mod draw;
#[cfg(test)]
mod figures_tests;
pub mod ground;
mod marking;
pub mod model;
mod pages;
mod protocol;
mod questions;
mod returning;
pub mod rules;
#[cfg(test)]
mod rules_tests;
pub mod store;
pub mod thresholds;
pub mod trace;
pub mod watch;

use axum::Router;

use model::{ReviewMonth, State};
use time::Date;

use crate::access::Access;
use crate::access::right::ReadLogReview;
use crate::crypto::seal::Column;
use crate::error::Result;
use crate::state::AppState;

pub const NOTE: Column = Column("log_review_mark.note");
pub const ANSWER: Column = Column("log_review_answer.answer");
pub const RETURNED: Column = Column("log_review_return.reason");

pub mod paths {
    //! The addresses of this room.

    use uuid::Uuid;

    use super::model::ReviewMonth;

    pub const LIST: &str = "/logggranskning";
    pub const ALERTS: &str = "/logggranskning/larm";

    pub fn month(month: ReviewMonth) -> String {
        format!("{LIST}/{}", month.code())
    }

    pub fn item(month: ReviewMonth, item: Uuid) -> String {
        format!("{LIST}/{}/{item}", month.code())
    }

    pub fn sign(month: ReviewMonth) -> String {
        month_path(month, "underskrift")
    }

    pub fn hand_back(month: ReviewMonth) -> String {
        month_path(month, "tillbaka")
    }

    pub fn protocol(month: ReviewMonth) -> String {
        month_path(month, "protokoll")
    }

    /// Where whoever is asked answers.
    pub fn question(item: Uuid) -> String {
        format!("/loggfragor/{item}")
    }

    fn month_path(month: ReviewMonth, end: &str) -> String {
        format!("{}/{end}", self::month(month))
    }
}

pub fn routes() -> Router<AppState> {
    pages::routes()
        .merge(alerts::routes())
        .merge(marking::routes())
        .merge(questions::routes())
        .merge(closing::routes())
        .merge(returning::routes())
}

/// What both signatures under a month stand on.
pub fn print(review: &model::Review, items: &[model::Item]) -> [u8; 32] {
    protocol::print_of(&protocol::lines(review, items))
}

/// A month that is over and not closed.
pub struct WaitingMonth {
    pub month: ReviewMonth,
    /// Nobody has signed that it was gone through, and the day for that has passed.
    pub is_unreviewed: bool,
    /// It is signed by the first, and waits for the second.
    pub waits_for_manager: bool,
}

/// Months that are over and not closed, the oldest first.
pub async fn waiting_months(access: &mut Access<ReadLogReview>, today: Date) -> Result<Vec<WaitingMonth>> {
    let reviews = store::reviews(access).await?;
    let mut months = pages::months_of(store::begins(access).await?, &reviews, today);
    months.reverse();
    let waiting = months.into_iter().filter_map(|month| {
        let state = State::of(month, reviews.iter().find(|review| review.month == month), today);
        let is_unreviewed = matches!(state, State::Open | State::UnderReview) && today > month.reviewed_by();
        (!matches!(state, State::Closed | State::Ongoing)).then_some(WaitingMonth {
            month,
            is_unreviewed,
            waits_for_manager: state == State::Signed,
        })
    });
    Ok(waiting.collect())
}
