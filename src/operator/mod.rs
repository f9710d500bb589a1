//! What whoever runs the program does with it from a terminal: founding the organisation, letting people in, throwing
//! sessions out, asking whether it is well. Every one of these that changes something stands in the log.

pub mod arguments;
pub mod log_file;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use sqlx::PgConnection;
use time::Date;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::audit::record::Record;
use crate::audit::{self, Event, Note, Source};
use crate::clock::Clock;
use crate::compromise::{self, model::Exposure};
use crate::crypto::KeyRing;
use crate::crypto::token::Code;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::identity::account::{self, NewAccount};
use crate::identity::{activation, session};
use crate::organisation::store::{self as organisation, NewOrganisation, Unit, found, name};
use crate::vocabulary::{DisclosureRecipient, Role};

/// The way in for the verbs: the program's own login and keys.
pub struct Operator {
    pub db: Db,
    pub keys: KeyRing,
    pub clock: Clock,
}

/// The municipality as it is founded.
pub struct NewMunicipality<'n> {
    pub name: &'n str,
    /// Four figures.
    pub code: &'n str,
    pub committee: &'n str,
    pub committee_abbrev: &'n str,
    pub unit: &'n str,
    /// Codes and names, in the order of their codes.
    pub districts: &'n [(&'n str, &'n str)],
}

/// Somebody to let in.
pub struct Newcomer<'n> {
    pub user_name: &'n str,
    pub name: &'n str,
    pub title: &'n str,
    pub role: Role,
    /// How long the role is held.
    pub months: u8,
    /// Whom somebody from outside reads for; they have been rung up there today. None for colleagues.
    pub organisation: Option<DisclosureRecipient>,
}

impl Operator {
    /// Founds the organisation and its first administrator. Refused where there is an administrator: that one, and no
    /// terminal, lets the others in.
    pub async fn bootstrap(&self, municipality: &NewMunicipality<'_>, first: &Newcomer<'_>) -> Result<Code> {
        let mut work = self.db.begin_task().await?;
        if account::has_administrator(&mut work).await? {
            return Err(Error::Invalid("Det finns redan en systemadministratör."));
        }
        let mut trail = Vec::new();
        let unit = match account::only_unit(&mut work).await? {
            Some(unit) => unit,
            None if name(&mut work).await?.is_none() => {
                let founded = found(
                    &mut work,
                    &NewOrganisation {
                        name: municipality.name,
                        code: municipality.code,
                        committee: municipality.committee,
                        committee_abbrev: municipality.committee_abbrev,
                        unit: municipality.unit,
                        districts: municipality.districts,
                        from: self.today(),
                        is_demo: false,
                    },
                )
                .await?;
                trail.push(founded.note);
                founded.unit
            }
            None => return Err(Error::Invalid("Kommunen har ingen enhet.")),
        };
        let code = self.let_in(&mut work, &mut trail, unit, first).await?;
        self.commit(work, &trail).await?;
        Ok(code)
    }

    /// An account with a role, and the code that its holder activates it with.
    pub async fn add(&self, newcomer: &Newcomer<'_>) -> Result<Code> {
        let mut work = self.db.begin_task().await?;
        let unit =
            account::only_unit(&mut work).await?.ok_or(Error::Invalid("Lägg upp kommunen med bootstrap först."))?;
        let mut trail = Vec::new();
        let code = self.let_in(&mut work, &mut trail, unit, newcomer).await?;
        self.commit(work, &trail).await?;
        Ok(code)
    }

    /// A new activation code, for somebody who has lost the first one, the password or the phone.
    pub async fn new_code(&self, user_name: &str) -> Result<Code> {
        activation::issue_again(&self.db, &self.keys, &self.clock, self.find(user_name).await?).await
    }

    /// Ends all of somebody's sessions; says how many there were. The next request of each is refused.
    pub async fn end_sessions(&self, user_name: &str) -> Result<u64> {
        session::end_by_order(&self.db, &self.keys, &self.clock, self.find(user_name).await?).await
    }

