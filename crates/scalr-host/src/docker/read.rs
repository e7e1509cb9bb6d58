//! Converts the engine's answers to the model's types.

use std::collections::BTreeMap;

use bollard::models;

use super::PROJECT_LABEL;
use scalr_model::run::containers::{Container, ContainerState, PublishedPort};
use scalr_model::run::engine::{Network, Volume};
use scalr_model::run::ps::ContainerStats;

/// Details that a list of containers does not have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Inspected {
    /// How often the engine started it again by itself.
    pub(crate) restarts: i64,
    /// The code that it ended with.
    pub(crate) exit_code: Option<i64>,
    /// Why it could not start.
    pub(crate) error: Option<String>,
    /// The last output of its health check.
    pub(crate) health: Option<String>,
    /// When it was started.
    pub(crate) started_at: Option<String>,
}

pub(super) fn container(summary: models::ContainerSummary) -> Option<Container> {
    let labels = summary.labels.unwrap_or_default();
    let label = |name: &str| labels.get(&format!("com.docker.compose.{name}")).cloned().unwrap_or_default();
    let project = labels.get(PROJECT_LABEL)?.clone();
    if label("oneoff") == "True" {
        return None;
    }
    let status = summary.status.unwrap_or_default();
    let state = summary.state.map(|state| state.to_string()).unwrap_or_default();
    let networks = summary.network_settings.and_then(|settings| settings.networks).unwrap_or_default();
    let mut ports: Vec<PublishedPort> =
        summary.ports.unwrap_or_default().into_iter().filter_map(published).collect();
    ports.sort();
    ports.dedup();
    Some(Container {
        id: summary.id?,
        name: summary
            .names
            .unwrap_or_default()
            .first()
            .map(|name| name.trim_start_matches('/').to_owned())?,
        project,
        service: label("service"),
        working_dir: label("project.working_dir"),
        config_hash: label("config-hash"),
        image_id: summary.image_id.unwrap_or_default(),
        image: summary.image.unwrap_or_default(),
        state: ContainerState::of(&state, &status),
        status,
        created: summary.created.unwrap_or_default(),
        networks: networks
            .into_iter()
            .map(|(name, endpoint)| (name, endpoint.network_id.unwrap_or_default()))
            .collect::<BTreeMap<_, _>>(),
        ports,
    })
}

fn published(port: models::PortSummary) -> Option<PublishedPort> {
    Some(PublishedPort {
        address: port.ip.unwrap_or_default(),
        port: port.public_port?,
        target: port.private_port,
        protocol: port.typ.map(|typ| typ.to_string()).unwrap_or_default(),
    })
}

pub(super) fn network(network: models::Network) -> Option<Network> {
    Some(Network {
        id: network.id?,
        name: network.name?,
        driver: network.driver.unwrap_or_default(),
        created: network.created.unwrap_or_default(),
        project: network.labels.unwrap_or_default().remove(PROJECT_LABEL),
        subnets: network
            .ipam
            .and_then(|ipam| ipam.config)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|config| config.subnet)
            .collect(),
    })
}

pub(super) fn volume(mut volume: models::Volume) -> Volume {
    Volume { project: volume.labels.remove(PROJECT_LABEL).unwrap_or_default(), name: volume.name }
}

pub(super) fn inspected(container: models::ContainerInspectResponse) -> Inspected {
    let state = container.state.unwrap_or_default();
    let log = state.health.and_then(|health| health.log).unwrap_or_default();
    let said = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Inspected {
        restarts: container.restart_count.unwrap_or_default(),
        exit_code: state.exit_code,
        error: said(state.error),
        health: log.into_iter().next_back().and_then(|result| said(result.output)),
        started_at: state.started_at,
    }
}

/// As docker's own client computes it (`docker stats`, cli/command/container/stats_helpers.go).
#[expect(clippy::cast_precision_loss, reason = "a percentage with one digit behind the point")]
pub(super) fn stats(stats: &models::ContainerStatsResponse) -> ContainerStats {
    let total = |cpu: &Option<models::ContainerCpuStats>| {
        let usage = cpu.as_ref().and_then(|cpu| cpu.cpu_usage.as_ref());
        usage.and_then(|usage| usage.total_usage).unwrap_or_default() as f64
    };
    let system = |cpu: &Option<models::ContainerCpuStats>| {
        cpu.as_ref().and_then(|cpu| cpu.system_cpu_usage).unwrap_or_default() as f64
    };
    let cores = stats.cpu_stats.as_ref().and_then(|cpu| cpu.online_cpus).unwrap_or(1);
    let used = total(&stats.cpu_stats) - total(&stats.precpu_stats);
    let passed = system(&stats.cpu_stats) - system(&stats.precpu_stats);
    let cpu_percent = if passed > 0.0 && used > 0.0 { used / passed * f64::from(cores) * 100.0 } else { 0.0 };
    let memory = stats.memory_stats.as_ref();
    let cache = memory
        .and_then(|memory| memory.stats.as_ref())
        .and_then(|stats| stats.get("inactive_file").or_else(|| stats.get("total_inactive_file")).copied());
    let usage = memory.and_then(|memory| memory.usage).unwrap_or_default();
    ContainerStats {
        cpu_percent: (cpu_percent * 10.0).round() / 10.0,
        memory: usage.saturating_sub(cache.unwrap_or_default()),
    }
}
