//! Tests against the Docker Compose that is installed. Not part of `cargo test`: `cargo test --test engine` runs them.

#![expect(clippy::disallowed_methods, reason = "tests drive the real Compose in real folders")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "engine/env.rs"]
mod env;
