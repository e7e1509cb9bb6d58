//! Selects the engine as docker's own client does: `--context`, then DOCKER_HOST, then
//! DOCKER_CONTEXT, then the current context of docker's configuration, then the local socket.

use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::EngineError;
use crate::environment::ProcessEnvironment;

const LOCAL: &str = "unix:///var/run/docker.sock";

/// An engine's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The context's name, if one is used.
    pub(crate) context: Option<String>,
    /// `unix:///…`, `tcp://…`, `ssh://…`.
    pub(crate) host: String,
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
    /// The selected engine; `context` is from the command line.
    pub fn find(context: Option<&str>, environment: &ProcessEnvironment) -> Result<Self, EngineError> {
        if context.is_none()
            && let Some(host) = environment.docker_host()
        {
            let host = if host.contains("://") { host.to_owned() } else { format!("tcp://{host}") };
            return Ok(Self { context: None, host });
        }
        let folder = environment.docker_folder();
        let name = context.or_else(|| environment.docker_context()).map(str::to_owned);
        let name = name.or_else(|| current_context(folder.as_deref()?));
        match name.filter(|name| name != "default") {
            None => Ok(Self { context: context.map(str::to_owned), host: LOCAL.to_owned() }),
            Some(name) => {
                let host = folder.and_then(|folder| context_host(&folder, &name));
                let host = host.ok_or_else(|| EngineError::NoContext(name.clone()))?;
                Ok(Self { context: Some(name), host })
            }
        }
    }

    /// The socket's path, if it is a local socket.
    #[must_use]
    pub(crate) fn socket(&self) -> Option<&str> {
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

    /// The environment of a child process for the same engine.
    #[must_use]
    pub(crate) fn environment(&self) -> Vec<(&'static str, Option<String>)> {
        match &self.context {
            Some(name) => vec![("DOCKER_CONTEXT", Some(name.clone())), ("DOCKER_HOST", None)],
            None => Vec::new(),
        }
    }
}

/// `folder` is docker's own.
fn current_context(folder: &Path) -> Option<String> {
    let text = std::fs::read(folder.join("config.json")).ok()?;
    let config: Config = serde_json::from_slice(&text).ok()?;
    Some(config.current_context).filter(|name| !name.is_empty())
}

fn context_host(folder: &Path, name: &str) -> Option<String> {
    let id: String = Sha256::digest(name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let file = folder.join("contexts/meta").join(id).join("meta.json");
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
