//! `scalr set-public-domain`

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use serde::Serialize;

use super::repository::Repository;
use super::{CommandError, Context, ErrorKind, Outcome, Status, shared_env};
use crate::ui::styles::{self, paint};
use crate::ui::table::table;
use crate::ui::visible::visible;
use scalr_host::dns::{self, Lookup};
use scalr_host::run::settings;
use scalr_host::shutdown::Interrupt;
use scalr_host::{apply, environment, gather};
use scalr_model::compose::version::ComposeRules;
use scalr_model::diagnostics::Fix;
use scalr_model::domain::{self, PublicDomain};
use scalr_model::env::{Variable, VariableValue};
use scalr_model::plan;
use scalr_model::rel_path::RelPath;
use scalr_model::run::subproject::{self, Front, Subproject};
use scalr_model::workspace::{ACME_EMAIL, EnvFile, PUBLIC_DOMAIN, SHARED_ENV_FILE, SIGN_IN};

/// How long DNS is asked.
const PATIENCE: Duration = Duration::from_secs(4);

/// The host of the sign-in, beside those of the apps.
const SIGN_IN_HOST: &str = "auth";

/// Publish the apps under a domain: each gets https://SLUG.DOMAIN
///
/// Writes SCALR_PUBLIC_DOMAIN, and with --email SCALR_ACME_EMAIL, into .env.shared, and leaves every other byte of it as it is. Tells
/// which DNS records are needed and what DNS says of them now. `scalr up` then starts what is deployed instead of what is developed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr set-public-domain example.org --email admin@example.org\n  scalr set-public-domain example.org --dry-run\n  scalr set-public-domain --unset"
)]
pub(crate) struct SetPublicDomainArgs {
    /// The domain, such as example.org; each app becomes a name below it
    #[arg(value_name = "DOMAIN", required_unless_present = "unset", conflicts_with = "unset")]
    domain: Option<String>,
    /// Whom the certificate authority writes to when a certificate is about to expire
    #[arg(long, value_name = "ADDRESS", conflicts_with = "unset")]
    email: Option<String>,
    /// Publish nothing any more: back to http://SLUG.localhost
    #[arg(long)]
    unset: bool,
    /// Don't ask DNS
    #[arg(long)]
    no_check: bool,
    /// Show what would be written, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// The document of `--json`, described by schemas/public-domain.schema.json.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    status: &'static str,
    domain: Option<&'a PublicDomain>,
    changes: Vec<Change<'a>>,
    records: Vec<Record>,
    hosts: &'a [Published],
    warnings: &'a [String],
}

#[derive(Serialize)]
struct Change<'a> {
    file: &'a RelPath,
    key: &'a str,
    value: &'a str,
}

