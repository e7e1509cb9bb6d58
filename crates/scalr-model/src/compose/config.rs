//! The output of `docker compose config --format json`, reduced to what scalr needs. Values of variables are
//! never kept.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// One subproject, resolved by Compose.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ComposeConfig {
    /// The services that `up` creates containers for.
    pub services: BTreeSet<String>,
    pub builds: Vec<Build>,
    /// Files behind configs, secrets and build secrets.
    pub files: BTreeSet<String>,
    /// The host ports that are published: address, port and protocol.
    pub ports: Vec<HostPort>,
    /// External networks, by their real names.
    pub external_networks: BTreeSet<String>,
    /// The number of its own networks without a subnet.
    pub pool_networks: usize,
    /// Its own networks with a subnet, by their real names.
    #[serde(default)]
    pub subnets: BTreeMap<String, Vec<String>>,
}

/// One image that is built.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Build {
    pub service: String,
    /// The context: a folder, or something that scalr can't read.
    pub context: String,
    /// The Dockerfile, from the context.
    pub dockerfile: String,
    /// The Dockerfile's text, if the compose file contains it.
    pub inline: Option<String>,
    /// The build arguments. They may hold secrets, so they are never written down.
    #[serde(skip)]
    pub args: BTreeMap<String, String>,
    /// Further contexts by name.
    pub additional: BTreeMap<String, String>,
}

/// A port of the host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HostPort {
    /// The address it is bound to; empty for all of them.
    pub address: Option<String>,
    pub port: u16,
    /// `tcp` or `udp`.
    pub protocol: String,
    /// The service that publishes it.
    pub service: String,
}

/// Whether a service has containers: not if it is scaled to zero, nor if a provider outside of the engine runs it.
fn has_containers(service: &Json) -> bool {
    let none = |pointer: &str| service.pointer(pointer).and_then(Json::as_u64) == Some(0);
    !(none("/scale") || none("/deploy/replicas") || service.get("provider").is_some())
}

/// Reads the document.
#[must_use]
pub fn read(document: &Json) -> ComposeConfig {
    let mut config = ComposeConfig::default();
    let empty = serde_json::Map::new();
    let map = |value: &Json, key: &str| value.get(key).and_then(Json::as_object).cloned().unwrap_or_default();
    for (name, service) in document.get("services").and_then(Json::as_object).unwrap_or(&empty) {
        if has_containers(service) {
            config.services.insert(name.clone());
        }
        if let Some(build) = service.get("build").filter(|build| build.is_object()) {
            let text = |key: &str| build.get(key).and_then(Json::as_str).map(str::to_owned);
            for secret in build.get("secrets").and_then(Json::as_array).into_iter().flatten() {
                // The top level names the file; Compose reports a missing secret.
                let source = secret.get("source").and_then(Json::as_str).unwrap_or_default();
                config.files.extend(file_of(document, "secrets", source));
            }
            config.builds.push(Build {
                service: name.clone(),
                context: text("context").unwrap_or_default(),
                dockerfile: text("dockerfile").unwrap_or_else(|| "Dockerfile".to_owned()),
                inline: text("dockerfile_inline"),
                args: texts(&map(build, "args")),
                additional: texts(&map(build, "additional_contexts")),
            });
        }
        for port in service.get("ports").and_then(Json::as_array).into_iter().flatten() {
            config.ports.extend(host_ports(name, port));
        }
    }
    for kind in ["configs", "secrets"] {
        let named = map(document, kind);
        config.files.extend(named.keys().filter_map(|name| file_of(document, kind, name)));
    }
    for (key, network) in map(document, "networks") {
        let external = network.get("external").and_then(Json::as_bool) == Some(true);
        let name = network.get("name").and_then(Json::as_str).unwrap_or(&key).to_owned();
        let subnets = network.pointer("/ipam/config").and_then(Json::as_array).into_iter().flatten();
        let subnets: Vec<String> =
            subnets.filter_map(|config| Some(config.get("subnet")?.as_str()?.to_owned())).collect();
        if external {
            config.external_networks.insert(name);
        } else if subnets.is_empty() {
            config.pool_networks += 1;
        } else {
            config.subnets.insert(name, subnets);
        }
    }
    config
}

