//! The state of an engine, by three concurrent requests.

use tokio::sync::oneshot;

use super::{Endpoint, Engine, EngineError};
use crate::environment::ProcessEnvironment;
use scalr_model::run::engine::EngineSnapshot;

/// Asks for all of it.
pub(crate) async fn take(engine: &Engine) -> Result<EngineSnapshot, EngineError> {
    let (containers, images, networks) =
        tokio::try_join!(engine.containers(), engine.images(), engine.networks())?;
    Ok(EngineSnapshot { containers, images, networks })
}

/// A snapshot on its way, asked for beside other work: an engine takes longer over its list of images than scalr over
/// reading the repository.
#[derive(Debug)]
pub struct Early(oneshot::Receiver<EngineSnapshot>);

impl Early {
    /// The future that asks an engine of this machine, and where its answer arrives. Other engines are left alone, since
    /// each connection to them is a process.
    #[must_use]
    pub fn ask(
        context: Option<&str>,
        environment: &ProcessEnvironment,
    ) -> Option<(Self, impl Future<Output = ()> + Send + 'static)> {
        let endpoint =
            Endpoint::find(context, environment).ok().filter(|endpoint| endpoint.socket().is_some())?;
        let (sender, receiver) = oneshot::channel();
        let asking = async move {
            let Ok(engine) = Engine::connect(endpoint).await else { return };
            if let Ok(snapshot) = take(&engine).await {
                // The receiver is gone where the command has ended already.
                let _ = sender.send(snapshot);
            }
        };
        Some((Self(receiver), asking))
    }

    /// The snapshot; `None` if the requests failed.
    pub(crate) async fn get(self) -> Option<EngineSnapshot> {
        self.0.await.ok()
    }
}
