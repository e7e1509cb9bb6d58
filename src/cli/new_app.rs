//! `scalr new-app`

use std::path::PathBuf;

use serde::Serialize;

use super::repository::Repository;
use super::{CommandError, Context, ErrorKind, Outcome, Status};
use crate::host::interrupt::Interrupt;
use crate::host::lock::Lock;
use crate::host::{apply, environment, files, fresh, git, journal, template};
use crate::model::answers::{self, Answers, Given, Problem};
use crate::model::diagnostics::Fix;
use crate::model::kind::Kind;
use crate::model::plan::{self, FileEdit};
use crate::model::ports::Block;
use crate::model::registry;
use crate::model::rel_path::RelPath;
use crate::model::scaffold::{self, Fresh, Scaffold, ScaffoldError, State, Template};
use crate::model::schema::{ANSWERS, shorten};
use crate::model::slug::{self, Slug};
use crate::model::template::{Content, Edit};
use crate::ui;
use crate::ui::progress::Spinner;
use crate::ui::prompt;
use crate::ui::styles::{self, paint};

/// Make a new app from template-app: at the right place, with its own ports, registered and valid
///
/// At a terminal it asks for what is not given, shows the plan and asks for confirmation. Without
/// one it needs all four answers, by options or --answers, and --yes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr new-app\n  scalr new-app --name 'Order Desk' --slug order-desk --kind product --description 'Takes orders.' --yes\n  scalr new-app --answers answers.yml --yes --json\n  echo '{\"name\": …}' | scalr new-app --answers - --dry-run"
)]
pub(crate) struct Args {
    /// The app's name for people
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    name: Option<String>,
    /// The app's name for machines: kebab-case and free in this repository
    #[arg(long, value_name = "SLUG")]
    slug: Option<String>,
    /// What the app is for, in a sentence
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    description: Option<String>,
    /// product, client, internal or platform; it decides the place
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Read answers from a YAML or JSON file, - for standard input; options win over it
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    answers: Option<PathBuf>,
    /// Print the JSON schema of the answers and end
    #[arg(long)]
    schema: bool,
    /// Show every file and the reason of every substitution, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Commit the new files and nothing else (no hooks run, nothing is signed)
    #[arg(long)]
    commit: bool,
    /// Commit on a new branch and check it out
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
}

pub(super) fn run(context: &Context, args: Args) -> Outcome {
    if args.schema {
        context.printer.answer(ANSWERS)?;
        return Ok(Status::Done);
    }
    let interrupt = Interrupt::install()?;
    let mut repository = Repository::open(context)?;
    let given = given(&args)?;
    let ask = context.printer.interactive() && !context.yes;
    let confirmed = ask || context.yes || args.dry_run;
    let answers = if ask { prompt_for(given, &repository)? } else { check(&given, &repository, confirmed)? };
    let template = template::read(&repository.root, repository.workspace.template.clone())?;
    let new = fresh::fresh();

    if args.dry_run {
        let scaffold = plan(&answers, &new, &template, &repository)?;
        return show_plan(context, &repository, &scaffold);
    }
    if ask {
        let scaffold = plan(&answers, &new, &template, &repository)?;
        context.printer.note(&ui::plan::summary(&scaffold));
        if !prompt::confirm("Make this app?")? || interrupt.requested() {
            return Err(prompt::NoAnswer::Interrupted.into());
        }
    }

    let mut spinner = None;
    let lock = Lock::acquire(&repository.root, environment::lock_timeout(), |holder| {
        spinner = Some(Spinner::start(&context.printer, &format!("waiting for another scalr ({holder})")));
    })?;
    drop(spinner);
    journal::recover_locked(&repository.root, &lock)?;
    // Ports and slugs may have gone since we looked; now nobody else can take them.
    repository.look_again()?;
    let answers = check(&Given::from(answers), &repository, true)?;
    let scaffold = plan(&answers, &new, &template, &repository)?;
    let registry_file = RelPath::root().join(registry::FILE_NAME);
    let prepared = (args.commit || args.branch.is_some())
        .then(|| {
            git::prepare(&repository.root, &scaffold.values.place, &registry_file, args.branch.as_deref())
        })
        .transpose()?;
    apply::create(&repository.root, &lock, &scaffold, &interrupt)?;
    let commit = match &prepared {
        None => None,
        Some(prepared) => {
            let mut files: Vec<RelPath> =
                scaffold.files.iter().map(|file| scaffold.values.place.join(file.to.as_str())).collect();
            files.push(registry_file);
            let message =
                format!("Add {} from the template\n\nMade by `scalr new-app`.\n", scaffold.values.slug);
            Some(git::commit(&repository.root, prepared, &files, &message).map_err(|error| {
                CommandError::from(error).hint(format!(
                    "the app is in {} and registered, only the commit failed",
                    scaffold.values.place
                ))
            })?)
        }
    };
    show_result(context, &repository, &scaffold, commit)
}

