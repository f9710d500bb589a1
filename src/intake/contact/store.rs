//! SQL about contacts with the police. A contact is registered once and never changed.

use sqlx::PgConnection;
use time::{Date, Duration, PrimitiveDateTime};
use uuid::Uuid;

use super::model::{Known, NewContact, PoliceContact};
use super::{SUMMARY, WEIGHING};
use crate::access::right::{ReadPoliceContacts, RegisterPoliceContact, Right, SeesCase, SettleIntake};
use crate::access::{Access, BIRTH_DATE, CaseAccess, Desk};
use crate::audit::Event;
use crate::calendar::stockholm;
use crate::crypto::seal::Sealed;
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::vocabulary::{ContactChannel, ContactGround, IntakeSource, PoliceBody};

/// How long before a case a contact about it can lie (domain 2.5, `police_case_opened_on`).
const BEFORE_THE_CASE: Duration = Duration::days(365);

/// Where a contact belongs.
#[derive(Clone, Copy)]
enum Home {
    Case(Uuid),
    Intake(Uuid),
}

impl Home {
    const fn ids(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Case(case) => (Some(case), None),
            Self::Intake(intake) => (None, Some(intake)),
        }
    }
}

/// The newest first. A case also has the contacts of the intakes that it came of.
async fn read(work: &mut PgConnection, home: Home) -> Result<Vec<PoliceContact>> {
    let (case, intake) = home.ids();
    Ok(sqlx::query_as!(
        PoliceContact,
        r#"select p.id, p.body as "body: PoliceBody", p.happened_at, p.channel as "channel: ContactChannel",
                  p.ground as "ground: ContactGround", p.weighing as "weighing: Sealed", p.summary as "summary: Sealed",
                  r.display_name as registrar
           from police_contact p join account r on r.id = p.registered_by
           where p.intake_id = $2 or p.case_id = $1 or p.intake_id in (select i.id from intake i where i.case_id = $1)
           order by p.happened_at desc, p.id desc"#,
        case,
        intake
    )
    .fetch_all(work)
    .await?)
}

pub async fn of_case(case: &mut CaseAccess<ReadPoliceContacts>) -> Result<Vec<PoliceContact>> {
    let home = Home::Case(case.head().id);
    read(case.read(), home).await
}

pub async fn of_intake<R: Right>(access: &mut Access<R>, intake: Uuid) -> Result<Vec<PoliceContact>> {
    read(access.read(), Home::Intake(intake)).await
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists_in_case(case: &mut CaseAccess<RegisterPoliceContact>, id: Uuid) -> Result<bool> {
    let home = Home::Case(case.head().id);
    exists(case.read(), home, id).await
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists_on_intake(access: &mut Access<SettleIntake>, intake: Uuid, id: Uuid) -> Result<bool> {
    exists(access.read(), Home::Intake(intake), id).await
}

async fn exists(work: &mut PgConnection, home: Home, id: Uuid) -> Result<bool> {
    let (case, intake) = home.ids();
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(&mut *work)
        .await?;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from police_contact where id = $1 and (case_id = $2 or intake_id = $3)) as "exists!""#,
        id,
        case,
        intake
    )
    .fetch_one(work)
    .await?)
}

