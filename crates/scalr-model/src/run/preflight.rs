//! What can be known to go wrong before anything starts, all at once. `host` gathers the facts; here they
//! become findings, for `scalr up`, `scalr plan` and `scalr doctor` alike.

use std::path::Path;

use super::containers::{Container, PublishedPort};
use super::engine::Network;
use super::subnets;
use super::subproject::Subproject;
use crate::codes::Code;
use crate::compose::config::{ComposeConfig, HostPort};
use crate::diagnostics::{Finding, Location};
use crate::registry;
use crate::rel_path::RelPath;
use crate::subnet::Subnet;
use crate::workspace::{ENV_FILE, SHARED_ENV_EXAMPLE, SHARED_ENV_FILE, Workspace};

/// The network on which the gateway reaches the apps. It is the only external network that scalr makes.
pub const EDGE: &str = "scalr-edge";

/// The oldest Compose that scalr drives: the first whose reading of env files it knows (`model::env::rules`).
pub(crate) const OLDEST_COMPOSE: (u64, u64) = (2, 25);

/// Docker's own pools hold this many networks: 172.17.0.0/16 to 172.31.0.0/16 and sixteen /20 of
/// 192.168.0.0/16, less the default bridge (moby, `ipamutils`).
pub(crate) const POOL_NETWORKS: usize = 30;

/// Below this much free space, in bytes, images and databases soon fail.
const LITTLE_SPACE: u64 = 2 * 1024 * 1024 * 1024;

/// What the host and its engine have before anything starts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HostFacts {
    /// Every container of Compose.
    pub containers: Vec<Container>,
    /// Every network of the engine.
    pub networks: Vec<Network>,
    /// The address pools that the engine was given, each as two prefix lengths: of the pool, and of the networks
    /// that are cut out of it. Empty where the engine uses its own pools.
    pub pools: Vec<(u32, u32)>,
    /// The ports that no container publishes and something else listens on.
    pub taken_ports: Vec<TakenPort>,
    /// Bytes that are free on the disk; nothing where the engine is on another machine.
    pub free_space: Option<u64>,
}

/// A port that a process of the host listens on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenPort {
    /// The port, as the subproject would publish it.
    pub port: HostPort,
    /// The process, such as `nginx (process 42)`; nothing where scalr may not look at it.
    pub process: Option<String>,
}

/// A subproject that is going to start, as Compose resolved it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'a> {
    pub(crate) subproject: &'a Subproject,
    pub(crate) file: &'a RelPath,
    pub(crate) config: &'a ComposeConfig,
    /// The variables that its compose files use and nothing sets.
    pub(crate) undefined: &'a [String],
}

/// What the subprojects that were looked at before are going to take.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    ports: Vec<(HostPort, String)>,
    pub(super) subnets: Vec<(Subnet, String)>,
}

/// Everything that would go wrong with one subproject; what it is going to take is added to the claims.
pub(crate) fn check(candidate: Candidate<'_>, facts: &HostFacts, claims: &mut Claims) -> Vec<Finding> {
    let mut findings = undefined(candidate);
    findings.extend(missing_networks(candidate, &facts.networks));
    findings.extend(ports(candidate, facts, claims));
    findings.extend(subnets::taken(candidate, &facts.networks, claims));
    findings
}

/// Compose can't make sense of the files.
pub(crate) fn compose_refuses(file: &RelPath, problem: &str) -> Finding {
    Finding::new(Code::ComposeInvalid, Location::file(file), problem)
}

fn undefined(candidate: Candidate<'_>) -> Vec<Finding> {
    let own = candidate.subproject.folder.join(ENV_FILE);
    let finding = |variable: &String| {
        let message = format!("the variable {variable} is not set");
        Finding::new(Code::VariableUndefined, Location::file(candidate.file), message)
            .help(format!("set it in {SHARED_ENV_FILE} or {own}"))
    };
    candidate.undefined.iter().map(finding).collect()
}

fn missing_networks(candidate: Candidate<'_>, networks: &[Network]) -> Vec<Finding> {
    let exists = |name: &str| networks.iter().any(|network| network.name == name);
    let missing =
        candidate.config.external_networks.iter().filter(|name| *name != EDGE && !exists(name.as_str()));
    let finding = |name: &String| {
        let message = format!("the external network {name} does not exist");
        Finding::new(Code::NetworkMissing, Location::file(candidate.file), message)
            .help(format!("docker network create {name}"))
    };
    missing.map(finding).collect()
}

fn ports(candidate: Candidate<'_>, facts: &HostFacts, claims: &mut Claims) -> Vec<Finding> {
    let mut findings = Vec::new();
    for port in &candidate.config.ports {
        let name = candidate.subproject.name.as_str();
        let problem = match claims.ports.iter().find(|(other, _)| other.clashes(port)) {
            Some((_, other)) => Some((
                format!("is published by {other}, too"),
                "scalr ports shows who holds which".to_owned(),
            )),
            None => {
                claims.ports.push((port.clone(), name.to_owned()));
                taken(port, name, facts)
            }
        };
        if let Some((problem, help)) = problem {
            let message = format!("port {} of {} {problem}", port.port, port.service);
            findings
                .push(Finding::new(Code::HostPortTaken, Location::file(candidate.file), message).help(help));
        }
    }
    findings
}

