//! Which engine is meant, as docker's own client finds it: `--context`, then DOCKER_HOST, then
//! DOCKER_CONTEXT, then the current context of docker's configuration, then the local socket.

use std::path::PathBuf;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::EngineError;

const LOCAL: &str = "unix:///var/run/docker.sock";

/// An engine's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The context's name, where one counts.
    pub context: Option<String>,
    /// `unix:///…`, `tcp://…`, `ssh://…`.
    pub host: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Meta {
    endpoints: Endpoints,
}

#[derive(Deserialize)]
struct Endpoints {
    docker: Docker,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Docker {
    #[serde(default)]
    host: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Config {
    current_context: String,
}

impl Endpoint {
    /// The engine that is meant; `context` is what a person typed.
    pub fn find(context: Option<&str>) -> Result<Self, EngineError> {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        if context.is_none()
            && let Some(host) = set("DOCKER_HOST")
        {
            let host = if host.contains("://") { host } else { format!("tcp://{host}") };
            return Ok(Self { context: None, host });
        }
        let name = context.map(str::to_owned).or_else(|| set("DOCKER_CONTEXT")).or_else(current_context);
        match name.filter(|name| name != "default") {
            None => Ok(Self { context: context.map(str::to_owned), host: LOCAL.to_owned() }),
            Some(name) => {
                let host = context_host(&name).ok_or_else(|| EngineError::NoContext(name.clone()))?;
                Ok(Self { context: Some(name), host })
            }
        }
    }

    /// The socket's path, where it is a socket of this machine.
    #[must_use]
    pub fn socket(&self) -> Option<&str> {
        self.host.strip_prefix("unix://")
    }

    /// For people: `unix:///var/run/docker.sock`, `staging (ssh://ops@staging)`. A password in the address
    /// is not shown.
    #[must_use]
    pub fn shown(&self) -> String {
        let host = match self.host.split_once("://") {
            Some((scheme, rest)) => match rest.rsplit_once('@') {
                Some((user, host)) => {
                    format!("{scheme}://{}@{host}", user.split(':').next().unwrap_or_default())
                }
                None => self.host.clone(),
            },
            None => self.host.clone(),
        };
        match &self.context {
            Some(name) if name != "default" => format!("{name} ({host})"),
            _ => host,
        }
    }

    /// What a child process has to know to mean the same engine.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, Option<String>)> {
        match &self.context {
            Some(name) => vec![("DOCKER_CONTEXT", Some(name.clone())), ("DOCKER_HOST", None)],
            None => Vec::new(),
        }
    }
}

/// docker's own folder.
pub(crate) fn config_folder() -> Option<PathBuf> {
    match std::env::var_os("DOCKER_CONFIG").filter(|folder| !folder.is_empty()) {
        Some(folder) => Some(PathBuf::from(folder)),
        None => std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".docker")),
    }
}

fn current_context() -> Option<String> {
    let text = std::fs::read(config_folder()?.join("config.json")).ok()?;
    let config: Config = serde_json::from_slice(&text).ok()?;
    Some(config.current_context).filter(|name| !name.is_empty())
}

fn context_host(name: &str) -> Option<String> {
    let id: String = Sha256::digest(name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let file = config_folder()?.join("contexts/meta").join(id).join("meta.json");
    let meta: Meta = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    Some(meta.endpoints.docker.host).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_no_password() {
        let at = |host: &str, context: Option<&str>| {
            Endpoint { host: host.into(), context: context.map(str::to_owned) }.shown()
        };
        assert_eq!(at("ssh://ops:pw@host:22", Some("staging")), "staging (ssh://ops@host:22)");
        assert_eq!(at(LOCAL, Some("default")), LOCAL);
        assert_eq!(at("tcp://h:2376", None), "tcp://h:2376");
    }
}
