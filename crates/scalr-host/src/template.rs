//! Reads the template from the working tree.

use std::os::unix::fs::PermissionsExt;

use sha2::{Digest, Sha256};

use super::root::Root;
use super::{Context, FileError, files, git, walk};
use scalr_model::diagnostics::Finding;
use scalr_model::manifest::Manifest;
use scalr_model::rel_path::RelPath;
use scalr_model::scaffold::{Template, TemplateState};
use scalr_model::template::{FILE_NAME, RuleFile, SourceKind, TemplateSource};
use scalr_model::workspace::TEMPLATE;

/// Why the template can't be read.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// There is none, or its manifest is broken.
    #[error("{TEMPLATE}/ has no readable app.manifest.yml, so no app can be made from it")]
    NoManifest,
    /// template.yml is broken.
    #[error("{TEMPLATE}/{FILE_NAME} is broken")]
    Rules(Vec<Finding>),
    /// An entry is neither file nor link, or its name is not UTF-8.
    #[error("{0} can't be copied: only regular files and symbolic links with UTF-8 names can")]
    Odd(String),
    /// The walk failed.
    #[error("failed to walk {TEMPLATE}/: {0}")]
    Walk(#[from] walk::WalkError),
    /// A file can't be read.
    #[error("failed to {0}")]
    File(#[from] FileError),
}

/// Reads the rules and every file that they don't exclude.
pub fn read(root: &Root, manifest: Option<Manifest>) -> Result<Template, TemplateError> {
    let manifest = manifest.ok_or(TemplateError::NoManifest)?;
    let home = RelPath::root().join(TEMPLATE);
    let folder = root.join(&home);
    let rules_path = folder.join(FILE_NAME);
    let bytes = std::fs::read(&rules_path).context("read", &rules_path)?;
    let rules = RuleFile::parse(&home.join(FILE_NAME), &bytes).map_err(TemplateError::Rules)?;
    let mut sources = Vec::new();
    for path in walk::files(root, &folder, rules.exclude())? {
        let odd =
            || TemplateError::Odd(path.strip_prefix(root.path()).unwrap_or(&path).display().to_string());
        let name = path.strip_prefix(&folder).ok().and_then(|name| name.to_str()).ok_or_else(odd)?;
        if name == FILE_NAME {
            continue;
        }
        let relative = RelPath::new(name).map_err(|_| odd())?;
        let metadata = path.symlink_metadata().context("read", &path)?;
        let kind = if metadata.is_symlink() {
            let target = std::fs::read_link(&path).context("read", &path)?;
            SourceKind::Symlink { target: target.to_str().ok_or_else(odd)?.to_owned() }
        } else if metadata.is_file() {
            let bytes = std::fs::read(&path).context("read", &path)?;
            SourceKind::File { bytes, mode: metadata.permissions().mode() & 0o777 }
        } else {
            return Err(odd());
        };
        sources.push(TemplateSource { path: relative, kind });
    }
    let state = state(root, &home, &sources);
    Ok(Template { rules, sources, manifest, state })
}

fn state(root: &Root, home: &RelPath, sources: &[TemplateSource]) -> TemplateState {
    let mut hash = Sha256::new();
    for source in sources {
        let (mode, content) = match &source.kind {
            SourceKind::File { bytes, mode } => (*mode, bytes.as_slice()),
            SourceKind::Symlink { target } => (0o120_000, target.as_bytes()),
        };
        hash.update(format!("{} {mode:o} {}\n", source.path, content.len()));
        hash.update(content);
    }
    let digest = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let (commit, modified) = git::state(root, home);
    TemplateState { commit, modified, digest }
}

/// Reads a file of answers, `-` for standard input.
pub fn read_answers(path: &std::path::Path) -> Result<Vec<u8>, FileError> {
    use std::io::Read;
    let limit = 1024 * 1024;
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().take(limit).read_to_end(&mut bytes).context("read", "standard input")?;
        return Ok(bytes);
    }
    match files::read(path, limit).context("read", path)? {
        files::Contents::Bytes(bytes) => Ok(bytes),
        files::Contents::TooLarge(_) => {
            Err(std::io::Error::other("it is larger than 1 MiB")).context("read", path)
        }
        files::Contents::NotRegular(kind) => {
            Err(std::io::Error::other(format!("it is {kind}"))).context("read", path)
        }
    }
}
