//! The chain of assessments, one of them, and registering a new one. The judgement that holds stands beside the form
//! and is never filled in: it must be made anew.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::form::ThreatForm;
use super::model::{Assessment, lowers, may_settle};
use super::{paths, store};
use crate::access::right::{ReadThreat, RegisterThreat, SettleThreat};
use crate::access::{CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::crypto::{Column, Sealed};
use crate::error::Result;
use crate::personal::Personal;
use crate::setting::model::counted;
use crate::setting::store as settings;
use crate::state::AppState;
use crate::vocabulary::{
    ConditionMet, CriminalityDegree, PoliceBody, ProtectionNeed, ReceivedVia, ReturnPossible, SettingKey, ThreatKind,
    ThreatLevel, ThreatStatus,
};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/hotbedomningar", get(list).post(create))
        .route("/arenden/{case}/hotbedomningar/ny", get(new))
        .route("/arenden/{case}/hotbedomningar/{assessment}", get(show))
}

/// A version in the table.
struct VersionRow {
    href: String,
    number: i32,
    assessed_on: Date,
    body: &'static str,
    level: ThreatLevel,
    step: i8,
    valid_until: Date,
    status: &'static str,
}

impl VersionRow {
    fn of(case: &str, one: &Assessment) -> Self {
        Self {
            href: paths::show(case, one.id),
            number: one.version_no,
            assessed_on: one.assessed_on,
            body: one.body.label(),
            level: one.judgement.level,
            step: step(one.judgement.level),
            valid_until: one.valid_until,
            status: one.status.label(),
        }
    }
}

fn step(level: ThreatLevel) -> i8 {
    level.step().and_then(|step| i8::try_from(step).ok()).unwrap_or(-1)
}

/// What the page says of the whole chain.
struct Notice {
    heading: &'static str,
    text: String,
    href: Option<(String, &'static str)>,
}

/// How long an assessment holds when the police have said no day.
const USUAL: SettingKey = SettingKey::ThreatAssessmentMaxAgeDays;

#[derive(Template)]
#[template(path = "threat/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    rows: Vec<VersionRow>,
    notices: Vec<Notice>,
    new: Option<String>,
}

async fn list(mut case: CaseAccess<ReadThreat>) -> Result<Response> {
    let versions = store::list(&mut case).await?;
    case.shown(Note::of(Event::ThreatShown).with("count", versions.len()));
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let rows = versions.iter().map(|one| VersionRow::of(&reference, one)).collect();
    let new = case.may::<RegisterThreat>().then(|| paths::new(&reference));
    let mut notices = Vec::new();
    if let Some(waiting) = versions.iter().find(|one| one.status == ThreatStatus::Received) {
        notices.push(Notice {
            heading: "En bedömning väntar på att fastställas",
            text: format!(
                "{} registrerade version {}. Någon annan ska fastställa den.",
                waiting.registrar, waiting.version_no
            ),
            href: Some((paths::show(&reference, waiting.id), "Granska bedömningen")),
        });
    }
    if let Some(stale) = versions.iter().find(|one| one.is_stale(today)) {
        notices.push(Notice {
            heading: "Hotbedömningen har gått ut",
            text: format!(
                "Den senaste bedömningen gällde till och med {}. Be polisen om en ny bedömning.",
                stale.valid_until
            ),
            href: new.clone().map(|href| (href, "Registrera ny hotbedömning")),
        });
    }
    case.page(Part::Threat, |shell, case, _| Ok(ListPage { shell, case, rows, notices, new })).await
}

#[derive(Template)]
#[template(path = "threat/show.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a line of the page that stands or not")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    one: Assessment,
    step: i8,
    holds: bool,
    is_stale: bool,
    police_ref: Option<Personal>,
    unsafe_areas: Personal,
    summary: Option<Personal>,
    reason: Option<Personal>,
    /// Waits for somebody else than the one who registered it.
    waits: bool,
    may_settle: bool,
    may_withdraw: bool,
    lowers: Option<ThreatLevel>,
    confirm: String,
    reject: String,
    withdraw: String,
}

async fn show(mut case: CaseAccess<ReadThreat>, PathId(id): PathId) -> Result<Response> {
    let versions = store::list(&mut case).await?;
    let one = versions.iter().find(|one| one.id == id).cloned().ok_or(crate::error::Error::NotFound)?;
    case.shown(Note::of(Event::ThreatShown).with("version", one.version_no));
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let account = case.desk().actor().account;
    let settles = case.may::<SettleThreat>();
    let waits = one.status == ThreatStatus::Received;
    let now = versions.iter().find(|other| other.status == ThreatStatus::Confirmed);
    let before = now.map(|now| now.judgement.level).filter(|before| waits && lowers(*before, one.judgement.level));
    case.page(Part::Threat, |shell, case, receipt| {
        let open = |column: Column, sealed: &Option<Sealed>| {
            sealed.as_ref().map(|sealed| receipt.open(column.at(id), sealed)).transpose()
        };
        Ok(ShowPage {
            shell,
            case,
            step: step(one.judgement.level),
            holds: one.holds(today),
            is_stale: one.is_stale(today),
            police_ref: open(store::POLICE_REF, &one.police_ref)?,
            unsafe_areas: receipt.open(store::UNSAFE_AREAS.at(id), &one.unsafe_areas)?,
            summary: open(store::SUMMARY, &one.released_summary)?,
            reason: open(store::REASON, &one.settled_reason)?,
            waits,
            may_settle: settles && may_settle(&one, account),
            may_withdraw: settles && one.status == ThreatStatus::Confirmed,
            lowers: before,
            confirm: paths::confirm(&reference, id),
            reject: paths::reject(&reference, id),
            withdraw: paths::withdraw(&reference, id),
            one,
        })
    })
    .await
}