/// The problem of a port that something else than the project itself holds, and the help for it.
fn taken(port: &HostPort, project: &str, facts: &HostFacts) -> Option<(String, String)> {
    if let Some(container) = publisher(port, &facts.containers) {
        let name = &container.name;
        return (container.project != project)
            .then(|| (format!("is taken by the container {name}"), format!("docker stop {name}")));
    }
    let taken = facts.taken_ports.iter().find(|taken| taken.port == *port)?;
    let process = taken.process.as_deref().unwrap_or("a process that scalr may not look at");
    let help = "end it, or change the port in app.manifest.yml and .env.app";
    Some((format!("is taken by {process}"), help.to_owned()))
}

/// The container that publishes a port.
#[must_use]
pub fn publisher<'a>(port: &HostPort, containers: &'a [Container]) -> Option<&'a Container> {
    let clashes = |held: &PublishedPort| {
        let address =
            Some(held.address.clone()).filter(|address| !matches!(address.as_str(), "" | "0.0.0.0" | "::"));
        let protocol = held.protocol.clone();
        HostPort { address, port: held.port, protocol, service: String::new() }.clashes(port)
    };
    containers.iter().find(|container| container.ports.iter().any(clashes))
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
pub(crate) fn from_pools(subnets: &[String], pools: &[(u32, u32)]) -> bool {
    let own = [(12, 16), (16, 20)];
    let pools = if pools.is_empty() { own.as_slice() } else { pools };
    let sizes = subnets.iter().filter_map(|text| text.rsplit_once('/')?.1.parse::<u32>().ok());
    subnets.is_empty() || sizes.into_iter().any(|size| pools.iter().any(|(_, network)| *network == size))
}

/// Whether `wanted` more networks fit into the engine's pools.
#[must_use]
pub(crate) fn pools_low(networks: usize, wanted: usize, capacity: usize) -> Option<Finding> {
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

/// Whether the containers of a subproject were started from another folder than its own.
pub(crate) fn elsewhere(subproject: &Subproject, folder: &Path, containers: &[Container]) -> Option<Finding> {
    let other = containers.iter().find(|container| {
        container.project == subproject.name
            && !container.working_dir.is_empty()
            && *folder.to_string_lossy() != container.working_dir
    })?;
    let name = &subproject.name;
    let message = format!("{name} runs from another checkout, {}", other.working_dir);
    let finding = Finding::new(Code::ProjectElsewhere, Location::file(&subproject.folder), message);
    Some(finding.help(format!("scalr down {name} stops it; then it can start from here")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(port: u16) -> HostPort {
        HostPort { address: Some("127.0.0.1".into()), port, protocol: "tcp".into(), service: "web".into() }
    }

    #[test]
    fn tells_everything_at_once() {
        let subproject = |name: &str| Subproject { name: name.into(), ..Subproject::default() };
        let (a, b) = (subproject("a"), subproject("b"));
        let config = |ports: &[u16]| ComposeConfig {
            ports: ports.iter().map(|p| port(*p)).collect(),
            ..ComposeConfig::default()
        };
        let first = ComposeConfig {
            external_networks: ["lan".to_owned(), EDGE.to_owned()].into(),
            ..config(&[1, 2, 3])
        };
        let second = config(&[3, 4, 5]);
        let undefined = ["X".to_owned()];
        let file = RelPath::root().join("docker-compose.yml");
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
        let process = |number, process: Option<&str>| TakenPort {
            port: port(number),
            process: process.map(str::to_owned),
        };
        let facts = HostFacts {
            containers: vec![container("a", 1), container("z", 2)],
            taken_ports: vec![process(4, Some("nginx (process 42)")), process(5, None)],
            ..HostFacts::default()
        };
        let mut claims = Claims::default();
        let mut texts = Vec::new();
        for (subproject, config, undefined) in [(&a, &first, &undefined[..]), (&b, &second, &[])] {
            let candidate = Candidate { subproject, file: &file, config, undefined };
            let found = check(candidate, &facts, &mut claims);
            texts.extend(found.iter().map(|one| format!("{} {} {}", subproject.name, one.code, one.message)));
        }
        assert_eq!(
            texts,
            [
                "a variable-undefined the variable X is not set",
                "a network-missing the external network lan does not exist",
                "a host-port-taken port 2 of web is taken by the container z-web-1",
                "b host-port-taken port 3 of web is published by a, too",
                "b host-port-taken port 4 of web is taken by nginx (process 42)",
                "b host-port-taken port 5 of web is taken by a process that scalr may not look at",
            ]
        );
    }

    #[test]
    fn versions_and_numbers() {
        assert!(compose_version("2.26.1-4").is_none() && compose_version("v5.0.0").is_none());
        assert_eq!(compose_version("2.19.0").unwrap().code.name(), "compose-old");
        assert!(compose_version("odd").is_none());
        assert!(pools_low(20, 10, capacity(&[])).is_none() && pools_low(20, 11, capacity(&[])).is_some());
        assert_eq!(capacity(&[(16, 24), (20, 24)]), 272);
        let given = |subnet: &str, pools: &[(u32, u32)]| from_pools(&[subnet.to_owned()], pools);
        assert!(given("172.18.0.0/16", &[]) && given("192.168.16.0/20", &[]) && from_pools(&[], &[]));
        assert!(!given("10.213.0.16/28", &[]) && given("10.213.0.16/28", &[(16, 28)]));
        assert_eq!(disk(1).unwrap().code.name(), "disk-low");
        assert!(disk(u64::MAX).is_none());
    }
}
