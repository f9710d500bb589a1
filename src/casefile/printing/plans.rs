//! What was found out, planned, followed up and went wrong, each as items.

use super::contents::Item;
use super::form::Days;
use super::store as prints;
use crate::access::CaseAccess;
use crate::access::right::{ReadDeviations, ReadInvestigations, ReadPlans};
use crate::audit::{Event, Note};
use crate::calendar::stockholm_date;
use crate::deviation::store as deviation_store;
use crate::error::Result;
use crate::intervention::model::Intervention;
use crate::intervention::store as intervention_store;
use crate::investigation::model::{Child, Investigation};
use crate::investigation::store as investigation_store;
use crate::investigation::store::children;
use crate::plan::model::Plan;
use crate::plan::store as plan_store;
use crate::{follow_up, intervention, investigation, plan};

/// The texts, the areas of support in their newest version, and the children.
pub(super) async fn investigations(case: &mut CaseAccess<ReadInvestigations>, days: Days) -> Result<Vec<Item>> {
    let mut all = investigation_store::list(case).await?;
    let mut areas = prints::areas(case).await?;
    let children = children::list(case).await?;
    all.retain(|one| {
        let ended = one.completed.as_ref().map(|one| one.0).or(one.discontinued.as_ref().map(|one| one.0));
        days.meets(one.started_on, ended)
    });
    case.shown(Note::of(Event::InvestigationsShown).with("why", "print").with("count", all.len()));
    let mut items = Vec::new();
    for one in all.iter().rev() {
        items.push(investigated(one));
        items.extend(areas.remove(&one.id).unwrap_or_default().iter().map(|area| {
            let texts = &area.texts;
            Item::new(format!("Utredning {}: {}", one.number, area.area.label().to_lowercase()))
                .fact("Behov av stöd", area.need)
                .written("Fakta", investigation::FACTS, area.id, texts.facts.as_ref())
                .text("Den enskildes syn", investigation::PERSON_VIEW.at(area.id), &texts.person_view)
                .written("Bedömning", investigation::ASSESSMENT, area.id, texts.assessment.as_ref())
                .written("Föreslagen insats", investigation::PROPOSED, area.id, texts.proposed.as_ref())
        }));
        items.extend(children.of(one.id).iter().map(|child| seen(one.number, child)));
    }
    Ok(items)
}

fn investigated(one: &Investigation) -> Item {
    Item::new(format!("Utredning {}: {}", one.number, one.kind.label().to_lowercase()))
        .fact("Status", one.status)
        .fact("Inledd", format!("{}, beslut {}", one.started_on, one.start_decision.1))
        .known("Kommunicerad", one.communicated_on)
        .known("Undantag från kommunicering", one.exception)
        .known("Yttrande kom in", one.reply_received_on)
        .known("Färdig", one.completed.as_ref().map(|(on, by)| format!("{on} av {by}")))
        .known("Avslutad utan beslut", one.discontinued.as_ref().map(|one| one.0))
        .known("Ledde till", one.ruling.map(|(_, number)| format!("Beslut {number}")))
        .written("Sammanfattning", investigation::SUMMARY, one.id, one.texts.summary.as_ref())
        .written("Analys", investigation::ANALYSIS, one.id, one.texts.analysis.as_ref())
        .written("Förslag", investigation::PROPOSAL, one.id, one.texts.proposal.as_ref())
}

fn seen(investigation: i32, child: &Child) -> Item {
    let (at, number) = (child.id, child.number);
    Item::new(format!("Utredning {investigation}: barn {number}, fött {}", child.birth_year))
        .fact("Har fått information", child.informed)
        .fact("Har fått komma till tals", child.heard)
        .known("Orosanmälan gjord", child.concern.as_ref().map(|one| one.0))
        .text("Barnet", investigation::CHILD_LABEL.at(at), &child.label)
        .written("Varför barnet inte har hörts", investigation::NOT_HEARD_REASON, at, child.not_heard_reason.as_ref())
        .text("Vad stödet betyder för barnet", investigation::EFFECT.at(at), &child.effect)
        .text("Barnets bästa", investigation::BEST_INTEREST.at(at), &child.best_interest)
        .written("Umgänge och kontakt", investigation::CONTACT_PLAN, at, child.contact_plan.as_ref())
}

/// Plans that are or were in force, and support that is no placement. What is only a draft is not printed.
pub(super) async fn plans(case: &mut CaseAccess<ReadPlans>, days: Days) -> Result<Vec<Item>> {
    let plans = plan_store::list(case).await?;
    let support = intervention_store::list(case).await?;
    let plans: Vec<_> = plans
        .iter()
        .rev()
        .filter(|one| {
            one.activated.as_ref().is_some_and(|(on, _)| days.meets(*on, one.ended.as_ref().map(|one| one.0)))
        })
        .collect();
    let support: Vec<_> = support.iter().rev().filter(|one| days.meets(one.from, one.ended_on.or(one.to))).collect();
    case.shown(Note::of(Event::PlansShown).with("why", "print").with("count", plans.len()));
    case.shown(Note::of(Event::InterventionsShown).with("why", "print").with("count", support.len()));
    Ok(plans.into_iter().map(planned).chain(support.into_iter().map(supported)).collect())
}

