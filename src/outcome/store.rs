//! SQL about outcomes. Whether somebody may be followed after closing is asked anew each time.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::model::{Figures, NewOutcome, Outcome};
use crate::access::CaseAccess;
use crate::access::right::{FollowOutcome, ReadOutcomes, RecordOutcome, Right, SeesCase};
use crate::audit::Event;
use crate::error::{Error, Result, constraint};
use crate::vocabulary::{
    ChildContact, ConsentKind, ExitStatus, OutcomeHousing, OutcomeIncome, OutcomeMoment, OutcomeOccupation,
    OutcomeSubstance, RelapseCrime, RelapseSource,
};

/// A row as it is read.
struct Row {
    id: Uuid,
    moment: OutcomeMoment,
    known_on: Date,
    exit: ExitStatus,
    housing: OutcomeHousing,
    income: OutcomeIncome,
    occupation: OutcomeOccupation,
    substance: OutcomeSubstance,
    relapse: RelapseCrime,
    relapse_source: Option<RelapseSource>,
    helps_others: bool,
    children: ChildContact,
    own_assessment: Option<i32>,
    recorder: String,
    recorded_at: OffsetDateTime,
}

impl From<Row> for Outcome {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            moment: row.moment,
            known_on: row.known_on,
            figures: Figures {
                exit: row.exit,
                housing: row.housing,
                income: row.income,
                occupation: row.occupation,
                substance: row.substance,
                relapse: row.relapse,
                relapse_source: row.relapse_source,
                helps_others: row.helps_others,
                children: row.children,
                own_assessment: row.own_assessment,
            },
            recorder: row.recorder,
            recorded_at: row.recorded_at,
        }
    }
}

/// All of them, the latest moment first; of each moment the first counts.
pub async fn list(case: &mut CaseAccess<ReadOutcomes>) -> Result<Vec<Outcome>> {
    let id = case.head().id;
    let rows = sqlx::query_as!(
        Row,
        r#"select o.id, o.moment as "moment: OutcomeMoment", o.known_on, o.exit as "exit: ExitStatus",
                  o.housing as "housing: OutcomeHousing", o.income as "income: OutcomeIncome",
                  o.occupation as "occupation: OutcomeOccupation", o.substance as "substance: OutcomeSubstance",
                  o.relapse as "relapse: RelapseCrime", o.relapse_source as "relapse_source: RelapseSource", o.helps_others,
                  o.children as "children: ChildContact", o.own_assessment, a.display_name as recorder, o.recorded_at
           from case_outcome o join account a on a.id = o.recorded_by
           where o.case_id = $1 order by o.moment desc, o.recorded_at desc, o.id desc limit 200"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    Ok(rows.into_iter().map(Outcome::from).collect())
}

/// The consent to be followed that holds on the day, as things stand in this moment.
pub async fn consent(case: &mut CaseAccess<FollowOutcome>, day: Date) -> Result<Option<Uuid>> {
    let id = case.head().id;
    Ok(sqlx::query_scalar!("select consent_of_kind($1, $2, $3)", id, ConsentKind::AfterClosing as ConsentKind, day)
        .fetch_one(case.read())
        .await?)
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists<R: Right + SeesCase>(case: &mut CaseAccess<R>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    // The same form sent twice at the same moment: the second waits here.
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(case.read())
        .await?;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from case_outcome where id = $1 and case_id = $2) as "exists!""#,
        id,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

/// Records how it went, before the case is closed.
pub async fn record(case: &mut CaseAccess<RecordOutcome>, new: &NewOutcome) -> Result<()> {
    insert(case, Event::OutcomeRecorded, new, None).await
}

/// Records how it went afterwards, on the consent to be followed.
pub async fn follow(case: &mut CaseAccess<FollowOutcome>, new: &NewOutcome, consent: Uuid) -> Result<()> {
    insert(case, Event::OutcomeFollowed, new, Some(consent)).await
}

async fn insert<R: Right + SeesCase>(
    case: &mut CaseAccess<R>,
    event: Event,
    new: &NewOutcome,
    consent: Option<Uuid>,
) -> Result<()> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let figures = new.figures;
    sqlx::query!(
        "insert into case_outcome (id, case_id, moment, known_on, exit, housing, income, occupation, substance, relapse,
                                   relapse_source, helps_others, children, own_assessment, consent_id, recorded_by,
                                   recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        new.id,
        case_id,
        new.moment as OutcomeMoment,
        new.known_on,
        figures.exit as ExitStatus,
        figures.housing as OutcomeHousing,
        figures.income as OutcomeIncome,
        figures.occupation as OutcomeOccupation,
        figures.substance as OutcomeSubstance,
        figures.relapse as RelapseCrime,
        figures.relapse_source as Option<RelapseSource>,
        figures.helps_others,
        figures.children as ChildContact,
        figures.own_assessment,
        consent,
        actor,
        now
    )
    .execute(case.write(event).await?)
    .await
    .map_err(|error| match constraint(&error) {
        // An id that is taken belongs to an outcome in another case: nobody's fault but a forger's.
        Some("case_outcome_pkey") => Error::NotFound,
        Some("case_outcome_moment" | "case_outcome_consented") => Error::Stale,
        _ => error.into(),
    })?;
    Ok(())
}
