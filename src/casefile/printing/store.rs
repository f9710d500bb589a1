//! SQL about prints: keeping them, and what a print needs of all rows of a kind at once, which no page does.

use std::collections::HashMap;

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::form::NewPrint;
use crate::access::CaseAccess;
use crate::access::right::{PrintCase, ReadDecisions, ReadDeviations, ReadInvestigations, ReadMeetings, ReadPlans};
use crate::audit::{Event, Note};
use crate::crypto::seal::{Column, Sealed};
use crate::db::on_constraint;
use crate::decision::model::Correction;
use crate::deviation::model::Step;
use crate::error::{Error, Result};
use crate::follow_up::store::GoalFollowed;
use crate::identity::proof::Proof;
use crate::investigation::{AreaAssessment, AreaTexts};
use crate::vocabulary::{
    ConsentRecipient, DeviationStatus, DisclosureGround, GoalResult, MeetingStatus, PrintPart, PrintPurpose,
    SupportArea, SupportNeed,
};

pub(super) const NOTE: Column = Column("case_print.note");

/// How many earlier prints are shown.
const SHOWN: i64 = 20;

/// A print that was made.
pub(super) struct Printed {
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub by: String,
    pub parts: Vec<PrintPart>,
    pub from_day: Option<Date>,
    pub to_day: Option<Date>,
    pub purpose: PrintPurpose,
    pub note: Option<Sealed>,
    pub row_count: i32,
}

/// The latest first.
pub(super) async fn list(case: &mut CaseAccess<PrintCase>) -> Result<Vec<Printed>> {
    let id = case.head().id;
    let prints = sqlx::query_as!(
        Printed,
        r#"select p.id, p.printed_at as at, a.display_name as by, p.parts as "parts: Vec<PrintPart>", p.from_day, p.to_day,
                  p.purpose as "purpose: PrintPurpose", p.note as "note: Sealed", p.row_count
           from case_print p join account a on a.id = p.printed_by
           where p.case_id = $1 order by p.printed_at desc, p.id desc limit $2"#,
        id,
        SHOWN
    )
    .fetch_all(case.read())
    .await?;
    case.shown(Note::of(Event::PrintsShown).with("count", prints.len()));
    Ok(prints)
}

/// Keeps and logs what is about to be shown. The same form sent once more is the same print, shown once more; with other
/// choices it is another.
pub(super) async fn record(case: &mut CaseAccess<PrintCase>, new: &NewPrint, rows: usize, _: Proof) -> Result<()> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let count = i32::try_from(rows).map_err(Error::internal)?;
    // The same form sent twice at the same moment: the second waits here.
    sqlx::query_scalar!(
        r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#,
        new.id
    )
    .fetch_one(case.read())
    .await?;
    let known = sqlx::query_scalar!(
        r#"select printed_by = $3 and parts = $4 and purpose = $5 and from_day is not distinct from $6
                  and to_day is not distinct from $7 as "same!"
           from case_print where id = $1 and case_id = $2"#,
        new.id,
        case_id,
        actor,
        &new.parts as &[PrintPart],
        new.purpose as PrintPurpose,
        new.days.from,
        new.days.to
    )
    .fetch_optional(case.read())
    .await?;
    let id = if known == Some(false) { Uuid::now_v7() } else { new.id };
    let parts: Vec<_> = new.parts.iter().map(|part| part.code()).collect();
    let event = Note::of(Event::CasePrinted)
        .with("print", id.to_string())
        .with("parts", parts.join(" "))
        .with("purpose", new.purpose.code())
        .with("rows", rows);
    if known == Some(true) {
        case.shown(event.with("again", true));
        return Ok(());
    }
    let note = new.note.as_deref().map(|note| case.desk().keys().seal(NOTE.at(id), note)).transpose()?;
    sqlx::query!(
        "insert into case_print (id, case_id, parts, from_day, to_day, purpose, note, row_count, printed_by, printed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id,
        case_id,
        &new.parts as &[PrintPart],
        new.days.from,
        new.days.to,
        new.purpose as PrintPurpose,
        note as Option<Sealed>,
        count,
        actor,
        now
    )
    .execute(case.look(event).await?)
    .await
    // An id that is taken belongs to a print of another case: nobody's fault but a forger's.
    .map_err(|error| on_constraint(error, "case_print_pkey", Error::NotFound))?;
    Ok(())
}

/// The newest correction of each decision.
pub(super) async fn corrections(case: &mut CaseAccess<ReadDecisions>) -> Result<HashMap<Uuid, Correction>> {
    let id = case.head().id;
    let rows = sqlx::query!(
        r#"select distinct on (c.decision_id) c.decision_id, c.id, c.number, c.applied_for as "applied_for: Sealed",
                  c.scope as "scope: Sealed", c.reasons as "reasons: Sealed", c.why as "why: Sealed", c.text_hash,
                  a.display_name as made_by, c.made_at
           from decision_correction c join account a on a.id = c.made_by
           where c.case_id = $1 order by c.decision_id, c.number desc"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    let corrections = rows.into_iter().map(|row| {
        let correction = Correction {
            id: row.id,
            number: row.number,
            applied_for: row.applied_for,
            scope: row.scope,
            reasons: row.reasons,
            why: row.why,
            text_hash: row.text_hash,
            made_by: row.made_by,
            made_at: row.made_at,
        };
        (row.decision_id, correction)
    });
    Ok(corrections.collect())
}

