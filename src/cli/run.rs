//! What the commands that work on many subprojects have in common.

use std::collections::BTreeMap;
use std::time::Duration;

use super::runtime;
use super::select::SelectArgs;
use super::signals::SignalMeaning;
use super::{CommandError, Context, ErrorKind, Outcome, Status};
use crate::ui::run::Reporter;
use scalr_host::docker::EngineError;
use scalr_host::run::compose_command;
use scalr_host::run::execute::{Emit, OnFailure, Pace, Stopwatch};
use scalr_host::run::session::{OpenError, Session, SharedEnv};
use scalr_host::shutdown::ShutdownStage;
use scalr_host::{environment, run::session};
use scalr_model::diagnostics::Finding;
use scalr_model::run::compose_plan::ComposeCommand;
use scalr_model::run::event::{Event, RunReport};
use scalr_model::run::order::Circle;
use scalr_model::run::step::{self, Step};
use scalr_model::run::subproject::Subproject;

/// How many subprojects for each core are started at once: the engine mostly waits for the kernel
/// (docs/performance.md).
pub(super) const STARTING: usize = 4;

/// How many are stopped at once: with more of them the engine waits for itself.
pub(super) const STOPPING: usize = 2;

/// How long one subproject may take to become healthy, unless --timeout says otherwise.
pub(super) const PATIENCE: Duration = Duration::from_mins(5);

// No doc comment: it would be the help text of every command that has these.
#[derive(Debug, clap::Args)]
pub(super) struct PaceArgs {
    #[command(flatten)]
    jobs: JobArgs,
    /// How many seconds a subproject may take to become healthy; 300 if left out
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
}

// No doc comment: it would be the help text of every command that has these.
#[derive(Debug, clap::Args)]
pub(super) struct JobArgs {
    /// How many subprojects at once; if left out four for each core, two where they are stopped
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Start nothing more once one has failed
    #[arg(long)]
    fail_fast: bool,
}

impl PaceArgs {
    pub(super) fn pace(&self, per_core: usize) -> Pace {
        self.jobs.pace(self.timeout.map_or(PATIENCE, Duration::from_secs), per_core)
    }
}

impl JobArgs {
    pub(super) fn pace(&self, timeout: Duration, per_core: usize) -> Pace {
        Pace {
            width: self.jobs.map_or_else(|| environment::default_jobs(per_core), usize::from),
            timeout,
            failures: if self.fail_fast { OnFailure::Stop } else { OnFailure::KeepGoing },
        }
    }
}

pub(super) fn begin(emit: Emit<'_>, command: &'static str, engine: &str, apps: Vec<String>) {
    emit(Event::Begin { command, engine: engine.to_owned(), apps });
}

/// Runs one command of Compose for each selected subproject, in an order.
pub(super) fn compose(
    context: &Context,
    select: &SelectArgs,
    pace: Pace,
    command: ComposeCommand,
    order: impl Fn(&[Subproject]) -> Result<Vec<Step<()>>, Circle>,
) -> Outcome {
    let repository = context.repository()?;
    let subprojects = select.choose(context, &repository)?;
    let steps = order(&subprojects)?;
    let stopwatch = Stopwatch::start();
    let reporter = Reporter::new(&context.printer);
    context.signals.mean(SignalMeaning::Drain)?;
    let shutdown = context.signals.shutdown();
    let (reports, stage) = runtime::block_on(async {
        let name = select.context.as_deref();
        let session = Session::open(&repository.root, name, &subprojects, SharedEnv::Needed, shutdown).await;
        let session = session.map_err(|error| not_ready(error, &[]))?;
        let plan = compose_command::plan(&session, command, steps);
        let emit = |event: Event| reporter.event(&event);
        begin(&emit, command.name(), &session.engine.endpoint().shown(), step::names(&plan.steps));
        let reports = compose_command::run(&session, &plan, pace, &emit).await;
        Ok::<_, CommandError>((reports, session.shutdown.now()))
    })??;
    finish(context, &reporter, &reports, stage, true, stopwatch)
}

/// The end of a run, and its exit code.
pub(super) fn finish(
    context: &Context,
    reporter: &Reporter<'_>,
    reports: &[RunReport],
    stage: ShutdownStage,
    otherwise_well: bool,
    stopwatch: Stopwatch,
) -> Outcome {
    let ok = otherwise_well && reports.iter().all(|report| report.outcome.is_well());
    reporter.end(&context.printer, reports, ok, stopwatch.seconds())?;
    match stage {
        ShutdownStage::Run if ok => Ok(Status::Done),
        ShutdownStage::Run => Ok(Status::Wrong),
        ShutdownStage::Drain | ShutdownStage::Kill => Ok(Status::Interrupted),
    }
}

/// This machine can't run anything: everything that is missing, at once.
pub(super) fn not_ready(error: OpenError, more: &[Finding]) -> CommandError {
    match error {
        OpenError::NotReady(findings) => {
            let findings: Vec<Finding> = more.iter().cloned().chain(findings).collect();
            CommandError::new(ErrorKind::Environment, "nothing was started")
                .findings(findings, BTreeMap::new())
        }
        OpenError::File(error) => error.into(),
    }
}

impl From<EngineError> for CommandError {
    fn from(error: EngineError) -> Self {
        let hint = match &error {
            EngineError::Unreachable { .. } | EngineError::NoContext(_) => session::unreachable(&error).help,
            EngineError::Gone => Some("its own log says why, such as: journalctl -u docker".to_owned()),
            EngineError::Refused(_) => None,
        };
        let error = Self::from_error(ErrorKind::Environment, error);
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

impl From<Circle> for CommandError {
    fn from(circle: Circle) -> Self {
        Self::from_error(ErrorKind::Failed, circle).hint("scalr validate shows the places")
    }
}
