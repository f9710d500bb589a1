//! The page about the person. A protected person is shown only to whoever says why; the whole number likewise. What is
//! shown that way is an answer to a form and stands at no address of its own.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::Response;
use axum::routing::{get, post};
use time::Date;

use super::contact_detail::model::ContactDetail;
use super::form::ShowForm;
use super::marking::model::Marking;
use super::model::ShowReason;
use super::relation::model::Relation;
use super::store::{self, Described, Identity};
use super::views::{Around, Links, Protection};
use super::{INTERPRETER_LANGUAGE, SHOWN_WHY, contact_detail, marking, paths, relation};
use crate::access::right::ReadPerson;
use crate::access::{BIRTH_DATE, CaseAccess, CaseHead, Part, Receipt};
use crate::audit::{Event, Note};
use crate::calendar::age_on;
use crate::error::Result;
use crate::personal::{PersonNumber, Personal};
use crate::state::AppState;
use crate::vocabulary::{BirthDatePrecision, IdentityKind, Sex};
use crate::web::form::Faults;
use crate::web::shell::Shell;
use crate::web::view::{CaseBar, Choice, Field};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/arenden/{case}/person", get(show)).route("/arenden/{case}/person/visning", post(reveal))
}

/// How long protected facts stand on the screen.
const HIDE_AFTER_SECONDS: u32 = 900;

#[derive(Template)]
#[template(path = "person/show.html")]
struct ShowPage {
    shell: Shell,
    case: CaseBar,
    /// Nothing until somebody has said why.
    facts: Option<Facts>,
    /// Whether the whole number is shown, for a while.
    whole: bool,
    protected: bool,
    protection: Protection,
    /// With the facts, or not at all.
    around: Option<Around>,
    links: Links,
    hide_after: u32,
    form: ShowForm,
    faults: Faults,
    reasons: Vec<Choice>,
    action: String,
}

struct Facts {
    given_name: Personal,
    family_name: Personal,
    number: Number,
    sex: Sex,
    /// The day and the age on it.
    born: Option<(Personal, i32)>,
    precision: BirthDatePrecision,
    interpreter_language: Option<Personal>,
    earlier: Vec<Earlier>,
}

/// A number as it is shown.
struct Number {
    kind: IdentityKind,
    text: Personal,
    masked: bool,
}

/// A name or number that held before, or a second one that holds.
struct Earlier {
    given_name: Personal,
    family_name: Personal,
    number: Number,
    valid_from: Date,
    valid_to: Option<Date>,
}

/// What is needed for the facts, still sealed.
struct Record {
    head: CaseHead,
    identities: Vec<Identity>,
    contacts: Vec<ContactDetail>,
    relations: Vec<Relation>,
    whole: bool,
    today: Date,
}

impl Record {
    async fn read(case: &mut CaseAccess<ReadPerson>, whole: bool, note: Note) -> Result<Self> {
        let identities = store::identities(case).await?;
        let (contacts, relations) = (contact_detail::store::list(case).await?, relation::store::list(case).await?);
        case.shown(note.with("number", if whole { "whole" } else { "masked" }));
        for (event, fields, count) in [
            (Event::ContactDetailsShown, "contact", contacts.len()),
            (Event::RelationsShown, "family_children", relations.len()),
        ] {
            if count > 0 {
                case.shown(Note::of(event).with("fields", fields).with("count", count));
            }
        }
        let (head, today) = (case.head().clone(), case.desk().clock().today());
        Ok(Self { head, identities, contacts, relations, whole, today })
    }

    fn around(&self, links: &Links, receipt: &Receipt) -> Result<Around> {
        Around::open(&self.contacts, &self.relations, (&self.head.reference, links), self.today, receipt)
    }

    fn open(&self, described: &Described, receipt: &Receipt) -> Result<Option<Facts>> {
        let Some((current, earlier)) = self.identities.split_first() else { return Ok(None) };
        let (given_name, family_name) = current.names(receipt)?;
        let birth = match &self.head.birth_date {
            Some(sealed) => Some(receipt.open(BIRTH_DATE.at(self.head.person), sealed)?),
            None => None,
        };
        let earlier = earlier.iter().map(|identity| {
            let (given_name, family_name) = identity.names(receipt)?;
            let number = self.number(identity, receipt)?;
            Ok(Earlier {
                given_name,
                family_name,
                number,
                valid_from: identity.valid_from,
                valid_to: identity.valid_to,
            })
        });
        let language = described.interpreter_language.as_ref();
        let language = language.map(|sealed| receipt.open(INTERPRETER_LANGUAGE.at(self.head.person), sealed));
        Ok(Some(Facts {
            precision: described.precision,
            interpreter_language: language.transpose()?,
            given_name,
            family_name,
            number: self.number(current, receipt)?,
            sex: described.sex,
            born: birth.and_then(|text| text.day().map(|day| (text, age_on(day, self.today)))),
            earlier: earlier.collect::<Result<_>>()?,
        }))
    }

