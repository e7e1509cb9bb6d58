//! Writes one scalar of a YAML or JSON text in place and keeps every other byte.

use std::ops::Range;

use super::{Node, Value, parse};

/// The place of the scalar at a dotted path, or what is wrong with the path.
pub(crate) fn locate(root: &Node<'_>, dotted: &str) -> Result<Range<usize>, String> {
    let mut node = root;
    for key in dotted.split('.') {
        node = match node.get(key) {
            Some(next) => next,
            None => return Err(format!("there is no key `{dotted}`")),
        };
    }
    match node.value {
        Value::Mapping(_) | Value::Sequence(_) => {
            Err(format!("`{dotted}` is {}; only a single value can be set", node.type_name()))
        }
        _ if node.bytes.is_empty() => Err(format!("`{dotted}` has no value that could be replaced")),
        _ => Ok(node.bytes.clone()),
    }
}

/// A text as a YAML scalar on one line: plain if that reads as the same text, else in double
/// quotes (YAML 1.2, section 7.3.1), whose escapes can hold every character.
#[must_use]
pub(crate) fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str) -> bool {
    let safe = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | '(' | ')' | '+');
    text.starts_with(|c: char| c.is_alphanumeric())
        && !text.ends_with(' ')
        && text.chars().all(safe)
        // YAML 1.1 readers read these as booleans.
        && !["y", "n", "yes", "no", "on", "off"].contains(&text.to_lowercase().as_str())
        && matches!(parse(text), Ok(Node { value: Value::String(read), .. }) if *read == *text)
}

/// A text as a YAML scalar in double quotes, on one line.
#[must_use]
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Line breaks of YAML 1.1, and characters that a reader may drop or refuse without escapes.
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                out.push_str(&format!("\\u{:04X}", c as u32));
            }
            c if c.is_control() || (c as u32) & 0xfffe == 0xfffe => {
                out.push_str(&format!("\\U{:08X}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn writes_the_plainest_form_that_reads_back() {
        for (text, written) in [
            ("Order Desk", "Order Desk"),
            ("2026-11-22", "2026-11-22"),
            ("no", "\"no\""),
            ("8080", "\"8080\""),
            ("a: b", "\"a: b\""),
            ("x #y", "\"x #y\""),
            ("a\nb", "\"a\\nb\""),
            ("---", "\"---\""),
            ("", "\"\""),
            ("Zürich", "Zürich"),
        ] {
            assert_eq!(scalar(text), written);
        }
    }

    #[test]
    fn locates_single_values_only() {
        let tree = parse("a: 1\nb:\n  c: 'x'\nd: []\ne:\n").unwrap();
        assert_eq!(locate(&tree, "b.c"), Ok(13..16));
        assert!(locate(&tree, "b").unwrap_err().contains("a map"));
        assert!(locate(&tree, "d").unwrap_err().contains("a list"));
        assert!(locate(&tree, "e").unwrap_err().contains("no value"));
        assert!(locate(&tree, "b.x").unwrap_err().contains("no key"));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in any::<String>()) {
            let written = format!("k: {}\nl: 1\n", scalar(&text));
            let tree = parse(&written).unwrap();
            prop_assert_eq!(tree.get("k").unwrap().as_str(), Some(text.as_str()));
            prop_assert!(tree.get("l").is_some());
        }
    }
}
