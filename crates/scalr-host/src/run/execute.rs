//! Many subprojects at once, each behind those it waits for. What is done with one of them is the caller's.

use std::future::Future;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use crate::interrupt::{Stage, Stages};
use scalr_model::run::event::{Event, Failure, Outcome, Report};
use scalr_model::run::order::Order;
use scalr_model::run::schedule::{Ended, Next, Schedule};

/// Where events go.
pub type Emit<'a> = &'a dyn Fn(Event);

/// How to run.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How many at once.
    pub width: usize,
    /// What a failure means for the others.
    pub failures: Failures,
    /// How long one subproject may take to become healthy.
    pub timeout: Duration,
}

/// What a failure means for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failures {
    /// Those that don't need what failed go on.
    KeepGoing,
    /// Nothing more is started.
    Stop,
}

/// Runs `work` for every position of the order and returns the reports, by position.
pub async fn execute<F: Future<Output = Report>>(
    order: &Order,
    names: &[String],
    pace: Pace,
    stages: &Stages,
    emit: Emit<'_>,
    work: impl Fn(usize) -> F,
) -> Vec<Report> {
    let mut schedule = Schedule::new(order, pace.width);
    let mut reports: Vec<Option<Report>> = names.iter().map(|_| None).collect();
    let mut running = FuturesUnordered::new();
    let mut drained = false;
    loop {
        while let Some(next) = schedule.step() {
            let report = match next {
                Next::Start(at) => {
                    let work = work(at);
                    running.push(async move { (at, work.await) });
                    continue;
                }
                Next::Blocked(at, other) => {
                    let message = format!("{} failed, which it depends on", names[other]);
                    (at, not_run(&names[at], Outcome::Blocked, &message))
                }
                Next::Dropped(at) => {
                    let message = if drained { "interrupted" } else { "another one failed (--fail-fast)" };
                    (at, not_run(&names[at], Outcome::NotStarted, message))
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
                let ended = if report.outcome.is_well() { Ended::Well } else { Ended::Badly };
                schedule.ended(at, ended);
                if ended == Ended::Badly && pace.failures == Failures::Stop {
                    schedule.close();
                }
                emit(Event::Finish(report.clone()));
                reports[at] = Some(report);
            }
            () = stages.reached(Stage::Drain), if !drained => {
                drained = true;
                schedule.close();
                emit(Event::Interrupt { running: running.len() });
            }
        }
    }
    reports.into_iter().flatten().collect()
}

fn not_run(app: &str, outcome: Outcome, message: &str) -> Report {
    let failure = Failure { message: message.to_owned(), ..Failure::default() };
    Report { app: app.to_owned(), outcome, seconds: 0.0, url: None, failure: Some(failure) }
}

/// A stopwatch.
#[derive(Debug, Clone, Copy)]
pub struct Watch(Instant);

impl Watch {
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
