//! Text out of files, as it may go to a terminal.

/// A text on one line that does nothing to a terminal: control characters, and those that turn the
/// direction of writing, are spelled out. Tabs stay.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if (c.is_control() && c != '\t') || turns_direction(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// The overrides and isolates of Unicode's bidirectional algorithm (UAX #9): right-to-left scripts
/// need none of them, and a text can hide behind them.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn spells_out_what_a_terminal_would_obey() {
        assert_eq!(visible("a\u{1b}[31m\r\n\u{9b}b\u{202e}c"), "a\\u{1b}[31m\\r\\n\\u{9b}b\\u{202e}c");
        assert_eq!(visible("Zürich 漢字 🛒 عربى\t'\"\\"), "Zürich 漢字 🛒 عربى\t'\"\\");
    }
}
