//! Findings for people. The first line is `path:line:col: severity[code]: message`, which terminals
//! make clickable; the source line follows, underlined by annotate-snippets.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::Report;
use crate::model::diagnostics::{Counts, Finding, Location, Severity, Span};
use crate::model::rel_path::RelPath;
use crate::ui::styles::{self, paint};

pub(super) fn render(report: &Report<'_>, width: usize) -> String {
    let mut out = super::for_people(report.findings, report.sources, width);
    for edit in report.fixed {
        for fix in &edit.fixes {
            out += &format!("{}: {fix}\n", paint(styles::GOOD, "fixed"));
        }
    }
    out += &summary(report);
    out
}

fn summary(report: &Report<'_>) -> String {
    let Counts { errors, warnings } = report.counts();
    let checked = count(report.manifests, "manifest");
    let fixable = report.findings.iter().filter(|finding| finding.fix.is_some()).count();
    let mut text = match (errors, warnings) {
        (0, 0) => format!("{}: {checked} checked, nothing to complain about\n", paint(styles::GOOD, "ok")),
        (0, warnings) => {
            format!("{}: {checked} checked, {}\n", paint(styles::GOOD, "ok"), count(warnings, "warning"))
        }
        (errors, 0) => {
            format!("{}: {checked} checked, {}\n", paint(styles::ERROR, "failed"), count(errors, "error"))
        }
        (errors, warnings) => {
            let counts = format!("{} and {}", count(errors, "error"), count(warnings, "warning"));
            format!("{}: {checked} checked, {counts}\n", paint(styles::ERROR, "failed"))
        }
    };
    if fixable > 0 {
        text += &format!("{} can be repaired by `scalr validate --fix`\n", count(fixable, "finding"));
    }
    text
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

pub(super) fn finding(finding: &Finding, sources: &BTreeMap<RelPath, String>, width: usize) -> String {
    let style = match finding.severity {
        Severity::Error => styles::ERROR,
        Severity::Warning => styles::WARNING,
    };
    let Span { line, column, .. } = finding.location.span.unwrap_or(Span::START);
    let severity = paint(style, format!("{}[{}]", finding.severity.as_str(), finding.code));
    let mut out = format!(
        "{}: {severity}: {}\n",
        paint(styles::STRONG, format!("{}:{line}:{column}", finding.location.path)),
        paint(styles::STRONG, &finding.message)
    );
    let mut snippets = Vec::new();
    if let Some(excerpt) = Excerpt::of(&finding.location, sources) {
        snippets.push(excerpt.snippet(AnnotationKind::Primary, finding.label.as_deref(), None));
    } else if let Some(label) = &finding.label {
        out += &format!("  {} {label}\n", paint(styles::GOOD, "="));
    }
    for related in &finding.related {
        match Excerpt::of(&related.location, sources) {
            Some(excerpt) => {
                let path = related.location.path.to_string();
                snippets.push(excerpt.snippet(AnnotationKind::Context, Some(&related.message), Some(path)));
            }
            None => {
                out += &format!(
                    "  {} {}: {}\n",
                    paint(styles::GOOD, "="),
                    related.location.path,
                    related.message
                );
            }
        }
    }
    if !snippets.is_empty() {
        let level = if finding.severity == Severity::Error { Level::ERROR } else { Level::WARNING };
        let group = Group::with_level(level).elements(snippets);
        out += &Renderer::styled().term_width(width).render(&[group]);
        out.push('\n');
    }
    if let Some(help) = &finding.help {
        out += &format!("  {} {help}\n", paint(styles::GOOD, "= help:"));
    }
    out.push('\n');
    out
}

/// One line of a file and the stretch of it that is meant.
struct Excerpt<'a> {
    line: &'a str,
    number: usize,
    range: Range<usize>,
}

impl<'a> Excerpt<'a> {
    fn of(location: &Location, sources: &'a BTreeMap<RelPath, String>) -> Option<Self> {
        let span = location.span?;
        let text = sources.get(&location.path)?;
        let line = text.split('\n').nth(span.line.checked_sub(1)? as usize)?.trim_end_matches('\r');
        let byte = |column: u32| {
            line.char_indices().nth((column as usize).saturating_sub(1)).map_or(line.len(), |(at, _)| at)
        };
        let start = byte(span.column);
        let end = if span.end_line == span.line { byte(span.end_column) } else { line.len() };
        Some(Self { line, number: span.line as usize, range: start..end.max(start) })
    }

    fn snippet(
        self,
        kind: AnnotationKind,
        label: Option<&str>,
        path: Option<String>,
    ) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let annotation = kind.span(self.range).label(label.map(str::to_owned));
        let snippet = Snippet::source(self.line).line_start(self.number).annotation(annotation);
        match path {
            Some(path) => snippet.path(path),
            None => snippet,
        }
    }
}
