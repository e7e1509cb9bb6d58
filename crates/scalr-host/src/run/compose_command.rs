//! Carrying out a plan of `scalr restart`, `scalr pull` or `scalr build`.

use super::call::{compose_or_fail, lock};
use super::execute::{Emit, Pace, Stopwatch, execute, report};
use super::health::{self, Happenings};
use super::project;
use super::session::Session;
use scalr_model::compose::project::ComposeProject;
use scalr_model::run::compose_plan::{ComposeCommand, ComposePlan};
use scalr_model::run::event::{Event, RunFailure, RunOutcome, RunReport};
use scalr_model::run::step::Step;

/// Plans a command of Compose for each subproject.
#[must_use]
pub fn plan(session: &Session, command: ComposeCommand, steps: Vec<Step<()>>) -> ComposePlan {
    let with_project = |step: Step<()>| {
        let project = project::project(&session.root, &step.subproject, session.mode());
        step.with(project)
    };
    ComposePlan::new(command, steps.into_iter().map(with_project).collect())
}

/// Runs the command for each subproject.
pub async fn run(session: &Session, plan: &ComposePlan, pace: Pace, emit: Emit<'_>) -> Vec<RunReport> {
    let happenings = match plan.command {
        ComposeCommand::Restart => Some(health::listen(&session.engine)),
        ComposeCommand::Pull | ComposeCommand::Build(_) => None,
    };
    let run = CommandRun { session, command: plan.command, happenings, pace, emit };
    execute(&plan.steps, pace, &session.shutdown, emit, |step| run.step(step)).await
}

/// The shared context of the work.
struct CommandRun<'a> {
    session: &'a Session,
    command: ComposeCommand,
    /// Where containers have to become healthy afterwards.
    happenings: Option<Happenings>,
    pace: Pace,
    emit: Emit<'a>,
}

impl CommandRun<'_> {
    async fn step(&self, step: &Step<ComposeProject>) -> RunReport {
        let stopwatch = Stopwatch::start();
        report(&step.subproject, self.carry_out(step).await, stopwatch)
    }

    async fn carry_out(&self, step: &Step<ComposeProject>) -> Result<RunOutcome, RunFailure> {
        let Self { session, emit, .. } = self;
        let lock = lock(session, step.name(), emit).await?;
        emit(Event::Start { app: step.name().to_owned(), reasons: Vec::new() });
        compose_or_fail(session, &step.action, self.command.args(), &lock, emit).await?;
        if let Some(happenings) = &self.happenings {
            health::wait(session, happenings, step.name(), self.pace.timeout, emit).await?;
        }
        Ok(self.command.outcome())
    }
}
