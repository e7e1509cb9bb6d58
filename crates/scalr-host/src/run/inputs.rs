//! The present inputs of a subproject: digests of files and build contexts, with a cache like git's
//! index, so that unchanged files are not read.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::environment::ProcessEnvironment;
use crate::{FileError, files};
use scalr_model::compose::dockerignore::DockerIgnore;
use scalr_model::run::fingerprint::{ABSENT, BuildContext, Digest, InputPaths, Inputs};

/// A file that changed less than this before it was read is read again next time: the clocks of file systems are
/// coarse, so a later change might have the same time.
const RACY: Duration = Duration::from_millis(50);

/// Variables of the shell that Compose, the engine's client and the builder always use.
const PREFIXES: [&str; 4] = ["COMPOSE_", "DOCKER_", "BUILDX_", "BUILDKIT_"];

/// Variables that the engine's address covers, that Compose does not get, or that only change its output.
const NOT_COUNTED: [&str; 9] = [
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "COMPOSE_FILE",
    "COMPOSE_PROJECT_NAME",
    "COMPOSE_ENV_FILES",
    "COMPOSE_PATH_SEPARATOR",
    "COMPOSE_MENU",
    "DOCKER_CLI_HINTS",
    "COMPOSE_PROGRESS",
];

/// The metadata that identifies a file's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Stat(u64, i128, i128, u64);

impl Stat {
    fn of(metadata: &std::fs::Metadata) -> Self {
        let nanoseconds = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
        Self(
            metadata.len(),
            nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
            metadata.ino(),
        )
    }

    fn is_settled(&self, now: SystemTime) -> bool {
        let now = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos().cast_signed());
        self.1.max(self.2) + RACY.as_nanos().cast_signed() < now
    }
}

/// The digests of files that were read before.
#[derive(Debug)]
pub(crate) struct StatCache {
    file: PathBuf,
    known: Mutex<KnownDigests>,
}

#[derive(Debug, Default)]
struct KnownDigests {
    files: HashMap<String, (Stat, Digest)>,
    changed: bool,
}

impl StatCache {
    /// Reads the cache; a broken one counts as empty.
    #[must_use]
    pub(crate) fn open(state: &Path) -> Self {
        let file = state.join("stat-cache.json");
        let files = std::fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok());
        Self { file, known: Mutex::new(KnownDigests { files: files.unwrap_or_default(), changed: false }) }
    }

    /// Writes the cache if it has changed.
    pub(crate) fn save(&self) -> Result<(), FileError> {
        let Ok(mut known) = self.known.lock() else { return Ok(()) };
        if !std::mem::take(&mut known.changed) {
            return Ok(());
        }
        let error = |error: serde_json::Error| FileError {
            action: "write",
            path: self.file.clone(),
            source: error.into(),
        };
        let text = serde_json::to_vec(&known.files).map_err(error)?;
        files::replace(&self.file, &text, &self.file.with_file_name("tmp"))
    }

    /// The digest of a file's content; links are followed.
    fn content(&self, path: &Path) -> Digest {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => self.digest(path, &metadata),
            Ok(metadata) if metadata.is_dir() => "folder".to_owned(),
            Ok(_) => "special".to_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => ABSENT.to_owned(),
            Err(_) => "unreadable".to_owned(),
        }
    }

    fn digest(&self, path: &Path, metadata: &std::fs::Metadata) -> Digest {
        let stat = Stat::of(metadata);
        let key = path.to_string_lossy();
        if let Ok(known) = self.known.lock()
            && let Some((before, digest)) = known.files.get(&*key)
            && *before == stat
        {
            return digest.clone();
        }
        let now = SystemTime::now();
        let Ok(digest) = hash(path) else { return "unreadable".to_owned() };
        if let Ok(mut known) = self.known.lock() {
            known.changed = true;
            if stat.is_settled(now) {
                known.files.insert(key.into_owned(), (stat, digest.clone()));
            } else {
                known.files.remove(&*key);
            }
        }
        digest
    }

    /// The inputs as they are now.
    #[must_use]
    pub(crate) fn inputs(&self, paths: &InputPaths, environment: &ProcessEnvironment) -> Inputs {
        let all = |paths: &std::collections::BTreeSet<String>| {
            paths.iter().map(|path| (path.clone(), self.content(Path::new(path)))).collect()
        };
        Inputs {
            files: all(&paths.files),
            build_files: all(&paths.build_files),
            contexts: paths.contexts.iter().map(|context| (context.key(), self.context(context))).collect(),
            shell: shell(paths, environment),
            ..Inputs::default()
        }
    }

    /// All files of a build context.
    fn context(&self, context: &BuildContext) -> BTreeMap<String, Digest> {
        let ignore = context.ignore.as_ref().and_then(|path| std::fs::read(path).ok());
        let ignore =
            ignore.map(|text| DockerIgnore::parse(&String::from_utf8_lossy(&text))).unwrap_or_default();
        let mut found = BTreeMap::new();
        self.walk(Path::new(&context.folder), "", &ignore, &mut found);
        found
    }

    fn walk(&self, folder: &Path, below: &str, ignore: &DockerIgnore, found: &mut BTreeMap<String, Digest>) {
        let Ok(entries) = std::fs::read_dir(folder) else {
            found.insert(folder.to_string_lossy().into_owned(), "unreadable".to_owned());
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let relative = if below.is_empty() { name.into_owned() } else { format!("{below}/{name}") };
            let ignored = ignore.ignores(&relative);
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if ignored && !(is_folder && ignore.may_hold(&relative)) {
                continue;
            }
            let path = entry.path();
            if !ignored {
                found.insert(path.to_string_lossy().into_owned(), self.entry(&path));
            }
            if is_folder {
                self.walk(&path, &relative, ignore, found);
            }
        }
    }

    /// A file's mode and content, a link's target, a folder's mode: everything that `COPY` copies.
    fn entry(&self, path: &Path) -> Digest {
        let Ok(metadata) = path.symlink_metadata() else { return ABSENT.to_owned() };
        if metadata.is_symlink() {
            let target = std::fs::read_link(path).unwrap_or_default();
            return format!("link {}", target.to_string_lossy());
        }
        let mode = metadata.mode() & 0o7777;
        if metadata.is_dir() {
            format!("folder {mode:o}")
        } else if metadata.is_file() {
            format!("{mode:o} {}", self.digest(path, &metadata))
        } else {
            "special".to_owned()
        }
    }
}

