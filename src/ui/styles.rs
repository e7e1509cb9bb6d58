//! The few styles that scalr uses.

use std::fmt::Display;

use anstyle::{AnsiColor, Color, Style};

const fn colour(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(colour)))
}

/// Errors.
pub(crate) const ERROR: Style = colour(AnsiColor::Red).bold();
/// Warnings.
pub(crate) const WARNING: Style = colour(AnsiColor::Yellow).bold();
/// What went well.
pub(crate) const GOOD: Style = colour(AnsiColor::Green).bold();
/// Names.
pub(crate) const NAME: Style = colour(AnsiColor::Cyan);
/// Emphasized text.
pub(crate) const STRONG: Style = Style::new().bold();
/// De-emphasized text.
pub(crate) const FAINT: Style = Style::new().dimmed();

/// A text in a style. The stream strips colours if necessary.
pub(crate) fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}
