//! The lists behind the figures: what each is called, what its rows ask for and where that is done.

use uuid::Uuid;

use crate::assignment::paths as assignments;
use crate::check::paths as checks;
use crate::consent::paths as consents;
use crate::decision::paths as decisions;
use crate::deviation::paths as deviations;
use crate::disclosure::paths as disclosures;
use crate::follow_up::paths as follow_ups;
use crate::intake::paths as intakes;
use crate::investigation::paths as investigations;
use crate::placement::paths as placements;
use crate::threat::paths as threats;
use crate::vocabulary::{DeviationSeverity, ProcurementForm};

/// A list of `coordination_items`; see the migration that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Unassessed,
    StaleThreat,
    LateInvestigation,
    Placement,
    Ending,
    LateFollowUp,
    Deviation,
    LateCheck,
    NoPoliceContact,
    Consent,
    Unexecuted,
    NoDeputy,
    Unopened,
}

impl List {
    pub const ALL: [Self; 13] = [
        Self::Unassessed,
        Self::StaleThreat,
        Self::LateInvestigation,
        Self::Placement,
        Self::Ending,
        Self::LateFollowUp,
        Self::Deviation,
        Self::LateCheck,
        Self::NoPoliceContact,
        Self::Consent,
        Self::Unexecuted,
        Self::NoDeputy,
        Self::Unopened,
    ];

