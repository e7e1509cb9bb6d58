//! The post-conditions of a new app, checked before it is moved into place.
//!
//! Each rule is checked again on the renderer's result. A violation is a defect
//! of the rules (or of scalr), so its message names the rule and the place.

use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::render::{Content, Edit, Rendered};
use super::rules::{Base, Rules, Values};
use super::{SourceKind, TemplateSource, paths};
use crate::manifest::Manifest;
use crate::rel_path::RelPath;
use crate::{env, yaml};

/// A post-condition that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {rule}: {problem}")]
pub struct Violation {
    /// The rule that is broken.
    pub(crate) rule: &'static str,
    /// The file of the template.
    pub(crate) file: RelPath,
    /// The line of the new file, counted from 1.
    pub(crate) line: usize,
    /// What is wrong and what to do.
    pub(crate) problem: String,
}

/// Checks every file of a new app against the template that it came from.
#[must_use]
pub fn check(
    sources: &[TemplateSource],
    rendered: &[Rendered],
    template: &RelPath,
    manifest: &Manifest,
    rules: &Rules,
    values: &Values,
) -> Vec<Violation> {
    let identity = Identity::of(manifest);
    let mut violations = Vec::new();
    for (source, file) in sources.iter().zip(rendered) {
        let mut report = |rule, line, problem: String| {
            violations.push(Violation { rule, file: template.join(source.path.as_str()), line, problem });
        };
        if let Some(token) = identity.find(file.to.as_str(), &[]) {
            report(
                "no template token is left",
                1,
                format!("the file's name still holds `{}`", &file.to.as_str()[token]),
            );
        }
        let (SourceKind::File { bytes, .. }, Content::Text { text, edits, .. }) =
            (&source.kind, &file.content)
        else {
            continue;
        };
        let original = String::from_utf8_lossy(bytes);
        if let Some(token) = identity.find(text, edits) {
            let problem =
                format!("`{}` is left; add a `set` or `tokens` rule to template.yml", &text[token.clone()]);
            report("no template token is left", line_of(text, token.start), problem);
        }
        for (line, problem) in path_problems(source, &original, file, text, edits, template, rules, values) {
            report("every relative path keeps its target", line, problem);
        }
        if let Some(problem) = parse_problem(&source.path, &original, text) {
            report("every file still parses", 1, problem);
        }
        for (key, problem) in set_problems(&source.path, text, rules) {
            report("what was written reads back", 1, format!("`{key}` {problem}"));
        }
    }
    violations
}

/// The template's name, in every spelling.
struct Identity(Option<AhoCorasick>);

impl Identity {
    fn of(manifest: &Manifest) -> Self {
        let mut names = Vec::new();
        if let Some(slug) = manifest.slug() {
            names.extend(["-", "_", " ", "", "."].map(|joint| slug.replace('-', joint)));
        }
        names.extend(manifest.name.clone());
        names.extend(manifest.id.as_ref().map(|id| id.value.clone()));
        names.retain(|name| !name.is_empty());
        Self(AhoCorasick::builder().ascii_case_insensitive(true).build(names).ok())
    }

