//! What the municipality can do, told as it would tell it: every test goes through HTTP against a real Postgres.
