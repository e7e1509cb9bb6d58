//! `scalr schema`

use super::{Context, Outcome, Status};

/// Print a JSON schema (draft 2020-12): of the files that scalr reads and of what it prints
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr schema manifest > schemas/app-manifest.schema.json\n  scalr schema answers"
)]
pub(crate) struct SchemaArgs {
    /// Which schema
    #[arg(value_name = "NAME", default_value = "manifest")]
    name: Name,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Name {
    /// app.manifest.yml
    Manifest,
    /// The file of new-app --answers
    Answers,
    /// template-app/template.yml
    Template,
    /// What validate --json prints
    ValidateReport,
    /// What validate --fix --dry-run --json prints
    FixPlan,
    /// What new-app --json prints
    NewAppReport,
    /// What list --json prints
    List,
    /// What ports --json prints
    Ports,
    /// What env --json prints
    Env,
    /// What set-public-domain --json prints
    PublicDomain,
    /// What auth sync --json prints
    AuthSync,
    /// What explain --json prints
    Explain,
    /// What plan --json prints
    Plan,
    /// A line of what up, down, restart, pull and build --json print
    Events,
    /// What ps --json prints
    Ps,
    /// A line of what logs --json prints
    Log,
    /// What open --json prints
    Open,
    /// What doctor --json prints
    Doctor,
    /// What smoke --json prints
    Smoke,
    /// What scalr --json prints
    Overview,
    /// What any command prints with --json when it fails
    Error,
}

impl Name {
    fn text(self) -> &'static str {
        match self {
            Self::Manifest => scalr_model::schema::MANIFEST,
            Self::Answers => scalr_model::schema::ANSWERS,
            Self::Template => scalr_model::schema::TEMPLATE,
            Self::ValidateReport => include_str!("../../schemas/validate-report.schema.json"),
            Self::FixPlan => include_str!("../../schemas/fix-plan.schema.json"),
            Self::NewAppReport => include_str!("../../schemas/new-app-report.schema.json"),
            Self::List => include_str!("../../schemas/list.schema.json"),
            Self::Ports => include_str!("../../schemas/ports.schema.json"),
            Self::Env => include_str!("../../schemas/env.schema.json"),
            Self::PublicDomain => include_str!("../../schemas/public-domain.schema.json"),
            Self::AuthSync => include_str!("../../schemas/auth-sync.schema.json"),
            Self::Explain => include_str!("../../schemas/explain.schema.json"),
            Self::Plan => include_str!("../../schemas/plan.schema.json"),
            Self::Events => include_str!("../../schemas/events.schema.json"),
            Self::Ps => include_str!("../../schemas/ps.schema.json"),
            Self::Log => include_str!("../../schemas/log.schema.json"),
            Self::Open => include_str!("../../schemas/open.schema.json"),
            Self::Doctor => include_str!("../../schemas/doctor.schema.json"),
            Self::Smoke => include_str!("../../schemas/smoke.schema.json"),
            Self::Overview => include_str!("../../schemas/overview.schema.json"),
            Self::Error => include_str!("../../schemas/error.schema.json"),
        }
    }
}

pub(super) fn run(context: &Context, args: &SchemaArgs) -> Outcome {
    context.printer.answer(args.name.text())?;
    Ok(Status::Done)
}
