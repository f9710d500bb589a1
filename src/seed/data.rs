//! Granviks kommun: colleagues, providers and the reference cases (domain 7.0), all invented. Person numbers are from
//! the series that Skatteverket keeps for tests.

use time::Date;
use time::macros::date;

use crate::vocabulary::{
    CloseReason, EndReason, NeedsProfile, OutsideReason, PlacementKind, ProtectionLevel, ProviderKind, Role, Sex,
};

/// A colleague: user name, name, title, role.
pub(super) const COLLEAGUES: [(&str, &str, &str, Role); 10] = [
    ("karin.holm", "Karin Holm", "Samordnare", Role::Coordinator),
    ("olle.strand", "Olle Strand", "Samordnare", Role::Coordinator),
    ("malin.ek", "Malin Ek", "Socialsekreterare", Role::Caseworker),
    ("jonas.sand", "Jonas Sand", "Socialsekreterare", Role::Caseworker),
    ("aisha.nur", "Aisha Nur", "Socialsekreterare", Role::Caseworker),
    ("birgitta.lind", "Birgitta Lind", "Enhetschef", Role::Manager),
    ("per.lund", "Per Lund", "Polisens kontaktperson", Role::PoliceLiaison),
    ("sven.ost", "Sven Öst", "Controller", Role::Controller),
    ("ylva.norr", "Ylva Norr", "Logggranskare", Role::LogReviewer),
    ("tore.alm", "Tore Alm", "Systemförvaltare", Role::Sysadmin),
];

/// Who works with what, by their place in the list above.
pub(super) const KARIN: usize = 0;
pub(super) const OLLE: usize = 1;
pub(super) const MALIN: usize = 2;
pub(super) const JONAS: usize = 3;
pub(super) const AISHA: usize = 4;
pub(super) const BIRGITTA: usize = 5;
pub(super) const SVEN: usize = 7;
pub(super) const YLVA: usize = 8;
pub(super) const TORE: usize = 9;

pub(super) const DISTRICTS: [(&str, &str); 4] =
    [("A", "Norra Granvik"), ("B", "Centrum"), ("C", "Södra Granvik"), ("D", "Åsen")];

/// A provider with its homes and, inside the framework, the price of a service.
pub(super) struct DemoProvider {
    pub name: &'static str,
    pub org_number: &'static str,
    pub kind: ProviderKind,
    /// Name, municipality, address, form.
    pub homes: &'static [(&'static str, &'static str, &'static str, PlacementKind)],
    /// Title, reference, service, kronor per day.
    pub agreement: Option<(&'static str, &'static str, PlacementKind, i64)>,
}

/// All agreements hold these days: four years, the longest that LOU allows.
pub(super) const AGREEMENT_DAYS: (Date, Date) = (date!(2024 - 07 - 01), date!(2028 - 06 - 30));

pub(super) const PROVIDERS: [DemoProvider; 4] = [
    DemoProvider {
        name: "Klippans behandlingshem AB",
        org_number: "559999-0008",
        kind: ProviderKind::Hvb,
        homes: &[
            ("Klippan", "Åmåsa", "Klippvägen 3", PlacementKind::Hvb),
            ("Lövhaga", "Östlunda", "Lövhagavägen 12", PlacementKind::Hvb),
        ],
        agreement: Some(("HVB för vuxna", "SN-2024/118", PlacementKind::Hvb, 2450)),
    },
    DemoProvider {
        name: "Vändpunkten Nord AB",
        org_number: "559999-0016",
        kind: ProviderKind::ExitOperator,
        homes: &[("Vändpunkten", "Norrsele", "Älvgatan 8", PlacementKind::Hvb)],
        agreement: None,
    },
    DemoProvider {
        name: "Stiftelsen Skyddshamnen",
        org_number: "802999-0002",
        kind: ProviderKind::ProtectedHousing,
        homes: &[("Skyddshamnen", "Västerhamn", "Box 1", PlacementKind::ProtectedHousing)],
        agreement: None,
    },
    DemoProvider {
        name: "Granviks kommun, boendestöd",
        org_number: "212999-0004",
        kind: ProviderKind::Own,
        homes: &[
            ("Stödboendet Linden", "Granvik", "Lindgatan 2", PlacementKind::SupportedHousingAdult),
            ("Träningslägenheterna", "Granvik", "Parkgatan 14", PlacementKind::TrainingApartment),
        ],
        agreement: None,
    },
];

