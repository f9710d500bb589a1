//! SQL about settings.

use uuid::Uuid;

use super::model::{NewVersion, Version};
use crate::access::right::{ChangeSettings, ReadSettings, Right, SeesCase};
use crate::access::{Access, CaseAccess};
use crate::audit::Event;
use crate::error::{Error, Result, constraint};
use crate::vocabulary::{SettingKey, SettingUnit};

/// All choices that were made, each setting's latest first.
pub async fn list(access: &mut Access<ReadSettings>) -> Result<Vec<Version>> {
    Ok(sqlx::query_as!(
        Version,
        r#"select s.id, s.key as "key: SettingKey", s.value, s.valid_from, s.decided_at, s.reason,
                  (select a.display_name from account a where a.id = s.decided_by) as decider
           from setting s order by s.key, s.valid_from desc, s.decided_at desc, s.id desc"#
    )
    .fetch_all(access.read())
    .await?)
}

/// What holds today, for a form of a case that says nothing else.
pub async fn value<R: Right + SeesCase>(case: &mut CaseAccess<R>, key: SettingKey) -> Result<i32> {
    let today = case.desk().clock().today();
    let value =
        sqlx::query_scalar!("select sec.setting_int($1, $2)", key as SettingKey, today).fetch_one(case.read()).await?;
    value.ok_or_else(|| Error::internal("a setting without a value"))
}

/// Whether the same form was saved the first time it was sent.
pub async fn exists(access: &mut Access<ChangeSettings>, id: Uuid) -> Result<bool> {
    // The same form sent twice at the same moment: the second waits here.
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))::text as "locked""#, id)
        .fetch_one(access.read())
        .await?;
    Ok(sqlx::query_scalar!(r#"select exists (select from setting where id = $1) as "exists!""#, id)
        .fetch_one(access.read())
        .await?)
}

/// Decides. `Stale` when somebody else has just moved what it is held to.
pub async fn decide(access: &mut Access<ChangeSettings>, new: &NewVersion) -> Result<()> {
    let (actor, now) = (access.desk().actor().account, access.desk().clock().now());
    sqlx::query!(
        "insert into setting (id, key, value, unit, valid_from, decided_by, decided_at, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        new.id,
        new.key as SettingKey,
        new.value,
        super::model::rule(new.key).unit as SettingUnit,
        new.valid_from,
        actor,
        now,
        new.reason
    )
    .execute(access.write(Event::SettingDecided, None).await?)
    .await
    .map_err(|error| match constraint(&error) {
        Some("setting_order") => Error::Stale,
        _ => error.into(),
    })?;
    Ok(())
}