fn hash(path: &Path) -> std::io::Result<Digest> {
    let mut file = std::fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hasher.finalize())),
            length => hasher.update(&buffer[..length]),
        }
    }
}

/// 128 bits are enough to distinguish files of one folder.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Digests of the shell's variables that may matter.
fn shell(paths: &InputPaths, environment: &ProcessEnvironment) -> BTreeMap<String, Digest> {
    let variables = environment.variables.iter();
    variables
        .filter_map(|(name, value)| {
            let name = name.to_str()?;
            let counts = PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || paths.words.contains(name);
            let digest = || hex(&Sha256::digest([name.as_bytes(), b"=", value.as_encoded_bytes()].concat()));
            (counts && !NOT_COUNTED.contains(&name)).then(|| (name.to_owned(), digest()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(path: &Path, text: &str) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    #[test]
    fn a_context_is_what_the_build_sees() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["src/a.py", "src/__pycache__/a.pyc", "secret/key", "keep/x"] {
            touch(&at(name), name);
        }
        touch(&at("d.dockerignore"), "**/__pycache__\nsecret\nkeep\n!keep/x\nd.dockerignore\n");
        let context = BuildContext {
            folder: folder.path().to_string_lossy().into_owned(),
            ignore: Some(at("d.dockerignore").to_string_lossy().into_owned()),
        };
        let cache = StatCache::open(folder.path());
        let prefix = format!("{}/", context.folder);
        let seen: Vec<String> = cache
            .context(&context)
            .into_keys()
            .map(|path| path.trim_start_matches(&prefix).to_owned())
            .collect();
        assert_eq!(seen, ["keep/x", "src", "src/a.py"]);
    }

    #[test]
    fn every_change_shows_also_one_that_restores_the_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        touch(&path, "one");
        let cache = StatCache::open(folder.path());
        let first = cache.content(&path);
        let time = std::fs::metadata(&path).unwrap().modified().unwrap();
        touch(&path, "two");
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        assert_ne!(first, cache.content(&path));
        touch(&path, "one");
        assert_eq!(first, cache.content(&path));
        std::fs::remove_file(&path).unwrap();
        assert_eq!(cache.content(&path), ABSENT);
    }

    #[test]
    fn the_cache_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        touch(&path, "one");
        let old = SystemTime::now() - Duration::from_secs(5);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        // The ctime can't be set, so the test waits.
        std::thread::sleep(RACY * 2);
        let cache = StatCache::open(folder.path());
        let digest = cache.content(&path);
        cache.save().unwrap();
        let again = StatCache::open(folder.path());
        assert_eq!(again.known.lock().unwrap().files.len(), 1);
        assert_eq!(again.content(&path), digest);
        assert!(!again.known.lock().unwrap().changed);
    }
}
