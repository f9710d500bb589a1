//! What is typed about one thing that happened to a decision, and the ways in which whoever is protected may be told.

use serde::Deserialize;
use time::Date;

use super::model::{Decision, may_notify};
use crate::access::CaseAccess;
use crate::access::right::{FollowDecision, ReadPerson};
use crate::error::Result;
use crate::person::marking;
use crate::person::marking::model::{Marking, how_to_send, mail_route};
use crate::vocabulary::NotifiedHow;
use crate::web::view::Choice;

type Case = CaseAccess<FollowDecision>;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct StepForm {
    pub version: String,
    pub on: String,
    pub choice: String,
    pub text: String,
    pub conceal: String,
}

/// A field of the form that is there for some acts only.
pub(super) struct Choices {
    pub label: &'static str,
    pub list: Vec<Choice>,
}

pub(super) struct Words {
    pub label: &'static str,
    pub hint: &'static str,
    pub max: usize,
    pub optional: bool,
}

/// How the person is protected, as far as it bears on how they may be told.
#[derive(Default)]
pub(super) struct Protected(Vec<Marking>);

impl Protected {
    /// Read only where it is asked for.
    pub async fn read(case: Case, is_asked: bool) -> Result<(Case, Self)> {
        if !is_asked {
            return Ok((case, Self::default()));
        }
        let read = async |case: &mut CaseAccess<ReadPerson>| marking::store::list(case).await;
        let (case, markings) = case.also(read).await?;
        Ok((case, Self(markings.unwrap_or_default())))
    }

    pub fn allows(&self, how: NotifiedHow, on: Date) -> bool {
        mail_route(&self.0, on).is_none_or(|route| may_notify(how, route))
    }

    pub fn how_to_send(&self, on: Date) -> Option<&'static str> {
        mail_route(&self.0, on).map(how_to_send)
    }

    /// The ways to choose among. Somebody who was marked later may have had a letter before.
    pub fn ways(&self, one: &Decision, today: Date) -> Vec<NotifiedHow> {
        let days = [one.made_on(), Some(today)];
        let allowed = |how: &NotifiedHow| days.iter().flatten().any(|day| self.allows(*how, *day));
        NotifiedHow::ALL.iter().copied().filter(allowed).collect()
    }
}
