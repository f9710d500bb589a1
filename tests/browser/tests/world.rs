//! A municipality with something on every page, made through the pages by those who work there.

mod addresses;

use uuid::Uuid;

use utvag::investigation::paths;
use utvag::vocabulary::Role;

use crate::support::accounts::{proposed, recovering};
use crate::support::app::App;
use crate::support::cooperation::Typed as TypedPolice;
use crate::support::decisions::Typed;
use crate::support::details::Detail;
use crate::support::disclosures::{Typed as Disclosed, handed_over, hired_police};
use crate::support::emergencies::WORDS;
use crate::support::fixture;
use crate::support::homes::Home;
use crate::support::investigations::{Areas, MANDATORY, TypedChild};
use crate::support::journal::Typed as TypedNote;
use crate::support::people::Person;
use crate::support::plans::TypedPlan;
use crate::support::way_back::Typed as Outcome;

pub use self::addresses::REVIEWED;
use crate::reviewed_log::reviewed;
pub use crate::told::{ACCOUNTS, OPENING, PL1};
use crate::told::{CONDITIONS, GROUP, INTAKE, MEETING, REQUEST, RETURN, SPOKEN, THREAT};

/// Colleagues, a case with everything, and one with nothing.
pub struct World<'a> {
    pub karin: Person<'a>,
    pub malin: Person<'a>,
    pub case: String,
    pub bare: String,
    /// Asked to take the bare case over, in `handover`.
    pub deputy: Person<'a>,
    handover: Uuid,
    home: Home,
    agreement: Uuid,
    placement: Uuid,
    /// In the budget of the year.
    budget_line: Uuid,
    invoice: Uuid,
    application: Uuid,
    /// Confirmed, and waiting for somebody to.
    threats: [Uuid; 2],
    /// Made and told to the party, and waiting to be made.
    pub decisions: [Uuid; 2],
    /// Of the person who has the case, and of somebody new.
    intakes: [Uuid; 2],
    note: Uuid,
    consent: Uuid,
    /// Reported, received, assessed, and closed but for words on why the person stays.
    deviations: [Uuid; 4],
    check: Uuid,
    /// A draft, and one that stands on the police's page.
    disclosures: [Uuid; 2],
    released: Uuid,
    /// At the local police.
    pub per: Person<'a>,
    /// A marking, a way to reach the person, and a child.
    details: [Uuid; 3],
    /// Goes on, with two versions of the areas of support and a child for whom a report of concern is lacking.
    investigation: Uuid,
    child: Uuid,
    /// A return, a planned meeting, a group, a request that waits, and how it went.
    way_back: [Uuid; 5],
    /// In force, and the draft of its next version.
    pub plans: [Uuid; 2],
    /// Goes on.
    pub support: Uuid,
    /// Held, and to be held.
    pub follow_ups: [Uuid; 2],
    /// Broken by somebody who has nothing to do with the case, and not reviewed.
    glass: Uuid,
    conflict: Uuid,
    /// Reviews the log; asks the social worker about an item of November, and has signed October.
    pub ylva: Person<'a>,
    log_item: Uuid,
    /// A longer time for Malin, which waits for an answer.
    proposal: Uuid,
    recovery: Uuid,
    /// Waits for an answer that has not come in time.
    transfer: Uuid,
    /// Tells of another price, and may be acknowledged.
    alarm: Uuid,
}

/// What is said when a case is opened, and the placement's days with its price.
pub struct Opened<'o> {
    pub opened_on: &'o str,
    pub protection: &'o str,
    pub placement: Option<(&'o str, &'o str, &'o str)>,
}

fn owned(fields: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// Sends the form with an id of its own, which must lead on; where to.
async fn sent(person: &Person<'_>, path: &str, mut fields: Vec<(&'static str, String)>) -> (Uuid, String) {
    let id = Uuid::now_v7();
    fields.push(("id", id.to_string()));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = person.post(path, &fields).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.words());
    (id, answer.location().to_owned())
}

