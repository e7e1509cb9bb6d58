//! `scalr explain`

use super::{CommandError, Context, ErrorKind, Outcome, Status};
use crate::ui::explain::Explanations;
use scalr_model::codes::Code;
use scalr_model::suggest;

/// Explain a code of a finding: why the rule is there and what to do
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  scalr explain port-conflict\n  scalr explain")]
pub(crate) struct ExplainArgs {
    /// The code, such as port-conflict; all codes when it is left out
    #[arg(value_name = "CODE", add = clap_complete::ArgValueCandidates::new(complete_codes))]
    code: Option<String>,
}

pub(super) fn run(context: &Context, args: &ExplainArgs) -> Outcome {
    let codes = match args.code.as_deref() {
        None => Code::ALL.to_vec(),
        Some(text) => vec![Code::parse(text).ok_or_else(|| unknown(text))?],
    };
    context.printer.show(&Explanations::of(&codes))?;
    Ok(Status::Done)
}

fn unknown(name: &str) -> CommandError {
    let error = CommandError::new(ErrorKind::Usage, format!("there is no code `{name}`"));
    match suggest::nearest(name, Code::ALL.iter().map(|code| code.name())) {
        Some(meant) => error.hint(format!("did you mean: scalr explain {meant}")),
        None => error.hint("scalr explain lists every code"),
    }
}

fn complete_codes() -> Vec<clap_complete::CompletionCandidate> {
    let candidate = |code: &Code| {
        clap_complete::CompletionCandidate::new(code.name()).help(Some(code.explanation().summary.into()))
    };
    Code::ALL.iter().map(candidate).collect()
}
