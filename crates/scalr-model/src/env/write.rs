//! Writes one variable into an env file and keeps every other byte.

use std::ops::Range;

use super::file::{SyntaxError, VariableValue, get, parse, unnamed};

/// The text with one variable written: in place if it is set, else as a line at the end. It is an error if the text
/// can't be read, or ends in a value without a name, since a line end after that would make it a name.
pub fn set(text: &str, key: &str, value: &str) -> Result<String, SyntaxError> {
    let variables = parse(text)?;
    let mut written = encode(value);
    if let Some(variable) = get(&variables, key).filter(|variable| variable.value != VariableValue::Inherited)
    {
        // Without quotes a value extends to the end of its line.
        let rest = text[variable.bytes.end..].split('\n').next().unwrap_or_default();
        let ends =
            rest.trim().is_empty() || rest.trim_start_matches(' ').starts_with('#') && rest.starts_with(' ');
        if !ends && !written.starts_with('"') {
            written = format!("\"{written}\"");
        }
        return Ok(format!("{}{written}{}", &text[..variable.bytes.start], &text[variable.bytes.end..]));
    }
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { newline };
    if !gap.is_empty()
        && let Some(error) = unnamed(&variables[variables.len().saturating_sub(1)..]).next()
    {
        return Err(error);
    }
    Ok(format!("{text}{gap}{key}={written}{newline}"))
}

/// Where the value of a variable stands, in bytes.
pub fn locate(text: &str, key: &str) -> Result<Range<usize>, String> {
    let variables = parse(text).map_err(|error| error.message)?;
    get(&variables, key)
        .filter(|variable| variable.value != VariableValue::Inherited)
        .map(|variable| variable.bytes.clone())
        .ok_or_else(|| format!("there is no variable `{key}`"))
}

/// A text as a value: bare if neither Compose nor a shell needs quotes, else in double
/// quotes with `\`, `"`, `$` and line breaks escaped.
#[must_use]
pub fn encode(value: &str) -> String {
    let bare = |b: u8| {
        b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/' | b':' | b'@' | b'%' | b'+' | b',')
    };
    if !value.is_empty() && value.bytes().all(bare) {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' | '$' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
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
    fn writes_in_place_or_at_the_end() {
        assert_eq!(set("A=1\nB='2' # two\nC=3", "B", "x y").unwrap(), "A=1\nB=\"x y\" # two\nC=3");
        assert_eq!(set("A=1 # one\n", "A", "2").unwrap(), "A=2 # one\n");
        assert_eq!(set("A=1", "B", "2").unwrap(), "A=1\nB=2\n");
        assert_eq!(set("A=\n", "A", "2").unwrap(), "A=2\n");
        assert_eq!(set("A='1'# one\nB=\"2\" C", "A", "2").unwrap(), "A=\"2\"# one\nB=\"2\" C");
        assert_eq!(set("A='1'# one\nB=\"2\" C", "B", "3").unwrap(), "A='1'# one\nB=\"3\" C");
        assert_eq!(set("A=\r\nB= \r\n", "A", "2").unwrap(), "A=2\r\nB= \r\n");
        for nameless in ["A=1\nB", "A=1\nB C", "A=1\n=B"] {
            assert!(set(nameless, "C", "2").unwrap_err().message.starts_with("a name is missing"));
            assert_eq!(set(nameless, "A", "2").unwrap(), nameless.replace('1', "2"));
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back(value in "[\\PC\\n\\r\\t$\"'\\\\#{}]{0,60}", before in "(A=1\n)?", after in "(Z=2\n)?") {
            let text = set(&format!("{before}K=old\n{after}"), "K", &value).unwrap();
            let variables = parse(&text).unwrap();
            prop_assert_eq!(&get(&variables, "K").unwrap().value, &VariableValue::Literal(value));
            prop_assert_eq!(get(&variables, "Z").is_some(), !after.is_empty());
        }

        #[test]
        fn no_text_panics(text in "[\\PC\\n\\t\\r\"'$#=:]{0,120}") {
            let _ = set(&text, "K", "v");
        }
    }
}