impl<'a> World<'a> {
    pub async fn made(app: &'a App) -> Self {
        let (karin, malin) = (app.coordinator().await, app.social_worker().await);
        let deputy = Person::hired(app, Role::Caseworker).await;
        let home = karin.adds_a_home_with_agreement("hvb", "2 800").await;
        let mut opening = owned(&OPENING);
        opening.push(("responsible", malin.account.to_string()));
        opening.push(("coordinator", karin.account.to_string()));
        let mut full = opening.clone();
        full.push(("deputy", deputy.account.to_string()));
        let case = opened(&malin, full).await;
        // Somebody else, whose name is shown only to who says why.
        opening.retain(|(name, _)| !["number", "number_kind", "protection"].contains(name));
        opening.extend(owned(&[
            ("number_kind", "temporary"),
            ("birth_date", "1998-05-20"),
            ("protection", "restricted"),
        ]));
        let bare = opened(&karin, opening).await;
        // So that the page that closes it can be filled in.
        karin.records_the_outcome(&bare).await;
        app.makes_the_case(&bare, "status = 'closing'").await;

        let mut offer = owned(&[("message", "Kan du ta över ärendet i februari?")]);
        offer.push(("account", deputy.account.to_string()));
        let (handover, _) = sent(&malin, &format!("/arenden/{bare}/overlamning"), offer).await;

        let mut placement = owned(&PL1);
        placement.push(("home", home.id.clone()));
        placement.push(("location_note", "Lägenhet 1203".to_owned()));
        let (placement, show) = sent(&malin, &format!("/arenden/{case}/placeringar"), placement).await;
        let absence =
            owned(&[("first_day", "2026-03-10"), ("last_day", "2026-03-12"), ("reason", "hospital"), ("rate", "none")]);
        sent(&malin, &format!("{show}/franvaro"), absence).await;

        let list = format!("/arenden/{case}/hotbedomningar");
        let (confirmed, show) = sent(&malin, &list, owned(&THREAT)).await;
        karin.post(&format!("{show}/faststallande"), &[("version", "1")]).await.leads_to(&show);
        let (waiting, _) = sent(&malin, &list, owned(&THREAT)).await;

        let made = Typed::outpatient("2026-12-31", "2027-06-29").submitted_by(&malin, &case).await;
        malin.decides(&case, made).await;
        let told = [("on", "2026-12-31"), ("choice", "in_person")];
        malin.registers(&utvag::decision::paths::notify(&case, made), &told).await;
        let undecided = Typed::hvb("2026-12-31", "2027-06-29").submitted_by(&malin, &case).await;

        let (known, show) = sent(&malin, "/aktualiseringar", owned(&INTAKE)).await;
        let spoken = format!("{show}/poliskontakter");
        sent(&malin, &spoken, owned(&SPOKEN)).await;
        let mut told = owned(&INTAKE);
        told.retain(|(name, _)| !["number_kind", "number", "acute"].contains(name));
        told.extend(owned(&[("number_kind", "temporary"), ("informant_protected", "ja")]));
        let (unknown, _) = sent(&malin, "/aktualiseringar", told).await;
        sent(&malin, &format!("/arenden/{case}/poliskontakter"), owned(&SPOKEN)).await;
        sent(&malin, &format!("/arenden/{case}/villkor"), owned(&CONDITIONS)).await;

        let note = TypedNote::note();
        note.sent_to(&format!("/arenden/{case}/journal"), &malin).await.leads_to(&format!("/arenden/{case}/journal"));
        let consent = TypedNote::consent();
        let list = format!("/arenden/{case}/samtycken");
        consent.sent_to(&list, &malin).await.leads_to(&format!("{list}/{}", consent.id));

        let person = format!("/arenden/{case}/person");
        let relation = Detail::child().saved_at(&format!("{person}/narstaende/ny"), &malin).await;
        let contact = Detail::phone().saved_at(&format!("{person}/kontakt/ny"), &malin).await;
        let unsafe_one = Detail::phone().with("value", "070-174 06 06").with("is_safe", "no");
        unsafe_one.saved_at(&format!("{person}/kontakt/ny"), &malin).await;
        // On the case whose name is shown only to who says why: the other one keeps its pages as they are.
        let marking = Detail::marking().saved_at(&format!("/arenden/{bare}/person/skydd/ny"), &karin).await;
        // The number of the case, known to somebody else as well.
        let mut again = owned(&OPENING);
        let stranger = Person::signs_in(app, Role::Caseworker).await;
        again.push(("responsible", stranger.account.to_string()));
        opened(&stranger, again).await;
        let glass = Uuid::now_v7();
        stranger.breaks_with(glass, &case, WORDS).await.leads_to(&format!("/arenden/{case}"));
        stranger.get(&format!("/arenden/{case}/journal")).await.is_ok();
        let mut kin = owned(&[("reason", "Är granne med personens mor")]);
        kin.push(("account", Person::hired(app, Role::Caseworker).await.account.to_string()));
        let (conflict, _) = sent(&karin, &format!("/arenden/{case}/jav"), kin).await;
        let investigation = malin.starts_investigating(&case).await;
        malin.writes(&case, investigation, "1", "Bor hos en vän.").await;
        for after in 0..2 {
            Areas::of(&MANDATORY[after..]).sent_by(&malin, &case, investigation, i32::try_from(after).unwrap()).await;
        }
        let child = TypedChild::born_in("2019").with("concern_needed", "ja");
        child.sent_to(&paths::new_child(&case, investigation), &malin, "").await;
        let assessed = owned(&[("assessed_on", "2026-12-01"), ("stage", "preparing"), ("own_words", "Jag vill bort.")]);
        sent(&malin, &format!("/arenden/{case}/motivation"), assessed).await;
        let way_back = way_back(&malin, &case).await;
        let in_force = TypedPlan::care_plan("2027-02-01").activated_by(&malin, &case).await;
        let draft = TypedPlan::care_plan("2027-04-01").saved_by(&malin, &case).await;
        // On a decision of its own: the other one waits to be carried out.
        let support = malin.gives_support(&case, "2026-12-31", "2027-06-29", "2026-12-31").await;
        let held = malin.plans_follow_up(&case, "placement", "2026-12-31").await;
        let said =
            [("on", "2026-12-31"), ("form", "visit"), ("person", "Trivs och vill stanna."), ("next_on", "2027-03-31")];
        malin.holds(&case, held, "partly", &said).await.leads_to(&utvag::follow_up::paths::show(&case, held));
        let to_be_held = malin.plans_follow_up(&case, "care_plan", "2027-02-01").await;

        let mut deviations = [Uuid::nil(); 4];
        for deviation in &mut deviations {
            let found = TypedPolice::deviation("location_exposed", "s3", "2026-12-31");
            *deviation = found.reported_by(&malin, &case).await;
        }
        let [_, received, assessed, met] = deviations;
        malin.takes_on(&case, met, "new_police_assessment").await;
        for deviation in [received, assessed] {
            let show = utvag::deviation::paths::show(&case, deviation);
            let path = utvag::deviation::paths::acknowledge(&case, deviation);
            karin.post(&path, &[("version", "1")]).await.leads_to(&show);
        }
        let assessment = [("version", "2"), ("text", "Vistelseorten ska räknas som känd.")];
        let show = utvag::deviation::paths::show(&case, assessed);
        malin.post(&utvag::deviation::paths::assess(&case, assessed), &assessment).await.leads_to(&show);
        let check = TypedPolice::check("2026-11-20").checked_by(&malin, &case).await;

        let ylva = Person::hired(app, Role::LogReviewer).await;
        let mut owner = app.database.superuser().await;
        fixture::announce(&mut owner).await;
        let tore = app.person(Role::Sysadmin).await.account;
        let (proposal, _) = proposed(&mut owner, &app.state.keys, malin.account, tore).await;
        let now = app.state.clock.now();
        let recovery = recovering(&mut owner, &app.state.keys, malin.account, tore, now).await;
        let log_item = reviewed(app, ylva.account, malin.account, &case).await;
        // Long enough ago for IVO to be asked.
        let asked = owned(&[
            ("municipality", "Lillhamra"),
            ("on", "2026-11-02"),
            ("grounds", "Bor där sedan i våras och vill stanna. Akten lämnas över vid ett gemensamt möte."),
            ("paper", "Handling 12"),
        ]);
        let (transfer, _) = sent(&malin, &format!("/arenden/{case}/overflyttning"), asked).await;
        let per = hired_police(app).await;
        let head = || Disclosed::to("police_lpo", "necessary", "police_portal");
        let text = || Disclosed::item("changed_risk").with("note", "Okända män har sökt personen.");
        let draft_disclosure = head().written_by(&karin, &case).await;
        text().frozen_by(&karin, &case, draft_disclosure).await;
        let open = head().written_by(&karin, &case).await;
        let released = text().with("allow_download", "ja").frozen_by(&karin, &case, open).await;
        handed_over(&karin, &case, open).await;

        let sven = app.person(Role::Controller).await;
        let line = owned(&[("kind", "targeted"), ("amount", "2 000 000"), ("decided_in", "Mål och budget 2026")]);
        let (budget_line, _) = sent(&sven, "/ekonomi/budget/2026", line).await;
        let billed =
            owned(&[("month", "2026-11-01"), ("number", "F-1"), ("booked_on", "2026-12-03"), ("invoiced", "90 000")]);
        let billed = [billed, vec![("placement", placement.to_string())]].concat();
        let (invoice, _) = sent(&sven, "/ekonomi/fakturor", billed).await;
        let asked = owned(&[
            ("authority", "police_noa"),
            ("period_from", "2026-11-01"),
            ("period_to", "2026-12-31"),
            ("applied", "90 000"),
            ("purpose", "Dygnskostnad på annan ort."),
            ("prerequisites", "lpo_contact"),
        ]);
        let (application, _) = sent(&malin, &format!("/arenden/{case}/medel"), asked).await;
        sven.post("/ekonomi/manader", &[("month", "2026-11-01")]).await.leads_to("/ekonomi/manader/2026-11-01");

        utvag::jobs::watch(&app.db, &app.state.keys, &app.state.clock).await.unwrap();
        let alarm = fixture::told(&mut owner, &case).await;
        let page = karin.get(&format!("/boenden/{}", home.alias)).await;
        let agreement = page.body.split("/ramavtal/").filter_map(|rest| rest.get(..36)?.parse().ok()).next().unwrap();
        Self {
            karin,
            malin,
            case,
            bare,
            deputy,
            handover,
            home,
            agreement,
            placement,
            budget_line,
            invoice,
            application,
            threats: [confirmed, waiting],
            decisions: [made, undecided],
            intakes: [known, unknown],
            note: note.id,
            consent: consent.id,
            deviations,
            check,
            disclosures: [draft_disclosure, open],
            released,
            per,
            details: [marking, contact, relation],
            investigation,
            child: child.id,
            way_back,
            plans: [in_force, draft],
            support,
            follow_ups: [held, to_be_held],
            glass,
            conflict,
            ylva,
            log_item,
            proposal,
            recovery,
            transfer,
            alarm,
        }
    }

