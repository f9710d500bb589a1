//! What was typed to name one who sees where the person is, and the rule that they are two. Postgres holds it as seats.

use serde::Deserialize;
use uuid::Uuid;

use crate::web::form::{Faults, uuid};

/// So many see where somebody is (domain 0.4).
pub const MOST: usize = 2;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ReaderForm {
    pub id: String,
    pub account: String,
    pub reason: String,
}

/// What was meant.
#[derive(Debug)]
pub struct NewReader {
    pub id: Uuid,
    pub account: Uuid,
    pub reason: String,
}

impl ReaderForm {
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), ..Self::default() }
    }

    /// Given who can be named, and who is.
    pub fn parse(&self, candidates: &[(Uuid, String)], named: &[Uuid]) -> Result<NewReader, Faults> {
        let mut faults = Faults::none();
        let account = uuid(&self.account).filter(|id| candidates.iter().any(|(one, _)| one == id));
        let account = faults.need(account, "account", "Välj en handläggare eller samordnare som arbetar med ärendet");
        if account.is_some_and(|account| named.contains(&account)) {
            faults.add("account", "Välj någon annan. Kollegan får redan se vistelseorten");
        } else if named.len() >= MOST {
            faults.add("account", "Ta bort en läsare först. Högst två får se vistelseorten");
        }
        let reason = faults.text(&self.reason, 500, "reason", "Skriv ett skäl");
        let id = faults.need(uuid(&self.id), "account", "Formuläret är för gammalt. Öppna sidan på nytt");
        match (id, account, reason) {
            (Some(id), Some(account), Some(reason)) => faults.finish(NewReader { id, account, reason }),
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(account: u128, named: &[u128]) -> Result<NewReader, Faults> {
        let candidates: Vec<_> = (1..4).map(|id| (Uuid::from_u128(id), format!("Kollega {id}"))).collect();
        let named: Vec<_> = named.iter().map(|id| Uuid::from_u128(*id)).collect();
        let (account, reason) = (Uuid::from_u128(account).to_string(), "Går in på fredag".to_owned());
        ReaderForm { account, reason, ..ReaderForm::fresh() }.parse(&candidates, &named)
    }

    #[test]
    fn they_are_two_at_most_and_work_with_the_case() {
        assert_eq!(parsed(1, &[2]).unwrap().account, Uuid::from_u128(1));
        let fault = |account, named: &[u128]| parsed(account, named).unwrap_err().of("account").unwrap().to_owned();
        assert_eq!(fault(3, &[1, 2]), "Ta bort en läsare först. Högst två får se vistelseorten");
        assert_eq!(fault(1, &[1, 2]), "Välj någon annan. Kollegan får redan se vistelseorten");
        assert_eq!(fault(9, &[]), "Välj en handläggare eller samordnare som arbetar med ärendet");
    }
}
