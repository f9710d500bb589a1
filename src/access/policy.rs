//! Who may what, answered from the table in `permissions.txt`, and the only place in Rust where roles are compared. Postgres
//! holds the same border once more by itself (row security); `tests/it/three_answers.rs` compares table, router and Postgres.

use super::actor::Actor;
use super::right::Permission;
use super::table::{TABLE, When};
use crate::vocabulary::Role::{Caseworker, Controller, Coordinator, LogReviewer, Manager, PoliceLiaison, Sysadmin};
use crate::vocabulary::{AlarmReceiver, AssignmentKind, ProtectionLevel, Role};

/// What the policy needs to know of a case.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that a rule asks for by name")]
pub struct Relation {
    /// What the actor is named as in the case, now.
    pub named: Vec<AssignmentKind>,
    pub is_closed: bool,
    /// Whether nothing but a broken glass lets the actor see it.
    pub through_glass: bool,
    /// Closed, and so followed up by those who want it: nobody follows what was never begun, or is another's now.
    pub is_followed: bool,
    /// Whether the actor has said why they open it, in this session or today.
    pub said_why: bool,
    /// Whether the actor is one of the two who see where the person is.
    pub reads_location: bool,
}

/// What let the actor see the case, as the log keeps it: what they are named as, or their role, or a broken glass.
pub fn rule(case: &Relation) -> &'static str {
    if case.through_glass {
        return GLASS;
    }
    AssignmentKind::ALL.iter().find(|kind| case.named.contains(kind)).map_or(ROLE, |kind| kind.code())
}

/// The two rules that are no assignment.
pub const GLASS: &str = "glass";
pub const ROLE: &str = "role";

/// How somebody stands to a case that they see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Named(AssignmentKind),
    /// Named or not: row security has let them through.
    InReach,
    Glass,
}

impl Standing {
    fn is(self, case: &Relation) -> bool {
        match self {
            Self::Glass => case.through_glass,
            Self::InReach => !case.through_glass,
            Self::Named(kind) => !case.through_glass && case.named.contains(&kind),
        }
    }
}

/// The columns of the table, for a right in one case. Whoever has none of them has no right in any.
pub const COLUMNS: [(Role, Standing); 8] = [
    (Caseworker, Standing::Named(AssignmentKind::Responsible)),
    (Caseworker, Standing::Named(AssignmentKind::Deputy)),
    (Caseworker, Standing::Named(AssignmentKind::CoWorker)),
    (Caseworker, Standing::Glass),
    (Coordinator, Standing::InReach),
    (Coordinator, Standing::Glass),
    (Manager, Standing::InReach),
    (Manager, Standing::Glass),
];
/// Which of them are through a glass.
pub const GLASS_COLUMNS: [usize; 3] = [3, 5, 7];

fn holds(when: When, case: &Relation) -> bool {
    match when {
        When::Never => false,
        When::Always => true,
        When::Open => !case.is_closed,
        When::Ended => case.is_followed,
        When::OpenOrEnded => !case.is_closed || case.is_followed,
        When::Reader => case.reads_location,
    }
}

/// Whether the actor may do this in a case that row security has let through.
pub fn allows_in_case(actor: &Actor, permission: Permission, case: &Relation) -> bool {
    let Some(cells) = TABLE.row(permission).in_case else { return false };
    let mut columns = COLUMNS.iter().zip(cells);
    columns.any(|((role, standing), when)| *role == actor.role && standing.is(case) && holds(when, case))
}

/// Whether there is an open case in which the actor, named as anything that they can be, may do this: whether a list of
/// what waits for them asks after it at all.
pub fn may_in_some_case(actor: &Actor, permission: Permission) -> bool {
    let named = AssignmentKind::ALL.iter().copied().filter(|kind| can_be_named(actor.role, *kind)).collect();
    allows_in_case(actor, permission, &Relation { named, ..Relation::default() })
}

/// Whether the actor may do this outside any one case.
pub fn allows(actor: &Actor, permission: Permission) -> bool {
    let Some(cells) = TABLE.row(permission).outside else { return false };
    Role::ALL.iter().zip(cells).any(|(role, yes)| *role == actor.role && yes)
}

/// Whether the actor must say why before such a case opens: whoever may read it and is not named in it (domain 3.5).
pub fn must_say_why(actor: &Actor, protection: ProtectionLevel, case: &Relation) -> bool {
    matches!(actor.role, Coordinator | Manager)
        && protection == ProtectionLevel::Restricted
        && case.named.is_empty()
        && !case.through_glass
        && !case.said_why
}

/// Whether the actor sees such a case only when named in it, as the row policy `reach` on `case_file` has it.
pub fn sees_only_if_named(actor: &Actor, protection: ProtectionLevel) -> bool {
    match actor.role {
        Coordinator | Manager => protection == ProtectionLevel::ClosedCircle,
        Caseworker | PoliceLiaison | Controller | LogReviewer | Sysadmin => true,
    }
}

