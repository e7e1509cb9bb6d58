//! The plans of `scalr restart`, `scalr pull` and `scalr build`: one command of Compose for each subproject.

use super::event::RunOutcome;
use super::order;
use super::step::Step;
use crate::compose::project::ComposeProject;

/// One command of Compose for several subprojects.
#[derive(Debug, Clone, PartialEq)]
pub struct ComposePlan {
    pub command: ComposeCommand,
    /// In an order in which they could be carried out one after the other.
    pub steps: Vec<Step<ComposeProject>>,
}

/// The command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComposeCommand {
    /// Containers are restarted, and have to become healthy.
    Restart,
    /// Images that are not built here are fetched from their registries.
    Pull,
    /// Images that are built here are built.
    Build(BuildCache),
}

/// Which layers of earlier builds are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuildCache {
    /// Unchanged layers are reused.
    Used,
    Ignored,
}

impl ComposePlan {
    #[must_use]
    pub fn new(command: ComposeCommand, steps: Vec<Step<ComposeProject>>) -> Self {
        Self { command, steps: order::sorted(steps) }
    }
}

impl ComposeCommand {
    /// The command of scalr and of Compose.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.args()[0]
    }

    #[must_use]
    pub fn args(self) -> &'static [&'static str] {
        match self {
            Self::Restart => &["restart"],
            Self::Pull => &["pull", "--ignore-buildable"],
            Self::Build(BuildCache::Used) => &["build"],
            Self::Build(BuildCache::Ignored) => &["build", "--no-cache"],
        }
    }

    #[must_use]
    pub fn outcome(self) -> RunOutcome {
        match self {
            Self::Restart => RunOutcome::Restarted,
            Self::Pull => RunOutcome::Pulled,
            Self::Build(_) => RunOutcome::Built,
        }
    }
}
