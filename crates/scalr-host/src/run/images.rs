//! Pulling and building the images of subprojects, without starting anything.

use super::call::{compose_or_fail, lock};
use super::execute::{Emit, Pace, Stopwatch, execute, report};
use super::project;
use super::session::Session;
use scalr_model::run::event::{Event, RunOutcome, RunReport};
use scalr_model::run::order::Order;
use scalr_model::run::subproject::Subproject;

/// What is done with images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Images {
    /// Those that are not built here are fetched from their registries.
    Pull,
    /// Those that are built here are built.
    Build(Cache),
}

/// What of an earlier build counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Every layer whose inputs are the same.
    Used,
    /// Nothing.
    Ignored,
}

impl Images {
    fn args(self) -> Vec<&'static str> {
        match self {
            Self::Pull => vec!["pull", "--ignore-buildable"],
            Self::Build(Cache::Used) => vec!["build"],
            Self::Build(Cache::Ignored) => vec!["build", "--no-cache"],
        }
    }

    fn outcome(self) -> RunOutcome {
        match self {
            Self::Pull => RunOutcome::Pulled,
            Self::Build(_) => RunOutcome::Built,
        }
    }
}

/// Does it for all, in no particular order.
pub async fn images(
    session: &Session,
    subprojects: &[Subproject],
    what: Images,
    pace: Pace,
    emit: Emit<'_>,
) -> Vec<RunReport> {
    let names: Vec<String> = subprojects.iter().map(|one| one.name.clone()).collect();
    let work = |at: usize| async move {
        let one: &Subproject = &subprojects[at];
        let stopwatch = Stopwatch::start();
        let ended = async {
            let lock = lock(session, &one.name, emit).await?;
            emit(Event::Start { app: one.name.clone(), reasons: Vec::new() });
            let project = project::project(&session.root, one, session.mode());
            compose_or_fail(session, &project, &what.args(), &lock, emit).await?;
            Ok(what.outcome())
        };
        report(one, ended.await, stopwatch)
    };
    execute(&Order::none(subprojects.len()), &names, pace, &session.shutdown, emit, work).await
}
