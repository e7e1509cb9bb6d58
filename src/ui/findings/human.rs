//! Findings for people. The first line is `path:line:col: severity[code]: message`, which terminals
//! make clickable; the source line follows, underlined by annotate-snippets.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{ValidateReport, count, in_words};
use crate::ui::styles::{self, paint};
use crate::ui::visible::visible;
use scalr_model::diagnostics::{Finding, Location, Related, Severity, Span};
use scalr_model::rel_path::RelPath;

pub(super) fn render(report: &ValidateReport<'_>, width: usize) -> String {
    let mut out = super::for_people(report.findings, report.sources, width);
    for edit in report.fixed {
        for fix in &edit.fixes {
            out += &format!("{}: {}\n", paint(styles::GOOD, "fixed"), visible(&fix.to_string()));
        }
    }
    out += &summary(report);
    out
}

fn summary(report: &ValidateReport<'_>) -> String {
    let counts = report.counts();
    let outcome = if counts.errors == 0 { paint(styles::GOOD, "ok") } else { paint(styles::ERROR, "failed") };
    let checked = count(report.manifests, "manifest");
    let fixable = report.findings.iter().filter(|finding| finding.fix.is_some()).count();
    let mut text = format!("{outcome}: {checked} checked, {}\n", in_words(counts));
    if fixable > 0 {
        text += &format!("{} can be repaired by `scalr validate --fix`\n", count(fixable, "finding"));
    }
    text
}

/// The lines of the files that findings point into, found once for all of them.
pub(super) struct Sources<'a>(BTreeMap<&'a RelPath, Vec<&'a str>>);

impl<'a> Sources<'a> {
    pub(super) fn new(texts: &'a BTreeMap<RelPath, String>) -> Self {
        let lines = |text: &'a String| text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
        Self(texts.iter().map(|(path, text)| (path, lines(text))).collect())
    }
}

pub(super) fn finding(finding: &Finding, sources: &Sources<'_>, width: usize) -> String {
    let style = match finding.severity {
        Severity::Error => styles::ERROR,
        Severity::Warning => styles::WARNING,
    };
    let severity = paint(style, format!("{}[{}]", finding.severity.as_str(), finding.code));
    let mut out = format!(
        "{}: {severity}: {}\n",
        paint(styles::STRONG, place(&finding.location)),
        paint(styles::STRONG, visible(&finding.message))
    );
    let label = finding.label.as_deref().map(visible);
    let mut snippets = Vec::new();
    if let Some(excerpt) = Excerpt::of(&finding.location, sources) {
        snippets.push(excerpt.snippet(AnnotationKind::Primary, label, None));
    } else if let Some(label) = label {
        out += &format!("  {} {label}\n", paint(styles::GOOD, "="));
    }
    for Related { location, message } in &finding.related {
        let message = visible(message);
        match Excerpt::of(location, sources) {
            // The place is computed from the excerpt, which must then be the whole line.
            Some(excerpt) if excerpt.whole => {
                let path = visible(location.path.shown());
                snippets.push(excerpt.snippet(AnnotationKind::Context, Some(message), Some(path)));
            }
            Some(_) => out += &format!("  {} {}: {message}\n", paint(styles::GOOD, "="), place(location)),
            None => {
                let path = visible(location.path.shown());
                out += &format!("  {} {path}: {message}\n", paint(styles::GOOD, "="));
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
        out += &format!("  {} {}\n", paint(styles::GOOD, "= help:"), visible(help));
    }
    out.push('\n');
    out
}

pub(super) fn brief(finding: &Finding) -> String {
    let style = match finding.severity {
        Severity::Error => styles::ERROR,
        Severity::Warning => styles::WARNING,
    };
    let severity = paint(style, format!("{}[{}]", finding.severity.as_str(), finding.code));
    let path = match finding.location.path.as_str() {
        "" => String::new(),
        path => format!("{}: ", visible(path)),
    };
    let mut out = format!("{severity}: {path}{}\n", visible(&finding.message));
    if let Some(help) = &finding.help {
        out += &format!("  {} {}\n", paint(styles::GOOD, "= help:"), visible(help));
    }
    out
}

/// `FILE:LINE:COLUMN`
fn place(location: &Location) -> String {
    let Span { line, column, .. } = location.span.unwrap_or(Span::START);
    format!("{}:{line}:{column}", visible(location.path.shown()))
}

/// One line of a file and the underlined part of it.
struct Excerpt {
    line: String,
    number: usize,
    range: Range<usize>,
    whole: bool,
}

/// Of a longer line only this many characters before and after the beginning of the underlined part are
/// shown: no terminal has room for more, and its layout costs time.
const AROUND: usize = 300;

impl Excerpt {
    fn of(location: &Location, sources: &Sources<'_>) -> Option<Self> {
        // A finding at the beginning of a file is about the file as a whole.
        let span = location.span.filter(|span| *span != Span::START)?;
        let line = *sources.0.get(&location.path)?.get(span.line.checked_sub(1)? as usize)?;
        let byte =
            |text: &str, column: usize| text.char_indices().nth(column).map_or(text.len(), |(at, _)| at);
        let column = (span.column as usize).saturating_sub(1);
        let length = if span.end_line == span.line {
            (span.end_column as usize).saturating_sub(1).saturating_sub(column)
        } else {
            usize::MAX
        };
        let first = column.saturating_sub(AROUND);
        let cut = &line[byte(line, first)..];
        let kept = &cut[..byte(cut, column - first + AROUND)];
        let (before, after) =
            (if first > 0 { "…" } else { "" }, if kept.len() < cut.len() { "…" } else { "" });
        let start = before.len() + byte(kept, column - first);
        let end = before.len() + byte(kept, (column - first).saturating_add(length));
        Some(Self {
            line: format!("{before}{kept}{after}"),
            number: span.line as usize,
            range: start..end.max(start),
            whole: kept.len() == line.len(),
        })
    }

    fn snippet(
        self,
        kind: AnnotationKind,
        label: Option<String>,
        path: Option<String>,
    ) -> Snippet<'static, annotate_snippets::Annotation<'static>> {
        let annotation = kind.span(self.range).label(label);
        let snippet = Snippet::source(self.line).line_start(self.number).annotation(annotation);
        match path {
            Some(path) => snippet.path(path),
            None => snippet,
        }
    }
}
