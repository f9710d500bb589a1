//! What the person has agreed to and wants, what was asked of the police's registers, whom one has met, and how it went:
//! each as items.

use super::contents::Item;
use super::form::Days;
use super::store as prints;
use crate::access::CaseAccess;
use crate::access::right::{ReadChecks, ReadConsents, ReadMeetings, ReadMotivation, ReadOutcomes, ReadPoliceContacts};
use crate::audit::{Event, Note};
use crate::calendar::{moment, stockholm_date};
use crate::check::store as check_store;
use crate::conditions::store as conditions_store;
use crate::consent::model::Consent;
use crate::consent::store as consent_store;
use crate::error::Result;
use crate::meeting::store as meeting_store;
use crate::motivation::store as motivation_store;
use crate::outcome::store as outcome_store;

pub(super) async fn motivations(case: &mut CaseAccess<ReadMotivation>, days: Days) -> Result<Vec<Item>> {
    let mut all = motivation_store::list(case).await?;
    all.retain(|one| days.covers(one.assessed_on));
    case.shown(Note::of(Event::MotivationShown).with("why", "print").with("count", all.len()));
    let items = all.iter().rev().map(|one| {
        Item::new(format!("Motivationsbedömning {}", one.number))
            .fact("Bedömd", format!("{} av {}", one.assessed_on, one.assessor))
            .fact("Steg", one.stage)
            .written("Med egna ord", motivation_store::OWN_WORDS, one.id, one.own_words.as_ref())
            .written("Hinder", motivation_store::OBSTACLES, one.id, one.obstacles.as_ref())
            .written("Resurser", motivation_store::RESOURCES, one.id, one.resources.as_ref())
    });
    Ok(items.collect())
}

pub(super) async fn consents(case: &mut CaseAccess<ReadConsents>, days: Days) -> Result<Vec<Item>> {
    let today = case.desk().clock().today();
    let mut all = consent_store::list(case).await?;
    all.retain(|one| {
        let last = one.withdrawn.as_ref().map_or(one.valid_to, |one| stockholm_date(one.at));
        days.meets(one.given_on, Some(last.max(one.given_on)))
    });
    case.shown(Note::of(Event::ConsentsShown).with("why", "print").with("count", all.len()));
    Ok(all.iter().rev().map(|one| consented(one, one.status(today).label())).collect())
}

fn consented(one: &Consent, status: &'static str) -> Item {
    let list = |labels: Vec<&'static str>| Some(labels.join(", ")).filter(|labels| !labels.is_empty());
    let item = Item::new(format!("Samtycke {}: {}", one.given_on, one.kind.label().to_lowercase()))
        .fact("Status", status)
        .fact("Gäller", format!("{} till {}", one.given_on, one.valid_to))
        .known("Till", list(one.recipients.iter().map(|to| to.label()).collect()))
        .known("Om", list(one.categories.iter().map(|about| about.label()).collect()))
        .fact("Form", one.form)
        .fact("Registrerat", format!("{} av {}", stockholm_date(one.registered_at), one.registrar))
        .text("Ändamål", consent_store::PURPOSE.at(one.id), &one.purpose)
        .written("Var handlingen finns", consent_store::DOCUMENT_REF, one.id, one.document_ref.as_ref());
    match &one.withdrawn {
        Some(withdrawn) => item
            .fact("Återkallat", format!("{}, registrerat av {}", moment(withdrawn.at), withdrawn.registrar))
            .text("Hur det återkallades", consent_store::WITHDRAWN_HOW.at(one.id), &withdrawn.how),
        None => item,
    }
}

/// What was signed at the police, as it was signed.
pub(super) async fn conditions(case: &mut CaseAccess<ReadPoliceContacts>, days: Days) -> Result<Vec<Item>> {
    let mut all = conditions_store::list(case).await?;
    all.retain(|one| days.covers(one.signed_on));
    case.shown(Note::of(Event::ConditionsShown).with("why", "print").with("count", all.len()));
    let items = all.iter().rev().map(|one| {
        Item::new(format!("Villkor {}", one.number))
            .fact("Undertecknade", one.signed_on)
            .fact("Villkoren", one.rules.iter().map(|rule| rule.label()).collect::<Vec<_>>().join(", "))
            .fact("Polisen berättade vad som följer", if one.told_consequences { "Ja" } else { "Nej" })
            .fact("Registrerade", format!("{} av {}", stockholm_date(one.registered_at), one.registrar))
            .text("Polisens namn på blanketten", conditions_store::LABEL.at(one.id), &one.label)
            .written("Egna villkor", conditions_store::OWN_RULES, one.id, one.own_rules.as_ref())
            .written("Var handlingen finns", conditions_store::DOCUMENT_REF, one.id, one.document_ref.as_ref())
    });
    Ok(items.collect())
}

