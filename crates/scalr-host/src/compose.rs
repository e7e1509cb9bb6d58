//! The real `docker compose`, one process a call.
//!
//! The plugin's own binary is started where it is found: `docker compose` would start three processes for one.
//! Each child is the leader of a process group, so that Ctrl-C at the terminal reaches scalr alone, which then
//! decides. Secrets reach Compose by the names of env files, never by an argument.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tracing::field::Empty;
use tracing::{Instrument, debug_span, info_span};

use super::docker::endpoint::Endpoint;
use super::environment::ProcessEnvironment;
use super::shutdown::{Shutdown, ShutdownStage};
use scalr_model::compose::project::ComposeProject;
use scalr_model::compose::version::ComposeVersion;

/// The folders in which docker looks for the plugin, after its configuration's own folder.
const FOLDERS: [&str; 4] = [
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
];

/// Variables of the shell that would override scalr's arguments to Compose.
const REMOVED: [&str; 4] =
    ["COMPOSE_FILE", "COMPOSE_PROJECT_NAME", "COMPOSE_ENV_FILES", "COMPOSE_PATH_SEPARATOR"];

/// How many of the last lines of Compose's output are kept.
const KEPT_LINES: usize = 40;

/// The time between the polite and the final signal.
const GRACE: std::time::Duration = std::time::Duration::from_secs(3);

/// The installed Compose.
#[derive(Debug, Clone)]
pub struct Compose {
    program: PathBuf,
    first: Option<&'static str>,
    /// Its version, as printed by it.
    pub(crate) version: String,
    endpoint: Endpoint,
}

/// Compose is not installed.
#[derive(Debug, thiserror::Error)]
#[error("Docker Compose is not installed: {0}")]
pub struct NoCompose(String);

/// The result of a call.
#[derive(Debug, Default)]
pub(crate) struct Ran {
    /// Its exit code; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    /// The document on its standard output, if requested.
    stdout: Vec<u8>,
    /// The last lines of its output.
    pub(crate) lines: Vec<String>,
}

/// The cached version of a binary, valid until the binary changes.
#[derive(Serialize, Deserialize, PartialEq)]
struct Known {
    program: PathBuf,
    size: u64,
    modified: u128,
    version: String,
}

impl Compose {
    /// Finds Compose; `state` is the folder of the cached version.
    pub fn find(
        state: &Path,
        endpoint: &Endpoint,
        environment: &ProcessEnvironment,
    ) -> Result<Self, NoCompose> {
        let (program, first) = program(environment);
        let version = match remembered(state, &program) {
            Some(version) => version,
            None => {
                let version = ask(&program, first)?;
                remember(state, &program, &version);
                version
            }
        };
        Ok(Self { program, first, version, endpoint: endpoint.clone() })
    }

    /// A call in a process group of its own.
    fn command(&self, project: &ComposeProject, args: &[&str]) -> Command {
        let mut command = Command::from(self.call(project, args));
        command.process_group(0).kill_on_drop(true);
        command
    }

    /// Replaces this process by a call of Compose, with its streams, terminal and exit code; returns the
    /// error if that fails.
    #[must_use]
    pub fn become_it(&self, project: &ComposeProject, args: &[&OsStr]) -> std::io::Error {
        self.call(project, args).exec()
    }

