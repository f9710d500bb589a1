//! SQL about the areas of support: all versions of an investigation, and the next one.

use time::Date;
use uuid::Uuid;

use crate::access::CaseAccess;
use crate::access::right::{Investigate, ReadInvestigations, Right, SeesCase};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::db::on_constraint;
use crate::error::{Error, Result};
use crate::investigation::model::is_to_be_seen;
use crate::investigation::{ASSESSMENT, AreaAssessment, AreaTexts, FACTS, PERSON_VIEW, PROPOSED, SupportVersion};
use crate::vocabulary::{HasChildren, SupportArea, SupportNeed};

/// An area with the version that it stands in.
struct Row {
    version: Uuid,
    number: i32,
    saved_on: Date,
    saver: String,
    id: Uuid,
    area: SupportArea,
    need: SupportNeed,
    facts: Option<Sealed>,
    person_view: Sealed,
    assessment: Option<Sealed>,
    proposed: Option<Sealed>,
}

fn versions(rows: Vec<Row>) -> Vec<SupportVersion> {
    let mut versions: Vec<SupportVersion> = Vec::new();
    for row in rows {
        let texts = AreaTexts {
            facts: row.facts,
            person_view: row.person_view,
            assessment: row.assessment,
            proposed: row.proposed,
        };
        let area = AreaAssessment { id: row.id, area: row.area, need: row.need, texts };
        match versions.last_mut().filter(|version| version.id == row.version) {
            Some(version) => version.areas.push(area),
            None => versions.push(SupportVersion {
                id: row.version,
                number: row.number,
                saved_on: row.saved_on,
                saver: row.saver,
                areas: vec![area],
            }),
        }
    }
    versions
}

/// All versions of an investigation, the newest first.
pub async fn list(case: &mut CaseAccess<ReadInvestigations>, investigation: Uuid) -> Result<Vec<SupportVersion>> {
    let case_id = case.head().id;
    let rows = sqlx::query_as!(
        Row,
        r#"select s.id as version, s.number, s.saved_on, w.display_name as saver, a.id, a.area as "area: SupportArea",
                  a.need as "need: SupportNeed", a.facts as "facts: Sealed", a.person_view as "person_view: Sealed",
                  a.assessment as "assessment: Sealed", a.proposed_intervention as "proposed: Sealed"
           from support_assessment s join support_area_assessment a on a.support_id = s.id
           join account w on w.id = s.saved_by
           where s.investigation_id = $1 and s.case_id = $2 order by s.number desc, a.area"#,
        investigation,
        case_id
    )
    .fetch_all(case.read())
    .await?;
    Ok(versions(rows))
}

/// What the case's first page says, and nothing that is sealed.
#[derive(Debug, Clone)]
pub struct Standing {
    pub newest: Option<Newest>,
    /// Children for whom a report of concern is needed and not documented (A30).
    pub unreported: Vec<Uuid>,
    pub ongoing: Option<Ongoing>,
    pub has_children: HasChildren,
    /// The latest change of placement, while the children are not seen anew.
    pub moved: Option<Moved>,
}

/// A change of placement.
#[derive(Debug, Clone, Copy)]
pub struct Moved {
    pub placement: Uuid,
    pub number: i32,
    pub on: Date,
}

/// The investigation that goes on, with the days that it is held to.
#[derive(Debug, Clone, Copy)]
pub struct Ongoing {
    pub id: Uuid,
    pub number: i32,
    pub due_on: Date,
    /// From when it is spoken of.
    pub warned_on: Date,
    /// When the party has asked for a ruling.
    pub demanded_on: Option<Date>,
}

/// The newest version of the case, whichever investigation it belongs to.
#[derive(Debug, Clone)]
pub struct Newest {
    pub investigation: Uuid,
    pub saved_on: Date,
    pub saver: String,
    pub needs: Vec<(SupportArea, SupportNeed)>,
}

