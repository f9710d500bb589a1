-- Roles belong to the cluster, not to a database, so they are made once and outside the numbered migrations: made there
-- they would race when several databases are migrated at the same time. No version number: the migrator skips this file.
--
--   utvag_app     the only login of the program; inherits nothing, owns nothing, reads nothing by itself
--   utvag_user    what a signed-in person works as      (door: sec.open)
--   utvag_login   what signing in works as              (accounts and sessions, nothing about cases)
--   utvag_task    what timed work works as              (sealing, cleaning; its own grants)
--   utvag_police  what the police's contact works as    (what was released to their organisation, and nothing else)
--   utvag_owner   owns the tables                        utvag_sec    owns the door and the context key
--   utvag_audit   owns the log                           utvag_vault  owns the locations
do $$
declare
  name text;
begin
  foreach name in array array['utvag_owner', 'utvag_sec', 'utvag_audit', 'utvag_vault', 'utvag_user', 'utvag_login', 'utvag_task', 'utvag_police'] loop
    begin
      execute format('create role %I nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication', name);
    exception when duplicate_object or unique_violation then
      null;  -- another database of this cluster was first
    end;
  end loop;
  begin
    create role utvag_app login noinherit nosuperuser nobypassrls nocreatedb nocreaterole noreplication connection limit 200;
  exception when duplicate_object or unique_violation then
    null;
  end;
end
$$;

-- The one who migrates must be able to make things in the owners' names; the app may step through its doors.
do $$
begin
  execute format('grant utvag_owner, utvag_sec, utvag_audit, utvag_vault to %I', current_user);
  grant utvag_user, utvag_login, utvag_task, utvag_police to utvag_app;
exception when unique_violation then
  null;  -- the same grant, made at the same moment
end
$$;
