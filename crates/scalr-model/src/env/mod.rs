//! Env files and interpolation, exactly as in Docker Compose: the assignments of a file ([`file`]), the merge of several files
//! and the shell ([`merge`]), and `${…}` ([`template`], [`expand`]).
//!
//! compose-go's source is the specification; tests/engine/env.rs compares the results with the installed Compose.

pub mod app;
mod escapes;
pub mod expand;
mod file;
mod findings;
mod mask;
mod merge;
pub mod report;
pub mod secrets;
pub mod shared;
pub(crate) mod template;
#[cfg(test)]
mod tests;
mod write;

pub use file::{SyntaxError, Variable, VariableValue, get, parse, unnamed};
pub use findings::check;
pub use mask::{Mask, MaskedValue};
pub use merge::{
    EnvEntry, EnvSource, Environment, FailureReason, Setting, Shell, VariableFailure, VariableOrigin,
};
pub use template::InterpolationError;
pub use write::{encode, locate, set};
