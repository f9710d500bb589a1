//! What goes on together with others: `/arenden/{case}/samverkan`, and what the overview says of it. Deviations come
//! first, with what must be received by when.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::store::{self, OpenDeviation, Pressing};
use crate::access::right::{
    GiveConsent, HandleDeviation, ReadChecks, ReadConsents, ReadDeviations, ReadDisclosures, ReadPoliceContacts,
    RegisterCheck, RegisterPoliceContact, WriteDisclosure,
};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::check::model::{Check, is_overdue, next_due};
use crate::check::{paths as checks, store as check_store};
use crate::consent::model::{Consent, ConsentStatus};
use crate::consent::{ENDING as ENDING_CONSENT, paths as consents, store as consent_store};
use crate::deviation::model::{acknowledge_by, alarm};
use crate::deviation::pages::Row;
use crate::deviation::{paths as deviations, store as deviation_store};
use crate::error::Result;
use crate::intake::paths as intakes;
use crate::meeting::{LATE_ANSWER, paths as meetings};
use crate::state::AppState;
use crate::vocabulary::{CheckResult, DeviationStatus, PoliceBody};
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Due, Todo};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/samverkan", get(show))
}

/// The checks in a word: the latest, and when the next is due.
struct Checks {
    latest: Option<Latest>,
    next: Option<Due>,
    overdue: bool,
}

struct Latest {
    href: String,
    performed_on: Date,
    body: PoliceBody,
    result: CheckResult,
    tag: &'static str,
}

impl Checks {
    fn of(case: &str, registered: &[Check], is_closed: bool, today: Date) -> Self {
        let next = next_due(registered).filter(|_| !is_closed);
        Self {
            latest: registered.first().map(|one| Latest {
                href: checks::show(case, one.id),
                performed_on: one.performed_on,
                body: one.body,
                result: one.result,
                tag: crate::check::tag(one.result),
            }),
            next: next.map(|due| Due::on(due, today)),
            overdue: next.is_some_and(|due| is_overdue(due, today)),
        }
    }
}

#[derive(Template)]
#[template(path = "casefile/cooperation.html")]
struct CooperationPage {
    shell: Shell,
    case: CaseBar,
    /// The open ones.
    rows: Vec<Row>,
    all_deviations: String,
    new_deviation: Option<String>,
    /// None where the actor may not read them; so below.
    checks: Option<Checks>,
    all_checks: String,
    new_check: Option<String>,
    /// Those that hold today.
    consents: Option<Vec<Consent>>,
    all_consents: String,
    new_consent: Option<String>,
    police: Option<String>,
    new_contact: Option<String>,
    disclosures: Option<String>,
    new_disclosure: Option<String>,
}

async fn show(mut case: CaseAccess<ReadDeviations>) -> Result<Response> {
    let registered = deviation_store::list(&mut case).await?;
    case.shown(Note::of(Event::DeviationsShown).with("count", registered.len()));
    let (case, checked) = case
        .also(async |case: &mut CaseAccess<ReadChecks>| {
            let checked = check_store::list(case).await?;
            case.shown(Note::of(Event::ChecksShown).with("count", checked.len()));
            Ok(checked)
        })
        .await?;
    let (case, given) = case
        .also(async |case: &mut CaseAccess<ReadConsents>| {
            let given = consent_store::list(case).await?;
            case.shown(Note::of(Event::ConsentsShown).with("count", given.len()));
            Ok(given)
        })
        .await?;
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let is_closed = case.head().closed_on.is_some();
    let rows = registered.iter().filter(|one| one.is_open()).map(|one| Row::of(&reference, one, today)).collect();
    let new_deviation = case.may::<HandleDeviation>().then(|| deviations::new(&reference));
    let new_check = case.may::<RegisterCheck>().then(|| checks::new(&reference));
    let new_consent = case.may::<GiveConsent>().then(|| consents::new(&reference));
    let police = case.may::<ReadPoliceContacts>().then(|| intakes::case_contacts(&reference));
    let new_contact = case.may::<RegisterPoliceContact>().then(|| intakes::new_case_contact(&reference));
    let disclosures = case.may::<ReadDisclosures>().then(|| crate::disclosure::paths::list(&reference));
    let new_disclosure = case.may::<WriteDisclosure>().then(|| crate::disclosure::paths::new(&reference));
    case.page(Part::Cooperation, |shell, case, _| {
        Ok(CooperationPage {
            shell,
            rows,
            all_deviations: deviations::list(&reference),
            new_deviation,
            checks: checked.map(|checked| Checks::of(&reference, &checked, is_closed, today)),
            all_checks: checks::list(&reference),
            new_check,
            consents: given
                .map(|given| given.into_iter().filter(|one| one.status(today) == ConsentStatus::Active).collect()),
            all_consents: consents::list(&reference),
            new_consent,
            police,
            new_contact,
            disclosures,
            new_disclosure,
            case,
        })
    })
    .await
}

