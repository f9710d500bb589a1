//! What is typed about a meeting. Planned and held are the same form; what was said is only of one that was held.

use serde::Deserialize;
use time::{Date, Duration, PrimitiveDateTime};
use uuid::Uuid;

use super::guest;
use super::model::{Colleague, Meeting, NewMeeting};
use crate::calendar::{parse_clock, parse_day, stockholm};
use crate::personal::Personal;
use crate::web::form::{Faults, checkbox, uuid};
use crate::web::view::Moment;

/// A meeting is not planned further ahead.
const FURTHEST: Duration = Duration::days(2 * 365);

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MeetingForm {
    pub id: String,
    pub version: String,
    pub meets_on: String,
    pub meets_at: String,
    pub person_attends: String,
    pub colleagues: Vec<String>,
    pub guest_name: Vec<String>,
    pub guest_recipient: Vec<String>,
    pub guest_ground: Vec<String>,
    pub guest_weighing: Vec<String>,
    pub agenda: String,
    pub minutes: String,
    pub actions: String,
}

/// What a meeting is held against.
pub struct Known<'k> {
    pub now: PrimitiveDateTime,
    pub opened_on: Date,
    pub birth_date: Option<Date>,
    /// Those who are named in the case.
    pub colleagues: &'k [Colleague],
    /// Whether it has been held, or is only planned.
    pub is_held: bool,
}

/// What of a meeting opens into its form.
pub struct Opened {
    pub agenda: Personal,
    /// Who comes, and why they may be told, in the order of the rows.
    pub guests: Vec<(Personal, Option<Personal>)>,
}

impl MeetingForm {
    pub fn fresh(actor: Uuid) -> Self {
        Self { id: Uuid::now_v7().to_string(), colleagues: vec![actor.to_string()], ..Self::default() }
    }

    /// A planned one, as it stands.
    pub fn of(one: &Meeting, opened: &Opened) -> Self {
        let moment = stockholm(one.meets_at);
        let guests = || one.guests.iter().zip(&opened.guests);
        Self {
            id: one.id.to_string(),
            version: one.version.to_string(),
            meets_on: moment.date().to_string(),
            meets_at: Moment(moment).clock(),
            person_attends: if one.person_attends { "ja".to_owned() } else { String::new() },
            colleagues: one.colleagues.iter().map(|colleague| colleague.account.to_string()).collect(),
            guest_name: guests().map(|(_, (name, _))| name.reveal().to_owned()).collect(),
            guest_recipient: guests().map(|(guest, _)| guest.recipient.code().to_owned()).collect(),
            guest_ground: guests().map(|(guest, _)| guest.ground.code().to_owned()).collect(),
            guest_weighing: guests()
                .map(|(_, (_, weighed))| weighed.as_ref().map(|text| text.reveal().to_owned()).unwrap_or_default())
                .collect(),
            agenda: opened.agenda.reveal().to_owned(),
            ..Self::default()
        }
    }

