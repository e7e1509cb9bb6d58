//! The variables that a compose file uses.
//!
//! Compose interpolates every value of the file, also within `x-` keys and services that no profile starts, but no key
//! and no comment. It uses some variables without a dollar sign too: `environment: [NAME]` and the like.

use std::collections::HashSet;

use super::node::{get, one_or_many, values};
use crate::diagnostics::{Location, Span};
use crate::rel_path::RelPath;
use crate::yaml::{Node, Value};

/// The variables and files of one compose file.
#[derive(Debug, Clone, Default)]
pub struct ComposeVariables {
    pub path: RelPath,
    /// Every text with a dollar sign that Compose interpolates, with its place.
    pub(crate) texts: Vec<(String, Span)>,
    /// Variables that are passed on under their own name if they are set.
    pub(crate) handed_on: Vec<(String, Span)>,
    /// Variables with the value of a secret or config.
    pub(crate) contents: Vec<(String, Span)>,
}

impl ComposeVariables {
    /// Reads the documents of a compose file.
    #[must_use]
    pub(crate) fn of(path: &RelPath, documents: &[Node<'_>]) -> Self {
        let mut variables = Self { path: path.clone(), ..Self::default() };
        let mut seen = HashSet::new();
        for document in documents {
            variables.texts(document, &mut seen);
            for service in values(document, "services") {
                variables.names(get(service, "environment"));
                variables.names(get(service, "build").and_then(|build| get(build, "args")));
            }
            for key in ["secrets", "configs"] {
                for made in values(document, key).into_iter().filter_map(|item| get(item, "environment")) {
                    variables.contents.extend(name(made));
                }
            }
        }
        variables
    }

    /// A place in this file.
    #[must_use]
    pub(crate) fn at(&self, span: Span) -> Location {
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
}

/// A variable's name by itself.
fn name(node: &Node<'_>) -> Option<(String, Span)> {
    let text = node.as_str()?;
    (!text.contains(['=', '$'])).then(|| (text.to_owned(), node.span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn variables(text: &str) -> ComposeVariables {
        ComposeVariables::of(
            &RelPath::new("apps/a/docker-compose.yml").unwrap(),
            &yaml::parse_compose(text).unwrap(),
        )
    }

    fn names(asked: &[(String, Span)]) -> Vec<&str> {
        asked.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn values_count_and_comments_and_keys_do_not() {
        let variables = variables(
            "name: $N # ${COMMENT}\n# $COMMENT\nx-a: &a [\"${A}\", plain, 5]\nservices:\n  s:\n    $KEY: 'l: $L'\n    y: *a\n    \
             r: !reset $R\n    block: |\n      one\n      ${B:-b}\n",
        );
        assert_eq!(names(&variables.texts), ["$N", "${A}", "l: $L", "one\n${B:-b}\n"]);
        assert_eq!(variables.texts[0].1.line, 1);
        assert_eq!((variables.texts[2].1.line, variables.texts[2].1.column), (6, 11));
    }

    #[test]
    fn names_are_handed_on_without_a_dollar_sign() {
        let variables = variables(
            "x-env: &env\n  SHARED:\n  SET: 1\nservices:\n  s:\n    environment:\n      <<: *env\n      OWN:\n      BLANK: ''\n    \
             build: {context: ., args: [ARG, \"B=1\"]}\n  t: &t\n    environment: [LIST, \"C=$D\", \"$E\"]\n  u:\n    <<: *t\n\
             secrets:\n  p: {environment: SECRET}\nconfigs:\n  c: {environment: CONFIG}\n",
        );
        assert_eq!(names(&variables.handed_on), ["SHARED", "OWN", "ARG", "LIST", "LIST"]);
        assert_eq!(names(&variables.contents), ["SECRET", "CONFIG"]);
    }
}
