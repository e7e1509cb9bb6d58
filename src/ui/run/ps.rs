//! The running containers, as a table grouped by subproject.

use crate::ui::Answer;
use crate::ui::styles::{self, paint};
use crate::ui::table::table;
use crate::ui::visible::visible;
use scalr_model::run::containers::{ContainerState, PublishedPort};
use scalr_model::run::ps::{Group, PsReport, ServiceStatus, Standing};

impl Answer for PsReport {
    const SCHEMA: &'static str = "scalr.ps/1";

    fn text(&self) -> String {
        text(&self.apps)
    }
}

fn text(groups: &[Group]) -> String {
    let measured = groups.iter().flat_map(|group| &group.services).any(|service| service.stats.is_some());
    let mut heading = vec!["APP", "SERVICE", "STATE", "UPTIME", "PORTS", "URL", "IMAGE", "RESTARTS"];
    if measured {
        heading.extend(["CPU", "MEMORY"]);
    }
    let mut rows = Vec::new();
    for group in groups {
        let mut name = visible(&group.app);
        if group.services.is_empty() {
            rows.push(vec![name.clone(), String::new(), standing(group)]);
        }
        for (at, service) in group.services.iter().enumerate() {
            let mut cells = row(service, measured);
            // The address is the subproject's, so it is shown once.
            if at == 0 {
                cells[4] = group.url.clone().unwrap_or_default();
            }
            cells.insert(0, std::mem::replace(&mut name, " ".to_owned()));
            rows.push(cells);
        }
    }
    for row in &mut rows {
        row.resize(heading.len(), String::new());
    }
    let mut out = table(&heading, &rows);
    for group in groups {
        if let Some(note) = note(group) {
            out += &format!("{} {}: {note}\n", paint(styles::WARNING, "note:"), visible(&group.app));
        }
    }
    out
}

fn standing(group: &Group) -> String {
    match group {
        Group { registered: true, .. } => paint(styles::ERROR, "down"),
        Group { protected: true, .. } => paint(styles::FAINT, "down"),
        _ => paint(styles::FAINT, "down, not registered"),
    }
}

fn note(group: &Group) -> Option<String> {
    let from = group.started_from.as_deref().map(visible).unwrap_or_default();
    match group.standing {
        Standing::Elsewhere => Some(format!("it was started from {from}")),
        Standing::Gone => Some(format!(
            "it runs, but {from} is no subproject any more; docker compose -p {} down stops it",
            visible(&group.app)
        )),
        _ if !(group.registered || group.protected || group.services.is_empty()) => {
            Some("it runs, but it is not registered".to_owned())
        }
        _ => None,
    }
}

fn row(service: &ServiceStatus, measured: bool) -> Vec<String> {
    let style = match service.state {
        ContainerState::Healthy | ContainerState::Running => styles::GOOD,
        ContainerState::Completed => styles::FAINT,
        ContainerState::Starting | ContainerState::Created | ContainerState::Paused => styles::WARNING,
        ContainerState::Unhealthy | ContainerState::Failed | ContainerState::Restarting => styles::ERROR,
    };
    let mut cells = vec![
        visible(&service.service),
        paint(style, service.state.as_str()),
        service.uptime.map(duration).unwrap_or_default(),
        service.ports.iter().map(port).collect::<Vec<_>>().join(", "),
        String::new(),
        service.image_age.map(|age| format!("{} old", duration(age))).unwrap_or_default(),
        service
            .restarts
            .filter(|restarts| *restarts > 0)
            .map(|restarts| restarts.to_string())
            .unwrap_or_default(),
    ];
    if measured {
        let stats = service.stats;
        cells.push(stats.map(|stats| format!("{:.1} %", stats.cpu_percent)).unwrap_or_default());
        cells.push(stats.map(|stats| format!("{} MB", stats.memory / 1_000_000)).unwrap_or_default());
    }
    cells
}

fn port(port: &PublishedPort) -> String {
    let protocol = if port.protocol == "tcp" { String::new() } else { format!("/{}", port.protocol) };
    format!("{}->{}{protocol}", port.port, port.target)
}

/// One unit is enough for a table.
fn duration(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds}s"),
        120..7200 => format!("{}m", seconds / 60),
        7200..172_800 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(registered: bool, protected: bool, services: Vec<ServiceStatus>) -> Group {
        Group {
            app: "auth".to_owned(),
            path: None,
            standing: if services.is_empty() { Standing::Down } else { Standing::Up },
            registered,
            protected,
            started_from: None,
            url: None,
            services,
        }
    }

    fn service() -> ServiceStatus {
        ServiceStatus {
            service: "server".to_owned(),
            container: "auth-server-1".to_owned(),
            state: ContainerState::Healthy,
            status: String::new(),
            uptime: None,
            ports: Vec::new(),
            image: String::new(),
            image_age: None,
            restarts: None,
            stats: None,
        }
    }

    #[test]
    fn only_what_is_neither_registered_nor_protected_is_called_unregistered() {
        let told = |registered, protected, services: &[ServiceStatus]| {
            text(&[group(registered, protected, services.to_vec())]).contains("not registered")
        };
        for services in [vec![], vec![service()]] {
            assert!(told(false, false, &services));
            assert!(!told(false, true, &services));
            assert!(!told(true, false, &services));
        }
    }
}
