//! Decisions in the invented cases: one that has run its course, one that goes on, one that nobody has carried out, one
//! that waits to be made and one that is still written. Made as their colleagues would, without a password: nobody is there.

use time::macros::date;
use time::{Date, Duration};
use uuid::Uuid;

use super::Seated;
use super::data::{AISHA, BIRGITTA, JONAS, MALIN};
use crate::access::CaseAccess;
use crate::access::right::{DraftDecision, FollowDecision, RecordCommitteeDecision, SignDecision};
use crate::decision::delegation::{self, Answer, Decider};
use crate::decision::model::{Decision, Matter, NewDecision, Texts};
use crate::decision::store;
use crate::decision::store::course::Step;
use crate::decision::store::signing::Ground;
use crate::decision::wording::{Edition, Making, Reading, lines, print_at};
use crate::error::{Error, Result};
use crate::identity::proof::Proof;
use crate::money::Ore;
use crate::state::AppState;
use crate::vocabulary::{
    DecisionMaker, DecisionOutcome, DecisionType, DelayReason, LegalBasis, NotifiedHow, ProcurementForm,
};

pub(super) struct DemoDecision {
    /// Its case, by its place in the list of cases.
    pub case: usize,
    pub author: usize,
    pub kind: DecisionType,
    pub basis: LegalBasis,
    pub from: Date,
    pub to: Option<Date>,
    /// Kronor in all, and how the place is bought.
    pub price: Option<(i64, ProcurementForm)>,
    pub scope: &'static str,
    pub reasons: &'static str,
    pub far: Far,
}

/// How far it has come.
pub(super) enum Far {
    Draft,
    Sent,
    /// By whom and when; the day the party was told; first and last day of the support.
    Made {
        by: usize,
        on: Date,
        told: Option<Date>,
        executed: Option<Date>,
        ended: Option<Date>,
    },
}

const DECISIONS: [DemoDecision; 5] = [
    DemoDecision {
        case: 3,
        author: JONAS,
        kind: DecisionType::Hvb,
        basis: LegalBasis::Sol111,
        from: date!(2026 - 03 - 16),
        to: Some(date!(2026 - 08 - 31)),
        price: Some((414_050, ProcurementForm::InsideFramework)),
        scope: "Vård i hem för vård eller boende till och med den 31 augusti.",
        reasons: "Beroendet och umgänget gör att stödet behöver ges dygnet runt och utanför kommunen.",
        far: Far::Made {
            by: BIRGITTA,
            on: date!(2026 - 03 - 12),
            told: Some(date!(2026 - 03 - 13)),
            executed: Some(date!(2026 - 03 - 16)),
            ended: Some(date!(2026 - 08 - 31)),
        },
    },
    DemoDecision {
        case: 5,
        author: AISHA,
        kind: DecisionType::OpenInvestigation,
        basis: LegalBasis::Sol142,
        from: date!(2026 - 05 - 11),
        to: None,
        price: None,
        scope: "En utredning inleds om behovet av stöd för att lämna ett kriminellt nätverk.",
        reasons: "Det som har kommit fram kan leda till en insats. Personen vill själv att behovet utreds.",
        far: Far::Made {
            by: AISHA,
            on: date!(2026 - 05 - 11),
            told: Some(date!(2026 - 05 - 12)),
            executed: None,
            ended: None,
        },
    },
    DemoDecision {
        case: 5,
        author: AISHA,
        kind: DecisionType::Outpatient,
        basis: LegalBasis::Sol111,
        from: date!(2026 - 08 - 10),
        to: Some(date!(2027 - 02 - 09)),
        price: None,
        scope: "Öppenvård en gång i veckan i sex månader.",
        reasons: "Behovet kan tillgodoses med samtal på hemmaplan så länge hotbilden är låg.",
        far: Far::Made {
            by: AISHA,
            on: date!(2026 - 08 - 10),
            told: Some(date!(2026 - 08 - 12)),
            executed: None,
            ended: None,
        },
    },
    DemoDecision {
        case: 7,
        author: MALIN,
        kind: DecisionType::Hvb,
        basis: LegalBasis::Sol111,
        from: date!(2026 - 09 - 20),
        to: Some(date!(2027 - 03 - 19)),
        price: Some((443_450, ProcurementForm::InsideFramework)),
        scope: "Vård i hem för vård eller boende i sex månader.",
        reasons: "Personen har brutit med grupperingen och behöver vård dygnet runt för sitt beroende.",
        far: Far::Sent,
    },
    DemoDecision {
        case: 7,
        author: MALIN,
        kind: DecisionType::DebtCounselling,
        basis: LegalBasis::Sol132,
        from: date!(2026 - 10 - 01),
        to: Some(date!(2027 - 03 - 31)),
        price: None,
        scope: "Budget- och skuldrådgivning.",
        reasons: "Skulderna är många och flera är oklara. De behöver redas ut innan vården tar slut.",
        far: Far::Draft,
    },
];

