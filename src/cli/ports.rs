//! `scalr ports`

use super::{Context, Outcome, Status};
use scalr_model::holdings::Holdings;

/// Show who holds which host ports and subnets, conflicts, and what the next app gets
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  scalr ports\n  scalr ports --json | jq .next.frontend")]
pub(crate) struct PortsArgs {}

pub(super) fn run(context: &Context, _args: &PortsArgs) -> Outcome {
    let repository = context.repository()?;
    let holdings = Holdings::of(&repository.workspace);
    context.printer.show(&holdings)?;
    if !context.printer.json() {
        context.warn_of_broken(&repository);
    }
    Ok(if holdings.has_conflicts() { Status::Wrong } else { Status::Done })
}
