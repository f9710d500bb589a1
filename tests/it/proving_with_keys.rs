//! Acts that cannot be taken back are confirmed with a key: about this act, in this case, in this session, once, and not
//! long ago. The program asks, and Postgres refuses by itself where it was forgotten.

use sqlx::{Connection, Executor, PgConnection};
use time::macros::date;
use utvag::decision::paths;
use utvag::identity::proof::Action;
use utvag::placement::paths as placements;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::decisions::Typed;
use crate::support::people::{PASSWORD, Person};
use crate::support::placements::Typed as Placing;

/// A proof as it stands in Postgres when a key has answered.
struct Kept<'k> {
    action: &'k str,
    case: Option<Uuid>,
    session: Uuid,
    minutes_ago: i32,
    answered: bool,
}

impl Kept<'_> {
    async fn put(&self, owner: &mut PgConnection, account: Uuid) -> Uuid {
        let id = Uuid::new_v4();
        sqlx::query(
            "insert into identity.passkey_challenge
               (id, purpose, account_id, session_id, action, case_id, made_at, ends_at, proven_at, sealed)
             select $1, 'prove', $2, $3, $4, $5, at, at + interval '2 minutes', case when $7 then at end,
                    case when not $7 then '\\x00'::bytea end
             from (select now() - make_interval(mins => $6) as at) then_",
        )
        .bind(id)
        .bind(account)
        .bind(self.session)
        .bind(self.action)
        .bind(self.case)
        .bind(self.minutes_ago)
        .bind(self.answered)
        .execute(owner)
        .await
        .unwrap();
        id
    }
}

async fn sessions(owner: &mut PgConnection, account: Uuid) -> Vec<Uuid> {
    sqlx::query_scalar("select id from identity.session where account_id = $1 order by started_at desc, id")
        .bind(account)
        .fetch_all(owner)
        .await
        .unwrap()
}

async fn case_id(owner: &mut PgConnection, reference: &str) -> Uuid {
    sqlx::query_scalar("select id from case_file where reference = $1").bind(reference).fetch_one(owner).await.unwrap()
}

/// Works as the person, under the program's own login; the transaction stays open.
async fn enter(app: &App, person: &Person<'_>) -> PgConnection {
    let mut work = app.database.app().await;
    work.execute("begin").await.unwrap();
    work.execute("select set_config('role', 'utvag_user', true)").await.unwrap();
    sqlx::query("select account_id from sec.open($1)")
        .bind(person.token().as_bytes())
        .fetch_one(&mut work)
        .await
        .unwrap();
    work
}

async fn spends(work: &mut PgConnection, id: Uuid, action: &str, case: Option<Uuid>) -> bool {
    sqlx::query_scalar("select sec.spend_proof($1, $2, $3)")
        .bind(id)
        .bind(action)
        .bind(case)
        .fetch_one(work)
        .await
        .unwrap()
}

async fn has_proven(work: &mut PgConnection, action: &str, case: Option<Uuid>) -> bool {
    sqlx::query_scalar("select sec.has_proven($1, $2)").bind(action).bind(case).fetch_one(work).await.unwrap()
}

