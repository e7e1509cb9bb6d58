//! The checks of `scalr doctor` for people.

use super::Answer;
use super::findings;
use super::styles::{self, paint};
use super::visible::visible;
use scalr_model::doctor::{Check, CheckStatus, DoctorReport, Repair};

impl Answer for DoctorReport {
    const SCHEMA: &'static str = "scalr.doctor/1";

    /// Every check in a line, with its findings below it, then the repairs that were and that can be made.
    fn text(&self) -> String {
        let width = self.checks.iter().map(|check| check.check.len()).max().unwrap_or_default();
        let mut out: String = self.checks.iter().map(|check| in_lines(check, width)).collect();
        for repair in &self.repaired {
            out += &format!("{}  {repair}\n", paint(styles::GOOD, "repaired"));
        }
        let open: Vec<&Repair> = self.checks.iter().flat_map(|check| &check.repairs).collect();
        if !open.is_empty() {
            out += "\nscalr doctor --fix would:\n";
            out.extend(open.iter().map(|repair| format!("  {repair}\n")));
        }
        out
    }
}

/// `width` is that of the longest name of a check.
fn in_lines(check: &Check, width: usize) -> String {
    let (style, word) = match check.status {
        CheckStatus::Ok => (styles::GOOD, "ok"),
        CheckStatus::Warning => (styles::WARNING, "warning"),
        CheckStatus::Error => (styles::ERROR, "error"),
        CheckStatus::Skipped => (styles::FAINT, "skipped"),
    };
    let word = paint(style, format!("{word:<7}"));
    let mut out = format!("{word}  {:width$}  {}\n", check.check, visible(&check.summary));
    for line in check.findings.iter().map(findings::brief).collect::<String>().lines() {
        out += &format!("         {line}\n");
    }
    out
}