    /// The first place, outside of written values, that still names the template.
    fn find(&self, text: &str, edits: &[Edit]) -> Option<Range<usize>> {
        let mut found = self.0.as_ref()?.find_iter(text).map(|found| found.range());
        found.find(|range| !edits.iter().any(|edit| overlap(&edit.new, range)))
    }
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

#[expect(clippy::too_many_arguments, reason = "the two sides of the comparison and what lies between them")]
fn path_problems(
    source: &TemplateSource,
    original: &str,
    file: &Rendered,
    text: &str,
    edits: &[Edit],
    template: &RelPath,
    rules: &Rules,
    values: &Values,
) -> Vec<(usize, String)> {
    let mut problems = Vec::new();
    let written = |range: &Range<usize>| edits.iter().any(|edit| edit.set && overlap(&edit.new, range));
    let replaced = |range: &Range<usize>| edits.iter().any(|edit| edit.set && overlap(&edit.old, range));
    let outside = |found: &paths::PathReference, home: &RelPath| {
        found.target.as_ref().is_none_or(|target| target.below(home).is_none())
    };
    for base in [Base::File, Base::Repository] {
        let mut before = paths::find(original, base, template, &source.path);
        before.retain(|found| !replaced(&found.range));
        let named =
            rules.paths.iter().any(|rule| rule.base == base && rule.files.is_match(source.path.as_str()));
        if !named {
            // Without a rule, a path out of the template (or one from the root) would silently lead
            // elsewhere.
            let lost = before.iter().filter(|found| {
                found.target.is_some() && (base == Base::Repository || outside(found, template))
            });
            problems.extend(lost.map(|found| {
                let path = &original[found.range.clone()];
                (
                    line_of(original, found.range.start),
                    match base {
                        Base::File => format!("`{path}` leaves the template; name this file in a `paths` rule"),
                        Base::Repository => format!(
                            "`{path}` is a path from the repository's root; name this file in a `paths` rule with `base: repository`"
                        ),
                    },
                )
            }));
            continue;
        }
        let mut after = paths::find(text, base, &values.place, &file.to);
        after.retain(|found| !written(&found.range));
        // Paths inside the app move along with it; all others must keep their targets.
        before.retain(|found| base == Base::Repository || outside(found, template));
        after.retain(|found| base == Base::Repository || outside(found, &values.place));
        for (was, is) in before.iter().zip(&after) {
            // Paths that leave the repository are unchanged, and their targets may differ.
            let Some(was) = &was.target else { continue };
            let expected = match (was.below(template), &is.target) {
                (Some(_), Some(is)) => is.below(&values.place).is_some(),
                (_, is) => Some(was) == is.as_ref(),
            };
            if !expected {
                let leads = is.target.as_ref().map_or("a place outside of the repository", RelPath::shown);
                let path = &text[is.range.clone()];
                problems.push((
                    line_of(text, is.range.start),
                    format!("`{path}` leads to {leads}, it led to {was}"),
                ));
            }
        }
        if before.len() != after.len() {
            problems.push((1, format!("{} paths became {}", before.len(), after.len())));
        }
    }
    problems
}

/// A file that parsed in the template must still parse.
fn parse_problem(path: &RelPath, original: &str, text: &str) -> Option<String> {
    let parse: fn(&str) -> Result<(), String> =
        match path.name().rsplit_once('.').map_or("", |(_, extension)| extension) {
            "yml" | "yaml" => yaml::well_formed,
            "json" => |text| {
                serde_json::from_str::<serde::de::IgnoredAny>(text)
                    .map(drop)
                    .map_err(|error| error.to_string())
            },
            "toml" | "lock" => |text| {
                toml::from_str::<toml::Table>(text).map(drop).map_err(|error| error.message().to_owned())
            },
            _ if path.name().starts_with(".env") => {
                |text| env::parse(text).map(drop).map_err(|error| error.message)
            }
            _ => return None,
        };
    // A file that was not valid JSON before, such as a tsconfig with comments, need not be valid now.
    if original == text || parse(original).is_err() {
        return None;
    }
    parse(text).err()
}

fn set_problems(path: &RelPath, text: &str, rules: &Rules) -> Vec<(String, String)> {
    let mut problems = Vec::new();
    for set in rules.set.iter().filter(|set| set.file == *path) {
        let document = match set.format.open(text) {
            Ok(document) => document,
            Err(problem) => {
                problems.push((path.to_string(), problem));
                continue;
            }
        };
        for (key, value) in &set.values {
            match document.read(key) {
                Ok(read) if read == value.to_string() => {}
                Ok(read) => problems.push((key.clone(), format!("reads back as {read:?}"))),
                Err(problem) => problems.push((key.clone(), problem)),
            }
        }
    }
    problems
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}
