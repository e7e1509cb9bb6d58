//! Runs smoke tests, each in a separate process group, so that none outlives scalr.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::unix::pipe;
use tokio::process::Command;

use super::root::Root;
use super::run::execute::Stopwatch;
use super::shutdown::{Shutdown, ShutdownStage};
use scalr_model::env::secrets::Secrets;
use scalr_model::run::smoke::{SCRIPT, SmokeOutcome, SmokeReport};
use scalr_model::run::subproject::Subproject;

/// How many of the last lines are kept.
const KEPT_LINES: usize = 200;

/// The time between the polite and the final signal, and for the rest of the output.
const GRACE: Duration = Duration::from_secs(2);

/// How a test ended.
enum Ended {
    ByItself(std::process::ExitStatus),
    Late,
    Interrupted,
}

/// How smoke tests are run.
pub struct SmokeTests<'a> {
    pub root: &'a Root,
    /// The Docker context of the tests.
    pub context: Option<&'a str>,
    /// The secrets that are removed from the output.
    pub secrets: &'a Secrets,
    /// How many run at once.
    pub width: usize,
    /// How long one may take.
    pub patience: Duration,
    pub shutdown: &'a Shutdown,
}

impl SmokeTests<'_> {
    /// Runs the tests of all subprojects. `emit` gets each report as it comes; the answer has the subprojects' order.
    pub async fn run(
        &self,
        subprojects: &[Subproject],
        emit: impl Fn(&SmokeReport) + Send + Sync,
    ) -> Vec<SmokeReport> {
        let work = subprojects.iter().enumerate().map(async |(at, subproject)| {
            let report = self.run_one(subproject).await;
            emit(&report);
            (at, report)
        });
        let mut reports: Vec<_> = stream::iter(work).buffer_unordered(self.width).collect().await;
        reports.sort_by_key(|(at, _)| *at);
        reports.into_iter().map(|(_, report)| report).collect()
    }

    async fn run_one(&self, subproject: &Subproject) -> SmokeReport {
        let stopwatch = Stopwatch::start();
        let report = |outcome, exit_code, output: Vec<String>| SmokeReport {
            app: subproject.name.clone(),
            path: subproject.folder.clone(),
            outcome,
            exit_code,
            seconds: stopwatch.seconds(),
            output: output.iter().map(|line| self.secrets.clean(line)).collect(),
        };
        if self.shutdown.now() != ShutdownStage::Run {
            return report(SmokeOutcome::Interrupted, None, Vec::new());
        }
        let folder = self.root.join(&subproject.folder);
        if !folder.join(SCRIPT).exists() {
            return report(SmokeOutcome::Missing, None, Vec::new());
        }
        match drive(&folder, self.context, self.patience, self.shutdown).await {
            Ok((Ended::ByItself(status), output)) => {
                let outcome = if status.success() { SmokeOutcome::Passed } else { SmokeOutcome::Failed };
                report(outcome, status.code(), output)
            }
            Ok((Ended::Late, output)) => report(SmokeOutcome::TimedOut, None, output),
            Ok((Ended::Interrupted, output)) => report(SmokeOutcome::Interrupted, None, output),
            Err(error) => report(SmokeOutcome::Failed, None, vec![format!("{SCRIPT} can't be run: {error}")]),
        }
    }
}

async fn drive(
    folder: &Path,
    context: Option<&str>,
    patience: Duration,
    shutdown: &Shutdown,
) -> std::io::Result<(Ended, Vec<String>)> {
    let (reader, writer) = std::io::pipe()?;
    let mut command = Command::new(folder.join(SCRIPT));
    // One pipe for both streams, so that lines stay in their order.
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    command.current_dir(folder).process_group(0).kill_on_drop(true);
    if let Some(context) = context {
        command.env("DOCKER_CONTEXT", context).env_remove("DOCKER_HOST");
    }
    let mut child = command.spawn()?;
    // It holds the other end of the pipe.
    drop(command);
    let group = child.id();
    let mut kept = VecDeque::new();
    let reader = pipe::Receiver::from_owned_fd(OwnedFd::from(reader))?;
    let ended = {
        let reading = read(reader, &mut kept);
        let late = tokio::time::sleep(patience);
        tokio::pin!(reading, late);
        let mut silent = false;
        let ended = loop {
            tokio::select! {
                () = &mut reading, if !silent => silent = true,
                status = child.wait() => break Ended::ByItself(status?),
                () = &mut late => break Ended::Late,
                () = shutdown.reached(ShutdownStage::Drain) => break Ended::Interrupted,
            }
        };
        if !matches!(ended, Ended::ByItself(_)) {
            signal(group, Signal::TERM);
            let _ = tokio::time::timeout(GRACE, child.wait()).await;
        }
        // Including processes that the script left running.
        signal(group, Signal::KILL);
        child.wait().await?;
        if !silent {
            let _ = tokio::time::timeout(GRACE, &mut reading).await;
        }
        ended
    };
    Ok((ended, kept.into()))
}

async fn read(reader: pipe::Receiver, kept: &mut VecDeque<String>) {
    let mut segments = BufReader::new(reader).split(b'\n');
    while let Ok(Some(line)) = segments.next_segment().await {
        if kept.len() == KEPT_LINES {
            kept.pop_front();
        }
        kept.push_back(String::from_utf8_lossy(&line).trim_end().to_owned());
    }
}

/// To the whole process group, which may have ended already.
fn signal(group: Option<u32>, signal: Signal) {
    if let Some(pid) = group.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) {
        let _ = kill_process_group(pid, signal);
    }
}
