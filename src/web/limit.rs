//! How fast one address may ask. In memory and therefore per instance: it protects the machine, not the accounts; wrong
//! passwords are counted in a table by the identity module.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::client::{ClientAddress, Network, client_address, household};
use crate::error::Error;

/// How fast, and whose word is taken for where a request comes from.
#[derive(Debug, Clone)]
pub struct Rate {
    pub per_second: f64,
    pub burst: f64,
    pub proxies: Vec<Network>,
}

impl Default for Rate {
    fn default() -> Self {
        Self { per_second: 20.0, burst: 60.0, proxies: Vec::new() }
    }
}

/// One bucket for each address.
#[derive(Clone)]
pub struct AddressLimit {
    rate: Arc<Rate>,
    buckets: Arc<Mutex<Buckets>>,
}

#[derive(Default)]
struct Buckets {
    known: HashMap<u128, Bucket>,
    swept: Option<Instant>,
}

#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl AddressLimit {
    /// Addresses remembered. Beyond it newcomers share one bucket, so that a flood of addresses takes no more memory.
    const MOST: usize = 20_000;
    const SHARED: u128 = 0;
    const BETWEEN_SWEEPS: Duration = Duration::from_secs(1);

    pub fn new(rate: Rate) -> Self {
        Self { rate: Arc::new(rate), buckets: Arc::default() }
    }

    /// Takes one from the address's bucket, or says after how many seconds there is one again.
    fn take(&self, address: IpAddr, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = household(address);
        if buckets.known.len() >= Self::MOST && !buckets.known.contains_key(&key) {
            // A sweep reads all of them; for every newcomer it would be the flood's best weapon.
            if buckets.swept.is_none_or(|swept| now.saturating_duration_since(swept) >= Self::BETWEEN_SWEEPS) {
                buckets.swept = Some(now);
                buckets.known.retain(|_, bucket| self.refilled(*bucket, now) < self.rate.burst);
            }
            if buckets.known.len() >= Self::MOST {
                key = Self::SHARED;
            }
        }
        let bucket = buckets.known.entry(key).or_insert(Bucket { left: self.rate.burst, at: now });
        *bucket = Bucket { left: self.refilled(*bucket, now), at: now };
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            Ok(())
        } else {
            let seconds = ((1.0 - bucket.left) / self.rate.per_second).ceil().max(1.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "at least one, and a cast saturates"
            )]
            Err(seconds as u64)
        }
    }

    fn refilled(&self, bucket: Bucket, now: Instant) -> f64 {
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.left + since * self.rate.per_second).min(self.rate.burst)
    }
}

/// The middleware. Answers at once: a held connection would cost more than the request.
pub async fn by_address(State(limit): State<AddressLimit>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| {
        let peer: &SocketAddr = peer;
        peer.ip()
    });
    let client = client_address(peer, request.headers(), &limit.rate.proxies);
    if let Err(seconds) = limit.take(client.0, Instant::now()) {
        return Error::TooMany(seconds).into_response();
    }
    request.extensions_mut().insert::<ClientAddress>(client);
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;

    const KARIN: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const OLLE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    fn limit(per_second: f64, burst: f64) -> AddressLimit {
        AddressLimit::new(Rate { per_second, burst, proxies: Vec::new() })
    }

    #[test]
    fn a_burst_passes_and_the_next_waits() {
        let (limit, now) = (limit(20.0, 60.0), Instant::now());
        assert!((0..60).all(|_| limit.take(KARIN, now).is_ok()));
        assert_eq!(limit.take(KARIN, now), Err(1));
        assert_eq!(limit.take(OLLE, now), Ok(()), "one held up another");
    }

    #[test]
    fn the_bucket_fills_again_but_never_over_its_rim() {
        let (limit, now) = (limit(20.0, 60.0), Instant::now());
        while limit.take(KARIN, now).is_ok() {}
        let soon = now + Duration::from_millis(500);
        assert_eq!((0..20).filter(|_| limit.take(KARIN, soon).is_ok()).count(), 10);
        let later = now + Duration::from_hours(1);
        assert_eq!((0..100).filter(|_| limit.take(KARIN, later).is_ok()).count(), 60);
    }

    #[test]
    fn the_wait_is_told_in_whole_seconds() {
        let (limit, now) = (limit(0.1, 1.0), Instant::now());
        assert_eq!(limit.take(KARIN, now), Ok(()));
        assert_eq!(limit.take(KARIN, now), Err(10));
        assert_eq!(limit.take(KARIN, now + Duration::from_secs(4)), Err(6));
    }

    #[test]
    fn a_flood_of_addresses_takes_no_more_memory_and_spares_those_who_are_known() {
        let (limit, now) = (limit(1.0, 2.0), Instant::now());
        assert_eq!(limit.take(KARIN, now), Ok(()));
        for number in 0..30_000_u128 {
            let _ = limit.take(IpAddr::V6(Ipv6Addr::from_bits((0x2001 << 112) | (number << 64))), now);
        }
        assert!(limit.buckets.lock().unwrap().known.len() <= AddressLimit::MOST + 1);
        assert_eq!(limit.take(KARIN, now), Ok(()));
        assert!(limit.take(OLLE, now).is_err(), "the shared bucket should be empty");
        assert_eq!(limit.take(OLLE, now + Duration::from_secs(5)), Ok(()));
        assert!(limit.buckets.lock().unwrap().known.len() < 10, "full buckets were kept");
    }
}
