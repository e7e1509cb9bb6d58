//! What `scalr up` is going to do, as a value: `scalr plan` shows it, `scalr up` carries it out.

use serde::Serialize;

use super::fingerprint::Decision;
use crate::diagnostics::{Finding, Severity};
use crate::rel_path::RelPath;

/// The version of the document of `scalr plan --json`, described by schemas/plan.schema.json.
pub const SCHEMA: &str = "scalr.plan/1";

/// The plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UpPlan {
    /// The version of the document.
    pub schema: &'static str,
    /// The engine that is touched.
    pub engine: String,
    /// Shared networks that are made first.
    pub networks: Vec<String>,
    /// The subprojects, in an order in which they could start.
    pub apps: Vec<Step>,
    /// What is wrong, or may go wrong.
    pub findings: Vec<Finding>,
}

/// One subproject of the plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// The subproject.
    pub app: String,
    /// Its folder.
    pub path: RelPath,
    /// What is done.
    pub action: StepAction,
    /// Whether images are built, too.
    pub build: bool,
    /// Why.
    pub reasons: Vec<String>,
    /// Those that it waits for.
    pub waits_for: Vec<String>,
    /// Where a browser finds it.
    pub url: Option<String>,
}

/// What is done with a subproject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepAction {
    /// `docker compose up` runs.
    Up,
    /// Nothing: it would do nothing.
    Skip,
    /// Nothing: a finding says why it can't work.
    Refuse,
}

impl Step {
    /// The action and reasons of a decision; a subproject with errors is refused, unless there is
    /// nothing to do.
    #[must_use]
    pub fn action(decision: &Decision, errors: usize) -> (StepAction, bool, Vec<String>) {
        match decision {
            Decision::Skip => (StepAction::Skip, false, Vec::new()),
            Decision::Up(reasons) if errors == 0 => (StepAction::Up, reasons.build, reasons.texts.clone()),
            Decision::Up(reasons) => (StepAction::Refuse, false, reasons.texts.clone()),
        }
    }
}

impl UpPlan {
    /// Whether carrying it out can't do all that was asked for.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}
