//! One env file as Docker Compose reads it (compose-go's package `dotenv`): the variables that it sets, with their
//! values and places. [`super::merge`] interpolates the values.
//!
//! Compose reads statements, not lines, and this reader does the same: `A="1" B=2` sets both variables; a name without `=`
//! takes the shell's value, but at the end of a file without a line end it is a value without a name.

use std::ops::Range;

use memchr::memchr;
use unicode_general_category::{GeneralCategory, get_general_category};

use super::escapes::unescape;
use super::template;
use crate::diagnostics::Span;
use crate::places::Places;

/// One assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The name. It can be empty: see [`unnamed`].
    pub key: String,
    /// The value after quotes and escapes.
    pub value: VariableValue,
    /// The place of the value with its quotes; the name's place if there is no value.
    pub(crate) span: Span,
    pub(super) bytes: Range<usize>,
}

/// The value of an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableValue {
    Literal(String),
    /// A text that Compose interpolates: [`super::template`].
    Interpolated(String),
    /// `KEY` without `=`: taken from the shell or an earlier file.
    Inherited,
}

impl Variable {
    /// Whether it is set to the empty text.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        matches!(&self.value, VariableValue::Literal(text) | VariableValue::Interpolated(text) if text.is_empty())
    }
}

/// Why a text is not a valid env file. The message contains only single characters of the text, which may be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    pub message: String,
    pub span: Span,
}

/// Reads every assignment. Later ones win, as in Compose.
pub fn parse(text: &str) -> Result<Vec<Variable>, SyntaxError> {
    let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut scanner = Scanner { text, at, places: Places::new(text) };
    let mut variables = Vec::with_capacity(8);
    while scanner.skip_blank() {
        if scanner.rest().starts_with('#') {
            scanner.skip_line();
            continue;
        }
        variables.push(scanner.assignment()?);
    }
    Ok(variables)
}

/// The effective variable: the last one of its name.
#[must_use]
pub fn get<'a>(variables: &'a [Variable], key: &str) -> Option<&'a Variable> {
    variables.iter().rev().find(|variable| variable.key == key)
}

/// The assignments without a name, as errors. Some versions of Compose stop at them, others drop them.
pub fn unnamed(variables: &[Variable]) -> impl Iterator<Item = SyntaxError> {
    variables.iter().filter(|variable| variable.key.is_empty()).map(|variable| SyntaxError {
        message: "a name is missing: a line is NAME=value, and a NAME alone needs a line end behind it"
            .to_owned(),
        span: variable.span,
    })
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
        self.at = (self.at + self.line().len() + 1).min(self.text.len());
    }

    /// The rest of this line.
    fn line(&self) -> &'a str {
        let rest = self.rest();
        &rest[..memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())]
    }

    fn skip_inline_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches(inline_space).len();
    }

    fn assignment(&mut self) -> Result<Variable, SyntaxError> {
        self.export()?;
        let start = self.at;
        let Some((end, delimiter)) = self.name_end()? else {
            // The text ends within the name, which Compose reads as a value.
            let bytes = start..start + self.rest().trim_end().len();
            self.at = self.text.len();
            let value = VariableValue::Literal(self.text[bytes.clone()].to_owned());
            return Ok(self.variable("", value, bytes));
        };
        let key = self.text[start..end].trim_end();
        if let Some(space) = key.find(' ') {
            let message = "a name can't hold a space; a line is NAME=value".to_owned();
            return Err(SyntaxError { message, span: self.span(start + space..start + space + 1) });
        }
        self.at = end + 1;
        if delimiter == '\n' {
            return Ok(self.variable(key, VariableValue::Inherited, start..start + key.len()));
        }
        let behind = self.at;
        self.skip_inline_space();
        if matches!(self.rest().as_bytes().first(), None | Some(b'\n')) {
            // An empty value is directly after its `=`, before blanks and a carriage return.
            let variable = self.variable(key, VariableValue::Literal(String::new()), behind..behind);
            self.skip_line();
            return Ok(variable);
        }
        let (value, bytes) = match self.rest().as_bytes()[0] {
            quote @ (b'"' | b'\'') => self.quoted(quote)?,
            _ => self.bare(),
        };
        Ok(self.variable(key, value, bytes))
    }

    /// `^export\s+`, of which only blanks on the same line are skipped: `export` alone on a line is a name that is
    /// empty.
    fn export(&mut self) -> Result<(), SyntaxError> {
        let Some(rest) = self.rest().strip_prefix("export") else { return Ok(()) };
        if !rest.starts_with(['\t', '\n', '\u{c}', '\r', ' ']) {
            return Ok(());
        }
        let start = self.at;
        self.at += "export".len();
        self.skip_inline_space();
        if self.rest().is_empty() {
            let message = "a name is missing behind `export`".to_owned();
            return Err(SyntaxError { message, span: self.span(start..start + "export".len()) });
        }
        Ok(())
    }

    /// Where the name ends and with which character; `None` if the text ends first.
    fn name_end(&mut self) -> Result<Option<(usize, char)>, SyntaxError> {
        for (at, c) in self.rest().char_indices() {
            match c {
                '=' | ':' | '\n' => return Ok(Some((self.at + at, c))),
                '_' | '.' | '-' | '[' | ']' => {}
                c if letter_or_number(c) || inline_space(c) => {}
                c => {
                    let at = self.at + at;
                    return Err(SyntaxError {
                        message: format!(
                            "the character {c:?} is not possible in a name; a line is NAME=value"
                        ),
                        span: self.span(at..at + c.len_utf8()),
                    });
                }
            }
        }
        Ok(None)
    }

    /// Up to the end of the line; ` #` begins a comment.
    fn bare(&mut self) -> (VariableValue, Range<usize>) {
        let start = self.at;
        let line = self.line();
        let comment = line.as_bytes().windows(2).position(|pair| pair == b" #");
        let value = line[..comment.unwrap_or(line.len())].trim_end();
        self.skip_line();
        (interpolated(value.to_owned()), start..start + value.len())
    }

    /// Up to the closing quote, over any number of lines. Text after the quote is read as further
    /// assignments.
    fn quoted(&mut self, quote: u8) -> Result<(VariableValue, Range<usize>), SyntaxError> {
        let start = self.at;
        let body = start + 1;
        let bytes = self.text.as_bytes();
        let mut raw = String::new();
        let mut copied = body;
        let mut at = body;
        while let Some(&byte) = bytes.get(at) {
            if byte == quote {
                raw.push_str(&self.text[copied..at]);
                self.at = at + 1;
                let value =
                    if quote == b'"' { interpolated(unescape(&raw)) } else { VariableValue::Literal(raw) };
                return Ok((value, start..self.at));
            }
            if byte == b'\\' {
                // Only an escaped quote loses its backslash here.
                if bytes.get(at + 1) == Some(&quote) {
                    raw.push_str(&self.text[copied..at]);
                    copied = at + 1;
                }
                at += 1;
            }
            at += 1;
        }
        let end = start + self.line().len();
        Err(SyntaxError { message: "the quote is never closed".to_owned(), span: self.span(start..end) })
    }

    fn variable(&mut self, key: &str, value: VariableValue, bytes: Range<usize>) -> Variable {
        Variable { key: key.to_owned(), value, span: self.span(bytes.clone()), bytes }
    }

    fn span(&mut self, bytes: Range<usize>) -> Span {
        self.places.span(bytes)
    }
}

