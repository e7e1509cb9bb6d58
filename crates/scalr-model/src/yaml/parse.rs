//! From text to the tree: the fold of the parser's events.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, Span as RawSpan};

use super::node::{MappingEntry, Node, Value};
use super::scalar;
use crate::diagnostics::Span;
use crate::places::Places;

/// The maximum nesting of a document.
const MAX_DEPTH: usize = 64;

/// Why a text can't be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlError {
    pub(crate) problem: YamlProblem,
    pub(crate) span: Span,
}

/// What can be wrong with a text before its schema is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum YamlProblem {
    /// Not YAML; the parser's message.
    Syntax(String),
    /// A tab where YAML needs spaces.
    Tab,
    Empty,
    /// A duplicate key, with the first one's place.
    DuplicateKey {
        key: String,
        /// Its first place.
        first: Span,
    },
    Alias,
    Tag(String),
    /// A key that is not a text.
    Key,
    /// More than 64 levels.
    TooDeep,
    /// A second document.
    ManyDocuments,
}

/// Parses one YAML document. The text must not begin with a byte order mark.
pub fn parse(text: &str) -> Result<Node<'_>, YamlError> {
    let mut documents = fold(text, Dialect::Plain)?;
    match documents.pop() {
        Some(Node { value: Value::Null, span, .. }) => Err(YamlError { problem: YamlProblem::Empty, span }),
        Some(root) => Ok(root),
        None => Err(YamlError { problem: YamlProblem::Empty, span: Span::START }),
    }
}

/// Parses the documents of a compose file. Aliases are resolved, tags are ignored, and values with
/// `!reset` are removed. The text must not begin with a byte order mark.
pub fn parse_compose(text: &str) -> Result<Vec<Node<'_>>, YamlError> {
    fold(text, Dialect::Compose)
}

/// The YAML features that a file may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// Plain data: no anchors, no tags, one document.
    Plain,
    /// Everything that Compose accepts.
    Compose,
}

fn fold(text: &str, dialect: Dialect) -> Result<Vec<Node<'_>>, YamlError> {
    lone_carriage_return(text)?;
    let mut options = Options::default();
    options.flow_nesting_limit = MAX_DEPTH + 2;
    options.block_nesting_limit = MAX_DEPTH + 2;
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut builder = Builder::default();
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        let (event, raw) = event.map_err(|error| syntax(text, &error))?;
        match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 && dialect == Dialect::Plain {
                    return Err(error(YamlProblem::ManyDocuments, &raw));
                }
                builder.anchors.clear();
            }
            Event::Scalar(value, style, anchor, tag) => {
                let reset = dialect.allows(anchor, tag.as_deref(), &raw)?;
                let value = match style {
                    _ if reset => Value::Null,
                    ScalarStyle::Plain => scalar::resolve(value),
                    _ => Value::String(value),
                };
                builder.anchored(node(value, &raw), anchor)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                let reset = dialect.allows(anchor, tag.as_deref(), &raw)?;
                builder.open(node(Value::Sequence(Vec::new()), &raw), anchor, reset)?;
            }
            Event::MappingStart(_, anchor, tag) => {
                let reset = dialect.allows(anchor, tag.as_deref(), &raw)?;
                builder.open(node(Value::Mapping(Vec::new()), &raw), anchor, reset)?;
            }
            Event::SequenceEnd | Event::MappingEnd => builder.close(&raw)?,
            Event::Alias(_) if dialect == Dialect::Plain => return Err(error(YamlProblem::Alias, &raw)),
            Event::Alias(anchor) => builder.alias(anchor, &raw)?,
            _ => {}
        }
    }
    Ok(builder.documents)
}

/// Whether a text is YAML, including features that [`parse`] refuses (such as a compose file's anchors).
/// The error is the parser's message.
pub fn well_formed(text: &str) -> Result<(), String> {
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        event.map_err(|error| error.info())?;
    }
    Ok(())
}

