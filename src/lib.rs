//! scalr keeps a company's one repository of apps alive: it validates their manifests, scaffolds
//! new ones from the canonical template and, in time, runs them.
//!
//! Four rooms, with dependencies that run one way: `cli` gathers, plans, shows and applies with the
//! help of `host` (the world), `ui` (the only printer) and `model` (pure).

pub mod cli;
pub mod host;
pub mod model;
pub mod ui;
