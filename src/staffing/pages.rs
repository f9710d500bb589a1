//! `/konton`: who is in and until when; what waits for an answer; one account with its history and sessions.

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::form::ReasonForm;
use super::model::{Account, Proposal, Status, last_day};
use super::store::{self, Left, Past};
use super::{REASON, paths};
use crate::access::right::{ConfirmRights, EndAccount, IssueCode, ProposeAccount, ReadAccounts, StartRecovery};
use crate::access::{Access, Receipt, policy};
use crate::assignment::paths as assignments;
use crate::audit::{Event, Note};
use crate::calendar::{stockholm, stockholm_date};
use crate::compromise;
use crate::error::Result;
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{DisclosureRecipient, Role};
use crate::web::form::Faults;
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Choice, Crumb, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/konton", get(list)).route("/konton/{account}", get(show))
}

/// The police's accounts are a part of the list.
const POLICE: &str = "polisen";
/// Everybody, also those who have left.
const ALL: &str = "alla";

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    visa: String,
}

impl Asked {
    /// Those who have left are shown when they are asked for.
    fn wants(&self, account: &Account) -> bool {
        match self.visa.as_str() {
            POLICE => account.is_police() && account.status() != Status::Ended,
            ALL => true,
            code => match Status::ALL.iter().find(|status| status.code() == code) {
                Some(status) => account.status() == *status,
                None => account.status() != Status::Ended,
            },
        }
    }
}

#[derive(Template)]
#[template(path = "staffing/list.html")]
struct ListPage {
    shell: Shell,
    may_propose: bool,
    /// Where the quarter's confirmation is made; empty for those who make none.
    quarter: &'static str,
    too_few: bool,
    choices: Vec<Choice>,
    is_filtered: bool,
    waiting: Vec<WaitingRow>,
    rows: Vec<Row>,
}

struct WaitingRow {
    href: String,
    what: String,
    name: String,
    by: String,
    at: Moment,
    /// Whether the actor is one of those who can answer.
    is_mine: bool,
}

impl WaitingRow {
    fn of(proposal: Proposal, actor: Uuid, role: Role) -> Self {
        let is_mine = proposal.is_others(actor) && policy::may_approve(role, proposal.role);
        Self {
            href: paths::proposal(proposal.id),
            what: proposal.role.map_or_else(
                || proposal.kind.label().to_owned(),
                |role| format!("{}: {}", proposal.kind, role.label().to_lowercase()),
            ),
            name: proposal.name,
            by: proposal.proposed_by_name,
            at: Moment(stockholm(proposal.proposed_at)),
            is_mine,
        }
    }
}

struct Row {
    href: String,
    name: String,
    user_name: String,
    title: String,
    role: &'static str,
    organisation: Option<DisclosureRecipient>,
    /// Until when, and whether that is soon.
    until: Option<(Date, bool)>,
    last_on: Option<Date>,
    signs_in: &'static str,
    status: Status,
    proposal: Option<String>,
}

/// How somebody signs in; what with is nobody's business.
fn signs_in(account: &Account) -> &'static str {
    match (account.is_activated, account.code_waits) {
        (true, _) => "Lösenord och engångskod",
        (false, true) => "Aktiveringskod lämnad",
        (false, false) => "Inget",
    }
}

impl Row {
    fn of(account: Account) -> Self {
        let held = account.grant.as_ref().filter(|grant| grant.holds);
        Self {
            href: paths::show(account.id),
            status: account.status(),
            signs_in: signs_in(&account),
            role: held.map_or("Ingen", |grant| grant.role.label()),
            until: held.map(|grant| (last_day(grant.ends_at), grant.ends_soon)),
            last_on: account.last_at.map(stockholm_date),
            proposal: account.proposal.map(paths::proposal),
            organisation: account.organisation,
            name: account.name,
            user_name: account.user_name,
            title: account.title,
        }
    }
}

async fn list(mut access: Access<ReadAccounts>, Query(asked): Query<Asked>) -> Result<Response> {
    let accounts = store::accounts(&mut access).await?;
    let waiting = store::waiting(&mut access).await?;
    access.shown(Note::of(Event::AccountsListed).with("count", accounts.len()));
    let actor = access.desk().actor();
    let waiting = waiting.into_iter().map(|one| WaitingRow::of(one, actor.account, actor.role)).collect();
    let coordinators = accounts.iter().filter(|one| {
        one.is_active && one.grant.as_ref().is_some_and(|grant| grant.holds && policy::coordinates(grant.role))
    });
    let too_few = i64::try_from(coordinators.count()).unwrap_or(i64::MAX) < policy::FEWEST_COORDINATORS;
    let choices = Status::ALL.iter().map(|status| (status.code(), status.label()));
    let choices = choices.chain([(POLICE, "Polisens konton"), (ALL, "Alla, även avslutade")]);
    let choices = Choice::one("visa", choices, &asked.visa);
    let rows = accounts.into_iter().filter(|account| asked.wants(account)).map(Row::of).collect();
    let may_propose = access.may::<ProposeAccount>();
    let quarter = if access.may::<ConfirmRights>() { paths::QUARTER } else { "" };
    let is_filtered = !asked.visa.is_empty();
    let page = |shell| ListPage { shell, may_propose, quarter, too_few, choices, is_filtered, waiting, rows };
    access.page(|shell, _| Ok(page(shell))).await
}

