//! The escapes within double quotes of an env file.

/// The escapes of double quotes: `\a \b \f \n \r \t \v \$ \" \\` and octal `\0123`. A backslash before any other
/// character is kept.
pub(super) fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let c = match rest.as_bytes().first() {
            Some(b'a') => "\u{7}",
            Some(b'b') => "\u{8}",
            Some(b'f') => "\u{c}",
            Some(b'n') => "\n",
            Some(b'r') => "\r",
            Some(b't') => "\t",
            Some(b'v') => "\u{b}",
            Some(b'"') => "\"",
            Some(b'\\') => "\\",
            Some(b'$') => "$$",
            Some(b'0') => {
                // Compose drops the 0 even if the rest is not a character of Latin-1.
                let digits = rest[1..].bytes().take(3).take_while(u8::is_ascii_digit).count();
                let octal = &rest[1..=digits];
                match u8::from_str_radix(octal, 8) {
                    Ok(code) if digits == 3 => out.push(char::from(code)),
                    _ => {
                        out.push('\\');
                        out.push_str(octal);
                    }
                }
                rest = &rest[1 + digits..];
                continue;
            }
            _ => {
                out.push('\\');
                continue;
            }
        };
        out.push_str(c);
        rest = &rest[1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_are_those_of_compose_and_no_others() {
        for (raw, text) in [
            ("a\\nb\\tc", "a\nb\tc"),
            ("\\a\\b\\f\\r\\v", "\u{7}\u{8}\u{c}\r\u{b}"),
            ("\\\\n \\\" \\$A", "\\n \" $$A"),
            ("\\c\\x41\\u00e4\\'\\ä\\", "\\c\\x41\\u00e4\\'\\ä\\"),
            ("\\0101\\0377", "A\u{ff}"),
            // A code outside of Latin-1 is kept, without its 0.
            ("\\0 \\012 \\0400 \\08 \\0999", "\\ \\12 \\400 \\8 \\999"),
        ] {
            assert_eq!(unescape(raw), text, "{raw}");
        }
    }
}