#[tokio::test]
async fn a_proof_is_for_one_act_in_one_case_in_one_session_once_and_for_five_minutes() {
    let app = App::start().await;
    let malin = app.social_worker().await;
    let (here, other) = (Opening::unknown().responsible(&malin), Opening::unknown().responsible(&malin));
    let (here, other) = (here.saved_by(&malin).await, other.saved_by(&malin).await);
    malin.registers_a_key("Blå nyckel").await;
    let mut owner = app.database.superuser().await;
    let (here, other) = (case_id(&mut owner, &here).await, case_id(&mut owner, &other).await);
    let session = sessions(&mut owner, malin.account).await[0];
    let mut twin = malin.twin();
    app.state.clock.put_forward(time::Duration::seconds(30));
    twin.sign_in().await;
    let elsewhere = sessions(&mut owner, malin.account).await.into_iter().find(|id| *id != session).unwrap();

    for (at, action) in Action::ALL.iter().enumerate() {
        let code = action.code();
        let another = Action::ALL[(at + 1) % Action::ALL.len()].code();
        let right = Kept { action: code, case: Some(here), session, minutes_ago: 4, answered: true };
        let wrong = [
            ("not answered", Kept { answered: false, ..right }),
            ("old", Kept { minutes_ago: 6, ..right }),
            ("other case", Kept { case: Some(other), ..right }),
            ("no case", Kept { case: None, ..right }),
            ("other action", Kept { action: another, ..right }),
            ("other session", Kept { session: elsewhere, ..right }),
        ];
        let mut work = enter(&app, &malin).await;
        assert!(!spends(&mut work, Uuid::new_v4(), code, Some(here)).await, "{code}: none");
        for (how, kept) in wrong {
            let id = kept.put(&mut owner, malin.account).await;
            assert!(!spends(&mut work, id, code, Some(here)).await, "{code}: {how}");
        }
        assert!(!has_proven(&mut work, code, Some(here)).await, "{code} without a proof");
        let id = right.put(&mut owner, malin.account).await;
        assert!(spends(&mut work, id, code, Some(here)).await, "{code}: right");
        assert!(has_proven(&mut work, code, Some(here)).await && !has_proven(&mut work, code, Some(other)).await);
        assert!(!spends(&mut work, id, code, Some(here)).await, "{code}: spent twice");
        work.execute("commit").await.unwrap();
        let mut later = enter(&app, &malin).await;
        assert!(!has_proven(&mut later, code, Some(here)).await, "{code}: in another transaction");
        assert!(!spends(&mut later, id, code, Some(here)).await, "{code}: spent before");
        later.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_decision_is_signed_with_the_key_that_was_asked_about_it() {
    let app = App::start().await;
    app.becomes(date!(2026 - 02 - 10));
    let (malin, chef) = (app.social_worker().await, app.manager().await);
    let case = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    let other = Opening::unknown().responsible(&malin).saved_by(&malin).await;
    let hvb = Typed::hvb("2026-02-10", "2026-08-09").submitted_by(&malin, &case).await;
    let mut key = chef.registers_a_key("Blå nyckel").await;
    let sign = paths::sign(&case, hvb);
    let page = chef.get(&sign).await;
    page.is_ok().shows("Du bekräftar med din nyckel").lacks("Ditt lösenord");
    assert_eq!(page.attributes("[data-key-ask]", "data-key-case"), [case.as_str()]);
    let print = page.value("print");

    app.state.clock.put_forward(time::Duration::seconds(30));
    let codes = [("print", print.as_str()), ("password", PASSWORD), ("code", &chef.code())];
    chef.post(&sign, &codes).await.is_faulty().shows("Du måste bekräfta med din nyckel");
    for (action, about) in [("sign_decision", &other), ("correct_decision", &case)] {
        let wrong = key.signs(&chef.is_asked(action, about).await);
        chef.post(&sign, &[("print", &print), ("passkey", &wrong)]).await.is_faulty().shows("bekräfta med din nyckel");
    }
    let proof = key.signs(&chef.is_asked("sign_decision", &case).await);
    chef.post(&sign, &[("print", &print), ("passkey", &proof)]).await.leads_to(&paths::show(&case, hvb));
    let trail = app.trail(&case).await;
    assert!(trail.contains(&"session.proven".to_owned()) && trail.contains(&"session.proof_refused".to_owned()));

    // Whom a case is hidden from cannot have a key asked about it.
    let stranger = app.social_worker().await;
    stranger.registers_a_key("Grön nyckel").await;
    let asked = [("action", "sign_decision"), ("case", case.as_str())];
    stranger.post("/konto/nycklar/fraga", &asked).await.is_missing();
}

#[tokio::test]
async fn the_vault_opens_for_a_key_and_refuses_by_itself_without() {
    let app = App::start().await;
    let (karin, malin) = (app.coordinator().await, app.social_worker().await);
    let case = malin.opens_a_case_on("2026-01-05").await;
    let home = karin.adds_a_home("hvb").await;
    let placement = Placing::new(&home, "hvb", "2026-01-15", "2027-07-15").with("price_form", "stairs");
    placement.saved_by(&malin, &case).await;
    let mut key = malin.registers_a_key("Blå nyckel").await;
    let location = placements::location(&case, placement.id());
    malin.get(&location).await.is_ok().shows("Du bekräftar med din nyckel");
    let why = [("kind", "transport"), ("reason", "Läkare")];
    malin.post(&location, &why).await.is_faulty().shows("Du måste bekräfta").lacks("Björkgården");
    let proof = key.signs(&malin.is_asked("open_location", &case).await);
    let sent = [why[0], why[1], ("passkey", proof.as_str())];
    malin.post(&location, &sent).await.is_ok().shows("Björkgården");
    malin.post(&location, &sent).await.is_faulty().lacks("Björkgården");

    // The key that opened it is spent: Postgres lets nothing out without another.
    let mut work = enter(&app, &malin).await;
    let outcome: String = sqlx::query_scalar("select outcome from vault.read($1, 'transport', '\\x01'::bytea)")
        .bind(placement.id())
        .fetch_one(&mut work)
        .await
        .unwrap();
    assert_eq!(outcome, "unproven");
}