/// What a contact in the case is held against.
pub async fn known_of_case(case: &mut CaseAccess<RegisterPoliceContact>) -> Result<Known> {
    let (id, person) = (case.head().id, case.head().person);
    let sources = sqlx::query_scalar!(r#"select source as "source: IntakeSource" from intake where case_id = $1"#, id)
        .fetch_all(case.read())
        .await?;
    let birth = case.head().birth_date.as_ref();
    let birth_date = birth.map(|sealed| case.desk().ask(BIRTH_DATE.at(person), sealed, Personal::day)).transpose()?;
    Ok(Known {
        now: now(case.desk()),
        earliest: case.head().opened_on - BEFORE_THE_CASE,
        from_police: sources.iter().any(|source| source.is_police()),
        birth_date: birth_date.flatten(),
    })
}

/// What a contact about an intake is held against; nothing when it cannot be spoken of any more.
pub async fn known_of_intake(access: &mut Access<SettleIntake>, intake: Uuid) -> Result<Option<Known>> {
    let row = sqlx::query!(
        r#"select source as "source: IntakeSource", received_on, birth_date as "birth_date: Sealed"
           from intake where id = $1 and outcome is null"#,
        intake
    )
    .fetch_optional(access.read())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let place = crate::intake::BIRTH_DATE.at(intake);
    let birth_date = row.birth_date.map(|sealed| access.desk().ask(place, &sealed, Personal::day)).transpose()?;
    Ok(Some(Known {
        now: now(access.desk()),
        earliest: row.received_on,
        from_police: row.source.is_police(),
        birth_date: birth_date.flatten(),
    }))
}

fn now(desk: &Desk) -> PrimitiveDateTime {
    stockholm(desk.clock().now())
}

/// The consent on which the police may be told who the case is about: asks the database's own function, in whose place
/// the room of consents puts its answer. An intake has no consents before it has a case.
pub async fn consent(
    case: &mut CaseAccess<RegisterPoliceContact>,
    recipient: PoliceBody,
    day: Date,
) -> Result<Option<Uuid>> {
    let id = case.head().id;
    Ok(sqlx::query_scalar!("select police_consent($1, $2, $3)", id, recipient as PoliceBody, day)
        .fetch_one(case.read())
        .await?)
}

pub async fn register_in_case(case: &mut CaseAccess<RegisterPoliceContact>, new: &NewContact) -> Result<()> {
    let row = Row::of(case.desk(), Home::Case(case.head().id), new)?;
    row.insert(case.write(Event::PoliceContactRegistered).await?).await
}

pub async fn register_on_intake(access: &mut Access<SettleIntake>, intake: Uuid, new: &NewContact) -> Result<()> {
    let row = Row::of(access.desk(), Home::Intake(intake), new)?;
    row.insert(access.write(Event::PoliceContactRegistered, None).await?).await
}

/// A contact as it goes into its row.
struct Row<'n> {
    new: &'n NewContact,
    home: Home,
    summary: Sealed,
    weighing: Option<Sealed>,
    account: Uuid,
}

impl<'n> Row<'n> {
    fn of(desk: &Desk, home: Home, new: &'n NewContact) -> Result<Self> {
        let weighing = new.identity.as_ref().and_then(|identity| identity.weighing.as_deref());
        Ok(Self {
            new,
            home,
            summary: desk.keys().seal(SUMMARY.at(new.id), &new.summary)?,
            weighing: weighing.map(|text| desk.keys().seal(WEIGHING.at(new.id), text)).transpose()?,
            account: desk.actor().account,
        })
    }

    async fn insert(self, work: &mut PgConnection) -> Result<()> {
        let ((case, intake), identity) = (self.home.ids(), self.new.identity.as_ref());
        sqlx::query!(
            "insert into police_contact (id, case_id, intake_id, body, happened_at, channel, is_anonymous, ground,
                                         consent_id, weighing, summary, registered_by)
             values ($1, $2, $3, $4, $5::timestamp at time zone 'Europe/Stockholm', $6, $7, $8, $9, $10, $11, $12)",
            self.new.id,
            case,
            intake,
            self.new.body as PoliceBody,
            self.new.happened_at,
            self.new.channel as ContactChannel,
            identity.is_none(),
            identity.map(|identity| identity.ground) as Option<ContactGround>,
            identity.and_then(|identity| identity.consent),
            self.weighing.as_ref().map(Sealed::as_bytes),
            self.summary.as_bytes(),
            self.account
        )
        .execute(work)
        .await
        .map_err(|error| match crate::error::constraint(&error) {
            // An id that is taken belongs to a contact elsewhere: nobody's fault but a forger's.
            Some("police_contact_pkey") => Error::NotFound,
            _ => error.into(),
        })?;
        Ok(())
    }
}

/// The last day for the first contact with the police, while a case that came of an intake lacks one (A01).
pub async fn first_due<R: Right + SeesCase>(case: &mut CaseAccess<R>) -> Result<Option<Date>> {
    let (id, open) = (case.head().id, case.head().closed_on.is_none());
    let due_on = sqlx::query_scalar!(
        "select min(i.received_on + sec.setting_int('first_police_contact_days', i.received_on))
         from intake i where i.case_id = $1 and not exists (
           select 1 from police_contact p
           where p.case_id = $1 or p.intake_id in (select o.id from intake o where o.case_id = $1))",
        id
    )
    .fetch_one(case.read())
    .await?;
    Ok(due_on.filter(|_| open))
}
