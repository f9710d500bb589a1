//! SQL about intakes. Row security shows what waits to who took it in and to coordinators, and what has a case to who
//! sees the case. By whom it came in does not leave the database for those who may not know.

use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use super::form::SealedPerson;
use super::model::{About, Closing, Consultation, Intake, Match, NewIntake, Told, ToldPerson};
use super::{BIRTH_DATE, DESCRIPTION, FAMILY_NAME, GIVEN_NAME, NUMBER, OUTCOME_REASON};
use crate::access::right::{
    JoinIntake, OpenCase, ReadIntakes, RegisterIntake, Right, SeeInformant, SeesCase, SettleIntake,
};
use crate::access::{Access, CaseAccess};
use crate::audit::{Event, Note};
use crate::crypto::seal::Sealed;
use crate::db::on_constraint;
use crate::error::{Error, Result};
use crate::person::model::{IdentityNumber, NewPerson};
use crate::personal::Personal;
use crate::vocabulary::{IdentityKind, IntakeEnvironment, IntakeOutcome, IntakeSource, Sex};

/// The longest list; the rest comes up when the first are done.
pub const AT_MOST: i64 = 100;

/// Which ones.
#[derive(Clone, Copy, Default)]
struct Wanted {
    id: Option<Uuid>,
    case: Option<Uuid>,
    open: Option<bool>,
}

/// Open ones the oldest first, then ended ones the newest first.
async fn read(work: &mut PgConnection, (sees, me): (bool, Uuid), wanted: Wanted) -> Result<Vec<Intake>> {
    Ok(sqlx::query_as!(
        Intake,
        r#"select i.id, i.received_on,
                  i.received_on + sec.setting_int('first_police_contact_days', i.received_on) as "contact_by!",
                  case when not i.informant_protected or $1 or (i.case_id is null and i.registered_by = $2)
                         or exists (select 1 from assignment a where a.case_id = i.case_id and a.account_id = $2
                                    and a.kind = 'responsible' and a.ended_at is null)
                       then i.source end as "source: IntakeSource",
                  i.is_anonymous, i.is_minor, i.is_acute, i.informant_protected, i.case_id as "case",
                  (select c.reference from case_file c where c.id = i.case_id) as reference,
                  i.outcome as "outcome: IntakeOutcome", i.decided_on,
                  (select d.display_name from account d where d.id = i.decided_by) as decider,
                  r.display_name as registrar, i.registered_at,
                  (select count(*) from police_contact p where p.intake_id = i.id) as "contacts!",
                  (select d.name from district d where d.id = i.home_district_id) as home_district,
                  i.environment as "environment: IntakeEnvironment", i.linked_intake_id as linked, i.version
           from intake i join account r on r.id = i.registered_by
           where ($3::uuid is null or i.id = $3) and ($4::uuid is null or i.case_id = $4)
             and ($5::boolean is null or (i.outcome is null) = $5)
           order by i.decided_on desc nulls first, i.received_on, i.id
           limit $6"#,
        sees,
        me,
        wanted.id,
        wanted.case,
        wanted.open,
        AT_MOST
    )
    .fetch_all(work)
    .await?)
}

/// Those that wait, or those that have ended; on the trail.
pub async fn list(access: &mut Access<ReadIntakes>, open: bool) -> Result<Vec<Intake>> {
    let who = (access.may::<SeeInformant>(), access.desk().actor().account);
    let intakes = read(access.read(), who, Wanted { open: Some(open), ..Wanted::default() }).await?;
    let cases = intakes.iter().filter_map(|intake| intake.case).collect();
    access.shown(Note { cases, ..Note::of(Event::IntakesListed).with("count", intakes.len()) });
    Ok(intakes)
}

/// Those that the case came of.
pub async fn of_case<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Vec<Intake>> {
    let who = (case.may::<SeeInformant>(), case.desk().actor().account);
    let wanted = Wanted { case: Some(case.head().id), ..Wanted::default() };
    read(case.read(), who, wanted).await
}

