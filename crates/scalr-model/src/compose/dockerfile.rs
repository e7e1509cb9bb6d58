//! The base images of a Dockerfile: a build is needed when one of them changes.

use std::collections::{BTreeMap, BTreeSet};

/// The images that are known without a build.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bases {
    /// Names of images, as written.
    pub images: BTreeSet<String>,
    /// Whether a name could not be computed.
    pub unknown: bool,
}

/// Reads `FROM`, `COPY --from=`, `RUN --mount=…from=` and `# syntax=` with the given build arguments.
#[must_use]
pub fn bases(text: &str, build_args: &BTreeMap<String, String>) -> Bases {
    let mut bases = Bases::default();
    let mut stages: BTreeSet<String> = BTreeSet::new();
    let mut args: BTreeMap<String, String> = BTreeMap::new();
    let mut wanted = Vec::new();
    let mut stage_count = 0_usize;
    if let Some(syntax) = text.lines().map_while(|line| line.trim().strip_prefix('#')).find_map(directive) {
        bases.images.insert(syntax.to_owned());
    }
    for line in logical_lines(text) {
        let mut words = line.split_whitespace();
        match words.next().unwrap_or_default().to_ascii_uppercase().as_str() {
            // FROM uses only arguments that are declared before the first stage.
            "ARG" if stage_count == 0 => {
                for word in words {
                    let (name, default) = word.split_once('=').unwrap_or((word, ""));
                    let default = expand(default.trim_matches(['"', '\'']), &args).unwrap_or_default();
                    args.insert(name.to_owned(), build_args.get(name).cloned().unwrap_or(default));
                }
            }
            "FROM" => {
                let rest: Vec<&str> = words.filter(|word| !word.starts_with("--")).collect();
                wanted.push(rest.first().copied().unwrap_or_default().to_owned());
                stages.insert(stage_count.to_string());
                stage_count += 1;
                if let [_, by, name, ..] = rest[..]
                    && by.eq_ignore_ascii_case("as")
                {
                    // Only later stages can use a stage, and names are unique.
                    stages.insert(name.to_ascii_lowercase());
                }
            }
            "COPY" | "RUN" | "ADD" => wanted.extend(words.filter_map(from_option).map(str::to_owned)),
            _ => {}
        }
    }
    for name in wanted {
        match expand(&name, &args) {
            Some(name) if name.is_empty() => bases.unknown = true,
            Some(name) if name == "scratch" || stages.contains(&name.to_ascii_lowercase()) => {}
            Some(name) => {
                bases.images.insert(name);
            }
            None => bases.unknown = true,
        }
    }
    bases
}

/// `# syntax=docker/dockerfile:1`
fn directive(comment: &str) -> Option<&str> {
    comment.trim().strip_prefix("syntax")?.trim_start().strip_prefix('=').map(str::trim)
}

/// `--from=NAME`, and `from=NAME` of `--mount=`.
fn from_option(word: &str) -> Option<&str> {
    word.strip_prefix("--from=")
        .or_else(|| word.strip_prefix("--mount=")?.split(',').find_map(|part| part.strip_prefix("from=")))
}

/// Lines without comments, those that end in `\` joined with the next.
fn logical_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut open = String::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        match line.trim_end().strip_suffix('\\') {
            Some(more) => open += more,
            None => lines.push(std::mem::take(&mut open) + line),
        }
    }
    lines.push(open);
    lines
}

/// `$NAME`, `${NAME}`, `${NAME:-default}`; `None` for any other form and for names that are not set.
fn expand(text: &str, args: &BTreeMap<String, String>) -> Option<String> {
    let Some((before, rest)) = text.split_once('$') else { return Some(text.to_owned()) };
    let (value, after) = if let Some(rest) = rest.strip_prefix('{') {
        let (inside, after) = rest.split_once('}')?;
        match inside.split_once(":-") {
            Some((name, default)) => {
                let set = args.get(name).filter(|value| !value.is_empty());
                (set.map_or(default, String::as_str), after)
            }
            None => (args.get(inside)?.as_str(), after),
        }
    } else {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        (args.get(&rest[..end])?.as_str(), &rest[end..])
    };
    Some(format!("{before}{value}{}", expand(after, args)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_images_behind_stages_and_arguments() {
        let text = "# syntax=docker/dockerfile:1\nARG NODE=node:22\nARG TAG\nFROM --platform=linux/amd64 ${NODE} AS build\n\
                    ARG LATE=x\nRUN --mount=type=bind,from=tools:1,target=/t \\\n  true\nFROM nginx:${TAG:-1.28}\n\
                    COPY --from=build /a /b\nCOPY --from=0 /a /b\nFROM scratch\nFROM build\n";
        let found = bases(text, &BTreeMap::new());
        let images: Vec<_> = found.images.iter().map(String::as_str).collect();
        assert_eq!(images, ["docker/dockerfile:1", "nginx:1.28", "node:22", "tools:1"]);
        assert!(!found.unknown);
        let args =
            BTreeMap::from([("NODE".to_owned(), "node:24".to_owned()), ("TAG".to_owned(), "2".to_owned())]);
        let found = bases(text, &args).images;
        assert!(found.contains("node:24") && found.contains("nginx:2") && !found.contains("node:22"));
    }

    #[test]
    fn says_so_when_a_name_is_not_known() {
        assert!(bases("FROM $X\n", &BTreeMap::new()).unknown);
        assert!(bases("FROM ${X%y}\n", &BTreeMap::new()).unknown);
        assert!(!bases("ARG X=a\nFROM $X:1\n", &BTreeMap::new()).unknown);
    }
}
