//! What must hold in the running house, tried against a real Postgres under the program's own login.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test asks the database itself, past the program's checked queries, and fails where it stands"
)]

mod access_matrix;
mod assessing_motivation;
mod assessing_return;
mod assessing_support;
mod assessing_threat;
mod authenticator;
mod breaking_a_glass;
mod breaking_an_identity;
mod case_rules;
mod checking_registers;
mod cleaning;
mod consenting;
mod correcting_mistakes;
mod costs;
mod cut_off;
mod deciding;
mod decision_rules;
mod declaring_conflict;
mod demo_municipality;
mod disclosing;
mod disclosing_to_the_police;
mod exposing_an_account;
mod following_up;
mod forming_a_group;
mod generated_forms;
mod giving_back_every_form;
mod giving_interventions;
mod handing_over;
mod handling_deviations;
mod investigating;
mod investigation_rules;
mod keeping_drafts;
mod keeping_open_forms;
mod keeping_providers;
mod keeping_relations;
mod keeping_the_journal;
mod knowing_the_person;
mod leaving_a_placement;
mod log;
mod losing_no_text;
mod meeting_jointly;
mod moving_a_case;
mod moving_a_follow_up;
mod naming_colleagues;
mod naming_places;
mod opening_a_case;
mod operations;
mod own_settings;
mod personal_walls;
mod placing_a_client;
mod planning;
mod police_walls;
mod printing_a_case;
mod protecting_a_case;
mod proving_with_keys;
mod reading_the_log;
mod reading_the_timeline;
mod recording_outcome;
mod reviewing_the_log;
mod schema;
mod searching;
mod signing_in;
mod speaking_with_the_police;
mod statements;
mod support;
mod taking_in;
mod tampering;
mod telling_cases_apart;
mod using_keys;
mod walls;
mod working_with_a_case;
