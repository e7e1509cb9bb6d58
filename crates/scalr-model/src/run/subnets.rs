//! Networks with a subnet of their own whose addresses another network has: the engine would refuse them in the
//! middle of starting.

use super::preflight::Candidate;
use crate::codes::Code;
use crate::diagnostics::{Finding, Location};
use crate::subnet::Subnet;

/// A network that the engine has.
#[derive(Debug, Clone, Copy)]
pub struct Neighbour<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its addresses.
    pub subnets: &'a [String],
}

/// Findings about networks that are going to be made, each with the position of the candidate that it is
/// about. One that the engine has already is not made again, whatever its subnet.
#[must_use]
pub fn taken(candidates: &[Candidate<'_>], neighbours: &[Neighbour<'_>]) -> Vec<(usize, Finding)> {
    let mut findings = Vec::new();
    let mut making: Vec<(Subnet, &str)> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let Ok((config, _)) = candidate.config else { continue };
        let missing =
            config.subnets.iter().filter(|(name, _)| neighbours.iter().all(|one| one.name != name.as_str()));
        for (network, subnet) in missing.flat_map(|(name, all)| all.iter().map(move |text| (name, text))) {
            // IPv6, or something that Compose refuses in its own words.
            let Ok(subnet) = Subnet::parse(subnet) else { continue };
            let finding = |message: String, help: String| {
                let file = Location::file(&candidate.file);
                (at, Finding::new(Code::SubnetTaken, file, message).help(help))
            };
            if let Some((held, by)) = neighbours.iter().find_map(|one| Some((held(one, subnet)?, one.name))) {
                findings.push(finding(
                    format!(
                        "the subnet {subnet} of the network {network} is taken: the network {by} has {held}"
                    ),
                    format!(
                        "docker network rm {by}, if nobody needs it; or another `subnet` in app.manifest.yml"
                    ),
                ));
            } else if let Some((held, by)) = making.iter().find(|(held, _)| held.overlaps(subnet)) {
                findings.push(finding(
                    format!("the subnet {subnet} of the network {network} overlaps {held} of {by}"),
                    "scalr ports shows who holds which".to_owned(),
                ));
            } else {
                making.push((subnet, &candidate.subproject.name));
            }
        }
    }
    findings
}

fn held(neighbour: &Neighbour<'_>, subnet: Subnet) -> Option<Subnet> {
    let subnets = neighbour.subnets.iter().filter_map(|text| Subnet::parse(text).ok());
    subnets.into_iter().find(|held| held.overlaps(subnet))
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
        let all: Vec<Candidate<'_>> = subprojects
            .iter()
            .zip(&configs)
            .map(|(subproject, config)| Candidate {
                subproject,
                file: RelPath::root().join("docker-compose.yml"),
                config: Ok((config, &[])),
            })
            .collect();
        let (other, own) = (["fd00::/64".to_owned(), "10.1.0.0/24".to_owned()], ["10.9.0.0/24".to_owned()]);
        let neighbours =
            [Neighbour { name: "z", subnets: &other }, Neighbour { name: "d_private", subnets: &own }];
        let messages = |neighbours: &[Neighbour<'_>]| -> Vec<String> {
            taken(&all, neighbours).iter().map(|(at, finding)| format!("{at} {}", finding.message)).collect()
        };
        assert_eq!(
            messages(&neighbours[..1])[0],
            "0 the subnet 10.1.0.0/28 of the network a_private is taken: the network z has 10.1.0.0/24"
        );
        assert_eq!(messages(&neighbours).len(), 3);
        assert_eq!(
            messages(&neighbours[1..]),
            ["2 the subnet 10.1.0.16/29 of the network c_private overlaps 10.1.0.16/28 of b"]
        );
    }
}
