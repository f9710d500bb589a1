//! The ways from one status to the next, and what each demands (domain 2.14.1). Postgres holds the same by itself, in
//! `case_file_moves` and `case_file_guarded`. Pure: what is asked of decisions, placements and the rest is handed over.

use time::Date;

use super::model::{Open, OpenDeviation, Stay, in_the_way};
use crate::access::case_path;
use crate::vocabulary::{CaseStatus, PlacementStatus};

/// What decides where a case can go next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub status: CaseStatus,
    pub has_responsible: bool,
    pub has_deputy: bool,
    pub stays: Vec<Stay>,
    pub deviations: Vec<OpenDeviation>,
    pub found: Found,
}

/// What is found in the case's other rooms.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, found in a room of its own")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Somebody has decided that there is to be an investigation.
    pub opened_investigation: bool,
    /// When somebody decided that there is not to be one.
    pub declined_on: Option<Date>,
    /// The investigation led to a decision, or was put down.
    pub has_ended_investigation: bool,
    /// Support that is no placement goes on.
    pub is_supported: bool,
    /// A granted decision is carried out, or support that is no placement has begun.
    pub is_executed: bool,
    pub open: Open,
    /// Consents that hold, but for the one to be asked afterwards, and that one.
    pub consents: i64,
    pub consents_afterwards: i64,
    /// The person has died: the case ends.
    pub has_died: bool,
    /// The last day on which the police still see something that was handed over.
    pub seen_until: Option<Date>,
    pub has_outcome: bool,
    /// Where a case that rests came from, and when it is to be looked at again.
    pub rests: Option<(CaseStatus, Date)>,
    /// Another municipality is to take over, from this day.
    pub accepted_on: Option<Date>,
}

/// What is lacking, and in which part of the case it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    pub what: String,
    pub part: String,
}

impl Lack {
    fn of(what: impl Into<String>, part: impl Into<String>) -> Self {
        Self { what: what.into(), part: part.into() }
    }

    pub fn path(&self, case: &str) -> String {
        case_path(case, &self.part)
    }
}

/// A way onwards, and what is lacking if it is not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub to: CaseStatus,
    pub lacks: Vec<Lack>,
}

/// Whether nothing more is asked than to choose it: to let a case rest and to end it have pages of their own.
pub const fn is_chosen(to: CaseStatus) -> bool {
    !to.is_ended() && !matches!(to, CaseStatus::Dormant)
}

impl Standing {
    /// The ways that there are, in the order of the page. The same as `case_file_moves` in the database.
    fn ways(&self) -> Vec<CaseStatus> {
        use CaseStatus::{
            Active, Assessing, Closed, Closing, Dormant, Investigating, NotOpened, Registered, StepDown, Transferred,
        };
        match self.status {
            Registered => vec![Assessing, NotOpened, Transferred],
            Assessing => vec![Investigating, NotOpened, Transferred],
            Investigating | StepDown => vec![Active, Dormant, Closing, Transferred],
            Active => vec![StepDown, Dormant, Closing, Transferred],
            Dormant => self.found.rests.map(|(before, _)| before).into_iter().chain([Closing, Transferred]).collect(),
            Closing => vec![Closed, Transferred],
            Closed | NotOpened | Transferred => Vec::new(),
        }
    }

    pub fn steps(&self) -> Vec<Step> {
        let ends = |to: &CaseStatus| matches!(to, CaseStatus::Closing | CaseStatus::Closed | CaseStatus::NotOpened);
        let ways = self.ways().into_iter().filter(|to| !self.found.has_died || ends(to));
        ways.map(|to| Step { to, lacks: self.lacks(to) }).collect()
    }

    /// Whether it may go there now; to stay is always allowed.
    pub fn may_become(&self, to: CaseStatus) -> bool {
        to == self.status || self.steps().iter().any(|step| step.to == to && step.lacks.is_empty())
    }

