//! `/arenden/{case}`: the overview.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::cooperation::{Alarm, Attention};
use super::planning::{Planning, write_care_plan};
use super::store::{self, Facts};
use super::support::SupportPanel;
use super::threat::ThreatPanel;
use super::timeline::event::Happened;
use super::timeline::store as timeline;
use super::{decisions, meetings};
use crate::access::right::{AssignCase, Investigate, ManagePlacements, ReadCase, RegisterThreat, SeeCosts};
use crate::access::{CaseAccess, CaseHead, Part, case_path};
use crate::case::model::REVIEWED_SOON;
use crate::case::paths as cases;
use crate::error::Result;
use crate::intake::contact::store as contacts;
use crate::intake::model::Intake;
use crate::intake::{paths as intakes, store as intake_store};
use crate::money::Ore;
use crate::placement::model::Placement;
use crate::placement::views::{PlacementRow, costs, meter};
use crate::placement::{OFFER_SUPPORT, paths as placements, store as placement_store};
use crate::plan::paths as plans;
use crate::state::AppState;
use crate::vocabulary::{OutsideReason, PlacementStatus};
use crate::web::shell::Shell;
use crate::web::view::{Action, CaseBar, Due, Meter, Todo};

/// How many of the latest events stand on the page.
const LATEST: i64 = 6;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}", get(show))
}

#[derive(Template)]
#[template(path = "casefile/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    head: CaseHead,
    facts: Facts,
    earlier: Option<Action>,
    /// What is grave or late.
    alarms: Vec<Alarm>,
    /// None where the actor may not read it.
    threat: Option<ThreatPanel>,
    may_register: bool,
    /// Likewise.
    support: Option<SupportPanel>,
    unreported: Vec<String>,
    may_report: bool,
    came_in: Vec<Intake>,
    current: Option<Current>,
    others: Vec<PlacementRow>,
    sees_costs: bool,
    todos: Vec<Todo>,
    /// The latest of what has been, as the timeline tells it.
    latest: Vec<Happened>,
    timeline: String,
    all_placements: String,
    new_placement: Option<String>,
    assign: Option<String>,
    /// Where the care plan that is lacking is written, or read about by those who do not write.
    lacks_care_plan: Option<String>,
}

/// The placement that goes on, or else the next one.
struct Current {
    href: String,
    kind: &'static str,
    provider: String,
    procurement: &'static str,
    outside_reason: Option<&'static str>,
    status: &'static str,
    first: Date,
    last: Date,
    per_day: Option<Ore>,
    meter: Meter,
}

impl Current {
    fn of(case: &str, placement: &Placement, today: Date) -> Result<Self> {
        Ok(Self {
            href: placements::show(case, placement.id),
            kind: placement.kind.label(),
            provider: placement.provider.clone(),
            procurement: placement.procurement.label(),
            outside_reason: placement.outside_reason.map(OutsideReason::label),
            status: placement.status.label(),
            first: placement.starts_on,
            last: placement.last_day(),
            per_day: placement.price_on(today),
            meter: meter(&costs(placement, today)?),
        })
    }
}

