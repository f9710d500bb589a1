//! The list of the cases in reach. Filters are few on purpose: no list may be cut by what is known of the people in it
//! (15 § `SoLPuF`).

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::paths;
use super::store::list::{COUNTED, Line, Order, Wanted, Whose, closed_circles, count, lines};
use crate::access::right::{ListCases, OpenCase, SettleDuplicates};
use crate::access::{Access, policy};
use crate::account::colleagues::{self, Colleague, who_can_be};
use crate::error::Result;
use crate::state::AppState;
use crate::vocabulary::{AssignmentKind, CaseStatus, ProtectionLevel};
use crate::web::form::{code, uuid};
use crate::web::shell::Shell;
use crate::web::view::{Choice, Pager, SortLink};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden", get(list))
}

const PER_PAGE: i64 = 50;
/// The values of filters that are no code and no id.
const CLOSED: &str = "avslutade";
const NOBODYS: &str = "ingen";

/// What stands in the address.
#[derive(Default, Clone, Deserialize)]
#[serde(default)]
struct ListQuery {
    status: String,
    handlaggare: String,
    /// The order; with a hyphen before it backwards.
    sortera: String,
    sida: String,
}

#[derive(Template)]
#[template(path = "case/list.html")]
struct ListPage {
    shell: Shell,
    heading: &'static str,
    count: String,
    may_open: bool,
    /// Where cases that may be about the same person are told apart, for those who may.
    duplicates: Option<&'static str>,
    statuses: Vec<Choice>,
    responsible: Vec<Choice>,
    is_filtered: bool,
    shows_closed: bool,
    sorts: Sorts,
    lines: Vec<Line>,
    /// References of the unit's closed circles, for a manager who does not see them.
    circles: Vec<String>,
    pager: Pager,
}

struct Sorts {
    reference: SortLink,
    code_name: SortLink,
    responsible: SortLink,
    opened: SortLink,
}

impl ListQuery {
    /// What cannot be read is taken as not said: an address may be old.
    fn wanted(&self) -> Wanted {
        let (order, descending) = self.order();
        let page = self.sida.parse::<i64>().unwrap_or(1).clamp(1, COUNTED / PER_PAGE);
        let status = code(&self.status, CaseStatus::parse);
        Wanted {
            closed: self.status == CLOSED || status.is_some_and(CaseStatus::is_ended),
            // The list of what has ended begins with all of it.
            status: status.filter(|status| *status != CaseStatus::Closed),
            whose: match uuid(&self.handlaggare) {
                Some(account) => Whose::Of(account),
                None if self.handlaggare == NOBODYS => Whose::Nobodys,
                None => Whose::Anybodys,
            },
            order,
            descending,
            skip: (page - 1) * PER_PAGE,
            take: PER_PAGE,
        }
    }

    /// The newest first, unless something else is asked for.
    fn order(&self) -> (Order, bool) {
        let (said, descending) = match self.sortera.strip_prefix('-') {
            Some(said) => (said, true),
            None => (self.sortera.as_str(), false),
        };
        let order = Order::ALL.into_iter().find(|order| order.code() == said);
        order.map_or((Order::Opened, true), |order| (order, descending))
    }

    /// The same list with another order or page. Only what was understood is repeated.
    fn href(&self, sort: &str, page: i64) -> String {
        let wanted = self.wanted();
        let status = match (wanted.closed, wanted.status) {
            (_, Some(status)) => format!("&status={}", status.code()),
            (true, None) => format!("&status={CLOSED}"),
            (false, None) => String::new(),
        };
        let whose = match wanted.whose {
            Whose::Of(account) => format!("&handlaggare={account}"),
            Whose::Nobodys => format!("&handlaggare={NOBODYS}"),
            Whose::Anybodys => String::new(),
        };
        let page = if page > 1 { format!("&sida={page}") } else { String::new() };
        format!("{}?sortera={sort}{status}{whose}{page}", paths::LIST)
    }

    fn sort(&self, label: &'static str, order: Order) -> SortLink {
        let (current, descending) = self.order();
        let is_current = current == order;
        let turned = is_current && !descending;
        let sort = format!("{}{}", if turned { "-" } else { "" }, order.code());
        SortLink::new(label, self.href(&sort, 1), is_current.then_some(!descending))
    }

    fn pager(&self, counted: i64) -> Pager {
        let (order, descending) = self.order();
        let sort = format!("{}{}", if descending { "-" } else { "" }, order.code());
        let noun = if counted > COUNTED { "ärenden som kan visas" } else { "ärenden" };
        let page = self.wanted().skip / PER_PAGE + 1;
        Pager::new(page, PER_PAGE, counted.min(COUNTED), noun, |page| self.href(&sort, page))
    }
}

