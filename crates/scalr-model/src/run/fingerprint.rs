//! Whether `docker compose up -d --build` would do nothing: the inputs of the last successful up against
//! those of now, and its containers against the engine's.
//!
//! Compose's own `config --hash` can't tell: it misses the contents of env files, build contexts,
//! images that were tagged anew and containers that were stopped.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::containers::{self, Container, RecordedContainers};
use crate::compose::config::ComposeConfig;

/// The hash of a file's content, or why there is none.
pub type Digest = String;

/// The digest of a file that is not there.
pub const ABSENT: &str = "absent";

/// Everything that decides what `up` would do, apart from the engine's state.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Inputs {
    /// Compose's version.
    pub compose: String,
    /// Which engine.
    pub engine: String,
    /// What makes a difference on the command line.
    pub flags: Vec<String>,
    /// Compose files, env files and those that they name: path to digest.
    pub files: BTreeMap<String, Digest>,
    /// Configs, secrets, and Dockerfiles: path to digest.
    pub build_files: BTreeMap<String, Digest>,
    /// What builds see: the context's key to its files.
    pub contexts: BTreeMap<String, BTreeMap<String, Digest>>,
    /// The shell's variables that may count: name to digest.
    pub shell: BTreeMap<String, Digest>,
    /// The images that builds stand on: name to id.
    pub bases: BTreeMap<String, String>,
}

/// What is written down after a successful up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpRecord {
    /// The version of the format.
    pub schema: String,
    /// What went in.
    pub inputs: Inputs,
    /// What has to be looked at to know whether something went in anew.
    #[serde(rename = "watch")]
    pub paths: InputPaths,
    /// What Compose made of it.
    pub config: ComposeConfig,
    /// What came out.
    pub containers: RecordedContainers,
}

/// The version of the format of records.
pub const SCHEMA: &str = "scalr.record/1";

/// Where the inputs are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct InputPaths {
    /// Files that decide what Compose reads.
    pub files: BTreeSet<String>,
    /// Files that only their content matters of.
    pub build_files: BTreeSet<String>,
    /// What builds see.
    pub contexts: BTreeSet<BuildContext>,
    /// Names of variables.
    pub words: BTreeSet<String>,
    /// Images that builds stand on.
    pub bases: BTreeSet<String>,
    /// Why it can't be known what has changed, where that is so.
    pub unknowable: Vec<String>,
}

/// A folder that a build sees.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BuildContext {
    /// The folder.
    pub folder: String,
    /// The file with the patterns of what it does not see.
    pub ignore: Option<String>,
}

impl BuildContext {
    /// The key among the inputs.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.ignore {
            Some(ignore) => format!("{} without {ignore}", self.folder),
            None => self.folder.clone(),
        }
    }
}

/// What is to be done with one subproject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Nothing: Compose would do nothing.
    Skip,
    /// Compose has to run.
    Up(Reasons),
}

/// Why Compose has to run, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reasons {
    /// For people, never empty: `build: backend/src/main.py changed`.
    pub(crate) texts: Vec<String>,
    /// Whether images have to be built too.
    pub(crate) build: bool,
    /// Whether what Compose made of the files last time still holds.
    pub config_holds: bool,
}

impl Reasons {
    /// For reasons of which nothing more is known.
    #[must_use]
    pub fn everything(text: impl Into<String>) -> Self {
        Self { texts: vec![text.into()], build: true, config_holds: false }
    }
}

/// Compares. `images` is what the engine has, name to id; `shown` turns an absolute path into one for people.
#[must_use]
pub fn decide(
    record: Option<&UpRecord>,
    now: &Inputs,
    engine: &[&Container],
    images: &BTreeMap<String, String>,
    shown: impl Fn(&str) -> String,
) -> Decision {
    let Some(record) = record else {
        let text = if engine.is_empty() { "it is not up" } else { "scalr has no record of its last start" };
        return Decision::Up(Reasons::everything(text));
    };
    if !record.paths.unknowable.is_empty() {
        return Decision::Up(Reasons::everything(record.paths.unknowable.join("; ")));
    }
    let before = &record.inputs;
    let mut texts = Vec::new();
    // What makes Compose read something else.
    if before.compose != now.compose {
        texts.push(format!("compose is {} now, it was {}", now.compose, before.compose));
    }
    if before.engine != now.engine {
        texts.push("it was started on another engine".to_owned());
    }
    if before.flags != now.flags {
        texts.push("the options are others".to_owned());
    }
    changes(&before.files, &now.files, &shown, &mut texts);
    for name in
        names(&before.shell, &now.shell).filter(|name| before.shell.get(*name) != now.shell.get(*name))
    {
        texts.push(format!("the shell's variable {name} changed"));
    }
    let config_holds = texts.is_empty();
    // What makes a build do something.
    let mut builds = Vec::new();
    changes(&before.build_files, &now.build_files, &shown, &mut builds);
    for key in names(&before.contexts, &now.contexts) {
        let empty = BTreeMap::new();
        let (then, now) =
            (before.contexts.get(key).unwrap_or(&empty), now.contexts.get(key).unwrap_or(&empty));
        changes(then, now, &shown, &mut builds);
    }
    for name in
        names(&before.bases, &now.bases).filter(|name| before.bases.get(*name) != now.bases.get(*name))
    {
        builds.push(format!("the image {name} is another one now"));
    }
    builds.sort();
    builds.dedup();
    let differences = containers::differences(&record.containers, engine, images);
    let build = !builds.is_empty() || !config_holds || differences.images;
    texts.extend(builds.into_iter().map(|text| format!("build: {text}")));
    texts.extend(differences.reasons);
    if texts.is_empty() { Decision::Skip } else { Decision::Up(Reasons { texts, build, config_holds }) }
}

