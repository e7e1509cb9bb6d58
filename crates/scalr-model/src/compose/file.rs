//! Which other files a compose file takes in, and where Compose looks for them: what `docker compose config` has already
//! merged when it prints the result.
//!
//! The rules are those of compose-go's package `loader` (`include.go`, `extends.go`, `paths.go`). A relative path counts from the
//! project's folder; in an included file from the include's project directory; in a file that is extended from its own folder.

use std::collections::{BTreeSet, VecDeque};

use super::env::ComposeVariables;
use super::node::{get, one_or_many, values};
use crate::diagnostics::Finding;
use crate::document::{self, DocumentKind};
use crate::rel_path::RelPath;
use crate::yaml::{self, Node};

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

/// How many compose files are followed.
const MANY: usize = 100;

/// What a compose file takes in, as it is written there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// An entry of `include`: compose files that are read as one project of their own.
    Include { files: Vec<String>, project_directory: Option<String>, env_files: Vec<String> },
    /// `extends: {file: …}` of a service.
    Extends(String),
    /// `env_file` of a service: its container gets all that is in it.
    EnvFile(String),
    /// `label_file` of a service.
    LabelFile(String),
}

/// A compose file, reduced to what decides what Compose reads.
#[derive(Debug, Clone)]
pub struct ComposeFile {
    pub variables: ComposeVariables,
    pub references: Vec<Reference>,
}

impl ComposeFile {
    /// Reads a compose file; the error is why it can't be read.
    pub fn parse(path: &RelPath, bytes: &[u8]) -> Result<Self, Box<Finding>> {
        let text = document::decode(path, bytes, &mut Vec::new())?;
        match yaml::parse_compose(text) {
            Ok(documents) => Ok(Self {
                variables: ComposeVariables::of(path, &documents),
                references: references(&documents),
            }),
            Err(error) => Err(Box::new(DocumentKind::ComposeFile.finding(path, &error))),
        }
    }
}

/// What Compose reads for one app.
#[derive(Debug, Default)]
pub struct ComposeFiles {
    /// The compose files of the repository, in Compose's order.
    pub variables: Vec<ComposeVariables>,
    /// The env files of the repository that containers get as a whole.
    pub env_files: BTreeSet<RelPath>,
    /// Why files can't be read.
    pub findings: Vec<Finding>,
}

/// Every file that the documents of a compose file name.
fn references(documents: &[Node<'_>]) -> Vec<Reference> {
    let mut references = Vec::new();
    for document in documents {
        for service in values(document, "services") {
            references.extend(names(get(service, "env_file"), "path").map(Reference::EnvFile));
            references.extend(names(get(service, "label_file"), "path").map(Reference::LabelFile));
            let base = get(service, "extends").and_then(|extends| get(extends, "file"));
            references.extend(base.and_then(Node::as_str).map(|file| Reference::Extends(file.to_owned())));
        }
        for include in one_or_many(get(document, "include")) {
            references.push(Reference::Include {
                files: names(Some(get(include, "path").unwrap_or(include)), "path").collect(),
                project_directory: get(include, "project_directory")
                    .and_then(Node::as_str)
                    .map(str::to_owned),
                env_files: names(get(include, "env_file"), "path").collect(),
            });
        }
    }
    references
}

/// The texts of a list or of the one thing in its place; of a mapping the one at `key`.
fn names<'a>(node: Option<&'a Node<'_>>, key: &'a str) -> impl Iterator<Item = String> + 'a {
    one_or_many(node).filter_map(move |item| Some(get(item, key).unwrap_or(item).as_str()?.to_owned()))
}

/// All files that Compose reads beside those that it is given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TakenIn {
    /// Compose files, whether they are there or not.
    pub compose: BTreeSet<String>,
    /// The env files that containers get as a whole.
    pub env_files: BTreeSet<String>,
    /// Env files of includes, and label files.
    pub others: BTreeSet<String>,
    /// What can't be known without running Compose.
    pub undecided: Vec<Undecided>,
}

/// A name of a file that only Compose can resolve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// The compose file that names it.
    pub file: String,
    /// The name, as it is written.
    pub name: String,
    pub reason: UndecidedReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndecidedReason {
    /// It holds a variable.
    Computed,
    /// It is fetched from elsewhere.
    Remote,
    /// It begins with the home folder of the person who runs Compose.
    Home,
    /// More than 100 compose files take each other in.
    Many,
}

