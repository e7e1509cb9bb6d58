//! Compose's files and output, as far as scalr reads them: compose files ([`mod@file`], [`env`]), Dockerfiles, what
//! `docker compose config` prints ([`config`]), and what differs between Compose's versions ([`version`]).
//!
//! This module does not decide what Compose does; it finds which files Compose reads, and whether that is known without running it.

pub mod config;
pub mod dockerfile;
pub mod dockerignore;
pub(crate) mod env;
pub mod file;
pub mod message;
mod node;
pub mod project;
pub mod version;
