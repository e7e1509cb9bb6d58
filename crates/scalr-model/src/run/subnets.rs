//! Overlaps of subnets with other networks, which the engine would refuse during
//! the start.

use super::engine::Network;
use super::preflight::{Candidate, Claims};
use crate::codes::Code;
use crate::diagnostics::{Finding, Location};
use crate::subnet::Subnet;

/// Findings about the networks that a subproject is going to make; the free ones are added to the claims. A network
/// that the engine has already is not made again, whatever its subnet.
pub(super) fn taken(candidate: Candidate<'_>, networks: &[Network], claims: &mut Claims) -> Vec<Finding> {
    let mut findings = Vec::new();
    let exists = |name: &str| networks.iter().any(|network| network.name == name);
    let missing = candidate.config.subnets.iter().filter(|(name, _)| !exists(name.as_str()));
    for (network, subnet) in missing.flat_map(|(name, all)| all.iter().map(move |text| (name, text))) {
        // IPv6, or a value that Compose refuses.
        let Ok(subnet) = Subnet::parse(subnet) else { continue };
        let (message, help) = if let Some((held, by)) = holder(networks, subnet) {
            (
                format!("the subnet {subnet} of the network {network} is taken: the network {by} has {held}"),
                format!(
                    "docker network rm {by}, if it is not needed; or another `subnet` in app.manifest.yml"
                ),
            )
        } else if let Some((held, by)) = claims.subnets.iter().find(|(held, _)| held.overlaps(subnet)) {
            (
                format!("the subnet {subnet} of the network {network} overlaps {held} of {by}"),
                "scalr ports shows who holds which".to_owned(),
            )
        } else {
            claims.subnets.push((subnet, candidate.subproject.name.clone()));
            continue;
        };
        findings.push(Finding::new(Code::SubnetTaken, Location::file(candidate.file), message).help(help));
    }
    findings
}

/// The subnet of the engine that overlaps another, and the network that has it. The addresses of an overlay network are separate.
fn holder(networks: &[Network], subnet: Subnet) -> Option<(Subnet, &str)> {
    networks.iter().filter(|network| network.driver != "overlay").find_map(|network| {
        let mut subnets = network.subnets.iter().filter_map(|text| Subnet::parse(text).ok());
        Some((subnets.find(|held| held.overlaps(subnet))?, network.name.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::config::ComposeConfig;
    use crate::rel_path::RelPath;
    use crate::run::subproject::Subproject;

    #[test]
    fn only_what_is_made_can_be_refused() {
        let subproject = |name: &str| Subproject { name: name.into(), ..Subproject::default() };
        let config = |network: &str, subnet: &str| ComposeConfig {
            subnets: [(network.to_owned(), vec![subnet.to_owned()])].into(),
            ..ComposeConfig::default()
        };
        let subprojects = ["a", "b", "c", "d"].map(subproject);
        let configs = [
            config("a_private", "10.1.0.0/28"),
            config("b_private", "10.1.0.16/28"),
            config("c_private", "10.1.0.16/29"),
            config("d_private", "10.9.0.0/28"),
        ];
        let file = RelPath::root().join("docker-compose.yml");
        let network = |name: &str, subnets: &[&str]| Network {
            name: name.to_owned(),
            subnets: subnets.iter().map(|subnet| (*subnet).to_owned()).collect(),
            ..Network::default()
        };
        let networks = [network("z", &["fd00::/64", "10.1.0.0/24"]), network("d_private", &["10.9.0.0/24"])];
        let messages = |networks: &[Network]| -> Vec<String> {
            let mut claims = Claims::default();
            let mut messages = Vec::new();
            for (subproject, config) in subprojects.iter().zip(&configs) {
                let candidate = Candidate { subproject, file: &file, config, undefined: &[] };
                let found = taken(candidate, networks, &mut claims);
                messages.extend(found.iter().map(|one| format!("{} {}", subproject.name, one.message)));
            }
            messages
        };
        assert_eq!(
            messages(&networks[..1])[0],
            "a the subnet 10.1.0.0/28 of the network a_private is taken: the network z has 10.1.0.0/24"
        );
        assert_eq!(messages(&networks).len(), 3);
        assert_eq!(
            messages(&networks[1..]),
            ["c the subnet 10.1.0.16/29 of the network c_private overlaps 10.1.0.16/28 of b"]
        );
        let mut overlay = networks;
        overlay[0].driver = "overlay".to_owned();
        assert_eq!(messages(&overlay[..1]).len(), 1);
    }
}