struct PastRow {
    role: Role,
    from: Date,
    to: Date,
    granted_until: Date,
    proposed_by: String,
    approved_by: String,
    confirmed: Option<(String, Date)>,
    ended: Option<(&'static str, String)>,
    reason: Option<Personal>,
}

impl PastRow {
    fn of(past: Past, receipt: &Receipt) -> Result<Self> {
        let by = |name: Option<String>| name.unwrap_or_else(|| "Driften".to_owned());
        let why = |why: String| match why.as_str() {
            "replaced" => "Ersatt av en ny",
            "left" => "Kontot avslutades",
            _ => "Avslutad",
        };
        let reason = past.reason.map(|(proposal, sealed)| receipt.open(REASON.at(proposal), &sealed)).transpose()?;
        Ok(Self {
            role: past.role,
            from: stockholm_date(past.from),
            to: last_day(past.to),
            granted_until: last_day(past.granted_until),
            proposed_by: by(past.proposed_by),
            approved_by: by(past.approved_by),
            confirmed: past.confirmed_by.zip(past.confirmed_at.map(stockholm_date)),
            ended: past.ended_why.map(why).zip(past.ended_by),
            reason,
        })
    }
}

struct SessionRow {
    id: Uuid,
    device: String,
    started_at: Moment,
    seen_at: Moment,
}

#[derive(Template)]
#[template(path = "staffing/show.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that the page asks for by name")]
pub(super) struct ShowPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    account: Account,
    status: Status,
    signs_in: &'static str,
    until: Option<(Date, Date, bool)>,
    last_on: Option<Date>,
    ended_on: Option<Date>,
    history: Vec<PastRow>,
    sessions: Vec<SessionRow>,
    left: Option<Left>,
    proposal: Option<String>,
    /// A new proposal can be made.
    may_propose: bool,
    may_issue: bool,
    may_end: bool,
    may_recover: bool,
    /// Where it is locked, with the list of those in danger.
    lock: Option<String>,
    form: ReasonForm,
    faults: Faults,
}

async fn show(mut access: Access<ReadAccounts>, PathId(account): PathId) -> Result<Response> {
    let draft = Draft::read(&mut access, account, ReasonForm::fresh(), Faults::none()).await?;
    access.page(|shell, receipt| draft.page(shell, receipt)).await
}

/// The page before its sealed texts are opened.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that the page asks for by name")]
pub(super) struct Draft {
    account: Account,
    history: Vec<Past>,
    sessions: Vec<store::Session>,
    left: Option<Left>,
    may_propose: bool,
    may_issue: bool,
    may_end: bool,
    may_recover: bool,
    form: ReasonForm,
    faults: Faults,
}

impl Draft {
    pub(super) async fn read(
        access: &mut Access<ReadAccounts>,
        account: Uuid,
        form: ReasonForm,
        faults: Faults,
    ) -> Result<Self> {
        let account = store::account(access, account).await?;
        let history = store::history(access, account.id).await?;
        let sessions = store::sessions(access, account.id).await?;
        let left = match account.status() {
            Status::Ended => Some(store::left_behind(access, account.id).await?),
            Status::Waiting | Status::Active | Status::Lapsed | Status::Locked => None,
        };
        access.shown(Note::of(Event::AccountShown).with("account", account.id.to_string()));
        let is_open = account.status() != Status::Ended && access.desk().actor().account != account.id;
        Ok(Self {
            history,
            sessions,
            left,
            may_propose: is_open && account.proposal.is_none() && access.may::<ProposeAccount>(),
            may_issue: is_open && access.may::<IssueCode>(),
            may_end: is_open && access.may::<EndAccount>(),
            may_recover: is_open && account.status() == Status::Active && access.may::<StartRecovery>(),
            account,
            form,
            faults,
        })
    }

    pub(super) fn page(self, shell: Shell, receipt: &Receipt) -> Result<ShowPage> {
        let Self { account, history, sessions, left, may_propose, may_issue, may_end, may_recover, form, faults } =
            self;
        let moment = |at| Moment(stockholm(at));
        let held = account.grant.as_ref().filter(|grant| grant.holds);
        let status = account.status();
        Ok(ShowPage {
            shell,
            crumbs: vec![Crumb::to(paths::LIST, "Konton"), Crumb::here(account.name.clone())],
            status,
            signs_in: signs_in(&account),
            until: held.map(|grant| (last_day(grant.ends_at), last_day(grant.granted_until), grant.ends_soon)),
            last_on: account.last_at.map(stockholm_date),
            ended_on: account.ended_at.map(stockholm_date),
            history: history.into_iter().map(|past| PastRow::of(past, receipt)).collect::<Result<_>>()?,
            sessions: sessions
                .into_iter()
                .map(|session| SessionRow {
                    id: session.id,
                    device: session.device,
                    started_at: moment(session.started_at),
                    seen_at: moment(session.seen_at),
                })
                .collect(),
            left,
            proposal: account.proposal.map(paths::proposal),
            may_propose,
            may_issue: may_issue && status == Status::Waiting && held.is_some(),
            lock: (may_end && account.is_active).then(|| compromise::paths::report(account.id)),
            may_end,
            may_recover,
            form,
            faults,
            account,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_in_the_address_shows_those_who_are_here() {
        let codes: Vec<_> = Status::ALL.iter().map(|status| status.code()).collect();
        assert!(!codes.contains(&POLICE) && !codes.contains(&ALL));
    }
}