    /// What the step demands. The same as `case_file_guarded` in the database.
    pub fn lacks(&self, to: CaseStatus) -> Vec<Lack> {
        use CaseStatus::{
            Active, Assessing, Closed, Closing, Dormant, Investigating, NotOpened, StepDown, Transferred,
        };
        let found = &self.found;
        let unless = |holds: bool, what: &str, part: &str| (!holds).then(|| Lack::of(what, part));
        let cared_for = self.stays.iter().any(|stay| stay.round_the_clock && stay.status == PlacementStatus::Active);
        let lives = self.stays.iter().any(|stay| !stay.round_the_clock && stay.status == PlacementStatus::Active);
        let begun = self.stays.iter().any(|stay| has_begun(stay.status));
        let one = match (self.status, to) {
            (_, Closing) => return self.runs(),
            (_, Closed | NotOpened | Transferred) => return self.unfinished(to),
            (Dormant, _) | (_, Dormant) => None,
            (_, Assessing) => unless(
                self.has_responsible && self.has_deputy,
                "Ärendet behöver både en ansvarig handläggare och en ersättare.",
                "/tilldelning",
            ),
            (_, Investigating) => {
                unless(found.opened_investigation, "Beslut om att inleda utredning är inte fattat.", "/beslut")
            }
            (Investigating, Active) => unless(
                begun || found.is_executed,
                "Ärendet behöver ett beviljat beslut som är verkställt: en placering eller en insats som har börjat.",
                "/beslut",
            ),
            (_, Active) => {
                unless(cared_for, "Ärendet behöver en placering med dygnetruntvård som pågår.", "/placeringar")
            }
            (_, StepDown) if cared_for => {
                unless(false, "Placeringen med dygnetruntvård pågår. Avsluta den först.", "/placeringar")
            }
            (_, StepDown) => unless(
                lives || found.is_supported,
                "Ärendet behöver en insats eller ett boende utan dygnetruntvård som pågår.",
                "/planer",
            ),
            (_, CaseStatus::Registered) => unless(false, "Ärendet kan inte bli aktualiserat på nytt.", ""),
        };
        one.into_iter().collect()
    }

    /// What goes on: nothing of it may when a case is on its way to its end.
    fn runs(&self) -> Vec<Lack> {
        let mut lacks = self.placed();
        let found = &self.found;
        if self.status == CaseStatus::Investigating {
            if found.open.investigations > 0 {
                let what = "Utredningen pågår. Gör den färdig, eller avsluta den utan beslut om ansökan är återtagen.";
                lacks.push(Lack::of(what, "/utredning"));
            } else if !found.has_ended_investigation {
                lacks.push(Lack::of("Utredningen har inte lett till något beslut.", "/beslut"));
            }
        }
        lacks.extend(found.open.support().map(|(what, part)| Lack::of(what, part)));
        lacks
    }

    fn placed(&self) -> Vec<Lack> {
        let stay = in_the_way(&self.stays);
        let what =
            |stay: &Stay| format!("Placering {} har status {}. Avsluta placeringen först.", stay.number, stay.status);
        stay.map(|stay| Lack::of(what(stay), "/placeringar")).into_iter().collect()
    }

    /// What has to be done before the case can only be read.
    fn unfinished(&self, to: CaseStatus) -> Vec<Lack> {
        let found = &self.found;
        let mut lacks = Vec::new();
        match to {
            CaseStatus::Closed if !found.has_outcome => {
                lacks.push(Lack::of("Utfallet är inte registrerat.", "/utfall/avslut"));
            }
            CaseStatus::NotOpened if found.declined_on.is_none() => {
                lacks.push(Lack::of("Beslut om att inte inleda utredning är inte fattat.", "/beslut"));
            }
            CaseStatus::Transferred if found.accepted_on.is_none() => {
                lacks.push(Lack::of("Ingen annan kommun har tagit över ärendet.", "/overflyttning"));
            }
            _ => {}
        }
        lacks.extend(self.placed());
        lacks.extend(self.deviations.iter().map(|one| {
            let what = format!("Avvikelsen är öppen: {}, rapporterad {}.", one.category, one.reported_on);
            Lack::of(what, format!("/avvikelser/{}", one.id))
        }));
        lacks.extend(found.open.things().into_iter().map(|(what, part)| Lack::of(what, part)));
        if let Some(day) = found.seen_until.filter(|_| to == CaseStatus::Closed) {
            let what = format!("Polisen kan se utlämnade uppgifter till och med {day}. Dölj dem, eller vänta.");
            lacks.push(Lack::of(what, "/utlamnanden"));
        }
        // Who agreed to be asked afterwards is asked only where the case was closed.
        let afterwards = if to == CaseStatus::Closed { 0 } else { found.consents_afterwards };
        let what = match found.consents + afterwards {
            0 => return lacks,
            1 => "1 samtycke gäller. Återkalla det, eller vänta tills det har gått ut.".to_owned(),
            more => format!("{more} samtycken gäller. Återkalla dem, eller vänta tills de har gått ut."),
        };
        lacks.push(Lack::of(what, "/samtycken"));
        lacks
    }
}

