//! Env files and interpolation, exactly as Docker Compose has them: what a file sets ([`file`]), what several files and
//! the shell come to ([`merge`]), and what `${…}` means ([`template`], [`expand`]).
//!
//! compose-go's source is the specification; tests/engine/env.rs holds all of it against the Compose that is installed.

mod escapes;
pub mod expand;
mod file;
mod findings;
mod mask;
mod merge;
pub mod report;
pub mod secrets;
pub mod shared;
pub mod template;
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
