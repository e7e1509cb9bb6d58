//! What most commands begin with: the repository, and the lock for those that change it.

use std::sync::Arc;

use clap_complete::CompletionCandidate;

use super::runtime;
use super::signals::SignalMeaning;
use super::{CommandError, Context};
use crate::ui::progress::Spinner;
use scalr_host::environment::ProcessEnvironment;
use scalr_host::lock::Lock;
use scalr_host::repository::{Notice, Repository};
use scalr_host::root::Root;
use scalr_model::schema::shorten;
use scalr_model::workspace::App;

impl Context {
    /// The repository that is meant. What was done about an interrupted change is told.
    pub(super) fn repository(&self) -> Result<Repository, CommandError> {
        let root = Root::find(self.root.as_deref(), &self.environment)?;
        let (repository, notice) = Repository::open(root)?;
        match notice {
            None => {}
            Some(Notice::Finished(place)) => {
                self.printer
                    .note(&format!("note: finished {place}, which an interrupted scalr had decided on"));
            }
            Some(Notice::Swept) => self.printer.detail("removed what an interrupted scalr had begun"),
            Some(Notice::Unfinished(error)) => self
                .printer
                .note(&format!("warning: an interrupted change can't be finished: failed to {error}")),
        }
        Ok(repository)
    }

    /// The lock for a change. Where another scalr holds it, the person who waits is told so. From here on a signal is a flag.
    pub(super) fn lock(&self, repository: &Repository) -> Result<Lock, CommandError> {
        self.signals.mean(SignalMeaning::Flag)?;
        let shutdown = self.signals.shutdown();
        let mut spinner = None;
        let acquired = Lock::acquire(&repository.root, self.environment.lock_timeout(), shutdown, |holder| {
            spinner = Some(Spinner::start(&self.printer, &format!("waiting for another scalr ({holder})")));
        });
        let lock = runtime::block_on(acquired)??;
        drop(spinner);
        Ok(lock)
    }

    /// Notes that broken manifests may be missing from the result.
    pub(super) fn warn_of_broken(&self, repository: &Repository) {
        let broken = repository.workspace.manifest_errors;
        if broken > 0 {
            self.printer.note(&format!(
                "note: manifests have {broken} errors, so this may be incomplete; scalr validate shows them"
            ));
        }
    }
}

/// Candidates for the completion of slugs.
pub(super) fn complete_slugs() -> Vec<CompletionCandidate> {
    // clap calls this instead of a command, with nothing in its hands.
    let environment = Arc::new(ProcessEnvironment::capture());
    let Ok(root) = Root::find(environment.root().as_deref(), &environment) else { return Vec::new() };
    let Ok(repository) = Repository::gather(root) else { return Vec::new() };
    let candidate = |app: &App| {
        let help = app.manifest.name.as_deref().map(|name| shorten(name).into());
        Some(CompletionCandidate::new(app.manifest.slug()?).help(help))
    };
    repository.workspace.apps.iter().filter_map(candidate).collect()
}