/// The areas of the newest assessment of support in each investigation.
pub(super) async fn areas(
    case: &mut CaseAccess<ReadInvestigations>,
) -> Result<HashMap<Uuid, Vec<AreaAssessment<Sealed>>>> {
    let id = case.head().id;
    let rows = sqlx::query!(
        r#"select s.investigation_id, a.id, a.area as "area: SupportArea", a.need as "need: SupportNeed",
                  a.facts as "facts: Sealed", a.person_view as "person_view: Sealed", a.assessment as "assessment: Sealed",
                  a.proposed_intervention as "proposed: Sealed"
           from support_assessment s join support_area_assessment a on a.support_id = s.id
           where s.case_id = $1 and not exists (select from support_assessment n
             where n.investigation_id = s.investigation_id and n.number > s.number)
           order by a.area"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    let mut areas: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let texts = AreaTexts {
            facts: row.facts,
            person_view: row.person_view,
            assessment: row.assessment,
            proposed: row.proposed,
        };
        let area = AreaAssessment { id: row.id, area: row.area, need: row.need, texts };
        areas.entry(row.investigation_id).or_default().push(area);
    }
    Ok(areas)
}

/// What became of the goals, by follow-up.
pub(super) async fn results(case: &mut CaseAccess<ReadPlans>) -> Result<HashMap<Uuid, Vec<GoalFollowed>>> {
    let id = case.head().id;
    let rows = sqlx::query!(
        r#"select r.follow_up_id, g.id as goal, g.goal as "text: Sealed", g.target_on, r.result as "result: GoalResult"
           from follow_up_goal r join plan_goal g on g.id = r.goal_id
           where r.case_id = $1 order by g.plan_id, g.number"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    let mut results: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let result = GoalFollowed { goal: row.goal, text: row.text, target_on: row.target_on, result: row.result };
        results.entry(row.follow_up_id).or_default().push(result);
    }
    Ok(results)
}

/// What was done about deviations, by deviation, the first first.
pub(super) async fn steps(case: &mut CaseAccess<ReadDeviations>) -> Result<HashMap<Uuid, Vec<Step>>> {
    let id = case.head().id;
    let rows = sqlx::query!(
        r#"select s.deviation_id, s.id, s.number, s.status as "status: DeviationStatus", s.text as "text: Sealed",
                  a.display_name as by, s.taken_at as at
           from deviation_step s join account a on a.id = s.taken_by
           where s.case_id = $1 order by s.number"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    let mut steps: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let step = Step { id: row.id, number: row.number, status: row.status, text: row.text, by: row.by, at: row.at };
        steps.entry(row.deviation_id).or_default().push(step);
    }
    Ok(steps)
}

/// A joint meeting with its texts.
pub(super) struct Met {
    pub id: Uuid,
    pub meets_at: OffsetDateTime,
    pub status: MeetingStatus,
    pub person_attends: bool,
    pub agenda: Sealed,
    pub minutes: Option<Sealed>,
    pub actions: Option<Sealed>,
    pub planner: String,
    pub colleagues: Option<String>,
}

/// The first first.
pub(super) async fn meetings(case: &mut CaseAccess<ReadMeetings>) -> Result<Vec<Met>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Met,
        r#"select m.id, m.meets_at, m.status as "status: MeetingStatus", m.person_attends, m.agenda as "agenda: Sealed",
                  m.minutes as "minutes: Sealed", m.actions as "actions: Sealed", p.display_name as planner,
                  (select string_agg(a.display_name, ', ' order by a.display_name)
                   from joint_meeting_colleague c join account a on a.id = c.account_id where c.meeting_id = m.id) as colleagues
           from joint_meeting m join account p on p.id = m.planned_by
           where m.case_id = $1 order by m.meets_at, m.id"#,
        id
    )
    .fetch_all(case.read())
    .await?)
}

/// Somebody from outside who came to a meeting, and on what ground they were told.
pub(super) struct Guest {
    pub id: Uuid,
    pub attendee: Sealed,
    pub recipient: ConsentRecipient,
    pub ground: DisclosureGround,
}

/// By meeting.
pub(super) async fn guests(case: &mut CaseAccess<ReadMeetings>) -> Result<HashMap<Uuid, Vec<Guest>>> {
    let id = case.head().id;
    let rows = sqlx::query!(
        r#"select g.meeting_id, g.id, g.attendee as "attendee: Sealed", g.recipient as "recipient: ConsentRecipient",
                  g.ground as "ground: DisclosureGround"
           from joint_meeting m join joint_meeting_guest g on g.meeting_id = m.id
           where m.case_id = $1 order by g.position"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    let mut guests: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let guest = Guest { id: row.id, attendee: row.attendee, recipient: row.recipient, ground: row.ground };
        guests.entry(row.meeting_id).or_default().push(guest);
    }
    Ok(guests)
}
