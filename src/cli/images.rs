//! `scalr pull` and `scalr build`

use super::repository::Repository;
use super::run::{self, JobArgs};
use super::select::SelectArgs;
use super::{CommandError, Context, Outcome};
use crate::ui::run::Reporter;
use scalr_host::docker;
use scalr_host::run::execute::Stopwatch;
use scalr_host::run::images::{Cache, Images, images};
use scalr_host::run::session::{Session, SharedEnv};
use scalr_model::run::event::Event;

/// Fetch the images of subprojects from their registries
///
/// Those that are built here are left out. The next `scalr up` starts what has a new image.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  scalr pull\n  scalr pull crm && scalr up crm")]
pub(crate) struct PullArgs {
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    jobs: JobArgs,
}

/// Build the images of subprojects, and start nothing
///
/// The next `scalr up` starts what has a new image.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  scalr build\n  scalr build crm --no-cache")]
pub(crate) struct BuildArgs {
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    jobs: JobArgs,
    /// Build every layer anew
    #[arg(long)]
    no_cache: bool,
}

pub(super) fn pull(context: &Context, args: &PullArgs) -> Outcome {
    carry_out(context, &args.select, &args.jobs, "pull", Images::Pull)
}

pub(super) fn build(context: &Context, args: &BuildArgs) -> Outcome {
    let cache = if args.no_cache { Cache::Ignored } else { Cache::Used };
    carry_out(context, &args.select, &args.jobs, "build", Images::Build(cache))
}

fn carry_out(
    context: &Context,
    select: &SelectArgs,
    jobs: &JobArgs,
    command: &'static str,
    what: Images,
) -> Outcome {
    let repository = Repository::open(context)?;
    let subprojects = select.choose(context, &repository)?;
    let stopwatch = Stopwatch::start();
    let reporter = Reporter::new(&context.printer);
    let (reports, stage) = docker::block_on(async {
        let name = select.context.as_deref();
        let session = Session::open(&repository.root, name, &subprojects, SharedEnv::Needed).await;
        let session = session.map_err(|error| run::not_ready(error, &[]))?;
        let emit = |event: Event| reporter.event(&event);
        let names = subprojects.iter().map(|one| one.name.clone()).collect();
        run::begin(&emit, command, &session.engine.endpoint().shown(), names);
        let reports =
            images(&session, &subprojects, what, jobs.pace(run::PATIENCE, run::STARTING), &emit).await;
        Ok::<_, CommandError>((reports, session.shutdown.now()))
    })??;
    run::finish(context, &reporter, &reports, stage, true, stopwatch)
}
