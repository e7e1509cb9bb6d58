//! Merges several env files and the shell, as Compose does for `--env-file A --env-file B`: the shell wins
//! over the files, a later file over an earlier one, and each value keeps its origin.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::expand::{self, Substitution, Variables, expand};
use super::file::{Variable, VariableValue};
use super::secrets;
use super::template::InterpolationError;
use crate::compose::version::ComposeRules;
use crate::diagnostics::Location;
use crate::rel_path::RelPath;

/// The maximum size of all values together, in bytes; one value may have [`expand::MAX_BYTES`].
const MAX_BYTES: usize = 16 * expand::MAX_BYTES;

/// The variables of the process that starts Compose.
pub type Shell = BTreeMap<String, String>;

/// One env file.
#[derive(Debug, Clone, Copy)]
pub struct EnvSource<'a> {
    pub path: &'a RelPath,
    pub variables: &'a [Variable],
    /// Whether its values are secrets, except scalr's own settings.
    pub secret: bool,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum VariableOrigin {
    Shell,
    /// An env file.
    File(Location),
}

/// A variable set to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub(crate) value: String,
    pub(crate) origin: VariableOrigin,
    /// Whether it is a secret, or contains one.
    pub(crate) secret: bool,
}

/// A variable of the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvEntry {
    /// The effective setting.
    pub(crate) setting: Setting,
    /// The settings that it overrides, in the order in which Compose reads them.
    pub(crate) overridden: Vec<Setting>,
}

/// An error at which Compose stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableFailure {
    pub(crate) key: String,
    pub(crate) location: Location,
    pub(crate) reason: FailureReason,
    /// Whether a secret is involved.
    pub(crate) secret: bool,
}

/// Why a variable can't be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailureReason {
    /// Its value requires this variable, which is not set.
    Blank(String),
    /// Its value can't be interpolated.
    Template(InterpolationError),
    /// It has no name, and this Compose stops at that.
    Unnamed,
    /// Its name holds `-`, which this Compose refuses.
    Dash,
    /// Its value holds a NUL, which this Compose can't take.
    Nul,
    /// All values together grow too large.
    TooLarge,
}

/// The environment that Compose interpolates with.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// Every variable that a file sets, or asks the shell for, and that is set.
    pub(crate) variables: BTreeMap<String, EnvEntry>,
    /// All errors at which Compose stops; Compose itself reports only the first.
    pub failures: Vec<VariableFailure>,
    /// Variables that a value of a file uses and that are not set; Compose warns and uses an empty text. An unquoted `pa$word`
    /// is such a case.
    pub(crate) blanks: Vec<VariableFailure>,
    shell: Shell,
    secret_names: HashSet<String>,
}

impl Environment {
    /// The environment of these files, later ones over earlier ones, below the shell.
    #[must_use]
    pub fn new(shell: Shell, files: &[EnvSource<'_>], rules: ComposeRules) -> Self {
        let secret_names: HashSet<String> = files
            .iter()
            .filter(|file| file.secret)
            .flat_map(|file| file.variables.iter().map(|variable| variable.key.clone()))
            .filter(|key| secrets::is_secret_there(key))
            .collect();
        let environment = Self { shell, secret_names, ..Self::default() };
        let mut reading = Reading::new(&environment, rules, None);
        reading.files(files);
        let Reading { history, mut failures, blanks, .. } = reading;
        let mut variables = BTreeMap::new();
        for (key, settings) in history {
            let own = environment.shell.get(&key).map(|value| environment.shells(&key, value));
            let Some(setting) = own.or_else(|| settings.last().cloned()) else { continue };
            let mut overridden = settings;
            overridden.retain(|other| other.origin != setting.origin);
            variables.insert(key, EnvEntry { setting, overridden });
        }
        let mut environment = Self { variables, blanks, ..environment };
        if rules.second_reading && failures.is_empty() {
            let mut again = Reading::new(&environment, rules, Some(&environment.variables));
            again.files(files);
            failures = again.failures;
        }
        environment.failures = failures;
        environment
    }

    /// The effective value of a variable, from the shell or a file.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Setting> {
        let shell = || self.shell.get(key).map(|value| self.shells(key, value));
        self.variables.get(key).map(|entry| entry.setting.clone()).or_else(shell)
    }

    /// The value, and whether it is a secret.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<(&str, bool)> {
        let entry = self.variables.get(key).map(|entry| (entry.setting.value.as_str(), entry.setting.secret));
        entry.or_else(|| {
            let value = self.shell.get(key)?;
            Some((value, self.is_secret(key) || secrets::is_secret_value(value)))
        })
    }

    /// Whether a variable's value is a secret, for any origin.
    #[must_use]
    pub(crate) fn is_secret(&self, key: &str) -> bool {
        self.secret_names.contains(key) || secrets::is_secret_name(key)
    }

    /// Every secret text of the environment.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let entries = self.variables.values();
        let settings = entries.flat_map(|entry| entry.overridden.iter().chain([&entry.setting]));
        let shell = self.shell.iter().filter(|(key, _)| self.is_secret(key)).map(|(_, value)| value.as_str());
        settings.filter(|setting| setting.secret).map(|setting| setting.value.as_str()).chain(shell)
    }

    fn shells(&self, key: &str, value: &str) -> Setting {
        let secret = self.is_secret(key) || secrets::is_secret_value(value);
        Setting { value: value.to_owned(), origin: VariableOrigin::Shell, secret }
    }
}