pub(super) async fn checks(case: &mut CaseAccess<ReadChecks>, days: Days) -> Result<Vec<Item>> {
    let mut all = check_store::list(case).await?;
    all.retain(|one| days.covers(one.performed_on));
    case.shown(Note::of(Event::ChecksShown).with("why", "print").with("count", all.len()));
    let items = all.iter().rev().map(|one| {
        Item::new(format!("Slagning {}", one.performed_on))
            .fact("Polisen", one.body)
            .fact("Rapporterad", one.reported_on)
            .fact("Resultat", one.result)
            .fact("Registrerad av", &one.registrar)
            .known("Stöd", one.consent.map(|_| "Samtycke"))
            .written("Skäl utan samtycke", check_store::GROUND, one.id, one.ground.as_ref())
    });
    Ok(items.collect())
}

/// Joint meetings with what was said at them. Whom one did not meet, because it was called off, is told too.
pub(super) async fn meetings(case: &mut CaseAccess<ReadMeetings>, days: Days) -> Result<Vec<Item>> {
    let mut all = prints::meetings(case).await?;
    let mut guests = prints::guests(case).await?;
    all.retain(|one| days.covers(stockholm_date(one.meets_at)));
    case.shown(Note::of(Event::MeetingsShown).with("why", "print").with("count", all.len()));
    let items = all.iter().map(|one| {
        let item = Item::new(format!("Samverkansmöte {}", moment(one.meets_at)))
            .fact("Status", one.status)
            .fact("Personen deltar", if one.person_attends { "Ja" } else { "Nej" })
            .known("Kollegor", one.colleagues.as_ref())
            .fact("Planerat av", &one.planner);
        let item = guests.remove(&one.id).unwrap_or_default().iter().fold(item, |item, guest| {
            item.fact(guest.recipient.label(), guest.ground).text(
                guest.recipient.label(),
                meeting_store::ATTENDEE.at(guest.id),
                &guest.attendee,
            )
        });
        item.text("Dagordning", meeting_store::AGENDA.at(one.id), &one.agenda)
            .written("Anteckningar", meeting_store::MINUTES, one.id, one.minutes.as_ref())
            .written("Vad som ska göras", meeting_store::ACTIONS, one.id, one.actions.as_ref())
    });
    Ok(items.collect())
}

/// Codes and figures alone: no text belongs to an outcome.
pub(super) async fn outcomes(case: &mut CaseAccess<ReadOutcomes>, days: Days) -> Result<Vec<Item>> {
    let mut all = outcome_store::list(case).await?;
    all.retain(|one| days.covers(one.known_on));
    case.shown(Note::of(Event::OutcomesShown).with("why", "print").with("count", all.len()));
    let items = all.iter().rev().map(|one| {
        let figures = &one.figures;
        Item::new(format!("Utfall: {}", one.moment.label().to_lowercase()))
            .fact("Uppgifterna gäller", one.known_on)
            .fact("Registrerat", format!("{} av {}", stockholm_date(one.recorded_at), one.recorder))
            .fact("Avhoppet", figures.exit)
            .fact("Boende", figures.housing)
            .fact("Försörjning", figures.income)
            .fact("Sysselsättning", figures.occupation)
            .fact("Beroende", figures.substance)
            .fact("Återfall i brott", figures.relapse)
            .known("Enligt", figures.relapse_source)
            .fact("Hjälper andra", if figures.helps_others { "Ja" } else { "Nej" })
            .fact("Kontakt med barn", figures.children)
            .known("Egen skattning, 1 till 5", figures.own_assessment)
    });
    Ok(items.collect())
}
