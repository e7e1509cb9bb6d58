//! Readable messages for violations of a schema.

use std::collections::HashSet;

use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind as Kind};
use serde_json::Value as Json;

use super::{MAX_PER_FILE, Schema};
use crate::codes::Code;
use crate::diagnostics::{Finding, Location, Span};
use crate::document::DocumentKind;
use crate::rel_path::RelPath;
use crate::suggest;
use crate::yaml::{Node, Value};

impl Schema {
    /// Adds the findings for one error.
    pub(super) fn explain(
        &self,
        path: &RelPath,
        root: &Node<'_>,
        error: &ValidationError<'_>,
        out: &mut Vec<Finding>,
    ) {
        let pointer = error.instance_path().as_str();
        let Some(node) = root.at_pointer(pointer) else { return };
        let what = Subject { pointer, found: node };
        let at = |span: Span| Location::at(path, span);
        let here = || at(first_line(node.span));
        match error.kind() {
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                let known = self.known_keys(error);
                for key in unexpected.iter().take(MAX_PER_FILE + 1) {
                    let entry = node.entries().iter().find(|entry| *entry.key == **key);
                    let span = entry.map_or(node.span, |entry| entry.key_span);
                    out.push(unknown_key(self.kind, key, &known, node, pointer, at(span)));
                }
            }
            Kind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                let place = if pointer.is_empty() { at(Span::START) } else { here() };
                let message = format!("the key `{key}` is missing{}", inside(pointer));
                let mut finding = Finding::new(Code::SchemaMissingKey, place, message);
                if let Some(help) = self.describe(error, key) {
                    finding = finding.help(help);
                }
                out.push(finding);
            }
            Kind::Type { kind } => {
                let expected = match kind {
                    TypeKind::Single(one) => type_word(&one.to_string()).to_owned(),
                    TypeKind::Multiple(set) => set
                        .iter()
                        .map(|one| type_word(&one.to_string()).to_owned())
                        .collect::<Vec<_>>()
                        .join(" or "),
                };
                let message = format!("{} must be {expected}, found {}", what.name(), what.shown());
                out.push(with_type_hint(Finding::new(Code::SchemaType, here(), message), node, &expected));
            }
            Kind::Enum { options } => out.push(one_of(&what, options, here())),
            Kind::Constant { expected_value } => {
                let message =
                    format!("{} must be `{}`, found {}", what.name(), plain(expected_value), what.shown());
                out.push(Finding::new(Code::SchemaValue, here(), message));
            }
            Kind::Pattern { pattern } => {
                let message = format!("{} has the wrong form: {}", what.name(), what.shown());
                let help = match (pattern.as_str(), node.as_str().and_then(crate::slug::suggest)) {
                    (pattern, Some(slug)) if pattern.starts_with("^[a-z][a-z0-9]*(-") => {
                        format!("write lower-case words joined by hyphens, such as `{slug}`")
                    }
                    (pattern, _) => format!("it must match `{pattern}`"),
                };
                out.push(Finding::new(Code::SchemaPattern, here(), message).help(help));
            }
            Kind::Minimum { limit } => out.push(range(&what, "at least", limit, here())),
            Kind::Maximum { limit } => out.push(range(&what, "at most", limit, here())),
            Kind::ExclusiveMinimum { limit } => out.push(range(&what, "more than", limit, here())),
            Kind::ExclusiveMaximum { limit } => out.push(range(&what, "less than", limit, here())),
            Kind::MinLength { limit: 1 } => {
                out.push(Finding::new(Code::SchemaLength, here(), format!("{} is empty", what.name())));
            }
            Kind::MinLength { limit } => out.push(length(&what, "at least", *limit, "characters", here())),
            Kind::MaxLength { limit } => out.push(length(&what, "at most", *limit, "characters", here())),
            Kind::MinItems { limit } => out.push(length(&what, "at least", *limit, "items", here())),
            Kind::MaxItems { limit } => out.push(length(&what, "at most", *limit, "items", here())),
            Kind::MinProperties { limit } => out.push(length(&what, "at least", *limit, "keys", here())),
            Kind::UniqueItems => out.push(repeated(&what, path, here())),
            Kind::Format { format } => {
                let message = format!("{} is no {}: {}", what.name(), format_word(format), what.shown());
                let finding = Finding::new(Code::SchemaFormat, here(), message);
                out.push(match format.as_str() {
                    "uuid" => finding.help("`uuidgen` prints a new one"),
                    "date" => finding.help("write year-month-day, such as 2026-11-22"),
                    _ => finding,
                });
            }
            _ => {
                let message = format!("{}: {}", what.name(), error.masked_with("the value"));
                out.push(Finding::new(Code::SchemaRule, here(), message));
            }
        }
    }

    /// The keys that the schema allows beside the failed `additionalProperties`.
    fn known_keys(&self, error: &ValidationError<'_>) -> Vec<&str> {
        let keyword = error.schema_path().as_str();
        let object = keyword.rsplit_once('/').map_or("", |(object, _)| object);
        self.source
            .pointer(&format!("{object}/properties"))
            .and_then(Json::as_object)
            .map(|keys| keys.keys().map(String::as_str).collect())
            .unwrap_or_default()
    }

    /// The schema's description of a missing key.
    fn describe(&self, error: &ValidationError<'_>, key: &str) -> Option<String> {
        let keyword = error.schema_path().as_str();
        let object = keyword.rsplit_once('/')?.0;
        let schema = self.source.pointer(&format!("{object}/properties/{key}"))?;
        let options = schema.get("enum").and_then(Json::as_array);
        let text = schema.get("description").and_then(Json::as_str);
        match (options, text) {
            (Some(options), _) => Some(format!("it is one of {}", list(options))),
            (None, text) => text.map(str::to_owned),
        }
    }
}

