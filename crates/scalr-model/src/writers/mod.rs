//! Writing a value into a structured file, so that it reads back as exactly that value.
//!
//! This is the only way in which free text reaches a file. A writer finds the slot of a key in the
//! text, spells the value in the format's own escapes and leaves every other byte alone.

mod html;
mod json;
mod markdown;

use std::ops::Range;

use super::env;
use super::yaml::{self, Node, Value, edit};

/// A format that has a writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
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

/// What can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    /// Any text.
    Text(String),
    /// A whole number.
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
    /// The format of that name in template.yml.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "yaml" => Self::Yaml,
            "json" => Self::Json,
            "dotenv" => Self::Dotenv,
            "markdown" => Self::Markdown,
            "html" => Self::Html,
            _ => return None,
        })
    }

    /// Reads a text once, for any number of keys. The error completes "the file …".
    pub fn open(self, text: &str) -> Result<FormattedText<'_>, String> {
        let tree = match self {
            Self::Yaml => Some(yaml::parse(text).map_err(|error| {
                format!("is not the YAML that scalr can edit (line {}: {:?})", error.span.line, error.problem)
            })?),
            // JSON is YAML: the same tree tells where a value stands.
            Self::Json => Some(json::parse(text)?),
            _ => None,
        };
        Ok(FormattedText { format: self, text, tree })
    }

    /// The value in this format's spelling.
    #[must_use]
    pub fn encode(self, value: &Scalar) -> String {
        match (self, value) {
            (Self::Yaml, Scalar::Text(text)) => edit::scalar(text),
            (Self::Json, Scalar::Text(text)) => json::encode(text),
            (Self::Dotenv, value) => env::encode(&value.to_string()),
            (Self::Markdown, value) => markdown::encode(&value.to_string()),
            (Self::Html, value) => html::encode(&value.to_string()),
            (_, Scalar::Number(number)) => number.to_string(),
        }
    }
}

/// A text whose slots can be found.
#[derive(Debug)]
pub struct FormattedText<'a> {
    format: FileFormat,
    text: &'a str,
    tree: Option<Node<'a>>,
}

impl FormattedText<'_> {
    /// Where the value of a key stands, in bytes.
    pub fn locate(&self, key: &str) -> Result<Range<usize>, String> {
        match (&self.tree, self.format) {
            (Some(tree), _) => edit::locate(tree, key),
            (None, FileFormat::Markdown) => markdown::locate(self.text, key),
            (None, FileFormat::Html) => html::locate(self.text, key),
            (None, _) => env::locate(self.text, key),
        }
    }

    /// The value of a key as a reader of the format gets it.
    pub fn read(&self, key: &str) -> Result<String, String> {
        if let Some(tree) = &self.tree {
            let node =
                key.split('.').try_fold(tree, Node::get).ok_or_else(|| format!("there is no key `{key}`"))?;
            return Ok(match &node.value {
                Value::String(text) => text.to_string(),
                _ => node.to_json().to_string(),
            });
        }
        let slot = self.locate(key)?;
        match self.format {
            FileFormat::Markdown => Ok(markdown::decode(&self.text[slot])),
            FileFormat::Html => Ok(html::decode(&self.text[slot])),
            _ => {
                let variables = env::parse(self.text).map_err(|error| error.message)?;
                match env::get(&variables, key).map(|variable| &variable.value) {
                    Some(env::VariableValue::Literal(value)) => Ok(value.clone()),
                    _ => Err(format!("`{key}` is no literal")),
                }
            }
        }
    }
}
