//! Lines of many logs in one stream, each after its origin.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Color, Style};
use serde::Serialize;

use crate::ui::styles::{self, paint};
use crate::ui::visible::{coloured, visible};
use scalr_model::run::log::{LogLine, LogOrigin, SCHEMA};

/// Colours that are distinguishable on dark and on light backgrounds.
const COLOURS: [AnsiColor; 10] = [
    AnsiColor::Cyan,
    AnsiColor::Yellow,
    AnsiColor::Green,
    AnsiColor::Magenta,
    AnsiColor::Blue,
    AnsiColor::BrightCyan,
    AnsiColor::BrightYellow,
    AnsiColor::BrightGreen,
    AnsiColor::BrightMagenta,
    AnsiColor::BrightBlue,
];

/// Whether lines show when they were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Times {
    Shown,
    Hidden,
}

/// Renders lines, and assigns a colour to each origin.
#[derive(Debug)]
pub(crate) struct LogText {
    times: Times,
    width: usize,
    styles: BTreeMap<(String, String), Style>,
}

/// One line of `--json`.
#[derive(Serialize)]
struct LogDocument<'a> {
    schema: &'static str,
    #[serde(flatten)]
    line: &'a LogLine,
}

impl LogText {
    /// With the names of these containers for the width.
    pub(crate) fn new<'a>(times: Times, origins: impl Iterator<Item = &'a LogOrigin>) -> Self {
        let width =
            origins.map(|origin| console::measure_text_width(&name(origin))).max().unwrap_or_default();
        Self { times, width, styles: BTreeMap::new() }
    }

    /// A line for people.
    pub(crate) fn line(&mut self, line: &LogLine) -> String {
        let name = name(&line.origin);
        // A new container may have a longer name.
        self.width = self.width.max(console::measure_text_width(&name));
        let gap = " ".repeat(self.width - console::measure_text_width(&name));
        let key = (line.origin.app.clone(), line.origin.service.clone());
        let next = COLOURS[self.styles.len() % COLOURS.len()];
        let style = *self.styles.entry(key).or_insert(Style::new().fg_color(Some(Color::Ansi(next))));
        let time = match self.times {
            Times::Shown => format!("{} ", paint(styles::FAINT, line.at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"))),
            Times::Hidden => String::new(),
        };
        format!("{}{gap} {} {time}{}\n", paint(style, &name), paint(style, "|"), coloured(&line.line))
    }

    /// A line for programs.
    #[must_use]
    pub(crate) fn json(line: &LogLine) -> String {
        serde_json::to_string(&LogDocument { schema: SCHEMA, line }).unwrap_or_default() + "\n"
    }
}

/// `crm backend`; where a service has several containers, the later ones with their number.
fn name(origin: &LogOrigin) -> String {
    let number = origin.container.rsplit('-').next().and_then(|number| number.parse::<u32>().ok());
    let name = format!("{} {}", visible(&origin.app), visible(&origin.service));
    match number {
        Some(number) if number > 1 => format!("{name}-{number}"),
        _ => name,
    }
}

/// The text without colours, as `--grep` looks at it.
#[must_use]
pub(crate) fn bare(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use scalr_model::run::log::LogStream;

    fn line(app: &str, container: &str, text: &str) -> LogLine {
        let origin = LogOrigin { app: app.into(), service: "web".into(), container: container.into() };
        let at = "2026-11-22T10:00:00.123456789Z".parse().unwrap();
        LogLine { at, origin: Arc::new(origin), stream: LogStream::Stdout, line: text.into() }
    }

    #[test]
    fn names_line_up_and_colours_stay() {
        let first = line("crm", "crm-web-1", "\u{1b}[31mred\u{1b}[2J");
        let mut text = LogText::new(Times::Hidden, [&*first.origin].into_iter());
        assert_eq!(bare(&text.line(&first)), "crm web | red\\u{1b}[2J\n");
        assert!(text.line(&first).contains("\u{1b}[31mred"));
        let mut lines = |one: &LogLine| bare(&text.line(one));
        assert_eq!(lines(&line("desk", "desk-web-2", "x")), "desk web-2 | x\n");
        assert_eq!(lines(&first), "crm web    | red\\u{1b}[2J\n");
        let mut text = LogText::new(Times::Shown, std::iter::empty());
        assert_eq!(bare(&text.line(&line("a", "odd", ""))), "a web | 2026-11-22T10:00:00.123Z \n");
    }

    #[test]
    fn a_program_gets_everything() {
        assert_eq!(
            LogText::json(&line("a", "a-web-1", "x\ty")),
            "{\"schema\":\"scalr.log/1\",\"at\":\"2026-11-22T10:00:00.123456789Z\",\"app\":\"a\",\"service\":\"web\",\
             \"container\":\"a-web-1\",\"stream\":\"stdout\",\"line\":\"x\\ty\"}\n"
        );
    }
}
