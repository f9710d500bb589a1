//! Who can sign in to the invented municipality. Read anew at each start from the database itself: the list can only
//! hold colleagues that the seed has hired, in a database that the seed has made.

use secrecy::{ExposeSecret, SecretString};

use super::{PASSWORD, REASON};
use crate::crypto::Sealed;
use crate::crypto::totp::Seed;
use crate::error::Result;
use crate::identity::CODE_SEED;
use crate::state::{AppState, DemoLogin};
use crate::vocabulary::Role;

/// Empty where the municipality is a real one.
pub async fn logins(state: &AppState) -> Result<Vec<DemoLogin>> {
    let mut work = state.db().begin_task().await?;
    let rows = sqlx::query!(
        r#"select a.id, a.display_name, c.user_name, c.code_seed as "code_seed!", g.role as "role: Role"
           from account a
           join identity.credential c on c.account_id = a.id
           join role_grant g on g.account_id = a.id and now() >= g.valid_from and now() < g.valid_to
           where (select m.is_demo from municipality m) and g.reason = $1 and g.granted_by is null and a.is_active
             and c.code_seed is not null
           order by a.id"#,
        REASON
    )
    .fetch_all(&mut *work)
    .await?;
    rows.into_iter()
        .map(|row| {
            let seed = state.keys.open_seed(CODE_SEED.at(row.id), &Sealed::from_bytes(row.code_seed))?;
            Ok(DemoLogin {
                name: row.display_name,
                role: row.role,
                user_name: row.user_name,
                password: SecretString::from(PASSWORD.to_owned()),
                seed: Seed::from_bytes(seed.expose_secret())?,
            })
        })
        .collect()
}
