//! The table of the schemas that scalr has built in: the files of schemas/, what they describe and what prints it.

use std::fmt;

/// A schema that scalr has built in.
#[derive(Debug, Clone, Copy)]
pub struct BuiltInSchema {
    /// What `scalr schema` calls it.
    pub name: &'static str,
    pub describes: Describes,
    /// The JSON schema itself.
    pub text: &'static str,
}

/// What a schema describes. It is displayed as a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Describes {
    /// A file that scalr reads.
    File(&'static str),
    /// The document that a command prints with `--json`.
    Document(&'static str),
    /// Each line that one of these commands prints with `--json`.
    Lines(&'static [&'static str]),
    /// What a command prints with `--json` when it fails.
    Failure,
}

impl fmt::Display for Describes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => f.write_str(file),
            Self::Document(command) => write!(f, "What {command} --json prints"),
            Self::Lines([command]) => write!(f, "A line of what {command} --json prints"),
            Self::Lines(commands) => {
                let (last, others) = commands.split_last().unwrap_or((&"", &[]));
                write!(f, "A line of what {} and {last} --json print", others.join(", "))
            }
            Self::Failure => f.write_str("What any command prints with --json when it fails"),
        }
    }
}

macro_rules! text {
    ($file:literal) => {
        include_str!(concat!("../../schemas/", $file, ".schema.json"))
    };
}

/// The schema of `app.manifest.yml`.
pub const MANIFEST: &str = text!("app-manifest");
/// The schema of `new-app --answers`.
pub const ANSWERS: &str = text!("answers");
/// The schema of `template.yml`.
pub const TEMPLATE: &str = text!("template-rules");

macro_rules! schemas {
    ($($name:literal $describes:expr, $text:expr;)*) => {
        /// Every schema, in the order in which `scalr schema --help` lists them.
        pub const ALL: &[BuiltInSchema] =
            &[$(BuiltInSchema { name: $name, describes: $describes, text: $text },)*];
    };
}

schemas! {
    "manifest" Describes::File("app.manifest.yml"), MANIFEST;
    "answers" Describes::File("The file of new-app --answers"), ANSWERS;
    "template" Describes::File("template-app/template.yml"), TEMPLATE;
    "validate-report" Describes::Document("validate"), text!("validate-report");
    "fix-plan" Describes::Document("validate --fix --dry-run"), text!("fix-plan");
    "new-app-report" Describes::Document("new-app"), text!("new-app-report");
    "list" Describes::Document("list"), text!("list");
    "ports" Describes::Document("ports"), text!("ports");
    "env" Describes::Document("env"), text!("env");
    "public-domain" Describes::Document("set-public-domain"), text!("public-domain");
    "auth-sync" Describes::Document("auth sync"), text!("auth-sync");
    "explain" Describes::Document("explain"), text!("explain");
    "plan" Describes::Document("plan"), text!("plan");
    "events" Describes::Lines(&["up", "down", "restart", "pull", "build"]), text!("events");
    "ps" Describes::Document("ps"), text!("ps");
    "log" Describes::Lines(&["logs"]), text!("log");
    "open" Describes::Document("open"), text!("open");
    "doctor" Describes::Document("doctor"), text!("doctor");
    "smoke" Describes::Document("smoke"), text!("smoke");
    "overview" Describes::Document("scalr"), text!("overview");
    "error" Describes::Failure, text!("error");
}

/// The schema of that name.
#[must_use]
pub fn built_in(name: &str) -> Option<&'static BuiltInSchema> {
    ALL.iter().find(|schema| schema.name == name)
}
