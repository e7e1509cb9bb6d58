//! The Docker engine: one client for whatever engine is meant, by bollard. Every call is one request;
//! nothing is cached and nothing is decided here.

mod dial;
pub(crate) mod endpoint;
pub(crate) mod logs;
mod read;
pub mod snapshot;

use std::collections::{BTreeMap, HashMap};

use bollard::Docker;
use bollard::errors::Error;
use bollard::models::{EventMessage, NetworkCreateRequest};
use bollard::query_parameters::{
    EventsOptionsBuilder, InspectContainerOptions, ListContainersOptionsBuilder, ListImagesOptionsBuilder,
    ListNetworksOptions, ListVolumesOptionsBuilder, LogsOptionsBuilder, StatsOptionsBuilder,
};
use futures_util::{Stream, StreamExt};
use tracing::{Instrument, Span, debug_span, info_span};

pub use endpoint::Endpoint;
pub(crate) use read::Inspected;

use scalr_model::run::containers::Container;
use scalr_model::run::engine::{Network, Volume};
use scalr_model::run::ps::ContainerStats;

/// The label with which Compose marks what it makes.
pub(crate) const PROJECT_LABEL: &str = "com.docker.compose.project";

/// How long one request may take, in seconds. Streams are not bound by it once they have begun.
const TIMEOUT: u64 = 60;

/// Why the engine could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No engine answers.
    #[error("no Docker engine answers at {host}: {reason}")]
    Unreachable {
        /// Where.
        host: String,
        /// What the system said.
        reason: String,
    },
    /// There is no such context.
    #[error("there is no Docker context `{0}`")]
    NoContext(String),
    /// It went away in the middle.
    #[error("the Docker engine has gone away")]
    Gone,
    /// It answered with an error.
    #[error("the Docker engine says: {0}")]
    Refused(String),
}

impl From<Error> for EngineError {
    fn from(error: Error) -> Self {
        match error {
            Error::DockerResponseServerError { message, .. } => Self::Refused(message),
            other => Self::Refused(causes(&other)),
        }
    }
}

/// An error with those behind it: the outermost one alone says `error trying to connect`.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        next = error.source();
    }
    text
}

/// A connected engine.
#[derive(Debug, Clone)]
pub struct Engine {
    docker: Docker,
    endpoint: Endpoint,
}

impl Engine {
    /// Connects. Requests carry no version of the API, so that an engine answers in its own: bollard sends none up
    /// to 0.21 (its issue 736), whatever it has agreed on.
    pub async fn connect(endpoint: Endpoint) -> Result<Self, EngineError> {
        let unreachable = |error: Error| EngineError::Unreachable {
            host: endpoint.shown(),
            reason: match error {
                Error::SocketNotFoundError(_) => "the socket does not exist".to_owned(),
                error => causes(&error),
            },
        };
        let docker = match endpoint.socket() {
            Some(path) => Docker::connect_with_unix(path, TIMEOUT, bollard::API_DEFAULT_VERSION),
            None => dial::connect(&endpoint, TIMEOUT),
        };
        let docker = docker.map_err(unreachable)?;
        docker.ping().instrument(debug_span!("engine", operation = "ping")).await.map_err(unreachable)?;
        Ok(Self { docker, endpoint })
    }

    /// Where it is.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Its version.
    pub(crate) async fn version(&self) -> Result<String, EngineError> {
        Ok(self.docker.version().instrument(engine_span("version")).await?.version.unwrap_or_default())
    }

    /// Every container of every Compose project, running or not, in one call. Those of `compose run`
    /// are left out: up and down don't concern them.
    pub async fn containers(&self) -> Result<Vec<Container>, EngineError> {
        self.list(PROJECT_LABEL.to_owned()).instrument(engine_span("list-containers")).await
    }

    /// The containers of one project.
    pub async fn containers_of(&self, project: &str) -> Result<Vec<Container>, EngineError> {
        let span = info_span!("engine", operation = "list-containers", project);
        self.list(format!("{PROJECT_LABEL}={project}")).instrument(span).await
    }

    async fn list(&self, label: String) -> Result<Vec<Container>, EngineError> {
        let filters = HashMap::from([("label".to_owned(), vec![label])]);
        let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
        let listed = self.docker.list_containers(Some(options)).await?;
        let mut containers: Vec<Container> = listed.into_iter().filter_map(read::container).collect();
        containers.sort_by(|a, b| (&a.project, &a.service, &a.name).cmp(&(&b.project, &b.service, &b.name)));
        Ok(containers)
    }

    /// Every image that has a name: name to id. Images are also listed by their digests.
    pub(crate) async fn images(&self) -> Result<BTreeMap<String, String>, EngineError> {
        let options = ListImagesOptionsBuilder::new().build();
        let listed = self.docker.list_images(Some(options)).instrument(engine_span("list-images")).await?;
        let named = listed.into_iter().flat_map(|image| {
            let names = image.repo_tags.into_iter().chain(image.repo_digests);
            names.map(move |name| (name, image.id.clone())).collect::<Vec<_>>()
        });
        Ok(named.collect())
    }

    /// When an image was made, in seconds since 1970, by its id.
    pub(crate) async fn image_ages(&self) -> Result<BTreeMap<String, i64>, EngineError> {
        let options = ListImagesOptionsBuilder::new().build();
        let listed = self.docker.list_images(Some(options)).instrument(engine_span("list-images")).await?;
        Ok(listed.into_iter().map(|image| (image.id, image.created)).collect())
    }