/// A yes-no-unclear question of the form.
struct Question {
    field: &'static str,
    label: &'static str,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "threat/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: ThreatForm,
    faults: Faults,
    bodies: Vec<Choice>,
    vias: Vec<Choice>,
    kinds: Vec<Choice>,
    levels: Vec<Choice>,
    protections: Vec<Choice>,
    criminalities: Vec<Choice>,
    returns: Vec<Choice>,
    questions: Vec<Question>,
    no_unsafe_areas: Vec<Choice>,
    before: Vec<VersionRow>,
    usual: String,
    list: String,
}

/// What each level means, in the words of the form (domain 9.3: the police have to confirm them).
const LEVEL_HINTS: [(&str, &str); 5] = [
    ("l4", "Konkret och aktuellt hot mot liv. Hotet kan verkställas."),
    ("l3", "Uttalat hot och förmåga att verkställa det."),
    ("l2", "Tecken på hot, men inget konkret."),
    ("l1", "Äldre eller svaga uppgifter om hot."),
    ("l0", "Polisen har inga uppgifter om hot."),
];

impl NewPage {
    fn of(
        shell: Shell,
        case: CaseBar,
        (form, faults): (ThreatForm, Faults),
        (before, usual_days): (Vec<VersionRow>, i32),
    ) -> Self {
        let pairs = |list: &[ThreatLevel]| list.iter().rev().map(|one| (one.code(), one.label())).collect::<Vec<_>>();
        // The gravest first; that the police have not graded stands last.
        let mut ordered = pairs(ThreatLevel::ALL);
        ordered.rotate_left(1);
        let mut levels = Choice::one("level", ordered, &form.level);
        for choice in &mut levels {
            if let Some((_, hint)) = LEVEL_HINTS.iter().find(|(code, _)| *code == choice.value) {
                (*hint).clone_into(&mut choice.hint);
            }
        }
        let question = |field, label, typed: &str| Question {
            field,
            label,
            choices: Choice::one(field, ConditionMet::ALL.iter().map(|one| (one.code(), one.label())), typed),
        };
        Self {
            bodies: Choice::one("body", PoliceBody::ALL.iter().map(|one| (one.code(), one.label())), &form.body),
            vias: Choice::one(
                "received_via",
                ReceivedVia::ALL.iter().map(|one| (one.code(), one.label())),
                &form.received_via,
            ),
            kinds: Choice::one("kind", ThreatKind::ALL.iter().map(|one| (one.code(), one.label())), &form.kind),
            levels,
            protections: Choice::one(
                "protection",
                ProtectionNeed::ALL.iter().map(|one| (one.code(), one.label())),
                &form.protection,
            ),
            criminalities: Choice::one(
                "criminality",
                CriminalityDegree::ALL.iter().map(|one| (one.code(), one.label())),
                &form.criminality,
            ),
            returns: Choice::one(
                "return_possible",
                ReturnPossible::ALL.iter().map(|one| (one.code(), one.label())),
                &form.return_possible,
            ),
            questions: vec![
                question("meets_definition", "Uppfyller definitionen av avhoppare", &form.meets_definition),
                question("is_motivated", "Är motiverad", &form.is_motivated),
                question("consents", "Samtycker till informationsutbyte", &form.consents),
                question("has_signed", "Har skrivit under polisens villkor", &form.has_signed),
                question("is_not_witness", "Är inte bevisperson", &form.is_not_witness),
            ],
            no_unsafe_areas: Choice::yes("no_unsafe_areas", "Inga kända", !form.no_unsafe_areas.is_empty()),
            list: paths::list(&case.reference),
            usual: format!("Tomt: {} efter bedömningen", counted(USUAL, usual_days)),
            before,
            shell,
            case,
            form,
            faults,
        }
    }
}

async fn rows_before(case: CaseAccess<RegisterThreat>) -> Result<(CaseAccess<RegisterThreat>, Vec<VersionRow>)> {
    let reference = case.head().reference.clone();
    let (case, versions) = case.also::<ReadThreat, _>(store::list).await?;
    let rows = versions.unwrap_or_default().iter().map(|one| VersionRow::of(&reference, one)).collect();
    Ok((case, rows))
}

async fn new(case: CaseAccess<RegisterThreat>) -> Result<Response> {
    let (mut case, before) = rows_before(case).await?;
    let usual = settings::value(&mut case, USUAL).await?;
    case.shown(Note::of(Event::ThreatShown).with("count", before.len()));
    case.page(Part::Threat, |shell, case, _| {
        Ok(NewPage::of(shell, case, (ThreatForm::fresh(), Faults::none()), (before, usual)))
    })
    .await
}

async fn create(mut case: CaseAccess<RegisterThreat>, Form(form): Form<ThreatForm>) -> Result<Response> {
    let reference = case.head().reference.clone();
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&paths::show(&reference, id), None).await;
    }
    let usual = settings::value(&mut case, USUAL).await?;
    let mut parsed = form.parse(usual, case.desk().clock().today());
    if parsed.is_ok() && store::is_waiting(&mut case).await? {
        let waits = "En bedömning väntar redan på att fastställas. Fastställ eller avvisa den först";
        parsed = Err(Faults::from(("body", waits)));
    }
    match parsed {
        Ok(new) => {
            store::register(&mut case, &new).await?;
            case.redirect(&paths::show(&reference, new.id), Flash::ThreatSaved).await
        }
        Err(faults) => {
            let (mut case, before) = rows_before(case).await?;
            case.shown(Note::of(Event::ThreatShown).with("count", before.len()));
            case.again(Part::Threat, |shell, case, _| Ok(NewPage::of(shell, case, (form, faults), (before, usual))))
                .await
        }
    }
}
