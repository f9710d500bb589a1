//! Plans, support and follow-ups as they are typed and sent through the pages.

use utvag::{follow_up, intervention, plan};
use uuid::Uuid;

use super::decisions::Typed as TypedDecision;
use super::page::Page;
use super::people::Person;

pub const VIEW: &str = "Vill börja arbeta och träffa sina barn.";
pub const OTHERS: &str = "Regionen ansvarar för psykologkontakt.";

/// A plan that somebody types; the test changes what it is about.
pub struct TypedPlan {
    pub id: Uuid,
    fields: Vec<(&'static str, String)>,
}

impl TypedPlan {
    /// A care plan with one goal and four empty rows.
    pub fn care_plan(follow_up_on: &str) -> Self {
        let fields = [
            ("kind", "care_plan"),
            ("interventions", "Samtal två gånger i veckan."),
            ("other_principals", OTHERS),
            ("person_view", VIEW),
            ("follow_up_on", follow_up_on),
        ];
        let fields = fields.map(|(name, value)| (name, value.to_owned())).to_vec();
        Self { id: Uuid::now_v7(), fields }.goals(&[("Ingen kontakt med grupperingen", "2027-06-30", "Personen")])
    }

    #[must_use]
    pub fn with(mut self, field: &'static str, value: &str) -> Self {
        self.fields.retain(|(name, _)| *name != field);
        self.fields.push((field, value.to_owned()));
        self
    }

    /// The rows of goals: goal, day and who sees to it.
    #[must_use]
    pub fn goals(mut self, rows: &[(&str, &str, &str)]) -> Self {
        self.fields.retain(|(name, _)| !["goal", "target_on", "responsible"].contains(name));
        for row in 0..plan::model::MOST_GOALS {
            let (goal, target_on, responsible) = rows.get(row).copied().unwrap_or_default();
            for (name, value) in [("goal", goal), ("target_on", target_on), ("responsible", responsible)] {
                self.fields.push((name, value.to_owned()));
            }
        }
        self
    }

    pub async fn sent_to(&self, person: &Person<'_>, path: &str) -> Page {
        let id = self.id.to_string();
        let mut fields: Vec<_> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("id", &id));
        person.post(path, &fields).await
    }

    pub async fn sent_by(&self, person: &Person<'_>, case: &str) -> Page {
        self.sent_to(person, &plan::paths::list(case)).await
    }

    /// Kept as a draft.
    pub async fn saved_by(&self, person: &Person<'_>, case: &str) -> Uuid {
        self.sent_by(person, case).await.leads_to(&plan::paths::show(case, self.id));
        self.id
    }

    /// Kept and brought into force.
    pub async fn activated_by(&self, person: &Person<'_>, case: &str) -> Uuid {
        self.saved_by(person, case).await;
        person.activates(case, self.id, "1").await.leads_to(&plan::paths::show(case, self.id));
        self.id
    }
}

impl Person<'_> {
    pub async fn activates(&self, case: &str, id: Uuid, version: &str) -> Page {
        self.post(&plan::paths::activate(case, id), &[("version", version)]).await
    }

    /// Support on a decision, for as long as the decision holds unless days are given.
    pub async fn plans_support(&self, case: &str, decision: Uuid, days: (&str, &str)) -> (Uuid, Page) {
        let (id, decision) = (Uuid::now_v7(), decision.to_string());
        let id_text = id.to_string();
        let fields = [
            ("id", id_text.as_str()),
            ("decision", &decision),
            ("provider", ""),
            ("from", days.0),
            ("to", days.1),
            ("extent", "Samtal en gång i veckan."),
        ];
        (id, self.post(&intervention::paths::list(case), &fields).await)
    }

    /// Outpatient support that has begun, on a decision of the person's own.
    pub async fn gives_support(&self, case: &str, from: &str, to: &str, start: &str) -> Uuid {
        let decision = TypedDecision::outpatient(from, to).submitted_by(self, case).await;
        self.decides(case, decision).await;
        let (id, page) = self.plans_support(case, decision, (from, to)).await;
        let show = intervention::paths::show(case, id);
        page.leads_to(&show);
        self.registers(&intervention::paths::start(case, id), &[("on", start)]).await.leads_to(&show);
        id
    }

    pub async fn plans_follow_up(&self, case: &str, kind: &str, day: &str) -> Uuid {
        let id = Uuid::now_v7();
        let text = id.to_string();
        let fields = [("id", text.as_str()), ("kind", kind), ("planned_on", day)];
        self.post(&follow_up::paths::list(case), &fields).await.leads_to(&follow_up::paths::show(case, id));
        id
    }

    /// Sends the form as it stands on the page, with what the test types; each goal gets the same result.
    pub async fn holds(&self, case: &str, id: Uuid, result: &str, typed: &[(&str, &str)]) -> Page {
        let path = follow_up::paths::hold(case, id);
        let page = self.get(&path).await;
        let (version, next_id) = (page.is_ok().value("version"), page.value("next_id"));
        let goals = page.attributes("input[name='goal']", "value");
        let mut fields = vec![("version", version.as_str()), ("next_id", next_id.as_str())];
        for goal in &goals {
            fields.extend([("goal", goal.as_str()), ("result", result)]);
        }
        fields.extend_from_slice(typed);
        self.post(&path, &fields).await
    }
}