fn given(args: &Args) -> Result<Given, CommandError> {
    let flags = Given {
        name: args.name.clone(),
        slug: args.slug.clone(),
        description: args.description.clone(),
        kind: args.kind.clone(),
    };
    let Some(file) = &args.answers else { return Ok(flags) };
    let bytes = template::read_answers(file)?;
    let shown =
        if file.as_os_str() == "-" { "standard input".to_owned() } else { file.display().to_string() };
    let path = RelPath::root().join(shown.trim_start_matches('/'));
    let answers = answers::parse(&path, &bytes).map_err(|findings| {
        CommandError::new(ErrorKind::Usage, format!("the answers in {shown} can't be used"))
            .findings(findings)
            .hint("scalr new-app --schema prints what each answer may be")
    })?;
    Ok(flags.or(answers))
}

impl From<Answers> for Given {
    fn from(answers: Answers) -> Self {
        Self {
            name: Some(answers.name),
            slug: Some(answers.slug.to_string()),
            description: Some(answers.description),
            kind: Some(answers.kind.to_string()),
        }
    }
}

/// Who has a slug: an app, wherever it lives.
fn owner(repository: &Repository) -> impl Fn(&str) -> Option<RelPath> {
    |slug| repository.workspace.app(slug).map(|app| app.manifest.folder())
}

fn check(given: &Given, repository: &Repository, confirmed: bool) -> Result<Answers, CommandError> {
    let checked = answers::check(given, owner(repository));
    let confirm = "nobody can be asked here whether to go on: pass --yes, or --dry-run to see the plan";
    let problems = match checked {
        Ok(answers) => {
            let place = answers.kind.place(&answers.slug);
            if files::exists(&repository.root.join(&place)) {
                return Err(CommandError::from(apply::CreateError::Taken(place)));
            }
            if confirmed {
                return Ok(answers);
            }
            return Err(CommandError::new(ErrorKind::Usage, confirm));
        }
        Err(problems) => problems,
    };
    let taken = |problem: &Problem| problem.message.contains("is taken by");
    let kind = if problems.iter().all(taken) { ErrorKind::Conflict } else { ErrorKind::Usage };
    let error = CommandError::new(kind, "the new app can't be made from these answers").problems(problems);
    Err(if confirmed { error } else { error.hint(confirm) })
}

/// Asks for what is not given; a given answer that can't be used is told and asked for again.
fn prompt_for(given: Given, repository: &Repository) -> Result<Answers, CommandError> {
    let owner = owner(repository);
    let free = |text: &str| -> Result<Slug, String> {
        let slug = answers::slug(text, &owner)?;
        let mut places = Kind::ALL.map(|kind| kind.place(&slug)).into_iter();
        match given.kind.as_deref().and_then(Kind::parse) {
            Some(kind) if files::exists(&repository.root.join(&kind.place(&slug))) => {
                Err(format!("{} exists already", kind.place(&slug)))
            }
            None if places.all(|place| files::exists(&repository.root.join(&place))) => {
                Err("is taken everywhere".to_owned())
            }
            _ => Ok(slug),
        }
    };
    let sentence =
        |what: &str, result: Result<(), String>| result.map_err(|detail| format!("the {what} {detail}"));
    let usable = |text: &Option<String>| text.clone().filter(|text| answers::name(text).is_ok());
    let name = match usable(&given.name) {
        Some(name) => name,
        None => prompt::text("Name (for people)", None, |text| sentence("name", answers::name(text)))?,
    };
    let slug = match given.slug.as_deref().map(free) {
        Some(Ok(slug)) => slug,
        _ => {
            let suggestion = slug::suggest(&name).filter(|text| free(text).is_ok());
            let text = prompt::text("Slug (for machines)", suggestion.as_deref(), |text| {
                sentence("slug", free(text).map(drop))
            })?;
            free(&text).map_err(|problem| CommandError::new(ErrorKind::Usage, problem))?
        }
    };
    let description = match usable(&given.description) {
        Some(description) => description,
        None => prompt::text("Description (what it is for)", None, |text| {
            sentence("description", answers::name(text))
        })?,
    };
    let kind = match given.kind.as_deref().and_then(Kind::parse) {
        Some(kind) => kind,
        None => {
            let options = Kind::ALL
                .map(|kind| format!("{:<9} {} ({})", kind.as_str(), kind.meaning(), kind.place(&slug)));
            Kind::ALL[prompt::choose("Kind", &options)?]
        }
    };
    check(&Given::from(Answers { name, slug, description, kind }), repository, true)
}