    /// The version that the form showed; no form of ours leaves it out.
    pub fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or_default()
    }

    pub fn parse(&self, known: &Known<'_>) -> Result<NewMeeting, Faults> {
        let mut faults = Faults::none();
        let meets_at = self.moment(known, &mut faults);
        let colleagues = self.colleagues(known, &mut faults);
        let guests = guest::parse(self, known.birth_date, meets_at.map(PrimitiveDateTime::date), &mut faults);
        let agenda = faults.text(&self.agenda, 4000, "agenda", "Skriv vad mötet ska handla om");
        let (minutes, actions) = if known.is_held {
            let minutes = faults.text(&self.minutes, 8000, "minutes", "Skriv vad som sades");
            (minutes.map(Some), faults.optional_text(&self.actions, 4000, "actions"))
        } else {
            (Some(None), Some(String::new()))
        };
        match (meets_at, colleagues, guests, agenda, minutes, actions) {
            (Some(meets_at), Some(colleagues), Some(guests), Some(agenda), Some(minutes), Some(actions)) => faults
                .finish(NewMeeting {
                    id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                    meets_at,
                    person_attends: checkbox(&self.person_attends),
                    colleagues,
                    guests,
                    agenda,
                    minutes,
                    actions: Some(actions).filter(|text| !text.is_empty()),
                }),
            _ => Err(faults),
        }
    }

    fn moment(&self, known: &Known<'_>, faults: &mut Faults) -> Option<PrimitiveDateTime> {
        let today = known.now.date();
        let day = faults.need(parse_day(&self.meets_on, today), "meets_on", "Skriv datumet som ÅÅÅÅ-MM-DD");
        let clock = faults.need(parse_clock(&self.meets_at), "meets_at", "Skriv klockslaget som 09.15");
        let moment = PrimitiveDateTime::new(day?, clock?);
        if moment.date() < known.opened_on {
            faults.add("meets_on", format!("Datumet kan inte vara tidigare än {}", known.opened_on));
        } else if known.is_held && moment > known.now {
            faults.add("meets_on", "Mötet har inte varit än");
        } else if moment.date() > today + FURTHEST {
            faults.add("meets_on", format!("Datumet kan inte vara senare än {}", today + FURTHEST));
        }
        Some(moment)
    }

    fn colleagues(&self, known: &Known<'_>, faults: &mut Faults) -> Option<Vec<Uuid>> {
        let typed: Vec<_> = self.colleagues.iter().filter_map(|one| uuid(one)).collect();
        let named = known.colleagues.iter().map(|one| one.account).filter(|account| typed.contains(account));
        let named: Vec<_> = named.collect();
        faults.need((!named.is_empty()).then_some(named), "colleagues", "Välj vem av er som är med")
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    const MALIN: Uuid = Uuid::from_u128(1);

    fn typed() -> MeetingForm {
        let list = |text: &str| vec![text.to_owned()];
        MeetingForm {
            meets_on: "2026-11-20".to_owned(),
            meets_at: "10.00".to_owned(),
            guest_name: list("Kommunpolis, lokalpolisområdet"),
            guest_recipient: list("police_lpo"),
            guest_ground: list("consent"),
            guest_weighing: list(""),
            agenda: "Hur skyddet fungerar.".to_owned(),
            ..MeetingForm::fresh(MALIN)
        }
    }

    fn faults(form: &MeetingForm, is_held: bool) -> Vec<String> {
        let colleagues = [Colleague { account: MALIN, name: "Malin".to_owned() }];
        let known = Known {
            now: datetime!(2026-11-20 12:00),
            opened_on: date!(2026 - 01 - 05),
            birth_date: None,
            colleagues: &colleagues,
            is_held,
        };
        let found = form.parse(&known).err().unwrap_or_default();
        found.iter().map(|(field, _)| field.to_owned()).collect()
    }

    #[test]
    fn a_meeting_has_somebody_of_ours_and_somebody_from_outside() {
        assert_eq!(faults(&typed(), false), Vec::<String>::new());
        let stranger = MeetingForm { colleagues: vec![Uuid::from_u128(2).to_string()], ..typed() };
        assert_eq!(faults(&stranger, false), ["colleagues"]);
        let alone =
            MeetingForm { guest_name: Vec::new(), guest_recipient: Vec::new(), guest_ground: Vec::new(), ..typed() };
        assert_eq!(faults(&alone, false), ["guest_name-1"]);
        let half = MeetingForm {
            guest_recipient: Vec::new(),
            guest_ground: vec!["other_social_committee".to_owned()],
            ..typed()
        };
        assert_eq!(faults(&half, false), ["guest_recipient-1", "guest_ground-1"]);
    }

    #[test]
    fn what_was_held_has_been_and_has_minutes() {
        assert_eq!(faults(&typed(), true), ["minutes"]);
        let held = MeetingForm { minutes: "Skyddet fungerar.".to_owned(), ..typed() };
        assert_eq!(faults(&held, true), Vec::<String>::new());
        assert_eq!(faults(&MeetingForm { meets_at: "12.01".to_owned(), ..held.clone() }, true), ["meets_on"]);
        assert_eq!(faults(&MeetingForm { meets_on: "2027-01-01".to_owned(), ..typed() }, false), Vec::<String>::new());
        assert_eq!(faults(&MeetingForm { meets_on: "2026-01-04".to_owned(), ..typed() }, false), ["meets_on"]);
    }
}
