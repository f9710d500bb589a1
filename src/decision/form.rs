//! What is typed in a draft and in a correction, and how it is read.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{
    AgeFault, DEAREST_FEE, Decision, Matter, NewDecision, SHORTEST_REASONS, Texts, bases_fit, check_age,
};
use crate::calendar::parse_day;
use crate::money::{Ore, parse_kronor};
use crate::personal::Personal;
use crate::vocabulary::{DecisionMaker, DecisionOutcome, DecisionType, LegalBasis, ProcurementForm, ReasonsException};
use crate::web::form::{Faults, checkbox, code, uuid};

pub const A_DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";
pub const LONGEST_TEXT: usize = 4000;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DecisionForm {
    pub id: String,
    pub version: String,
    pub kind: String,
    pub outcome: String,
    pub changes: String,
    pub applied_for: String,
    pub scope: String,
    pub from: String,
    pub to: String,
    pub until_further: String,
    pub amount: String,
    pub procurement: String,
    pub emergency: String,
    pub basis: Vec<String>,
    pub reasons: String,
    pub exception: String,
    pub age_reason: String,
    pub maker: String,
    pub minutes_ref: String,
    pub decided_on: String,
    pub participants: String,
    pub conceal: String,
}

/// What a draft is read against.
pub struct Ground {
    pub today: Date,
    pub case_opened: Date,
    pub birth: Option<Date>,
    /// Decisions that another can take the place of.
    pub standing: Vec<Uuid>,
}

fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

