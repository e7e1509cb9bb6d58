//! git, by libgit2: changed paths, the current commit, and a commit of a new app. No hooks run,
//! commits are not signed, and the network is not used.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use git2::{Diff, DiffOptions, ErrorCode, Index, IndexEntry, IndexTime, Repository};
use tracing::{debug_span, info_span};

use super::environment::ProcessEnvironment;
use super::root::Root;
use scalr_model::rel_path::RelPath;

/// The user's global ignore file: `core.excludesFile`, or git's default path.
#[must_use]
pub(crate) fn excludes_file(environment: &ProcessEnvironment) -> Option<PathBuf> {
    let _span = debug_span!("git", operation = "excludes-file").entered();
    let configured = git2::Config::open_default().and_then(|config| config.get_path("core.excludesFile"));
    let default = || Some(environment.git_folder()?.join("ignore"));
    configured.ok().or_else(default).filter(|file| file.is_file())
}

/// Why a git operation failed.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The root is in no git repository.
    #[error("this is no git repository")]
    NoRepository,
    /// There is no such revision.
    #[error("git knows no revision `{0}`")]
    NoRevision(String),
    /// The index has staged changes.
    #[error("the index holds staged changes ({0}); a commit would take them along")]
    Staged(String),
    /// registered-apps.txt has uncommitted changes.
    #[error("{0} has uncommitted changes; a commit would take them along")]
    Dirty(RelPath),
    /// A branch of that name exists.
    #[error("the branch `{0}` exists already")]
    BranchExists(String),
    /// Not a valid branch name.
    #[error("`{0}` is no possible name of a branch")]
    BranchName(String),
    /// The committer's identity is not configured.
    #[error("git does not know who commits: user.name and user.email are not set")]
    NoIdentity,
    /// git ignores the files of the commit.
    #[error("git ignores {0}, so it can't be committed")]
    Ignored(RelPath),
    /// A merge, rebase or the like is under way.
    #[error("a merge or rebase is under way")]
    Busy,
    #[error("git: {}", .0.message())]
    Git(#[from] git2::Error),
}

/// The checked-out commit, and whether a folder differs from it; `None` without git.
#[must_use]
pub(crate) fn state(root: &Root, folder: &RelPath) -> (Option<String>, bool) {
    let _span = info_span!("git", operation = "state", folder = %folder).entered();
    let looked = || -> Result<(String, bool), GitError> {
        let (repository, prefix) = open(root)?;
        let head = repository.head()?.peel_to_commit()?;
        let mut options = options();
        options.pathspec(format!("{prefix}{folder}")).disable_pathspec_match(true);
        let tree = head.tree()?;
        let diff = repository.diff_tree_to_workdir_with_index(Some(&tree), Some(&mut options))?;
        Ok((head.id().to_string(), diff.deltas().len() > 0))
    };
    looked().map_or((None, false), |(commit, modified)| (Some(commit), modified))
}

/// Every path that differs between the working tree and a revision: committed since the revision
/// was branched off, staged, changed or untracked.
pub fn changed(root: &Root, revision: &str) -> Result<BTreeSet<RelPath>, GitError> {
    let _span = info_span!("git", operation = "changed").entered();
    let (repository, prefix) = open(root)?;
    let unknown = |_| GitError::NoRevision(revision.to_owned());
    let named =
        repository.revparse_single(revision).and_then(|object| object.peel_to_commit()).map_err(unknown)?;
    // Changes on the other branch since the branch point don't count.
    let head = repository.head()?.peel_to_commit()?;
    let base = repository.merge_base(named.id(), head.id()).unwrap_or_else(|_| named.id());
    let tree = repository.find_commit(base)?.tree()?;
    let diff = repository.diff_tree_to_workdir_with_index(Some(&tree), Some(&mut options()))?;
    Ok(paths(&diff, &prefix))
}

/// A prepared commit: every reason for a refusal was checked before any file changed.
#[derive(Debug)]
pub struct Prepared {
    branch: Option<String>,
}

