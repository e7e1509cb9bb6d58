//! Findings in every format: one file a format, each a pure function from a report to text.

mod github;
mod human;
mod json;
mod junit;
mod sarif;

use std::collections::BTreeMap;

use scalr_model::diagnostics::{Counts, Finding};
use scalr_model::plan::FileEdit;
use scalr_model::rel_path::RelPath;

/// The result of one run of `validate`.
#[derive(Debug)]
pub struct ValidateReport<'a> {
    /// The findings, in order.
    pub findings: &'a [Finding],
    /// How many manifests were checked.
    pub manifests: usize,
    /// The texts of the files that findings point into.
    pub sources: &'a BTreeMap<RelPath, String>,
    /// The repairs that `--fix` has made.
    pub fixed: &'a [FileEdit],
}

impl ValidateReport<'_> {
    /// How many findings of each severity there are.
    #[must_use]
    pub(crate) fn counts(&self) -> Counts {
        Counts::of(self.findings)
    }
}

/// `2 errors and 1 warning`, `no findings`.
#[must_use]
pub(crate) fn in_words(Counts { errors, warnings }: Counts) -> String {
    match (errors, warnings) {
        (0, 0) => "no findings".to_owned(),
        (0, warnings) => count(warnings, "warning"),
        (errors, 0) => count(errors, "error"),
        (errors, warnings) => format!("{} and {}", count(errors, "error"), count(warnings, "warning")),
    }
}

/// `1 manifest`, `2 manifests`.
fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// A format of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people: the place, the line underlined, what to do
    Human,
    /// One JSON document, described by schemas/validate-report.schema.json
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// JUnit XML, for CI servers that show tests
    Junit,
}

/// The report in a format. `width` is the terminal's, for people.
#[must_use]
pub fn render(report: &ValidateReport<'_>, format: Format, width: usize) -> String {
    match format {
        Format::Human => human::render(report, width),
        Format::Json => json::render(report),
        Format::Sarif => sarif::render(report),
        Format::Github => github::render(report),
        Format::Junit => junit::render(report),
    }
}

/// Findings for people, without a summary, for other commands than `validate`.
#[must_use]
pub(crate) fn for_people(findings: &[Finding], sources: &BTreeMap<RelPath, String>, width: usize) -> String {
    let sources = human::Sources::new(sources);
    findings.iter().map(|finding| human::finding(finding, &sources, width)).collect()
}

/// A finding in two lines, for the middle of other output.
#[must_use]
pub(crate) fn brief(finding: &Finding) -> String {
    human::brief(finding)
}
