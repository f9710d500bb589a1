//! Those who stand to the case in other ways than most: deputy, co-worker, and whoever has broken a glass.

use utvag::access::right::Permission;
use utvag::access::table::TABLE;
use utvag::vocabulary::Role;

use super::{WHO, World};
use crate::support::fixture;
use crate::support::routes::Route;

/// Who stands to the case in yet another way: deputy, co-worker, and those who have broken a glass. They are asked about the
/// case alone.
const OTHERS: [(&str, Role); 5] = [
    ("stf", Role::Caseworker),
    ("med", Role::Caseworker),
    ("soc°", Role::Caseworker),
    ("sam°", Role::Coordinator),
    ("chef°", Role::Manager),
];
pub(super) const NAMED_OTHERS: [usize; 2] = [11, 12];
pub(super) const THROUGH_GLASS: [usize; 3] = [13, 14, 15];
/// One of each whom a right in a case can be given to.
pub(super) const IN_CASE: [usize; 5] = [0, 11, 12, 2, 4];

impl World {
    /// Lets those in who stand to the case in yet another way.
    pub(super) async fn with_others(&mut self) {
        let elsewhere = fixture::another_unit(&mut self.owner).await;
        for (name, role) in OTHERS {
            let unit = if name.starts_with("chef") { elsewhere } else { self.app.unit };
            let account = fixture::colleague(&mut self.owner, unit, role, name).await;
            let stands = match name {
                "stf" => {
                    "insert into assignment (id, case_id, account_id, kind, granted_by, reason)
                    select gen_random_uuid(), id, $2, 'deputy', created_by, 'prov' from case_file where id = $1"
                }
                "med" => {
                    "insert into assignment (id, case_id, account_id, kind, granted_by, reason)
                    select gen_random_uuid(), id, $2, 'co_worker', created_by, 'prov' from case_file where id = $1"
                }
                _ => {
                    "insert into break_glass (id, case_id, reference, unit_id, account_id, reason, words, review_due_on)
                    select gen_random_uuid(), id, reference, owner_unit_id, $2, 'danger_life', '\\x00', '2027-01-07'
                    from case_file where id = $1"
                }
            };
            sqlx::query(stands).bind(self.found.case).bind(account).execute(&mut self.owner).await.unwrap();
            self.accounts.push(Some(account));
        }
    }

    /// The answers to some of them about the case, a line per route.
    pub(super) async fn section(&mut self, title: &str, routes: &[Route], width: usize, who: &[usize]) -> String {
        let names: Vec<_> = who.iter().map(|who| name_of(*who)).collect();
        format!("\n{title}; {}:\n{}", names.join(" "), self.lines(routes, width, who).await)
    }
}

pub(super) const SHOW: &str = "SHOW";

pub(super) fn name_of(who: usize) -> &'static str {
    WHO.get(who).map_or_else(|| OTHERS[who - WHO.len()].0, |(name, _)| name)
}

/// What the table says is shown to some of those who see a page.
pub(super) fn shown() -> Vec<Route> {
    let notes = Permission::ALL.iter().flat_map(|permission| TABLE.row(*permission).notes.iter());
    let shown = notes.filter_map(|note| note.strip_prefix(SHOW));
    shown.map(|path| Route { path: path.trim().to_owned(), method: SHOW }).collect()
}