    fn call<S: AsRef<OsStr>>(&self, project: &ComposeProject, args: &[S]) -> std::process::Command {
        let mut command = std::process::Command::new(&self.program);
        command.args(self.first).args(["--ansi", "never", "--progress", "plain", "-p", &project.name]);
        if project.files.is_empty() {
            // Without a file Compose would search parent folders; with this option it uses the containers' labels.
            command.current_dir("/");
        } else {
            command
                .current_dir(&project.folder)
                .env("PWD", &project.folder)
                .arg("--project-directory")
                .arg(&project.folder);
        }
        for file in &project.env_files {
            command.arg("--env-file").arg(file);
        }
        for file in &project.files {
            command.arg("-f").arg(file);
        }
        command.args(args);
        for name in REMOVED {
            command.env_remove(name);
        }
        command.env("COMPOSE_MENU", "0").env("DOCKER_CLI_HINTS", "0");
        for (name, value) in self.endpoint.environment() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// Runs Compose to its end, or until a shutdown ends it. The child holds `held` open as its standard
    /// input for as long as it lives, so that a lock survives even a killed scalr.
    pub(crate) async fn run(
        &self,
        project: &ComposeProject,
        args: &[&str],
        held: Option<std::fs::File>,
        shutdown: &Shutdown,
        said: impl FnMut(&str),
    ) -> std::io::Result<Ran> {
        let stdin = held.map_or_else(Stdio::null, Stdio::from);
        self.traced(project, args, stdin, shutdown, Stdout::Said, said).await
    }

    /// [`Self::drive`] in a span, which gets only the subcommand of the arguments.
    async fn traced(
        &self,
        project: &ComposeProject,
        args: &[&str],
        stdin: Stdio,
        shutdown: &Shutdown,
        output: Stdout,
        said: impl FnMut(&str),
    ) -> std::io::Result<Ran> {
        let operation = args.first().copied();
        let span = info_span!("compose", operation, project = project.name, code = Empty);
        let ran = self.drive(project, args, stdin, shutdown, output, said).instrument(span.clone()).await?;
        span.record("code", ran.code);
        Ok(ran)
    }

    async fn drive(
        &self,
        project: &ComposeProject,
        args: &[&str],
        stdin: Stdio,
        shutdown: &Shutdown,
        output: Stdout,
        said: impl FnMut(&str),
    ) -> std::io::Result<Ran> {
        let mut command = self.command(project, args);
        command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let (Some(mut stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(std::io::Error::other("the process gave no streams"));
        };
        let group = child.id();
        let kept = Mutex::new(Kept { said, lines: VecDeque::new() });
        let mut document = Vec::new();
        let reading = async {
            let answer = async {
                match output {
                    // Builds write their output here.
                    Stdout::Said => lines(stdout, &kept).await,
                    Stdout::Document => _ = stdout.read_to_end(&mut document).await,
                }
            };
            tokio::join!(lines(stderr, &kept), answer);
        };
        let limit = match output {
            Stdout::Said => ShutdownStage::Kill,
            // A query is cancelled at once.
            Stdout::Document => ShutdownStage::Drain,
        };
        let insisting = async {
            shutdown.reached(limit).await;
            signal(group, Signal::TERM);
            tokio::time::sleep(GRACE).await;
            signal(group, Signal::KILL);
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = reading => {}
            () = insisting => {}
        }
        let code = wait(&mut child, group, shutdown, limit).await?.code();
        Ok(Ran {
            code,
            stdout: document,
            lines: kept.into_inner().unwrap_or_else(PoisonError::into_inner).lines.into(),
        })
    }

    /// Compose's configuration of the project, as JSON; the error is Compose's message.
    pub(crate) async fn config(
        &self,
        project: &ComposeProject,
        shutdown: &Shutdown,
    ) -> Result<(serde_json::Value, Vec<String>), String> {
        let ran = self
            .traced(
                project,
                &["config", "--format", "json"],
                Stdio::null(),
                shutdown,
                Stdout::Document,
                |_| {},
            )
            .await;
        let ran = ran.map_err(|error| format!("failed to start {}: {error}", self.program.display()))?;
        if ran.code != Some(0) {
            let error = ran.lines.iter().rev().find(|line| !line.contains("level=warning"));
            return Err(error
                .cloned()
                .unwrap_or_else(|| "docker compose config failed without a word".to_owned()));
        }
        let document = serde_json::from_slice(&ran.stdout)
            .map_err(|error| format!("docker compose config printed no JSON: {error}"))?;
        Ok((document, undefined(&ran.lines)))
    }
}

/// The content of standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stdout {
    /// More messages.
    Said,
    Document,
}

/// Collects the last lines, and passes each one on.
struct Kept<F> {
    said: F,
    lines: VecDeque<String>,
}

async fn lines(stream: impl tokio::io::AsyncRead + Unpin, kept: &Mutex<Kept<impl FnMut(&str)>>) {
    let mut segments = BufReader::new(stream).split(b'\n');
    while let Ok(Some(line)) = segments.next_segment().await {
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        if line.trim().is_empty() {
            continue;
        }
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        (kept.said)(&line);
        if kept.lines.len() == KEPT_LINES {
            kept.lines.pop_front();
        }
        kept.lines.push_back(line);
    }
}

/// Waits for the child's end; its streams may close earlier.
async fn wait(
    child: &mut Child,
    group: Option<u32>,
    shutdown: &Shutdown,
    limit: ShutdownStage,
) -> std::io::Result<std::process::ExitStatus> {
    tokio::select! {
        status = child.wait() => return status,
        () = shutdown.reached(limit) => {}
    }
    signal(group, Signal::TERM);
    if let Ok(status) = tokio::time::timeout(GRACE, child.wait()).await {
        return status;
    }
    signal(group, Signal::KILL);
    child.wait().await
}

/// To the whole process group, which may have ended already.
fn signal(group: Option<u32>, signal: Signal) {
    if let Some(pid) = group.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) {
        let _ = kill_process_group(pid, signal);
    }
}

