//! A draft, and when a page may go on with it.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::crypto::Sealed;

/// What an open page has of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hold {
    pub draft: Uuid,
    /// The version that it has seen; zero before anything was saved.
    pub version: i32,
    /// The page itself.
    pub tab: Uuid,
}

impl Hold {
    /// Of a page that is opened now, on a draft or on none.
    pub(super) fn fresh(on: Option<&Draft>) -> Self {
        let (draft, version) = on.map_or_else(|| (Uuid::now_v7(), 0), |draft| (draft.id, draft.version));
        Self { draft, version, tab: Uuid::now_v7() }
    }
}

/// As it is kept.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub id: Uuid,
    pub case: Option<Uuid>,
    pub address: String,
    /// Nothing once it has been sent.
    pub sealed: Option<Sealed>,
    pub mark: Vec<u8>,
    pub tab: Uuid,
    pub version: i32,
    pub saved_at: OffsetDateTime,
    pub sent_record: Option<Uuid>,
    pub sent_mark: Option<Vec<u8>>,
}

/// How a save goes on from what is kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The same draft, in its next version.
    GoOn,
    /// The same text: nothing to do.
    Same,
    /// A draft of its own, since another page has saved another text, or this one was sent.
    Fork,
    /// It was sent with this text, or from this very page, and what comes late is already in the record.
    Late,
}

impl Draft {
    /// An answer that never reached the page does not make the draft another's.
    pub(super) fn next(&self, hold: Hold, address: &str, mark: &[u8], by_hand: bool) -> Next {
        if self.sealed.is_none() {
            let is_record = self.sent_mark.as_deref() == Some(mark) || (self.tab == hold.tab && !by_hand);
            return if is_record { Next::Late } else { Next::Fork };
        }
        if self.address != address {
            Next::Fork
        } else if self.mark == mark {
            Next::Same
        } else if self.version == hold.version || self.tab == hold.tab {
            Next::GoOn
        } else {
            Next::Fork
        }
    }

    /// Whether the record has been made from here already, with another text than this.
    pub(super) fn was_sent_otherwise(&self, record: Uuid, mark: &[u8]) -> bool {
        self.sent_record == Some(record) && self.sent_mark.as_deref() != Some(mark)
    }
}

/// What became of a save.
#[derive(Debug)]
pub(super) enum Saving {
    Saved { hold: Hold, at: OffsetDateTime },
    Late,
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const ADDRESS: &str = "/boenden/ny";

    fn draft() -> Draft {
        Draft {
            id: Uuid::from_u128(9),
            case: None,
            address: ADDRESS.to_owned(),
            sealed: Some(Sealed::from_bytes(Vec::new())),
            mark: vec![1],
            tab: Uuid::from_u128(1),
            version: 3,
            saved_at: datetime!(2026-11-20 12:00 UTC),
            sent_record: None,
            sent_mark: None,
        }
    }

    fn hold(version: i32, tab: u128) -> Hold {
        Hold { draft: Uuid::from_u128(9), version, tab: Uuid::from_u128(tab) }
    }

    #[test]
    fn a_page_goes_on_with_what_it_has_seen_or_saved_itself() {
        let next = |version, tab, mark: u8| draft().next(hold(version, tab), ADDRESS, &[mark], false);
        assert_eq!(next(3, 2, 5), Next::GoOn);
        assert_eq!(next(1, 1, 5), Next::GoOn);
        assert_eq!(next(2, 2, 5), Next::Fork);
        assert_eq!(next(2, 2, 1), Next::Same);
        assert_eq!(draft().next(hold(3, 1), "/boenden/annan", &[5], false), Next::Fork);
    }

    #[test]
    fn what_comes_after_it_was_sent_is_late_or_something_new() {
        let sent = Draft { sealed: None, sent_mark: Some(vec![4]), ..draft() };
        assert_eq!(sent.next(hold(3, 2), ADDRESS, &[4], true), Next::Late);
        assert_eq!(sent.next(hold(3, 1), ADDRESS, &[5], false), Next::Late);
        assert_eq!(sent.next(hold(3, 1), ADDRESS, &[5], true), Next::Fork);
        assert_eq!(sent.next(hold(3, 2), ADDRESS, &[5], false), Next::Fork);
    }

    #[test]
    fn the_same_record_with_another_text_is_told() {
        let record = Uuid::from_u128(7);
        let sent = Draft { sent_record: Some(record), sent_mark: Some(vec![4]), ..draft() };
        assert!(sent.was_sent_otherwise(record, &[5]));
        assert!(!sent.was_sent_otherwise(record, &[4]));
        assert!(!sent.was_sent_otherwise(Uuid::from_u128(8), &[5]));
    }
}
