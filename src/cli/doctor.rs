//! `scalr doctor`

use super::runtime;
use super::signals::SignalMeaning;
use super::{CommandError, Context, ErrorKind, Outcome, Status};
use scalr_host::doctor::{self, Place, RepairError};
use scalr_host::repository::Repository;
use scalr_model::doctor::{Check, DoctorReport, Repair};
use scalr_model::run::selection::Selection;
use scalr_model::run::subproject;

/// A repair can reveal further findings: without .env.shared the networks can't be checked.
const ROUNDS: usize = 3;

/// Look whether this machine and this repository are ready: engine, Compose, secrets, ports, networks, template
///
/// The same checks as before `scalr up`, for everything that is registered, and more. Ends with 1 where something is
/// wrong; warnings don't count.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr doctor\n  scalr doctor --fix\n  scalr doctor --json | jq -r '.checks[] | select(.status == \"error\") | .check'"
)]
pub(crate) struct DoctorArgs {
    /// Repair what can be repaired: make .env.shared with generated secrets, close it to others, make the network, remove lines of registered-apps.txt that lead nowhere
    #[arg(long)]
    fix: bool,
    /// Another Docker engine: a context of `docker context ls`
    #[arg(long, value_name = "NAME")]
    context: Option<String>,
}

pub(super) fn run(context: &Context, args: &DoctorArgs) -> Outcome {
    let mut repository = context.repository()?;
    let mut repaired = Vec::new();
    let mut checks = run_checks(context, &repository, args)?;
    for _ in 0..ROUNDS {
        let repairs: Vec<Repair> = checks.iter().flat_map(|check| check.repairs.clone()).collect();
        if !args.fix || repairs.is_empty() {
            break;
        }
        carry_out(context, &repository, args, &repairs)?;
        repaired.extend(repairs);
        repository.refresh()?;
        checks = run_checks(context, &repository, args)?;
    }
    let report = DoctorReport::new(checks, repaired);
    context.printer.show(&report)?;
    Ok(if report.ok { Status::Done } else { Status::Wrong })
}

fn run_checks(
    context: &Context,
    repository: &Repository,
    args: &DoctorArgs,
) -> Result<Vec<Check>, CommandError> {
    context.signals.mean(SignalMeaning::End)?;
    let all = subproject::all(&repository.workspace);
    // No app is named, so none is unknown.
    let subprojects = Selection::default().choose(&all).unwrap_or_default();
    let place = Place {
        root: &repository.root,
        workspace: &repository.workspace,
        schema: &repository.schema,
        subprojects: &subprojects,
        context: args.context.as_deref(),
        shutdown: context.signals.shutdown(),
    };
    runtime::block_on(doctor::checks(place))
}

fn carry_out(
    context: &Context,
    repository: &Repository,
    args: &DoctorArgs,
    repairs: &[Repair],
) -> Result<(), CommandError> {
    let lock = context.lock(repository)?;
    for repair in repairs {
        let done =
            runtime::block_on(doctor::repair(&repository.root, &lock, args.context.as_deref(), repair))?;
        match done {
            Ok(Some(note)) => context.printer.note(&format!("{repair} ({note})")),
            Ok(None) => {}
            Err(RepairError::File(error)) => return Err(error.into()),
            Err(RepairError::Engine(error)) => {
                let message = format!("failed to {repair}: {error}");
                return Err(CommandError::caused_by(ErrorKind::Environment, message, error));
            }
        }
    }
    Ok(())
}
