//! One outcome, and recording one: before the case is closed, or afterwards when the person has agreed to be asked.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::get;
use time::Date;

use super::form::{OWN, OutcomeForm, Season};
use super::model::{Outcome, due_moments, earliest};
use super::{paths, store};
use crate::access::right::{FollowOutcome, ReadOutcomes, RecordOutcome};
use crate::access::{CaseAccess, Part, case_path};
use crate::audit::{Event, Note};
use crate::calendar::stockholm;
use crate::error::{Error, Result};
use crate::state::AppState;
use crate::vocabulary::{
    ChildContact, ExitStatus, OutcomeHousing, OutcomeIncome, OutcomeMoment, OutcomeOccupation, OutcomeSubstance,
    RelapseCrime, RelapseSource,
};
use crate::web::flash::Flash;
use crate::web::form::{Faults, uuid};
use crate::web::path_id::PathId;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field, Moment};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/arenden/{case}/utfall/avslut", get(new_closing).post(record))
        .route("/arenden/{case}/utfall/uppfoljning", get(new_afterwards).post(follow))
        .route("/arenden/{case}/utfall/{outcome}", get(show))
}

#[derive(Template)]
#[template(path = "outcome/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    one: Outcome,
    own: Option<&'static str>,
    is_replaced: bool,
    recorded: Moment,
    back: String,
}

async fn show(mut case: CaseAccess<ReadOutcomes>, PathId(id): PathId) -> Result<Response> {
    let all = store::list(&mut case).await?;
    let one = all.iter().find(|one| one.id == id).cloned().ok_or(Error::NotFound)?;
    case.shown(Note::of(Event::OutcomesShown).with("outcome", id.to_string()));
    let grade = one.figures.own_assessment.map(|grade| grade.to_string());
    let own = OWN.iter().find(|(code, _)| Some(*code) == grade.as_deref()).map(|(_, label)| *label);
    let is_replaced = all.iter().find(|other| other.moment == one.moment).is_some_and(|first| first.id != id);
    case.page(Part::Meetings, |shell, case, _| {
        let back = case_path(&case.reference, "/moten");
        Ok(ShowPage { shell, case, own, is_replaced, recorded: Moment(stockholm(one.recorded_at)), one, back })
    })
    .await
}

/// Why nothing can be recorded now.
struct Bar {
    heading: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "outcome/new.html")]
struct NewPage {
    shell: Shell,
    case: CaseBar,
    form: OutcomeForm,
    faults: Faults,
    bar: Option<Bar>,
    heading: &'static str,
    /// None at closing.
    moments: Option<Vec<Choice>>,
    exits: Vec<Choice>,
    housings: Vec<Choice>,
    incomes: Vec<Choice>,
    occupations: Vec<Choice>,
    substances: Vec<Choice>,
    relapses: Vec<Choice>,
    sources: Vec<Choice>,
    helps_others: Vec<Choice>,
    children: Vec<Choice>,
    own: Vec<Choice>,
    action: String,
    back: String,
}

struct Draft {
    form: OutcomeForm,
    faults: Faults,
    bar: Option<Bar>,
    season: Season,
    today: Date,
}

impl Draft {
    fn page(self, shell: Shell, case: CaseBar) -> NewPage {
        let form = self.form;
        let (heading, moments, action) = match self.season {
            Season::Closing { .. } => ("Utfall vid avslut", None, paths::closing(&case.reference)),
            Season::Afterwards { closed_on } => {
                let due = due_moments(closed_on, self.today);
                let moments = Choice::one("moment", due.iter().map(|one| (one.code(), one.label())), &form.moment);
                ("Utfall efter avslut", Some(moments), paths::afterwards(&case.reference))
            }
        };
        NewPage {
            bar: self.bar,
            heading,
            moments,
            exits: Choice::one("exit", ExitStatus::ALL.iter().map(|one| (one.code(), one.label())), &form.exit),
            housings: Choice::one(
                "housing",
                OutcomeHousing::ALL.iter().map(|one| (one.code(), one.label())),
                &form.housing,
            ),
            incomes: Choice::one(
                "income",
                OutcomeIncome::ALL.iter().map(|one| (one.code(), one.label())),
                &form.income,
            ),
            occupations: Choice::one(
                "occupation",
                OutcomeOccupation::ALL.iter().map(|one| (one.code(), one.label())),
                &form.occupation,
            ),
            substances: Choice::one(
                "substance",
                OutcomeSubstance::ALL.iter().map(|one| (one.code(), one.label())),
                &form.substance,
            ),
            relapses: Choice::one(
                "relapse",
                RelapseCrime::ALL.iter().map(|one| (one.code(), one.label())),
                &form.relapse,
            ),
            sources: Choice::one(
                "relapse_source",
                RelapseSource::ALL.iter().map(|one| (one.code(), one.label())),
                &form.relapse_source,
            ),
            helps_others: Choice::yes(
                "helps_others",
                "Arbetar för att hjälpa andra att lämna",
                !form.helps_others.is_empty(),
            ),
            children: Choice::one(
                "children",
                ChildContact::ALL.iter().map(|one| (one.code(), one.label())),
                &form.children,
            ),
            own: Choice::one("own_assessment", OWN, &form.own_assessment),
            action,
            back: case_path(&case.reference, "/moten"),
            shell,
            case,
            form,
            faults: self.faults,
        }
    }
}

