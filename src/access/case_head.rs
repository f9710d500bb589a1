//! What every page in a case knows of it: one query, under row security, made when the case is opened.

use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::desk::Desk;
use super::policy::Relation;
use crate::crypto::reference::CaseReference;
use crate::crypto::seal::{Column, Sealed};
use crate::error::Result;
use crate::vocabulary::{AssignmentKind, CaseStatus, MarkingKind, ProgrammeStatus, ProtectionLevel, ThreatLevel};

/// Where a birth date opens.
pub const BIRTH_DATE: Column = Column("person.birth_date");

/// See the module.
#[derive(Debug, Clone)]
pub struct CaseHead {
    pub id: Uuid,
    pub person: Uuid,
    pub reference: String,
    pub code_name: String,
    pub status: CaseStatus,
    pub programme: ProgrammeStatus,
    pub protection: ProtectionLevel,
    /// The strongest marking of the person that holds today.
    pub marking: Option<MarkingKind>,
    pub opened_on: Date,
    pub closed_on: Option<Date>,
    pub version: i32,
    /// Names of colleagues, and nobody where nobody is named.
    pub responsible: Option<String>,
    pub deputy: Option<String>,
    pub coordinator: Option<String>,
    pub placements: i64,
    /// The level of the confirmed assessment, and the last day on which it holds.
    pub threat: Option<(ThreatLevel, Date)>,
    /// Sealed at [`BIRTH_DATE`], in the form `2003-04-17`.
    pub birth_date: Option<Sealed>,
    /// By which the actor sees the case, where nothing else opens it.
    pub glass: Option<Glass>,
    /// The day on which the person died.
    pub died_on: Option<Date>,
}

/// A glass that somebody has broken, and how long it stands open.
#[derive(Debug, Clone, Copy)]
pub struct Glass {
    pub id: Uuid,
    pub until: OffsetDateTime,
}

impl CaseHead {
    /// Whether the person's data are shown only to those who say why.
    pub fn is_protected(&self) -> bool {
        self.protection != ProtectionLevel::Standard || self.marking.is_some()
    }
}

/// The reference as it is kept. A text that cannot be one is asked for all the same: no answer comes quicker than another.
pub(super) fn readable(reference: &str) -> String {
    reference.parse::<CaseReference>().map_or_else(|_| "-".to_owned(), |good| good.as_str().to_owned())
}

pub(super) async fn find(desk: &mut Desk, reference: &str) -> Result<Option<(CaseHead, Relation)>> {
    // Who comes from another authority reaches no case: there is nothing to ask, and no role to ask it in.
    if desk.actor().role.is_outside() {
        return Ok(None);
    }
    let (account, today) = (desk.actor().account, desk.clock().today());
    let row = sqlx::query!(
        r#"select c.id, c.person_id, c.reference, c.code_name, c.status as "status: CaseStatus",
                  c.programme_status as "programme: ProgrammeStatus",
                  c.protection_level as "protection: ProtectionLevel",
                  (select max(m.kind) from protection_marking m
                   where m.person_id = c.person_id and m.valid_from <= $2 and (m.valid_to is null or m.valid_to >= $2))
                    as "marking: MarkingKind", c.opened_on, c.closed_on, c.version,
                  (select p.birth_date from person p where p.id = c.person_id) as "birth_date: Sealed",
                  (select p.status_on from person p where p.id = c.person_id and p.status = 'deceased') as died_on,
                  (select count(*) from placement p where p.case_id = c.id) as "placements!",
                  now.level as "level?: ThreatLevel", now.valid_until as "valid_until?",
                  who.names as "names!", who.kinds as "kinds!", who.accounts as "accounts!",
                  glass.id as "glass?", glass.expires_at as "glass_until?", vault.reads(c.id) as "reads_location!",
                  exists (select 1 from protected_opening o
                          where o.case_id = c.id and o.account_id = $3
                            and (o.session_id = (select sec.session_id()) or o.opened_on = $2)) as "said_why!"
           from case_file c
           left join threat_assessment now on now.case_id = c.id and now.status = 'confirmed'
           cross join lateral (
             select coalesce(array_agg(n.display_name order by a.started_at), '{}') as names,
                    coalesce(array_agg(a.kind::text order by a.started_at), '{}') as kinds,
                    coalesce(array_agg(a.account_id order by a.started_at), '{}') as accounts
             from assignment a join account n on n.id = a.account_id
             where a.case_id = c.id and a.ended_at is null) who
           left join lateral (
             select g.id, g.expires_at from break_glass g
             where g.case_id = c.id and g.case_id = (select sec.glass_case()) and g.account_id = $3
             order by g.opened_at desc limit 1) glass on true
           where c.reference = $1"#,
        reference,
        today,
        account
    )
    .fetch_optional(desk.read())
    .await?;
    Ok(row.map(|row| {
        let kinds: Vec<_> = row.kinds.iter().map(|code| AssignmentKind::parse(code)).collect();
        let first = |wanted| {
            let mut who = kinds.iter().zip(&row.names);
            who.find(|(kind, _)| **kind == Some(wanted)).map(|(_, name)| name.clone())
        };
        let mine = kinds.iter().zip(&row.accounts).filter(|(_, who)| **who == account);
        let relation = Relation {
            named: mine.filter_map(|(kind, _)| *kind).collect(),
            is_closed: row.closed_on.is_some(),
            through_glass: row.glass.is_some(),
            is_followed: row.status == CaseStatus::Closed,
            reads_location: row.reads_location,
            said_why: row.said_why,
        };
        let head = CaseHead {
            id: row.id,
            person: row.person_id,
            status: row.status,
            programme: row.programme,
            protection: row.protection,
            marking: row.marking,
            opened_on: row.opened_on,
            closed_on: row.closed_on,
            version: row.version,
            responsible: first(AssignmentKind::Responsible),
            deputy: first(AssignmentKind::Deputy),
            coordinator: first(AssignmentKind::Coordinator),
            placements: row.placements,
            threat: row.level.zip(row.valid_until),
            birth_date: row.birth_date,
            died_on: row.died_on,
            glass: row.glass.zip(row.glass_until).map(|(id, until)| Glass { id, until }),
            reference: row.reference,
            code_name: row.code_name,
        };
        (head, relation)
    }))
}
