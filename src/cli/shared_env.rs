//! `.env.shared` is missing: made on the way, where somebody says yes.

use super::repository::Repository;
use super::{CommandError, Context, ErrorKind};
use crate::ui::prompt;
use scalr_host::shared_env;
use scalr_host::shutdown::{Asking, Interrupt};
use scalr_model::workspace::{EnvFile, SHARED_ENV_EXAMPLE, SHARED_ENV_FILE};

/// Makes it with `--yes`, or after a yes at a terminal; else the preflight says what to type.
pub(super) fn offer(context: &Context, repository: &Repository) -> Result<(), CommandError> {
    if !matches!(repository.workspace.shared_env, EnvFile::Missing) {
        return Ok(());
    }
    if !context.yes {
        if !context.printer.interactive() {
            return Ok(());
        }
        let asking = Asking::begin(prompt::leave)?;
        let question = format!(
            "{SHARED_ENV_FILE} is missing. Make it from {SHARED_ENV_EXAMPLE}, with generated secrets?"
        );
        let said = prompt::confirm(&question)?;
        drop(asking);
        if !said {
            return Ok(());
        }
    }
    let lock = repository.lock(context, &Interrupt::default())?;
    let made = shared_env::make(&repository.root, &lock)?;
    context.printer.note(&format!("made {SHARED_ENV_FILE} ({})", made.told()));
    Ok(())
}

/// The answer of a command that can't do without it.
pub(super) fn missing() -> CommandError {
    let message = format!("{SHARED_ENV_FILE} is missing: it holds the secrets that all apps share");
    CommandError::new(ErrorKind::Environment, message)
        .hint(format!("scalr doctor --fix makes it from {SHARED_ENV_EXAMPLE}, with generated secrets"))
}
