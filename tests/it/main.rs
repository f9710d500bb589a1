//! What must hold in the running house, tried against a real Postgres under the program's own login.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test asks the database itself, past the program's checked queries, and fails where it stands"
)]

mod access_matrix;
mod assessing_threat;
mod checking_registers;
mod cleaning;
mod consenting;
mod costs;
mod cut_off;
mod deciding;
mod decision_rules;
mod demo_municipality;
mod handling_deviations;
mod keeping_drafts;
mod keeping_providers;
mod keeping_the_journal;
mod log;
mod losing_no_text;
mod naming_colleagues;
mod opening_a_case;
mod operations;
mod own_settings;
mod placing_a_client;
mod schema;
mod signing_in;
mod speaking_with_the_police;
mod statements;
mod support;
mod taking_in;
mod walls;
mod working_with_a_case;
