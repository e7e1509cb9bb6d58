//! The two output streams, and the verbosity.

use std::io::{self, IsTerminal};
use std::ops::ControlFlow;

use anstream::adapter::strip_str;
use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use indicatif::MultiProgress;
use serde::Serialize;

use super::answer::{Answer, AnswerDocument};
use super::styles::{self, paint};

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    /// At a terminal, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}

/// What is printed to stderr besides errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Errors only.
    Quiet,
    /// Notes, too.
    Normal,
    /// Details for debugging, too.
    Verbose,
}

/// Writes to the output streams.
#[derive(Debug, Clone)]
pub(crate) struct Printer {
    colour: ColorChoice,
    verbosity: Verbosity,
    json: bool,
    bars: MultiProgress,
}

impl Printer {
    /// A printer for this process's own streams.
    #[must_use]
    pub(crate) fn new(colour: Colour, verbosity: Verbosity, json: bool) -> Self {
        let colour = match colour {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        };
        Self { colour, verbosity, json, bars: MultiProgress::new() }
    }

    /// Whether the result is one JSON document.
    #[must_use]
    pub(crate) fn json(&self) -> bool {
        self.json
    }

    /// Whether scalr can ask questions: input and the prompts' stream are both terminals.
    #[must_use]
    pub(crate) fn interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal() && !self.json
    }

    /// Whether stdout is a terminal.
    #[must_use]
    pub(crate) fn out_is_terminal() -> bool {
        io::stdout().is_terminal()
    }

    /// Whether a child with these streams can have a terminal.
    #[must_use]
    pub(crate) fn both_are_terminals() -> bool {
        io::stdin().is_terminal() && io::stdout().is_terminal()
    }

    /// Prints a result in the requested form.
    pub(crate) fn show(&self, answer: &impl Answer) -> io::Result<()> {
        if self.json {
            return self.document(&AnswerDocument::new(answer));
        }
        self.answer(&answer.text())?;
        for note in answer.notes() {
            self.note(&note);
        }
        Ok(())
    }

    /// Prints an answer once more: one JSON document a line, or at a terminal in the place of the one before.
    pub(crate) fn show_again(&self, answer: &impl Answer) -> io::Result<()> {
        if self.json {
            return self.line(&AnswerDocument::new(answer));
        }
        if Self::out_is_terminal() {
            console::Term::stdout().clear_screen()?;
        }
        self.answer(&answer.text())
    }

    /// Prints the result. A closed pipe (`| head`) is no error.
    pub(crate) fn answer(&self, text: &str) -> io::Result<()> {
        ignore_broken_pipe(self.write(io::stdout().lock(), text))
    }

    /// Prints a part of a stream; the error says that the reader has closed it.
    pub(crate) fn part(&self, text: &str) -> io::Result<ControlFlow<()>> {
        match self.write(io::stdout().lock(), text) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
            written => written.map(ControlFlow::Continue),
        }
    }

    /// Prints the result as one JSON document.
    pub(crate) fn document(&self, value: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(value)?;
        text.push('\n');
        self.answer(&text)
    }

    /// Prints one document of many, on a separate line.
    pub(crate) fn line(&self, value: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_string(value)?;
        text.push('\n');
        self.answer(&text)
    }

    /// Prints a note to stderr.
    pub(crate) fn note(&self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.tell(text);
        }
    }

    /// Prints a note to stderr with `--verbose`.
    pub(crate) fn detail(&self, text: &str) {
        if self.verbosity >= Verbosity::Verbose {
            self.tell(&paint(styles::FAINT, text));
        }
    }

    /// Prints a line about what is done to stderr, above the progress that is drawn.
    pub(super) fn trace(&self, text: &str) {
        let line = || self.tell(&paint(styles::FAINT, text));
        if self.draws_progress() { self.bars.suspend(line) } else { line() }
    }

    /// What draws progress: all of it, so that a line does not run into a part of it.
    pub(super) fn bars(&self) -> &MultiProgress {
        &self.bars
    }

    /// Prints a text of several lines to stderr, at any verbosity.
    pub(crate) fn tell_all(&self, text: &str) {
        self.tell(text.trim_end());
    }

    /// Prints the findings of an error.
    pub(crate) fn findings(&self, text: &str) {
        self.tell(text.trim_end());
        self.tell("");
    }

    /// Prints an error with its hints.
    pub(crate) fn error(&self, message: &str, hints: &[String]) {
        self.error_with_causes(message, &[], hints);
    }

    /// Prints an error, with `--verbose` its causes, and its hints.
    pub(crate) fn error_with_causes(&self, message: &str, causes: &[String], hints: &[String]) {
        self.tell(&format!("{}: {message}", paint(styles::ERROR, "error")));
        for cause in causes {
            self.detail(&format!("caused by: {cause}"));
        }
        for hint in hints {
            self.tell(&format!("  {} {hint}", paint(styles::GOOD, "=")));
        }
    }

    fn tell(&self, text: &str) {
        // A closed stderr can't be reported anywhere.
        let _ = self.write(io::stderr().lock(), &format!("{text}\n"));
    }

    /// Writes in one system call. `AutoStream` as a writer would use one for each piece between two colours.
    fn write(&self, mut stream: impl RawStream, text: &str) -> io::Result<()> {
        let colour = match self.colour {
            ColorChoice::Auto => AutoStream::choice(&stream),
            chosen => chosen,
        };
        match colour {
            ColorChoice::Never => stream.write_all(strip_str(text).to_string().as_bytes())?,
            _ => stream.write_all(text.as_bytes())?,
        }
        stream.flush()
    }

    /// Whether progress may be drawn.
    #[must_use]
    pub(crate) fn draws_progress(&self) -> bool {
        self.verbosity >= Verbosity::Normal && io::stderr().is_terminal() && !self.json
    }
}

fn ignore_broken_pipe(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// The maximum width of a text for people, in columns.
#[must_use]
pub(crate) fn width() -> usize {
    console::Term::stdout().size_checked().map_or(120, |(_, columns)| usize::from(columns).max(60))
}
