//! A request, and whether its answer is late.

use time::Date;
use uuid::Uuid;

use crate::crypto::Sealed;
use crate::vocabulary::{DisclosureGround, InternalRequestKind};

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
    /// The consent that covers it, once it was asked.
    pub consent: Option<Uuid>,
}

/// An answer that may be saved.
#[derive(Clone)]
pub struct NewAnswer {
    pub text: String,
    pub on: Date,
}