/// One pass over all files.
struct Reading<'a> {
    environment: &'a Environment,
    rules: ComposeRules,
    /// The result of the first reading, which the second one uses as the shell's.
    first: Option<&'a BTreeMap<String, EnvEntry>>,
    /// The variables so far, for interpolation: those of earlier files, and of this file if the rules include it.
    earlier: HashMap<String, Setting>,
    /// The variables of this file, if they are used only after `earlier`.
    own: HashMap<String, Setting>,
    /// Everything that was ever set.
    history: BTreeMap<String, Vec<Setting>>,
    /// Variables that could not be set, so that values that use them can't be checked.
    broken: HashSet<String>,
    failures: Vec<VariableFailure>,
    blanks: Vec<VariableFailure>,
    size: usize,
}

impl<'a> Reading<'a> {
    fn new(
        environment: &'a Environment,
        rules: ComposeRules,
        first: Option<&'a BTreeMap<String, EnvEntry>>,
    ) -> Self {
        Self {
            environment,
            rules,
            first,
            earlier: HashMap::new(),
            own: HashMap::new(),
            history: BTreeMap::new(),
            broken: HashSet::new(),
            failures: Vec::new(),
            blanks: Vec::new(),
            size: 0,
        }
    }

    fn files(&mut self, files: &[EnvSource<'_>]) {
        for file in files {
            for variable in file.variables {
                self.variable(file, variable);
            }
            self.earlier.extend(self.own.drain());
        }
    }

    fn variable(&mut self, file: &EnvSource<'_>, variable: &Variable) {
        let key = variable.key.as_str();
        let location = Location::at(file.path, variable.span);
        let hidden = self.environment.is_secret(key);
        if !self.rules.dash_in_names && key.contains('-') {
            return self.fail(key, location, FailureReason::Dash, hidden);
        }
        let (value, made_of_secret) = match &variable.value {
            VariableValue::Literal(text) => (text.clone(), false),
            VariableValue::Inherited => {
                if let Some(setting) = self.outside(key) {
                    self.set(key, setting);
                }
                return;
            }
            VariableValue::Interpolated(text) => {
                let mut lookup = EnvLookup { reading: self, secret: false, broken: false, blank: Vec::new() };
                let value = expand(text, lookup.reading.rules.eager_words, &mut lookup);
                let EnvLookup { secret, broken, blank, .. } = lookup;
                self.blanks.extend(blank.into_iter().map(|name| VariableFailure {
                    key: key.to_owned(),
                    location: location.clone(),
                    reason: FailureReason::Blank(name),
                    secret: hidden,
                }));
                match value {
                    Ok(value) => (value, secret),
                    Err(_) if broken => {
                        self.broken.insert(key.to_owned());
                        return;
                    }
                    Err(problem) => {
                        return self.fail(key, location, FailureReason::Template(problem), hidden || secret);
                    }
                }
            }
        };
        self.size += value.len();
        if self.size > MAX_BYTES {
            return self.fail(key, location, FailureReason::TooLarge, hidden);
        }
        let secret = hidden || made_of_secret || secrets::is_secret_value(&value);
        if self.rules.exports && key.is_empty() {
            self.fail(key, location.clone(), FailureReason::Unnamed, secret);
        } else if self.rules.exports && (key.contains('\0') || value.contains('\0')) {
            self.fail(key, location.clone(), FailureReason::Nul, secret);
        }
        self.set(key, Setting { value, origin: VariableOrigin::File(location), secret });
    }

    fn set(&mut self, key: &str, setting: Setting) {
        self.broken.remove(key);
        self.history.entry(key.to_owned()).or_default().push(setting.clone());
        let into = if self.rules.own_file_first { &mut self.earlier } else { &mut self.own };
        into.insert(key.to_owned(), setting);
    }

    fn fail(&mut self, key: &str, location: Location, reason: FailureReason, secret: bool) {
        self.broken.insert(key.to_owned());
        self.failures.push(VariableFailure { key: key.to_owned(), location, reason, secret });
    }

    /// The value of a variable outside of this file: in the shell, or in the files before it.
    fn outside(&self, key: &str) -> Option<Setting> {
        if let Some(value) = self.environment.shell.get(key) {
            return Some(self.environment.shells(key, value));
        }
        let first = self.first.and_then(|first| first.get(key)).map(|entry| &entry.setting);
        first.or_else(|| self.earlier.get(key)).cloned()
    }

    fn get(&self, key: &str) -> Option<(&str, bool)> {
        if let Some(value) = self.environment.shell.get(key) {
            return Some((value, self.environment.is_secret(key) || secrets::is_secret_value(value)));
        }
        let first = self.first.and_then(|first| first.get(key)).map(|entry| &entry.setting);
        let setting = first.or_else(|| self.earlier.get(key)).or_else(|| self.own.get(key))?;
        Some((&setting.value, setting.secret))
    }
}

/// Interpolation within one value.
struct EnvLookup<'r, 'a> {
    reading: &'r Reading<'a>,
    secret: bool,
    broken: bool,
    blank: Vec<String>,
}

impl Variables for EnvLookup<'_, '_> {
    fn get(&mut self, name: &str) -> Option<&str> {
        self.broken |= self.reading.broken.contains(name);
        let (value, secret) = self.reading.get(name)?;
        self.secret |= secret && !value.is_empty();
        Some(value)
    }

    fn used(&mut self, name: &str, outcome: Substitution<'_>) {
        if outcome == Substitution::Blank && !self.reading.broken.contains(name) {
            self.blank.push(name.to_owned());
        }
    }
}