    /// One more case of Malin's, with a deputy.
    pub async fn opens(&self, wanted: &Opened<'_>) {
        let mut opening = owned(&OPENING);
        let changed = ["number_kind", "number", "protection", "opened_on"];
        opening.retain(|(name, _)| !changed.contains(name));
        opening.extend(owned(&[
            ("number_kind", "temporary"),
            ("protection", wanted.protection),
            ("opened_on", wanted.opened_on),
        ]));
        opening.push(("responsible", self.malin.account.to_string()));
        opening.push(("deputy", self.deputy.account.to_string()));
        let case = opened(&self.malin, opening).await;
        let Some((first, last, per_day)) = wanted.placement else { return };
        let mut placement = owned(&PL1);
        placement.retain(|(name, _)| !["starts_on", "planned_end_on", "price_form", "per_day"].contains(name));
        placement.extend(owned(&[
            ("starts_on", first),
            ("planned_end_on", last),
            ("price_form", "same"),
            ("per_day", per_day),
        ]));
        placement.push(("home", self.home.id.clone()));
        sent(&self.malin, &format!("/arenden/{case}/placeringar"), placement).await;
    }

    /// The id of the home.
    pub fn home(&self) -> &str {
        &self.home.id
    }

    pub fn location(&self) -> String {
        format!("/arenden/{}/placeringar/{}/vistelseort", self.case, self.placement)
    }
}

