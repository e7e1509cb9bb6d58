//! The short way: documents in the plain style that manifests and answers are written in, read line by line.
//!
//! It takes a fifth of the time of the parser's events, and it may give up: at any character or turn that it does not know
//! for certain it gives nothing, and [`super::parse`] asks the parser. So it has no errors of its own, and what it
//! gives is exactly what the parser would give; the tests and the fuzz target `manifest` compare the two.
//!
//! It knows: ASCII without tabs; block mappings and block sequences; plain scalars and quoted ones without escapes, on one line;
//! flow sequences of those on one line, `[]` and `{}`; block scalars of lines that all have one indentation.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2_iter};

use super::node::{Entry, Node, Value};
use super::scalar;
use crate::model::diagnostics::Span;

/// Deeper ones are rare, and the parser knows the limit.
const MAX_DEPTH: usize = 16;

/// With more keys than that in one mapping, looking for doubled ones takes the parser's way.
const MAX_KEYS: usize = 32;

/// The tree of a document in plain style.
pub(super) fn parse(text: &str) -> Option<Node<'_>> {
    let is_known = |byte: u8| byte == b'\n' || (b' '..=b'~').contains(&byte);
    // Every byte, also behind an unknown one: so the compiler makes it many at once.
    if !text.bytes().fold(true, |all, byte| all & is_known(byte)) {
        return None;
    }
    let mut reader = Reader { text, next: 0, number: 0, line: None };
    reader.advance();
    let first = reader.line?;
    let root = reader.mapping(first.indent, 0)?;
    // What is left is less indented than the beginning.
    reader.line.is_none().then_some(root)
}

/// What is left of a line with something on it.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    /// Counted from 1.
    number: u32,
    /// The column of the content, counted from 0.
    indent: usize,
    /// The content's place in the text.
    at: usize,
    /// Everything from there to the line's end, without the spaces before that.
    content: &'t str,
}

struct Reader<'t> {
    text: &'t str,
    /// Where the next line begins.
    next: usize,
    /// The number of the last line that was read.
    number: u32,
    /// The line that is looked at.
    line: Option<Line<'t>>,
}

impl<'t> Reader<'t> {
    /// Goes on to the next line that is neither blank nor a comment.
    fn advance(&mut self) {
        self.line = None;
        while let Some(line) = self.raw() {
            if !(line.content.is_empty() || line.content.starts_with('#')) {
                self.line = Some(line);
                return;
            }
        }
    }