/// How a placement of the reference data was bought.
pub(super) enum Bought {
    Inside,
    Outside(OutsideReason, &'static str),
    NotApplicable,
}

pub(super) struct DemoPlacement {
    pub kind: PlacementKind,
    pub bought: Bought,
    /// Provider and home by their places above.
    pub home: (usize, usize),
    pub first: Date,
    pub last: Date,
    /// The step after twelve months is half of it.
    pub stairs: bool,
    pub kronor: i64,
    /// Why it ended on its last day.
    pub ended: Option<EndReason>,
}

pub(super) struct DemoCase {
    pub number: &'static str,
    pub given_name: &'static str,
    pub family_name: &'static str,
    pub sex: Sex,
    pub district: usize,
    pub needs: NeedsProfile,
    pub protection: ProtectionLevel,
    pub opened: Date,
    pub closed: Option<(Date, CloseReason)>,
    /// By their places among the colleagues.
    pub responsible: usize,
    pub deputy: Option<usize>,
    pub coordinator: usize,
    pub placements: &'static [DemoPlacement],
}

const NO_AGREEMENT: &str =
    "Behovet är renodlat kriminell problematik, och ingen plats inom ramavtal är inriktad på det.";
const SAFE_TOWN: &str = "Säkerheten kräver en ort som inget av ramavtalens boenden ligger på.";

/// C1 to C9, in the order that they were opened; C9 is a new case for the person of C2.
pub(super) const CASES: [DemoCase; 9] = [
    DemoCase {
        number: "19890217-2397",
        given_name: "Robin",
        family_name: "Exempel",
        sex: Sex::Man,
        district: 1,
        needs: NeedsProfile::ExitOnly,
        protection: ProtectionLevel::Standard,
        opened: date!(2024 - 09 - 01),
        closed: Some((date!(2026 - 04 - 30), CloseReason::GoalReached)),
        responsible: JONAS,
        deputy: Some(MALIN),
        coordinator: KARIN,
        placements: &[DemoPlacement {
            kind: PlacementKind::Hvb,
            bought: Bought::Outside(OutsideReason::ExitOnlyNeeds, NO_AGREEMENT),
            home: (1, 0),
            first: date!(2024 - 09 - 10),
            last: date!(2026 - 03 - 09),
            stairs: true,
            kronor: 3000,
            ended: Some(EndReason::GoalReached),
        }],
    },
    DemoCase {
        number: "19980320-2390",
        given_name: "Dani",
        family_name: "Prov",
        sex: Sex::Man,
        district: 0,
        needs: NeedsProfile::DependencyAndExit,
        protection: ProtectionLevel::Standard,
        opened: date!(2025 - 06 - 01),
        closed: Some((date!(2026 - 10 - 31), CloseReason::GoalReached)),
        responsible: MALIN,
        deputy: Some(AISHA),
        coordinator: KARIN,
        placements: &[
            DemoPlacement {
                kind: PlacementKind::Hvb,
                bought: Bought::Inside,
                home: (0, 0),
                first: date!(2025 - 06 - 10),
                last: date!(2026 - 03 - 31),
                stairs: false,
                kronor: 2450,
                ended: Some(EndReason::PlannedMove),
            },
            DemoPlacement {
                kind: PlacementKind::SupportedHousingAdult,
                bought: Bought::NotApplicable,
                home: (3, 0),
                first: date!(2026 - 04 - 01),
                last: date!(2026 - 09 - 30),
                stairs: false,
                kronor: 850,
                ended: Some(EndReason::GoalReached),
            },
        ],
    },
    DemoCase {
        number: "20010612-2393",
        given_name: "Milo",
        family_name: "Påhitt",
        sex: Sex::Man,
        district: 0,
        needs: NeedsProfile::ExitOnly,
        protection: ProtectionLevel::Restricted,
        opened: date!(2026 - 01 - 05),
        closed: None,
        responsible: MALIN,
        deputy: Some(JONAS),
        coordinator: KARIN,
        placements: &[DemoPlacement {
            kind: PlacementKind::Hvb,
            bought: Bought::Outside(OutsideReason::ExitOnlyNeeds, NO_AGREEMENT),
            home: (1, 0),
            first: date!(2026 - 01 - 15),
            last: date!(2027 - 07 - 15),
            stairs: true,
            kronor: 3000,
            ended: None,
        }],
    },
    DemoCase {
        number: "19940908-2394",
        given_name: "Sami",
        family_name: "Test",
        sex: Sex::Man,
        district: 1,
        needs: NeedsProfile::DependencyAndExit,
        protection: ProtectionLevel::Standard,
        opened: date!(2026 - 03 - 02),
        closed: None,
        responsible: JONAS,
        deputy: Some(AISHA),
        coordinator: OLLE,
        placements: &[DemoPlacement {
            kind: PlacementKind::Hvb,
            bought: Bought::Inside,
            home: (0, 1),
            first: date!(2026 - 03 - 16),
            last: date!(2026 - 08 - 31),
            stairs: false,
            kronor: 2450,
            ended: Some(EndReason::OwnRequest),
        }],
    },
    DemoCase {
        number: "20031123-2383",
        given_name: "Lova",
        family_name: "Dikt",
        sex: Sex::Woman,
        district: 2,
        needs: NeedsProfile::ExitOnly,
        protection: ProtectionLevel::Restricted,
        opened: date!(2026 - 04 - 20),
        closed: None,
        responsible: AISHA,
        deputy: Some(MALIN),
        coordinator: KARIN,
        placements: &[
            DemoPlacement {
                kind: PlacementKind::ProtectedHousing,
                bought: Bought::Outside(OutsideReason::SecurityLocation, SAFE_TOWN),
                home: (2, 0),
                first: date!(2026 - 04 - 21),
                last: date!(2026 - 06 - 20),
                stairs: false,
                kronor: 3900,
                ended: Some(EndReason::PlannedMove),
            },
            DemoPlacement {
                kind: PlacementKind::Hvb,
                bought: Bought::Outside(OutsideReason::SecurityLocation, SAFE_TOWN),
                home: (1, 0),
                first: date!(2026 - 06 - 21),
                last: date!(2027 - 12 - 20),
                stairs: true,
                kronor: 3000,
                ended: None,
            },
        ],
    },
    DemoCase {
        number: "20060814-2394",
        given_name: "Elis",
        family_name: "Saga",
        sex: Sex::Man,
        district: 0,
        needs: NeedsProfile::Other,
        protection: ProtectionLevel::Standard,
        opened: date!(2026 - 05 - 11),
        closed: None,
        responsible: AISHA,
        deputy: None,
        coordinator: OLLE,
        placements: &[],
    },
    DemoCase {
        number: "19961205-2390",
        given_name: "Noel",
        family_name: "Fabel",
        sex: Sex::Man,
        district: 3,
        needs: NeedsProfile::Other,
        protection: ProtectionLevel::Standard,
        opened: date!(2026 - 07 - 01),
        closed: Some((date!(2026 - 08 - 15), CloseReason::NotAdmitted)),
        responsible: JONAS,
        deputy: Some(MALIN),
        coordinator: OLLE,
        placements: &[],
    },
    DemoCase {
        number: "20000530-2393",
        given_name: "Adrian",
        family_name: "Myt",
        sex: Sex::Man,
        district: 0,
        needs: NeedsProfile::DependencyAndExit,
        protection: ProtectionLevel::Standard,
        opened: date!(2026 - 09 - 14),
        closed: None,
        responsible: MALIN,
        deputy: Some(AISHA),
        coordinator: KARIN,
        placements: &[DemoPlacement {
            kind: PlacementKind::Hvb,
            bought: Bought::Inside,
            home: (0, 0),
            first: date!(2026 - 09 - 20),
            last: date!(2027 - 03 - 19),
            stairs: false,
            kronor: 2450,
            ended: None,
        }],
    },
    DemoCase {
        number: "19980320-2390",
        given_name: "Dani",
        family_name: "Prov",
        sex: Sex::Man,
        district: 0,
        needs: NeedsProfile::DependencyAndExit,
        protection: ProtectionLevel::Standard,
        opened: date!(2026 - 12 - 01),
        closed: None,
        responsible: MALIN,
        deputy: Some(JONAS),
        coordinator: KARIN,
        placements: &[DemoPlacement {
            kind: PlacementKind::TrainingApartment,
            bought: Bought::NotApplicable,
            home: (3, 1),
            first: date!(2026 - 12 - 08),
            last: date!(2027 - 06 - 07),
            stairs: false,
            kronor: 650,
            ended: None,
        }],
    },
];
