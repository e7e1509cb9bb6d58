//! Reads scalr's own settings and the secrets to mask from `.env.shared` and the apps' env files.

use std::collections::BTreeSet;

use crate::root::Root;
use crate::{compose, gather};
use scalr_model::compose::version::ComposeRules;
use scalr_model::env::secrets::Secrets;
use scalr_model::env::{EnvSource, Environment};
use scalr_model::rel_path::RelPath;
use scalr_model::run::subproject::{Front, Subproject};
use scalr_model::workspace::{ENV_FILE, EnvFile, GATEWAY_HTTP_PORT, PUBLIC_DOMAIN, SHARED_ENV_FILE};

/// The gateway's address for browsers, from `.env.shared`.
#[must_use]
pub fn front(root: &Root) -> Front {
    front_of(root, &gather::env_file(root, &RelPath::root().join(SHARED_ENV_FILE)), ComposeRules::NEWEST)
}

/// The same from a file that was read already.
#[must_use]
pub(super) fn front_of(root: &Root, shared: &EnvFile, rules: ComposeRules) -> Front {
    Front {
        public_domain: setting(root, shared, rules, PUBLIC_DOMAIN),
        port: setting(root, shared, rules, GATEWAY_HTTP_PORT).filter(|port| port != "80"),
    }
}

/// One of scalr's own settings, unless it is empty.
#[must_use]
pub(crate) fn setting(root: &Root, shared: &EnvFile, rules: ComposeRules, key: &str) -> Option<String> {
    let path = RelPath::root().join(SHARED_ENV_FILE);
    let environment = Environment::new(root.environment().shell(), &source(&path, shared, true), rules);
    environment.value(key).map(|(value, _)| value.to_owned()).filter(|value| !value.is_empty())
}

/// The secrets of these subprojects, for commands that need neither Compose nor `.env.shared`.
#[must_use]
pub fn secrets_of(root: &Root, subprojects: &[Subproject]) -> Secrets {
    let shared = gather::env_file(root, &RelPath::root().join(SHARED_ENV_FILE));
    let installed = compose::installed(root.environment());
    secrets(root, &shared, subprojects, installed.map_or(ComposeRules::NEWEST, ComposeRules::of))
}

/// The secrets of these subprojects' environments.
#[must_use]
pub fn secrets(root: &Root, shared: &EnvFile, subprojects: &[Subproject], rules: ComposeRules) -> Secrets {
    let path = RelPath::root().join(SHARED_ENV_FILE);
    let shell = root.environment().shell();
    let mut values = BTreeSet::new();
    for subproject in subprojects {
        let own_path = subproject.folder.join(ENV_FILE);
        let own = gather::env_file(root, &own_path);
        let files = [source(&path, shared, true), source(&own_path, &own, false)].concat();
        let environment = Environment::new(shell.clone(), &files, rules);
        values.extend(environment.secrets().map(str::to_owned));
    }
    Secrets::new(values.iter().map(String::as_str))
}

fn source<'a>(path: &'a RelPath, file: &'a EnvFile, secret: bool) -> Vec<EnvSource<'a>> {
    match file {
        EnvFile::Read(variables) => vec![EnvSource { path, variables, secret }],
        EnvFile::Missing | EnvFile::Broken(_) => Vec::new(),
    }
}
