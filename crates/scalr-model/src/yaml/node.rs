//! The tree: values of JSON's data model, each with its place. Texts are borrowed from the file if it holds
//! them unchanged.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostics::Span;

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'t> {
    pub(crate) value: Value<'t>,
    /// Its place, for people.
    pub(crate) span: Span,
    /// Its place in the parsed text, in bytes.
    pub(crate) bytes: Range<usize>,
}

/// A value of JSON's data model.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'t> {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    String(Cow<'t, str>),
    Sequence(Vec<Node<'t>>),
    /// Keys and values in the order of the file, no key twice.
    Mapping(Vec<MappingEntry<'t>>),
}

/// One key of a mapping with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct MappingEntry<'t> {
    pub(crate) key: Cow<'t, str>,
    /// The key's place.
    pub(crate) key_span: Span,
    pub(crate) value: Node<'t>,
}

impl<'t> Node<'t> {
    /// The entries of a mapping; none for any other value.
    #[must_use]
    pub(crate) fn entries(&self) -> &[MappingEntry<'t>] {
        match &self.value {
            Value::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; none for any other value.
    #[must_use]
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The value at a key of this mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| &*entry.key == key).map(|entry| &entry.value)
    }

    /// The text, if the value is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if the value is an integer that fits.
    #[must_use]
    pub(crate) fn as_u64(&self) -> Option<u64> {
        match &self.value {
            Value::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    /// The boolean, if the value is one.
    #[must_use]
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The node that a JSON pointer (RFC 6901) leads to.
    #[must_use]
    pub(crate) fn at_pointer(&self, pointer: &str) -> Option<&Self> {
        pointer.split('/').skip(1).try_fold(self, |node, part| match &node.value {
            Value::Sequence(items) => items.get(part.parse::<usize>().ok()?),
            _ if part.contains('~') => node.get(&part.replace("~1", "/").replace("~0", "~")),
            _ => node.get(part),
        })
    }

    /// The tree as plain JSON.
    #[must_use]
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => serde_json::Value::Number(number.clone()),
            Value::String(text) => serde_json::Value::String(text.to_string()),
            Value::Sequence(items) => items.iter().map(Self::to_json).collect(),
            Value::Mapping(entries) => serde_json::Value::Object(
                entries.iter().map(|entry| (entry.key.to_string(), entry.value.to_json())).collect(),
            ),
        }
    }

    /// The tree without borrowed texts, to keep it longer than the text.
    #[must_use]
    pub(crate) fn into_owned(self) -> Node<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let value = match self.value {
            Value::Null => Value::Null,
            Value::Bool(value) => Value::Bool(value),
            Value::Number(number) => Value::Number(number),
            Value::String(text) => Value::String(owned(text)),
            Value::Sequence(items) => Value::Sequence(items.into_iter().map(Node::into_owned).collect()),
            Value::Mapping(entries) => {
                let entry = |MappingEntry { key, key_span, value }| MappingEntry {
                    key: owned(key),
                    key_span,
                    value: Node::into_owned(value),
                };
                Value::Mapping(entries.into_iter().map(entry).collect())
            }
        };
        Node { value, span: self.span, bytes: self.bytes }
    }

    /// What kind of value this is, in the words of the error messages.
    #[must_use]
    pub(crate) fn type_name(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number(number) if number.is_f64() => "a number",
            Value::Number(_) => "a whole number",
            Value::String(_) => "a text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a map",
        }
    }
}
