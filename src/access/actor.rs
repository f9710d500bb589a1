//! Who is asking, as the database's door says.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::audit::Source;
use crate::db::Opened;
use crate::vocabulary::{Role, Theme};

/// The cookie that carries the session's token.
pub const SESSION_COOKIE: &str = "__Host-session";

/// A signed-in colleague in one role.
#[derive(Debug, Clone)]
pub struct Actor {
    pub account: Uuid,
    pub session: Uuid,
    pub role: Role,
    pub name: String,
    pub unit: Option<Uuid>,
    pub theme: Theme,
    pub shortcuts: bool,
    pub proven_at: OffsetDateTime,
    pub seconds_left: u32,
    /// How many keys there are to confirm with; without any it is password and one-time code.
    pub keys: u32,
}

impl Actor {
    pub(super) fn from_door(opened: Opened) -> Self {
        Self {
            account: opened.account_id,
            session: opened.session_id,
            role: opened.role,
            name: opened.name,
            unit: opened.unit_id,
            theme: opened.theme,
            shortcuts: opened.shortcuts,
            proven_at: opened.proven_at,
            seconds_left: u32::try_from(opened.seconds_left).unwrap_or(0),
            keys: u32::try_from(opened.keys).unwrap_or(0),
        }
    }

    /// Whether acts are confirmed with a key.
    pub const fn has_key(&self) -> bool {
        self.keys > 0
    }

    /// Who a log row says it was.
    pub(super) fn source(&self, address: Option<String>) -> Source {
        Source {
            actor: Some(self.account),
            role: Some(self.role.code()),
            session: Some(self.session),
            address,
            request: Uuid::now_v7(),
        }
    }
}
