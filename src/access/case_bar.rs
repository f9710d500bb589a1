//! What stands above every page of a case. It names the parts of a case, so that no room needs to know its neighbours;
//! the addresses are held to the rooms' own by the access matrix, which visits every one.

use time::Date;

use super::case_head::{BIRTH_DATE, CaseHead};
use super::desk::Receipt;
use super::policy::{self, Relation};
use super::right::Permission;
use super::{Actor, case_path};
use crate::calendar::{age_on, stockholm};
use crate::error::Result;
use crate::vocabulary::ProtectionLevel;
use crate::web::view::{Action, CaseBar, Crumb, Moment, Tab, ThreatTag};

/// The parts of a case that have pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Overview,
    Person,
    Threat,
    Police,
    Investigation,
    Cooperation,
    Decisions,
    Placements,
    Plan,
    Journal,
    Meetings,
    Assignment,
}

impl Part {
    const ALL: [Self; 12] = [
        Self::Overview,
        Self::Person,
        Self::Threat,
        Self::Police,
        Self::Investigation,
        Self::Cooperation,
        Self::Decisions,
        Self::Placements,
        Self::Plan,
        Self::Journal,
        Self::Meetings,
        Self::Assignment,
    ];

    const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Översikt",
            Self::Person => "Person",
            Self::Threat => "Hotbedömning",
            Self::Police => "Poliskontakter",
            Self::Investigation => "Utredning",
            Self::Cooperation => "Samverkan",
            Self::Decisions => "Beslut",
            Self::Placements => "Placering och kostnad",
            Self::Plan => "Plan och uppföljning",
            Self::Journal => "Journal",
            Self::Meetings => "Möten och utfall",
            Self::Assignment => "Behörighet",
        }
    }

    const fn address(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Person => "/person",
            Self::Threat => "/hotbedomningar",
            Self::Police => "/poliskontakter",
            Self::Investigation => "/utredning",
            Self::Cooperation => "/samverkan",
            Self::Decisions => "/beslut",
            Self::Placements => "/placeringar",
            Self::Plan => "/planer",
            Self::Journal => "/journal",
            Self::Meetings => "/moten",
            Self::Assignment => "/tilldelning",
        }
    }

    const fn needs(self) -> Permission {
        match self {
            Self::Person => Permission::ReadPerson,
            Self::Threat => Permission::ReadThreat,
            Self::Police => Permission::ReadPoliceContacts,
            Self::Cooperation => Permission::ReadDeviations,
            Self::Journal => Permission::ReadJournal,
            Self::Decisions => Permission::ReadDecisions,
            Self::Investigation => Permission::ReadInvestigations,
            Self::Meetings => Permission::ReadMeetings,
            Self::Plan => Permission::ReadPlans,
            Self::Overview | Self::Placements | Self::Assignment => Permission::ReadCase,
        }
    }
}

pub(super) fn fill(
    actor: &Actor,
    head: &CaseHead,
    relation: &Relation,
    part: Part,
    receipt: &Receipt,
    today: Date,
) -> Result<CaseBar> {
    let may = |permission| policy::allows_in_case(actor, permission, relation);
    let path = |address: &str| case_path(&head.reference, address);
    let acts = [
        ("/journal", "Ny journalanteckning", Permission::WriteJournal),
        ("/placeringar/ny", "Ny placering", Permission::ManagePlacements),
        ("/overlamning", "Lämna över ärendet", Permission::HandOver),
        ("/tilldelning/ny", "Byt eller lägg till handläggare", Permission::AssignCase),
        ("/tidslinje", "Visa tidslinjen", Permission::ReadCase),
        ("/bevakningar", "Bevakningar i ärendet", Permission::ReadCase),
        ("/utskrift", "Skriv ut delar av ärendet", Permission::PrintCase),
        ("/status", "Ändra status", Permission::ManageCase),
        ("/overflyttning", "Överflyttning till annan kommun", Permission::ReadCase),
        ("/avslut", "Avsluta ärendet", Permission::CloseCase),
        ("/lasningar", "Vem har läst ärendet", Permission::ReadLooks),
        ("/jav", "Anmäl jäv", Permission::DeclareConflict),
    ];
    // What is done most often stands by itself.
    let first = acts[..2].iter().position(|(_, _, permission)| may(*permission));
    let mut crumbs = vec![Crumb::to("/arenden", "Ärenden")];
    if part == Part::Overview {
        crumbs.push(Crumb::here(&head.reference));
    } else {
        crumbs.extend([Crumb::to(path(""), &head.reference), Crumb::here(part.label())]);
    }
    Ok(CaseBar {
        reference: head.reference.clone(),
        code_name: head.code_name.clone(),
        age: age(head, receipt, today)?,
        status: head.status.label(),
        threat: may(Permission::ReadThreat).then(|| threat(head, today)),
        responsible: head.responsible.clone(),
        deputy: head.deputy.clone(),
        coordinator: head.coordinator.clone(),
        protection: match (head.marking, head.protection) {
            (Some(marking), _) => Some(marking.label()),
            (None, ProtectionLevel::Standard) => None,
            (None, ProtectionLevel::Restricted | ProtectionLevel::ClosedCircle) => Some(head.protection.label()),
        },
        reveal: (part != Part::Person && may(Permission::ReadPerson)).then(|| path("/person")),
        tabs: Part::ALL
            .into_iter()
            .filter(|tab| may(tab.needs()))
            .map(|tab| Tab {
                href: path(tab.address()),
                label: tab.label(),
                current: tab == part,
                count: (tab == Part::Placements).then_some(head.placements),
            })
            .collect(),
        primary: first.map(|first| Action::new(path(acts[first].0), acts[first].1)),
        actions: acts
            .into_iter()
            .enumerate()
            .filter(|(at, (_, _, permission))| Some(*at) != first && may(*permission))
            .map(|(_, (address, label, _))| Action::new(path(address), label))
            .collect(),
        closed: head.closed_on.is_some(),
        died_on: head.died_on,
        glass_until: head.glass.map(|glass| Moment(stockholm(glass.until))),
        crumbs,
    })
}

/// The level that holds today. One that has gone out of date is said to be so, and its level is not shown.
fn threat(head: &CaseHead, today: Date) -> ThreatTag {
    match head.threat {
        Some((level, until)) if today <= until => ThreatTag {
            key: level.key(),
            label: level.label().to_owned(),
            step: level.step().and_then(|step| i8::try_from(step).ok()).unwrap_or(-1),
        },
        Some((_, until)) => ThreatTag { key: "ej", label: format!("Har gått ut {until}"), step: -1 },
        None => ThreatTag { key: "ej", label: "Ej bedömd".to_owned(), step: -1 },
    }
}

fn age(head: &CaseHead, receipt: &Receipt, today: Date) -> Result<Option<u8>> {
    let Some(sealed) = &head.birth_date else { return Ok(None) };
    let text = receipt.open(BIRTH_DATE.at(head.person), sealed)?;
    Ok(text.day().and_then(|birth| u8::try_from(age_on(birth, today)).ok()))
}