/// Something grave, or late, that stands above everything else on the overview.
pub(super) struct Alarm {
    /// Its colour: what is grave, or what is late.
    pub kind: &'static str,
    pub heading: &'static str,
    pub text: String,
    pub href: String,
    pub label: &'static str,
}

/// The alarms and tasks of an open case: deviations that are open (A25, A26), and a check that is late (A04).
#[derive(Default)]
pub(super) struct Attention {
    pub alarms: Vec<Alarm>,
    pub todos: Vec<Todo>,
}

impl Attention {
    pub async fn read(case: &mut CaseAccess<ReadDeviations>) -> Result<Self> {
        let (found, today) = (store::pressing(case).await?, case.desk().clock().today());
        let mut attention = Self::default();
        for one in &found {
            match one {
                Pressing::Deviation(one) => attention.of_deviation(&case.head().reference, one, today),
                Pressing::LateCheck(due) => attention.of_check(&case.head().reference, *due, today),
                Pressing::LateAnswer(id, due) => attention.todos.push(Todo {
                    href: meetings::request(&case.head().reference, *id),
                    label: LATE_ANSWER.to_owned(),
                    due: Due::on(*due, today),
                    note: "Fråga efter svaret".to_owned(),
                }),
                Pressing::EndingConsent(id, kind, day) => attention.todos.push(Todo {
                    href: consents::show(&case.head().reference, *id),
                    label: ENDING_CONSENT.to_owned(),
                    due: Due::on(*day, today),
                    note: kind.label().to_owned(),
                }),
            }
        }
        case.shown(Note::of(Event::DeviationsShown).with("count", attention.todos.len()));
        Ok(attention)
    }

    fn of_deviation(&mut self, case: &str, one: &OpenDeviation, today: Date) {
        let (href, due) = (deviations::show(case, one.id), acknowledge_by(one.severity, one.reported_on));
        let name = format!("{}, rapporterad {}", one.category, one.reported_on);
        let (label, day) = match one.status {
            DeviationStatus::Reported => (format!("Ta emot avvikelsen senast {due}"), due),
            DeviationStatus::Acknowledged => ("Bedöm avvikelsen".to_owned(), today),
            DeviationStatus::Assessed => ("Besluta om åtgärd för avvikelsen".to_owned(), today),
            DeviationStatus::ActionDecided | DeviationStatus::Closed => ("Avsluta avvikelsen".to_owned(), today),
        };
        if let Some(heading) = alarm(one.category, one.severity) {
            // What the heading says already is not said twice.
            let what =
                if heading == one.category.label() { format!("Rapporterad {}", one.reported_on) } else { name.clone() };
            let text = if one.status == DeviationStatus::Reported {
                format!("{what}. Avvikelsen ska tas emot senast {due}.")
            } else {
                format!("{what}. Status: {}.", one.status.label().to_lowercase())
            };
            self.alarms.push(Alarm { kind: "danger", heading, text, href: href.clone(), label: "Visa avvikelsen" });
        }
        self.todos.push(Todo { href, label, due: Due::on(day, today), note: name });
    }

    fn of_check(&mut self, case: &str, due: Date, today: Date) {
        let (href, heading) = (checks::list(case), "Slagning ej rapporterad");
        self.alarms.push(Alarm {
            kind: "warn",
            heading,
            text: format!("Nästa slagning skulle ha gjorts senast {due}. Fråga polisen efter resultatet."),
            href: href.clone(),
            label: "Visa slagningarna",
        });
        let note = "Fråga polisen efter resultatet".to_owned();
        self.todos.push(Todo { href, label: heading.to_owned(), due: Due::on(due, today), note });
    }
}
