//! The gate. An *access* is proof that somebody may do something, and the only thing that holds a connection: a handler
//! that has none can read nothing. Store functions name the right that they demand, so the handler's signature must too.
//!
//! A store that changes something demands its own right:
//!
//! ```
//! use utvag::access::{CaseAccess, right::ManagePlacements};
//! async fn end(_case: &mut CaseAccess<ManagePlacements>) {}
//! async fn handler(mut case: CaseAccess<ManagePlacements>) { end(&mut case).await }
//! ```
//!
//! and a handler that only holds the right to read cannot call it; the wrong right does not build:
//!
//! ```compile_fail,E0308
//! use utvag::access::{CaseAccess, right::{ManagePlacements, ReadCase}};
//! async fn end(_case: &mut CaseAccess<ManagePlacements>) {}
//! async fn handler(mut case: CaseAccess<ReadCase>) { end(&mut case).await }
//! ```
//!
//! Nor can an access be put together by hand, nor its connection taken out:
//!
//! ```compile_fail,E0451
//! use utvag::access::{CaseAccess, right::ReadCase};
//! fn forge(real: CaseAccess<ReadCase>) { let CaseAccess { desk, .. } = real; }
//! ```

mod actor;
mod case_access;
mod case_bar;
mod case_head;
mod desk;
mod office;
pub mod policy;
pub mod right;
mod shell;
pub mod table;
mod visitor;

pub use actor::{Actor, SESSION_COOKIE};
pub use case_access::CaseAccess;
pub use case_bar::Part;
pub use case_head::{BIRTH_DATE, CaseHead, Glass};
pub use desk::{Desk, Receipt};
pub use office::Access;
pub use visitor::Visitor;

/// The address of a page in a case: the rooms' own functions for addresses are made of it.
pub fn case_path(reference: &str, address: &str) -> String {
    format!("/arenden/{reference}{address}")
}
