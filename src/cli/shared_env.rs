//! What a command does about an env file that is missing or broken.

use super::{CommandError, Context, ErrorKind};
use crate::ui::prompt;
use scalr_host::repository::Repository;
use scalr_host::{gather, shared_env};
use scalr_model::diagnostics::Finding;
use scalr_model::env::Variable;
use scalr_model::rel_path::RelPath;
use scalr_model::workspace::{EnvFile, SHARED_ENV_EXAMPLE, SHARED_ENV_FILE};

/// Creates it with `--yes`, or after a yes at a terminal; otherwise the preflight names the command.
pub(super) fn offer(context: &Context, repository: &Repository) -> Result<(), CommandError> {
    if !matches!(repository.workspace.shared_env, EnvFile::Missing) {
        return Ok(());
    }
    if !context.yes {
        if !context.printer.interactive() {
            return Ok(());
        }
        let asking = context.signals.while_asking()?;
        let question = format!(
            "{SHARED_ENV_FILE} is missing. Make it from {SHARED_ENV_EXAMPLE}, with generated secrets?"
        );
        let said = prompt::confirm(&question)?;
        drop(asking);
        if !said {
            return Ok(());
        }
    }
    let lock = context.lock(repository)?;
    let made = shared_env::make(&repository.root, &lock)?;
    context.printer.note(&format!("made {SHARED_ENV_FILE} ({})", made.told()));
    Ok(())
}

/// The variables of `.env.shared`, for a command that can't do without them.
pub(super) fn variables(repository: &Repository) -> Result<&[Variable], CommandError> {
    match &repository.workspace.shared_env {
        EnvFile::Read(variables) => Ok(variables),
        EnvFile::Missing => {
            let message = format!("{SHARED_ENV_FILE} is missing: it holds the secrets that all apps share");
            Err(CommandError::new(ErrorKind::Environment, message).hint(format!(
                "scalr doctor --fix makes it from {SHARED_ENV_EXAMPLE}, with generated secrets"
            )))
        }
        EnvFile::Broken(finding) => Err(broken(repository, &RelPath::root().join(SHARED_ENV_FILE), finding)),
    }
}

/// An env file that is there and can't be read.
pub(super) fn broken(repository: &Repository, path: &RelPath, finding: &Finding) -> CommandError {
    let findings = vec![finding.clone()];
    let sources = gather::sources(&repository.root, &findings);
    let message = format!("{path} can't be read, neither by scalr nor by Compose");
    CommandError::new(ErrorKind::Failed, message).findings(findings, sources)
}
