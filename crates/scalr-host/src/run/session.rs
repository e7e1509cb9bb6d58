//! The context of a run: the repository, the engine, Compose, the secrets to mask. Everything
//! that is missing is reported at once.

use std::path::PathBuf;
use std::sync::Arc;

use crate::compose::{Compose, NoCompose};
use crate::compose_files::Mode;
use crate::docker::{Endpoint, Engine, EngineError};
use crate::lock;
use crate::root::Root;
use crate::run::inputs::StatCache;
use crate::run::{record, settings};
use crate::shutdown::Shutdown;
use crate::{FileError, gather};
use scalr_model::codes::Code;
use scalr_model::compose::version::{ComposeRules, ComposeVersion};
use scalr_model::diagnostics::{Finding, Location};
use scalr_model::env;
use scalr_model::env::secrets::Secrets;
use scalr_model::rel_path::RelPath;
use scalr_model::run::preflight;
use scalr_model::run::subproject::{Front, Subproject};
use scalr_model::workspace::{EnvFile, SHARED_ENV_FILE, SIGN_IN};

/// A run.
#[derive(Debug)]
pub struct Session {
    pub root: Root,
    pub engine: Engine,
    pub(crate) compose: Compose,
    /// Ctrl-C.
    pub shutdown: Shutdown,
    /// The secrets, which are removed from texts.
    pub(crate) secrets: Secrets,
    /// Digests of files.
    pub(crate) cache: Arc<StatCache>,
    /// The folder of records and locks.
    pub(crate) records: PathBuf,
    /// The gateway's address for browsers.
    pub(crate) front: Front,
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
}

/// Whether a run needs `.env.shared`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedEnv {
    /// Compose reads it.
    Needed,
    /// It may be missing.
    Optional,
}

impl Session {
    /// Finds the engine and Compose, and reads the env files.
    pub async fn open(
        root: &Root,
        context: Option<&str>,
        subprojects: &[Subproject],
        shared: SharedEnv,
        shutdown: &Shutdown,
    ) -> Result<Self, OpenError> {
        let state = lock::state_folder(root)?;
        let mut findings = Vec::new();
        let path = RelPath::root().join(SHARED_ENV_FILE);
        let file = gather::env_file(root, &path);
        if shared == SharedEnv::Needed {
            findings.extend(shared_env_findings(&path, &file));
        }
        let engine = match Endpoint::find(context, root.environment()) {
            Ok(endpoint) => Engine::connect(endpoint).await,
            Err(error) => Err(error),
        };
        let endpoint = engine.as_ref().map_or_else(
            |_| Endpoint { context: None, host: String::new() },
            |engine| engine.endpoint().clone(),
        );
        let compose = Compose::find(&state, &endpoint, root.environment());
        if let Ok(compose) = &compose {
            findings.extend(preflight::compose_version(&compose.version));
        }
        match (engine, compose) {
            (Ok(engine), Ok(compose)) if findings.is_empty() => Ok(Self {
                secrets: settings::secrets(root, &file, subprojects, rules(&compose)),
                front: settings::front_of(root, &file, rules(&compose)),
                sign_in: settings::setting(root, &file, rules(&compose), SIGN_IN)
                    .unwrap_or_else(|| "dev".to_owned()),
                shutdown: shutdown.clone(),
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
    pub(crate) fn mode(&self) -> Mode {
        if self.front.public_domain.is_some() { Mode::Production } else { Mode::Development }
    }

    /// From here on the secrets of these subprojects are removed from texts.
    pub fn hide_secrets_of(&mut self, subprojects: &[Subproject]) {
        let shared = gather::env_file(&self.root, &RelPath::root().join(SHARED_ENV_FILE));
        self.secrets = settings::secrets(&self.root, &shared, subprojects, rules(&self.compose));
    }

    /// A path of the repository for people; others as they are.
    #[must_use]
    pub(crate) fn shown(&self, path: &str) -> String {
        let root = self.root.path().to_string_lossy();
        let inside = path.strip_prefix(&*root).and_then(|path| path.strip_prefix('/'));
        inside.unwrap_or(path).to_owned()
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
pub(crate) fn no_compose(error: &NoCompose) -> Finding {
    Finding::new(Code::ComposeNotInstalled, Location::file(&RelPath::root()), error.to_string())
        .help("https://docs.docker.com/compose/install/")
}

/// Findings that prevent Compose from reading `.env.shared`.
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
