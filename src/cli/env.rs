//! `scalr env`

use super::repository::complete_slugs;
use super::{CommandError, Context, ErrorKind, Outcome, Status, shared_env};
use crate::ui;
use crate::ui::Printer;
use crate::ui::env::EnvAnswer;
use scalr_host::compose_files::{self, Mode};
use scalr_host::{compose, gather};
use scalr_model::compose::version::{ComposeRules, ComposeVersion};
use scalr_model::env::EnvSource;
use scalr_model::env::app::AppEnvironment;
use scalr_model::manifest::has_errors;
use scalr_model::rel_path::RelPath;
use scalr_model::workspace::{ENV_FILE, EnvFile, SHARED_ENV_FILE};

/// Show the environment that Compose gets for an app: each value, where it comes from, what it overrides
///
/// Reads .env.shared, the app's .env.app and the shell exactly as the installed Docker Compose does, and looks up in the app's
/// compose files what is used. Ends with 1 where a variable that is needed is set nowhere. Secrets (everything in .env.shared,
/// and what looks like one by its name or value) are masked.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr env crm\n  scalr env crm --show-secrets\n  scalr env crm --json | jq -r '.variables[] | select(.origin.kind == \"shell\") | .name'"
)]
pub(crate) struct EnvArgs {
    /// The app
    #[arg(value_name = "APP", add = clap_complete::ArgValueCandidates::new(complete_slugs))]
    app: String,
    /// Show secrets too; at a terminal only
    #[arg(long)]
    show_secrets: bool,
}

pub(super) fn run(context: &Context, args: &EnvArgs) -> Outcome {
    if args.show_secrets && !Printer::out_is_terminal() {
        let message = "--show-secrets shows them at a terminal only, and the answer goes elsewhere";
        return Err(
            CommandError::new(ErrorKind::Usage, message).hint("leave it out: secrets are masked then")
        );
    }
    let repository = context.repository()?;
    let selected = repository.workspace.select(std::slice::from_ref(&args.app))?;
    let Some(app) = selected.first() else { return Ok(Status::Done) };
    let (root, folder) = (&repository.root, app.manifest.folder());
    let (shared_path, own_path) = (RelPath::root().join(SHARED_ENV_FILE), folder.join(ENV_FILE));
    let own = gather::env_file(root, &own_path);
    let shared = shared_env::variables(&repository)?;
    let mut files = vec![EnvSource { path: &shared_path, variables: shared, secret: true }];
    match &own {
        EnvFile::Read(variables) => files.push(EnvSource { path: &own_path, variables, secret: false }),
        // Compose gets the other one alone.
        EnvFile::Missing => {}
        EnvFile::Broken(finding) => return Err(shared_env::broken(&repository, &own_path, finding)),
    }
    let version = compose::installed(&context.environment);
    let mut shell = context.environment.shell();
    // `scalr up` starts Compose in the app's folder and sets PWD.
    shell.insert("PWD".to_owned(), root.join(&folder).to_string_lossy().into_owned());
    let rules = version.map_or(ComposeRules::NEWEST, ComposeRules::of);
    let environment = AppEnvironment { app, files: &files, shell, rules, show_secrets: args.show_secrets };

    let mode = if environment.is_published() { Mode::Production } else { Mode::Development };
    let compose = compose_files::read(root, &folder, mode);
    let report = environment.report(&compose);
    context.printer.show(&EnvAnswer {
        app: &args.app,
        path: &folder,
        compose_version: version.as_ref().map(ComposeVersion::to_string),
        compose_files: compose.variables.iter().map(|file| &file.path).collect(),
        env_files: files.iter().map(|file| file.path).collect(),
        sources: report.showable(gather::sources(root, &report.findings)),
        report: &report,
        width: ui::printer::width(),
    })?;
    Ok(if has_errors(&report.findings) { Status::Wrong } else { Status::Done })
}