async fn show(mut case: CaseAccess<ReadCase>) -> Result<Response> {
    let facts = store::facts(&mut case).await?;
    let registered = placement_store::list(&mut case).await?;
    let came_in = intake_store::of_case(&mut case).await?;
    let police_by = contacts::first_due(&mut case).await?;
    let latest = timeline::latest(&mut case, LATEST).await?;
    let (case, threat) = case.also(ThreatPanel::read).await?;
    let (case, support) = case.also(SupportPanel::read).await?;
    let (case, decided) = case.also(decisions::todos).await?;
    let (case, returns) = case.also(meetings::todos).await?;
    let (case, planning) = case.also(Planning::read).await?;
    let (case, attention) = case.also(Attention::read).await?;
    let (head, today) = (case.head().clone(), case.desk().clock().today());
    let reference = head.reference.clone();
    let current = registered
        .iter()
        .find(|placement| placement.status == PlacementStatus::Active)
        .or_else(|| registered.iter().rev().find(|placement| placement.status == PlacementStatus::Planned));
    let others = registered.iter().filter(|one| current.is_none_or(|current| current.id != one.id));
    let others = others.map(|one| PlacementRow::of(&reference, one, today)).collect::<Result<Vec<_>>>()?;
    let current = current.map(|placement| Current::of(&reference, placement, today)).transpose()?;
    let mut todos = todos(&head, &registered, (today, facts.ends_by), case.may::<AssignCase>());
    todos.extend(police_by.map(|day| speak_with_police(&reference, day, today)));
    todos.extend(facts.rests.and_then(|(_, day)| look_again(&reference, day, today)));
    let mut alarms = Vec::new();
    let open = planning.as_ref().filter(|_| head.closed_on.is_none());
    let lack = open.and_then(|planning| planning.lacks_care_plan(&registered, today));
    if head.closed_on.is_none() {
        todos.extend(threat.iter().flat_map(|threat| threat.todos.iter().cloned()));
        todos.extend(decided.unwrap_or_default());
        todos.extend(support.iter().flat_map(|support| support.todos.iter().cloned()));
        todos.extend(returns.unwrap_or_default());
        todos.extend(planning.iter().flat_map(|planning| planning.todos.iter().cloned()));
        todos.extend(lack.map(|lack| write_care_plan(&reference, lack, today)));
        if let Some(threat) = &threat {
            alarms.extend(threat.unsafe_places(&case, &registered)?);
        }
        if let Some(attention) = attention {
            alarms.extend(attention.alarms);
            todos.extend(attention.todos);
        }
        todos.sort_by_key(|todo| todo.due.day);
    }
    let lacks_care_plan = lack.is_some_and(|lack| lack.is_late).then(|| plans::list(&reference));
    let (may_register, sees_costs) = (case.may::<RegisterThreat>(), case.may::<SeeCosts>());
    let may_report = case.may::<Investigate>();
    let unreported = support.as_ref().map(|support| support.unreported.clone()).unwrap_or_default();
    let new_placement = case.may::<ManagePlacements>().then(|| placements::new(&reference));
    let assign = case.may::<AssignCase>().then(|| case_path(&reference, "/tilldelning/ny"));
    case.page(Part::Overview, |shell, case, _| {
        Ok(ShowPage {
            shell,
            case,
            earlier: facts.earlier.as_ref().map(|earlier| Action::new(case_path(earlier, ""), earlier.clone())),
            came_in,
            head,
            facts,
            alarms,
            threat,
            may_register,
            support,
            unreported,
            may_report,
            current,
            others,
            sees_costs,
            todos,
            latest: latest.iter().map(|row| Happened::of(&reference, row)).collect(),
            timeline: case_path(&reference, "/tidslinje"),
            all_placements: placements::list(&reference),
            new_placement,
            assign,
            lacks_care_plan,
        })
    })
    .await
}

/// The first contact with the police, while it is lacking (A01).
fn speak_with_police(reference: &str, day: Date, today: Date) -> Todo {
    Todo {
        href: intakes::case_contacts(reference),
        label: format!("Kontakta polisen senast {day}"),
        due: Due::on(day, today),
        note: "Det kan vara en anonym konsultation".to_owned(),
    }
}

/// A case that rests is looked at again, when its day nears or has been (A32).
fn look_again(reference: &str, day: Date, today: Date) -> Option<Todo> {
    (day <= today + REVIEWED_SOON).then(|| Todo {
        href: cases::rest(reference),
        label: "Vilande ärende ska ses över".to_owned(),
        due: Due::on(day, today),
        note: "Låt ärendet vila vidare, eller ta upp det igen".to_owned(),
    })
}

/// What the case asks for now, the most urgent first: placements that end by the later day among it.
fn todos(head: &CaseHead, registered: &[Placement], (today, ends_by): (Date, Date), may_assign: bool) -> Vec<Todo> {
    let mut todos = Vec::new();
    if head.closed_on.is_some() {
        return todos;
    }
    for placement in registered {
        let href = placements::show(&head.reference, placement.id);
        let note = format!("Placering {}", placement.number);
        match placement.status {
            PlacementStatus::Planned if placement.starts_on <= today => todos.push(Todo {
                href,
                label: "Registrera inskrivning".to_owned(),
                due: Due::on(placement.starts_on, today),
                note,
            }),
            PlacementStatus::Active if placement.planned_end_on <= ends_by => todos.push(Todo {
                href,
                label: "Ompröva placeringen".to_owned(),
                due: Due::on(placement.planned_end_on, today),
                note,
            }),
            _ => {}
        }
        if placement.lacks_offer {
            let (last, note) = (placement.last_day(), format!("Placering {} på egen begäran", placement.number));
            let href = placements::offer(&head.reference, placement.id);
            todos.push(Todo { href, label: OFFER_SUPPORT.to_owned(), due: Due::on(last, today), note });
        }
    }
    todos.sort_by_key(|todo| todo.due.day);
    if head.deputy.is_none() {
        let href = case_path(&head.reference, if may_assign { "/tilldelning/ny" } else { "/tilldelning" });
        let note = "Ett ärende får inte hänga på en person".to_owned();
        todos.insert(0, Todo { href, label: "Utse ersättare".to_owned(), due: Due::on(today, today), note });
    }
    todos
}
