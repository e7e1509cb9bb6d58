//! `scalr` alone

use super::{Context, Outcome, Status};
use scalr_host::root::Root;
use scalr_model::overview::Overview;

pub(super) fn run(context: &Context) -> Outcome {
    if context.root.is_none() && Root::find(None, &context.environment).is_err() {
        context.printer.show(&Overview::nowhere())?;
        return Ok(Status::Done);
    }
    let repository = context.repository()?;
    context.printer.show(&Overview::of(repository.root.path(), &repository.workspace))?;
    Ok(Status::Done)
}