fn file_of(document: &Json, kind: &str, name: &str) -> Option<String> {
    document.get(kind)?.get(name)?.get("file")?.as_str().map(str::to_owned)
}

fn texts(map: &serde_json::Map<String, Json>) -> BTreeMap<String, String> {
    map.iter().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

/// A published port or range of ports; none if the engine chooses the port.
fn host_ports(service: &str, port: &Json) -> Vec<HostPort> {
    let published = match port.get("published") {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Number(number)) => number.to_string(),
        _ => return Vec::new(),
    };
    let (first, last) = published.split_once('-').unwrap_or((&published, &published));
    let (Ok(first), Ok(last)) = (first.parse::<u16>(), last.parse::<u16>()) else { return Vec::new() };
    let text = |key: &str| port.get(key).and_then(Json::as_str).map(str::to_owned);
    // A range for one container port means any free port of it.
    if first != last {
        return Vec::new();
    }
    (first..=last)
        .filter(|port| *port != 0)
        .map(|port| HostPort {
            address: text("host_ip")
                .filter(|address| !address.is_empty() && address != "0.0.0.0" && address != "::"),
            port,
            protocol: text("protocol").unwrap_or_else(|| "tcp".to_owned()),
            service: service.to_owned(),
        })
        .collect()
}

impl HostPort {
    /// Whether both can't be bound at once.
    #[must_use]
    pub(crate) fn clashes(&self, other: &Self) -> bool {
        let addresses = match (&self.address, &other.address) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        self.port == other.port && self.protocol == other.protocol && addresses
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keeps_what_matters_and_no_value() {
        let document = json!({
            "services": {
                "web": {
                    "build": {"context": "/r", "dockerfile": "d/Dockerfile", "args": {"IMG": "a:1", "TOKEN": "hush"},
                              "secrets": [{"source": "s"}], "additional_contexts": {"o": "/r/o"}},
                    "environment": {"PASSWORD": "hush"},
                    "ports": [{"host_ip": "127.0.0.1", "target": 80, "published": "8080", "protocol": "tcp"},
                              {"target": 81, "published": "9000-9001", "protocol": "tcp"}, {"target": 82}],
                },
                "db": {"image": "postgres"},
            },
            "configs": {"c": {"file": "/r/c"}}, "secrets": {"s": {"file": "/r/s"}, "e": {"environment": "X"}},
            "networks": {"default": {"name": "a_default", "ipam": {}}, "edge": {"name": "scalr-edge", "external": true},
                         "own": {"name": "a_own", "ipam": {"config": [{"subnet": "10.1.0.0/28"}]}}},
        });
        let config = read(&document);
        assert!(!serde_json::to_string(&config).unwrap().contains("hush"));
        assert_eq!(config.services, ["db", "web"].map(str::to_owned).into());
        assert_eq!(config.files, ["/r/c", "/r/s"].map(str::to_owned).into());
        assert_eq!(config.ports.len(), 1);
        assert_eq!((config.pool_networks, config.external_networks.len()), (1, 1));
        assert_eq!(config.subnets, BTreeMap::from([("a_own".to_owned(), vec!["10.1.0.0/28".to_owned()])]));
        assert_eq!(config.builds[0].args["IMG"], "a:1");
    }

    #[test]
    fn ports_clash_on_one_address_or_all() {
        let port = |address: Option<&str>, port| HostPort {
            address: address.map(str::to_owned),
            port,
            protocol: "tcp".into(),
            service: "web".into(),
        };
        assert!(port(None, 80).clashes(&port(Some("127.0.0.1"), 80)));
        assert!(!port(Some("127.0.0.2"), 80).clashes(&port(Some("127.0.0.1"), 80)));
        assert!(!port(None, 80).clashes(&port(None, 81)));
    }
}
