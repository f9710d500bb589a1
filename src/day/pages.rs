//! The first page after signing in. What it shows follows from what the actor may list; those without cases are told
//! that their pages hold what is released to them, and nothing more.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use time::{Date, Duration};

use super::order::{Group, by_when};
use super::store::{self, Asks, Disclosed, Late, Left, Reviewed, Told, Turning, Unstaffed};
use super::waiting::waits;
use crate::access::right::{
    ListCases, ListUnexecuted, OpenCase, ReadGlasses, ReadIntakes, ReadLogReview, ReadStart, RegisterIntake,
    ReviewGlass, ReviewLog, WatchStaffing,
};
use crate::access::{Access, policy};
use crate::account::{self, OwnRole};
use crate::assignment;
use crate::assignment::handover::store::{self as handover, Offer};
use crate::audit::{Event, Note};
use crate::break_glass::{model::Glass, paths as glasses, store as glass_store};
use crate::calendar;
use crate::case::paths as cases;
use crate::case::store::list::{Line, Wanted, lines};
use crate::check::paths as checks;
use crate::compromise;
use crate::consent::{self, paths as consents};
use crate::decision::paths as decisions;
use crate::deviation::{model::alarm, paths as deviations};
use crate::disclosure::paths as disclosures;
use crate::error::Result;
use crate::follow_up::{model as follow_up, paths as follow_ups};
use crate::intake::{paths as intakes, store as intake_store};
use crate::log_review::{self, WaitingMonth, paths as logs};
use crate::meeting::{LATE_ANSWER, paths as meetings};
use crate::placement::{OFFER_SUPPORT, SEE_TOGETHER, paths as placements};
use crate::plan::paths as plans;
use crate::recovery;
use crate::staffing;
use crate::state::AppState;
use crate::threat::paths as threats;
use crate::vocabulary::ProtectionLevel;
use crate::web::shell::Shell;
use crate::web::view::{Due, Todo};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/", get(show))
}

/// How many cases stand on the page; the rest are a click away.
const NEWEST: i64 = 20;

/// How late the first contact with the police is when it comes up also with those who are not named in the case (A01).
const ESCALATED_AFTER: Duration = Duration::days(2);

/// How many intakes stand on it.
const WAITING: usize = 30;

#[derive(Template)]
#[template(path = "day/show.html")]
struct ShowPage {
    shell: Shell,
    /// Nothing for those who have no cases.
    day: Option<Day>,
    /// Intakes that wait; nothing for those who have none.
    waiting: Option<Waiting>,
    /// What is asked of the actor; of those who have no cases, broken glasses and the log to review.
    groups: Vec<Group>,
}

struct Waiting {
    may_register: bool,
    rows: Vec<Todo>,
}

impl Reviewed {
    fn todo(&self, today: Date) -> Todo {
        let (href, label) = if self.rests {
            (cases::rest(&self.reference), "Vilande ärende ska ses över")
        } else {
            (crate::access::case_path(&self.reference, "/moten"), "Återvändandebedömning ska omprövas")
        };
        Todo {
            href,
            label: label.to_owned(),
            due: Due::on(self.review_on, today),
            note: format!("{} {}", self.reference, self.code_name),
        }
    }
}

impl Late {
    fn todo(&self, today: Date) -> Todo {
        Todo {
            href: follow_ups::show(&self.reference, self.follow_up),
            label: "Uppföljningen är försenad".to_owned(),
            due: Due::on(self.planned_on, today),
            note: self.reference.clone(),
        }
    }
}

impl Glass {
    /// No more than the case's reference.
    fn todo(&self, reviews: bool, today: Date) -> Todo {
        let label = if reviews { "Granska en nödöppning" } else { "Ärendet är nödöppnat av en kollega" };
        Todo {
            href: glasses::show(self.id),
            label: label.to_owned(),
            due: Due::on(self.review_due_on, today),
            note: self.reference.clone(),
        }
    }
}