    /// The next line, whatever is on it.
    fn raw(&mut self) -> Option<Line<'t>> {
        let rest = self.text.get(self.next..).filter(|rest| !rest.is_empty())?;
        let whole = &rest[..memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())];
        let indent = whole.bytes().take_while(|byte| *byte == b' ').count();
        self.number = self.number.checked_add(1)?;
        let line = Line {
            number: self.number,
            indent,
            at: self.next + indent,
            content: whole[indent..].trim_end_matches(' '),
        };
        self.next += whole.len() + 1;
        Some(line)
    }

    fn mapping(&mut self, indent: usize, depth: usize) -> Option<Node<'t>> {
        let first = self.line.filter(|_| depth < MAX_DEPTH)?;
        let mut entries: Vec<Entry<'t>> = Vec::with_capacity(if depth == 0 { MAX_KEYS } else { 0 });
        while let Some(line) = self.line.filter(|line| line.indent >= indent) {
            let (key, rest) = at_colon(line.content)?;
            let is_new = !entries.iter().any(|entry| entry.key == key);
            let is_value = rest.is_empty() || rest.starts_with(' ');
            if line.indent > indent || !is_key(key) || !is_value || !is_new || entries.len() == MAX_KEYS {
                return None;
            }
            let key_span = place(line.number, line.indent, key.len());
            let value = if is_end(rest) {
                self.advance();
                self.below(indent, depth)?
            } else {
                self.beside(skip(line, key.len() + 1), indent)?
            };
            entries.push(Entry { key: key.into(), key_span, value });
        }
        let last = &entries.last()?.value;
        Some(block(first, last.span, last.bytes.end, Value::Mapping(entries)))
    }

    fn sequence(&mut self, indent: usize, depth: usize) -> Option<Node<'t>> {
        let first = self.line.filter(|_| depth < MAX_DEPTH)?;
        let mut items: Vec<Node<'t>> = Vec::new();
        while let Some(line) = self.line.filter(|line| line.indent >= indent) {
            let rest = line.content.strip_prefix('-')?;
            if line.indent > indent || is_end(rest) || !rest.starts_with(' ') {
                return None;
            }
            let item = skip(line, 1);
            let is_mapping = at_colon(item.content)
                .is_some_and(|(key, rest)| is_key(key) && (rest.is_empty() || rest.starts_with(' ')));
            items.push(if is_mapping {
                self.line = Some(item);
                self.mapping(item.indent, depth + 1)?
            } else {
                self.beside(item, indent)?
            });
        }
        let last = items.last()?;
        Some(block(first, last.span, last.bytes.end, Value::Sequence(items)))
    }

    /// The value that stands on the lines below its key, which has this indentation.
    fn below(&mut self, indent: usize, depth: usize) -> Option<Node<'t>> {
        let line = self.line.filter(|line| line.indent > indent)?;
        if line.content.starts_with("- ") {
            self.sequence(line.indent, depth + 1)
        } else {
            self.mapping(line.indent, depth + 1)
        }
    }

    /// The value that stands on the line of its key or dash, which has this indentation.
    fn beside(&mut self, line: Line<'t>, indent: usize) -> Option<Node<'t>> {
        if line.content.starts_with(['|', '>']) {
            return self.block_scalar(line, indent);
        }
        let (node, rest) = match line.content.as_bytes().first()? {
            b'[' => flow_sequence(line)?,
            b'{' if line.content.starts_with("{}") => {
                let rest = &line.content[2..];
                (on_line(line, 2, Value::Mapping(Vec::new())), rest)
            }
            _ => scalar(line, Within::Block)?,
        };
        self.advance();
        let goes_on = self.line.is_some_and(|next| next.indent > indent);
        (is_end(rest) && !goes_on).then_some(node)
    }

    /// Lines of one indentation, without an empty one between them.
    fn block_scalar(&mut self, header: Line<'t>, indent: usize) -> Option<Node<'t>> {
        let (joint, end) = match header.content {
            ">-" => (" ", ""),
            ">" => (" ", "\n"),
            "|-" => ("\n", ""),
            "|" => ("\n", "\n"),
            _ => return None,
        };
        let mut lines: Vec<Line<'t>> = Vec::new();
        let behind = loop {
            let before = (self.next, self.number);
            let raw = self.raw()?;
            let own = lines.first().map_or(raw.indent, |first| first.indent);
            // A space at the end of a line belongs to the text.
            let ends_bare = self.text[..self.next - 1].ends_with(|last| last != ' ');
            if raw.content.is_empty() || own <= indent || raw.indent > own || !ends_bare {
                return None;
            }
            if raw.indent < own {
                (self.next, self.number) = before;
                break raw;
            }
            lines.push(raw);
        };
        self.advance();
        let first = lines.first()?;
        let lines: Vec<&str> = lines.iter().map(|line| line.content).collect();
        let text = lines.join(joint) + end;
        // The parser has looked at the next line's indentation when it knows that the text has ended.
        let end = place(behind.number, behind.indent, 0);
        let span =
            Span { end_line: end.line, end_column: end.column, ..place(first.number, first.indent, 0) };
        Some(Node { value: Value::String(Cow::Owned(text)), span, bytes: first.at..behind.at })
    }
}

/// Where a scalar stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// It may go to the end of the line.
    Block,
    /// Commas and brackets end it.
    Flow,
}

