//! What a run stands on: the repository, the engine, Compose, the secrets that must not be shown. What is
//! missing of it is told all at once.

use std::path::PathBuf;

use crate::host::FileError;
use crate::host::compose::Compose;
use crate::host::docker::{Endpoint, Engine, EngineError};
use crate::host::files::{self, Contents};
use crate::host::interrupt::Stages;
use crate::host::lock;
use crate::host::root::Root;
use crate::host::run::inputs::StatCache;
use crate::host::run::project::Stage;
use crate::host::run::record;
use crate::model::codes::Code;
use crate::model::diagnostics::{Finding, Location};
use crate::model::dotenv::{self, Value, Variable};
use crate::model::rel_path::RelPath;
use crate::model::run::preflight::{self, SHARED_ENV};
use crate::model::run::redact::{Redactor, is_secret};
use crate::model::run::subproject::Subproject;
use crate::model::workspace::ENV_FILE;

/// Env files above this size are not read.
const MAX_ENV_BYTES: u64 = 1024 * 1024;

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
    pub stages: Stages,
    /// Takes secrets out of texts.
    pub redactor: Redactor,
    /// Digests of files.
    pub cache: StatCache,
    /// The folder of records and locks.
    pub records: PathBuf,
    /// The domain, on a server.
    pub public_domain: Option<String>,
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
        let (variables, problem) = env_file(root, &RelPath::root().join(SHARED_ENV));
        match variables {
            None if shared == SharedEnv::Needed => findings.push(preflight::no_shared_env()),
            _ => {}
        }
        findings.extend(problem.filter(|_| shared == SharedEnv::Needed));
        let variables = variables.unwrap_or_default();
        let keys: Vec<&str> = variables.iter().map(|variable| variable.key.as_str()).collect();
        findings.extend(preflight::shared_env(&keys));
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
                redactor: redactor(root, &variables, subprojects),
                public_domain: literal(&variables, "SCALR_PUBLIC_DOMAIN"),
                stages: Stages::install().map_err(OpenError::Signals)?,
                cache: StatCache::open(&state),
                records: record::folder(&state),
                root: root.clone(),
                engine,
                compose,
            }),
            (engine, compose) => {
                let here = Location::file(&RelPath::root());
                findings.extend(engine.err().map(|error| unreachable(&error)));
                findings.extend(compose.err().map(|error| {
                    Finding::new(Code::ComposeNotInstalled, here, error.to_string())
                        .help("https://docs.docker.com/compose/install/")
                }));
                Err(OpenError::NotReady(findings))
            }
        }
    }

    /// Where this runs.
    #[must_use]
    pub fn stage(&self) -> Stage {
        if self.public_domain.is_some() { Stage::Production } else { Stage::Development }
    }

    /// A path of the repository for people; others as they are.
    #[must_use]
    pub fn shown(&self, path: &str) -> String {
        let root = self.root.path().to_string_lossy();
        let inside = path.strip_prefix(&*root).and_then(|path| path.strip_prefix('/'));
        inside.unwrap_or(path).to_owned()
    }
}

/// The domain that `.env.shared` sets, on a server.
#[must_use]
pub fn public_domain(root: &Root) -> Option<String> {
    let (variables, _) = env_file(root, &RelPath::root().join(SHARED_ENV));
    literal(&variables?, "SCALR_PUBLIC_DOMAIN")
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

/// An env file's variables, where it is there, and what is wrong with it.
fn env_file(root: &Root, path: &RelPath) -> (Option<Vec<Variable>>, Option<Finding>) {
    let unreadable =
        |text: &str| Finding::new(Code::FileUnreadable, Location::file(path), format!("the file {text}"));
    match files::read(&root.join(path), MAX_ENV_BYTES) {
        Ok(Contents::Bytes(bytes)) => match dotenv::parse(&String::from_utf8_lossy(&bytes)) {
            Ok(variables) => (Some(variables), None),
            Err(error) => {
                let finding = Finding::new(Code::EnvSyntax, Location::at(path, error.span), error.message);
                (Some(Vec::new()), Some(finding))
            }
        },
        Ok(Contents::TooLarge(_)) => (Some(Vec::new()), Some(unreadable("is larger than 1 MiB"))),
        Ok(Contents::NotRegular(kind)) => (Some(Vec::new()), Some(unreadable(&format!("is {kind}")))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => (None, None),
        Err(_) => (Some(Vec::new()), Some(unreadable("can't be read"))),
    }
}

fn literal(variables: &[Variable], key: &str) -> Option<String> {
    match &dotenv::get(variables, key)?.value {
        Value::Literal(value) if !value.is_empty() => Some(value.clone()),
        _ => None,
    }
}

/// Everything in `.env.shared` but scalr's own settings, and what is a secret by its name elsewhere.
fn redactor(root: &Root, shared: &[Variable], subprojects: &[Subproject]) -> Redactor {
    let own: Vec<Variable> = subprojects
        .iter()
        .filter_map(|subproject| env_file(root, &subproject.folder.join(ENV_FILE)).0)
        .flatten()
        .filter(|variable| is_secret(&variable.key))
        .collect();
    let shared =
        shared.iter().filter(|variable| is_secret(&variable.key) || !variable.key.starts_with("SCALR_"));
    Redactor::new(shared.chain(&own).filter_map(|variable| match &variable.value {
        Value::Literal(value) => Some(value.as_str()),
        Value::Interpolated | Value::Inherited => None,
    }))
}
