//! What the overview says of the police's assessment: the one that holds, and what is to be done about it.

use time::{Date, Duration};
use uuid::Uuid;

use super::cooperation::Alarm;
use crate::access::CaseAccess;
use crate::access::right::{ReadThreat, SeesCase};
use crate::audit::{Event, Note};
use crate::crypto::Sealed;
use crate::error::Result;
use crate::exposure::is_named;
use crate::personal::Personal;
use crate::placement::model::Placement;
use crate::placement::paths as placements;
use crate::threat::model::{Assessment, Judgement};
use crate::threat::store::UNSAFE_AREAS;
use crate::threat::{paths, store};
use crate::vocabulary::ThreatStatus;
use crate::web::view::{Due, Todo};

/// How long before its last day an assessment is spoken of.
const ENDING_SOON: Duration = Duration::days(14);

pub(super) struct ThreatPanel {
    pub all: String,
    /// Where a new one is registered.
    pub new: String,
    pub holds: Option<Holding>,
    /// The last day of one that has gone out of date.
    pub stale: Option<Date>,
    pub todos: Vec<Todo>,
    /// What the confirmed assessment calls unsafe, also of one that has gone out of date.
    unsafe_areas: Option<(Uuid, Sealed)>,
}

/// The assessment that holds today.
pub(super) struct Holding {
    pub href: String,
    pub judgement: Judgement,
    /// Filled bars; -1 where the police have not graded.
    pub step: i8,
    pub assessed_on: Date,
    pub body: &'static str,
    pub valid_until: Date,
}

impl ThreatPanel {
    pub async fn read(case: &mut CaseAccess<ReadThreat>) -> Result<Self> {
        let versions = store::list(case).await?;
        case.shown(Note::of(Event::ThreatShown).with("count", versions.len()));
        Ok(Self::of(&case.head().reference, &versions, case.desk().clock().today()))
    }

    fn of(case: &str, versions: &[Assessment], today: Date) -> Self {
        let holding = versions.iter().find(|one| one.holds(today));
        let stale = versions.iter().find(|one| one.is_stale(today)).map(|one| one.valid_until);
        let mut todos = Vec::new();
        if let Some(waiting) = versions.iter().find(|one| one.status == ThreatStatus::Received) {
            todos.push(Todo {
                href: paths::show(case, waiting.id),
                label: "Fastställ hotbedömningen".to_owned(),
                due: Due::on(waiting.received_on, today),
                note: format!("Registrerad av {}", waiting.registrar),
            });
        }
        let ends = stale.or_else(|| holding.map(|one| one.valid_until).filter(|day| *day <= today + ENDING_SOON));
        if let Some(day) = ends {
            todos.push(Todo {
                href: paths::new(case),
                label: "Ny hotbedömning".to_owned(),
                due: Due::on(day, today),
                note: "Be polisen om en ny bedömning".to_owned(),
            });
        }
        let holds = holding.map(|one| Holding {
            href: paths::show(case, one.id),
            judgement: one.judgement,
            step: one.judgement.level.step().and_then(|step| i8::try_from(step).ok()).unwrap_or(-1),
            assessed_on: one.assessed_on,
            body: one.body.label(),
            valid_until: one.valid_until,
        });
        let confirmed = versions.iter().find(|one| one.status == ThreatStatus::Confirmed);
        let unsafe_areas = confirmed.map(|one| (one.id, one.unsafe_areas.clone()));
        Self { all: paths::list(case), new: paths::new(case), holds, stale, todos, unsafe_areas }
    }

    /// A36: a placement that stands where the police have come to say that the person is not safe. The place is not opened,
    /// and not named.
    pub fn unsafe_places<R: SeesCase>(&self, case: &CaseAccess<R>, stays: &[Placement]) -> Result<Vec<Alarm>> {
        let Some((assessment, areas)) = &self.unsafe_areas else { return Ok(Vec::new()) };
        let (desk, head) = (case.desk(), case.head());
        let mut alarms = Vec::new();
        for placement in stays.iter().filter(|placement| !placement.marks.is_empty()) {
            let named = |areas: &Personal| is_named(desk.keys(), head.id, areas, &placement.marks);
            if desk.ask(UNSAFE_AREAS.at(*assessment), areas, named)? {
                alarms.push(Alarm {
                    kind: "danger",
                    heading: "Platsen kan vara osäker",
                    text: format!("Polisens hotbedömning kan gälla platsen för placering {}.", placement.number),
                    href: placements::show(&head.reference, placement.id),
                    label: "Visa placeringen",
                });
            }
        }
        Ok(alarms)
    }
}
