//! JUnit XML as CI servers read it: one test case a file, a failure an error.

use std::collections::BTreeMap;

use super::{ValidateReport, count};
use scalr_model::diagnostics::{Finding, Severity, Span};
use scalr_model::manifest;

pub(super) fn render(report: &ValidateReport<'_>) -> String {
    let mut files: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings {
        files.entry(finding.location.path.as_str()).or_default().push(finding);
    }
    let failed =
        files.values().filter(|findings| findings.iter().any(|f| f.severity == Severity::Error)).count();
    let manifests = files.keys().filter(|path| path.ends_with(manifest::FILE_NAME)).count();
    let clean = report.manifests.saturating_sub(manifests);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let tests = files.len() + usize::from(clean > 0 || files.is_empty());
    let counts = format!("tests=\"{tests}\" failures=\"{failed}\" errors=\"0\" skipped=\"0\"");
    out += &format!(
        "<testsuites name=\"scalr validate\" {counts}>\n  <testsuite name=\"manifests\" {counts}>\n"
    );
    if clean > 0 || files.is_empty() {
        let name = format!("{} without a finding", count(clean, "manifest"));
        out += &format!("    <testcase classname=\"manifests\" name=\"{name}\"/>\n");
    }
    for (path, findings) in files {
        let path = if path.is_empty() { "." } else { path };
        out += &format!("    <testcase classname=\"manifests\" name=\"{0}\" file=\"{0}\">\n", escape(path));
        let (errors, warnings): (Vec<&Finding>, Vec<&Finding>) =
            findings.iter().copied().partition(|f| f.severity == Severity::Error);
        // A test case has one failure; its text holds all of them.
        if let Some(first) = errors.first() {
            let text: String = errors.iter().map(|finding| line(finding)).collect();
            let (kind, message) = (first.code, escape(&first.message));
            out += &format!(
                "      <failure type=\"{kind}\" message=\"{message}\">{}</failure>\n",
                escape(&text)
            );
        }
        if !warnings.is_empty() {
            let text: String = warnings.iter().map(|finding| line(finding)).collect();
            out += &format!("      <system-out>{}</system-out>\n", escape(&text));
        }
        out += "    </testcase>\n";
    }
    out + "  </testsuite>\n</testsuites>\n"
}

fn line(finding: &Finding) -> String {
    let Span { line, column, .. } = finding.location.span.unwrap_or(Span::START);
    let severity = finding.severity.as_str();
    let mut text = format!(
        "{}:{line}:{column}: {severity}[{}]: {}\n",
        finding.location.path, finding.code, finding.message
    );
    for more in [&finding.label, &finding.help].into_iter().flatten() {
        text += &format!("  {more}\n");
    }
    text
}

/// The escapes of XML 1.0; characters that it can't hold become U+FFFD.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
