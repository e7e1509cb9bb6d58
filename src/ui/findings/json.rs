//! The JSON document of `validate --format json`, described by schemas/validate-report.schema.json.

use serde::Serialize;

use super::ValidateReport;
use scalr_model::diagnostics::{Counts, Finding};
use scalr_model::plan::FileEdit;

/// The version of the document.
const SCHEMA: &str = "scalr.validate/1";

#[derive(Serialize)]
struct ValidateDocument<'a> {
    schema: &'static str,
    ok: bool,
    manifests: usize,
    #[serde(flatten)]
    counts: Counts,
    findings: &'a [Finding],
    fixed: &'a [FileEdit],
}

pub(super) fn render(report: &ValidateReport<'_>) -> String {
    let counts = report.counts();
    let document = ValidateDocument {
        schema: SCHEMA,
        ok: counts.errors == 0,
        manifests: report.manifests,
        counts,
        findings: report.findings,
        fixed: report.fixed,
    };
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}
