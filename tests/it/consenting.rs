//! Consents: given with care, never changed, taken back in a moment, and asked anew each time something leaves the house.

use sqlx::Executor;
use time::macros::date;
use time::{Date, Duration};
use utvag::access::right::ReadConsents;
use utvag::access::{CaseAccess, Visitor};
use utvag::consent::{paths, store};
use utvag::vocabulary::DisclosureCategory::{Deviation, Health, Identity, Programme};
use utvag::vocabulary::{ConsentKind, ConsentRecipient, DisclosureCategory};

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::journal::Typed;
use crate::support::page::Page;
use crate::support::people::Person;

const PURPOSE: &str = "Planera skyddet tillsammans med polisen.";

struct Ground<'a> {
    malin: Person<'a>,
    karin: Person<'a>,
    case: String,
}

async fn ground(app: &App) -> Ground<'_> {
    let (malin, karin) = (app.social_worker().await, app.coordinator().await);
    let case = Opening::unknown().responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    Ground { malin, karin, case }
}

/// Whether there is a consent to tell the recipient this, as the database says now.
async fn covers(
    app: &App,
    person: &Person<'_>,
    case: &str,
    recipient: ConsentRecipient,
    categories: &[DisclosureCategory],
    day: Date,
) -> bool {
    let visitor = Visitor::with_token(person.token());
    let mut access = CaseAccess::<ReadConsents>::open(&app.state, visitor, case).await.unwrap();
    let kind = ConsentKind::InformationExchange;
    store::covers(&mut access, kind, recipient, categories, day).await.unwrap().is_some()
}

/// A contact with the local police in which they were told who it is about, on the ground of consent.
async fn told_the_police(person: &Person<'_>, case: &str, at: &str) -> Page {
    let fields = [
        ("id", uuid::Uuid::now_v7().to_string()),
        ("body", "lpo".to_owned()),
        ("happened_on", "2026-12-31".to_owned()),
        ("happened_at", at.to_owned()),
        ("channel", "phone".to_owned()),
        ("sort", "identity".to_owned()),
        ("ground", "consent".to_owned()),
        ("weighing", String::new()),
        ("summary", "Polisen tar emot uppgiften.".to_owned()),
    ];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    person.post(&format!("/arenden/{case}/poliskontakter"), &fields).await
}

const LPO: ConsentRecipient = ConsentRecipient::PoliceLpo;
const TODAY: Date = date!(2026 - 12 - 31);

#[tokio::test]
async fn a_consent_says_who_may_be_told_what_and_why_until_when() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    malin.get(&paths::list(&case)).await.is_ok().shows("Inget samtycke ännu");
    malin.get(&format!("/arenden/{case}/person")).await.is_ok().shows("Visa samtycken");
    let form = malin.get(&paths::new(&case)).await;
    form.is_ok().shows("Nytt samtycke");
    assert!(form.attributes("input[checked]", "name").is_empty());
    let consent = Typed::consent();
    for _ in 0..2 {
        consent.sent_to(&paths::list(&case), &malin).await.leads_to(&paths::show(&case, consent.id));
    }
    let page = karin.get(&paths::show(&case, consent.id)).await;
    page.is_ok().shows("Informationsutbyte").shows("Polisen – LPO").shows("Avvikelser").shows(PURPOSE);
    page.shows("Muntligt (journalfört)").shows("2027-12-30").shows("Gäller");
    assert_eq!(karin.get(&paths::list(&case)).await.is_ok().rows("table").len(), 1);
    malin.get(&format!("/arenden/{case}/journal")).await.is_ok().shows("Samtycke registrerades");
    let trail = app.trail(&case).await;
    assert!(["consent.given", "consent.shown"].iter().all(|event| trail.iter().any(|one| one == event)), "{trail:?}");
}

