//! What is typed about an outcome. Nothing is chosen beforehand: that nobody knows is an answer of its own.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{Figures, NewOutcome, earliest};
use crate::calendar::parse_day;
use crate::vocabulary::{
    ChildContact, ExitStatus, OutcomeHousing, OutcomeIncome, OutcomeMoment, OutcomeOccupation, OutcomeSubstance,
    RelapseCrime, RelapseSource,
};
use crate::web::form::{Faults, checkbox, code, uuid};

/// The person's own assessment.
pub const OWN: [(&str, &str); 5] =
    [("1", "1, mycket dåligt"), ("2", "2, dåligt"), ("3", "3, varken eller"), ("4", "4, bra"), ("5", "5, mycket bra")];

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct OutcomeForm {
    pub id: String,
    pub moment: String,
    pub known_on: String,
    pub exit: String,
    pub housing: String,
    pub income: String,
    pub occupation: String,
    pub substance: String,
    pub relapse: String,
    pub relapse_source: String,
    pub helps_others: String,
    pub children: String,
    pub own_assessment: String,
}

/// When the outcome is recorded: before the case is closed, or after the day that it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    Closing { opened_on: Date },
    Afterwards { closed_on: Date },
}

impl OutcomeForm {
    pub fn fresh(today: Date) -> Self {
        Self { id: Uuid::now_v7().to_string(), known_on: today.to_string(), ..Self::default() }
    }

    pub fn parse(&self, season: Season, today: Date) -> Result<NewOutcome, Faults> {
        let mut faults = Faults::none();
        let moment = self.moment(season, &mut faults);
        let known_on = self.known_on(season, moment, today, &mut faults);
        let figures = self.figures(&mut faults);
        match (moment, known_on, figures) {
            (Some(moment), Some(known_on), Some(figures)) => {
                let id = uuid(&self.id).unwrap_or_else(Uuid::now_v7);
                faults.finish(NewOutcome { id, moment, known_on, figures })
            }
            _ => Err(faults),
        }
    }

    fn moment(&self, season: Season, faults: &mut Faults) -> Option<OutcomeMoment> {
        match season {
            Season::Closing { .. } => Some(OutcomeMoment::Closing),
            Season::Afterwards { .. } => {
                let later = code(&self.moment, OutcomeMoment::parse).filter(|one| *one != OutcomeMoment::Closing);
                faults.need(later, "moment", "Välj vilken uppföljning det är")
            }
        }
    }

    fn known_on(
        &self,
        season: Season,
        moment: Option<OutcomeMoment>,
        today: Date,
        faults: &mut Faults,
    ) -> Option<Date> {
        let day = faults.need(parse_day(&self.known_on, today), "known_on", "Skriv datumet som ÅÅÅÅ-MM-DD")?;
        let first = match season {
            Season::Closing { opened_on } => opened_on,
            Season::Afterwards { closed_on } => earliest(moment?, closed_on),
        };
        if day > today {
            faults.add("known_on", format!("Datumet kan inte vara senare än i dag, {today}"));
        } else if day < first {
            faults.add("known_on", format!("Datumet kan inte vara tidigare än {first}"));
        }
        Some(day)
    }

    fn figures(&self, faults: &mut Faults) -> Option<Figures> {
        let exit = faults.need(code(&self.exit, ExitStatus::parse), "exit", "Välj hur avhoppet slutade");
        let housing = faults.need(code(&self.housing, OutcomeHousing::parse), "housing", "Välj boende");
        let income = faults.need(code(&self.income, OutcomeIncome::parse), "income", "Välj försörjning");
        let occupation =
            faults.need(code(&self.occupation, OutcomeOccupation::parse), "occupation", "Välj sysselsättning");
        let substance = faults.need(code(&self.substance, OutcomeSubstance::parse), "substance", "Välj beroende");
        let relapse = faults.need(code(&self.relapse, RelapseCrime::parse), "relapse", "Välj om det finns nya brott");
        let parse = |typed: &str| RelapseSource::parse(typed.trim());
        let relapse_source = faults.optional(&self.relapse_source, parse, "relapse_source", WHO_SAYS);
        if let (Some(relapse), Some(source)) = (relapse, relapse_source) {
            check_source(relapse, source, faults);
        }
        let children = faults.need(code(&self.children, ChildContact::parse), "children", "Välj kontakt med barn");
        let own = faults.optional(&self.own_assessment, own, "own_assessment", "Välj 1 till 5");
        Some(Figures {
            exit: exit?,
            housing: housing?,
            income: income?,
            occupation: occupation?,
            substance: substance?,
            relapse: relapse?,
            relapse_source: relapse_source?,
            helps_others: checkbox(&self.helps_others),
            children: children?,
            own_assessment: own?,
        })
    }
}

