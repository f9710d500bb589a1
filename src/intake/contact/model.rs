//! A contact with the police, and which ground it can rest on.

use time::{Date, OffsetDateTime, PrimitiveDateTime};
use uuid::Uuid;

use crate::calendar::age_on;
use crate::crypto::seal::Sealed;
use crate::vocabulary::{ContactChannel, ContactGround, PoliceBody};

/// A contact that was made. Its id comes from the form.
#[derive(Debug, Clone)]
pub struct NewContact {
    pub id: Uuid,
    pub body: PoliceBody,
    /// By the clock on a Swedish wall.
    pub happened_at: PrimitiveDateTime,
    pub channel: ContactChannel,
    /// Nothing where it was anonymous.
    pub identity: Option<Disclosed>,
    pub summary: String,
}

/// Why the police were told who it is about.
#[derive(Debug, Clone)]
pub struct Disclosed {
    pub ground: ContactGround,
    pub weighing: Option<String>,
    /// The consent that covers it.
    pub consent: Option<Uuid>,
}

/// As it is read.
#[derive(Debug, Clone)]
pub struct PoliceContact {
    pub id: Uuid,
    pub body: PoliceBody,
    pub happened_at: OffsetDateTime,
    pub channel: ContactChannel,
    pub ground: Option<ContactGround>,
    pub weighing: Option<Sealed>,
    pub summary: Sealed,
    pub registrar: String,
}

/// What a contact is held against.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    pub now: PrimitiveDateTime,
    /// No contact lies before.
    pub earliest: Date,
    /// Whether it was the police who brought it up.
    pub from_police: bool,
    pub birth_date: Option<Date>,
}

/// Why a ground does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroundFault {
    NotUnder21,
    NotFromPolice,
}

/// From this age 10 kap. 18 a § OSL is no ground.
const YOUNG_UNTIL: i32 = 21;

impl Known {
    /// Whether a ground can hold at all on a day; if a consent covers it the store says.
    pub fn allows(&self, ground: ContactGround, day: Date) -> Result<(), GroundFault> {
        match ground {
            ContactGround::YoungCrimeRisk if self.birth_date.is_none_or(|birth| age_on(birth, day) >= YOUNG_UNTIL) => {
                Err(GroundFault::NotUnder21)
            }
            ContactGround::PoliceSource if !self.from_police => Err(GroundFault::NotFromPolice),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    fn known(birth_date: Option<Date>) -> Known {
        let now = datetime!(2026-11-20 12:00);
        Known { now, earliest: date!(2026 - 01 - 01), from_police: false, birth_date }
    }

    #[test]
    fn the_ground_for_young_people_ends_with_the_day_they_turn_21() {
        let (young, day) = (ContactGround::YoungCrimeRisk, date!(2026 - 11 - 20));
        assert_eq!(known(Some(date!(2005 - 11 - 21))).allows(young, day), Ok(()));
        assert_eq!(known(Some(date!(2005 - 11 - 20))).allows(young, day), Err(GroundFault::NotUnder21));
        assert_eq!(known(None).allows(young, day), Err(GroundFault::NotUnder21));
    }

    #[test]
    fn only_what_the_police_brought_up_do_they_already_know() {
        let day = date!(2026 - 11 - 20);
        assert_eq!(known(None).allows(ContactGround::PoliceSource, day), Err(GroundFault::NotFromPolice));
        let theirs = Known { from_police: true, ..known(None) };
        assert_eq!(theirs.allows(ContactGround::PoliceSource, day), Ok(()));
        assert_eq!(known(None).allows(ContactGround::Necessary, day), Ok(()));
    }
}
