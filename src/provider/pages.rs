//! The pages about providers. Each names in the log which provider it showed; homes are opened only after that.

mod register;
mod show;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path};
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use super::form::{AgreementForm, HomeForm, PriceForm, ProviderForm};
use super::model::{self, Agreement, Price, PriceFault, Provider, is_alias};
use super::{paths, store};
use crate::access::Access;
use crate::access::right::{ManageProviders, ReadProviders};
use crate::audit::{Event, Note};
use crate::calendar::Period;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{PlacementKind, ProviderKind};
use crate::web::flash::Flash;
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{Choice, Crumb, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/boenden", get(register::list))
        .route("/boenden/ny", get(new).post(create))
        .route("/boenden/{alias}", get(show::show))
        .route("/boenden/{alias}/boende/ny", get(home_new).post(home_create))
        .route("/boenden/{alias}/ramavtal/ny", get(agreement_new).post(agreement_create))
        .route("/boenden/{alias}/ramavtal/{agreement}/pris/ny", get(price_new).post(price_create))
}

/// The provider that the address names, and the line in the log that says that it was shown.
async fn open(access: &mut Access<ReadProviders>, alias: &str) -> Result<Provider> {
    access.shown(Note::of(Event::ProvidersListed).with("provider", if is_alias(alias) { alias } else { "-" }));
    let found = if is_alias(alias) { store::find(access, alias).await? } else { None };
    found.ok_or(Error::NotFound)
}

/// The same for whoever may change it: may therefore also read it.
async fn open_to_change(access: Access<ManageProviders>, alias: &str) -> Result<(Access<ManageProviders>, Provider)> {
    let (access, found) = access.also::<ReadProviders, _>(async |access| open(access, alias).await).await?;
    Ok((access, found.ok_or(Error::NotFound)?))
}

/// The way to a page about a provider.
fn crumbs(provider: &Provider, here: &str) -> Vec<Crumb> {
    vec![Crumb::to(paths::LIST, "Boenden"), Crumb::to(paths::show(&provider.alias), &provider.alias), Crumb::here(here)]
}

fn services(field: &str, chosen: &str) -> Vec<Choice> {
    Choice::one(field, PlacementKind::ALL.iter().map(|kind| (kind.code(), kind.label())), chosen)
}

#[derive(Template)]
#[template(path = "provider/new.html")]
struct NewPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    form: ProviderForm,
    faults: Faults,
    kinds: Vec<Choice>,
    hide: Vec<Choice>,
}

impl NewPage {
    fn new(shell: Shell, form: ProviderForm, faults: Faults) -> Self {
        let kinds = ProviderKind::ALL.iter().map(|kind| (kind.code(), kind.label()));
        Self {
            shell,
            crumbs: vec![Crumb::to(paths::LIST, "Boenden"), Crumb::here("Ny leverantör")],
            kinds: Choice::one("kind", kinds, &form.kind),
            hide: Choice::yes("hide_from_finance", "Visa bara alias för ekonomi", !form.hide_from_finance.is_empty()),
            form,
            faults,
        }
    }
}

async fn new(access: Access<ManageProviders>) -> Result<Response> {
    access.page(|shell, _| Ok(NewPage::new(shell, ProviderForm::fresh(), Faults::none()))).await
}

async fn create(mut access: Access<ManageProviders>, Form(form): Form<ProviderForm>) -> Result<Response> {
    let new = match form.parse() {
        Ok(new) => new,
        Err(faults) => return access.again(|shell, _| Ok(NewPage::new(shell, form, faults))).await,
    };
    let alias = store::add(&mut access, new).await?;
    access.redirect(&paths::show(&alias), Flash::ProviderSaved).await
}

#[derive(Template)]
#[template(path = "provider/home_new.html")]
struct HomeNewPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    provider: Provider,
    form: HomeForm,
    faults: Faults,
    kinds: Vec<Choice>,
}

impl HomeNewPage {
    fn new(shell: Shell, provider: Provider, form: HomeForm, faults: Faults) -> Self {
        let crumbs = crumbs(&provider, "Lägg till boende");
        Self { shell, crumbs, provider, kinds: services("kind", &form.kind), form, faults }
    }
}

async fn home_new(access: Access<ManageProviders>, Path(alias): Path<String>) -> Result<Response> {
    let (access, provider) = open_to_change(access, &alias).await?;
    access.page(|shell, _| Ok(HomeNewPage::new(shell, provider, HomeForm::fresh(), Faults::none()))).await
}

async fn home_create(
    access: Access<ManageProviders>,
    Path(alias): Path<String>,
    Form(form): Form<HomeForm>,
) -> Result<Response> {
    let (mut access, provider) = open_to_change(access, &alias).await?;
    let new = match form.parse(provider.id) {
        Ok(new) => new,
        Err(faults) => return access.again(|shell, _| Ok(HomeNewPage::new(shell, provider, form, faults))).await,
    };
    store::add_home(&mut access, new).await?;
    access.redirect(&paths::show(&alias), Flash::HomeSaved).await
}

#[derive(Template)]
#[template(path = "provider/agreement_new.html")]
struct AgreementNewPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    provider: Provider,
    form: AgreementForm,
    faults: Faults,
    services: Vec<Choice>,
    departure: Vec<Choice>,
}

