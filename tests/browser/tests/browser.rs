//! What only a browser can tell: what the keyboard reaches, where the focus goes, what the content security policy stops,
//! how it looks in the dark and on a telephone, and that all of it works without a script.
//!
//! The server's half runs in threads of its own beside the test (`multi_thread`), as it does for everybody.

#![expect(
    clippy::disallowed_methods,
    reason = "a test asks the database itself, past the program's checked queries, and fails where it stands"
)]

mod chromium;
mod drafts;
mod every_form;
mod every_page;
mod hands;
mod keyboard;
mod keys;
mod looks;
mod open_forms;
mod pictures;
mod protected;
mod reviewed_log;
mod serving;
mod stories;
#[path = "../../it/support/mod.rs"]
#[expect(dead_code, reason = "a part of it is for the other tests")]
mod support;
mod told;
mod unlost;
mod walk;
mod walk_given;
mod window;
mod world;
