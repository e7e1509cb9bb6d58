//! Output and prompts: the only module that prints.
//!
//! stdout carries the result, stderr everything else. Renderers turn values into text and do not
//! print; only [`Printer`] writes to the streams.

#![expect(clippy::disallowed_methods, reason = "the streams are what this room is for")]

mod answer;
pub(crate) mod auth;
pub(crate) mod doctor;
pub(crate) mod env;
pub(crate) mod explain;
pub mod findings;
pub(crate) mod list;
pub(crate) mod new_app;
pub(crate) mod open;
pub(crate) mod overview;
pub(crate) mod plan;
pub(crate) mod ports;
pub(crate) mod printer;
pub(crate) mod progress;
pub(crate) mod prompt;
pub(crate) mod publication;
pub(crate) mod reference;
pub(crate) mod run;
pub(crate) mod smoke;
pub(crate) mod styles;
pub(crate) mod table;
pub(crate) mod trace;
pub(crate) mod visible;

pub(crate) use answer::Answer;
pub(crate) use printer::{Colour, Printer, Verbosity};
