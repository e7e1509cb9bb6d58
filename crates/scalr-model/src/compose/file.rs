//! The other files that a compose file names (`include`, `extends`, `env_file`, `label_file`), which the output of
//! `docker compose config` no longer shows.

use std::collections::BTreeSet;

use granit_parser::{Event, Parser};

/// The names of compose files, in Compose's order of preference.
pub const COMPOSE_FILES: [&str; 4] =
    ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// The names of override files that Compose merges by itself.
pub const COMPOSE_OVERRIDES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// The file that is merged over an app's compose file if
/// [`PUBLIC_DOMAIN`](crate::workspace::PUBLIC_DOMAIN) is set.
pub const PRODUCTION_COMPOSE_FILE: &str = "docker-compose.prod.yml";

/// The files that a compose file's text names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct References {
    /// Compose files that it includes or extends, as written.
    pub compose: BTreeSet<String>,
    /// Env and label files, as written.
    pub env: BTreeSet<String>,
    /// Names of files that only Compose can compute (`include: ${X}/compose.yml`).
    pub computed: BTreeSet<String>,
    /// Whether the text could not be read to its end, so that more may be named in it.
    pub unreadable: bool,
}

/// Reads the text up to its first YAML error, which Compose reports.
#[must_use]
pub fn references(text: &str) -> References {
    let mut found = References::default();
    let mut open: Vec<Level> = Vec::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let Ok((event, _)) = event else {
            found.unreadable = true;
            break;
        };
        match event {
            Event::MappingStart(..) => open.push(Level::Mapping(None)),
            Event::SequenceStart(..) => open.push(Level::Sequence),
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop();
                value_ended(&mut open);
            }
            Event::Scalar(value, ..) => match open.last_mut() {
                Some(Level::Mapping(key @ None)) => *key = Some(value.to_string()),
                _ => {
                    scalar(&open, &value, &mut found);
                    value_ended(&mut open);
                }
            },
            Event::Alias(_) => match open.last_mut() {
                Some(Level::Mapping(key @ None)) => *key = Some(String::new()),
                _ => value_ended(&mut open),
            },
            _ => {}
        }
    }
    found
}

enum Level {
    /// A mapping, with the key that waits for its value.
    Mapping(Option<String>),
    Sequence,
}

fn value_ended(open: &mut [Level]) {
    if let Some(Level::Mapping(key)) = open.last_mut() {
        *key = None;
    }
}

fn scalar(open: &[Level], value: &str, found: &mut References) {
    let keys: Vec<&str> = open
        .iter()
        .filter_map(|level| match level {
            Level::Mapping(key) => key.as_deref(),
            Level::Sequence => None,
        })
        .collect();
    // At any depth, since anchors and `x-` blocks contain services too.
    let kind = match keys[..] {
        ["include"] | ["include", "path"] | [.., "extends", "file"] => &mut found.compose,
        ["include", "env_file"] | [.., "env_file" | "label_file"] | [.., "env_file", "path"] => {
            &mut found.env
        }
        _ => return,
    };
    if value.contains('$') {
        found.computed.insert(value.to_owned());
    } else if !value.is_empty() {
        kind.insert(value.to_owned());
    }
}

/// The words of a text that may be names of variables, so that a shell variable of such a name counts.
/// A superset is harmless; a missing name would hide a change.
#[must_use]
pub fn words(text: &str) -> BTreeSet<&str> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let starts = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    text.split(|c| !word(c)).filter(|text| starts(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_file_that_is_named() {
        let text = "name: a\ninclude:\n  - ./more.yml\n  - path: [x.yml, '${Y}/y.yml']\n    env_file: i.env\n\
                    x-base: &base\n  env_file: [one.env, {path: two.env, required: false}]\n\
                    services:\n  web:\n    <<: *base\n    extends: {file: base.yml, service: b}\n    label_file: l\n\
                    \x20   ports: !override [\"80:80\"]\n    environment: {path: no, file: no}\n\
                    configs: {c: {file: ./conf}}\n";
        let found = references(text);
        assert_eq!(found.compose, ["./more.yml", "base.yml", "x.yml"].map(str::to_owned).into());
        assert_eq!(found.env, ["i.env", "l", "one.env", "two.env"].map(str::to_owned).into());
        assert_eq!(found.computed, ["${Y}/y.yml".to_owned()].into());
        assert!(!found.unreadable && references("[").unreadable);
    }

    #[test]
    fn words_hold_every_possible_variable() {
        let words = words("a: ${FOO_1:-$BAR}\nenvironment: [BAZ, 9X]\n");
        assert!(["FOO_1", "BAR", "BAZ"].iter().all(|word| words.contains(word)));
        assert!(!words.contains("9X"));
    }
}
