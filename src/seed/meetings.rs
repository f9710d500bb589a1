//! Working with others in the invented cases: meetings that were held and one that is planned, a social intervention
//! group, and a request to the other board that waits for its answer.

use time::macros::{date, datetime};
use time::{Date, PrimitiveDateTime};
use uuid::Uuid;

use super::Seated;
use super::data::CASES;
use crate::access::CaseAccess;
use crate::access::right::{ArrangeMeetings, GiveConsent};
use crate::consent::model::{NewConsent, usual_end};
use crate::error::{Error, Result};
use crate::meeting::model::{NewGuest, NewMeeting};
use crate::meeting::request::model::NewRequest;
use crate::meeting::request::store as requests;
use crate::meeting::sig::model::NewGroup;
use crate::meeting::sig::store as groups;
use crate::meeting::store;
use crate::state::AppState;
use crate::vocabulary::{
    ConsentForm, ConsentKind, ConsentRecipient, DisclosureCategory, DisclosureChannel, DisclosureGround,
    InternalRequestKind,
};

struct DemoMeeting {
    /// Its case, by its place in the list of cases.
    case: usize,
    /// When it was thought of.
    planned_on: Date,
    meets_at: PrimitiveDateTime,
    guest: &'static str,
    recipient: ConsentRecipient,
    /// None where the consent covers it.
    weighing: Option<&'static str>,
    agenda: &'static str,
    /// What was said and agreed, once it was held.
    held: (&'static str, &'static str),
}

const MEETINGS: [DemoMeeting; 3] = [
    DemoMeeting {
        case: 2,
        planned_on: date!(2026 - 10 - 05),
        meets_at: datetime!(2026-10-20 10:00),
        guest: "Kontaktperson, NOA",
        recipient: ConsentRecipient::PoliceNoa,
        weighing: None,
        agenda: "Den nya hotbedömningen och vad den betyder för placeringen.",
        held: (
            "Hotet kvarstår men har minskat. Placeringen fungerar och personen följer planen.",
            "NOA återkommer i januari. Handläggaren uppdaterar planen före den 1 november.",
        ),
    },
    DemoMeeting {
        case: 4,
        planned_on: date!(2026 - 10 - 20),
        meets_at: datetime!(2026-11-05 13:30),
        guest: "Utredare, BOPS",
        recipient: ConsentRecipient::PoliceBops,
        weighing: Some(
            "Polisen behöver uppgifterna för att förhindra ett grovt brott mot personen. Inget skäl väger tyngre emot.",
        ),
        agenda: "Skyddet de närmaste månaderna.",
        held: ("Hotet från närstående bedöms kvarstå. En återflytt är inte möjlig.", "Ny avstämning i december."),
    },
    DemoMeeting {
        case: 2,
        planned_on: date!(2026 - 11 - 10),
        meets_at: datetime!(2027-01-12 09:00),
        guest: "Kontaktperson, NOA",
        recipient: ConsentRecipient::PoliceNoa,
        weighing: None,
        agenda: "Uppföljning av hotbilden inför beslutet om fortsatt placering.",
        held: ("", ""),
    },
];

/// A consent, given by word of mouth on the day, for a year.
pub(super) async fn consents(
    state: &AppState,
    colleague: &Seated,
    reference: &str,
    (kind, given_on): (ConsentKind, Date),
    (to, about): (&[ConsentRecipient], &[DisclosureCategory]),
    purpose: &str,
) -> Result<()> {
    let new = NewConsent {
        id: Uuid::now_v7(),
        kind,
        recipients: to.to_vec(),
        categories: about.to_vec(),
        purpose: purpose.to_owned(),
        form: ConsentForm::Oral,
        document_ref: None,
        given_on,
        valid_to: usual_end(given_on, 12),
    };
    let mut access = CaseAccess::<GiveConsent>::open(state, colleague.visitor(), reference).await?;
    crate::consent::store::give(&mut access, &new).await?;
    access.done().await
}

/// Everything of this room that has happened by today.
pub(super) async fn arrange(state: &AppState, colleagues: &[Seated], references: &[Option<String>]) -> Result<()> {
    let today = state.clock.today();
    let (given, formed, sent) = (date!(2026 - 10 - 02), date!(2026 - 09 - 07), date!(2026 - 11 - 16));
    if let Some(reference) = references[2].as_deref().filter(|_| given <= today) {
        let malin = &colleagues[CASES[2].responsible];
        let to = [ConsentRecipient::PoliceNoa, ConsentRecipient::Gaf, ConsentRecipient::Provider];
        let about = [
            DisclosureCategory::Identity,
            DisclosureCategory::Programme,
            DisclosureCategory::SupportNeeds,
            DisclosureCategory::Economy,
        ];
        let purpose = "Planera skyddet med polisen och ordna försörjningen.";
        let what = (ConsentKind::InformationExchange, given);
        consents(state, malin, reference, what, (&to[..], &about[..]), purpose).await?;
        if sent <= today {
            asks_for_money(state, malin, reference, sent).await?;
        }
    }
    for one in MEETINGS.iter().filter(|one| one.planned_on <= today) {
        if let Some(reference) = references[one.case].as_deref() {
            meets(state, colleagues, reference, one).await?;
        }
    }
    if let Some(reference) = references[5].as_deref().filter(|_| formed <= today) {
        forms_a_group(state, &colleagues[CASES[5].responsible], reference, formed).await?;
    }
    Ok(())
}

