//! What most commands begin with: the root, and everything in it.

use std::sync::Arc;

use super::signals::SignalMeaning;
use super::{CommandError, Context, ErrorKind};
use crate::ui::progress::Spinner;
use scalr_host::environment::ProcessEnvironment;
use scalr_host::gather;
use scalr_host::journal::{self, Recovery};
use scalr_host::lock::Lock;
use scalr_host::root::Root;
use scalr_model::schema::Schema;
use scalr_model::suggest;
use scalr_model::workspace::{App, Workspace};

/// The repository as a command finds it.
pub(super) struct Repository {
    pub(super) root: Root,
    pub(super) schema: Schema,
    pub(super) workspace: Workspace,
}

impl Repository {
    /// Finds the root, finishes what a killed scalr left behind, and looks at everything.
    pub(super) fn open(context: &Context) -> Result<Self, CommandError> {
        let root = Root::find(context.root.as_deref(), &context.environment)?;
        recover(context, &root);
        let (schema, findings) = gather::schema(&root)?;
        let mut repository = Self { root, schema, workspace: Workspace::default() };
        repository.look_again()?;
        repository.workspace.findings.extend(findings);
        Ok(repository)
    }

    /// Looks at everything once more.
    pub(super) fn look_again(&mut self) -> Result<(), CommandError> {
        self.workspace = gather::workspace(&self.root, &self.schema)?;
        Ok(())
    }

    /// Takes the lock for a change, waiting for another scalr with a word to the person who waits. From here on a signal is
    /// a flag.
    pub(super) fn lock(&self, context: &Context) -> Result<Lock, CommandError> {
        context.signals.mean(SignalMeaning::Flag)?;
        let shutdown = context.signals.shutdown();
        let mut spinner = None;
        let lock = Lock::acquire(&self.root, context.environment.lock_timeout(), shutdown, |holder| {
            spinner =
                Some(Spinner::start(&context.printer, &format!("waiting for another scalr ({holder})")));
        })?;
        drop(spinner);
        Ok(lock)
    }

    /// The apps of these slugs; all of them when none is named. Unknown slugs are an error, all at once.
    pub(super) fn select(&self, slugs: &[String]) -> Result<Vec<&App>, CommandError> {
        if slugs.is_empty() {
            return Ok(self.workspace.apps.iter().collect());
        }
        let unknown: Vec<String> = slugs
            .iter()
            .filter(|slug| self.workspace.app(slug).is_none())
            .map(|slug| match suggest::nearest(slug, self.workspace.slugs()) {
                Some(meant) => format!("no app has the slug `{slug}`; did you mean `{meant}`?"),
                None => format!("no app has the slug `{slug}`"),
            })
            .collect();
        if unknown.is_empty() {
            return Ok(slugs.iter().filter_map(|slug| self.workspace.app(slug)).collect());
        }
        Err(CommandError::new(ErrorKind::Usage, unknown.join("\n       ")).hint("scalr list shows every app"))
    }

    /// Tells that broken manifests may be missing from an answer.
    pub(super) fn warn_of_broken(&self, context: &Context) {
        let broken = self.workspace.manifest_errors;
        if broken > 0 {
            context.printer.note(&format!(
                "note: manifests have {broken} errors, so this may be incomplete; scalr validate shows them"
            ));
        }
    }
}

fn recover(context: &Context, root: &Root) {
    match journal::recover(root) {
        Ok(Recovery::Nothing) => {}
        Ok(Recovery::Finished(place)) => {
            context
                .printer
                .note(&format!("note: finished {place}, which an interrupted scalr had decided on"));
        }
        Ok(Recovery::Swept) => context.printer.detail("removed what an interrupted scalr had begun"),
        // Reading goes on: a checkout that can't be written to can still be validated.
        Err(error) => context
            .printer
            .note(&format!("warning: an interrupted change can't be finished: failed to {error}")),
    }
}

/// Candidates for the completion of slugs.
pub(super) fn complete_slugs() -> Vec<clap_complete::CompletionCandidate> {
    // clap calls this instead of a command, with nothing in its hands.
    let environment = Arc::new(ProcessEnvironment::capture());
    let Ok(root) = Root::find(environment.root().as_deref(), &environment) else { return Vec::new() };
    let Ok((schema, _)) = gather::schema(&root) else { return Vec::new() };
    let Ok(workspace) = gather::workspace(&root, &schema) else { return Vec::new() };
    let candidate = |app: &App| {
        let slug = app.manifest.slug()?;
        let help = app.manifest.name.as_deref().map(|name| scalr_model::schema::shorten(name).into());
        Some(clap_complete::CompletionCandidate::new(slug).help(help))
    };
    workspace.apps.iter().filter_map(candidate).collect()
}
