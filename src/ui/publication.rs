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

#[cfg(test)]
mod tests {
    use super::*;
    use anstream::adapter::strip_str;
    use scalr_model::publication::VariableChange;
    use scalr_model::rel_path::RelPath;

    fn host(app: Option<&str>, dns: DnsStatus, addresses: &[IpAddr], reason: Option<&str>) -> PublishedHost {
        let host = format!("{}.example.org", app.unwrap_or("auth"));
        PublishedHost {
            app: app.map(str::to_owned),
            url: format!("https://{host}"),
            host,
            dns,
            addresses: addresses.to_vec(),
            reason: reason.map(str::to_owned),
        }
    }

    #[test]
    fn says_what_was_written_and_what_dns_says() {
        let change = VariableChange {
            file: RelPath::new(".env.shared").unwrap(),
            key: "K".to_owned(),
            value: "v".to_owned(),
        };
        let addresses = [IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2])];
        let publication = Publication {
            status: PublicationStatus::Written,
            domain: None,
            changes: vec![change],
            records: vec![DnsRecord { name: "*.example.org".to_owned(), types: ["A", "AAAA"] }],
            hosts: vec![
                host(Some("crm"), DnsStatus::Found, &addresses, None),
                host(None, DnsStatus::Late, &[], Some("no answer within 4 seconds")),
            ],
            warnings: vec!["a\u{1b}b".to_owned()],
        };
        insta::assert_snapshot!(strip_str(&publication.text()).to_string(), @r"
        done: write K=v in .env.shared

        DNS has to have, with the addresses of this server:
          *.example.org  A (and AAAA for IPv6), or one for each host below

        APP        ADDRESS                   DNS SAYS
        crm        https://crm.example.org   192.0.2.1 192.0.2.2
        (sign-in)  https://auth.example.org  late: no answer within 4 seconds

        Next:
          scalr up
        ");
        let notes: Vec<String> = publication.notes().iter().map(|note| strip_str(note).to_string()).collect();
        assert_eq!(notes, ["warning: a\\u{1b}b"]);
    }
}
