//! What came of smoke tests.

use serde::Serialize;

use crate::rel_path::RelPath;

/// The smoke test, from a subproject's folder.
pub const SCRIPT: &str = "scripts/smoke-test.sh";

/// How a smoke test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SmokeOutcome {
    /// All is well.
    Passed,
    /// It says that something is wrong, or could not be run.
    Failed,
    /// It took too long, and was ended.
    TimedOut,
    /// There is none.
    Missing,
    /// It was interrupted, or the whole run before it began.
    Interrupted,
}

impl SmokeOutcome {
    /// Whether nothing is known to be wrong.
    #[must_use]
    pub fn is_well(self) -> bool {
        matches!(self, Self::Passed | Self::Missing)
    }

    /// In words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::TimedOut => "timed out",
            Self::Missing => "no smoke test",
            Self::Interrupted => "interrupted",
        }
    }
}

/// One subproject.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SmokeReport {
    /// The subproject.
    pub app: String,
    /// Its folder.
    pub path: RelPath,
    /// How its test ended.
    pub outcome: SmokeOutcome,
    /// With which code, where it ended by itself.
    pub exit_code: Option<i32>,
    /// How long it took.
    pub seconds: f64,
    /// What it said, at most the last lines of it.
    pub output: Vec<String>,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SmokeSummary {
    /// Whether none is known to be wrong.
    pub ok: bool,
    pub apps: Vec<SmokeReport>,
}

impl SmokeSummary {
    #[must_use]
    pub fn of(apps: Vec<SmokeReport>) -> Self {
        Self { ok: apps.iter().all(|report| report.outcome.is_well()), apps }
    }
}
