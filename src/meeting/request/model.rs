//! A request, and whether its answer is late.

use time::Date;
use uuid::Uuid;

use crate::crypto::Sealed;
use crate::vocabulary::{
    CareNeed, ConsentRecipient, DisclosureCategory, DisclosureChannel, DisclosureGround, InternalRequestKind,
};

#[derive(Debug, Clone)]
pub struct Request {
    pub id: Uuid,
    pub kind: InternalRequestKind,
    pub ground: DisclosureGround,
    pub weighing: Option<Sealed>,
    pub told: Sealed,
    pub sent_on: Date,
    pub answer_due_on: Date,
    pub sender: String,
    pub answer: Option<Answer>,
    /// Where it stands among the disclosures; none for those from before they did.
    pub disclosure: Option<Uuid>,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub text: Sealed,
    pub on: Date,
    pub registrar: String,
}

impl Request {
    /// The last day on which the answer should have come, while there is none.
    pub fn is_late(&self, day: Date) -> bool {
        self.answer.is_none() && day > self.answer_due_on
    }
}

/// What has been checked and may be saved. No `Debug`: its texts are about to be sealed.
#[derive(Clone)]
pub struct NewRequest {
    pub id: Uuid,
    pub kind: InternalRequestKind,
    pub ground: DisclosureGround,
    pub weighing: Option<String>,
    pub told: String,
    pub sent_on: Date,
    pub answer_due_on: Date,
    /// Whom 26 kap. 9 § OSL is about, where that is the ground.
    pub need: Option<CareNeed>,
    pub categories: Vec<DisclosureCategory>,
    /// Who there takes it, and when somebody checked that it is they.
    pub contact: String,
    pub contact_verified_on: Date,
    pub channel: DisclosureChannel,
    /// The consent that covers it, once it was asked; and whom it names.
    pub consent: Option<Uuid>,
    pub recipient: ConsentRecipient,
}

impl NewRequest {
    /// Whom a request goes to where no consent says it.
    pub const fn usual_recipient(kind: InternalRequestKind) -> ConsentRecipient {
        match kind {
            InternalRequestKind::EconomicAssistance | InternalRequestKind::Schooling => ConsentRecipient::Gaf,
            InternalRequestKind::ChildUnit | InternalRequestKind::Housing => ConsentRecipient::OtherCommittee,
        }
    }
}

/// An answer that may be saved.
#[derive(Clone)]
pub struct NewAnswer {
    pub text: String,
    pub on: Date,
}
