//! Findings about env files. No message contains the text of a value, since it may be secret.

use super::expand::MAX_BYTES;
use super::file::{Variable, unnamed};
use super::mask::Mask;
use super::merge::{FailureReason, VariableFailure};
use super::template::InterpolationError;
use crate::codes::Code;
use crate::diagnostics::{Finding, Location};
use crate::rel_path::RelPath;

/// Variables that would redirect Compose to another project or file.
const RESERVED: [&str; 2] = ["COMPOSE_PROJECT_NAME", "COMPOSE_FILE"];

/// Findings about one file by itself, beyond its syntax.
#[must_use]
pub fn check(path: &RelPath, variables: &[Variable]) -> Vec<Finding> {
    let unnamed = unnamed(variables)
        .map(|error| Finding::new(Code::EnvSyntax, Location::at(path, error.span), error.message));
    let reserved =
        variables.iter().filter(|variable| RESERVED.contains(&variable.key.as_str())).map(|variable| {
            let message = format!("{} must not be set here: it would redirect Compose", variable.key);
            Finding::new(Code::EnvReserved, Location::at(path, variable.span), message)
                .help("remove the line")
        });
    unnamed.chain(reserved).collect()
}

/// An error that stops Compose, unless [`check`] has reported it.
pub(super) fn failure(failure: &VariableFailure, mask: &Mask) -> Option<Finding> {
    let VariableFailure { key, location, reason, secret } = failure;
    let at = |code, message: String| Finding::new(code, location.clone(), message);
    let finding = match reason {
        FailureReason::Unnamed => return None,
        FailureReason::Template(InterpolationError::Required { name, reason }) => {
            let mut message = format!("{key} can't be computed: {name} is needed, and is not set or empty");
            if let Some(reason) = mask.shown(reason, *secret).value.filter(|reason| !reason.is_empty()) {
                message += &format!(" ({reason})");
            }
            at(Code::EnvInterpolation, message)
        }
        // The text after the dollar sign may be a part of a password.
        FailureReason::Blank(_) if *secret => at(
            Code::EnvUnset,
            format!("a `$` in the value of {key} begins a variable that is not set, so Compose drops both"),
        )
        .help("write `$$` for a dollar sign, or put the value in single quotes"),
        FailureReason::Blank(name) => {
            at(Code::EnvUnset, format!("{key} uses {name}, which is not set; Compose takes an empty text"))
                .help(format!(
                    "set {name} above, write a default (${{{name}:-default}}), or `$$` for a dollar sign"
                ))
        }
        FailureReason::Template(problem) => {
            at(Code::EnvInterpolation, format!("{key} can't be computed: {}", describe(problem)))
        }
        FailureReason::Dash => {
            at(Code::EnvSyntax, format!("this Compose refuses the name {key}, since it holds `-`"))
        }
        FailureReason::Nul => {
            at(Code::EnvSyntax, format!("the value of {key} holds a NUL, which this Compose can't take"))
        }
        FailureReason::TooLarge => at(Code::EnvInterpolation, "the values grow beyond 16 MiB".to_owned()),
    };
    Some(finding)
}

/// A problem with `${…}`, as the end of a sentence.
pub(super) fn describe(problem: &InterpolationError) -> String {
    match problem {
        InterpolationError::Malformed => {
            "a `${` begins no variable; write ${NAME} or ${NAME:-default} on one line, and $$ for a dollar sign".to_owned()
        }
        InterpolationError::Required { name, .. } => format!("{name} is needed, and is not set or empty"),
        InterpolationError::TooDeep => "`${…}` nests deeper than 64 levels".to_owned(),
        InterpolationError::TooLong => format!("the text grows beyond {} MiB", MAX_BYTES / (1024 * 1024)),
    }
}
