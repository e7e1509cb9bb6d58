//! What happens while subprojects are started, stopped or restarted: the interface between `host`, which
//! does it, and `ui`, which shows it. With `--json` each event is one line.

use serde::Serialize;

use super::containers::ContainerState;
use crate::diagnostics::Finding;

/// The version of the lines of `--json`, described by schemas/events.schema.json.
pub const SCHEMA: &str = "scalr.event/1";

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// It begins.
    Begin {
        /// `up`, `down`, `restart`, `pull` or `build`.
        command: &'static str,
        /// The engine's address.
        engine: String,
        /// The subprojects that are meant, in the order of the plan.
        apps: Vec<String>,
    },
    /// Something is wrong, or may go wrong.
    Finding {
        /// What.
        finding: Box<Finding>,
    },
    /// Another scalr is at work on this subproject, and is waited for.
    Waiting {
        /// The subproject.
        app: String,
        /// Who.
        holder: String,
    },
    /// Work on a subproject begins.
    Start {
        /// The subproject.
        app: String,
        /// Why.
        reasons: Vec<String>,
    },
    /// What Compose does just now, in its own words.
    Step {
        /// The subproject.
        app: String,
        /// The words.
        text: String,
    },
    /// A container's health changed, or it ended.
    Health {
        /// The subproject.
        app: String,
        /// The service.
        service: String,
        /// What it does now.
        state: ContainerState,
    },
    /// Work on a subproject ended.
    Finish(RunReport),
    /// Ctrl-C: nothing more is started.
    Interrupt {
        /// How many subprojects are still being worked on.
        running: usize,
    },
    /// It is over.
    End {
        /// Whether everything went well.
        ok: bool,
        /// How many seconds it took.
        seconds: f64,
    },
}

/// How a subproject ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunReport {
    /// The subproject.
    pub app: String,
    /// How.
    pub outcome: RunOutcome,
    /// How many seconds it took.
    pub seconds: f64,
    /// Where a browser finds it.
    pub url: Option<String>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<RunFailure>,
}

/// How a subproject ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunOutcome {
    /// It is up.
    Up,
    /// Nothing had to be done.
    Unchanged,
    /// It is down.
    Down,
    /// It was restarted.
    Restarted,
    /// Its images were fetched.
    Pulled,
    /// Its images were built.
    Built,
    /// It failed.
    Failed,
    /// It was not started, since something that it needs failed.
    Blocked,
    /// It was not started, since the run was ended before.
    NotStarted,
}

impl RunOutcome {
    /// Whether it ended as it should.
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

/// What went wrong with a subproject. No text holds the value of a secret.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct RunFailure {
    /// In one line.
    pub message: String,
    /// The last lines that Compose said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub output: Vec<String>,
    /// The services that are to blame.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceFailure>,
    /// What to type next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl RunFailure {
    /// A failure of which nothing but the message is known.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }
}

/// A service that did not come up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceFailure {
    /// The service.
    pub service: String,
    /// What it does.
    pub state: ContainerState,
    /// The code that it ended with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
    /// What its health check said last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<String>,
    /// The last lines of its log.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
}
