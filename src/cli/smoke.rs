//! `scalr smoke`

use std::time::Duration;

use super::run::STARTING;
use super::runtime;
use super::select::SelectArgs;
use super::signals::SignalMeaning;
use super::{CommandError, Context, Outcome, Status};
use scalr_host::environment;
use scalr_host::run::settings;
use scalr_host::shutdown::ShutdownStage;
use scalr_host::smoke::SmokeTests;
use scalr_model::compose::version::ComposeRules;
use scalr_model::run::smoke::{SmokeReport, SmokeSummary};

/// Run the smoke tests of subprojects: scripts/smoke-test.sh of each, a few at once
///
/// Ends with 1 where one fails, and shows what that one said. Subprojects without the script are passed over.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr smoke\n  scalr smoke crm order-desk\n  scalr smoke --json | jq -r '.apps[] | select(.outcome == \"failed\") | .app'"
)]
pub(crate) struct SmokeArgs {
    #[command(flatten)]
    select: SelectArgs,
    /// How many at once; four times the number of cores if left out
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// How many seconds one test may take
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    timeout: u64,
}

pub(super) fn run(context: &Context, args: &SmokeArgs) -> Outcome {
    let repository = context.repository()?;
    let subprojects = args.select.choose(context, &repository)?;
    let (root, shared) = (&repository.root, &repository.workspace.shared_env);
    let secrets = settings::secrets(root, shared, &subprojects, ComposeRules::NEWEST);
    let detail = |report: &SmokeReport| {
        context.printer.detail(&format!("{}: {}", report.app, report.outcome.as_str()));
    };
    context.signals.mean(SignalMeaning::Drain)?;
    let shutdown = context.signals.shutdown();
    let (reports, stage) = runtime::block_on(async {
        let tests = SmokeTests {
            root,
            context: args.select.context.as_deref(),
            secrets: &secrets,
            width: args.jobs.map_or_else(|| environment::default_jobs(STARTING), usize::from),
            patience: Duration::from_secs(args.timeout),
            shutdown,
        };
        Ok::<_, CommandError>((tests.run(&subprojects, detail).await, shutdown.now()))
    })??;
    let summary = SmokeSummary::of(reports);
    context.printer.show(&summary)?;
    Ok(match stage {
        ShutdownStage::Run if summary.ok => Status::Done,
        ShutdownStage::Run => Status::Wrong,
        _ => Status::Interrupted,
    })
}
