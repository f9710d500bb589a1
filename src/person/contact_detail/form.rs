//! What is typed about a way to reach somebody. Whether it is safe is answered each time and never assumed.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::super::form::{past_day, yes_or_no};
use super::model::{NewContactDetail, fits};
use crate::vocabulary::ContactDetailKind;
use crate::web::form::{Faults, code, uuid};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ContactForm {
    pub id: String,
    pub kind: String,
    pub value: String,
    pub is_safe: String,
    pub allowed_times: String,
    pub valid_from: String,
}

impl ContactForm {
    pub fn fresh(today: Date) -> Self {
        Self { id: Uuid::now_v7().to_string(), valid_from: today.to_string(), ..Self::default() }
    }

    pub fn parse(&self, today: Date) -> Result<NewContactDetail, Faults> {
        let mut faults = Faults::none();
        let kind = faults.need(code(&self.kind, ContactDetailKind::parse), "kind", "Välj vad det är för uppgift");
        let value = faults.text(&self.value, 500, "value", "Skriv kontaktuppgiften");
        if let (Some(kind), Some(value)) = (kind, &value)
            && !fits(kind, value)
        {
            faults.add(
                "value",
                match kind {
                    ContactDetailKind::Phone => "Skriv numret med bara siffror. Namn och tider har egna fält",
                    _ => "Skriv e-postadressen som namn@exempel.se",
                },
            );
        }
        let is_safe = faults.need(yes_or_no(&self.is_safe), "is_safe", "Svara om uppgiften är säker att använda");
        let allowed_times = faults.optional_text(&self.allowed_times, 200, "allowed_times");
        let valid_from = past_day(&self.valid_from, today, "valid_from", &mut faults);
        match (kind, value, is_safe, allowed_times, valid_from) {
            (Some(kind), Some(value), Some(is_safe), Some(allowed_times), Some(valid_from)) => {
                faults.finish(NewContactDetail {
                    id: uuid(&self.id).unwrap_or_else(Uuid::now_v7),
                    kind,
                    value,
                    is_safe,
                    allowed_times: Some(allowed_times).filter(|text| !text.is_empty()),
                    valid_from,
                })
            }
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::super::super::form::{NO, YES};
    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    #[test]
    fn whether_it_is_safe_must_be_said() {
        let typed = |is_safe: &str| ContactForm {
            kind: "phone".into(),
            value: "070-174 06 05".into(),
            is_safe: is_safe.into(),
            ..ContactForm::fresh(TODAY)
        };
        assert!(typed(YES).parse(TODAY).is_ok_and(|new| new.is_safe));
        assert!(typed(NO).parse(TODAY).is_ok_and(|new| !new.is_safe));
        assert!(typed("").parse(TODAY).err().is_some_and(|faults| faults.of("is_safe").is_some()));
        let ahead = ContactForm { valid_from: "2026-11-21".into(), ..typed(YES) };
        assert!(ahead.parse(TODAY).err().is_some_and(|faults| faults.of("valid_from").is_some()));
    }
}