/// The subject of an error.
struct Subject<'a> {
    pointer: &'a str,
    found: &'a Node<'a>,
}

impl Subject<'_> {
    /// `` `ports.frontend` ``
    fn name(&self) -> String {
        if self.pointer.is_empty() { "the file".to_owned() } else { format!("`{}`", dotted(self.pointer)) }
    }

    /// The value in short: `` `8O80` (a text) ``
    fn shown(&self) -> String {
        match self.found.to_json() {
            Json::Object(_) | Json::Array(_) | Json::Null => self.found.type_name().to_owned(),
            Json::String(text) => format!("the text `{}`", shorten(&text)),
            other => format!("`{other}`"),
        }
    }
}

/// A text, cut to the length of a message.
#[must_use]
pub fn shorten(text: &str) -> String {
    let escaped: String = text
        .chars()
        .take(61)
        .flat_map(|c| if c.is_control() { c.escape_default().collect::<Vec<_>>() } else { vec![c] })
        .collect();
    if text.chars().count() > 60 {
        format!("{}…", escaped.chars().take(60).collect::<String>())
    } else {
        escaped
    }
}

fn dotted(pointer: &str) -> String {
    let mut out = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if part.bytes().all(|b| b.is_ascii_digit()) {
            out += &format!("[{part}]");
        } else {
            if !out.is_empty() {
                out.push('.');
            }
            out += &part;
        }
    }
    out
}

fn inside(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!(" in `{}`", dotted(pointer)) }
}

/// A block that spans lines is underlined at its first line only.
fn first_line(span: Span) -> Span {
    if span.line == span.end_line { span } else { Span::point(span.line, span.column) }
}

fn unknown_key(
    kind: DocumentKind,
    key: &str,
    known: &[&str],
    node: &Node<'_>,
    pointer: &str,
    at: Location,
) -> Finding {
    let finding = Finding::new(
        Code::SchemaUnknownKey,
        at,
        format!("the key `{}` is not known{}", shorten(key), inside(pointer)),
    );
    // A key that exists already is not suggested.
    let free = known.iter().copied().filter(|known| node.get(known).is_none());
    match suggest::nearest(key, free) {
        Some(meant) => finding.label(format!("did you mean `{meant}`?")),
        None if pointer.is_empty() && kind == DocumentKind::Manifest => {
            finding.help("keys of your own begin with `x-`; `scalr schema manifest` lists the others")
        }
        None => finding.help(format!("possible here: {}", known.join(", "))),
    }
}

fn one_of(what: &Subject<'_>, options: &Json, at: Location) -> Finding {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let message = format!("{} must be one of {}, found {}", what.name(), list(options), what.shown());
    let finding = Finding::new(Code::SchemaValue, at, message);
    let words = options.iter().filter_map(Json::as_str);
    match what.found.as_str().and_then(|found| suggest::nearest(found, words)) {
        Some(meant) => finding.label(format!("did you mean `{meant}`?")),
        None => finding,
    }
}

fn range(what: &Subject<'_>, bound: &str, limit: &Json, at: Location) -> Finding {
    Finding::new(
        Code::SchemaRange,
        at,
        format!("{} must be {bound} {limit}, found {}", what.name(), what.shown()),
    )
}

fn length(what: &Subject<'_>, bound: &str, limit: u64, unit: &str, at: Location) -> Finding {
    let has = match &what.found.value {
        Value::String(text) => text.chars().count(),
        Value::Sequence(items) => items.len(),
        _ => what.found.entries().len(),
    };
    Finding::new(
        Code::SchemaLength,
        at,
        format!("{} must have {bound} {limit} {unit}, found {has}", what.name()),
    )
}

fn repeated(what: &Subject<'_>, path: &RelPath, fallback: Location) -> Finding {
    let items = what.found.items();
    let mut seen = HashSet::new();
    let second = items.iter().find(|item| !seen.insert(item.to_json().to_string()));
    let at = second.map_or(fallback, |item| Location::at(path, first_line(item.span)));
    let message = format!("{} holds a value twice", what.name());
    Finding::new(Code::SchemaRule, at, message).help("remove one of the two")
}

fn with_type_hint(finding: Finding, node: &Node<'_>, expected: &str) -> Finding {
    match (node.as_str(), expected) {
        (Some(text), "a boolean") if ["yes", "on", "y"].contains(&text.to_lowercase().as_str()) => {
            finding.help("write true")
        }
        (Some(text), "a boolean") if ["no", "off", "n"].contains(&text.to_lowercase().as_str()) => {
            finding.help("write false")
        }
        (Some(text), "a whole number") if text.parse::<i64>().is_ok() => {
            finding.help(format!("write {text} without quotes"))
        }
        (None, "a text") if !matches!(node.to_json(), Json::Object(_) | Json::Array(_) | Json::Null) => {
            finding.help(format!("write \"{}\" in quotes", plain(&node.to_json())))
        }
        _ => finding,
    }
}

fn type_word(json_type: &str) -> &str {
    match json_type {
        "object" => "a map",
        "array" => "a list",
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "a boolean",
        "null" => "nothing",
        other => other,
    }
}

fn format_word(format: &str) -> &str {
    match format {
        "uuid" => "UUID",
        "date" => "date",
        "date-time" => "date and time",
        "hostname" => "host name",
        "email" => "e-mail address",
        "uri" => "absolute URL",
        "uri-template" => "URL template",
        other => other,
    }
}

fn list(options: &[Json]) -> String {
    options.iter().map(|option| format!("`{}`", plain(option))).collect::<Vec<_>>().join(", ")
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
