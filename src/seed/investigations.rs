//! Investigations in the invented cases: one that is completed with areas of support in two versions, one that goes on
//! before anybody has asked for children, and one that is completed with a child.

use time::Date;
use time::macros::date;
use uuid::Uuid;

use super::Seated;
use super::data::{AISHA, JONAS, MALIN};
use super::decisions;
use crate::access::CaseAccess;
use crate::access::right::Investigate;
use crate::error::{Error, Result};
use crate::investigation::model::{NewChild, NewInvestigation, Texts, usual_target};
use crate::investigation::store::course::Step;
use crate::investigation::{AreaAssessment, AreaTexts, store};
use crate::state::AppState;
use crate::vocabulary::{ChildAnswer, HasChildren, InvestigationKind, SupportArea, SupportNeed};

/// Area, need, facts, the person's own view, assessment, proposal.
type DemoArea = (SupportArea, SupportNeed, &'static str, &'static str, &'static str, &'static str);

struct DemoInvestigation {
    /// Its case, by its place in the list of cases.
    case: usize,
    author: usize,
    kind: InvestigationKind,
    started: Date,
    summary: &'static str,
    analysis: &'static str,
    proposal: &'static str,
    /// Versions with their days, each written after the one before.
    versions: &'static [(Date, &'static [DemoArea])],
    known: HasChildren,
    child: Option<(i32, &'static str, &'static str, &'static str)>,
    /// When the party was given the material, and when it was completed.
    completed: Option<(Date, Date)>,
}

const HOUSING_FIRST: DemoArea = (
    SupportArea::Housing,
    SupportNeed::Large,
    "Har bott hos olika vänner sedan i höstas. Har inget kontrakt och kan inte vara kvar i hemkommunen.",
    "Vill bo där ingen vet vem han är.",
    "Behöver boende på annan ort med personal dygnet runt den första tiden.",
    "HVB utanför kommunen",
);
const ECONOMY: DemoArea = (
    SupportArea::Economy,
    SupportNeed::Moderate,
    "Saknar inkomst. Har inte haft någon anställning som är anmäld.",
    "Vill klara sig på egna pengar så snart det går.",
    "Behöver hjälp att söka försörjningsstöd och på sikt egen försörjning.",
    "",
);
const WORK_FIRST: DemoArea = (
    SupportArea::Work,
    SupportNeed::Large,
    "Har inte arbetat på tre år.",
    "Vill jobba med händerna, helst med bilar.",
    "Behöver sysselsättning på boendet innan praktik är möjlig.",
    "Sysselsättning inom boendet",
);
const NETWORK: DemoArea = (
    SupportArea::Network,
    SupportNeed::Large,
    "Nästan alla i bekantskapskretsen finns i grupperingen. Har kontakt med en farbror.",
    "Säger att det är ensamt men lugnt.",
    "Behöver hjälp att bygga nya kontakter och att hålla fast vid farbrodern.",
    "Stödsamtal varje vecka",
);
const FAMILY: DemoArea = (
    SupportArea::Family,
    SupportNeed::Small,
    "Mamman bor kvar i hemkommunen. De talas vid på telefon.",
    "Vill inte att mamman ska bli inblandad.",
    "Kontakten fungerar. Risken för mamman har tagits upp med polisen.",
    "",
);
const NO_SUBSTANCE: DemoArea = (SupportArea::Substance, SupportNeed::None, "", "Har aldrig använt något.", "", "");
const ROUTINES: DemoArea = (
    SupportArea::Routines,
    SupportNeed::Moderate,
    "Sover på dagarna och har svårt att passa tider.",
    "Vill komma in i en vanlig dygnsrytm.",
    "Behöver struktur i vardagen, med stöd på morgonen.",
    "",
);

