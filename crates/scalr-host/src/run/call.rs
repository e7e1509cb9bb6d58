//! One call of Compose for one subproject, under its lock, as events.

use super::execute::{Emit, Stopwatch};
use super::project_lock::ProjectLock;
use super::session::Session;
use super::survey::plain;
use super::up::failure;
use crate::compose::Project;
use scalr_model::run::event::{Event, RunFailure, RunOutcome, RunReport};
use scalr_model::run::subproject::Subproject;

/// The lock of a subproject; another scalr is waited for.
pub(super) async fn lock(session: &Session, name: &str, emit: Emit<'_>) -> Result<ProjectLock, RunFailure> {
    let waiting = |holder: &str| emit(Event::Waiting { app: name.to_owned(), holder: holder.to_owned() });
    match ProjectLock::acquire(&session.records, name, &session.shutdown, waiting).await {
        Ok(Some(lock)) => Ok(lock),
        Ok(None) => Err(failure("interrupted while it waited for another scalr")),
        Err(error) => Err(failure(format!("failed to {error}"))),
    }
}

/// Compose, with its words as events and its last ones as the failure.
pub(super) async fn call(
    session: &Session,
    project: &Project,
    args: &[&str],
    lock: &ProjectLock,
    emit: Emit<'_>,
) -> Result<(), RunFailure> {
    let step = |line: &str| {
        let text = session.secrets.clean(&plain(line));
        emit(Event::Step { app: project.name.clone(), text });
    };
    let ran = session.compose.run(project, args, lock.share(), &session.shutdown, step).await;
    let ran = ran.map_err(|error| failure(format!("failed to start docker compose: {error}")))?;
    if ran.code == Some(0) {
        return Ok(());
    }
    let output: Vec<String> = ran.lines.iter().map(|line| session.secrets.clean(&plain(line))).collect();
    let message = output.last().cloned().unwrap_or_else(|| format!("docker compose {} failed", args[0]));
    Err(RunFailure { message, output, ..RunFailure::default() })
}

/// How it ended.
pub(super) fn report(
    one: &Subproject,
    ended: Result<RunOutcome, RunFailure>,
    stopwatch: Stopwatch,
) -> RunReport {
    let (outcome, failure) = match ended {
        Ok(outcome) => (outcome, None),
        Err(failure) => (RunOutcome::Failed, Some(failure)),
    };
    RunReport { app: one.name.clone(), outcome, seconds: stopwatch.seconds(), url: None, failure }
}
