//! `.env.app` repeats the manifest's slug, ports, subnet and sign-in for Compose to read; no env file may redirect Compose.

use crate::codes::Code;
use crate::diagnostics::{Finding, Fix, Location, Span};
use crate::env::{self, Variable, VariableValue};
use crate::manifest::{Manifest, Spanned};
use crate::rel_path::RelPath;
use crate::subnet;
use crate::workspace::{ENV_FILE, EnvFile, SHARED_ENV_FILE};

pub(super) fn shared(file: &EnvFile, findings: &mut Vec<Finding>) {
    match file {
        EnvFile::Missing => {}
        // `.env.shared` may be unreadable for the user who validates.
        EnvFile::Broken(finding) if finding.code == Code::FileUnreadable => {}
        EnvFile::Broken(finding) => findings.push((**finding).clone()),
        EnvFile::Read(variables) => {
            findings.extend(env::check(&RelPath::root().join(SHARED_ENV_FILE), variables));
        }
    }
}

pub(super) fn check(manifest: &Manifest, env: &EnvFile, findings: &mut Vec<Finding>) {
    let file = manifest.folder().join(ENV_FILE);
    match env {
        EnvFile::Broken(finding) => findings.push((**finding).clone()),
        EnvFile::Missing => {
            let message = format!("{file} is missing");
            findings.push(
                Finding::new(Code::EnvMissing, Location::at(&manifest.path, Span::START), message)
                    .help("it holds APP_SLUG, and the host ports and the subnet of the manifest"),
            );
        }
        EnvFile::Read(variables) => {
            compare(manifest, &file, variables, findings);
            compare_auth(manifest, &file, variables, findings);
            findings.extend(env::check(&file, variables));
        }
    }
}

fn compare(manifest: &Manifest, file: &RelPath, variables: &[Variable], findings: &mut Vec<Finding>) {
    if let Some(slug) = &manifest.slug {
        pair(manifest, file, variables, "APP_SLUG", &slug.value, slug.span, findings);
    }
    for (role, port) in &manifest.ports {
        pair(manifest, file, variables, role.env_key(), &port.value.to_string(), port.span, findings);
    }
    if let Some(Spanned { value: Ok(subnet), span }) = &manifest.subnet {
        pair(manifest, file, variables, subnet::ENV_KEY, &subnet.to_string(), *span, findings);
    }
}

/// The app's sign-in. An app without one may omit both from `.env.app`.
fn compare_auth(manifest: &Manifest, file: &RelPath, variables: &[Variable], findings: &mut Vec<Finding>) {
    if let Some(client) = &manifest.client_id
        && env::get(variables, "OIDC_CLIENT_ID").is_some()
    {
        pair(manifest, file, variables, "OIDC_CLIENT_ID", &client.value, client.span, findings);
    }
    if let Some(groups) = &manifest.groups
        && let Some(Variable { value: VariableValue::Literal(found), .. }) =
            env::get(variables, "AUTH_GROUPS")
    {
        let found = found.split(',').map(str::trim).filter(|group| !group.is_empty());
        if !found.eq(groups.value.iter().map(String::as_str)) {
            pair(manifest, file, variables, "AUTH_GROUPS", &groups.value.join(","), groups.span, findings);
        }
    }
}

fn pair(
    manifest: &Manifest,
    file: &RelPath,
    variables: &[Variable],
    key: &str,
    expected: &str,
    span: Span,
    findings: &mut Vec<Finding>,
) {
    let (at, message) = match env::get(variables, key) {
        None => (Location::file(file), format!("{key} is not set; the manifest says {expected}")),
        Some(Variable { value: VariableValue::Literal(found), .. }) if found == expected => return,
        Some(Variable { value: VariableValue::Literal(found), span, .. }) => {
            (Location::at(file, *span), format!("{key} is {found}, but the manifest says {expected}"))
        }
        // A value that Compose computes can't be compared.
        Some(_) => return,
    };
    findings.push(
        Finding::new(Code::EnvMismatch, at, message)
            .related(Location::at(&manifest.path, span), "the manifest's value")
            .help("`scalr validate --fix` writes the manifest's value")
            .fix(Fix::SetEnv { file: file.clone(), key: key.to_owned(), value: expected.to_owned() }),
    );
}
