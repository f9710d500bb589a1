-- The program asks at start whether the database is of its own version; it reads that and nothing else of the ledger.
grant select (version, success, checksum) on _sqlx_migrations to utvag_task;
