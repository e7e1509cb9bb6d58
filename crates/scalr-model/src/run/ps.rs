//! The running containers, grouped by subproject, with those that are down,
//! not registered, or started from another folder.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::containers::{Container, ContainerState, PublishedPort};
use super::subproject::{Front, Subproject};
use crate::rel_path::RelPath;

/// The answer of `scalr ps`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PsReport {
    /// The engine's address.
    pub engine: String,
    pub apps: Vec<Group>,
}

/// One subproject.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    pub app: String,
    /// Its folder; `None` if the repository has none of that name.
    pub path: Option<RelPath>,
    /// Its status.
    pub standing: Standing,
    /// Whether registered-apps.txt lists it.
    pub registered: bool,
    /// Whether it is unregistered on purpose.
    #[serde(skip)]
    pub protected: bool,
    /// The folder that its containers were started from, if it is another one.
    pub started_from: Option<String>,
    pub url: Option<String>,
    /// Its services, one for each container.
    pub services: Vec<ServiceStatus>,
}

/// The state of a subproject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// All of its containers are done or healthy.
    Up,
    /// Some of its containers are not healthy, or not yet.
    Degraded,
    /// No container runs.
    Down,
    /// Its containers were started from another checkout.
    Elsewhere,
    /// It runs, but is no longer in the repository.
    Gone,
}

/// One container.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServiceStatus {
    pub service: String,
    pub container: String,
    pub state: ContainerState,
    /// The engine's status text.
    pub status: String,
    /// For how many seconds it has been running.
    pub uptime: Option<i64>,
    /// The ports that the host publishes.
    pub ports: Vec<PublishedPort>,
    pub image: String,
    /// How many seconds ago the image was made.
    pub image_age: Option<i64>,
    /// How often the engine started it again by itself.
    pub restarts: Option<i64>,
    /// Its resource use, with `--stats`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stats: Option<ContainerStats>,
}

/// The resource use of a container.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ContainerStats {
    /// Per cent of one core.
    pub cpu_percent: f64,
    /// Bytes of memory.
    pub memory: u64,
}

/// Details of a container that the list does not have.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ContainerDetails {
    /// When it was started, in seconds since 1970.
    pub started: Option<i64>,
    /// How often the engine started it again.
    pub restarts: Option<i64>,
    /// Its resource use.
    pub stats: Option<ContainerStats>,
}

/// The inputs of the groups.
#[derive(Debug)]
pub struct PsSources<'a> {
    /// The selected subprojects.
    pub subprojects: &'a [Subproject],
    /// Every container of Compose.
    pub containers: &'a [Container],
    /// Details of each container, by id.
    pub more: &'a BTreeMap<String, ContainerDetails>,
    /// When each image was made, in seconds since 1970.
    pub images: &'a BTreeMap<String, i64>,
    pub root: &'a str,
    /// The gateway's address for browsers.
    pub front: &'a Front,
    /// Seconds since 1970.
    pub now: i64,
}

/// Whether orphans, containers of the repository without a subproject, are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orphans {
    /// They are.
    Shown,
    /// They are not.
    Hidden,
}

/// The groups, in the order of the subprojects; those that are no longer in the repository come last.
#[must_use]
pub fn groups(sources: &PsSources<'_>, known: &[Subproject], orphans: Orphans) -> Vec<Group> {
    let mut groups: Vec<Group> = sources.subprojects.iter().map(|one| group(sources, one)).collect();
    if orphans == Orphans::Shown {
        let names: BTreeSet<&str> = known.iter().map(|one| one.name.as_str()).collect();
        let ours = |container: &&Container| {
            let below = container.working_dir.strip_prefix(sources.root);
            !names.contains(container.project.as_str()) && below.is_some_and(|rest| rest.starts_with('/'))
        };
        let gone: BTreeSet<&str> =
            sources.containers.iter().filter(ours).map(|container| container.project.as_str()).collect();
        groups.extend(gone.into_iter().map(|name| {
            let containers = of(sources, name);
            Group {
                app: name.to_owned(),
                path: None,
                standing: Standing::Gone,
                registered: false,
                protected: false,
                started_from: containers.first().map(|container| container.working_dir.clone()),
                url: None,
                services: containers.iter().map(|container| service(sources, container)).collect(),
            }
        }));
    }
    groups
}