/// One, on the trail.
pub async fn get<R: Right>(access: &mut Access<R>, id: Uuid) -> Result<Intake> {
    let who = (access.may::<SeeInformant>(), access.desk().actor().account);
    let found = read(access.read(), who, Wanted { id: Some(id), ..Wanted::default() }).await?;
    let intake = found.into_iter().next().ok_or(Error::NotFound)?;
    let mut note = Note::of(Event::IntakeShown).with("intake", id.to_string());
    note.case = intake.case;
    access.shown(note);
    Ok(intake)
}

/// What was told, still sealed.
pub async fn told<R: Right>(access: &mut Access<R>, id: Uuid) -> Result<Told> {
    let row = sqlx::query!(
        r#"select description as "description: Sealed", outcome_reason as "reason: Sealed",
                  number_kind as "kind: IdentityKind", number as "number: Sealed", given_name as "given_name: Sealed",
                  family_name as "family_name: Sealed", birth_date as "birth_date: Sealed", sex as "sex: Sex"
           from intake where id = $1"#,
        id
    )
    .fetch_optional(access.read())
    .await?
    .ok_or(Error::NotFound)?;
    let person = match (row.kind, row.number, row.given_name, row.family_name, row.sex) {
        (Some(kind), Some(number), Some(given_name), Some(family_name), Some(sex)) => {
            Some(ToldPerson { kind, number, given_name, family_name, birth_date: row.birth_date, sex })
        }
        _ => None,
    };
    Ok(Told { description: row.description, reason: row.reason, person })
}

/// Whether the same form was saved before. One that is sent twice at the same moment waits here for the first.
pub async fn exists(access: &mut Access<RegisterIntake>, id: Uuid) -> Result<bool> {
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(access.read())
        .await?;
    Ok(sqlx::query_scalar!(r#"select exists (select from intake where id = $1) as "exists!""#, id)
        .fetch_one(access.read())
        .await?)
}

/// Takes in what was told. Whether the person is known changes nothing of what is done here.
pub async fn register(access: &mut Access<RegisterIntake>, new: &NewIntake) -> Result<()> {
    let (account, unit) = signature(access)?;
    let keys = access.desk().keys();
    let description = keys.seal(DESCRIPTION.at(new.id), &new.description)?;
    let person = match &new.about {
        About::Nobody => None,
        About::Person(person) => Some((person, SealedPerson::of(person, keys, new.id)?)),
    };
    let sealed = person.as_ref().map(|(_, sealed)| sealed);
    sqlx::query!(
        "insert into intake (id, received_on, source, is_anonymous, is_minor, is_acute, informant_protected, description,
                             number_kind, number, number_blind, given_name, family_name, birth_date, sex, unit_id,
                             registered_by, home_district_id, environment)
         values ($1, $2, $3, $4, false, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        new.id,
        new.received_on,
        new.source as IntakeSource,
        person.is_none(),
        new.is_acute,
        new.informant_protected,
        description.as_bytes(),
        person.as_ref().map(|(person, _)| person.number.kind) as Option<IdentityKind>,
        sealed.map(|sealed| sealed.number.as_bytes()),
        sealed.map(|sealed| sealed.blind.as_slice()),
        sealed.map(|sealed| sealed.given_name.as_bytes()),
        sealed.map(|sealed| sealed.family_name.as_bytes()),
        sealed.and_then(|sealed| sealed.birth_date.as_ref()).map(Sealed::as_bytes),
        person.as_ref().map(|(person, _)| person.sex) as Option<Sex>,
        unit,
        account,
        new.home_district,
        new.environment as Option<IntakeEnvironment>
    )
    .execute(access.write(Event::IntakeRegistered, None).await?)
    .await
    .map_err(taken)?;
    Ok(())
}

/// Keeps that somebody under 18 was handed over, and when: nothing of who it was or what was told.
pub async fn hand_over(access: &mut Access<RegisterIntake>, new: &NewIntake) -> Result<()> {
    let (account, unit) = signature(access)?;
    let today = access.desk().clock().today();
    sqlx::query!(
        "insert into intake (id, received_on, source, is_anonymous, is_minor, is_acute, informant_protected, unit_id,
                             outcome, decided_on, decided_by, registered_by)
         values ($1, $2, $3, false, true, $4, $5, $6, 'referred_child_unit', $7, $8, $8)",
        new.id,
        new.received_on,
        new.source as IntakeSource,
        new.is_acute,
        new.informant_protected,
        unit,
        today,
        account
    )
    .execute(access.write(Event::IntakeHandedOver, None).await?)
    .await
    .map_err(taken)?;
    Ok(())
}

