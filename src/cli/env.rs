//! `scalr env`

use std::collections::BTreeSet;

use serde::Serialize;

use super::repository::{Repository, complete_slugs};
use super::{CommandError, Context, ErrorKind, Outcome, Status};
use crate::host::compose_files::{self, Mode};
use crate::host::{compose_version, environment, files, gather};
use crate::model::codes::Code;
use crate::model::diagnostics::{self, Finding, Location};
use crate::model::env::report::{Question, Report};
use crate::model::env::{Environment, Rules, Source, Variable, Version};
use crate::model::manifest::{Manifest, has_errors};
use crate::model::rel_path::RelPath;
use crate::model::workspace::{
    App, ENV_FILE, EnvFile, PUBLIC_DOMAIN, SHARED_ENV_EXAMPLE, SHARED_ENV_FILE, Workspace,
};
use crate::ui;

/// Show the environment that Compose gets for an app: each value, where it comes from, what it overrides
///
/// Reads .env.shared, the app's .env.app and the shell exactly as the installed Docker Compose does, and looks up in the app's
/// compose files what is used. Ends with 1 where a variable that is needed is set nowhere. Secrets (everything in .env.shared,
/// and what looks like one by its name or value) are masked.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr env crm\n  scalr env crm --show-secrets\n  scalr env crm --json | jq -r '.variables[] | select(.origin.kind == \"shell\") | .name'"
)]
pub(crate) struct Args {
    /// The app
    #[arg(value_name = "APP", add = clap_complete::ArgValueCandidates::new(complete_slugs))]
    app: String,
    /// Show secrets too; at a terminal only
    #[arg(long)]
    show_secrets: bool,
}

/// The document of `--json`, described by schemas/env.schema.json.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    app: &'a str,
    path: RelPath,
    compose_version: Option<String>,
    compose_files: Vec<&'a RelPath>,
    env_files: Vec<&'a RelPath>,
    #[serde(flatten)]
    report: &'a Report,
}

pub(super) fn run(context: &Context, args: &Args) -> Outcome {
    if args.show_secrets && !context.printer.out_is_terminal() {
        let message = "--show-secrets shows them at a terminal only, and the answer goes elsewhere";
        return Err(
            CommandError::new(ErrorKind::Usage, message).hint("leave it out: secrets are masked then")
        );
    }
    let repository = Repository::open(context)?;
    let selected = repository.select(std::slice::from_ref(&args.app))?;
    let Some(app) = selected.first() else { return Ok(Status::Done) };
    let folder = app.manifest.folder();
    let paths = (RelPath::root().join(SHARED_ENV_FILE), folder.join(ENV_FILE));
    let (shared, own) = env_files(&repository, app, &paths.1)?;
    let files = [
        Source { path: &paths.0, variables: shared, secret: true },
        Source { path: &paths.1, variables: own, secret: false },
    ];
    let version = compose_version::installed();
    let rules = version.map_or(Rules::NEWEST, Rules::of);
    let mut shell = environment::shell();
    // `scalr up` starts Compose in the app's folder and tells it so.
    shell.insert("PWD".to_owned(), repository.root.join(&folder).to_string_lossy().into_owned());

    let published = Environment::new(shell.clone(), &files, rules);
    let mode = match published.value(PUBLIC_DOMAIN) {
        Some((domain, _)) if !domain.is_empty() => Mode::Production,
        _ => Mode::Development,
    };
    let (compose, unreadable) = compose_files::asks(&repository.root, &folder, mode);
    let needed = needed(&app.manifest);
    let question = Question {
        shell,
        files: &files,
        compose: &compose,
        rules,
        needed: &needed,
        show_secrets: args.show_secrets,
    };
    let mut report = question.answer();
    report.findings.extend(unreadable);
    if !app.compose {
        let message = format!("{folder} has no compose file, so that nothing can be said of what is used");
        report.findings.push(Finding::new(Code::ComposeMissing, Location::file(&app.manifest.path), message));
    }
    diagnostics::sort(&mut report.findings);

    let status = if has_errors(&report.findings) { Status::Wrong } else { Status::Done };
    if context.printer.json() {
        context.printer.document(&Document {
            schema: "scalr.env/1",
            app: &args.app,
            path: folder,
            compose_version: version.as_ref().map(Version::to_string),
            compose_files: compose.iter().map(|asks| &asks.path).collect(),
            env_files: vec![&paths.0, &paths.1],
            report: &report,
        })?;
        return Ok(status);
    }
    let sources = gather::sources(&repository.root, &report.findings);
    context.printer.answer(&ui::env::render(&report, &paths.0, &sources, ui::printer::width()))?;
    context.printer.note(&match version {
        Some(version) => format!("read as Docker Compose {version} reads it"),
        None => "Docker Compose was not found; read as its newest known version reads it".to_owned(),
    });
    Ok(status)
}

/// What both env files set.
fn env_files<'a>(
    repository: &'a Repository,
    app: &'a App,
    own: &RelPath,
) -> Result<(&'a [Variable], &'a [Variable]), CommandError> {
    let Workspace { shared_env, .. } = &repository.workspace;
    let missing = |file: &dyn std::fmt::Display| format!("{file} is missing");
    match (shared_env, &app.env) {
        (EnvFile::Missing, _) => {
            let example = files::exists(&repository.root.join(&RelPath::root().join(SHARED_ENV_EXAMPLE)));
            let command = if example {
                format!("cp {SHARED_ENV_EXAMPLE} {SHARED_ENV_FILE} && chmod 600 {SHARED_ENV_FILE}")
            } else {
                format!("touch {SHARED_ENV_FILE} && chmod 600 {SHARED_ENV_FILE}")
            };
            let message = format!("{}: it holds the secrets that all apps share", missing(&SHARED_ENV_FILE));
            Err(CommandError::new(ErrorKind::Environment, message)
                .hint(format!("at the repository's root: {command}"))
                .hint("then fill in what is empty"))
        }
        (_, EnvFile::Missing) => Err(CommandError::new(ErrorKind::Failed, missing(own))
            .hint("it holds APP_SLUG and the host ports of the manifest; scalr validate tells more")),
        (EnvFile::Broken(finding), _) | (_, EnvFile::Broken(finding)) => {
            let findings = vec![(**finding).clone()];
            let sources = gather::sources(&repository.root, &findings);
            let message = format!("{} can't be read, and Compose can't either", finding.location.path);
            Err(CommandError::new(ErrorKind::Failed, message).findings(findings, sources))
        }
        (EnvFile::Read(shared), EnvFile::Read(own)) => Ok((shared, own)),
    }
}

/// What `scalr validate` wants in `.env.app`, whether the compose file uses it or not.
fn needed(manifest: &Manifest) -> BTreeSet<String> {
    let ports = manifest.ports.iter().map(|(role, _)| role.env_key().to_owned());
    ports.chain(["APP_SLUG".to_owned()]).collect()
}
