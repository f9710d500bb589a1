//! **Utväg**: case management for a municipal defector programme (*avhopparverksamhet*).
//!
//! One crate, cut by the field's own nouns. Modules stand on floors; a module imports only from floors below its own
//! (on floor 4 also from rooms to the left). `tests/tidy.rs` holds the same table and fails when it is not true.
//!
//! | Floor | Modules |
//! |---|---|
//! | 0 words | `vocabulary money calendar personal clock config error` |
//! | 1 machines | `crypto db` |
//! | 2 memory, counter | `state audit identity web` |
//! | 3 gate | `access` |
//! | 4 rooms | `signin account organisation setting person intake case assignment consent journal threat deviation check motivation investigation decision homecoming meeting outcome provider exposure placement plan intervention follow_up conflict reading_log break_glass log_review compromise draft disclosure police_view funding economy staffing conditions death recovery alarm` |
//! | 5 overlooks | `casefile day search programme coordination board` |
//! | 6 house | `server jobs health seed operator main` |
//!
//! A request goes one way through: `server` → `access` (who asks, may they, under which rows) → a room's `pages` →
//! `form` (what was typed) → `model` (the rules) → `store` (SQL) → a page, after its log row is on disk.

// floor 0: words
pub mod calendar;
pub mod clock;
pub mod config;
pub mod error;
pub mod money;
pub mod personal;
pub mod vocabulary;

// floor 1: machines
pub mod crypto;
pub mod db;

// floor 2: memory, counter
pub mod audit;
pub mod identity;
pub mod state;
pub mod web;

// floor 3: gate
pub mod access;

// floor 4: rooms
pub mod account;
pub mod alarm;
pub mod assignment;
pub mod break_glass;
pub mod case;
pub mod check;
pub mod compromise;
pub mod conditions;
pub mod conflict;
pub mod consent;
pub mod death;
pub mod decision;
pub mod deviation;
pub mod disclosure;
pub mod draft;
pub mod economy;
pub mod exposure;
pub mod follow_up;
pub mod funding;
pub mod homecoming;
pub mod intake;
pub mod intervention;
pub mod investigation;
pub mod journal;
pub mod log_review;
pub mod meeting;
pub mod motivation;
pub mod organisation;
pub mod outcome;
pub mod person;
pub mod placement;
pub mod plan;
pub mod police_view;
pub mod provider;
pub mod reading_log;
pub mod recovery;
pub mod setting;
pub mod signin;
pub mod staffing;
pub mod threat;

// floor 5: overlooks
pub mod board;
pub mod casefile;
pub mod coordination;
pub mod day;
pub mod programme;
pub mod search;

// floor 6: house
pub mod health;
pub mod jobs;
pub mod operator;
pub mod seed;
pub mod server;
