//! The case, the person, the journal, what the police and the board have said, and where time went: each as items.

use time::Date;

use super::contents::Item;
use super::form::Days;
use super::store as prints;
use crate::access::CaseAccess;
use crate::access::right::{ReadCase, ReadDecisions, ReadJournal, ReadPerson, ReadThreat};
use crate::audit::{Event, Note};
use crate::calendar::{moment, stockholm_date};
use crate::casefile::store as casefile;
use crate::casefile::timeline::event::Happened;
use crate::casefile::timeline::store as timeline_store;
use crate::decision::model::Decision;
use crate::decision::{self, store as decision_store};
use crate::error::Result;
use crate::journal::model::Entry;
use crate::journal::store::{self as journal_store, Wanted};
use crate::person::store::identities;
use crate::person::{FAMILY_NAME, GIVEN_NAME, NUMBER};
use crate::placement::store as placement_store;
use crate::placement::views::PlacementRow;
use crate::threat::store as threat_store;
use crate::vocabulary::{DecisionMaker, ThreatStatus};

/// More notes or events than this are no file that one prints.
const MOST: i64 = 5_000;

/// The first and the last day, in words.
fn span(first: Date, last: Option<Date>) -> String {
    last.map_or_else(|| format!("Från {first} tills vidare"), |last| format!("{first} till {last}"))
}

pub(super) async fn facts(case: &mut CaseAccess<ReadCase>) -> Result<Vec<Item>> {
    let facts = casefile::facts(case).await?;
    let head = case.head();
    let item = Item::new(head.reference.clone())
        .fact("Status", head.status)
        .fact("Öppnat", head.opened_on)
        .known("Avslutat", head.closed_on)
        .known("Orsak till avslut", facts.close_reason)
        .fact("Programmet", head.programme)
        .known("Vilar", facts.rests.map(|(why, day)| format!("{why}, ses över senast {day}")))
        .known("Behov", facts.needs)
        .fact("Barn", facts.has_children)
        .fact("Enhet", facts.unit)
        .known("Område", facts.district)
        .fact("Ansvarig kommun", facts.basis)
        .known("Handläggare", head.responsible.as_ref())
        .known("Ersättare", head.deputy.as_ref())
        .known("Samordnare", head.coordinator.as_ref())
        .known("Tidigare ärende", facts.earlier);
    Ok(vec![item])
}

/// Name and number as they are now. How somebody is reached is not printed.
pub(super) async fn person(case: &mut CaseAccess<ReadPerson>) -> Result<Vec<Item>> {
    let latest = identities(case).await?.into_iter().next();
    case.shown(Note::of(Event::PersonShown).with("why", "print"));
    let items = latest.map(|one| {
        Item::new(one.kind.label())
            .text("Förnamn", GIVEN_NAME.at(one.id), &one.given_name)
            .text("Efternamn", FAMILY_NAME.at(one.id), &one.family_name)
            .text("Nummer", NUMBER.at(one.id), &one.number)
    });
    Ok(items.into_iter().collect())
}

pub(super) async fn journal(case: &mut CaseAccess<ReadJournal>, days: Days) -> Result<Vec<Item>> {
    let mut entries = journal_store::list(case, Wanted { take: MOST, ..Wanted::default() }).await?;
    entries.retain(|entry| days.covers(entry.event_on));
    case.shown(Note::of(Event::JournalShown).with("why", "print").with("count", entries.len()));
    Ok(entries.iter().rev().map(note).collect())
}

fn note(entry: &Entry) -> Item {
    let heading = entry.program.as_ref().map_or(entry.kind.label(), |line| line.event.label());
    let clock = entry.event_at.map(|at| format!(" kl. {:02}.{:02}", at.hour(), at.minute())).unwrap_or_default();
    let by = format!("{} av {}, {}", moment(entry.entered_at), entry.author, entry.title);
    let mut item = Item::new(format!("{} {heading}", entry.event_on))
        .known("Händelsen", Some(format!("{}{clock}", entry.event_on)).filter(|_| !clock.is_empty()))
        .fact("Infört", by)
        .known("Innehåll", entry.program.as_ref().and_then(crate::journal::model::Line::sentence))
        .known("Rättar", entry.corrects.map(|(_, on)| format!("Anteckningen från {on}")))
        .known("Rättad", entry.corrected.as_ref().map(|one| format!("{} av {}", stockholm_date(one.at), one.name)))
        .known("Makulerad", entry.cancelled.as_ref().map(|one| format!("{} av {}", stockholm_date(one.at), one.name)));
    if entry.cancelled.is_some() {
        return item;
    }
    if let Some(content) = &entry.content {
        item = item
            .written("Vad som rättas", journal_store::REASON, entry.id, content.reason.as_ref())
            .written("Fakta", journal_store::FACT, entry.id, content.fact.as_ref())
            .written("Bedömning", journal_store::ASSESSMENT, entry.id, content.assessment.as_ref())
            .text("Källa", journal_store::SOURCE.at(entry.id), &content.source);
    }
    entry.disputes.iter().fold(item, |item, dispute| {
        item.text("Den enskilde anser uppgiften felaktig", journal_store::DISPUTED.at(dispute.id), &dispute.said)
    })
}

