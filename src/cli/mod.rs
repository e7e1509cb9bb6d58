//! The commands: one file each. A command gathers, plans, then shows or applies; it contains no
//! logic.

pub mod reference;

mod auth;
mod choice;
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
mod runtime;
mod schema;
mod select;
mod set_public_domain;
mod shared_env;
mod signals;
mod smoke;
mod up;
mod validate;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use tracing::level_filters::LevelFilter;

use choice::{Choice, one_of};
pub(crate) use error::{CommandError, ErrorKind};

use self::signals::Signals;
use crate::ui::visible::visible;
use crate::ui::{Colour, Printer, Verbosity, trace};
use scalr_host::environment::{LOG_LEVELS, ProcessEnvironment};

/// How a command ended.
pub(crate) type Outcome = Result<Status, CommandError>;

/// How a command that ran to its end ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Exit code 0.
    Done,
    /// It ran, and something is wrong: exit code 1.
    Wrong,
    /// It was interrupted, and has printed its progress: exit code 130.
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
pub(crate) struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// The options of every command.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that a person types")]
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// The repository's root; without it, the nearest folder upward that holds registered-apps.txt and schemas/
    #[arg(short = 'C', long, value_name = "DIR", global = true, value_hint = clap::ValueHint::DirPath)]
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
    #[arg(long, value_name = "WHEN", global = true, value_parser = one_of(COLOURS), default_value = "auto", hide_default_value = true)]
    color: Colour,
}

const COLOURS: &[Choice<Colour>] = &[
    ("auto", "At a terminal, unless NO_COLOR is set", Colour::Auto),
    ("always", "Always", Colour::Always),
    ("never", "Never", Colour::Never),
];

/// Generates the parser and the dispatch from the table of commands.
macro_rules! commands {
    ($($(#[$help:meta])* $name:ident($args:path) => $run:path,)*) => {
        #[derive(Debug, Subcommand)]
        enum Command {
            $($(#[$help])* $name($args),)*
        }

        impl Command {
            fn run(&self, context: &Context) -> Outcome {
                match self {
                    $(Self::$name(args) => $run(context, args),)*
                }
            }
        }
    };
}

// Every command, in the order of the help: its name, its arguments with its help text, and the function that runs it. The
// reference pages, the manual, the completions and the tests of all of them follow from this table.
commands! {
    Up(up::UpArgs) => up::run,
    Down(down::DownArgs) => down::run,
    Restart(down::RestartArgs) => down::restart,
    Ps(ps::PsArgs) => ps::run,
    Logs(logs::LogsArgs) => logs::run,
    Exec(exec::ExecArgs) => exec::run,
    Shell(exec::ShellArgs) => exec::shell,
    Open(open::OpenArgs) => open::run,
    Pull(images::PullArgs) => images::pull,
    Build(images::BuildArgs) => images::build,
    Plan(up::PlanArgs) => up::plan,
    Doctor(doctor::DoctorArgs) => doctor::run,
    Smoke(smoke::SmokeArgs) => smoke::run,
    Validate(validate::ValidateArgs) => validate::run,
    NewApp(new_app::NewAppArgs) => new_app::run,
    List(list::ListArgs) => list::run,
    Ports(ports::PortsArgs) => ports::run,
    Env(env::EnvArgs) => env::run,
    SetPublicDomain(set_public_domain::SetPublicDomainArgs) => set_public_domain::run,
    Auth(auth::AuthArgs) => auth::run,
    Explain(explain::ExplainArgs) => explain::run,
    Schema(schema::SchemaArgs) => schema::run,
    Completions(completions::CompletionsArgs) => completions::run,
    Man(man::ManArgs) => man::run,
    Reference(reference::ReferenceArgs) => reference::run,
}

/// The context of a command.
pub(crate) struct Context {
    printer: Printer,
    environment: Arc<ProcessEnvironment>,
    signals: Signals,
    root: Option<PathBuf>,
    yes: bool,
}

/// The whole program: its name, arguments and environment in, its exit code out.
#[must_use]
pub fn main(arguments: impl Iterator<Item = OsString>, environment: ProcessEnvironment) -> ExitCode {
    let arguments: Vec<OsString> = arguments.collect();
    // For when the arguments as a whole can't be parsed.
    let json = arguments.iter().any(|argument| argument == "--json");
    clap_complete::CompleteEnv::with_factory(Cli::command).complete();
    let mut command = Cli::command();
    let matches = match command.try_get_matches_from_mut(arguments) {
        Ok(matches) => matches,
        Err(error) => return usage(&error, json),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, json),
    };
    let Global { root, json, yes, quiet, verbose, color } = cli.global;
    let verbosity = match (quiet, verbose) {
        (true, _) => Verbosity::Quiet,
        (_, true) => Verbosity::Verbose,
        _ => Verbosity::Normal,
    };
    let printer = Printer::new(color, verbosity, json);
    install_trace(&printer, verbosity, &environment);
    let context = Context {
        printer,
        root: root.or_else(|| environment.root()),
        environment: Arc::new(environment),
        signals: Signals::new(),
        yes,
    };
    let outcome = match cli.command {
        Some(command) => command.run(&context),
        None => overview::run(&context),
    };
    match outcome {
        Ok(Status::Done) => ExitCode::SUCCESS,
        Ok(Status::Wrong) => ExitCode::from(1),
        Ok(Status::Interrupted) => ExitCode::from(ErrorKind::Interrupted.exit_code()),
        Err(error) => {
            error.show(&context.printer);
            ExitCode::from(error.exit_code())
        }
    }
}

/// Tells the steps, if they are asked for by `--verbose` or by the environment.
fn install_trace(printer: &Printer, verbosity: Verbosity, environment: &ProcessEnvironment) {
    let chosen = environment.log_level().unwrap_or_else(|value| {
        let allowed = LOG_LEVELS.map(|(name, _)| name).join(", ");
        printer.note(&format!("warning: SCALR_LOG is `{}`; it can be {allowed}", visible(&value)));
        None
    });
    let level = match verbosity {
        Verbosity::Quiet => LevelFilter::OFF,
        Verbosity::Normal => chosen.unwrap_or(LevelFilter::OFF),
        Verbosity::Verbose => chosen.unwrap_or(LevelFilter::INFO),
    };
    trace::install(printer, level);
}

/// Help, the version, and what clap can't parse.
fn usage(error: &clap::Error, json: bool) -> ExitCode {
    if error.use_stderr() && json {
        let text = error.render().to_string();
        let error = CommandError::new(ErrorKind::Usage, text.trim().trim_start_matches("error: "));
        error.show(&Printer::new(Colour::Never, Verbosity::Quiet, true));
        return ExitCode::from(error.exit_code());
    }
    // Two closed streams can't be reported anywhere.
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(ErrorKind::Usage.exit_code()) } else { ExitCode::SUCCESS }
}