async fn new_closing(case: CaseAccess<RecordOutcome>) -> Result<Response> {
    let (today, season) = (case.desk().clock().today(), Season::Closing { opened_on: case.head().opened_on });
    let draft = Draft { form: OutcomeForm::fresh(today), faults: Faults::none(), bar: None, season, today };
    case.page(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case))).await
}

async fn record(mut case: CaseAccess<RecordOutcome>, Form(form): Form<OutcomeForm>) -> Result<Response> {
    let reference = case.head().reference.clone();
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&paths::show(&reference, id), None).await;
    }
    let (today, season) = (case.desk().clock().today(), Season::Closing { opened_on: case.head().opened_on });
    match form.parse(season, today) {
        Ok(new) => {
            store::record(&mut case, &new).await?;
            case.redirect(&paths::show(&reference, new.id), Flash::OutcomeRecorded).await
        }
        Err(faults) => {
            let draft = Draft { form, faults, bar: None, season, today };
            case.again(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case))).await
        }
    }
}

/// Nobody is followed without consent, nor before it is time.
async fn bar(case: &mut CaseAccess<FollowOutcome>, closed_on: Date, today: Date) -> Result<Option<Bar>> {
    if store::consent(case, today).await?.is_none() {
        return Ok(Some(Bar {
            heading: "Samtycke saknas",
            text: "Den enskilde följs bara upp efter avslut med ett samtycke till uppföljning efter avslut som gäller."
                .to_owned(),
        }));
    }
    let first = earliest(OutcomeMoment::Months6, closed_on);
    Ok((today < first).then(|| Bar {
        heading: "Det är för tidigt att följa upp",
        text: format!("Den första uppföljningen kan göras från {first}."),
    }))
}

fn closed_on(case: &CaseAccess<FollowOutcome>) -> Result<Date> {
    case.head().closed_on.ok_or_else(|| Error::internal("an open case is followed as if it were closed"))
}

async fn new_afterwards(mut case: CaseAccess<FollowOutcome>) -> Result<Response> {
    let (today, closed_on) = (case.desk().clock().today(), closed_on(&case)?);
    let bar = bar(&mut case, closed_on, today).await?;
    let season = Season::Afterwards { closed_on };
    let draft = Draft { form: OutcomeForm::fresh(today), faults: Faults::none(), bar, season, today };
    case.page(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case))).await
}

async fn follow(mut case: CaseAccess<FollowOutcome>, Form(form): Form<OutcomeForm>) -> Result<Response> {
    let reference = case.head().reference.clone();
    if let Some(id) = uuid(&form.id)
        && store::exists(&mut case, id).await?
    {
        return case.redirect(&paths::show(&reference, id), None).await;
    }
    let (today, closed_on) = (case.desk().clock().today(), closed_on(&case)?);
    let season = Season::Afterwards { closed_on };
    let bar = bar(&mut case, closed_on, today).await?;
    let faults = match form.parse(season, today) {
        Ok(new) if bar.is_none() => match store::consent(&mut case, new.known_on).await? {
            Some(consent) => {
                store::follow(&mut case, &new, consent).await?;
                return case.redirect(&paths::show(&reference, new.id), Flash::OutcomeRecorded).await;
            }
            None => Faults::from(("known_on", "Samtycket till uppföljning gällde inte den dagen")),
        },
        Ok(_) => Faults::none(),
        Err(faults) => faults,
    };
    let draft = Draft { form, faults, bar, season, today };
    case.again(Part::Meetings, |shell, case, _| Ok(draft.page(shell, case))).await
}
