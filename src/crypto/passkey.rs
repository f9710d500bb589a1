//! Passkeys and security keys by arithmetic: what a key is asked to sign, and whether what came back was signed by it, for
//! this address, by somebody who showed the key that it is them. Knows no table, no session and no page.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, CreationChallengeResponse, DiscoverableAuthentication, DiscoverableKey, Passkey,
    PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    RequestChallengeResponse, Url,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use webauthn_rs_proto::ResidentKeyRequirement;

use crate::config::Origin;
use crate::error::{Error, Result};

/// What the key's own window calls us.
const NAME: &str = "Utväg";
/// As long as a question is kept.
const TIME: Duration = Duration::from_mins(2);

/// The address whose keys these are. A key answers no other, so nobody can be fooled into giving theirs away.
pub struct RelyingParty(Webauthn);

/// A question to a key.
pub struct Question {
    /// For the browser.
    pub options: Value,
    /// What the answer is checked against. Kept here and never in the browser.
    pub state: Value,
}

/// The public half of a key, and what is remembered beside it.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(Passkey);

impl Key {
    pub fn id(&self) -> &[u8] {
        self.0.cred_id()
    }

    /// As it is kept.
    pub fn written(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::internal)
    }
}

/// An answer that was right.
pub struct Answered {
    result: AuthenticationResult,
}

impl Answered {
    /// Which key it was.
    pub fn by(&self) -> &[u8] {
        self.result.cred_id()
    }

    /// How often the key says that it has answered; nothing where it does not count.
    pub fn counter(&self) -> i64 {
        self.result.counter().into()
    }

    /// Remembers the answer on the key that gave it.
    pub fn note_on(&self, key: &mut Key) {
        // Nothing to remember is as good as something.
        let _ = key.0.update_credential(&self.result);
    }
}

impl RelyingParty {
    /// None for an address that no key can belong to, such as a number.
    pub fn at(origin: &Origin) -> Option<Self> {
        let url = Url::parse(origin.as_str()).ok()?;
        let host = url.domain()?.to_owned();
        WebauthnBuilder::new(&host, &url).ok()?.rp_name(NAME).timeout(TIME).build().ok().map(Self)
    }

    /// Asks for a new key, which none of those held may be.
    pub fn ask_for_new(&self, account: Uuid, user_name: &str, name: &str, held: &[&Key]) -> Result<Question> {
        let held = held.iter().map(|key| key.0.cred_id().clone()).collect();
        let (mut asked, state) =
            self.0.start_passkey_registration(account, user_name, name, Some(held)).map_err(Error::internal)?;
        // The key keeps the name itself: whoever signs in with it types none.
        if let Some(selection) = asked.public_key.authenticator_selection.as_mut() {
            selection.resident_key = Some(ResidentKeyRequirement::Required);
            selection.require_resident_key = true;
        }
        Question::new::<CreationChallengeResponse, PasskeyRegistration>(&asked, &state)
    }

    /// The new key. None where the answer does not belong to the question, or the key did not see who it was.
    pub fn new_key(&self, state: &Value, answer: &Value) -> Option<Key> {
        let state = PasskeyRegistration::deserialize(state).ok()?;
        let answer = RegisterPublicKeyCredential::deserialize(answer).ok()?;
        self.0.finish_passkey_registration(&answer, &state).ok().map(Key)
    }

    /// Asks for one of the keys held.
    pub fn ask(&self, held: &[&Key]) -> Result<Question> {
        let held: Vec<Passkey> = held.iter().map(|key| key.0.clone()).collect();
        let (asked, state) = self.0.start_passkey_authentication(&held).map_err(Error::internal)?;
        Question::new::<RequestChallengeResponse, PasskeyAuthentication>(&asked, &state)
    }

    pub fn answered(&self, state: &Value, answer: &Value) -> Option<Answered> {
        let state = PasskeyAuthentication::deserialize(state).ok()?;
        let answer = PublicKeyCredential::deserialize(answer).ok()?;
        verified(self.0.finish_passkey_authentication(&answer, &state).ok()?)
    }

    /// Asks for any key of this address.
    pub fn ask_anybody(&self) -> Result<Question> {
        let (mut asked, state) = self.0.start_discoverable_authentication().map_err(Error::internal)?;
        // For a button, and not for what the browser offers while somebody types.
        asked.mediation = None;
        Question::new::<RequestChallengeResponse, DiscoverableAuthentication>(&asked, &state)
    }

    /// Who the answer says that it is from: account and key. Not checked.
    pub fn claimed(answer: &Value) -> Option<(Uuid, Vec<u8>)> {
        let answer = PublicKeyCredential::deserialize(answer).ok()?;
        let account = answer.get_user_unique_id().and_then(|id| Uuid::from_slice(id).ok())?;
        Some((account, answer.get_credential_id().to_vec()))
    }

    /// Whether any key of ours, this one, has answered.
    pub fn answered_by(&self, state: &Value, answer: &Value, key: &Key) -> Option<Answered> {
        let state = DiscoverableAuthentication::deserialize(state).ok()?;
        let answer = PublicKeyCredential::deserialize(answer).ok()?;
        let key = DiscoverableKey::from(&key.0);
        verified(self.0.finish_discoverable_authentication_v2(&answer, state, &key).ok()?)
    }
}

/// Asked for in the question, and looked at here once more: possession alone is one factor.
fn verified(result: AuthenticationResult) -> Option<Answered> {
    result.user_verified().then_some(Answered { result })
}

impl Question {
    fn new<Asked: Serialize, State: Serialize>(asked: &Asked, state: &State) -> Result<Self> {
        let options = serde_json::to_value(asked).map_err(Error::internal)?;
        // The browser takes what stands inside.
        let options = options.get("publicKey").cloned().ok_or_else(|| Error::internal("a question without content"))?;
        Ok(Self { options, state: serde_json::to_value(state).map_err(Error::internal)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(origin: &str) -> Option<RelyingParty> {
        RelyingParty::at(&Origin::parse(origin).unwrap())
    }

    #[test]
    fn a_key_belongs_to_a_name_and_not_to_a_number() {
        assert!(at("https://utvag.example.se").is_some() && at("http://localhost:8080").is_some());
        assert!(at("http://127.0.0.1:8080").is_none() && at("http://[::1]:8080").is_none());
    }

    #[test]
    fn a_new_key_keeps_the_name_and_sees_who_it_is() {
        let party = at("https://utvag.example.se").unwrap();
        let question = party.ask_for_new(Uuid::now_v7(), "karin", "Karin", &[]).unwrap();
        assert_eq!(question.options["rp"]["id"], "utvag.example.se");
        let selection = &question.options["authenticatorSelection"];
        assert_eq!(selection["residentKey"], "required");
        assert_eq!(selection["userVerification"], "required");
        assert!(party.new_key(&question.state, &serde_json::json!({})).is_none());
    }

    #[test]
    fn every_question_is_another() {
        let party = at("https://utvag.example.se").unwrap();
        let (one, other) = (party.ask_anybody().unwrap(), party.ask_anybody().unwrap());
        assert_ne!(one.options["challenge"], other.options["challenge"]);
        assert_eq!(one.options["userVerification"], "required");
        assert!(one.options.get("mediation").is_none());
    }
}
