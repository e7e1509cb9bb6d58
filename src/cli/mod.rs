//! The commands: one file each. A command gathers, plans, then shows or applies; it has no logic of
//! its own.

pub mod reference;

mod auth;
mod completions;
mod doctor;
mod down;
mod env;
mod error;
mod exec;
mod explain;
mod images;
mod list;
mod logs;
mod man;
mod new_app;
mod open;
mod overview;
mod ports;
mod ps;
mod repository;
mod run;
mod schema;
mod select;
mod set_public_domain;
mod shared_env;
mod smoke;
mod up;
mod validate;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use error::{CommandError, ErrorKind};

use crate::host::environment;
use crate::ui::{Colour, Printer, Verbosity};

/// How a command ended.
pub type Outcome = Result<Status, CommandError>;

/// How a command that ran to its end ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Exit code 0.
    Done,
    /// It ran, and something is wrong: exit code 1.
    Wrong,
    /// It was ended before it was done, and has told how far it came: exit code 130.
    Interrupted,
}

/// Keeps a company's one repository of apps alive: validates, scaffolds and runs them.
#[derive(Debug, Parser)]
#[command(
    name = "scalr",
    version,
    max_term_width = 100,
    after_help = "Exit codes: 0 done; 1 it ran and something is wrong; 2 bad usage or input; 3 the environment lacks something; 4 conflict; 130 interrupted.\n\
                  `scalr` alone shows what can be done here now."
)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command takes.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that a person types")]
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// The repository's root; without it, the nearest folder upward that holds registered-apps.txt and schemas/
    #[arg(short = 'C', long, value_name = "DIR", global = true, env = "SCALR_ROOT", hide_env = true, value_hint = clap::ValueHint::DirPath)]
    root: Option<PathBuf>,
    /// Print the answer as one JSON document
    #[arg(long, global = true)]
    json: bool,
    /// Answer every question with yes
    #[arg(short, long, global = true)]
    yes: bool,
    /// Print nothing but the answer and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Tell more of what is done
    // No short form: `-v` is for the volumes of `down`, as in Compose.
    #[arg(long, global = true)]
    verbose: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto", hide_default_value = true)]
    color: Colour,
}

#[derive(Debug, Subcommand)]
enum Command {
    Up(up::Args),
    Down(down::Args),
    Restart(down::RestartArgs),
    Ps(ps::Args),
    Logs(logs::Args),
    Exec(exec::Args),
    Shell(exec::ShellArgs),
    Open(open::Args),
    Pull(images::PullArgs),
    Build(images::BuildArgs),
    Plan(up::PlanArgs),
    Doctor(doctor::Args),
    Smoke(smoke::Args),
    Validate(validate::Args),
    NewApp(new_app::Args),
    List(list::Args),
    Ports(ports::Args),
    Env(env::Args),
    SetPublicDomain(set_public_domain::Args),
    Auth(auth::Args),
    Explain(explain::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
    #[command(hide = true)]
    Reference(reference::Args),
}

/// What a command works with.
pub(crate) struct Context {
    printer: Printer,
    root: Option<PathBuf>,
    yes: bool,
}

/// The whole program: this process's arguments in, its exit code out.
#[must_use]
pub fn main() -> ExitCode {
    clap_complete::CompleteEnv::with_factory(Cli::command).complete();
    let matches = match Cli::command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return usage(&error),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let Global { root, json, yes, quiet, verbose, color } = cli.global;
    let verbosity = match (quiet, verbose) {
        (true, _) => Verbosity::Quiet,
        (_, true) => Verbosity::Verbose,
        _ => Verbosity::Normal,
    };
    let context = Context { printer: Printer::new(color, verbosity, json), root, yes };
    match dispatch(&context, cli.command) {
        Ok(Status::Done) => ExitCode::SUCCESS,
        Ok(Status::Wrong) => ExitCode::from(1),
        Ok(Status::Interrupted) => ExitCode::from(ErrorKind::Interrupted.exit_code()),
        Err(error) => {
            error.show(&context.printer);
            ExitCode::from(error.exit_code())
        }
    }
}

fn dispatch(context: &Context, command: Option<Command>) -> Outcome {
    match command {
        None => overview::run(context),
        Some(Command::Up(args)) => up::run(context, &args),
        Some(Command::Down(args)) => down::run(context, &args),
        Some(Command::Restart(args)) => down::restart(context, &args),
        Some(Command::Ps(args)) => ps::run(context, &args),
        Some(Command::Logs(args)) => logs::run(context, &args),
        Some(Command::Exec(args)) => exec::run(context, &args),
        Some(Command::Shell(args)) => exec::shell(context, &args),
        Some(Command::Open(args)) => open::run(context, &args),
        Some(Command::Pull(args)) => images::pull(context, &args),
        Some(Command::Build(args)) => images::build(context, &args),
        Some(Command::Plan(args)) => up::plan(context, &args),
        Some(Command::Doctor(args)) => doctor::run(context, &args),
        Some(Command::Smoke(args)) => smoke::run(context, &args),
        Some(Command::Validate(args)) => validate::run(context, &args),
        Some(Command::NewApp(args)) => new_app::run(context, &args),
        Some(Command::List(args)) => list::run(context, &args),
        Some(Command::Ports(args)) => ports::run(context, &args),
        Some(Command::Env(args)) => env::run(context, &args),
        Some(Command::SetPublicDomain(args)) => set_public_domain::run(context, &args),
        Some(Command::Auth(args)) => auth::run(context, &args),
        Some(Command::Explain(args)) => explain::run(context, &args),
        Some(Command::Schema(args)) => schema::run(context, &args),
        Some(Command::Completions(args)) => completions::run(context, &args),
        Some(Command::Man(args)) => man::run(context, &args),
        Some(Command::Reference(args)) => reference::run(context, &args),
    }
}

/// Help, the version, and what clap can't parse.
fn usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && environment::asked_for_json() {
        let text = error.render().to_string();
        let error = CommandError::new(ErrorKind::Usage, text.trim().trim_start_matches("error: "));
        error.show(&Printer::new(Colour::Never, Verbosity::Quiet, true));
        return ExitCode::from(error.exit_code());
    }
    // Nowhere is left to report that both streams are gone.
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(ErrorKind::Usage.exit_code()) } else { ExitCode::SUCCESS }
}
