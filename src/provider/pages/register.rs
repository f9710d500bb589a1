//! The list of providers.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use time::Date;

use super::super::model::Standing;
use super::super::paths;
use super::super::store::{self, PriceToday, Row, Wanted};
use crate::access::Access;
use crate::access::right::{ManageProviders, ReadProviders};
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::money::Ore;
use crate::vocabulary::{PlacementKind, ProviderKind};
use crate::web::form::{checkbox, code};
use crate::web::shell::Shell;
use crate::web::view::{Choice, Pager};

const PER_PAGE: i64 = 50;

/// What the address says. A kind that there is not shows them all.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    typ: String,
    aktiva: String,
    sida: String,
}

impl Filter {
    fn wanted(&self) -> Wanted {
        Wanted { kind: code(&self.typ, ProviderKind::parse), only_active: checkbox(&self.aktiva) }
    }
}

/// The address of a page of the same list.
fn address(wanted: Wanted, page: i64) -> String {
    let kind = wanted.kind.map(|kind| format!("typ={}", kind.code()));
    let active = wanted.only_active.then(|| "aktiva=ja".to_owned());
    let page = (page > 1).then(|| format!("sida={page}"));
    let parts: Vec<_> = [kind, active, page].into_iter().flatten().collect();
    if parts.is_empty() { paths::LIST.to_owned() } else { format!("{}?{}", paths::LIST, parts.join("&")) }
}

#[derive(Template)]
#[template(path = "provider/list.html")]
struct ListPage {
    shell: Shell,
    kinds: Vec<Choice>,
    only_active: Vec<Choice>,
    is_filtered: bool,
    may_manage: bool,
    rows: Vec<ListRow>,
    pager: Pager,
}

struct ListRow {
    href: String,
    alias: String,
    name: String,
    kind: ProviderKind,
    is_active: bool,
    homes: i64,
    agreement: Option<(Date, Option<Mark>)>,
    prices: Vec<(PlacementKind, Ore)>,
}

/// How an agreement stands, in a word and a look; nothing when all is as it should be.
pub(super) type Mark = (&'static str, &'static str);

pub(super) fn mark(standing: Standing) -> Option<Mark> {
    match standing {
        Standing::Running => None,
        Standing::Upcoming => Some(("Har inte börjat", "line")),
        Standing::EndsSoon => Some(("Upphör inom 90 dagar", "warn")),
        Standing::Ended => Some(("Har upphört", "danger")),
    }
}

impl ListRow {
    fn new(row: Row, prices: &[PriceToday], today: Date) -> Self {
        let agreement = row.valid_from.zip(row.valid_to);
        let own = prices.iter().filter(|price| price.provider == row.id);
        Self {
            href: paths::show(&row.alias),
            agreement: agreement.map(|(from, to)| (to, mark(Standing::of(from, to, today)))),
            prices: own.map(|price| (price.service, price.per_day)).collect(),
            alias: row.alias,
            name: row.name,
            kind: row.kind,
            is_active: row.is_active,
            homes: row.homes,
        }
    }
}

pub(super) async fn list(mut access: Access<ReadProviders>, Query(filter): Query<Filter>) -> Result<Response> {
    let (wanted, today) = (filter.wanted(), access.desk().clock().today());
    let total = store::count(&mut access, wanted).await?;
    let last_page = (total - 1).max(0) / PER_PAGE + 1;
    let page = filter.sida.parse::<i64>().unwrap_or(1).clamp(1, last_page);
    let rows = store::list(&mut access, wanted, today, (page - 1) * PER_PAGE, PER_PAGE).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let prices = store::prices_on(&mut access, &ids, today).await?;
    access.shown(Note::of(Event::ProvidersListed).with("count", rows.len()));
    let may_manage = access.may::<ManageProviders>();
    let kinds = ProviderKind::ALL.iter().map(|kind| (kind.code(), kind.label()));
    let kinds = Choice::one("typ", kinds, wanted.kind.map_or("", ProviderKind::code));
    access
        .page(|shell, _| {
            Ok(ListPage {
                shell,
                kinds,
                only_active: Choice::yes("aktiva", "Bara aktiva", wanted.only_active),
                is_filtered: wanted.kind.is_some() || wanted.only_active,
                may_manage,
                rows: rows.into_iter().map(|row| ListRow::new(row, &prices, today)).collect(),
                pager: Pager::new(page, PER_PAGE, total, "leverantörer", |page| address(wanted, page)),
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_page_keeps_the_filter() {
        let all = Wanted { kind: None, only_active: false };
        assert_eq!(address(all, 1), "/boenden");
        assert_eq!(
            address(Wanted { kind: Some(ProviderKind::Hvb), only_active: true }, 2),
            "/boenden?typ=hvb&aktiva=ja&sida=2"
        );
    }
}
