//! The commands that only read, and what all commands share.

mod auth;
mod binary;
mod completions;
mod documents;
mod env;
mod errors;
mod explain;
mod help;
mod list;
mod overview;
mod ports;
mod public_domain;
mod reference;
mod root;
mod trace;
