//! The break of an identity: everything that reaches the person ends, the case closes, and nothing at all can be made to
//! point to whoever they have become, by any page or straight in the database.

use sqlx::{AssertSqlSafe, Executor};
use utvag::person::paths;
use utvag::placement::paths as placements;

use crate::support::app::App;
use crate::support::cases::Opening;
use crate::support::details::{Detail, NUMBER};
use crate::support::fixture::announce;
use crate::support::journal::Typed as Note;
use crate::support::open_forms::OpenForm;
use crate::support::people::Person;
use crate::support::placements::Typed;

const MILO: &str = "20010612-2393";
const OTHER: &str = "19961205-2390";

async fn breaks(manager: &Person<'_>, case: &str) {
    let path = paths::break_identity(case);
    let form = manager.get(&path).await;
    form.is_ok();
    let fields = ["id", "case_version", "person_version"].map(|name| (name, form.value(name)));
    let mut fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend([("source", "Polismyndigheten"), ("confirm", case)]);
    manager.post(&path, &fields).await.leads_to(&format!("/arenden/{case}"));
}

#[tokio::test]
async fn the_break_ends_what_reaches_the_person_and_closes_the_case() {
    let app = App::start().await;
    let (malin, karin, manager) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let case = Opening::of(MILO).responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    Detail::phone().saved_at(&paths::new_contact(&case), &malin).await;
    let path = paths::break_identity(&case);
    // The manager's alone; the form has no field for a new identity.
    for person in [&malin, &karin] {
        person.get(&path).await.is_forbidden();
        person.post(&path, &[("source", "Polisen"), ("confirm", &case)]).await.is_forbidden();
    }
    app.social_worker().await.get(&path).await.is_missing();
    let form = manager.get(&path).await;
    form.is_ok().shows("Det här går inte att ångra");
    assert_eq!(form.attributes("form.form-panel input:not([type=hidden])", "name"), ["source", "confirm"]);
    let fields = |version: &'static str, source: &'static str, confirm: &str| {
        [
            ("case_version", version.to_owned()),
            ("person_version", "1".to_owned()),
            ("source", source.to_owned()),
            ("confirm", confirm.to_owned()),
        ]
    };
    let post = async |fields: [(&'static str, String); 4]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        manager.post(&path, &fields).await
    };
    post(fields("1", " ", &case)).await.is_faulty().at("source", "Skriv varifrån uppgiften kommer");
    let typed = post(fields("1", "Polisen", "AVH-XXXX-XXX")).await;
    typed.is_faulty().at("confirm", &format!("Skriv {case} för att bekräfta"));
    assert_eq!(typed.value("source"), "Polisen");
    let stale = post(fields("7", "Polisen", &case)).await;
    stale.is(409).shows("Ärendet har ändrats");
    assert_eq!(stale.value("source"), "Polisen");
    malin.get(&paths::show(&case)).await.is_ok().shows(NUMBER);
    breaks(&manager, &case).await;
    // The old name still stands in the file, for a reason; how the person was reached does not, for anybody.
    for person in [&malin, &karin, &manager] {
        let page = person.get(&paths::show(&case)).await;
        page.is_ok()
            .shows("Fingerade personuppgifter")
            .shows("Identiteten är bruten sedan 2026-12-31")
            .lacks(NUMBER)
            .lacks("Milo");
        let page = person.post(&paths::reveal(&case), &[("reason", "authority"), ("note", "")]).await;
        page.is_ok().shows("Milo Påhitt").lacks(NUMBER).shows("Ingen kontaktuppgift är registrerad");
    }
    malin
        .get(&format!("/arenden/{case}"))
        .await
        .is_ok()
        .shows("Ärendet är avslutat och kan bara läsas")
        .shows("Identitetsbyte");
    manager.get(&path).await.is_forbidden();
    malin.get(&paths::new_contact(&case)).await.is_forbidden();
    let mut owner = app.database.superuser().await;
    let open: i64 = sqlx::query_scalar("select count(*) from contact_detail where valid_to is null")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(open, 0);
    let trail = app.trail(&case).await;
    assert!(
        ["person.identity_broken", "case.closed"].iter().all(|event| trail.iter().any(|one| one == event)),
        "{trail:?}"
    );
}

/// Texts that somebody has begun and not sent: in a form, in the journal, and behind a session that ran out.
async fn unsent(app: &App) -> [i64; 3] {
    let mut owner = app.database.superuser().await;
    let mut count = async |sql: &'static str| sqlx::query_scalar(sql).fetch_one(&mut owner).await.unwrap();
    [
        count("select count(*) from form_draft where sealed is not null").await,
        count("select count(*) from journal_draft").await,
        count("select count(*) from parked_form").await,
    ]
}

/// One of each in the case, by somebody who is signed out in the end.
async fn begins_to_write(app: &App, person: &Person<'_>, case: &str) {
    let form = OpenForm::on(person.get(&utvag::threat::paths::new(case)).await.is_ok());
    form.with("released_summary", "Polisen säger att").kept_by(person).await.is_ok();
    let page = person.get(&utvag::journal::paths::list(case)).await;
    let note = Note::note().seen_on(page.is_ok()).with("fact", "Ringde och berättade om");
    note.sent_to(&utvag::journal::paths::draft(case), person).await.is_ok();
    let mut owner = app.database.superuser().await;
    let runs_out = "update identity.session set seen_at = now() - interval '16 minutes' where account_id = $1";
    sqlx::query(runs_out).bind(person.account).execute(&mut owner).await.unwrap();
    let typed = [("released_summary", "Ett halvt svar")];
    person.post(&utvag::threat::paths::list(case), &typed).await.leads_to("/logga-in");
}

#[tokio::test]
async fn what_anybody_had_begun_to_write_in_the_case_is_gone_with_the_break() {
    let app = App::start().await;
    let (malin, jonas, manager) = (app.social_worker().await, app.social_worker().await, app.manager().await);
    let case = Opening::of(MILO).responsible(&malin).deputy(&jonas).saved_by(&malin).await;
    let third = app.social_worker().await;
    let theirs = Opening::unknown().responsible(&third).saved_by(&third).await;
    // What was begun about the intake that became the case is about the same person.
    let mut owner = app.database.superuser().await;
    announce(&mut owner).await;
    owner.execute("set session_replication_role = replica").await.unwrap();
    sqlx::query(
        "with i as (insert into intake (id, received_on, source, is_anonymous, is_minor, is_acute, informant_protected,
                      description, number_kind, number, number_blind, given_name, family_name, sex, unit_id, registered_by,
                      case_id, outcome, decided_on, decided_by)
                    select gen_random_uuid(), '2026-01-05', 'sis', false, false, false, false, '\\x00', 'personnummer', '\\x00',
                      decode(repeat('00', 16), 'hex'), '\\x00', '\\x00', 'man', $1, $2, id, 'start_investigation',
                      '2026-01-05', $2 from case_file where reference = $3 returning id)
         insert into form_draft (id, account_id, address, page, sealed, mark, tab, version, saved_at)
         select gen_random_uuid(), $2, '/aktualiseringar/' || id || '/bedomning', '/', '\\x00',
                decode(repeat('00', 16), 'hex'), gen_random_uuid(), 1, now() from i",
    )
    .bind(app.unit)
    .bind(malin.account)
    .bind(&case)
    .execute(&mut owner)
    .await
    .unwrap();
    begins_to_write(&app, &malin, &case).await;
    begins_to_write(&app, &jonas, &case).await;
    begins_to_write(&app, &third, &theirs).await;
    assert_eq!(unsent(&app).await, [4, 3, 3]);
    breaks(&manager, &case).await;
    assert_eq!(unsent(&app).await, [1, 1, 1]);
}

