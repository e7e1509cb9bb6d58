//! Events of starting, stopping or restarting subprojects: the interface between `host`, which
//! emits them, and `ui`, which shows them. With `--json` each event is one line.

use serde::Serialize;

use super::containers::ContainerState;
use crate::diagnostics::Finding;

/// The version of the lines of `--json`, described by schemas/events.schema.json.
pub const SCHEMA: &str = "scalr.event/1";

/// An event.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    Begin {
        /// `up`, `down`, `restart`, `pull` or `build`.
        command: &'static str,
        /// The engine's address.
        engine: String,
        /// The selected subprojects, in the order of the plan.
        apps: Vec<String>,
    },
    Finding {
        /// What.
        finding: Box<Finding>,
    },
    /// The run waits for another scalr that holds the subproject's lock.
    Waiting { app: String, holder: String },
    /// Work on a subproject begins.
    Start { app: String, reasons: Vec<String> },
    /// A line of Compose's output.
    Step { app: String, text: String },
    /// A container's health changed, or it ended.
    Health {
        app: String,
        service: String,
        /// What it does now.
        state: ContainerState,
    },
    /// Work on a subproject ended.
    Finish(RunReport),
    /// Ctrl-C: nothing more is started.
    Interrupt {
        /// How many subprojects are still in progress.
        running: usize,
    },
    /// The run is over.
    End {
        /// Whether everything went well.
        ok: bool,
        /// How many seconds it took.
        seconds: f64,
    },
}

/// The result of a subproject.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunReport {
    pub app: String,
    pub outcome: RunOutcome,
    /// How many seconds it took.
    pub seconds: f64,
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<RunFailure>,
}

/// The result of a subproject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunOutcome {
    Up,
    /// Nothing had to be done.
    Unchanged,
    Down,
    /// It was restarted.
    Restarted,
    /// Its images were fetched.
    Pulled,
    /// Its images were built.
    Built,
    Failed,
    /// It was not started, since a dependency failed.
    Blocked,
    /// It was not started, since the run was ended before.
    NotStarted,
}

impl RunOutcome {
    /// Whether it succeeded.
    #[must_use]
    pub fn is_well(self) -> bool {
        matches!(self, Self::Up | Self::Unchanged | Self::Down | Self::Restarted | Self::Pulled | Self::Built)
    }

    /// As people read it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Unchanged => "unchanged",
            Self::Down => "down",
            Self::Restarted => "restarted",
            Self::Pulled => "pulled",
            Self::Built => "built",
            Self::Failed => "failed",
            Self::Blocked => "blocked",
            Self::NotStarted => "not started",
        }
    }
}

/// The failure of a subproject. No text contains the value of a secret.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct RunFailure {
    /// In one line.
    pub message: String,
    /// The last lines of Compose's output.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub output: Vec<String>,
    /// The failed services.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceFailure>,
    /// The next command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl RunFailure {
    /// A failure with only a message.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }
}

/// A service that did not come up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceFailure {
    pub service: String,
    pub state: ContainerState,
    /// The code that it ended with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
    /// The last output of its health check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<String>,
    /// The last lines of its log.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
}