/// `references` stand in the order of the cases; one that has not been opened yet has none.
pub(super) async fn decide(state: &AppState, colleagues: &[Seated], references: &[Option<String>]) -> Result<()> {
    let today = state.clock.today();
    for one in DECISIONS.iter().filter(|one| one.from <= today) {
        let Some(reference) = &references[one.case] else { continue };
        let id = add(state, colleagues, reference, one).await?;
        if let Far::Made { told: Some(_), executed: None, .. } = one.far
            && one.kind.is_intervention()
        {
            let note = Some("Ny tid är bokad hos utföraren.".to_owned());
            let step = Step::Delayed { reason: DelayReason::NotReached, note };
            follow(state, &colleagues[one.author], reference, id, step).await?;
        }
    }
    Ok(())
}

/// The decision to open an investigation that the case began with, made now where there is none of the fortnight before.
pub(super) async fn to_investigate(state: &AppState, author: &Seated, reference: &str, on: Date) -> Result<Uuid> {
    let access = CaseAccess::<SignDecision>::open(state, author.visitor(), reference).await?;
    let (access, all) = store::read(access).await?;
    let made = |one: &&Decision| {
        one.matter.kind == DecisionType::OpenInvestigation
            && one.signature.is_some()
            && one.matter.decided_on.is_some_and(|day| day <= on && on - day < Duration::days(14))
    };
    let made = all.iter().find(made).map(|one| one.id);
    access.done().await?;
    if let Some(id) = made {
        return Ok(id);
    }
    let scope = "En utredning inleds om behovet av stöd för att lämna ett kriminellt nätverk.";
    let reasons = "Det som har kommit fram kan leda till en insats. Personen vill själv att behovet utreds.";
    of_investigation(state, author, reference, DecisionType::OpenInvestigation, (scope, reasons), on).await
}

/// A decision to end one that came to nothing.
pub(super) async fn close_investigation(state: &AppState, author: &Seated, reference: &str, on: Date) -> Result<Uuid> {
    let scope = "Utredningen avslutas utan insats.";
    let reasons = "Personen uppfyller inte definitionen av avhoppare och vill inte ha annat stöd.";
    of_investigation(state, author, reference, DecisionType::CloseInvestigation, (scope, reasons), on).await
}

/// A decision about an investigation, made and told by whoever wrote it.
async fn of_investigation(
    state: &AppState,
    author: &Seated,
    reference: &str,
    kind: DecisionType,
    (scope, reasons): (&'static str, &'static str),
    on: Date,
) -> Result<Uuid> {
    let basis = LegalBasis::Sol142;
    let (from, far) = (on, Far::Sent);
    let one = DemoDecision { case: 0, author: 0, kind, basis, from, to: None, price: None, scope, reasons, far };
    let id = write(state, author, reference, &one).await?;
    make(state, author, reference, id, on).await?;
    let told = Step::Notified { on, how: NotifiedHow::InPerson, conceal_staff_names: false };
    for step in [told, Step::Received(on)] {
        follow(state, author, reference, id, step).await?;
    }
    Ok(id)
}

