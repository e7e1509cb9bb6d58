//! A spinner for longer waits.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Printer;

/// A spinner that disappears when it is dropped. In a pipe it is one plain line.
#[derive(Debug)]
pub(crate) struct Spinner(Option<ProgressBar>);

impl Spinner {
    /// Starts a spinner with this text.
    #[must_use]
    pub(crate) fn start(printer: &Printer, message: &str) -> Self {
        if !printer.draws_progress() {
            printer.note(message);
            return Self(None);
        }
        let bar = printer.bars().add(ProgressBar::new_spinner().with_message(message.to_owned()));
        bar.set_style(ProgressStyle::default_spinner());
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(Some(bar))
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
