//! What can go wrong, in the words of this house. Knows nothing of HTTP: `web::error_page` turns an [`Error`] into a
//! status and a Swedish page, and never shows a cause.

use std::fmt;

use uuid::Uuid;

/// The result of everything that can fail here.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or none that the actor may know of: the two answer alike.
    #[error("not found")]
    NotFound,
    /// The actor knows of it and may not do this with it.
    #[error("forbidden")]
    Forbidden,
    /// Nobody is signed in, or the session has ended.
    #[error("signed out")]
    SignedOut,
    /// The case of this reference is protected, and not the actor's: first they say why they open it.
    #[error("say why first")]
    SayWhy(String),
    /// A fresh proof of identity is needed first.
    #[error("step-up needed")]
    StepUp,
    /// Somebody else changed it in the meantime.
    #[error("stale")]
    Stale,
    /// Too many tries; try again after so many seconds.
    #[error("too many, wait {0} s")]
    TooMany(u64),
    /// The request contradicts a rule that no form catches; the sentence is Swedish and meant for the user.
    #[error("{0}")]
    Invalid(&'static str),
    /// The machinery is full or starting; nothing was saved, the same request may be sent again.
    #[error("unavailable")]
    Unavailable,
    /// Our fault. The incident number is shown and logged; the cause is only logged.
    #[error("internal, incident {0}")]
    Internal(Incident),
}

/// The number that joins what the user saw with what the operations log says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Incident(Uuid);

impl Incident {
    /// Logs the cause under a new number. The cause must not carry personal data: errors of ours and of our libraries
    /// name tables, columns and states, never values.
    pub fn report(cause: &dyn fmt::Display) -> Self {
        let incident = Self(Uuid::new_v4());
        tracing::error!(%incident, %cause, "incident");
        incident
    }
}

impl fmt::Display for Incident {
    /// Eight characters are enough to find it in a day's log, and short enough to read out on the telephone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.simple().to_string().to_uppercase();
        write!(f, "{}-{}", &text[..4], &text[4..8])
    }
}

impl Error {
    /// An internal error with its incident reported.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::Internal(Incident::report(&cause))
    }
}

impl From<sqlx::Error> for Error {
    /// `RowNotFound` is not turned into [`Error::NotFound`]: a row that must be there and is not is a fault of ours.
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                tracing::warn!(cause = %error, "database unavailable");
                Self::Unavailable
            }
            // A value that breaks a constraint stands in the detail, which Display leaves out: the message names the
            // constraint alone. It is logged without the detail on purpose.
            _ => Self::internal(&error),
        }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

/// The name of the constraint that refused a statement, if one did.
pub fn constraint(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error().and_then(sqlx::error::DatabaseError::constraint)
}

/// The SQLSTATE of a database error, if it is one.
pub fn sqlstate(error: &sqlx::Error) -> Option<String> {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).map(std::borrow::Cow::into_owned)
}
