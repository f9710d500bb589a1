//! Seeing where somebody is, through the pages: alone as one of the two, or together with a second person.

use time::Duration;
use utvag::placement::paths;
use uuid::Uuid;

use super::page::Page;
use super::people::{PASSWORD, Person};

pub const WHY: &str = "Hämtning till läkare";

impl Person<'_> {
    /// Password and a code that has not been used.
    fn proof(&self) -> [(&'static str, String); 2] {
        self.app.state.clock.put_forward(Duration::minutes(1));
        [("password", PASSWORD.to_owned()), ("code", self.code())]
    }

    async fn sends(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let proof = self.proof();
        let mut all = fields.to_vec();
        all.extend(proof.iter().map(|(name, value)| (*name, value.as_str())));
        self.post(path, &all).await
    }

    /// As one of the two who are named.
    pub async fn opens_the_location(&self, case: &str, placement: Uuid) -> Page {
        self.opens_the_location_because(case, placement, WHY).await
    }

    /// The same in other words.
    pub async fn opens_the_location_because(&self, case: &str, placement: Uuid, words: &str) -> Page {
        self.sends(&paths::location(case, placement), &[("kind", "transport"), ("reason", words)]).await
    }

    /// Asks a second person.
    pub async fn asks_for_the_location(&self, case: &str, placement: Uuid, id: Uuid) -> Page {
        let id = id.to_string();
        let fields = [("id", id.as_str()), ("kind", "danger_life"), ("reason", WHY)];
        self.sends(&paths::together(case, placement), &fields).await
    }

    pub async fn approves_the_location(&self, case: &str, placement: Uuid, id: Uuid) -> Page {
        let id = id.to_string();
        self.sends(&paths::approve(case, placement), &[("request", id.as_str())]).await
    }

    pub async fn sees_together(&self, case: &str, placement: Uuid) -> Page {
        self.post(&paths::see_together(case, placement), &[]).await
    }
}
