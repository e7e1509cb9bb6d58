//! What a run stands on: the repository, the engine, Compose, the secrets that must not be shown. What is
//! missing of it is told all at once.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::compose::{Compose, NoCompose};
use crate::compose_files::Mode;
use crate::docker::{Endpoint, Engine, EngineError};
use crate::lock;
use crate::root::Root;
use crate::run::inputs::StatCache;
use crate::run::record;
use crate::shutdown::Shutdown;
use crate::{FileError, compose, environment, gather};
use scalr_model::codes::Code;
use scalr_model::compose::version::{ComposeRules, ComposeVersion};
use scalr_model::diagnostics::{Finding, Location};
use scalr_model::env::secrets::Secrets;
use scalr_model::env::{self, EnvSource, Environment};
use scalr_model::rel_path::RelPath;
use scalr_model::run::preflight;
use scalr_model::run::subproject::{Front, Subproject};
use scalr_model::workspace::{ENV_FILE, EnvFile, GATEWAY_HTTP_PORT, PUBLIC_DOMAIN, SHARED_ENV_FILE, SIGN_IN};

/// A run.
#[derive(Debug)]
pub struct Session {
    /// The repository.
    pub root: Root,
    /// The engine.
    pub engine: Engine,
    /// Compose.
    pub compose: Compose,
    /// Ctrl-C.
    pub shutdown: Shutdown,
    /// The secrets, to be taken out of texts.
    pub secrets: Secrets,
    /// Digests of files.
    pub cache: Arc<StatCache>,
    /// The folder of records and locks.
    pub records: PathBuf,
    /// How browsers reach the gateway.
    pub front: Front,
    /// The name of the sign-in service.
    pub sign_in: String,
}

/// Why no run can begin.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Something is missing.
    #[error("this machine is not ready")]
    NotReady(Vec<Finding>),
    /// The state folder can't be written.
    #[error("failed to {0}")]
    File(#[from] FileError),
    /// Signals can't be caught.
    #[error("failed to catch signals: {0}")]
    Signals(std::io::Error),
}

/// What a run needs of `.env.shared`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedEnv {
    /// Compose reads it.
    Needed,
    /// It may be missing.
    Optional,
}

impl Session {
    /// Finds the engine and Compose, and reads what the env files say.
    pub async fn open(
        root: &Root,
        context: Option<&str>,
        subprojects: &[Subproject],
        shared: SharedEnv,
    ) -> Result<Self, OpenError> {
        let state = lock::state_folder(root)?;
        let mut findings = Vec::new();
        let path = RelPath::root().join(SHARED_ENV_FILE);
        let file = gather::env_file(root, &path);
        if shared == SharedEnv::Needed {
            findings.extend(shared_env_findings(&path, &file));
        }
        let engine = match Endpoint::find(context) {
            Ok(endpoint) => Engine::connect(endpoint).await,
            Err(error) => Err(error),
        };
        let endpoint = engine.as_ref().map_or_else(
            |_| Endpoint { context: None, host: String::new() },
            |engine| engine.endpoint().clone(),
        );
        let compose = Compose::find(&state, &endpoint);
        if let Ok(compose) = &compose {
            findings.extend(preflight::compose_version(&compose.version));
        }
        match (engine, compose) {
            (Ok(engine), Ok(compose)) if findings.is_empty() => Ok(Self {
                secrets: secrets(root, &file, subprojects, rules(&compose)),
                front: front_of(&file, rules(&compose)),
                sign_in: setting(&file, rules(&compose), SIGN_IN).unwrap_or_else(|| "dev".to_owned()),
                shutdown: Shutdown::install().map_err(OpenError::Signals)?,
                cache: Arc::new(StatCache::open(&state)),
                records: record::folder(&state),
                root: root.clone(),
                engine,
                compose,
            }),
            (engine, compose) => {
                findings.extend(engine.err().map(|error| unreachable(&error)));
                findings.extend(compose.err().map(|error| no_compose(&error)));
                Err(OpenError::NotReady(findings))
            }
        }
    }

    /// Where this runs.
    #[must_use]
    pub fn mode(&self) -> Mode {
        if self.front.public_domain.is_some() { Mode::Production } else { Mode::Development }
    }

