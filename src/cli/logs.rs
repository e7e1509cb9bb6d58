//! `scalr logs`

use std::io;
use std::ops::ControlFlow;

use regex::Regex;

use super::runtime;
use super::select::SelectArgs;
use super::signals::SignalMeaning;
use super::{CommandError, Context, ErrorKind, Outcome, Status};
use crate::ui::run::{LogText, Times, bare};
use scalr_host::docker::{Endpoint, Engine};
use scalr_host::fresh;
use scalr_host::run::logs::{self, LogEvent, LogOptions};
use scalr_host::run::settings;
use scalr_model::run::containers::Container;
use scalr_model::run::log::{self, LogOrigin};
use scalr_model::run::subproject::Subproject;
use scalr_model::suggest::UnknownName;

/// Show the logs of subprojects in one stream
///
/// What is there comes first, merged by time; with --follow goes on with what comes, also from containers that start later,
/// until Ctrl-C (exit code 130). Values of secrets are replaced by ***.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr logs\n  scalr logs crm -f --tail 20\n  scalr logs --since 10m --grep 'ERROR|WARN'\n  scalr logs crm --json | jq -r 'select(.stream == \"stderr\") | .line'"
)]
pub(crate) struct LogsArgs {
    #[command(flatten)]
    select: SelectArgs,
    /// Only these services
    #[arg(long, value_name = "SERVICE")]
    service: Vec<String>,
    /// Go on with what comes, until Ctrl-C
    #[arg(short, long)]
    follow: bool,
    /// Nothing older: 10m, 2h30m, 3d, 2026-11-22, 2026-11-22T10:00, RFC 3339, or seconds since 1970
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only the last N lines of each container, counted before --grep; or all
    #[arg(short = 'n', long, value_name = "N", value_parser = parse_tail)]
    tail: Option<Tail>,
    /// Only lines that this regular expression matches; (?i) in front ignores case
    #[arg(long, value_name = "REGEX", value_parser = parse_regex)]
    grep: Option<Regex>,
    /// Show when each line was written
    #[arg(short, long)]
    timestamps: bool,
}

/// Lines that are available at once are written together, up to this many bytes.
const WRITTEN_AT_ONCE: usize = 32 * 1024;

#[derive(Debug, Clone, Copy)]
enum Tail {
    All,
    Lines(usize),
}

fn parse_tail(text: &str) -> Result<Tail, String> {
    match text {
        "all" => Ok(Tail::All),
        number => number.parse().map(Tail::Lines).map_err(|_| "a number of lines, or all".to_owned()),
    }
}

/// The parser's message has several lines, the last of which is the error.
fn parse_regex(text: &str) -> Result<Regex, String> {
    Regex::new(text).map_err(|error| {
        let said = error.to_string();
        said.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
    })
}

pub(super) fn run(context: &Context, args: &LogsArgs) -> Outcome {
    let since = args.since.as_deref().map(|text| log::parse_since(text, &fresh::now())).transpose();
    let since = since.map_err(|expected| {
        CommandError::new(ErrorKind::Usage, "--since is no time that scalr knows").hint(expected)
    })?;
    let tail = match args.tail {
        Some(Tail::Lines(lines)) => Some(lines),
        Some(Tail::All) | None => None,
    };
    let repository = context.repository()?;
    let subprojects = args.select.choose(context, &repository)?;
    let secrets = settings::secrets_of(&repository.root, &subprojects);
    context.signals.mean(SignalMeaning::End)?;
    runtime::block_on(async {
        let engine =
            Engine::connect(Endpoint::find(args.select.context.as_deref(), &context.environment)?).await?;
        let mut containers = engine.containers().await?;
        let selected = |origin: &LogOrigin| subprojects.iter().any(|one| one.name == origin.app);
        containers.retain(|container| selected(&container.into()));
        known_services(args, &containers)?;
        let shown = |origin: &LogOrigin| {
            selected(origin) && (args.service.is_empty() || args.service.contains(&origin.service))
        };
        containers.retain(|container| shown(&container.into()));
        note_apps_without_logs(context, args, &subprojects, &containers);
        let times = if args.timestamps { Times::Shown } else { Times::Hidden };
        let origins: Vec<LogOrigin> = containers.iter().map(LogOrigin::from).collect();
        let mut text = LogText::new(times, origins.iter());
        let (mut failed, mut written, mut open) = (false, Ok(()), String::new());
        let mut sink = |event: LogEvent| match event {
            LogEvent::Line(mut line) => {
                line.line = secrets.clean(&line.line);
                if args.grep.as_ref().is_some_and(|grep| !grep.is_match(&bare(&line.line))) {
                    return ControlFlow::Continue(());
                }
                open += &if context.printer.json() { LogText::json(&line) } else { text.line(&line) };
                if open.len() < WRITTEN_AT_ONCE {
                    return ControlFlow::Continue(());
                }
                write(context, &mut open, &mut written)
            }
            LogEvent::Pause => write(context, &mut open, &mut written),
            LogEvent::Unreadable { origin, why } => {
                failed = true;
                let why = secrets.clean(&why);
                context.printer.error(&format!("the log of {} can't be read: {why}", origin.container), &[]);
                ControlFlow::Continue(())
            }
        };
        let options = LogOptions { since, tail, follow: args.follow };
        logs::logs(&engine, &containers, shown, options, &mut sink).await?;
        let _ = write(context, &mut open, &mut written);
        written?;
        Ok(if failed { Status::Wrong } else { Status::Done })
    })?
}

/// Writes the collected lines; a closed pipe ends the command.
fn write(context: &Context, open: &mut String, written: &mut io::Result<()>) -> ControlFlow<()> {
    let part = std::mem::take(open);
    context.printer.part(&part).unwrap_or_else(|error| {
        *written = Err(error);
        ControlFlow::Break(())
    })
}

/// A service without a container is an error, unless it may still start.
fn known_services(args: &LogsArgs, containers: &[Container]) -> Result<(), CommandError> {
    let names = || containers.iter().map(|container| container.service.as_str());
    let unknown = args.service.iter().filter(|service| !names().any(|name| name == **service));
    let unknown: Vec<UnknownName> =
        unknown.map(|service| UnknownName::new("no container has the service", service, names())).collect();
    if unknown.is_empty() || args.follow {
        return Ok(());
    }
    Err(CommandError::usage(&unknown).hint("scalr ps shows the services"))
}

/// Subprojects without a container have no logs.
fn note_apps_without_logs(
    context: &Context,
    args: &LogsArgs,
    subprojects: &[Subproject],
    containers: &[Container],
) {
    let silent = subprojects
        .iter()
        .filter(|one| !containers.iter().any(|container| container.project == one.name))
        .map(|one| one.name.as_str());
    let silent: Vec<&str> = silent.collect();
    if silent.is_empty() || !args.service.is_empty() {
        return;
    }
    let names = silent.join(", ");
    if args.follow {
        context.printer.note(&format!("no containers yet: {names}; waiting for them"));
    } else {
        context.printer.note(&format!("no containers: {names}; scalr up starts them"));
    }
}
