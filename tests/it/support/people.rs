//! Colleagues, as the tests speak of them: each has an account, signs in through the page, and keeps the cookie.

use axum::body::Body;
use axum::http::Request;
use secrecy::ExposeSecret;
use sqlx::PgConnection;
use utvag::audit::{self, Note, Source};
use utvag::clock::Clock;
use utvag::crypto::KeyRing;
use utvag::crypto::totp::{Seed, code_at};
use utvag::identity::account::{NewAccount, with_password};
use utvag::vocabulary::Role;
use uuid::Uuid;

use super::app::App;
use super::page::{Page, form, with_cookie};

pub const PASSWORD: &str = "sju lugna älgar vid ån";

/// See the module.
pub struct Person<'a> {
    pub app: &'a App,
    pub account: Uuid,
    pub name: String,
    pub user_name: String,
    pub cookie: String,
    seed: Seed,
}

/// Writes the row that the operator's verbs write.
pub async fn write_trail(work: &mut PgConnection, keys: &KeyRing, clock: &Clock, note: Note) {
    let source = Source { actor: None, role: None, session: None, address: None, request: Uuid::new_v4() };
    audit::append(work, keys, clock.now(), &source, &[note]).await.unwrap();
}

impl<'a> Person<'a> {
    /// An account that has not signed in.
    pub async fn hired(app: &'a App, role: Role) -> Self {
        let number = app.next_person();
        let (account, seed) = (Uuid::now_v7(), Seed::draw().unwrap());
        let (name, user_name) = (format!("{} {number}", role.label()), format!("{}{number}", role.code()));
        let new = NewAccount {
            id: account,
            user_name: &user_name,
            display_name: &name,
            title: role.label(),
            unit: Some(app.unit),
            role,
            months: 12,
            reason: "prov",
        };
        let mut work = app.db.begin_task().await.unwrap();
        let (keys, passwords) = (&app.state.keys, &app.state.passwords);
        let note = with_password(&mut work, keys, passwords, &new, PASSWORD, &seed).await.unwrap();
        write_trail(&mut work, keys, &app.state.clock, note).await;
        work.commit().await.unwrap();
        Self { app, account, name, user_name, cookie: String::new(), seed }
    }

    pub async fn signs_in(app: &'a App, role: Role) -> Self {
        let mut person = Self::hired(app, role).await;
        person.sign_in().await;
        person
    }

    /// A colleague of the invented municipality, signed in with what the first page shows.
    pub async fn of_the_demo(app: &'a App, user_name: &str) -> Self {
        let login = app.state.demo.iter().find(|login| login.user_name == user_name).unwrap();
        let code = code_at(&login.seed, app.state.clock.now().unix_timestamp());
        let fields = [("user_name", user_name), ("password", login.password.expose_secret()), ("code", &code)];
        let answer = app.post("/logga-in", &fields).await;
        answer.leads_to("/");
        Self {
            app,
            account: Uuid::nil(),
            name: login.name.clone(),
            user_name: user_name.to_owned(),
            cookie: answer.cookie("__Host-session").unwrap(),
            seed: Seed::from_bytes(login.seed.as_bytes()).unwrap(),
        }
    }

    /// Through the page; the cookie of the session is kept.
    pub async fn sign_in(&mut self) -> Page {
        self.sign_in_towards("/").await
    }

    /// The same, where another page than the first one waits.
    pub async fn sign_in_towards(&mut self, page: &str) -> Page {
        let code = self.code();
        let fields = [("user_name", self.user_name.as_str()), ("password", PASSWORD), ("code", &code)];
        let answer = self.app.post("/logga-in", &fields).await;
        answer.leads_to(page);
        self.cookie = answer.cookie("__Host-session").unwrap();
        answer
    }

    /// The same person, who has not signed in at this computer.
    pub fn twin(&self) -> Self {
        let seed = Seed::from_bytes(self.seed.as_bytes()).unwrap();
        let (name, user_name) = (self.name.clone(), self.user_name.clone());
        Self { app: self.app, account: self.account, name, user_name, cookie: String::new(), seed }
    }

    /// What the app for one-time codes shows now.
    pub fn code(&self) -> String {
        code_at(&self.seed, self.app.state.clock.now().unix_timestamp())
    }

    /// What confirms it without a key: password and the one-time code of the next half minute, for each counts once.
    pub async fn proves(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.app.state.clock.put_forward(time::Duration::seconds(30));
        let code = self.code();
        let mut all = fields.to_vec();
        all.extend([("password", PASSWORD), ("code", code.as_str())]);
        self.post(path, &all).await
    }

    pub async fn get(&self, path: &str) -> Page {
        let request = with_cookie(Request::get(path), Some(&self.cookie)).header("sec-fetch-site", "same-origin");
        self.app.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.app.send(form(path, fields, Some(&self.cookie))).await
    }

    /// The token, for what the house does in this colleague's name.
    pub fn token(&self) -> &str {
        self.cookie.split_once('=').map_or("", |(_, token)| token)
    }
}
