//! What `new-app` says: the plan, the result, and both as one JSON document.

use serde::Serialize;

use crate::cli::repository::Repository;
use crate::cli::{Context, Outcome, Status};
use crate::ui;
use crate::ui::styles::{self, paint};
use scalr_host::files;
use scalr_host::run::settings;
use scalr_model::diagnostics::Fix;
use scalr_model::kind::Kind;
use scalr_model::plan::{self, FileEdit};
use scalr_model::ports::Block;
use scalr_model::rel_path::RelPath;
use scalr_model::scaffold::{PROVENANCE, Scaffold, TemplateState};
use scalr_model::schema::shorten;
use scalr_model::sign_in;
use scalr_model::subnet::Subnet;
use scalr_model::template::{Content, Edit};
use scalr_model::workspace::{SHARED_ENV_FILE, TEMPLATE};

/// The document of `--json`, described by schemas/new-app-report.schema.json.
#[derive(Serialize)]
struct NewAppDocument<'a> {
    schema: &'static str,
    status: &'static str,
    app: App<'a>,
    template: &'a TemplateState,
    files: Vec<File<'a>>,
    edits: Vec<EditedFile>,
    commit: Option<String>,
    next: Vec<String>,
}

#[derive(Serialize)]
struct App<'a> {
    slug: &'a str,
    name: &'a str,
    description: &'a str,
    kind: Kind,
    id: &'a str,
    created: &'a str,
    path: &'a RelPath,
    ports: Block,
    subnet: Option<Subnet>,
    urls: Urls,
}

#[derive(Serialize)]
struct Urls {
    app: String,
    frontend: String,
    backend: String,
}

#[derive(Serialize)]
struct File<'a> {
    path: RelPath,
    /// The template's file; nothing for what scalr itself adds.
    from: Option<RelPath>,
    substitutions: Vec<Substitution<'a>>,
}

#[derive(Serialize)]
struct Substitution<'a> {
    line: usize,
    before: &'a str,
    after: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct EditedFile {
    #[serde(flatten)]
    edit: FileEdit,
    diff: String,
}

/// The one file of the repository that a new app changes.
fn registration(repository: &Repository, scaffold: &Scaffold) -> (FileEdit, String) {
    let edits = plan::edits([Fix::Register { path: scaffold.values.place.clone() }]);
    let edit =
        edits.into_iter().next().unwrap_or_else(|| FileEdit { path: RelPath::root(), fixes: Vec::new() });
    let before = &repository.workspace.registry;
    let after = edit.apply(before).unwrap_or_else(|_| before.clone());
    let diff = ui::plan::diff(edit.path.as_str(), before, &after);
    (edit, diff)
}

fn document<'a>(
    repository: &Repository,
    scaffold: &'a Scaffold,
    status: &'static str,
    commit: Option<String>,
) -> NewAppDocument<'a> {
    let values = &scaffold.values;
    let home = RelPath::root().join(TEMPLATE);
    let (edit, diff) = registration(repository, scaffold);
    let url = |port: u16| format!("http://localhost:{port}");
    let substitution = |edit: &'a Edit| Substitution {
        line: edit.line,
        before: &edit.before,
        after: &edit.after,
        reason: &edit.reason,
    };
    NewAppDocument {
        schema: "scalr.new-app/1",
        status,
        app: App {
            slug: values.slug.as_str(),
            name: &values.name,
            description: &values.description,
            kind: values.kind,
            id: &values.id,
            created: &values.created,
            path: &values.place,
            ports: values.ports,
            subnet: values.subnet,
            urls: Urls {
                app: address(repository, scaffold),
                frontend: url(values.ports.frontend),
                backend: url(values.ports.backend),
            },
        },
        template: &scaffold.state,
        files: scaffold
            .files
            .iter()
            .map(|file| File {
                path: values.place.join(file.to.as_str()),
                from: (file.from.as_str() != PROVENANCE).then(|| home.join(file.from.as_str())),
                substitutions: match &file.content {
                    Content::Text { edits, .. } => {
                        edits.iter().filter(|edit| edit.before != edit.after).map(substitution).collect()
                    }
                    _ => Vec::new(),
                },
            })
            .chain(scaffold.blueprint.as_ref().map(|blueprint| File {
                path: blueprint.path.clone(),
                from: Some(RelPath::root().join(sign_in::TEMPLATE)),
                substitutions: Vec::new(),
            }))
            .collect(),
        edits: vec![EditedFile { edit, diff: anstream::adapter::strip_str(&diff).to_string() }],
        commit,
        next: next(repository, scaffold),
    }
}

/// Where a browser will find the app.
pub(super) fn address(repository: &Repository, scaffold: &Scaffold) -> String {
    let slug = scaffold.values.slug.as_str();
    settings::front(&repository.root).url(slug, &format!("{slug}.localhost"))
}

/// What to type now.
fn next(repository: &Repository, scaffold: &Scaffold) -> Vec<String> {
    let shared = RelPath::root().join(SHARED_ENV_FILE);
    let mut commands = vec!["scalr validate".to_owned()];
    if !files::exists(&repository.root.join(&shared)) {
        commands.push(format!("scalr doctor --fix  # makes {SHARED_ENV_FILE}, with generated secrets"));
    }
    commands.push("scalr up".to_owned());
    commands.push(format!("scalr open {}", scaffold.values.slug));
    commands
}

/// The answer of `--dry-run`.
pub(super) fn planned(context: &Context, repository: &Repository, scaffold: &Scaffold) -> Outcome {
    if context.printer.json() {
        context.printer.document(&document(repository, scaffold, "planned", None))?;
        return Ok(Status::Done);
    }
    let (edit, diff) = registration(repository, scaffold);
    let mut text = ui::plan::summary(scaffold, &address(repository, scaffold));
    text.push('\n');
    text += &ui::plan::files(scaffold);
    if let Some(blueprint) = &scaffold.blueprint {
        text += &format!("{} {}\n", paint(styles::GOOD, "create"), blueprint.path);
    }
    text += &format!("{} {}\n{diff}", paint(styles::WARNING, "change"), edit.path);
    context.printer.answer(&text)?;
    context.printer.note("\nNothing was changed: this is a dry run.");
    Ok(Status::Done)
}

/// The answer when the app is there.
pub(super) fn created(
    context: &Context,
    repository: &Repository,
    scaffold: &Scaffold,
    commit: Option<String>,
    branch: Option<&str>,
) -> Outcome {
    if context.printer.json() {
        context.printer.document(&document(repository, scaffold, "created", commit))?;
        return Ok(Status::Done);
    }
    let values = &scaffold.values;
    let mut text = format!(
        "{} {} in {}/: {} files, registered, frontend on port {}, backend {}, db {}\n",
        paint(styles::GOOD, "created"),
        paint(styles::STRONG, shorten(&values.name)),
        values.place,
        scaffold.files.len(),
        values.ports.frontend,
        values.ports.backend,
        values.ports.db
    );
    if let Some(commit) = commit {
        let branch = branch.map(|branch| format!(" on {branch}")).unwrap_or_default();
        text += &format!("committed as {}{branch}\n", &commit[..commit.len().min(8)]);
    }
    text += "\nNext:\n";
    for command in next(repository, scaffold) {
        text += &format!("  {command}\n");
    }
    context.printer.answer(&text)?;
    Ok(Status::Done)
}
