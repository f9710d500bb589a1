//! SQL that draws a month: what the rules need of the log and beside it, and what was drawn.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;
use sqlx::PgConnection;
use time::{Date, Duration, OffsetDateTime, Time};
use uuid::Uuid;

use crate::access::Access;
use crate::access::right::ReviewLog;
use crate::audit::Event;
use crate::crypto::keyring::KeyRing;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result, constraint};
use crate::log_review::draw::{Draw, Drawn, Seed};
use crate::log_review::ground::Ground;
use crate::log_review::model::{ReviewMonth, Trouble};
use crate::log_review::thresholds::{CLOCK_MAY_SLIP, GONE_FOR, SEALED_WITHIN};
use crate::log_review::trace::{Background, CaseFacts, Named, Reason, Trace};
use crate::personal::Personal;
use crate::vocabulary::AssignmentKind;

const FAMILY_NAME: Column = Column("person_identity.family_name");
const OPENING_REASON: Column = Column("vault.opening.reason");
const GLASS_WORDS: Column = Column("break_glass.words");
const PRINT_NOTE: Column = Column("case_print.note");
/// Rows just before the month and just after it are looked at too: what followed may have followed then.
const AROUND: Duration = Duration::days(3);

/// What is looked through, and by whom: somebody at their desk, or the program by itself.
pub struct Looking<'l> {
    pub work: &'l mut PgConnection,
    pub keys: &'l KeyRing,
}

/// The log of the month with what is known beside it.
pub async fn month(access: &mut Access<ReviewLog>, month: ReviewMonth) -> Result<(Vec<Trace>, Background)> {
    let now = access.desk().clock().now();
    let come = come(access, month).await?;
    let keys = access.desk().shared_keys();
    let mut looking = Looking { work: access.read(), keys: &keys };
    let traces = traces(&mut looking, month.first_day(), month.last_day()).await?;
    let background = background(&mut looking, (month.first_day(), month.last_day()), now, &traces).await?;
    Ok((traces, Background { come, ..background }))
}

/// The log of people from the first day to the last and around them, in order of time.
pub async fn traces(looking: &mut Looking<'_>, first: Date, last: Date) -> Result<Vec<Trace>> {
    let first = first.with_time(Time::MIDNIGHT).assume_utc() - AROUND - GONE_FOR;
    let until = last.with_time(Time::MIDNIGHT).assume_utc() + Duration::DAY + AROUND;
    let rows = sqlx::query!(
        r#"select seq as "seq!", at as "at!", actor_id as "actor!", actor_role as "role!", event as "event!", case_id, body as "body!"
           from audit.review_rows($1, $2)"#,
        first,
        until
    )
    .fetch_all(&mut *looking.work)
    .await?;
    let mut reasons = reasons(looking, first, until).await?;
    let traces = rows.into_iter().map(|row| {
        let body: Value = serde_json::from_str(&row.body).unwrap_or_default();
        let said = |place: &str| body.pointer(place).and_then(Value::as_str);
        let id = |place: &str| said(place).and_then(|text| Uuid::parse_str(text).ok());
        Trace {
            session: id("/session"),
            new_device: body.pointer("/details/new_device").and_then(Value::as_bool).unwrap_or_default(),
            item: id("/details/item"),
            tried: said("/details/tried").or_else(|| said("/details/term")).map(str::to_owned),
            reason: reasons.remove(&row.seq),
            seq: row.seq,
            at: row.at,
            actor: row.actor,
            role: row.role,
            event: row.event,
            case: row.case_id,
            changes: body.get("changes").is_some_and(Value::is_string),
            hits: body.pointer("/details/hits").or_else(|| body.pointer("/details/count")).and_then(Value::as_u64),
        }
    });
    Ok(traces.collect())
}

