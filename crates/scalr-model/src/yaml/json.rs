//! The spanned tree as an instance that the JSON-schema validator reads in place.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node as JsonNode, NodeIdentity, Object};

use super::node::{MappingEntry, Node, Value};
use crate::diagnostics::Span;

/// The representation for `jsonschema::options_for`.
pub struct Yaml;

impl Json for Yaml {
    type Node<'a> = &'a Node<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = Option<Node<'static>>;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>(
        buffer: &mut Option<Node<'static>>,
        string: &str,
        f: impl for<'a> FnOnce(&'a Node<'a>) -> T,
    ) -> T {
        let node = Node { value: Value::String(string.to_owned().into()), span: Span::START, bytes: 0..0 };
        f(buffer.insert(node))
    }
}

/// A borrowed JSON number.
pub struct Number<'a>(&'a serde_json::Number);

impl JsonNumber for Number<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.0.as_u64()
    }
    fn as_i64(&self) -> Option<i64> {
        self.0.as_i64()
    }
    fn as_f64(&self) -> Option<f64> {
        self.0.as_f64()
    }
    fn as_str(&self) -> Cow<'_, str> {
        self.0.to_string().into()
    }
    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        Cow::Borrowed(self.0)
    }
}

impl<'a> JsonNode<'a, Yaml> for &'a Node<'a> {
    type Object = Entries<'a>;
    type Array = Items<'a>;
    type Number = Number<'a>;

    fn as_object(&self) -> Option<Entries<'a>> {
        match &self.value {
            Value::Mapping(entries) => Some(Entries(entries)),
            _ => None,
        }
    }
    fn as_array(&self) -> Option<Items<'a>> {
        match &self.value {
            Value::Sequence(items) => Some(Items(items)),
            _ => None,
        }
    }
    fn as_string(&self) -> Option<Cow<'a, str>> {
        match &self.value {
            Value::String(text) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }
    fn as_number(&self) -> Option<Number<'a>> {
        match &self.value {
            Value::Number(number) => Some(Number(number)),
            _ => None,
        }
    }
    fn as_boolean(&self) -> Option<bool> {
        self.as_bool()
    }
    fn is_null(&self) -> bool {
        self.value == Value::Null
    }
    fn json_type(&self) -> JsonType {
        match &self.value {
            Value::Null => JsonType::Null,
            Value::Bool(_) => JsonType::Boolean,
            Value::Number(_) => JsonType::Number,
            Value::String(_) => JsonType::String,
            Value::Sequence(_) => JsonType::Array,
            Value::Mapping(_) => JsonType::Object,
        }
    }
    fn equals_value(&self, expected: &serde_json::Value) -> bool {
        match (&self.value, expected) {
            (Value::String(text), serde_json::Value::String(expected)) => **text == **expected,
            (Value::String(_), _) | (_, serde_json::Value::String(_)) => false,
            _ => jsonschema::json::cmp::equal(&self.to_json(), expected),
        }
    }
    fn to_value(&self) -> Cow<'a, serde_json::Value> {
        Cow::Owned(self.to_json())
    }
    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(std::ptr::from_ref::<Node<'_>>(*self).addr()))
    }
}

/// The entries of a mapping.
#[derive(Clone, Copy)]
pub struct Entries<'a>(&'a [MappingEntry<'a>]);

impl<'a> Object<'a, Yaml> for Entries<'a> {
    type Node = &'a Node<'a>;
    type MemberName = &'a str;
    type MembersIter = std::iter::Map<
        std::slice::Iter<'a, MappingEntry<'a>>,
        fn(&'a MappingEntry<'a>) -> (&'a str, &'a Node<'a>),
    >;

    fn len(&self) -> usize {
        self.0.len()
    }
    fn get(&self, key: &Box<str>) -> Option<&'a Node<'a>> {
        self.0.iter().find(|entry| *entry.key == **key).map(|entry| &entry.value)
    }
    fn members(&self) -> Self::MembersIter {
        self.0.iter().map(|entry| (&*entry.key, &entry.value))
    }
}

/// Up to this many items are compared pairwise.
const FEW: usize = 16;

/// The items of a sequence.
#[derive(Clone, Copy)]
pub struct Items<'a>(&'a [Node<'a>]);

impl<'a> Array<'a, Yaml> for Items<'a> {
    type Node = &'a Node<'a>;
    type ElementsIter = std::slice::Iter<'a, Node<'a>>;

    fn len(&self) -> usize {
        self.0.len()
    }
    fn elements(&self) -> std::slice::Iter<'a, Node<'a>> {
        self.0.iter()
    }
    fn is_unique(&self) -> bool {
        // Most lists hold a few texts, which need not be copied.
        if self.0.len() <= FEW && self.0.iter().all(|item| item.as_str().is_some()) {
            let is_new = |at: usize| self.0[..at].iter().all(|before| before.as_str() != self.0[at].as_str());
            return (1..self.0.len()).all(is_new);
        }
        let values: Vec<serde_json::Value> = self.0.iter().map(Node::to_json).collect();
        jsonschema::json::unique::is_unique(&values)
    }
}