/// White space that does not end a line, as in compose-go.
fn inline_space(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

/// Unicode's categories L and N, as Go's `IsLetter` and `IsNumber`; Rust's `is_alphanumeric` includes
/// some marks as well.
fn letter_or_number(c: char) -> bool {
    use GeneralCategory::{
        DecimalNumber, LetterNumber, LowercaseLetter, ModifierLetter, OtherLetter, OtherNumber,
        TitlecaseLetter, UppercaseLetter,
    };
    c.is_ascii_alphanumeric()
        || (!c.is_ascii()
            && matches!(
                get_general_category(c),
                UppercaseLetter
                    | LowercaseLetter
                    | TitlecaseLetter
                    | ModifierLetter
                    | OtherLetter
                    | DecimalNumber
                    | LetterNumber
                    | OtherNumber
            ))
}

fn interpolated(text: String) -> VariableValue {
    match template::constant(&text) {
        Some(constant) => VariableValue::Literal(constant),
        None => VariableValue::Interpolated(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn literal(text: &str) -> VariableValue {
        VariableValue::Literal(text.to_owned())
    }

    fn interpolated(text: &str) -> VariableValue {
        VariableValue::Interpolated(text.to_owned())
    }

    /// The only variable of a text.
    fn value(text: &str) -> VariableValue {
        let variables = parse(text).unwrap();
        assert_eq!((variables.len(), variables[0].key.as_str()), (1, "K"), "{text:?}");
        variables[0].value.clone()
    }

    #[test]
    fn reads_values_without_quotes() {
        for (line, expected) in [
            ("K=v", "v"),
            ("K = v # c", "v"),
            ("K=v#c", "v#c"),
            ("K=#c", "#c"),
            ("K= # c", "# c"),
            ("K=a #b #c", "a"),
            ("K=a\t#b", "a\t#b"),
            ("export K=v", "v"),
            ("export\tK =\tv", "v"),
            ("  K: v", "v"),
            ("K:v=w", "v=w"),
            ("K==v", "=v"),
            ("K=", ""),
            ("K=   ", ""),
            ("K=\r\n", ""),
            ("K=v\r\n", "v"),
            ("K=a\rb\n", "a\rb"),
            ("K=$$x", "$x"),
            ("K=a\\nb\\", "a\\nb\\"),
            ("K=5$", "5$"),
            ("K=$(date) `date`", "$(date) `date`"),
            ("K=a\"b'c", "a\"b'c"),
            ("K=v \u{2003}", "v"),
            ("\u{feff}K=v", "v"),
            ("\n\n# c\n   # c\n K=v\n\n", "v"),
        ] {
            assert_eq!(value(line), literal(expected), "{line:?}");
        }
        assert!(parse("# only\n\n").unwrap().is_empty());
    }

    #[test]
    fn reads_values_in_quotes() {
        for (line, expected) in [
            ("K='a $b ${c} \\' \\n \\\\ # \"'", "a $b ${c} ' \\n \\\\ # \""),
            ("K=\"a\\nb\\\"c\\\\d'\"", "a\nb\"c\\d'"),
            ("K=\"a\nb\r\n# c\"", "a\nb\r\n# c"),
            ("K='a\nb'", "a\nb"),
            ("K=\"\\$x $$y\"", "$x $y"),
            ("K=\"\\a\\b\\f\\r\\t\\v\"", "\u{7}\u{8}\u{c}\r\t\u{b}"),
            ("K=\"\\c\\x\\'\\q\"", "\\c\\x\\'\\q"),
            ("K=\"\\0101\\0377\\0 \\012\\0400\\08\"", "A\u{ff}\\ \\12\\400\\8"),
            ("K=\"\\01234\"", "S4"),
            ("K=\"\" # c", ""),
            ("K=''", ""),
            ("K= \t\"v\"  ", "v"),
        ] {
            assert_eq!(value(line), literal(expected), "{line:?}");
        }
        assert_eq!(value("K=${X:-1}"), interpolated("${X:-1}"));
        assert_eq!(value("K=\"pre\\t$X\\$\""), interpolated("pre\t$X$$"));
        assert_eq!(value("K=${"), interpolated("${"));
    }

    #[test]
    fn reads_names() {
        let keys = |text: &str| -> Vec<String> {
            parse(text).unwrap().into_iter().map(|variable| variable.key).collect()
        };
        assert_eq!(keys("a.b-c[0]_=1\nÄ١Ⅷ=2\n1=3\n"), ["a.b-c[0]_", "Ä١Ⅷ", "1"]);
        assert_eq!(keys("A\tB=1\nexportC=1\nexport\u{b}D=1\n"), ["A\tB", "exportC", "export\u{b}D"]);
        assert_eq!(keys("export\nA=1\n"), ["", "A"]);
        assert_eq!(keys("A=\"1\" B='2'C=3\n"), ["A", "B", "C"]);
        for text in ["A B=1", "A\u{301}=1", "\u{5b0}=1", "A\u{feff}=1", "a/b=1", "A+=1", "{}", "\"A\"=1"] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_name_alone_is_inherited_unless_the_file_ends_with_it() {
        for text in ["K\n", "K\r\n", "export K \n", "\u{feff}K\n"] {
            assert_eq!(value(text), VariableValue::Inherited, "{text:?}");
        }
        for text in ["A=1\nK", "A=1\nexport K two"] {
            let variables = parse(text).unwrap();
            assert_eq!((variables.len(), variables[1].key.as_str()), (2, ""));
            assert!(unnamed(&variables).next().unwrap().message.contains("line end"));
        }
        assert_eq!(unnamed(&parse("=x\nA=1\n").unwrap()).count(), 1);
        assert_eq!(unnamed(&parse("A=1\n").unwrap()).count(), 0);
    }

    #[test]
    fn names_the_place_of_an_error() {
        let error = parse("A=1\nB C=2\n").unwrap_err();
        assert_eq!((error.span.line, error.span.column), (2, 2));
        assert!(parse("A=\"x\n").unwrap_err().message.contains("never closed"));
        assert!(parse("A='x\\'").unwrap_err().message.contains("never closed"));
        assert!(parse("export ").unwrap_err().message.contains("missing"));
        let error = parse("KEY=-----BEGIN\nMIIE+hunter2/\n").unwrap_err();
        assert!(!error.message.contains("hunter2"), "{error:?}");
    }

    #[test]
    fn a_megabyte_of_one_line_is_read_or_refused() {
        for (line, variables) in [
            ("K=v\n", Some(262_144)),
            ("K=\"v\"", Some(209_715)),
            ("K=v # ${X}\n", Some(95_325)),
            ("\n\n\n\n", Some(0)),
            ("#\n", Some(0)),
            ("K=\"\\0", None),
            ("K\n", Some(524_288)),
            ("K=${A:-x}${A:-x}", Some(1)),
            ("'", None),
        ] {
            let text = line.repeat(1024 * 1024 / line.len());
            assert_eq!(parse(&text).ok().map(|parsed| parsed.len()), variables, "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[\\PC\\n\\t\\r\"'$#=:\\\\0-9]{0,120}") {
            let _ = parse(&text);
        }

        #[test]
        fn every_place_is_in_the_file(text in "([A-C]{1,2}[=: ]{0,2}['\"]?[a-z$\\\\ #]{0,4}['\"]?\r?\n?){0,6}") {
            for variable in parse(&text).into_iter().flatten() {
                let raw = &text[variable.bytes.clone()];
                if let VariableValue::Literal(value) = &variable.value && !raw.contains(['\\', '$', '"', '\'']) {
                    prop_assert_eq!(raw, value);
                }
            }
        }
    }
}
