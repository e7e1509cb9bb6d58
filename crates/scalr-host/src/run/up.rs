//! Executes a plan of `scalr up`. What is done with each subproject stands in its step; only a step that had to
//! wait for another scalr is planned again.

use super::call::{self, ComposeEnd};
use super::execute::{Emit, Pace, Stopwatch, execute, report};
use super::health::{self, Happenings};
use super::project_lock;
use super::record;
use super::session::Session;
use super::survey::{gather, survey};
use crate::docker::EngineError;
use crate::lock::FileLock;
use crate::shutdown::ShutdownStage;
use scalr_model::run::containers::{self, Container, ContainerState};
use scalr_model::run::event::{Event, RunFailure, RunOutcome, RunReport};
use scalr_model::run::fingerprint::{SCHEMA, UpRecord};
use scalr_model::run::order;
use scalr_model::run::plan::{ImageBuild, Start, UpAction, UpPlan};
use scalr_model::run::step::Step;
use scalr_model::run::subproject::Subproject;

/// Carries out the plan; gives the reports, in the order of its steps.
pub async fn up(
    session: &Session,
    plan: &UpPlan,
    pace: Pace,
    emit: Emit<'_>,
) -> Result<Vec<RunReport>, EngineError> {
    make_networks(session, &plan.networks, emit).await?;
    let run = UpRun { session, happenings: health::listen(&session.engine), plan, pace, emit };
    Ok(execute(&plan.steps, pace, &session.shutdown, emit, |step| run.step(step)).await)
}

/// Creates each shared network once: two concurrent requests would create two of one name on old engines.
async fn make_networks(session: &Session, names: &[String], emit: Emit<'_>) -> Result<(), EngineError> {
    for name in names {
        let waiting = |holder: &str| emit(Event::Waiting { app: name.clone(), holder: holder.to_owned() });
        let lock = project_lock::acquire(&session.records, ".network", &session.shutdown, waiting).await;
        let Ok(Some(_lock)) = lock else { continue };
        if !session.engine.networks().await?.iter().any(|network| network.name == *name) {
            session.engine.create_network(name).await?;
        }
    }
    Ok(())
}

/// What the work on every step has in common.
struct UpRun<'a> {
    session: &'a Session,
    happenings: Happenings,
    plan: &'a UpPlan,
    pace: Pace,
    emit: Emit<'a>,
}

impl UpRun<'_> {
    async fn step(&self, step: &Step<UpAction>) -> RunReport {
        let stopwatch = Stopwatch::start();
        let ended = self.carry_out(step).await;
        let url = step.subproject.url(&self.plan.front);
        RunReport { url, ..report(&step.subproject, ended, stopwatch) }
    }

    async fn carry_out(&self, step: &Step<UpAction>) -> Result<RunOutcome, RunFailure> {
        let start = match &step.action {
            UpAction::Skip => return Ok(RunOutcome::Unchanged),
            UpAction::Refuse { failure, .. } => return Err(failure.clone()),
            UpAction::Start(start) => start,
        };
        let lock = call::lock(self.session, step.name(), self.emit).await?;
        if !lock.waited {
            return self.start(step.name(), start, &lock).await;
        }
        // The scalr that had the lock may have done the work.
        let again = self.plan_again(&step.subproject).await;
        let again = again.map_err(|error| RunFailure::new(error.to_string()))?;
        match again {
            Some(UpAction::Start(start)) => self.start(step.name(), &start, &lock).await,
            Some(UpAction::Refuse { failure, .. }) => Err(failure),
            Some(UpAction::Skip) | None => Ok(RunOutcome::Unchanged),
        }
    }

    /// What is to be done with one subproject now.
    async fn plan_again(&self, subproject: &Subproject) -> Result<Option<UpAction>, EngineError> {
        let subprojects = std::slice::from_ref(subproject);
        let state = gather(self.session, subprojects, None).await?;
        let survey = survey(self.session, order::none(subprojects), self.plan.options, state).await?;
        Ok(UpPlan::new(survey, Vec::new()).steps.pop().map(|step| step.action))
    }

    async fn start(&self, name: &str, start: &Start, lock: &FileLock) -> Result<RunOutcome, RunFailure> {
        let Self { session, emit, .. } = self;
        emit(Event::Start { app: name.to_owned(), reasons: start.reasons.clone() });
        // The record is removed until it has succeeded.
        record::forget(&session.records, name);
        let args: &[&str] = match start.images {
            ImageBuild::All => &["up", "--detach", "--build"],
            ImageBuild::Missing => &["up", "--detach"],
            ImageBuild::None => &["up", "--detach", "--no-build"],
        };
        if let ComposeEnd::Failed(lines) = call::compose(session, &start.project, args, lock, emit).await? {
            return Err(self.compose_failed(name, lines).await);
        }
        let containers = health::wait(session, &self.happenings, name, self.pace.timeout, emit).await?;
        // Compose may report success without a container; the engine knows.
        let runs = |service: &&String| containers.iter().any(|one| one.service == **service);
        let missing = start.config.services.iter().filter(|service| !runs(service));
        let missing: Vec<&str> = missing.map(String::as_str).collect();
        if !missing.is_empty() {
            let message = "docker compose ended well, but the engine has no container of";
            return Err(RunFailure::new(format!("{message} {}", missing.join(", "))));
        }
        self.write_record(name, start, &containers);
        Ok(RunOutcome::Up)
    }

    /// Why Compose failed: its last lines, and those of the failed containers.
    async fn compose_failed(&self, name: &str, lines: Vec<String>) -> RunFailure {
        let session = self.session;
        if session.shutdown.now() == ShutdownStage::Kill {
            return RunFailure::new("interrupted");
        }
        let telling = lines.iter().rev().find(|line| !line.starts_with("level=warning"));
        let containers = session.engine.containers_of(name).await.unwrap_or_default();
        let broken: Vec<&Container> = containers
            .iter()
            .filter(|one| {
                matches!(
                    one.state,
                    ContainerState::Failed | ContainerState::Unhealthy | ContainerState::Restarting
                )
            })
            .collect();
        RunFailure {
            message: telling.cloned().unwrap_or_else(|| "docker compose up failed without a word".to_owned()),
            services: health::service_failures(session, &broken).await,
            hint: Some(hint(name, &lines)),
            output: lines,
        }
    }

    /// Writes the record. Without it the next up only does more work.
    fn write_record(&self, name: &str, start: &Start, containers: &[Container]) {
        let record = UpRecord {
            schema: SCHEMA.to_owned(),
            inputs: start.inputs.clone(),
            paths: start.paths.clone(),
            config: start.config.clone(),
            containers: containers::record(containers),
        };
        let _ = record::write(&self.session.records, name, &record);
    }
}

/// The next command.
fn hint(name: &str, lines: &[String]) -> String {
    if lines.iter().any(|line| line.contains("port is already allocated")) {
        // The preflight found it free. Engine 20.10 does not release ports if it is killed during a start.
        return format!(
            "the port was free before the start; if the engine was killed, restart the engine, then: scalr up {name}"
        );
    }
    format!("when it is mended: scalr up {name}")
}
