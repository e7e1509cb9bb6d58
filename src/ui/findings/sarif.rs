//! SARIF 2.1.0 (OASIS), for code scanning: rules from the table of codes, results with regions.

use serde_json::{Value, json};

use super::ValidateReport;
use scalr_model::codes::Code;
use scalr_model::diagnostics::{Finding, Location, Severity};

pub(super) fn render(report: &ValidateReport<'_>) -> String {
    let rules: Vec<Value> = Code::ALL.iter().map(|code| rule(*code)).collect();
    let results: Vec<Value> = report.findings.iter().map(result).collect();
    let document = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "scalr",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "ROOT": { "description": { "text": "The repository's root." } } },
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

fn rule(code: Code) -> Value {
    let explanation = code.explanation();
    json!({
        "id": explanation.name,
        "shortDescription": { "text": explanation.summary },
        "fullDescription": { "text": explanation.detail },
        "help": { "text": format!("scalr explain {}", explanation.name) },
        "defaultConfiguration": { "level": level(explanation.severity) },
    })
}

fn result(finding: &Finding) -> Value {
    let extra = [finding.label.as_deref(), finding.help.as_deref()].into_iter().flatten();
    let text = [finding.message.as_str()].into_iter().chain(extra).collect::<Vec<_>>().join("; ");
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": Code::ALL.iter().position(|code| *code == finding.code),
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [{ "physicalLocation": physical(&finding.location) }],
    });
    if !finding.related.is_empty() {
        let related = finding.related.iter().map(|related| {
            json!({ "physicalLocation": physical(&related.location), "message": { "text": related.message } })
        });
        result["relatedLocations"] = related.collect();
    }
    result
}

fn physical(location: &Location) -> Value {
    let mut value =
        json!({ "artifactLocation": { "uri": uri(location.path.as_str()), "uriBaseId": "ROOT" } });
    if let Some(span) = location.span {
        value["region"] = json!({
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        });
    }
    value
}

fn level(severity: Severity) -> &'static str {
    severity.as_str()
}

/// A path as a relative URI reference (RFC 3986): everything but unreserved characters and `/` is
/// percent-encoded.
fn uri(path: &str) -> String {
    if path.is_empty() {
        return ".".to_owned();
    }
    path.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
