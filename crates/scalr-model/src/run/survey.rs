//! Everything that a plan of `scalr up` is made of, as `host` found it before anything starts.

use super::fingerprint::{InputPaths, Inputs, Reasons};
use super::preflight::HostFacts;
use super::step::Step;
use super::subproject::Front;
use crate::compose::config::ComposeConfig;
use crate::compose::project::ComposeProject;
use crate::rel_path::RelPath;

/// What a person asks of `up`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UpOptions {
    pub force: Force,
    pub build: Building,
}

/// Whether unchanged subprojects run too, and those that another checkout started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Force {
    #[default]
    Skip,
    Run,
}

/// Whether images are built.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Building {
    /// If one of their inputs has changed.
    #[default]
    AsNeeded,
    Never,
}

impl UpOptions {
    /// The options that make a difference to what is started.
    #[must_use]
    pub fn flags(self) -> Vec<String> {
        match self.build {
            Building::AsNeeded => Vec::new(),
            Building::Never => vec!["--no-build".to_owned()],
        }
    }
}

/// The selected subprojects, the host and the engine.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// The engine's address, as people read it.
    pub engine: String,
    pub front: Front,
    pub options: UpOptions,
    pub facts: HostFacts,
    /// In the order of the selection.
    pub subprojects: Vec<SurveyedSubproject>,
}

/// One selected subproject.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyedSubproject {
    pub step: Step<()>,
    pub project: ComposeProject,
    /// The compose file that findings point at.
    pub compose_file: RelPath,
    pub compose: ComposeAnswer,
}

/// What Compose says about a subproject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ComposeAnswer {
    /// Nothing changed since the last start, so `docker compose up` would do nothing.
    NotAsked,
    Resolved(Box<Resolved>),
    Refused {
        reasons: Reasons,
        problem: String,
    },
}

/// A subproject that has to start, as Compose resolved its files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resolved {
    pub reasons: Reasons,
    pub config: ComposeConfig,
    /// The variables that its compose files use and nothing sets.
    pub undefined: Vec<String>,
    pub inputs: Inputs,
    pub paths: InputPaths,
}
