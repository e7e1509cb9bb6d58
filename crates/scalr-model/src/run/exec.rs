//! The service that a command is run in.

use super::containers::{Container, ContainerState};
use crate::suggest;

/// The service that is meant where none is named.
const DEFAULT: &str = "backend";

/// Why no service can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoService {
    /// There is no container at all.
    #[error("{app} is not running")]
    Down {
        /// The subproject.
        app: String,
    },
    /// No container has the service.
    #[error("{app} runs no service `{wanted}`{}", meant.as_ref().map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default())]
    Unknown {
        /// The subproject.
        app: String,
        /// What was typed.
        wanted: String,
        /// What may have been meant.
        meant: Option<String>,
    },
    /// It has a container that does not run.
    #[error("{service} of {app} is {}", state.as_str())]
    Stopped {
        /// The subproject.
        app: String,
        /// The service.
        service: String,
        /// What it does instead.
        state: ContainerState,
    },
    /// No service was named, and there are several.
    #[error("{app} runs several services, and none is called `{DEFAULT}`: {}", services.join(", "))]
    Several {
        /// The subproject.
        app: String,
        /// The services.
        services: Vec<String>,
    },
}

impl NoService {
    /// What to type.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Down { app } => format!("scalr up {app}"),
            Self::Unknown { app, .. } => format!("scalr ps {app} shows them"),
            Self::Stopped { app, service, .. } => {
                format!("scalr logs {app} --service {service} tells why; scalr up {app} starts it")
            }
            Self::Several { app, services } => {
                let first = services.first().map_or("SERVICE", String::as_str);
                format!("name one, such as: {app} {first}")
            }
        }
    }
}

/// The service among the containers of a subproject: the wanted one, else `backend`, else the only one.
pub fn service<'a>(
    app: &str,
    containers: &'a [Container],
    wanted: Option<&'a str>,
) -> Result<&'a str, NoService> {
    let app = app.to_owned();
    let mut names: Vec<&str> = containers.iter().map(|container| container.service.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let name = match (wanted, &names[..]) {
        (_, []) => return Err(NoService::Down { app }),
        (Some(wanted), names) if names.contains(&wanted) => wanted,
        (Some(wanted), names) => {
            let meant = suggest::nearest(wanted, names.iter().copied()).map(str::to_owned);
            return Err(NoService::Unknown { app, wanted: wanted.to_owned(), meant });
        }
        (None, names) if names.contains(&DEFAULT) => DEFAULT,
        (None, [only]) => only,
        (None, names) => {
            let services = names.iter().map(|name| (*name).to_owned()).collect();
            return Err(NoService::Several { app, services });
        }
    };
    let states: Vec<ContainerState> =
        containers.iter().filter(|one| one.service == name).map(|one| one.state).collect();
    if states.iter().any(|state| runs(*state)) {
        return Ok(name);
    }
    let state = states.first().copied().unwrap_or_default();
    Err(NoService::Stopped { app, service: name.to_owned(), state })
}

fn runs(state: ContainerState) -> bool {
    matches!(
        state,
        ContainerState::Running
            | ContainerState::Starting
            | ContainerState::Healthy
            | ContainerState::Unhealthy
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(service: &str, state: ContainerState) -> Container {
        Container { service: service.into(), state, ..Container::default() }
    }

    #[test]
    fn the_wanted_one_else_backend_else_the_only_one() {
        let all = [
            one("db", ContainerState::Running),
            one("backend", ContainerState::Unhealthy),
            one("web", ContainerState::Running),
        ];
        assert_eq!(service("a", &all, None), Ok("backend"));
        assert_eq!(service("a", &all, Some("db")), Ok("db"));
        assert_eq!(service("a", &all[..1], None), Ok("db"));
        let text = |result: Result<&str, NoService>| {
            let error = result.unwrap_err();
            format!("{error}: {}", error.hint())
        };
        assert_eq!(text(service("a", &[], None)), "a is not running: scalr up a");
        assert_eq!(
            text(service("a", &all, Some("bakend"))),
            "a runs no service `bakend`; did you mean `backend`?: scalr ps a shows them"
        );
        let several = [all[0].clone(), all[2].clone()];
        assert_eq!(
            text(service("a", &several, None)),
            "a runs several services, and none is called `backend`: db, web: name one, such as: a db"
        );
        let failed = [one("backend", ContainerState::Failed)];
        assert_eq!(
            text(service("a", &failed, None)),
            "backend of a is failed: scalr logs a --service backend tells why; scalr up a starts it"
        );
        let scaled = [one("web", ContainerState::Failed), one("web", ContainerState::Running)];
        assert_eq!(service("a", &scaled, None), Ok("web"));
    }
}