const C1_FIRST: &[DemoArea] = &[HOUSING_FIRST, ECONOMY, WORK_FIRST, FAMILY, NETWORK, NO_SUBSTANCE];
const C1_SECOND: &[DemoArea] = &[
    HOUSING_FIRST,
    ECONOMY,
    (
        SupportArea::Work,
        SupportNeed::Moderate,
        "Har inte arbetat på tre år. Har gått två år på fordonsprogrammet.",
        "Vill jobba med händerna, helst med bilar.",
        "Kan börja i verkstaden på boendet när han har landat.",
        "Sysselsättning inom boendet",
    ),
    FAMILY,
    NETWORK,
    NO_SUBSTANCE,
    (
        SupportArea::Debts,
        SupportNeed::Moderate,
        "Skulder hos Kronofogden, och skulder i grupperingen som han inte vill tala om.",
        "Oroar sig mest för skulderna till gruppen.",
        "Behöver budget- och skuldrådgivning. Skulderna i grupperingen hör till hotbilden.",
        "Budget- och skuldrådgivning",
    ),
    ROUTINES,
];
const C3: &[DemoArea] = &[
    (
        SupportArea::Substance,
        SupportNeed::Large,
        "Har varit drogfri sedan vården i våras men har haft två återfall.",
        "Vill inte tillbaka till behandlingshemmet.",
        "Behöver fortsatt stöd i öppenvård.",
        "Öppenvård två gånger i veckan",
    ),
    (
        SupportArea::Housing,
        SupportNeed::Moderate,
        "Bor hos sin syster sedan vården tog slut.",
        "Vill ha något eget.",
        "Behöver en träningslägenhet.",
        "",
    ),
];
const C4: &[DemoArea] = &[
    (
        SupportArea::Housing,
        SupportNeed::Large,
        "Har lämnat hemmet och bor tillfälligt hos en väninna.",
        "Vill bo långt bort, med sin dotter.",
        "Behöver skyddat boende med plats för barn.",
        "Skyddat boende",
    ),
    (
        SupportArea::Economy,
        SupportNeed::Large,
        "Har aldrig haft egen inkomst eller eget konto.",
        "Vill lära sig sköta sina pengar.",
        "Behöver försörjning och hjälp att öppna konto.",
        "",
    ),
    (
        SupportArea::Work,
        SupportNeed::Small,
        "Har gått ut gymnasiet och arbetat extra i butik.",
        "Vill läsa till undersköterska.",
        "Kan studera när situationen är lugn.",
        "",
    ),
    (
        SupportArea::Family,
        SupportNeed::Large,
        "Har en dotter. Pappan är tongivande i grupperingen.",
        "Är rädd att pappan ska hämta dottern.",
        "Umgänget behöver prövas av familjerätten.",
        "Kontakt med familjerätten",
    ),
    (
        SupportArea::Network,
        SupportNeed::Moderate,
        "Har en väninna och en kusin som stöd.",
        "Litar på väninnan.",
        "Nätverket är litet men tryggt.",
        "",
    ),
    (SupportArea::Substance, SupportNeed::None, "", "Dricker inte.", "", ""),
    (SupportArea::Routines, SupportNeed::None, "", "Klarar vardagen själv.", "", ""),
    (
        SupportArea::ProtectedData,
        SupportNeed::Large,
        "Är folkbokförd på den gemensamma adressen.",
        "Vill inte att någon ska kunna söka upp henne.",
        "Behöver hjälp att söka skyddad folkbokföring.",
        "Hjälp med ansökan",
    ),
];

const INVESTIGATIONS: [DemoInvestigation; 3] = [
    DemoInvestigation {
        case: 2,
        author: MALIN,
        kind: InvestigationKind::Application,
        started: date!(2026 - 01 - 07),
        summary: "Ansöker om stöd för att lämna en gruppering. Uppgifterna kommer från honom själv vid tre samtal och från \
                  polisen. Han har inget beroende och ingen pågående kontakt med vården.",
        analysis: "Hotet är konkret och gör att stödet inte kan ges i hemkommunen. Han är själv drivande. Det som kan få \
                   honom tillbaka är skulderna och ensamheten, så stödet behöver ta sikte på båda.",
        proposal: "HVB utanför kommunen med inriktning på avhoppare, stödsamtal varje vecka och skuldrådgivning.",
        versions: &[(date!(2026 - 01 - 08), C1_FIRST), (date!(2026 - 01 - 12), C1_SECOND)],
        known: HasChildren::No,
        child: None,
        completed: Some((date!(2026 - 01 - 12), date!(2026 - 01 - 14))),
    },
    DemoInvestigation {
        case: 3,
        author: JONAS,
        kind: InvestigationKind::OtherWay,
        started: date!(2026 - 10 - 05),
        summary: "Vården avslutades i augusti. Han har själv hört av sig efter två återfall.",
        analysis: "",
        proposal: "",
        versions: &[(date!(2026 - 10 - 19), C3)],
        known: HasChildren::Unknown,
        child: None,
        completed: None,
    },
    DemoInvestigation {
        case: 4,
        author: AISHA,
        kind: InvestigationKind::Application,
        started: date!(2026 - 04 - 20),
        summary: "Ansöker om skydd och stöd för att bryta med en partner som är tongivande i en gruppering.",
        analysis: "Hotet riktas mot henne och kan beröra dottern. Hon har goda förutsättningar att klara sig själv när \
                   hon är i säkerhet.",
        proposal: "Skyddat boende med plats för barn, och hjälp att söka skyddad folkbokföring.",
        versions: &[(date!(2026 - 04 - 20), C4)],
        known: HasChildren::Yes,
        child: Some((
            2022,
            "Flyttar med mamman och byter förskola. Träffar inte pappan förrän det är prövat.",
            "Det bästa för barnet är att vara med mamman i trygghet. Barnets behov av sin pappa prövas av familjerätten.",
            "Ingen direkt kontakt. Brev kan gå via familjerätten.",
        )),
        completed: Some((date!(2026 - 04 - 20), date!(2026 - 04 - 21))),
    },
];

/// `references` stand in the order of the cases; one that has not been opened yet has none.
pub(super) async fn investigate(state: &AppState, colleagues: &[Seated], references: &[Option<String>]) -> Result<()> {
    let today = state.clock.today();
    for one in INVESTIGATIONS.iter().filter(|one| one.started <= today) {
        let Some(reference) = &references[one.case] else { continue };
        begin(state, &colleagues[one.author], reference, one).await?;
    }
    Ok(())
}