struct Day {
    heading: &'static str,
    may_open: bool,
    /// Where decisions that were not carried out in time are reported from, for those who do.
    unexecuted: Option<&'static str>,
    todos: Vec<Todo>,
    unstaffed: Vec<Unstaffed>,
    lines: Vec<Line>,
    own: Option<OwnRole>,
    /// Whether the work hangs on one coordinator, for those who can do something about it.
    too_few: bool,
}

impl Turning {
    fn todo(&self, today: Date) -> Todo {
        let list = || placements::list(&self.reference);
        let (label, href) = match self.asks {
            Asks::Begin => (format!("Placering {} har nått sitt startdatum", self.number), list()),
            Asks::End if self.day < today => (format!("Placering {} har passerat sitt slutdatum", self.number), list()),
            Asks::End => (format!("Placering {} tar snart slut", self.number), list()),
            Asks::CarePlan => ("Fastställ vårdplanen".to_owned(), plans::list(&self.reference)),
            Asks::Offer => (OFFER_SUPPORT.to_owned(), placements::offer(&self.reference, self.placement)),
        };
        Todo { href, label, due: Due::on(self.day, today), note: format!("{} {}", self.reference, self.code_name) }
    }
}

impl Told {
    /// No more than the case's reference, the number and a colleague's name: what it says stands behind the link.
    fn todo(&self, today: Date) -> Todo {
        let case = &self.reference;
        let (href, label) = match (self.left, self.subject) {
            (Left::Deviation, Some(id)) => {
                let what = self.category.zip(self.severity).and_then(|(category, severity)| alarm(category, severity));
                let label = format!("{}: ta emot senast {}", what.unwrap_or("Avvikelse"), self.day);
                (deviations::show(case, id), label)
            }
            (Left::Request, Some(id)) => (meetings::request(case, id), LATE_ANSWER.to_owned()),
            (Left::Consent, Some(id)) => (consents::show(case, id), consent::ENDING.to_owned()),
            (Left::Decide, Some(id)) => (decisions::sign(case, id), "Fatta beslutet".to_owned()),
            (Left::Rewrite, Some(id)) => (decisions::show(case, id), "Ändra beslutet som du fick tillbaka".to_owned()),
            (Left::Together, Some(id)) => (placements::approve(case, id), SEE_TOGETHER.to_owned()),
            (Left::Confirm, Some(id)) => (threats::show(case, id), "Fastställ hotbedömningen".to_owned()),
            (_, None) | (Left::Check, _) => (checks::list(case), "Slagning ej rapporterad".to_owned()),
        };
        let number = self.number.map(|number| match self.left {
            Left::Confirm => format!(", version {number}"),
            _ => format!(", beslut {number}"),
        });
        let by = self.by.as_ref().map(|by| format!(", från {by}"));
        let note = [Some(case.clone()), number, by].into_iter().flatten().collect();
        Todo { href, label, due: Due::on(self.day, today), note }
    }
}

impl Disclosed {
    fn todo(&self, today: Date) -> Todo {
        let label = match (self.is_hidden, self.has_changed) {
            (true, _) => "Samtycke återkallat: pågående utlämnanden är dolda",
            (false, true) => "Ny version kan lämnas ut",
            (false, false) => "Polisen har inte öppnat utlämnandet",
        };
        Todo {
            href: disclosures::show(&self.reference, self.disclosure),
            label: label.to_owned(),
            due: Due::on(if self.has_changed { today } else { self.day }, today),
            note: self.reference.clone(),
        }
    }
}

