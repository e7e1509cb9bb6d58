//! The containers of all projects, from one call of the engine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One container of a Compose project.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Container {
    pub id: String,
    pub name: String,
    pub project: String,
    pub service: String,
    /// The folder that it was started from.
    pub working_dir: String,
    /// Compose's own hash of its configuration.
    pub config_hash: String,
    pub image_id: String,
    /// The image's name; its id if the name now belongs to another image.
    pub image: String,
    pub state: ContainerState,
    /// The engine's status text: `Up 2 minutes (healthy)`.
    pub status: String,
    /// Seconds since 1970 when it was made.
    pub created: i64,
    /// Its networks, name to id.
    pub networks: BTreeMap<String, String>,
    /// Its ports that the host publishes: address, host port, container port, protocol.
    pub ports: Vec<PublishedPort>,
}

/// A published port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PublishedPort {
    pub address: String,
    pub port: u16,
    pub target: u16,
    /// `tcp` or `udp`.
    pub protocol: String,
}

/// The state of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContainerState {
    /// It runs, and has no health check.
    Running,
    /// It runs, and its health check has not passed yet.
    Starting,
    /// It runs, and its health check passes.
    Healthy,
    /// It runs, and its health check fails.
    Unhealthy,
    /// It ended with code 0.
    Completed,
    /// It ended with another code.
    Failed,
    /// It ends again and again.
    Restarting,
    /// It is frozen.
    Paused,
    /// It was created and not started, or is being removed.
    #[default]
    Created,
}

impl ContainerState {
    /// The state from the engine's two fields.
    #[must_use]
    pub fn of(state: &str, status: &str) -> Self {
        match state {
            "running" if status.contains("(unhealthy)") => Self::Unhealthy,
            "running" if status.contains("(healthy)") => Self::Healthy,
            "running" if status.contains("(health: starting)") => Self::Starting,
            "running" => Self::Running,
            "exited" if status.starts_with("Exited (0)") => Self::Completed,
            "exited" | "dead" => Self::Failed,
            "restarting" => Self::Restarting,
            "paused" => Self::Paused,
            _ => Self::Created,
        }
    }

    /// Whether it is done or healthy.
    #[must_use]
    pub fn is_well(self) -> bool {
        matches!(self, Self::Running | Self::Healthy | Self::Completed)
    }

    /// As people read it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Starting => "starting",
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Restarting => "restarting",
            Self::Paused => "paused",
            Self::Created => "created",
        }
    }
}

/// A container in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedContainer {
    pub(crate) service: String,
    /// Compose's hash.
    pub(crate) config_hash: String,
    pub(crate) image_id: String,
    /// Its name at that time.
    pub(crate) image: String,
    pub(crate) state: ContainerState,
    /// Its networks, name to id.
    pub(crate) networks: BTreeMap<String, String>,
}

impl From<&Container> for RecordedContainer {
    fn from(container: &Container) -> Self {
        Self {
            service: container.service.clone(),
            config_hash: container.config_hash.clone(),
            image_id: container.image_id.clone(),
            image: container.image.clone(),
            state: container.state,
            networks: container.networks.clone(),
        }
    }
}

/// The containers of one project, by id.
pub(crate) type RecordedContainers = BTreeMap<String, RecordedContainer>;

/// The containers of one project in a record.
#[must_use]
pub fn record<'a>(containers: impl IntoIterator<Item = &'a Container>) -> RecordedContainers {
    containers
        .into_iter()
        .map(|container| (container.id.clone(), RecordedContainer::from(container)))
        .collect()
}

/// The differences between the containers of the last successful up and the present ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ContainerDifferences {
    /// Each as a reason to run Compose.
    pub(crate) reasons: Vec<String>,
    /// Whether images have to be built again: only a build corrects a name that now belongs to another
    /// image.
    pub(crate) images: bool,
}

/// The id of an image, in what the engine has (name to id), by any of the names that a Dockerfile may use; empty where
/// it has none.
#[must_use]
pub fn image_id<'a>(images: &'a BTreeMap<String, String>, name: &str) -> &'a str {
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    let name = name.strip_prefix("library/").unwrap_or(name);
    let last = name.rsplit('/').next().unwrap_or(name);
    let full = if last.contains([':', '@']) { name.to_owned() } else { format!("{name}:latest") };
    images.get(&full).map_or("", String::as_str)
}