    /// What Postgres calls it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unassessed => "unassessed",
            Self::StaleThreat => "stale_threat",
            Self::LateInvestigation => "late_investigation",
            Self::Placement => "placement",
            Self::Ending => "ending",
            Self::LateFollowUp => "late_follow_up",
            Self::Deviation => "deviation",
            Self::LateCheck => "late_check",
            Self::NoPoliceContact => "no_police_contact",
            Self::Consent => "consent",
            Self::Unexecuted => "unexecuted",
            Self::NoDeputy => "no_deputy",
            Self::Unopened => "unopened",
        }
    }

    /// What stands in its address.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Unassessed => "vantar-pa-polisen",
            Self::StaleThreat => "inaktuella-hotbedomningar",
            Self::LateInvestigation => "utredningar-over-mal",
            Self::Placement => "dygnetruntplaceringar",
            Self::Ending => "placeringar-som-slutar",
            Self::LateFollowUp => "forsenade-uppfoljningar",
            Self::Deviation => "oppna-avvikelser",
            Self::LateCheck => "forfallna-slagningar",
            Self::NoPoliceContact => "utan-polisiar-kontakt",
            Self::Consent => "samtycken",
            Self::Unexecuted => "ej-verkstallda-beslut",
            Self::NoDeputy => "utan-ersattare",
            Self::Unopened => "ooppnade-utlamnanden",
        }
    }

    pub fn named(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.slug() == slug)
    }

    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.code() == code)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Unassessed => "Väntar på polisens bedömning",
            Self::StaleThreat => "Inaktuella hotbedömningar",
            Self::LateInvestigation => "Utredningar över mål",
            Self::Placement => "Pågående dygnetruntplaceringar",
            Self::Ending => "Placeringar som slutar inom 30 dagar",
            Self::LateFollowUp => "Försenade uppföljningar",
            Self::Deviation => "Öppna avvikelser",
            Self::LateCheck => "Förfallna slagningar",
            Self::NoPoliceContact => "Aktualiseringar utan polisiär kontakt",
            Self::Consent => "Samtycken som går ut eller är återkallade",
            Self::Unexecuted => "Beslut som inte är verkställda",
            Self::NoDeputy => "Ärenden utan handläggare eller ersättare",
            Self::Unopened => "Oöppnade utlämnanden till polisen",
        }
    }

    /// What the day of a row is.
    pub const fn day(self) -> &'static str {
        match self {
            Self::Unassessed | Self::NoDeputy => "Öppnat",
            Self::StaleThreat => "Gällde till och med",
            Self::LateInvestigation => "Mål",
            Self::Placement | Self::Ending => "Slutar",
            Self::LateFollowUp => "Planerad",
            Self::Deviation => "Rapporterad",
            Self::LateCheck => "Skulle göras senast",
            Self::NoPoliceContact => "Inkom",
            Self::Consent => "Går ut eller återkallat",
            Self::Unexecuted => "Senast enligt lag",
            Self::Unopened => "Utlämnat",
        }
    }

    /// Whether the day is one that something was to be done by.
    pub const fn is_due(self) -> bool {
        matches!(
            self,
            Self::LateInvestigation
                | Self::Ending
                | Self::LateFollowUp
                | Self::LateCheck
                | Self::StaleThreat
                | Self::Unexecuted
        )
    }

    pub const fn nothing(self) -> &'static str {
        match self {
            Self::Unassessed => "Alla pågående ärenden har en fastställd hotbedömning.",
            Self::StaleThreat => "Alla hotbedömningar gäller.",
            Self::LateInvestigation => "Ingen utredning är över sitt mål.",
            Self::Placement => "Ingen är placerad dygnet runt.",
            Self::Ending => "Ingen placering slutar inom 30 dagar.",
            Self::LateFollowUp => "Ingen uppföljning är försenad.",
            Self::Deviation => "Ingen avvikelse är öppen.",
            Self::LateCheck => "Alla slagningar är rapporterade.",
            Self::NoPoliceContact => "I alla ärenden har någon talat med polisen.",
            Self::Consent => "Inget samtycke går ut eller är nyligen återkallat.",
            Self::Unexecuted => "Alla beslut om stöd är verkställda.",
            Self::NoDeputy => "Alla ärenden har ansvarig handläggare och ersättare.",
            Self::Unopened => "Polisen har öppnat allt som är utlämnat.",
        }
    }

    /// What is to be done about a row.
    pub const fn act(self) -> &'static str {
        match self {
            Self::Unassessed => "Registrera hotbedömning",
            Self::StaleThreat => "Begär ny hotbedömning",
            Self::LateInvestigation => "Öppna utredningen",
            Self::Placement => "Öppna placeringen",
            Self::Ending => "Förläng eller avsluta",
            Self::LateFollowUp => "Följ upp",
            Self::Deviation => "Hantera avvikelsen",
            Self::LateCheck => "Rapportera slagning",
            Self::NoPoliceContact => "Kontakta polisen",
            Self::Consent => "Öppna samtycket",
            Self::Unexecuted => "Öppna beslutet",
            Self::NoDeputy => "Utse",
            Self::Unopened => "Öppna utlämnandet",
        }
    }

    /// Where it is done.
    pub fn href(self, case: &str, subject: Option<Uuid>) -> String {
        match (self, subject) {
            (Self::Unassessed | Self::StaleThreat, _) => threats::list(case),
            (Self::LateCheck, _) => checks::list(case),
            (Self::NoPoliceContact, _) => intakes::case_contacts(case),
            (Self::LateInvestigation, Some(id)) => investigations::show(case, id),
            (Self::Placement | Self::Ending, Some(id)) => placements::show(case, id),
            (Self::LateFollowUp, Some(id)) => follow_ups::show(case, id),
            (Self::Deviation, Some(id)) => deviations::show(case, id),
            (Self::Consent, Some(id)) => consents::show(case, id),
            (Self::Unexecuted, Some(id)) => decisions::show(case, id),
            (Self::Unopened, Some(id)) => disclosures::show(case, id),
            (_, _) => assignments::list(case),
        }
    }

    /// What sort of row it is, in words.
    pub fn part(self, part: &str) -> &'static str {
        match (self, part) {
            (Self::Unassessed, "old") => "Mer än 14 dagar",
            (Self::Placement, code) => ProcurementForm::parse(code).map_or("", ProcurementForm::label),
            (Self::Deviation, code) => DeviationSeverity::parse(code).map_or("", DeviationSeverity::label),
            (Self::Consent, "ending") => "Går ut",
            (Self::Consent, "withdrawn") => "Återkallat",
            (Self::NoDeputy, "deputy") => "Ersättare saknas",
            (Self::NoDeputy, "responsible") => "Ej tilldelad",
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_found_again_by_its_address_and_its_code() {
        for list in List::ALL {
            assert_eq!(List::named(list.slug()), Some(list));
            assert_eq!(List::coded(list.code()), Some(list));
        }
    }
}