fn of<'a>(sources: &PsSources<'a>, name: &str) -> Vec<&'a Container> {
    sources.containers.iter().filter(|container| container.project == name).collect()
}

fn group(sources: &PsSources<'_>, one: &Subproject) -> Group {
    let containers = of(sources, &one.name);
    let own = format!("{}/{}", sources.root, one.folder.as_str());
    let other = containers.iter().map(|container| &container.working_dir).find(|folder| **folder != own);
    let runs = containers.iter().any(|container| {
        !matches!(
            container.state,
            ContainerState::Failed | ContainerState::Completed | ContainerState::Created
        )
    });
    let standing = if other.is_some() {
        Standing::Elsewhere
    } else if !runs {
        Standing::Down
    } else if containers.iter().all(|container| container.state.is_well()) {
        Standing::Up
    } else {
        Standing::Degraded
    };
    Group {
        app: one.name.clone(),
        path: Some(one.folder.clone()),
        standing,
        registered: one.registered,
        protected: one.protected,
        started_from: other.cloned(),
        url: one.url(sources.front),
        services: containers.iter().map(|container| service(sources, container)).collect(),
    }
}

fn service(sources: &PsSources<'_>, container: &Container) -> ServiceStatus {
    let more = sources.more.get(&container.id).copied().unwrap_or_default();
    let runs = !matches!(
        container.state,
        ContainerState::Failed | ContainerState::Completed | ContainerState::Created
    );
    ServiceStatus {
        service: container.service.clone(),
        container: container.name.clone(),
        state: container.state,
        status: container.status.clone(),
        uptime: more.started.filter(|_| runs).map(|started| (sources.now - started).max(0)),
        ports: container.ports.clone(),
        image: container.image.clone(),
        image_age: sources.images.get(&container.image_id).map(|made| (sources.now - made).max(0)),
        restarts: more.restarts,
        stats: more.stats,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_apart_what_runs_where() {
        let subproject = |name: &str| Subproject {
            name: name.into(),
            folder: RelPath::new(&format!("apps/{name}")).unwrap(),
            ..Subproject::default()
        };
        let all = ["a", "b", "c", "d"].map(subproject);
        let container = |project: &str, folder: &str, state| Container {
            id: project.into(),
            project: project.into(),
            working_dir: folder.into(),
            state,
            ..Container::default()
        };
        let containers = [
            container("a", "/r/apps/a", ContainerState::Healthy),
            container("b", "/elsewhere/apps/b", ContainerState::Running),
            container("c", "/r/apps/c", ContainerState::Starting),
            container("old", "/r/apps/old", ContainerState::Running),
            container("foreign", "/x", ContainerState::Running),
        ];
        let sources = PsSources {
            subprojects: &all,
            containers: &containers,
            more: &BTreeMap::from([(
                "a".to_owned(),
                ContainerDetails { started: Some(40), restarts: Some(2), stats: None },
            )]),
            images: &BTreeMap::new(),
            root: "/r",
            front: &Front::default(),
            now: 100,
        };
        let found = groups(&sources, &all, Orphans::Shown);
        let standings: Vec<_> = found.iter().map(|group| (group.app.as_str(), group.standing)).collect();
        assert_eq!(
            standings,
            [
                ("a", Standing::Up),
                ("b", Standing::Elsewhere),
                ("c", Standing::Degraded),
                ("d", Standing::Down),
                ("old", Standing::Gone),
            ]
        );
        assert_eq!((found[0].services[0].uptime, found[0].services[0].restarts), (Some(60), Some(2)));
        assert_eq!(groups(&sources, &all, Orphans::Hidden).len(), 4);
    }
}
