//! scalr keeps a company's one repository of apps alive: it validates their manifests, scaffolds
//! new ones from the canonical template and runs them.
//!
//! This crate holds the commands and what they print. What they decide is in `scalr-model`, which is pure, and what
//! they do to the world is in `scalr-host`.

pub mod cli;
pub mod ui;
