//! Writes a value into a structured file, so that it reads back as exactly that value.
//!
//! Free text reaches files only through a writer. A writer finds the slot of a key in the
//! text, escapes the value for the format and keeps every other byte.

mod html;
mod json;
mod markdown;

use std::ops::Range;

use serde::Deserialize;

use super::env;
use super::yaml::{self, Node, Value, edit};

/// A format that has a writer, by its name in template.yml. Every choice by format is a `match` without a
/// wildcard, so that a new format does not compile until it has a reader and a writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FileFormat {
    /// YAML 1.2; keys are dotted paths.
    Yaml,
    /// JSON (RFC 8259); keys are dotted paths.
    Json,
    /// An env file as Compose reads it; keys are variables.
    Dotenv,
    /// CommonMark; keys are `title` and `lead`.
    Markdown,
    /// HTML; keys are `title` and `description`.
    Html,
}

/// A value that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scalar {
    Text(String),
    Number(u64),
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

impl FileFormat {
    /// Reads a text once, for any number of keys. The error completes "the file …".
    pub(crate) fn open(self, text: &str) -> Result<FormattedText<'_>, String> {
        Ok(match self {
            Self::Yaml => FormattedText::Tree(yaml::parse(text).map_err(|error| {
                format!("is not the YAML that scalr can edit (line {}: {:?})", error.span.line, error.problem)
            })?),
            // JSON is YAML, so the same tree has the places of values.
            Self::Json => FormattedText::Tree(json::parse(text)?),
            Self::Dotenv => FormattedText::Dotenv(text),
            Self::Markdown => FormattedText::Markdown(text),
            Self::Html => FormattedText::Html(text),
        })
    }

    /// The value in this format's spelling.
    #[must_use]
    pub(crate) fn encode(self, value: &Scalar) -> String {
        match (self, value) {
            (Self::Yaml, Scalar::Text(text)) => edit::scalar(text),
            (Self::Json, Scalar::Text(text)) => json::encode(text),
            (Self::Yaml | Self::Json, Scalar::Number(number)) => number.to_string(),
            (Self::Dotenv, value) => env::encode(&value.to_string()),
            (Self::Markdown, value) => markdown::encode(&value.to_string()),
            (Self::Html, value) => html::encode(&value.to_string()),
        }
    }
}

/// A text whose slots can be found.
#[derive(Debug)]
pub(crate) enum FormattedText<'a> {
    /// YAML and JSON.
    Tree(Node<'a>),
    Dotenv(&'a str),
    Markdown(&'a str),
    Html(&'a str),
}

impl FormattedText<'_> {
    /// The place of a key's value, in bytes.
    pub(crate) fn locate(&self, key: &str) -> Result<Range<usize>, String> {
        match self {
            Self::Tree(tree) => edit::locate(tree, key),
            Self::Dotenv(text) => env::locate(text, key),
            Self::Markdown(text) => markdown::locate(text, key),
            Self::Html(text) => html::locate(text, key),
        }
    }

    /// The value of a key as a reader of the format returns it.
    pub(crate) fn read(&self, key: &str) -> Result<String, String> {
        match self {
            Self::Tree(tree) => {
                let node = key.split('.').try_fold(tree, Node::get);
                let node = node.ok_or_else(|| format!("there is no key `{key}`"))?;
                Ok(match &node.value {
                    Value::String(text) => text.to_string(),
                    _ => node.to_json().to_string(),
                })
            }
            Self::Dotenv(text) => {
                let variables = env::parse(text).map_err(|error| error.message)?;
                match env::get(&variables, key).map(|variable| &variable.value) {
                    Some(env::VariableValue::Literal(value)) => Ok(value.clone()),
                    Some(env::VariableValue::Inherited) | None => {
                        Err(format!("there is no variable `{key}`"))
                    }
                    Some(_) => Err(format!("`{key}` is no literal")),
                }
            }
            Self::Markdown(text) => Ok(markdown::decode(&text[markdown::locate(text, key)?])),
            Self::Html(text) => Ok(html::decode(&text[html::locate(text, key)?])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A format that the schema of template.yml offers and that has no writer would only fail at a person's scaffold.
    #[test]
    fn every_format_of_the_schema_has_a_writer() {
        let schema: serde_json::Value = serde_json::from_str(crate::schema::TEMPLATE).unwrap();
        let names = schema.pointer("/properties/set/items/properties/format/enum").unwrap();
        let formats: Vec<FileFormat> = serde_json::from_value(names.clone()).unwrap();
        assert_eq!(formats.len(), 5);
    }
}