/// One decision with what has happened to it.
pub(super) async fn add(state: &AppState, colleagues: &[Seated], reference: &str, one: &DemoDecision) -> Result<Uuid> {
    let today = state.clock.today();
    let id = write(state, &colleagues[one.author], reference, one).await?;
    if let Far::Made { by, on, told, executed, ended } = &one.far {
        make(state, &colleagues[*by], reference, id, *on).await?;
        let mut steps = Vec::new();
        if let Some(on) = *told {
            steps.push(Step::Notified { on, how: NotifiedHow::InPerson, conceal_staff_names: false });
            steps.push(Step::Received(on));
        }
        steps.extend(executed.map(Step::Executed));
        let reason = "Vården är avslutad som planerat.";
        steps.extend(ended.filter(|day| *day <= today).map(|on| Step::Ended { on, reason: reason.to_owned() }));
        for step in steps {
            follow(state, &colleagues[one.author], reference, id, step).await?;
        }
    }
    Ok(id)
}

fn missing() -> Error {
    Error::internal("an invented decision does not fit")
}

/// The draft, and the way to whoever decides.
async fn write(state: &AppState, author: &Seated, reference: &str, one: &DemoDecision) -> Result<Uuid> {
    let new = new_decision(one)?;
    let mut access = CaseAccess::<DraftDecision>::open(state, author.visitor(), reference).await?;
    store::draft(&mut access, &new).await?;
    access.done().await?;
    if !matches!(one.far, Far::Draft) {
        let mut access = CaseAccess::<DraftDecision>::open(state, author.visitor(), reference).await?;
        if !store::signing::send(&mut access, new.id, 1).await? {
            return Err(missing());
        }
        access.done().await?;
    }
    Ok(new.id)
}

async fn make(state: &AppState, by: &Seated, reference: &str, id: Uuid, on: Date) -> Result<()> {
    super::says_why(state, by, reference).await?;
    let access = CaseAccess::<SignDecision>::open(state, by.visitor(), reference).await?;
    let (mut access, all) = store::read(access).await?;
    let one: &Decision = all.iter().find(|one| one.id == id).ok_or_else(missing)?;
    let rules = store::signing::rules(&mut access, on).await?;
    let actor = access.desk().actor();
    let decider =
        Decider { account: actor.account, role: actor.role, records: access.may::<RecordCommitteeDecision>() };
    let Answer::May { rule, four_eyes } = delegation::ask(&rules, &one.matter, decider, one.authors) else {
        return Err(missing());
    };
    let making = Making { on, ..Making::now(access.desk(), one) };
    let reading = Reading { making: Some(making.clone()), ..Reading::of(reference, one, &all) };
    let print = print_at(&lines(&reading, &Edition::Original), access.desk())?;
    let ground = Ground { rule, four_eyes, making, print };
    if !store::signing::sign(&mut access, one, &ground, Proof::lent()).await? {
        return Err(missing());
    }
    access.done().await
}

pub(super) async fn follow(state: &AppState, by: &Seated, reference: &str, id: Uuid, step: Step) -> Result<()> {
    super::says_why(state, by, reference).await?;
    let access = CaseAccess::<FollowDecision>::open(state, by.visitor(), reference).await?;
    let (mut access, one) = store::get(access, id).await?;
    if !store::course::take(&mut access, &one, step).await? {
        return Err(missing());
    }
    access.done().await
}

fn new_decision(one: &DemoDecision) -> Result<NewDecision> {
    let amount = one.price.map(|(kronor, _)| Ore::kronor(kronor).ok_or_else(missing)).transpose()?;
    Ok(NewDecision {
        id: Uuid::now_v7(),
        matter: Matter {
            kind: one.kind,
            outcome: match one.kind {
                DecisionType::CloseInvestigation => DecisionOutcome::Noted,
                _ => DecisionOutcome::Granted,
            },
            bases: vec![one.basis],
            from: one.from,
            to: one.to,
            amount,
            procurement: one.price.map(|(_, procurement)| procurement),
            emergency: false,
            exception: None,
            maker: DecisionMaker::Delegate,
            decided_on: None,
            changes: None,
        },
        texts: Texts {
            applied_for: None,
            scope: one.scope.to_owned(),
            age_reason: None,
            reasons: Some(one.reasons.to_owned()),
            participants: None,
            minutes_ref: None,
        },
        conceal_staff_names: false,
    })
}
