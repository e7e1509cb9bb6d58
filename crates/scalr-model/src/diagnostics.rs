//! Findings as data. `ui` renders them as text, JSON, SARIF and the other formats.

use serde::Serialize;

use super::codes::Code;
pub use super::codes::Severity;
use super::rel_path::RelPath;

/// A stretch of a file. Lines and columns count from 1, columns in Unicode code points; the end is
/// exclusive. An empty stretch is a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// The first character's line.
    pub line: u32,
    /// The first character's column.
    pub column: u32,
    /// The line of the character behind the last.
    pub end_line: u32,
    /// The column of the character behind the last.
    pub end_column: u32,
}

impl Span {
    /// The very beginning of a file.
    pub const START: Self = Self::point(1, 1);

    /// A place between two characters.
    #[must_use]
    pub(crate) const fn point(line: u32, column: u32) -> Self {
        Self { line, column, end_line: line, end_column: column }
    }

    /// A stretch of `length` characters of one line.
    #[must_use]
    pub const fn on_line(line: u32, column: u32, length: u32) -> Self {
        Self { line, column, end_line: line, end_column: column + length }
    }
}

/// A place in the repository: a file or folder and, where it is known, the stretch of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Location {
    /// The file or folder, from the repository's root.
    pub path: RelPath,
    /// The stretch of the file; nothing where the finding is about the file as a whole.
    #[serde(flatten)]
    pub span: Option<Span>,
}

impl Location {
    /// A file as a whole.
    #[must_use]
    pub fn file(path: &RelPath) -> Self {
        Self { path: path.clone(), span: None }
    }

    /// A stretch of a file.
    #[must_use]
    pub fn at(path: &RelPath, span: Span) -> Self {
        Self { path: path.clone(), span: Some(span) }
    }
}

/// A further place of a finding, such as the other holder of a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    pub location: Location,
    /// What is at this place.
    pub message: String,
}

/// A repair that scalr can carry out by itself (`validate --fix`). Each is idempotent: applied to a
/// repository that already has it, it changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Fix {
    /// Append an app to registered-apps.txt.
    Register {
        /// The app's folder.
        path: RelPath,
    },
    /// Take one line out of registered-apps.txt.
    Unregister {
        /// The line's number, counted from 1.
        line: u32,
        /// What the line must hold for the repair to be carried out.
        text: String,
    },
    /// Write one variable of a dotenv file.
    SetEnv {
        /// The dotenv file.
        file: RelPath,
        key: String,
        /// Its new value.
        value: String,
    },
}

impl std::fmt::Display for Fix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Register { path } => write!(f, "add the line `{path}` to registered-apps.txt"),
            Self::Unregister { line, text } => {
                write!(f, "remove line {line}, `{text}`, from registered-apps.txt")
            }
            Self::SetEnv { file, key, value } => write!(f, "write {key}={value} in {file}"),
        }
    }
}

/// A finding of the validator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's code; `scalr explain CODE` explains it.
    pub code: Code,
    pub severity: Severity,
    /// What was found and what was expected, in one sentence without a full stop.
    pub message: String,
    pub location: Location,
    /// A note at the underlined text, if it adds something to the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Further places.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The repair, if scalr can make it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

impl Finding {
    /// A finding with the severity that its code has.
    #[must_use]
    pub fn new(code: Code, location: Location, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            location,
            label: None,
            related: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// With a note right at the underlined text.
    #[must_use]
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// With what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With a further place.
    #[must_use]
    pub(crate) fn related(mut self, location: Location, message: impl Into<String>) -> Self {
        self.related.push(Related { location, message: message.into() });
        self
    }

    /// With a repair.
    #[must_use]
    pub(crate) fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

/// Puts findings in the order of the files and of the lines in them.
pub(crate) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (&a.location, a.severity, a.code, &a.message).cmp(&(&b.location, b.severity, b.code, &b.message))
    });
}

/// How many findings of each severity there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
}

impl Counts {
    /// Counts the findings.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let errors = findings.iter().filter(|f| f.severity == Severity::Error).count();
        Self { errors, warnings: findings.len() - errors }
    }
}