async fn show(access: Access<ReadStart>) -> Result<Response> {
    let (access, mut day) = access
        .also(async |access: &mut Access<ListCases>| {
            let today = access.desk().clock().today();
            let (turning, staffing) = (store::turning(access).await?, store::staffing(access).await?);
            let lines = lines(access, &Wanted::newest(NEWEST)).await?;
            let all_are_mine = policy::sees_only_if_named(access.desk().actor(), ProtectionLevel::Standard);
            let until = (!all_are_mine).then(|| today - ESCALATED_AFTER);
            let unspoken = store::unspoken(access, until).await?;
            // A reminder to those who work with the case; the others see it on the case's own page.
            let reviewed = if all_are_mine { store::reviewed(access).await? } else { Vec::new() };
            let waited = if all_are_mine { Duration::DAY } else { follow_up::ESCALATED_AFTER };
            let late = store::late(access, today - waited).await?;
            let mut todos: Vec<_> = turning.iter().map(|placement| placement.todo(today)).collect();
            todos.extend(store::told(access).await?.iter().map(|one| one.todo(today)));
            todos.extend(unspoken.iter().map(|case| case.todo(today)));
            todos.extend(reviewed.iter().map(|case| case.todo(today)));
            todos.extend(late.iter().map(|one| one.todo(today)));
            todos.extend(store::disclosed(access).await?.iter().map(|one| one.todo(today)));
            todos.sort_by_key(|todo| todo.due.day);
            Ok(Day {
                heading: if all_are_mine { "Mina ärenden" } else { "Nyaste ärendena" },
                may_open: access.may::<OpenCase>(),
                unexecuted: access.may::<ListUnexecuted>().then_some(decisions::UNEXECUTED),
                todos,
                unstaffed: staffing.unstaffed,
                own: staffing.own,
                too_few: access.may::<WatchStaffing>() && staffing.coordinators < policy::FEWEST_COORDINATORS,
                lines,
            })
        })
        .await?;
    let (access, offered) = access.also(handover::offered).await?;
    let (access, waiting) = access
        .also(async |access: &mut Access<ReadIntakes>| {
            let today = access.desk().clock().today();
            let waiting = intake_store::list(access, true).await?;
            let rows = waiting.iter().take(WAITING).map(|intake| waits(intake, today)).collect();
            Ok(Waiting { may_register: access.may::<RegisterIntake>(), rows })
        })
        .await?;
    let (access, glasses) = access
        .also(async |access: &mut Access<ReadGlasses>| {
            let (reviews, today) = (access.may::<ReviewGlass>(), access.desk().clock().today());
            let waiting = glass_store::waiting(access).await?;
            Ok(waiting.iter().map(|glass| glass.todo(reviews, today)).collect::<Vec<_>>())
        })
        .await?;
    let (access, mut reviewing) = reviewing(access).await?;
    let (mut access, rights) = rights(access, day.as_mut().map(|day| &mut day.own)).await?;
    reviewing.extend(rights);
    // Told at once: before everything but an answer that somebody waits for.
    reviewing.splice(0..0, glasses.unwrap_or_default());
    if day.is_none() {
        // Nobody has said anything of it yet: there are no lists.
        access.shown(Note::of(Event::StartShown));
    }
    let mut todos = reviewing;
    if let Some(day) = &mut day {
        // First of what has the same day: somebody waits for an answer.
        todos.extend(offered.unwrap_or_default().iter().map(Offer::todo));
        todos.append(&mut day.todos);
    }
    let groups = by_when(todos, access.desk().clock().today());
    access.page(|shell, _| Ok(ShowPage { shell, day, waiting, groups })).await
}

