//! What the overview says of the social services' own assessment: the areas of support with the greatest need first, and
//! a report of concern that nobody has documented.

use time::Date;

use crate::access::CaseAccess;
use crate::access::right::{Investigate, ReadInvestigations};
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::investigation::model::ruling_due;
use crate::investigation::store::support::{Moved, Ongoing};
use crate::investigation::support::AreaRow;
use crate::investigation::{paths, store};
use crate::vocabulary::HasChildren;
use crate::web::view::{Due, Todo};

pub(super) struct SupportPanel {
    pub all: String,
    pub newest: Option<Newest>,
    /// Where a report of concern that is lacking is registered (A30).
    pub unreported: Vec<String>,
    pub todos: Vec<Todo>,
}

/// The newest version of the assessment.
pub(super) struct Newest {
    pub href: String,
    pub areas: Vec<AreaRow>,
    pub saved_on: Date,
    pub saver: String,
}

impl SupportPanel {
    pub async fn read(case: &mut CaseAccess<ReadInvestigations>) -> Result<Self> {
        let standing = store::support::standing(case).await?;
        let count = standing.newest.as_ref().map_or(0, |newest| newest.needs.len());
        let note = Note::of(Event::InvestigationsShown).with("areas", count);
        case.shown(note.with("unreported", standing.unreported.len()));
        let (reference, today) = (&case.head().reference, case.desk().clock().today());
        Ok(Self {
            all: paths::list(reference),
            newest: standing.newest.map(|newest| Newest {
                href: paths::support(reference, newest.investigation),
                areas: AreaRow::by_need(newest.needs),
                saved_on: newest.saved_on,
                saver: newest.saver,
            }),
            unreported: standing.unreported.into_iter().map(|child| paths::concern(reference, child)).collect(),
            todos: {
                let mut all = standing.ongoing.map(|ongoing| todos(reference, ongoing, today)).unwrap_or_default();
                // Whoever only reads the investigation is not led to a page that is closed to them.
                let moved = standing.moved.filter(|_| case.may::<Investigate>());
                all.extend(moved.map(|moved| see_children(reference, moved, standing.has_children, today)));
                all
            },
        })
    }
}

/// What the investigation that goes on asks for: to be done in time (A05), and a ruling once the party has asked for it.
fn todos(case: &str, one: Ongoing, today: Date) -> Vec<Todo> {
    let note = format!("Utredning {}", one.number);
    let todo = |label: &str, day| Todo {
        href: paths::show(case, one.id),
        label: label.to_owned(),
        due: Due::on(day, today),
        note: note.clone(),
    };
    let due = Some(one.due_on).filter(|_| today >= one.warned_on);
    let mut todos: Vec<_> = due.map(|day| todo("Färdigställ utredningen", day)).into_iter().collect();
    todos.extend(one.demanded_on.map(|day| todo("Avgör ärendet, parten har begärt det", ruling_due(day))));
    todos
}

/// The children are seen anew when the person moves; where nobody knows whether there are any, that is asked first.
fn see_children(case: &str, moved: Moved, has_children: HasChildren, today: Date) -> Todo {
    let (href, note) = match has_children {
        HasChildren::Unknown => (paths::children(case), "Svara först på om det finns barn".to_owned()),
        HasChildren::Yes | HasChildren::No => {
            (paths::child_at_placement(case, moved.placement), format!("Placering {} har ändrats", moved.number))
        }
    };
    Todo { href, label: "Följ upp barnperspektivet".to_owned(), due: Due::on(moved.on, today), note }
}