const WHO_SAYS: &str = "Välj vem uppgiften kommer från";

/// An answer has somebody who gave it; that nobody knows has not.
fn check_source(relapse: RelapseCrime, source: Option<RelapseSource>, faults: &mut Faults) {
    match (relapse, source) {
        (RelapseCrime::Unknown, Some(_)) => {
            faults.add("relapse_source", "Ta bort källan, eller välj vad den säger om nya brott");
        }
        (RelapseCrime::No | RelapseCrime::Suspected | RelapseCrime::Convicted, None) => {
            faults.add("relapse_source", WHO_SAYS);
        }
        _ => {}
    }
}

fn own(typed: &str) -> Option<i32> {
    typed.trim().parse().ok().filter(|grade| (1..=5).contains(grade))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);
    const CLOSING: Season = Season::Closing { opened_on: date!(2026 - 01 - 05) };

    fn typed() -> OutcomeForm {
        OutcomeForm {
            exit: "completed".to_owned(),
            housing: "own".to_owned(),
            income: "work".to_owned(),
            occupation: "work".to_owned(),
            substance: "free".to_owned(),
            relapse: "no".to_owned(),
            relapse_source: "police".to_owned(),
            children: "no_children".to_owned(),
            ..OutcomeForm::fresh(TODAY)
        }
    }

    fn at(form: &OutcomeForm, season: Season, field: &str) -> Option<String> {
        form.parse(season, TODAY).err().and_then(|faults| faults.of(field).map(str::to_owned))
    }

    #[test]
    fn what_is_said_of_new_crime_has_a_source_and_what_nobody_knows_has_none() {
        assert!(typed().parse(CLOSING, TODAY).is_ok());
        let of = |relapse: &str, source: &str| {
            let form = OutcomeForm { relapse: relapse.to_owned(), relapse_source: source.to_owned(), ..typed() };
            at(&form, CLOSING, "relapse_source")
        };
        assert_eq!(of("no", "").as_deref(), Some("Välj vem uppgiften kommer från"));
        assert_eq!(of("convicted", "police"), None);
        assert_eq!(of("unknown", ""), None);
        assert!(of("unknown", "police").is_some());
    }

    #[test]
    fn the_persons_own_assessment_is_one_to_five_or_none() {
        let of = |grade: &str| {
            let form = OutcomeForm { own_assessment: grade.to_owned(), ..typed() };
            form.parse(CLOSING, TODAY).map(|new| new.figures.own_assessment).ok()
        };
        assert_eq!(
            [of(""), of("1"), of("5"), of("6"), of("0")],
            [Some(None), Some(Some(1)), Some(Some(5)), None, None]
        );
    }

    #[test]
    fn a_follow_up_says_which_one_it_is_and_comes_in_its_time() {
        let season = Season::Afterwards { closed_on: date!(2026 - 04 - 30) };
        let form =
            |moment: &str, day: &str| OutcomeForm { moment: moment.to_owned(), known_on: day.to_owned(), ..typed() };
        assert!(form("months_6", "2026-09-30").parse(season, TODAY).is_ok());
        assert!(at(&form("months_6", "2026-09-29"), season, "known_on").is_some());
        assert!(at(&form("months_12", "2026-11-20"), season, "known_on").is_some());
        assert!(at(&form("closing", "2026-11-20"), season, "moment").is_some());
        assert!(at(&form("", "2026-11-20"), season, "moment").is_some());
        assert!(at(&form("", "2026-11-21"), CLOSING, "known_on").is_some());
        assert!(at(&form("", "2026-01-04"), CLOSING, "known_on").is_some());
    }
}
