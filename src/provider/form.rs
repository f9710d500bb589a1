//! What is typed about providers, homes, agreements and prices, and what it means.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{
    LEAST_PER_DAY, MOST_PER_DAY, NewAgreement, NewHome, NewPrice, NewProvider, OrganisationNumber,
    OrganisationNumberFault, needs_reason,
};
use crate::calendar::parse_day;
use crate::money::{Ore, parse_kronor};
use crate::vocabulary::{PlacementKind, ProviderKind};
use crate::web::form::{Faults, checkbox, code, uuid};

/// The page was not ours, or older than the program.
const RELOAD: &str = "Öppna sidan på nytt och skriv uppgifterna igen";
const DAY: &str = "Skriv datumet som ÅÅÅÅ-MM-DD";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ProviderForm {
    pub id: String,
    pub name: String,
    pub org_number: String,
    pub kind: String,
    pub hide_from_finance: String,
}

impl ProviderForm {
    pub(super) fn fresh() -> Self {
        Self { id: fresh_id(), ..Self::default() }
    }

    pub(super) fn parse(&self) -> Result<NewProvider, Faults> {
        let mut faults = Faults::none();
        let name = faults.text(&self.name, 100, "name", "Skriv leverantörens namn");
        let org_number = match OrganisationNumber::parse(&self.org_number) {
            Ok(number) => Some(number),
            Err(fault) => {
                faults.add("org_number", org_number_fault(fault));
                None
            }
        };
        let kind = faults.need(code(&self.kind, ProviderKind::parse), "kind", "Välj typ av leverantör");
        let id = faults.need(uuid(&self.id), "name", RELOAD);
        match (id, name, org_number, kind) {
            (Some(id), Some(name), Some(org_number), Some(kind)) => {
                let hide_from_finance = checkbox(&self.hide_from_finance);
                faults.finish(NewProvider { id, name, org_number, kind, hide_from_finance })
            }
            _ => Err(faults),
        }
    }
}