impl AgreementNewPage {
    fn new(shell: Shell, provider: Provider, form: AgreementForm, faults: Faults) -> Self {
        let charged = !form.charge_departure_day.is_empty();
        Self {
            shell,
            crumbs: crumbs(&provider, "Nytt ramavtal"),
            provider,
            services: services("service", &form.service),
            departure: Choice::yes("charge_departure_day", "Utskrivningsdagen betalas", charged),
            form,
            faults,
        }
    }
}

async fn agreement_new(access: Access<ManageProviders>, Path(alias): Path<String>) -> Result<Response> {
    let (access, provider) = open_to_change(access, &alias).await?;
    access.page(|shell, _| Ok(AgreementNewPage::new(shell, provider, AgreementForm::fresh(), Faults::none()))).await
}

async fn agreement_create(
    access: Access<ManageProviders>,
    Path(alias): Path<String>,
    Form(form): Form<AgreementForm>,
) -> Result<Response> {
    let (mut access, provider) = open_to_change(access, &alias).await?;
    let today = access.desk().clock().today();
    let (agreement, price) = match form.parse(provider.id, today) {
        Ok(new) => new,
        Err(faults) => return access.again(|shell, _| Ok(AgreementNewPage::new(shell, provider, form, faults))).await,
    };
    store::add_agreement(&mut access, agreement).await?;
    store::add_price(&mut access, price).await?;
    access.redirect(&paths::show(&alias), Flash::AgreementSaved).await
}

#[derive(Template)]
#[template(path = "provider/price_new.html")]
struct PriceNewPage {
    shell: Shell,
    crumbs: Vec<Crumb>,
    provider: Provider,
    agreement: Agreement,
    action: String,
    prices: Vec<show::PriceRow>,
    form: PriceForm,
    faults: Faults,
    services: Vec<Choice>,
}

/// The agreement that a price is for, whose it is, and the prices it has.
struct Subject {
    provider: Provider,
    agreement: Agreement,
    prices: Vec<Price>,
}

impl PriceNewPage {
    fn new(shell: Shell, subject: Subject, form: PriceForm, faults: Faults) -> Self {
        Self {
            shell,
            crumbs: crumbs(&subject.provider, "Nytt pris"),
            action: paths::price_new(&subject.provider.alias, subject.agreement.id),
            provider: subject.provider,
            prices: subject.prices.iter().map(show::PriceRow::new).collect(),
            agreement: subject.agreement,
            services: services("service", &form.service),
            form,
            faults,
        }
    }
}

async fn open_agreement(
    access: Access<ManageProviders>,
    alias: &str,
    agreement: &str,
) -> Result<(Access<ManageProviders>, Subject)> {
    let wanted = Uuid::try_parse(agreement).map_err(|_| Error::NotFound)?;
    let (access, provider) = open_to_change(access, alias).await?;
    let id = provider.id;
    let read = async |access: &mut Access<ReadProviders>| {
        Ok((store::agreements(access, id).await?, store::prices(access, id).await?))
    };
    let (access, found) = access.also::<ReadProviders, _>(read).await?;
    let (agreements, mut prices) = found.ok_or(Error::NotFound)?;
    let agreement = agreements.into_iter().find(|agreement| agreement.id == wanted).ok_or(Error::NotFound)?;
    prices.retain(|price| price.agreement == wanted);
    Ok((access, Subject { provider, agreement, prices }))
}

async fn price_new(
    access: Access<ManageProviders>,
    Path((alias, agreement)): Path<(String, String)>,
) -> Result<Response> {
    let (access, subject) = open_agreement(access, &alias, &agreement).await?;
    access.page(|shell, _| Ok(PriceNewPage::new(shell, subject, PriceForm::fresh(), Faults::none()))).await
}

async fn price_create(
    access: Access<ManageProviders>,
    Path((alias, agreement)): Path<(String, String)>,
    Form(form): Form<PriceForm>,
) -> Result<Response> {
    let (mut access, subject) = open_agreement(access, &alias, &agreement).await?;
    let today = access.desk().clock().today();
    let parsed = form.parse(subject.agreement.id, today).and_then(|new| {
        let fault = model::may_begin(&new, &subject.agreement, &subject.prices);
        fault.map_err(|fault| price_fault(fault, &subject.agreement)).map(|()| new)
    });
    let new = match parsed {
        Ok(new) => new,
        Err(faults) => return access.again(|shell, _| Ok(PriceNewPage::new(shell, subject, form, faults))).await,
    };
    store::add_price(&mut access, new).await?;
    access.redirect(&paths::show(&alias), Flash::PriceSaved).await
}

fn price_fault(fault: PriceFault, agreement: &Agreement) -> Faults {
    match fault {
        PriceFault::Overlap => Faults::from((
            "from",
            "Priset överlappar en annan period. Välj en dag efter det senaste prisets första dag",
        )),
        PriceFault::OutsideAgreement => {
            let period = Period::inclusive(agreement.valid_from, agreement.valid_to);
            let period = period.map(|period| period.to_string()).unwrap_or_default();
            Faults::from(("from", format!("Välj en dag inom avtalets tid, {period}")))
        }
    }
}
