//! A contact as pages show it, and the form's choices: the same in a case and about an intake.

use super::form::{ANONYMOUS, ContactForm, IDENTITY};
use super::model::PoliceContact;
use super::{SUMMARY, WEIGHING};
use crate::access::Receipt;
use crate::calendar::stockholm;
use crate::error::Result;
use crate::personal::Personal;
use crate::vocabulary::{ContactChannel, ContactGround, PoliceBody};
use crate::web::view::{Choice, Moment};

pub struct ContactRow {
    pub at: Moment,
    pub body: PoliceBody,
    pub channel: ContactChannel,
    pub ground: Option<ContactGround>,
    pub weighing: Option<Personal>,
    pub summary: Personal,
    pub registrar: String,
}

impl ContactRow {
    pub fn all(contacts: &[PoliceContact], receipt: &Receipt) -> Result<Vec<Self>> {
        contacts.iter().map(|contact| Self::of(contact, receipt)).collect()
    }

    fn of(contact: &PoliceContact, receipt: &Receipt) -> Result<Self> {
        let weighing = contact.weighing.as_ref();
        Ok(Self {
            at: Moment(stockholm(contact.happened_at)),
            body: contact.body,
            channel: contact.channel,
            ground: contact.ground,
            weighing: weighing.map(|sealed| receipt.open(WEIGHING.at(contact.id), sealed)).transpose()?,
            summary: receipt.open(SUMMARY.at(contact.id), &contact.summary)?,
            registrar: contact.registrar.clone(),
        })
    }
}

/// What can be chosen.
pub struct Choices {
    pub bodies: Vec<Choice>,
    pub channels: Vec<Choice>,
    pub sorts: Vec<Choice>,
    pub grounds: Vec<Choice>,
}

impl Choices {
    pub fn of(form: &ContactForm) -> Self {
        let sorts = [(ANONYMOUS, "Anonym konsultation"), (IDENTITY, "Polisen fick veta vem det gäller")];
        let grounds = ContactGround::ALL.iter().map(|one| (one.code(), one.label()));
        Self {
            bodies: Choice::one("body", PoliceBody::ALL.iter().map(|one| (one.code(), one.label())), &form.body),
            channels: Choice::one(
                "channel",
                ContactChannel::ALL.iter().map(|one| (one.code(), one.label())),
                &form.channel,
            ),
            sorts: Choice::one("sort", sorts, &form.sort),
            grounds: Choice::one("ground", grounds, &form.ground),
        }
    }
}
