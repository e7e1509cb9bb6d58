//! The checks of `scalr doctor`, each with its findings and the repairs that scalr can make.

use serde::Serialize;

use super::codes::{Code, Severity};
use super::diagnostics::{Finding, Location};
use super::env::Variable;
use super::env::secrets::is_secret_name;
use super::plan::FileEdit;
use super::rel_path::RelPath;
use super::run::preflight::EDGE;
use super::workspace::{SHARED_ENV_EXAMPLE, SHARED_ENV_FILE};

/// The answer of `scalr doctor`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DoctorReport {
    /// Whether nothing is wrong; warnings don't count.
    pub ok: bool,
    pub checks: Vec<Check>,
    /// What was repaired before these checks were made.
    pub repaired: Vec<Repair>,
}

impl DoctorReport {
    #[must_use]
    pub fn new(checks: Vec<Check>, repaired: Vec<Repair>) -> Self {
        Self { ok: checks.iter().all(|check| check.status != CheckStatus::Error), checks, repaired }
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    pub check: &'static str,
    pub status: CheckStatus,
    /// A summary in one line.
    pub summary: String,
    pub findings: Vec<Finding>,
    /// The repairs that scalr can make.
    pub repairs: Vec<Repair>,
}

/// The status of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckStatus {
    /// Nothing is wrong.
    Ok,
    /// Something may go wrong.
    Warning,
    /// Something is wrong.
    Error,
    /// It could not be checked.
    Skipped,
}

/// A repair that scalr can carry out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Repair {
    /// Make `.env.shared` from its example, with generated secrets.
    MakeSharedEnv,
    /// Remove the permissions of other users from `.env.shared`.
    CloseSharedEnv,
    /// Make a shared network.
    MakeNetwork { name: String },
    /// Edit a file of the repository.
    Edit(FileEdit),
}

impl std::fmt::Display for Repair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::MakeSharedEnv => {
                write!(f, "make {SHARED_ENV_FILE} from {SHARED_ENV_EXAMPLE}, with generated secrets")
            }
            Self::CloseSharedEnv => write!(f, "let only its owner read {SHARED_ENV_FILE} (mode 600)"),
            Self::MakeNetwork { name } => write!(f, "make the network {name}"),
            Self::Edit(edit) => {
                let fixes: Vec<String> = edit.fixes.iter().map(ToString::to_string).collect();
                f.write_str(&fixes.join("; "))
            }
        }
    }
}

impl Check {
    /// A check whose status follows from its findings.
    #[must_use]
    pub fn new(check: &'static str, summary: impl Into<String>, findings: Vec<Finding>) -> Self {
        let status = match findings.iter().map(|finding| finding.severity).min() {
            None => CheckStatus::Ok,
            Some(Severity::Warning) => CheckStatus::Warning,
            Some(Severity::Error) => CheckStatus::Error,
        };
        Self { check, status, summary: summary.into(), findings, repairs: Vec::new() }
    }

    /// A check that could not be made.
    #[must_use]
    pub fn skipped(check: &'static str, why: impl Into<String>) -> Self {
        Self { status: CheckStatus::Skipped, ..Self::new(check, why, Vec::new()) }
    }

    /// With the repairs that scalr can make.
    #[must_use]
    pub fn repairs(mut self, repairs: impl IntoIterator<Item = Repair>) -> Self {
        self.repairs.extend(repairs);
        self
    }
}

/// What is wrong with the lines of `.env.shared` beside its example: variables that the example has and that are missing, and
/// secrets without a value. Nothing is wrong with one that the example leaves empty on purpose.
#[must_use]
pub fn incomplete(variables: &[Variable], example: &[Variable]) -> Vec<Finding> {
    let at = Location::file(&RelPath::root().join(SHARED_ENV_FILE));
    let mut findings = Vec::new();
    for expected in example {
        let name = &expected.key;
        let found = variables.iter().rev().find(|variable| variable.key == *name);
        let what = match found {
            None if expected.is_empty() && !is_secret_name(name) => continue,
            None => format!("{name} is not set; {SHARED_ENV_EXAMPLE} has it"),
            Some(found) if found.is_empty() && is_secret_name(name) => format!("{name} is empty"),
            Some(_) => continue,
        };
        let finding = Finding::new(Code::EnvSharedIncomplete, at.clone(), what);
        findings.push(if is_secret_name(name) {
            finding.help(format!(
                "write one into {SHARED_ENV_FILE}, such as the output of: openssl rand -hex 24"
            ))
        } else {
            finding.help(format!("copy its line from {SHARED_ENV_EXAMPLE}"))
        });
    }
    findings
}

