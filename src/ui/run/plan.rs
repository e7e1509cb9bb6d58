//! A plan of `scalr up` for people.

use crate::ui::findings;
use crate::ui::styles::{self, paint};
use crate::ui::visible::visible;
use scalr_model::diagnostics::Severity;
use scalr_model::run::plan::{PlanDocument, PlannedAction, PlannedApp};

/// The maximum number of reasons of each subproject.
const REASONS: usize = 5;

/// The plan, one subproject after the other, then the findings.
#[must_use]
pub(crate) fn text(plan: &PlanDocument<'_>) -> String {
    let width = plan.apps.iter().map(|step| step.app.len()).max().unwrap_or_default();
    let mut out = format!("{} {}\n", paint(styles::FAINT, "engine"), visible(plan.engine));
    for network in plan.networks {
        out += &format!("{} the network {network}\n", paint(styles::GOOD, "make"));
    }
    out.extend(plan.apps.iter().map(|step| line(step, width)));
    if plan.apps.iter().all(|step| step.action == PlannedAction::Skip) {
        out += "nothing to do\n";
    }
    if !plan.findings.is_empty() {
        out.push('\n');
        out.extend(plan.findings.iter().map(findings::brief));
    }
    if plan.findings.iter().any(|finding| finding.severity == Severity::Error) {
        out += "\nscalr explain CODE tells more about each\n";
    }
    out
}

fn line(step: &PlannedApp<'_>, width: usize) -> String {
    let (style, word) = match step.action {
        PlannedAction::Skip => (styles::FAINT, "skip"),
        PlannedAction::Up if step.build => (styles::GOOD, "build and start"),
        PlannedAction::Up => (styles::GOOD, "start"),
        PlannedAction::Refuse => (styles::ERROR, "can't start"),
    };
    let waits = match step.waits_for[..] {
        [] => String::new(),
        _ if step.action == PlannedAction::Skip => String::new(),
        _ => paint(styles::FAINT, format!(" behind {}", step.waits_for.join(", "))),
    };
    let mut out = format!("{:<width$}  {}{waits}\n", visible(step.app), paint(style, word));
    for reason in step.reasons.iter().take(REASONS) {
        out += &format!("{:width$}    {}\n", "", visible(reason));
    }
    if step.reasons.len() > REASONS {
        out += &format!("{:width$}    and {} more reasons\n", "", step.reasons.len() - REASONS);
    }
    out
}
