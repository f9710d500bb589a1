//! How passwords are kept and compared: argon2id with a pepper, two at a time. Which passwords may be chosen is in
//! `password_rules`; how often one may try is the identity module's.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{
        self,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    keyring::{DataKeys, KeyRing},
    random,
};
use crate::error::{Error, Result};

/// What one hash costs. Part of every hash, so it can be raised at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Default for PasswordCost {
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 }
    }
}

impl PasswordCost {
    /// OWASP's floor. Anything under it is for tests.
    const FLOOR: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };

    pub fn for_tests() -> Self {
        Self { memory_kib: 64, passes: 1, lanes: 1 }
    }

    /// Called at start unless the house runs as a demo or a test.
    pub fn fit_for_production(self) -> std::result::Result<(), &'static str> {
        if self.memory_kib >= Self::FLOOR.memory_kib && self.passes >= Self::FLOOR.passes && self.lanes >= 1 {
            Ok(())
        } else {
            Err("the password cost is under the floor: use at least 19456 KiB of memory, 2 passes and 1 lane")
        }
    }

    fn params(self) -> Result<Params> {
        Params::new(self.memory_kib, self.passes, self.lanes, Some(Params::DEFAULT_OUTPUT_LEN)).map_err(Error::internal)
    }
}

/// Hashes and compares passwords. Two run at a time and eight wait; whoever comes after is asked to come again, so
/// that a flood of sign-ins takes neither the memory nor the processor from those who work.
#[derive(Clone)]
pub struct Passwords {
    keys: Arc<KeyRing>,
    params: Params,
    dummy: Arc<str>,
    at_work: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

impl Passwords {
    const AT_WORK: usize = 2;
    const WAITING: usize = 8;

    pub fn new(keys: Arc<KeyRing>, cost: PasswordCost) -> Result<Self> {
        let params = cost.params()?;
        let dummy = dummy(keys.data.newest().id, &params)?.into();
        Ok(Self {
            keys,
            params,
            dummy,
            at_work: Arc::new(Semaphore::new(Self::AT_WORK)),
            admitted: Arc::new(Semaphore::new(Self::AT_WORK + Self::WAITING)),
        })
    }

    /// `<pepper's key id>$argon2id$…`, of the bytes exactly as they were sent.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let params = self.params.clone();
        self.work(password, move |keys, password| {
            let pepper = keys.data.newest();
            let salt: [u8; 16] = random()?;
            let hash = argon2(pepper, params)?.hash_password_with_salt(password, &salt).map_err(Error::internal)?;
            Ok(format!("{}{hash}", pepper.id))
        })
        .await
    }

    pub async fn verify(&self, password: &str, stored: &str) -> Result<bool> {
        let stored = stored.to_owned();
        let params = self.params.clone();
        self.work(password, move |keys, password| {
            let (id, hash) = split(&stored)?;
            let pepper = keys
                .data
                .find(|keys| keys.id == id)
                .ok_or_else(|| Error::internal("a password was hashed with a pepper that is gone"))?;
            match argon2(pepper, params)?.verify_password(password, &hash) {
                Ok(()) => Ok(true),
                Err(password_hash::Error::PasswordInvalid) => Ok(false),
                Err(cause) => Err(Error::internal(cause)),
            }
        })
        .await
    }

    /// Takes as long as a real one and is always wrong: for names that do not exist.
    pub async fn dummy_verify(&self, password: &str) -> Result<bool> {
        self.verify(password, &self.dummy).await.map(|_| false)
    }

    /// Whether cost or pepper have changed since: hash again while the password is at hand.
    pub fn needs_rehash(&self, stored: &str) -> bool {
        let current = split(stored).ok().is_some_and(|(id, hash)| {
            let params = Params::try_from(&hash).ok();
            let same = |params: Params| {
                (params.m_cost(), params.t_cost(), params.p_cost())
                    == (self.params.m_cost(), self.params.t_cost(), self.params.p_cost())
            };
            id == self.keys.data.newest().id && params.is_some_and(same)
        });
        !current
    }

    async fn work<T: Send + 'static>(
        &self,
        password: &str,
        job: impl FnOnce(&KeyRing, &[u8]) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| Error::Unavailable)?;
        let at_work = Arc::clone(&self.at_work).acquire_owned().await.map_err(Error::internal)?;
        let keys = Arc::clone(&self.keys);
        let password = SecretString::from(password);
        // The permits go with the job: it cannot be cancelled, and a caller who left must not make room for another.
        let permits: [OwnedSemaphorePermit; 2] = [admitted, at_work];
        let job = move || {
            let done = job(&keys, password.expose_secret().as_bytes());
            drop(permits);
            done
        };
        tokio::task::spawn_blocking(job).await.map_err(Error::internal)?
    }
}

fn argon2(pepper: &DataKeys, params: Params) -> Result<Argon2<'_>> {
    Argon2::new_with_secret(pepper.pepper.expose_secret(), Algorithm::Argon2id, Version::V0x13, params)
        .map_err(Error::internal)
}

fn split(stored: &str) -> Result<(u8, PasswordHash)> {
    let parse = || {
        let (id, _) = stored.split_once('$')?;
        Some((id.parse().ok()?, PasswordHash::new(&stored[id.len()..]).ok()?))
    };
    parse().ok_or_else(|| Error::internal("a stored password hash cannot be read"))
}

