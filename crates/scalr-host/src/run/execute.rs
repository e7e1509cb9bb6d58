//! Runs the caller's work for many subprojects at once, each after its dependencies.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use crate::shutdown::{Shutdown, ShutdownStage};
use scalr_model::run::event::{Event, RunFailure, RunOutcome, RunReport};
use scalr_model::run::schedule::{NextStep, Schedule, StepEnd, StepId};
use scalr_model::run::step::Step;
use scalr_model::run::subproject::Subproject;

/// Where events go.
pub type Emit<'a> = &'a (dyn Fn(Event) + Send + Sync);

/// How to run.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How many at once.
    pub width: usize,
    /// The effect of a failure on the others.
    pub failures: OnFailure,
    /// How long one subproject may take to become healthy.
    pub timeout: Duration,
}

/// The effect of a failure on the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// Subprojects that don't depend on the failed one continue.
    KeepGoing,
    /// Nothing more is started.
    Stop,
}

/// Runs `work` for every step and returns the reports, in the order of the steps.
pub(crate) async fn execute<'a, A, F: Future<Output = RunReport>>(
    steps: &'a [Step<A>],
    pace: Pace,
    shutdown: &Shutdown,
    emit: Emit<'_>,
    work: impl Fn(&'a Step<A>) -> F,
) -> Vec<RunReport> {
    let mut schedule = Schedule::new(steps, pace.width);
    let mut reports: BTreeMap<StepId, RunReport> = BTreeMap::new();
    let mut running = FuturesUnordered::new();
    let mut drained = false;
    loop {
        while let Some(next) = schedule.next_step() {
            let (id, report) = match next {
                NextStep::Start(id) => {
                    let work = work(schedule.step(id));
                    running.push(async move { (id, work.await) });
                    continue;
                }
                NextStep::Blocked(id, other) => {
                    let message = format!("{} failed, which it depends on", schedule.step(other).name());
                    (id, not_run(schedule.step(id).name(), RunOutcome::Blocked, &message))
                }
                NextStep::Dropped(id) => {
                    let message = if drained { "interrupted" } else { "another one failed (--fail-fast)" };
                    (id, not_run(schedule.step(id).name(), RunOutcome::NotStarted, message))
                }
            };
            emit(Event::Finish(report.clone()));
            reports.insert(id, report);
        }
        if schedule.is_finished() {
            break;
        }
        tokio::select! {
            Some((id, report)) = running.next() => {
                let end = if report.outcome.is_well() { StepEnd::Succeeded } else { StepEnd::Failed };
                schedule.ended(id, end);
                if end == StepEnd::Failed && pace.failures == OnFailure::Stop {
                    schedule.close();
                }
                emit(Event::Finish(report.clone()));
                reports.insert(id, report);
            }
            () = shutdown.reached(ShutdownStage::Drain), if !drained => {
                drained = true;
                schedule.close();
                emit(Event::Interrupt { running: running.len() });
            }
        }
    }
    reports.into_values().collect()
}

/// The result of the work on a subproject.
pub(super) fn report(
    subproject: &Subproject,
    ended: Result<RunOutcome, RunFailure>,
    stopwatch: Stopwatch,
) -> RunReport {
    let (outcome, failure) = match ended {
        Ok(outcome) => (outcome, None),
        Err(failure) => (RunOutcome::Failed, Some(failure)),
    };
    RunReport { app: subproject.name.clone(), outcome, seconds: stopwatch.seconds(), url: None, failure }
}

fn not_run(app: &str, outcome: RunOutcome, message: &str) -> RunReport {
    let failure = Some(RunFailure::new(message));
    RunReport { app: app.to_owned(), outcome, seconds: 0.0, url: None, failure }
}

/// A stopwatch.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start, to the millisecond.
    #[must_use]
    pub fn seconds(self) -> f64 {
        (self.0.elapsed().as_secs_f64() * 1000.0).round() / 1000.0
    }
}
