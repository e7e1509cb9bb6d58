//! Why a command failed, and how the error is printed.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::ui::prompt::NoAnswer;
use crate::ui::{self, Printer, printer};
use scalr_host::FileError;
use scalr_host::apply::CreateError;
use scalr_host::gather::BrokenSchema;
use scalr_host::git::GitError;
use scalr_host::lock::LockError;
use scalr_host::repository::RepositoryError;
use scalr_host::root::RootError;
use scalr_host::template::TemplateError;
use scalr_model::answers::AnswerProblem;
use scalr_model::diagnostics::Finding;
use scalr_model::registry;
use scalr_model::rel_path::RelPath;
use scalr_model::suggest::UnknownName;

/// The kinds of failure, each with an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ErrorKind {
    /// It ran and something is wrong.
    Failed,
    /// Bad usage or input.
    Usage,
    /// The environment lacks something.
    Environment,
    /// Another process was faster.
    Conflict,
    /// Ctrl-C or SIGTERM.
    Interrupted,
}

impl ErrorKind {
    /// The exit code.
    #[must_use]
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Environment => 3,
            Self::Conflict => 4,
            Self::Interrupted => 130,
        }
    }
}

/// Why a command failed: the kind gives the exit code, the error the message and its causes.
#[derive(Debug)]
pub(crate) struct CommandError {
    kind: ErrorKind,
    error: anyhow::Error,
    details: Box<Details>,
}

/// Details besides the error.
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
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    causes: Vec<String>,
    hints: &'a [String],
    problems: &'a [AnswerProblem],
    findings: &'a [Finding],
}

impl CommandError {
    /// An error without a cause.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::from_error(kind, anyhow::Error::msg(message.into()))
    }

    /// An error with its causes; its own text is the message.
    pub(crate) fn from_error(kind: ErrorKind, error: impl Into<anyhow::Error>) -> Self {
        Self { kind, error: error.into(), details: Box::default() }
    }

    /// A separate message, and the error that caused it.
    pub(crate) fn caused_by(kind: ErrorKind, message: String, cause: impl Into<anyhow::Error>) -> Self {
        Self::from_error(kind, cause.into().context(message))
    }

    /// Sentences about what was typed, each on a line of its own.
    pub(crate) fn usage<S: ToString>(sentences: &[S]) -> Self {
        let sentences: Vec<String> = sentences.iter().map(ToString::to_string).collect();
        // Below each other, behind "error: ".
        Self::new(ErrorKind::Usage, sentences.join("\n       "))
    }

    /// With a hint: the next command or action.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.details.hints.push(hint.into());
        self
    }

    /// With every answer that can't be used.
    #[must_use]
    pub(crate) fn problems(mut self, problems: Vec<AnswerProblem>) -> Self {
        self.details.problems = problems;
        self
    }

    /// With findings in files, and the texts of these files to show their lines.
    #[must_use]
    pub(crate) fn findings(mut self, findings: Vec<Finding>, sources: BTreeMap<RelPath, String>) -> Self {
        (self.details.findings, self.details.sources) = (findings, sources);
        self
    }

    /// The exit code.
    #[must_use]
    pub(crate) fn exit_code(&self) -> u8 {
        self.kind.exit_code()
    }

    /// The causes of the message, outermost first, without those that the text before quotes.
    fn causes(&self) -> Vec<String> {
        let mut before = self.error.to_string();
        let mut causes = Vec::new();
        for cause in self.error.chain().skip(1).map(ToString::to_string) {
            if !before.contains(&cause) {
                causes.push(cause.clone());
            }
            before = cause;
        }
        causes
    }

    /// Prints the error, with `--json` as a document.
    pub(crate) fn show(&self, printer: &Printer) {
        let Details { hints, problems, findings, sources } = &*self.details;
        let (message, causes) = (self.error.to_string(), self.causes());
        if printer.json() {
            let (kind, exit_code) = (self.kind, self.exit_code());
            let schema = "scalr.error/1";
            let document =
                ErrorDocument { schema, kind, exit_code, message, causes, hints, problems, findings };
            // A program that has closed the pipe reads the exit code.
            let _ = printer.document(&document);
            return;
        }
        if !findings.is_empty() {
            printer.findings(&ui::findings::for_people(findings, sources, printer::width()));
        }
        let problems =
            problems.iter().map(|problem| format!("{}; pass {}", problem.message, problem.expected));
        let hints: Vec<String> = problems.chain(hints.iter().cloned()).collect();
        printer.error_with_causes(&message, &causes, &hints);
    }
}