/// The variables in Compose's warnings: `The "X" variable is not set. Defaulting to a blank string.`
fn undefined(lines: &[String]) -> Vec<String> {
    let mut names: Vec<String> = lines
        .iter()
        .filter(|line| line.contains("variable is not set"))
        .filter_map(|line| {
            let rest = line.split_once("The ")?.1.trim_start_matches(['\\', '"']);
            Some(rest.split(['\\', '"']).next()?.to_owned())
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The version of the installed Compose.
#[must_use]
pub fn installed(environment: &ProcessEnvironment) -> Option<ComposeVersion> {
    let (program, first) = program(environment);
    ComposeVersion::parse(&ask(&program, first).ok()?)
}

/// The plugin's own program, else docker with its first argument.
fn program(environment: &ProcessEnvironment) -> (PathBuf, Option<&'static str>) {
    plugin("docker-compose", environment)
        .map_or_else(|| (PathBuf::from("docker"), Some("compose")), |program| (program, None))
}

/// A plugin of docker, if it is installed.
#[must_use]
pub(crate) fn plugin(name: &str, environment: &ProcessEnvironment) -> Option<PathBuf> {
    let own = environment.docker_folder().map(|folder| folder.join("cli-plugins"));
    let folders = own.into_iter().chain(FOLDERS.iter().map(PathBuf::from));
    folders.map(|folder| folder.join(name)).find(|program| program.is_file())
}

fn identity(program: &Path) -> Option<(u64, u128)> {
    let metadata = std::fs::metadata(program).ok()?;
    let modified = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?.as_nanos();
    Some((metadata.len(), modified))
}

const FILE_NAME: &str = "compose.json";

fn remembered(state: &Path, program: &Path) -> Option<String> {
    let known: Known = serde_json::from_slice(&std::fs::read(state.join(FILE_NAME)).ok()?).ok()?;
    let (size, modified) = identity(program)?;
    (known.program == program && known.size == size && known.modified == modified).then_some(known.version)
}

fn ask(program: &Path, first: Option<&str>) -> Result<String, NoCompose> {
    let _span = debug_span!("compose", operation = "version").entered();
    let output = std::process::Command::new(program)
        .args(first)
        .args(["version", "--short"])
        .stdin(Stdio::null())
        .output();
    let output =
        output.map_err(|error| NoCompose(format!("`{}` can't be started: {error}", program.display())))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if !output.status.success() || version.is_empty() {
        let said = String::from_utf8_lossy(&output.stderr);
        // Without the plugin docker reads the options as its own.
        if said.contains("unknown flag") {
            return Err(NoCompose(format!("`{}` has no plugin of that name", program.display())));
        }
        return Err(NoCompose(said.lines().next().unwrap_or("it gives no version").to_owned()));
    }
    Ok(version)
}

fn remember(state: &Path, program: &Path, version: &str) {
    if let Some((size, modified)) = identity(program) {
        let known = Known { program: program.to_owned(), size, modified, version: version.to_owned() };
        // A failure is harmless, since it is only a cache.
        let _ = serde_json::to_vec(&known)
            .map(|text| super::files::replace(&state.join(FILE_NAME), &text, &state.join("tmp")));
    }
}

#[cfg(test)]
mod tests {
    use super::undefined;

    #[test]
    fn finds_the_names_in_composes_warnings() {
        let lines = [
            r#"time="2026-11-22T22:50:51Z" level=warning msg="The \"UNDEF\" variable is not set. Defaulting to a blank string.""#,
            r#"WARN[0000] The "B" variable is not set. Defaulting to a blank string. "#,
            "something else",
        ];
        assert_eq!(undefined(&lines.map(str::to_owned)), ["B", "UNDEF"]);
    }
}
