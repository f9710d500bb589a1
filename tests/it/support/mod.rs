//! A house of its own for each test: a database on a throw-away server that the test run starts by itself, the real
//! routes behind the real outer layers, a clock that stands still, and people who sign in.

pub mod accounts;
pub mod app;
pub mod cases;
pub mod cooperation;
pub mod database;
pub mod decisions;
pub mod details;
pub mod dice;
pub mod disclosures;
pub mod emergencies;
pub mod fixture;
pub mod furnished_back;
pub mod furnished_disclosures;
pub mod homes;
pub mod intakes;
pub mod investigations;
pub mod journal;
pub mod locations;
pub mod loose;
#[path = "../../../src/web/markup.rs"]
pub mod markup;
pub mod open_forms;
pub mod page;
pub mod people;
pub mod placements;
pub mod plans;
pub mod reviews;

pub mod routes;
pub mod way_back;
