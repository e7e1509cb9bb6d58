//! Running subprojects: gathering what `model::run` decides on, and carrying out what it planned, many at
//! once, with Compose. Everything that happens is an event; nothing is printed.

mod call;
pub mod down;
pub mod execute;
pub mod health;
pub mod images;
pub mod inputs;
pub mod logs;
pub(crate) mod ports;
pub mod project;
pub mod project_lock;
pub mod ps;
pub mod record;
pub mod session;
pub mod survey;
pub mod up;
