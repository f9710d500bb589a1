//! Who can be named as what when others already are. Pure.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::vocabulary::AssignmentKind;

/// Somebody's task in a case, now or before.
#[derive(Debug, Clone)]
pub struct Assignment {
    pub id: Uuid,
    pub account: Uuid,
    pub name: String,
    pub kind: AssignmentKind,
    pub started_at: OffsetDateTime,
    pub ended_at: Option<OffsetDateTime>,
    pub granted_by: String,
    pub reason: String,
}

/// A task to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssignment {
    pub id: Uuid,
    pub account: Uuid,
    pub kind: AssignmentKind,
    pub reason: String,
}

/// Why somebody cannot be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamingFault {
    /// Nobody names themselves.
    Oneself,
    /// They already are that.
    AlreadyNamed,
    /// A case must not be left without: another has to be made responsible instead.
    IsResponsible,
    /// They have declared a conflict of interest.
    HasConflict,
}

/// The tasks of social workers: each has one of them at a time.
const fn is_work(kind: AssignmentKind) -> bool {
    matches!(kind, AssignmentKind::Responsible | AssignmentKind::Deputy | AssignmentKind::CoWorker)
}

/// Whether there is only one at a time, so that a new one takes over.
pub const fn is_single(kind: AssignmentKind) -> bool {
    matches!(kind, AssignmentKind::Responsible | AssignmentKind::Coordinator)
}

/// Which of the running assignments end when the new one begins.
pub fn ended_by(new: &NewAssignment, running: &[Assignment], actor: Uuid) -> Result<Vec<Uuid>, NamingFault> {
    if new.account == actor {
        return Err(NamingFault::Oneself);
    }
    let theirs = || running.iter().filter(|one| one.account == new.account);
    if theirs().any(|one| one.kind == new.kind) {
        return Err(NamingFault::AlreadyNamed);
    }
    if is_work(new.kind) && theirs().any(|one| one.kind == AssignmentKind::Responsible) {
        return Err(NamingFault::IsResponsible);
    }
    let replaced = |one: &&Assignment| {
        (is_single(new.kind) && one.kind == new.kind)
            || (is_work(new.kind) && one.account == new.account && is_work(one.kind))
    };
    Ok(running.iter().filter(replaced).map(|one| one.id).collect())
}

/// Whether it may end with nobody in its place.
pub fn may_end(assignment: &Assignment) -> bool {
    assignment.kind != AssignmentKind::Responsible
}

#[cfg(test)]
mod tests {
    use AssignmentKind::{CoWorker, Coordinator, Deputy, NamedCircle, Responsible};

    use super::*;

    const ACTOR: u128 = 9;

    fn running(id: u128, account: u128, kind: AssignmentKind) -> Assignment {
        Assignment {
            id: Uuid::from_u128(id),
            account: Uuid::from_u128(account),
            name: String::new(),
            kind,
            started_at: OffsetDateTime::UNIX_EPOCH,
            ended_at: None,
            granted_by: String::new(),
            reason: String::new(),
        }
    }

    fn ended(account: u128, kind: AssignmentKind, running: &[Assignment]) -> Result<Vec<u128>, NamingFault> {
        let new = NewAssignment { id: Uuid::nil(), account: Uuid::from_u128(account), kind, reason: String::new() };
        ended_by(&new, running, Uuid::from_u128(ACTOR)).map(|ids| ids.iter().map(Uuid::as_u128).collect())
    }

    #[test]
    fn a_new_responsible_or_coordinator_takes_over() {
        let named = [running(1, 11, Responsible), running(2, 12, Coordinator), running(3, 13, Deputy)];
        assert_eq!(ended(14, Responsible, &named), Ok(vec![1]));
        assert_eq!(ended(15, Coordinator, &named), Ok(vec![2]));
        assert_eq!(ended(14, Deputy, &named), Ok(vec![]), "a case may have two deputies");
    }

    #[test]
    fn a_deputy_who_becomes_responsible_is_deputy_no_longer() {
        let named = [running(1, 11, Responsible), running(3, 13, Deputy)];
        assert_eq!(ended(13, Responsible, &named), Ok(vec![1, 3]));
        assert_eq!(ended(13, CoWorker, &named), Ok(vec![3]));
    }

    #[test]
    fn the_responsible_one_is_replaced_and_not_moved() {
        let named = [running(1, 11, Responsible)];
        assert_eq!(ended(11, Deputy, &named), Err(NamingFault::IsResponsible));
        assert_eq!(ended(11, Responsible, &named), Err(NamingFault::AlreadyNamed));
        assert!(!may_end(&named[0]) && may_end(&running(3, 13, Deputy)));
    }

    #[test]
    fn nobody_names_themselves() {
        assert_eq!(ended(ACTOR, Coordinator, &[]), Err(NamingFault::Oneself));
    }

    #[test]
    fn a_circle_is_beside_the_work() {
        let named = [running(1, 12, Coordinator)];
        assert_eq!(ended(12, NamedCircle, &named), Ok(vec![]));
    }
}
