//! The decisions of a case, and one of them: its text as it was decided or as it was corrected, what happened to it, and
//! what can be done next.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::model::{Correction, Decision, execution_last_day};
use super::wording::{Edition, Reading, Shown, lines, print_of, shown};
use super::{COURT_REF, DELAY_NOTE, ENDED_REASON, RETURNED_REASON, WHY_CORRECTED, drafting, paths, store};
use crate::access::right::{CorrectDecision, DraftDecision, FollowDecision, ReadDecisions, SignDecision};
use crate::access::{CaseAccess, Part, Receipt};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::crypto::fingerprint::in_hex;
use crate::crypto::{Column, Sealed};
use crate::error::{Error, Result};
use crate::personal::Personal;
use crate::state::AppState;
use crate::vocabulary::{AppealState, DecisionStatus, ProtectionLevel};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{Action, CaseBar, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/beslut", get(list).post(drafting::create))
        .route("/arenden/{case}/beslut/{decision}", get(show))
}

/// A decision in the table.
struct DecisionRow {
    href: String,
    number: i32,
    kind: &'static str,
    outcome: &'static str,
    status: &'static str,
    status_tag: &'static str,
    made_on: Option<Date>,
    from: Date,
    to: Option<Date>,
}

fn status_tag(status: DecisionStatus) -> &'static str {
    match status {
        DecisionStatus::InForce => "ok",
        DecisionStatus::ForApproval => "warn",
        DecisionStatus::Draft => "line",
        _ => "",
    }
}

impl DecisionRow {
    fn of(case: &str, one: &Decision) -> Self {
        Self {
            href: paths::show(case, one.id),
            number: one.number,
            kind: one.matter.kind.label(),
            outcome: one.matter.outcome.label(),
            status: one.status.label(),
            status_tag: status_tag(one.status),
            made_on: one.made_on(),
            from: one.matter.from,
            to: one.matter.to,
        }
    }
}

#[derive(Template)]
#[template(path = "decision/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    rows: Vec<DecisionRow>,
    new: Option<String>,
}

async fn list(mut case: CaseAccess<ReadDecisions>) -> Result<Response> {
    let decisions = store::list(&mut case).await?;
    case.shown(Note::of(Event::DecisionsShown).with("count", decisions.len()));
    let reference = case.head().reference.clone();
    let rows = decisions.iter().map(|one| DecisionRow::of(&reference, one)).collect();
    let new = case.may::<DraftDecision>().then(|| paths::new(&reference));
    case.page(Part::Decisions, |shell, case, _| Ok(ListPage { shell, case, rows, new })).await
}

/// What was corrected, and what stood there before.
struct CorrectionView {
    number: i32,
    made_by: String,
    made_at: Moment,
    why: Personal,
    print: String,
    is_sound: bool,
}

/// A text that was signed, with its fingerprint.
struct SignedText {
    text: Vec<Shown>,
    print: String,
    /// Whether the text is still the one that was signed.
    is_sound: bool,
}

#[derive(Template)]
#[template(path = "decision/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    one: Decision,
    status_tag: &'static str,
    /// As it reads now.
    text: Vec<Shown>,
    /// As it was decided, where it was corrected since.
    signed: Option<SignedText>,
    corrections: Vec<CorrectionView>,
    returned: Option<(String, Personal)>,
    signed_at: Option<Moment>,
    /// The last day for granted support that nobody has got yet, and whether it has gone by.
    execute_by: Option<(Date, bool)>,
    delay_note: Option<Personal>,
    court_ref: Option<Personal>,
    ended_reason: Option<Personal>,
    send: Option<String>,
    primary: Option<Action>,
    actions: Vec<Action>,
    may_withdraw_to_draft: Option<String>,
}

/// What the actor may do with it now: the next thing first.
struct Ways {
    send: Option<String>,
    primary: Option<Action>,
    actions: Vec<Action>,
    give_back: Option<String>,
}

