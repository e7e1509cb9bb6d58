//! One call of Compose for one subproject, under the subproject's lock, as events.

use super::execute::Emit;
use super::project_lock;
use super::session::Session;
use crate::lock::FileLock;
use scalr_model::compose::message::plain;
use scalr_model::compose::project::ComposeProject;
use scalr_model::run::event::{Event, RunFailure};

/// How a call of Compose ended. The lines are the last ones that it wrote, without secrets and time stamps.
#[derive(Debug)]
pub(super) enum ComposeEnd {
    Succeeded,
    Failed(Vec<String>),
}

/// Takes the lock of a subproject or network, waiting for another scalr that holds it.
pub(super) async fn lock(session: &Session, name: &str, emit: Emit<'_>) -> Result<FileLock, RunFailure> {
    let waiting = |holder: &str| emit(Event::Waiting { app: name.to_owned(), holder: holder.to_owned() });
    match project_lock::acquire(&session.records, name, &session.shutdown, waiting).await {
        Ok(Some(lock)) => Ok(lock),
        Ok(None) => Err(RunFailure::new("interrupted while it waited for another scalr")),
        Err(error) => Err(RunFailure::new(format!("failed to {error}"))),
    }
}

/// Runs Compose; each line that it writes is an event. The error is that it could not be started.
pub(super) async fn compose(
    session: &Session,
    project: &ComposeProject,
    args: &[&str],
    lock: &FileLock,
    emit: Emit<'_>,
) -> Result<ComposeEnd, RunFailure> {
    let text = |line: &str| session.secrets.clean(&plain(line));
    let step = |line: &str| emit(Event::Step { app: project.name.clone(), text: text(line) });
    let ran = session.compose.run(project, args, lock.share(), &session.shutdown, step).await;
    let ran = ran.map_err(|error| RunFailure::new(format!("failed to start docker compose: {error}")))?;
    Ok(match ran.code {
        Some(0) => ComposeEnd::Succeeded,
        _ => ComposeEnd::Failed(ran.lines.iter().map(|line| text(line)).collect()),
    })
}

/// Runs Compose, where nothing more is known of a failure than its last lines.
pub(super) async fn compose_or_fail(
    session: &Session,
    project: &ComposeProject,
    args: &[&str],
    lock: &FileLock,
    emit: Emit<'_>,
) -> Result<(), RunFailure> {
    let ComposeEnd::Failed(output) = compose(session, project, args, lock, emit).await? else {
        return Ok(());
    };
    let message = output.last().cloned().unwrap_or_else(|| format!("docker compose {} failed", args[0]));
    Err(RunFailure { message, output, ..RunFailure::default() })
}
