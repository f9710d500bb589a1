//! SQL about broken glasses. The database finds the case, decides whether it opens, tells those who have to know, and lets
//! the hour end.

use uuid::Uuid;

use super::model::{Figure, Glass, NewGlass, NewReview, Review, review_due};
use super::{REVIEW_WORDS, WORDS};
use crate::access::Access;
use crate::access::right::{BreakGlass, CountGlasses, ListCases, ReadGlasses, ReviewGlass};
use crate::audit::{Event, Note};
use crate::crypto::seal::Sealed;
use crate::db::on_constraint;
use crate::error::{Error, Result};
use crate::identity::proof::Proof;
use crate::vocabulary::{BreakGlassReason, BreakGlassResult};

/// The longest list; what waits for a review stands first.
const AT_MOST: i64 = 200;

/// Whether one of the actor's own was not reviewed in time: then there is no other.
pub async fn is_suspended(access: &mut Access<BreakGlass>) -> Result<bool> {
    let today = access.desk().clock().today();
    let suspended =
        sqlx::query_scalar!(r#"select sec.glass_is_suspended($1) as "is!""#, today).fetch_one(access.read()).await?;
    access.shown(Note::of(Event::GlassesShown).with("suspended", suspended));
    Ok(suspended)
}

/// The case of one that the actor has broken with this form.
pub async fn broken(access: &mut Access<BreakGlass>, id: Uuid) -> Result<Option<String>> {
    let account = access.desk().actor().account;
    Ok(sqlx::query_scalar!("select reference from break_glass where id = $1 and account_id = $2", id, account)
        .fetch_optional(access.read())
        .await?)
}

/// A case that can be opened, or already is.
pub struct Behind {
    pub case: Uuid,
    pub reference: String,
    pub is_reached: bool,
}

/// What stands behind the glass. Nothing where there is nothing, or where it is not for the actor: the log says which of
/// the two it was to nobody.
pub async fn behind(access: &mut Access<BreakGlass>, new: &NewGlass) -> Result<Option<Behind>> {
    let today = access.desk().clock().today();
    let found = sqlx::query_as!(
        Behind,
        r#"select case_id as "case!", reference as "reference!", is_reached as "is_reached!"
           from sec.glass_for($1, $2, $3)"#,
        new.reference,
        new.number_blind,
        today
    )
    .fetch_optional(access.read())
    .await?;
    if found.is_none() {
        access.shown(Note::of(Event::GlassRefused).with("term", new.hash.as_str()));
    }
    Ok(found)
}

/// Breaks it; false where it does not open any more.
pub async fn break_it(access: &mut Access<BreakGlass>, new: &NewGlass, case: Uuid, _: Proof) -> Result<bool> {
    let today = access.desk().clock().today();
    let words = access.desk().keys().seal(WORDS.at(new.id), &new.words)?;
    let opened = sqlx::query_scalar!(
        "select sec.break_glass($1, $2, $3, $4, $5, $6)",
        new.id,
        case,
        new.reason as BreakGlassReason,
        words as Sealed,
        review_due(today),
        today
    )
    .fetch_one(access.write(Event::GlassBroken, Some(case)).await?)
    .await
    .map_err(|error| on_constraint(error, "break_glass_pkey", Error::Stale))?;
    Ok(opened.is_some())
}

/// Those that the actor may see, on the trail: those that wait first, the most pressing before the others.
pub async fn list(access: &mut Access<ReadGlasses>) -> Result<Vec<Glass>> {
    let glasses = some(access, None, true).await?;
    access.shown(Note::of(Event::GlassesShown).with("count", glasses.len()));
    Ok(glasses)
}

/// Those that wait for a review and are somebody else's.
pub async fn waiting(access: &mut Access<ReadGlasses>) -> Result<Vec<Glass>> {
    let glasses = some(access, None, false).await?;
    // Min dag says what else it showed, to those who have cases.
    if !glasses.is_empty() || !access.may::<ListCases>() {
        access.shown(Note::of(Event::GlassesShown).with("count", glasses.len()));
    }
    Ok(glasses)
}

pub async fn get(access: &mut Access<ReadGlasses>, id: Uuid) -> Result<Glass> {
    let glass = some(access, Some(id), true).await?.pop().ok_or(Error::NotFound)?;
    access.shown(Note::of(Event::GlassesShown).with("glass", id.to_string()));
    Ok(glass)
}

async fn some(access: &mut Access<ReadGlasses>, id: Option<Uuid>, also_done: bool) -> Result<Vec<Glass>> {
    let account = access.desk().actor().account;
    let rows = sqlx::query!(
        r#"select g.id, g.reference, g.account_id, n.display_name as name, g.reason as "reason: BreakGlassReason",
                  g.words as "words: Sealed", g.opened_at, g.expires_at, g.review_due_on, g.reviewed_by, g.reviewed_at,
                  r.display_name as "reviewer?", g.result as "result: BreakGlassResult",
                  g.review_words as "review_words: Sealed"
           from break_glass g
           join account n on n.id = g.account_id
           left join account r on r.id = g.reviewed_by
           where ($1::uuid is null or g.id = $1) and ($2 or (g.reviewed_at is null and g.account_id <> $3))
           order by g.reviewed_at desc nulls first, g.review_due_on, g.id limit $4"#,
        id,
        also_done,
        account,
        AT_MOST
    )
    .fetch_all(access.read())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Glass {
            id: row.id,
            reference: row.reference,
            account: row.account_id,
            name: row.name,
            reason: row.reason,
            words: row.words,
            opened_at: row.opened_at,
            expires_at: row.expires_at,
            review_due_on: row.review_due_on,
            review: match (row.reviewed_by, row.reviewed_at, row.result, row.review_words) {
                (Some(by), Some(at), Some(result), Some(words)) => {
                    Some(Review { by, name: row.reviewer.unwrap_or_default(), at, result, words })
                }
                _ => None,
            },
        })
        .collect())
}

/// Says whether it was right. False when somebody has said it before, or it is the actor's own.
pub async fn review(access: &mut Access<ReviewGlass>, glass: &Glass, new: &NewReview) -> Result<bool> {
    let desk = access.desk();
    let (account, now) = (desk.actor().account, desk.clock().now());
    let words = desk.keys().seal(REVIEW_WORDS.at(glass.id), &new.words)?;
    let done = sqlx::query!(
        "update break_glass set reviewed_by = $2, reviewed_at = $3, result = $4, review_words = $5
         where id = $1 and reviewed_at is null and account_id <> $2",
        glass.id,
        account,
        now,
        new.result as BreakGlassResult,
        words as Sealed
    )
    .execute(access.write(Event::GlassReviewed, None).await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How often cases of the actor's unit were opened in an emergency, the latest month first.
pub async fn figures(access: &mut Access<CountGlasses>) -> Result<Vec<Figure>> {
    let figures = sqlx::query_as!(
        Figure,
        r#"select month as "month!", reason as "reason!: BreakGlassReason", unit as "unit!", times as "times!",
                  justified as "justified!", unjustified as "unjustified!", waiting as "waiting!"
           from sec.glass_figures()"#
    )
    .fetch_all(access.read())
    .await?;
    access.shown(Note::of(Event::GlassesCounted).with("count", figures.len()));
    Ok(figures)
}
