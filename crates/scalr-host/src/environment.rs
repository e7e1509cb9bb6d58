//! The environment of the process: its variables and its working directory, taken once and passed down.
//!
//! No other file reads a variable. Each one has an accessor here and a line in [`VARIABLES`], of which
//! docs/reference/environment.md is made.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

use tracing::level_filters::LevelFilter;

/// A variable that scalr or a library in it reads.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// As the shell sets it.
    pub name: &'static str,
    /// One sentence, in Markdown.
    pub meaning: &'static str,
}

/// Every variable that is read.
pub const VARIABLES: &[Variable] = &[
    Variable { name: "SCALR_ROOT", meaning: "The repository's root, as with `--root`, which wins over it." },
    Variable {
        name: "SCALR_LOCK_TIMEOUT",
        meaning: "How many seconds a command waits for another scalr that changes the repository; 60 if unset.",
    },
    Variable {
        name: "SCALR_LOG",
        meaning: "Which steps are told on standard error with the time that each took: `info`, `debug` for more, or `off`. If unset, `info` with `--verbose`, else `off`; `--quiet` turns it off.",
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
        name: "HOME",
        meaning: "The home folder, where docker's folder and git's configuration are looked for.",
    },
    Variable {
        name: "XDG_CONFIG_HOME",
        meaning: "Where git's configuration and its `git/ignore` are looked for; `~/.config` if unset.",
    },
    Variable {
        name: "SUDO_UID",
        meaning: "The user who ran `sudo scalr`: libgit2 then trusts a repository that belongs to that user.",
    },
    Variable { name: "PATH", meaning: "Where docker and the programs that open a browser are looked for." },
    Variable {
        name: "WSL_DISTRO_NAME",
        meaning: "Set inside of WSL: `scalr open` then uses the browser of Windows.",
    },
    Variable {
        name: "DISPLAY",
        meaning: "Set where there is an X display: `scalr open` then opens a browser.",
    },
    Variable {
        name: "WAYLAND_DISPLAY",
        meaning: "Set where there is a Wayland display: `scalr open` then opens a browser.",
    },
    Variable {
        name: "GITHUB_ACTIONS",
        meaning: "`true` makes `scalr validate` print GitHub annotations when no `--format` is given.",
    },
    Variable { name: "NO_COLOR", meaning: "Set to anything but the empty text: no colour (no-color.org)." },
    Variable { name: "CLICOLOR_FORCE", meaning: "Set to anything but `0`: colour also in a pipe." },
    Variable { name: "CLICOLOR", meaning: "`0`: no colour; anything else: colour at every terminal." },
    Variable { name: "TERM", meaning: "`dumb`, or unset: no colour, unless CLICOLOR or CI asks for it." },
    Variable { name: "CI", meaning: "Set: colour at a terminal of any kind." },
    Variable { name: "COLUMNS", meaning: "How wide `--help` is where no terminal tells its width." },
    Variable { name: "TZ", meaning: "The time zone of dates and times; that of the machine if unset." },
    Variable { name: "TZDIR", meaning: "The folder of the time zones; `/usr/share/zoneinfo` if unset." },
    Variable { name: "RUST_BACKTRACE", meaning: "`1` shows, if scalr itself crashes, where in its code." },
    Variable {
        name: "COMPLETE",
        meaning: "Set by the completion scripts of `scalr completions`: the shell that asks for completions.",
    },
    Variable {
        name: "_CLAP_COMPLETE_INDEX",
        meaning: "Set by the same scripts: which word is being completed. So are `_CLAP_IFS`, `_CLAP_COMPLETE_SPACE` and `_CLAP_COMPLETE_COMP_TYPE`.",
    },
];

/// The values of `SCALR_LOG`.
pub const LOG_LEVELS: [(&str, LevelFilter); 3] =
    [("debug", LevelFilter::DEBUG), ("info", LevelFilter::INFO), ("off", LevelFilter::OFF)];

/// The variables and the working directory that a command works with.
#[derive(Debug, Clone, Default)]
pub struct ProcessEnvironment {
    /// By name; not every one is text.
    pub(crate) variables: BTreeMap<OsString, OsString>,
    /// Absolute; empty where the process's own was deleted.
    pub(crate) working_directory: PathBuf,
}

impl ProcessEnvironment {
    /// Those of this process, now.
    #[must_use]
    pub fn capture() -> Self {
        let working_directory = std::env::current_dir().unwrap_or_default();
        Self { variables: std::env::vars_os().collect(), working_directory }
    }

    /// `SCALR_ROOT`
    #[must_use]
    pub fn root(&self) -> Option<PathBuf> {
        self.value("SCALR_ROOT").map(PathBuf::from)
    }

    /// `SCALR_LOCK_TIMEOUT`
    #[must_use]
    pub fn lock_timeout(&self) -> Duration {
        let seconds = self.text("SCALR_LOCK_TIMEOUT").and_then(|text| text.parse().ok());
        Duration::from_secs(seconds.unwrap_or(60))
    }

    /// `SCALR_LOG`: `None` if it is unset; the error is its value, which is none of [`LOG_LEVELS`].
    pub fn log_level(&self) -> Result<Option<LevelFilter>, String> {
        let Some(value) = self.value("SCALR_LOG") else { return Ok(None) };
        let level = LOG_LEVELS.iter().find(|(name, _)| value == *name);
        level.map(|(_, level)| Some(*level)).ok_or_else(|| value.to_string_lossy().into_owned())
    }

    /// `GITHUB_ACTIONS`: whether this runs as a step of GitHub Actions.
    #[must_use]
    pub fn github_actions(&self) -> bool {
        self.value("GITHUB_ACTIONS").is_some_and(|value| value == "true")
    }

