//! Env files and interpolation, exactly as Docker Compose has them: what a file sets ([`file`]), what several files and
//! the shell come to ([`merge`]), what `${…}` means ([`template`], [`expand`]), what a compose file asks for ([`asks`]), and what differs
//! between Compose's versions ([`rules`]).
//!
//! compose-go's source is the specification; tests/engine/env.rs holds all of it against the Compose that is installed.

mod asks;
mod escapes;
pub mod expand;
mod file;
mod findings;
mod mask;
mod merge;
pub mod report;
mod rules;
pub mod secrets;
pub mod shared;
pub mod template;
#[cfg(test)]
mod tests;
mod write;

pub use asks::Asks;
pub use file::{SyntaxError, Value, Variable, get, parse, unnamed};
pub use findings::check;
pub use mask::{Mask, Shown};
pub use merge::{Entry, Environment, Failure, Origin, Reason, Setting, Shell, Source};
pub use rules::{Rules, Version};
pub use template::Problem;
pub use write::{encode, locate, set};
