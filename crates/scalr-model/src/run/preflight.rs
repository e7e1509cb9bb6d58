//! What can be known to go wrong before anything starts, all at once. `host` gathers the facts; here they
//! become findings, for `scalr up`, `scalr plan` and `scalr doctor` alike.

use std::collections::BTreeMap;

use super::containers::Container;
use super::subproject::Subproject;
use crate::codes::Code;
use crate::compose::config::{ComposeConfig, HostPort};
use crate::diagnostics::{Finding, Location};
use crate::registry;
use crate::rel_path::RelPath;
use crate::workspace::{SHARED_ENV_EXAMPLE, SHARED_ENV_FILE, Workspace};

/// The network on which the gateway finds everybody. It is the one external network that scalr makes.
pub const EDGE: &str = "scalr-edge";

/// The oldest Compose that scalr drives: the first whose reading of env files it knows (`model::env::rules`).
pub const OLDEST_COMPOSE: (u64, u64) = (2, 25);

/// Docker's own pools hold this many networks: 172.17.0.0/16 to 172.31.0.0/16 and sixteen /20 of
/// 192.168.0.0/16, less the default bridge (moby, `ipamutils`).
pub const POOL_NETWORKS: usize = 30;

/// Below this much free space, in bytes, images and databases soon fail.
const LITTLE_SPACE: u64 = 2 * 1024 * 1024 * 1024;

/// Who holds a port of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A container.
    Container(String),
    /// A process, as far as it is known: `nginx (process 42)`.
    Process(Option<String>),
}

/// One subproject that is going to start, with what Compose says of it.
#[derive(Debug)]
pub struct Candidate<'a> {
    /// The subproject.
    pub subproject: &'a Subproject,
    /// Its compose file.
    pub file: RelPath,
    /// What Compose says: its configuration and the variables that nobody sets, or why there is none.
    pub config: Result<(&'a ComposeConfig, &'a [String]), &'a str>,
}

/// Findings about Compose files, variables, ports and networks of those that are going to start, each
/// with the position of the candidate that it is about.
#[must_use]
pub fn candidates(
    candidates: &[Candidate<'_>],
    containers: &[Container],
    networks: &[String],
    holder: impl Fn(&HostPort) -> Option<Holder>,
) -> Vec<(usize, Finding)> {
    let mut findings = Vec::new();
    let mut taken: Vec<(&HostPort, usize)> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let file = Location::file(&candidate.file);
        let name = &candidate.subproject.name;
        let (config, undefined) = match candidate.config {
            Ok(config) => config,
            Err(problem) => {
                findings.push((at, Finding::new(Code::ComposeInvalid, file, problem)));
                continue;
            }
        };
        for variable in undefined {
            let message = format!("the variable {variable} is not set");
            let finding = Finding::new(Code::VariableUndefined, file.clone(), message);
            findings.push((
                at,
                finding.help(format!(
                    "set it in {SHARED_ENV_FILE} or {}",
                    candidate.subproject.folder.join(".env.app")
                )),
            ));
        }
        for network in
            config.external_networks.iter().filter(|name| *name != EDGE && !networks.contains(name))
        {
            let message = format!("the external network {network} does not exist");
            let finding = Finding::new(Code::NetworkMissing, file.clone(), message);
            findings.push((at, finding.help(format!("docker network create {network}"))));
        }
        for port in &config.ports {
            let finding = |what: String| Finding::new(Code::HostPortTaken, file.clone(), what);
            if let Some((_, other)) = taken.iter().find(|(other, _)| other.clashes(port)) {
                let other = &candidates[*other].subproject.name;
                let message = format!("port {} of {} is published by {other}, too", port.port, port.service);
                findings.push((at, finding(message).help("scalr ports shows who holds which")));
                continue;
            }
            taken.push((port, at));
            match held(port, name, containers, &holder) {
                None => {}
                Some(Holder::Container(other)) => {
                    let message =
                        format!("port {} of {} is taken by the container {other}", port.port, port.service);
                    findings.push((at, finding(message).help(format!("docker stop {other}"))));
                }
                Some(Holder::Process(who)) => {
                    let who = who.unwrap_or_else(|| "a process that scalr may not look at".to_owned());
                    let message = format!("port {} of {} is taken by {who}", port.port, port.service);
                    findings.push((
                        at,
                        finding(message).help("end it, or change the port in app.manifest.yml and .env.app"),
                    ));
                }
            }
        }
    }
    findings
}

