//! What an engine has, in three requests at once.

use tokio::sync::oneshot;

use super::{Endpoint, Engine, EngineError, block_on};
use crate::environment::ProcessEnvironment;
use scalr_model::run::engine::EngineSnapshot;

/// Asks for all of it.
pub async fn take(engine: &Engine) -> Result<EngineSnapshot, EngineError> {
    let (containers, images, networks) =
        tokio::try_join!(engine.containers(), engine.images(), engine.networks())?;
    Ok(EngineSnapshot { containers, images, networks })
}

/// A snapshot on its way, asked for by a thread of its own: an engine takes longer over its list of images than
/// scalr over reading the repository.
#[derive(Debug)]
pub struct Early(oneshot::Receiver<EngineSnapshot>);

impl Early {
    /// Asks an engine of this machine. Others are left alone, since each connection to them is a process.
    #[must_use]
    pub fn ask(context: Option<&str>, environment: &ProcessEnvironment) -> Option<Self> {
        let endpoint =
            Endpoint::find(context, environment).ok().filter(|endpoint| endpoint.socket().is_some())?;
        let (sender, receiver) = oneshot::channel();
        std::thread::spawn(move || {
            let taken = block_on(async { take(&Engine::connect(endpoint).await?).await });
            // Nobody waits any more where the command has ended already.
            if let Ok(Ok(snapshot)) = taken {
                let _ = sender.send(snapshot);
            }
        });
        Some(Self(receiver))
    }

    /// The snapshot; nothing where it could not be had.
    pub async fn get(self) -> Option<EngineSnapshot> {
        self.0.await.ok()
    }
}
