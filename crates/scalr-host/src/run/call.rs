//! One call of Compose for one subproject, under its lock, as events.

use super::execute::{Emit, Watch};
use super::project_lock::ProjectLock;
use super::session::Session;
use super::survey::plain;
use super::up::said;
use crate::compose::Project;
use scalr_model::run::event::{Event, Failure, Outcome, Report};
use scalr_model::run::subproject::Subproject;

/// The lock of a subproject; another scalr is waited for.
pub(super) async fn lock(session: &Session, name: &str, emit: Emit<'_>) -> Result<ProjectLock, Failure> {
    let waiting = |holder: &str| emit(Event::Waiting { app: name.to_owned(), holder: holder.to_owned() });
    match ProjectLock::acquire(&session.records, name, &session.stages, waiting).await {
        Ok(Some(lock)) => Ok(lock),
        Ok(None) => Err(said("interrupted while it waited for another scalr")),
        Err(error) => Err(said(format!("failed to {error}"))),
    }
}

/// Compose, with its words as events and its last ones as the failure.
pub(super) async fn call(
    session: &Session,
    project: &Project,
    args: &[&str],
    lock: &ProjectLock,
    emit: Emit<'_>,
) -> Result<(), Failure> {
    let step = |line: &str| {
        let text = session.secrets.clean(&plain(line));
        emit(Event::Step { app: project.name.clone(), text });
    };
    let ran = session.compose.run(project, args, lock.share(), &session.stages, step).await;
    let ran = ran.map_err(|error| said(format!("failed to start docker compose: {error}")))?;
    if ran.code == Some(0) {
        return Ok(());
    }
    let output: Vec<String> = ran.lines.iter().map(|line| session.secrets.clean(&plain(line))).collect();
    let message = output.last().cloned().unwrap_or_else(|| format!("docker compose {} failed", args[0]));
    Err(Failure { message, output, ..Failure::default() })
}

/// How it ended.
pub(super) fn report(one: &Subproject, ended: Result<Outcome, Failure>, watch: Watch) -> Report {
    let (outcome, failure) = match ended {
        Ok(outcome) => (outcome, None),
        Err(failure) => (Outcome::Failed, Some(failure)),
    };
    Report { app: one.name.clone(), outcome, seconds: watch.seconds(), url: None, failure }
}
