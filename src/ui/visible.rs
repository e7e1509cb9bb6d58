//! Escapes text from files for a terminal.

/// A text on one line without effects on a terminal: control characters, and those that change the
/// direction of writing, are escaped. Tabs stay.
#[must_use]
pub(crate) fn visible(text: &str) -> String {
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

/// The same for a line of a log, in which colours stay: the sequences that set them have no other effect on a
/// terminal (ECMA-48, SGR). They end with the line.
#[must_use]
pub(crate) fn coloured(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut painted) = (text, false);
    while let Some(at) = rest.find("\u{1b}[") {
        let parameters = &rest[at + 2..];
        let length = parameters.bytes().take_while(|byte| matches!(byte, b'0'..=b'9' | b';' | b':')).count();
        let (before, sequence) = rest.split_at(at);
        out += &visible(before);
        if parameters[length..].starts_with('m') {
            out += &sequence[..length + 3];
            rest = &sequence[length + 3..];
            painted = true;
        } else {
            out += &visible(&sequence[..2]);
            rest = parameters;
        }
    }
    out += &visible(rest);
    if painted {
        out += "\u{1b}[0m";
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
    use super::{coloured, visible};

    #[test]
    fn spells_out_what_a_terminal_would_obey() {
        assert_eq!(visible("a\u{1b}[31m\r\n\u{9b}b\u{202e}c"), "a\\u{1b}[31m\\r\\n\\u{9b}b\\u{202e}c");
        assert_eq!(visible("Zürich 漢字 🛒 عربى\t'\"\\"), "Zürich 漢字 🛒 عربى\t'\"\\");
    }

    #[test]
    fn keeps_the_colours_of_a_log_and_nothing_else() {
        assert_eq!(coloured("\u{1b}[1;31mred\u{1b}[0m"), "\u{1b}[1;31mred\u{1b}[0m\u{1b}[0m");
        assert_eq!(coloured("a\u{1b}[2Jb\u{1b}]0;x\u{7}\u{1b}["), "a\\u{1b}[2Jb\\u{1b}]0;x\\u{7}\\u{1b}[");
        assert_eq!(coloured("plain"), "plain");
    }
}
