//! SQL that opens cases. The list's stands in `store/list.rs`, and what moves a case on in `store/course.rs`.

pub mod course;
pub mod duplicates;
pub mod list;
pub mod money;
pub mod saying_why;
pub mod standing;

use time::Date;
use uuid::Uuid;

use super::code_names;
use super::model::{NewCase, Opened};
use crate::access::Access;
use crate::access::right::OpenCase;
use crate::audit::Event;
use crate::crypto::reference::{CaseReference, Pseudonym};
use crate::crypto::seal::Sealed;
use crate::db::on_constraint;
use crate::error::{Error, Result, constraint};
use crate::person::form::SealedIdentity;
use crate::person::model::NewPerson;
use crate::person::{self, FAMILY_NAME, GIVEN_NAME};
use crate::vocabulary::{NeedsProfile, ProtectionLevel, ResponsibilityBasis};

/// Opens a case, with its person and those who work with it. Nothing is written when the person has an open case that
/// the actor sees. `on conflict` and `returning` would ask to see the case before anybody is named in it.
pub async fn open(access: &mut Access<OpenCase>, new: &NewCase) -> Result<Opened> {
    // The same form sent twice at the same moment: the second waits here, and then finds the first one's case.
    sqlx::query_scalar!(
        r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#,
        new.id
    )
    .fetch_one(access.read())
    .await?;
    let before = sqlx::query_scalar!("select reference from case_file where id = $1", new.id)
        .fetch_optional(access.read())
        .await?;
    if let Some(reference) = before {
        return Ok(Opened::Case(reference));
    }
    let blind = new.person.number.blind(access.desk().keys());
    let known = known_by(access, &blind).await?;
    if let Some(open) = known.iter().find(|case| case.closed_on.is_none()) {
        return Ok(Opened::HasOpenCase { reference: open.reference.clone(), case: open.id });
    }
    let earlier = match (&known[..], &new.earlier) {
        ([latest, ..], _) => Some(latest.id),
        ([], Some(reference)) => find(access, reference).await?,
        ([], None) => None,
    };
    let whose = match &known[..] {
        [latest, ..] if !has_open_case(access, latest.person).await? => Some(latest.person),
        _ => None,
    };
    let subject = Subject::of(access, &new.person, whose).await?;
    let reference = insert(access, new, &subject, earlier).await?;
    sqlx::query_scalar!(r#"select sec.note_duplicates($1, $2)::text as "noted""#, new.id, &blind)
        .fetch_one(access.read())
        .await?;
    Ok(Opened::Case(reference))
}

/// A case that the number belongs to.
struct KnownCase {
    id: Uuid,
    reference: String,
    person: Uuid,
    closed_on: Option<Date>,
}

/// Those that the actor sees, the latest first.
async fn known_by(access: &mut Access<OpenCase>, blind: &[u8]) -> Result<Vec<KnownCase>> {
    Ok(sqlx::query_as!(
        KnownCase,
        "select c.id, c.reference, c.person_id as person, c.closed_on from case_file c
         where c.person_id in (select i.person_id from person_identity i where i.number_blind = $1)
           and not sec.is_identity_broken(c.person_id)
         order by c.opened_on desc, c.id desc",
        blind
    )
    .fetch_all(access.read())
    .await?)
}

async fn find(access: &mut Access<OpenCase>, reference: &str) -> Result<Option<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select id from case_file where reference = $1 and not sec.is_identity_broken(person_id)",
        reference
    )
    .fetch_optional(access.read())
    .await?)
}

