//! Renders a file of the template as a file of the new app.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};

use super::paths;
use super::rules::{Base, Rules, Set, Values};
use super::{SourceKind, TemplateSource};
use crate::rel_path::RelPath;

/// A file of the new app.
#[derive(Debug)]
pub struct Rendered {
    pub from: RelPath,
    /// The new file, from the app's folder.
    pub to: RelPath,
    pub content: Content,
}

/// The content of a file of the new app.
#[derive(Debug)]
pub enum Content {
    /// A text, with its changes.
    Text {
        text: String,
        mode: u32,
        /// What was changed, in the order of the text.
        edits: Vec<Edit>,
    },
    /// Bytes that are no text, copied as they are.
    Bytes { bytes: Vec<u8>, mode: u32 },
    Symlink {
        /// Where it points.
        target: String,
    },
}

/// One change of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The replaced range, in bytes of the template's text.
    pub(super) old: Range<usize>,
    /// The new range, in bytes of the new text.
    pub(super) new: Range<usize>,
    /// The line of the template's text, counted from 1.
    pub line: usize,
    /// The replaced text.
    pub before: String,
    /// The new text.
    pub after: String,
    /// The rule that caused it.
    pub reason: Arc<str>,
    /// Whether the new text is free text.
    pub(super) set: bool,
}

/// Why a file can't be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct RenderError {
    pub(crate) file: RelPath,
    pub(crate) problem: String,
}

/// Renders every file. All errors at once.
pub fn render(
    sources: &[TemplateSource],
    template: &RelPath,
    rules: &Rules,
    values: &Values,
) -> Result<Vec<Rendered>, Vec<RenderError>> {
    let mut renderer = Renderer { template, rules, values, searchers: HashMap::new() };
    let mut files = Vec::with_capacity(sources.len());
    let mut errors = Vec::new();
    for source in sources {
        match renderer.file(source) {
            Ok(file) => files.push(file),
            Err(problem) => errors.push(RenderError { file: template.join(source.path.as_str()), problem }),
        }
    }
    for set in &rules.set {
        if !sources.iter().any(|source| source.path == set.file) {
            let problem =
                "a `set` rule of template.yml names this file, which is not part of the template".to_owned();
            errors.push(RenderError { file: template.join(set.file.as_str()), problem });
        }
    }
    if errors.is_empty() { Ok(files) } else { Err(errors) }
}

struct Renderer<'a> {
    template: &'a RelPath,
    rules: &'a Rules,
    values: &'a Values,
    /// One search for each set of tokens that apply together.
    searchers: HashMap<Vec<usize>, AhoCorasick>,
}

/// A planned change.
struct TextChange {
    old: Range<usize>,
    after: String,
    reason: Arc<str>,
    set: bool,
}