impl From<FileError> for CommandError {
    fn from(error: FileError) -> Self {
        Self::caused_by(ErrorKind::Environment, format!("failed to {error}"), error)
    }
}

impl From<BrokenSchema> for CommandError {
    fn from(error: BrokenSchema) -> Self {
        Self::from_error(ErrorKind::Failed, error)
    }
}

impl From<std::io::Error> for CommandError {
    fn from(error: std::io::Error) -> Self {
        Self::caused_by(ErrorKind::Environment, format!("failed to print: {error}"), error)
    }
}

impl From<RepositoryError> for CommandError {
    fn from(error: RepositoryError) -> Self {
        match error {
            RepositoryError::Schema(error) => error.into(),
            RepositoryError::File(error) => error.into(),
        }
    }
}

/// Names of apps or of subprojects.
impl From<Vec<UnknownName>> for CommandError {
    fn from(names: Vec<UnknownName>) -> Self {
        Self::usage(&names).hint("scalr list shows every app")
    }
}

impl From<RootError> for CommandError {
    fn from(error: RootError) -> Self {
        Self::from_error(ErrorKind::Environment, error).hint(format!(
            "go to your clone, or name it: scalr -C DIR …; {} and schemas/ mark its root",
            registry::FILE_NAME
        ))
    }
}

impl From<LockError> for CommandError {
    fn from(error: LockError) -> Self {
        match error {
            LockError::File(error) => error.into(),
            LockError::Interrupted => Self::from_error(ErrorKind::Interrupted, error),
            LockError::Held { .. } => Self::from_error(ErrorKind::Conflict, error)
                .hint("try again when it is done; SCALR_LOCK_TIMEOUT=SECONDS waits longer"),
        }
    }
}

impl From<TemplateError> for CommandError {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::NoManifest => {
                Self::from_error(ErrorKind::Failed, error).hint("scalr validate says what is wrong with it")
            }
            TemplateError::Rules(findings) => broken_rules(findings, BTreeMap::new()),
            TemplateError::Odd(_) => Self::from_error(ErrorKind::Failed, error),
            _ => Self::from_error(ErrorKind::Environment, error),
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
        match error {
            CreateError::File(error) => error.into(),
            CreateError::Interrupted => Self::from_error(ErrorKind::Interrupted, error),
            CreateError::Taken(_) => Self::from_error(ErrorKind::Conflict, error)
                .hint("choose another slug, or look what is in it"),
            CreateError::Differs(_) => Self::from_error(ErrorKind::Environment, error),
        }
    }
}

impl From<GitError> for CommandError {
    fn from(error: GitError) -> Self {
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
            GitError::Git(_) => return Self::from_error(ErrorKind::Environment, error),
        };
        Self::from_error(kind, error).hint(hint)
    }
}

impl From<NoAnswer> for CommandError {
    fn from(error: NoAnswer) -> Self {
        match error {
            NoAnswer::Interrupted => Self::new(ErrorKind::Interrupted, "interrupted; nothing was changed"),
            NoAnswer::Io(error) => {
                let message = format!("failed to ask at the terminal: {error}");
                Self::caused_by(ErrorKind::Environment, message, error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn denied() -> FileError {
        let source = io::Error::from_raw_os_error(13);
        FileError { action: "read", path: "a/b".into(), source }
    }

    #[test]
    fn the_message_quotes_what_it_can_and_the_causes_are_the_rest() {
        let error = CommandError::from(denied());
        assert_eq!(error.error.to_string(), "failed to read a/b: permission denied");
        assert_eq!(error.causes(), ["Permission denied (os error 13)"]);
        // The error between them adds nothing to the message.
        let error = CommandError::from(RootError::File(denied()));
        assert_eq!(error.causes(), ["Permission denied (os error 13)"]);
    }

    #[test]
    fn the_causes_are_in_order() {
        let inner = anyhow::Error::new(denied()).context("the answers are gone");
        let error = CommandError::caused_by(ErrorKind::Failed, "no app was made".to_owned(), inner);
        let causes =
            ["the answers are gone", "read a/b: permission denied", "Permission denied (os error 13)"];
        assert_eq!(error.causes(), causes);
        assert_eq!(CommandError::new(ErrorKind::Usage, "alone").causes(), [""; 0]);
    }
}
