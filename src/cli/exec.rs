//! `scalr exec` and `scalr shell`

use std::ffi::{OsStr, OsString};

use super::repository::complete_slugs;
use super::runtime;
use super::{CommandError, Context, ErrorKind, Outcome, select};
use crate::ui::Printer;
use scalr_host::compose::Compose;
use scalr_host::docker::{Endpoint, Engine};
use scalr_host::lock;
use scalr_model::compose::project::ComposeProject;
use scalr_model::run::exec::{self, NoService};

/// Run a command in a container that runs
///
/// Through `docker compose exec`, with this process's own input and output: interactive where both are a terminal. The exit code
/// is the command's own. Options of scalr stand before the `--`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr exec crm -- python -m app.migrate\n  scalr exec crm db -- psql -U crm\n  scalr exec crm db -- pg_dump -U crm > crm.sql"
)]
pub(crate) struct ExecArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// The command and its arguments
    #[arg(value_name = "CMD", last = true, required = true)]
    command: Vec<OsString>,
}

/// Open a shell in a container that runs: bash if it has one, else sh
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  scalr shell crm\n  scalr shell crm db --user root")]
pub(crate) struct ShellArgs {
    #[command(flatten)]
    place: PlaceArgs,
}

#[derive(Debug, clap::Args)]
struct PlaceArgs {
    /// The subproject: its slug or folder
    #[arg(value_name = "APP", add = clap_complete::ArgValueCandidates::new(complete_slugs))]
    app: String,
    /// The service; `backend` if left out, else the only one
    #[arg(value_name = "SERVICE")]
    service: Option<String>,
    /// Run as this user of the container
    #[arg(short, long, value_name = "USER")]
    user: Option<String>,
    /// Another Docker engine: a context of `docker context ls`
    #[arg(long, value_name = "NAME")]
    context: Option<String>,
}

/// `exec` replaces the first shell, so that signals and exit codes are those of the second one.
const SHELL: &str = "if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi";

pub(super) fn run(context: &Context, args: &ExecArgs) -> Outcome {
    let command: Vec<&OsStr> = args.command.iter().map(OsString::as_os_str).collect();
    into(context, &args.place, &command)
}

pub(super) fn shell(context: &Context, args: &ShellArgs) -> Outcome {
    into(context, &args.place, &["sh", "-c", SHELL].map(OsStr::new))
}

fn into(context: &Context, place: &PlaceArgs, command: &[&OsStr]) -> Outcome {
    let repository = context.repository()?;
    let one = select::choose_one(&repository, &place.app)?;
    let endpoint = Endpoint::find(place.context.as_deref(), &context.environment)?;
    let containers = runtime::block_on(async {
        Engine::connect(endpoint.clone()).await?.containers_of(&one.name).await
    })??;
    let service = exec::service(&one.name, &containers, place.service.as_deref()).map_err(|error| {
        let kind = match error {
            NoService::Unknown { .. } | NoService::Several { .. } => ErrorKind::Usage,
            NoService::Down { .. } | NoService::Stopped { .. } => ErrorKind::Failed,
        };
        let hint = error.hint();
        CommandError::from_error(kind, error).hint(hint)
    })?;
    let compose = Compose::find(&lock::state_folder(&repository.root)?, &endpoint, &context.environment)
        .map_err(|error| CommandError::from_error(ErrorKind::Environment, error))?;
    let mut args = vec![OsStr::new("exec")];
    // Compose itself would require a terminal if its output is one.
    if !Printer::both_are_terminals() {
        args.push(OsStr::new("--no-TTY"));
    }
    if let Some(user) = &place.user {
        args.extend([OsStr::new("--user"), OsStr::new(user)]);
    }
    args.push(OsStr::new(service));
    args.extend(command);
    // Only by its name, so that it works without its files.
    let project = ComposeProject::by_name(&one.name);
    let error = compose.become_it(&project, &args);
    let message = format!("failed to start docker compose: {error}");
    Err(CommandError::caused_by(ErrorKind::Environment, message, error))
}
