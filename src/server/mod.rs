//! The house's outer door: the loop that takes connections, and the layers around every route, in their order.

pub mod accept;
pub mod edge;
#[cfg(test)]
mod edge_tests;
pub mod serve;
mod wire;
