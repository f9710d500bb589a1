//! The disclosures of a case: the list, one of them, and writing a new one.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::form::{Chosen, DisclosureForm, Known};
use super::ground::{advice, basis, condition};
use super::model::{Disclosure, Item, Standing, View};
use super::store::Consent;
use super::views::{ActView, ItemView, Opened, Row};
use super::{paths, store};
use crate::access::right::{DecideContactDetails, DecideDisclosure, ReadDisclosures, Right, SeesCase, WriteDisclosure};
use crate::access::{BIRTH_DATE, CaseAccess, Part};
use crate::audit::{Event, Note};
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{
    CareNeed, CrimePurpose, DisclosureChannel, DisclosureGround, DisclosureInitiative, DisclosureRecipient,
};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/utlamnanden", get(list).post(create))
        .route("/arenden/{case}/utlamnanden/nytt", get(new))
        .route("/arenden/{case}/utlamnanden/{disclosure}", get(show))
        .route("/arenden/{case}/utlamnanden/{disclosure}/kasta", post(discard))
}

#[derive(Template)]
#[template(path = "disclosure/list.html")]
struct ListPage {
    shell: Shell,
    case: CaseBar,
    rows: Vec<Row>,
    new: Option<String>,
}

async fn list(mut case: CaseAccess<ReadDisclosures>) -> Result<Response> {
    let all = store::list(&mut case).await?;
    case.shown(Note::of(Event::DisclosuresShown).with("count", all.len()));
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let rows = all.iter().map(|one| Row::of(&reference, one, today)).collect();
    let new = case.may::<WriteDisclosure>().then(|| paths::new(&reference));
    case.page(Part::Cooperation, |shell, case, _| Ok(ListPage { shell, case, rows, new })).await
}

/// One, and what is wrong with the step that somebody wanted to take.
#[derive(Template)]
#[template(path = "disclosure/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    faults: Faults,
    one: Disclosure,
    standing: Standing,
    opened: Opened,
    items: Vec<ItemView>,
    decision: Option<ActView>,
    release: Option<ActView>,
    revocation: Option<ActView>,
    /// Whether something newer could be handed over.
    has_changed: bool,
    waits_for_manager: bool,
    may: Ways,
    list: String,
}

/// Where the next step is taken, for whoever may.
#[derive(Default)]
struct Ways {
    add: Option<String>,
    discard: Option<String>,
    decide: Option<String>,
    release: Option<String>,
    hide: Option<String>,
}

/// What a disclosure is shown with.
pub(super) struct Whole {
    pub one: Disclosure,
    pub items: Vec<Item>,
    pub views: Vec<View>,
}

impl Whole {
    pub async fn read<R: Right + SeesCase>(case: &mut CaseAccess<R>, id: Uuid) -> Result<Self> {
        let one = store::get(case, id).await?;
        let (items, views) = (store::items(case, id).await?, store::views(case, id).await?);
        case.shown(Note::of(Event::DisclosuresShown).with("disclosure", id.to_string()));
        Ok(Self { one, items, views })
    }
}

async fn show(mut case: CaseAccess<ReadDisclosures>, PathId(id): PathId) -> Result<Response> {
    let whole = Whole::read(&mut case, id).await?;
    show_whole(case, whole, Faults::none()).await
}

