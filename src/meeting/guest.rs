//! The rows for people from outside: what was typed in each, and what it means.

use time::Date;

use super::form::MeetingForm;
use super::ground::{NO_CONSENT, holds_in_meeting, weighing};
use super::model::{GUESTS, NewGuest};
use crate::vocabulary::{ConsentRecipient, DisclosureGround};
use crate::web::form::{Faults, code};
use crate::web::view::Choice;

const NAME: [&str; GUESTS] = ["guest_name-1", "guest_name-2", "guest_name-3", "guest_name-4"];
const RECIPIENT: [&str; GUESTS] = ["guest_recipient-1", "guest_recipient-2", "guest_recipient-3", "guest_recipient-4"];
const GROUND: [&str; GUESTS] = ["guest_ground-1", "guest_ground-2", "guest_ground-3", "guest_ground-4"];
const WEIGHING: [&str; GUESTS] = ["guest_weighing-1", "guest_weighing-2", "guest_weighing-3", "guest_weighing-4"];

/// A row of the form.
pub(super) struct GuestInput {
    pub number: usize,
    pub name: String,
    pub weighing: String,
    pub recipients: Vec<Choice>,
    pub grounds: Vec<Choice>,
}

fn cell(column: &[String], row: usize) -> String {
    column.get(row).cloned().unwrap_or_default()
}

pub(super) fn inputs(form: &MeetingForm) -> Vec<GuestInput> {
    let recipients = ConsentRecipient::ALL.iter().map(|one| (one.code(), one.label()));
    let grounds = DisclosureGround::IN_MEETING.iter().map(|one| (one.code(), one.label()));
    (0..GUESTS)
        .map(|row| GuestInput {
            number: row + 1,
            name: cell(&form.guest_name, row),
            weighing: cell(&form.guest_weighing, row),
            recipients: Choice::one("guest_recipient", recipients.clone(), &cell(&form.guest_recipient, row)),
            grounds: Choice::one("guest_ground", grounds.clone(), &cell(&form.guest_ground, row)),
        })
        .collect()
}

/// The rows that hold something; at least one does, or it is no meeting with others.
pub(super) fn parse(
    form: &MeetingForm,
    birth_date: Option<Date>,
    day: Option<Date>,
    faults: &mut Faults,
) -> Option<Vec<NewGuest>> {
    let (mut guests, mut whole) = (Vec::new(), true);
    for row in 0..GUESTS {
        let cells = [&form.guest_name, &form.guest_recipient, &form.guest_ground, &form.guest_weighing];
        let [name, recipient, ground, weighed] = cells.map(|column| cell(column, row));
        if [&name, &recipient, &ground, &weighed].iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let attendee = faults.text(&name, 200, NAME[row], "Skriv funktion och organisation");
        let recipient = faults.need(code(&recipient, ConsentRecipient::parse), RECIPIENT[row], "Välj mottagare");
        let ground = code(&ground, DisclosureGround::parse).filter(|one| DisclosureGround::IN_MEETING.contains(one));
        let ground = faults.need(ground, GROUND[row], "Välj grund");
        let weighing = weighing(&weighed, ground, WEIGHING[row], faults);
        if let (Some(ground), Some(recipient), Some(day)) = (ground, recipient, day)
            && let Err(fault) = holds_in_meeting(ground, recipient, birth_date, day)
        {
            faults.add(GROUND[row], fault.message());
        }
        match (attendee, recipient, ground, weighing) {
            (Some(attendee), Some(recipient), Some(ground), Some(weighing)) => {
                let weighing = Some(weighing).filter(|text| !text.is_empty());
                guests.push(NewGuest { row, attendee, recipient, ground, weighing, consent: None });
            }
            _ => whole = false,
        }
    }
    if whole && guests.is_empty() {
        faults.add(NAME[0], "Skriv minst en deltagare utifrån");
        return None;
    }
    whole.then_some(guests)
}

/// What is said of somebody whom no consent covers.
pub(super) fn uncovered(row: usize) -> Faults {
    Faults::from((GROUND[row], NO_CONSENT))
}
