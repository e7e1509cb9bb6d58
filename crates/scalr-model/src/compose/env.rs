//! The variables that a compose file uses.
//!
//! Compose interpolates every value of the file, also within `x-` keys and services that no profile starts, but no key
//! and no comment. It uses some variables without a dollar sign too: `environment: [NAME]` and the like.

use std::collections::HashSet;

use crate::diagnostics::{Finding, Location, Span};
use crate::document::{self, DocumentKind};
use crate::rel_path::RelPath;
use crate::yaml::{self, Node, Value};

/// The variables and files of one compose file.
#[derive(Debug, Clone, Default)]
pub struct Asks {
    pub path: RelPath,
    /// Every text with a dollar sign that Compose interpolates, with its place.
    pub texts: Vec<(String, Span)>,
    /// Variables that are passed on under their own name if they are set.
    pub handed_on: Vec<(String, Span)>,
    /// Variables with the value of a secret or config.
    pub contents: Vec<(String, Span)>,
    /// Env files that a container gets as a whole (`env_file`).
    pub env_files: Vec<RelPath>,
    /// Further compose files of this repository: `include` and `extends`.
    pub files: Vec<RelPath>,
}

impl Asks {
    /// Reads a compose file; the error is why it can't be read.
    pub fn parse(path: &RelPath, bytes: &[u8]) -> Result<Self, Box<Finding>> {
        let text = document::decode(path, bytes, &mut Vec::new())?;
        match yaml::parse_compose(text) {
            Ok(documents) => Ok(Self::of(path, &documents)),
            Err(error) => Err(Box::new(DocumentKind::ComposeFile.finding(path, &error))),
        }
    }