/// A single carriage return ends a line in YAML and in some editors, but not in others, so that line numbers
/// after it would be ambiguous.
fn lone_carriage_return(text: &str) -> Result<(), YamlError> {
    let bytes = text.as_bytes();
    let lone = text.match_indices('\r').find(|(at, _)| bytes.get(at + 1) != Some(&b'\n'));
    let Some((at, _)) = lone else { return Ok(()) };
    let (row, column) = Places::new(text).at(at);
    let problem = YamlProblem::Syntax("a carriage return stands without a line feed".to_owned());
    Err(YamlError { problem, span: Span::point(row, column) })
}

/// The open nodes, innermost last.
#[derive(Default)]
struct Builder<'t> {
    open: Vec<Open<'t>>,
    documents: Vec<Node<'t>>,
    anchors: HashMap<usize, Node<'t>>,
    /// How many nodes aliases have added.
    copied: usize,
}

struct Open<'t> {
    node: Node<'t>,
    /// Its anchor; 0 is none.
    anchor: usize,
    /// Whether it is removed with everything in it.
    reset: bool,
    /// The key that waits for its value.
    key: Option<(Cow<'t, str>, Span)>,
    /// Every key so far, once there are too many to search one by one.
    keys: HashSet<Box<str>>,
}

/// From this many keys on a mapping is searched by hash, so that a hostile file costs linear time.
const MANY_KEYS: usize = 32;

/// How many nodes aliases may add, so that a chain of them can't grow into gigabytes.
const MAX_COPIED: usize = 100_000;

impl<'t> Builder<'t> {
    fn open(&mut self, node: Node<'t>, anchor: usize, reset: bool) -> Result<(), YamlError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(YamlError { problem: YamlProblem::TooDeep, span: node.span });
        }
        if let Some(Open { node: Node { value: Value::Mapping(_), .. }, key: None, .. }) = self.open.last() {
            return Err(YamlError { problem: YamlProblem::Key, span: node.span });
        }
        self.open.push(Open { node, anchor, reset, key: None, keys: HashSet::new() });
        Ok(())
    }

    fn anchored(&mut self, node: Node<'t>, anchor: usize) -> Result<(), YamlError> {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        self.value(node)
    }

    fn alias(&mut self, anchor: usize, raw: &RawSpan) -> Result<(), YamlError> {
        let node = self.anchors.get(&anchor).ok_or_else(|| {
            let problem = "the alias names no value that ends before it";
            error(YamlProblem::Syntax(problem.to_owned()), raw)
        })?;
        let (nodes, depth) = extent(node);
        self.copied += nodes;
        if self.copied > MAX_COPIED || self.open.len() + depth > MAX_DEPTH {
            return Err(error(YamlProblem::TooDeep, raw));
        }
        let node = node.clone();
        self.value(node)
    }

    fn close(&mut self, raw: &RawSpan) -> Result<(), YamlError> {
        let Some(Open { mut node, anchor, reset, .. }) = self.open.pop() else { return Ok(()) };
        // A block collection "ends" where the next token begins: end it with its last child instead.
        let last = match &node.value {
            Value::Sequence(items) => items.last(),
            Value::Mapping(entries) => entries.last().map(|entry| &entry.value),
            _ => None,
        };
        let (end, bytes) = match last {
            Some(last) if raw.start == raw.end => (last.span, last.bytes.end),
            _ => (convert(raw), raw.byte_range().map_or(node.bytes.end, |range| range.end)),
        };
        (node.span.end_line, node.span.end_column) = (end.end_line, end.end_column);
        node.bytes.end = bytes;
        if reset {
            node.value = Value::Null;
        }
        self.anchored(node, anchor)
    }

    fn value(&mut self, node: Node<'t>) -> Result<(), YamlError> {
        let Some(Open { node: parent, key, keys, .. }) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        match (&mut parent.value, key.take()) {
            (Value::Sequence(items), _) => items.push(node),
            (Value::Mapping(entries), Some((key, key_span))) => {
                entries.push(MappingEntry { key, key_span, value: node });
            }
            (Value::Mapping(entries), None) => {
                let text = match node.value {
                    Value::String(text) => text,
                    Value::Number(number) => number.to_string().into(),
                    Value::Bool(value) => value.to_string().into(),
                    _ => return Err(YamlError { problem: YamlProblem::Key, span: node.span }),
                };
                if let Some(first) = first_place(entries, keys, &text) {
                    let problem = YamlProblem::DuplicateKey { key: text.into_owned(), first };
                    return Err(YamlError { problem, span: node.span });
                }
                *key = Some((text, node.span));
            }
            _ => {}
        }
        Ok(())
    }
}

