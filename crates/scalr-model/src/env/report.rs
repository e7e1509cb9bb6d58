//! The report of `scalr env` about one app: every variable with its origin and its uses, unused variables, and missing ones.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::expand::{Substitution, Variables, expand};
use super::file::VariableValue;
use super::mask::{Mask, MaskedValue};
use super::merge::{EnvSource, Environment, Setting, VariableOrigin};
use super::secrets::{self, Secrets};
use super::template::{self, InterpolationError};
use super::{findings, merge};
use crate::codes::Code;
use crate::compose::env::ComposeVariables;
use crate::compose::file::ComposeFiles;
use crate::compose::version::ComposeRules;
use crate::diagnostics::{Finding, Location};
use crate::rel_path::RelPath;

/// The document, with secrets already removed.
#[derive(Debug, Serialize)]
pub struct EnvReport {
    /// Every variable that a file sets or a compose file uses, by name.
    pub variables: Vec<EnvRow>,
    /// Variables that neither a compose file nor another variable uses.
    pub unused: Vec<Unused>,
    /// Variables that a compose file needs and that are not set.
    pub(crate) missing: Vec<Missing>,
    pub findings: Vec<Finding>,
    /// Masks other texts, such as lines of the files that findings point into.
    #[serde(skip)]
    mask: Mask,
}

/// A variable.
#[derive(Debug, Serialize)]
pub struct EnvRow {
    pub name: String,
    #[serde(flatten)]
    pub shown: MaskedValue,
    pub origin: RowOrigin,
    /// The values that it overrides.
    pub overrides: Vec<Lost>,
    /// Where the compose files use it.
    pub uses: Vec<Use>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "location", rename_all = "lowercase")]
pub enum RowOrigin {
    Shell,
    /// An env file.
    File(Location),
    /// The word of `${NAME:-word}` or a similar form in a compose file.
    Default(Location),
}

/// A value that another one overrides.
#[derive(Debug, Serialize)]
pub struct Lost {
    #[serde(flatten)]
    pub shown: MaskedValue,
    pub origin: RowOrigin,
}

/// A place in a compose file that uses a variable.
#[derive(Debug, Clone, Serialize)]
pub struct Use {
    pub location: Location,
    /// The value that is used there instead of the variable's own: the word of `${NAME:-word}` or `${NAME:+word}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<MaskedValue>,
}

/// A variable that no compose file uses.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Unused {
    pub name: String,
    pub location: Location,
}

/// A variable that a compose file needs and that is not set.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Missing {
    pub(crate) name: String,
    /// Whether Compose stops at it; otherwise it warns and uses an empty text.
    pub(crate) required: bool,
    /// The reason of `${NAME:?reason}`.
    pub(crate) reason: Option<String>,
    /// The places that need it.
    pub(crate) uses: Vec<Location>,
}

impl EnvReport {
    /// The texts that may be shown: those without a secret, unless secrets are shown too.
    #[must_use]
    pub fn showable(&self, mut texts: BTreeMap<RelPath, String>) -> BTreeMap<RelPath, String> {
        texts.retain(|_, text| !self.mask.hides(text));
        texts
    }
}

/// The inputs of a report.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    /// The shell's variables.
    pub(crate) shell: merge::Shell,
    /// The env files, in Compose's order.
    pub(crate) files: &'a [EnvSource<'a>],
    pub(crate) compose: &'a ComposeFiles,
    /// The rules of the installed Compose.
    pub(crate) rules: ComposeRules,
    /// Variables that are needed by others than Compose, such as `scalr validate`.
    pub(crate) needed: &'a BTreeSet<String>,
    /// Whether secrets are shown.
    pub(crate) show_secrets: bool,
}

