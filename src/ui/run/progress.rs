//! Events drawn at a terminal: one line a subproject that is being worked on.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::lines::{brief, interrupted};
use crate::ui::Printer;
use crate::ui::findings;
use crate::ui::styles::{self, paint};
use crate::ui::visible::visible;
use scalr_model::run::event::{Event, RunOutcome, RunReport};

#[derive(Debug)]
pub(super) struct Progress {
    all: MultiProgress,
    bars: BTreeMap<String, ProgressBar>,
    width: usize,
}

impl Progress {
    pub(super) fn new(printer: &Printer) -> Self {
        Self { all: printer.bars().clone(), bars: BTreeMap::new(), width: 0 }
    }

    pub(super) fn event(&mut self, printer: &Printer, event: &Event) {
        match event {
            Event::Begin { apps, engine, .. } => {
                self.width = apps.iter().map(String::len).max().unwrap_or_default();
                self.all.suspend(|| printer.detail(&format!("engine {}", visible(engine))));
            }
            Event::Finding { finding } => self.all.suspend(|| printer.findings(&findings::brief(finding))),
            Event::Waiting { app, holder } => self.say(app, &format!("waiting for another scalr ({holder})")),
            Event::Start { app, reasons } => self.say(app, &brief(reasons)),
            Event::Step { app, text } => self.say(app, text),
            Event::Health { app, service, state } => {
                self.say(app, &format!("{service} is {}", state.as_str()));
            }
            Event::Finish(report) => self.finished(printer, report),
            Event::Interrupt { running } => {
                self.all.suspend(|| printer.note(&paint(styles::WARNING, interrupted(*running))));
            }
            Event::End { .. } => {}
        }
    }

    fn say(&mut self, app: &str, text: &str) {
        let width = self.width;
        let bar = self.bars.entry(app.to_owned()).or_insert_with(|| {
            let bar = self.all.add(ProgressBar::new_spinner().with_prefix(format!("{app:<width$}")));
            if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {elapsed:>4} {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        bar.set_message(visible(text.trim()));
    }

    fn finished(&mut self, printer: &Printer, report: &RunReport) {
        if let Some(bar) = self.bars.remove(&report.app) {
            bar.finish_and_clear();
            self.all.remove(&bar);
        }
        if report.outcome == RunOutcome::Unchanged {
            return;
        }
        let style = if report.outcome.is_well() { styles::GOOD } else { styles::ERROR };
        let width = self.width;
        let line = format!(
            "{:<width$} {} {:.1} s",
            visible(&report.app),
            paint(style, report.outcome.as_str()),
            report.seconds
        );
        self.all.suspend(|| printer.note(&line));
    }

    pub(super) fn finish(&self) {
        // A remaining bar would disturb the table.
        let _ = self.all.clear();
    }
}
