//! Every environment variable that scalr reads, in one place. docs/reference/environment.md is
//! generated from [`VARIABLES`].

use std::collections::BTreeMap;
use std::time::Duration;

/// A variable and what it does.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub meaning: &'static str,
}

/// Every variable that scalr reads.
pub const VARIABLES: &[Variable] = &[
    Variable { name: "SCALR_ROOT", meaning: "The repository's root, as with `--root`." },
    Variable {
        name: "SCALR_LOCK_TIMEOUT",
        meaning: "How many seconds a command waits for another scalr that changes the repository; 60 if unset.",
    },
    Variable {
        name: "DOCKER_HOST",
        meaning: "The address of the Docker engine, as for docker itself; `--context` wins over it.",
    },
    Variable {
        name: "DOCKER_CONTEXT",
        meaning: "The Docker context, as for docker itself; DOCKER_HOST wins over it.",
    },
    Variable {
        name: "DOCKER_CONFIG",
        meaning: "docker's own folder, with its contexts and the plugin `docker-compose`; `~/.docker` if unset.",
    },
    Variable {
        name: "GITHUB_ACTIONS",
        meaning: "`true` makes `scalr validate` print GitHub annotations when no `--format` is given.",
    },
    Variable { name: "NO_COLOR", meaning: "Set to anything but the empty text: no colour (no-color.org)." },
    Variable { name: "CLICOLOR_FORCE", meaning: "Set to anything but `0`: colour also in a pipe." },
    Variable {
        name: "COMPLETE",
        meaning: "Set by the completion scripts of `scalr completions`: the shell that asks for completions.",
    },
];

/// Whether this runs as a step of GitHub Actions.
#[must_use]
pub fn github_actions() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// Whether `--json` was typed, for when the arguments as a whole can't be parsed.
#[must_use]
pub fn asked_for_json() -> bool {
    std::env::args_os().any(|argument| argument == "--json")
}

/// How long to wait for another scalr.
#[must_use]
pub fn lock_timeout() -> Duration {
    let seconds = std::env::var("SCALR_LOCK_TIMEOUT").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(60))
}

/// Everything that the shell sets, as Compose gets it.
#[must_use]
pub fn shell() -> BTreeMap<String, String> {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    std::env::vars_os().map(|(key, value)| (text(key), text(value))).collect()
}

/// How many subprojects are worked on at once, by so many for each core.
#[must_use]
pub fn default_jobs(per_core: usize) -> usize {
    std::thread::available_parallelism().map_or(4, |cores| (per_core * usize::from(cores)).clamp(4, 32))
}