pub(super) fn said(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn missing() -> Error {
    Error::internal("an invented investigation does not fit")
}

type Open = CaseAccess<Investigate>;

async fn sits(state: &AppState, author: &Seated, reference: &str) -> Result<Open> {
    CaseAccess::<Investigate>::open(state, author.visitor(), reference).await
}

async fn begin(state: &AppState, author: &Seated, reference: &str, one: &DemoInvestigation) -> Result<()> {
    let start_decision = decisions::to_investigate(state, author, reference, one.started).await?;
    let id = Uuid::now_v7();
    let mut access = sits(state, author, reference).await?;
    let new = NewInvestigation {
        id,
        kind: one.kind,
        started_on: one.started,
        start_decision,
        target_on: usual_target(one.started, 120),
    };
    store::start(&mut access, &new).await?;
    access.done().await?;
    let mut access = sits(state, author, reference).await?;
    let texts = Texts { summary: said(one.summary), analysis: said(one.analysis), proposal: said(one.proposal) };
    if !store::write(&mut access, id, &texts, 1).await? {
        return Err(missing());
    }
    access.done().await?;
    let today = state.clock.today();
    for (after, (on, version)) in (0..).zip(one.versions).filter(|(_, (on, _))| *on <= today) {
        let mut access = sits(state, author, reference).await?;
        let areas: Vec<_> = version.iter().map(area).collect();
        store::support::save(&mut access, id, Uuid::now_v7(), (after, *on), &areas).await?;
        access.done().await?;
    }
    see_children(state, author, reference, (id, one)).await?;
    match one.completed {
        Some((told, on)) if on <= today => complete(state, author, reference, id, (told, on)).await,
        _ => Ok(()),
    }
}

fn area(&(area, need, facts, view, assessment, proposed): &DemoArea) -> AreaAssessment<String> {
    let texts = AreaTexts {
        facts: said(facts),
        person_view: view.to_owned(),
        assessment: said(assessment),
        proposed: said(proposed),
    };
    AreaAssessment { id: Uuid::now_v7(), area, need, texts }
}

async fn see_children(
    state: &AppState,
    author: &Seated,
    reference: &str,
    (id, one): (Uuid, &DemoInvestigation),
) -> Result<()> {
    if one.known == HasChildren::Unknown {
        return Ok(());
    }
    let mut access = sits(state, author, reference).await?;
    store::children::answer(&mut access, one.known).await?;
    if let Some((birth_year, effect, best_interest, contact_plan)) = one.child {
        let new = NewChild {
            id: Uuid::now_v7(),
            label: "Barn 1".to_owned(),
            birth_year,
            informed: ChildAnswer::Yes,
            heard: ChildAnswer::No,
            not_heard_reason: Some("Barnet är för litet för samtal. Förskolans iakttagelser har vägts in.".to_owned()),
            effect: effect.to_owned(),
            best_interest: best_interest.to_owned(),
            contact_plan: Some(contact_plan.to_owned()),
            concern_report_needed: true,
            concern: Some((one.started, "Mottagningen, barn och unga".to_owned())),
        };
        store::children::add(&mut access, store::children::Seen::In(id), &new, one.started).await?;
        let mistaken = NewChild {
            id: Uuid::now_v7(),
            label: "Barn 2".to_owned(),
            birth_year: birth_year - 6,
            informed: ChildAnswer::No,
            heard: ChildAnswer::No,
            not_heard_reason: Some("Familjen är inte kontaktad ännu.".to_owned()),
            effect: "Ska utredas.".to_owned(),
            best_interest: "Ska utredas.".to_owned(),
            contact_plan: None,
            concern_report_needed: false,
            concern: None,
        };
        store::children::add(&mut access, store::children::Seen::In(id), &mistaken, one.started).await?;
        access.done().await?;
        // The second one is nobody that the case is about.
        let mut access = sits(state, author, reference).await?;
        let why = "Barnet är en kusin som var på besök när anteckningen skrevs. Personen har ett barn.";
        if !store::children::remove(&mut access, mistaken.id, 1, why).await? {
            return Err(missing());
        }
        return access.done().await;
    }
    access.done().await
}

/// Tells the party, and completes it.
async fn complete(
    state: &AppState,
    author: &Seated,
    reference: &str,
    id: Uuid,
    (told, on): (Date, Date),
) -> Result<()> {
    let (mut access, investigation) = store::get(sits(state, author, reference).await?, id).await?;
    let step = Step::Communicated { on: told, reply_due_on: Some(on) };
    if !store::course::take(&mut access, &investigation, step).await? {
        return Err(missing());
    }
    access.done().await?;
    let (mut access, investigation) = store::get(sits(state, author, reference).await?, id).await?;
    if !store::complete(&mut access, &investigation, on).await? {
        return Err(missing());
    }
    access.done().await
}