/// Also one that the actor does not see: then the person is registered once more, and nobody is told.
async fn has_open_case(access: &mut Access<OpenCase>, person: Uuid) -> Result<bool> {
    Ok(sqlx::query_scalar!(r#"select sec.has_open_case($1) as "open!""#, person).fetch_one(access.read()).await?)
}

/// Whom the case is about: somebody new, or somebody known who may have changed their name since.
enum Subject {
    New { person: Uuid, birth_date: Option<Sealed>, identity: SealedIdentity },
    Known { person: Uuid, identity: Option<SealedIdentity> },
}

impl Subject {
    async fn of(access: &mut Access<OpenCase>, new: &NewPerson, whose: Option<Uuid>) -> Result<Self> {
        let identity = new.seal_identity(access.desk().keys())?;
        let Some(person) = whose else {
            let person = Uuid::now_v7();
            let birth_date = new.seal_birth_date(access.desk().keys(), person)?;
            return Ok(Self::New { person, birth_date, identity });
        };
        let known = person::store::identities_of(access.read(), person).await?;
        let mut is_same = false;
        if let Some(latest) = known.first() {
            let desk = access.desk();
            is_same = desk.ask(GIVEN_NAME.at(latest.id), &latest.given_name, |name| *name == new.given_name)?
                && desk.ask(FAMILY_NAME.at(latest.id), &latest.family_name, |name| *name == new.family_name)?;
        }
        Ok(Self::Known { person, identity: (!is_same).then_some(identity) })
    }

    const fn person(&self) -> Uuid {
        match self {
            Self::New { person, .. } | Self::Known { person, .. } => *person,
        }
    }
}

async fn insert(
    access: &mut Access<OpenCase>,
    new: &NewCase,
    subject: &Subject,
    earlier: Option<Uuid>,
) -> Result<String> {
    let actor = access.desk().actor();
    let (account, unit) = (actor.account, actor.unit.ok_or(Error::Invalid("Ditt konto hör inte till någon enhet."))?);
    let code_name = sqlx::query_scalar!("select sec.free_code_name($1)", &code_names::candidates()?)
        .fetch_one(access.read())
        .await?
        .ok_or(Error::Unavailable)?;
    let (reference, pseudonym) = (CaseReference::draw()?, Pseudonym::draw()?);
    let work = access.write(Event::CaseOpened, Some(new.id)).await?;
    match subject {
        Subject::New { person, birth_date, identity } => {
            person::store::register(work, *person, new.person.sex, birth_date.as_ref(), account).await?;
            person::store::identify(work, *person, identity, new.opened_on).await?;
        }
        Subject::Known { person, identity: Some(identity) } => {
            person::store::identify(work, *person, identity, new.opened_on).await?;
        }
        Subject::Known { identity: None, .. } => {}
    }
    sqlx::query!(
        "insert into case_file (id, reference, code_name, economy_pseudonym, person_id, opened_on, owner_unit_id,
                                needs_profile, protection_level, home_district_id, municipality_basis, earlier_case_id,
                                created_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        new.id,
        reference.as_str(),
        code_name,
        pseudonym.as_str(),
        subject.person(),
        new.opened_on,
        unit,
        new.needs as Option<NeedsProfile>,
        new.protection as ProtectionLevel,
        new.district,
        new.basis as ResponsibilityBasis,
        earlier,
        account
    )
    .execute(&mut *work)
    .await
    .map_err(taken)?;
    let named = [("responsible", new.responsible), ("deputy", new.deputy), ("coordinator", new.coordinator)];
    let (kinds, accounts): (Vec<_>, Vec<_>) =
        named.into_iter().filter_map(|(kind, who)| Some((kind.to_owned(), who?))).unzip();
    sqlx::query!(
        "insert into assignment (id, case_id, account_id, kind, granted_by, reason)
         select gen_random_uuid(), $1, n.account_id, n.kind::assignment_kind, $2, 'Ärendet öppnades'
         from unnest($3::text[], $4::uuid[]) as n(kind, account_id)",
        new.id,
        account,
        &kinds,
        &accounts
    )
    .execute(work)
    .await
    .map_err(|error| {
        let refused = Error::Invalid("En av kollegorna kan inte arbeta med ärendet. Välj någon annan.");
        on_constraint(error, "assignment_without_conflict", refused)
    })?;
    Ok(reference.to_string())
}

/// Somebody else drew the same code name, reference or pseudonym in this very moment: another draw will do. An id that
/// is taken belongs to a case that the actor does not see, and is nobody's fault but a forger's.
fn taken(error: sqlx::Error) -> Error {
    match constraint(&error) {
        Some("case_file_pkey") => Error::NotFound,
        Some("case_file_code_name" | "case_file_reference_key" | "case_file_economy_pseudonym_key") => {
            Error::Unavailable
        }
        _ => error.into(),
    }
}