fn signature(access: &Access<RegisterIntake>) -> Result<(Uuid, Uuid)> {
    let actor = access.desk().actor();
    Ok((actor.account, actor.unit.ok_or(Error::Invalid("Ditt konto hör inte till någon enhet."))?))
}

/// The id of an intake that the actor does not see is nobody's fault but a forger's.
fn taken(error: sqlx::Error) -> Error {
    on_constraint(error, "intake_pkey", Error::NotFound)
}

/// Ends it without a case. False when somebody else has settled it since the form was opened.
pub async fn close(access: &mut Access<SettleIntake>, id: Uuid, closing: &Closing) -> Result<bool> {
    let (account, today) = (access.desk().actor().account, access.desk().clock().today());
    let reason = access.desk().keys().seal(OUTCOME_REASON.at(id), &closing.reason)?;
    let done = sqlx::query!(
        "update intake set outcome = $3, outcome_reason = $4, decided_on = $5, decided_by = $6, version = version + 1
         where id = $1 and version = $2 and outcome is null",
        id,
        closing.version,
        closing.outcome as IntakeOutcome,
        reason.as_bytes(),
        today,
        account
    )
    .execute(access.write(Event::IntakeClosed, None).await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Cases of the number that an intake told, and which the coordinator sees: of one intake, or of all that wait.
pub async fn matches(access: &mut Access<JoinIntake>, intake: Option<Uuid>) -> Result<Vec<Match>> {
    let found = sqlx::query_as!(
        Match,
        r#"select i.id as intake, i.received_on, c.id as "case", c.reference, c.code_name, c.closed_on
           from intake i
           join case_file c on exists (
             select 1 from person_identity p where p.person_id = c.person_id and p.number_blind = i.number_blind)
           where i.outcome is null and ($1::uuid is null or i.id = $1) and not sec.is_identity_broken(c.person_id)
           order by i.received_on, i.id, c.closed_on desc nulls first, c.opened_on desc
           limit $2"#,
        intake,
        AT_MOST
    )
    .fetch_all(access.read())
    .await?;
    let mut cases: Vec<_> = found.iter().map(|one| one.case).collect();
    cases.sort_unstable();
    cases.dedup();
    access.shown(Note { cases, ..Note::of(Event::IntakesListed).with("matches", found.len()) });
    Ok(found)
}

/// Other intakes of the same number that wait.
pub async fn twins(access: &mut Access<JoinIntake>, id: Uuid) -> Result<Vec<(Uuid, Date)>> {
    let rows = sqlx::query!(
        "select o.id, o.received_on from intake o join intake i on i.number_blind = o.number_blind and i.id <> o.id
         where i.id = $1 and o.outcome is null order by o.received_on, o.id limit $2",
        id,
        AT_MOST
    )
    .fetch_all(access.read())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.received_on)).collect())
}

