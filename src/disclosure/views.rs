//! A disclosure and its texts as a page shows them.

use time::Date;
use uuid::Uuid;

use super::model::{Act, Disclosure, Item, Standing, View};
use super::{BASIS, CONTACT, CONTENT, ITEM_WEIGHING, REFUSAL, REQUEST_REF, REQUEST_TEXT, REVOKED_WHY, WEIGHING, paths};
use crate::access::Receipt;
use crate::calendar::stockholm;
use crate::crypto::Sealed;
use crate::crypto::seal::Column;
use crate::error::Result;
use crate::personal::Personal;
use crate::vocabulary::{DisclosureChannel, DisclosureGround, DisclosureRecipient};
use crate::web::view::Moment;

/// One in the table.
pub(super) struct Row {
    pub href: String,
    pub recipient: DisclosureRecipient,
    pub ground: DisclosureGround,
    pub channel: DisclosureChannel,
    pub standing: Standing,
    pub day: Date,
}

impl Row {
    pub fn of(case: &str, one: &Disclosure, today: Date) -> Self {
        Self {
            href: paths::show(case, one.id),
            recipient: one.recipient,
            ground: one.ground,
            channel: one.channel,
            standing: one.standing(today),
            day: one.available_from,
        }
    }
}

/// What is said about it in sealed fields.
pub(super) struct Opened {
    pub contact: Option<Personal>,
    pub request_ref: Option<Personal>,
    pub request_text: Option<Personal>,
    pub basis: Option<Personal>,
    pub weighing: Option<Personal>,
    pub refusal: Option<Personal>,
    pub revoked_why: Option<Personal>,
}

impl Opened {
    pub fn of(one: &Disclosure, receipt: &Receipt) -> Result<Self> {
        let open = |column: Column, sealed: &Option<Sealed>| {
            sealed.as_ref().map(|sealed| receipt.open(column.at(one.id), sealed)).transpose()
        };
        Ok(Self {
            contact: open(CONTACT, &one.contact)?,
            request_ref: open(REQUEST_REF, &one.request_ref)?,
            request_text: open(REQUEST_TEXT, &one.request_text)?,
            basis: open(BASIS, &one.basis)?,
            weighing: open(WEIGHING, &one.weighing)?,
            refusal: open(REFUSAL, &one.refusal)?,
            revoked_why: open(REVOKED_WHY, &one.revoked_why)?,
        })
    }
}

pub(super) struct ActView {
    pub by: String,
    pub at: Moment,
}

impl ActView {
    pub fn of(act: &Act) -> Self {
        Self { by: act.by.clone(), at: Moment(stockholm(act.at)) }
    }
}

/// A text with those who have opened it.
pub(super) struct ItemView {
    pub id: Uuid,
    pub heading: String,
    pub content: Personal,
    pub weighing: Option<Personal>,
    pub frozen_at: Moment,
    pub has_changed: bool,
    pub is_protected_address: bool,
    pub allow_download: bool,
    pub remove: Option<String>,
    pub readers: Vec<Reader>,
}

pub(super) struct Reader {
    pub name: String,
    pub at: Moment,
    pub downloaded: bool,
}

impl ItemView {
    pub fn of(item: &Item, views: &[View], remove: Option<String>, receipt: &Receipt) -> Result<Self> {
        let readers = views.iter().filter(|view| view.item == item.id);
        Ok(Self {
            id: item.id,
            heading: item.kind.label().to_owned(),
            content: receipt.open(CONTENT.at(item.id), &item.content)?,
            weighing: match &item.weighing {
                Some(sealed) => Some(receipt.open(ITEM_WEIGHING.at(item.id), sealed)?),
                None => None,
            },
            frozen_at: Moment(stockholm(item.frozen_at)),
            has_changed: item.has_changed,
            is_protected_address: item.is_protected_address,
            allow_download: item.allow_download,
            remove,
            readers: readers
                .map(|view| Reader {
                    name: view.reader.clone(),
                    at: Moment(stockholm(view.opened_at)),
                    downloaded: view.downloaded,
                })
                .collect(),
        })
    }
}