/// What the manager asks a second person for, ends and counts.
pub const MANAGED: [&str; 6] = [
    "/arenden/{case}/placeringar/{placement}/vistelseort/tillsammans",
    "/arenden/{case}/jav/anmalda",
    "/arenden/{case}/jav/{conflict}/upphor",
    "/nodoppningar/statistik",
    "/arenden/{case}/medel/{application}/underskrift",
    "/ekonomi/fakturor/{invoice}/godkannande",
];

async fn opened(person: &Person<'_>, fields: Vec<(&'static str, String)>) -> String {
    let (_, page) = sent(person, "/arenden/ny", fields).await;
    page.rsplit('/').next().unwrap_or_default().to_owned()
}

/// Whether the person can return, who was met and told, and how it went.
async fn way_back(malin: &Person<'_>, case: &str) -> [Uuid; 5] {
    let consent = TypedNote::consent().with("kind", "sig").with("recipients", "sig");
    let list = format!("/arenden/{case}/samtycken");
    consent.sent_to(&list, malin).await.leads_to(&format!("{list}/{}", consent.id));
    let mut made = Vec::new();
    for (room, fields) in [
        ("atervandande/ny", &RETURN[..]),
        ("moten/nytt", &MEETING[..]),
        ("sig/ny", &GROUP[..]),
        ("begaran/ny", &REQUEST[..]),
    ] {
        let mut fields = owned(fields);
        fields.push(("colleagues", malin.account.to_string()));
        made.push(sent(malin, &format!("/arenden/{case}/{room}"), fields).await.0);
    }
    let outcome = Outcome::outcome();
    outcome.sent_to(&format!("/arenden/{case}/utfall/avslut"), malin).await.is(303);
    [made[0], made[1], made[2], made[3], outcome.id]
}

/// What the controller sees; from the fifth on what the controller alone does.
pub const CONTROLLED: [&str; 7] = [
    "/",
    "/ekonomi",
    "/ekonomi/budget/{year}",
    "/ekonomi/manader",
    "/ekonomi/budgetrader/{line}/aterkallelse",
    "/ekonomi/fakturor/ny",
    "/ekonomi/fakturor/{invoice}/bestridande",
];