impl DecisionForm {
    /// An empty form with the id of what it will create. Names are left out where the person is protected.
    pub fn fresh(conceal: bool) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            maker: DecisionMaker::Delegate.code().to_owned(),
            conceal: if conceal { "ja".to_owned() } else { String::new() },
            ..Self::default()
        }
    }

    /// A draft as it stands, to be written on.
    pub fn of(one: &Decision, texts: &Texts<Personal>) -> Self {
        let yes = |is: bool| if is { "ja".to_owned() } else { String::new() };
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let text = |text: &Option<Personal>| text.as_ref().map(|text| text.reveal().to_owned()).unwrap_or_default();
        let matter = &one.matter;
        Self {
            id: one.id.to_string(),
            version: one.version.to_string(),
            kind: matter.kind.code().to_owned(),
            outcome: matter.outcome.code().to_owned(),
            changes: matter.changes.map(|id| id.to_string()).unwrap_or_default(),
            applied_for: text(&texts.applied_for),
            scope: texts.scope.reveal().to_owned(),
            from: matter.from.to_string(),
            to: day(matter.to),
            until_further: yes(matter.to.is_none()),
            amount: matter.amount.map(Ore::plain).unwrap_or_default(),
            procurement: matter.procurement.map(|form| form.code().to_owned()).unwrap_or_default(),
            emergency: yes(matter.emergency),
            basis: matter.bases.iter().map(|basis| basis.code().to_owned()).collect(),
            reasons: text(&texts.reasons),
            exception: matter.exception.map(|one| one.code().to_owned()).unwrap_or_default(),
            age_reason: text(&texts.age_reason),
            maker: matter.maker.code().to_owned(),
            minutes_ref: text(&texts.minutes_ref),
            decided_on: day(matter.decided_on),
            participants: text(&texts.participants),
            conceal: yes(one.conceal_staff_names),
        }
    }

    pub fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(-1)
    }

    pub fn parse(&self, ground: &Ground) -> Result<NewDecision, Faults> {
        let mut faults = Faults::none();
        let kind = faults.need(code(&self.kind, DecisionType::parse), "kind", "Välj vad beslutet gäller");
        let outcome = faults.need(code(&self.outcome, DecisionOutcome::parse), "outcome", "Välj utfall");
        let standing = |typed: &str| uuid(typed).filter(|id| ground.standing.contains(id));
        let changes = faults.optional(&self.changes, standing, "changes", "Välj ett beslut som gäller");
        if changes == Some(None) && outcome.is_some_and(DecisionOutcome::takes_a_place) {
            faults.add("changes", "Välj vilket beslut som ändras eller upphör");
        }
        let applied_for = faults.optional_text(&self.applied_for, LONGEST_TEXT, "applied_for");
        let scope = faults.text(&self.scope, LONGEST_TEXT, "scope", "Skriv vad som beslutas");
        let days = self.days(ground, kind, &mut faults);
        let cost = self.cost(kind, &mut faults);
        let emergency = checkbox(&self.emergency);
        if emergency && kind.is_some_and(|kind| !kind.is_intervention()) {
            faults.add("emergency", "Bara ett beslut om en insats kan vara akut. Kryssa ur rutan");
        }
        let bases = self.bases(kind, &mut faults);
        let reasons = self.reasons(&mut faults);
        let age_reason = self.age(ground, kind, days.map(|days| days.0), &mut faults);
        let maker = self.maker(ground, &mut faults);
        let participants = faults.optional_text(&self.participants, 500, "participants");
        let matter = || {
            let ((from, to), (amount, procurement)) = (days?, cost?);
            Some((kind?, outcome?, from, to, amount, procurement))
        };
        let (Some(changes), Some(applied_for), Some(scope), Some(bases), Some((reasons, exception))) =
            (changes, applied_for, scope, bases, reasons)
        else {
            return Err(faults);
        };
        let (Some(age_reason), Some((maker, minutes_ref, decided_on)), Some(participants)) =
            (age_reason, maker, participants)
        else {
            return Err(faults);
        };
        let Some((kind, outcome, from, to, amount, procurement)) = matter() else { return Err(faults) };
        faults.finish(NewDecision {
            id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
            matter: Matter {
                kind,
                outcome,
                bases,
                from,
                to,
                amount,
                procurement,
                emergency,
                exception,
                maker,
                decided_on,
                changes,
            },
            texts: Texts {
                applied_for: filled(applied_for),
                scope,
                age_reason: filled(age_reason),
                reasons: filled(reasons),
                participants: filled(participants),
                minutes_ref,
            },
            conceal_staff_names: checkbox(&self.conceal),
        })
    }

    fn days(&self, ground: &Ground, kind: Option<DecisionType>, faults: &mut Faults) -> Option<(Date, Option<Date>)> {
        let day = |typed: &str| parse_day(typed, ground.today);
        let from = faults.need(day(&self.from), "from", A_DAY);
        let to = faults.optional(&self.to, day, "to", A_DAY);
        let (from, to) = (from?, to?);
        if from < ground.case_opened {
            faults.add("from", format!("Beslutet kan inte gälla före att ärendet öppnades, {}", ground.case_opened));
        }
        match (to, checkbox(&self.until_further)) {
            (Some(to), _) if to < from => faults.add("to", "Slutdatumet kan inte vara före startdatumet"),
            (Some(_), true) => {
                faults.add("to", "Ta bort slutdatumet, eller kryssa ur att beslutet gäller tills vidare");
            }
            (None, false) if kind.is_some_and(DecisionType::is_intervention) => {
                faults.add("to", "Skriv slutdatum, eller kryssa i att beslutet gäller tills vidare");
            }
            _ => {}
        }
        Some((from, to))
    }

    fn cost(&self, kind: Option<DecisionType>, faults: &mut Faults) -> Option<(Option<Ore>, Option<ProcurementForm>)> {
        let above_nothing =
            |typed: &str| parse_kronor(typed).filter(|amount| !amount.is_negative() && !amount.is_zero());
        let amount =
            faults.optional(&self.amount, above_nothing, "amount", "Skriv beloppet i kronor, till exempel 547 500");
        let procurement =
            faults.optional(&self.procurement, ProcurementForm::parse, "procurement", "Välj hur platsen köps");
        let (amount, procurement) = (amount?, procurement?);
        if kind.is_some_and(DecisionType::is_placement) {
            faults.need(amount, "amount", "Skriv den högsta kostnaden för hela tiden");
            faults.need(procurement, "procurement", "Välj hur platsen köps");
        } else if procurement.is_some() && kind.is_some() {
            faults.add("procurement", "Bara en plats köps på ett sätt. Ta bort valet");
        }
        if kind == Some(DecisionType::ClientFee) && amount.is_none_or(|amount| amount > DEAREST_FEE) {
            faults.add("amount", format!("Skriv avgiften per dygn, högst {DEAREST_FEE}"));
        }
        Some((amount, procurement))
    }

    fn bases(&self, kind: Option<DecisionType>, faults: &mut Faults) -> Option<Vec<LegalBasis>> {
        let bases: Option<Vec<_>> = self.basis.iter().map(|typed| LegalBasis::parse(typed)).collect();
        let bases = faults.need(bases, "basis", "Välj lagrum")?;
        let kind = kind?;
        if !bases_fit(kind, &bases) {
            let fit: Vec<_> = kind.bases().iter().map(|basis| basis.label()).collect();
            faults.add("basis", format!("Välj lagrum som hör till beslutet: {}", fit.join(", ")));
        }
        Some(bases)
    }

    fn reasons(&self, faults: &mut Faults) -> Option<(String, Option<ReasonsException>)> {
        let reasons = faults.optional_text(&self.reasons, LONGEST_TEXT, "reasons");
        let exception =
            faults.optional(&self.exception, ReasonsException::parse, "exception", "Välj varför skälen utelämnas");
        let (reasons, exception) = (reasons?, exception?);
        if exception.is_none() && reasons.chars().count() < SHORTEST_REASONS {
            faults.add(
                "reasons",
                format!("Skriv skälen med minst {SHORTEST_REASONS} tecken, eller välj varför de utelämnas"),
            );
        }
        Some((reasons, exception))
    }

    fn age(
        &self,
        ground: &Ground,
        kind: Option<DecisionType>,
        from: Option<Date>,
        faults: &mut Faults,
    ) -> Option<String> {
        let reason = faults.optional_text(&self.age_reason, 500, "age_reason")?;
        if let (Some(kind), Some(from)) = (kind, from) {
            match check_age(kind, ground.birth, from, !reason.is_empty()) {
                Ok(()) => {}
                Err(AgeFault::NotBetween18And20) => faults.add(
                    "kind",
                    "Stödboende enligt 9 kap. 3 § SoL gäller den som är 18–20 år när beslutet börjar gälla. Välj \
                     boende med stöd för vuxna",
                ),
                Err(AgeFault::Under21WithoutReason) => {
                    faults
                        .add("age_reason", "Boendeformen är för den som är minst 21 år. Skriv varför den behövs ändå");
                }
                Err(AgeFault::NotUnder21) => {
                    faults.add("kind", "Särskilt kvalificerad kontaktperson gäller bara den som är under 21 år");
                }
            }
        }
        Some(reason)
    }

    fn maker(&self, ground: &Ground, faults: &mut Faults) -> Option<(DecisionMaker, Option<String>, Option<Date>)> {
        let maker = faults.need(code(&self.maker, DecisionMaker::parse), "maker", "Välj vem som beslutar");
        let minutes = faults.optional_text(&self.minutes_ref, 200, "minutes_ref");
        let day = |typed: &str| parse_day(typed, ground.today);
        let decided_on = faults.optional(&self.decided_on, day, "decided_on", A_DAY);
        let (maker, minutes, decided_on) = (maker?, minutes?, decided_on?);
        if maker == DecisionMaker::Delegate {
            if !minutes.is_empty() {
                faults.add("minutes_ref", "Protokoll anges bara när nämnden beslutar. Ta bort texten");
            }
            if decided_on.is_some() {
                faults.add("decided_on", "Ett beslut på delegation får sin dag när det fattas. Ta bort datumet");
            }
            return Some((maker, None, None));
        }
        if minutes.is_empty() {
            faults.add("minutes_ref", "Skriv protokoll och paragraf");
        }
        match decided_on {
            None => faults.add("decided_on", A_DAY),
            Some(day) if day > ground.today => {
                faults.add("decided_on", format!("Datumet kan inte vara senare än i dag, {}", ground.today));
            }
            Some(day) if day < ground.case_opened => {
                faults.add("decided_on", format!("Ärendet öppnades {}", ground.case_opened));
            }
            Some(_) => {}
        }
        Some((maker, filled(minutes), decided_on))
    }
}

