//! How the invented people came to the programme: the nine intakes of 2026 in the reference data (domain 7.0) and those
//! of the years before, each with a first contact with the police.

use time::macros::{date, time};
use time::{Date, PrimitiveDateTime};
use uuid::Uuid;

use super::data::{self, DemoCase, KARIN, MALIN};
use super::{Seated, person};
use crate::access::Access;
use crate::access::right::{JoinIntake, RegisterIntake, SettleIntake};
use crate::error::{Error, Result};
use crate::intake::contact::model::{Disclosed, NewContact};
use crate::intake::contact::store::register_on_intake;
use crate::intake::model::{About, Closing, NewIntake};
use crate::intake::store;
use crate::organisation::store::districts;
use crate::state::AppState;
use crate::vocabulary::{ContactChannel, ContactGround, IntakeEnvironment, IntakeOutcome, IntakeSource, PoliceBody};

/// By whom a case came in, and what was told.
pub(super) type Told = (IntakeSource, &'static str);

/// In the order of the cases.
pub(super) const TOLD: [Told; 9] = [
    (
        IntakeSource::PoliceNoa,
        "Vill bort från nätverket sedan en vän har skadats. Har sparat ihop till en egen bostad men vågar inte bo kvar.",
    ),
    (
        IntakeSource::PoliceLpo,
        "Har hört av sig till områdespolisen på egen hand. Använder tabletter varje dag och vill ha hjälp att sluta.",
    ),
    (
        IntakeSource::PoliceLpo,
        "Bad om hjälp i samband med ett förhör som gällde någon annan. Är beredd att flytta i morgon.",
    ),
    (
        IntakeSource::PrisonProbation,
        "Friges om sex veckor och vill inte tillbaka till samma kvarter. Frivården frågar om stöd från första dagen.",
    ),
    (
        IntakeSource::PoliceNoa,
        "Berättar om påtryckningar från en tidigare partner i nätverket. Behöver komma bort samma dag.",
    ),
    (
        IntakeSource::PoliceLpo,
        "Arbetar deltid och vill behålla jobbet. Vill ha råd om hur man säger nej till dem som ringer.",
    ),
    (IntakeSource::PoliceLpo, "Vill ha hjälp med skulder och boende. Är osäker på om det går att lämna."),
    (IntakeSource::PoliceLpo, "Har brutit kontakten med gruppen sedan i våras. Sover hos bekanta och saknar läkare."),
    (
        IntakeSource::PoliceLpo,
        "Har varit i programmet tidigare. Blev uppsökt av gamla bekanta och vill inte hamna där igen.",
    ),
];

/// The first one, on the case's first day, and the police on the day after.
pub(super) async fn comes_in(state: &AppState, by: &Seated, one: &DemoCase, (source, told): Told) -> Result<Uuid> {
    let today = state.clock.today();
    let about = About::Person(Box::new(person(one, today)?));
    let intake = take_in(state, by, about, one.opened, Some(one.district), (source, told)).await?;
    let next = one.opened.next_day().filter(|day| *day < today);
    let Some(day) = next else { return Ok(intake) };
    let mut access = Access::<SettleIntake>::open(state, by.visitor()).await?;
    let knew = Disclosed { ground: ContactGround::PoliceSource, weighing: None, consent: None };
    let (identity, summary) = if source.is_police() {
        (Some(knew), "Polisen berättade varför de hade bett personen höra av sig, och återkommer med sin bedömning.")
    } else {
        (None, "Anonym konsultation. Polisen beskrev hur de arbetar och vad de behöver för att bedöma hotbilden.")
    };
    let body = if source == IntakeSource::PoliceNoa { PoliceBody::Noa } else { PoliceBody::Lpo };
    let contact = NewContact {
        id: Uuid::now_v7(),
        body,
        happened_at: PrimitiveDateTime::new(day, time!(10:15)),
        channel: ContactChannel::Phone,
        identity,
        summary: summary.to_owned(),
    };
    register_on_intake(&mut access, intake, &contact).await?;
    access.done().await?;
    Ok(intake)
}

/// The one that was joined to a case that there was already, and the one that named nobody.
pub(super) async fn others(state: &AppState, colleagues: &[Seated]) -> Result<()> {
    let (today, karin) = (state.clock.today(), &colleagues[KARIN]);
    let (second, asked) = (date!(2026 - 01 - 09), date!(2026 - 02 - 11));
    if second <= today {
        let first = data::CASES.iter().find(|one| one.opened == date!(2026 - 01 - 05));
        let first = first.ok_or_else(|| Error::internal("the case that is joined is missing"))?;
        let told = "Frivården vill veta vem de ska samarbeta med, eftersom personen har kvar sin övervakning.";
        let about = About::Person(Box::new(person(first, today)?));
        let told = (IntakeSource::PrisonProbation, told);
        let intake = take_in(state, karin, about, second, Some(first.district), told).await?;
        let mut access = Access::<JoinIntake>::open(state, karin.visitor()).await?;
        let matches = store::matches(&mut access, Some(intake)).await?;
        let open = matches.iter().find(|one| one.closed_on.is_none());
        let case = open.ok_or_else(|| Error::internal("the intake has no case to join"))?.case;
        store::join(&mut access, intake, 1, case).await?;
        access.done().await?;
    }
    if asked <= today {
        let malin = &colleagues[MALIN];
        let told = "En anhörig frågar vad som händer om någon vill lämna, och om polisen alltid får veta det.";
        let intake = take_in(state, malin, About::Nobody, asked, None, (IntakeSource::Anonymous, told)).await?;
        let mut access = Access::<SettleIntake>::open(state, malin.visitor()).await?;
        let reason = "Den som ringde fick veta hur vi arbetar och att ingen uppgift lämnas utan grund.".to_owned();
        let closing = Closing { version: 1, outcome: IntakeOutcome::AdviceOnly, reason };
        store::close(&mut access, intake, &closing).await?;
        access.done().await?;
    }
    Ok(())
}

async fn take_in(
    state: &AppState,
    by: &Seated,
    about: About,
    received_on: Date,
    district: Option<usize>,
    (source, told): Told,
) -> Result<Uuid> {
    let mut access = Access::<RegisterIntake>::open(state, by.visitor()).await?;
    // Both lists are in the order of the districts' codes.
    let known = districts(&mut access).await?;
    let home_district = district.and_then(|place| known.get(place)).map(|one| one.id);
    let new = NewIntake {
        id: Uuid::now_v7(),
        received_on,
        source,
        is_acute: false,
        about,
        informant_protected: false,
        description: told.to_owned(),
        home_district,
        environment: home_district.map(|_| IntakeEnvironment::Gang),
    };
    store::register(&mut access, &new).await?;
    access.done().await?;
    Ok(new.id)
}
