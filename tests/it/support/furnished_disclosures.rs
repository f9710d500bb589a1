//! Disclosures of a furnished case, written past the pages: a draft with a text, and one that stands on the police's page.

use sqlx::{Executor, PgConnection};
use utvag::crypto::KeyRing;
use utvag::disclosure::{CONTENT, WEIGHING};
use uuid::Uuid;

pub const WEIGHED: &str = "Polisen behöver uppgiften för att skydda personen, och inget väger tyngre än det.";

/// What an address can name.
pub struct Disclosed {
    /// The one that is written.
    pub draft: Uuid,
    pub draft_item: Uuid,
    /// A text that the local police can read and save.
    pub released: Uuid,
}

async fn written(owner: &mut PgConnection, keys: &KeyRing, (case, writer): (Uuid, Uuid), text: &str) -> (Uuid, Uuid) {
    let (disclosure, item) = (Uuid::now_v7(), Uuid::now_v7());
    sqlx::query(
        "insert into disclosure (id, case_id, case_reference, recipient, initiated_by, ground, conditions_met, weighing, channel,
           available_from, expires_on, written_by, written_at)
         select $1, id, reference, 'police_lpo', 'own_initiative', 'no_harm', false, $3, 'police_portal', '2026-12-30',
           '2027-01-29', $4, '2026-12-30 11:00Z' from case_file where id = $2",
    )
    .bind(disclosure)
    .bind(case)
    .bind(keys.seal(WEIGHING.at(disclosure), WEIGHED).unwrap().as_bytes())
    .bind(writer)
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "insert into disclosure_item (id, disclosure_id, case_id, position, kind, categories, content, source_mark,
           is_protected_address, allow_download, frozen_by, frozen_at)
         values ($1, $2, $3, 1, 'changed_risk', array['threat_info']::disclosure_category[], $4, '', false, true, $5,
           '2026-12-30 11:00Z')",
    )
    .bind(item)
    .bind(disclosure)
    .bind(case)
    .bind(keys.seal(CONTENT.at(item), text).unwrap().as_bytes())
    .bind(writer)
    .execute(owner)
    .await
    .unwrap();
    (disclosure, item)
}

/// Rings somebody up at the local police.
pub async fn verified(owner: &mut PgConnection, account: Uuid) {
    sqlx::query("insert into liaison (account_id, organisation, verified_on) values ($1, 'police_lpo', '2026-12-01')")
        .bind(account)
        .execute(owner)
        .await
        .unwrap();
}

pub async fn add(owner: &mut PgConnection, keys: &KeyRing, case: Uuid, writer: Uuid) -> Disclosed {
    let (draft, draft_item) = written(owner, keys, (case, writer), "Fem män har sökt personen.").await;
    let (open, released) = written(owner, keys, (case, writer), "Hotet är taget på allvar.").await;
    // Somebody there has to be able to read it.
    let reader: Option<Uuid> =
        sqlx::query_scalar("select account_id from liaison limit 1").fetch_optional(&mut *owner).await.unwrap();
    if reader.is_none() {
        verified(owner, writer).await;
    }
    for step in [
        "status = 'decided', decided_by = written_by, decided_role = 'coordinator', decided_title = 'Samordnare',
         decided_at = '2026-12-30 11:05Z'",
        "status = 'released', released_by = written_by, released_at = '2026-12-30 11:10Z'",
    ] {
        let sql = format!("update disclosure set {step}, version = version + 1 where id = '{open}'");
        owner.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    }
    Disclosed { draft, draft_item, released }
}