async fn list(mut access: Access<ListCases>, Query(query): Query<ListQuery>) -> Result<Response> {
    let mut wanted = query.wanted();
    let counted = count(&mut access, &wanted).await?;
    // A page after the end is the last one.
    let last = (counted.min(COUNTED) - 1).max(0) / PER_PAGE;
    wanted.skip = wanted.skip.min(last * PER_PAGE);
    let lines = lines(&mut access, &wanted).await?;
    let colleagues = colleagues::working(access.read()).await?;
    let me = access.desk().actor().clone();
    let sees_others = !policy::sees_only_if_named(&me, ProtectionLevel::Standard);
    let circles = if sees_others { closed_circles(&mut access).await? } else { Vec::new() };
    let may_open = access.may::<OpenCase>();
    let duplicates = access.may::<SettleDuplicates>().then_some(paths::DUPLICATES);
    access
        .page(|shell, _| {
            Ok(ListPage {
                shell,
                heading: if sees_others { "Ärenden" } else { "Mina ärenden" },
                count: how_many(counted),
                may_open,
                duplicates,
                statuses: Choice::one("status", statuses(), &query.status),
                responsible: Choice::one("handlaggare", people(&colleagues), &query.handlaggare),
                is_filtered: wanted.closed || wanted.status.is_some() || wanted.whose != Whose::Anybodys,
                shows_closed: wanted.closed,
                sorts: Sorts {
                    reference: query.sort("Ärende", Order::Reference),
                    code_name: query.sort("Kodnamn", Order::CodeName),
                    responsible: query.sort("Handläggare", Order::Responsible),
                    opened: query.sort("Öppnat", Order::Opened),
                },
                lines,
                circles,
                pager: query.pager(counted),
            })
        })
        .await
}

fn how_many(counted: i64) -> String {
    match counted {
        1 => "1 ärende".to_owned(),
        many if many > COUNTED => "Fler än 1\u{a0}000 ärenden".to_owned(),
        many => format!("{many} ärenden"),
    }
}

/// Those that an open case can have, those that have ended together, and the two ways to end that are not closing.
fn statuses() -> Vec<(&'static str, &'static str)> {
    let choice = |status: &CaseStatus| (status.code(), status.label());
    let open = CaseStatus::ALL.iter().filter(|status| !status.is_ended()).map(choice);
    let ended = [CaseStatus::NotOpened, CaseStatus::Transferred];
    [("", "Alla pågående")]
        .into_iter()
        .chain(open)
        .chain([(CLOSED, "Alla avslutade")])
        .chain(ended.iter().map(choice))
        .collect()
}

fn people(colleagues: &[Colleague]) -> Vec<(String, String)> {
    let first = [("", "Alla"), (NOBODYS, "Ej tilldelade")].map(|(value, label)| (value.to_owned(), label.to_owned()));
    let named = who_can_be(colleagues, AssignmentKind::Responsible);
    first.into_iter().chain(named.map(|colleague| (colleague.account.to_string(), colleague.name.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(status: &str, responsible: &str, sort: &str, page: &str) -> ListQuery {
        let [status, handlaggare, sortera, sida] = [status, responsible, sort, page].map(str::to_owned);
        ListQuery { status, handlaggare, sortera, sida }
    }

    #[test]
    fn what_an_address_does_not_say_well_is_not_said() {
        let plain = Wanted::newest(PER_PAGE);
        assert_eq!(ListQuery::default().wanted(), plain);
        assert_eq!(query("gäng", "x' or 1=1", "hotbild", "-3").wanted(), plain);
        assert_eq!(query("", "", "", "99999").wanted().skip, 950);
    }

    #[test]
    fn closed_cases_are_shown_in_place_of_open_ones() {
        assert!(query("avslutade", "", "", "").wanted().closed);
        let closed = query("closed", "", "", "").wanted();
        assert_eq!((closed.closed, closed.status), (true, None));
        let transferred = query("transferred", "", "", "");
        let wanted = transferred.wanted();
        assert_eq!((wanted.closed, wanted.status), (true, Some(CaseStatus::Transferred)));
        assert!(transferred.href("oppnat", 1).ends_with("&status=transferred"));
        assert!(!query("dormant", "", "", "").wanted().closed);
        assert_eq!(query("active", "ingen", "", "").wanted().whose, Whose::Nobodys);
    }

    #[test]
    fn a_heading_turns_the_order_around_and_keeps_the_filter() {
        let by_name = query("active", "", "kodnamn", "2");
        let link = by_name.sort("Kodnamn", Order::CodeName);
        assert_eq!((link.href.as_str(), link.direction), ("/arenden?sortera=-kodnamn&status=active", "ascending"));
        let other = by_name.sort("Öppnat", Order::Opened);
        assert_eq!((other.href.as_str(), other.direction), ("/arenden?sortera=oppnat&status=active", ""));
        assert_eq!(by_name.pager(120).next.as_deref(), Some("/arenden?sortera=kodnamn&status=active&sida=3"));
    }

    #[test]
    fn the_count_ends_where_the_pages_do() {
        assert_eq!(how_many(1), "1 ärende");
        assert_eq!(how_many(1000), "1000 ärenden");
        assert_eq!(how_many(1001), "Fler än 1\u{a0}000 ärenden");
        assert_eq!(ListQuery::default().pager(1001).last, 50);
        assert_eq!(query("", "", "", "20").pager(1001).next, None);
    }
}