/// The place of an existing key.
fn first_place(entries: &[MappingEntry<'_>], keys: &mut HashSet<Box<str>>, key: &str) -> Option<Span> {
    if entries.len() >= MANY_KEYS {
        if keys.is_empty() {
            keys.extend(entries.iter().map(|entry| Box::from(&*entry.key)));
        }
        if keys.insert(key.into()) {
            return None;
        }
    }
    entries.iter().find(|entry| entry.key == key).map(|entry| entry.key_span)
}

fn node<'t>(value: Value<'t>, raw: &RawSpan) -> Node<'t> {
    Node { value, span: convert(raw), bytes: raw.byte_range().unwrap_or_default() }
}

/// The number of nodes of a tree, and its depth.
fn extent(node: &Node<'_>) -> (usize, usize) {
    let children = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value));
    children.map(extent).fold((1, 1), |(nodes, depth), (more, deep)| (nodes + more, depth.max(deep + 1)))
}

impl Dialect {
    /// Whether a node with this tag is removed; an error if the dialect has no anchors and tags.
    fn allows(
        self,
        anchor: usize,
        tag: Option<&granit_parser::Tag>,
        raw: &RawSpan,
    ) -> Result<bool, YamlError> {
        match (self, tag) {
            (Self::Compose, tag) => Ok(tag.is_some_and(|tag| tag.original() == "!reset")),
            (Self::Plain, _) if anchor != 0 => Err(error(YamlProblem::Alias, raw)),
            (Self::Plain, Some(tag)) => Err(error(YamlProblem::Tag(tag.original()), raw)),
            (Self::Plain, None) => Ok(false),
        }
    }
}

fn error(problem: YamlProblem, raw: &RawSpan) -> YamlError {
    YamlError { problem, span: convert(raw) }
}

fn syntax(text: &str, error: &granit_parser::ScanError) -> YamlError {
    let at = error.marker();
    let span = Span::point(count(at.line()), count(at.col()) + 1);
    let problem = match error.kind() {
        ErrorKind::RecursionLimitExceeded => YamlProblem::TooDeep,
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart => YamlProblem::Tab,
        // If a tab precedes the error, the parser often reports a place after it.
        _ if indents_with_tab(text, span.line) => YamlProblem::Tab,
        _ => YamlProblem::Syntax(error.info()),
    };
    YamlError { problem, span }
}

fn indents_with_tab(text: &str, line: u32) -> bool {
    let line = text.lines().nth((line as usize).saturating_sub(1)).unwrap_or_default();
    line[..line.len() - line.trim_start().len()].contains('\t')
}

