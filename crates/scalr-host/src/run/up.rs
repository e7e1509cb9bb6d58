//! Carrying out a plan of `scalr up`.

use super::execute::{Emit, Pace, Watch, execute};
use super::health::{self, Happenings};
use super::project_lock::ProjectLock;
use super::record;
use super::session::Session;
use super::survey::{Building, Survey, Surveyed, Wish, plain, see, survey};
use crate::docker::EngineError;
use crate::interrupt::Stage;
use scalr_model::run::containers::{Container, State, keep};
use scalr_model::run::event::{Event, Failure, Outcome, Report};
use scalr_model::run::fingerprint::{Decision, Reasons, Record, SCHEMA};
use scalr_model::run::order::Order;
use scalr_model::run::subproject::Subproject;

/// Starts what the survey found to be started; gives the reports, by position.
pub async fn up(
    session: &Session,
    subprojects: &[Subproject],
    survey: &Survey,
    order: &Order,
    wish: Wish,
    pace: Pace,
    emit: Emit<'_>,
) -> Result<Vec<Report>, EngineError> {
    make_networks(session, survey, emit).await?;
    let happenings = health::listen(&session.engine);
    let names: Vec<String> = subprojects.iter().map(|one| one.name.clone()).collect();
    let run = Run { session, happenings, wish, pace, emit };
    Ok(execute(order, &names, pace, &session.stages, emit, |at| run.one(&subprojects[at], &survey.each[at]))
        .await)
}

/// Shared networks, each made once: two at once would give two of one name on old engines.
async fn make_networks(session: &Session, survey: &Survey, emit: Emit<'_>) -> Result<(), EngineError> {
    for name in &survey.networks {
        let waiting = |holder: &str| emit(Event::Waiting { app: name.clone(), holder: holder.to_owned() });
        let lock = ProjectLock::acquire(&session.records, ".network", &session.stages, waiting).await;
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
    wish: Wish,
    pace: Pace,
    emit: Emit<'a>,
}

impl Run<'_> {
    async fn one(&self, subproject: &Subproject, surveyed: &Surveyed) -> Report {
        let watch = Watch::start();
        let ended = self.attempt(subproject, surveyed).await;
        let (outcome, failure) = match ended {
            Ok(outcome) => (outcome, None),
            Err(failure) => (Outcome::Failed, Some(failure)),
        };
        let url = subproject.url(&self.session.front);
        Report { app: subproject.name.clone(), outcome, seconds: watch.seconds(), url, failure }
    }

    async fn attempt(&self, subproject: &Subproject, surveyed: &Surveyed) -> Result<Outcome, Failure> {
        let Decision::Up(reasons) = &surveyed.decision else { return Ok(Outcome::Unchanged) };
        if let Some(finding) = surveyed.findings.iter().find(|finding| finding.severity.as_str() == "error") {
            let hint = finding.help.clone();
            return Err(Failure { message: finding.message.clone(), hint, ..Failure::default() });
        }
        let name = &subproject.name;
        let waiting =
            |holder: &str| (self.emit)(Event::Waiting { app: name.clone(), holder: holder.to_owned() });
        let lock = ProjectLock::acquire(&self.session.records, name, &self.session.stages, waiting).await;
        let lock = lock.map_err(|error| said(format!("failed to {error}")))?;
        let Some(lock) = lock else { return Err(said("interrupted while it waited for another scalr")) };
        if lock.waited {
            // Whoever had the lock may have done the work.
            let again = self.look_again(subproject).await;
            let again = again.map_err(|error| said(error.to_string()))?;
            let Some(surveyed) = again.each.first() else { return Ok(Outcome::Unchanged) };
            return match &surveyed.decision {
                Decision::Skip => Ok(Outcome::Unchanged),
                Decision::Up(reasons) => self.start(subproject, surveyed, reasons, &lock).await,
            };
        }
        self.start(subproject, surveyed, reasons, &lock).await
    }

    async fn look_again(&self, subproject: &Subproject) -> Result<Survey, EngineError> {
        let subprojects = std::slice::from_ref(subproject);
        let sight = see(self.session, subprojects, None).await?;
        survey(self.session, subprojects, self.wish, sight).await
    }

    async fn start(
        &self,
        subproject: &Subproject,
        surveyed: &Surveyed,
        reasons: &Reasons,
        lock: &ProjectLock,
    ) -> Result<Outcome, Failure> {
        let Self { session, emit, .. } = self;
        let name = &subproject.name;
        emit(Event::Start { app: name.clone(), reasons: reasons.texts.clone() });
        // Until it has succeeded nothing is known of it.
        record::forget(&session.records, name);
        let builds = matches!(&surveyed.config, Some(Ok((config, _))) if !config.builds.is_empty());
        let mut args = vec!["up", "--detach"];
        match self.wish.build {
            Building::AsNeeded if reasons.build && builds => args.push("--build"),
            Building::AsNeeded => {}
            Building::Never => args.push("--no-build"),
        }
        let step = |line: &str| {
            let text = session.secrets.clean(&plain(line));
            emit(Event::Step { app: name.clone(), text });
        };
        let ran = session.compose.run(&surveyed.project, &args, lock.share(), &session.stages, step).await;
        let ran = ran.map_err(|error| said(format!("failed to start docker compose: {error}")))?;
        if ran.code != Some(0) {
            return Err(self.compose_failed(name, &ran.lines).await);
        }
        let containers = health::wait(session, &self.happenings, name, self.pace.timeout, self.emit).await?;
        // Whatever Compose says, the engine knows.
        if let Some(Ok((config, _))) = &surveyed.config {
            let there = |service: &&String| containers.iter().any(|one| one.service == **service);
            let missing: Vec<&str> =
                config.services.iter().filter(|service| !there(service)).map(String::as_str).collect();
            if !missing.is_empty() {
                let message = "docker compose ended well, but the engine has no container of";
                return Err(said(format!("{message} {}", missing.join(", "))));
            }
        }
        self.keep(name, surveyed, &containers);
        Ok(Outcome::Up)
    }

    /// Why Compose failed: its own last words, and those of the containers that it gave up on.
    async fn compose_failed(&self, name: &str, lines: &[String]) -> Failure {
        let session = self.session;
        if session.stages.now() == Stage::Kill {
            return said("interrupted");
        }
        let lines: Vec<String> = lines.iter().map(|line| session.secrets.clean(&plain(line))).collect();
        let telling = lines.iter().rev().find(|line| !line.starts_with("level=warning"));
        let containers = session.engine.containers_of(name).await.unwrap_or_default();
        let broken: Vec<&Container> = containers
            .iter()
            .filter(|one| matches!(one.state, State::Failed | State::Unhealthy | State::Restarting))
            .collect();
        Failure {
            message: telling.cloned().unwrap_or_else(|| "docker compose up failed without a word".to_owned()),
            services: health::blame(session, &broken).await,
            hint: Some(hint(name, &lines)),
            output: lines,
        }
    }

    /// Remembers a success, for the next time. Without it the next up only does more.
    fn keep(&self, name: &str, surveyed: &Surveyed, containers: &[Container]) {
        let Some(Ok((config, _))) = &surveyed.config else { return };
        let record = Record {
            schema: SCHEMA.to_owned(),
            inputs: surveyed.inputs.clone(),
            watch: surveyed.watch.clone(),
            config: config.clone(),
            containers: keep(containers),
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

pub(super) fn said(message: impl Into<String>) -> Failure {
    Failure { message: message.into(), ..Failure::default() }
}
