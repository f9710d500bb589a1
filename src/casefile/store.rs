//! The facts of a case that no other page needs.

use time::Date;
use uuid::Uuid;

use crate::access::CaseAccess;
use crate::access::right::{ReadCase, ReadChecks, ReadConsents, ReadDeviations, ReadMeetings, ReadPlans};
use crate::error::Result;
use crate::vocabulary::{
    CloseReason, ConsentKind, DeviationCategory, DeviationSeverity, DeviationStatus, DormantReason, FollowUpKind,
    HasChildren, NeedsProfile, PlanKind, ProtectionLevel, ResponsibilityBasis,
};

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
    /// Why the case rests, and when it is to be looked at again.
    pub rests: Option<(DormantReason, Date)>,
    /// Until when a placement that ends is spoken of.
    pub ends_by: Date,
}

pub async fn facts(case: &mut CaseAccess<ReadCase>) -> Result<Facts> {
    let (id, today) = (case.head().id, case.desk().clock().today());
    let row = sqlx::query!(
        r#"select u.name as unit, (select d.name from district d where d.id = c.home_district_id) as district,
                  c.municipality_basis as "basis: ResponsibilityBasis", c.needs_profile as "needs: NeedsProfile",
                  c.protection_level as "protection: ProtectionLevel", c.close_reason as "close_reason: CloseReason",
                  (select e.reference from case_file e where e.id = c.earlier_case_id) as earlier,
                  c.economy_pseudonym as pseudonym, c.has_children as "has_children: HasChildren",
                  rest.reason as "rests?: DormantReason", rest.review_on as "review_on?",
                  $2::date + sec.setting_int('placement_ending_warning_days', $2) as "ends_by!"
           from case_file c join org_unit u on u.id = c.owner_unit_id
           left join case_dormancy rest on rest.case_id = c.id and rest.ended_at is null where c.id = $1"#,
        id,
        today
    )
    .fetch_one(case.read())
    .await?;
    Ok(Facts {
        unit: row.unit,
        district: row.district,
        basis: row.basis,
        needs: row.needs,
        protection: row.protection,
        close_reason: row.close_reason,
        earlier: row.earlier,
        pseudonym: row.pseudonym,
        has_children: row.has_children,
        rests: row.rests.zip(row.review_on),
        ends_by: row.ends_by,
    })
}

/// A follow-up that is to be held.
#[derive(Debug, Clone, Copy)]
pub struct Coming {
    pub id: Uuid,
    pub kind: FollowUpKind,
    pub planned_on: Date,
}

/// Which kinds of plan are in force, and what is to be followed up by the day; in one question, since every overview asks.
pub async fn planning(case: &mut CaseAccess<ReadPlans>, until: Date) -> Result<(Vec<PlanKind>, Vec<Coming>)> {
    let id = case.head().id;
    let rows = sqlx::query!(
        r#"select p.kinds as "kinds!", f.id as "id?", f.kind as "kind?: FollowUpKind", f.planned_on as "planned_on?"
           from (select coalesce(array_agg(kind::text), '{}') as kinds from plan
                 where case_id = $1 and status = 'active') p
           left join follow_up f on f.case_id = $1 and f.held_on is null and f.cancelled_on is null and f.planned_on <= $2
           order by f.planned_on, f.number"#,
        id,
        until
    )
    .fetch_all(case.read())
    .await?;
    let kinds = rows.first().map(|row| row.kinds.iter().filter_map(|code| PlanKind::parse(code)).collect());
    let coming =
        rows.iter().filter_map(|row| Some(Coming { id: row.id?, kind: row.kind?, planned_on: row.planned_on? }));
    Ok((kinds.unwrap_or_default(), coming.collect()))
}

/// What the overview says before anything else.
pub enum Pressing {
    Deviation(OpenDeviation),
    /// The day by which the next check should have been made.
    LateCheck(Date),
    /// An internal request, and the day by which it should have been answered.
    LateAnswer(Uuid, Date),
    /// A consent, and its last day.
    EndingConsent(Uuid, ConsentKind, Date),
}

/// A deviation that is open, without its texts.
pub struct OpenDeviation {
    pub id: Uuid,
    pub category: DeviationCategory,
    pub severity: DeviationSeverity,
    pub status: DeviationStatus,
    pub reported_on: Date,
}

/// Open deviations, the check that is late and answers that are: in one question, as the overview has many to ask.
pub async fn pressing(case: &mut CaseAccess<ReadDeviations>) -> Result<Vec<Pressing>> {
    let (id, today, checks) = (case.head().id, case.desk().clock().today(), case.may::<ReadChecks>());
    let (requests, consents) = (case.may::<ReadMeetings>(), case.may::<ReadConsents>());
    let rows = sqlx::query!(
        r#"select id as "id?", category as "category?: DeviationCategory", severity as "severity?: DeviationSeverity",
                  status as "status?: DeviationStatus", reported_on as "day!", null::consent_kind as "consent?: ConsentKind"
           from deviation where case_id = $1 and status <> 'closed'
           union all
           select null, null, null, null, due_on, null from check_due where case_id = $1 and due_on < $2 and $3
           union all
           select id, null, null, null, answer_due_on, null from internal_request
           where case_id = $1 and answered_on is null and answer_due_on < $2 and $4
           union all
           select id, null, null, null, valid_to, kind from consent_ending($2) where case_id = $1 and $5
           order by 5"#,
        id,
        today,
        checks,
        requests,
        consents
    )
    .fetch_all(case.read())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| match (row.id, row.category, row.severity, row.status) {
            (Some(id), Some(category), Some(severity), Some(status)) => {
                Pressing::Deviation(OpenDeviation { id, category, severity, status, reported_on: row.day })
            }
            (Some(id), ..) => match row.consent {
                Some(kind) => Pressing::EndingConsent(id, kind, row.day),
                None => Pressing::LateAnswer(id, row.day),
            },
            (None, ..) => Pressing::LateCheck(row.day),
        })
        .collect())
}