/// Who holds a port, apart from the project itself.
fn held(
    port: &HostPort,
    project: &str,
    containers: &[Container],
    holder: impl Fn(&HostPort) -> Option<Holder>,
) -> Option<Holder> {
    let publishes = |container: &&Container| {
        container.ports.iter().any(|held| {
            let address = Some(held.address.clone())
                .filter(|address| !matches!(address.as_str(), "" | "0.0.0.0" | "::"));
            let held = HostPort {
                address,
                port: held.port,
                protocol: held.protocol.clone(),
                service: String::new(),
            };
            held.clashes(port)
        })
    };
    match containers.iter().find(publishes) {
        Some(own) if own.project == project => None,
        Some(other) => Some(Holder::Container(other.name.clone())),
        None => holder(port),
    }
}

/// Registered folders that are not there.
#[must_use]
pub fn dangling(workspace: &Workspace) -> Vec<Finding> {
    let file = RelPath::root().join(registry::FILE_NAME);
    let entries = registry::parse(&workspace.registry);
    let gone =
        entries.iter().filter(|entry| entry.path.as_ref().is_ok_and(|path| workspace.absent.contains(path)));
    gone.map(|entry| {
        let message = format!("the folder `{}` does not exist", entry.text);
        Finding::new(Code::RegistryMissing, Location::at(&file, entry.span), message)
            .help("`scalr validate --fix` removes the line")
    })
    .collect()
}

/// `.env.shared` is missing.
#[must_use]
pub fn no_shared_env() -> Finding {
    let at = Location::file(&RelPath::root().join(SHARED_ENV_FILE));
    Finding::new(Code::EnvSharedMissing, at, format!("{SHARED_ENV_FILE} is missing"))
        .help(format!("scalr doctor --fix makes it from {SHARED_ENV_EXAMPLE}, with generated secrets"))
}

