//! Opens the browser on this machine.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::environment::ProcessEnvironment;

/// How long a program may take to fail. A program that runs longer is the browser itself.
const PATIENCE: Duration = Duration::from_secs(3);

/// Opens an address; false without a display or a suitable program.
#[must_use]
pub fn open(url: &str, environment: &ProcessEnvironment) -> bool {
    programs(environment).iter().any(|program| start(program, url))
}

/// The programs that open addresses here, the best first.
fn programs(environment: &ProcessEnvironment) -> &'static [&'static str] {
    if cfg!(target_os = "macos") {
        &["open"]
    } else if environment.is_wsl() {
        &["wslview", "xdg-open"]
    } else if environment.has_display() {
        &["xdg-open"]
    } else {
        &[]
    }
}

fn start(program: &str, url: &str) -> bool {
    let mut command = Command::new(program);
    command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // In a separate process group, so that the browser survives a Ctrl-C in this terminal.
    let Ok(mut child) = command.process_group(0).spawn() else { return false };
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || done.send(child.wait().is_ok_and(|status| status.success())));
    ended.recv_timeout(PATIENCE).unwrap_or(true)
}
