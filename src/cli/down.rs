//! `scalr down` and `scalr restart`

use super::run::{self, PaceArgs};
use super::runtime;
use super::select::SelectArgs;
use super::signals::SignalMeaning;
use super::{CommandError, Context, ErrorKind, Outcome};
use crate::ui::prompt;
use crate::ui::run::Reporter;
use scalr_host::run::down;
use scalr_host::run::execute::Stopwatch;
use scalr_host::run::session::{Session, SharedEnv};
use scalr_model::run::compose_plan::ComposeCommand;
use scalr_model::run::down_plan::{DownPlan, Volumes};
use scalr_model::run::event::Event;
use scalr_model::run::order;
use scalr_model::run::step;

/// Stop subprojects and remove their containers and networks
///
/// Volumes stay, unless --volumes is given. Protected subprojects stay up unless they are named, and their volumes
/// always stay.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  scalr down\n  scalr down crm\n  scalr down -v --yes")]
pub(crate) struct DownArgs {
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    pace: PaceArgs,
    /// Remove volumes, too: every database of the selected subprojects is lost
    #[arg(short = 'v', long)]
    volumes: bool,
}

/// Restart the containers of subprojects, and wait until they are healthy
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  scalr restart crm")]
pub(crate) struct RestartArgs {
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    pace: PaceArgs,
}

pub(super) fn run(context: &Context, args: &DownArgs) -> Outcome {
    let repository = context.repository()?;
    let subprojects = args.select.choose(context, &repository)?;
    let steps = order::stop(&subprojects)?;
    let volumes = if args.volumes { Volumes::Remove } else { Volumes::Keep };
    let stopwatch = Stopwatch::start();
    let reporter = Reporter::new(&context.printer);
    let (reports, stage) = runtime::block_on(async {
        context.signals.mean(SignalMeaning::Drain)?;
        let shutdown = context.signals.shutdown();
        let context_name = args.select.context.as_deref();
        let session =
            Session::open(&repository.root, context_name, &subprojects, SharedEnv::Optional, shutdown).await;
        let session = session.map_err(|error| run::not_ready(error, &[]))?;
        let plan = down::plan(&session, steps, volumes).await?;
        confirm(context, &session, &plan).await?;
        let emit = |event: Event| reporter.event(&event);
        run::begin(&emit, "down", &session.engine.endpoint().shown(), step::names(&plan.steps));
        let reports = down::down(&session, &plan, args.pace.pace(run::STOPPING), &emit).await;
        Ok::<_, CommandError>((reports, session.shutdown.now()))
    })??;
    run::finish(context, &reporter, &reports, stage, true, stopwatch)
}

pub(super) fn restart(context: &Context, args: &RestartArgs) -> Outcome {
    let pace = args.pace.pace(run::STARTING);
    run::compose(context, &args.select, pace, ComposeCommand::Restart, order::start)
}

/// Asks before data is lost: for the repository's name at a terminal; elsewhere it needs `--yes`.
async fn confirm(context: &Context, session: &Session, plan: &DownPlan) -> Result<(), CommandError> {
    for name in &plan.spared {
        context.printer.note(&format!("the volume {name} stays: it belongs to a protected subproject"));
    }
    if plan.lost.is_empty() || context.yes {
        return Ok(());
    }
    let sizes = session.engine.volume_sizes().await;
    let listed: Vec<String> = plan
        .lost
        .iter()
        .map(|name| match sizes.get(name) {
            Some(size) => format!("{name} ({size})"),
            None => name.clone(),
        })
        .collect();
    let all = listed.join(", ");
    if !context.printer.interactive() {
        return Err(CommandError::new(ErrorKind::Usage, format!("these volumes would be lost: {all}"))
            .hint("pass --yes if they shall"));
    }
    let name =
        session.root.path().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    context
        .printer
        .note(&format!("These volumes, with everything in them, will be lost:\n  {}", listed.join("\n  ")));
    let typed = prompt::text(&format!("Type {name} to remove them"), None, |_| Ok(()))?;
    if typed == name {
        Ok(())
    } else {
        Err(CommandError::new(ErrorKind::Usage, "that is not the repository's name; nothing was changed"))
    }
}
