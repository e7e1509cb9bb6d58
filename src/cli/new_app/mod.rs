//! `scalr new-app`

mod ask;

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::error::broken_rules;
use super::signals::SignalMeaning;
use super::{CommandError, Context, ErrorKind, Outcome, Status};
use crate::ui::new_app::NewAppReport;
use crate::ui::prompt;
use scalr_host::git::Prepared;
use scalr_host::repository::Repository;
use scalr_host::run::settings;
use scalr_host::template::TemplateError;
use scalr_host::{apply, blueprints, files, fresh, gather, git, journal, template};
use scalr_model::answers::{self, AnswerFault, AnswerProblem, Answers, Given};
use scalr_model::diagnostics::Finding;
use scalr_model::registry;
use scalr_model::rel_path::RelPath;
use scalr_model::scaffold::{self, Fresh, Scaffold, ScaffoldError, Template};
use scalr_model::schema::ANSWERS;

/// Make a new app from template-app: at the right place, with its own ports, registered and valid
///
/// At a terminal it asks for what is not given, shows the plan and asks for confirmation. Without
/// one it needs all four answers, by options or --answers, and --yes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr new-app\n  scalr new-app --name 'Order Desk' --slug order-desk --kind product --description 'Takes orders.' --yes\n  scalr new-app --answers answers.yml --yes --json\n  scalr new-app --schema"
)]
pub(crate) struct NewAppArgs {
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

pub(super) fn run(context: &Context, args: &NewAppArgs) -> Outcome {
    if args.schema {
        context.printer.answer(ANSWERS)?;
        return Ok(Status::Done);
    }
    context.signals.mean(SignalMeaning::Flag)?;
    let shutdown = context.signals.shutdown();
    let mut repository = context.repository()?;
    let input = input(args)?;
    let ask = context.printer.interactive() && !context.yes;
    let asking = ask.then(|| context.signals.while_asking()).transpose()?;
    let confirmed = ask || context.yes || args.dry_run;
    let answers = if ask {
        ask::for_answers(context, input, &repository)?
    } else {
        check(input, &repository, confirmed)?
    };
    let template = read_template(&repository)?;
    let new = fresh::fresh();

    if args.dry_run {
        let scaffold = plan(&answers, &new, &template, &repository)?;
        context.printer.show(&report(&scaffold, &repository))?;
        return Ok(Status::Done);
    }
    if ask {
        let scaffold = plan(&answers, &new, &template, &repository)?;
        context.printer.note(&report(&scaffold, &repository).summary());
        if !prompt::confirm("Make this app?")? || shutdown.is_requested() {
            return Err(prompt::NoAnswer::Interrupted.into());
        }
    }

    drop(asking);
    let lock = context.lock(&repository)?;
    journal::recover_locked(&repository.root, &lock)?;
    // Ports and slugs may have been taken in the meantime; with the lock they can't be.
    repository.refresh()?;
    let answers = check(Input::from(answers), &repository, true)?;
    let scaffold = plan(&answers, &new, &template, &repository)?;
    let registry_file = RelPath::root().join(registry::FILE_NAME);
    let prepared = (args.commit || args.branch.is_some())
        .then(|| {
            git::prepare(&repository.root, &scaffold.values.place, &registry_file, args.branch.as_deref())
        })
        .transpose()?;
    apply::create(&repository.root, &lock, &scaffold, shutdown)?;
    let commit = prepared.map(|prepared| commit(&repository, &prepared, &scaffold)).transpose()?;
    context.printer.show(&report(&scaffold, &repository).created(commit, args.branch.as_deref()))?;
    Ok(Status::Done)
}

fn report<'a>(scaffold: &'a Scaffold, repository: &Repository) -> NewAppReport<'a> {
    let slug = scaffold.values.slug.as_str();
    let address = settings::front(&repository.root).url(slug, &format!("{slug}.localhost"));
    NewAppReport::planned(scaffold, address, &repository.workspace)
}

fn commit(repository: &Repository, prepared: &Prepared, scaffold: &Scaffold) -> Result<String, CommandError> {
    let (files, message) = (scaffold.changed_files(), scaffold.commit_message());
    git::commit(&repository.root, prepared, &files, &message).map_err(|error| {
        CommandError::from(error)
            .hint(format!("the app is in {} and registered, only the commit failed", scaffold.values.place))
    })
}

/// The answers from options and the file, and findings about the file.
struct Input {
    given: Given,
    findings: Vec<Finding>,
    sources: BTreeMap<RelPath, String>,
}

