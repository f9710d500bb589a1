//! SQL about what a frozen text is made of. Each is read under the asker's own row security, with the mark by which a later
//! change of it is known.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::access::CaseAccess;
use crate::access::right::WriteDisclosure;
use crate::crypto::Sealed;
use crate::error::Result;
use crate::money::Ore;
use crate::person::contact_detail::store::VALUE;
use crate::person::{FAMILY_NAME, GIVEN_NAME, NUMBER};
use crate::personal::Personal;
use crate::vocabulary::{
    ContactDetailKind, DeviationCategory, DeviationOutcome, DisclosureItemKind, ExitStatus, PoliceBody,
    ProgrammeStatus, ProtectionNeed, ThreatLevel,
};

/// What there is to say.
pub enum Source {
    Person {
        given_name: Personal,
        family_name: Personal,
        number: Personal,
    },
    Decision(Option<Date>),
    Deviation {
        category: DeviationCategory,
        occurred_on: Date,
        outcome: DeviationOutcome,
    },
    Meeting(OffsetDateTime),
    Assessment {
        body: PoliceBody,
        assessed_on: Date,
        level: ThreatLevel,
        protection: ProtectionNeed,
        until: Date,
    },
    Whereabouts {
        stays: bool,
        on: Date,
    },
    Contact {
        kind: ContactDetailKind,
        value: Personal,
    },
    Costs {
        programme: ProgrammeStatus,
        opened_on: Date,
        until: Date,
        cost: Ore,
    },
    Ended {
        on: Date,
        exit: Option<ExitStatus>,
    },
    /// Nothing but what somebody writes.
    Words,
}

/// Something that one of several texts can be made of.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub id: Uuid,
    pub label: String,
}

/// What can be chosen between, for a sort that is about one of several.
pub async fn candidates(case: &mut CaseAccess<WriteDisclosure>, kind: DisclosureItemKind) -> Result<Vec<Candidate>> {
    let id = case.head().id;
    Ok(match kind {
        DisclosureItemKind::DeviationFeedback => sqlx::query!(
            r#"select d.id, d.category as "category: DeviationCategory", d.occurred_on from deviation d
               where d.case_id = $1 and d.outcome is not null order by d.reported_on desc, d.id desc limit 100"#,
            id
        )
        .fetch_all(case.read())
        .await?
        .into_iter()
        .map(|row| Candidate { id: row.id, label: format!("{}, {}", row.category, row.occurred_on) })
        .collect(),
        DisclosureItemKind::MeetingCall => sqlx::query!(
            "select m.id, m.meets_at from joint_meeting m
             where m.case_id = $1 and m.status = 'planned' order by m.meets_at desc, m.id desc limit 100",
            id
        )
        .fetch_all(case.read())
        .await?
        .into_iter()
        .map(|row| Candidate { id: row.id, label: crate::calendar::moment(row.meets_at) })
        .collect(),
        DisclosureItemKind::ContactDetail => {
            let person = case.head().person;
            sqlx::query!(
                r#"select d.id, d.kind as "kind: ContactDetailKind", d.valid_from from contact_detail d
                   where d.person_id = $1 and d.valid_to is null and d.kind <> 'safe_contact_via'
                   order by d.valid_from desc, d.id desc limit 100"#,
                person
            )
            .fetch_all(case.read())
            .await?
            .into_iter()
            .map(|row| Candidate { id: row.id, label: format!("{}, från {}", row.kind, row.valid_from) })
            .collect()
        }
        _ => Vec::new(),
    })
}

/// What the source says today; none where there is none.
pub async fn read(
    case: &mut CaseAccess<WriteDisclosure>,
    kind: DisclosureItemKind,
    row: Option<Uuid>,
) -> Result<Option<Source>> {
    match kind {
        DisclosureItemKind::CaseCard => person(case).await,
        DisclosureItemKind::DecisionExists => decision(case).await.map(Some),
        DisclosureItemKind::DeviationFeedback => deviation(case, row).await,
        DisclosureItemKind::MeetingCall => meeting(case, row).await,
        DisclosureItemKind::AssessmentEcho => assessment(case).await,
        DisclosureItemKind::Whereabouts => whereabouts(case).await.map(Some),
        DisclosureItemKind::ContactDetail => contact(case, row).await,
        DisclosureItemKind::FundBasis => costs(case).await,
        DisclosureItemKind::CaseEnded => ended(case).await,
        DisclosureItemKind::ChangedRisk | DisclosureItemKind::Other => Ok(Some(Source::Words)),
    }
}

/// By what a later change of the source is known.
pub async fn mark(
    case: &mut CaseAccess<WriteDisclosure>,
    kind: DisclosureItemKind,
    row: Option<Uuid>,
) -> Result<String> {
    let id = case.head().id;
    Ok(sqlx::query_scalar!(
        r#"select disclosure_source_mark($1, $2, $3) as "mark!""#,
        kind as DisclosureItemKind,
        id,
        row
    )
    .fetch_one(case.read())
    .await?)
}

