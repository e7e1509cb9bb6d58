//! The only room that prints.
//!
//! stdout carries the answer, stderr everything else. Renderers turn values into text and print
//! nothing themselves; [`Printer`] is where text leaves the program.

#![expect(clippy::disallowed_methods, reason = "the streams are what this room is for")]

pub mod doctor;
pub mod env;
pub mod findings;
pub mod plan;
pub mod printer;
pub mod progress;
pub mod prompt;
pub mod run;
pub mod styles;
pub mod table;
pub mod visible;

pub use printer::{Colour, Printer, Verbosity};
