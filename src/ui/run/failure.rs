//! The failure of one subproject, for people.

use crate::ui::styles::{self, paint};
use crate::ui::visible::visible;
use scalr_model::run::event::{RunReport, ServiceFailure};

/// How many of Compose's last lines are shown.
const OUTPUT_LINES: usize = 6;

pub(super) fn text(report: &RunReport) -> String {
    let Some(failure) = &report.failure else { return String::new() };
    let mut out = format!(
        "{} {}: {}\n",
        paint(styles::ERROR, report.outcome.as_str()),
        paint(styles::STRONG, visible(&report.app)),
        visible(&failure.message)
    );
    let before = failure.output.len().saturating_sub(OUTPUT_LINES);
    for line in failure.output.iter().skip(before).filter(|line| **line != failure.message) {
        out += &format!("  {}\n", paint(styles::FAINT, visible(line)));
    }
    for service in &failure.services {
        out += &blame(service);
    }
    out
}

fn blame(service: &ServiceFailure) -> String {
    let state = match service.exit_code {
        Some(code) => format!("{} with code {code}", service.state.as_str()),
        None => service.state.as_str().to_owned(),
    };
    let mut out = format!("  {} is {state}\n", paint(styles::NAME, visible(&service.service)));
    if let Some(health) = &service.health {
        let health = health.lines().map(|line| format!("    {}\n", visible(line))).collect::<String>();
        out += &format!("    {}\n{health}", paint(styles::FAINT, "its last word about its health:"));
    }
    if !service.log.is_empty() {
        out += &format!("    {}\n", paint(styles::FAINT, "the end of its log:"));
        out.extend(service.log.iter().map(|line| format!("    {}\n", visible(line))));
    }
    out
}
