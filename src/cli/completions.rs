//! `scalr completions`

use clap_complete::env::Shells;

use super::{CommandError, Context, ErrorKind, Outcome, Status};

/// Print the completion script of a shell; it also completes the slugs of this repository's apps
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  echo 'source <(scalr completions bash)' >> ~/.bashrc\n  scalr completions fish > ~/.config/fish/completions/scalr.fish"
)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_parser = ["bash", "elvish", "fish", "powershell", "zsh"])]
    shell: String,
}

pub(super) fn run(context: &Context, args: &CompletionsArgs) -> Outcome {
    let shells = Shells::builtins();
    let completer =
        shells.completer(&args.shell).ok_or_else(|| CommandError::new(ErrorKind::Usage, "unknown shell"))?;
    let mut script = Vec::new();
    completer.write_registration("COMPLETE", "scalr", "scalr", "scalr", &mut script)?;
    context.printer.answer(&String::from_utf8_lossy(&script))?;
    Ok(Status::Done)
}
