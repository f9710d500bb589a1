//! Colleagues who can be named in a case. Knows who there is and in which role, not who works with what.

mod store;

use uuid::Uuid;

pub use store::{working, workload};

use crate::access::policy;
use crate::vocabulary::{AssignmentKind, Role};

/// Somebody to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    pub account: Uuid,
    pub name: String,
    pub role: Role,
}

impl Colleague {
    pub fn can_be(&self, kind: AssignmentKind) -> bool {
        policy::can_be_named(self.role, kind)
    }

    /// Value and words of a choice: two colleagues may have the same name, but seldom the same role.
    pub fn choice(&self) -> (String, String) {
        (self.account.to_string(), format!("{}, {}", self.name, self.role.label().to_lowercase()))
    }
}

/// Those who can be named as such, in the order of the list.
pub fn who_can_be(colleagues: &[Colleague], kind: AssignmentKind) -> impl Iterator<Item = &Colleague> {
    colleagues.iter().filter(move |colleague| colleague.can_be(kind))
}

/// The colleague with the id, if such a one can be named as this.
pub fn find(colleagues: &[Colleague], account: Uuid, kind: AssignmentKind) -> Option<&Colleague> {
    who_can_be(colleagues, kind).find(|colleague| colleague.account == account)
}
