//! What is typed about a form that was signed at the police.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{LONGEST_RULES, NewConditions, own_fits};
use crate::calendar::parse_day;
use crate::vocabulary::ProgrammeRule;
use crate::web::form::{Faults, code, uuid};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ConditionsForm {
    pub id: String,
    pub signed_on: String,
    pub label: String,
    pub document_ref: String,
    pub rules: Vec<String>,
    pub own_rules: String,
    pub told: String,
}

impl ConditionsForm {
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    pub fn parse(&self, today: Date) -> Result<NewConditions, Faults> {
        let mut faults = Faults::none();
        let signed_on = parse_day(&self.signed_on, today);
        let signed_on = faults.need(signed_on, "signed_on", "Skriv datumet som ÅÅÅÅ-MM-DD");
        if signed_on.is_some_and(|day| day > today) {
            faults.add("signed_on", format!("Datumet kan inte vara senare än i dag, {today}"));
        }
        let label = faults.text(&self.label, 100, "label", "Skriv vilken version av blanketten det är");
        let document_ref = faults.optional_text(&self.document_ref, 200, "document_ref");
        let rules = faults.need(self.rules(), "rules", "Välj minst en regel");
        let own_rules = faults.optional_text(&self.own_rules, LONGEST_RULES, "own_rules");
        if let (Some(rules), Some(own)) = (&rules, &own_rules)
            && !own_fits(rules, !own.is_empty())
        {
            let message =
                if own.is_empty() { "Skriv de egna reglerna" } else { "Välj Egna regler, eller ta bort texten" };
            faults.add("own_rules", message);
        }
        let told_consequences = match self.told.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        let told = faults.need(told_consequences, "told", "Svara om polisen har berättat om följderna");
        let (Some(signed_on), Some(label), Some(document_ref), Some(rules), Some(own), Some(told_consequences)) =
            (signed_on, label, document_ref, rules, own_rules, told)
        else {
            return Err(faults);
        };
        faults.finish(NewConditions {
            id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
            signed_on,
            label,
            document_ref: Some(document_ref).filter(|text| !text.is_empty()),
            rules,
            own_rules: Some(own).filter(|text| !text.is_empty()),
            told_consequences,
        })
    }

    /// At least one, in the order of the list, each once; nothing where one of them is in no list.
    fn rules(&self) -> Option<Vec<ProgrammeRule>> {
        let typed: Vec<_> = self.rules.iter().map(|one| code(one, ProgrammeRule::parse)).collect::<Option<_>>()?;
        let rules: Vec<_> = ProgrammeRule::ALL.iter().copied().filter(|rule| typed.contains(rule)).collect();
        (!rules.is_empty()).then_some(rules)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 12 - 31);

    fn typed() -> ConditionsForm {
        ConditionsForm {
            signed_on: "2026-12-01".to_owned(),
            label: "Avtal 2026".to_owned(),
            rules: ["drug_tests", "no_crime", "no_crime"].map(str::to_owned).into(),
            told: "yes".to_owned(),
            ..ConditionsForm::fresh()
        }
    }

    fn at(form: &ConditionsForm, field: &str) -> bool {
        form.parse(TODAY).err().is_some_and(|faults| faults.of(field).is_some())
    }

    #[test]
    fn rules_come_in_the_order_of_the_list() {
        let new = typed().parse(TODAY).ok().unwrap();
        assert_eq!(new.rules, [ProgrammeRule::NoCrime, ProgrammeRule::DrugTests]);
    }

    #[test]
    fn what_is_lacking_is_told() {
        assert!(at(&ConditionsForm { signed_on: "2027-01-01".to_owned(), ..typed() }, "signed_on"));
        assert!(at(&ConditionsForm { rules: Vec::new(), ..typed() }, "rules"));
        assert!(at(&ConditionsForm { rules: vec!["gang".to_owned()], ..typed() }, "rules"));
        assert!(at(&ConditionsForm { own_rules: "Ring varje vecka".to_owned(), ..typed() }, "own_rules"));
        assert!(at(&ConditionsForm { rules: vec!["own".to_owned()], ..typed() }, "own_rules"));
        assert!(at(&ConditionsForm { told: "kanske".to_owned(), ..typed() }, "told"));
    }
}