/// What is typed to correct a clerical error, with the proof of who does it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CorrectionForm {
    pub id: String,
    pub version: String,
    pub applied_for: String,
    pub scope: String,
    pub reasons: String,
    pub why: String,
    pub password: String,
    pub code: String,
    pub passkey: String,
}

/// The texts of a correction.
pub struct Rewritten {
    pub applied_for: Option<String>,
    pub scope: String,
    pub reasons: Option<String>,
    pub why: String,
}

impl CorrectionForm {
    /// The texts as they read now.
    pub fn of(version: i32, applied_for: Option<&Personal>, scope: &Personal, reasons: Option<&Personal>) -> Self {
        let text = |text: Option<&Personal>| text.map(|text| text.reveal().to_owned()).unwrap_or_default();
        Self {
            id: Uuid::now_v7().to_string(),
            version: version.to_string(),
            applied_for: text(applied_for),
            scope: text(Some(scope)),
            reasons: text(reasons),
            ..Self::default()
        }
    }

    /// `reasons_needed`: the decision has reasons, and keeps them.
    pub fn parse(&self, reasons_needed: bool) -> Result<Rewritten, Faults> {
        let mut faults = Faults::none();
        let applied_for = faults.optional_text(&self.applied_for, LONGEST_TEXT, "applied_for");
        let scope = faults.text(&self.scope, LONGEST_TEXT, "scope", "Skriv vad som beslutas");
        let reasons = faults.optional_text(&self.reasons, LONGEST_TEXT, "reasons");
        if reasons_needed && reasons.as_ref().is_some_and(|text| text.chars().count() < SHORTEST_REASONS) {
            faults.add("reasons", format!("Skriv skälen med minst {SHORTEST_REASONS} tecken"));
        }
        let why = faults.text(&self.why, 500, "why", "Skriv vad som var fel");
        match (applied_for, scope, reasons, why) {
            (Some(applied_for), Some(scope), Some(reasons), Some(why)) => {
                faults.finish(Rewritten { applied_for: filled(applied_for), scope, reasons: filled(reasons), why })
            }
            _ => Err(faults),
        }
    }
}
