//! JSON (RFC 8259).

use crate::yaml::{self, Node};

/// The tree of a JSON text, with places. The text must be strict JSON.
pub(super) fn parse(text: &str) -> Result<Node<'_>, String> {
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|error| format!("is not JSON: {error}"))?;
    yaml::parse(text).map_err(|error| {
        format!("is not the JSON that scalr can edit (line {}: {:?})", error.span.line, error.problem)
    })
}

pub(super) fn encode(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