fn changes(
    before: &BTreeMap<String, Digest>,
    now: &BTreeMap<String, Digest>,
    shown: &impl Fn(&str) -> String,
    texts: &mut Vec<String>,
) {
    if before == now {
        return;
    }
    for path in names(before, now) {
        let there =
            |side: &BTreeMap<String, Digest>| side.get(path).filter(|digest| *digest != ABSENT).cloned();
        let text = match (there(before), there(now)) {
            (None, None) => continue,
            (None, Some(_)) => "is new",
            (Some(_), None) => "is gone",
            (Some(a), Some(b)) if a == b => continue,
            (Some(_), Some(_)) => "changed",
        };
        texts.push(format!("{} {text}", shown(path)));
    }
}

fn names<'a, T>(a: &'a BTreeMap<String, T>, b: &'a BTreeMap<String, T>) -> impl Iterator<Item = &'a String> {
    a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::containers::{ContainerState, record};

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn inputs() -> Inputs {
        Inputs {
            compose: "2.26.1".into(),
            engine: "unix:///run/docker.sock".into(),
            flags: vec!["build".into()],
            files: map(&[("/r/a/compose.yml", "1"), ("/r/a/override.yml", ABSENT)]),
            build_files: map(&[("/r/a/Dockerfile", "1")]),
            contexts: BTreeMap::from([(
                "/r/a".to_owned(),
                map(&[("/r/a/main.py", "1"), ("/r/a/x.py", "1")]),
            )]),
            shell: map(&[("TAG", "1")]),
            bases: map(&[("alpine", "sha256:1")]),
        }
    }

    fn decided(change: impl Fn(&mut Inputs)) -> (Vec<String>, bool, bool) {
        let container = Container {
            id: "c".into(),
            service: "web".into(),
            state: ContainerState::Running,
            ..Container::default()
        };
        let record = UpRecord {
            schema: SCHEMA.into(),
            inputs: inputs(),
            paths: InputPaths::default(),
            config: ComposeConfig::default(),
            containers: record([&container]),
        };
        let mut now = inputs();
        change(&mut now);
        match decide(Some(&record), &now, &[&container], &BTreeMap::new(), |path| {
            path.trim_start_matches("/r/").to_owned()
        }) {
            Decision::Skip => (Vec::new(), false, true),
            Decision::Up(Reasons { texts, build, config_holds }) => (texts, build, config_holds),
        }
    }

    #[test]
    fn nothing_changed_is_skipped() {
        assert_eq!(decided(|_| {}), (vec![], false, true));
    }

    #[test]
    fn each_input_by_itself_is_a_reason() {
        type Change = fn(&mut Inputs);
        let table: [(&str, bool, Change); 12] = [
            ("compose is 2.40 now, it was 2.26.1", false, |now| now.compose = "2.40".into()),
            ("it was started on another engine", false, |now| now.engine = "tcp://x".into()),
            ("the options are others", false, |now| now.flags.clear()),
            ("a/compose.yml changed", false, |now| {
                _ = now.files.insert("/r/a/compose.yml".into(), "2".into());
            }),
            ("a/override.yml is new", false, |now| {
                _ = now.files.insert("/r/a/override.yml".into(), "2".into());
            }),
            ("the shell's variable TAG changed", false, |now| _ = now.shell.insert("TAG".into(), "2".into())),
            ("the shell's variable TAG changed", false, |now| now.shell.clear()),
            ("build: a/Dockerfile is gone", true, |now| now.build_files.clear()),
            ("build: a/main.py changed", true, |now| {
                now.contexts.get_mut("/r/a").unwrap().insert("/r/a/main.py".into(), "2".into());
            }),
            ("build: a/new.py is new", true, |now| {
                now.contexts.get_mut("/r/a").unwrap().insert("/r/a/new.py".into(), "2".into());
            }),
            ("build: a/x.py is gone", true, |now| {
                now.contexts.get_mut("/r/a").unwrap().remove("/r/a/x.py");
            }),
            ("build: the image alpine is another one now", true, |now| now.bases.clear()),
        ];
        for (reason, config_holds, change) in table {
            assert_eq!(decided(change), (vec![reason.to_owned()], true, config_holds));
        }
    }

    #[test]
    fn without_a_record_everything_is_done() {
        let decision = decide(None, &inputs(), &[], &BTreeMap::new(), str::to_owned);
        assert_eq!(decision, Decision::Up(Reasons::everything("it is not up")));
    }
}