const fn has_begun(status: PlacementStatus) -> bool {
    matches!(status, PlacementStatus::Active | PlacementStatus::Ended)
}

#[cfg(test)]
mod tests {
    use time::macros::date;
    use uuid::Uuid;

    use super::*;
    use crate::vocabulary::CaseStatus::{
        Active, Assessing, Closed, Closing, Dormant, Investigating, NotOpened, Registered, StepDown, Transferred,
    };
    use crate::vocabulary::DeviationCategory;

    fn standing(status: CaseStatus) -> Standing {
        let (stays, deviations) = (Vec::new(), Vec::new());
        Standing { status, has_responsible: true, has_deputy: true, stays, deviations, found: Found::default() }
    }

    fn found(status: CaseStatus, found: Found) -> Standing {
        Standing { found, ..standing(status) }
    }

    fn stay(status: PlacementStatus, round_the_clock: bool) -> Stay {
        let ended_on = (status == PlacementStatus::Ended).then_some(date!(2026 - 06 - 30));
        Stay { number: 1, status, starts_on: date!(2026 - 01 - 15), ended_on, round_the_clock }
    }

    fn with(status: CaseStatus, stays: Vec<Stay>) -> Standing {
        Standing { stays, ..standing(status) }
    }

    #[test]
    fn there_is_no_way_but_those_listed() {
        let rests = Some((StepDown, date!(2026 - 11 - 20)));
        for (from, ways) in [
            (Registered, &[Assessing, NotOpened, Transferred][..]),
            (Assessing, &[Investigating, NotOpened, Transferred]),
            (Investigating, &[Active, Dormant, Closing, Transferred]),
            (Active, &[StepDown, Dormant, Closing, Transferred]),
            (StepDown, &[Active, Dormant, Closing, Transferred]),
            (Dormant, &[StepDown, Closing, Transferred]),
            (Closing, &[Closed, Transferred]),
            (Closed, &[]),
            (NotOpened, &[]),
            (Transferred, &[]),
        ] {
            let standing = found(from, Found { rests, ..Found::default() });
            assert_eq!(standing.steps().iter().map(|step| step.to).collect::<Vec<_>>(), ways, "{from}");
            assert!(standing.may_become(from));
            for to in CaseStatus::ALL.iter().filter(|to| **to != from && !ways.contains(to)) {
                assert!(!standing.may_become(*to), "{from} to {to}");
            }
        }
    }

    #[test]
    fn an_assessment_needs_somebody_responsible_and_a_deputy() {
        let alone = Standing { has_deputy: false, ..standing(Registered) };
        assert!(!alone.may_become(Assessing));
        assert_eq!(alone.lacks(Assessing)[0].path("AVH-1"), "/arenden/AVH-1/tilldelning");
        assert!(standing(Registered).may_become(Assessing));
    }

    #[test]
    fn somebody_has_to_decide_on_an_investigation_or_on_none() {
        assert!(!standing(Assessing).may_become(Investigating));
        let opened = Found { opened_investigation: true, ..Found::default() };
        assert!(found(Assessing, opened).may_become(Investigating));
        let declined = Found { declined_on: Some(date!(2026 - 02 - 01)), ..Found::default() };
        for from in [Registered, Assessing] {
            assert!(!standing(from).may_become(NotOpened));
            assert!(found(from, declined.clone()).may_become(NotOpened));
        }
        assert!(!found(Investigating, declined).may_become(NotOpened));
    }

    #[test]
    fn a_case_is_active_when_a_decision_is_carried_out() {
        assert!(!with(Investigating, vec![stay(PlacementStatus::Planned, true)]).may_become(Active));
        assert!(with(Investigating, vec![stay(PlacementStatus::Ended, false)]).may_become(Active));
        let executed = Found { is_executed: true, ..Found::default() };
        assert!(found(Investigating, executed).may_become(Active));
    }

