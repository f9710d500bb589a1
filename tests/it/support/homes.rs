//! Homes to be placed in, registered through the pages by a coordinator.

use uuid::Uuid;

use super::people::Person;

/// A provider with one home.
pub struct Home {
    pub alias: String,
    pub id: String,
}

impl Person<'_> {
    /// A provider with a home of the kind, outside any agreement.
    pub async fn adds_a_home(&self, kind: &str) -> Home {
        let (provider, home) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
        let fields =
            [("id", provider.as_str()), ("name", "Björkens vård AB"), ("org_number", "5599990008"), ("kind", "hvb")];
        let answer = self.post("/boenden/ny", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.words());
        let alias = answer.location().rsplit('/').next().unwrap().to_owned();
        let fields = [
            ("id", home.as_str()),
            ("name", "Björkgården"),
            ("municipality", "Norrsele"),
            ("address", "Skogsvägen 4"),
            ("kind", kind),
        ];
        self.post(&format!("/boenden/{alias}/boende/ny"), &fields).await.leads_to(&format!("/boenden/{alias}"));
        Home { alias, id: home }
    }

    /// The same, with a framework agreement over 2026 and 2027 at this price per day.
    pub async fn adds_a_home_with_agreement(&self, kind: &str, per_day: &str) -> Home {
        let home = self.adds_a_home(kind).await;
        let (agreement, price) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
        let fields = [
            ("id", agreement.as_str()),
            ("price_id", &price),
            ("title", "HVB för vuxna"),
            ("valid_from", "2026-01-01"),
            ("valid_to", "2027-12-31"),
            ("charge_departure_day", "ja"),
            ("service", kind),
            ("per_day", per_day),
        ];
        let show = format!("/boenden/{}", home.alias);
        self.post(&format!("{show}/ramavtal/ny"), &fields).await.leads_to(&show);
        home
    }
}
