//! JSON schemas, and their errors in words for people.
//!
//! Schemas are of draft 2020-12, formats are asserted, and nothing is ever fetched: a schema with
//! a remote reference does not compile.

mod words;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use jsonschema::Validator;
use serde_json::Value as Json;

pub use words::shorten;

use super::codes::Code;
use super::diagnostics::{Finding, Location};
use super::rel_path::RelPath;
use super::yaml::{Node, Yaml};

/// The schema of `app.manifest.yml`.
pub const MANIFEST: &str = include_str!("../../../schemas/app-manifest.schema.json");
/// The schema of `new-app --answers`.
pub const ANSWERS: &str = include_str!("../../../schemas/answers.schema.json");
/// The schema of `template.yml`.
pub const TEMPLATE: &str = include_str!("../../../schemas/template-rules.schema.json");

/// At most this many findings about one file; a dump that was committed by mistake has thousands.
const MAX_PER_FILE: usize = 50;

/// So many files are copied for the generated check before the schema is compiled, which takes as long as that.
const FEW: usize = 64;

/// `MANIFEST` as Rust code, made at build time. It reads plain JSON only, and knows no places.
#[jsonschema::validator(
    path = "schemas/app-manifest.schema.json",
    draft = Draft202012,
    validate_formats = true,
    // Without a lazy DFA, which takes longer to set up than a few short texts take without it.
    pattern_options = { engine = regex, dfa_size_limit = 0 },
    methods = { validate = false, iter_errors = false }
)]
struct Generated;

/// A schema to check files against.
pub struct Schema {
    compiled: OnceLock<Result<Compiled, String>>,
    /// How many files the generated check has seen, where there is one.
    copied: Option<AtomicUsize>,
}

/// A schema that says what is wrong, and where.
struct Compiled {
    validator: Validator<Yaml>,
    source: Json,
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Schema").finish_non_exhaustive()
    }
}

impl Schema {
    /// Compiles a schema; the error completes "the schema …".
    pub fn compile(text: &str) -> Result<Self, String> {
        Ok(Self { compiled: Ok(Compiled::new(text)?).into(), copied: None })
    }

    /// `MANIFEST`. It is compiled when a file breaks it, or when there are many files.
    #[must_use]
    pub fn manifest() -> Self {
        Self { compiled: OnceLock::new(), copied: Some(AtomicUsize::new(0)) }
    }

    /// Everything in a file that breaks the schema. No findings means that the value conforms.
    #[must_use]
    pub fn check(&self, path: &RelPath, root: &Node<'_>) -> Vec<Finding> {
        if self.is_worth_copying() && Generated::is_valid(&root.to_json()) {
            return Vec::new();
        }
        match self.compiled.get_or_init(|| Compiled::new(MANIFEST)) {
            Ok(compiled) => compiled.check(path, root),
            Err(problem) => {
                let message = format!("scalr's own manifest schema {problem}");
                vec![Finding::new(Code::SchemaBroken, Location::file(path), message)]
            }
        }
    }

    fn is_worth_copying(&self) -> bool {
        let few = |copied: &AtomicUsize| copied.fetch_add(1, Ordering::Relaxed) < FEW;
        self.compiled.get().is_none() && self.copied.as_ref().is_some_and(few)
    }
}

impl Compiled {
    fn new(text: &str) -> Result<Self, String> {
        let source: Json = serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))?;
        let mut options = jsonschema::options_for::<Yaml>()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true);
        if text == MANIFEST {
            // No pattern of ours looks ahead or back, and this engine is the quicker one.
            options = options.with_pattern_options(jsonschema::PatternOptions::regex());
        }
        let validator = options.build(&source).map_err(|error| format!("can't be used: {error}"))?;
        Ok(Self { validator, source })
    }

    fn check(&self, path: &RelPath, root: &Node<'_>) -> Vec<Finding> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{Index, select};
    use serde_json::json;

    use super::*;
    use crate::model::yaml;

    const EVERY_KEY: &str = include_str!("../../../tests/manifests/valid/every-key.yml");

    /// Every value below this one, as JSON pointers.
    fn places(value: &Json, at: &str, found: &mut Vec<String>) {
        found.push(at.to_owned());
        match value {
            Json::Object(map) => {
                for (key, value) in map {
                    places(value, &format!("{at}/{key}"), found);
                }
            }
            Json::Array(items) => {
                for (key, value) in items.iter().enumerate() {
                    places(value, &format!("{at}/{key}"), found);
                }
            }
            _ => {}
        }
    }

    fn any_value() -> impl Strategy<Value = Json> {
        let fixed = select(vec![
            json!(null),
            json!(true),
            json!(0),
            json!(1.0),
            json!(-1),
            json!(70000),
            json!(1e300),
            json!([]),
            json!({}),
            json!(["a", "a"]),
            json!([1, 1.0]),
            json!({"x-own": 1}),
            json!("2026-02-30"),
            json!("/a b"),
            json!("a--b"),
        ]);
        prop_oneof![
            2 => fixed,
            1 => "[a-z0-9./:{}_-]{0,45}".prop_map(Json::String),
            1 => "\\PC{0,12}".prop_map(Json::String),
        ]
    }

    #[test]
    fn what_is_wrong_is_told_alike_before_and_after_the_schema_is_compiled() {
        let path = RelPath::new("app.manifest.yml").unwrap();
        let text = EVERY_KEY.replace("\nkind: ", "\nkind: no-such-");
        let (good, bad) = (yaml::parse(EVERY_KEY).unwrap(), yaml::parse(&text).unwrap());
        let fresh = Schema::manifest().check(&path, &bad);
        assert_eq!(fresh.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::SchemaValue]);
        let schema = Schema::manifest();
        assert!((0..=FEW).all(|_| schema.check(&path, &good).is_empty()));
        assert!(schema.compiled.get().is_some(), "after a few files it pays");
        assert_eq!(schema.check(&path, &bad), fresh);
        assert_eq!(schema.check(&path, &good), []);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_generated_check_says_what_the_compiled_one_says(
            changes in proptest::collection::vec((any::<Index>(), any_value(), any::<bool>()), 0..3),
        ) {
            thread_local!(static COMPILED: Compiled = Compiled::new(MANIFEST).unwrap());
            let mut manifest = yaml::parse(EVERY_KEY).unwrap().to_json();
            for (place, value, as_key) in changes {
                let mut found = Vec::new();
                places(&manifest, "", &mut found);
                let changed = manifest.pointer_mut(place.get::<String>(&found)).unwrap();
                match changed {
                    Json::Object(map) if as_key => drop(map.insert("x-own".to_owned(), value)),
                    changed => *changed = value,
                }
            }
            let text = manifest.to_string();
            // A text may hold what YAML does not take, and `null` is an empty file.
            let Ok(tree) = yaml::parse(&text) else { return Ok(()) };
            let compiled = COMPILED.with(|compiled| compiled.validator.is_valid(&tree));
            prop_assert_eq!(Generated::is_valid(&tree.to_json()), compiled, "{}", text);
        }
    }
}