impl Question<'_> {
    /// The report.
    #[must_use]
    pub(crate) fn answer(self) -> EnvReport {
        let environment = Environment::new(self.shell, self.files, self.rules);
        let mask = Mask { secrets: Secrets::new(environment.secrets()), show: self.show_secrets };
        let mut uses = Uses { environment: &environment, found: BTreeMap::new(), secret: false, here: None };
        let mut found = Vec::new();
        for file in self.files {
            found.extend(findings::check(file.path, file.variables));
        }
        let stops = environment.failures.iter().chain(&environment.blanks);
        found.extend(stops.filter_map(|failure| findings::failure(failure, &mask)));
        for file in &self.compose.variables {
            uses.file(file, self.rules, &mask, &mut found);
        }
        let uses = uses.found;
        let mut named: BTreeSet<&str> = self.compose.variables.iter().flat_map(named).collect();
        for variable in self.files.iter().flat_map(|file| file.variables) {
            if let VariableValue::Interpolated(text) = &variable.value {
                template::names(text, &mut |name| {
                    named.insert(name);
                });
            }
        }
        let missing = missing(&uses);
        found.extend(missing.iter().map(|missing| unset(missing, self.files)));
        let mut report = EnvReport {
            variables: rows(&environment, &uses, &mask),
            unused: Vec::new(),
            missing,
            findings: found,
            mask,
        };
        for (name, entry) in &environment.variables {
            let is_for_a_program =
                name.starts_with("COMPOSE_") || name.starts_with("DOCKER_") || name.starts_with("SCALR_");
            if name.is_empty()
                || is_for_a_program
                || self.needed.contains(name)
                || named.contains(name.as_str())
            {
                continue;
            }
            let settings = entry.overridden.iter().chain([&entry.setting]);
            let places: Vec<&Location> = settings.filter_map(in_file).collect();
            if let Some(location) = places.last()
                && !places.iter().any(|location| self.compose.env_files.contains(&location.path))
            {
                report.unused.push(Unused { name: name.clone(), location: (*location).clone() });
            }
        }
        report
    }
}

/// Every variable that a compose file names, even in an unused word.
fn named(file: &ComposeVariables) -> Vec<&str> {
    let bare = file.handed_on.iter().chain(&file.contents).map(|(name, _)| name.as_str());
    let mut names: Vec<&str> = bare.collect();
    for (text, _) in &file.texts {
        template::names(text, &mut |name| names.push(name));
    }
    names
}

/// The result of a variable at one place.
#[derive(Debug, Clone)]
enum Came {
    Own,
    Word(MaskedValue),
    Blank,
    Required(Option<String>),
}

/// Records the results of the variables of the compose files.
struct Uses<'a> {
    environment: &'a Environment,
    found: BTreeMap<String, Vec<(Location, Came)>>,
    /// Whether the text so far contains a secret.
    secret: bool,
    here: Option<(Location, &'a Mask)>,
}

impl<'a> Uses<'a> {
    fn file(
        &mut self,
        file: &ComposeVariables,
        rules: ComposeRules,
        mask: &'a Mask,
        findings: &mut Vec<Finding>,
    ) {
        for (name, span) in &file.handed_on {
            if self.environment.value(name).is_some() {
                self.add(name, file.at(*span), Came::Own);
            }
        }
        for (name, span) in &file.contents {
            let set = self.environment.value(name).is_some();
            self.add(name, file.at(*span), if set { Came::Own } else { Came::Blank });
        }
        for (text, span) in &file.texts {
            self.secret = false;
            self.here = Some((file.at(*span), mask));
            match expand(text, rules.eager_words, self) {
                Ok(_) => {}
                Err(InterpolationError::Required { name, reason }) => {
                    let reason = mask.shown(&reason, self.secret).value.filter(|reason| !reason.is_empty());
                    self.add(&name, file.at(*span), Came::Required(reason));
                }
                Err(problem) => findings.push(Finding::new(
                    Code::EnvInterpolation,
                    file.at(*span),
                    findings::describe(&problem),
                )),
            }
        }
    }

    fn add(&mut self, name: &str, location: Location, came: Came) {
        self.found.entry(name.to_owned()).or_default().push((location, came));
    }
}