/// A DNS record that is needed.
#[derive(Serialize)]
struct Record {
    name: String,
    types: [&'static str; 2],
}

/// A host name, and where it leads.
#[derive(Serialize)]
struct Published {
    /// The app; nothing for the sign-in.
    app: Option<String>,
    host: String,
    url: String,
    dns: &'static str,
    addresses: Vec<IpAddr>,
    /// Why there are none.
    reason: Option<String>,
}

pub(super) fn run(context: &Context, args: &SetPublicDomainArgs) -> Outcome {
    let domain = check(args)?;
    let interrupt = Interrupt::install()?;
    let repository = Repository::open(context)?;
    let file = RelPath::root().join(SHARED_ENV_FILE);
    let variables = shared(&repository)?;
    let wanted = [
        (PUBLIC_DOMAIN, Some(domain.as_ref().map_or("", PublicDomain::as_str))),
        (ACME_EMAIL, args.email.as_deref()),
    ];
    let fixes: Vec<Fix> = wanted
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .filter(|(key, value)| !says(variables, key, value))
        .map(|(key, value)| Fix::SetEnv { file: file.clone(), key: key.to_owned(), value: value.to_owned() })
        .collect();
    let warnings = warnings(&repository, &file, domain.as_ref());
    let edits = plan::edits(fixes.iter().cloned());
    let status = match (edits.is_empty(), args.dry_run) {
        (true, _) => "unchanged",
        (false, true) => "planned",
        (false, false) => {
            let lock = repository.lock(context, &interrupt)?;
            apply::edit(&repository.root, &lock, &edits)?;
            "written"
        }
    };
    let mut hosts = hosts(&repository, domain.as_ref());
    if domain.is_some() && !args.no_check {
        look_up(&mut hosts);
    }
    let records: Vec<Record> =
        domain.iter().map(|domain| Record { name: domain.host("*"), types: ["A", "AAAA"] }).collect();
    if context.printer.json() {
        let changes = fixes.iter().filter_map(|fix| match fix {
            Fix::SetEnv { file, key, value } => Some(Change { file, key, value }),
            _ => None,
        });
        context.printer.document(&Document {
            schema: "scalr.public-domain/1",
            status,
            domain: domain.as_ref(),
            changes: changes.collect(),
            records,
            hosts: &hosts,
            warnings: &warnings,
        })?;
        return Ok(Status::Done);
    }
    context.printer.answer(&text(status, &fixes, &records, &hosts, !args.no_check))?;
    for warning in &warnings {
        context.printer.note(&format!("{}: {warning}", paint(styles::WARNING, "warning")));
    }
    Ok(Status::Done)
}

/// What was typed, all problems at once. Nothing is the end of publishing.
fn check(args: &SetPublicDomainArgs) -> Result<Option<PublicDomain>, CommandError> {
    let domain = args.domain.as_deref().map(PublicDomain::parse).transpose();
    let email = args.email.as_deref().map(domain::check_email).transpose();
    let problems: Vec<String> = [
        domain.as_ref().err().map(|problem| format!("the domain {problem}")),
        email.err().map(|problem| format!("the e-mail address {problem}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if problems.is_empty() {
        return Ok(domain.unwrap_or_default());
    }
    Err(CommandError::new(ErrorKind::Usage, problems.join("\n       ")).hint("nothing was changed"))
}

fn shared(repository: &Repository) -> Result<&[Variable], CommandError> {
    match &repository.workspace.shared_env {
        EnvFile::Read(variables) => Ok(variables),
        EnvFile::Missing => Err(shared_env::missing()),
        EnvFile::Broken(finding) => {
            let findings = vec![(**finding).clone()];
            let sources = gather::sources(&repository.root, &findings);
            let message = format!("{SHARED_ENV_FILE} can't be read, neither by scalr nor by Compose");
            Err(CommandError::new(ErrorKind::Failed, message).findings(findings, sources))
        }
    }
}

/// Whether a variable has the value already. One that is not there is as good as an empty one.
fn says(variables: &[Variable], key: &str, value: &str) -> bool {
    match scalr_model::env::get(variables, key).map(|variable| &variable.value) {
        Some(VariableValue::Literal(found)) => found == value,
        Some(_) => false,
        None => value.is_empty(),
    }
}

fn warnings(repository: &Repository, file: &RelPath, domain: Option<&PublicDomain>) -> Vec<String> {
    let shell = environment::shell();
    let mut warnings = Vec::new();
    let typed = domain.map_or("", PublicDomain::as_str);
    if let Some(value) = shell.get(PUBLIC_DOMAIN).filter(|value| *value != typed) {
        warnings
            .push(format!("the shell sets {PUBLIC_DOMAIN} to `{}`, which wins over {file}", visible(value)));
    }
    let sign_in = settings::setting(&repository.workspace.shared_env, ComposeRules::NEWEST, SIGN_IN);
    if domain.is_some() && sign_in.is_none_or(|name| name == "dev") {
        let mut text =
            format!("{SIGN_IN} is dev: services/auth-dev does not start where a public domain is set");
        text += "; set SCALR_AUTH=authentik in .env.shared and start services/auth";
        warnings.push(text);
    }
    if domain.is_some()
        && !repository.workspace.registered().iter().any(|folder| folder.as_str() == "services/gateway")
    {
        warnings.push(
            "services/gateway is not registered, and nobody else answers on ports 80 and 443".to_owned(),
        );
    }
    warnings
}

/// The hosts of the registered apps and of the sign-in.
fn hosts(repository: &Repository, domain: Option<&PublicDomain>) -> Vec<Published> {
    // Without a port: what is asked for is a name.
    let front = Front { public_domain: domain.map(|domain| domain.as_str().to_owned()), port: None };
    let apps = subproject::all(&repository.workspace).into_iter().filter(|one| one.registered);
    let known = apps.filter_map(|one: Subproject| Some((one.url(&front)?, Some(one.name))));
    let sign_in = match domain {
        Some(domain) => format!("https://{}", domain.host(SIGN_IN_HOST)),
        None => format!("http://{SIGN_IN_HOST}.localhost"),
    };
    let mut all: Vec<(String, Option<String>)> = known.collect();
    if !all.iter().any(|(url, _)| *url == sign_in) {
        all.push((sign_in, None));
    }
    let host = |url: &str| url.split_once("://").map_or(url, |(_, host)| host).to_owned();
    let unasked = |(url, app): (String, Option<String>)| Published {
        app,
        host: host(&url),
        url,
        dns: "unchecked",
        addresses: Vec::new(),
        reason: None,
    };
    all.into_iter().map(unasked).collect()
}

fn look_up(hosts: &mut [Published]) {
    let names: Vec<String> = hosts.iter().map(|host| host.host.clone()).collect();
    let mut found: BTreeMap<String, Lookup> = dns::look_up(&names, PATIENCE);
    for host in hosts {
        match found.remove(&host.host).unwrap_or(Lookup::Late) {
            Lookup::Found(addresses) => (host.dns, host.addresses) = ("found", addresses),
            Lookup::Missing(reason) => (host.dns, host.reason) = ("missing", Some(reason)),
            Lookup::Late => {
                let reason = format!("no answer within {} seconds", PATIENCE.as_secs());
                (host.dns, host.reason) = ("late", Some(reason));
            }
        }
    }
}

fn text(status: &str, fixes: &[Fix], records: &[Record], hosts: &[Published], checked: bool) -> String {
    let mut out = match status {
        "unchanged" => format!("{SHARED_ENV_FILE} says so already\n"),
        "planned" => fixes.iter().map(|fix| format!("would {fix}\n")).collect(),
        _ => fixes.iter().map(|fix| format!("{}: {fix}\n", paint(styles::GOOD, "done"))).collect(),
    };
    for record in records {
        out += &format!(
            "\nDNS has to have, with the addresses of this server:\n  {}  {} (and {} for IPv6), or one for each host below\n",
            record.name, record.types[0], record.types[1]
        );
    }
    out.push('\n');
    let app = |host: &Published| host.app.as_deref().map_or_else(|| "(sign-in)".to_owned(), visible);
    let said = |host: &Published| match &host.reason {
        Some(reason) => format!("{}: {reason}", host.dns),
        None => host.addresses.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(" "),
    };
    let checked = checked && !records.is_empty();
    let rows: Vec<Vec<String>> = hosts
        .iter()
        .map(|host| {
            let mut row = vec![app(host), visible(&host.url)];
            row.extend(checked.then(|| said(host)));
            row
        })
        .collect();
    let heading = ["APP", "ADDRESS", "DNS SAYS"];
    out += &table(if checked { &heading } else { &heading[..2] }, &rows);
    if status == "written" {
        out += "\nNext:\n  scalr up\n";
    }
    out
}
