//! Waiting until the containers of a project are well, and reporting why they are not. The engine's events say
//! when to ask it again. (`compose up --wait` fails where a one-shot ends with 0.)

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::execute::Emit;
use super::session::Session;
use crate::docker::{Engine, PROJECT_LABEL};
use crate::shutdown::{Shutdown, ShutdownStage};
use scalr_model::run::containers::{Container, ContainerState};
use scalr_model::run::event::{Event, RunFailure, ServiceFailure};

/// A container that the engine has started this often again by itself will not come up.
const MANY_RESTARTS: i64 = 3;

/// Engine 20.10 tells of a container's end before its list shows it: after the last event it is asked once more, and
/// ever more rarely as long as nothing happens.
const FIRST_LULL: Duration = Duration::from_millis(100);
const LAST_LULL: Duration = Duration::from_secs(5);

/// How many lines of a log are shown.
const LOG_LINES: usize = 20;

/// The projects in which something happens, from now on. When the engine goes away, so does the channel.
pub(crate) type Happenings = broadcast::Sender<String>;

/// Listens to the engine for as long as the sender's receivers want.
#[must_use]
pub fn listen(engine: &Engine) -> Happenings {
    let (sender, _) = broadcast::channel(1024);
    let mut events = Box::pin(engine.events());
    let last_states = sender.clone();
    tokio::spawn(async move {
        while let Some(Ok(event)) = events.next().await {
            let attributes = event.actor.and_then(|actor| actor.attributes).unwrap_or_default();
            // The commands of health checks are events too, several a second.
            let counts = event.action.is_some_and(|action| !action.starts_with("exec_"));
            if let Some(project) = attributes.get(PROJECT_LABEL).filter(|_| counts) {
                // Without a receiver the event is lost, but each one asks the engine before it waits.
                let _ = last_states.send(project.clone());
            }
        }
        // An empty name tells every receiver that the stream is over.
        let _ = last_states.send(String::new());
    });
    sender
}

/// Waits until everything in a project is well; gives its containers.
pub(crate) async fn wait(
    session: &Session,
    happenings: &Happenings,
    project: &str,
    timeout: Duration,
    emit: Emit<'_>,
) -> Result<Vec<Container>, RunFailure> {
    let mut happened = happenings.subscribe();
    let deadline = tokio::time::sleep(timeout);
    tokio::pin!(deadline);
    let mut last_states: BTreeMap<String, ContainerState> = BTreeMap::new();
    let mut lull = FIRST_LULL;
    loop {
        let containers = match session.engine.containers_of(project).await {
            Ok(containers) => containers,
            Err(error) => return Err(RunFailure::new(error.to_string())),
        };
        for container in &containers {
            if last_states.insert(container.id.clone(), container.state) != Some(container.state) {
                let (app, service, state) = (project.to_owned(), container.service.clone(), container.state);
                emit(Event::Health { app, service, state });
            }
        }
        if containers.iter().all(|container| container.state.is_well()) {
            return Ok(containers);
        }
        let mut broken = Vec::new();
        for container in &containers {
            let hopeless = match container.state {
                ContainerState::Failed | ContainerState::Unhealthy => true,
                ContainerState::Restarting => {
                    let found = session.engine.inspect(&container.id).await.unwrap_or_default();
                    found.restarts >= MANY_RESTARTS
                }
                _ => false,
            };
            if hopeless {
                broken.push(container);
            }
        }
        if !broken.is_empty() {
            return Err(failure(session, &broken, "did not come up").await);
        }
        let open: Vec<&Container> =
            containers.iter().filter(|container| !container.state.is_well()).collect();
        tokio::select! {
            () = wait_for_project(&mut happened, project) => lull = FIRST_LULL,
            () = tokio::time::sleep(lull) => lull = (lull * 2).min(LAST_LULL),
            () = &mut deadline => {
                let late = format!("did not become healthy within {} s", timeout.as_secs());
                return Err(failure(session, &open, &late).await);
            }
            () = session.shutdown.reached(ShutdownStage::Drain) => {
                return Err(failure(session, &open, "was not healthy yet when the run was interrupted").await);
            }
        }
    }
}

/// Waits until something happens anywhere, or five seconds have passed; false when the run shall end.
pub async fn wait_for_change(happened: &mut broadcast::Receiver<String>, shutdown: &Shutdown) -> bool {
    let quiet = Duration::from_secs(5);
    tokio::select! {
        _ = tokio::time::timeout(quiet, happened.recv()) => {
            // What comes in bursts is shown once.
            tokio::time::sleep(Duration::from_millis(100)).await;
            while happened.try_recv().is_ok() {}
            true
        }
        () = shutdown.reached(ShutdownStage::Drain) => false,
    }
}

/// Until something happens in the project, or nothing will be heard any more.
async fn wait_for_project(happened: &mut broadcast::Receiver<String>, project: &str) {
    loop {
        match happened.recv().await {
            Ok(name) if name == project => return,
            // The stream of events is over: look every second instead, as long as the engine answers.
            Ok(name) if name.is_empty() => return tokio::time::sleep(Duration::from_secs(1)).await,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => return tokio::time::sleep(Duration::from_secs(1)).await,
        }
    }
}

/// A failure with the words of those that are to blame.
async fn failure(session: &Session, broken: &[&Container], what: &str) -> RunFailure {
    let mut names: Vec<&str> = broken.iter().map(|container| container.service.as_str()).collect();
    names.dedup();
    RunFailure {
        message: format!("{} {what}", names.join(", ")),
        services: service_failures(session, broken).await,
        ..RunFailure::default()
    }
}

/// What each container says of itself, without secrets.
pub(crate) async fn service_failures(session: &Session, broken: &[&Container]) -> Vec<ServiceFailure> {
    let mut services = Vec::new();
    for container in broken {
        let found = session.engine.inspect(&container.id).await.unwrap_or_default();
        let log = session.engine.tail(&container.id, LOG_LINES).await.unwrap_or_default();
        services.push(ServiceFailure {
            service: container.service.clone(),
            state: container.state,
            exit_code: found.exit_code.filter(|_| container.state == ContainerState::Failed),
            health: found.error.or(found.health).map(|text| session.secrets.clean(&text)),
            log: log.iter().map(|line| session.secrets.clean(line)).collect(),
        });
    }
    services
}