    /// Who is in danger when somebody's account is in the wrong hands: all that it has seen or could have reached since a day.
    pub async fn exposure(&self, user_name: &str, since: Date) -> Result<Exposure> {
        let account = self.find(user_name).await?;
        let mut work = self.db.begin_task().await?;
        let exposure = compromise::store::read(&mut work, account, compromise::model::first_moment(since)).await?;
        let note = Note::of(Event::ExposureShown).with("account", account.to_string());
        let cases = exposure.cases.iter().map(|one| one.case).collect();
        self.commit(work, &[Note { cases, ..note }]).await?;
        Ok(exposure)
    }

    /// The whole log, as it is checked: at one moment, since people go on working.
    pub async fn log(&self) -> Result<Record> {
        Record::read(&mut *self.db.begin_snapshot().await?).await
    }

    /// Says whether a unit is on call, where one is named: its people may break the glass before a closed circle (domain 3.6).
    /// Gives a line for each unit, as it stands then.
    pub async fn on_call(&self, unit: Option<&str>, on: bool) -> Result<String> {
        let mut work = self.db.begin_task().await?;
        let mut units = organisation::units(&mut work, self.today()).await?;
        if let Some(name) = unit {
            let mut named: Vec<_> = units.iter_mut().filter(|one| one.name == name).collect();
            let [one] = &mut named[..] else {
                return Err(Error::Invalid("Ingen enhet heter så, eller flera gör det."));
            };
            one.is_on_call = on;
            let note = organisation::set_on_call(&mut work, one.id, on).await?;
            self.commit(work, note.as_slice()).await?;
        }
        let line = |unit: &Unit| format!("{}: {}", unit.name, if unit.is_on_call { "on call" } else { "not on call" });
        Ok(units.iter().map(line).collect::<Vec<_>>().join("\n"))
    }

    /// Opens an account that was locked.
    pub async fn unlock(&self, user_name: &str) -> Result<()> {
        let account = self.find(user_name).await?;
        let mut work = self.db.begin_task().await?;
        let note = account::unlock(&mut work, account).await?;
        self.commit(work, &[note]).await
    }

    async fn let_in(
        &self,
        work: &mut PgConnection,
        trail: &mut Vec<Note>,
        unit: Uuid,
        newcomer: &Newcomer<'_>,
    ) -> Result<Code> {
        let new = NewAccount {
            id: Uuid::now_v7(),
            user_name: newcomer.user_name,
            display_name: newcomer.name,
            title: newcomer.title,
            unit: Some(unit),
            role: newcomer.role,
            months: newcomer.months,
            reason: "Upplagd av driften",
        };
        if newcomer.role.is_outside() != newcomer.organisation.is_some() {
            return Err(Error::Invalid("Polisens kontaktperson, och ingen annan, ska ha en organisation."));
        }
        trail.push(account::create(work, &new).await?);
        if let Some(organisation) = newcomer.organisation {
            account::belongs_to(work, new.id, organisation, self.clock.today()).await?;
        }
        activation::issue(work, &self.keys, &self.clock, new.id).await
    }

    async fn commit(&self, mut work: crate::db::Work, trail: &[Note]) -> Result<()> {
        let source = Source { actor: None, role: None, session: None, address: None, request: Uuid::new_v4() };
        audit::append(&mut work, &self.keys, self.clock.now(), &source, trail).await?;
        work.commit().await?;
        Ok(())
    }

    async fn find(&self, user_name: &str) -> Result<Uuid> {
        let mut work = self.db.begin_task().await?;
        account::by_user_name(&mut work, user_name).await?.ok_or(Error::Invalid("Ingen har det användarnamnet."))
    }

    fn today(&self) -> Date {
        self.clock.today()
    }
}

/// Asks the program that listens there whether it is ready, as a health check does.
pub async fn is_well(listen: SocketAddr) -> bool {
    let asked = tokio::time::timeout(Duration::from_secs(4), ask(reachable(listen))).await;
    matches!(asked, Ok(Ok(true)))
}

/// Who listens on every address is found on this machine's own.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

async fn ask(address: SocketAddr) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /halsa/redo HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).await?;
    Ok(&head == b"HTTP/1.1 200")
}
