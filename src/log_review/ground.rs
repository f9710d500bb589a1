//! Why something was drawn: the tables that say which events are always looked at, and the words that a reviewer reads.
//! An event of a room that comes later joins with one line in [`DRAWN`].

use super::trace::{Log, Trace};
use super::{conduct, rules};
use crate::vocabulary::Role;

macro_rules! grounds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $weight:literal, $words:literal;)+) => {
        /// Why something was drawn.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Ground { $($(#[$doc])* $name),+ }

        impl Ground {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// What the database keeps; never changed once used.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// How much it counts when the oddest are taken first. Nothing for what is drawn anyhow.
            pub const fn weight(self) -> u32 {
                match self { $(Self::$name => $weight),+ }
            }

            /// What a reviewer reads.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words),+ }
            }

            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|ground| ground.code() == code)
            }
        }
    };
}

grounds! {
    BreakGlass = "break_glass", 0, "Nödöppning";
    LocationOpened = "location", 0, "Öppnade en vistelseort";
    LocationBeyond = "location_beyond", 0, "Försökte öppna fler vistelseorter än kvoten";
    ProtectedPerson = "protected", 0, "Personen eller ärendet är skyddat";
    PoliceView = "police", 0, "Polisens läsning";
    /// R01.
    NotAssigned = "not_assigned", 1, "Var inte namngiven i ärendet";
    /// R02.
    Refused = "refused", 4, "Nekades minst tre gånger på tio minuter";
    /// R03.
    ManyCases = "many_cases", 3, "Öppnade ovanligt många ärenden på kort tid";
    /// R04.
    OffHours = "off_hours", 2, "Utanför arbetstid: före klockan 6, efter klockan 20 eller en helgdag";
    /// R05.
    SearchMissed = "search_missed", 2, "Sökte efter någon som inte finns här";
    /// R06.
    PossibleKin = "kin", 5, "Medarbetaren kan ha en personlig koppling till ärendet. Kontrollera jäv";
    /// R07.
    NothingFollowed = "nothing_followed", 4, "Öppnade vistelseorten, men gjorde inget i ärendet inom två dygn";
    /// R08.
    SeveralOpened = "several_opened", 3, "Flera öppnade samma vistelseort inom ett dygn, och inte bara de två som brukar arbeta i ärendet";
    /// R09.
    PrintedThenGone = "printed_then_gone", 4, "Skrev ut eller hämtade en fil och syntes sedan inte på två veckor";
    /// R10.
    NewDevice = "new_device", 4, "Öppnade något skyddat från en dator som kontot inte hade använt förut";
    /// R11.
    TwoPlaces = "two_places", 3, "Två inloggningar på samma konto användes om vartannat inom tio minuter";
    /// R12.
    ClosedCase = "closed_case", 2, "Ärendet var avslutat";
    /// R13.
    Dormant = "dormant", 3, "Kontot hade inte använts på 60 dagar";
    /// R14.
    OutsideHours = "outside_hours", 3, "Ändrade i systemet utanför tiden för ändringar, vardagar klockan 7 till 18";
    /// R15.
    BriefAssignment = "brief_assignment", 4, "Var namngiven i ärendet i mindre än ett dygn";
    /// R16.
    PoorReason = "poor_reason", 3, "Skälet till läsningen säger lite: kortare än tolv tecken, eller samma text minst tre gånger";
    /// R18.
    PoliceAgain = "police_again", 3, "Polisens kontaktperson öppnade samma uppgift minst fem gånger på en vecka, eller något som inte är utlämnat";
    /// R19.
    InOrder = "in_order", 4, "Öppnade ärenden i nummerordning eller i den ordning de skapades";
    /// R21.
    ConflictHit = "conflict_hit", 5, "Försökte öppna ett ärende trots anmält jäv";
    /// R22.
    Leafing = "leafing", 3, "Bläddrade igenom ärenden: minst åtta visningar i rad under fem sekunder";
    /// R20. Of the log and of nobody in it: told as a trouble of the month, and at once as an alert.
    SealTrouble = "seal_trouble", 0, "Loggens försegling har störts";
    Chance = "chance", 0, "Slumpmässigt urval";
}

