//! What was handed over about C1: two disclosures that the police's contact reads on a page of their own, one that was said
//! aloud, and a request that the manager refused.

use time::{Date, Duration};
use uuid::Uuid;

use super::Seated;
use super::data::{BIRGITTA, CASES};
use crate::access::CaseAccess;
use crate::access::right::{DecideDisclosure, WriteDisclosure};
use crate::disclosure::item::form::ItemForm;
use crate::disclosure::item::prepare;
use crate::disclosure::model::{Contact, NewDisclosure, Request, USUAL_DAYS};
use crate::disclosure::store::{self, steps};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{CrimePurpose, DisclosureChannel, DisclosureGround, DisclosureItemKind, DisclosureRecipient};

/// Whom the invented contact reads for.
pub(super) const ORGANISATION: DisclosureRecipient = DisclosureRecipient::PoliceNoa;

/// Its case, by its place in the list of cases.
const CASE: usize = 2;

fn portal(ground: DisclosureGround, today: Date) -> NewDisclosure {
    NewDisclosure {
        id: Uuid::now_v7(),
        recipient: ORGANISATION,
        contact: None,
        request: None,
        ground,
        consent: None,
        purpose: None,
        need: None,
        basis: None,
        conditions_met: false,
        weighing: None,
        channel: DisclosureChannel::PolicePortal,
        available_from: today,
        expires_on: Some(today + Duration::days(USUAL_DAYS)),
    }
}

fn spoken(ground: DisclosureGround, today: Date) -> NewDisclosure {
    NewDisclosure {
        channel: DisclosureChannel::Oral,
        contact: Some(Contact { who: "Kontaktperson, NOA, motringd via växeln".to_owned(), verified_on: today }),
        expires_on: None,
        ..portal(ground, today)
    }
}

/// Handed over by the coordinator on the day that the municipality is tried.
pub(super) async fn hand_over(state: &AppState, colleagues: &[Seated], references: &[Option<String>]) -> Result<()> {
    let Some(reference) = references[CASE].as_deref() else { return Ok(()) };
    let (today, karin) = (state.clock.today(), &colleagues[CASES[CASE].coordinator]);
    let mut access = CaseAccess::<WriteDisclosure>::open(state, karin.visitor(), reference).await?;
    let consents = store::consents(&mut access, ORGANISATION, today).await?;
    access.done().await?;
    // The consent to tell them who it is about; nothing is handed over where it does not hold.
    let all = DisclosureItemKind::CaseCard.categories();
    if let Some(one) = consents.iter().find(|one| all.iter().all(|wanted| one.categories.contains(wanted))) {
        let usual = portal(DisclosureGround::Consent, today);
        let until = usual.expires_on.map(|last| last.min(one.valid_to));
        let new = NewDisclosure { consent: Some(one.id), expires_on: until, ..usual };
        let card = ("Handläggaren nås på 070-1740605 vardagar 8–17.", DisclosureItemKind::CaseCard);
        released(state, karin, reference, &new, &[card]).await?;
    }
    let weighing = "Polisen presenterade själv bedömningen och förutsätter ett beslut. Det står klart att personen inte lider men.";
    let new = NewDisclosure { weighing: Some(weighing.to_owned()), ..portal(DisclosureGround::NoHarm, today) };
    let items = [("", DisclosureItemKind::DecisionExists), ("", DisclosureItemKind::AssessmentEcho)];
    released(state, karin, reference, &new, &items).await?;

    let weighing = "Polisen behöver veta det i dag för att kunna förhindra ett brott mot personen. Inget intresse väger tyngre emot.";
    let new = NewDisclosure {
        purpose: Some(CrimePurpose::Hinder),
        weighing: Some(weighing.to_owned()),
        ..spoken(DisclosureGround::CrimePrevention, today)
    };
    let told = "En okänd man har frågat efter personen hos hans mamma vid två tillfällen den här veckan.";
    released(state, karin, reference, &new, &[(told, DisclosureItemKind::ChangedRisk)]).await?;

    let request = Request {
        reference: Some("NOA 4417-26".to_owned()),
        on: today,
        text: "Begäran om personens aktuella bostadsadress.".to_owned(),
    };
    let new = NewDisclosure { request: Some(request), ..spoken(DisclosureGround::ContactDetails, today) };
    refused(state, (karin, &colleagues[BIRGITTA]), reference, &new).await
}

async fn released(
    state: &AppState,
    karin: &Seated,
    reference: &str,
    new: &NewDisclosure,
    items: &[(&str, DisclosureItemKind)],
) -> Result<()> {
    let mut access = CaseAccess::<WriteDisclosure>::open(state, karin.visitor(), reference).await?;
    store::draft(&mut access, new).await?;
    let one = store::get(&mut access, new.id).await?;
    let mut frozen = 0;
    for (note, kind) in items {
        let form = ItemForm { note: (*note).to_owned(), ..ItemForm::fresh(*kind) };
        // What the case does not say there is nothing to hand over of.
        if let Ok(item) = prepare(&mut access, &one, *kind, &form).await? {
            store::freeze(&mut access, new.id, &item).await?;
            frozen += 1;
        }
    }
    if frozen == 0 {
        store::discard(&mut access, new.id).await?;
        return access.done().await;
    }
    access.done().await?;
    let mut access = CaseAccess::<DecideDisclosure>::open(state, karin.visitor(), reference).await?;
    let done = steps::decide(&mut access, new.id, 1).await? && steps::release(&mut access, new.id, 2).await?;
    access.done().await?;
    if done { Ok(()) } else { Err(Error::internal("an invented disclosure was not handed over")) }
}

async fn refused(
    state: &AppState,
    (karin, birgitta): (&Seated, &Seated),
    reference: &str,
    new: &NewDisclosure,
) -> Result<()> {
    let mut access = CaseAccess::<WriteDisclosure>::open(state, karin.visitor(), reference).await?;
    store::draft(&mut access, new).await?;
    access.done().await?;
    super::says_why(state, birgitta, reference).await?;
    let mut access = CaseAccess::<DecideDisclosure>::open(state, birgitta.visitor(), reference).await?;
    let why = "Adressen går till ett boende som skyddar flera personer. Polisen kan nå personen genom handläggaren, så de \
               synnerliga skälen väger över.";
    let done = steps::refuse(&mut access, new.id, 1, why).await?;
    access.done().await?;
    if done { Ok(()) } else { Err(Error::internal("an invented request was not refused")) }
}
