//! A stay away from home: where, how long and at what price.

pub mod costs;
pub mod rates;
