//! `.env` files as Docker Compose reads them (compose-go's package `dotenv`): reading what an app
//! says of itself, and writing one variable without touching another byte.
//!
//! Interpolation (`${A:-b}`) needs the other env files and the shell, so it is not done here; a
//! value that holds one is marked and never compared.

use std::ops::Range;

use super::diagnostics::Span;
use super::places::Places;

/// One assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The name.
    pub key: String,
    /// The value after quotes and escapes.
    pub value: Value,
    /// Where the value stands, with its quotes.
    pub span: Span,
    /// The same in bytes.
    bytes: Range<usize>,
}

/// What a variable is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Literal(String),
    /// Something that Compose computes from other variables.
    Interpolated,
    /// `KEY` without `=`: taken from the shell.
    Inherited,
}

/// Why a text is no env file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// Reads every assignment. Later ones win, as in Compose.
pub fn parse(text: &str) -> Result<Vec<Variable>, SyntaxError> {
    let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut scanner = Scanner { text, at, places: Places::new(text) };
    let mut variables = Vec::new();
    while scanner.skip_blank() {
        if scanner.rest().starts_with('#') {
            scanner.skip_line();
            continue;
        }
        variables.push(scanner.assignment()?);
    }
    Ok(variables)
}

/// The variable that counts: the last of its name.
#[must_use]
pub fn get<'a>(variables: &'a [Variable], key: &str) -> Option<&'a Variable> {
    variables.iter().rev().find(|variable| variable.key == key)
}

/// The text with one variable written: in place where it is set, else as a line at the end.
pub fn set(text: &str, key: &str, value: &str) -> Result<String, SyntaxError> {
    let variables = parse(text)?;
    let mut written = encode(value);
    if let Some(variable) = get(&variables, key).filter(|variable| variable.value != Value::Inherited) {
        // Without quotes a value goes on to the end of its line.
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
    Ok(format!("{text}{gap}{key}={written}{newline}"))
}

/// Where the value of a variable stands, in bytes.
pub fn locate(text: &str, key: &str) -> Result<Range<usize>, String> {
    let variables = parse(text).map_err(|error| error.message)?;
    get(&variables, key)
        .filter(|variable| variable.value != Value::Inherited)
        .map(|variable| variable.bytes.clone())
        .ok_or_else(|| format!("there is no variable `{key}`"))
}

/// A text as a value: bare where it needs no quotes in Compose nor in a shell, else in double
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

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    places: Places<'a>,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Moves to the next character that is no white space; false at the end.
    fn skip_blank(&mut self) -> bool {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.at < self.text.len()
    }

    fn skip_line(&mut self) {
        self.at += self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
    }

    fn assignment(&mut self) -> Result<Variable, SyntaxError> {
        let start = self.at;
        if let Some(rest) = self.rest().strip_prefix("export")
            && rest.starts_with(inline_space)
        {
            self.at += self.rest().len() - rest.trim_start_matches(inline_space).len();
        }
        let name_start = self.at;
        let rest = self.rest();
        let end = rest.find(['=', ':', '\n']).unwrap_or(rest.len());
        let key = rest[..end].trim_end();
        if let Some(bad) =
            key.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']')))
        {
            let found = key[bad..].chars().next().unwrap_or(' ');
            let message = if inline_space(found) {
                format!("the key `{key}` holds a space; a line is KEY=value")
            } else {
                format!("the character {found:?} is not possible in a key; a line is KEY=value")
            };
            return Err(SyntaxError {
                message,
                span: self.span(name_start + bad..name_start + bad + found.len_utf8()),
            });
        }
        if key.is_empty() {
            let at = name_start.max(start);
            return Err(SyntaxError {
                message: "a key is missing before `=`".to_owned(),
                span: self.span(at..at + 1),
            });
        }
        self.at += end;
        if self.rest().is_empty() || self.rest().starts_with('\n') {
            let bytes = name_start..name_start + key.len();
            return Ok(Variable {
                key: key.to_owned(),
                value: Value::Inherited,
                span: self.span(bytes.clone()),
                bytes,
            });
        }
        self.at += 1;
        // A line that ends here has an empty value, before its carriage return.
        let value = self.rest().trim_start_matches(inline_space);
        if !(value.is_empty() || value.starts_with('\n')) {
            self.at = self.text.len() - value.len();
        }
        let (value, bytes) = match self.rest().as_bytes().first() {
            Some(&quote @ (b'"' | b'\'')) => self.quoted(quote)?,
            _ => self.bare(),
        };
        Ok(Variable { key: key.to_owned(), value, span: self.span(bytes.clone()), bytes })
    }

    /// Up to the end of the line; ` #` begins a comment.
    fn bare(&mut self) -> (Value, Range<usize>) {
        let start = self.at;
        let rest = self.rest();
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let value = line[..line.find(" #").unwrap_or(line.len())].trim_end();
        self.skip_line();
        (interpolate(value), start..start + value.len())
    }

    fn quoted(&mut self, quote: u8) -> Result<(Value, Range<usize>), SyntaxError> {
        let start = self.at;
        let bytes = self.rest().as_bytes();
        let mut raw = Vec::new();
        let mut escaped = false;
        for (at, &byte) in bytes.iter().enumerate().skip(1) {
            if byte == quote && !escaped {
                self.at = start + at + 1;
                let raw = String::from_utf8_lossy(&raw).into_owned();
                let value = if quote == b'"' { interpolate(&unescape(&raw)) } else { Value::Literal(raw) };
                let range = start..self.at;
                // Compose drops what stands between the closing quote and the end of the line only
                // if it is a comment or white space; anything else would be read as a further key.
                return Ok((value, range));
            }
            if byte == quote {
                raw.push(byte);
                escaped = false;
            } else if byte == b'\\' && !escaped {
                escaped = true;
            } else {
                if escaped {
                    raw.push(b'\\');
                    escaped = false;
                }
                raw.push(byte);
            }
        }
        let end = self.rest().find('\n').unwrap_or(self.rest().len());
        Err(SyntaxError {
            message: "the quote is never closed".to_owned(),
            span: self.span(start..start + end),
        })
    }

    fn span(&mut self, bytes: Range<usize>) -> Span {
        self.places.span(bytes)
    }
}