#[tokio::test]
async fn where_the_person_was_is_sealed_to_those_who_could_see_it() {
    let app = App::start().await;
    let (malin, karin, manager) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let case = Opening::of(MILO).responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let home = karin.adds_a_home("hvb").await;
    let placement = Typed::new(&home, "hvb", "2026-11-01", "2027-04-30");
    placement.saved_by(&malin, &case).await;
    // One that runs stands in the way.
    manager.get(&paths::break_identity(&case)).await.is_ok().shows("Avsluta placeringen först");
    manager.post(&paths::break_identity(&case), &[("confirm", &case)]).await.is(422).shows("Avsluta placeringen först");
    let end =
        [("last_day", "2026-12-20"), ("reason", "goal_reached"), ("version", "1"), ("charge_departure_day", "ja")];
    let show = placements::show(&case, placement.id());
    malin.post(&format!("{show}/avslut"), &end).await.leads_to(&show);
    for person in [&malin, &karin] {
        person.opens_the_location(&case, placement.id()).await.is_ok().shows("Björkgården");
    }
    breaks(&manager, &case).await;
    for person in [&malin, &karin] {
        person.opens_the_location(&case, placement.id()).await.is_missing().lacks("Björkgården");
    }
    let mut owner = app.database.superuser().await;
    let looks: i64 = sqlx::query_scalar("select count(*) from vault.opening").fetch_one(&mut owner).await.unwrap();
    assert_eq!(looks, 2);
}

