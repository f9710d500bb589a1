//! SQL over the placements of a year. The figures per placement are kept by the database (`placement_year`), so that a
//! page reads what it shows and the sums, and counts no days.

use time::Date;
use uuid::Uuid;

use crate::access::Access;
use crate::access::right::ListPlacements;
use crate::error::Result;
use crate::money::Ore;
use crate::vocabulary::{PlacementKind, PlacementStatus, ProcurementForm, ProtectionLevel};

/// A placement's share of a year.
#[derive(Debug, Clone)]
pub struct YearRow {
    pub case_id: Uuid,
    pub reference: String,
    pub code_name: String,
    pub protection: ProtectionLevel,
    pub placement: Uuid,
    pub kind: PlacementKind,
    pub provider: String,
    pub procurement: ProcurementForm,
    pub status: PlacementStatus,
    pub starts_on: Date,
    pub last_day: Date,
    pub days: i64,
    pub cost: Ore,
}

/// The placements that have charged days in the year, in the order that they began.
pub async fn rows(access: &mut Access<ListPlacements>, year: i32, offset: i64, limit: i64) -> Result<Vec<YearRow>> {
    Ok(sqlx::query_as!(
        YearRow,
        r#"select c.id as case_id, c.reference, c.code_name, c.protection_level as "protection: ProtectionLevel",
                  p.id as placement, p.kind as "kind: PlacementKind", v.alias as provider,
                  p.procurement as "procurement: ProcurementForm", p.status as "status: PlacementStatus", p.starts_on,
                  coalesce(p.actual_end_on, p.planned_end_on) as "last_day!", y.days, y.cost_ore as "cost: Ore"
           from (select placement_id, starts_on, days, cost_ore from placement_year
                 where year = $1 order by starts_on, placement_id offset $2 limit $3) y
           join placement p on p.id = y.placement_id
           join case_file c on c.id = p.case_id
           join provider v on v.id = p.provider_id
           order by y.starts_on, y.placement_id"#,
        year,
        offset,
        limit
    )
    .fetch_all(access.read())
    .await?)
}

/// What a group of placements comes to in a year.
#[derive(Debug, Clone, Copy)]
pub struct GroupSum {
    pub procurement: ProcurementForm,
    pub round_the_clock: bool,
    pub placements: i64,
    pub days: i64,
    pub cost: Ore,
}

/// The year's sums over every case in reach, by how the place was bought and whether it is around the clock.
pub async fn sums(access: &mut Access<ListPlacements>, year: i32) -> Result<Vec<GroupSum>> {
    Ok(sqlx::query_as!(
        GroupSum,
        r#"select procurement as "procurement!: ProcurementForm", round_the_clock as "round_the_clock!",
                  placements as "placements!", days as "days!", cost_ore as "cost!: Ore"
           from sec.placement_year_sums($1)"#,
        year
    )
    .fetch_all(access.read())
    .await?)
}