    /// Reads the documents of a compose file.
    #[must_use]
    pub fn of(path: &RelPath, documents: &[Node<'_>]) -> Self {
        let mut asks = Self { path: path.clone(), ..Self::default() };
        let mut seen = HashSet::new();
        for document in documents {
            asks.texts(document, &mut seen);
            for service in values(document, "services") {
                asks.names(get(service, "environment"));
                asks.names(get(service, "build").and_then(|build| get(build, "args")));
                for file in one_or_many(get(service, "env_file")) {
                    asks.env_files.extend(asks.local(get(file, "path").unwrap_or(file)));
                }
                let base = get(service, "extends").and_then(|extends| get(extends, "file"));
                asks.files.extend(base.and_then(|file| asks.local(file)));
            }
            for key in ["secrets", "configs"] {
                for made in values(document, key).filter_map(|item| get(item, "environment")) {
                    asks.contents.extend(name(made));
                }
            }
            for include in one_or_many(get(document, "include")) {
                for file in one_or_many(Some(get(include, "path").unwrap_or(include))) {
                    asks.files.extend(asks.local(file));
                }
            }
        }
        asks
    }

    /// A place in this file.
    #[must_use]
    pub fn at(&self, span: Span) -> Location {
        Location::at(&self.path, span)
    }

    /// The text of an alias was recorded at its anchor.
    fn texts(&mut self, node: &Node<'_>, seen: &mut HashSet<usize>) {
        match &node.value {
            Value::String(text) if text.contains('$') && seen.insert(node.bytes.start) => {
                self.texts.push((text.to_string(), node.span));
            }
            Value::Sequence(items) => items.iter().for_each(|item| self.texts(item, seen)),
            Value::Mapping(entries) => entries.iter().for_each(|entry| self.texts(&entry.value, seen)),
            _ => {}
        }
    }

    /// The names without a value in `NAME:` or `- NAME`.
    fn names(&mut self, node: Option<&Node<'_>>) {
        let Some(node) = node else { return };
        self.handed_on.extend(node.items().iter().filter_map(name));
        for entry in node.entries() {
            match entry.value.value {
                Value::Null => self.handed_on.push((entry.key.to_string(), entry.key_span)),
                _ if &*entry.key == "<<" => {
                    one_or_many(Some(&entry.value)).for_each(|merged| self.names(Some(merged)));
                }
                _ => {}
            }
        }
    }

    /// A path in the repository; `None` for a computed, remote or outside one.
    fn local(&self, node: &Node<'_>) -> Option<RelPath> {
        let text = node.as_str()?;
        let remote = text.contains(['$', ':']) || text.starts_with('/') || text.contains(".git#");
        if remote { None } else { self.path.parent().resolve(text) }
    }
}

/// A variable's name by itself.
fn name(node: &Node<'_>) -> Option<(String, Span)> {
    let text = node.as_str()?;
    (!text.contains(['=', '$'])).then(|| (text.to_owned(), node.span))
}

/// The value at a key, which may come from `<<`.
fn get<'a, 't>(node: &'a Node<'t>, key: &str) -> Option<&'a Node<'t>> {
    node.get(key).or_else(|| one_or_many(node.get("<<")).find_map(|merged| get(merged, key)))
}

/// The values of the mapping at a key.
fn values<'a, 't>(node: &'a Node<'t>, key: &str) -> impl Iterator<Item = &'a Node<'t>> {
    node.get(key).map(Node::entries).unwrap_or_default().iter().map(|entry| &entry.value)
}

/// The items of a list, or the single value.
fn one_or_many<'a, 't>(node: Option<&'a Node<'t>>) -> impl Iterator<Item = &'a Node<'t>> {
    let list = node.map(Node::items).unwrap_or_default();
    list.iter().chain(node.filter(|node| !matches!(node.value, Value::Sequence(_))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(text: &str) -> Asks {
        Asks::of(&RelPath::new("apps/a/docker-compose.yml").unwrap(), &yaml::parse_compose(text).unwrap())
    }

    fn names(asked: &[(String, Span)]) -> Vec<&str> {
        asked.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn values_count_and_comments_and_keys_do_not() {
        let asks = asks(
            "name: $N # ${COMMENT}\n# $COMMENT\nx-a: &a [\"${A}\", plain, 5]\nservices:\n  s:\n    $KEY: 'l: $L'\n    y: *a\n    \
             r: !reset $R\n    block: |\n      one\n      ${B:-b}\n",
        );
        assert_eq!(names(&asks.texts), ["$N", "${A}", "l: $L", "one\n${B:-b}\n"]);
        assert_eq!(asks.texts[0].1.line, 1);
        assert_eq!((asks.texts[2].1.line, asks.texts[2].1.column), (6, 11));
    }

    #[test]
    fn names_are_handed_on_without_a_dollar_sign() {
        let asks = asks(
            "x-env: &env\n  SHARED:\n  SET: 1\nservices:\n  s:\n    environment:\n      <<: *env\n      OWN:\n      BLANK: ''\n    \
             build: {context: ., args: [ARG, \"B=1\"]}\n  t: &t\n    environment: [LIST, \"C=$D\", \"$E\"]\n  u:\n    <<: *t\n\
             secrets:\n  p: {environment: SECRET}\nconfigs:\n  c: {environment: CONFIG}\n",
        );
        assert_eq!(names(&asks.handed_on), ["SHARED", "OWN", "ARG", "LIST", "LIST"]);
        assert_eq!(names(&asks.contents), ["SECRET", "CONFIG"]);
    }

    #[test]
    fn other_files_are_followed_within_the_repository() {
        let asks = asks(
            "include:\n  - ../b/compose.yml\n  - path: [x.yml, ./y.yml]\n  - oci://registry/image\n  - ../../../outside.yml\nservices:\n  \
             s:\n    extends: {file: base.yml, service: s}\n    env_file: .env.app\n  t:\n    extends: s\n    \
             env_file: [one.env, {path: ../two.env, required: false}, \"$X.env\", /etc/three.env]\n",
        );
        let paths = |paths: &[RelPath]| paths.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            paths(&asks.files),
            ["apps/a/base.yml", "apps/b/compose.yml", "apps/a/x.yml", "apps/a/y.yml"]
        );
        assert_eq!(paths(&asks.env_files), ["apps/a/.env.app", "apps/a/one.env", "apps/two.env"]);
    }
}
