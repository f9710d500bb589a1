//! The pages of each route in the furnished municipality.

use uuid::Uuid;

use super::World;

/// What whoever reviews the log sees.
pub const REVIEWED: [&str; 4] =
    ["/logggranskning", "/logggranskning/larm", "/logggranskning/{month}", "/logggranskning/{month}/{item}"];

impl World<'_> {
    /// The pages that the route has here; the matrix of `tests/it` asks for all others.
    pub fn addresses(&self, route: &str) -> Vec<String> {
        // A marking stands in the other case.
        let route =
            &route.replace("{case}/person/skydd/{marking}", &format!("{}/person/skydd/{}", self.bare, self.details[0]));
        // Only what stands on the police's page is hidden there, and only a draft is added to and decided over.
        let [draft, open] = self.disclosures.map(|id| id.to_string());
        let route = &route.replace("{disclosure}/dolj", &format!("{open}/dolj"));
        let route = &["uppgifter", "beslut"].iter().fold(route.clone(), |route, end| {
            route.replace(&format!("{{disclosure}}/{end}"), &format!("{draft}/{end}"))
        });
        let samples = [
            ("{disclosure}", vec![draft.clone(), open.clone()]),
            ("{released}", vec![self.released.to_string()]),
            ("{case}", vec![self.case.clone()]),
            ("{placement}", vec![self.placement.to_string()]),
            ("{alias}", vec![self.home.alias.clone()]),
            ("{agreement}", vec![self.agreement.to_string()]),
            ("{intake}", self.intakes.iter().map(Uuid::to_string).collect()),
            ("{handover}", vec![self.handover.to_string()]),
            ("{entry}", vec![self.note.to_string()]),
            ("{consent}", vec![self.consent.to_string()]),
            ("{detail}", vec![self.details[1].to_string()]),
            ("{relation}", vec![self.details[2].to_string()]),
            ("{investigation}", vec![self.investigation.to_string()]),
            ("{child}", vec![self.child.to_string()]),
            ("{homecoming}", vec![self.way_back[0].to_string()]),
            ("{meeting}", vec![self.way_back[1].to_string()]),
            ("{group}", vec![self.way_back[2].to_string()]),
            ("{request}", vec![self.way_back[3].to_string()]),
            ("{outcome}", vec![self.way_back[4].to_string()]),
            ("{deviation}", self.deviations.iter().map(Uuid::to_string).collect()),
            ("{check}", vec![self.check.to_string()]),
            ("{decision}", self.decisions.iter().map(Uuid::to_string).collect()),
            ("{plan}", self.plans.iter().map(Uuid::to_string).collect()),
            ("{intervention}", vec![self.support.to_string()]),
            ("{follow_up}", self.follow_ups.iter().map(Uuid::to_string).collect()),
            ("{glass}", vec![self.glass.to_string()]),
            ("{conflict}", vec![self.conflict.to_string()]),
            ("{month}", vec!["2026-11".to_owned()]),
            ("{list}", vec!["dygnetruntplaceringar".to_owned(), "ooppnade-utlamnanden".to_owned()]),
            ("{year}", vec!["2026".to_owned()]),
            ("{first_day}", vec!["2026-11-01".to_owned()]),
            ("{line}", vec![self.budget_line.to_string()]),
            ("{invoice}", vec![self.invoice.to_string()]),
            ("{application}", vec![self.application.to_string()]),
            ("{item}", vec![self.log_item.to_string()]),
            ("{proposal}", vec![self.proposal.to_string()]),
            ("{recovery}", vec![self.recovery.to_string()]),
            ("{account}", vec![self.malin.account.to_string()]),
            ("{setting}", vec!["slagningar".to_owned()]),
            ("{transfer}", vec![self.transfer.to_string()]),
            ("{alarm}", vec![self.alarm.to_string()]),
            ("{assessment}", self.threats.iter().map(Uuid::to_string).collect()),
        ];
        let mut pages = vec![route.to_owned()];
        for (name, values) in samples {
            let filled = |page: String| values.iter().map(move |value| page.replace(name, value)).collect::<Vec<_>>();
            pages = pages.into_iter().flat_map(filled).collect();
            pages.dedup();
        }
        for page in &pages {
            assert!(
                !page.contains('{'),
                "{page}: give `World::addresses` in tests/browser a sample for what is in braces"
            );
        }
        pages
    }
}
