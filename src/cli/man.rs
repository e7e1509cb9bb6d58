//! `scalr man`

use clap::CommandFactory;

use super::{Cli, CommandError, Context, ErrorKind, Outcome, Status};

/// Print a manual page in roff: of scalr, or of one of its commands
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  scalr man | man -l -\n  scalr man new-app > scalr-new-app.1")]
pub(crate) struct ManArgs {
    /// The command
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn run(context: &Context, args: &ManArgs) -> Outcome {
    let mut root = Cli::command();
    root.build();
    let command = match &args.command {
        None => root,
        Some(name) => {
            let found = root.find_subcommand(name).filter(|command| !command.is_hide_set()).cloned();
            let unknown = || {
                CommandError::new(ErrorKind::Usage, format!("there is no command `{name}`"))
                    .hint("scalr help lists every command")
            };
            found.ok_or_else(unknown)?.display_name(format!("scalr-{name}"))
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    context.printer.answer(&String::from_utf8_lossy(&page))?;
    Ok(Status::Done)
}
