//! `scalr ps`

use super::runtime;
use super::select::SelectArgs;
use super::signals::SignalMeaning;
use super::{CommandError, Context, Outcome, Status};
use scalr_host::docker::{Endpoint, Engine};
use scalr_host::repository::Repository;
use scalr_host::run::ps::{Measure, Running, running};
use scalr_host::run::{health, settings};
use scalr_model::run::ps::{Orphans, PsReport, PsSources, groups};
use scalr_model::run::subproject::{self, Subproject};

/// Show what runs: state, health, ports, address of every service
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr ps\n  scalr ps crm --stats\n  scalr ps --watch\n  scalr ps --json | jq -r '.apps[] | select(.standing != \"up\") | .app'"
)]
pub(crate) struct PsArgs {
    #[command(flatten)]
    select: SelectArgs,
    /// Show it anew whenever something happens, until Ctrl-C; with --json one document a line
    #[arg(short, long)]
    watch: bool,
    /// Measure CPU and memory, which takes two seconds
    #[arg(long)]
    stats: bool,
}

pub(super) fn run(context: &Context, args: &PsArgs) -> Outcome {
    let repository = context.repository()?;
    let subprojects = args.select.choose(context, &repository)?;
    runtime::block_on(async {
        let engine =
            Engine::connect(Endpoint::find(args.select.context.as_deref(), &context.environment)?).await?;
        let shown = Ps { args, repository: &repository, subprojects: &subprojects, engine: &engine };
        if args.watch { shown.watch(context).await } else { shown.show(context).await }
    })?
}

struct Ps<'a> {
    args: &'a PsArgs,
    repository: &'a Repository,
    subprojects: &'a [Subproject],
    engine: &'a Engine,
}

impl Ps<'_> {
    async fn show(&self, context: &Context) -> Outcome {
        context.printer.show(&self.report().await?)?;
        Ok(Status::Done)
    }

    async fn watch(&self, context: &Context) -> Outcome {
        context.signals.mean(SignalMeaning::Drain)?;
        let shutdown = context.signals.shutdown();
        let happenings = health::listen(self.engine);
        let mut happened = happenings.subscribe();
        loop {
            context.printer.show_again(&self.report().await?)?;
            if !health::wait_for_change(&mut happened, shutdown).await {
                return Ok(Status::Done);
            }
        }
    }

    async fn report(&self) -> Result<PsReport, CommandError> {
        let measure = if self.args.stats { Measure::Stats } else { Measure::Nothing };
        let all = subproject::all(&self.repository.workspace);
        let root = self.repository.root.path().to_string_lossy();
        let orphans = if self.args.select.is_narrow() { Orphans::Hidden } else { Orphans::Shown };
        // Unregistered subprojects that run are shown, too.
        let Running { containers, more, images, now } = running(self.engine, measure, |container| {
            self.subprojects.iter().any(|one| one.name == container.project)
                || (orphans == Orphans::Shown && container.working_dir.starts_with(&*root))
        })
        .await?;
        let mut asked = self.subprojects.to_vec();
        if orphans == Orphans::Shown {
            let runs = |one: &&Subproject| containers.iter().any(|container| container.project == one.name);
            asked.extend(all.iter().filter(runs).filter(|one| !self.subprojects.contains(one)).cloned());
        }
        let front = settings::front(&self.repository.root);
        let sources = PsSources {
            subprojects: &asked,
            containers: &containers,
            more: &more,
            images: &images,
            root: &root,
            front: &front,
            now,
        };
        Ok(PsReport { engine: self.engine.endpoint().shown(), apps: groups(&sources, &all, orphans) })
    }
}