/// What the review of the log asks of the actor: answers, and months that are to be closed.
async fn reviewing(access: Access<ReadStart>) -> Result<(Access<ReadStart>, Vec<Todo>)> {
    let today = access.desk().clock().today();
    let (access, asked) = access.also(log_review::store::waiting).await?;
    let (access, months) = access
        .also(async |access: &mut Access<ReadLogReview>| {
            let is_reviewer = access.may::<ReviewLog>();
            let open = log_review::waiting_months(access, today).await?;
            // The second signature is the managers' from the day of the first; what nobody has gone through in time is theirs too.
            let comes_up = |one: &WaitingMonth| {
                is_reviewer || one.waits_for_manager || one.is_unreviewed || one.month.is_late(today)
            };
            let open: Vec<_> = open.into_iter().filter(comes_up).collect();
            Ok((open, log_review::store::alerting::unseen(access).await?))
        })
        .await?;
    let mut todos: Vec<_> = asked
        .unwrap_or_default()
        .iter()
        .map(|one| Todo {
            href: logs::question(one.item),
            label: "Svara på en fråga om loggen".to_owned(),
            due: Due::on(calendar::stockholm(one.asked_at).date(), today),
            note: one.reference.clone().unwrap_or_default(),
        })
        .collect();
    let (months, alerts) = months.unwrap_or_default();
    todos.extend(alerts.map(|(note, since)| Todo {
        href: logs::ALERTS.to_owned(),
        label: "Titta på det som reglerna har funnit i loggen".to_owned(),
        due: Due::on(since, today),
        note,
    }));
    todos.extend(months.into_iter().map(|WaitingMonth { month, is_unreviewed, .. }| {
        let of = month.to_string().to_lowercase();
        let (label, by, note) = if is_unreviewed {
            let label = format!("Loggen för {of} är inte granskad: se till att någon gör det");
            (label, month.reviewed_by(), "Gäller granskaren och alla chefer")
        } else {
            (format!("Logggranskningen för {of} ska stängas"), month.close_by(), "")
        };
        Todo { href: logs::month(month), label, due: Due::on(by, today), note: note.to_owned() }
    }));
    let (access, locks) = access.also(compromise::store::locks).await?;
    let open = locks.unwrap_or_default().into_iter().filter(|lock| lock.settled_by.is_none());
    todos.extend(open.map(|lock| Todo {
        href: compromise::paths::report(lock.account),
        label: format!("{} är låst: ring dem som berörs", lock.account_name),
        due: Due::on(calendar::stockholm(lock.notify_by).date(), today),
        note: format!("{} ärenden", lock.cases),
    }));
    // A lock before everything else.
    todos.reverse();
    Ok((access, todos))
}

/// What is asked about rights: one's own that is soon over, which is asked for here where the lists have not told it, and
/// those of others that wait for an answer.
async fn rights(
    access: Access<ReadStart>,
    told: Option<&mut Option<OwnRole>>,
) -> Result<(Access<ReadStart>, Vec<Todo>)> {
    let today = access.desk().clock().today();
    let (access, own) = match told {
        Some(told) => (access, told.take()),
        None => access.also(account::own_role).await.map(|(access, own)| (access, own.flatten()))?,
    };
    let soon = own.filter(|role| role.ends_soon);
    let mut todos: Vec<_> = soon
        .map(|role| Todo {
            href: account::paths::SETTINGS.to_owned(),
            label: format!("Din behörighet upphör {}", role.last_day()),
            due: Due::on(role.last_day(), today),
            note: role.way().to_owned(),
        })
        .into_iter()
        .collect();
    let (access, asked) = access.also(staffing::asked).await?;
    todos.extend(asked.unwrap_or_default());
    let (access, recoveries) = access.also(recovery::asked).await?;
    todos.splice(0..0, recoveries.unwrap_or_default());
    Ok((access, todos))
}

#[cfg(test)]
mod tests {
    use time::macros::date;
    use uuid::Uuid;

    use super::*;

    fn turning(asks: Asks, day: Date) -> Todo {
        let (reference, code_name) = ("AVH-0000-012".to_owned(), "Lind".to_owned());
        let (id, placement) = (Uuid::nil(), Uuid::nil());
        Turning { id, reference, code_name, placement, number: 2, asks, day }.todo(date!(2026 - 11 - 20))
    }

    #[test]
    fn a_placement_says_what_its_day_bids() {
        assert_eq!(turning(Asks::End, date!(2026 - 12 - 01)).label, "Placering 2 tar snart slut");
        let late = turning(Asks::End, date!(2026 - 11 - 18));
        assert_eq!(
            (late.label.as_str(), late.due.text.as_str()),
            ("Placering 2 har passerat sitt slutdatum", "Försenad 2 dagar")
        );
        assert_eq!(turning(Asks::Begin, date!(2026 - 11 - 20)).label, "Placering 2 har nått sitt startdatum");
        assert_eq!(late.href, "/arenden/AVH-0000-012/placeringar");
    }
}
