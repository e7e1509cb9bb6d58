//! The host ports and subnets of the apps, conflicts between them, and the values of the next app.

use serde::{Serialize, Serializer};

use super::manifest::Manifest;
use super::ports::{self, Block, PortsExhausted, Role};
use super::subnet::{self, Subnet, SubnetsExhausted};
use super::workspace::{TEMPLATE, Workspace};

/// All ports and subnets in use, and the next free ones.
#[derive(Debug, Serialize)]
pub struct Holdings {
    /// The template, then every app in the order of the folders; also those that hold nothing.
    #[serde(skip)]
    pub holders: Vec<Holder>,
    /// Every port, in order.
    pub held: Vec<HeldPort>,
    pub conflicts: Vec<PortConflict>,
    /// The ports of the next app.
    #[serde(serialize_with = "granted")]
    pub next: Result<Block, PortsExhausted>,
    /// Every subnet, in order.
    pub subnets: Vec<HeldSubnet>,
    /// Every pair of subnets that overlap.
    pub subnet_conflicts: Vec<(HeldSubnet, HeldSubnet)>,
    /// The subnet of the next app; `None` where the template has none, so that apps get none.
    #[serde(serialize_with = "granted")]
    pub next_subnet: Result<Option<Subnet>, SubnetsExhausted>,
}

/// An app, or the template, with its ports and subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The slug; the folder of an app without one.
    pub app: String,
    /// Whether this is the template, which may run beside the apps.
    pub template: bool,
    /// In the order of the manifest.
    pub ports: Vec<(Role, u16)>,
    pub subnet: Option<Subnet>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldPort {
    pub(crate) port: u16,
    pub role: Role,
    pub app: String,
    pub(crate) template: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldSubnet {
    pub subnet: Subnet,
    pub app: String,
    pub template: bool,
}

/// A port that is held more than once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PortConflict {
    pub port: u16,
    pub holders: Vec<HeldPort>,
}

impl Holdings {
    #[must_use]
    pub fn of(workspace: &Workspace) -> Self {
        let manifests = workspace.template.iter().chain(workspace.apps.iter().map(|app| &*app.manifest));
        let holders: Vec<Holder> = manifests.map(Holder::of).collect();
        let mut held: Vec<HeldPort> = holders.iter().flat_map(Holder::held_ports).collect();
        held.sort_by(|a, b| (a.port, &a.app).cmp(&(b.port, &b.app)));
        let mut subnets: Vec<HeldSubnet> = holders.iter().filter_map(Holder::held_subnet).collect();
        subnets.sort_by(|a, b| (a.subnet, &a.app).cmp(&(b.subnet, &b.app)));
        let first = workspace.template.as_ref().and_then(Manifest::subnet);
        Self {
            conflicts: conflicts(&held),
            next: ports::allocate(&workspace.held_ports()),
            subnet_conflicts: overlaps(&subnets),
            next_subnet: first.map(|first| subnet::allocate(first, &workspace.held_subnets())).transpose(),
            holders,
            held,
            subnets,
        }
    }

    /// Whether there is any conflict.
    #[must_use]
    pub fn has_conflicts(&self) -> bool {
        !(self.conflicts.is_empty() && self.subnet_conflicts.is_empty())
    }
}

impl Holder {
    fn of(manifest: &Manifest) -> Self {
        let folder = manifest.folder();
        Self {
            app: manifest.slug().map_or_else(|| folder.to_string(), str::to_owned),
            template: folder.as_str() == TEMPLATE,
            ports: manifest.ports.iter().map(|(role, port)| (*role, port.value)).collect(),
            subnet: manifest.subnet(),
        }
    }

    fn held_ports(&self) -> impl Iterator<Item = HeldPort> {
        self.ports.iter().map(|(role, port)| HeldPort {
            port: *port,
            role: *role,
            app: self.app.clone(),
            template: self.template,
        })
    }

    fn held_subnet(&self) -> Option<HeldSubnet> {
        Some(HeldSubnet { subnet: self.subnet?, app: self.app.clone(), template: self.template })
    }
}

/// The ports that occur more than once in a sorted list.
fn conflicts(held: &[HeldPort]) -> Vec<PortConflict> {
    held.chunk_by(|a, b| a.port == b.port)
        .filter(|holders| holders.len() > 1)
        .map(|holders| PortConflict { port: holders[0].port, holders: holders.to_vec() })
        .collect()
}

fn overlaps(subnets: &[HeldSubnet]) -> Vec<(HeldSubnet, HeldSubnet)> {
    let pairs = subnets.iter().enumerate().flat_map(|(at, a)| subnets[at + 1..].iter().map(move |b| (a, b)));
    pairs.filter(|(a, b)| a.subnet.overlaps(b.subnet)).map(|(a, b)| (a.clone(), b.clone())).collect()
}

/// The value of the next app; `None` if none is free.
fn granted<T: Serialize, E, S: Serializer>(next: &Result<T, E>, serializer: S) -> Result<S::Ok, S::Error> {
    next.as_ref().ok().serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::DocumentKind;
    use crate::manifest;
    use crate::rel_path::RelPath;
    use crate::schema::Schema;
    use crate::workspace::App;

    fn manifest(folder: &str, text: &str) -> Manifest {
        let path = RelPath::new(&format!("{folder}/app.manifest.yml")).unwrap();
        manifest::check(&path, text.as_bytes(), &Schema::compile(DocumentKind::Manifest, "true").unwrap())
            .1
            .unwrap()
    }

    fn workspace(template: Option<&str>, apps: &[(&str, &str)]) -> Workspace {
        let app =
            |(folder, text): &(&str, &str)| App { manifest: Box::new(manifest(folder, text)), compose: true };
        Workspace {
            template: template.map(|text| manifest(TEMPLATE, text)),
            apps: apps.iter().map(app).collect(),
            ..Workspace::default()
        }
    }

    #[test]
    fn every_holder_of_a_port_and_every_pair_of_subnets_is_in_conflict() {
        let holdings = Holdings::of(&workspace(
            Some("slug: template-app\nports: {frontend: 13000, db: 15432}\nsubnet: 10.9.0.0/29\n"),
            &[
                ("apps/b", "slug: b\nports: {db: 13000}\nsubnet: 10.9.0.0/28\n"),
                ("apps/nameless", "ports: {backend: 13000}\nsubnet: 10.9.0.8/29\n"),
            ],
        ));
        let [conflict] = holdings.conflicts.as_slice() else { panic!("{:?}", holdings.conflicts) };
        let holders: Vec<_> = conflict.holders.iter().map(|held| (held.app.as_str(), held.role)).collect();
        assert_eq!(
            holders,
            [("apps/nameless", Role::Backend), ("b", Role::Db), ("template-app", Role::Frontend)]
        );
        let pairs: Vec<_> =
            holdings.subnet_conflicts.iter().map(|(a, b)| (a.app.as_str(), b.app.as_str())).collect();
        assert_eq!(pairs, [("b", "template-app"), ("b", "apps/nameless")]);
        assert!(holdings.has_conflicts());
        assert_eq!(holdings.next_subnet.unwrap().unwrap().to_string(), "10.9.0.16/29");
    }

    #[test]
    fn without_a_template_no_app_gets_a_subnet() {
        let holdings = Holdings::of(&workspace(None, &[("apps/a", "slug: a\n")]));
        assert_eq!(holdings.next_subnet, Ok(None));
        assert!(!holdings.has_conflicts() && holdings.held.is_empty());
        assert_eq!(holdings.holders.len(), 1);
    }
}
