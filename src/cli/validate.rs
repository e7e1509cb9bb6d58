//! `scalr validate`

use std::path::PathBuf;

use super::choice::{Choice, one_of};
use super::{CommandError, Context, ErrorKind, Outcome, Status};
use crate::ui;
use crate::ui::findings::{Format, ValidateReport};
use scalr_host::repository::Repository;
use scalr_host::{apply, files, gather, git};
use scalr_model::diagnostics::Counts;
use scalr_model::plan::{self, FileEdit};
use scalr_model::validate::{self, Scope};

/// Check every manifest against the schema and against each other
///
/// Finds every app.manifest.yml below the root (git-ignored folders, node_modules and the like
/// aside) and reports all findings of all files in one run. `scalr explain CODE` tells more about
/// any of them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr validate\n  scalr validate apps/products/crm\n  scalr validate --fix\n  scalr validate --changed=origin/main --format sarif > scalr.sarif"
)]
pub(crate) struct ValidateArgs {
    /// Report only what concerns these files or folders; checks across apps still look at all
    #[arg(value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    /// How to print the findings; human at a terminal and in a pipe, github under GITHUB_ACTIONS=true
    #[arg(long, value_name = "FORMAT", value_parser = one_of(FORMATS), conflicts_with = "json")]
    format: Option<Format>,
    /// Report single manifests only of apps that differ from REF (HEAD if left out), uncommitted work included; checks across apps still look at all
    #[arg(long, value_name = "REF", num_args = 0..=1, require_equals = true, default_missing_value = "HEAD")]
    changed: Option<String>,
    /// Carry out the repairs that findings propose, then report what is left
    #[arg(long)]
    fix: bool,
    /// With --fix: show the repairs as a diff and change nothing
    #[arg(long, requires = "fix")]
    dry_run: bool,
    /// Exit with 1 for warnings too
    #[arg(long)]
    strict: bool,
}

const FORMATS: &[Choice<Format>] = &[
    ("human", "For people: the place, the line underlined, what to do", Format::Human),
    ("json", "One JSON document, described by schemas/validate-report.schema.json", Format::Json),
    ("sarif", "SARIF 2.1.0, for code scanning", Format::Sarif),
    ("github", "Annotations of GitHub Actions", Format::Github),
    ("junit", "JUnit XML, for CI servers that show tests", Format::Junit),
];

pub(super) fn run(context: &Context, args: &ValidateArgs) -> Outcome {
    let mut repository = context.repository()?;
    let scope = scope(&repository, args)?;
    let mut findings = validate::all(&repository.workspace, &scope);
    let mut fixed = Vec::new();
    if args.fix {
        let edits = plan::edits(findings.iter().filter_map(|finding| finding.fix.clone()));
        if args.dry_run {
            return show_edits(context, &repository, &edits);
        }
        if !edits.is_empty() {
            repair(context, &repository, &edits)?;
            repository = context.repository()?;
            findings = validate::all(&repository.workspace, &scope);
            fixed = edits;
        }
    }
    let sources = gather::sources(&repository.root, &findings);
    let report = ValidateReport {
        findings: &findings,
        manifests: repository.workspace.manifests,
        sources: &sources,
        fixed: &fixed,
    };
    context.printer.answer(&ui::findings::render(&report, format(context, args), ui::printer::width()))?;
    let Counts { errors, warnings } = report.counts();
    Ok(if errors > 0 || (args.strict && warnings > 0) { Status::Wrong } else { Status::Done })
}

fn format(context: &Context, args: &ValidateArgs) -> Format {
    match args.format {
        Some(format) => format,
        None if context.printer.json() => Format::Json,
        None if context.environment.github_actions() => Format::Github,
        None => Format::Human,
    }
}

fn scope(repository: &Repository, args: &ValidateArgs) -> Result<Scope, CommandError> {
    let mut paths = Vec::new();
    let mut problems = Vec::new();
    for typed in &args.paths {
        match repository.root.relative(typed) {
            Ok(path) if files::exists(&repository.root.join(&path)) => paths.push(path),
            Ok(_) => problems.push(format!("`{}` does not exist", typed.display())),
            Err(error) => problems.push(format!("`{}` {error}", typed.display())),
        }
    }
    if !problems.is_empty() {
        return Err(CommandError::usage(&problems));
    }
    let scope = Scope::paths(paths);
    match &args.changed {
        Some(revision) => Ok(scope.changed(&git::changed(&repository.root, revision)?)),
        None => Ok(scope),
    }
}

fn repair(context: &Context, repository: &Repository, edits: &[FileEdit]) -> Result<(), CommandError> {
    let lock = context.lock(repository)?;
    Ok(apply::edit(&repository.root, &lock, edits)?)
}

/// `--fix --dry-run`: the repairs as a diff, or as the JSON document's `fixed` would list them.
fn show_edits(context: &Context, repository: &Repository, edits: &[FileEdit]) -> Outcome {
    if context.printer.json() {
        context.printer.document(&serde_json::json!({ "schema": "scalr.fix-plan/1", "edits": edits }))?;
        return Ok(Status::Done);
    }
    let mut text = ui::plan::edits(edits);
    for edit in edits {
        let before = files::read_text(&repository.root.join(&edit.path))?;
        let after = edit
            .apply(&before)
            .map_err(|problem| CommandError::new(ErrorKind::Failed, format!("{} {problem}", edit.path)))?;
        text += &ui::plan::diff(edit.path.as_str(), &before, &after);
    }
    if edits.is_empty() {
        text.push_str("nothing to repair\n");
    }
    context.printer.answer(&text)?;
    Ok(Status::Done)
}
