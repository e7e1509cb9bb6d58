//! What a Docker engine has at one moment, in our terms.

use std::collections::BTreeMap;

use super::containers::Container;
use super::preflight;

/// What the plan of a start needs to know of an engine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EngineSnapshot {
    /// Every container of Compose.
    pub containers: Vec<Container>,
    /// Every image that has a name: name to id.
    pub images: BTreeMap<String, String>,
    pub networks: Vec<Network>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Network {
    pub id: String,
    pub name: String,
    pub driver: String,
    /// Its creation time, as sortable text.
    pub created: String,
    /// The Compose project that it belongs to.
    pub project: Option<String>,
    pub subnets: Vec<String>,
}

impl Network {
    /// Whether its subnet is from the engine's pools. The engine's own bridge is not counted.
    #[must_use]
    pub fn is_from_pools(&self, pools: &[(u32, u32)]) -> bool {
        self.driver == "bridge" && self.name != "bridge" && preflight::from_pools(&self.subnets, pools)
    }
}

/// A volume of a Compose project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    pub name: String,
    pub project: String,
}
