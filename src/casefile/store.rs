//! The facts of a case that no other page needs.

use crate::access::CaseAccess;
use crate::access::right::ReadCase;
use crate::error::Result;
use crate::vocabulary::{CloseReason, HasChildren, NeedsProfile, ProtectionLevel, ResponsibilityBasis};

/// What was settled when the case was opened, and since.
#[derive(Debug, Clone)]
pub struct Facts {
    pub unit: String,
    pub district: Option<String>,
    pub basis: ResponsibilityBasis,
    pub needs: Option<NeedsProfile>,
    pub protection: ProtectionLevel,
    pub close_reason: Option<CloseReason>,
    /// The reference of the person's earlier case, where the actor reaches it.
    pub earlier: Option<String>,
    pub pseudonym: String,
    pub has_children: HasChildren,
}

pub async fn facts(case: &mut CaseAccess<ReadCase>) -> Result<Facts> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Facts,
        r#"select u.name as unit, (select d.name from district d where d.id = c.home_district_id) as district,
                  c.municipality_basis as "basis: ResponsibilityBasis", c.needs_profile as "needs: NeedsProfile",
                  c.protection_level as "protection: ProtectionLevel", c.close_reason as "close_reason: CloseReason",
                  (select e.reference from case_file e where e.id = c.earlier_case_id) as earlier,
                  c.economy_pseudonym as pseudonym, c.has_children as "has_children: HasChildren"
           from case_file c join org_unit u on u.id = c.owner_unit_id where c.id = $1"#,
        id
    )
    .fetch_one(case.read())
    .await?)
}
