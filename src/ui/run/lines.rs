//! Events as plain lines with the time: for a pipe, a log, a CI server.

use super::now;
use crate::ui::Printer;
use crate::ui::findings;
use crate::ui::visible::visible;
use scalr_model::run::event::Event;

pub(super) fn event(printer: &Printer, event: &Event) {
    let line =
        |app: &str, text: &str| printer.note(&format!("{} {}: {}", now(), visible(app), visible(text)));
    match event {
        Event::Begin { command, engine, apps } => {
            printer.note(&format!("{} {command} of {} on {}", now(), count(apps.len()), visible(engine)));
        }
        Event::Finding { finding } => printer.findings(&findings::brief(finding)),
        Event::Waiting { app, holder } => line(app, &format!("waiting for another scalr ({holder})")),
        Event::Start { app, reasons } if reasons.is_empty() => line(app, "begins"),
        Event::Start { app, reasons } => line(app, &format!("begins ({})", brief(reasons))),
        // Otherwise every layer of every image would be a line.
        Event::Step { app, text } => {
            printer.detail(&format!("{} {}: {}", now(), visible(app), visible(text)));
        }
        Event::Health { app, service, state } => line(app, &format!("{service} is {}", state.as_str())),
        Event::Finish(report) => line(&report.app, report.outcome.as_str()),
        Event::Interrupt { running } => {
            printer.note(&format!("{} {}", now(), interrupted(*running)));
        }
        Event::End { .. } => {}
    }
}

/// The first reasons.
pub(super) fn brief(reasons: &[String]) -> String {
    match reasons {
        [first] => first.clone(),
        [first, rest @ ..] => format!("{first}, and {} more", rest.len()),
        [] => String::new(),
    }
}

pub(super) fn count(number: usize) -> String {
    if number == 1 { "1 subproject".to_owned() } else { format!("{number} subprojects") }
}

pub(super) fn interrupted(running: usize) -> String {
    format!(
        "interrupted: nothing more is started; waiting for {}; Ctrl-C once more ends them",
        count(running)
    )
}