/// A hash that no password has, made without the cost of one.
fn dummy(key_id: u8, params: &Params) -> Result<String> {
    let salt: [u8; 16] = random()?;
    let tag: [u8; Params::DEFAULT_OUTPUT_LEN] = random()?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).map_err(Error::internal)?,
        salt: Some(Salt::new(&salt).map_err(Error::internal)?),
        hash: Some(Output::new(&tag).map_err(Error::internal)?),
    };
    Ok(format!("{key_id}{hash}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passwords() -> Passwords {
        Passwords::new(Arc::new(KeyRing::for_tests().unwrap()), PasswordCost::for_tests()).unwrap()
    }

    #[tokio::test]
    async fn the_right_password_is_right_and_others_are_wrong() {
        let passwords = passwords();
        let stored = passwords.hash("sadel molnig trappa").await.unwrap();
        assert!(stored.starts_with("1$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        assert!(passwords.verify("sadel molnig trappa", &stored).await.unwrap());
        assert!(!passwords.verify("sadel molnig trappa ", &stored).await.unwrap());
        assert!(!passwords.verify("", &stored).await.unwrap());
    }

    #[tokio::test]
    async fn the_two_ways_to_write_å_are_two_passwords() {
        let passwords = passwords();
        let stored = passwords.hash("\u{e5}").await.unwrap();
        assert!(!passwords.verify("a\u{30a}", &stored).await.unwrap());
    }

    #[tokio::test]
    async fn without_the_pepper_a_hash_is_worth_nothing() {
        let stored = passwords().hash("sadel").await.unwrap();
        assert!(!passwords().verify("sadel", &stored).await.unwrap());
    }

    #[tokio::test]
    async fn a_dummy_is_never_right_and_costs_the_same() {
        let passwords = passwords();
        assert!(!passwords.dummy_verify("sadel").await.unwrap());
        let (_, dummy) = split(&passwords.dummy).unwrap();
        let (_, real) = split(&passwords.hash("sadel").await.unwrap()).unwrap();
        assert_eq!(dummy.params, real.params);
        assert_eq!(passwords.dummy.len(), passwords.hash("sadel").await.unwrap().len());
    }

    #[tokio::test]
    async fn a_dearer_cost_or_a_newer_pepper_asks_for_a_new_hash() {
        let keys = Arc::new(KeyRing::for_tests().unwrap());
        let cheap = Passwords::new(Arc::clone(&keys), PasswordCost::for_tests()).unwrap();
        let dear = Passwords::new(keys, PasswordCost { passes: 2, ..PasswordCost::for_tests() }).unwrap();
        let stored = cheap.hash("sadel").await.unwrap();
        assert!(!cheap.needs_rehash(&stored));
        assert!(dear.needs_rehash(&stored));
        assert!(dear.verify("sadel", &stored).await.unwrap(), "the old cost no longer verifies");
        assert!(cheap.needs_rehash(&format!("2{}", &stored[1..])));
        assert!(cheap.needs_rehash("nonsense"));
    }

    #[tokio::test]
    async fn a_hash_that_cannot_be_read_is_our_fault_and_not_a_wrong_password() {
        let passwords = passwords();
        for stored in ["", "1$", "x$argon2id$v=19$m=64,t=1,p=1$YWFhYWFhYWE$YWFhYWFhYWFhYQ", "nonsense"] {
            assert!(matches!(passwords.verify("sadel", stored).await, Err(Error::Internal(_))), "{stored}");
        }
        let stored = passwords.hash("sadel").await.unwrap();
        let gone = format!("9{}", &stored[1..]);
        assert!(matches!(passwords.verify("sadel", &gone).await, Err(Error::Internal(_))));
    }

    #[test]
    fn a_cost_under_the_floor_is_not_for_production() {
        assert!(PasswordCost::default().fit_for_production().is_ok());
        assert!(PasswordCost { memory_kib: 19 * 1024, passes: 2, lanes: 1 }.fit_for_production().is_ok());
        assert!(PasswordCost { memory_kib: 19 * 1024 - 1, passes: 9, lanes: 1 }.fit_for_production().is_err());
        assert!(PasswordCost { memory_kib: 64 * 1024, passes: 1, lanes: 1 }.fit_for_production().is_err());
        assert!(PasswordCost::for_tests().fit_for_production().is_err());
    }

    #[tokio::test]
    async fn the_eleventh_at_once_is_asked_to_come_again() {
        let passwords = passwords();
        let held = Arc::clone(&passwords.at_work).acquire_many_owned(2).await.unwrap();
        let waiting: Vec<_> = (0..10)
            .map(|_| {
                let passwords = passwords.clone();
                tokio::spawn(async move { passwords.hash("sadel").await })
            })
            .collect();
        while passwords.admitted.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(passwords.dummy_verify("sadel").await, Err(Error::Unavailable)));
        drop(held);
        for hash in waiting {
            assert!(hash.await.unwrap().is_ok());
        }
        assert!(passwords.hash("sadel").await.is_ok(), "the queue did not empty");
    }
}
