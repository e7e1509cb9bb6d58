//! Stopping subprojects: what the engine has of them, and carrying out a plan of `scalr down`.

use super::call::{compose_or_fail, lock};
use super::execute::{Emit, Pace, Stopwatch, execute, report};
use super::project;
use super::session::Session;
use crate::docker::{EngineError, PROJECT_LABEL};
use scalr_model::compose::project::ComposeProject;
use scalr_model::run::down_plan::{DownAction, DownPlan, EngineResources, Volumes};
use scalr_model::run::event::{Event, RunFailure, RunOutcome, RunReport};
use scalr_model::run::step::Step;

/// Plans to stop subprojects.
pub async fn plan(
    session: &Session,
    steps: Vec<Step<()>>,
    volumes: Volumes,
) -> Result<DownPlan, EngineError> {
    let engine = &session.engine;
    let (containers, networks, volumes_there) =
        tokio::join!(engine.containers(), engine.networks(), engine.volumes(PROJECT_LABEL));
    let resources = EngineResources { containers: containers?, networks: networks?, volumes: volumes_there? };
    let with_project = |step: Step<()>| {
        let project = project::project(&session.root, &step.subproject, session.mode());
        let readable = !project.files.is_empty() && project.env_files.iter().all(|file| file.is_file());
        step.with(readable.then_some(project))
    };
    Ok(DownPlan::new(steps.into_iter().map(with_project).collect(), &resources, volumes))
}

/// Stops subprojects and removes their containers and networks.
pub async fn down(session: &Session, plan: &DownPlan, pace: Pace, emit: Emit<'_>) -> Vec<RunReport> {
    execute(&plan.steps, pace, &session.shutdown, emit, |step| run_step(session, step, emit)).await
}

async fn run_step(session: &Session, step: &Step<DownAction>, emit: Emit<'_>) -> RunReport {
    let stopwatch = Stopwatch::start();
    report(&step.subproject, carry_out(session, step, emit).await, stopwatch)
}

async fn carry_out(
    session: &Session,
    step: &Step<DownAction>,
    emit: Emit<'_>,
) -> Result<RunOutcome, RunFailure> {
    let DownAction::Down { project, volumes } = &step.action else { return Ok(RunOutcome::Unchanged) };
    let lock = lock(session, step.name(), emit).await?;
    emit(Event::Start { app: step.name().to_owned(), reasons: Vec::new() });
    let with_volumes: &[&str] = match volumes {
        Volumes::Keep => &[],
        Volumes::Remove => &["--volumes"],
    };
    if let Some(project) = project {
        let args = [&["down", "--remove-orphans"], with_volumes].concat();
        if compose_or_fail(session, project, &args, &lock, emit).await.is_ok() {
            return Ok(RunOutcome::Down);
        }
    }
    // Without a readable compose file Compose finds the containers by their labels.
    let args = [&["down"], with_volumes].concat();
    compose_or_fail(session, &ComposeProject::by_name(step.name()), &args, &lock, emit).await?;
    Ok(RunOutcome::Down)
}
