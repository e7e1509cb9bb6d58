//! Reads template.yml and evaluates its expressions for one app.

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use minijinja::{Environment, UndefinedBehavior, Value as Jinja, context};
use serde::Deserialize;

use crate::codes::Code;
use crate::diagnostics::{Finding, Location, Span};
use crate::document::DocumentKind;
use crate::kind::Kind;
use crate::ports::Block;
use crate::rel_path::RelPath;
use crate::schema::{self, Schema};
use crate::slug::Slug;
use crate::subnet::Subnet;
use crate::writers::{FileFormat, Scalar};
use crate::yaml::Node;

/// The rules' file, in the template's folder. It is never copied.
pub const FILE_NAME: &str = "template.yml";

/// The values of a new app.
#[derive(Debug, Clone)]
pub struct Values {
    pub slug: Slug,
    /// The display name: free text.
    pub name: String,
    /// The description: free text.
    pub description: String,
    pub kind: Kind,
    /// The manifest's id, a UUID.
    pub id: String,
    /// The day, `2026-11-22`.
    pub created: String,
    /// The host ports.
    pub ports: Block,
    /// The subnet; `None` if the template has none.
    pub subnet: Option<Subnet>,
    /// The app's folder.
    pub place: RelPath,
}

/// The rules, evaluated for one app.
#[derive(Debug)]
pub struct Rules {
    pub(super) tokens: Vec<Token>,
    /// Files with relative paths.
    pub(super) paths: Vec<Paths>,
    pub(super) set: Vec<Set>,
}

#[derive(Debug)]
pub(super) struct Token {
    pub(super) find: String,
    pub(super) replace: String,
    pub(super) files: Option<GlobSet>,
    pub(super) reason: String,
}

#[derive(Debug)]
pub(super) struct Paths {
    pub(super) files: GlobSet,
    pub(super) base: Base,
    pub(super) reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Base {
    File,
    Repository,
}

#[derive(Debug)]
pub(super) struct Set {
    pub(super) file: RelPath,
    pub(super) format: FileFormat,
    pub(super) values: Vec<(String, Scalar)>,
    pub(super) reason: String,
}

/// template.yml as it is written.
#[derive(Debug, Deserialize)]
struct Raw {
    #[serde(default)]
    exclude: Vec<String>,
    tokens: Vec<RawToken>,
    paths: Vec<RawPaths>,
    set: Vec<RawSet>,
}

#[derive(Debug, Deserialize)]
struct RawToken {
    find: String,
    replace: String,
    files: Option<Vec<String>>,
    reason: String,
}

#[derive(Debug, Deserialize)]
struct RawPaths {
    files: Vec<String>,
    base: Base,
    reason: String,
}

#[derive(Debug, Deserialize)]
struct RawSet {
    file: String,
    format: FileFormat,
    values: BTreeMap<String, String>,
    reason: String,
}

/// The rules before they are evaluated, with their tree for the places of errors.
#[derive(Debug)]
pub struct RuleFile {
    path: RelPath,
    tree: Node<'static>,
    raw: Raw,
}

impl RuleFile {
    /// Reads template.yml. All findings at once.
    pub fn parse(path: &RelPath, bytes: &[u8]) -> Result<Self, Vec<Finding>> {
        let kind = DocumentKind::TemplateRules;
        let tree = kind.parse(path, bytes, &mut Vec::new()).map_err(|finding| vec![*finding])?;
        let broken = |message: String| vec![Finding::new(Code::TemplateRules, Location::file(path), message)];
        let schema = Schema::compile(kind, schema::TEMPLATE)
            .map_err(|error| broken(format!("scalr's own schema {error}")))?;
        let findings = schema.check(path, &tree);
        if !findings.is_empty() {
            return Err(findings);
        }
        let raw = serde_json::from_value(tree.to_json()).map_err(|error| broken(error.to_string()))?;
        Ok(Self { path: path.clone(), tree: tree.into_owned(), raw })
    }

    /// Patterns of files that are not copied, in the syntax of .gitignore.
    #[must_use]
    pub fn exclude(&self) -> &[String] {
        &self.raw.exclude
    }