impl Ground {
    /// Whether whoever reviews the log is told on their first page as soon as the rule finds it. Of a broken glass that room
    /// tells at once itself.
    pub const fn is_urgent(self) -> bool {
        self.weight() >= 4 || matches!(self, Self::SealTrouble)
    }
}

/// Events that are drawn whoever caused them: how their codes begin, and why.
pub const DRAWN: &[(&str, Ground)] = &[
    ("break_glass.", Ground::BreakGlass),
    ("location.opened", Ground::LocationOpened),
    ("location.beyond", Ground::LocationBeyond),
    ("police_view.", Ground::PoliceView),
];

/// How the codes of searches begin.
pub const SEARCHES: &[&str] = &["search."];

/// What leaves the screen.
pub const PRINTED: &[&str] = &["case.printed", "released.taken_out"];

/// Everything that the police's contact does here is a reading of what was shared.
pub const OF_THE_POLICE: &str = Role::PoliceLiaison.code();

/// Whether it is looked at each month whatever else is.
pub fn must(trace: &Trace, is_protected: bool) -> Vec<Ground> {
    let by_event = DRAWN.iter().filter(|(begins, _)| trace.event.starts_with(begins)).map(|(_, ground)| *ground);
    let mut grounds: Vec<_> = by_event.collect();
    let police = trace.role == OF_THE_POLICE && trace.case.is_some();
    grounds.extend(police.then_some(Ground::PoliceView));
    grounds.extend((is_protected && trace.case.is_some()).then_some(Ground::ProtectedPerson));
    grounds
}

/// A rule: gives the places of the rows that it finds.
pub type Rule = fn(&Log<'_>) -> Vec<usize>;

/// What is odd, in the order of the specification.
pub const RULES: &[(Ground, Rule)] = &[
    (Ground::NotAssigned, rules::not_assigned),
    (Ground::Refused, rules::refused),
    (Ground::ManyCases, rules::many_cases),
    (Ground::OffHours, rules::off_hours),
    (Ground::SearchMissed, rules::search_missed),
    (Ground::PossibleKin, rules::possible_kin),
    (Ground::NothingFollowed, rules::nothing_followed),
    (Ground::SeveralOpened, rules::several_opened),
    (Ground::PrintedThenGone, conduct::printed_then_gone),
    (Ground::NewDevice, conduct::from_new_device),
    (Ground::TwoPlaces, conduct::two_places),
    (Ground::ClosedCase, rules::closed_case),
    (Ground::Dormant, rules::dormant),
    (Ground::OutsideHours, conduct::outside_hours),
    (Ground::BriefAssignment, rules::brief_assignment),
    (Ground::PoorReason, conduct::poor_reason),
    (Ground::PoliceAgain, conduct::police_again),
    (Ground::InOrder, rules::in_order),
    (Ground::ConflictHit, conduct::conflict_hit),
    (Ground::Leafing, rules::leafing),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_code_stands_once_and_leads_back() {
        let codes: HashSet<_> = Ground::ALL.iter().map(|ground| ground.code()).collect();
        assert_eq!(codes.len(), Ground::ALL.len());
        for ground in Ground::ALL {
            assert_eq!(Ground::parse(ground.code()), Some(*ground));
            assert!(!ground.words().ends_with('.'));
        }
    }

    #[test]
    fn what_can_be_odd_has_a_rule_and_weighs_something() {
        let ruled: HashSet<_> = RULES.iter().map(|(ground, _)| *ground).collect();
        for ground in Ground::ALL {
            assert_eq!(ruled.contains(ground), ground.weight() > 0, "{ground:?}");
        }
    }
}