/// Compose is too old.
#[must_use]
pub fn compose_version(version: &str) -> Option<Finding> {
    let mut numbers = version.trim_start_matches('v').split(['.', '-', '+']).map(str::parse::<u64>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else { return None };
    ((major, minor) < OLDEST_COMPOSE).then(|| {
        let (major, minor) = OLDEST_COMPOSE;
        let message = format!("Docker Compose is {version}; scalr needs {major}.{minor} or later");
        Finding::new(Code::ComposeOld, Location::file(&RelPath::root()), message)
            .help("https://docs.docker.com/compose/install/")
    })
}

/// How many networks the engine's pools hold, given as prefixes: of the pool and of each network.
#[must_use]
pub fn capacity(pools: &[(u32, u32)]) -> usize {
    if pools.is_empty() {
        return POOL_NETWORKS;
    }
    let networks = |(pool, network): &(u32, u32)| 1_usize.checked_shl(network.saturating_sub(*pool));
    pools.iter().map(|pool| networks(pool).unwrap_or(usize::MAX)).fold(0, usize::saturating_add)
}

/// Whether a bridge network with this subnet may have come out of the pools: it has the size of what they give.
/// One that was asked for with a small subnet of its own has not.
#[must_use]
pub fn from_pools(subnets: &[String], pools: &[(u32, u32)]) -> bool {
    let own = [(12, 16), (16, 20)];
    let pools = if pools.is_empty() { own.as_slice() } else { pools };
    let sizes = subnets.iter().filter_map(|text| text.rsplit_once('/')?.1.parse::<u32>().ok());
    subnets.is_empty() || sizes.into_iter().any(|size| pools.iter().any(|(_, network)| *network == size))
}

/// Whether `wanted` more networks fit into the engine's pools.
#[must_use]
pub fn subnets(networks: usize, wanted: usize, capacity: usize) -> Option<Finding> {
    (networks + wanted > capacity).then(|| {
        let message = format!(
            "{wanted} more networks are needed, but the engine has {networks} of the about {capacity} that its pools hold"
        );
        Finding::new(Code::SubnetsLow, Location::file(&RelPath::root()), message)
            .help("docker network prune, or a subnet of its own for each network in the compose files")
    })
}

/// Little disk space.
#[must_use]
pub fn disk(free: u64) -> Option<Finding> {
    (free < LITTLE_SPACE).then(|| {
        let message = format!("only {} MB of disk space are left", free / 1024 / 1024);
        Finding::new(Code::DiskLow, Location::file(&RelPath::root()), message)
            .help("docker system df shows what Docker holds")
    })
}

/// Subprojects whose containers were started from another folder, by position.
#[must_use]
pub fn elsewhere(
    subprojects: &[&Subproject],
    folders: &BTreeMap<String, String>,
    containers: &[Container],
) -> Vec<(usize, Finding)> {
    let mut findings = Vec::new();
    for (at, subproject) in subprojects.iter().enumerate() {
        let own = folders.get(&subproject.name);
        let other = containers.iter().find(|container| {
            container.project == subproject.name
                && !container.working_dir.is_empty()
                && own.is_some_and(|own| *own != container.working_dir)
        });
        if let Some(other) = other {
            let message = format!("{} runs from another checkout, {}", subproject.name, other.working_dir);
            let finding = Finding::new(Code::ProjectElsewhere, Location::file(&subproject.folder), message);
            findings.push((
                at,
                finding.help(format!("scalr down {} stops it; then it can start from here", subproject.name)),
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::containers::PublishedPort;

    fn port(port: u16) -> HostPort {
        HostPort { address: Some("127.0.0.1".into()), port, protocol: "tcp".into(), service: "web".into() }
    }

    #[test]
    fn tells_everything_at_once() {
        let subproject = |name: &str| Subproject { name: name.into(), ..Subproject::default() };
        let (a, b, c) = (subproject("a"), subproject("b"), subproject("c"));
        let config = |ports: &[u16]| ComposeConfig {
            ports: ports.iter().map(|p| port(*p)).collect(),
            ..ComposeConfig::default()
        };
        let first = ComposeConfig {
            external_networks: ["lan".to_owned(), EDGE.to_owned()].into(),
            ..config(&[1, 2, 3])
        };
        let second = config(&[3, 4]);
        let undefined = ["X".to_owned()];
        let file = RelPath::root().join("docker-compose.yml");
        let all = [
            Candidate { subproject: &a, file: file.clone(), config: Ok((&first, &undefined)) },
            Candidate { subproject: &b, file: file.clone(), config: Ok((&second, &[])) },
            Candidate { subproject: &c, file, config: Err("yaml: line 3") },
        ];
        let container = |project: &str, port| Container {
            name: format!("{project}-web-1"),
            project: project.into(),
            ports: vec![PublishedPort {
                address: "0.0.0.0".into(),
                port,
                target: 80,
                protocol: "tcp".into(),
            }],
            ..Container::default()
        };
        let containers = [container("a", 1), container("z", 2)];
        let holder =
            |port: &HostPort| (port.port == 4).then(|| Holder::Process(Some("nginx (process 42)".into())));
        let found = candidates(&all, &containers, &[], holder);
        let texts: Vec<_> =
            found.iter().map(|(at, finding)| format!("{at} {} {}", finding.code, finding.message)).collect();
        assert_eq!(
            texts,
            [
                "0 variable-undefined the variable X is not set",
                "0 network-missing the external network lan does not exist",
                "0 host-port-taken port 2 of web is taken by the container z-web-1",
                "1 host-port-taken port 3 of web is published by a, too",
                "1 host-port-taken port 4 of web is taken by nginx (process 42)",
                "2 compose-invalid yaml: line 3",
            ]
        );
    }

    #[test]
    fn versions_and_numbers() {
        assert!(compose_version("2.26.1-4").is_none() && compose_version("v5.0.0").is_none());
        assert!(compose_version("2.19.0").is_some() && compose_version("odd").is_none());
        assert!(subnets(20, 10, capacity(&[])).is_none() && subnets(20, 11, capacity(&[])).is_some());
        assert_eq!(capacity(&[(16, 24), (20, 24)]), 272);
        let given = |subnet: &str, pools: &[(u32, u32)]| from_pools(&[subnet.to_owned()], pools);
        assert!(given("172.18.0.0/16", &[]) && given("192.168.16.0/20", &[]) && from_pools(&[], &[]));
        assert!(!given("10.213.0.16/28", &[]) && given("10.213.0.16/28", &[(16, 28)]));
        assert!(disk(1).is_some() && disk(u64::MAX).is_none());
    }
}
