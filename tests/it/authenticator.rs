//! A security key in software, as honest as it is told to be: it makes a pair of keys for an address, counts, and signs.
//! The parts are put together by hand, so that a test can make each of them wrong.

use data_encoding::BASE64URL_NOPAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::app::ORIGIN;
use crate::support::page::Page;
use crate::support::people::{PASSWORD, Person};

/// Present, and verified by a finger or a code.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const HAS_KEY: u8 = 0x40;

/// See the module.
#[derive(Clone)]
pub struct Authenticator {
    pub secret: SigningKey,
    pub id: Vec<u8>,
    /// Whose it is, as the house told it.
    pub holder: String,
    pub counter: u32,
    /// The page that it believes to stand on.
    pub origin: String,
    /// Whether it sees who it is.
    pub verifies: bool,
}

fn b64(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

impl Authenticator {
    pub fn new() -> Self {
        let (mut secret, mut id) = ([0; 32], vec![0; 32]);
        getrandom::fill(&mut secret).unwrap();
        getrandom::fill(&mut id).unwrap();
        let secret = SigningKey::from_slice(&secret).unwrap();
        Self { secret, id, holder: String::new(), counter: 0, origin: ORIGIN.to_owned(), verifies: true }
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn head(&mut self, address: &str, more: u8) -> Vec<u8> {
        self.counter += 1;
        let flags = PRESENT | more | if self.verifies { VERIFIED } else { 0 };
        let mut head = Sha256::digest(address.as_bytes()).to_vec();
        head.push(flags);
        head.extend(self.counter.to_be_bytes());
        head
    }

    /// What the form carries when a new key has been asked: the question as the page or the script got it.
    pub fn registers(&mut self, question: &str) -> String {
        let question: Value = serde_json::from_str(question).unwrap();
        let options = &question["options"];
        options["user"]["id"].as_str().unwrap().clone_into(&mut self.holder);
        let mut data = self.head(options["rp"]["id"].as_str().unwrap(), HAS_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        let point = self.secret.verifying_key().to_sec1_point(false);
        // A COSE key: EC2, ES256, P-256, x and y.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(point.x().unwrap().as_slice());
        data.extend([0x22, 0x58, 0x20]);
        data.extend(point.y().unwrap().as_slice());
        let mut attestation = vec![0xa3, 0x63];
        attestation.extend(b"fmt\x64none\x67attStmt\xa0\x68authData");
        attestation.extend([0x58, u8::try_from(data.len()).unwrap()]);
        attestation.extend(&data);
        let response = json!({
            "clientDataJSON": b64(&self.client_data("webauthn.create", options)), "attestationObject": b64(&attestation),
        });
        self.answer(&question, &response)
    }

    /// What the form carries when a key has been asked to sign.
    pub fn signs(&mut self, question: &str) -> String {
        let question: Value = serde_json::from_str(question).unwrap();
        let options = &question["options"];
        let data = self.head(options["rpId"].as_str().unwrap(), 0);
        let client = self.client_data("webauthn.get", options);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&client));
        let signature: Signature = self.secret.sign(&signed);
        let response = json!({
            "clientDataJSON": b64(&client), "authenticatorData": b64(&data),
            "signature": b64(signature.to_der().as_bytes()), "userHandle": self.holder,
        });
        self.answer(&question, &response)
    }

    fn answer(&self, question: &Value, response: &Value) -> String {
        let credential = json!({
            "id": b64(&self.id), "rawId": b64(&self.id), "type": "public-key", "response": response,
            "clientExtensionResults": {},
        });
        json!({ "challenge": question["challenge"], "credential": credential }).to_string()
    }
}

impl Person<'_> {
    /// Registers a first key on the account's page, with password and one-time code.
    pub async fn registers_a_key(&self, name: &str) -> Authenticator {
        let mut key = Authenticator::new();
        self.app.state.clock.put_forward(time::Duration::seconds(30));
        let fields = [("name", name), ("password", PASSWORD), ("code", &self.code())];
        let page = self.post("/konto/nycklar/ny", &fields).await;
        self.keeps_the_key(&page, name, &mut key).await.leads_to("/konto/nycklar");
        key
    }

    /// Answers the question of the page that asks for a new key.
    pub async fn keeps_the_key(&self, page: &Page, name: &str, key: &mut Authenticator) -> Page {
        let question = page.is_ok().attributes("form", "data-key-new").remove(0);
        self.post("/konto/nycklar", &[("name", name), ("passkey", &key.registers(&question))]).await
    }

    /// The question to a key about an act, as the script gets it.
    pub async fn is_asked(&self, action: &str, case: &str) -> String {
        let page = self.post("/konto/nycklar/fraga", &[("action", action), ("case", case)]).await;
        page.is_ok().body.clone()
    }

    /// Signs in with a key alone.
    pub async fn tries_the_key(&self, key: &mut Authenticator) -> Page {
        let question = self.app.post("/logga-in/nyckel/fraga", &[]).await;
        self.app.post("/logga-in/nyckel", &[("passkey", &key.signs(&question.is_ok().body))]).await
    }

    pub async fn signs_in_with(&mut self, key: &mut Authenticator) {
        let answer = self.tries_the_key(key).await;
        self.cookie = answer.leads_to("/").cookie("__Host-session").unwrap();
    }
}