impl UndecidedReason {
    /// Completes "the file … ".
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Computed => "is computed",
            Self::Remote => "is fetched from elsewhere",
            Self::Home => "is in a home folder",
            Self::Many => "is one of more than 100",
        }
    }

    /// Why a name can't be decided; nothing where it can.
    fn of(name: &str, may_be_remote: bool) -> Option<Self> {
        // `oci://…`, `https://….git`, `git@…:…`, `github.com/…`: what Docker takes for a repository.
        let remote = name.contains(':') || name.contains(".git#") || name.starts_with("github.com/");
        if name.contains('$') {
            Some(Self::Computed)
        } else if may_be_remote && remote {
            Some(Self::Remote)
        } else {
            name.starts_with('~').then_some(Self::Home)
        }
    }
}

/// Follows the compose files that Compose is given, in the order in which they take in others. `read` gives what one of them names,
/// and nothing where it can't be read. All paths are absolute, and links in them are not followed, as in Compose.
#[must_use]
pub fn follow(files: &[String], folder: &str, mut read: impl FnMut(&str) -> Vec<Reference>) -> TakenIn {
    let mut taken = TakenIn::default();
    // Each file with the folder that its paths count from.
    let mut open: VecDeque<(String, String)> =
        files.iter().map(|file| (file.clone(), folder.to_owned())).collect();
    let mut seen: BTreeSet<(String, String)> = open.iter().cloned().collect();
    while let Some((file, base)) = open.pop_front() {
        let mut further = Vec::new();
        for reference in read(&file) {
            taken.add(reference, &file, &base, &mut further);
        }
        for (path, base) in further {
            taken.compose.insert(path.clone());
            if seen.len() >= MANY {
                let (file, name) = (file.clone(), path);
                taken.undecided.push(Undecided { file, name, reason: UndecidedReason::Many });
            } else if seen.insert((path.clone(), base.clone())) {
                open.push_back((path, base));
            }
        }
    }
    taken
}

impl TakenIn {
    /// Adds what one reference of `file` leads to. Compose files go to `further`, with the folder that their paths count from.
    fn add(&mut self, reference: Reference, file: &str, base: &str, further: &mut Vec<(String, String)>) {
        let mut resolve = |name: &str, may_be_remote| {
            let Some(reason) = UndecidedReason::of(name, may_be_remote) else {
                return Some(join(base, name));
            };
            self.undecided.push(Undecided { file: file.to_owned(), name: name.to_owned(), reason });
            None
        };
        match reference {
            Reference::EnvFile(name) => self.env_files.extend(resolve(&name, false)),
            Reference::LabelFile(name) => self.others.extend(resolve(&name, false)),
            Reference::Extends(name) => {
                further.extend(resolve(&name, true).map(|path| (path.clone(), parent(&path))));
            }
            Reference::Include { files, project_directory, env_files } => {
                let files: Vec<String> = files.iter().filter_map(|name| resolve(name, true)).collect();
                let folder = match project_directory {
                    Some(name) => resolve(&name, false),
                    None => files.first().map(|first| parent(first)),
                };
                let env_names = env_files.iter().filter_map(|name| resolve(name, false));
                let env_files: Vec<String> = env_names.collect();
                let Some(folder) = folder else { return };
                if env_files.is_empty() {
                    self.others.insert(join(&folder, ".env"));
                }
                self.others.extend(env_files);
                further.extend(files.into_iter().map(|path| (path, folder.clone())));
            }
        }
    }
}