/// Compares them. Of health, only the present state counts. `named` is the engine's images, name to id.
#[must_use]
pub(crate) fn differences(
    before: &RecordedContainers,
    now: &[&Container],
    named: &BTreeMap<String, String>,
) -> ContainerDifferences {
    let mut reasons = Vec::new();
    let mut images = false;
    if now.is_empty() && !before.is_empty() {
        reasons.push("it is not up".to_owned());
    }
    for (id, kept) in before {
        let service = &kept.service;
        let Some(container) = now.iter().find(|container| container.id == *id) else {
            // The next container will use the image that has the name now.
            images |= image_id(named, &kept.image) != kept.image_id;
            if !now.is_empty() {
                reasons.push(format!("the container of {service} is gone"));
            }
            continue;
        };
        if container.image != kept.image || container.image_id != kept.image_id {
            images = true;
            reasons.push(format!("the image of {service} is another one now"));
        }
        if container.config_hash != kept.config_hash {
            reasons.push(format!("the configuration of {service} is another one"));
        }
        if container.networks != kept.networks {
            reasons.push(format!("the networks of {service} are others now"));
        }
        if container.state == kept.state {
            // A one-shot container that exited with 0 is unchanged.
            if !container.state.is_well() {
                reasons.push(format!("{service} is {}", container.state.as_str()));
            }
        } else if !matches!(container.state, ContainerState::Running | ContainerState::Healthy) {
            reasons.push(format!("{service} is {}", container.state.as_str()));
        }
    }
    let new = now.iter().filter(|container| !before.contains_key(&container.id));
    reasons.extend(new.map(|container| format!("a container of {} was not there before", container.service)));
    ContainerDifferences { reasons, images }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(id: &str, state: ContainerState) -> Container {
        Container {
            id: id.into(),
            service: "web".into(),
            image: "app:1".into(),
            image_id: "sha256:1".into(),
            networks: BTreeMap::from([("edge".into(), "n1".into())]),
            state,
            ..Container::default()
        }
    }

    #[test]
    fn reads_the_engines_words() {
        for (state, status, expected) in [
            ("running", "Up 2 minutes (healthy)", ContainerState::Healthy),
            ("running", "Up 1 second (health: starting)", ContainerState::Starting),
            ("running", "Up 2 minutes (unhealthy)", ContainerState::Unhealthy),
            ("running", "Up 2 minutes", ContainerState::Running),
            ("exited", "Exited (0) 3 minutes ago", ContainerState::Completed),
            ("exited", "Exited (137) 3 minutes ago", ContainerState::Failed),
            ("restarting", "Restarting (1) 2 seconds ago", ContainerState::Restarting),
            ("created", "Created", ContainerState::Created),
        ] {
            assert_eq!(ContainerState::of(state, status), expected);
        }
    }

    #[test]
    fn every_difference_is_a_reason() {
        let before = record(&[container("1", ContainerState::Healthy)]);
        let check = |change: &dyn Fn(&mut Container)| {
            let mut now = container("1", ContainerState::Healthy);
            change(&mut now);
            differences(&before, &[&now], &BTreeMap::new()).reasons.join("; ")
        };
        assert_eq!(check(&|_| {}), "");
        assert_eq!(check(&|now| now.state = ContainerState::Failed), "web is failed");
        assert_eq!(check(&|now| now.state = ContainerState::Completed), "web is completed");
        assert_eq!(check(&|now| now.state = ContainerState::Unhealthy), "web is unhealthy");
        assert_eq!(check(&|now| now.image = "sha256:1".into()), "the image of web is another one now");
        assert!(check(&|now| now.networks.clear()).contains("networks"));
        assert!(check(&|now| now.config_hash = "x".into()).contains("configuration"));
        assert!(check(&|now| now.id = "2".into()).contains("gone; a container of web"));
        let done = record(&[container("1", ContainerState::Completed)]);
        let reasons = |now| differences(&done, &[&now], &BTreeMap::new()).reasons;
        assert!(reasons(container("1", ContainerState::Completed)).is_empty());
        assert!(!reasons(container("1", ContainerState::Failed)).is_empty());
    }

    #[test]
    fn what_was_taken_down_is_built_again_only_where_its_image_is_another_one() {
        let before = record(&[container("1", ContainerState::Healthy)]);
        let images = |id: &str| BTreeMap::from([("app:1".to_owned(), id.to_owned())]);
        for (named, build) in
            [(images("sha256:1"), false), (images("sha256:2"), true), (BTreeMap::new(), true)]
        {
            let found = differences(&before, &[], &named);
            assert_eq!(
                found,
                ContainerDifferences { reasons: vec!["it is not up".to_owned()], images: build }
            );
        }
        assert_eq!(differences(&record(&[]), &[], &BTreeMap::new()), ContainerDifferences::default());
    }
}
