//! SQL about providers. Whoever changes this register may also read it. A row that is sent twice is added once, and only
//! the first time stands in the log; `on conflict` is for two at the same moment.

use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use super::model::{Agreement, Home, NewAgreement, NewHome, NewPrice, NewProvider, Price, Provider};
use crate::access::Access;
use crate::access::right::{ManageProviders, ReadProviders};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result, constraint};
use crate::money::Ore;
use crate::vocabulary::{PlacementKind, ProviderKind};

/// Where the facts of a home open: its address is secret (26 kap. 14 c § OSL), and its name may tell the address.
pub const HOME_NAME: Column = Column("provider_home.name");
pub const HOME_MUNICIPALITY: Column = Column("provider_home.municipality");
pub const HOME_ADDRESS: Column = Column("provider_home.address");

/// Aliases are drawn one at a time, or two would take the same.
const ALIAS_LOCK: i64 = 0x7574_7661_675f_6c01;

/// Which providers a list shows.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub kind: Option<ProviderKind>,
    pub only_active: bool,
}

/// A row of the list, with the agreement that holds today; or else the one that ended or begins last.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: Uuid,
    pub alias: String,
    pub name: String,
    pub kind: ProviderKind,
    pub is_active: bool,
    pub homes: i64,
    pub valid_from: Option<Date>,
    pub valid_to: Option<Date>,
}

/// What a day costs at a provider's today.
#[derive(Debug, Clone)]
pub struct PriceToday {
    pub provider: Uuid,
    pub service: PlacementKind,
    pub per_day: Ore,
}

/// How many there are; never more than there are aliases.
pub async fn count(access: &mut Access<ReadProviders>, wanted: Wanted) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from provider p
           where ($1::provider_kind is null or p.kind = $1) and (p.is_active or not $2)"#,
        wanted.kind as _,
        wanted.only_active
    )
    .fetch_one(access.read())
    .await?)
}

pub async fn list(
    access: &mut Access<ReadProviders>,
    wanted: Wanted,
    today: Date,
    offset: i64,
    limit: i64,
) -> Result<Vec<Row>> {
    Ok(sqlx::query_as!(
        Row,
        r#"select p.id, p.alias, p.name, p.kind as "kind: ProviderKind", p.is_active,
                  (select count(*) from provider_home h where h.provider_id = p.id and h.is_active) as "homes!",
                  a.valid_from as "valid_from?", a.valid_to as "valid_to?"
           from provider p
           left join lateral (
             select f.valid_from, f.valid_to from framework_agreement f where f.provider_id = p.id
             order by $3 between f.valid_from and f.valid_to desc, f.valid_to desc limit 1) a on true
           where ($1::provider_kind is null or p.kind = $1) and (p.is_active or not $2)
           order by p.alias limit $5 offset $4"#,
        wanted.kind as _,
        wanted.only_active,
        today,
        offset,
        limit
    )
    .fetch_all(access.read())
    .await?)
}

/// The prices of these providers on a day, in the order of the services.
pub async fn prices_on(access: &mut Access<ReadProviders>, providers: &[Uuid], day: Date) -> Result<Vec<PriceToday>> {
    Ok(sqlx::query_as!(
        PriceToday,
        r#"select a.provider_id as provider, f.service as "service: PlacementKind", f.per_day_ore as "per_day: Ore"
           from framework_price f join framework_agreement a on a.id = f.agreement_id
           where a.provider_id = any($1) and $2 between f.valid_from and f.valid_to
           order by f.service, f.per_day_ore"#,
        providers,
        day
    )
    .fetch_all(access.read())
    .await?)
}

pub async fn find(access: &mut Access<ReadProviders>, alias: &str) -> Result<Option<Provider>> {
    Ok(sqlx::query_as!(
        Provider,
        r#"select id, alias, name, org_number, kind as "kind: ProviderKind", hide_from_finance, is_active
           from provider where alias = $1"#,
        alias
    )
    .fetch_optional(access.read())
    .await?)
}

/// The homes, in the order they were added.
pub async fn homes(access: &mut Access<ReadProviders>, provider: Uuid) -> Result<Vec<Home>> {
    Ok(sqlx::query_as!(
        Home,
        r#"select id, name as "name: Sealed", municipality as "municipality: Sealed", kind as "kind: PlacementKind", is_active
           from provider_home where provider_id = $1 order by id"#,
        provider
    )
    .fetch_all(access.read())
    .await?)
}

/// Where the homes are, by their ids.
pub async fn addresses(access: &mut Access<ManageProviders>, provider: Uuid) -> Result<Vec<(Uuid, Sealed)>> {
    let rows =
        sqlx::query!(r#"select id, address as "address: Sealed" from provider_home where provider_id = $1"#, provider)
            .fetch_all(access.read())
            .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.address)).collect())
}

/// The agreements, the latest first.
pub async fn agreements(access: &mut Access<ReadProviders>, provider: Uuid) -> Result<Vec<Agreement>> {
    Ok(sqlx::query_as!(
        Agreement,
        "select id, title, registry_ref, valid_from, valid_to, special_reason, charge_departure_day
         from framework_agreement where provider_id = $1 order by valid_from desc, id",
        provider
    )
    .fetch_all(access.read())
    .await?)
}

