//! Breaking the glass before a case of somebody else's, through the page.

use time::Duration;
use utvag::break_glass::paths;
use uuid::Uuid;

use super::page::Page;
use super::people::{PASSWORD, Person};

pub const WORDS: &str = "Han ringde jouren och är hotad just nu";

impl Person<'_> {
    pub async fn breaks(&self, sought: &str, words: &str) -> Page {
        self.breaks_with(Uuid::now_v7(), sought, words).await
    }

    pub async fn breaks_with(&self, id: Uuid, sought: &str, words: &str) -> Page {
        // A code opens once.
        self.app.state.clock.put_forward(Duration::minutes(1));
        let (id, code) = (id.to_string(), self.code());
        let fields = [
            ("id", id.as_str()),
            ("sought", sought),
            ("reason", "danger_life"),
            ("words", words),
            ("aware", "ja"),
            ("password", PASSWORD),
            ("code", &code),
        ];
        self.post(paths::BREAK, &fields).await
    }
}
