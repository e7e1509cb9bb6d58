//! Publishing the apps under a domain: the variables in `.env.shared`, the hosts and DNS records, and
//! warnings.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use serde::Serialize;

use super::compose::version::ComposeRules;
use super::diagnostics::Fix;
use super::domain::{self, PublicDomain};
use super::env::{self, EnvSource, Environment, Shell, Variable, VariableValue};
use super::plan::{self, FileEdit};
use super::rel_path::RelPath;
use super::run::subproject::{self, Front, GATEWAY};
use super::workspace::{ACME_EMAIL, PUBLIC_DOMAIN, SHARED_ENV_FILE, SIGN_IN, Workspace};

/// The host of the sign-in, beside those of the apps.
const SIGN_IN_HOST: &str = "auth";

/// The requested publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationRequest {
    /// Without one, publishing ends.
    pub(crate) domain: Option<PublicDomain>,
    pub(crate) email: Option<String>,
}

/// The changes and their consequences. This is the document of `scalr set-public-domain --json`.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Publication {
    pub status: PublicationStatus,
    pub domain: Option<PublicDomain>,
    pub changes: Vec<VariableChange>,
    /// The DNS records that are needed.
    pub records: Vec<DnsRecord>,
    /// The hosts of the registered apps and of the sign-in.
    pub hosts: Vec<PublishedHost>,
    /// Warnings, each in a sentence.
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PublicationStatus {
    /// The file has these values already.
    Unchanged,
    /// The changes were not written.
    Planned,
    Written,
}

/// A changed variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VariableChange {
    pub file: RelPath,
    pub key: String,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DnsRecord {
    pub name: String,
    /// For IPv4, then for IPv6.
    pub types: [&'static str; 2],
}

/// A host name and its app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublishedHost {
    /// The app; nothing for the sign-in.
    pub app: Option<String>,
    pub host: String,
    pub url: String,
    pub dns: DnsStatus,
    pub addresses: Vec<IpAddr>,
    /// Why there are no addresses.
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DnsStatus {
    Unchecked,
    Found,
    Missing,
    /// No answer came in time.
    Late,
}

/// The answer of DNS for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DnsLookup {
    Found(Vec<IpAddr>),
    /// There are no addresses, with the system's message.
    Missing(String),
    /// No answer came within this time.
    Late(Duration),
}

impl DnsStatus {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unchecked => "unchecked",
            Self::Found => "found",
            Self::Missing => "missing",
            Self::Late => "late",
        }
    }
}

impl VariableChange {
    #[must_use]
    pub fn fix(&self) -> Fix {
        let Self { file, key, value } = self.clone();
        Fix::SetEnv { file, key, value }
    }
}

impl PublicationRequest {
    /// Checks the arguments. The error lists every problem.
    pub fn parse(domain: Option<&str>, email: Option<&str>) -> Result<Self, Vec<String>> {
        let domain = domain.map(PublicDomain::parse).transpose();
        let checked = email.map(domain::check_email).transpose();
        match (domain, checked) {
            (Ok(domain), Ok(_)) => Ok(Self { domain, email: email.map(str::to_owned) }),
            (domain, checked) => Err([
                domain.err().map(|problem| format!("the domain {problem}")),
                checked.err().map(|problem| format!("the e-mail address {problem}")),
            ]
            .into_iter()
            .flatten()
            .collect()),
        }
    }

    /// The domain in `.env.shared`.
    fn value(&self) -> &str {
        self.domain.as_ref().map_or("", PublicDomain::as_str)
    }

    /// The variables that have other values.
    fn changes(&self, shared: &[Variable]) -> Vec<VariableChange> {
        let wanted = [(PUBLIC_DOMAIN, Some(self.value())), (ACME_EMAIL, self.email.as_deref())];
        wanted
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)))
            .filter(|(key, value)| !says(shared, key, value))
            .map(|(key, value)| VariableChange {
                file: RelPath::root().join(SHARED_ENV_FILE),
                key: key.to_owned(),
                value: value.to_owned(),
            })
            .collect()
    }

    fn warnings(&self, workspace: &Workspace, shared: &[Variable], shell: &Shell) -> Vec<String> {
        let file = RelPath::root().join(SHARED_ENV_FILE);
        let mut warnings = Vec::new();
        if let Some(value) = shell.get(PUBLIC_DOMAIN).filter(|value| *value != self.value()) {
            warnings.push(format!("the shell sets {PUBLIC_DOMAIN} to `{value}`, which wins over {file}"));
        }
        if self.domain.is_none() {
            return warnings;
        }
        let source = EnvSource { path: &file, variables: shared, secret: true };
        let environment = Environment::new(shell.clone(), &[source], ComposeRules::NEWEST);
        if matches!(environment.value(SIGN_IN), None | Some(("" | "dev", _))) {
            warnings.push(format!(
                "{SIGN_IN} is dev: services/auth-dev does not start where a public domain is set; \
                 set SCALR_AUTH=authentik in .env.shared and start services/auth"
            ));
        }
        if !workspace.registered().iter().any(|folder| folder.as_str() == GATEWAY) {
            warnings
                .push(format!("{GATEWAY} is not registered, and nothing else answers on ports 80 and 443"));
        }
        warnings
    }

    fn hosts(&self, workspace: &Workspace) -> Vec<PublishedHost> {
        // Without a port, since DNS looks up names.
        let front =
            Front { public_domain: self.domain.as_ref().map(|_| self.value().to_owned()), port: None };
        let registered = subproject::all(workspace).into_iter().filter(|one| one.registered);
        let apps = registered.filter_map(|one| Some((one.url(&front)?, Some(one.name))));
        let mut hosts: Vec<PublishedHost> = apps.map(PublishedHost::new).collect();
        let sign_in = match &self.domain {
            Some(domain) => format!("https://{}", domain.host(SIGN_IN_HOST)),
            None => format!("http://{SIGN_IN_HOST}.localhost"),
        };
        if !hosts.iter().any(|host| host.url == sign_in) {
            hosts.push(PublishedHost::new((sign_in, None)));
        }
        hosts
    }
}

