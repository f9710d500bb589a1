//! The layers around all routes. Their order is the point: each line says what would go wrong elsewhere.

use std::sync::Arc;

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
};

use crate::web::{
    body::{self, BodyLimit},
    csrf, error_page, headers,
    limit::{self, AddressLimit, Rate},
    unit::{self, Units},
};

/// What the layers may be told.
#[derive(Clone, Default)]
pub struct Edge {
    pub rate: Rate,
    pub body: BodyLimit,
    pub units: Units,
    /// What stands in the address bar, where the operator has said it.
    pub origin: Option<Arc<str>>,
}

/// Puts the layers on; the last one written is the first one met.
pub fn around(routes: Router, edge: Edge) -> Router {
    routes
        // Innermost: a body that is late or a request that is refused must not start a unit of work.
        .layer(from_fn_with_state(edge.units, unit::run_to_the_end))
        // Inside the refusals below: nobody's body is read who is not let in.
        .layer(from_fn_with_state(edge.body, body::buffered))
        .layer(from_fn_with_state(edge.origin, csrf::same_origin_only))
        .layer(from_fn_with_state(AddressLimit::new(edge.rate), limit::by_address))
        // Around all that may answer with a bare error.
        .layer(from_fn(error_page::dress))
        // Outermost: on every answer, refusals included.
        .layer(from_fn(headers::on_every_answer))
}