fn input(args: &NewAppArgs) -> Result<Input, CommandError> {
    let flags = Given {
        name: args.name.clone(),
        slug: args.slug.clone(),
        description: args.description.clone(),
        kind: args.kind.clone(),
    };
    let Some(file) = &args.answers else {
        return Ok(Input { given: flags, findings: Vec::new(), sources: BTreeMap::new() });
    };
    let bytes = template::read_answers(file)?;
    // Not a path of the repository, only the file's name in findings.
    let shown =
        if file.as_os_str() == "-" { "standard-input".to_owned() } else { file.display().to_string() };
    let path = RelPath::root().join(&shown);
    let sources = BTreeMap::from([(path.clone(), String::from_utf8_lossy(&bytes).into_owned())]);
    match answers::parse(&path, &bytes) {
        Ok((given, findings)) => Ok(Input { given: flags.or(given), findings, sources }),
        Err(findings) => {
            Err(CommandError::new(ErrorKind::Usage, format!("the answers in {shown} can't be read"))
                .findings(findings, sources)
                .hint("scalr new-app --schema prints what each answer may be"))
        }
    }
}

impl From<Answers> for Input {
    fn from(answers: Answers) -> Self {
        let given = Given {
            name: Some(answers.name),
            slug: Some(answers.slug.to_string()),
            description: Some(answers.description),
            kind: Some(answers.kind.to_string()),
        };
        Self { given, findings: Vec::new(), sources: BTreeMap::new() }
    }
}

fn read_template(repository: &Repository) -> Result<Template, CommandError> {
    template::read(&repository.root, repository.workspace.template.clone()).map_err(|error| match error {
        TemplateError::Rules(findings) => rules_error(findings, repository),
        error => error.into(),
    })
}

fn rules_error(findings: Vec<Finding>, repository: &Repository) -> CommandError {
    let sources = gather::sources(&repository.root, &findings);
    broken_rules(findings, sources)
}

/// The app that has a slug, in any folder.
fn owner(repository: &Repository) -> impl Fn(&str) -> Option<RelPath> {
    |slug| repository.workspace.app(slug).map(|app| app.manifest.folder())
}

/// Checks all answers; the error lists every problem.
fn check(input: Input, repository: &Repository, confirmed: bool) -> Result<Answers, CommandError> {
    let Input { given, findings, sources } = input;
    let problems = match answers::check(&given, owner(repository)) {
        Ok(answers) if findings.is_empty() && confirmed => return still_free(answers, repository),
        Ok(_) => Vec::new(),
        Err(problems) => problems,
    };
    let taken = |problem: &AnswerProblem| problem.reason == AnswerFault::Taken;
    let conflict = !problems.is_empty() && problems.iter().all(taken) && findings.is_empty();
    let kind = if conflict { ErrorKind::Conflict } else { ErrorKind::Usage };
    let message = match (problems.is_empty(), findings.is_empty()) {
        (true, true) => "there is no terminal to ask for a confirmation",
        _ => "the new app can't be made from these answers",
    };
    let error = CommandError::new(kind, message).problems(problems).findings(findings, sources);
    Err(if confirmed {
        error
    } else {
        error.hint("pass --yes to go on without being asked, or --dry-run to see the plan")
    })
}

/// The folder of a new app must not exist, even without an app in it.
fn still_free(answers: Answers, repository: &Repository) -> Result<Answers, CommandError> {
    let place = answers.kind.place(&answers.slug);
    if files::exists(&repository.root.join(&place)) {
        Err(apply::CreateError::Taken(place).into())
    } else {
        Ok(answers)
    }
}

fn plan(
    answers: &Answers,
    new: &Fresh,
    template: &Template,
    repository: &Repository,
) -> Result<Scaffold, CommandError> {
    let (ports, subnets) = (repository.workspace.held_ports(), repository.workspace.held_subnets());
    let held = (ports.as_slice(), subnets.as_slice());
    let blueprints = blueprints::read(&repository.root)?;
    let made = scaffold::scaffold(answers, new, template, held, blueprints.as_ref(), &repository.schema);
    made.map_err(|error| match error {
        ScaffoldError::Ports(error) => CommandError::from_error(ErrorKind::Conflict, error),
        ScaffoldError::Subnets(error) => CommandError::from_error(ErrorKind::Conflict, error),
        ScaffoldError::Rules(findings) => rules_error(findings, repository),
        ScaffoldError::Blueprint(error) => error.into(),
        ScaffoldError::Manifest(findings) => {
            CommandError::new(ErrorKind::Failed, "the new manifest would be invalid; nothing was changed")
                .findings(findings, BTreeMap::new())
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
