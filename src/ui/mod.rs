//! Output and prompts: the only module that prints.
//!
//! stdout carries the result, stderr everything else. Renderers turn values into text and do not
//! print; only [`Printer`] writes to the streams.

#![expect(clippy::disallowed_methods, reason = "the streams are what this room is for")]

mod answer;
pub mod auth;
pub mod doctor;
pub mod env;
pub mod explain;
pub mod findings;
pub mod list;
pub mod new_app;
pub mod open;
pub mod overview;
pub mod plan;
pub mod ports;
pub mod printer;
pub mod progress;
pub mod prompt;
pub mod publication;
pub mod reference;
pub mod run;
pub mod smoke;
pub mod styles;
pub mod table;
pub mod trace;
pub mod visible;

pub use answer::Answer;
pub use printer::{Colour, Printer, Verbosity};
