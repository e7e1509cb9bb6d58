//! The two streams, and how much goes to them.

use std::io::{self, IsTerminal};
use std::ops::ControlFlow;

use anstream::adapter::strip_str;
use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use serde::Serialize;

use super::answer::{Answer, Document};
use super::styles::{self, paint};

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// At a terminal, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}

/// How much goes to stderr besides errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// What a person wants to know.
    Normal,
    /// Also what a person who looks for a mistake wants to know.
    Verbose,
}

/// Where text leaves the program.
#[derive(Debug)]
pub struct Printer {
    colour: ColorChoice,
    verbosity: Verbosity,
    json: bool,
}

impl Printer {
    /// A printer for this process's own streams.
    #[must_use]
    pub fn new(colour: Colour, verbosity: Verbosity, json: bool) -> Self {
        let colour = match colour {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        };
        Self { colour, verbosity, json }
    }

    /// Whether the answer is one JSON document.
    #[must_use]
    pub fn json(&self) -> bool {
        self.json
    }

    /// Whether a person can be asked: input and the stream of the prompts are both terminals.
    #[must_use]
    pub fn interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal() && !self.json
    }

    /// Whether the answer goes to a terminal.
    #[must_use]
    pub fn out_is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Whether a child that gets our streams can have a terminal.
    #[must_use]
    pub fn both_are_terminals(&self) -> bool {
        io::stdin().is_terminal() && io::stdout().is_terminal()
    }

    /// Prints an answer in the form that was asked for.
    pub fn show(&self, answer: &impl Answer) -> io::Result<()> {
        if self.json {
            return self.document(&Document::new(answer));
        }
        self.answer(&answer.text())?;
        for note in answer.notes() {
            self.note(&note);
        }
        Ok(())
    }

    /// Prints the answer. A reader that has gone away (`| head`) is no error.
    pub fn answer(&self, text: &str) -> io::Result<()> {
        ignore_broken_pipe(self.write(io::stdout().lock(), text))
    }

    /// Prints a part of an answer that goes on for as long as somebody reads it.
    pub fn part(&self, text: &str) -> io::Result<ControlFlow<()>> {
        match self.write(io::stdout().lock(), text) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
            written => written.map(ControlFlow::Continue),
        }
    }

    /// Prints the answer as one JSON document.
    pub fn document(&self, value: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(value)?;
        text.push('\n');
        self.answer(&text)
    }

    /// Prints one document of many, on a line of its own.
    pub fn line(&self, value: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_string(value)?;
        text.push('\n');
        self.answer(&text)
    }

    /// Prints the answer in the place of the one before, at a terminal.
    pub fn screen(&self, text: &str) -> io::Result<()> {
        if self.out_is_terminal() {
            console::Term::stdout().clear_screen()?;
        }
        self.answer(text)
    }

    /// Tells a person something that is not the answer.
    pub fn note(&self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.tell(text);
        }
    }

    /// Tells what only somebody who looks for a mistake wants to know.
    pub fn detail(&self, text: &str) {
        if self.verbosity >= Verbosity::Verbose {
            self.tell(&paint(styles::FAINT, text));
        }
    }

    /// Tells a text of several lines that is not the answer, whatever the verbosity.
    pub fn tell_all(&self, text: &str) {
        self.tell(text.trim_end());
    }

    /// Tells the findings that an error is about.
    pub fn findings(&self, text: &str) {
        self.tell(text.trim_end());
        self.tell("");
    }

    /// Tells an error with what to do next.
    pub fn error(&self, message: &str, hints: &[String]) {
        self.error_with_causes(message, &[], hints);
    }

    /// Tells an error, with `--verbose` the errors behind it, and what to do next.
    pub fn error_with_causes(&self, message: &str, causes: &[String], hints: &[String]) {
        self.tell(&format!("{}: {message}", paint(styles::ERROR, "error")));
        for cause in causes {
            self.detail(&format!("caused by: {cause}"));
        }
        for hint in hints {
            self.tell(&format!("  {} {hint}", paint(styles::GOOD, "=")));
        }
    }

    fn tell(&self, text: &str) {
        // There is nowhere left to report that stderr is gone.
        let _ = self.write(io::stderr().lock(), &format!("{text}\n"));
    }

    /// Writes in one piece. `AutoStream` as a writer would make a system call of each piece between two colours.
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
    pub fn draws_progress(&self) -> bool {
        self.verbosity >= Verbosity::Normal && io::stderr().is_terminal() && !self.json
    }
}

fn ignore_broken_pipe(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// How many columns a text for people may have.
#[must_use]
pub fn width() -> usize {
    console::Term::stdout().size_checked().map_or(120, |(_, columns)| usize::from(columns).max(60))
}