    /// Every network.
    pub(crate) async fn networks(&self) -> Result<Vec<Network>, EngineError> {
        let listed = self
            .docker
            .list_networks(None::<ListNetworksOptions>)
            .instrument(engine_span("list-networks"))
            .await?;
        Ok(listed.into_iter().filter_map(read::network).collect())
    }

    /// The address pools that the engine was given: each one's prefix and that of the networks cut out of it.
    /// None where it uses its own.
    pub(crate) async fn pools(&self) -> Result<Vec<(u32, u32)>, EngineError> {
        let pools = self
            .docker
            .info()
            .instrument(engine_span("info"))
            .await?
            .default_address_pools
            .unwrap_or_default();
        let pool = |pool: bollard::models::SystemInfoDefaultAddressPools| {
            let prefix = pool.base?.rsplit_once('/')?.1.parse().ok()?;
            Some((prefix, u32::try_from(pool.size?).ok()?))
        };
        Ok(pools.into_iter().filter_map(pool).collect())
    }

    /// Makes a bridge network. Should a twin of the same name have been made meanwhile, which old
    /// engines allow, the younger of the two goes again.
    pub(crate) async fn create_network(&self, name: &str) -> Result<(), EngineError> {
        let span = info_span!("engine", operation = "create-network", network = name);
        let request = NetworkCreateRequest {
            name: name.to_owned(),
            driver: Some("bridge".to_owned()),
            labels: Some(HashMap::from([("scalr.managed".to_owned(), "true".to_owned())])),
            ..NetworkCreateRequest::default()
        };
        match self.docker.create_network(request).instrument(span).await {
            // Another process made it first.
            Err(Error::DockerResponseServerError { status_code: 409, .. }) => return Ok(()),
            made => made?,
        };
        let mut twins = self.networks().await?;
        twins.retain(|network| network.name == name);
        twins.sort_by(|a, b| (&a.created, &a.id).cmp(&(&b.created, &b.id)));
        for younger in twins.iter().skip(1) {
            // In use already, or gone already: both leave one that works.
            let _ = self.docker.remove_network(&younger.id).instrument(engine_span("remove-network")).await;
        }
        Ok(())
    }

    /// The names of the volumes that carry a label.
    pub(crate) async fn volumes(&self, label: &str) -> Result<Vec<Volume>, EngineError> {
        let filters = HashMap::from([("label".to_owned(), vec![label.to_owned()])]);
        let options = ListVolumesOptionsBuilder::new().filters(&filters).build();
        let listed = self
            .docker
            .list_volumes(Some(options))
            .instrument(engine_span("list-volumes"))
            .await?
            .volumes
            .unwrap_or_default();
        Ok(listed.into_iter().map(read::volume).collect())
    }

    /// How large volumes are, by name, in docker's own words. The engine measures them now, which takes a while.
    /// bollard's answer leaves them out for old engines, so docker's client is asked.
    pub async fn volume_sizes(&self) -> BTreeMap<String, String> {
        let mut command = dial::docker(&self.endpoint);
        command.args(["system", "df", "-v", "--format", "{{range .Volumes}}{{.Name}} {{.Size}}\n{{end}}"]);
        let Ok(output) = command
            .stdin(std::process::Stdio::null())
            .output()
            .instrument(engine_span("measure-volumes"))
            .await
        else {
            return BTreeMap::new();
        };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .collect()
    }

    /// One container, with what a list does not say.
    pub(crate) async fn inspect(&self, id: &str) -> Result<Inspected, EngineError> {
        let span = info_span!("engine", operation = "inspect-container", container = short(id));
        let found =
            self.docker.inspect_container(id, None::<InspectContainerOptions>).instrument(span).await?;
        Ok(read::inspected(found))
    }

    /// The last lines of a container's log.
    pub(crate) async fn tail(&self, id: &str, lines: usize) -> Result<Vec<String>, EngineError> {
        let options = LogsOptionsBuilder::new().stdout(true).stderr(true).tail(&lines.to_string()).build();
        let mut stream = self.docker.logs(id, Some(options));
        let mut text = Vec::new();
        let span = info_span!("engine", operation = "tail-log", container = short(id));
        while let Some(chunk) = stream.next().instrument(span.clone()).await {
            text.extend_from_slice(&chunk?.into_bytes());
        }
        Ok(String::from_utf8_lossy(&text).lines().map(str::to_owned).collect())
    }

    /// What a container uses: the engine looks twice, a second apart.
    pub(crate) async fn stats(&self, id: &str) -> Option<ContainerStats> {
        let options = StatsOptionsBuilder::new().stream(false).build();
        let mut stream = self.docker.stats(id, Some(options));
        let span = info_span!("engine", operation = "stats", container = short(id));
        stream.next().instrument(span).await?.ok().map(|stats| read::stats(&stats))
    }

    /// What happens to containers of Compose projects from now on.
    pub(crate) fn events(&self) -> impl Stream<Item = Result<EventMessage, Error>> + use<> {
        let filters = HashMap::from([
            ("type".to_owned(), vec!["container".to_owned()]),
            ("label".to_owned(), vec![PROJECT_LABEL.to_owned()]),
        ]);
        let span = engine_span("events");
        let events = self.docker.events(Some(EventsOptionsBuilder::new().filters(&filters).build()));
        // The span lasts as long as the stream.
        events.map(move |event| span.in_scope(|| event))
    }
}

/// The span of a call that concerns the engine as a whole.
fn engine_span(operation: &str) -> Span {
    info_span!("engine", operation)
}

/// A container's id as docker shows it.
fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}
