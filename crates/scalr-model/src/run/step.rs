//! One step of a plan: what is done with one subproject, behind which others, and what is known to be wrong.

use super::subproject::Subproject;
use crate::diagnostics::Finding;

/// A step of a plan. Steps refer to each other by the names of their subprojects. The action is `()` as long as it
/// is not decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Step<A> {
    pub subproject: Subproject,
    pub action: A,
    pub(crate) waits_for: Vec<Wait>,
    pub findings: Vec<Finding>,
}

/// One subproject that another waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) app: String,
    pub(crate) edge: Edge,
}

/// How one subproject depends on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Edge {
    /// It starts later; if the other fails, it still starts.
    After,
    /// It needs the other; if the other fails, it does not start.
    Needs,
}

impl<A> Step<A> {
    #[must_use]
    pub fn name(&self) -> &str {
        &self.subproject.name
    }

    /// The same step with another action.
    #[must_use]
    pub fn with<B>(self, action: B) -> Step<B> {
        Step { subproject: self.subproject, action, waits_for: self.waits_for, findings: self.findings }
    }

    pub(crate) fn waits_for(&self, name: &str) -> bool {
        self.waits_for.iter().any(|wait| wait.app == name)
    }
}

/// The names of the subprojects, in the order of the steps.
#[must_use]
pub fn names<A>(steps: &[Step<A>]) -> Vec<String> {
    steps.iter().map(|step| step.name().to_owned()).collect()
}
