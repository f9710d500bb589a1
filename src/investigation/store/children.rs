//! SQL about the children: whether there are any, and each of them as the investigation sees it.

use time::Date;
use uuid::Uuid;

use crate::access::CaseAccess;
use crate::access::right::{Investigate, ReadInvestigations, Right, SeesCase};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result};
use crate::investigation::model::{Child, NewChild, RemovedChild};
use crate::investigation::{
    BEST_INTEREST, CHILD_LABEL, CHILD_REMOVE_REASON, CONCERN_TO_UNIT, CONTACT_PLAN, EFFECT, NOT_HEARD_REASON,
};
use crate::vocabulary::{ChildAnswer, HasChildren};

/// A row as it is read.
struct Row {
    id: Uuid,
    investigation_id: Option<Uuid>,
    placement_id: Option<Uuid>,
    placement: Option<i32>,
    number: i32,
    label: Sealed,
    birth_year: i32,
    informed: ChildAnswer,
    heard: ChildAnswer,
    not_heard_reason: Option<Sealed>,
    effect: Sealed,
    best_interest: Sealed,
    contact_plan: Option<Sealed>,
    concern_report_needed: bool,
    concern_made_on: Option<Date>,
    concern_to_unit: Option<Sealed>,
    saver: String,
    saved_on: Date,
    removed_on: Option<Date>,
    remover: Option<String>,
    remove_reason: Option<Sealed>,
    version: i32,
}

impl Row {
    fn removed(&self) -> Option<RemovedChild> {
        let (on, by, reason) = (self.removed_on?, self.remover.clone()?, self.remove_reason.clone()?);
        Some(RemovedChild { id: self.id, investigation: self.investigation_id, on, by, reason })
    }
}

impl From<Row> for Child {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            investigation: row.investigation_id,
            at: row.placement_id,
            placement: row.placement,
            number: row.number,
            label: row.label,
            birth_year: row.birth_year,
            informed: row.informed,
            heard: row.heard,
            not_heard_reason: row.not_heard_reason,
            effect: row.effect,
            best_interest: row.best_interest,
            contact_plan: row.contact_plan,
            concern_report_needed: row.concern_report_needed,
            concern: row.concern_made_on.zip(row.concern_to_unit),
            saver: row.saver,
            saved_on: row.saved_on,
            version: row.version,
        }
    }
}

/// Whether there are children, and all that the case's investigations have seen.
#[derive(Debug, Clone)]
pub struct Children {
    pub known: HasChildren,
    pub seen: Vec<Child>,
    pub removed: Vec<RemovedChild>,
}

impl Children {
    /// Those of an investigation.
    pub fn of(&self, investigation: Uuid) -> Vec<Child> {
        self.seen.iter().filter(|child| child.investigation == Some(investigation)).cloned().collect()
    }
}

