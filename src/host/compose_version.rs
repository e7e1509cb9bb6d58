//! Which Docker Compose is installed.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::model::env::Version;

/// Where Docker looks for its plugins, after the person's own folder.
const FOLDERS: [&str; 4] = [
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
];

/// The version of the Compose plugin that `docker compose` would start. The plugin is asked directly, which costs a third.
#[must_use]
pub fn installed() -> Option<Version> {
    let output = Command::new(plugin()?)
        .args(["version", "--short"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    Version::parse(&String::from_utf8_lossy(&output.stdout))
}

/// The plugin's file.
fn plugin() -> Option<PathBuf> {
    let own = std::env::var_os("DOCKER_CONFIG").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let own = own.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".docker")));
    let folders = own.map(|folder| folder.join("cli-plugins")).into_iter();
    let mut files = folders.chain(FOLDERS.map(PathBuf::from)).map(|folder| folder.join("docker-compose"));
    files.find(|file| file.is_file())
}
