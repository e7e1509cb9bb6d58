//! scalr
pub mod model;