pub(super) async fn show_whole<R: Right + SeesCase>(
    case: CaseAccess<R>,
    whole: Whole,
    faults: Faults,
) -> Result<Response> {
    let Whole { one, items, views } = whole;
    let (today, reference) = (case.desk().clock().today(), case.head().reference.clone());
    let (id, standing) = (one.id, one.standing(today));
    let (may_write, may_decide) = (case.may::<WriteDisclosure>(), case.may::<DecideDisclosure>());
    let waits_for_manager = one.is_managers(&items) && !case.may::<DecideContactDetails>();
    let is_draft = standing == Standing::Draft;
    let may = Ways {
        add: (may_write && is_draft).then(|| paths::items(&reference, id)),
        discard: (may_write && is_draft).then(|| paths::discard(&reference, id)),
        decide: (may_decide && matches!(standing, Standing::Draft | Standing::Decided) && !waits_for_manager)
            .then(|| paths::decide(&reference, id)),
        release: (may_decide && standing == Standing::Decided).then(|| paths::release(&reference, id)),
        hide: (may_decide && standing == Standing::Released && one.is_in_portal()).then(|| paths::hide(&reference, id)),
    };
    let has_changed =
        matches!(standing, Standing::Released | Standing::Decided) && items.iter().any(|item| item.has_changed);
    let is_right = faults.is_empty();
    let view = |shell, case: CaseBar, receipt: &crate::access::Receipt| {
        let remove = |item: &Item| may.add.as_ref().map(|_| paths::remove(&reference, id, item.id));
        Ok(ShowPage {
            opened: Opened::of(&one, receipt)?,
            items: items
                .iter()
                .map(|item| ItemView::of(item, &views, remove(item), receipt))
                .collect::<Result<Vec<_>>>()?,
            decision: one.decision.as_ref().map(ActView::of),
            release: one.release.as_ref().map(ActView::of),
            revocation: one.revocation.as_ref().map(ActView::of),
            list: paths::list(&reference),
            shell,
            case,
            faults,
            one,
            standing,
            has_changed,
            waits_for_manager,
            may,
        })
    };
    if is_right { case.page(Part::Cooperation, view).await } else { case.again(Part::Cooperation, view).await }
}

/// To whom, why and how: the rest follows from it.
#[derive(Template)]
#[template(path = "disclosure/start.html")]
struct StartPage {
    shell: Shell,
    case: CaseBar,
    faults: Faults,
    recipients: Vec<Choice>,
    grounds: Vec<Choice>,
    channels: Vec<Choice>,
    action: String,
    back: String,
}

impl StartPage {
    fn of(shell: Shell, case: CaseBar, form: &DisclosureForm, faults: Faults) -> Self {
        let (recipients, grounds) = (DisclosureRecipient::ALL.iter(), DisclosureGround::ALL.iter());
        let channels = DisclosureChannel::ALL.iter();
        Self {
            recipients: Choice::one("recipient", recipients.map(|one| (one.code(), one.label())), &form.recipient),
            grounds: Choice::one("ground", grounds.map(|one| (one.code(), one.label())), &form.ground),
            channels: Choice::one("channel", channels.map(|one| (one.code(), one.label())), &form.channel),
            action: paths::new(&case.reference),
            back: paths::list(&case.reference),
            shell,
            case,
            faults,
        }
    }
}

#[derive(Template)]
#[template(path = "disclosure/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    chosen: Chosen,
    form: DisclosureForm,
    faults: Faults,
    consents: Vec<Choice>,
    initiatives: Vec<Choice>,
    purposes: Vec<Choice>,
    needs: Vec<Choice>,
    condition: Vec<Choice>,
    basis: Option<(&'static str, &'static str)>,
    advice: Option<&'static str>,
    action: String,
    start: String,
    back: String,
}

impl NewPage {
    fn of(
        (shell, case): (Shell, CaseBar),
        chosen: Chosen,
        form: DisclosureForm,
        consents: &[Consent],
        faults: Faults,
    ) -> Self {
        let consents = consents.iter().map(|one| (one.id.to_string(), format!("{}, till {}", one.kind, one.valid_to)));
        let (purposes, needs) = (CrimePurpose::ALL.iter(), CareNeed::ALL.iter());
        let initiatives = DisclosureInitiative::ALL.iter();
        let met = |label: &str| Choice::yes("conditions_met", label, !form.conditions_met.is_empty());
        Self {
            consents: Choice::one("consent", consents, &form.consent),
            initiatives: Choice::one(
                "initiated_by",
                initiatives.map(|one| (one.code(), one.label())),
                &form.initiated_by,
            ),
            purposes: Choice::one("purpose", purposes.map(|one| (one.code(), one.label())), &form.purpose),
            needs: Choice::one("need", needs.map(|one| (one.code(), one.label())), &form.need),
            condition: condition(chosen.ground).map(met).unwrap_or_default(),
            basis: basis(chosen.ground),
            advice: advice(chosen.ground),
            action: paths::list(&case.reference),
            start: paths::new(&case.reference),
            back: paths::list(&case.reference),
            shell,
            case,
            chosen,
            form,
            faults,
        }
    }
}

