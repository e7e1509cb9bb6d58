//! Carrying out a plan of `scalr up`.

use super::call::{self, ComposeEnd};
use super::execute::{Emit, Pace, Stopwatch, execute};
use super::health::{self, Happenings};
use super::project_lock::ProjectLock;
use super::record;
use super::session::Session;
use super::survey::{Building, Survey, Surveyed, UpOptions, gather, survey};
use crate::docker::EngineError;
use crate::shutdown::ShutdownStage;
use scalr_model::run::containers::{self, Container, ContainerState};
use scalr_model::run::event::{Event, RunFailure, RunOutcome, RunReport};
use scalr_model::run::fingerprint::{Decision, Reasons, SCHEMA, UpRecord};
use scalr_model::run::order::Order;
use scalr_model::run::subproject::Subproject;

/// Starts what the survey found to be started; gives the reports, by position.
pub async fn up(
    session: &Session,
    subprojects: &[Subproject],
    survey: &Survey,
    order: &Order,
    options: UpOptions,
    pace: Pace,
    emit: Emit<'_>,
) -> Result<Vec<RunReport>, EngineError> {
    make_networks(session, survey, emit).await?;
    let happenings = health::listen(&session.engine);
    let names: Vec<String> = subprojects.iter().map(|one| one.name.clone()).collect();
    let run = Run { session, happenings, options, pace, emit };
    Ok(execute(order, &names, pace, &session.shutdown, emit, |at| {
        run.start_step(&subprojects[at], &survey.each[at])
    })
    .await)
}

/// Shared networks, each made once: two at once would give two of one name on old engines.
async fn make_networks(session: &Session, survey: &Survey, emit: Emit<'_>) -> Result<(), EngineError> {
    for name in &survey.networks {
        let waiting = |holder: &str| emit(Event::Waiting { app: name.clone(), holder: holder.to_owned() });
        let lock = ProjectLock::acquire(&session.records, ".network", &session.shutdown, waiting).await;
        let Ok(Some(_lock)) = lock else { continue };
        if !session.engine.networks().await?.iter().any(|network| network.name == *name) {
            session.engine.create_network(name).await?;
        }
    }
    Ok(())
}

/// What the work on every subproject has in common.
struct Run<'a> {
    session: &'a Session,
    happenings: Happenings,
    options: UpOptions,
    pace: Pace,
    emit: Emit<'a>,
}

impl Run<'_> {
    async fn start_step(&self, subproject: &Subproject, surveyed: &Surveyed) -> RunReport {
        let stopwatch = Stopwatch::start();
        let ended = self.attempt(subproject, surveyed).await;
        let (outcome, failure) = match ended {
            Ok(outcome) => (outcome, None),
            Err(failure) => (RunOutcome::Failed, Some(failure)),
        };
        let url = subproject.url(&self.session.front);
        RunReport { app: subproject.name.clone(), outcome, seconds: stopwatch.seconds(), url, failure }
    }

    async fn attempt(&self, subproject: &Subproject, surveyed: &Surveyed) -> Result<RunOutcome, RunFailure> {
        let Decision::Up(reasons) = &surveyed.decision else { return Ok(RunOutcome::Unchanged) };
        if let Some(finding) = surveyed.findings.iter().find(|finding| finding.severity.as_str() == "error") {
            let hint = finding.help.clone();
            return Err(RunFailure { hint, ..RunFailure::new(&finding.message) });
        }
        let name = &subproject.name;
        let lock = call::lock(self.session, name, self.emit).await?;
        if lock.waited {
            // Whoever had the lock may have done the work.
            let again = self.survey_again(subproject).await;
            let again = again.map_err(|error| RunFailure::new(error.to_string()))?;
            let Some(surveyed) = again.each.first() else { return Ok(RunOutcome::Unchanged) };
            return match &surveyed.decision {
                Decision::Skip => Ok(RunOutcome::Unchanged),
                Decision::Up(reasons) => self.start(subproject, surveyed, reasons, &lock).await,
            };
        }
        self.start(subproject, surveyed, reasons, &lock).await
    }

    async fn survey_again(&self, subproject: &Subproject) -> Result<Survey, EngineError> {
        let subprojects = std::slice::from_ref(subproject);
        let state = gather(self.session, subprojects, None).await?;
        survey(self.session, subprojects, self.options, state).await
    }

    async fn start(
        &self,
        subproject: &Subproject,
        surveyed: &Surveyed,
        reasons: &Reasons,
        lock: &ProjectLock,
    ) -> Result<RunOutcome, RunFailure> {
        let Self { session, emit, .. } = self;
        let name = &subproject.name;
        emit(Event::Start { app: name.clone(), reasons: reasons.texts.clone() });
        // Until it has succeeded nothing is known of it.
        record::forget(&session.records, name);
        let builds = matches!(&surveyed.config, Some(Ok((config, _))) if !config.builds.is_empty());
        let mut args = vec!["up", "--detach"];
        match self.options.build {
            Building::AsNeeded if reasons.build && builds => args.push("--build"),
            Building::AsNeeded => {}
            Building::Never => args.push("--no-build"),
        }
        let ended = call::compose(session, &surveyed.project, &args, lock, self.emit).await?;
        if let ComposeEnd::Failed(lines) = ended {
            return Err(self.compose_failed(name, lines).await);
        }
        let containers = health::wait(session, &self.happenings, name, self.pace.timeout, self.emit).await?;
        // Whatever Compose says, the engine knows.
        if let Some(Ok((config, _))) = &surveyed.config {
            let there = |service: &&String| containers.iter().any(|one| one.service == **service);
            let missing: Vec<&str> =
                config.services.iter().filter(|service| !there(service)).map(String::as_str).collect();
            if !missing.is_empty() {
                let message = "docker compose ended well, but the engine has no container of";
                return Err(RunFailure::new(format!("{message} {}", missing.join(", "))));
            }
        }
        self.write_record(name, surveyed, &containers);
        Ok(RunOutcome::Up)
    }

    /// Why Compose failed: its own last words, and those of the containers that it gave up on.
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

    /// Remembers a success, for the next time. Without it the next up only does more.
    fn write_record(&self, name: &str, surveyed: &Surveyed, containers: &[Container]) {
        let Some(Ok((config, _))) = &surveyed.config else { return };
        let record = UpRecord {
            schema: SCHEMA.to_owned(),
            inputs: surveyed.inputs.clone(),
            paths: surveyed.paths.clone(),
            config: config.clone(),
            containers: containers::record(containers),
        };
        let _ = record::write(&self.session.records, name, &record);
    }
}

/// What to type next.
fn hint(name: &str, lines: &[String]) -> String {
    if lines.iter().any(|line| line.contains("port is already allocated")) {
        // The preflight found it free. Engine 20.10 forgets to free ports when it is killed in the middle of a start.
        return format!(
            "nobody held that port a moment ago; if the engine was killed, restart the engine, then: scalr up {name}"
        );
    }
    format!("when it is mended: scalr up {name}")
}
