//! What Compose is told about one project.

use std::path::PathBuf;

/// One Compose project: `docker compose -p NAME --project-directory FOLDER --env-file … -f …`. Without files Compose
/// knows the project by the labels of its containers alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ComposeProject {
    pub name: String,
    pub folder: PathBuf,
    pub files: Vec<PathBuf>,
    /// The later ones win.
    pub env_files: Vec<PathBuf>,
}

impl ComposeProject {
    /// A project without files.
    #[must_use]
    pub fn by_name(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}
