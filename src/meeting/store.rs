//! SQL about meetings with others. Whether a consent covers somebody is asked anew each time.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::model::{Colleague, Guest, Line, Meeting, NewMeeting};
use crate::access::right::{ArrangeMeetings, ReadMeetings, Right, SeesCase};
use crate::access::{BIRTH_DATE, CaseAccess};
use crate::audit::Event;
use crate::crypto::KeyRing;
use crate::crypto::seal::{Column, Sealed};
use crate::error::{Error, Result, constraint};
use crate::personal::Personal;
use crate::vocabulary::{ConsentRecipient, DisclosureGround, MeetingStatus};

pub const AGENDA: Column = Column("joint_meeting.agenda");
pub const MINUTES: Column = Column("joint_meeting.minutes");
pub const ACTIONS: Column = Column("joint_meeting.actions");
pub const ATTENDEE: Column = Column("joint_meeting_guest.attendee");
pub const WEIGHING: Column = Column("joint_meeting_guest.weighing");

/// The meetings of the case, the latest first.
pub async fn list(case: &mut CaseAccess<ReadMeetings>) -> Result<Vec<Line>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Line,
        r#"select m.id, m.meets_at, m.status as "status: MeetingStatus",
                  (select count(*) from joint_meeting_guest g where g.meeting_id = m.id) as "guests!"
           from joint_meeting m where m.case_id = $1 order by m.meets_at desc, m.id desc limit 200"#,
        id
    )
    .fetch_all(case.read())
    .await?)
}

/// What is asked for of a meeting before those who come to it.
struct Row {
    meets_at: OffsetDateTime,
    status: MeetingStatus,
    person_attends: bool,
    agenda: Sealed,
    minutes: Option<Sealed>,
    actions: Option<Sealed>,
    planner: String,
    settler: Option<String>,
    version: i32,
}

/// One of the case's, with those who come to it.
pub async fn get<R: Right + SeesCase>(case: &mut CaseAccess<R>, id: Uuid) -> Result<Meeting> {
    let case_id = case.head().id;
    let row = sqlx::query_as!(
        Row,
        r#"select m.meets_at, m.status as "status: MeetingStatus", m.person_attends, m.agenda as "agenda: Sealed",
                  m.minutes as "minutes: Sealed", m.actions as "actions: Sealed", p.display_name as planner,
                  (select s.display_name from account s where s.id = m.settled_by) as settler, m.version
           from joint_meeting m join account p on p.id = m.planned_by where m.id = $1 and m.case_id = $2"#,
        id,
        case_id
    )
    .fetch_optional(case.read())
    .await?
    .ok_or(Error::NotFound)?;
    let colleagues = sqlx::query_as!(
        Colleague,
        "select c.account_id as account, a.display_name as name
         from joint_meeting_colleague c join account a on a.id = c.account_id where c.meeting_id = $1
         order by a.display_name, a.id",
        id
    )
    .fetch_all(case.read())
    .await?;
    let guests = sqlx::query_as!(
        Guest,
        r#"select g.id, g.attendee as "attendee: Sealed", g.recipient as "recipient: ConsentRecipient",
                  g.ground as "ground: DisclosureGround", g.weighing as "weighing: Sealed",
                  (g.ground <> 'consent' or consent_to_tell(m.case_id, array[g.recipient],
                     (m.meets_at at time zone 'Europe/Stockholm')::date) is not null) as "is_covered!"
           from joint_meeting_guest g join joint_meeting m on m.id = g.meeting_id
           where g.meeting_id = $1 order by g.position"#,
        id
    )
    .fetch_all(case.read())
    .await?;
    Ok(Meeting {
        id,
        meets_at: row.meets_at,
        status: row.status,
        person_attends: row.person_attends,
        agenda: row.agenda,
        minutes: row.minutes,
        actions: row.actions,
        planner: row.planner,
        settler: row.settler,
        version: row.version,
        colleagues,
        guests,
    })
}

