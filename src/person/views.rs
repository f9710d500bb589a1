//! What stands beside name and number on the page of the person: how they are protected, how they are reached, who is
//! close to them. Opened with the receipt, for this page alone.

use time::Date;

use super::contact_detail::model::{ContactDetail, warning};
use super::contact_detail::store::{ALLOWED_TIMES, VALUE};
use super::marking::model::{Marking, how_to_send, mail_route};
use super::marking::store::SOURCE;
use super::paths;
use super::relation::model::{Relation, has_child};
use super::relation::store::{CONTACT_REASON, LABEL, REMOVE_REASON};
use super::store::Described;
use crate::access::Receipt;
use crate::access::right::{BreakIdentity, ManageMarkings, ManagePerson, ManageRelations, Right, SeesCase};
use crate::access::{CaseAccess, case_path};
use crate::error::Result;
use crate::personal::Personal;
use crate::vocabulary::{ContactDetailKind, MarkingKind, PersonStatus};

/// Where things are changed, for those who may.
pub(super) struct Links {
    pub name: Option<String>,
    pub facts: Option<String>,
    pub marking: Option<String>,
    pub contact: Option<String>,
    pub relation: Option<String>,
    pub break_identity: Option<String>,
    /// Where a death is registered, or stands.
    pub death: Option<String>,
    pub consents: String,
}

impl Links {
    pub fn of<R: Right + SeesCase>(case: &CaseAccess<R>) -> Self {
        let reference = &case.head().reference;
        let person = case.may::<ManagePerson>();
        Self {
            name: person.then(|| paths::name(reference)),
            facts: (person && case.head().died_on.is_none()).then(|| paths::facts(reference)),
            marking: case.may::<ManageMarkings>().then(|| paths::new_marking(reference)),
            contact: person.then(|| paths::new_contact(reference)),
            relation: case.may::<ManageRelations>().then(|| paths::new_relation(reference)),
            break_identity: case.may::<BreakIdentity>().then(|| paths::break_identity(reference)),
            death: (person || case.head().died_on.is_some()).then(|| case_path(reference, "/dodsfall")),
            consents: case_path(reference, "/samtycken"),
        }
    }
}

/// What everybody who sees the page may know: that and how the person is protected, not who they are.
pub(super) struct Protection {
    pub markings: Vec<MarkingRow>,
    /// What whoever sends something has to do.
    pub how_to_send: Option<&'static str>,
    /// The day on which the identity was broken.
    pub broken_on: Option<Date>,
}

pub(super) struct MarkingRow {
    pub one: Marking,
    pub source: Personal,
    pub holds: bool,
    pub end: Option<String>,
    pub suggests_closed_circle: bool,
}

impl Protection {
    pub fn open(
        markings: Vec<Marking>,
        described: &Described,
        (reference, links): (&str, &Links),
        today: Date,
        receipt: &Receipt,
    ) -> Result<Self> {
        let route = mail_route(&markings, today);
        let rows = markings.into_iter().map(|one| {
            Ok(MarkingRow {
                source: receipt.open(SOURCE.at(one.id), &one.source)?,
                holds: one.holds_on(today),
                end: links.marking.as_ref().filter(|_| one.can_end()).map(|_| paths::end_marking(reference, one.id)),
                suggests_closed_circle: one.kind == MarkingKind::ProtectedRegistration && one.holds_on(today),
                one,
            })
        });
        Ok(Self {
            markings: rows.collect::<Result<_>>()?,
            how_to_send: route.map(how_to_send),
            broken_on: described.status_on.filter(|_| described.status == PersonStatus::IdentityBroken),
        })
    }
}

pub(super) struct ContactRow {
    pub kind: ContactDetailKind,
    pub value: Personal,
    /// What must not be done, where it is not safe.
    pub warning: Option<&'static str>,
    pub allowed_times: Option<Personal>,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    pub end: Option<String>,
}

pub(super) struct RelationRow {
    pub one: Relation,
    pub label: Personal,
    pub contact_reason: Option<Personal>,
    pub edit: Option<String>,
    pub remove: Option<String>,
}

/// That somebody stood here by mistake.
pub(super) struct RemovedRow {
    pub on: Date,
    pub by: String,
    pub reason: Personal,
}

/// What is shown with the name, and to whom the name is shown.
pub(super) struct Around {
    pub contacts: Vec<ContactRow>,
    pub relations: Vec<RelationRow>,
    pub removed: Vec<RemovedRow>,
    pub has_child: bool,
}

impl Around {
    pub fn open(
        contacts: &[ContactDetail],
        relations: &[Relation],
        (reference, links): (&str, &Links),
        today: Date,
        receipt: &Receipt,
    ) -> Result<Self> {
        let rows = contacts.iter().map(|one| {
            let times = one.allowed_times.as_ref();
            let may_end = !one.is_ended && links.contact.is_some();
            Ok(ContactRow {
                kind: one.kind,
                value: receipt.open(VALUE.at(one.id), &one.value)?,
                warning: (!one.is_safe).then(|| warning(one.kind)),
                allowed_times: times.map(|sealed| receipt.open(ALLOWED_TIMES.at(one.id), sealed)).transpose()?,
                valid_from: one.valid_from,
                valid_to: one.valid_to,
                end: may_end.then(|| paths::end_contact(reference, one.id)),
            })
        });
        let removed = relations.iter().filter_map(|one| one.removed.as_ref().map(|removed| (one.id, removed)));
        let removed = removed.map(|(id, removed)| {
            let reason = receipt.open(REMOVE_REASON.at(id), &removed.reason)?;
            Ok(RemovedRow { on: removed.on, by: removed.by.clone(), reason })
        });
        let close = relations.iter().filter(|one| one.removed.is_none()).map(|one| {
            let reason = one.contact_reason.as_ref();
            let may_edit = one.valid_to.is_none() && links.relation.is_some();
            Ok(RelationRow {
                label: receipt.open(LABEL.at(one.id), &one.label)?,
                contact_reason: reason.map(|sealed| receipt.open(CONTACT_REASON.at(one.id), sealed)).transpose()?,
                edit: may_edit.then(|| paths::relation(reference, one.id)),
                remove: links.relation.is_some().then(|| paths::remove_relation(reference, one.id)),
                one: one.clone(),
            })
        });
        Ok(Self {
            contacts: rows.collect::<Result<_>>()?,
            relations: close.collect::<Result<_>>()?,
            removed: removed.collect::<Result<_>>()?,
            has_child: has_child(relations, today),
        })
    }
}
