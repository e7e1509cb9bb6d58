//! The checks of `scalr doctor` for people.

use crate::ui::findings;
use crate::ui::styles::{self, paint};
use crate::ui::visible::visible;
use scalr_model::doctor::{Check, CheckStatus, Repair};

/// Every check in a line, with its findings below it, then the repairs that were and that can be made.
#[must_use]
pub fn text(checks: &[Check], repaired: &[Repair]) -> String {
    let width = checks.iter().map(|check| check.check.len()).max().unwrap_or_default();
    let mut out = String::new();
    for check in checks {
        let (style, word) = match check.status {
            CheckStatus::Ok => (styles::GOOD, "ok"),
            CheckStatus::Warning => (styles::WARNING, "warning"),
            CheckStatus::Error => (styles::ERROR, "error"),
            CheckStatus::Skipped => (styles::FAINT, "skipped"),
        };
        let word = paint(style, format!("{word:<7}"));
        out += &format!("{word}  {:width$}  {}\n", check.check, visible(&check.summary));
        for line in check.findings.iter().map(findings::brief).collect::<String>().lines() {
            out += &format!("         {line}\n");
        }
    }
    for repair in repaired {
        out += &format!("{}  {repair}\n", paint(styles::GOOD, "repaired"));
    }
    let open: Vec<&Repair> = checks.iter().flat_map(|check| &check.repairs).collect();
    if !open.is_empty() {
        out += "\nscalr doctor --fix would:\n";
        out.extend(open.iter().map(|repair| format!("  {repair}\n")));
    }
    out
}
