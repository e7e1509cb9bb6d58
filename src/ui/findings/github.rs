//! Workflow commands of GitHub Actions, which become annotations in a pull request.

use super::{ValidateReport, count, in_words};
use scalr_model::diagnostics::Finding;

pub(super) fn render(report: &ValidateReport<'_>) -> String {
    let mut out: String = report.findings.iter().map(annotation).collect();
    out += &format!(
        "scalr validate: {} checked, {}\n",
        count(report.manifests, "manifest"),
        in_words(report.counts())
    );
    out
}

fn annotation(finding: &Finding) -> String {
    let mut properties = format!("file={}", property(finding.location.path.as_str()));
    if let Some(span) = finding.location.span {
        properties += &format!(",line={},col={}", span.line, span.column);
        // A column range is only possible on one line.
        if span.end_line == span.line {
            properties += &format!(",endLine={},endColumn={}", span.end_line, span.end_column);
        }
    }
    let extra = [finding.label.as_deref(), finding.help.as_deref()].into_iter().flatten();
    let message = [finding.message.as_str()].into_iter().chain(extra).collect::<Vec<_>>().join("\n");
    let title = property(&format!("scalr {}", finding.code));
    format!("::{} {properties},title={title}::{}\n", finding.severity.as_str(), data(&message))
}

/// The escapes of a message, as @actions/core's `escapeData` writes them.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The escapes of a property, as @actions/core's `escapeProperty` writes them.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use scalr_model::codes::Code;
    use scalr_model::diagnostics::{Location, Span};
    use scalr_model::rel_path::RelPath;

    #[test]
    fn escapes_what_the_runner_would_take_for_syntax() {
        let path = RelPath::new("apps/a,b:c/x.yml").unwrap();
        let finding =
            Finding::new(Code::SchemaType, Location::at(&path, Span::on_line(3, 5, 2)), "100%\nbad")
                .help("do");
        assert_eq!(
            annotation(&finding),
            "::error file=apps/a%2Cb%3Ac/x.yml,line=3,col=5,endLine=3,endColumn=7,title=scalr schema-type::100%25%0Abad%0Ado\n"
        );
    }
}