fn org_number_fault(fault: OrganisationNumberFault) -> &'static str {
    match fault {
        OrganisationNumberFault::Shape => "Skriv organisationsnumret med tio siffror, NNNNNN-NNNN",
        OrganisationNumberFault::CheckDigit => "Kontrollera organisationsnumret. Sista siffran stämmer inte",
        OrganisationNumberFault::Person => "Skriv ett organisationsnummer. Ett personnummer får inte stå i registret",
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct HomeForm {
    pub id: String,
    pub name: String,
    pub municipality: String,
    pub address: String,
    pub kind: String,
}

impl HomeForm {
    pub(super) fn fresh() -> Self {
        Self { id: fresh_id(), ..Self::default() }
    }

    pub(super) fn parse(&self, provider: Uuid) -> Result<NewHome, Faults> {
        let mut faults = Faults::none();
        let name = faults.text(&self.name, 100, "name", "Skriv boendets namn");
        let municipality = faults.text(&self.municipality, 100, "municipality", "Skriv vilken kommun boendet ligger i");
        let address = faults.text(&self.address, 300, "address", "Skriv boendets adress");
        let kind = faults.need(code(&self.kind, PlacementKind::parse), "kind", "Välj typ av boende");
        let id = faults.need(uuid(&self.id), "name", RELOAD);
        match (id, name, municipality, address, kind) {
            (Some(id), Some(name), Some(municipality), Some(address), Some(kind)) => {
                faults.finish(NewHome { id, provider, name, municipality, address, kind })
            }
            _ => Err(faults),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AgreementForm {
    pub id: String,
    pub price_id: String,
    pub title: String,
    pub registry_ref: String,
    pub valid_from: String,
    pub valid_to: String,
    pub special_reason: String,
    pub charge_departure_day: String,
    pub service: String,
    pub per_day: String,
}

impl AgreementForm {
    pub(super) fn fresh() -> Self {
        // What most agreements say, and what holds for a placement unless something else is written.
        Self { id: fresh_id(), price_id: fresh_id(), charge_departure_day: "ja".to_owned(), ..Self::default() }
    }

    pub(super) fn parse(&self, provider: Uuid, today: Date) -> Result<(NewAgreement, NewPrice), Faults> {
        let mut faults = Faults::none();
        let title = faults.text(&self.title, 100, "title", "Skriv vad avtalet heter");
        let registry_ref = faults.optional_text(&self.registry_ref, 40, "registry_ref");
        let valid_from = faults.need(parse_day(&self.valid_from, today), "valid_from", DAY);
        let valid_to = faults.need(parse_day(&self.valid_to, today), "valid_to", DAY);
        let reason = faults.optional_text(&self.special_reason, 1000, "special_reason");
        if let (Some(from), Some(to)) = (valid_from, valid_to) {
            if to < from {
                faults.add("valid_to", "Slutdatumet måste vara samma dag som startdatumet eller senare");
            } else if needs_reason(from, to) && reason.as_ref().is_some_and(String::is_empty) {
                faults.add(
                    "valid_to",
                    "Ett ramavtal gäller högst fyra år. Ändra slutdatumet, eller skriv det särskilda skälet",
                );
            }
        }
        let (service, per_day) = price(&self.service, &self.per_day, &mut faults);
        let ids = faults.need(uuid(&self.id).zip(uuid(&self.price_id)), "title", RELOAD);
        match (ids, title, registry_ref, valid_from.zip(valid_to), reason, service.zip(per_day)) {
            (
                Some((id, price_id)),
                Some(title),
                Some(registry_ref),
                Some((valid_from, valid_to)),
                Some(reason),
                Some((service, per_day)),
            ) => {
                let agreement = NewAgreement {
                    id,
                    provider,
                    title,
                    registry_ref: filled(registry_ref),
                    valid_from,
                    valid_to,
                    special_reason: filled(reason),
                    charge_departure_day: checkbox(&self.charge_departure_day),
                };
                let price = NewPrice { id: price_id, agreement: id, service, per_day, from: valid_from };
                faults.finish((agreement, price))
            }
            _ => Err(faults),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PriceForm {
    pub id: String,
    pub service: String,
    pub per_day: String,
    pub from: String,
}

impl PriceForm {
    pub(super) fn fresh() -> Self {
        Self { id: fresh_id(), ..Self::default() }
    }

    pub(super) fn parse(&self, agreement: Uuid, today: Date) -> Result<NewPrice, Faults> {
        let mut faults = Faults::none();
        let (service, per_day) = price(&self.service, &self.per_day, &mut faults);
        let from = faults.need(parse_day(&self.from, today), "from", DAY);
        let id = faults.need(uuid(&self.id), "service", RELOAD);
        match (id, service, per_day, from) {
            (Some(id), Some(service), Some(per_day), Some(from)) => {
                faults.finish(NewPrice { id, agreement, service, per_day, from })
            }
            _ => Err(faults),
        }
    }
}

fn price(service: &str, per_day: &str, faults: &mut Faults) -> (Option<PlacementKind>, Option<Ore>) {
    let service = faults.need(code(service, PlacementKind::parse), "service", "Välj vad priset gäller");
    let per_day = parse_kronor(per_day).filter(|amount| (LEAST_PER_DAY..=MOST_PER_DAY).contains(amount));
    (service, faults.need(per_day, "per_day", "Skriv ett belopp mellan 1 och 20 000 kr per dygn"))
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn fresh_id() -> String {
    Uuid::now_v7().to_string()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 12 - 31);

    fn agreement() -> AgreementForm {
        AgreementForm {
            title: "HVB för vuxna".into(),
            valid_from: "2026-01-01".into(),
            valid_to: "2029-12-31".into(),
            service: "hvb".into(),
            per_day: "3 000".into(),
            ..AgreementForm::fresh()
        }
    }

    #[test]
    fn an_agreement_comes_with_its_first_price() {
        let (agreement, price) = agreement().parse(Uuid::nil(), TODAY).unwrap();
        assert_eq!((price.agreement, price.from, price.per_day.ore()), (agreement.id, date!(2026 - 01 - 01), 300_000));
        assert_eq!((agreement.registry_ref, agreement.charge_departure_day), (None, true));
    }

    #[test]
    fn a_long_agreement_says_why() {
        let long = AgreementForm { valid_to: "2030-01-01".into(), ..agreement() };
        assert!(long.parse(Uuid::nil(), TODAY).unwrap_err().of("valid_to").is_some());
        let said = AgreementForm { special_reason: "Investeringar skrivs av på sex år".into(), ..long };
        assert!(said.parse(Uuid::nil(), TODAY).is_ok());
    }

    #[test]
    fn a_day_costs_something_and_not_more_than_a_slip_of_the_finger() {
        for (typed, is_right) in [
            ("0", false),
            ("-5", false),
            ("0,99", false),
            ("1", true),
            ("20 000", true),
            ("20 000,01", false),
            ("tre tusen", false),
        ] {
            let form = AgreementForm { per_day: typed.into(), ..agreement() };
            assert_eq!(form.parse(Uuid::nil(), TODAY).is_ok(), is_right, "{typed}");
        }
    }

    #[test]
    fn everything_that_is_missing_is_said_at_once() {
        let faults = AgreementForm::default().parse(Uuid::nil(), TODAY).unwrap_err();
        let fields: Vec<_> = faults.iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["title", "valid_from", "valid_to", "service", "per_day"]);
        assert_eq!(HomeForm::default().parse(Uuid::nil()).err().map(|faults| faults.len()), Some(4));
        assert_eq!(ProviderForm::default().parse().err().map(|faults| faults.len()), Some(3));
        assert_eq!(PriceForm::default().parse(Uuid::nil(), TODAY).err().map(|faults| faults.len()), Some(3));
    }
}