impl Variables for Uses<'_> {
    fn get(&mut self, name: &str) -> Option<&str> {
        let (value, secret) = self.environment.value(name)?;
        self.secret |= secret && !value.is_empty();
        Some(value)
    }

    fn used(&mut self, name: &str, outcome: Substitution<'_>) {
        let Some((location, mask)) = self.here.clone() else { return };
        let came = match outcome {
            Substitution::Own => Came::Own,
            Substitution::Blank => Came::Blank,
            Substitution::Word(word) => {
                // The word is in a committed file, so that only the variable's name makes it a secret.
                Came::Word(mask.shown(word, self.secret || secrets::is_secret_name(name)))
            }
        };
        self.add(name, location, came);
    }
}

fn in_file(setting: &Setting) -> Option<&Location> {
    match &setting.origin {
        VariableOrigin::File(location) => Some(location),
        VariableOrigin::Shell => None,
    }
}

fn rows(
    environment: &Environment,
    uses: &BTreeMap<String, Vec<(Location, Came)>>,
    mask: &Mask,
) -> Vec<EnvRow> {
    let names: BTreeSet<&String> = environment.variables.keys().chain(uses.keys()).collect();
    let from = |origin: &VariableOrigin| match origin {
        VariableOrigin::Shell => RowOrigin::Shell,
        VariableOrigin::File(location) => RowOrigin::File(location.clone()),
    };
    let mut rows = Vec::new();
    for name in names.into_iter().filter(|name| !name.is_empty()) {
        let places = uses.get(name).map(Vec::as_slice).unwrap_or_default();
        let uses = places
            .iter()
            .filter_map(|(location, came)| match came {
                Came::Own => Some(Use { location: location.clone(), instead: None }),
                Came::Word(shown) => Some(Use { location: location.clone(), instead: Some(shown.clone()) }),
                Came::Blank | Came::Required(_) => None,
            })
            .collect::<Vec<_>>();
        let lost = environment.variables.get(name).map(|entry| entry.overridden.as_slice());
        let overrides = lost.unwrap_or_default().iter().map(|setting| Lost {
            shown: mask.shown(&setting.value, setting.secret),
            origin: from(&setting.origin),
        });
        let (shown, origin) = match environment.get(name) {
            Some(setting) => (mask.shown(&setting.value, setting.secret), from(&setting.origin)),
            // It is not set, so its first default is used.
            None => match uses.iter().find_map(|at| Some((at.instead.clone()?, at.location.clone()))) {
                Some((shown, location)) => (shown, RowOrigin::Default(location)),
                None => continue,
            },
        };
        rows.push(EnvRow { name: name.clone(), shown, origin, overrides: overrides.collect(), uses });
    }
    rows
}

fn missing(uses: &BTreeMap<String, Vec<(Location, Came)>>) -> Vec<Missing> {
    let mut missing = Vec::new();
    for (name, used) in uses {
        let needing = used.iter().filter(|(_, came)| matches!(came, Came::Blank | Came::Required(_)));
        let places: BTreeSet<Location> = needing.map(|(location, _)| location.clone()).collect();
        if places.is_empty() {
            continue;
        }
        let required = used.iter().any(|(_, came)| matches!(came, Came::Required(_)));
        let reason = used.iter().find_map(|(_, came)| match came {
            Came::Required(reason) => reason.clone(),
            _ => None,
        });
        missing.push(Missing { name: name.clone(), required, reason, uses: places.into_iter().collect() });
    }
    missing
}

fn unset(missing: &Missing, files: &[EnvSource<'_>]) -> Finding {
    let Missing { name, required, reason, uses } = missing;
    let mut message = if *required {
        format!("{name} is needed here, and is not set or empty")
    } else {
        format!("{name} is needed here and is not set; Compose would take an empty text")
    };
    if let Some(reason) = reason {
        message += &format!(" ({reason})");
    }
    let mut places = uses.iter();
    let first = places.next().cloned().unwrap_or_else(|| Location::file(&RelPath::root()));
    let names: Vec<String> = files.iter().map(|file| file.path.to_string()).collect();
    let mut help = format!("set it in {}", names.join(" or "));
    if !required {
        help += &format!(", or give it a default: ${{{name}:-default}}");
    }
    let mut finding = Finding::new(Code::EnvUnset, first, message).help(help);
    for place in places {
        finding = finding.related(place.clone(), "needed here too");
    }
    finding
}