/// Joins it to an open case of the same person. False when somebody else has settled it, or the case is no such one.
pub async fn join(access: &mut Access<JoinIntake>, id: Uuid, version: i32, case: Uuid) -> Result<bool> {
    let (account, today) = (access.desk().actor().account, access.desk().clock().today());
    let done = sqlx::query!(
        "update intake set case_id = $3, outcome = 'joined_existing_case', decided_on = $4, decided_by = $5,
                           version = version + 1
         where id = $1 and version = $2 and outcome is null
           and exists (select 1 from case_file c join person_identity p on p.person_id = c.person_id
                       where c.id = $3 and c.closed_on is null and p.number_blind = intake.number_blind)",
        id,
        version,
        case,
        today,
        account
    )
    .execute(access.write(Event::IntakeJoined, Some(case)).await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Anonymous consultations that wait and came in no later than the day, the latest first.
pub async fn consultations(access: &mut Access<SettleIntake>, until: Date) -> Result<Vec<Consultation>> {
    let found = sqlx::query_as!(
        Consultation,
        "select id, received_on, version from intake
         where is_anonymous and outcome is null and received_on <= $1 order by received_on desc, id desc limit $2",
        until,
        AT_MOST
    )
    .fetch_all(access.read())
    .await?;
    access.shown(Note::of(Event::IntakesListed).with("consultations", found.len()));
    Ok(found)
}

/// Ends a consultation because it goes on in the intake. False when somebody else has settled it.
pub async fn link(access: &mut Access<SettleIntake>, consultation: &Consultation, intake: Uuid) -> Result<bool> {
    let (account, today) = (access.desk().actor().account, access.desk().clock().today());
    let done = sqlx::query!(
        "update intake set linked_intake_id = $3, outcome = 'linked_intake', decided_on = $4, decided_by = $5,
                           version = version + 1
         where id = $1 and version = $2 and outcome is null and is_anonymous",
        consultation.id,
        consultation.version,
        intake,
        today,
        account
    )
    .execute(access.write(Event::IntakeLinked, None).await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Those consultations that went on in the intake.
pub async fn linked_to(access: &mut Access<ReadIntakes>, intake: Uuid) -> Result<Vec<(Uuid, Date)>> {
    let rows = sqlx::query!(
        "select id, received_on from intake where linked_intake_id = $1 order by received_on, id limit $2",
        intake,
        AT_MOST
    )
    .fetch_all(access.read())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.received_on)).collect())
}

/// Who it is about, to be carried over to a case. The text goes from one seal to the next in the same transaction and
/// is shown to nobody.
pub async fn person(access: &mut Access<OpenCase>, id: Uuid) -> Result<Option<NewPerson>> {
    let Some(person) = told(access, id).await?.person else { return Ok(None) };
    let desk = access.desk();
    let text = |place, sealed| desk.ask(place, sealed, Personal::clone);
    let birth_date = match &person.birth_date {
        Some(sealed) => desk.ask(BIRTH_DATE.at(id), sealed, Personal::day)?,
        None => None,
    };
    Ok(Some(NewPerson {
        number: IdentityNumber::kept(person.kind, text(NUMBER.at(id), &person.number)?, birth_date),
        given_name: text(GIVEN_NAME.at(id), &person.given_name)?,
        family_name: text(FAMILY_NAME.at(id), &person.family_name)?,
        sex: person.sex,
        birth_date,
    }))
}

/// Ties it to the case that was just opened from it, on the case's first day: it is begun at once (14 kap. 2 § `SoL`).
/// False when somebody else has settled it in the meantime.
pub async fn became_case(access: &mut Access<OpenCase>, id: Uuid, case: Uuid, opened_on: Date) -> Result<bool> {
    let account = access.desk().actor().account;
    let done = sqlx::query!(
        "update intake set case_id = $2, outcome = 'start_investigation', decided_on = $3, decided_by = $4,
                           version = version + 1
         where id = $1 and outcome is null",
        id,
        case,
        opened_on,
        account
    )
    .execute(access.write(Event::IntakeBecameCase, Some(case)).await?)
    .await?;
    Ok(done.rows_affected() == 1)
}