    /// `DOCKER_HOST`
    pub(crate) fn docker_host(&self) -> Option<&str> {
        self.text("DOCKER_HOST")
    }

    /// `DOCKER_CONTEXT`
    pub(crate) fn docker_context(&self) -> Option<&str> {
        self.text("DOCKER_CONTEXT")
    }

    /// `DOCKER_CONFIG`, else where docker's folder is without it.
    pub(crate) fn docker_folder(&self) -> Option<PathBuf> {
        let home = || Some(self.home()?.join(".docker"));
        self.value("DOCKER_CONFIG").map(PathBuf::from).or_else(home)
    }

    /// The folder `git` in `XDG_CONFIG_HOME`, else in `~/.config`.
    pub(crate) fn git_folder(&self) -> Option<PathBuf> {
        let home = || Some(self.home()?.join(".config"));
        Some(self.value("XDG_CONFIG_HOME").map(PathBuf::from).or_else(home)?.join("git"))
    }

    /// `WSL_DISTRO_NAME`: whether this is Linux inside of Windows.
    pub(crate) fn is_wsl(&self) -> bool {
        self.value("WSL_DISTRO_NAME").is_some()
    }

    /// `DISPLAY`, `WAYLAND_DISPLAY`: whether a program can open a window.
    pub(crate) fn has_display(&self) -> bool {
        self.value("DISPLAY").or(self.value("WAYLAND_DISPLAY")).is_some()
    }

    /// Every variable, as Compose gets it.
    #[must_use]
    pub fn shell(&self) -> BTreeMap<String, String> {
        let text = |text: &OsString| text.to_string_lossy().into_owned();
        self.variables.iter().map(|(name, value)| (text(name), text(value))).collect()
    }

    fn home(&self) -> Option<PathBuf> {
        self.value("HOME").map(PathBuf::from)
    }

    /// A variable, unless it is empty.
    fn value(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(OsStr::new(name)).map(OsString::as_os_str).filter(|value| !value.is_empty())
    }

    /// A variable, unless it is empty or no text.
    fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.to_str()
    }
}

/// How many subprojects run at once, given the number for each core.
#[must_use]
pub fn default_jobs(per_core: usize) -> usize {
    std::thread::available_parallelism().map_or(4, |cores| (per_core * usize::from(cores)).clamp(4, 32))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// The text of every Rust source of the product, tests aside.
    fn sources() -> Vec<(PathBuf, String)> {
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut folders = vec![top.join("src"), top.join("crates")];
        let mut sources = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    sources.push((path, text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned()));
                }
            }
        }
        sources
    }

    #[test]
    fn no_other_file_reads_the_environment() {
        let readers = [
            "env::var(",
            "env::var_os",
            "env::vars",
            "env::current_dir",
            "env::home_dir",
            "env::temp_dir",
            "env = \"",
        ];
        let others: Vec<String> = sources()
            .iter()
            .filter(|(path, _)| !path.ends_with("scalr-host/src/environment.rs"))
            .flat_map(|(path, text)| {
                let reads = |line: &&str| readers.iter().any(|reader| line.contains(reader));
                text.lines().filter(reads).map(move |line| format!("{}: {}", path.display(), line.trim()))
            })
            .collect();
        assert!(others.is_empty(), "{others:#?}");
    }

    #[test]
    fn every_variable_that_is_read_is_listed() {
        let (_, own) = sources().into_iter().find(|(path, _)| path.ends_with("environment.rs")).unwrap();
        let reads = |read: &str| {
            own.split(&format!("self.{read}(\""))
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().to_owned())
                .collect::<BTreeSet<_>>()
        };
        let read = &reads("value") | &reads("text");
        assert!(read.contains("HOME") && read.contains("DOCKER_HOST"), "{read:?}");
        let unlisted: Vec<_> =
            read.iter().filter(|name| VARIABLES.iter().all(|variable| variable.name != *name)).collect();
        assert!(unlisted.is_empty(), "{unlisted:?}");
    }

    fn environment(variables: &[(&str, &str)]) -> ProcessEnvironment {
        let variables = variables.iter().map(|(name, value)| (name.into(), value.into())).collect();
        ProcessEnvironment { variables, ..ProcessEnvironment::default() }
    }

    #[test]
    fn an_empty_variable_is_an_unset_one() {
        let empty = environment(&[("DOCKER_CONFIG", ""), ("HOME", "/home/ada"), ("DOCKER_HOST", "")]);
        assert_eq!(empty.docker_folder(), Some("/home/ada/.docker".into()));
        assert_eq!(empty.docker_host(), None);
        assert_eq!(empty.git_folder(), Some("/home/ada/.config/git".into()));
        assert_eq!(environment(&[]).git_folder(), None);
    }

    #[test]
    fn a_log_level_is_one_of_three() {
        for (value, level) in [
            ("", Ok(None)),
            ("info", Ok(Some(LevelFilter::INFO))),
            ("debug", Ok(Some(LevelFilter::DEBUG))),
            ("off", Ok(Some(LevelFilter::OFF))),
            ("INFO", Err("INFO".to_owned())),
        ] {
            assert_eq!(environment(&[("SCALR_LOG", value)]).log_level(), level, "{value}");
        }
    }

    #[test]
    fn a_timeout_that_is_no_number_is_the_ordinary_one() {
        for (value, seconds) in [("5", 5), ("soon", 60), ("", 60)] {
            let environment = environment(&[("SCALR_LOCK_TIMEOUT", value)]);
            assert_eq!(environment.lock_timeout().as_secs(), seconds, "{value}");
        }
    }
}
