//! Output of runs: the plan, the events, and the results.

mod failure;
mod lines;
mod logs;
mod plan;
mod progress;
mod ps;

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::Printer;
use super::styles::{self, paint};
use super::table::table;
use super::visible::visible;
use scalr_model::run::event::{Event, RunOutcome, RunReport, SCHEMA};

pub(crate) use logs::{LogText, Times, bare};
pub(crate) use plan::text as plan_text;

/// Shows events: drawn at a terminal, as plain lines with the time in a pipe, or as one JSON object a
/// line on standard output.
#[derive(Debug)]
pub(crate) struct Reporter<'a> {
    printer: &'a Printer,
    mode: Mutex<ReporterMode>,
}

#[derive(Debug)]
enum ReporterMode {
    Json,
    Drawn(progress::Progress),
    Lines,
}

/// One line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    at: String,
    #[serde(flatten)]
    event: &'a Event,
}

impl<'a> Reporter<'a> {
    /// For this process's streams.
    #[must_use]
    pub(crate) fn new(printer: &'a Printer) -> Self {
        let mode = if printer.json() {
            ReporterMode::Json
        } else if printer.draws_progress() {
            ReporterMode::Drawn(progress::Progress::new(printer))
        } else {
            ReporterMode::Lines
        };
        Self { printer, mode: Mutex::new(mode) }
    }

    /// Shows one event.
    pub(crate) fn event(&self, event: &Event) {
        match &mut *self.mode() {
            ReporterMode::Json => self.json(event),
            ReporterMode::Drawn(progress) => progress.event(self.printer, event),
            ReporterMode::Lines => lines::event(self.printer, event),
        }
    }

    fn mode(&self) -> MutexGuard<'_, ReporterMode> {
        self.mode.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn json(&self, event: &Event) {
        let line = Line { schema: SCHEMA, at: now(), event };
        if let Ok(mut text) = serde_json::to_string(&line) {
            text.push('\n');
            // A closed stream can't show an error either.
            let _ = self.printer.answer(&text);
        }
    }

    /// Shows the results: the table, then the failures with the next commands.
    pub(crate) fn end(
        &self,
        printer: &Printer,
        reports: &[RunReport],
        ok: bool,
        seconds: f64,
    ) -> io::Result<()> {
        if let ReporterMode::Drawn(progress) = &*self.mode() {
            progress.finish();
        }
        if printer.json() {
            self.json(&Event::End { ok, seconds });
            return Ok(());
        }
        let rows: Vec<Vec<String>> = reports.iter().map(row).collect();
        if !rows.is_empty() {
            printer.answer(&table(&["APP", "STATE", "TOOK", "URL"], &rows))?;
        }
        let failed: Vec<&RunReport> = reports.iter().filter(|report| !report.outcome.is_well()).collect();
        for report in &failed {
            printer.tell_all(&failure::text(report));
        }
        if failed.is_empty() {
            printer.note(&format!("{} in {seconds:.1} s", paint(styles::GOOD, "done")));
        } else {
            let message = format!("{} of {} did not end as they should", failed.len(), reports.len());
            let hints: Vec<String> =
                failed.iter().filter_map(|report| report.failure.as_ref()?.hint.clone()).collect();
            printer.error(&message, &hints);
        }
        Ok(())
    }
}

fn row(report: &RunReport) -> Vec<String> {
    let style = match report.outcome {
        RunOutcome::Unchanged => styles::FAINT,
        outcome if outcome.is_well() => styles::GOOD,
        _ => styles::ERROR,
    };
    let took = if report.outcome == RunOutcome::Unchanged {
        String::new()
    } else {
        format!("{:.1} s", report.seconds)
    };
    vec![
        visible(&report.app),
        paint(style, report.outcome.as_str()),
        took,
        report.url.clone().unwrap_or_default(),
    ]
}

/// The time now, in RFC 3339.
fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
