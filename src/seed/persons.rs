//! How the invented people are reached, who stands close to them, and how one of them is protected. Registered by the
//! responsible social worker.

use time::Date;
use time::macros::date;
use uuid::Uuid;

use super::Seated;
use super::data::CASES;
use crate::access::CaseAccess;
use crate::access::right::{ManageMarkings, ManagePerson, ManageRelations};
use crate::error::{Error, Result};
use crate::person::contact_detail::model::NewContactDetail;
use crate::person::marking::model::NewMarking;
use crate::person::relation::model::Close;
use crate::person::{contact_detail, marking, relation};
use crate::state::AppState;
use crate::vocabulary::{ConditionMet, ContactDetailKind, Custody, LivesWith, MailRoute, MarkingKind, RelationKind};

/// A way to reach somebody, in the case by its place in the list of cases.
struct DemoContact {
    case: usize,
    kind: ContactDetailKind,
    value: &'static str,
    is_safe: bool,
    times: Option<&'static str>,
    from: Date,
}

/// The numbers are among those that PTS keeps for film and books.
const CONTACTS: [DemoContact; 6] = [
    DemoContact {
        case: 2,
        kind: ContactDetailKind::Phone,
        value: "070-174 06 05",
        is_safe: true,
        times: Some("Vardagar efter klockan 15"),
        from: date!(2026 - 01 - 15),
    },
    DemoContact {
        case: 2,
        kind: ContactDetailKind::Phone,
        value: "070-174 06 06",
        is_safe: false,
        times: None,
        from: date!(2026 - 01 - 05),
    },
    DemoContact {
        case: 3,
        kind: ContactDetailKind::Phone,
        value: "070-174 06 07",
        is_safe: true,
        times: None,
        from: date!(2026 - 03 - 02),
    },
    DemoContact {
        case: 3,
        kind: ContactDetailKind::Address,
        value: "Påhittsgatan 7, Granvik",
        is_safe: false,
        times: None,
        from: date!(2026 - 03 - 02),
    },
    DemoContact {
        case: 4,
        kind: ContactDetailKind::SafeContactVia,
        value: "Kontaktpersonen på boendet, be om att bli uppringd",
        is_safe: true,
        times: Some("Dagtid"),
        from: date!(2026 - 06 - 21),
    },
    DemoContact {
        case: 4,
        kind: ContactDetailKind::Email,
        value: "lova.dikt@exempel.se",
        is_safe: false,
        times: None,
        from: date!(2026 - 04 - 20),
    },
];

/// Somebody close.
struct DemoRelation {
    case: usize,
    label: &'static str,
    kind: RelationKind,
    born: Option<i16>,
    lives_with: LivesWith,
    custody: Option<Custody>,
    party: ConditionMet,
    /// Whether there may be contact, and why where it needs saying.
    contact: (bool, Option<&'static str>),
}

const RELATIONS: [DemoRelation; 4] = [
    DemoRelation {
        case: 3,
        label: "Sonen",
        kind: RelationKind::Child,
        born: Some(2016),
        lives_with: LivesWith::No,
        custody: Some(Custody::Joint),
        party: ConditionMet::No,
        contact: (true, None),
    },
    DemoRelation {
        case: 3,
        label: "Mamman",
        kind: RelationKind::Parent,
        born: None,
        lives_with: LivesWith::No,
        custody: None,
        party: ConditionMet::No,
        contact: (true, None),
    },
    DemoRelation {
        case: 4,
        label: "Dottern",
        kind: RelationKind::Child,
        born: Some(2020),
        lives_with: LivesWith::Yes,
        custody: Some(Custody::Joint),
        party: ConditionMet::No,
        contact: (true, None),
    },
    DemoRelation {
        case: 4,
        label: "Brodern",
        kind: RelationKind::Sibling,
        born: None,
        lives_with: LivesWith::No,
        custody: None,
        party: ConditionMet::Unknown,
        contact: (false, None),
    },
];

/// The one whose data are protected in the population register.
const MARKED: (usize, Date) = (4, date!(2026 - 05 - 06));

/// `references` stand in the order of the cases; one that has not been opened yet has none.
pub(super) async fn describe(state: &AppState, colleagues: &[Seated], references: &[Option<String>]) -> Result<()> {
    let today = state.clock.today();
    for one in CONTACTS.iter().filter(|one| one.from <= today) {
        let Some((reference, by)) = open_case(colleagues, references, one.case, today) else { continue };
        let mut access = CaseAccess::<ManagePerson>::open(state, by.visitor(), reference).await?;
        let new = NewContactDetail {
            id: Uuid::now_v7(),
            kind: one.kind,
            value: one.value.to_owned(),
            is_safe: one.is_safe,
            allowed_times: one.times.map(str::to_owned),
            valid_from: one.from,
        };
        contact_detail::store::register(&mut access, &new).await?;
        access.done().await?;
    }
    for one in &RELATIONS {
        let Some((reference, by)) = open_case(colleagues, references, one.case, today) else { continue };
        let mut access = CaseAccess::<ManageRelations>::open(state, by.visitor(), reference).await?;
        relation::store::register(&mut access, &close(one)).await?;
        access.done().await?;
    }
    let (case, from) = MARKED;
    let Some((reference, by)) = open_case(colleagues, references, case, today).filter(|_| from <= today) else {
        return Ok(());
    };
    let mut access = CaseAccess::<ManageMarkings>::open(state, by.visitor(), reference).await?;
    let new = NewMarking {
        id: Uuid::now_v7(),
        kind: MarkingKind::SecrecyMarking,
        source: "Avisering från Skatteverket".to_owned(),
        verified_on: from,
        valid_from: from,
        mail_route: MailRoute::ViaSkatteverket,
    };
    if !marking::store::register(&mut access, &new).await? {
        return Err(Error::internal("an invented person is marked twice"));
    }
    access.done().await
}

/// The case's reference and its responsible, while it goes on.
fn open_case<'a>(
    colleagues: &'a [Seated],
    references: &'a [Option<String>],
    case: usize,
    today: Date,
) -> Option<(&'a str, &'a Seated)> {
    let one = &CASES[case];
    let is_closed = one.closed.is_some_and(|(day, _)| day <= today);
    references[case].as_deref().filter(|_| !is_closed).map(|reference| (reference, &colleagues[one.responsible]))
}

fn close(one: &DemoRelation) -> Close {
    let (contact_allowed, reason) = one.contact;
    Close {
        id: Uuid::now_v7(),
        version: 1,
        label: one.label.to_owned(),
        kind: one.kind,
        birth_year: one.born,
        lives_with: one.lives_with,
        custody: one.custody,
        is_party_to_threat: one.party,
        contact_allowed,
        contact_reason: reason.map(str::to_owned),
        valid_to: None,
    }
}
