//! Plans: the changes of a command, as a value.
//!
//! Pure code makes a plan out of what `host` gathered; `--dry-run` shows it, `--json` serializes
//! it and `host` executes it. No flag reaches the code that writes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::diagnostics::Fix;
use super::env;
use super::registry;
use super::rel_path::RelPath;

/// One file of the repository with the repairs that it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileEdit {
    pub path: RelPath,
    /// The repairs, which are also the reasons.
    pub fixes: Vec<Fix>,
}

impl Fix {
    /// The file that the repair changes.
    #[must_use]
    pub(crate) fn file(&self) -> RelPath {
        match self {
            Self::Register { .. } | Self::Unregister { .. } => RelPath::root().join(registry::FILE_NAME),
            Self::SetEnv { file, .. } => file.clone(),
        }
    }
}

/// Groups repairs by file, each once, in the order of the files.
#[must_use]
pub fn edits(fixes: impl IntoIterator<Item = Fix>) -> Vec<FileEdit> {
    let mut by_file: BTreeMap<RelPath, BTreeSet<Fix>> = BTreeMap::new();
    for fix in fixes {
        by_file.entry(fix.file()).or_default().insert(fix);
    }
    by_file.into_iter().map(|(path, fixes)| FileEdit { path, fixes: fixes.into_iter().collect() }).collect()
}

impl FileEdit {
    /// The file's text with every repair done. Doing it again changes nothing. The error completes
    /// "the file …".
    pub fn apply(&self, text: &str) -> Result<String, String> {
        // Lines are removed by their numbers, so all at once and before anything is added.
        let (mut gone, mut new) = (Vec::new(), Vec::new());
        for fix in &self.fixes {
            match fix {
                Fix::Unregister { line, text } => gone.push((*line, text.as_str())),
                Fix::Register { path } => new.push(path),
                Fix::SetEnv { .. } => {}
            }
        }
        let mut text = if gone.is_empty() { text.to_owned() } else { registry::remove(text, &gone) };
        if !new.is_empty() {
            text = registry::append(&text, &new);
        }
        for fix in &self.fixes {
            if let Fix::SetEnv { key, value, .. } = fix {
                text = env::set(&text, key, value).map_err(|error| {
                    format!("can't be read at line {}: {}", error.span.line, error.message)
                })?;
            }
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_by_file_and_applies_together() {
        let path = |text: &str| RelPath::new(text).unwrap();
        let fixes = [
            Fix::Register { path: path("apps/new") },
            Fix::Unregister { line: 1, text: "apps/gone".into() },
            Fix::Unregister { line: 3, text: "apps/b".into() },
            Fix::Register { path: path("apps/new") },
            Fix::SetEnv { file: path("apps/b/.env.app"), key: "DB_PORT".into(), value: "5".into() },
        ];
        let edits = edits(fixes);
        assert_eq!(edits.len(), 2);
        let after = edits[1].apply("apps/gone\napps/b\napps/b\n").unwrap();
        assert_eq!(after, "apps/b\napps/new\n");
        assert_eq!(edits[1].apply(&after).unwrap(), after);
        assert_eq!(edits[0].apply("DB_PORT=4\n").unwrap(), "DB_PORT=5\n");
    }
}