fn planned(one: &Plan) -> Item {
    let item = Item::new(format!("{} {}", one.kind, one.version_no))
        .fact("Status", one.status)
        .known("Fastställd", one.activated.as_ref().map(|(on, by)| format!("{on} av {by}")))
        .fact("Följs upp", one.follow_up_on)
        .known("Avslutad", one.ended.as_ref().map(|one| one.0))
        .text("Insatser", plan::INTERVENTIONS.at(one.id), &one.texts.interventions)
        .text("Vad andra ansvarar för", plan::OTHER_PRINCIPALS.at(one.id), &one.texts.other_principals)
        .text("Den enskildes syn", plan::PERSON_VIEW.at(one.id), &one.texts.person_view);
    let item = one.goals.iter().fold(item, |item, goal| {
        item.text("Mål", plan::GOAL.at(goal.id), &goal.text).text(
            "Ansvarig för målet",
            plan::RESPONSIBLE.at(goal.id),
            &goal.responsible,
        )
    });
    let why = one.ended.as_ref().and_then(|(_, why)| match why {
        plan::model::Ended::Said(reason) => Some(reason),
        plan::model::Ended::WithPlacement(_) => None,
    });
    item.written("Varför planen avslutades", plan::ENDED_REASON, one.id, why)
}

fn supported(one: &Intervention) -> Item {
    let to = one.to.map_or_else(|| "tills vidare".to_owned(), |to| format!("till {to}"));
    Item::new(format!("Insats {}: {}", one.number, one.kind))
        .fact("Status", one.status)
        .fact("Beslut", one.decision_number)
        .fact("Period", format!("{} {to}", one.from))
        .known("Började", one.executed_on)
        .known("Pausad", one.paused_on)
        .known("Avslutad", one.ended_on)
        .text("Omfattning", intervention::EXTENT.at(one.id), &one.extent)
        .written("Varför", intervention::STATUS_REASON, one.id, one.status_reason.as_ref())
}

/// What is to be held and what was, by their days.
pub(super) async fn follow_ups(case: &mut CaseAccess<ReadPlans>, days: Days) -> Result<Vec<Item>> {
    let mut all = follow_up::store::list(case).await?;
    let mut results = prints::results(case).await?;
    all.retain(|one| days.covers(one.held.as_ref().map_or(one.planned_on, |held| held.on)));
    all.sort_by_key(|one| one.held.as_ref().map_or(one.planned_on, |held| held.on));
    case.shown(Note::of(Event::FollowUpsShown).with("why", "print").with("count", all.len()));
    let items = all.iter().map(|one| {
        let item = Item::new(format!("Uppföljning {}: {}", one.number, one.kind.label().to_lowercase()))
            .fact("Planerad", one.planned_on);
        let Some(held) = &one.held else { return item };
        let item = item
            .fact("Genomförd", format!("{} av {}", held.on, held.by))
            .fact("Form", held.form)
            .written("Den enskildes syn", follow_up::PERSON_VIEW, one.id, held.views.person.as_ref())
            .written("Utförarens syn", follow_up::PROVIDER_VIEW, one.id, held.views.provider.as_ref())
            .written("Polisens syn", follow_up::POLICE_VIEW, one.id, held.views.police.as_ref());
        results.remove(&one.id).unwrap_or_default().iter().fold(item, |item, goal| {
            item.fact("Målet", goal.result).text("Målet löd", plan::GOAL.at(goal.goal), &goal.text)
        })
    });
    Ok(items.collect())
}

pub(super) async fn deviations(case: &mut CaseAccess<ReadDeviations>, days: Days) -> Result<Vec<Item>> {
    let mut all = deviation_store::list(case).await?;
    let mut steps = prints::steps(case).await?;
    all.retain(|one| days.covers(one.reported_on));
    case.shown(Note::of(Event::DeviationsShown).with("why", "print").with("count", all.len()));
    let items = all.iter().rev().map(|one| {
        let item = Item::new(format!("Avvikelse {}: {}", one.reported_on, one.category.label().to_lowercase()))
            .fact("Allvarlighetsgrad", one.severity)
            .fact("Hände", one.occurred_on)
            .fact("Uppgiften kom från", one.source)
            .fact("Status", one.status)
            .known("Åtgärd", one.outcome)
            .text("Vad som hände", deviation_store::DESCRIPTION.at(one.id), &one.description)
            .written(
                "Vad som gjordes genast",
                deviation_store::IMMEDIATE_ACTION,
                one.id,
                one.immediate_action.as_ref(),
            );
        steps.remove(&one.id).unwrap_or_default().iter().fold(item, |item, step| {
            item.fact(step.status.label(), format!("{} av {}", stockholm_date(step.at), step.by)).written(
                step.status.label(),
                deviation_store::STEP_TEXT,
                step.id,
                step.text.as_ref(),
            )
        })
    });
    Ok(items.collect())
}