pub async fn list(case: &mut CaseAccess<ReadInvestigations>) -> Result<Children> {
    let case_id = case.head().id;
    let known =
        sqlx::query_scalar!(r#"select has_children as "known: HasChildren" from case_file where id = $1"#, case_id)
            .fetch_one(case.read())
            .await?;
    let rows = sqlx::query_as!(
        Row,
        r#"select p.id, p.investigation_id, p.placement_id,
                  (select e.number from placement e where e.id = p.placement_id) as placement, p.number, p.label as "label: Sealed", p.birth_year,
                  p.informed as "informed: ChildAnswer", p.heard as "heard: ChildAnswer",
                  p.not_heard_reason as "not_heard_reason: Sealed", p.effect as "effect: Sealed",
                  p.best_interest as "best_interest: Sealed", p.contact_plan as "contact_plan: Sealed",
                  p.concern_report_needed, p.concern_made_on, p.concern_to_unit as "concern_to_unit: Sealed",
                  a.display_name as saver, p.saved_on, p.removed_on,
                  (select r.display_name from account r where r.id = p.removed_by) as remover,
                  p.remove_reason as "remove_reason: Sealed", p.version
           from child_perspective p join account a on a.id = p.saved_by
           left join investigation i on i.id = p.investigation_id
           where p.case_id = $1 order by i.number desc nulls first, p.placement_id is null, p.saved_on desc, p.number"#,
        case_id
    )
    .fetch_all(case.read())
    .await?;
    let removed = rows.iter().filter_map(Row::removed).collect();
    let seen = rows.into_iter().filter(|row| row.removed_on.is_none()).map(Child::from).collect();
    Ok(Children { known, seen, removed })
}

/// The children, for work under another right.
pub async fn read<R: Right + SeesCase>(case: CaseAccess<R>) -> Result<(CaseAccess<R>, Children)> {
    let (case, children) = case.also::<ReadInvestigations, _>(list).await?;
    children.map(|children| (case, children)).ok_or(Error::NotFound)
}

/// Says whether there are children.
pub async fn answer(case: &mut CaseAccess<Investigate>, known: HasChildren) -> Result<()> {
    let case_id = case.head().id;
    sqlx::query!("update case_file set has_children = $2 where id = $1", case_id, known as HasChildren)
        .execute(case.write(Event::ChildrenAnswered).await?)
        .await?;
    Ok(())
}

/// The texts about a child, sealed where they will stand.
struct Texts {
    label: Sealed,
    not_heard_reason: Option<Sealed>,
    effect: Sealed,
    best_interest: Sealed,
    contact_plan: Option<Sealed>,
    concern_to_unit: Option<Sealed>,
}

fn seal(case: &CaseAccess<Investigate>, new: &NewChild) -> Result<Texts> {
    let keys = case.desk().keys();
    let optional =
        |column: Column, text: Option<&String>| text.map(|text| keys.seal(column.at(new.id), text)).transpose();
    Ok(Texts {
        label: keys.seal(CHILD_LABEL.at(new.id), &new.label)?,
        not_heard_reason: optional(NOT_HEARD_REASON, new.not_heard_reason.as_ref())?,
        effect: keys.seal(EFFECT.at(new.id), &new.effect)?,
        best_interest: keys.seal(BEST_INTEREST.at(new.id), &new.best_interest)?,
        contact_plan: optional(CONTACT_PLAN, new.contact_plan.as_ref())?,
        concern_to_unit: optional(CONCERN_TO_UNIT, new.concern.as_ref().map(|(_, unit)| unit))?,
    })
}

/// In what a child is seen.
#[derive(Debug, Clone, Copy)]
pub enum Seen {
    In(Uuid),
    AtPlacement(Uuid),
}

/// Adds a child on the day. From then on there are children in the case.
pub async fn add(case: &mut CaseAccess<Investigate>, seen: Seen, new: &NewChild, on: Date) -> Result<()> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let texts = seal(case, new)?;
    let work = case.write(Event::ChildSeen).await?;
    sqlx::query!("update case_file set has_children = 'yes' where id = $1 and has_children <> 'yes'", case_id)
        .execute(&mut *work)
        .await?;
    let (investigation, placement) = match seen {
        Seen::In(investigation) => (Some(investigation), None),
        Seen::AtPlacement(placement) => (None, Some(placement)),
    };
    // Two who add at the same moment get their numbers one after the other.
    sqlx::query_scalar!("select id from case_file where id = $1 for no key update", case_id)
        .fetch_one(&mut *work)
        .await?;
    sqlx::query!(
        "insert into child_perspective (id, investigation_id, case_id, number, label, birth_year, informed, heard,
           not_heard_reason, effect, best_interest, contact_plan, concern_report_needed, concern_made_on, concern_to_unit,
           saved_by, saved_on, placement_id)
         values ($1, $2, $3, (select coalesce(max(number), 0) + 1 from child_perspective
                              where investigation_id = $2 or placement_id = $17), $4, $5,
           $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        new.id,
        investigation,
        case_id,
        texts.label as Sealed,
        new.birth_year,
        new.informed as ChildAnswer,
        new.heard as ChildAnswer,
        texts.not_heard_reason as Option<Sealed>,
        texts.effect as Sealed,
        texts.best_interest as Sealed,
        texts.contact_plan as Option<Sealed>,
        new.concern_report_needed,
        new.concern.as_ref().map(|(day, _)| *day),
        texts.concern_to_unit as Option<Sealed>,
        actor,
        on,
        placement
    )
    .execute(work)
    .await?;
    Ok(())
}