    /// From here on the secrets of these subprojects are taken out of texts.
    pub fn hide_secrets_of(&mut self, subprojects: &[Subproject]) {
        let shared = gather::env_file(&self.root, &RelPath::root().join(SHARED_ENV_FILE));
        self.secrets = secrets(&self.root, &shared, subprojects, rules(&self.compose));
    }

    /// A path of the repository for people; others as they are.
    #[must_use]
    pub fn shown(&self, path: &str) -> String {
        let root = self.root.path().to_string_lossy();
        let inside = path.strip_prefix(&*root).and_then(|path| path.strip_prefix('/'));
        inside.unwrap_or(path).to_owned()
    }
}

/// What `.env.shared` says of how browsers reach the gateway.
#[must_use]
pub fn front(root: &Root) -> Front {
    front_of(&gather::env_file(root, &RelPath::root().join(SHARED_ENV_FILE)), ComposeRules::NEWEST)
}

fn front_of(shared: &EnvFile, rules: ComposeRules) -> Front {
    Front {
        public_domain: setting(shared, rules, PUBLIC_DOMAIN),
        port: setting(shared, rules, GATEWAY_HTTP_PORT).filter(|port| port != "80"),
    }
}

/// No engine, with how to get one.
#[must_use]
pub fn unreachable(error: &EngineError) -> Finding {
    let message = error.to_string();
    let help = if message.contains("denied") {
        "become a member of the group docker (sudo usermod -aG docker $USER) and log in again"
    } else if matches!(error, EngineError::NoContext(_)) {
        "docker context ls shows those that there are"
    } else {
        "start it (sudo systemctl start docker, or Docker Desktop), or name another one: --context NAME, DOCKER_HOST"
    };
    Finding::new(Code::EngineUnreachable, Location::file(&RelPath::root()), message).help(help)
}

/// No Compose, with how to get it.
#[must_use]
pub fn no_compose(error: &NoCompose) -> Finding {
    Finding::new(Code::ComposeNotInstalled, Location::file(&RelPath::root()), error.to_string())
        .help("https://docs.docker.com/compose/install/")
}

/// What keeps Compose from reading `.env.shared`.
fn shared_env_findings(path: &RelPath, file: &EnvFile) -> Vec<Finding> {
    match file {
        EnvFile::Missing => vec![preflight::no_shared_env()],
        EnvFile::Broken(finding) => vec![(**finding).clone()],
        EnvFile::Read(variables) => env::check(path, variables),
    }
}

fn rules(compose: &Compose) -> ComposeRules {
    ComposeVersion::parse(&compose.version).map_or(ComposeRules::NEWEST, ComposeRules::of)
}

/// One of scalr's own settings, unless it is empty.
#[must_use]
pub fn setting(shared: &EnvFile, rules: ComposeRules, key: &str) -> Option<String> {
    let path = RelPath::root().join(SHARED_ENV_FILE);
    let environment = Environment::new(environment::shell(), &source(&path, shared, true), rules);
    environment.value(key).map(|(value, _)| value.to_owned()).filter(|value| !value.is_empty())
}

/// The secrets of these subprojects, for commands that need neither Compose nor `.env.shared`.
#[must_use]
pub fn secrets_of(root: &Root, subprojects: &[Subproject]) -> Secrets {
    let shared = gather::env_file(root, &RelPath::root().join(SHARED_ENV_FILE));
    secrets(root, &shared, subprojects, compose::installed().map_or(ComposeRules::NEWEST, ComposeRules::of))
}

fn source<'a>(path: &'a RelPath, file: &'a EnvFile, secret: bool) -> Vec<EnvSource<'a>> {
    match file {
        EnvFile::Read(variables) => vec![EnvSource { path, variables, secret }],
        EnvFile::Missing | EnvFile::Broken(_) => Vec::new(),
    }
}

/// The secrets of these subprojects' environments.
#[must_use]
pub fn secrets(root: &Root, shared: &EnvFile, subprojects: &[Subproject], rules: ComposeRules) -> Secrets {
    let path = RelPath::root().join(SHARED_ENV_FILE);
    let shell = environment::shell();
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