    /// A number that the program drew says nothing about anybody and is never masked.
    fn number(&self, identity: &Identity, receipt: &Receipt) -> Result<Number> {
        let text = identity.number(receipt)?;
        let (text, masked) = match PersonNumber::of(&text, self.today) {
            Ok(number) if self.whole => (number.formatted(), false),
            Ok(number) => (Personal::new(number.masked()), true),
            Err(_) => (text, false),
        };
        Ok(Number { kind: identity.kind, text, masked })
    }
}

/// The page before it is known what may be shown on it.
struct Draft {
    record: Option<Record>,
    described: Described,
    markings: Vec<Marking>,
    links: Links,
    today: Date,
    protected: bool,
    form: ShowForm,
    faults: Faults,
}

impl Draft {
    /// What stands on the page whoever sees it, without anything typed.
    async fn of(case: &mut CaseAccess<ReadPerson>, record: Option<Record>) -> Result<Self> {
        Ok(Self {
            record,
            described: store::described(case).await?,
            markings: marking::store::list(case).await?,
            links: Links::of(case),
            today: case.desk().clock().today(),
            protected: case.head().is_protected(),
            form: ShowForm::default(),
            faults: Faults::none(),
        })
    }

    fn page(self, shell: Shell, case: CaseBar, receipt: &Receipt) -> Result<ShowPage> {
        let (record, form, links) = (self.record, self.form, self.links);
        let facts = match &record {
            Some(record) => record.open(&self.described, receipt)?,
            None => None,
        };
        let around = record.as_ref().map(|record| record.around(&links, receipt)).transpose()?;
        let place = (case.reference.as_str(), &links);
        let protection = Protection::open(self.markings, &self.described, place, self.today, receipt)?;
        let choices = ShowReason::ALL.map(|reason| (reason.code(), reason.label()));
        Ok(ShowPage {
            action: paths::reveal(&case.reference),
            shell,
            case,
            facts,
            whole: record.is_some_and(|record| record.whole),
            protected: self.protected,
            protection,
            around,
            links,
            hide_after: HIDE_AFTER_SECONDS,
            reasons: Choice::one("reason", choices, &form.reason),
            form,
            faults: self.faults,
        })
    }
}

/// What is seen without saying why: of a protected person nothing.
async fn at_sight(case: &mut CaseAccess<ReadPerson>) -> Result<Option<Record>> {
    if case.head().is_protected() {
        return Ok(None);
    }
    Record::read(case, false, Note::of(Event::PersonShown)).await.map(Some)
}

async fn show(mut case: CaseAccess<ReadPerson>) -> Result<Response> {
    let record = at_sight(&mut case).await?;
    let draft = Draft::of(&mut case, record).await?;
    case.page(Part::Person, |shell, bar, receipt| draft.page(shell, bar, receipt)).await
}

async fn reveal(mut case: CaseAccess<ReadPerson>, Form(form): Form<ShowForm>) -> Result<Response> {
    let (reason, words) = match form.parse() {
        Ok(said) => said,
        Err(faults) => {
            let record = at_sight(&mut case).await?;
            let draft = Draft { form, faults, ..Draft::of(&mut case, record).await? };
            return case.again(Part::Person, |shell, bar, receipt| draft.page(shell, bar, receipt)).await;
        }
    };
    let mut note = Note::of(Event::PersonShown).with("reason", reason.code());
    if !words.is_empty() {
        // What somebody writes may name the person: the log keeps it sealed.
        let sealed = case.desk().keys().seal(SHOWN_WHY.at(case.head().id), &words)?;
        note = note.with("words", data_encoding::BASE64.encode(sealed.as_bytes()));
    }
    let record = Record::read(&mut case, true, note).await?;
    let draft = Draft::of(&mut case, Some(record)).await?;
    case.page(Part::Person, |shell, bar, receipt| draft.page(shell, bar, receipt)).await
}
