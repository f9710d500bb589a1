//! The municipality, its committee and units, and the districts that people come from. Names and borders change, so
//! each has the days on which it holds.

pub mod store;