#[tokio::test]
async fn nothing_can_point_to_or_from_a_broken_identity() {
    let app = App::start().await;
    let (malin, karin, manager) = (app.social_worker().await, app.coordinator().await, app.manager().await);
    let broken = Opening::of(MILO).responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    let other = Opening::of(OTHER).responsible(&malin).coordinator(&karin).saved_by(&malin).await;
    breaks(&manager, &broken).await;
    let mut owner = app.database.superuser().await;
    owner.execute("select set_config('app.event', 'prov', false)").await.unwrap();
    let of = |reference: &str| format!("(select person_id from case_file where reference = '{reference}')");
    let (old, new) = (of(&broken), of(&other));
    let attempts = [
        format!("update person set status = 'active', status_on = null, version = 9 where id = {old}"),
        format!("update person set status = 'merged', merged_into = {new} where id = {old}"),
        format!("update person set status = 'merged', status_on = '2026-12-31', merged_into = {old} where id = {new}"),
        format!("update person set birth_date = null where id = {old}"),
        format!("delete from person where id = {old}"),
        format!(
            "insert into person_identity (id, person_id, kind, number, number_blind, given_name, family_name, valid_from)
             select gen_random_uuid(), {old}, kind, number, number_blind, given_name, family_name, '2026-12-31'
             from person_identity where person_id = {new}"
        ),
        format!(
            "insert into contact_detail (id, person_id, kind, value, is_safe, valid_from, registered_by, registered_at)
             select gen_random_uuid(), {old}, 'address', '\\x00', true, '2026-12-31', id, '2026-12-31 12:00Z' from account limit 1"
        ),
        format!(
            "insert into relation (id, person_id, label, kind, lives_with, is_party_to_threat, contact_allowed, registered_by, registered_at)
             select gen_random_uuid(), {old}, '\\x00', 'other', 'no', 'no', true, id, '2026-12-31 12:00Z' from account limit 1"
        ),
        format!("update case_file set earlier_case_id = (select id from case_file where reference = '{broken}') where reference = '{other}'"),
        format!(
            "insert into case_file (id, reference, code_name, economy_pseudonym, person_id, opened_on, owner_unit_id, municipality_basis, created_by)
             select gen_random_uuid(), 'AVH-EEEE-EEE', 'Ek', 'K-7K4QX9', {old}, '2026-12-31', owner_unit_id, 'resident', created_by
             from case_file limit 1"
        ),
    ];
    for attempt in attempts {
        let refused = owner.execute(AssertSqlSafe(attempt.clone())).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some("person_broken"), "{attempt}");
    }
    for (attempt, constraint) in [
        // A new identity is not entered for somebody whose identity stands …
        (
            format!(
                "insert into protection_marking (id, person_id, kind, source, verified_on, valid_from, mail_route, registered_by, registered_at)
                 select gen_random_uuid(), {new}, 'fingerade', '\\x00', '2026-12-31', '2026-12-31', 'none', id, '2026-12-31 12:00Z'
                 from account limit 1"
            ),
            "protection_marking_fingerade",
        ),
        // … a case ends so only with the identity, and a broken one leaves no case open.
        (
            format!("update case_file set status = 'closed', closed_on = '2026-12-31', close_reason = 'identity_change' where reference = '{other}'"),
            "case_file_identity_change",
        ),
        (
            format!("update person set status = 'identity_broken', status_on = '2026-12-31' where id = {new}"),
            "person_break_ends_the_case",
        ),
    ] {
        let refused = owner.execute(AssertSqlSafe(attempt.clone())).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some(constraint), "{attempt}");
    }
    // No column anywhere can hold a person that somebody has become, but the one that is refused above.
    let columns: Vec<String> = sqlx::query_scalar(
        "select a.attname::text from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
         where k.contype = 'f' and k.confrelid = 'person'::regclass and a.attname not in ('person_id', 'case_id', 'id')",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(columns, ["merged_into"]);
    // Whoever comes with the old number is somebody new here, and their case stands for itself.
    let anew = Opening::of(MILO).with("opened_on", "2026-12-31").responsible(&malin).saved_by(&malin).await;
    let (person, earlier): (bool, bool) = sqlx::query_as(AssertSqlSafe(format!(
        "select person_id = {old}, earlier_case_id is not null from case_file where reference = '{anew}'"
    )))
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert!(!person && !earlier);
    let doubles: i64 =
        sqlx::query_scalar("select count(*) from possible_duplicate").fetch_one(&mut owner).await.unwrap();
    assert_eq!(doubles, 0);
}
