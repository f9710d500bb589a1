//! SQL of the search: one question whatever is sought and whatever is found, so that no answer takes another way.

use time::Date;
use uuid::Uuid;

use super::form::Sought;
use crate::access::Access;
use crate::access::right::SearchCases;
use crate::audit::{Event, Note};
use crate::error::Result;
use crate::vocabulary::{CaseStatus, ProtectionLevel};

/// Nobody has more cases than this under one name.
const AT_MOST: i64 = 50;

/// A case that was found. The person is not named: whoever sought knows.
#[derive(Debug, Clone)]
pub struct Found {
    pub id: Uuid,
    pub reference: String,
    pub code_name: String,
    pub status: CaseStatus,
    pub protection: ProtectionLevel,
    pub opened_on: Date,
    pub responsible: Option<String>,
}

impl Found {
    pub fn is_protected(&self) -> bool {
        self.protection != ProtectionLevel::Standard
    }
}

/// The cases in reach, on the trail. By name a protected person is found by those alone who are named in the case; of
/// somebody whose identity was broken nothing leads to it but its own reference.
pub async fn find(access: &mut Access<SearchCases>, sought: &Sought) -> Result<Vec<Found>> {
    let found = sqlx::query_as!(
        Found,
        r#"select c.id, c.reference, c.code_name, c.status as "status: CaseStatus",
                  c.protection_level as "protection: ProtectionLevel", c.opened_on,
                  (select n.display_name from assignment a join account n on n.id = a.account_id
                   where a.case_id = c.id and a.kind = 'responsible' and a.ended_at is null) as responsible
           from (
             select id from case_file where reference = $1
             union
             select f.id from person_identity i join case_file f on f.person_id = i.person_id
             where i.number_blind = $2 and not sec.is_identity_broken(f.person_id)
             union
             select f.id from searchable_name s join case_file f on f.person_id = s.person_id
             where s.name_blind = $3 and not sec.is_identity_broken(f.person_id)
               and ((f.protection_level = 'standard' and not sec.is_marked(f.person_id))
                    or f.id = any ((select sec.my_cases())::uuid[]))) hit
           join case_file c on c.id = hit.id
           order by c.closed_on desc nulls first, c.opened_on desc, c.id limit $4"#,
        sought.reference,
        sought.number_blind,
        sought.name_blind,
        AT_MOST
    )
    .fetch_all(access.read())
    .await?;
    let note = Note::of(Event::CasesSearched).with("kind", sought.kinds.as_str()).with("term", sought.hash.as_str());
    let cases = found.iter().map(|one| one.id).collect();
    access.shown(Note { cases, ..note.with("hits", found.len()) });
    Ok(found)
}
