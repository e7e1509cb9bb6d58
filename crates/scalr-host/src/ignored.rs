//! git's ignore rules: the patterns of `.gitignore`, of `.git/info/exclude` and of the user's global file.
//!
//! As in git, the deepest `.gitignore` is checked first, and files above the repository don't count. A tree
//! without `.git`, such as an archive, has the same apps as its checkout.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::environment::ProcessEnvironment;
use super::files::{self, Contents};
use super::git;

const FILE: &str = ".gitignore";

/// Pattern files above this size are not read.
const MAX_BYTES: u64 = 1024 * 1024;

/// The patterns that apply in one folder.
#[derive(Debug, Clone, Default)]
pub struct Ignored(Option<Arc<Patterns>>);

/// The patterns of one file, and the next file if none of them matches.
#[derive(Debug)]
struct Patterns {
    own: Gitignore,
    outer: Ignored,
}

/// The files of a folder that change its ignore rules.
#[derive(Debug, Clone, Copy, Default)]
pub struct Marks {
    repository: bool,
    patterns: bool,
}

impl Marks {
    /// Records one name in the folder.
    pub fn record(&mut self, name: &[u8]) {
        self.repository |= name == b".git";
        self.patterns |= name == FILE.as_bytes();
    }

    fn of(folder: &Path) -> Self {
        let holds = |name| files::exists(&folder.join(name));
        Self { repository: holds(".git"), patterns: holds(FILE) }
    }
}

impl Ignored {
    /// The ignore rules of a folder from the folders above it in the same git repository.
    #[must_use]
    pub fn around(folder: &Path, environment: &ProcessEnvironment) -> Self {
        let top = folder.ancestors().find(|above| files::exists(&above.join(".git"))).unwrap_or(folder);
        Self::of_the_person(top, environment).on_the_way(top, folder)
    }

    /// The ignore rules of a folder below, given these rules of the folder `from`.
    #[must_use]
    pub fn on_the_way(self, from: &Path, folder: &Path) -> Self {
        let mut way: Vec<&Path> =
            folder.ancestors().skip(1).take_while(|above| above.starts_with(from)).collect();
        way.reverse();
        way.into_iter().fold(self, |ignored, above| ignored.inside(above, Marks::of(above)))
    }

    /// The ignore rules inside of a folder, given these rules around it.
    #[must_use]
    pub fn inside(self, folder: &Path, marks: Marks) -> Self {
        let mut ignored = self;
        if marks.repository {
            ignored = ignored.and(folder, &git_folder(folder).join("info/exclude"));
        }
        if marks.patterns {
            ignored = ignored.and(folder, &folder.join(FILE));
        }
        ignored
    }

    /// Whether an absolute path is ignored, given that the folder it lies in is not.
    #[must_use]
    pub fn holds(&self, path: &Path, is_folder: bool) -> bool {
        let mut patterns = self.0.as_deref();
        while let Some(Patterns { own, outer }) = patterns {
            let found = own.matched(path, is_folder);
            if !found.is_none() {
                return found.is_ignore();
            }
            patterns = outer.0.as_deref();
        }
        false
    }

    fn of_the_person(top: &Path, environment: &ProcessEnvironment) -> Self {
        match git::excludes_file(environment) {
            Some(file) => Self::default().and(top, &file),
            None => Self::default(),
        }
    }

    /// With the patterns of a file, relative to a folder. Invalid patterns are skipped.
    fn and(self, folder: &Path, file: &Path) -> Self {
        let Some(text) = read(file) else { return self };
        let mut builder = GitignoreBuilder::new(folder);
        for line in text.trim_start_matches('\u{feff}').lines() {
            let _ = builder.add_line(None, line);
        }
        match builder.build() {
            Ok(own) if !own.is_empty() => Self(Some(Arc::new(Patterns { own, outer: self }))),
            _ => self,
        }
    }
}

/// The folder that all work trees of a repository share: its `.git`, or, in a linked work tree and in a submodule,
/// the folder that the file `.git` names (gitrepository-layout(5)).
fn git_folder(top: &Path) -> PathBuf {
    let git = top.join(".git");
    let Some(own) = read(&git).and_then(|text| Some(top.join(text.strip_prefix("gitdir:")?.trim()))) else {
        return git;
    };
    match read(&own.join("commondir")) {
        Some(common) => own.join(common.trim()),
        None => own,
    }
}

fn read(path: &Path) -> Option<String> {
    match files::read(path, MAX_BYTES) {
        Ok(Contents::Bytes(bytes)) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        _ => None,
    }
}