/// How the reasons for looking were given. They are measured and not shown.
async fn reasons(
    looking: &mut Looking<'_>,
    first: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<HashMap<i64, Reason>> {
    let rows = sqlx::query!(r#"select seq as "seq!", row_id as "id!" from audit.review_reasons($1, $2)"#, first, until)
        .fetch_all(&mut *looking.work)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let kept = sqlx::query!(
        r#"select id as "id!", kind as "kind!", id as "place!", reason as "reason!: Sealed" from sec.log_review_reasons($1)
           union all
           select id, 'opening', placement_id, reason from vault.review_reasons($1)"#,
        &ids
    )
    .fetch_all(&mut *looking.work)
    .await?;
    let mut measured = HashMap::new();
    for row in kept {
        let column = match row.kind.as_str() {
            "break_glass" => GLASS_WORDS,
            "case_print" => PRINT_NOTE,
            _ => OPENING_REASON,
        };
        let (letters, same) = Personal::written(&looking.keys.open_field(column.at(row.place), &row.reason)?);
        measured.insert(row.id, Reason { letters, same });
    }
    Ok(rows.into_iter().filter_map(|row| Some((row.seq, measured.remove(&row.id)?))).collect())
}

/// The cases that a conflict of interest closes, by what a refusal of them says.
async fn conflicts(looking: &mut Looking<'_>) -> Result<HashMap<(Uuid, String), OffsetDateTime>> {
    let rows = sqlx::query!(
        r#"select account_id as "account!", reference as "reference!", declared_at as "declared_at!"
           from sec.log_review_conflicts()"#
    )
    .fetch_all(&mut *looking.work)
    .await?;
    let keys = looking.keys;
    let tried = |reference: &str| data_encoding::HEXLOWER.encode(&keys.search_hash(reference)[..]);
    Ok(rows.into_iter().map(|row| ((row.account, tried(&row.reference)), row.declared_at)).collect())
}

/// Who has come by lot in another month of the quarter.
async fn come(access: &mut Access<ReviewLog>, month: ReviewMonth) -> Result<BTreeSet<Uuid>> {
    let (first, last) = month.quarter();
    let rows = sqlx::query_scalar!(
        "select distinct i.actor_id from log_review_item i join log_review r on r.id = i.review_id
         where r.month between $1 and $2 and r.month <> $3 and $4 = any(i.grounds)",
        first,
        last,
        month.first_day(),
        Ground::Chance.code()
    )
    .fetch_all(access.read())
    .await?;
    Ok(rows.into_iter().collect())
}

/// Where the seals say that something was wrong between two moments.
pub async fn troubles(
    work: &mut PgConnection,
    (first, until): (OffsetDateTime, OffsetDateTime),
    now: OffsetDateTime,
) -> Result<Vec<Trouble>> {
    let rows = sqlx::query!(
        r#"select kind as "kind!", at as "at!", seal from audit.review_troubles($1, $2, $3, $4::bigint * interval '1 second',
                  $5::bigint * interval '1 second')"#,
        first,
        until,
        now,
        SEALED_WITHIN.whole_seconds(),
        CLOCK_MAY_SLIP.whole_seconds()
    )
    .fetch_all(work)
    .await?;
    Ok(rows.into_iter().map(|row| Trouble { kind: row.kind, at: row.at, seal: row.seal }).collect())
}

/// What is known beside the rows.
pub async fn background(
    looking: &mut Looking<'_>,
    (first_day, last_day): (Date, Date),
    now: OffsetDateTime,
    traces: &[Trace],
) -> Result<Background> {
    let first = traces.first().map_or(now, |trace| trace.at);
    let until = traces.last().map_or(first, |trace| trace.at) + Duration::SECOND;
    let cases = sqlx::query!(
        r#"select id as "id!", reference as "reference!", is_protected as "is_protected!", closed_on
           from sec.log_review_cases($1, $2)"#,
        first_day,
        last_day
    )
    .fetch_all(&mut *looking.work)
    .await?;
    let named = sqlx::query!(
        r#"select case_id as "case!", account_id as "account!", kind as "kind!: AssignmentKind", started_at as "from!",
                  ended_at as "to"
           from sec.log_review_assignments($1, $2)"#,
        first,
        until
    )
    .fetch_all(&mut *looking.work)
    .await?;
    let last_seen = sqlx::query!(r#"select actor_id as "actor!", at as "at!" from audit.review_last_seen($1)"#, first)
        .fetch_all(&mut *looking.work)
        .await?;
    let mut by_account: HashMap<Uuid, Vec<Named>> = HashMap::new();
    for row in named {
        let one = Named { case: row.case, account: row.account, kind: row.kind, from: row.from, to: row.to };
        by_account.entry(row.account).or_default().push(one);
    }
    Ok(Background {
        cases: cases
            .into_iter()
            .map(|row| {
                let facts =
                    CaseFacts { reference: row.reference, is_protected: row.is_protected, closed_on: row.closed_on };
                (row.id, facts)
            })
            .collect(),
        named: by_account,
        last_seen: last_seen.into_iter().map(|row| (row.actor, row.at)).collect(),
        kin: kin(looking, traces).await?,
        conflicts: conflicts(looking).await?,
        come: BTreeSet::new(),
    })
}

/// Who has the same family name as the person of a case they were in. The name is compared and not shown.
async fn kin(looking: &mut Looking<'_>, traces: &[Trace]) -> Result<HashSet<(Uuid, Uuid)>> {
    let pairs: HashSet<(Uuid, Uuid)> = traces.iter().filter_map(|trace| Some((trace.actor, trace.case?))).collect();
    let cases: Vec<Uuid> = pairs.iter().map(|(_, case)| *case).collect::<HashSet<_>>().into_iter().collect();
    let accounts: Vec<Uuid> = pairs.iter().map(|(account, _)| *account).collect::<HashSet<_>>().into_iter().collect();
    let names: HashMap<Uuid, String> =
        sqlx::query!("select id, display_name from account where id = any($1)", &accounts)
            .fetch_all(&mut *looking.work)
            .await?
            .into_iter()
            .map(|row| (row.id, row.display_name))
            .collect();
    let families = sqlx::query!(
        r#"select case_id as "case!", identity_id as "identity!", family_name as "name!: Sealed"
           from sec.log_review_families($1)"#,
        &cases
    )
    .fetch_all(&mut *looking.work)
    .await?;
    let mut by_case: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (account, case) in &pairs {
        by_case.entry(*case).or_default().push(*account);
    }
    let mut kin = HashSet::new();
    for family in families {
        let accounts = by_case.get(&family.case).into_iter().flatten();
        let name = looking.keys.open_field(FAMILY_NAME.at(family.identity), &family.name)?;
        let same = accounts.filter(|account| names.get(account).is_some_and(|full| name.ends(full)));
        kin.extend(same.map(|account| (*account, family.case)));
    }
    Ok(kin)
}

/// Keeps what was drawn. Somebody else may have drawn the month in the same moment.
pub async fn keep(
    access: &mut Access<ReviewLog>,
    month: ReviewMonth,
    seed: &Seed,
    draw: &Draw,
    troubles: &[Trouble],
) -> Result<()> {
    let (actor, now, id) = (access.desk().actor().account, access.desk().clock().now(), Uuid::now_v7());
    let count = |number: usize| i32::try_from(number).map_err(Error::internal);
    let work = access.write(Event::LogReviewDrawn, None).await?;
    sqlx::query!(
        "insert into log_review (id, month, drawn_by, drawn_at, seed, events, user_days, sampled_days, left_out, method,
           stratified, troubles)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 2, $10, $11)",
        id,
        month.first_day(),
        actor,
        now,
        &seed[..],
        i64::from(count(draw.events)?),
        count(draw.user_days)?,
        count(draw.sampled_days)?,
        count(draw.left_out)?,
        count(draw.stratified)?,
        serde_json::to_value(troubles).map_err(Error::internal)?
    )
    .execute(&mut *work)
    .await
    .map_err(|error| match constraint(&error) {
        Some("log_review_month_key") => Error::Stale,
        _ => error.into(),
    })?;
    for (number, item) in (1..).zip(&draw.items) {
        insert(work, id, number, item).await?;
    }
    Ok(())
}

async fn insert(work: &mut sqlx::PgConnection, review: Uuid, number: i32, item: &Drawn) -> Result<()> {
    let grounds: Vec<String> = item.grounds.iter().map(|ground| ground.code().to_owned()).collect();
    sqlx::query!(
        "insert into log_review_item (id, review_id, number, actor_id, actor_role, day, case_id, reference, purpose,
           first_at, last_at, entries, events, grounds)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        Uuid::now_v7(),
        review,
        number,
        item.actor,
        item.role,
        item.day,
        item.case,
        item.reference,
        item.purpose,
        item.first_at,
        item.last_at,
        &item.entries,
        serde_json::to_value(&item.events).map_err(Error::internal)?,
        &grounds
    )
    .execute(work)
    .await?;
    Ok(())
}