/// Others may read the secrets.
#[must_use]
pub fn readable_by_others(mode: u32) -> Finding {
    let at = Location::file(&RelPath::root().join(SHARED_ENV_FILE));
    Finding::new(Code::EnvSharedOpen, at, format!("other users of this machine may read it (mode {mode:o})"))
        .help(format!("chmod 600 {SHARED_ENV_FILE}"))
}

/// The network of the gateway is missing or exists several times.
#[must_use]
pub fn edge(count: usize, is_wanted: bool) -> Option<Finding> {
    let here = Location::file(&RelPath::root());
    match count {
        0 if is_wanted => {
            let mut finding =
                Finding::new(Code::NetworkMissing, here, format!("the network {EDGE} is missing"));
            // `scalr up` creates it.
            finding.severity = Severity::Warning;
            Some(finding.help("scalr up makes it when it is needed"))
        }
        0 | 1 => None,
        count => {
            let message = format!("there are {count} networks of the name {EDGE}");
            Some(Finding::new(Code::NetworkTwins, here, message).help(format!(
                "scalr down, then docker network ls --no-trunc --filter name={EDGE}, and docker network rm ID of all but one"
            )))
        }
    }
}

/// Another scalr, or a process that it left running, holds the lock of a subproject.
#[must_use]
pub fn busy(name: &str, holder: &str) -> Finding {
    let message = format!("another scalr is at work on {name} ({holder}), or a docker compose that it left");
    Finding::new(Code::ProjectBusy, Location::file(&RelPath::root()), message)
        .help("scalr up waits for it; if it never ends, end that process")
}

/// buildx is missing.
#[must_use]
pub fn no_buildx() -> Finding {
    Finding::new(Code::BuildxMissing, Location::file(&RelPath::root()), "docker buildx is not installed")
        .help("https://docs.docker.com/build/buildx/install/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env;

    #[test]
    fn a_subproject_that_another_scalr_works_on_is_named() {
        let finding = busy("crm", "process 42");
        assert_eq!(finding.code.name(), "project-busy");
        assert!(finding.message.contains("crm (process 42)"), "{}", finding.message);
    }

    #[test]
    fn what_the_example_has_and_the_file_has_not() {
        let example = env::parse("DB_PASSWORD=\nAUTH=dev\nDOMAIN=\n#OFF=1\n").unwrap();
        let texts = |file: &str| {
            let found = incomplete(&env::parse(file).unwrap(), &example);
            found.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
        };
        assert_eq!(
            texts(""),
            [
                "DB_PASSWORD is not set; .env.shared.example has it",
                "AUTH is not set; .env.shared.example has it"
            ]
        );
        assert_eq!(texts("DB_PASSWORD=''\nAUTH=\n"), ["DB_PASSWORD is empty"]);
        assert!(texts("DB_PASSWORD=x\nAUTH=authentik\n").is_empty());
    }

    #[test]
    fn the_worst_finding_is_the_status() {
        let open = readable_by_others(0o644);
        assert!(open.message.contains("644"));
        assert_eq!(Check::new("a", "", vec![]).status, CheckStatus::Ok);
        assert_eq!(Check::new("a", "", vec![open.clone()]).status, CheckStatus::Warning);
        assert_eq!(Check::new("a", "", vec![open, edge(2, true).unwrap()]).status, CheckStatus::Error);
        assert_eq!(edge(0, true).unwrap().severity, Severity::Warning);
        assert_eq!((edge(0, false), edge(1, true)), (None, None));
    }
}