/// Whether whoever is in the role signs in with a key, and with nothing else: everyone who sees a person, who reads what
/// was looked at, or who lets others in. A controller sees sums and nobody, and may come with a one-time code.
pub fn must_use_key(role: Role) -> bool {
    match role {
        Caseworker | Coordinator | Manager | PoliceLiaison | LogReviewer | Sysadmin => true,
        Controller => false,
    }
}

/// What a colleague in the role can be named as. Social workers do the work and coordinators coordinate it; the circle
/// lets a coordinator or a manager see a case that would else be closed to them.
pub fn can_be_named(role: Role, kind: AssignmentKind) -> bool {
    use AssignmentKind::{CoWorker, Deputy, NamedCircle, Responsible};
    match role {
        Caseworker => matches!(kind, Responsible | Deputy | CoWorker),
        Coordinator => matches!(kind, AssignmentKind::Coordinator | NamedCircle),
        Manager => kind == NamedCircle,
        PoliceLiaison | Controller | LogReviewer | Sysadmin => false,
    }
}

/// Roles that reach cases, or what is released from them. The same as `is_case_role` in Postgres.
pub const fn is_case_role(role: Role) -> bool {
    matches!(role, Caseworker | Coordinator | Manager | PoliceLiaison)
}

/// Roles that nobody holds at the same time, whatever else changes (domain 2.3). Postgres lets nobody hold two roles at all.
pub const fn never_together(one: Role, other: Role) -> bool {
    match (one, other) {
        (PoliceLiaison, _) | (_, PoliceLiaison) => true,
        (Sysadmin | Controller | LogReviewer, with) | (with, Sysadmin | Controller | LogReviewer) => is_case_role(with),
        _ => false,
    }
}

/// Whether somebody in the role proposes it for another: an administrator every one, a manager those of the machinery.
pub const fn may_propose(actor: Role, role: Role) -> bool {
    match actor {
        Sysadmin => true,
        Manager => !is_case_role(role),
        Caseworker | Coordinator | PoliceLiaison | Controller | LogReviewer => false,
    }
}

/// Whether somebody in the role approves it: a manager every one, another administrator those of the machinery. An account
/// that is opened again has no role in its proposal, and is a manager's.
pub fn may_approve(actor: Role, role: Option<Role>) -> bool {
    match actor {
        Manager => true,
        Sysadmin => role.is_some_and(|role| !is_case_role(role)),
        Caseworker | Coordinator | PoliceLiaison | Controller | LogReviewer => false,
    }
}

/// Whether somebody in the role says of another's right that it is still needed: a manager of all, an administrator of the
/// managers', who do not confirm their own.
pub const fn may_confirm(actor: Role, role: Role) -> bool {
    matches!((actor, role), (Manager, _) | (Sysadmin, Manager))
}

/// Whether the role is the one that there must be several of.
pub fn coordinates(role: Role) -> bool {
    role == Coordinator
}

/// How many coordinators there are at least: the work must not hang on one person (A27).
pub const FEWEST_COORDINATORS: i64 = 2;

/// As whom somebody in the role receives alarms; a caseworker does in the cases that they answer for.
pub const fn receives(role: Role) -> Option<AlarmReceiver> {
    match role {
        Caseworker => Some(AlarmReceiver::Responsible),
        Coordinator => Some(AlarmReceiver::Coordinator),
        Manager => Some(AlarmReceiver::Manager),
        Controller => Some(AlarmReceiver::Controller),
        LogReviewer => Some(AlarmReceiver::LogReviewer),
        PoliceLiaison | Sysadmin => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pairs_of_the_domain_never_meet() {
        for role in Role::ALL {
            assert!(never_together(PoliceLiaison, *role) && never_together(*role, PoliceLiaison), "{role}");
        }
        for case_role in [Caseworker, Coordinator, Manager] {
            for apart in [Sysadmin, Controller, LogReviewer] {
                assert!(never_together(apart, case_role) && never_together(case_role, apart), "{apart} {case_role}");
            }
        }
        for (one, other) in [(Caseworker, Coordinator), (Coordinator, Manager), (Sysadmin, LogReviewer)] {
            assert!(!never_together(one, other), "{one} {other}");
        }
    }

    #[test]
    fn what_an_administrator_proposes_for_cases_only_a_manager_approves() {
        for role in Role::ALL {
            assert!(may_propose(Sysadmin, *role) && may_approve(Manager, Some(*role)), "{role}");
            assert_eq!(may_approve(Sysadmin, Some(*role)), !is_case_role(*role), "{role}");
            for nobody in [Caseworker, Coordinator, PoliceLiaison, Controller, LogReviewer] {
                assert!(!may_propose(nobody, *role) && !may_approve(nobody, Some(*role)), "{nobody}");
            }
        }
        assert!(!may_approve(Sysadmin, None), "a lock is opened by a manager");
    }
}
