//! The plan of `scalr down`: what is stopped and removed, and which data is lost.

use super::containers::Container;
use super::engine::{Network, Volume};
use super::order;
use super::step::Step;
use crate::compose::project::ComposeProject;

/// Whether volumes are removed, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volumes {
    Keep,
    /// They are removed with their data; those of protected subprojects stay.
    Remove,
}

/// What the engine has of Compose projects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EngineResources {
    pub containers: Vec<Container>,
    pub networks: Vec<Network>,
    pub volumes: Vec<Volume>,
}

/// What `scalr down` does.
#[derive(Debug, Clone, PartialEq)]
pub struct DownPlan {
    /// In an order in which they could be carried out one after the other.
    pub steps: Vec<Step<DownAction>>,
    /// The names of the volumes that are removed.
    pub lost: Vec<String>,
    /// The names of the volumes that stay although volumes are removed.
    pub spared: Vec<String>,
}

/// The action for a subproject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DownAction {
    /// The engine has nothing of it.
    Skip,
    /// `docker compose down` runs, without its files where those can't be read.
    Down { project: Option<ComposeProject>, volumes: Volumes },
}

impl DownPlan {
    /// Makes the plan. The steps hold what Compose is told, where the files for it can be read.
    #[must_use]
    pub fn new(
        steps: Vec<Step<Option<ComposeProject>>>,
        resources: &EngineResources,
        volumes: Volumes,
    ) -> Self {
        let (mut lost, mut spared) = (Vec::new(), Vec::new());
        if volumes == Volumes::Remove {
            for step in &steps {
                let names = if step.subproject.protected { &mut spared } else { &mut lost };
                names.extend(resources.volumes_of(step.name()));
            }
        }
        let decided = |mut step: Step<Option<ComposeProject>>| {
            let volumes = if step.subproject.protected { Volumes::Keep } else { volumes };
            let project = step.action.take();
            let action = if resources.has_some(step.name(), volumes) {
                DownAction::Down { project, volumes }
            } else {
                DownAction::Skip
            };
            step.with(action)
        };
        Self { steps: order::sorted(steps.into_iter().map(decided).collect()), lost, spared }
    }
}

impl EngineResources {
    /// Whether there is something of a project to stop or remove.
    fn has_some(&self, project: &str, volumes: Volumes) -> bool {
        self.containers.iter().any(|container| container.project == project)
            || self.networks.iter().any(|network| network.project.as_deref() == Some(project))
            || (volumes == Volumes::Remove && self.volumes_of(project).next().is_some())
    }

    fn volumes_of(&self, project: &str) -> impl Iterator<Item = String> {
        self.volumes.iter().filter(move |volume| volume.project == project).map(|volume| volume.name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::subproject::Subproject;

    #[test]
    fn only_what_is_there_is_stopped_and_protected_data_stays() {
        let container = |project: &str| Container { project: project.to_owned(), ..Container::default() };
        let volume = |project: &str| Volume { name: format!("{project}_data"), project: project.to_owned() };
        let network = Network { project: Some("net".to_owned()), ..Network::default() };
        let resources = EngineResources {
            containers: vec![container("crm"), container("auth"), container("other")],
            networks: vec![network],
            volumes: vec![volume("crm"), volume("auth"), volume("data"), volume("other")],
        };
        let subprojects = ["crm", "auth", "net", "data", "nothing"].map(|name| Subproject {
            name: name.to_owned(),
            protected: name == "auth",
            ..Subproject::default()
        });
        let steps = || order::none(&subprojects).into_iter().map(|step| step.with(None)).collect();
        let down = |volumes| DownAction::Down { project: None, volumes };
        let actions = |plan: DownPlan| plan.steps.into_iter().map(|step| step.action).collect::<Vec<_>>();
        let plan = DownPlan::new(steps(), &resources, Volumes::Remove);
        assert_eq!(
            (&*plan.lost, &*plan.spared),
            (&["crm_data".to_owned(), "data_data".to_owned()][..], &["auth_data".to_owned()][..])
        );
        let (keep, remove) = (down(Volumes::Keep), down(Volumes::Remove));
        assert_eq!(actions(plan), [remove.clone(), keep.clone(), remove.clone(), remove, DownAction::Skip]);
        let plan = DownPlan::new(steps(), &resources, Volumes::Keep);
        assert!(plan.lost.is_empty() && plan.spared.is_empty());
        assert_eq!(actions(plan), [keep.clone(), keep.clone(), keep, DownAction::Skip, DownAction::Skip]);
    }
}
