//! The protocol of a month: how it was drawn and what it came to, in lines whose fingerprint both signatures stand on.
//! Everything that it is made of is frozen when the first has signed.

use askama::Template;
use axum::response::Response;

use super::ground::Ground;
use super::model::{Item, Review, ReviewMonth};
use super::pages::{MonthOf, by_ground};
use super::{paths, store};
use crate::access::Access;
use crate::access::right::ReadLogReview;
use crate::audit::{Event, Note};
use crate::calendar::moment;
use crate::crypto::fingerprint::{Fingerprint, in_hex};
use crate::error::{Error, Result};
use crate::vocabulary::LogVerdict;
use crate::web::shell::Shell;

/// The way of drawing in which everybody comes once a quarter. Protocols from before it say nothing of it.
const WITH_EVERYBODY: i16 = 2;

/// A heading and what stands under it.
pub(super) struct Line {
    pub heading: String,
    pub text: String,
}

/// What is signed.
pub(super) fn lines(review: &Review, items: &[Item]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = |heading: &str, text: String| lines.push(Line { heading: heading.to_owned(), text });
    let month = review.month;
    line("Månad", format!("{month} ({} till {})", month.first_day(), month.last_day()));
    line("Urvalet gjordes", format!("{} av {}", moment(review.drawn_at), review.drawn_by));
    line("Händelser i loggen", review.events.to_string());
    line("Slumpurval", format!("{} av {} användardagar, minst fem procent", review.sampled_days, review.user_days));
    if review.method == WITH_EVERYBODY {
        let days = format!("{} av dem, en för var och en som inte hade kommit med", review.stratified);
        line("Lottade för att alla ska komma med i kvartalet", days);
    }
    line("Frö till slumpurvalet", in_hex(&review.seed));
    line("Poster i urvalet", items.len().to_string());
    line("Avvikande poster utöver urvalet", review.left_out.to_string());
    for trouble in &review.troubles {
        line("Störning i loggens försegling", trouble.words());
    }
    for (ground, count) in by_ground(items) {
        line(&format!("Grund: {}", ground.words()), count.to_string());
    }
    for verdict in [LogVerdict::Justified, LogVerdict::Incident] {
        let count = items.iter().filter(|item| item.verdict == Some(verdict)).count();
        line(&format!("Bedömning: {}", verdict.label()), count.to_string());
    }
    let incidents: Vec<_> = items
        .iter()
        .filter(|item| item.verdict == Some(LogVerdict::Incident))
        .map(|item| item.number.to_string())
        .collect();
    if !incidents.is_empty() {
        line("Incidenter, postens nummer", incidents.join(", "));
    }
    lines
}

/// The fingerprint that both sign.
pub(super) fn print_of(lines: &[Line]) -> [u8; 32] {
    let mut print = Fingerprint::new();
    for line in lines {
        print.write(&format!("{}\n{}\n\n", line.heading, line.text));
    }
    print.finish()
}

/// In groups of eight signs, to be compared on paper.
pub(super) fn grouped(hash: &[u8]) -> String {
    let figures = in_hex(hash);
    let groups = figures.as_bytes().chunks(8).map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(" ")
}

struct Signed {
    what: &'static str,
    name: String,
    at: String,
    /// What is about whoever signed, and was marked by somebody else.
    own: usize,
}

#[derive(Template)]
#[template(path = "log_review/protocol.html")]
struct ProtocolPage {
    shell: Shell,
    month: ReviewMonth,
    lines: Vec<Line>,
    seal: (i64, String),
    print: String,
    is_sound: bool,
    signatures: Vec<Signed>,
    grounds: Vec<(&'static str, bool)>,
    everybody: bool,
    back: String,
}

pub(super) async fn show(mut access: Access<ReadLogReview>, MonthOf(month): MonthOf) -> Result<Response> {
    let review = store::review(&mut access, month).await?.ok_or(Error::NotFound)?;
    let (signature, seal, print) = review.signed.clone().ok_or(Error::NotFound)?;
    let items = store::items(&mut access, review.id).await?;
    access.shown(Note::of(Event::LogReviewShown).with("month", month.code()).with("count", items.len()));
    let lines = lines(&review, &items);
    let own = |account| items.iter().filter(|item| item.actor == account).count();
    let mut signatures = vec![Signed {
        what: "Granskad av",
        own: own(signature.account),
        at: moment(signature.at),
        name: signature.name,
    }];
    if let Some(closed) = &review.closed {
        signatures.push(Signed {
            what: "Stängd av",
            own: own(closed.account),
            at: moment(closed.at),
            name: closed.name.clone(),
        });
    }
    let used = by_ground(&items);
    access
        .page(|shell, _| {
            Ok(ProtocolPage {
                shell,
                month,
                is_sound: print_of(&lines)[..] == print[..],
                lines,
                seal: (seal.n, grouped(&seal.hash)),
                print: grouped(&print),
                signatures,
                grounds: Ground::ALL
                    .iter()
                    .map(|ground| (ground.words(), used.iter().any(|(one, _)| one == ground)))
                    .collect(),
                everybody: review.method == WITH_EVERYBODY,
                back: paths::month(month),
            })
        })
        .await
}