async fn meets(state: &AppState, colleagues: &[Seated], reference: &str, one: &DemoMeeting) -> Result<()> {
    let responsible = &colleagues[CASES[one.case].responsible];
    let mut access = CaseAccess::<ArrangeMeetings>::open(state, responsible.visitor(), reference).await?;
    let ground = if one.weighing.is_some() { DisclosureGround::CrimePrevention } else { DisclosureGround::Consent };
    let consent = match one.weighing {
        Some(_) => None,
        None => store::consent_to_tell(&mut access, &[one.recipient], one.meets_at.date()).await?,
    };
    let guest = NewGuest {
        row: 0,
        attendee: one.guest.to_owned(),
        recipient: one.recipient,
        ground,
        weighing: one.weighing.map(str::to_owned),
        consent,
    };
    let mut new = NewMeeting {
        id: Uuid::now_v7(),
        meets_at: one.meets_at,
        person_attends: false,
        colleagues: vec![responsible.account, colleagues[CASES[one.case].coordinator].account],
        guests: vec![guest],
        agenda: one.agenda.to_owned(),
        minutes: None,
        actions: None,
    };
    store::plan(&mut access, &new).await?;
    access.done().await?;
    if one.held.0.is_empty() || one.meets_at.date() >= state.clock.today() {
        return Ok(());
    }
    new.minutes = Some(one.held.0.to_owned());
    new.actions = Some(one.held.1.to_owned());
    let mut access = CaseAccess::<ArrangeMeetings>::open(state, responsible.visitor(), reference).await?;
    if !store::hold(&mut access, &new, 1).await? {
        return Err(Error::internal("an invented meeting was not held"));
    }
    access.done().await
}

async fn forms_a_group(state: &AppState, aisha: &Seated, reference: &str, formed: Date) -> Result<()> {
    let to = (&[ConsentRecipient::Sig][..], &[DisclosureCategory::Identity, DisclosureCategory::Plan][..]);
    let purpose = "Samla dem som behövs runt personen i en grupp.";
    consents(state, aisha, reference, (ConsentKind::Sig, formed), to, purpose).await?;
    let mut access = CaseAccess::<ArrangeMeetings>::open(state, aisha.visitor(), reference).await?;
    let consent = groups::consent(&mut access).await?;
    let consent = consent.ok_or_else(|| Error::internal("an invented group rests on nothing"))?;
    let new = NewGroup {
        id: Uuid::now_v7(),
        members: "Kommunpolis, lokalpolisområdet\nStudievägledare, vuxenutbildningen\nArbetsförmedlare".to_owned(),
        plan: "Praktik under hösten och studier från januari. Gruppen ses en gång i månaden.".to_owned(),
        from_day: formed,
        to_day: None,
    };
    groups::form(&mut access, &new, consent).await?;
    access.done().await
}

async fn asks_for_money(state: &AppState, malin: &Seated, reference: &str, sent: Date) -> Result<()> {
    let mut access = CaseAccess::<ArrangeMeetings>::open(state, malin.visitor(), reference).await?;
    let kind = InternalRequestKind::EconomicAssistance;
    let mut new = NewRequest {
        id: Uuid::now_v7(),
        kind,
        ground: DisclosureGround::Consent,
        weighing: None,
        told:
            "Personen är placerad av socialnämnden och saknar inkomst. Vi ber om en handläggare med vana av skyddade \
               uppgifter och om besked om vad som behöver lämnas in."
                .to_owned(),
        sent_on: sent,
        answer_due_on: date!(2026 - 11 - 30),
        need: None,
        categories: vec![DisclosureCategory::Identity, DisclosureCategory::Programme],
        contact: "Mottagningen för ekonomiskt bistånd, uppringd via växeln".to_owned(),
        contact_verified_on: sent,
        channel: DisclosureChannel::SecureMessage,
        consent: None,
        recipient: NewRequest::usual_recipient(kind),
    };
    let covering = requests::disclosed::consent(&mut access, &new).await?;
    let (consent, recipient) = covering.ok_or_else(|| Error::internal("an invented request rests on nothing"))?;
    (new.consent, new.recipient) = (Some(consent), recipient);
    requests::send(&mut access, &new).await?;
    access.done().await
}
