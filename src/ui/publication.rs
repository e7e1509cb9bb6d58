//! Publishing under a domain: the changes, the DNS records and hosts, and warnings.

use std::net::IpAddr;

use super::Answer;
use super::styles::{self, paint};
use super::table::table;
use super::visible::visible;
use scalr_model::publication::{DnsRecord, DnsStatus, Publication, PublicationStatus, PublishedHost};
use scalr_model::workspace::SHARED_ENV_FILE;

impl Answer for Publication {
    const SCHEMA: &'static str = "scalr.public-domain/1";

    fn text(&self) -> String {
        let mut out = changes(self);
        out.extend(self.records.iter().map(record));
        out.push('\n');
        out += &hosts(&self.hosts);
        if self.status == PublicationStatus::Written {
            out += "\nNext:\n  scalr up\n";
        }
        out
    }

    fn notes(&self) -> Vec<String> {
        let note = |warning: &String| format!("{}: {}", paint(styles::WARNING, "warning"), visible(warning));
        self.warnings.iter().map(note).collect()
    }
}

fn changes(publication: &Publication) -> String {
    let word = match publication.status {
        PublicationStatus::Unchanged => return format!("{SHARED_ENV_FILE} says so already\n"),
        PublicationStatus::Planned => "would".to_owned(),
        PublicationStatus::Written => paint(styles::GOOD, "done") + ":",
    };
    publication.changes.iter().map(|change| format!("{word} {}\n", change.fix())).collect()
}

fn record(DnsRecord { name, types: [ipv4, ipv6] }: &DnsRecord) -> String {
    format!(
        "\nDNS has to have, with the addresses of this server:\n  {name}  {ipv4} (and {ipv6} for IPv6), or one for each host below\n"
    )
}

fn hosts(hosts: &[PublishedHost]) -> String {
    let checked = hosts.iter().any(|host| host.dns != DnsStatus::Unchecked);
    let row = |host: &PublishedHost| {
        let app = host.app.as_deref().map_or_else(|| "(sign-in)".to_owned(), visible);
        let mut row = vec![app, visible(&host.url)];
        row.extend(checked.then(|| dns(host)));
        row
    };
    let heading = ["APP", "ADDRESS", "DNS SAYS"];
    let rows: Vec<_> = hosts.iter().map(row).collect();
    table(if checked { &heading } else { &heading[..2] }, &rows)
}

fn dns(host: &PublishedHost) -> String {
    match &host.reason {
        Some(reason) => format!("{}: {reason}", host.dns.as_str()),
        None => host.addresses.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(" "),
    }
}