/// What has been confirmed; a registration that waits is nobody's assessment yet.
pub(super) async fn threat(case: &mut CaseAccess<ReadThreat>, days: Days) -> Result<Vec<Item>> {
    let mut all = threat_store::list(case).await?;
    all.retain(|one| {
        matches!(one.status, ThreatStatus::Confirmed | ThreatStatus::Superseded) && days.covers(one.assessed_on)
    });
    case.shown(Note::of(Event::ThreatShown).with("why", "print").with("count", all.len()));
    let items = all.iter().rev().map(|one| {
        let judged = &one.judgement;
        Item::new(format!("Hotbedömning {}", one.version_no))
            .fact("Bedömd", format!("{} av {}", one.assessed_on, one.body))
            .fact("Gäller till och med", one.valid_until)
            .fact("Status", one.status)
            .fact("Hotbild", format!("{}, {}", judged.level, judged.kind.label().to_lowercase()))
            .fact("Skyddsbehov", judged.protection)
            .fact("Grad av kriminalitet", judged.criminality)
            .fact("Kan återvända", judged.return_possible)
            .text("Osäkra områden", threat_store::UNSAFE_AREAS.at(one.id), &one.unsafe_areas)
            .written("Sammanfattning från polisen", threat_store::SUMMARY, one.id, one.released_summary.as_ref())
    });
    Ok(items.collect())
}

/// What has been decided, in the words that hold. Colleagues who could be threatened are not named.
pub(super) async fn decisions(case: &mut CaseAccess<ReadDecisions>, days: Days) -> Result<Vec<Item>> {
    let all = decision_store::list(case).await?;
    let mut corrections = prints::corrections(case).await?;
    let made: Vec<_> = all.iter().rev().filter(|one| one.made_on().is_some_and(|on| days.covers(on))).collect();
    case.shown(Note::of(Event::DecisionsShown).with("why", "print").with("count", made.len()));
    let items = made.into_iter().map(|one| {
        let item = decided(one);
        let texts = &one.texts;
        let item = match corrections.remove(&one.id) {
            Some(corrected) => item
                .fact("Rättat", stockholm_date(corrected.made_at))
                .written("Ansökan", decision::CORRECTED_APPLIED_FOR, corrected.id, corrected.applied_for.as_ref())
                .text("Beslut", decision::CORRECTED_SCOPE.at(corrected.id), &corrected.scope)
                .written("Skäl", decision::CORRECTED_REASONS, corrected.id, corrected.reasons.as_ref()),
            None => item
                .written("Ansökan", decision::APPLIED_FOR, one.id, texts.applied_for.as_ref())
                .text("Beslut", decision::SCOPE.at(one.id), &texts.scope)
                .written("Skäl", decision::REASONS, one.id, texts.reasons.as_ref()),
        };
        item.written("Skäl för boendeformen", decision::AGE_REASON, one.id, texts.age_reason.as_ref())
    });
    Ok(items.collect())
}

fn decided(one: &Decision) -> Item {
    let matter = &one.matter;
    let by = one.signature.as_ref().filter(|_| !one.conceal_staff_names).map(|signature| match matter.maker {
        DecisionMaker::Delegate => signature.name.clone(),
        maker => format!("{maker}, infört av {}", signature.name),
    });
    Item::new(format!("Beslut {}: {}", one.number, matter.kind))
        .fact("Utfall", matter.outcome)
        .known("Beslutat", one.made_on())
        .known("Beslutat av", by)
        .fact("Status", one.status)
        .fact("Lagrum", matter.bases.iter().map(|basis| basis.label()).collect::<Vec<_>>().join(", "))
        .fact("Gäller", span(matter.from, matter.to))
        .known("Högsta kostnad", matter.amount)
        .known("Part fick del av beslutet", one.course.received_on)
        .known("Verkställt", one.course.executed_on)
        .known("Överklagat", one.course.appealed_on)
}

/// The stays with their provider's alias and what they cost, and never the home.
pub(super) async fn placements(case: &mut CaseAccess<ReadCase>, days: Days) -> Result<Vec<Item>> {
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let mut all = placement_store::list(case).await?;
    all.retain(|one| days.meets(one.starts_on, Some(one.last_day())));
    case.shown(Note::of(Event::PlacementsListed).with("why", "print").with("count", all.len()));
    let items = all.iter().rev().map(|one| {
        let row = PlacementRow::of(&reference, one, today)?;
        Ok(Item::new(format!("Placering {}: {}", row.number, one.kind))
            .fact("Status", row.status)
            .fact("Period", span(row.first, Some(row.last)))
            .fact("Leverantör", &one.provider)
            .fact("Köp", row.procurement)
            .known("Skäl för köp utanför ramavtal", one.outside_reason)
            .known("Dygnskostnad i dag", row.per_day)
            .fact("Dygn", row.days)
            .fact("Kostnad", row.cost)
            .known("Orsak till avslut", one.end_reason))
    });
    items.collect()
}

pub(super) async fn timeline(case: &mut CaseAccess<ReadCase>, days: Days) -> Result<Vec<Item>> {
    let reference = case.head().reference.clone();
    let (mut rows, _) = timeline_store::events(case, &[], 0, MOST).await?;
    rows.retain(|row| days.covers(row.day));
    let items = rows.iter().rev().map(|row| {
        let line = Happened::of(&reference, row);
        Item::new(format!("{} {}", line.day, line.heading)).known("Uppgift", line.more.filter(|more| !more.is_empty()))
    });
    Ok(items.collect())
}