/// White space that does not end a line, as compose-go has it.
fn inline_space(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

/// The escapes of double quotes: `\a \b \c \f \n \r \t \v \$ \" \\` and octal `\0…`.
fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('a') => out.push('\u{7}'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('v') => out.push('\u{b}'),
            Some('"') => out.push('"'),
            // A backslash at the very end stands for itself, as in compose-go.
            Some('\\') | None => out.push('\\'),
            Some('$') => out.push_str("$$"),
            Some('0') => {
                let digits: String =
                    std::iter::from_fn(|| chars.next_if(|c| ('0'..='7').contains(c))).take(3).collect();
                let code = u32::from_str_radix(&digits, 8).ok().filter(|_| digits.len() == 3);
                match code.and_then(char::from_u32) {
                    Some(c) => out.push(c),
                    None => out.push_str(&format!("\\0{digits}")),
                }
            }
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
        }
    }
    out
}

/// `$$` is a dollar sign; any other `$` before a name or a brace asks for another variable.
fn interpolate(text: &str) -> Value {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '$' {
            out.push(c);
            continue;
        }
        match chars.peek() {
            Some('$') => {
                chars.next();
                out.push('$');
            }
            Some(next) if next.is_ascii_alphabetic() || matches!(next, '_' | '{') => {
                return Value::Interpolated;
            }
            _ => out.push('$'),
        }
    }
    Value::Literal(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn literal(text: &str) -> Value {
        Value::Literal(text.to_owned())
    }

    #[test]
    fn reads_what_compose_reads() {
        for (line, value) in [
            ("K=v", literal("v")),
            ("K = v # c", literal("v")),
            ("K=v#c", literal("v#c")),
            ("export K=v", literal("v")),
            ("K: v", literal("v")),
            ("K=", literal("")),
            ("K='a $b \\' c'", literal("a $b ' c")),
            ("K=\"a\\nb\\\"c\\\\d\"", literal("a\nb\"c\\d")),
            ("K=\"a\nb\"", literal("a\nb")),
            ("K=$$x", literal("$x")),
            ("K=\"\\$x\"", literal("$x")),
            ("K=a\\nb", literal("a\\nb")),
            ("K=5$", literal("5$")),
            ("K=${X:-1}", Value::Interpolated),
            ("K=\"pre $X\"", Value::Interpolated),
            ("K=v\r\n", literal("v")),
            ("\u{feff}K=v", literal("v")),
            ("K", Value::Inherited),
        ] {
            let variables = parse(line).unwrap();
            assert_eq!((variables[0].key.as_str(), &variables[0].value), ("K", &value), "{line:?}");
        }
        assert!(parse("# only\n\n").unwrap().is_empty());
    }

    #[test]
    fn names_the_place_of_an_error() {
        let error = parse("A=1\nB C=2\n").unwrap_err();
        assert_eq!((error.span.line, error.span.column), (2, 2));
        assert!(parse("A=\"x\n").unwrap_err().message.contains("never closed"));
        assert!(parse("=x\n").unwrap_err().message.contains("missing"));
    }

    #[test]
    fn writes_in_place_or_at_the_end() {
        assert_eq!(set("A=1\nB='2' # two\nC=3", "B", "x y").unwrap(), "A=1\nB=\"x y\" # two\nC=3");
        assert_eq!(set("A=1 # one\n", "A", "2").unwrap(), "A=2 # one\n");
        assert_eq!(set("A=1", "B", "2").unwrap(), "A=1\nB=2\n");
        assert_eq!(set("A=\n", "A", "2").unwrap(), "A=2\n");
        assert_eq!(set("A='1'# one\nB=\"2\" C", "A", "2").unwrap(), "A=\"2\"# one\nB=\"2\" C");
        assert_eq!(set("A='1'# one\nB=\"2\" C", "B", "3").unwrap(), "A='1'# one\nB=\"3\" C");
        assert_eq!(set("A=\r\nB= \r\n", "A", "2").unwrap(), "A=2\r\nB= \r\n");
    }

    #[test]
    fn a_megabyte_costs_linear_time() {
        for line in ["K=v\n", "K=\"v\"", "K=v # ${X}\n", "\n\n\n\n"] {
            let text = line.repeat(1024 * 1024 / line.len());
            assert!(parse(&text).is_ok_and(|variables| variables.len() != 1));
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back(value in "[\\PC\\n\\r\\t$\"'\\\\#{}]{0,60}", before in "(A=1\n)?", after in "(Z=2\n)?") {
            let text = set(&format!("{before}K=old\n{after}"), "K", &value).unwrap();
            let variables = parse(&text).unwrap();
            prop_assert_eq!(&get(&variables, "K").unwrap().value, &literal(&value));
            prop_assert_eq!(get(&variables, "Z").is_some(), !after.is_empty());
        }

        #[test]
        fn no_text_panics(text in "[\\PC\\n\\t\\r\"'$#=:]{0,120}") {
            let _ = parse(&text);
            let _ = set(&text, "K", "v");
        }
    }
}
