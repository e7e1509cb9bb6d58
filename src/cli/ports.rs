//! `scalr ports`

use super::repository::Repository;
use super::{Context, Outcome, Status};
use scalr_model::holdings::Holdings;

/// Show who holds which host ports and subnets, conflicts, and what the next app gets
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  scalr ports\n  scalr ports --json | jq .next.frontend")]
pub(crate) struct PortsArgs {}

pub(super) fn run(context: &Context, _args: &PortsArgs) -> Outcome {
    let repository = Repository::open(context)?;
    let holdings = Holdings::of(&repository.workspace);
    context.printer.show(&holdings)?;
    if !context.printer.json() {
        repository.warn_of_broken(context);
    }
    Ok(if holdings.has_conflicts() { Status::Wrong } else { Status::Done })
}
