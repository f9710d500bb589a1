//! What stands in braces in a route, as the furnished house has it.

use uuid::Uuid;

use super::World;
use crate::support::routes::Route;

impl World {
    /// The route's address about the fixture, in the case of the reference.
    pub fn address(&self, route: &Route, reference: &str) -> String {
        let stylesheet = utvag::web::assets::path("css/app.css").trim_start_matches("/static/");
        let samples = [
            ("{case}", reference.to_owned()),
            ("{placement}", self.found.placement.to_string()),
            ("{intake}", self.found.intake.to_string()),
            ("{alias}", self.found.alias.to_owned()),
            ("{agreement}", self.found.agreement.to_string()),
            ("{assignment}", self.found.assignment.to_string()),
            ("{assessment}", self.found.assessment.to_string()),
            ("{entry}", self.found.entry.to_string()),
            ("{consent}", self.found.consent.to_string()),
            ("{decision}", self.found.decision.to_string()),
            ("{handover}", self.handover.to_string()),
            ("{marking}", self.known.marking.to_string()),
            ("{detail}", self.known.contact.to_string()),
            ("{relation}", self.known.relation.to_string()),
            ("{duplicate}", self.known.duplicate.to_string()),
            ("{investigation}", self.found.investigation.to_string()),
            ("{child}", self.found.child.to_string()),
            ("{homecoming}", self.found.way_back.homecoming.to_string()),
            ("{meeting}", self.found.way_back.meeting.to_string()),
            ("{group}", self.found.way_back.group.to_string()),
            ("{request}", self.found.way_back.request.to_string()),
            ("{outcome}", self.found.way_back.outcome.to_string()),
            ("{plan}", self.found.plan.to_string()),
            ("{intervention}", self.found.intervention.to_string()),
            ("{follow_up}", self.found.follow_up.to_string()),
            ("{deviation}", self.found.deviation.to_string()),
            ("{check}", self.found.check.to_string()),
            ("{glass}", self.glass.to_string()),
            ("{disclosure}", self.found.disclosed.draft.to_string()),
            ("{draft_item}", self.found.disclosed.draft_item.to_string()),
            ("{released}", self.found.disclosed.released.to_string()),
            ("{session}", self.session.to_string()),
            ("{list}", "oppna-avvikelser".to_owned()),
            ("{year}", "2026".to_owned()),
            ("{first_day}", "2025-12-01".to_owned()),
            ("{line}", self.budget_line.to_string()),
            ("{form}", Uuid::nil().to_string()),
            ("{month}", "2026-11".to_owned()),
            ("{account}", self.suspect.to_string()),
            ("{proposal}", self.proposal.to_string()),
            ("{grant}", self.grant.to_string()),
            ("{recovery}", self.recovery.to_string()),
            ("{key}", Uuid::nil().to_string()),
            ("{item}", self.log_item.to_string()),
            ("{transfer}", self.found.transfer.to_string()),
            ("{reader}", self.found.reader.to_string()),
            ("{conflict}", self.found.conflict.to_string()),
            ("{invoice}", self.invoice.to_string()),
            ("{application}", self.found.application.to_string()),
            ("{alarm}", self.found.alarm.to_string()),
            ("{setting}", "slagningar".to_owned()),
            ("{*file}", stylesheet.to_owned()),
        ];
        let address = samples.iter().fold(route.path.clone(), |path, (name, sample)| path.replace(name, sample));
        if let Some(unknown) = address.find('{') {
            panic!(
                "{}: there is no sample for `{}`. Add one to `World::address` in tests/it/access_matrix.rs, and what it \
                 names to `furnish` in tests/it/support/fixture.rs",
                route.path,
                &address[unknown..]
            );
        }
        address
    }
}
