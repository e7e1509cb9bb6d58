//! `scalr auth`

use super::{CommandError, Context, ErrorKind, Outcome, Status};
use crate::ui::auth::AuthSync;
use scalr_host::blueprints;
use scalr_host::repository::Repository;
use scalr_model::sign_in::{BlueprintError, FOLDER, SignInSync, SyncStatus};

/// What the sign-in of services/auth has to know of the apps
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  scalr auth sync\n  scalr auth sync --check")]
pub(crate) struct AuthArgs {
    #[command(subcommand)]
    command: AuthCommand,
}

#[derive(Debug, clap::Subcommand)]
enum AuthCommand {
    Sync(AuthSyncArgs),
}

/// Write services/auth/blueprints/SLUG.yaml from each manifest, and say what differs
///
/// A blueprint tells Authentik an app's client, its groups and who may enter. `scalr new-app` writes that of a new app by itself; this is for
/// manifests that were changed since. A blueprint of an app that is gone is removed; Authentik keeps what it was once told.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr auth sync\n  scalr auth sync --check\n  scalr auth sync --check --json"
)]
struct AuthSyncArgs {
    /// Change nothing; show the differences, and end with 1 where there are any
    #[arg(long)]
    check: bool,
}

pub(super) fn run(context: &Context, args: &AuthArgs) -> Outcome {
    let AuthCommand::Sync(args) = &args.command;
    let mut repository = context.repository()?;
    let sync = if args.check {
        plan(&repository)?
    } else {
        let lock = context.lock(&repository)?;
        // An app may have come while this waited for the lock.
        repository.refresh()?;
        let mut sync = plan(&repository)?;
        blueprints::apply(&repository.root, &lock, &mut sync)?;
        sync
    };
    context.printer.show(&AuthSync::of(&sync))?;
    context.warn_of_broken(&repository);
    Ok(if sync.status == SyncStatus::Different { Status::Wrong } else { Status::Done })
}

fn plan(repository: &Repository) -> Result<SignInSync, CommandError> {
    let blueprints = blueprints::read(&repository.root)?.ok_or_else(|| {
        CommandError::new(ErrorKind::Environment, format!("this repository has no {FOLDER}/"))
            .hint("services/auth, Authentik as a subproject, brings it")
    })?;
    Ok(blueprints.sync(&repository.workspace)?)
}

impl From<BlueprintError> for CommandError {
    fn from(error: BlueprintError) -> Self {
        match error {
            BlueprintError::Template(_) => Self::from_error(ErrorKind::Failed, error),
            BlueprintError::Foreign(_) => {
                Self::from_error(ErrorKind::Conflict, error).hint("rename it, or remove it")
            }
        }
    }
}
