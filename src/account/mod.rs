//! Colleagues and their accounts.

pub mod colleagues;