/// Where a name leads from a folder, without `.` and `..`.
fn join(folder: &str, name: &str) -> String {
    let path = if name.starts_with('/') { name.to_owned() } else { format!("{folder}/{name}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

fn parent(path: &str) -> String {
    join(path, "..")
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
    use std::collections::BTreeMap;

    use super::*;

    /// What the file `/r/a/compose.yml` takes in, among these files.
    fn taken(files: &[(&str, &str)]) -> TakenIn {
        let files: BTreeMap<&str, &str> = files.iter().copied().collect();
        let read = |path: &str| {
            let text = files.get(path.strip_prefix("/r/").unwrap()).copied().unwrap_or_default();
            references(&yaml::parse_compose(text).unwrap())
        };
        follow(&["/r/a/compose.yml".to_owned()], "/r/a", read)
    }

    fn names(paths: &BTreeSet<String>) -> Vec<&str> {
        paths.iter().map(|path| path.strip_prefix("/r/").unwrap_or(path)).collect()
    }

    /// Docker Compose 2.26.1 opens exactly these files, by strace.
    #[test]
    fn paths_count_from_where_compose_looks() {
        let taken = taken(&[
            (
                "a/compose.yml",
                "x-f: &f [one.env]\ninclude:\n  - sub/more.yml\n  - path: [sub/deep/p.yml, sub/p2.yml]\n    project_directory: pd\n    \
                 env_file: inc.env\nservices:\n  w: {image: x, env_file: *f}\n  e: {extends: {file: ext/base.yml, service: b}}\n",
            ),
            (
                "a/sub/more.yml",
                "include: [deep/n.yml]\nservices: {x: {env_file: x.env, extends: {file: base.yml, service: b}}}\n",
            ),
            ("a/sub/deep/n.yml", "services: {n: {env_file: n.env}}\n"),
            ("a/sub/base.yml", "services: {b: {env_file: b.env}}\n"),
            ("a/sub/deep/p.yml", "services: {p: {env_file: p.env, extends: {file: pb.yml, service: b}}}\n"),
            ("a/sub/p2.yml", "services: {q: {env_file: q.env}}\n"),
            ("a/ext/base.yml", "services: {b: {env_file: e.env, extends: {file: base2.yml, service: c}}}\n"),
            ("a/ext/base2.yml", "services: {c: {env_file: c.env}}\n"),
            ("a/pd/pb.yml", "services: {b: {image: x}}\n"),
        ]);
        assert_eq!(
            names(&taken.compose),
            [
                "a/ext/base.yml",
                "a/ext/base2.yml",
                "a/pd/pb.yml",
                "a/sub/base.yml",
                "a/sub/deep/n.yml",
                "a/sub/deep/p.yml",
                "a/sub/more.yml",
                "a/sub/p2.yml",
            ]
        );
        assert_eq!(
            names(&taken.env_files),
            [
                "a/ext/c.env",
                "a/ext/e.env",
                "a/one.env",
                "a/pd/p.env",
                "a/pd/q.env",
                "a/sub/b.env",
                "a/sub/deep/n.env",
                "a/sub/x.env",
            ]
        );
        assert_eq!(names(&taken.others), ["a/inc.env", "a/sub/.env", "a/sub/deep/.env"]);
        assert_eq!(taken.undecided, []);
    }

    #[test]
    fn every_way_of_writing_counts() {
        let text = "x-base: &base\n  env_file: [one.env, {path: ../two.env, required: false}]\nservices:\n  web:\n    <<: *base\n    \
                    label_file: l\n    ports: !override [\"80:80\"]\n    environment: {path: no, file: no}\n  \
                    t: {extends: web, env_file: /etc/three.env}\nconfigs: {c: {file: ./conf}}\n";
        let taken = taken(&[("a/compose.yml", text)]);
        assert_eq!(names(&taken.env_files), ["/etc/three.env", "a/one.env", "two.env"]);
        assert_eq!((names(&taken.others), names(&taken.compose)), (vec!["a/l"], vec![]));
    }

    #[test]
    fn what_only_compose_knows_is_undecided() {
        let text = "include: ['${Y}/y.yml', 'oci://registry/image', 'https://example.org/x.git#main', github.com/o/r]\n\
                    services: {s: {env_file: [~/e.env, a:b.env]}}\n";
        let taken = taken(&[("a/compose.yml", text)]);
        let reasons: Vec<_> = taken.undecided.iter().map(|undecided| undecided.reason).collect();
        let (home, remote) = (UndecidedReason::Home, UndecidedReason::Remote);
        assert_eq!(reasons, [home, UndecidedReason::Computed, remote, remote, remote]);
        assert_eq!(names(&taken.env_files), ["a/a:b.env"]);
    }

    #[test]
    fn files_that_take_each_other_in_come_to_an_end() {
        let circle =
            taken(&[("a/compose.yml", "include: [b.yml]\n"), ("a/b.yml", "include: [compose.yml, b.yml]\n")]);
        assert_eq!((circle.compose.len(), circle.undecided.len()), (2, 0));
        let mut reads = 0;
        let many = follow(&["/0".to_owned()], "/", |path| {
            reads += 1;
            vec![Reference::Extends(format!("{path}{reads}"))]
        });
        assert_eq!((reads, many.undecided.len()), (MANY, 1));
        assert_eq!(many.undecided[0].reason, UndecidedReason::Many);
    }

    #[test]
    fn words_hold_every_possible_variable() {
        let words = words("a: ${FOO_1:-$BAR}\nenvironment: [BAZ, 9X]\n");
        assert!(["FOO_1", "BAR", "BAZ"].iter().all(|word| words.contains(word)));
        assert!(!words.contains("9X"));
    }
}
