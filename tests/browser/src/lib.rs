//! Nothing is here: the tests stand in `tests/`. They are a package of their own so that building the program does not
//! build what drives a browser.