async fn person(case: &mut CaseAccess<WriteDisclosure>) -> Result<Option<Source>> {
    let (person, today) = (case.head().person, case.desk().clock().today());
    let row = sqlx::query!(
        r#"select i.id, i.number as "number: Sealed", i.given_name as "given_name: Sealed",
                  i.family_name as "family_name: Sealed"
           from person_identity i
           where i.person_id = $1 and i.valid_from <= $2 and (i.valid_to is null or i.valid_to >= $2)
           order by i.valid_from desc, i.id desc limit 1"#,
        person,
        today
    )
    .fetch_optional(case.read())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let desk = case.desk();
    Ok(Some(Source::Person {
        given_name: desk.ask(GIVEN_NAME.at(row.id), &row.given_name, Personal::clone)?,
        family_name: desk.ask(FAMILY_NAME.at(row.id), &row.family_name, Personal::clone)?,
        number: desk.ask(NUMBER.at(row.id), &row.number, Personal::clone)?,
    }))
}

async fn decision(case: &mut CaseAccess<WriteDisclosure>) -> Result<Source> {
    let id = case.head().id;
    let day = sqlx::query_scalar!(
        "select max(d.decided_on) from decision d
         where d.case_id = $1 and d.outcome in ('granted', 'partly') and d.decided_on is not null
           and d.status not in ('draft', 'for_approval', 'ended', 'changed_by_new')",
        id
    )
    .fetch_one(case.read())
    .await?;
    Ok(Source::Decision(day))
}

async fn deviation(case: &mut CaseAccess<WriteDisclosure>, row: Option<Uuid>) -> Result<Option<Source>> {
    let id = case.head().id;
    let found = sqlx::query!(
        r#"select d.category as "category: DeviationCategory", d.occurred_on, d.outcome as "outcome: DeviationOutcome"
           from deviation d where d.id = $1 and d.case_id = $2"#,
        row,
        id
    )
    .fetch_optional(case.read())
    .await?;
    Ok(found.and_then(|row| {
        row.outcome.map(|outcome| Source::Deviation { category: row.category, occurred_on: row.occurred_on, outcome })
    }))
}

async fn meeting(case: &mut CaseAccess<WriteDisclosure>, row: Option<Uuid>) -> Result<Option<Source>> {
    let id = case.head().id;
    let found = sqlx::query_scalar!(
        "select m.meets_at from joint_meeting m where m.id = $1 and m.case_id = $2 and m.status = 'planned'",
        row,
        id
    )
    .fetch_optional(case.read())
    .await?;
    Ok(found.map(Source::Meeting))
}

async fn assessment(case: &mut CaseAccess<WriteDisclosure>) -> Result<Option<Source>> {
    let id = case.head().id;
    let found = sqlx::query!(
        r#"select t.body as "body: PoliceBody", t.assessed_on, t.level as "level: ThreatLevel",
                  t.protection as "protection: ProtectionNeed", t.valid_until
           from threat_assessment t where t.case_id = $1 and t.status = 'confirmed'"#,
        id
    )
    .fetch_optional(case.read())
    .await?;
    Ok(found.map(|row| Source::Assessment {
        body: row.body,
        assessed_on: row.assessed_on,
        level: row.level,
        protection: row.protection,
        until: row.valid_until,
    }))
}

/// Whether somebody stays in such a home as 15 kap. 7 § `SoL` names.
async fn whereabouts(case: &mut CaseAccess<WriteDisclosure>) -> Result<Source> {
    let (id, on) = (case.head().id, case.desk().clock().today());
    let stays = sqlx::query_scalar!(
        r#"select exists (select from placement p where p.case_id = $1 and p.status = 'active'
             and p.kind in ('family_home_adult', 'support_housing_16_20', 'protected_housing', 'hvb')) as "stays!""#,
        id
    )
    .fetch_one(case.read())
    .await?;
    Ok(Source::Whereabouts { stays, on })
}

async fn contact(case: &mut CaseAccess<WriteDisclosure>, row: Option<Uuid>) -> Result<Option<Source>> {
    let person = case.head().person;
    let found = sqlx::query!(
        r#"select d.id, d.kind as "kind: ContactDetailKind", d.value as "value: Sealed" from contact_detail d
           where d.id = $1 and d.person_id = $2 and d.valid_to is null and d.kind <> 'safe_contact_via'"#,
        row,
        person
    )
    .fetch_optional(case.read())
    .await?;
    let Some(row) = found else { return Ok(None) };
    let value = case.desk().ask(VALUE.at(row.id), &row.value, Personal::clone)?;
    Ok(Some(Source::Contact { kind: row.kind, value }))
}

/// What the placements have cost until today.
async fn costs(case: &mut CaseAccess<WriteDisclosure>) -> Result<Option<Source>> {
    let (id, opened_on) = (case.head().id, case.head().opened_on);
    let (programme, until) = (case.head().programme, case.desk().clock().today());
    let cost = sqlx::query_scalar!(
        "select sum(k.cost_ore)::bigint from placement_cost($2, $3) k join placement p on p.id = k.placement_id
         where p.case_id = $1",
        id,
        opened_on,
        until
    )
    .fetch_one(case.read())
    .await?;
    Ok(cost.map(|cost| Source::Costs { programme, opened_on, until, cost: Ore::from_ore(cost) }))
}

async fn ended(case: &mut CaseAccess<WriteDisclosure>) -> Result<Option<Source>> {
    let id = case.head().id;
    let Some(on) = case.head().closed_on else { return Ok(None) };
    let exit = sqlx::query_scalar!(
        r#"select o.exit as "exit: ExitStatus" from case_outcome o
           where o.case_id = $1 and o.moment = 'closing' order by o.known_on desc, o.id desc limit 1"#,
        id
    )
    .fetch_optional(case.read())
    .await?;
    Ok(Some(Source::Ended { on, exit }))
}
