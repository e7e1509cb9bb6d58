//! YAML as a tree in which every value has its place.
//!
//! One tree serves everything: the schema is checked on the tree in place ([`json`]), typed values
//! are read out of it, and edits are made at its byte ranges ([`edit`]). The parser's events are
//! folded with a policy of our own: YAML 1.2's core schema, no duplicate keys, no aliases, no tags,
//! one document, 64 levels.

pub(crate) mod edit;
mod json;
mod node;
mod parse;
mod scalar;

pub use json::Yaml;
pub use node::{MappingEntry, Node, Value};
pub use parse::{YamlError, YamlProblem, parse, parse_compose, well_formed};
