//! How often one may try. A delay that grows and is never a lock: a lock would let anybody shut a colleague out. Whoever
//! comes from a known device has a lane of their own, so that a stranger who guesses delays strangers only.
//! A try is counted before it is judged; many at once would otherwise all pass on the same count.

use std::net::IpAddr;

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::crypto::KeyRing;
use crate::error::Result;

const LONGEST_WAIT: i64 = 300;
/// A town hall signs in behind one address at eight in the morning.
const NETWORK_TRIES: i32 = 60;
const NETWORK_WINDOW: Duration = Duration::MINUTE;

/// What is counted together. A keyed hash, so that a name that does not exist has one just like a name that does.
pub(super) struct Lane {
    bucket: [u8; 32],
    free: i32,
}

impl Lane {
    /// A device that this account has signed in from before.
    pub(super) fn known_device(keys: &KeyRing, device: &str) -> Self {
        Self { bucket: bucket(keys, "device", device), free: 10 }
    }

    /// All other devices, per user name.
    pub(super) fn strangers(keys: &KeyRing, name: &str) -> Self {
        Self { bucket: bucket(keys, "name", name), free: 5 }
    }

    /// A key that says who it is: only its holder has it, but its number is no secret.
    pub(super) fn key(keys: &KeyRing, credential: &[u8]) -> Self {
        Self { bucket: bucket(keys, "key", &data_encoding::HEXLOWER.encode(credential)), free: 5 }
    }

    /// Whoever is signed in and proves it once more: a stranger's guesses at the door do not count here.
    pub(super) fn proof(keys: &KeyRing, account: Uuid) -> Self {
        Self { bucket: bucket(keys, "proof", &account.to_string()), free: 5 }
    }

    /// Counts a try. `Some` is the wait that is left: the try must not be judged.
    pub(super) async fn knock(&self, work: &mut PgConnection, now: OffsetDateTime) -> Result<Option<u64>> {
        let failures = sqlx::query_scalar!(
            "insert into identity.throttle as t (bucket, failures, blocked_until) values ($1, 1, $2)
             on conflict (bucket) do update set failures = least(t.failures + 1, 1000), touched_at = now()
             where t.blocked_until <= $2
             returning failures",
            &self.bucket,
            now
        )
        .fetch_optional(&mut *work)
        .await?;
        let Some(failures) = failures else {
            let until =
                sqlx::query_scalar!("select blocked_until from identity.throttle where bucket = $1", &self.bucket)
                    .fetch_one(work)
                    .await?;
            return Ok(Some(left(until, now)));
        };
        let next = now + Duration::seconds(delay(failures, self.free));
        sqlx::query!("update identity.throttle set blocked_until = $2 where bucket = $1", &self.bucket, next)
            .execute(work)
            .await?;
        Ok(None)
    }

    /// After a try that was right.
    pub(super) async fn clear(&self, work: &mut PgConnection) -> Result<()> {
        sqlx::query!("delete from identity.throttle where bucket = $1", &self.bucket).execute(work).await?;
        Ok(())
    }
}

/// Counts a try from a network, right or wrong. `Some` is the wait that is left.
pub(super) async fn knock_network(
    work: &mut PgConnection,
    keys: &KeyRing,
    address: Option<&str>,
    now: OffsetDateTime,
) -> Result<Option<u64>> {
    let Some(address) = address else { return Ok(None) };
    let row = sqlx::query!(
        "insert into identity.throttle as t (bucket, failures, blocked_until) values ($1, 1, $3)
         on conflict (bucket) do update set
           failures = case when t.blocked_until <= $2 then 1 else least(t.failures + 1, 1000) end,
           blocked_until = case when t.blocked_until <= $2 then $3 else t.blocked_until end,
           touched_at = now()
         returning failures, blocked_until",
        &bucket(keys, "network", &network(address)),
        now,
        now + NETWORK_WINDOW
    )
    .fetch_one(work)
    .await?;
    Ok((row.failures > NETWORK_TRIES).then(|| left(row.blocked_until, now)))
}

/// Seconds until the next try after so many: none, then 1, 2, 4 and on to five minutes.
fn delay(failures: i32, free: i32) -> i64 {
    match u32::try_from(failures - free) {
        Ok(doublings) => 1_i64.checked_shl(doublings.min(16)).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT)),
        Err(_) => 0,
    }
}

/// Rounded up: who waits what they were told is not refused again.
fn left(until: OffsetDateTime, now: OffsetDateTime) -> u64 {
    u64::try_from((until - now).whole_milliseconds()).unwrap_or(0).div_ceil(1000).max(1)
}

/// One IPv4 address, but the /64 of an IPv6 one: its owner changes the rest at will.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(v6)) => v6.segments()[..4].iter().fold(String::new(), |text, part| format!("{text}{part:x}:")),
        Ok(v4 @ IpAddr::V4(_)) => v4.to_string(),
        Err(_) => address.to_owned(),
    }
}

fn bucket(keys: &KeyRing, kind: &str, what: &str) -> [u8; 32] {
    keys.search_hash(&format!("throttle\0{kind}\0{what}"))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_free_tries_cost_nothing_and_then_the_delay_doubles_to_five_minutes() {
        let waits: Vec<i64> = (1..=15).map(|failures| delay(failures, 5)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!((delay(9, 10), delay(10, 10)), (0, 1));
        assert_eq!((delay(1000, 5), delay(i32::MAX, 0)), (300, 300), "a long siege turned the delay round");
    }

    #[test]
    fn what_is_left_is_rounded_up_and_never_nothing() {
        let now = datetime!(2026-11-18 8:00 UTC);
        assert_eq!(left(now + Duration::milliseconds(1001), now), 2);
        assert_eq!(left(now + Duration::seconds(2), now), 2);
        assert_eq!(left(now - Duration::SECOND, now), 1);
    }

    #[test]
    fn a_household_of_ipv6_is_one_network_and_an_ipv4_address_is_one_however_it_is_written() {
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.7"));
        assert_ne!(network("192.0.2.7"), network("192.0.2.8"));
    }

    #[test]
    fn lanes_do_not_run_together() {
        let keys = KeyRing::for_tests().unwrap();
        assert_ne!(Lane::known_device(&keys, "x").bucket, Lane::strangers(&keys, "x").bucket);
        assert_ne!(bucket(&keys, "network", "x"), Lane::strangers(&keys, "x").bucket);
    }
}