    #[test]
    fn nobody_steps_down_while_cared_for_around_the_clock_nor_to_nothing_at_all() {
        let cared_for = vec![stay(PlacementStatus::Active, true)];
        assert!(!with(Active, cared_for.clone()).may_become(StepDown));
        assert!(with(StepDown, cared_for.clone()).may_become(Active));
        let flat = vec![stay(PlacementStatus::Active, false)];
        assert!(with(Active, flat.clone()).may_become(StepDown));
        assert!(!with(StepDown, flat).may_become(Active));
        let bare = with(Active, vec![stay(PlacementStatus::Ended, true), stay(PlacementStatus::Planned, false)]);
        assert!(bare.lacks(StepDown)[0].what.contains("en insats eller ett boende"));
        let supported = Standing { found: Found { is_supported: true, ..Found::default() }, ..bare };
        assert!(supported.may_become(StepDown));
        assert!(!Standing { stays: cared_for, ..supported }.may_become(StepDown));
    }

    #[test]
    fn a_case_that_rests_goes_back_to_where_it_was_whatever_that_once_demanded() {
        for from in [Investigating, Active, StepDown] {
            assert!(standing(from).may_become(Dormant));
            let rests = Some((from, date!(2026 - 11 - 20)));
            let resting = found(Dormant, Found { rests, ..Found::default() });
            assert!(resting.may_become(from) && resting.may_become(Closing));
        }
        assert!(!standing(Assessing).may_become(Dormant));
    }

    #[test]
    fn nothing_runs_in_a_case_that_is_on_its_way_to_its_end() {
        let died = found(Active, Found { has_died: true, ..Found::default() });
        assert_eq!(died.steps().into_iter().map(|step| step.to).collect::<Vec<_>>(), [Closing]);
        assert!(standing(Active).may_become(Closing));
        assert!(!with(Active, vec![stay(PlacementStatus::Active, true)]).may_become(Closing));
        let support = Found { open: Open { interventions: 1, ..Open::default() }, ..Found::default() };
        assert_eq!(found(Active, support).lacks(Closing)[0].part, "/planer");
        // What is only to be settled does not bar the first of the two steps.
        let undecided = Found { open: Open { decisions: 1, ..Open::default() }, ..Found::default() };
        assert!(found(Active, undecided).may_become(Closing));
    }

    #[test]
    fn an_investigation_has_an_end_of_its_own_before_the_case() {
        assert!(!standing(Investigating).may_become(Closing));
        let ended = Found { has_ended_investigation: true, ..Found::default() };
        assert!(found(Investigating, ended.clone()).may_become(Closing));
        let another = Found { open: Open { investigations: 1, ..Open::default() }, ..ended };
        assert_eq!(found(Investigating, another.clone()).lacks(Closing)[0].part, "/utredning");
        assert!(found(Active, another).may_become(Closing));
    }

    #[test]
    fn each_thing_that_is_left_stands_in_the_way_of_closing_with_where_it_is_done() {
        let done = Found { has_outcome: true, ..Found::default() };
        assert!(found(Closing, done.clone()).may_become(Closed));
        let deviation =
            OpenDeviation { id: Uuid::nil(), category: DeviationCategory::Other, reported_on: date!(2026 - 03 - 01) };
        let full = Standing {
            deviations: vec![deviation],
            stays: vec![stay(PlacementStatus::Planned, true)],
            ..found(
                Closing,
                Found {
                    consents: 2,
                    open: Open { decisions: 1, follow_ups: 1, ..Open::default() },
                    ..Found::default()
                },
            )
        };
        let parts: Vec<_> = full.lacks(Closed).into_iter().map(|lack| lack.part).collect();
        let deviation = "/avvikelser/00000000-0000-0000-0000-000000000000";
        assert_eq!(parts, ["/utfall/avslut", "/placeringar", deviation, "/beslut", "/planer", "/samtycken"]);
        let seen = Found { seen_until: Some(date!(2026 - 12 - 01)), ..done.clone() };
        assert_eq!(found(Closing, seen).lacks(Closed)[0].part, "/utlamnanden");
        assert!(found(Closing, Found { consents_afterwards: 1, ..done }).may_become(Closed));
    }

    #[test]
    fn a_case_is_another_municipalitys_when_it_has_said_so() {
        for from in [Registered, Assessing, Investigating, Active, StepDown, Closing] {
            assert_eq!(standing(from).lacks(Transferred)[0].part, "/overflyttning", "{from}");
            let accepted = Found { accepted_on: Some(date!(2026 - 09 - 15)), ..Found::default() };
            assert!(found(from, accepted.clone()).may_become(Transferred));
            assert!(!found(from, Found { consents_afterwards: 1, ..accepted }).may_become(Transferred));
        }
    }
}