impl Ways {
    fn of(case: &CaseAccess<ReadDecisions>, one: &Decision) -> Self {
        let (reference, id) = (&case.head().reference, one.id);
        let (drafts, follows) = (case.may::<DraftDecision>(), case.may::<FollowDecision>());
        let waits = one.status == DecisionStatus::ForApproval;
        let is_draft = one.status == DecisionStatus::Draft;
        let mut ways: Vec<Action> = Vec::new();
        let mut way = |is: bool, href: String, label: &str| {
            if is {
                ways.push(Action::new(href, label));
            }
        };
        way(waits && case.may::<SignDecision>(), paths::sign(reference, id), "Fatta beslutet");
        way(is_draft && drafts, paths::edit(reference, id), "Ändra utkastet");
        way(follows && one.may_be_notified(), paths::notify(reference, id), "Registrera underrättelse");
        let receives = if one.course.received_on.is_some() { "Ändra mottagande" } else { "Registrera mottagande" };
        way(follows && one.may_be_received(), paths::receive(reference, id), receives);
        way(follows && one.may_be_executed(), paths::execute(reference, id), "Registrera verkställighet");
        way(follows && one.may_be_executed(), paths::delay(reference, id), "Ange varför beslutet inte är verkställt");
        way(follows && one.may_be_appealed(), paths::appeal(reference, id), appeal_label(one.course.appeal));
        way(follows && one.may_end(), paths::end(reference, id), "Registrera att beslutet upphör");
        way(case.may::<CorrectDecision>() && one.may_be_corrected(), paths::correct(reference, id), "Rätta skrivfel");
        way(one.is_signed(), paths::notice(reference, id), "Visa underrättelsen");
        let send = (is_draft && drafts).then(|| paths::send(reference, id));
        let primary = (send.is_none() && !ways.is_empty()).then(|| ways.remove(0));
        let give_back = (waits && drafts).then(|| paths::give_back(reference, id));
        Self { send, primary, actions: ways, give_back }
    }
}

pub(super) const fn appeal_label(appeal: AppealState) -> &'static str {
    match appeal {
        AppealState::None => "Registrera överklagande",
        AppealState::Lodged => "Registrera att överklagandet är överlämnat",
        AppealState::Pending | AppealState::Decided => "Registrera domstolens avgörande",
    }
}

fn open(receipt: &Receipt, one: &Decision, column: Column, sealed: Option<&Sealed>) -> Result<Option<Personal>> {
    sealed.map(|sealed| receipt.open(column.at(one.id), sealed)).transpose()
}

fn corrected(reading: &Reading<'_>, correction: &Correction, receipt: &Receipt) -> Result<CorrectionView> {
    let text = shown(&lines(reading, &Edition::Of(correction)), receipt)?;
    Ok(CorrectionView {
        number: correction.number,
        made_by: correction.made_by.clone(),
        made_at: Moment(stockholm(correction.made_at)),
        why: receipt.open(WHY_CORRECTED.at(correction.id), &correction.why)?,
        print: in_hex(&correction.text_hash),
        is_sound: print_of(&text)[..] == correction.text_hash,
    })
}

async fn show(mut case: CaseAccess<ReadDecisions>, PathId(id): PathId) -> Result<Response> {
    let decisions = store::list(&mut case).await?;
    let one = decisions.iter().find(|one| one.id == id).cloned().ok_or(Error::NotFound)?;
    let corrections = store::corrections(&mut case, id).await?;
    case.shown(Note::of(Event::DecisionsShown).with("number", one.number));
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let ways = Ways::of(&case, &one);
    let execute_by = one.waits_for_execution().map(execution_last_day).map(|last| (last, today > last));
    case.page(Part::Decisions, |shell, case, receipt| {
        let reading = Reading::of(&reference, &one, &decisions);
        let original = shown(&lines(&reading, &Edition::Original), receipt)?;
        let signed = |text: Vec<Shown>| {
            let signature = one.signature.as_ref()?;
            let is_sound = print_of(&text)[..] == signature.text_hash;
            Some(SignedText { is_sound, print: in_hex(&signature.text_hash), text })
        };
        let now = corrections.first().map_or(Edition::Original, Edition::Of);
        let (text, signed) = (shown(&lines(&reading, &now), receipt)?, signed(original));
        let course = &one.course;
        let returned = match &one.returned {
            Some((name, reason)) => Some((name.clone(), receipt.open(RETURNED_REASON.at(id), reason)?)),
            None => None,
        };
        Ok(ShowPage {
            shell,
            case,
            status_tag: status_tag(one.status),
            text,
            signed,
            corrections: corrections.iter().map(|one| corrected(&reading, one, receipt)).collect::<Result<_>>()?,
            returned: returned.filter(|_| one.status == DecisionStatus::Draft),
            signed_at: one.signature.as_ref().map(|signature| Moment(stockholm(signature.at))),
            execute_by,
            delay_note: open(receipt, &one, DELAY_NOTE, course.delay_note.as_ref())?,
            court_ref: open(receipt, &one, COURT_REF, course.court_ref.as_ref())?,
            ended_reason: open(receipt, &one, ENDED_REASON, course.ended_reason.as_ref())?,
            send: ways.send,
            primary: ways.primary,
            actions: ways.actions,
            may_withdraw_to_draft: ways.give_back,
            one: one.clone(),
        })
    })
    .await
}

/// Whether names of colleagues are left out of a notice unless somebody says else.
pub(super) fn conceals(protection: ProtectionLevel) -> bool {
    match protection {
        ProtectionLevel::Standard => false,
        ProtectionLevel::Restricted | ProtectionLevel::ClosedCircle => true,
    }
}