/// The prices of all the provider's agreements, each service's in the order of time.
pub async fn prices(access: &mut Access<ReadProviders>, provider: Uuid) -> Result<Vec<Price>> {
    Ok(sqlx::query_as!(
        Price,
        r#"select f.id, f.agreement_id as agreement, f.service as "service: PlacementKind", f.per_day_ore as "per_day: Ore",
                  f.valid_from, f.valid_to
           from framework_price f join framework_agreement a on a.id = f.agreement_id
           where a.provider_id = $1 order by f.service, f.valid_from"#,
        provider
    )
    .fetch_all(access.read())
    .await?)
}

/// Adds a provider under the next free alias, and says which it is.
pub async fn add(access: &mut Access<ManageProviders>, new: NewProvider) -> Result<String> {
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock($1)::text as "done""#, ALIAS_LOCK)
        .fetch_one(access.read())
        .await?;
    if let Some(alias) =
        sqlx::query_scalar!("select alias from provider where id = $1", new.id).fetch_optional(access.read()).await?
    {
        return Ok(alias);
    }
    sqlx::query_scalar!(
        r#"insert into provider (id, alias, name, org_number, kind, hide_from_finance)
           select $1, 'L-' || lpad(n::text, 3, '0'), $2, $3, $4, $5 from generate_series(1, 999) n
           where not exists (select 1 from provider p where p.alias = 'L-' || lpad(n::text, 3, '0'))
           order by n limit 1
           returning alias"#,
        new.id,
        new.name,
        new.org_number.as_str(),
        new.kind as _,
        new.hide_from_finance
    )
    .fetch_optional(access.write(Event::ProviderAdded, None).await?)
    .await?
    .ok_or(Error::Invalid("Registret rymmer inte fler leverantörer"))
}

pub async fn add_home(access: &mut Access<ManageProviders>, new: NewHome) -> Result<()> {
    let there = sqlx::query_scalar!(r#"select exists (select 1 from provider_home where id = $1) as "there!""#, new.id);
    if there.fetch_one(access.read()).await? {
        return Ok(());
    }
    let keys = access.desk().keys();
    let name = keys.seal(HOME_NAME.at(new.id), &new.name)?;
    let municipality = keys.seal(HOME_MUNICIPALITY.at(new.id), &new.municipality)?;
    let address = keys.seal(HOME_ADDRESS.at(new.id), &new.address)?;
    sqlx::query!(
        "insert into provider_home (id, provider_id, name, municipality, address, kind)
         values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing",
        new.id,
        new.provider,
        name as _,
        municipality as _,
        address as _,
        new.kind as _
    )
    .execute(access.write(Event::HomeAdded, None).await?)
    .await?;
    Ok(())
}

pub async fn add_agreement(access: &mut Access<ManageProviders>, new: NewAgreement) -> Result<()> {
    let there =
        sqlx::query_scalar!(r#"select exists (select 1 from framework_agreement where id = $1) as "there!""#, new.id);
    if there.fetch_one(access.read()).await? {
        return Ok(());
    }
    sqlx::query!(
        "insert into framework_agreement
           (id, provider_id, title, registry_ref, valid_from, valid_to, special_reason, charge_departure_day)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing",
        new.id,
        new.provider,
        new.title,
        new.registry_ref,
        new.valid_from,
        new.valid_to,
        new.special_reason,
        new.charge_departure_day
    )
    .execute(access.write(Event::AgreementAdded, None).await?)
    .await
    .map_err(broken_rule)?;
    Ok(())
}

/// Adds a price that holds until its agreement ends, and ends the earlier one of the service on the day before.
pub async fn add_price(access: &mut Access<ManageProviders>, new: NewPrice) -> Result<()> {
    let there =
        sqlx::query_scalar!(r#"select exists (select 1 from framework_price where id = $1) as "there!""#, new.id);
    if there.fetch_one(access.read()).await? {
        return Ok(());
    }
    let work = access.write(Event::PriceAdded, None).await?;
    let begun = insert_price(&mut *work, &new).await;
    begun.map_err(broken_rule)
}

async fn insert_price(work: &mut PgConnection, new: &NewPrice) -> sqlx::Result<()> {
    sqlx::query!(
        "update framework_price set valid_to = $3 - 1
         where agreement_id = $1 and service = $2 and valid_from < $3 and valid_to >= $3",
        new.agreement,
        new.service as _,
        new.from
    )
    .execute(&mut *work)
    .await?;
    sqlx::query!(
        "insert into framework_price (id, agreement_id, service, per_day_ore, valid_from, valid_to)
         select $1, a.id, $3, $4, $5, a.valid_to from framework_agreement a where a.id = $2
         on conflict (id) do nothing",
        new.id,
        new.agreement,
        new.service as _,
        new.per_day.ore(),
        new.from
    )
    .execute(work)
    .await?;
    Ok(())
}

/// The form looks first; this is for the one who was a moment later, and for what does not come from a form.
fn broken_rule(error: sqlx::Error) -> Error {
    match constraint(&error) {
        Some("framework_price_no_overlap") => Error::Invalid("Priset överlappar en annan period"),
        Some("framework_agreement_length") => Error::Invalid("Ett ramavtal gäller högst fyra år utan särskilt skäl"),
        _ => error.into(),
    }
}
