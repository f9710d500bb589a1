//! The database. For now only the private server; the pool and its doors come beside it.

pub mod local;
