//! `scalr explain`

use super::{CommandError, Context, ErrorKind, Outcome, Status};
use crate::ui::styles::{self, paint};
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
    let codes: Vec<Code> = match args.code.as_deref() {
        None => Code::ALL.to_vec(),
        Some(name) => vec![
            Code::parse(
                name.trim_start_matches("error[").trim_start_matches("warning[").trim_end_matches(']'),
            )
            .ok_or_else(|| unknown(name))?,
        ],
    };
    if context.printer.json() {
        let codes: Vec<_> = codes.iter().map(|code| {
            let explanation = code.explanation();
            serde_json::json!({ "code": explanation.name, "severity": explanation.severity, "summary": explanation.summary, "detail": explanation.detail })
        }).collect();
        context.printer.document(&serde_json::json!({ "schema": "scalr.explain/1", "codes": codes }))?;
        return Ok(Status::Done);
    }
    let text: String = match codes.as_slice() {
        [code] => {
            let explanation = code.explanation();
            let head = paint(
                styles::STRONG,
                format!("{}[{}]: {}", explanation.severity.as_str(), explanation.name, explanation.summary),
            );
            format!("{head}\n\n{}\n", explanation.detail)
        }
        codes => codes
            .iter()
            .map(|code| {
                format!(
                    "{} {}\n",
                    paint(styles::NAME, format!("{:<21}", code.name())),
                    code.explanation().summary
                )
            })
            .collect(),
    };
    context.printer.answer(&text)?;
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