    /// Evaluates every expression for one app. All findings at once.
    pub fn evaluate(&self, values: &Values) -> Result<Rules, Vec<Finding>> {
        let mut findings = Vec::new();
        let environment = environment();
        let (safe, free) = contexts(values);
        let mut rules = Rules { tokens: Vec::new(), paths: Vec::new(), set: Vec::new() };
        for (at, token) in self.raw.tokens.iter().enumerate() {
            let here = format!("/tokens/{at}");
            let replace = self.evaluate_at(
                &format!("{here}/replace"),
                &environment,
                &token.replace,
                &safe,
                &mut findings,
            );
            let files =
                token.files.as_ref().map(|files| self.globs(&format!("{here}/files"), files, &mut findings));
            if let Some(replace) = replace {
                let (find, reason) = (token.find.clone(), token.reason.clone());
                rules.tokens.push(Token { find, replace: replace.to_string(), files, reason });
            }
        }
        for (at, paths) in self.raw.paths.iter().enumerate() {
            let files = self.globs(&format!("/paths/{at}/files"), &paths.files, &mut findings);
            rules.paths.push(Paths { files, base: paths.base, reason: paths.reason.clone() });
        }
        for (at, set) in self.raw.set.iter().enumerate() {
            let mut written = Vec::new();
            for (key, expression) in &set.values {
                let pointer = format!("/set/{at}/values/{}", key.replace('~', "~0").replace('/', "~1"));
                if let Some(value) =
                    self.evaluate_at(&pointer, &environment, expression, &free, &mut findings)
                {
                    written.push((key.clone(), value));
                }
            }
            match RelPath::new(&set.file) {
                Ok(file) => {
                    let (format, reason) = (set.format, set.reason.clone());
                    rules.set.push(Set { file, format, values: written, reason });
                }
                Err(error) => {
                    findings
                        .push(self.finding(&format!("/set/{at}/file"), format!("`{}` {error}", set.file)));
                }
            }
        }
        if findings.is_empty() { Ok(rules) } else { Err(findings) }
    }

    fn evaluate_at(
        &self,
        pointer: &str,
        environment: &Environment<'_>,
        expression: &str,
        context: &Jinja,
        findings: &mut Vec<Finding>,
    ) -> Option<Scalar> {
        let result = environment.compile_expression(expression).and_then(|compiled| compiled.eval(context));
        let problem = match result {
            Ok(value) => match scalar(&value) {
                Some(scalar) => return Some(scalar),
                None if value.is_undefined() && ["name", "description"].contains(&expression.trim()) => {
                    "free text may be written by `set` only, through the format's own writer".to_owned()
                }
                None if value.is_undefined() => {
                    "it gives nothing; there are slug, id, created, kind, ports, subnet (where the template's manifest has one), app_path and, in `set`, name and description".to_owned()
                }
                None => format!("it gives {}, not a text or a whole number", value.kind()),
            },
            Err(error) if error.kind() == minijinja::ErrorKind::UnknownFilter => {
                "there is no such filter; there are snake, upper_snake and pascal".to_owned()
            }
            // The place of the finding already shows the expression.
            Err(error) => error.to_string().replace(" (in <expression>:1)", ""),
        };
        findings
            .push(self.finding(pointer, format!("the expression `{expression}` can't be used: {problem}")));
        None
    }

    fn globs(&self, pointer: &str, patterns: &[String], findings: &mut Vec<Finding>) -> GlobSet {
        let mut builder = GlobSetBuilder::new();
        for (at, pattern) in patterns.iter().enumerate() {
            match GlobBuilder::new(pattern).literal_separator(true).build() {
                Ok(glob) => {
                    builder.add(glob);
                }
                Err(error) => findings.push(self.finding(&format!("{pointer}/{at}"), error.to_string())),
            }
        }
        builder.build().unwrap_or_else(|error| {
            findings.push(self.finding(pointer, error.to_string()));
            GlobSet::empty()
        })
    }

    fn finding(&self, pointer: &str, message: impl Into<String>) -> Finding {
        let span = self.tree.at_pointer(pointer).map_or(Span::START, |node| node.span);
        Finding::new(Code::TemplateRules, Location::at(&self.path, span), message)
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Lenient);
    let slug = |text: &str| {
        Slug::parse(text).map_err(|error| {
            minijinja::Error::new(
                minijinja::ErrorKind::InvalidOperation,
                format!("this filter takes a slug, and the value {error}"),
            )
        })
    };
    environment.add_filter("snake", move |text: &str| slug(text).map(|slug| slug.snake()));
    environment.add_filter("upper_snake", move |text: &str| slug(text).map(|slug| slug.upper_snake()));
    environment.add_filter("pascal", move |text: &str| slug(text).map(|slug| slug.pascal()));
    environment
}

/// The values with a safe alphabet, and these with the free text.
fn contexts(values: &Values) -> (Jinja, Jinja) {
    let safe = context! {
        slug => values.slug.as_str(),
        id => values.id.clone(),
        created => values.created.clone(),
        kind => values.kind.as_str(),
        app_path => values.place.as_str(),
        subnet => values.subnet.map_or(Jinja::UNDEFINED, |subnet| Jinja::from(subnet.to_string())),
        ports => context! {
            frontend => values.ports.frontend,
            backend => values.ports.backend,
            db => values.ports.db,
        },
    };
    let free =
        context! { name => values.name.clone(), description => values.description.clone(), ..safe.clone() };
    (safe, free)
}

fn scalar(value: &Jinja) -> Option<Scalar> {
    if let Some(text) = value.as_str() {
        return Some(Scalar::Text(text.to_owned()));
    }
    value.is_integer().then(|| u64::try_from(value.clone()).ok()).flatten().map(Scalar::Number)
}
