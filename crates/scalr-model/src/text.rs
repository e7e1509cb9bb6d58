//! Free text: names and descriptions of apps.

/// Why a text can't be written to an app's files. Each message completes "the name …".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// More bytes than [`MAX_BYTES`].
    #[error("has {0} bytes; at most {MAX_BYTES} fit")]
    TooLong(usize),
    /// A control character, which HTML, Markdown and the environment of a process can't hold.
    #[error("holds the control character U+{:04X} at character {at}; only tab and line breaks are possible", *.found as u32)]
    Control {
        /// The character.
        found: char,
        /// Its position, counted in characters from 1.
        at: usize,
    },
}

/// The most bytes that a name or a description may have. An environment variable of Linux ends at
/// 128 KiB; this leaves room for its escaped form.
pub(crate) const MAX_BYTES: usize = 32 * 1024;

/// Checks a name or a description. Every text that passes reads back byte for byte from every file
/// that the scaffolder writes it to.
pub fn check(text: &str) -> Result<(), TextError> {
    if text.trim().is_empty() {
        return Err(TextError::Empty);
    }
    if text.len() > MAX_BYTES {
        return Err(TextError::TooLong(text.len()));
    }
    match text.chars().enumerate().find(|(_, c)| !allowed(*c)) {
        Some((at, found)) => Err(TextError::Control { found, at: at + 1 }),
        None => Ok(()),
    }
}

/// Tab, line feed, carriage return and everything that is neither a control character nor one of
/// Unicode's noncharacters (which YAML and HTML both refuse).
fn allowed(c: char) -> bool {
    let noncharacter = (c as u32) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&c);
    matches!(c, '\t' | '\n' | '\r') || !(c.is_control() || noncharacter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_only_what_no_file_can_hold() {
        for good in ["Order Desk", "a\nb\r\n\tc", "${X} {{ y }} # : ---", "مرحبا 🎉", "\u{feff}x"] {
            assert_eq!(check(good), Ok(()), "{good:?}");
        }
        assert_eq!(check(" \n"), Err(TextError::Empty));
        assert_eq!(check("ab\0"), Err(TextError::Control { found: '\0', at: 3 }));
        assert_eq!(
            check("\u{85}x").unwrap_err().to_string(),
            "holds the control character U+0085 at character 1; only tab and line breaks are possible"
        );
        assert!(check("x\u{ffff}").is_err());
        assert_eq!(check(&"x".repeat(MAX_BYTES + 1)), Err(TextError::TooLong(MAX_BYTES + 1)));
    }
}
