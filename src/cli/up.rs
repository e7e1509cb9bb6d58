//! `scalr up` and `scalr plan`

use super::run::{self, PaceArgs};
use super::runtime;
use super::select::SelectArgs;
use super::signals::SignalMeaning;
use super::{CommandError, Context, ErrorKind, Outcome, Status, shared_env};
use crate::ui::prompt;
use crate::ui::run::{Reporter, plan_text};
use scalr_host::docker::snapshot::Early;
use scalr_host::repository::Repository;
use scalr_host::run::execute::Stopwatch;
use scalr_host::run::session::{Session, SharedEnv};
use scalr_host::run::survey::{EngineState, gather, survey};
use scalr_host::run::up;
use scalr_host::shutdown::ShutdownStage;
use scalr_model::diagnostics::Finding;
use scalr_model::run::containers::{Container, ContainerState};
use scalr_model::run::event::Event;
use scalr_model::run::order;
use scalr_model::run::plan::UpPlan;
use scalr_model::run::preflight;
use scalr_model::run::step;
use scalr_model::run::subproject::{self, Subproject};
use scalr_model::run::survey::{Building, Force, UpOptions};
use scalr_model::workspace::EnvFile;

/// Start subprojects, many at once, and skip those that have not changed
///
/// Looks first at everything that could go wrong, tells it all at once, then runs the real `docker compose up
/// --build` for each subproject that has changed, behind those it depends on, and waits until all are healthy.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr up\n  scalr up crm order-desk\n  scalr up --changed=origin/main --with-deps\n  scalr up --dry-run\n  scalr up --json | jq 'select(.event == \"finish\")'"
)]
pub(crate) struct UpArgs {
    #[command(flatten)]
    options: UpOptionArgs,
    #[command(flatten)]
    pace: PaceArgs,
    /// Only show what would be done; the same as `scalr plan`
    #[arg(long, visible_alias = "plan")]
    dry_run: bool,
}

/// Show what `scalr up` would do, and why
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  scalr plan\n  scalr plan crm --json | jq '.apps[].reasons'")]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    options: UpOptionArgs,
}

#[derive(Debug, clap::Args)]
struct UpOptionArgs {
    #[command(flatten)]
    select: SelectArgs,
    /// Run Compose also for those that have not changed, and take over those that another checkout started
    #[arg(long)]
    force: bool,
    /// Build no images
    #[arg(long)]
    no_build: bool,
}

impl UpOptionArgs {
    fn options(&self) -> UpOptions {
        UpOptions {
            force: if self.force { Force::Run } else { Force::Skip },
            build: if self.no_build { Building::Never } else { Building::AsNeeded },
        }
    }
}

pub(super) fn run(context: &Context, args: &UpArgs) -> Outcome {
    if args.dry_run {
        return show(context, &args.options);
    }
    let mut prepared = UpCommand::new(context, &args.options)?;
    if matches!(prepared.repository.workspace.shared_env, EnvFile::Missing) {
        // The engine changes while a person thinks about the answer.
        prepared.early = None;
        shared_env::offer(context, &prepared.repository)?;
    }
    let stopwatch = Stopwatch::start();
    let reporter = Reporter::new(&context.printer);
    let pace = args.pace.pace(run::STARTING);
    let (reports, stage) = runtime::block_on(async {
        let (session, plan) = prepared.plan(context, &args.options, Prompting::AtATerminal).await?;
        let emit = |event: Event| reporter.event(&event);
        run::begin(&emit, "up", &plan.engine, step::names(&plan.steps));
        for finding in plan.all_findings() {
            emit(Event::Finding { finding: Box::new(finding) });
        }
        let reports = up::up(&session, &plan, pace, &emit).await?;
        Ok::<_, CommandError>((reports, session.shutdown.now()))
    })??;
    run::finish(context, &reporter, &reports, stage, prepared.findings.is_empty(), stopwatch)
}

pub(super) fn plan(context: &Context, args: &PlanArgs) -> Outcome {
    show(context, &args.options)
}

