//! The repository as a command or a server works with it: its root, the schema of its manifests, and a snapshot of
//! what is in it. What happens while it is opened is returned and not told.

use super::FileError;
use super::gather::{self, BrokenSchema};
use super::journal::{self, Recovery};
use super::root::Root;
use scalr_model::diagnostics::Finding;
use scalr_model::schema::Schema;
use scalr_model::workspace::Workspace;

/// A repository that is worked with.
pub struct Repository {
    pub root: Root,
    pub schema: Schema,
    /// As it was when the repository was opened or refreshed.
    pub workspace: Workspace,
    /// What is wrong with the repository's own schema.
    schema_findings: Vec<Finding>,
}

/// Why a repository can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum RepositoryError {
    #[error(transparent)]
    Schema(#[from] BrokenSchema),
    #[error("failed to {0}")]
    File(#[from] FileError),
}

/// What was done on opening about a change that an interrupted scalr had begun.
#[derive(Debug)]
pub enum Notice {
    /// It had been decided on, and is finished: the folder of the new app.
    Finished(String),
    /// It had not been decided on, and is removed.
    Swept,
    /// It is still as it was. Reading is possible all the same, such as in a checkout that can't be written to.
    Unfinished(FileError),
}

impl Repository {
    /// Finishes or sweeps away what an interrupted scalr has left, then gathers everything.
    pub fn open(root: Root) -> Result<(Self, Option<Notice>), RepositoryError> {
        let notice = match journal::recover(&root) {
            Ok(Recovery::Nothing) => None,
            Ok(Recovery::Finished(place)) => Some(Notice::Finished(place)),
            Ok(Recovery::Swept) => Some(Notice::Swept),
            Err(error) => Some(Notice::Unfinished(error)),
        };
        Ok((Self::gather(root)?, notice))
    }

    /// Gathers everything, and changes nothing.
    pub fn gather(root: Root) -> Result<Self, RepositoryError> {
        let (schema, schema_findings) = gather::schema(&root)?;
        let mut repository = Self { root, schema, workspace: Workspace::default(), schema_findings };
        repository.refresh()?;
        Ok(repository)
    }

    /// Gathers everything anew, with the schema that the repository was opened with.
    pub fn refresh(&mut self) -> Result<(), FileError> {
        self.workspace = gather::workspace(&self.root, &self.schema)?;
        self.workspace.findings.extend(self.schema_findings.iter().cloned());
        Ok(())
    }
}
