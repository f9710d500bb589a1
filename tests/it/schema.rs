//! The schema against the words of the program, and the walls as the catalogue has them.

use sqlx::Row;

use crate::support::database::Database;

#[tokio::test]
async fn every_closed_list_is_the_same_in_rust_and_in_postgres() {
    let database = Database::new().await;
    let mut owner = database.superuser().await;
    let rows = sqlx::query(
        "select t.typname::text, array_agg(e.enumlabel::text order by e.enumsortorder) as codes
         from pg_type t join pg_enum e on e.enumtypid = t.oid join pg_namespace n on n.oid = t.typnamespace
         where n.nspname = 'public' group by t.typname order by t.typname",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let stands: Vec<(String, Vec<String>)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let mut said: Vec<(String, Vec<String>)> = utvag::vocabulary::TYPES
        .iter()
        .map(|(name, codes)| ((*name).to_owned(), codes.iter().map(|code| (*code).to_owned()).collect()))
        .collect();
    said.sort();
    assert_eq!(stands, said);
}

/// Tables that no change event is demanded for, and why.
const UNFOLLOWED: &[(&str, &str)] = &[
    ("public._sqlx_migrations", "the migrator's own"),
    ("sec.context_key", "one row, made by its migration; only sec can read it"),
    ("audit.entry", "is the log"),
    ("audit.row_change", "is the log"),
    ("audit.seal", "is the log's seal"),
    ("public.placement_year", "derived by the database from followed tables"),
    ("public.placement_year_sum", "derived by the database from followed tables"),
    ("public.placement_stretch", "derived by the database from followed tables"),
    ("public.cost_day", "derived by the database from followed tables"),
    ("public.ledger_row", "derived by the database from followed tables, and only added to"),
    ("public.forecast", "derived by the database from followed tables, and only added to"),
    ("public.unstaffed_case", "derived by the database from followed tables"),
    ("public.check_due", "derived by the database from followed tables"),
    ("public.alarm", "derived by the database from followed tables; what people say of one is followed"),
    ("public.parked_form", "would keep unsaved text for ever; what happens to one is an event of its own"),
    ("public.form_draft", "private and soon gone; what happens to one is an event of its own"),
    ("public.journal_draft", "private and soon gone; what is entered of it is followed"),
    ("identity.passkey_challenge", "gone within the hour; what is proven and refused by one is an event of its own"),
    ("identity.session", "touched at every visit; starts and ends are events of their own"),
    ("identity.device", "made at sign-in, which is an event of its own"),
    ("identity.throttle", "counts tries of anyone; refusals are events of their own"),
];

#[tokio::test]
async fn every_table_is_forced_has_a_policy_and_is_followed() {
    let database = Database::new().await;
    let mut owner = database.superuser().await;
    let rows = sqlx::query(
        "select n.nspname || '.' || c.relname, c.relrowsecurity and c.relforcerowsecurity,
                exists (select 1 from pg_policy p where p.polrelid = c.oid),
                exists (select 1 from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'noted' and t.tgenabled = 'A'),
                c.relowner::regrole::text
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and n.nspname in ('public', 'identity', 'sec', 'audit', 'vault')",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert!(rows.len() > 25, "only {} tables were found", rows.len());
    for row in rows {
        let (name, forced, policy, followed, owner): (String, bool, bool, bool, String) =
            (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4));
        if name == "public._sqlx_migrations" {
            continue;
        }
        assert!(forced, "{name} is not under forced row security");
        assert!(policy, "{name} has no policy");
        assert_ne!(owner, "utvag_app", "{name} belongs to the program's login");
        let excused = UNFOLLOWED.iter().any(|(table, _)| *table == name);
        assert_eq!(followed, !excused, "{name}: followed by the log, or excused with a reason, and never both");
    }
}

#[tokio::test]
async fn functions_of_other_owners_have_a_fixed_search_path_and_are_not_everybodys() {
    let database = Database::new().await;
    let mut owner = database.superuser().await;
    let open: Vec<String> = sqlx::query_scalar(
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname in ('sec', 'audit', 'vault', 'identity')
           and (has_function_privilege('public', p.oid, 'execute')
                or (p.prosecdef and not coalesce(array_to_string(p.proconfig, ',') like '%search_path%', false)))",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(open, Vec::<String>::new());
}