/// What the rules need to know: the person's age, and the consents that hold in this moment.
async fn known(case: &mut CaseAccess<WriteDisclosure>, chosen: Option<Chosen>) -> Result<Known> {
    let today = case.desk().clock().today();
    let consents = match chosen {
        Some(chosen) => store::consents(case, chosen.recipient, today).await?,
        None => Vec::new(),
    };
    Ok(Known { birth_date: birth_date(case)?, opened_on: case.head().opened_on, today, consents })
}

pub(super) fn birth_date<R: Right + SeesCase>(case: &CaseAccess<R>) -> Result<Option<Date>> {
    let (head, desk) = (case.head(), case.desk());
    Ok(match &head.birth_date {
        Some(sealed) => desk.ask(BIRTH_DATE.at(head.person), sealed, crate::personal::Personal::day)?,
        None => None,
    })
}

async fn new(mut case: CaseAccess<WriteDisclosure>, Query(form): Query<DisclosureForm>) -> Result<Response> {
    let today = case.desk().clock().today();
    let choice = form.choose();
    let known = known(&mut case, choice.as_ref().ok().copied()).await?;
    let choice = choice.and_then(|chosen| DisclosureForm::hold_against(chosen, &known).map(|()| chosen));
    match choice {
        Ok(chosen) => {
            let (form, consents) = (form.fresh(today), known.consents);
            let view = |shell, case, _: &_| Ok(NewPage::of((shell, case), chosen, form, &consents, Faults::none()));
            case.page(Part::Cooperation, view).await
        }
        Err(_) if form.is_untouched() => {
            case.page(Part::Cooperation, |shell, case, _| Ok(StartPage::of(shell, case, &form, Faults::none()))).await
        }
        Err(faults) => {
            case.again(Part::Cooperation, |shell, case, _| Ok(StartPage::of(shell, case, &form, faults))).await
        }
    }
}

async fn create(mut case: CaseAccess<WriteDisclosure>, Form(form): Form<DisclosureForm>) -> Result<Response> {
    let reference = case.head().reference.clone();
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&paths::show(&reference, id), None).await;
    }
    let choice = form.choose();
    let known = known(&mut case, choice.as_ref().ok().copied()).await?;
    let choice = choice.and_then(|chosen| DisclosureForm::hold_against(chosen, &known).map(|()| chosen));
    let chosen = match choice {
        Ok(chosen) => chosen,
        Err(faults) => {
            let view = |shell, case, _: &_| Ok(StartPage::of(shell, case, &form, faults));
            return case.again(Part::Cooperation, view).await;
        }
    };
    match form.parse(chosen, &known) {
        Ok(new) => {
            store::draft(&mut case, &new).await?;
            case.redirect(&paths::show(&reference, new.id), Flash::DisclosureDrafted).await
        }
        Err(faults) => {
            let consents = known.consents;
            let view = |shell, case, _: &_| Ok(NewPage::of((shell, case), chosen, form, &consents, faults));
            case.again(Part::Cooperation, view).await
        }
    }
}

/// The version that was seen.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    version: String,
}

impl Seen {
    pub fn is(&self, one: &Disclosure) -> bool {
        self.version.trim().parse() == Ok(one.version)
    }
}

async fn discard(
    mut case: CaseAccess<WriteDisclosure>,
    PathId(id): PathId,
    Form(seen): Form<Seen>,
) -> Result<Response> {
    let one = store::get(&mut case, id).await?;
    let today = case.desk().clock().today();
    if !seen.is(&one) || one.standing(today) != Standing::Draft || !store::discard(&mut case, id).await? {
        return Err(Error::Stale);
    }
    let to = paths::list(&case.head().reference);
    case.redirect(&to, Flash::DraftDiscarded).await
}
