//! Plans: what a command is going to change, as a value.
//!
//! Pure code makes a plan out of what `host` gathered; `--dry-run` shows it, `--json` serializes
//! it and `host` carries it out. No flag travels into the code that writes.

use serde::Serialize;

use super::diagnostics::Fix;
use super::dotenv;
use super::registry;
use super::rel_path::RelPath;

/// One file of the repository with the repairs that it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileEdit {
    /// The file.
    pub path: RelPath,
    /// What is done to it, and so why.
    pub fixes: Vec<Fix>,
}

impl Fix {
    /// The file that the repair changes.
    #[must_use]
    pub fn file(&self) -> RelPath {
        match self {
            Self::Register { .. } | Self::Unregister { .. } => RelPath::root().join(registry::FILE_NAME),
            Self::SetEnv { file, .. } => file.clone(),
        }
    }
}

/// Groups repairs by file, each once, in the order of the files.
#[must_use]
pub fn edits(fixes: impl IntoIterator<Item = Fix>) -> Vec<FileEdit> {
    let mut edits: Vec<FileEdit> = Vec::new();
    for fix in fixes {
        let path = fix.file();
        match edits.iter_mut().find(|edit| edit.path == path) {
            Some(edit) if edit.fixes.contains(&fix) => {}
            Some(edit) => edit.fixes.push(fix),
            None => edits.push(FileEdit { path, fixes: vec![fix] }),
        }
    }
    edits.sort_by(|a, b| a.path.cmp(&b.path));
    edits
}

impl FileEdit {
    /// The file's text with every repair done. Doing it again changes nothing. The error completes
    /// "the file …".
    pub fn apply(&self, text: &str) -> Result<String, String> {
        // Lines are removed by their numbers, so all at once and before anything is added.
        let gone: Vec<(u32, &str)> = self
            .fixes
            .iter()
            .filter_map(|fix| match fix {
                Fix::Unregister { line, text } => Some((*line, text.as_str())),
                _ => None,
            })
            .collect();
        let mut text = if gone.is_empty() { text.to_owned() } else { registry::remove(text, &gone) };
        for fix in &self.fixes {
            text = match fix {
                Fix::Unregister { .. } => text,
                Fix::Register { path } => registry::append(&text, path),
                Fix::SetEnv { key, value, .. } => dotenv::set(&text, key, value).map_err(|error| {
                    format!("can't be read at line {}: {}", error.span.line, error.message)
                })?,
            };
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
