//! registered-apps.txt: which subprojects `scalr up` starts, one path a line.
//!
//! A line is a path from the repository's root; `#` begins a comment at the beginning of a line or
//! behind white space. Edits keep every other byte: comments, order, CRLF, the missing final
//! newline.

use std::collections::{HashMap, HashSet};

use super::codes::Code;
use super::diagnostics::{Finding, Fix, Location, Span};
use super::rel_path::{RelPath, RelPathError};

/// The file's name, at the repository's root.
pub const FILE_NAME: &str = "registered-apps.txt";

/// One line that names a subproject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryEntry {
    /// The path as it is written.
    pub(crate) text: String,
    /// The path, or why it is invalid.
    pub path: Result<RelPath, RelPathError>,
    pub(crate) span: Span,
}

/// Reads the lines that name subprojects. No text is an error; a line may be one.
#[must_use]
pub fn parse(text: &str) -> Vec<RegistryEntry> {
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).split('\n').zip(1u32..);
    lines
        .filter_map(|(line, number)| {
            // A byte order mark inside of a text comes from a `cat` of two files, and is invisible like a space.
            let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
            let indent = line.chars().take_while(|c| blank(*c)).count();
            let rest = line.trim_start_matches(blank);
            let end = comment_start(rest).unwrap_or(rest.len());
            let written = rest[..end].trim_end();
            if written.is_empty() {
                return None;
            }
            let column = u32::try_from(indent).unwrap_or(u32::MAX).saturating_add(1);
            let length = u32::try_from(written.chars().count()).unwrap_or(u32::MAX);
            Some(RegistryEntry {
                text: written.to_owned(),
                path: RelPath::new(written),
                span: Span { end_column: column.saturating_add(length), ..Span::point(number, column) },
            })
        })
        .collect()
}

fn comment_start(line: &str) -> Option<usize> {
    line.char_indices()
        .find(|(at, c)| *c == '#' && line[..*at].chars().next_back().is_none_or(char::is_whitespace))
        .map(|(at, _)| at)
}

/// The text with one more line at its end for every path that it does not name.
#[must_use]
pub fn append(text: &str, paths: &[&RelPath]) -> String {
    let mut known: HashSet<RelPath> = parse(text).into_iter().filter_map(|entry| entry.path.ok()).collect();
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = text.to_owned();
    for path in paths {
        if !known.insert((*path).clone()) {
            continue;
        }
        if out.is_empty() || out.ends_with('\n') {
            out += &format!("{path}{newline}");
        } else {
            // A missing final newline is kept.
            out += &format!("{newline}{path}");
        }
    }
    out
}

/// The text without the given lines; each is a number, counted from 1, and the path that the line
/// must still hold for it to be removed.
#[must_use]
pub(crate) fn remove(text: &str, lines: &[(u32, &str)]) -> String {
    let wanted: HashSet<(u32, &str)> = lines.iter().copied().collect();
    let entries = parse(text);
    let gone: HashSet<u32> = entries
        .iter()
        .filter(|entry| wanted.contains(&(entry.span.line, entry.text.as_str())))
        .map(|entry| entry.span.line)
        .collect();
    text.split_inclusive('\n')
        .zip(1u32..)
        .filter(|(_, number)| !gone.contains(number))
        .map(|(line, _)| line)
        .collect()
}

/// Findings about single lines: paths that leave the repository, lead nowhere, or
/// occur twice. `exists` tells whether a folder exists.
#[must_use]
pub fn check(file: &RelPath, entries: &[RegistryEntry], exists: impl Fn(&RelPath) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut first: HashMap<&RelPath, &RegistryEntry> = HashMap::with_capacity(entries.len());
    for entry in entries {
        let at = || Location::at(file, entry.span);
        let fix = || Fix::Unregister { line: entry.span.line, text: entry.text.clone() };
        match &entry.path {
            Err(error) => {
                let finding = Finding::new(Code::RegistryOutside, at(), format!("`{}` {error}", entry.text));
                findings.push(finding.help("write the path from the repository's root").fix(fix()));
            }
            Ok(path) => {
                if let Some(other) = first.get(path) {
                    let finding =
                        Finding::new(Code::RegistryDuplicate, at(), format!("`{path}` is registered twice"));
                    findings.push(finding.related(Location::at(file, other.span), "first here").fix(fix()));
                    continue;
                }
                first.insert(path, entry);
                if !exists(path) {
                    let finding = Finding::new(
                        Code::RegistryMissing,
                        at(),
                        format!("the folder `{path}` does not exist"),
                    );
                    findings.push(finding.help("`scalr validate --fix` removes the line").fix(fix()));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    #[test]
    fn reads_paths_and_skips_comments() {
        let entries = parse("# head\n\n apps/x  # the x\nservices/y#z\n/abs\n../out\n");
        let texts: Vec<_> = entries.iter().map(|entry| entry.text.as_str()).collect();
        assert_eq!(texts, ["apps/x", "services/y#z", "/abs", "../out"]);
        assert_eq!(entries[0].span, Span::on_line(3, 2, 6));
        assert_eq!(entries[2].path, Err(RelPathError::Absolute));
        assert_eq!(entries[3].path, Err(RelPathError::Outside));
    }

    #[test]
    fn skips_byte_order_marks_of_joined_files() {
        let entries = parse("\u{feff}apps/a\n\u{feff}apps/b\n");
        let paths: Vec<_> = entries.iter().map(|entry| (entry.text.as_str(), entry.span.column)).collect();
        assert_eq!(paths, [("apps/a", 1), ("apps/b", 2)]);
    }

    #[test]
    fn keeps_the_style_of_the_file() {
        for (before, after) in [
            ("", "apps/x\n"),
            ("# c\na\n", "# c\na\napps/x\n"),
            ("a", "a\napps/x"),
            ("a\r\n", "a\r\napps/x\r\n"),
            ("apps/x # there\n", "apps/x # there\n"),
            ("./apps/x/\n", "./apps/x/\n"),
        ] {
            assert_eq!(append(before, &[&path("apps/x")]), after);
        }
        assert_eq!(remove("a\nb # x\nc", &[(2, "b"), (3, "moved")]), "a\nc");
    }

    #[test]
    fn finds_missing_doubled_and_outside() {
        let entries = parse("apps/x\napps/y\n./apps/x\n../z\n");
        let findings = check(&path("registered-apps.txt"), &entries, |folder| folder.as_str() == "apps/x");
        let codes: Vec<_> = findings.iter().map(|f| (f.code, f.location.span.unwrap().line)).collect();
        assert_eq!(
            codes,
            [(Code::RegistryMissing, 2), (Code::RegistryDuplicate, 3), (Code::RegistryOutside, 4)]
        );
        assert!(findings.iter().all(|finding| finding.fix.is_some()));
    }

    proptest! {
        #[test]
        fn any_text_keeps_its_lines(text in "[a-z/.# \\r\\n\\PC]{0,120}") {
            let after = append(&text, &[&path("apps/new")]);
            prop_assert!(after.starts_with(text.as_str()));
            let added = parse(&after).into_iter().filter(|e| e.path == Ok(path("apps/new"))).count();
            prop_assert!(added >= 1);
            let line = parse(&after).last().map(|e| (e.span.line, e.text.clone()));
            if let Some((line, text)) = line {
                prop_assert!(remove(&after, &[(line, &text)]).len() < after.len());
            }
        }
    }
}
