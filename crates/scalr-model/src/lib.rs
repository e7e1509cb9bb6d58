//! The rules and decisions of scalr, as pure values and functions.
//!
//! Nothing in here may touch the file system, the environment, a process, the clock, randomness or
//! a terminal: `host` gathers, `model` decides, `host` applies and `ui` shows. So every rule
//! can be tested with plain values.

pub mod answers;
pub mod codes;
pub mod compose;
pub mod diagnostics;
pub mod doctor;
pub mod document;
pub mod domain;
pub mod env;
pub mod holdings;
pub mod kind;
pub mod manifest;
pub mod overview;
pub mod places;
pub mod plan;
pub mod ports;
pub mod publication;
pub mod registry;
pub mod rel_path;
pub mod run;
pub mod scaffold;
pub mod schema;
pub mod sign_in;
pub mod slug;
pub mod subnet;
pub mod suggest;
pub mod template;
pub mod text;
pub mod validate;
pub mod workspace;
pub mod writers;
pub mod yaml;
