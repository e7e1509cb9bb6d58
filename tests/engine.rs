//! Tests against the Docker Compose that is installed and a real engine. Not part of `cargo test`:
//! `cargo test --test engine` runs them.

#![expect(clippy::disallowed_methods, reason = "tests drive the real Compose in real folders")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "what could not be cleaned up is shown, and the rest goes on")]

#[path = "engine/bed.rs"]
mod bed;
#[path = "engine/env.rs"]
mod env;
#[path = "engine/exec.rs"]
mod exec;
#[path = "engine/faults.rs"]
mod faults;
#[path = "engine/interrupts.rs"]
mod interrupts;
#[path = "engine/lifecycle.rs"]
mod lifecycle;
#[path = "engine/logs.rs"]
mod logs;
#[path = "engine/mutations.rs"]
mod mutations;
#[path = "engine/private.rs"]
mod private;
#[path = "engine/secrets.rs"]
mod secrets;
