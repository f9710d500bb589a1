//! What is typed in a proposal, and when one is refused.

use serde::Deserialize;
use time::Date;
use uuid::Uuid;

use super::model::{Account, NewProposal, Newcomer, What, can_last_until, latest_end};
use crate::access::policy;
use crate::calendar::parse_day;
use crate::vocabulary::{DisclosureRecipient, Role};
use crate::web::form::{Faults, code, uuid};

/// The longest reason.
const REASON: usize = 200;
const OLD: &str = "Formuläret är för gammalt. Öppna sidan på nytt";

fn until(faults: &mut Faults, typed: &str, today: Date) -> Option<Date> {
    let day = faults.need(parse_day(typed, today), "until", "Skriv datumet som ÅÅÅÅ-MM-DD")?;
    if can_last_until(day, today) {
        return Some(day);
    }
    faults.add(
        "until",
        format!("Välj en dag efter i dag och senast {}: ingen roll gäller längre än ett år", latest_end(today)),
    );
    None
}

fn reason(faults: &mut Faults, typed: &str) -> Option<String> {
    faults.text(typed, REASON, "reason", "Skriv varför")
}

/// A sign of an employee or of a user: letters, figures and a few marks.
fn is_plain(text: &str, marks: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.chars().count()) && text.chars().all(|c| c.is_ascii_alphanumeric() || marks.contains(c))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewcomerForm {
    pub id: String,
    pub account: String,
    pub name: String,
    pub title: String,
    pub user_name: String,
    pub employee_id: String,
    pub unit: String,
    pub role: String,
    pub organisation: String,
    pub until: String,
    pub reason: String,
}

impl NewcomerForm {
    pub fn fresh(unit: Option<Uuid>, today: Date) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            account: Uuid::now_v7().to_string(),
            unit: unit.map(|unit| unit.to_string()).unwrap_or_default(),
            until: latest_end(today).to_string(),
            ..Self::default()
        }
    }

    pub fn parse(&self, actor: Role, today: Date) -> Result<NewProposal, Faults> {
        let mut faults = Faults::none();
        let name = faults.text(&self.name, 100, "name", "Skriv för- och efternamn");
        let title = faults.text(&self.title, 100, "title", "Skriv titeln");
        let user_name = self.user_name.trim().to_lowercase();
        if !is_plain(&user_name, "åäö._-", 2..=60) {
            faults.add("user_name", "Skriv ett användarnamn med 2 till 60 bokstäver, siffror, punkt eller bindestreck");
        }
        let employee_id = self.employee_id.trim().to_owned();
        if !is_plain(&employee_id, "-", 2..=20) {
            faults.add("employee_id", "Skriv anställnings- eller tjänstenumret: 2 till 20 bokstäver och siffror");
        }
        let unit = faults.need(uuid(&self.unit), "unit", "Välj enhet");
        let role = code(&self.role, Role::parse).filter(|role| policy::may_propose(actor, *role));
        let role = faults.need(role, "role", "Välj roll");
        let organisation = code(&self.organisation, DisclosureRecipient::parse).filter(|one| one.is_police());
        let is_wrong =
            |role: Role| if role.is_outside() { organisation.is_none() } else { !self.organisation.is_empty() };
        if role.is_some_and(is_wrong) {
            faults.add("organisation", "Välj organisation för polisens kontaktperson, och bara då");
        }
        let until = until(&mut faults, &self.until, today);
        let reason = reason(&mut faults, &self.reason);
        let ids = faults.need(uuid(&self.id).zip(uuid(&self.account)), "name", OLD);
        match (name.zip(title), unit, role.zip(until), reason, ids) {
            (Some((name, title)), Some(unit), Some((role, until)), Some(reason), Some((id, account))) => {
                let newcomer = Newcomer { user_name, name, title, employee_id, organisation, unit: Some(unit) };
                faults.finish(NewProposal { id, account, what: What::New { newcomer, role, until }, reason })
            }
            _ => Err(faults),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct RoleForm {
    pub id: String,
    pub role: String,
    pub until: String,
    pub reason: String,
}

impl RoleForm {
    pub fn fresh(account: &Account, today: Date) -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            role: account.role().map(|role| role.code().to_owned()).unwrap_or_default(),
            until: latest_end(today).to_string(),
            reason: String::new(),
        }
    }

    /// The same role again is a longer time with it.
    pub fn parse(&self, actor: Role, account: &Account, today: Date) -> Result<NewProposal, Faults> {
        let mut faults = Faults::none();
        let role = code(&self.role, Role::parse).filter(|role| can_become(actor, account, *role));
        let role = faults.need(role, "role", "Välj roll");
        let until = until(&mut faults, &self.until, today);
        let reason = reason(&mut faults, &self.reason);
        let id = faults.need(uuid(&self.id), "role", OLD);
        match (role.zip(until), reason, id) {
            (Some((role, until)), Some(reason), Some(id)) => {
                let is_same = account.role() == Some(role);
                let what = if is_same { What::Prolong { role, until } } else { What::Role { role, until } };
                faults.finish(NewProposal { id, account: account.id, what, reason })
            }
            _ => Err(faults),
        }
    }
}

