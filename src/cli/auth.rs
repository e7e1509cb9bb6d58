//! `scalr auth`

use serde::Serialize;

use super::repository::Repository;
use super::{CommandError, Context, ErrorKind, Outcome, Status};
use crate::ui;
use crate::ui::styles::{self, paint};
use scalr_host::blueprints;
use scalr_host::shutdown::Interrupt;
use scalr_model::rel_path::RelPath;
use scalr_model::sign_in::{BlueprintAction, BlueprintChange, BlueprintError, Client, FOLDER};

/// What the sign-in of services/auth has to know of the apps
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  scalr auth sync\n  scalr auth sync --check")]
pub(crate) struct AuthArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Sync(SyncArgs),
}

/// Write services/auth/blueprints/SLUG.yaml from each manifest, and say what differs
///
/// A blueprint tells Authentik an app's client, its groups and who may enter. `scalr new-app` writes that of a new app by itself; this is for
/// manifests that were changed since. A blueprint of an app that is gone is removed; Authentik keeps what it was once told.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr auth sync\n  scalr auth sync --check\n  scalr auth sync --check --json"
)]
struct SyncArgs {
    /// Change nothing; show the differences, and end with 1 where there are any
    #[arg(long)]
    check: bool,
}

/// The document of `--json`, described by schemas/auth-sync.schema.json.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    status: &'static str,
    clients: Vec<Known<'a>>,
    changes: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Known<'a> {
    app: &'a str,
    client_id: &'a str,
    groups: &'a [String],
    path: RelPath,
}

#[derive(Serialize)]
struct Told<'a> {
    action: BlueprintAction,
    path: &'a RelPath,
    diff: String,
}

pub(super) fn run(context: &Context, args: &AuthArgs) -> Outcome {
    let Command::Sync(sync) = &args.command;
    let interrupt = Interrupt::install()?;
    let mut repository = Repository::open(context)?;
    let (clients, changes) = if sync.check {
        plan(&repository)?
    } else {
        let lock = repository.lock(context, &interrupt)?;
        // An app may have come while we waited.
        repository.look_again()?;
        let (clients, changes) = plan(&repository)?;
        blueprints::apply(&repository.root, &lock, &changes)?;
        (clients, changes)
    };
    let status = match (changes.is_empty(), sync.check) {
        (true, _) => "unchanged",
        (false, true) => "different",
        (false, false) => "written",
    };
    if context.printer.json() {
        context.printer.document(&Document {
            schema: "scalr.auth-sync/1",
            status,
            clients: clients
                .iter()
                .map(|client| Known {
                    app: &client.slug,
                    client_id: &client.client_id,
                    groups: &client.groups,
                    path: client.path(),
                })
                .collect(),
            changes: changes
                .iter()
                .map(|change| Told {
                    action: change.action,
                    path: &change.path,
                    diff: anstream::adapter::strip_str(&diff(change)).to_string(),
                })
                .collect(),
        })?;
    } else {
        context.printer.answer(&text(&clients, &changes, sync.check))?;
    }
    repository.warn_of_broken(context);
    Ok(if status == "different" { Status::Wrong } else { Status::Done })
}

fn plan(repository: &Repository) -> Result<(Vec<Client>, Vec<BlueprintChange>), CommandError> {
    let blueprints = blueprints::read(&repository.root)?.ok_or_else(|| {
        CommandError::new(ErrorKind::Environment, format!("this repository has no {FOLDER}/"))
            .hint("services/auth, Authentik as a subproject, brings it")
    })?;
    let mut clients: Vec<Client> = Vec::new();
    for client in repository.workspace.apps.iter().filter_map(|app| Client::of(&app.manifest)) {
        // Two apps of one slug are a finding of `scalr validate`; one file can't serve both.
        if clients.iter().all(|other| other.slug != client.slug) {
            clients.push(client);
        }
    }
    let changes = blueprints.plan(&clients)?;
    Ok((clients, changes))
}

fn diff(change: &BlueprintChange) -> String {
    ui::plan::diff(change.path.as_str(), &change.before, &change.after)
}

fn text(clients: &[Client], changes: &[BlueprintChange], check: bool) -> String {
    if changes.is_empty() {
        return format!("ok: nothing differs; clients: {}\n", clients.len());
    }
    let word = |action| match action {
        BlueprintAction::Create => paint(styles::GOOD, "create"),
        BlueprintAction::Update => paint(styles::WARNING, "update"),
        BlueprintAction::Remove => paint(styles::ERROR, "remove"),
    };
    let mut out = String::new();
    for change in changes {
        out += &format!("{} {}\n", word(change.action), change.path);
        if check && change.action == BlueprintAction::Update {
            out += &diff(change);
        }
    }
    if check {
        out += "\n`scalr auth sync` writes them\n";
    }
    out
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