/// A scalar on one line, and what stands behind it.
fn scalar(line: Line<'_>, within: Within) -> Option<(Node<'_>, &str)> {
    let content = line.content;
    if let Some(quote) = content.chars().next().filter(|first| matches!(first, '"' | '\'')) {
        let text = content[1..].split(quote).next()?;
        let rest = content.get(text.len() + 2..)?;
        if text.contains('\\') || rest.starts_with('\'') {
            return None;
        }
        return Some((on_line(line, text.len() + 2, Value::String(text.into())), rest));
    }
    let bytes = content.as_bytes();
    let begins =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'.' | b'(' | b'$' | b'+');
    if !begins(bytes.first()?) {
        return None;
    }
    let mut end = match within {
        Within::Block => bytes.len(),
        Within::Flow => match bytes.iter().position(|byte| b",][{}?".contains(byte)) {
            Some(at) if matches!(bytes[at], b',' | b']') => at,
            Some(_) => return None,
            None => bytes.len(),
        },
    };
    for at in memchr2_iter(b':', b'#', bytes).take_while(|at| *at < end) {
        match bytes[at] {
            b':' if matches!(bytes.get(at + 1), None | Some(b' ' | b',' | b'[' | b']' | b'{' | b'}')) => {
                return None;
            }
            b'#' if bytes[at - 1] == b' ' => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    let text = content[..end].trim_end_matches(' ');
    Some((on_line(line, text.len(), scalar::resolve(text.into())), &content[text.len()..]))
}

/// A flow sequence of scalars on one line, and what stands behind it.
fn flow_sequence(line: Line<'_>) -> Option<(Node<'_>, &str)> {
    let mut items = Vec::new();
    let mut item = skip(line, 1);
    while !item.content.starts_with(']') {
        let (node, _) = scalar(item, Within::Flow)?;
        item = skip(item, node.bytes.len());
        items.push(node);
        match item.content.as_bytes().first()? {
            b',' => item = skip(item, 1),
            b']' => {}
            _ => return None,
        }
    }
    let length = item.at + 1 - line.at;
    Some((on_line(line, length, Value::Sequence(items)), &item.content[1..]))
}

/// What stands before the first colon, and behind it.
fn at_colon(text: &str) -> Option<(&str, &str)> {
    let at = memchr(b':', text.as_bytes())?;
    Some((&text[..at], &text[at + 1..]))
}

/// Whether nothing but a comment comes.
fn is_end(rest: &str) -> bool {
    let content = rest.trim_start_matches(' ');
    content.is_empty() || (content.starts_with('#') && content.len() < rest.len())
}

fn is_key(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(known)
        && matches!(scalar::resolve(text.into()), Value::String(_))
}

/// The line behind so many bytes and the spaces that follow them.
fn skip(line: Line<'_>, bytes: usize) -> Line<'_> {
    let rest = &line.content[bytes..];
    let content = rest.trim_start_matches(' ');
    let skipped = bytes + rest.len() - content.len();
    Line { indent: line.indent + skipped, at: line.at + skipped, content, ..line }
}

/// A block collection ends where its last child ends.
fn block<'t>(first: Line<'t>, last: Span, end: usize, value: Value<'t>) -> Node<'t> {
    let span =
        Span { end_line: last.end_line, end_column: last.end_column, ..place(first.number, first.indent, 0) };
    Node { value, span, bytes: first.at..end }
}

fn on_line<'t>(line: Line<'t>, length: usize, value: Value<'t>) -> Node<'t> {
    let bytes: Range<usize> = line.at..line.at + length;
    Node { value, span: place(line.number, line.indent, length), bytes }
}

fn place(line: u32, indent: usize, length: usize) -> Span {
    Span { line, column: column(indent), end_line: line, end_column: column(indent + length) }
}

fn column(from_zero: usize) -> u32 {
    u32::try_from(from_zero).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests;
