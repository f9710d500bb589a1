//! A meeting with people from outside: planned, then held or called off. One that was held stands.

use time::{OffsetDateTime, PrimitiveDateTime};
use uuid::Uuid;

use crate::crypto::Sealed;
use crate::vocabulary::{ConsentRecipient, DisclosureGround, MeetingStatus};

/// Rows for people from outside.
pub const GUESTS: usize = 4;

/// A meeting in the list.
#[derive(Debug, Clone)]
pub struct Line {
    pub id: Uuid,
    pub meets_at: OffsetDateTime,
    pub status: MeetingStatus,
    pub guests: i64,
}

/// A meeting as it is read.
#[derive(Debug, Clone)]
pub struct Meeting {
    pub id: Uuid,
    pub meets_at: OffsetDateTime,
    pub status: MeetingStatus,
    pub person_attends: bool,
    pub agenda: Sealed,
    pub minutes: Option<Sealed>,
    pub actions: Option<Sealed>,
    pub planner: String,
    pub settler: Option<String>,
    pub version: i32,
    pub colleagues: Vec<Colleague>,
    pub guests: Vec<Guest>,
}

/// Somebody who works with the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    pub account: Uuid,
    pub name: String,
}

/// Somebody from outside.
#[derive(Debug, Clone)]
pub struct Guest {
    pub id: Uuid,
    pub attendee: Sealed,
    pub recipient: ConsentRecipient,
    pub ground: DisclosureGround,
    pub weighing: Option<Sealed>,
    /// Whether the consent that it rests on still covers it; another ground always does.
    pub is_covered: bool,
}

/// What has been checked and may be saved. No `Debug`: its texts are about to be sealed.
#[derive(Clone)]
pub struct NewMeeting {
    pub id: Uuid,
    /// By the clock on a Swedish wall.
    pub meets_at: PrimitiveDateTime,
    pub person_attends: bool,
    pub colleagues: Vec<Uuid>,
    pub guests: Vec<NewGuest>,
    pub agenda: String,
    /// Only of one that was held.
    pub minutes: Option<String>,
    pub actions: Option<String>,
}

/// Somebody from outside who is to be told.
#[derive(Clone)]
pub struct NewGuest {
    /// Which row of the form.
    pub row: usize,
    pub attendee: String,
    pub recipient: ConsentRecipient,
    pub ground: DisclosureGround,
    pub weighing: Option<String>,
    /// The consent that covers it, once it was asked.
    pub consent: Option<Uuid>,
}
