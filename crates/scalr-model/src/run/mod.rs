//! Decisions about running subprojects: which ones, in which
//! order, and whether `docker compose up` would do anything.

pub mod compose_plan;
pub mod containers;
pub mod down_plan;
pub mod engine;
pub mod event;
pub mod exec;
pub mod fingerprint;
pub mod log;
pub mod order;
pub mod plan;
pub mod preflight;
pub mod ps;
pub mod schedule;
pub mod selection;
pub mod smoke;
pub mod step;
mod subnets;
pub mod subproject;
pub mod survey;
