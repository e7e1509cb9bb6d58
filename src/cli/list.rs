//! `scalr list`

use super::repository::complete_slugs;
use super::{Context, Outcome, Status};
use crate::ui::list::AppList;

/// Show every app: slug, kind, path, ports, whether it is registered
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr list\n  scalr list crm order-desk\n  scalr list --json | jq -r '.apps[] | select(.registered) | .path'"
)]
pub(crate) struct ListArgs {
    /// Only these apps
    #[arg(value_name = "SLUG", add = clap_complete::ArgValueCandidates::new(complete_slugs))]
    slugs: Vec<String>,
}

pub(super) fn run(context: &Context, args: &ListArgs) -> Outcome {
    let repository = context.repository()?;
    let apps = repository.workspace.select(&args.slugs)?;
    context.printer.show(&AppList::new(&apps, &repository.workspace.registered()))?;
    if !context.printer.json() {
        context.warn_of_broken(&repository);
    }
    Ok(Status::Done)
}