fn convert(raw: &RawSpan) -> Span {
    Span {
        line: count(raw.start.line()),
        column: count(raw.start.col()) + 1,
        end_line: count(raw.end.line()),
        end_column: count(raw.end.col()) + 1,
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn problem(text: &str) -> YamlProblem {
        parse(text).unwrap_err().problem
    }

    #[test]
    fn every_value_knows_its_place() {
        let tree = parse("a: 1\nports:\n  frontend: 8080 # web\n  db: \"x\"\nlist: [1, zwölf]\n").unwrap();
        let port = tree.at_pointer("/ports/frontend").unwrap();
        assert_eq!((port.span, port.bytes.clone()), (Span::on_line(3, 13, 4), 24..28));
        let db = tree.at_pointer("/ports/db").unwrap();
        assert_eq!(db.span, Span::on_line(4, 7, 3));
        assert_eq!(tree.at_pointer("/list/1").unwrap().span, Span::on_line(5, 11, 5));
        assert_eq!(tree.entries()[1].key_span, Span::on_line(2, 1, 5));
        let ports = tree.get("ports").unwrap();
        assert_eq!((ports.span.line, ports.span.end_line, ports.span.end_column), (3, 4, 10));
    }

    #[test]
    fn refuses_what_is_no_plain_data() {
        assert_eq!(problem(""), YamlProblem::Empty);
        assert_eq!(problem("# only this\n"), YamlProblem::Empty);
        assert_eq!(problem("a: &x 1\nb: *x\n"), YamlProblem::Alias);
        assert_eq!(problem("a: !!python/object x\n"), YamlProblem::Tag("!!python/object".into()));
        assert_eq!(problem("? [a]\n: 1\n"), YamlProblem::Key);
        assert_eq!(problem("a: 1\n---\nb: 1\n"), YamlProblem::ManyDocuments);
        assert_eq!(problem(&"[".repeat(100_000)), YamlProblem::TooDeep);
        assert_eq!(problem(&"- ".repeat(100_000)), YamlProblem::TooDeep);
        assert_eq!(problem("a:\n\tb: 1\n"), YamlProblem::Tab);
        assert!(matches!(problem("a: [1\nb: 2\n"), YamlProblem::Syntax(_)));
        assert_eq!(
            problem("a: 1\nb: 2\na: 3\n"),
            YamlProblem::DuplicateKey { key: "a".into(), first: Span::on_line(1, 1, 1) }
        );
    }

    #[test]
    fn a_key_can_not_repeat_among_many_either() {
        let mut text = String::new();
        for key in 0..50_000 {
            text += &format!("k{key}: 1\n");
        }
        assert!(parse(&text).is_ok());
        text += "k7: 2\n";
        assert!(matches!(problem(&text), YamlProblem::DuplicateKey { .. }));
    }

    #[test]
    fn compose_files_may_use_anchors_tags_and_documents() {
        let text = "x: &a {k: 1}\ny: {<<: *a, z: *a}\nr: !reset [1]\ns: !override [2]\n---\n- *b\n";
        assert_eq!(
            parse_compose(text).unwrap_err().problem,
            YamlProblem::Syntax("while parsing node, found unknown anchor".into())
        );
        let documents = parse_compose(text.trim_end_matches("- *b\n")).unwrap();
        assert_eq!(
            documents[0].to_json(),
            serde_json::json!({"x": {"k": 1}, "y": {"<<": {"k": 1}, "z": {"k": 1}}, "r": null, "s": [2]})
        );
        let mut laughs = "a0: &a0 [x, x]\n".to_owned();
        for level in 1..40 {
            laughs += &format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1);
        }
        assert_eq!(parse_compose(&laughs).unwrap_err().problem, YamlProblem::TooDeep);
        assert!(matches!(parse_compose("a: &a [*a]\n").unwrap_err().problem, YamlProblem::Syntax(_)));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[\\PC\n\t]{0,200}") {
            let _ = parse(&text);
            let _ = parse_compose(&text);
        }

        #[test]
        fn no_yaml_like_text_panics(text in "[a-c:\\[\\]{}&*!|>'\"#,\\- \n\t]{0,120}") {
            let _ = parse(&text);
            let _ = parse_compose(&text);
        }

        #[test]
        fn json_is_yaml(text in "\\PC{0,40}", number in any::<i64>()) {
            let json = serde_json::json!({"t": text, "n": number, "l": [true, null]});
            prop_assert_eq!(parse(&json.to_string()).unwrap().to_json(), json);
        }
    }
}
