//! Decisions as they are typed, sent and made through the pages.

use time::{Date, Duration};
use utvag::decision::paths;
use uuid::Uuid;

use super::app::App;
use super::page::Page;
use super::people::{PASSWORD, Person};

pub const SCOPE: &str = "Vård i hem för vård eller boende beviljas i sex månader.";
pub const REASONS: &str = "Behovet av stöd kan inte tillgodoses på annat sätt, och personen samtycker till insatsen.";

/// A decision that somebody types; the test changes what it is about.
pub struct Typed {
    pub id: Uuid,
    fields: Vec<(&'static str, String)>,
}

impl Typed {
    /// Care bought inside the framework, for six months from the day.
    pub fn hvb(from: &str, to: &str) -> Self {
        let fields = [
            ("kind", "hvb"),
            ("outcome", "granted"),
            ("applied_for", "Vård på behandlingshem."),
            ("scope", SCOPE),
            ("from", from),
            ("to", to),
            ("amount", "450 000"),
            ("procurement", "inside_framework"),
            ("basis", "sol_11_1"),
            ("reasons", REASONS),
            ("maker", "delegate"),
        ];
        Self { id: Uuid::now_v7(), fields: fields.map(|(name, value)| (name, value.to_owned())).to_vec() }
    }

    /// Support that a social worker may decide without anybody else.
    pub fn outpatient(from: &str, to: &str) -> Self {
        Self::hvb(from, to).with("kind", "outpatient").with("scope", "Öppenvård beviljas.").without_cost()
    }

    fn without_cost(self) -> Self {
        self.with("amount", "").with("procurement", "")
    }

    #[must_use]
    pub fn with(mut self, field: &'static str, value: &str) -> Self {
        self.fields.retain(|(name, _)| *name != field);
        self.fields.push((field, value.to_owned()));
        self
    }

    pub async fn sent_to(&self, person: &Person<'_>, path: &str) -> Page {
        let id = self.id.to_string();
        let mut fields: Vec<_> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("id", &id));
        person.post(path, &fields).await
    }

    pub async fn sent_by(&self, person: &Person<'_>, case: &str) -> Page {
        self.sent_to(person, &paths::list(case)).await
    }

    /// Kept as a draft.
    pub async fn saved_by(&self, person: &Person<'_>, case: &str) -> Uuid {
        self.sent_by(person, case).await.leads_to(&paths::show(case, self.id));
        self.id
    }

    /// Kept, and sent to be decided.
    pub async fn submitted_by(&self, person: &Person<'_>, case: &str) -> Uuid {
        self.saved_by(person, case).await;
        person.post(&paths::send(case, self.id), &[("version", "1")]).await.leads_to(&paths::show(case, self.id));
        self.id
    }
}

impl Person<'_> {
    /// Reads the text and makes the decision, with the next code that the app shows.
    pub async fn tries_to_decide(&self, case: &str, decision: Uuid) -> Page {
        self.app.state.clock.put_forward(Duration::seconds(30));
        let page = self.get(&paths::sign(case, decision)).await;
        let print = page.is_ok().value("print");
        let fields = [("print", print.as_str()), ("password", PASSWORD), ("code", &self.code())];
        self.post(&paths::sign(case, decision), &fields).await
    }

    pub async fn decides(&self, case: &str, decision: Uuid) {
        self.tries_to_decide(case, decision).await.leads_to(&paths::show(case, decision));
    }

    /// Registers what happened, with the version that the form has.
    pub async fn registers(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(path).await;
        let version = page.is_ok().value("version");
        let mut all = fields.to_vec();
        all.push(("version", &version));
        self.post(path, &all).await
    }
}

impl App {
    /// It becomes that day, also backwards, at the same hour.
    pub fn becomes(&self, day: Date) {
        self.state
            .clock
            .put_forward(Duration::days(i64::from(day.to_julian_day() - self.state.clock.today().to_julian_day())));
    }
}
