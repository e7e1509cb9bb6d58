//! `scalr pull` and `scalr build`

use super::run::{self, JobArgs};
use super::select::SelectArgs;
use super::{Context, Outcome};
use scalr_model::run::compose_plan::{BuildCache, ComposeCommand};
use scalr_model::run::order;

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
    carry_out(context, &args.select, &args.jobs, ComposeCommand::Pull)
}

pub(super) fn build(context: &Context, args: &BuildArgs) -> Outcome {
    let cache = if args.no_cache { BuildCache::Ignored } else { BuildCache::Used };
    carry_out(context, &args.select, &args.jobs, ComposeCommand::Build(cache))
}

fn carry_out(context: &Context, select: &SelectArgs, jobs: &JobArgs, command: ComposeCommand) -> Outcome {
    let pace = jobs.pace(run::PATIENCE, run::STARTING);
    run::compose(context, select, pace, command, |subprojects| Ok(order::none(subprojects)))
}