#[tokio::test]
async fn each_fault_is_told_at_its_field_and_what_was_typed_is_kept() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    for (field, typed, said) in [
        ("kind", "", "Välj vad samtycket gäller"),
        ("recipients", "gang", "Välj minst en mottagare"),
        ("categories", "allt", "Välj minst en sorts uppgifter"),
        ("form", "", "Välj hur samtycket lämnades"),
        ("form", "written", "Skriv var det skriftliga samtycket finns"),
        ("given_on", "2027-01-01", "Datumet kan inte vara senare än i dag, 2026-12-31"),
        ("given_on", "260230", "Skriv datumet som ÅÅÅÅ-MM-DD"),
        ("valid_to", "2026-12-29", "Samtycket kan inte sluta gälla innan det är lämnat"),
        ("valid_to", "2028-12-31", "Ett samtycke kan gälla högst 24 månader. Senast 2028-12-30"),
    ] {
        let answer = Typed::consent().with(field, typed).sent_to(&paths::list(&case), &malin).await;
        let at = if typed == "written" { "document_ref" } else { field };
        answer.is_faulty().at(at, said);
        assert_eq!(answer.texts("#purpose"), [PURPOSE]);
    }
    for (field, said) in [
        ("recipients", "Välj minst en mottagare"),
        ("categories", "Välj minst en sorts uppgifter"),
        ("information_given", "Personen måste ha fått informationen innan samtycket kan registreras"),
    ] {
        let answer = Typed::consent().without(field).sent_to(&paths::list(&case), &malin).await;
        answer.is_faulty().at(field, said);
    }
    Typed::consent().with("purpose", " ").sent_to(&paths::list(&case), &malin).await.is_faulty();
    malin.get(&paths::list(&case)).await.is_ok().shows("Inget samtycke ännu");
    let longest =
        Typed::consent().with("valid_to", "2028-12-30").with("form", "written").with("document_ref", "Pärm 3");
    longest.sent_to(&paths::list(&case), &malin).await.leads_to(&paths::show(&case, longest.id));
}

#[tokio::test]
async fn no_consent_is_changed_not_even_by_the_owner_of_the_table() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let consent = Typed::consent();
    consent.sent_to(&paths::list(&case), &malin).await.leads_to(&paths::show(&case, consent.id));
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'test', false)").await.unwrap();
    for change in [
        "update consent set valid_to = valid_to + 1",
        "update consent set categories = array['health']::disclosure_category[]",
        "delete from consent",
    ] {
        let refused = owner.execute(change).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some("consent_stands"), "{change}");
    }
    malin
        .post(&paths::withdraw(&case, consent.id), &[("how", "Ringde")])
        .await
        .leads_to(&paths::show(&case, consent.id));
    let undo = "update consent set withdrawn_at = null, withdrawn_by = null, withdrawn_how = null";
    let refused = owner.execute(undo).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("consent_stands"));
}

/// The consent's part of the scenario: that without one the police are told nothing stands in `speaking_with_the_police`.
#[tokio::test]
async fn ac_01_a_consent_that_covers_the_recipient_lets_the_police_be_told() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let refused = told_the_police(&malin, &case, "09.15").await;
    refused.is_faulty().at("ground", "Samtycke saknas eller täcker inte mottagaren");
    let to_others = Typed::consent().with("recipients", "police_noa");
    to_others.sent_to(&paths::list(&case), &malin).await.leads_to(&paths::show(&case, to_others.id));
    told_the_police(&malin, &case, "09.15").await.is_faulty();
    let about_less = Typed::consent().with("categories", "programme");
    about_less.sent_to(&paths::list(&case), &malin).await.leads_to(&paths::show(&case, about_less.id));
    told_the_police(&malin, &case, "09.15").await.is_faulty();
    let consent = Typed::consent();
    consent.sent_to(&paths::list(&case), &malin).await.leads_to(&paths::show(&case, consent.id));
    let told = told_the_police(&malin, &case, "09.15").await;
    told.leads_to(&format!("/arenden/{case}/poliskontakter"));
}

