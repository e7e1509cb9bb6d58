//! The environment of one app: everything that Compose takes its variables from, and what `scalr env` reports of it.

use std::collections::BTreeSet;

use super::merge::{EnvSource, Environment, Shell};
use super::report::{EnvReport, Question};
use crate::codes::Code;
use crate::compose::file::ComposeFiles;
use crate::compose::version::ComposeRules;
use crate::diagnostics::{self, Finding, Location};
use crate::manifest::Manifest;
use crate::subnet;
use crate::workspace::{App, ENV_FILE, PUBLIC_DOMAIN};

#[derive(Debug)]
pub struct AppEnvironment<'a> {
    pub app: &'a App,
    /// The env files that are there, in Compose's order.
    pub files: &'a [EnvSource<'a>],
    pub shell: Shell,
    pub rules: ComposeRules,
    pub show_secrets: bool,
}

impl AppEnvironment<'_> {
    /// Whether the app is published under a domain.
    #[must_use]
    pub fn is_published(&self) -> bool {
        let environment = Environment::new(self.shell.clone(), self.files, self.rules);
        environment.value(PUBLIC_DOMAIN).is_some_and(|(domain, _)| !domain.is_empty())
    }

    /// What the compose files make of it.
    #[must_use]
    pub fn report(self, compose: &ComposeFiles) -> EnvReport {
        let Self { app, files, shell, rules, show_secrets } = self;
        let needed = needed(&app.manifest);
        let question = Question { shell, files, compose, rules, needed: &needed, show_secrets };
        let mut report = question.answer();
        report.findings.extend(compose.findings.iter().cloned());
        report.findings.extend(missing(app, files));
        diagnostics::sort(&mut report.findings);
        report
    }
}

/// The variables that `scalr validate` requires in `.env.app`, used or not.
fn needed(manifest: &Manifest) -> BTreeSet<String> {
    let ports = manifest.ports.iter().map(|(role, _)| role.env_key().to_owned());
    let subnet = manifest.subnet().map(|_| subnet::ENV_KEY.to_owned());
    ports.chain(subnet).chain(["APP_SLUG".to_owned()]).collect()
}

/// The files of the app itself that are not there.
fn missing(app: &App, files: &[EnvSource<'_>]) -> Vec<Finding> {
    let folder = app.manifest.folder();
    let own = folder.join(ENV_FILE);
    let finding = |code, message| Finding::new(code, Location::file(&app.manifest.path), message);
    let mut findings = Vec::new();
    if !files.iter().any(|file| *file.path == own) {
        findings.push(finding(Code::EnvMissing, format!("{own} is missing")));
    }
    if !app.compose {
        let message = format!("{folder} has no compose file, so that nothing can be said of what is used");
        findings.push(finding(Code::ComposeMissing, message));
    }
    findings
}