/// Whether a variable has the value already. A missing one counts as empty.
fn says(variables: &[Variable], key: &str, value: &str) -> bool {
    match env::get(variables, key).map(|variable| &variable.value) {
        Some(VariableValue::Literal(found)) => found == value,
        Some(_) => false,
        None => value.is_empty(),
    }
}

impl Publication {
    /// `shared` is what `.env.shared` holds, `shell` the variables that win over it.
    #[must_use]
    pub fn plan(
        request: PublicationRequest,
        workspace: &Workspace,
        shared: &[Variable],
        shell: &Shell,
    ) -> Self {
        let changes = request.changes(shared);
        let record = |domain: &PublicDomain| DnsRecord { name: domain.host("*"), types: ["A", "AAAA"] };
        Self {
            status: if changes.is_empty() {
                PublicationStatus::Unchanged
            } else {
                PublicationStatus::Planned
            },
            changes,
            records: request.domain.iter().map(record).collect(),
            hosts: request.hosts(workspace),
            warnings: request.warnings(workspace, shared, shell),
            domain: request.domain,
        }
    }

    #[must_use]
    pub fn edits(&self) -> Vec<FileEdit> {
        plan::edits(self.changes.iter().map(VariableChange::fix))
    }

    /// The names that need DNS records; none without a domain.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let published = self.hosts.iter().filter(|_| self.domain.is_some());
        published.map(|host| host.host.clone()).collect()
    }

    /// Adds the answers of DNS for the hosts' names.
    pub fn looked_up(&mut self, lookups: &BTreeMap<String, DnsLookup>) {
        for host in &mut self.hosts {
            if let Some(lookup) = lookups.get(&host.host) {
                host.looked_up(lookup);
            }
        }
    }
}

impl PublishedHost {
    fn new((url, app): (String, Option<String>)) -> Self {
        let host = url.split_once("://").map_or(url.as_str(), |(_, host)| host).to_owned();
        Self { app, host, url, dns: DnsStatus::Unchecked, addresses: Vec::new(), reason: None }
    }

    fn looked_up(&mut self, lookup: &DnsLookup) {
        match lookup {
            DnsLookup::Found(addresses) => {
                (self.dns, self.addresses) = (DnsStatus::Found, addresses.clone());
            }
            DnsLookup::Missing(reason) => {
                (self.dns, self.reason) = (DnsStatus::Missing, Some(reason.clone()));
            }
            DnsLookup::Late(patience) => {
                let reason = format!("no answer within {} seconds", patience.as_secs());
                (self.dns, self.reason) = (DnsStatus::Late, Some(reason));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(domain: Option<&str>) -> PublicationRequest {
        PublicationRequest::parse(domain, None).unwrap()
    }

    fn plan(domain: Option<&str>, shared: &str) -> Publication {
        let shared = env::parse(shared).unwrap();
        Publication::plan(request(domain), &Workspace::default(), &shared, &Shell::new())
    }

    #[test]
    fn only_what_differs_is_written() {
        let planned = plan(Some("example.org"), "SCALR_AUTH=authentik\n");
        assert_eq!(planned.status, PublicationStatus::Planned);
        assert_eq!(
            planned.changes[0].fix().to_string(),
            "write SCALR_PUBLIC_DOMAIN=example.org in .env.shared"
        );
        assert_eq!(plan(Some("example.org"), "SCALR_PUBLIC_DOMAIN=example.org\n").changes, []);
        assert_eq!(plan(None, "").status, PublicationStatus::Unchanged);
        assert_eq!(plan(None, "SCALR_PUBLIC_DOMAIN=$X\n").status, PublicationStatus::Planned);
    }

    #[test]
    fn every_problem_of_what_was_typed_is_told_at_once() {
        let problems = PublicationRequest::parse(Some("localhost"), Some("me")).unwrap_err();
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].starts_with("the domain ") && problems[1].starts_with("the e-mail address "));
    }

    #[test]
    fn every_host_of_a_name_gets_the_answer_of_dns() {
        let mut planned = plan(Some("example.org"), "");
        let mut other = planned.hosts[0].clone();
        other.app = Some("auth".to_owned());
        planned.hosts.push(other);
        assert_eq!(planned.names(), ["auth.example.org", "auth.example.org"]);
        let address = IpAddr::from([192, 0, 2, 1]);
        planned
            .looked_up(&BTreeMap::from([("auth.example.org".to_owned(), DnsLookup::Found(vec![address]))]));
        assert!(planned.hosts.iter().all(|host| host.dns == DnsStatus::Found && host.addresses == [address]));
        assert_eq!(plan(None, "").names(), [""; 0]);
    }

    #[test]
    fn warns_of_what_wins_over_the_file_also_where_publishing_ends() {
        let shell = Shell::from([("SCALR_PUBLIC_DOMAIN".to_owned(), "other.org".to_owned())]);
        let warnings = request(None).warnings(&Workspace::default(), &[], &shell);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert_eq!(request(Some("other.org")).warnings(&Workspace::default(), &[], &shell).len(), 2);
    }
}
