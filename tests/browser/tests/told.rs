//! What is typed into the world of the browser's tests.

pub const REASON: &str = "Behovet är renodlat kriminell problematik och ingen plats inom ramavtal passar.";

/// A case is opened about this person, born in 1912.
pub const OPENING: [(&str, &str); 9] = [
    ("number_kind", "official"),
    ("number", "19121212-1212"),
    ("given_name", "Tolvan"),
    ("family_name", "Tolvansson"),
    ("sex", "man"),
    ("opened_on", "2026-01-05"),
    ("basis", "resident"),
    ("needs", "exit_only"),
    ("protection", "standard"),
];

/// The placement PL1: the staircase over 18 months.
pub const PL1: [(&str, &str); 9] = [
    ("kind", "hvb"),
    ("procurement", "outside_framework"),
    ("outside_reason", "exit_only_needs"),
    ("outside_text", REASON),
    ("starts_on", "2026-01-15"),
    ("planned_end_on", "2027-07-15"),
    ("price_form", "stairs"),
    ("per_day", "3 000"),
    ("charge_departure_day", "ja"),
];

pub const THREAT: [(&str, &str); 15] = [
    ("assessed_on", "2026-11-02"),
    ("received_on", "2026-11-04"),
    ("received_via", "meeting"),
    ("body", "lpo"),
    ("level", "l3"),
    ("kind", "concrete"),
    ("protection", "relocation"),
    ("criminality", "active"),
    ("return_possible", "no"),
    ("unsafe_areas", "Granvik"),
    ("meets_definition", "yes"),
    ("is_motivated", "yes"),
    ("consents", "yes"),
    ("has_signed", "yes"),
    ("is_not_witness", "yes"),
];

pub const INTAKE: [(&str, &str); 9] = [
    ("received_on", "2026-12-29"),
    ("source", "prison_probation"),
    ("acute", "ja"),
    ("number_kind", "official"),
    ("number", "19121212-1212"),
    ("given_name", "Tolvan"),
    ("family_name", "Tolvansson"),
    ("sex", "man"),
    ("description", "Vill lämna ett nätverk och behöver någonstans att bo."),
];

/// What the person has signed at the police.
pub const CONDITIONS: [(&str, &str); 7] = [
    ("signed_on", "2026-12-01"),
    ("label", "Överenskommelse 2026:1"),
    ("document_ref", "Pärm 4"),
    ("rules", "no_crime"),
    ("rules", "own"),
    ("own_rules", "Ringer sin kontakt varje måndag."),
    ("told", "yes"),
];
pub const SPOKEN: [(&str, &str); 8] = [
    ("body", "lpo"),
    ("happened_on", "2026-12-30"),
    ("happened_at", "09.15"),
    ("channel", "phone"),
    ("sort", "identity"),
    ("ground", "crime_prevention"),
    ("weighing", "Uppgiften behövs för att förhindra brott mot personen. Inget väger tyngre än det."),
    ("summary", "Polisen bedömer att personen bör flytta och återkommer med sin bedömning i veckan."),
];

pub const RETURN: [(&str, &str); 4] = [
    ("result", "cannot_return"),
    ("assessed_on", "2026-12-30"),
    ("review_on", "2027-03-30"),
    ("reason", "Hotet kommer från grupperingen i hemkommunen och bedöms kvarstå."),
];

pub const MEETING: [(&str, &str); 7] = [
    ("meets_on", "2026-12-31"),
    ("meets_at", "09.00"),
    ("guest_name", "Kommunpolis, lokalpolisområdet"),
    ("guest_recipient", "police_lpo"),
    ("guest_ground", "consent"),
    ("guest_weighing", ""),
    ("agenda", "Skyddet de närmaste månaderna."),
];

pub const GROUP: [(&str, &str); 3] = [
    ("members", "Kommunpolis\nStudievägledare"),
    ("plan", "Praktik i januari och studier från februari."),
    ("from_day", "2026-12-31"),
];

pub const REQUEST: [(&str, &str); 10] = [
    ("kind", "economic_assistance"),
    ("ground", "necessary"),
    ("weighing", "Utan uppgiften kan personen inte få sitt bistånd prövat, och inget talar emot."),
    ("categories", "identity"),
    ("contact", "Mottagningen"),
    ("contact_verified_on", "2026-12-01"),
    ("channel", "secure_message"),
    ("told", "Personen är aktuell hos oss och söker bistånd."),
    ("sent_on", "2026-12-30"),
    ("answer_due_on", "2027-01-15"),
];

/// The pages of those who keep accounts.
pub const ACCOUNTS: [&str; 9] = [
    "/aterstallningar",
    "/aterstallningar/{recovery}",
    "/konton",
    "/konton/ny",
    "/konton/bekrafta",
    "/konton/forslag/{proposal}",
    "/konton/{account}",
    "/konton/{account}/roll",
    "/konton/{account}/avslut",
];
