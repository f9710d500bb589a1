//! A month of the log under review, put straight into the database by its owner, and reviewing through the pages.

use sqlx::PgConnection;
use time::Duration;
use utvag::crypto::KeyRing;
use utvag::log_review::NOTE;
use uuid::Uuid;

use super::page::Page;
use super::people::{PASSWORD, Person};

/// A month with one item, about which whoever did it is asked. The item.
pub async fn asked(owner: &mut PgConnection, keys: &KeyRing, reviewer: Uuid, actor: Uuid, case: Uuid) -> Uuid {
    let [review, item, mark] = std::array::from_fn(|_| Uuid::now_v7());
    sqlx::query(
        "with r as (insert into log_review (id, month, drawn_by, drawn_at, seed, events, user_days, sampled_days, left_out)
                    values ($1, '2026-11-01', $4, '2026-12-01 09:00Z', decode(repeat('07', 16), 'hex'), 1, 1, 1, 0) returning id)
         insert into log_review_item (id, review_id, number, actor_id, actor_role, day, case_id, reference, purpose, first_at,
           last_at, entries, events, grounds)
         select $2, r.id, 1, $5, 'caseworker', '2026-11-18', $3, c.reference, 'Ansvarig handläggare', '2026-11-18 09:00Z',
                '2026-11-18 09:05Z', '{1}', '{\"case.read\": 2}', '{chance}' from r, case_file c where c.id = $3",
    )
    .bind(review)
    .bind(item)
    .bind(case)
    .bind(reviewer)
    .bind(actor)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into log_review_mark (id, item_id, number, verdict, note, made_by, made_at)
         values ($1, $2, 1, 'ask_user', $3, $4, '2026-12-02 09:00Z')",
    )
    .bind(mark)
    .bind(item)
    .bind(keys.seal(NOTE.at(mark), "Varför öppnade du ärendet?").unwrap().as_bytes())
    .bind(reviewer)
    .execute(owner)
    .await
    .unwrap();
    item
}

impl Person<'_> {
    /// Says something of an item, as the form stands now.
    pub async fn marks(&self, item: &str, verdict: &str, note: &str) -> Page {
        let page = self.get(item).await;
        let (id, number) = (page.is_ok().value("id"), page.value("number"));
        self.post(item, &[("id", &id), ("number", &number), ("verdict", verdict), ("note", note)]).await
    }

    /// Signs the page that is shown, with the next code that the app shows.
    pub async fn signs(&self, path: &str, password: &str) -> Page {
        self.app.state.clock.put_forward(Duration::seconds(30));
        let print = self.get(path).await.is_ok().value("print");
        self.post(path, &[("print", &print), ("password", password), ("code", &self.code())]).await
    }

    pub async fn signs_rightly(&self, path: &str) -> Page {
        self.signs(path, PASSWORD).await
    }
}
