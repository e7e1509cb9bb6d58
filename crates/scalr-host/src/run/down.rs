//! Stopping and restarting subprojects.

use super::call::{compose_or_fail, lock};
use super::execute::{Emit, Pace, Stopwatch, execute, report};
use super::session::Session;
use super::{health, project};
use crate::compose::Project;
use crate::docker::{EngineError, PROJECT_LABEL};
use scalr_model::run::containers::Container;
use scalr_model::run::event::{Event, RunFailure, RunOutcome, RunReport};
use scalr_model::run::order::Order;
use scalr_model::run::subproject::Subproject;

/// What becomes of volumes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volumes {
    /// They stay.
    Keep,
    /// They go, with everything in them; those of protected subprojects stay.
    Remove,
}

/// What there is of a project in the engine.
#[derive(Debug, Clone, Default)]
pub struct Remains {
    /// Its containers.
    pub containers: Vec<Container>,
    /// Its own networks.
    pub networks: Vec<String>,
    /// Its volumes.
    pub volumes: Vec<String>,
}

impl Remains {
    fn is_nothing(&self, volumes: Volumes) -> bool {
        self.containers.is_empty()
            && self.networks.is_empty()
            && (volumes == Volumes::Keep || self.volumes.is_empty())
    }
}

/// What there is of each subproject, by position.
pub async fn remains(session: &Session, subprojects: &[Subproject]) -> Result<Vec<Remains>, EngineError> {
    let engine = &session.engine;
    let (containers, networks, volumes) =
        tokio::join!(engine.containers(), engine.networks(), engine.volumes(PROJECT_LABEL));
    let (containers, networks, volumes) = (containers?, networks?, volumes?);
    let of = |one: &Subproject| Remains {
        containers: containers.iter().filter(|container| container.project == one.name).cloned().collect(),
        networks: networks
            .iter()
            .filter(|network| network.project.as_deref() == Some(&one.name))
            .map(|network| network.name.clone())
            .collect(),
        volumes: volumes
            .iter()
            .filter(|volume| volume.project == one.name)
            .map(|volume| volume.name.clone())
            .collect(),
    };
    Ok(subprojects.iter().map(of).collect())
}

/// Stops subprojects and removes their containers and networks.
pub async fn down(
    session: &Session,
    subprojects: &[Subproject],
    remains: &[Remains],
    order: &Order,
    volumes: Volumes,
    pace: Pace,
    emit: Emit<'_>,
) -> Vec<RunReport> {
    let names: Vec<String> = subprojects.iter().map(|one| one.name.clone()).collect();
    let work = |at: usize| async move {
        let one: &Subproject = &subprojects[at];
        let stopwatch = Stopwatch::start();
        // Whoever protects a subproject protects its data first of all.
        let volumes = if one.protected { Volumes::Keep } else { volumes };
        let ended = if remains[at].is_nothing(volumes) {
            Ok(RunOutcome::Unchanged)
        } else {
            stop(session, one, volumes, emit).await.map(|()| RunOutcome::Down)
        };
        report(one, ended, stopwatch)
    };
    execute(order, &names, pace, &session.shutdown, emit, work).await
}

async fn stop(
    session: &Session,
    one: &Subproject,
    volumes: Volumes,
    emit: Emit<'_>,
) -> Result<(), RunFailure> {
    let lock = lock(session, &one.name, emit).await?;
    emit(Event::Start { app: one.name.clone(), reasons: Vec::new() });
    let mut args = vec!["down", "--remove-orphans"];
    if volumes == Volumes::Remove {
        args.push("--volumes");
    }
    let full = project::project(&session.root, one, session.mode());
    let readable = !full.files.is_empty() && full.env_files.iter().all(|file| file.is_file());
    if readable && compose_or_fail(session, &full, &args, &lock, emit).await.is_ok() {
        return Ok(());
    }
    // A compose file that is broken or gone is no reason to keep containers: Compose finds them by their labels.
    let bare = Project { name: one.name.clone(), ..Project::default() };
    args.retain(|arg| *arg != "--remove-orphans");
    compose_or_fail(session, &bare, &args, &lock, emit).await
}

/// Restarts the containers of subprojects.
pub async fn restart(
    session: &Session,
    subprojects: &[Subproject],
    order: &Order,
    pace: Pace,
    emit: Emit<'_>,
) -> Vec<RunReport> {
    let names: Vec<String> = subprojects.iter().map(|one| one.name.clone()).collect();
    let happenings = health::listen(&session.engine);
    let happenings = &happenings;
    let work = |at: usize| async move {
        let one: &Subproject = &subprojects[at];
        let stopwatch = Stopwatch::start();
        let again = async {
            let lock = lock(session, &one.name, emit).await?;
            emit(Event::Start { app: one.name.clone(), reasons: Vec::new() });
            let full = project::project(&session.root, one, session.mode());
            compose_or_fail(session, &full, &["restart"], &lock, emit).await?;
            health::wait(session, happenings, &one.name, pace.timeout, emit).await?;
            Ok(RunOutcome::Restarted)
        };
        report(one, again.await, stopwatch)
    };
    execute(order, &names, pace, &session.shutdown, emit, work).await
}