/// What can hold before there are disclosures: that nothing new rests on a consent from the moment it is taken back.
#[tokio::test]
async fn ac_16_a_withdrawn_consent_covers_nothing_from_that_moment() {
    let app = App::start().await;
    let Ground { malin, karin, case } = ground(&app).await;
    let consent = Typed::consent();
    consent.sent_to(&paths::list(&case), &malin).await.leads_to(&paths::show(&case, consent.id));
    let all = [Identity, Programme, Deviation];
    assert!(covers(&app, &malin, &case, LPO, &all, TODAY).await);
    assert!(covers(&app, &malin, &case, LPO, &[Identity], date!(2027 - 12 - 30)).await);
    assert!(!covers(&app, &malin, &case, LPO, &[Identity], date!(2027 - 12 - 31)).await);
    assert!(!covers(&app, &malin, &case, LPO, &[Identity], date!(2026 - 12 - 29)).await);
    assert!(!covers(&app, &malin, &case, LPO, &[Identity, Health], TODAY).await);
    assert!(!covers(&app, &malin, &case, LPO, &[], TODAY).await);
    assert!(!covers(&app, &malin, &case, ConsentRecipient::Gaf, &[Identity], TODAY).await);
    told_the_police(&malin, &case, "10.00").await.leads_to(&format!("/arenden/{case}/poliskontakter"));

    // 14.32 in Granvik.
    app.state.clock.put_forward(Duration::minutes(152));
    let to = paths::withdraw(&case, consent.id);
    karin.get(&to).await.is_ok().shows("Återkalla samtycket").shows("Det här går inte att ångra");
    karin.post(&to, &[("how", "")]).await.is_faulty().at("how", "Skriv hur samtycket återkallades");
    assert!(covers(&app, &malin, &case, LPO, &all, TODAY).await);
    let how = [("how", "Muntligt vid möte.")];
    karin.post(&to, &how).await.leads_to(&paths::show(&case, consent.id));
    assert!(!covers(&app, &malin, &case, LPO, &[Identity], TODAY).await);
    let refused = told_the_police(&malin, &case, "14.00").await;
    refused.is_faulty().at("ground", "Samtycke saknas eller täcker inte mottagaren");
    let page = malin.get(&paths::show(&case, consent.id)).await;
    page.is_ok().shows("Återkallat").shows("2026-12-31 kl. 14.32").shows("Muntligt vid möte.");
    page.lacks("Återkalla samtycket");
    malin.get(&format!("/arenden/{case}/journal")).await.is_ok().shows("Samtycke återkallades");
    // Twice is once, and what was told before is still on record.
    karin.post(&to, &how).await.leads_to(&paths::show(&case, consent.id));
    karin.get(&to).await.is(409);
    malin.get(&format!("/arenden/{case}/poliskontakter")).await.is_ok().shows("Polisen tar emot uppgiften.");
    assert!(app.trail(&case).await.iter().any(|event| event == "consent.withdrawn"));
}

#[tokio::test]
async fn those_outside_find_nothing_and_the_manager_only_reads() {
    let app = App::start().await;
    let Ground { malin, case, .. } = ground(&app).await;
    let consent = Typed::consent();
    consent.sent_to(&paths::list(&case), &malin).await.leads_to(&paths::show(&case, consent.id));
    let (aisha, manager) = (app.social_worker().await, app.manager().await);
    let (show, withdraw) = (paths::show(&case, consent.id), paths::withdraw(&case, consent.id));
    for path in [paths::list(&case), paths::new(&case), show.clone(), withdraw.clone()] {
        aisha.get(&path).await.is_missing();
    }
    aisha.post(&withdraw, &[("how", "Ringde")]).await.is_missing();
    manager.get(&show).await.is_ok().shows(PURPOSE).lacks("Återkalla samtycket");
    for path in [paths::new(&case), withdraw] {
        manager.get(&path).await.is_forbidden();
    }
    Typed::consent().sent_to(&paths::list(&case), &manager).await.is_forbidden();
    // A consent of one case is not found under another.
    let other = malin.opens_a_case_on("2026-01-05").await;
    malin.get(&paths::show(&other, consent.id)).await.is_missing();
}
