//! JSON schemas, and readable messages for their errors.
//!
//! Schemas are of draft 2020-12, formats are asserted, and nothing is ever fetched: a schema with
//! a remote reference does not compile.

mod built_in;
mod words;

use jsonschema::Validator;
use serde_json::Value as Json;

pub use built_in::{ALL, ANSWERS, BuiltInSchema, Describes, MANIFEST, TEMPLATE, built_in};
pub use words::shorten;

use super::codes::Code;
use super::diagnostics::{Finding, Location};
use super::document::DocumentKind;
use super::rel_path::RelPath;
use super::yaml::{Node, Yaml};

/// At most this many findings about one file; a file committed by mistake may have thousands.
const MAX_PER_FILE: usize = 50;

/// A compiled schema. Its findings have the places of the errors.
pub struct Schema {
    kind: DocumentKind,
    validator: Validator<Yaml>,
    source: Json,
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Schema").finish_non_exhaustive()
    }
}

impl Schema {
    /// Compiles a schema of documents of this kind; the error completes "the schema …".
    pub fn compile(kind: DocumentKind, text: &str) -> Result<Self, String> {
        let source: Json = serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))?;
        let mut options = jsonschema::options_for::<Yaml>()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true);
        if text == MANIFEST {
            // The built-in patterns need no look-around, and this engine is faster.
            options = options.with_pattern_options(jsonschema::PatternOptions::regex());
        }
        let validator = options.build(&source).map_err(|error| format!("can't be used: {error}"))?;
        Ok(Self { kind, validator, source })
    }

    /// Findings for everything in a file that violates the schema.
    #[must_use]
    pub(crate) fn check(&self, path: &RelPath, root: &Node<'_>) -> Vec<Finding> {
        if self.validator.is_valid(root) {
            return Vec::new();
        }
        let mut findings = Vec::new();
        for error in self.validator.iter_errors(root) {
            self.explain(path, root, &error, &mut findings);
            if findings.len() > MAX_PER_FILE {
                let left =
                    format!("{MAX_PER_FILE} findings are shown for this file; correct them to see the rest");
                findings.truncate(MAX_PER_FILE);
                findings.push(Finding::new(Code::SchemaRule, Location::file(path), left));
                break;
            }
        }
        if findings.is_empty() {
            findings.push(Finding::new(Code::SchemaRule, Location::file(path), "the file breaks the schema"));
        }
        findings
    }
}
