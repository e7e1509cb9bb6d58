//! A table of host ports and subnets with the apps that hold them, and the conflicts below it.

use super::Answer;
use super::styles::{self, paint};
use super::table::table;
use super::visible::visible;
use scalr_model::holdings::{HeldPort, HeldSubnet, Holder, Holdings, PortConflict};
use scalr_model::ports::Role;

impl Answer for Holdings {
    const SCHEMA: &'static str = "scalr.ports/1";

    fn text(&self) -> String {
        let mut rows: Vec<Vec<String>> = self.holders.iter().map(row).collect();
        rows.push(next_row(self));
        let mut text = table(&["APP", "FRONTEND", "BACKEND", "DB", "SUBNET"], &rows);
        text.extend(self.conflicts.iter().map(port_conflict));
        text.extend(self.subnet_conflicts.iter().map(subnet_conflict));
        text
    }
}

fn row(holder: &Holder) -> Vec<String> {
    let name = if holder.template { format!("{} (the template)", holder.app) } else { holder.app.clone() };
    let port = |role| {
        let port = holder.ports.iter().find(|(has, _)| *has == role);
        port.map(|(_, port)| port.to_string()).unwrap_or_default()
    };
    let subnet = holder.subnet.map(|subnet| subnet.to_string()).unwrap_or_default();
    vec![visible(&name), port(Role::Frontend), port(Role::Backend), port(Role::Db), subnet]
}

fn next_row(holdings: &Holdings) -> Vec<String> {
    let mut row = match &holdings.next {
        Ok(block) => vec![
            "next app".to_owned(),
            block.frontend.to_string(),
            block.backend.to_string(),
            block.db.to_string(),
        ],
        Err(error) => vec![error.to_string(), String::new(), String::new(), String::new()],
    };
    row.push(match holdings.next_subnet {
        Ok(subnet) => subnet.map(|subnet| subnet.to_string()).unwrap_or_default(),
        Err(_) => "none is left".to_owned(),
    });
    row
}

fn port_conflict(PortConflict { port, holders }: &PortConflict) -> String {
    let holder = |held: &HeldPort| format!("{} of {}", held.role, visible(&held.app));
    let holders: Vec<_> = holders.iter().map(holder).collect();
    format!("{}: port {port} is the {}\n", paint(styles::ERROR, "conflict"), holders.join(" and the "))
}

fn subnet_conflict((a, b): &(HeldSubnet, HeldSubnet)) -> String {
    format!(
        "{}: the subnet {} of {} overlaps {} of {}\n",
        paint(styles::ERROR, "conflict"),
        b.subnet,
        visible(&b.app),
        a.subnet,
        visible(&a.app)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use anstream::adapter::strip_str;
    use scalr_model::ports::PortsExhausted;
    use scalr_model::subnet::{Subnet, SubnetsExhausted};

    #[test]
    fn says_so_where_nothing_is_left_for_the_next_app() {
        let subnet = Subnet::parse("10.9.0.0/29").unwrap();
        let held = |app: &str| HeldSubnet { subnet, app: app.to_owned(), template: false };
        let holdings = Holdings {
            holders: Vec::new(),
            held: Vec::new(),
            conflicts: Vec::new(),
            next: Err(PortsExhausted(Role::Db)),
            subnets: Vec::new(),
            subnet_conflicts: vec![(held("a"), held("b\u{1b}"))],
            next_subnet: Err(SubnetsExhausted(subnet)),
        };
        let text = strip_str(&holdings.text()).to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].starts_with("no db port is left") && lines[1].ends_with("none is left"), "{text}");
        assert_eq!(lines[2], "conflict: the subnet 10.9.0.0/29 of b\\u{1b} overlaps 10.9.0.0/29 of a");
        let json = serde_json::to_value(&holdings).unwrap();
        assert!(json["next"].is_null() && json["next_subnet"].is_null(), "{json}");
    }
}