/// Checks that a new app could be committed now, separately.
pub fn prepare(
    root: &Root,
    place: &RelPath,
    registry: &RelPath,
    branch: Option<&str>,
) -> Result<Prepared, GitError> {
    let _span = info_span!("git", operation = "prepare", folder = %place).entered();
    let (repository, prefix) = open(root)?;
    if repository.state() != git2::RepositoryState::Clean {
        return Err(GitError::Busy);
    }
    repository.signature().map_err(|_| GitError::NoIdentity)?;
    let tree = head_tree(&repository)?;
    let staged = paths(&repository.diff_tree_to_index(tree.as_ref(), None, None)?, "");
    if !staged.is_empty() {
        let mut names: Vec<_> = staged.iter().take(3).map(RelPath::to_string).collect();
        if staged.len() > 3 {
            names.push(format!("{} more", staged.len() - 3));
        }
        return Err(GitError::Staged(names.join(", ")));
    }
    let mut options = options();
    options.pathspec(format!("{prefix}{registry}")).disable_pathspec_match(true);
    if repository.diff_tree_to_workdir_with_index(tree.as_ref(), Some(&mut options))?.deltas().len() > 0 {
        return Err(GitError::Dirty(registry.clone()));
    }
    if repository.is_path_ignored(format!("{prefix}{place}/"))? {
        return Err(GitError::Ignored(place.clone()));
    }
    if let Some(branch) = branch {
        if !git2::Branch::name_is_valid(branch)? {
            return Err(GitError::BranchName(branch.to_owned()));
        }
        if repository.find_branch(branch, git2::BranchType::Local).is_ok() {
            return Err(GitError::BranchExists(branch.to_owned()));
        }
    }
    Ok(Prepared { branch: branch.map(str::to_owned) })
}

/// Commits the given files and nothing else; with a branch, on that branch, which is checked out
/// then. Returns the commit's id.
pub fn commit(
    root: &Root,
    prepared: &Prepared,
    files: &[RelPath],
    message: &str,
) -> Result<String, GitError> {
    let _span = info_span!("git", operation = "commit", files = files.len()).entered();
    let (repository, prefix) = open(root)?;
    let head = match repository.head() {
        Ok(head) => Some(head.peel_to_commit()?),
        Err(error) if error.code() == ErrorCode::UnbornBranch => None,
        Err(error) => return Err(error.into()),
    };
    let mut index = repository.index()?;
    for file in files {
        add(&repository, &mut index, root, &prefix, file)?;
    }
    let tree = repository.find_tree(index.write_tree()?)?;
    let who = repository.signature().map_err(|_| GitError::NoIdentity)?;
    let parents: Vec<_> = head.iter().collect();
    let target = match &prepared.branch {
        None => "HEAD".to_owned(),
        Some(branch) => format!("refs/heads/{branch}"),
    };
    let id = repository.commit(Some(&target), &who, &who, message, &tree, &parents)?;
    if prepared.branch.is_some() {
        repository.set_head(&target)?;
    }
    index.write()?;
    Ok(id.to_string())
}

/// Adds one file without ignore rules, since the scaffolder has chosen the app's files.
fn add(
    repository: &Repository,
    index: &mut Index,
    root: &Root,
    prefix: &str,
    file: &RelPath,
) -> Result<(), GitError> {
    use std::os::unix::fs::PermissionsExt;
    let path = format!("{prefix}{file}");
    let absolute = root.join(file);
    let metadata = absolute.symlink_metadata().map_err(|error| git2::Error::from_str(&error.to_string()))?;
    let (mode, id) = if metadata.is_symlink() {
        let target =
            std::fs::read_link(&absolute).map_err(|error| git2::Error::from_str(&error.to_string()))?;
        (0o120_000, repository.blob(target.as_os_str().as_encoded_bytes())?)
    } else {
        // Through git's own filters (.gitattributes), as `git add` does.
        let executable = metadata.permissions().mode() & 0o111 != 0;
        (if executable { 0o100_755 } else { 0o100_644 }, repository.blob_path(&absolute)?)
    };
    let entry = IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode,
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.into_bytes(),
    };
    index.add(&entry)?;
    Ok(())
}

/// The repository around the root, and the root's path inside of it, with a `/` at its end.
fn open(root: &Root) -> Result<(Repository, String), GitError> {
    let repository = Repository::discover(root.path()).map_err(|error| match error.code() {
        ErrorCode::NotFound => GitError::NoRepository,
        _ => GitError::Git(error),
    })?;
    let inside = repository
        .workdir()
        .and_then(|folder| root.path().strip_prefix(folder.canonicalize().ok()?).ok().map(Path::to_owned));
    let prefix = match inside {
        None => return Err(GitError::NoRepository),
        Some(inside) if inside.as_os_str().is_empty() => String::new(),
        Some(inside) => format!("{}/", inside.to_string_lossy()),
    };
    Ok((repository, prefix))
}

fn head_tree(repository: &Repository) -> Result<Option<git2::Tree<'_>>, GitError> {
    match repository.head() {
        Ok(head) => Ok(Some(head.peel_to_tree()?)),
        Err(error) if error.code() == ErrorCode::UnbornBranch => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn options() -> DiffOptions {
    let mut options = DiffOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true);
    options
}

fn paths(diff: &Diff<'_>, prefix: &str) -> BTreeSet<RelPath> {
    let files = diff.deltas().flat_map(|delta| {
        [delta.old_file().path().map(Path::to_owned), delta.new_file().path().map(Path::to_owned)]
    });
    files.flatten().filter_map(|path| RelPath::new(path.to_str()?.strip_prefix(prefix)?).ok()).collect()
}
