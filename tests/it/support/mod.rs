//! A database of its own for each test, on a throw-away server that the test run starts by itself.

pub mod database;
