//! SQL over what others have left to the actor, in one statement: what the police or somebody else have told of, or have
//! not, and what waits for a second pair of eyes. Only what the actor may settle is told; the page behind the link asks
//! once more.

use time::Date;
use uuid::Uuid;

use super::{AT_MOST, listed};
use crate::access::right::{ListCases, RecordCommitteeDecision, Right, SettleThreat, SignDecision};
use crate::access::{Access, policy};
use crate::case::store::list::mine;
use crate::error::Result;
use crate::vocabulary::{DeviationCategory, DeviationSeverity};

#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(in crate::day) enum Left {
    /// A deviation that nobody has received.
    Deviation,
    /// A check that is late. It has no row of its own.
    Check,
    /// An internal request that nobody has answered.
    Request,
    /// A consent that ends soon, told to whoever is named in the case.
    Consent,
    /// A decision that the actor holds delegation for.
    Decide,
    /// A draft of theirs that was given back.
    Rewrite,
    /// A threat assessment that another has registered.
    Confirm,
    /// A colleague who asks to see a location together with the actor, within minutes.
    Together,
}

#[derive(Debug, Clone)]
pub(in crate::day) struct Told {
    pub id: Uuid,
    pub reference: String,
    pub left: Left,
    pub subject: Option<Uuid>,
    pub category: Option<DeviationCategory>,
    pub severity: Option<DeviationSeverity>,
    /// The decision's or the version's, and who wrote it or gave it back.
    pub number: Option<i32>,
    pub by: Option<String>,
    pub day: Date,
}

/// Deviations to receive, checks and answers that are late (A04, A25, A26), consents that end (A15), decisions to make,
/// assessments to confirm, and colleagues who wait for a second person at a location.
/// A decision is wanted today, and is late when it was to hold already; an assessment waits since it came in. Delegation is
/// asked of Postgres as if the decision were made today, with the same function that refuses the signature.
pub(in crate::day) async fn told(access: &mut Access<ListCases>) -> Result<Vec<Told>> {
    let today = access.desk().clock().today();
    let actor = access.desk().actor().clone();
    let mine = mine(access).await?;
    let may = |permission| policy::may_in_some_case(&actor, permission);
    let told = sqlx::query_as!(
        Told,
        r#"select c.id, c.reference, t.what as "left!: Left", t.subject as "subject?", t.category as "category?: DeviationCategory",
                  t.severity as "severity?: DeviationSeverity", t.number as "number?", a.display_name as "by?", t.day as "day!"
           from (
             (select case_id, 'deviation' as what, id as subject, category, severity, null::int as number, null::uuid as who,
                     acknowledge_by as day
              from deviation
              where status = 'reported' and ($3::uuid[] is null or case_id = any($3))
              order by acknowledge_by limit $2)
             union all
             (select case_id, 'check', null, null, null, null, null, due_on from check_due
              where due_on < $1 and ($3::uuid[] is null or case_id = any($3))
              order by due_on limit $2)
             union all
             (select r.case_id, 'request', r.id, null, null, null, null, r.answer_due_on from internal_request r
              where r.answered_on is null and r.answer_due_on < $1 and ($3::uuid[] is null or r.case_id = any($3))
                and exists (select 1 from case_file f where f.id = r.case_id and f.closed_on is null)
              order by r.answer_due_on limit $2)
             union all
             (select e.case_id, 'consent', e.id, null, null, null, null, e.valid_to from consent_ending($1) e
              where $3::uuid[] is not null and e.case_id = any($3)
              order by e.valid_to limit $2)
             union all
             (select d.case_id, 'decide', d.id, null, null, d.number, coalesce(d.sent_by, d.edited_by), least(d.from_day, $1)
              from decision d
              where d.status = 'for_approval' and $4 and ($3::uuid[] is null or d.case_id = any($3))
                and exists (select 1 from case_file f where f.id = d.case_id and f.closed_on is null)
                and case when d.maker = 'delegate' then exists (
                      select 1 from delegation_rule r
                      where r.role = $7::text::role_code and (not r.four_eyes or $6 not in (d.created_by, d.edited_by))
                        and delegation_reaches(r, jsonb_populate_record(d, jsonb_build_object('decided_on', $1::date))))
                    else $5 end
              order by d.from_day limit $2)
             union all
             (select d.case_id, 'rewrite', d.id, null, null, d.number, d.returned_by, least(d.from_day, $1)
              from decision d
              where d.status = 'draft' and d.returned_by is not null and d.created_by = $6
                and ($3::uuid[] is null or d.case_id = any($3))
                and exists (select 1 from case_file f where f.id = d.case_id and f.closed_on is null)
              order by d.from_day limit $2)
             union all
             (select h.case_id, 'confirm', h.id, null, null, h.version_no, h.registered_by, h.received_on
              from threat_assessment h
              where h.status = 'received' and h.registered_by <> $6 and $8 and ($3::uuid[] is null or h.case_id = any($3))
                and exists (select 1 from case_file f where f.id = h.case_id and f.closed_on is null)
              order by h.received_on limit $2)
             union all
             (select w.case_id, 'together', w.placement_id, null, null, null, w.account_id, $1 from vault.waiting() w)) t
           join case_file c on c.id = t.case_id
           left join account a on a.id = t.who
           order by t.what = 'together' desc, t.day, c.reference, t.what limit $2"#,
        today,
        AT_MOST,
        mine.as_deref(),
        may(SignDecision::PERMISSION),
        may(RecordCommitteeDecision::PERMISSION),
        actor.account,
        actor.role.code(),
        may(SettleThreat::PERMISSION)
    )
    .fetch_all(access.read())
    .await?;
    listed(access, told.iter().map(|one| one.id).collect());
    Ok(told)
}
