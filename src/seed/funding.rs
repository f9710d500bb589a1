//! State money that the invented municipality has applied for (domain 7.0): one granted in part and paid, one that waits,
//! one refused, and one of a case that has been closed since.

use time::Date;
use time::macros::date;
use uuid::Uuid;

use super::data::{BIRGITTA, CASES, SVEN};
use super::{Seated, kr};
use crate::access::right::{ApplyFunding, BookFunding, GiveConsent, SignFunding};
use crate::access::{Access, CaseAccess};
use crate::consent::model::{NewConsent, usual_end};
use crate::error::{Error, Result};
use crate::funding::model::{Answer, NewApplication, Report, Sent};
use crate::funding::store::{self, year};
use crate::state::AppState;
use crate::vocabulary::{
    ConsentForm, ConsentKind, ConsentRecipient, DisclosureCategory, FundAuthority, FundPrerequisite, FundStatus,
};

/// An application by the place of its case in the list of cases.
struct Applied {
    case: usize,
    from: Date,
    to: Date,
    kronor: i64,
    purpose: &'static str,
    sent: Date,
    /// The day, what was granted, and the conditions.
    answer: Option<(Date, Option<i64>, &'static str)>,
    /// When it was paid out, and accounted for.
    paid: Option<Date>,
    reported: Option<Date>,
    /// Given in writing the day before, to tell the police of it.
    has_consent: bool,
}

const APPLIED: [Applied; 4] = [
    Applied {
        case: 2,
        from: date!(2026 - 01 - 15),
        to: date!(2026 - 12 - 31),
        kronor: 600_000,
        purpose: "Merkostnad för placering på annan ort under det första året, till dess att hotet har bedömts på nytt.",
        sent: date!(2026 - 02 - 09),
        answer: Some((
            date!(2026 - 04 - 20),
            Some(450_000),
            "Medlen avser dygnskostnad. Det som inte är använt den 31 december betalas tillbaka.",
        )),
        paid: Some(date!(2026 - 05 - 12)),
        reported: None,
        has_consent: false,
    },
    Applied {
        case: 4,
        from: date!(2026 - 06 - 21),
        to: date!(2026 - 12 - 31),
        kronor: 500_000,
        purpose: "Dygnskostnad efter flytten från skyddat boende. Hotet är riktat och personen kan inte vara i kommunen.",
        sent: date!(2026 - 11 - 10),
        answer: None,
        paid: None,
        reported: None,
        has_consent: true,
    },
    Applied {
        case: 3,
        from: date!(2026 - 03 - 16),
        to: date!(2026 - 08 - 31),
        kronor: 200_000,
        purpose: "Del av dygnskostnaden för behandling efter frigivning.",
        sent: date!(2026 - 04 - 13),
        answer: Some((date!(2026 - 06 - 15), None, "")),
        paid: None,
        reported: None,
        has_consent: false,
    },
    Applied {
        case: 0,
        from: date!(2026 - 01 - 01),
        to: date!(2026 - 03 - 09),
        kronor: 90_000,
        purpose: "Placeringens sista månader före flytt till egen bostad.",
        sent: date!(2026 - 01 - 19),
        answer: Some((date!(2026 - 03 - 02), Some(90_000), "Återrapporteras när placeringen är avslutad.")),
        paid: Some(date!(2026 - 03 - 24)),
        reported: None,
        has_consent: false,
    },
];

fn fits(is_done: bool) -> Result<()> {
    if is_done { Ok(()) } else { Err(Error::internal("an invented application does not fit")) }
}

/// Everything of it that has happened by today.
pub(super) async fn apply(state: &AppState, colleagues: &[Seated], references: &[Option<String>]) -> Result<()> {
    let today = state.clock.today();
    for one in APPLIED.iter().filter(|one| one.sent <= today && one.to <= today) {
        let Some(reference) = references[one.case].as_deref() else { continue };
        let author = &colleagues[CASES[one.case].responsible];
        if one.has_consent {
            consents(state, author, reference, one.sent).await?;
        }
        let id = drafted(state, author, reference, one).await?;
        signed(state, &colleagues[BIRGITTA], reference, (id, one)).await?;
        let Some((on, granted, conditions)) = one.answer else { continue };
        let answer = Answer {
            status: match granted {
                None => FundStatus::Rejected,
                Some(kronor) if kronor == one.kronor => FundStatus::Granted,
                Some(_) => FundStatus::PartlyGranted,
            },
            on,
            granted: granted.map(kr).transpose()?,
            police_ref: Some("A417.202-2026".to_owned()),
            conditions: Some(conditions.to_owned()).filter(|text| !text.is_empty()),
            report_due_on: granted.map(|_| date!(2027 - 02 - 28)),
        };
        let mut access = CaseAccess::<ApplyFunding>::open(state, author.visitor(), reference).await?;
        fits(store::answer(&mut access, id, &answer, 2).await?.is_none())?;
        access.done().await?;
        if let Some((paid, granted)) = one.paid.zip(answer.granted) {
            let mut access = Access::<BookFunding>::open(state, colleagues[SVEN].visitor()).await?;
            fits(year::book(&mut access, id, 3, (granted, paid)).await?)?;
            access.done().await?;
        }
        if let Some(on) = one.reported {
            let mut access = CaseAccess::<ApplyFunding>::open(state, author.visitor(), reference).await?;
            fits(store::report(&mut access, id, Report { on, repay: None }, 4).await?.is_none())?;
            access.done().await?;
        }
    }
    Ok(())
}

async fn consents(state: &AppState, by: &Seated, reference: &str, given_on: Date) -> Result<()> {
    let mut access = CaseAccess::<GiveConsent>::open(state, by.visitor(), reference).await?;
    let new = NewConsent {
        id: Uuid::now_v7(),
        kind: ConsentKind::InformationExchange,
        recipients: vec![ConsentRecipient::PoliceNoa],
        categories: vec![DisclosureCategory::Identity, DisclosureCategory::Programme, DisclosureCategory::Cost],
        purpose: "Ansökan om statliga medel hos Polismyndigheten.".to_owned(),
        form: ConsentForm::Written,
        document_ref: Some("Samtycke i personakten".to_owned()),
        given_on,
        valid_to: usual_end(given_on, 12),
    };
    crate::consent::store::give(&mut access, &new).await?;
    access.done().await
}

async fn drafted(state: &AppState, by: &Seated, reference: &str, one: &Applied) -> Result<Uuid> {
    let mut access = CaseAccess::<ApplyFunding>::open(state, by.visitor(), reference).await?;
    let new = NewApplication {
        id: Uuid::now_v7(),
        year: one.from.year(),
        authority: FundAuthority::PoliceNoa,
        from: one.from,
        to: one.to,
        applied: kr(one.kronor)?,
        purpose: one.purpose.to_owned(),
        prerequisites: FundPrerequisite::ALL.to_vec(),
    };
    fits(store::draft(&mut access, &new).await?.is_none())?;
    access.done().await?;
    Ok(new.id)
}

/// By the manager; told to the police where the person has consented to it.
async fn signed(state: &AppState, by: &Seated, reference: &str, (id, one): (Uuid, &Applied)) -> Result<()> {
    let mut access = CaseAccess::<SignFunding>::open(state, by.visitor(), reference).await?;
    let application = store::get(&mut access, id).await?;
    let consent = store::consent(&mut access, application.authority, one.sent).await?;
    let sent = Sent {
        on: one.sent,
        registry_ref: Some("SN 2026/231".to_owned()),
        contact: "Handläggare, NOA, motringd via växeln".to_owned(),
        contact_verified_on: state.clock.today(),
        told: format!("Ansökan om {} för {} till {}.\nÄndamål: {}", application.applied, one.from, one.to, one.purpose),
    };
    fits(store::sign(&mut access, &application, &sent, consent, application.version).await?.is_none())?;
    access.done().await
}
