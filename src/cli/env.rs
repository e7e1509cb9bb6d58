//! `scalr env`

use std::collections::BTreeSet;

use serde::Serialize;

use super::repository::{Repository, complete_slugs};
use super::{CommandError, Context, ErrorKind, Outcome, Status, shared_env};
use crate::ui;
use scalr_host::compose_files::{self, Mode};
use scalr_host::{compose, gather};
use scalr_model::codes::Code;
use scalr_model::compose::version::{ComposeRules, ComposeVersion};
use scalr_model::diagnostics::{self, Finding, Location};
use scalr_model::env::report::{EnvReport, Question};
use scalr_model::env::{EnvSource, Environment};
use scalr_model::manifest::{Manifest, has_errors};
use scalr_model::rel_path::RelPath;
use scalr_model::subnet;
use scalr_model::workspace::{ENV_FILE, EnvFile, PUBLIC_DOMAIN, SHARED_ENV_FILE};

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
    report: &'a EnvReport,
}

pub(super) fn run(context: &Context, args: &EnvArgs) -> Outcome {
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
    let paths = [RelPath::root().join(SHARED_ENV_FILE), folder.join(ENV_FILE)];
    let own = gather::env_file(&repository.root, &paths[1]);
    let files = env_files(&repository, &own, &paths)?;
    let version = compose::installed(&context.environment);
    let rules = version.map_or(ComposeRules::NEWEST, ComposeRules::of);
    let mut shell = context.environment.shell();
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
    if files.len() < paths.len() {
        let message = format!("{} is missing", paths[1]);
        report.findings.push(Finding::new(Code::EnvMissing, Location::file(&app.manifest.path), message));
    }
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
            compose_version: version.as_ref().map(ComposeVersion::to_string),
            compose_files: compose.iter().map(|asks| &asks.path).collect(),
            env_files: files.iter().map(|file| file.path).collect(),
            report: &report,
        })?;
        return Ok(status);
    }
    let mut sources = gather::sources(&repository.root, &report.findings);
    sources.retain(|_, text| !report.mask.hides(text));
    context.printer.answer(&ui::env::render(&report, &paths[0], &sources, ui::printer::width()))?;
    context.printer.note(&match version {
        Some(version) => format!("read as Docker Compose {version} reads it"),
        None => "Docker Compose was not found; read as its newest known version reads it".to_owned(),
    });
    Ok(status)
}

/// The env files in Compose's order. Without `.env.app` Compose gets the other one alone.
fn env_files<'a>(
    repository: &'a Repository,
    own: &'a EnvFile,
    paths: &'a [RelPath; 2],
) -> Result<Vec<EnvSource<'a>>, CommandError> {
    let [shared, app] = paths;
    let variables = shared_env::variables(repository)?;
    let mut files = vec![EnvSource { path: shared, variables, secret: true }];
    match own {
        EnvFile::Read(variables) => files.push(EnvSource { path: app, variables, secret: false }),
        EnvFile::Missing => {}
        EnvFile::Broken(finding) => return Err(shared_env::broken(repository, app, finding)),
    }
    Ok(files)
}

/// What `scalr validate` wants in `.env.app`, whether the compose file uses it or not.
fn needed(manifest: &Manifest) -> BTreeSet<String> {
    let ports = manifest.ports.iter().map(|(role, _)| role.env_key().to_owned());
    let subnet = manifest.subnet().map(|_| subnet::ENV_KEY.to_owned());
    ports.chain(subnet).chain(["APP_SLUG".to_owned()]).collect()
}