impl Renderer<'_> {
    fn file(&mut self, source: &TemplateSource) -> Result<Rendered, String> {
        let to = RelPath::new(&self.replace_tokens(&source.path, source.path.as_str())?)
            .map_err(|error| error.to_string())?;
        let content = match &source.kind {
            SourceKind::Symlink { target } => {
                Content::Symlink { target: self.symlink(&source.path, target, &to)? }
            }
            SourceKind::File { bytes, mode } => match std::str::from_utf8(bytes) {
                Ok(text) if !text.contains('\0') => {
                    let changes = self.changes(&source.path, text, &to)?;
                    let (text, edits) = apply(text, changes);
                    Content::Text { text, mode: *mode, edits }
                }
                _ if self.rules.set.iter().any(|set| set.file == source.path) => {
                    return Err(
                        "a `set` rule of template.yml names this file, which is no UTF-8 text".to_owned()
                    );
                }
                _ => Content::Bytes { bytes: bytes.clone(), mode: *mode },
            },
        };
        Ok(Rendered { from: source.path.clone(), to, content })
    }

    /// Set values first, then paths, then tokens; none overlaps an earlier one.
    fn changes(&mut self, path: &RelPath, text: &str, to: &RelPath) -> Result<Vec<TextChange>, String> {
        let mut changes: Vec<TextChange> = Vec::new();
        for set in self.rules.set.iter().filter(|set| set.file == *path) {
            changes.extend(set_values(set, text)?);
        }
        let folder = self.values.place.join(to.as_str()).parent();
        for rule in self.rules.paths.iter().filter(|rule| rule.files.is_match(path.as_str())) {
            let reason: Arc<str> = rule.reason.as_str().into();
            for found in paths::find(text, rule.base, self.template, path) {
                // A path out of the repository is not rewritten.
                let Some(was) = &found.target else { continue };
                let target = match (was.below(self.template), rule.base) {
                    // Inside paths move along with the files.
                    (Some(_), Base::File) => continue,
                    (Some(inside), Base::Repository) => {
                        self.values.place.join(&self.replace_tokens(path, inside)?)
                    }
                    (None, _) => was.clone(),
                };
                let after = paths::write(&found, &target, rule.base, &folder);
                claim(
                    &mut changes,
                    TextChange { old: found.range, after, reason: reason.clone(), set: false },
                );
            }
        }
        for (range, token) in self.tokens(path, text)? {
            let token = &self.rules.tokens[token];
            let change = TextChange {
                old: range,
                after: token.replace.clone(),
                reason: token.reason.as_str().into(),
                set: false,
            };
            claim(&mut changes, change);
        }
        changes.sort_by_key(|change| change.old.start);
        Ok(changes)
    }

    fn symlink(&mut self, path: &RelPath, target: &str, to: &RelPath) -> Result<String, String> {
        let folder = self.template.join(path.as_str()).parent();
        if target.starts_with('/') {
            return Err(format!(
                "a symbolic link to the absolute path {target}; link to a path inside of the repository"
            ));
        }
        let resolved = folder
            .resolve(target)
            .ok_or_else(|| format!("a symbolic link that leaves the repository: {target}"))?;
        if resolved.below(self.template).is_some() {
            return self.replace_tokens(path, target);
        }
        Ok(resolved.relative_from(&self.values.place.join(to.as_str()).parent()))
    }

    fn replace_tokens(&mut self, path: &RelPath, text: &str) -> Result<String, String> {
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (range, token) in self.tokens(path, text)? {
            out.push_str(&text[done..range.start]);
            out.push_str(&self.rules.tokens[token].replace);
            done = range.end;
        }
        out.push_str(&text[done..]);
        Ok(out)
    }

    /// Every token that is a separate word of a text, left to right, the longest first.
    fn tokens(&mut self, path: &RelPath, text: &str) -> Result<Vec<(Range<usize>, usize)>, String> {
        let tokens = &self.rules.tokens;
        let applies = |token: &super::rules::Token| {
            token.files.as_ref().is_none_or(|files| files.is_match(path.as_str()))
        };
        let set: Vec<usize> = (0..tokens.len()).filter(|at| applies(&tokens[*at])).collect();
        if !self.searchers.contains_key(&set) {
            let searcher = AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(set.iter().map(|at| &tokens[*at].find))
                .map_err(|error| error.to_string())?;
            self.searchers.insert(set.clone(), searcher);
        }
        let searcher = &self.searchers[&set];
        Ok(searcher
            .find_iter(text)
            .filter(|found| is_word(text, found.range()))
            .map(|found| (found.range(), set[found.pattern().as_usize()]))
            .collect())
    }
}

/// Whether no letter or digit is next to the range.
pub(super) fn is_word(text: &str, range: Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

fn set_values(set: &Set, text: &str) -> Result<Vec<TextChange>, String> {
    let document = set
        .format
        .open(text)
        .map_err(|problem| format!("a `set` rule of template.yml can't be applied: the file {problem}"))?;
    let reason: Arc<str> = set.reason.as_str().into();
    set.values
        .iter()
        .map(|(key, value)| {
            let old = document
                .locate(key)
                .map_err(|problem| format!("a `set` rule of template.yml can't be applied: {problem}"))?;
            Ok(TextChange { old, after: set.format.encode(value), reason: reason.clone(), set: true })
        })
        .collect()
}

/// Adds a change unless an earlier one overlaps it.
fn claim(changes: &mut Vec<TextChange>, change: TextChange) {
    let free =
        changes.iter().all(|other| other.old.end <= change.old.start || change.old.end <= other.old.start);
    if free {
        changes.push(change);
    }
}

fn apply(text: &str, changes: Vec<TextChange>) -> (String, Vec<Edit>) {
    let mut out = String::with_capacity(text.len() + 64);
    let mut edits = Vec::with_capacity(changes.len());
    let (mut done, mut line) = (0, 1);
    for change in changes {
        let unchanged = &text[done..change.old.start];
        line += unchanged.matches('\n').count();
        out.push_str(unchanged);
        let start = out.len();
        out.push_str(&change.after);
        let before = text[change.old.clone()].to_owned();
        let next_line = line + before.matches('\n').count();
        done = change.old.end;
        edits.push(Edit {
            old: change.old,
            new: start..out.len(),
            line,
            before,
            after: change.after,
            reason: change.reason,
            set: change.set,
        });
        line = next_line;
    }
    out.push_str(&text[done..]);
    // A replacement by the same text is no edit, but its range counts as written.
    (out, edits)
}
