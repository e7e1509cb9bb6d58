//! Many subprojects at once, each behind those it waits for. What is done with one of them is the caller's.

use std::future::Future;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use crate::shutdown::{Shutdown, ShutdownStage};
use scalr_model::run::event::{Event, RunFailure, RunOutcome, RunReport};
use scalr_model::run::order::Order;
use scalr_model::run::schedule::{NextStep, Schedule, StepEnd};
use scalr_model::run::subproject::Subproject;

/// Where events go.
pub type Emit<'a> = &'a (dyn Fn(Event) + Send + Sync);

/// How to run.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How many at once.
    pub width: usize,
    /// What a failure means for the others.
    pub failures: OnFailure,
    /// How long one subproject may take to become healthy.
    pub timeout: Duration,
}

/// What a failure means for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// Those that don't need what failed go on.
    KeepGoing,
    /// Nothing more is started.
    Stop,
}

/// Runs `work` for every position of the order and returns the reports, by position.
pub async fn execute<F: Future<Output = RunReport>>(
    order: &Order,
    names: &[String],
    pace: Pace,
    shutdown: &Shutdown,
    emit: Emit<'_>,
    work: impl Fn(usize) -> F,
) -> Vec<RunReport> {
    let mut schedule = Schedule::new(order, pace.width);
    let mut reports: Vec<Option<RunReport>> = names.iter().map(|_| None).collect();
    let mut running = FuturesUnordered::new();
    let mut drained = false;
    loop {
        while let Some(next) = schedule.step() {
            let report = match next {
                NextStep::Start(at) => {
                    let work = work(at);
                    running.push(async move { (at, work.await) });
                    continue;
                }
                NextStep::Blocked(at, other) => {
                    let message = format!("{} failed, which it depends on", names[other]);
                    (at, not_run(&names[at], RunOutcome::Blocked, &message))
                }
                NextStep::Dropped(at) => {
                    let message = if drained { "interrupted" } else { "another one failed (--fail-fast)" };
                    (at, not_run(&names[at], RunOutcome::NotStarted, message))
                }
            };
            emit(Event::Finish(report.1.clone()));
            reports[report.0] = Some(report.1);
        }
        if schedule.finished() {
            break;
        }
        tokio::select! {
            Some((at, report)) = running.next() => {
                let ended = if report.outcome.is_well() { StepEnd::Succeeded } else { StepEnd::Failed };
                schedule.ended(at, ended);
                if ended == StepEnd::Failed && pace.failures == OnFailure::Stop {
                    schedule.close();
                }
                emit(Event::Finish(report.clone()));
                reports[at] = Some(report);
            }
            () = shutdown.reached(ShutdownStage::Drain), if !drained => {
                drained = true;
                schedule.close();
                emit(Event::Interrupt { running: running.len() });
            }
        }
    }
    reports.into_iter().flatten().collect()
}

/// How the work on a subproject ended.
pub(super) fn report(
    one: &Subproject,
    ended: Result<RunOutcome, RunFailure>,
    stopwatch: Stopwatch,
) -> RunReport {
    let (outcome, failure) = match ended {
        Ok(outcome) => (outcome, None),
        Err(failure) => (RunOutcome::Failed, Some(failure)),
    };
    RunReport { app: one.name.clone(), outcome, seconds: stopwatch.seconds(), url: None, failure }
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
