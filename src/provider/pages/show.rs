//! The page of one provider. Addresses are shown to those who keep the register, and to nobody else here.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use time::Date;

use super::super::model::{Agreement, Home, Price, Provider, Standing, written};
use super::super::paths;
use super::super::store::{self, HOME_ADDRESS, HOME_MUNICIPALITY, HOME_NAME};
use super::open;
use super::register::{Mark, mark};
use crate::access::right::{ManageProviders, ReadProviders};
use crate::access::{Access, Receipt};
use crate::crypto::seal::Sealed;
use crate::error::Result;
use crate::money::Ore;
use crate::personal::Personal;
use crate::vocabulary::PlacementKind;
use crate::web::shell::Shell;
use crate::web::view::Crumb;

#[derive(Template)]
#[template(path = "provider/show.html")]
struct ShowPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    provider: Provider,
    org_number: String,
    may_manage: bool,
    homes: Vec<HomeRow>,
    agreements: Vec<AgreementPart>,
}

struct HomeRow {
    name: Personal,
    municipality: Personal,
    address: Option<Personal>,
    kind: PlacementKind,
    is_active: bool,
}

struct AgreementPart {
    /// Unique on the page.
    heading: String,
    agreement: Agreement,
    mark: Option<Mark>,
    prices: Vec<PriceRow>,
    price_new: String,
}

/// A line of a table of prices.
pub(super) struct PriceRow {
    pub(super) service: PlacementKind,
    pub(super) per_day: Ore,
    pub(super) valid_from: Date,
    pub(super) valid_to: Date,
}

impl PriceRow {
    pub(super) fn new(price: &Price) -> Self {
        let (valid_from, valid_to) = (price.valid_from, price.valid_to);
        Self { service: price.service, per_day: price.per_day, valid_from, valid_to }
    }
}

impl HomeRow {
    fn new(home: &Home, address: Option<&Sealed>, receipt: &Receipt) -> Result<Self> {
        Ok(Self {
            name: receipt.open(HOME_NAME.at(home.id), &home.name)?,
            municipality: receipt.open(HOME_MUNICIPALITY.at(home.id), &home.municipality)?,
            address: address.map(|sealed| receipt.open(HOME_ADDRESS.at(home.id), sealed)).transpose()?,
            kind: home.kind,
            is_active: home.is_active,
        })
    }
}

impl AgreementPart {
    fn new(number: usize, agreement: Agreement, prices: &[Price], alias: &str, today: Date) -> Self {
        Self {
            heading: format!("avtal-{number}"),
            mark: mark(Standing::of(agreement.valid_from, agreement.valid_to, today)),
            prices: prices.iter().filter(|price| price.agreement == agreement.id).map(PriceRow::new).collect(),
            price_new: paths::price_new(alias, agreement.id),
            agreement,
        }
    }
}

pub(super) async fn show(mut access: Access<ReadProviders>, Path(alias): Path<String>) -> Result<Response> {
    let provider = open(&mut access, &alias).await?;
    let (id, today) = (provider.id, access.desk().clock().today());
    let homes = store::homes(&mut access, id).await?;
    let agreements = store::agreements(&mut access, id).await?;
    let prices = store::prices(&mut access, id).await?;
    let read = async |access: &mut Access<ManageProviders>| store::addresses(access, id).await;
    let (access, addresses) = access.also::<ManageProviders, _>(read).await?;
    let (may_manage, addresses) = (addresses.is_some(), addresses.unwrap_or_default());
    let address = |home: &Home| addresses.iter().find(|(id, _)| *id == home.id).map(|(_, sealed)| sealed);
    access
        .page(|shell, receipt| {
            let agreements = (1..).zip(agreements);
            let part = |(number, agreement)| AgreementPart::new(number, agreement, &prices, &provider.alias, today);
            Ok(ShowPage {
                shell,
                crumbs: vec![Crumb::to(paths::LIST, "Boenden"), Crumb::here(&provider.alias)],
                org_number: written(&provider.org_number),
                may_manage,
                homes: homes.iter().map(|home| HomeRow::new(home, address(home), receipt)).collect::<Result<_>>()?,
                agreements: agreements.map(part).collect(),
                provider,
            })
        })
        .await
}
