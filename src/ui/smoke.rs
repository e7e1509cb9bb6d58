//! The results of smoke tests: a table, then the output of those that did not pass.

use super::Answer;
use super::styles::{self, paint};
use super::table::table;
use super::visible::visible;
use scalr_model::run::smoke::{SCRIPT, SmokeOutcome, SmokeReport, SmokeSummary};

impl Answer for SmokeSummary {
    const SCHEMA: &'static str = "scalr.smoke/1";

    fn text(&self) -> String {
        if self.apps.is_empty() {
            return String::new();
        }
        let rows: Vec<_> = self.apps.iter().map(row).collect();
        let mut out = table(&["APP", "SMOKE TEST", "TOOK"], &rows);
        out.extend(self.apps.iter().filter(|report| !report.outcome.is_well()).map(failure));
        out
    }
}

fn row(report: &SmokeReport) -> Vec<String> {
    let took = match report.outcome {
        SmokeOutcome::Missing => String::new(),
        _ => format!("{:.1} s", report.seconds),
    };
    vec![visible(&report.app), report.outcome.as_str().to_owned(), took]
}

fn failure(report: &SmokeReport) -> String {
    let code = report.exit_code.map(|code| format!(" with exit code {code}")).unwrap_or_default();
    let title = format!("{} {}{code}", visible(&report.app), report.outcome.as_str());
    let output: String = report.output.iter().map(|line| format!("  {}\n", visible(line))).collect();
    let script = report.path.join(SCRIPT);
    format!("\n{}\n{output}  = {script} runs it alone\n", paint(styles::ERROR, title))
}