/// One statement: the first page asks for much already.
pub async fn standing(case: &mut CaseAccess<ReadInvestigations>) -> Result<Standing> {
    let (case_id, today) = (case.head().id, case.desk().clock().today());
    let row = sqlx::query!(
        r#"select array(select p.id from child_perspective p
                        where p.case_id = c.id and p.removed_on is null
                          and p.concern_report_needed and p.concern_made_on is null
                        order by p.id) as "unreported!",
                  s.investigation_id as "investigation?", s.saved_on as "saved_on?", s.display_name as "saver?",
                  array(select a.area::text from support_area_assessment a where a.support_id = s.id
                        order by a.area) as "areas!: Vec<String>",
                  array(select a.need::text from support_area_assessment a where a.support_id = s.id
                        order by a.area) as "needs!: Vec<String>",
                  o.id as "ongoing?", o.number as "number?", coalesce(o.extended_to, o.target_on) as due_on,
                  coalesce(o.extended_to, o.target_on)
                    - greatest(sec.setting_int('investigation_target_days_adult', $2)
                               - sec.setting_int('investigation_warning_days_adult', $2), 0) as warned_on,
                  o.party_demanded_ruling_on as "demanded_on?", c.has_children as "has_children: HasChildren",
                  m.id as "moved?", m.number as "moved_number?", m.day as "moved_on?",
                  (select count(*) from child_perspective s
                   where s.case_id = c.id and s.removed_on is null and s.saved_on >= m.day) as "seen_since!",
                  (select count(*) from relation r
                   where r.person_id = c.person_id and r.kind = 'child' and r.removed_on is null
                     and coalesce(r.valid_to, 'infinity') >= $2) as "children!"
           from case_file c
           left join lateral (
             select e.id, e.number, greatest(e.starts_on, case when e.actual_end_on <= $2 then e.actual_end_on end) as day
             from placement e where e.case_id = c.id and e.status in ('active', 'ended')
             order by 3 desc, e.number desc limit 1) m on true
           left join investigation o on o.case_id = c.id and o.status in ('ongoing', 'communicated')
           left join lateral (
             select v.id, v.investigation_id, v.saved_on, w.display_name
             from support_assessment v join account w on w.id = v.saved_by
             where v.case_id = c.id order by v.saved_on desc, v.saved_at desc, v.number desc limit 1) s on true
           where c.id = $1"#,
        case_id,
        today
    )
    .fetch_one(case.read())
    .await?;
    let needs = row.areas.iter().zip(&row.needs);
    let needs = needs.filter_map(|(area, need)| Some((SupportArea::parse(area)?, SupportNeed::parse(need)?))).collect();
    let newest = match (row.investigation, row.saved_on, row.saver) {
        (Some(investigation), Some(saved_on), Some(saver)) => Some(Newest { investigation, saved_on, saver, needs }),
        _ => None,
    };
    let ongoing = match (row.ongoing, row.number, row.due_on.zip(row.warned_on)) {
        (Some(id), Some(number), Some((due_on, warned_on))) => {
            Some(Ongoing { id, number, due_on, warned_on, demanded_on: row.demanded_on })
        }
        _ => None,
    };
    let moved = match (row.moved, row.moved_number, row.moved_on) {
        (Some(placement), Some(number), Some(on)) => Some(Moved { placement, number, on }),
        _ => None,
    };
    let moved = moved.filter(|_| is_to_be_seen(row.has_children, row.children, row.seen_since));
    Ok(Standing { newest, unreported: row.unreported, ongoing, has_children: row.has_children, moved })
}

/// All versions, for work under another right.
pub async fn read<R: Right + SeesCase>(
    case: CaseAccess<R>,
    investigation: Uuid,
) -> Result<(CaseAccess<R>, Vec<SupportVersion>)> {
    let read = async |case: &mut CaseAccess<ReadInvestigations>| list(case, investigation).await;
    let (case, all) = case.also::<ReadInvestigations, _>(read).await?;
    all.map(|all| (case, all)).ok_or(Error::NotFound)
}

/// Saves a version on the day, after the one that it was written from. `Stale` when somebody else was quicker.
pub async fn save(
    case: &mut CaseAccess<Investigate>,
    investigation: Uuid,
    id: Uuid,
    (after, on): (i32, Date),
    areas: &[AreaAssessment<String>],
) -> Result<()> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let keys = case.desk().keys();
    let (mut ids, mut codes, mut needs) = (Vec::new(), Vec::new(), Vec::new());
    let (mut facts, mut views, mut assessments, mut proposals) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for area in areas {
        let optional = |column: Column, text: &Option<String>| {
            text.as_deref().map(|text| keys.seal(column.at(area.id), text)).transpose()
        };
        let bytes = |sealed: Option<Sealed>| sealed.map(|sealed| sealed.as_bytes().to_vec());
        ids.push(area.id);
        codes.push(area.area.code().to_owned());
        needs.push(area.need.code().to_owned());
        facts.push(bytes(optional(FACTS, &area.texts.facts)?));
        views.push(keys.seal(PERSON_VIEW.at(area.id), &area.texts.person_view)?.as_bytes().to_vec());
        assessments.push(bytes(optional(ASSESSMENT, &area.texts.assessment)?));
        proposals.push(bytes(optional(PROPOSED, &area.texts.proposed)?));
    }
    let work = case.write(Event::SupportAssessed).await?;
    sqlx::query!(
        "insert into support_assessment (id, investigation_id, case_id, number, saved_on, saved_by)
         values ($1, $2, $3, $4, $5, $6)",
        id,
        investigation,
        case_id,
        after + 1,
        on,
        actor
    )
    .execute(&mut *work)
    .await
    .map_err(|error| on_constraint(error, "support_assessment_number", Error::Stale))?;
    sqlx::query!(
        r#"insert into support_area_assessment (id, support_id, case_id, area, need, facts, person_view, assessment,
             proposed_intervention)
           select a.id, $1, $2, a.area::support_area, a.need::support_need, a.facts, a.person_view, a.assessment, a.proposed
           from unnest($3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::bytea[], $8::bytea[], $9::bytea[])
             as a(id, area, need, facts, person_view, assessment, proposed)"#,
        id,
        case_id,
        &ids,
        &codes,
        &needs,
        &facts as &[Option<Vec<u8>>],
        &views,
        &assessments as &[Option<Vec<u8>>],
        &proposals as &[Option<Vec<u8>>]
    )
    .execute(work)
    .await?;
    Ok(())
}