fn plan(
    answers: &Answers,
    new: &Fresh,
    template: &Template,
    repository: &Repository,
) -> Result<Scaffold, CommandError> {
    let held = repository.workspace.held_ports();
    scaffold::scaffold(answers, new, template, &held, &repository.schema).map_err(|error| match error {
        ScaffoldError::Ports(error) => CommandError::new(ErrorKind::Conflict, error.to_string()),
        ScaffoldError::Rules(findings) => {
            CommandError::new(ErrorKind::Failed, "template.yml is broken; nothing was changed")
                .findings(findings)
        }
        ScaffoldError::Manifest(findings) => {
            CommandError::new(ErrorKind::Failed, "the new manifest would be invalid; nothing was changed")
                .findings(findings)
        }
        ScaffoldError::Render(errors) => {
            let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
            CommandError::new(
                ErrorKind::Failed,
                format!("the template can't be copied; nothing was changed\n  {}", lines.join("\n  ")),
            )
        }
        ScaffoldError::Violations(violations) => {
            let lines: Vec<_> = violations.iter().map(ToString::to_string).collect();
            CommandError::new(
                ErrorKind::Failed,
                format!("the new app would be wrong; nothing was changed\n  {}", lines.join("\n  ")),
            )
            .hint("these are defects of the template or of its rules in template.yml")
        }
    })
}

/// The document of `--json`, described by schemas/new-app-report.schema.json.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    status: &'static str,
    app: App<'a>,
    template: &'a State,
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
    from: &'a RelPath,
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
) -> Document<'a> {
    let values = &scaffold.values;
    let (edit, diff) = registration(repository, scaffold);
    let url = |port: u16| format!("http://localhost:{port}");
    let substitution = |edit: &'a Edit| Substitution {
        line: edit.line,
        before: &edit.before,
        after: &edit.after,
        reason: &edit.reason,
    };
    Document {
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
            urls: Urls {
                app: format!("http://{}.localhost", values.slug),
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
                from: &file.from,
                substitutions: match &file.content {
                    Content::Text { edits, .. } => {
                        edits.iter().filter(|edit| edit.before != edit.after).map(substitution).collect()
                    }
                    _ => Vec::new(),
                },
            })
            .collect(),
        edits: vec![EditedFile { edit, diff: anstream::adapter::strip_str(&diff).to_string() }],
        commit,
        next: next(repository, scaffold),
    }
}

/// What to type now.
fn next(repository: &Repository, scaffold: &Scaffold) -> Vec<String> {
    let place = &scaffold.values.place;
    let shared = RelPath::root().join(".env.shared");
    let mut commands = vec!["scalr validate".to_owned()];
    if !files::exists(&repository.root.join(&shared)) {
        commands.push("cp .env.shared.example .env.shared  # then put your secrets into it".to_owned());
    }
    commands.push(format!(
        "cd {place} && docker compose --env-file {} --env-file .env.app up",
        shared.relative_from(place)
    ));
    commands
}

fn show_plan(context: &Context, repository: &Repository, scaffold: &Scaffold) -> Outcome {
    if context.printer.json() {
        context.printer.document(&document(repository, scaffold, "planned", None))?;
        return Ok(Status::Done);
    }
    let (edit, diff) = registration(repository, scaffold);
    let mut text = ui::plan::summary(scaffold);
    text.push('\n');
    text += &ui::plan::files(scaffold);
    text += &format!("{} {}\n{diff}", paint(styles::WARNING, "change"), edit.path);
    text += "\nNothing was changed: this is a dry run.\n";
    context.printer.answer(&text)?;
    Ok(Status::Done)
}

fn show_result(
    context: &Context,
    repository: &Repository,
    scaffold: &Scaffold,
    commit: Option<String>,
) -> Outcome {
    if context.printer.json() {
        context.printer.document(&document(repository, scaffold, "created", commit))?;
        return Ok(Status::Done);
    }
    let values = &scaffold.values;
    let mut text = format!(
        "{} {} in {}/: {} files, ports {} {} {}, registered\n",
        paint(styles::GOOD, "created"),
        paint(styles::STRONG, shorten(&values.name)),
        values.place,
        scaffold.files.len(),
        values.ports.frontend,
        values.ports.backend,
        values.ports.db
    );
    if let Some(commit) = commit {
        text += &format!("committed as {}\n", &commit[..commit.len().min(8)]);
    }
    text += "\nNext:\n";
    for command in next(repository, scaffold) {
        text += &format!("  {command}\n");
    }
    context.printer.answer(&text)?;
    Ok(Status::Done)
}
