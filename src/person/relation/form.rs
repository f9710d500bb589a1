//! What is typed about somebody close. There is no field for those who threaten.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::super::form::{NO, YES, past_day, yes_or_no};
use super::model::{Close, Relation, can_be_born, needs_reason};
use crate::personal::Personal;
use crate::vocabulary::{ConditionMet, Custody, LivesWith, RelationKind};
use crate::web::form::{Faults, code, uuid};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct RelationForm {
    pub id: String,
    pub version: String,
    pub label: String,
    pub kind: String,
    pub birth_year: String,
    pub lives_with: String,
    pub custody: String,
    pub is_party_to_threat: String,
    pub contact_allowed: String,
    pub contact_reason: String,
    pub valid_to: String,
}

impl RelationForm {
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    /// As it stands, to be changed.
    pub fn of(one: &Relation, label: &Personal, reason: Option<&Personal>) -> Self {
        Self {
            id: one.id.to_string(),
            version: one.version.to_string(),
            label: label.reveal().to_owned(),
            kind: one.kind.code().to_owned(),
            birth_year: one.birth_year.map(|year| year.to_string()).unwrap_or_default(),
            lives_with: one.lives_with.code().to_owned(),
            custody: one.custody.map(|custody| custody.code().to_owned()).unwrap_or_default(),
            is_party_to_threat: one.is_party_to_threat.code().to_owned(),
            contact_allowed: if one.contact_allowed { YES } else { NO }.to_owned(),
            contact_reason: reason.map(|text| text.reveal().to_owned()).unwrap_or_default(),
            valid_to: String::new(),
        }
    }

    pub fn parse(&self, today: Date) -> Result<Close, Faults> {
        let mut faults = Faults::none();
        let kind = faults.need(code(&self.kind, RelationKind::parse), "kind", "Välj vad den närstående är");
        let label = faults.text(&self.label, 100, "label", "Skriv en egen beteckning");
        let of_a_child = self.of_a_child(kind, today, &mut faults);
        let lives_with = code(&self.lives_with, LivesWith::parse);
        let lives_with = faults.need(lives_with, "lives_with", "Svara om den närstående bor med personen");
        let party = code(&self.is_party_to_threat, ConditionMet::parse);
        let party = faults.need(party, "is_party_to_threat", "Svara om den närstående är part i hotet");
        let allowed = yes_or_no(&self.contact_allowed);
        let allowed = faults.need(allowed, "contact_allowed", "Svara om vi får kontakta den närstående");
        let reason = faults.optional_text(&self.contact_reason, 500, "contact_reason");
        if let (Some(party), Some(allowed), Some("")) = (party, allowed, reason.as_deref())
            && needs_reason(party, allowed)
        {
            faults.add("contact_reason", "Skriv varför kontakt är tillåten fast den närstående är part i hotet");
        }
        let valid_to = if self.valid_to.trim().is_empty() {
            Some(None)
        } else {
            past_day(&self.valid_to, today, "valid_to", &mut faults).map(Some)
        };
        match (kind, label, of_a_child, lives_with, party, allowed, reason, valid_to) {
            (
                Some(kind),
                Some(label),
                Some((birth_year, custody)),
                Some(lives_with),
                Some(is_party_to_threat),
                Some(contact_allowed),
                Some(reason),
                Some(valid_to),
            ) => faults.finish(Close {
                id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                // What cannot be read is no version: it answers like one that has passed.
                version: self.version.trim().parse().unwrap_or(0),
                label,
                kind,
                birth_year,
                lives_with,
                custody,
                is_party_to_threat,
                contact_allowed,
                contact_reason: Some(reason).filter(|text| !text.is_empty()),
                valid_to,
            }),
            _ => Err(faults),
        }
    }

    /// The year and the custody: said of a child, and of nobody else.
    fn of_a_child(
        &self,
        kind: Option<RelationKind>,
        today: Date,
        faults: &mut Faults,
    ) -> Option<(Option<i16>, Option<Custody>)> {
        if kind? != RelationKind::Child {
            for (typed, field) in [(&self.birth_year, "birth_year"), (&self.custody, "custody")] {
                if !typed.trim().is_empty() {
                    faults.add(field, "Uppgiften gäller bara barn. Ta bort den eller välj Barn");
                }
            }
            return Some((None, None));
        }
        let year = self.birth_year.trim().parse().ok().filter(|year| can_be_born(*year, today));
        let year = faults.need(year, "birth_year", "Skriv barnets födelseår med fyra siffror");
        let custody = faults.need(code(&self.custody, Custody::parse), "custody", "Välj vilken vårdnad personen har");
        Some((Some(year?), Some(custody?)))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    fn child() -> RelationForm {
        RelationForm {
            label: "Yngsta barnet".into(),
            kind: "child".into(),
            birth_year: "2020".into(),
            lives_with: "partly".into(),
            custody: "joint".into(),
            is_party_to_threat: "no".into(),
            contact_allowed: "yes".into(),
            ..RelationForm::fresh()
        }
    }

    fn fault(form: &RelationForm, field: &str) -> bool {
        form.parse(TODAY).err().is_some_and(|faults| faults.of(field).is_some())
    }

    #[test]
    fn of_a_child_the_year_and_the_custody_are_said_and_of_nobody_else() {
        assert!(child().parse(TODAY).is_ok_and(|one| one.birth_year == Some(2020)));
        assert!(fault(&RelationForm { birth_year: String::new(), ..child() }, "birth_year"));
        assert!(fault(&RelationForm { birth_year: "20".into(), ..child() }, "birth_year"));
        assert!(fault(&RelationForm { custody: String::new(), ..child() }, "custody"));
        let sibling = RelationForm { kind: "sibling".into(), ..child() };
        assert!(fault(&sibling, "birth_year") && fault(&sibling, "custody"));
        let sibling = RelationForm { birth_year: String::new(), custody: String::new(), ..sibling };
        assert!(sibling.parse(TODAY).is_ok());
    }

    #[test]
    fn party_to_the_threat_and_contact_want_a_reason() {
        let party = RelationForm { is_party_to_threat: "yes".into(), ..child() };
        assert!(fault(&party, "contact_reason"));
        assert!(RelationForm { contact_reason: "Umgänge med stöd.".into(), ..party }.parse(TODAY).is_ok());
        let none = RelationForm { is_party_to_threat: "yes".into(), contact_allowed: "no".into(), ..child() };
        assert!(none.parse(TODAY).is_ok());
    }

    #[test]
    fn every_question_is_answered() {
        let empty = RelationForm::fresh();
        for field in ["kind", "label", "lives_with", "is_party_to_threat", "contact_allowed"] {
            assert!(fault(&empty, field), "{field}");
        }
        assert!(fault(&RelationForm { kind: "gang".into(), ..child() }, "kind"));
    }
}
