//! What git ignores: the patterns of `.gitignore`, of `.git/info/exclude` and of the person's own file.
//!
//! As in git, the deepest `.gitignore` is asked first, and what lies above the repository has no say in it. A tree
//! without `.git` (an archive, say) has the same apps as the checkout it came from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::environment::ProcessEnvironment;
use super::files::{self, Contents};
use super::git;

const FILE: &str = ".gitignore";

/// Pattern files above this size are not read.
const MAX_BYTES: u64 = 1024 * 1024;

/// The patterns that count in one folder.
#[derive(Debug, Clone, Default)]
pub struct Ignored(Option<Arc<Patterns>>);

/// Those of one file, and where to ask when none of them fits.
#[derive(Debug)]
struct Patterns {
    own: Gitignore,
    outer: Ignored,
}

/// What a folder was seen to hold that changes what is ignored in it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Marks {
    repository: bool,
    patterns: bool,
}

impl Marks {
    /// Looks at one name in the folder.
    pub fn see(&mut self, name: &[u8]) {
        self.repository |= name == b".git";
        self.patterns |= name == FILE.as_bytes();
    }

    fn of(folder: &Path) -> Self {
        let holds = |name| files::exists(&folder.join(name));
        Self { repository: holds(".git"), patterns: holds(FILE) }
    }
}

impl Ignored {
    /// What is ignored in a folder by what lies above it in the same git repository.
    #[must_use]
    pub fn around(folder: &Path, environment: &ProcessEnvironment) -> Self {
        let top = folder.ancestors().find(|above| files::exists(&above.join(".git"))).unwrap_or(folder);
        Self::of_the_person(top, environment).on_the_way(top, folder)
    }

    /// What is ignored in a folder below, where this is what is ignored around the folder `from`.
    #[must_use]
    pub fn on_the_way(self, from: &Path, folder: &Path) -> Self {
        let mut way: Vec<&Path> =
            folder.ancestors().skip(1).take_while(|above| above.starts_with(from)).collect();
        way.reverse();
        way.into_iter().fold(self, |ignored, above| ignored.inside(above, Marks::of(above)))
    }

    /// What is ignored inside of a folder, where this is what is ignored around it.
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

    /// Whether nothing is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
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

    /// With the patterns of a file, which are meant from a folder on. A pattern that can't be read is git's to tell.
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

/// Where a repository keeps what all its work trees share. Its `.git` is that folder, or, in a further work tree and in a submodule,
/// a file that says where it is (gitrepository-layout(5)).
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
