//! A request to another municipality, its days, and how far it has come.

use time::Date;
use uuid::Uuid;

use crate::calendar::add_months;
use crate::crypto::Sealed;
use crate::vocabulary::TransferAnswer;

/// How long another municipality has to answer a request to take a case over (29 kap. 11 § `SoL`).
const MONTHS_TO_ANSWER: i32 = 1;

/// The last day of its answer, and the first day on which IVO can be asked when there is none.
pub fn transfer_days(requested_on: Date) -> Option<(Date, Date)> {
    let answer_by = add_months(requested_on, MONTHS_TO_ANSWER)?;
    Some((answer_by, answer_by.next_day()?))
}

#[derive(Debug, Clone)]
pub struct Transfer {
    pub id: Uuid,
    pub number: i32,
    pub grounds: Sealed,
    pub paper: Sealed,
    pub requested_on: Date,
    pub registrar: String,
    pub answer: Option<(TransferAnswer, Date)>,
    pub answer_note: Option<Sealed>,
    pub ivo_applied_on: Option<Date>,
    /// When IVO decided, and whether the case is to be transferred.
    pub ivo: Option<(Date, bool)>,
    /// From when the other municipality is to have it.
    pub accepted_on: Option<Date>,
    pub version: i32,
}

/// What a request waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// An answer, which is to come by the day.
    Answer(Date),
    /// Whoever asks: there was no answer in time, and IVO can be asked since the day.
    Silence(Date),
    /// Whoever asks: the answer was no, and IVO can be asked.
    Refused,
    /// IVO.
    Ivo,
    /// Nothing: somebody has taken over, from the day.
    Accepted(Date),
    /// Nothing: IVO said no.
    Rejected,
}

impl Transfer {
    pub fn stage(&self, today: Date) -> Stage {
        if let Some(day) = self.accepted_on {
            return Stage::Accepted(day);
        }
        match (self.ivo, self.ivo_applied_on, self.answer) {
            (Some(_), ..) => Stage::Rejected,
            (None, Some(_), _) => Stage::Ivo,
            (None, None, Some(_)) => Stage::Refused,
            (None, None, None) => match transfer_days(self.requested_on) {
                Some((_, ivo_from)) if today >= ivo_from => Stage::Silence(ivo_from),
                Some((answer_by, _)) => Stage::Answer(answer_by),
                None => Stage::Answer(self.requested_on),
            },
        }
    }

    /// Also late, and also when IVO has been asked: an answer is an answer.
    pub fn may_be_answered(&self) -> bool {
        self.answer.is_none() && self.ivo.is_none()
    }

    /// From when IVO can be asked; nothing when it has been, or need not be.
    pub fn ivo_from(&self) -> Option<Date> {
        match (self.accepted_on, self.ivo_applied_on, self.answer) {
            (None, None, Some((_, answered_on))) => Some(answered_on),
            (None, None, None) => transfer_days(self.requested_on).map(|(_, ivo_from)| ivo_from),
            _ => None,
        }
    }

    /// When IVO was asked, while it has not answered.
    pub fn waits_for_ivo_since(&self) -> Option<Date> {
        self.ivo_applied_on.filter(|_| self.ivo.is_none() && self.accepted_on.is_none())
    }

    /// Another can be asked when this one has been answered, whatever the answer.
    pub fn is_settled(&self) -> bool {
        self.answer.is_some() || self.ivo.is_some()
    }
}

/// A request to register. No `Debug`: its texts are about to be sealed.
#[derive(Clone)]
pub struct NewTransfer {
    pub id: Uuid,
    pub municipality: String,
    pub grounds: String,
    pub paper: String,
    pub requested_on: Date,
}

/// What the other municipality said.
#[derive(Clone)]
pub struct Answer {
    pub answer: TransferAnswer,
    pub on: Date,
    pub note: Option<String>,
}

/// What became of it at IVO.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtIvo {
    Applied(Date),
    Decided { on: Date, approved: bool },
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn asked_on(requested_on: Date) -> Transfer {
        let sealed = || Sealed::from_bytes(Vec::new());
        Transfer {
            id: Uuid::nil(),
            number: 1,
            grounds: sealed(),
            paper: sealed(),
            requested_on,
            registrar: String::new(),
            answer: None,
            answer_note: None,
            ivo_applied_on: None,
            ivo: None,
            accepted_on: None,
            version: 1,
        }
    }

    #[test]
    fn ivo_is_asked_when_the_other_municipality_has_not_answered_within_a_month() {
        let days = |day| transfer_days(day);
        assert_eq!(days(date!(2026 - 08 - 20)), Some((date!(2026 - 09 - 20), date!(2026 - 09 - 21))));
        assert_eq!(days(date!(2027 - 01 - 31)), Some((date!(2027 - 02 - 28), date!(2027 - 03 - 01))));
    }

    #[test]
    fn a_request_waits_for_an_answer_and_then_for_whoever_asked() {
        let one = asked_on(date!(2026 - 08 - 20));
        assert_eq!(one.stage(date!(2026 - 09 - 20)), Stage::Answer(date!(2026 - 09 - 20)));
        assert_eq!(one.stage(date!(2026 - 09 - 21)), Stage::Silence(date!(2026 - 09 - 21)));
        assert_eq!(one.ivo_from(), Some(date!(2026 - 09 - 21)));
        assert!(one.may_be_answered() && !one.is_settled());
    }

    #[test]
    fn a_no_can_be_tried_at_once_and_a_yes_ends_it() {
        let on = date!(2026 - 08 - 27);
        let refused = Transfer { answer: Some((TransferAnswer::Refused, on)), ..asked_on(date!(2026 - 08 - 20)) };
        assert_eq!((refused.stage(on), refused.ivo_from()), (Stage::Refused, Some(on)));
        assert!(!refused.may_be_answered() && refused.is_settled());
        let tried = Transfer { ivo_applied_on: Some(on), ..refused };
        assert_eq!((tried.stage(on), tried.ivo_from(), tried.waits_for_ivo_since()), (Stage::Ivo, None, Some(on)));
        let rejected = Transfer { ivo: Some((on, false)), ..tried.clone() };
        assert_eq!((rejected.stage(on), rejected.waits_for_ivo_since()), (Stage::Rejected, None));
        let approved = Transfer { ivo: Some((on, true)), accepted_on: Some(on), ..tried };
        assert_eq!(approved.stage(on), Stage::Accepted(on));
    }
}
