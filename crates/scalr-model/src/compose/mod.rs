//! Compose's own files and answers, as far as scalr reads them: compose files ([`mod@file`], [`env`]), Dockerfiles, what
//! `docker compose config` prints ([`config`]), and what differs between Compose's versions ([`version`]).
//!
//! Nothing here decides what Compose does; it only says what Compose will read and whether that can be known without running it.

pub mod config;
pub mod dockerfile;
pub mod dockerignore;
pub mod env;
pub mod file;
pub mod message;
pub mod version;
