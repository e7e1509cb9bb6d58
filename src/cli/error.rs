//! Why a command did not run to its end, and how that is told.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::ui::prompt::NoAnswer;
use crate::ui::{self, Printer, printer};
use scalr_host::FileError;
use scalr_host::apply::CreateError;
use scalr_host::gather::BrokenSchema;
use scalr_host::git::GitError;
use scalr_host::lock::LockError;
use scalr_host::root::RootError;
use scalr_host::template::TemplateError;
use scalr_model::answers::AnswerProblem;
use scalr_model::diagnostics::Finding;
use scalr_model::registry;
use scalr_model::rel_path::RelPath;

/// The kinds of failure, each with an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// It ran and something is wrong.
    Failed,
    /// Bad usage or input.
    Usage,
    /// The environment lacks something.
    Environment,
    /// Somebody else was first.
    Conflict,
    /// Ctrl-C or SIGTERM.
    Interrupted,
}

impl ErrorKind {
    /// The exit code.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Environment => 3,
            Self::Conflict => 4,
            Self::Interrupted => 130,
        }
    }
}

/// Why a command did not run to its end.
#[derive(Debug)]
pub struct CommandError {
    kind: ErrorKind,
    message: String,
    details: Box<Details>,
}

/// What there is to say besides the message.
#[derive(Debug, Default)]
struct Details {
    hints: Vec<String>,
    problems: Vec<AnswerProblem>,
    findings: Vec<Finding>,
    sources: BTreeMap<RelPath, String>,
}

/// The document of a failed command under `--json`, described by schemas/error.schema.json.
#[derive(Serialize)]
struct ErrorDocument<'a> {
    schema: &'static str,
    kind: ErrorKind,
    exit_code: u8,
    message: &'a str,
    hints: &'a [String],
    problems: &'a [AnswerProblem],
    findings: &'a [Finding],
}

impl CommandError {
    /// An error with a message that stands for itself.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), details: Box::default() }
    }

    /// With a command to type or a thing to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.details.hints.push(hint.into());
        self
    }

    /// With every answer that can't be used.
    #[must_use]
    pub fn problems(mut self, problems: Vec<AnswerProblem>) -> Self {
        self.details.problems = problems;
        self
    }

    /// With findings in files, and the texts of these files to show their lines.
    #[must_use]
    pub fn findings(mut self, findings: Vec<Finding>, sources: BTreeMap<RelPath, String>) -> Self {
        (self.details.findings, self.details.sources) = (findings, sources);
        self
    }

    /// The exit code.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.kind.exit_code()
    }

    /// Tells a person, or with `--json` a program.
    pub fn show(&self, printer: &Printer) {
        let Self { kind, message, details } = self;
        let Details { hints, problems, findings, sources } = &**details;
        if printer.json() {
            let exit_code = self.exit_code();
            let document = ErrorDocument {
                schema: "scalr.error/1",
                kind: *kind,
                exit_code,
                message,
                hints,
                problems,
                findings,
            };
            let _ = printer.document(&document);
            return;
        }
        if !findings.is_empty() {
            printer.findings(&ui::findings::for_people(findings, sources, printer::width()));
        }
        let problems =
            problems.iter().map(|problem| format!("{}; pass {}", problem.message, problem.expected));
        let hints: Vec<String> = problems.chain(hints.iter().cloned()).collect();
        printer.error(message, &hints);
    }
}

impl From<FileError> for CommandError {
    fn from(error: FileError) -> Self {
        Self::new(ErrorKind::Environment, format!("failed to {error}"))
    }
}

impl From<BrokenSchema> for CommandError {
    fn from(error: BrokenSchema) -> Self {
        Self::new(ErrorKind::Failed, error.to_string())
    }
}

impl From<std::io::Error> for CommandError {
    fn from(error: std::io::Error) -> Self {
        Self::new(ErrorKind::Environment, format!("failed to print: {error}"))
    }
}

impl From<RootError> for CommandError {
    fn from(error: RootError) -> Self {
        Self::new(ErrorKind::Environment, error.to_string()).hint(format!(
            "go to your clone, or name it: scalr -C DIR …; {} and schemas/ mark its root",
            registry::FILE_NAME
        ))
    }
}

impl From<LockError> for CommandError {
    fn from(error: LockError) -> Self {
        let message = error.to_string();
        match error {
            LockError::File(error) => error.into(),
            LockError::Interrupted => Self::new(ErrorKind::Interrupted, message),
            LockError::Held { .. } => Self::new(ErrorKind::Conflict, message)
                .hint("try again when it is done; SCALR_LOCK_TIMEOUT=SECONDS waits longer"),
        }
    }
}

impl From<TemplateError> for CommandError {
    fn from(error: TemplateError) -> Self {
        let message = error.to_string();
        match error {
            TemplateError::NoManifest => {
                Self::new(ErrorKind::Failed, message).hint("scalr validate says what is wrong with it")
            }
            TemplateError::Rules(findings) => broken_rules(findings, BTreeMap::new()),
            TemplateError::Odd(_) => Self::new(ErrorKind::Failed, message),
            _ => Self::new(ErrorKind::Environment, message),
        }
    }
}

/// template.yml is broken.
pub(super) fn broken_rules(findings: Vec<Finding>, sources: BTreeMap<RelPath, String>) -> CommandError {
    CommandError::new(ErrorKind::Failed, "template-app/template.yml is broken; nothing was changed")
        .findings(findings, sources)
        .hint("scalr schema template prints its schema; docs/guides/template.md explains it")
}

impl From<CreateError> for CommandError {
    fn from(error: CreateError) -> Self {
        let message = error.to_string();
        match error {
            CreateError::File(error) => error.into(),
            CreateError::Interrupted => Self::new(ErrorKind::Interrupted, message),
            CreateError::Taken(_) => {
                Self::new(ErrorKind::Conflict, message).hint("choose another slug, or look what is in it")
            }
            CreateError::Differs(_) => Self::new(ErrorKind::Environment, message),
        }
    }
}

impl From<GitError> for CommandError {
    fn from(error: GitError) -> Self {
        let message = error.to_string();
        let (kind, hint) = match &error {
            GitError::NoRepository => (ErrorKind::Environment, "git init"),
            GitError::NoRevision(_) => {
                (ErrorKind::Usage, "name a commit, branch or tag; in CI, fetch it first")
            }
            GitError::Staged(_) => {
                (ErrorKind::Conflict, "commit them, or take them out of the index: git restore --staged .")
            }
            GitError::Dirty(_) => (ErrorKind::Conflict, "commit or stash them first, or leave --commit out"),
            GitError::BranchExists(_) => (ErrorKind::Conflict, "choose another name"),
            GitError::BranchName(_) => (ErrorKind::Usage, "such as add-order-desk"),
            GitError::NoIdentity => {
                (ErrorKind::Environment, "git config user.name NAME; git config user.email ADDRESS")
            }
            GitError::Ignored(_) => (ErrorKind::Conflict, "git check-ignore -v PATH says which rule does"),
            GitError::Busy => (ErrorKind::Conflict, "git status says how to finish it"),
            GitError::Git(_) => return Self::new(ErrorKind::Environment, message),
        };
        Self::new(kind, message).hint(hint)
    }
}

impl From<NoAnswer> for CommandError {
    fn from(error: NoAnswer) -> Self {
        match error {
            NoAnswer::Interrupted => Self::new(ErrorKind::Interrupted, "interrupted; nothing was changed"),
            NoAnswer::Io(error) => {
                Self::new(ErrorKind::Environment, format!("failed to ask at the terminal: {error}"))
            }
        }
    }
}
