//! `scalr open`

use super::repository::complete_slugs;
use super::{CommandError, Context, ErrorKind, Outcome, Status, select};
use crate::ui::Printer;
use crate::ui::open::AppAddress;
use scalr_host::browser;
use scalr_host::run::settings;

/// Open an app in the browser
///
/// Prints the address instead where there is no display, in a pipe and with --json.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  scalr open crm\n  curl -s \"$(scalr open crm)\"")]
pub(crate) struct OpenArgs {
    /// The app: its slug or folder
    #[arg(value_name = "APP", add = clap_complete::ArgValueCandidates::new(complete_slugs))]
    app: String,
}

pub(super) fn run(context: &Context, args: &OpenArgs) -> Outcome {
    let repository = context.repository()?;
    let one = select::choose_one(&repository, &args.app)?;
    let url = one.url(&settings::front(&repository.root)).ok_or_else(|| {
        let message = format!("{} has no address: its manifest names no port", one.name);
        CommandError::new(ErrorKind::Usage, message).hint("scalr list shows which apps have one")
    })?;
    let seen = Printer::out_is_terminal() && !context.printer.json();
    if seen && browser::open(&url, &context.environment) {
        context.printer.note(&format!("opened {url}"));
    } else {
        context.printer.show(&AppAddress { app: one.name, url })?;
    }
    Ok(Status::Done)
}
