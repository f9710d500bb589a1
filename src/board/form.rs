//! What is chosen before the tables leave as a file.

use serde::Deserialize;

use crate::web::form::{Faults, code};

/// What the file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Board,
    Accounts,
    Audit,
    Planning,
}

impl Purpose {
    pub const ALL: [Self; 4] = [Self::Board, Self::Accounts, Self::Audit, Self::Planning];

    /// What the log keeps.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Board => "board",
            Self::Accounts => "accounts",
            Self::Audit => "audit",
            Self::Planning => "planning",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Board => "Underlag till nämnden",
            Self::Accounts => "Delårs- eller årsbokslut",
            Self::Audit => "Kommunens revisorer",
            Self::Planning => "Planering av verksamheten",
        }
    }

    fn parse(typed: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.code() == typed)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ExportForm {
    pub ar: String,
    pub tertial: String,
    pub purpose: String,
}

impl ExportForm {
    pub fn parse(&self) -> Result<Purpose, Faults> {
        let mut faults = Faults::none();
        match faults.need(code(&self.purpose, Purpose::parse), "purpose", "Välj vad filen är till för") {
            Some(purpose) => faults.finish(purpose),
            None => Err(faults),
        }
    }
}