/// Those who are named in the case, each once.
pub async fn named(case: &mut CaseAccess<ArrangeMeetings>) -> Result<Vec<Colleague>> {
    let id = case.head().id;
    Ok(sqlx::query_as!(
        Colleague,
        "select n.id as account, n.display_name as name from account n
         where exists (select from assignment a where a.account_id = n.id and a.case_id = $1 and a.ended_at is null)
         order by n.display_name, n.id",
        id
    )
    .fetch_all(case.read())
    .await?)
}

/// When the person was born, for the grounds and groups that have an age.
pub fn birth_date(case: &CaseAccess<ArrangeMeetings>) -> Result<Option<Date>> {
    let (person, birth) = (case.head().person, case.head().birth_date.as_ref());
    let day = birth.map(|sealed| case.desk().ask(BIRTH_DATE.at(person), sealed, Personal::day)).transpose()?;
    Ok(day.flatten())
}

/// The consent on which one of these may be told whom the case is about, as things stand in this moment.
pub async fn consent_to_tell(
    case: &mut CaseAccess<ArrangeMeetings>,
    one_of: &[ConsentRecipient],
    day: Date,
) -> Result<Option<Uuid>> {
    let id = case.head().id;
    Ok(sqlx::query_scalar!("select consent_to_tell($1, $2, $3)", id, one_of as &[ConsentRecipient], day)
        .fetch_one(case.read())
        .await?)
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(case: &mut CaseAccess<ArrangeMeetings>, id: Uuid) -> Result<bool> {
    let case_id = case.head().id;
    // The same form sent twice at the same moment: the second waits here.
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(case.read())
        .await?;
    Ok(sqlx::query_scalar!(
        r#"select exists (select from joint_meeting where id = $1 and case_id = $2) as "exists!""#,
        id,
        case_id
    )
    .fetch_one(case.read())
    .await?)
}

pub async fn plan(case: &mut CaseAccess<ArrangeMeetings>, new: &NewMeeting) -> Result<()> {
    let (case_id, actor) = (case.head().id, case.desk().actor().account);
    let agenda = case.desk().keys().seal(AGENDA.at(new.id), &new.agenda)?;
    let guests = SealedGuest::all(case.desk().keys(), new)?;
    let work = case.write(Event::MeetingPlanned).await?;
    sqlx::query!(
        "insert into joint_meeting (id, case_id, meets_at, person_attends, agenda, planned_by)
         values ($1, $2, $3::timestamp at time zone 'Europe/Stockholm', $4, $5, $6)",
        new.id,
        case_id,
        new.meets_at,
        new.person_attends,
        agenda as Sealed,
        actor
    )
    .execute(&mut *work)
    .await
    // An id that is taken belongs to a meeting in another case: nobody's fault but a forger's.
    .map_err(|error| crate::db::on_constraint(error, "joint_meeting_pkey", Error::NotFound))?;
    invite(work, case_id, new, guests).await
}

/// Changes a planned one. False when somebody else has changed or settled it.
pub async fn change(case: &mut CaseAccess<ArrangeMeetings>, new: &NewMeeting, version: i32) -> Result<bool> {
    put(case, Event::MeetingChanged, new, version).await
}

/// Registers that it was held; it stands from then on. False when somebody else has changed or settled it.
pub async fn hold(case: &mut CaseAccess<ArrangeMeetings>, new: &NewMeeting, version: i32) -> Result<bool> {
    if !put(case, Event::MeetingHeld, new, version).await? {
        return Ok(false);
    }
    let (actor, now, keys) = (case.desk().actor().account, case.desk().clock().now(), case.desk().keys());
    let minutes = new.minutes.as_deref().map(|text| keys.seal(MINUTES.at(new.id), text)).transpose()?;
    let actions = new.actions.as_deref().map(|text| keys.seal(ACTIONS.at(new.id), text)).transpose()?;
    sqlx::query!(
        "update joint_meeting set status = 'held', minutes = $2, actions = $3, settled_by = $4, settled_at = $5
         where id = $1",
        new.id,
        minutes as Option<Sealed>,
        actions as Option<Sealed>,
        actor,
        now
    )
    .execute(case.read())
    .await
    .map_err(withdrawn)?;
    Ok(true)
}

/// Calls a planned one off. False when somebody else has changed or settled it.
pub async fn cancel(case: &mut CaseAccess<ArrangeMeetings>, id: Uuid, version: i32) -> Result<bool> {
    let (case_id, actor, now) = (case.head().id, case.desk().actor().account, case.desk().clock().now());
    let done = sqlx::query!(
        "update joint_meeting set status = 'cancelled', settled_by = $4, settled_at = $5, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'planned'",
        id,
        case_id,
        version,
        actor,
        now
    )
    .execute(case.write(Event::MeetingCancelled).await?)
    .await?;
    Ok(done.rows_affected() == 1)
}

async fn put(case: &mut CaseAccess<ArrangeMeetings>, event: Event, new: &NewMeeting, version: i32) -> Result<bool> {
    let case_id = case.head().id;
    let agenda = case.desk().keys().seal(AGENDA.at(new.id), &new.agenda)?;
    let guests = SealedGuest::all(case.desk().keys(), new)?;
    let work = case.write(event).await?;
    let done = sqlx::query!(
        "update joint_meeting set meets_at = $4::timestamp at time zone 'Europe/Stockholm', person_attends = $5,
           agenda = $6, version = version + 1
         where id = $1 and case_id = $2 and version = $3 and status = 'planned'",
        new.id,
        case_id,
        version,
        new.meets_at,
        new.person_attends,
        agenda as Sealed
    )
    .execute(&mut *work)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!("delete from joint_meeting_colleague where meeting_id = $1", new.id).execute(&mut *work).await?;
    sqlx::query!("delete from joint_meeting_guest where meeting_id = $1", new.id).execute(&mut *work).await?;
    invite(work, case_id, new, guests).await?;
    Ok(true)
}

/// A guest as it goes into its row.
struct SealedGuest {
    id: Uuid,
    attendee: Sealed,
    weighing: Option<Sealed>,
}

impl SealedGuest {
    fn all(keys: &KeyRing, new: &NewMeeting) -> Result<Vec<Self>> {
        let guests = new.guests.iter().map(|guest| {
            let id = Uuid::now_v7();
            let weighing = guest.weighing.as_deref().map(|text| keys.seal(WEIGHING.at(id), text)).transpose()?;
            Ok(Self { id, attendee: keys.seal(ATTENDEE.at(id), &guest.attendee)?, weighing })
        });
        guests.collect()
    }
}

async fn invite(work: &mut PgConnection, case: Uuid, new: &NewMeeting, guests: Vec<SealedGuest>) -> Result<()> {
    sqlx::query!(
        "insert into joint_meeting_colleague (meeting_id, case_id, account_id) select $1, $2, unnest($3::uuid[])",
        new.id,
        case,
        &new.colleagues
    )
    .execute(&mut *work)
    .await
    .map_err(|error| crate::db::on_constraint(error, "joint_meeting_named", Error::Stale))?;
    for ((position, guest), sealed) in (1..).zip(&new.guests).zip(guests) {
        sqlx::query!(
            "insert into joint_meeting_guest (id, meeting_id, case_id, position, attendee, recipient, ground, consent_id,
                                              weighing)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            sealed.id,
            new.id,
            case,
            position,
            sealed.attendee as Sealed,
            guest.recipient as ConsentRecipient,
            guest.ground as DisclosureGround,
            guest.consent,
            sealed.weighing as Option<Sealed>
        )
        .execute(&mut *work)
        .await
        .map_err(withdrawn)?;
    }
    Ok(())
}

/// A consent that was taken back while the form was read.
fn withdrawn(error: sqlx::Error) -> Error {
    if constraint(&error) == Some("joint_meeting_consent") { Error::Stale } else { error.into() }
}
