//! Tests against the Docker Compose that is installed and a real engine. Not part of `cargo test`:
//! `cargo test --test engine` runs them.

#![expect(clippy::disallowed_methods, reason = "tests drive the real Compose in real folders")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "what could not be cleaned up is shown, and the rest goes on")]

#[expect(dead_code, reason = "tests/main.rs needs more of it")]
#[path = "../sandbox.rs"]
mod sandbox;
mod testbed;

mod env;
mod exec;
mod faults;
mod interrupts;
mod lifecycle;
mod logs;
mod mutations;
mod private;
mod secrets;
mod subnets;
