//! The id at the end of an address. What cannot be an id answers like an id that is not there.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use uuid::Uuid;

use crate::error::{Error, Result};

/// The last id in the address's parameters.
#[derive(Debug, Clone, Copy)]
pub struct PathId(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(Error::internal)?;
        let last = params.iter().last().and_then(|(_, value)| Uuid::try_parse(value).ok());
        last.map(Self).ok_or(Error::NotFound)
    }
}