fn show(context: &Context, args: &UpOptionArgs) -> Outcome {
    let mut prepared = UpCommand::new(context, args)?;
    let plan: UpPlan = runtime::block_on(async {
        Ok::<_, CommandError>(prepared.plan(context, args, Prompting::Never).await?.1)
    })??;
    if context.printer.json() {
        context.printer.document(&plan.document())?;
    } else {
        context.printer.answer(&plan_text(&plan.document()))?;
    }
    Ok(if plan.has_errors() { Status::Wrong } else { Status::Done })
}

/// Whether questions are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prompting {
    /// To a person at a terminal.
    AtATerminal,
    /// Only what would be done is shown.
    Never,
}

/// Whether the sign-in service was offered, by a question or by a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Offer {
    /// It may be selected now.
    Made,
    /// It runs.
    NotNeeded,
}

/// What is known without the engine.
struct UpCommand {
    /// The engine's answers are on their way, though.
    early: Option<Early>,
    repository: Repository,
    subprojects: Vec<Subproject>,
    findings: Vec<Finding>,
}

impl UpCommand {
    fn new(context: &Context, args: &UpOptionArgs) -> Result<Self, CommandError> {
        let early = Early::ask(args.select.context.as_deref(), &context.environment);
        let early = early.map(|(early, asking)| {
            runtime::in_background(asking);
            early
        });
        let repository = context.repository()?;
        let subprojects = args.select.choose(context, &repository)?;
        let findings = preflight::dangling(&repository.workspace);
        Ok(Self { early, repository, subprojects, findings })
    }

    async fn plan(
        &mut self,
        context: &Context,
        args: &UpOptionArgs,
        prompting: Prompting,
    ) -> Result<(Session, UpPlan), CommandError> {
        context.signals.mean(SignalMeaning::Drain)?;
        let (root, shutdown) = (&self.repository.root, context.signals.shutdown());
        let session = Session::open(
            root,
            args.select.context.as_deref(),
            &self.subprojects,
            SharedEnv::Needed,
            shutdown,
        )
        .await;
        let mut session = session.map_err(|error| run::not_ready(error, &self.findings))?;
        let mut state = gather(&session, &self.subprojects, self.early.take()).await?;
        if !args.select.is_narrow()
            && !self.subprojects.is_empty()
            && self.offer_sign_in(context, &session, &state, prompting)? == Offer::Made
        {
            // The sign-in service may have secrets of its own, and the answer may have taken a while.
            session.hide_secrets_of(&self.subprojects);
            state = gather(&session, &self.subprojects, None).await?;
        }
        let steps = order::start(&self.subprojects)?;
        let survey = survey(&session, steps, args.options(), state).await?;
        if session.shutdown.now() != ShutdownStage::Run {
            return Err(CommandError::new(ErrorKind::Interrupted, "interrupted; nothing was started"));
        }
        Ok((session, UpPlan::new(survey, self.findings.clone())))
    }

    /// The sign-in service is protected, so `up` alone does not start it. Where it does not run, the apps are of
    /// no use: a person is asked whether it starts, too.
    fn offer_sign_in(
        &mut self,
        context: &Context,
        session: &Session,
        state: &EngineState,
        prompting: Prompting,
    ) -> Result<Offer, CommandError> {
        let all = subproject::all(&self.repository.workspace);
        let Some(sign_in) = subproject::sign_in(&all, &session.sign_in) else { return Ok(Offer::NotNeeded) };
        let serves = |one: &Container| {
            one.project == sign_in.name
                && matches!(
                    one.state,
                    ContainerState::Running | ContainerState::Healthy | ContainerState::Starting
                )
        };
        if state.snapshot.containers.iter().any(serves) {
            return Ok(Offer::NotNeeded);
        }
        let name = &sign_in.name;
        let question = format!("{name} does not run, so no user can sign in. Start it, too?");
        let asked = prompting == Prompting::AtATerminal && context.printer.interactive();
        if context.yes || (asked && prompt::confirm(&question)?) {
            self.subprojects.push(sign_in.clone());
        } else {
            context
                .printer
                .note(&format!("{name} does not run, so no user can sign in; `scalr up {name}` starts it"));
        }
        Ok(Offer::Made)
    }
}