/// Writes about a child anew. False when somebody else has.
pub async fn change(case: &mut CaseAccess<Investigate>, new: &NewChild, version: i32) -> Result<bool> {
    let (case_id, actor, today) = (case.head().id, case.desk().actor().account, case.desk().clock().today());
    let texts = seal(case, new)?;
    let changed = sqlx::query!(
        "update child_perspective set label = $4, birth_year = $5, informed = $6, heard = $7, not_heard_reason = $8,
           effect = $9, best_interest = $10, contact_plan = $11, concern_report_needed = $12, concern_made_on = $13,
           concern_to_unit = $14, saved_by = $15, saved_on = $16, version = version + 1
         where id = $1 and case_id = $2 and version = $3",
        new.id,
        case_id,
        version,
        texts.label as Sealed,
        new.birth_year,
        new.informed as ChildAnswer,
        new.heard as ChildAnswer,
        texts.not_heard_reason as Option<Sealed>,
        texts.effect as Sealed,
        texts.best_interest as Sealed,
        texts.contact_plan as Option<Sealed>,
        new.concern_report_needed,
        new.concern.as_ref().map(|(day, _)| *day),
        texts.concern_to_unit as Option<Sealed>,
        actor,
        today
    )
    .execute(case.write(Event::ChildSeen).await?)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Registers that a report of concern was made, also when the investigation has been put down in the meantime.
pub async fn report(
    case: &mut CaseAccess<Investigate>,
    child: Uuid,
    (made_on, to_unit): (Date, &str),
    version: i32,
) -> Result<bool> {
    let (case_id, actor, today) = (case.head().id, case.desk().actor().account, case.desk().clock().today());
    let to_unit = case.desk().keys().seal(CONCERN_TO_UNIT.at(child), to_unit)?;
    let reported = sqlx::query!(
        "update child_perspective set concern_made_on = $4, concern_to_unit = $5, saved_by = $6, saved_on = $7,
           version = version + 1
         where id = $1 and case_id = $2 and version = $3 and concern_report_needed and concern_made_on is null",
        child,
        case_id,
        version,
        made_on,
        to_unit as Sealed,
        actor,
        today
    )
    .execute(case.write(Event::ConcernReported).await?)
    .await?;
    Ok(reported.rows_affected() == 1)
}

/// Takes a child that was written in by mistake out of sight. False when somebody else has changed it meanwhile.
pub async fn remove(case: &mut CaseAccess<Investigate>, child: Uuid, version: i32, reason: &str) -> Result<bool> {
    let (case_id, actor, today) = (case.head().id, case.desk().actor().account, case.desk().clock().today());
    let reason = case.desk().keys().seal(CHILD_REMOVE_REASON.at(child), reason)?;
    let removed = sqlx::query!(
        "update child_perspective set removed_on = $4, removed_by = $5, remove_reason = $6, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and removed_on is null",
        child,
        case_id,
        version,
        today,
        actor,
        reason as Sealed
    )
    .execute(case.write(Event::ChildRemoved).await?)
    .await?;
    Ok(removed.rows_affected() == 1)
}

/// Whether the placement is one that the person has moved to.
pub async fn has_moved(case: &mut CaseAccess<Investigate>, placement: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from placement where id = $1 and case_id = $2 and status in ('active', 'ended')) as "is!""#,
        placement,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}
