//! SQL about assessments of motivation: the chain, and the next in it.

use uuid::Uuid;

use super::model::{Assessment, NewAssessment};
use crate::access::CaseAccess;
use crate::access::right::{AssessMotivation, ReadMotivation};
use crate::audit::Event;
use crate::crypto::seal::{Column, Sealed};
use crate::error::Result;
use crate::vocabulary::MotivationStage;

pub const OWN_WORDS: Column = Column("motivation_assessment.own_words");
pub const OBSTACLES: Column = Column("motivation_assessment.obstacles");
pub const RESOURCES: Column = Column("motivation_assessment.resources");

/// All of the case's, the newest first.
pub async fn list(case: &mut CaseAccess<ReadMotivation>) -> Result<Vec<Assessment>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Assessment,
        r#"select m.id, m.number, m.assessed_on, m.stage as "stage: MotivationStage", m.own_words as "own_words: Sealed",
                  m.obstacles as "obstacles: Sealed", m.resources as "resources: Sealed", a.display_name as assessor
           from motivation_assessment m join account a on a.id = m.assessor
           where m.case_id = $1 order by m.number desc"#,
        id
    )
    .fetch_all(case.read())
    .await?)
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<AssessMotivation>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from motivation_assessment where id = $1 and case_id = $2) as "exists!""#,
        id,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

/// Signs an assessment, as the next in the chain.
pub async fn sign(case: &mut CaseAccess<AssessMotivation>, new: &NewAssessment) -> Result<()> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let keys = case.desk().keys();
    let sealed = |column: Column, text: &Option<String>| {
        text.as_deref().map(|text| keys.seal(column.at(new.id), text)).transpose()
    };
    let own_words = sealed(OWN_WORDS, &new.own_words)?;
    let obstacles = sealed(OBSTACLES, &new.obstacles)?;
    let resources = sealed(RESOURCES, &new.resources)?;
    let work = case.write(Event::MotivationAssessed).await?;
    // The number is the next one also when two are signed at once.
    sqlx::query_scalar!("select id from case_file where id = $1 for no key update", case_id)
        .fetch_one(&mut *work)
        .await?;
    sqlx::query!(
        "insert into motivation_assessment (id, case_id, number, assessed_on, stage, own_words, obstacles, resources, assessor)
         values ($1, $2, (select coalesce(max(number), 0) + 1 from motivation_assessment where case_id = $2), $3, $4, $5, $6,
           $7, $8)",
        new.id,
        case_id,
        new.assessed_on,
        new.stage as MotivationStage,
        own_words as Option<Sealed>,
        obstacles as Option<Sealed>,
        resources as Option<Sealed>,
        actor
    )
    .execute(work)
    .await?;
    Ok(())
}
