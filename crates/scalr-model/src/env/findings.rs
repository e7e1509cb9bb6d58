//! What is wrong with env files, as findings. No text of a value goes into a message, since it may be secret.

use super::expand::MAX_BYTES;
use super::file::{Variable, unnamed};
use super::mask::Mask;
use super::merge::{Failure, Reason};
use super::template::Problem;
use crate::codes::Code;
use crate::diagnostics::{Finding, Location};
use crate::rel_path::RelPath;

/// Variables that would turn Compose away from the app's own project and files.
const RESERVED: [&str; 2] = ["COMPOSE_PROJECT_NAME", "COMPOSE_FILE"];

/// What is wrong with one file by itself, beyond its syntax.
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

/// Something that Compose stops at, unless [`check`] has told it.
pub(super) fn failure(failure: &Failure, mask: &Mask) -> Option<Finding> {
    let Failure { key, location, reason, secret } = failure;
    let at = |code, message: String| Finding::new(code, location.clone(), message);
    let finding = match reason {
        Reason::Unnamed => return None,
        Reason::Template(Problem::Required { name, reason }) => {
            let mut message = format!("{key} can't be computed: {name} is needed, and is not set or empty");
            if let Some(reason) = mask.shown(reason, *secret).value.filter(|reason| !reason.is_empty()) {
                message += &format!(" ({reason})");
            }
            at(Code::EnvInterpolation, message)
        }
        // What stands behind the dollar sign may be a part of a password.
        Reason::Blank(_) if *secret => at(
            Code::EnvUnset,
            format!(
                "a `$` in the value of {key} begins a variable that nobody sets, and is lost with its name"
            ),
        )
        .help("write `$$` for a dollar sign, or put the value in single quotes"),
        Reason::Blank(name) => at(
            Code::EnvUnset,
            format!("{key} is made of {name}, and nobody sets that; Compose takes an empty text"),
        )
        .help(format!("set {name} above, write a default (${{{name}:-default}}), or `$$` for a dollar sign")),
        Reason::Template(problem) => {
            at(Code::EnvInterpolation, format!("{key} can't be computed: {}", describe(problem)))
        }
        Reason::Dash => {
            at(Code::EnvSyntax, format!("this Compose refuses the name {key}, since it holds `-`"))
        }
        Reason::Nul => {
            at(Code::EnvSyntax, format!("the value of {key} holds a NUL, which this Compose can't take"))
        }
        Reason::TooLarge => at(Code::EnvInterpolation, "the values grow beyond 16 MiB".to_owned()),
    };
    Some(finding)
}

/// A problem with `${…}`, as the end of a sentence.
pub(super) fn describe(problem: &Problem) -> String {
    match problem {
        Problem::Malformed => {
            "a `${` begins no variable; write ${NAME} or ${NAME:-default} on one line, and $$ for a dollar sign".to_owned()
        }
        Problem::Required { name, .. } => format!("{name} is needed, and is not set or empty"),
        Problem::TooDeep => "`${…}` nests deeper than 64 levels".to_owned(),
        Problem::TooLong => format!("the text grows beyond {} MiB", MAX_BYTES / (1024 * 1024)),
    }
}
