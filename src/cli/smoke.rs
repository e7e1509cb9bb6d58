//! `scalr smoke`

use std::time::Duration;

use futures_util::StreamExt;
use serde::Serialize;

use super::repository::Repository;
use super::run::STARTING;
use super::select::SelectArgs;
use super::{CommandError, Context, ErrorKind, Outcome, Status};
use crate::ui::styles::{self, paint};
use crate::ui::table::table;
use crate::ui::visible::visible;
use scalr_host::run::settings;
use scalr_host::shutdown::Shutdown;
use scalr_host::{docker, environment, smoke};
use scalr_model::compose::version::ComposeRules;
use scalr_model::run::smoke::{SCHEMA, SCRIPT, SmokeOutcome, SmokeReport};

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

/// The document of `--json`, described by schemas/smoke.schema.json.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    ok: bool,
    apps: &'a [SmokeReport],
}

pub(super) fn run(context: &Context, args: &SmokeArgs) -> Outcome {
    let repository = Repository::open(context)?;
    let subprojects = args.select.choose(context, &repository)?;
    let secrets = settings::secrets(
        &repository.root,
        &repository.workspace.shared_env,
        &subprojects,
        ComposeRules::NEWEST,
    );
    let width = args.jobs.map_or_else(|| environment::default_jobs(STARTING), usize::from);
    let patience = Duration::from_secs(args.timeout);
    let (mut reports, interrupted) = docker::block_on(async {
        let shutdown = Shutdown::install().map_err(|error| {
            CommandError::new(ErrorKind::Environment, format!("failed to catch signals: {error}"))
        })?;
        let work = subprojects.iter().enumerate().map(|(at, one)| {
            let (folder, shutdown) = (repository.root.join(&one.folder), &shutdown);
            let engine = args.select.context.as_deref();
            async move { (at, smoke::run(&folder, one, engine, patience, shutdown).await) }
        });
        let mut running = futures_util::stream::iter(work.collect::<Vec<_>>()).buffer_unordered(width);
        let mut reports = Vec::with_capacity(subprojects.len());
        while let Some((at, mut report)) = running.next().await {
            report.output = report.output.iter().map(|line| secrets.clean(line)).collect();
            context.printer.detail(&format!("{}: {}", report.app, report.outcome.as_str()));
            reports.push((at, report));
        }
        Ok::<_, CommandError>((reports, shutdown.now() != scalr_host::shutdown::ShutdownStage::Run))
    })??;
    reports.sort_by_key(|(at, _)| *at);
    let reports: Vec<SmokeReport> = reports.into_iter().map(|(_, report)| report).collect();
    let ok = reports.iter().all(|report| report.outcome.is_well());
    if context.printer.json() {
        context.printer.document(&Document { schema: SCHEMA, ok, apps: &reports })?;
    } else if !reports.is_empty() {
        context.printer.answer(&text(&reports))?;
    }
    Ok(match (interrupted, ok) {
        (true, _) => Status::Interrupted,
        (false, true) => Status::Done,
        (false, false) => Status::Wrong,
    })
}

fn text(reports: &[SmokeReport]) -> String {
    let rows: Vec<Vec<String>> = reports
        .iter()
        .map(|report| {
            let took = if report.outcome == SmokeOutcome::Missing {
                String::new()
            } else {
                format!("{:.1} s", report.seconds)
            };
            vec![visible(&report.app), report.outcome.as_str().to_owned(), took]
        })
        .collect();
    let mut out = table(&["APP", "SMOKE TEST", "TOOK"], &rows);
    for report in reports.iter().filter(|report| !report.outcome.is_well()) {
        let code = report.exit_code.map(|code| format!(" with exit code {code}")).unwrap_or_default();
        let title = format!("{} {}{code}", visible(&report.app), report.outcome.as_str());
        out += &format!("\n{}\n", paint(styles::ERROR, title));
        out += &report.output.iter().map(|line| format!("  {}\n", visible(line))).collect::<String>();
        out += &format!("  = {} runs it alone\n", report.path.join(SCRIPT));
    }
    out
}