/// Whether the account can be proposed for the role: an account of the police's is never one of ours, nor the other way.
pub fn can_become(actor: Role, account: &Account, role: Role) -> bool {
    policy::may_propose(actor, role)
        && account.role().map_or(!role.is_outside(), |held| held.is_outside() == role.is_outside())
}

/// A reason by itself: why a lock is to be opened, and why a proposal was refused.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ReasonForm {
    pub id: String,
    pub reason: String,
}

impl ReasonForm {
    pub fn fresh() -> Self {
        Self { id: Uuid::now_v7().to_string(), reason: String::new() }
    }

    pub fn unlock(&self, account: Uuid) -> Result<NewProposal, Faults> {
        let mut faults = Faults::none();
        let reason = reason(&mut faults, &self.reason);
        let id = faults.need(uuid(&self.id), "reason", OLD);
        match (reason, id) {
            (Some(reason), Some(id)) => faults.finish(NewProposal { id, account, what: What::Unlock, reason }),
            _ => Err(faults),
        }
    }

    pub fn refusal(&self) -> Result<String, Faults> {
        let mut faults = Faults::none();
        reason(&mut faults, &self.reason).ok_or(faults)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 20);

    fn typed(role: &str, organisation: &str) -> NewcomerForm {
        let mut form = NewcomerForm::fresh(Some(Uuid::nil()), TODAY);
        form.name = "Nora Ny".to_owned();
        form.title = "Socialsekreterare".to_owned();
        form.user_name = "Nora.Ny".to_owned();
        form.employee_id = "A-1042".to_owned();
        form.role = role.to_owned();
        form.organisation = organisation.to_owned();
        form.reason = "Börjar den första.".to_owned();
        form
    }

    #[test]
    fn an_administrator_proposes_anybody_and_a_manager_nobody_who_reaches_cases() {
        assert!(typed("caseworker", "").parse(Role::Sysadmin, TODAY).is_ok());
        let refused = typed("caseworker", "").parse(Role::Manager, TODAY).unwrap_err();
        assert_eq!(refused.of("role"), Some("Välj roll"));
        assert!(typed("log_reviewer", "").parse(Role::Manager, TODAY).is_ok());
    }

    #[test]
    fn the_polices_contact_and_nobody_else_has_an_organisation() {
        assert!(typed("police_liaison", "police_lpo").parse(Role::Sysadmin, TODAY).is_ok());
        for (role, organisation) in [("police_liaison", ""), ("police_liaison", "court"), ("manager", "police_lpo")] {
            let refused = typed(role, organisation).parse(Role::Sysadmin, TODAY).unwrap_err();
            assert!(refused.of("organisation").is_some(), "{role} {organisation}");
        }
    }

    #[test]
    fn a_grant_has_an_end_within_a_year() {
        for day in ["", "2026-11-20", "2027-11-20", "2099-01-01"] {
            let form = NewcomerForm { until: day.to_owned(), ..typed("controller", "") };
            assert!(form.parse(Role::Sysadmin, TODAY).unwrap_err().of("until").is_some(), "{day}");
        }
    }

    #[test]
    fn a_user_name_is_one_that_can_be_read_out() {
        for name in ["x", "nora ny", "nora<ny", ""] {
            let form = NewcomerForm { user_name: name.to_owned(), ..typed("controller", "") };
            assert!(form.parse(Role::Sysadmin, TODAY).unwrap_err().of("user_name").is_some(), "{name}");
        }
    }

    #[test]
    fn a_refusal_says_why() {
        assert!(ReasonForm::fresh().refusal().is_err());
        assert_eq!(
            ReasonForm { reason: " Fel enhet ".to_owned(), ..ReasonForm::fresh() }.refusal(),
            Ok("Fel enhet".to_owned())
        );
    }
}
