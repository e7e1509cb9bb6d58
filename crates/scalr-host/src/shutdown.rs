//! How urgently the work is to end: a value that the caller advances and that long work looks at or waits for.
//!
//! Nothing in here catches a signal or ends the process: a command line does the former, a server has its own reasons.

use std::sync::Arc;

use tokio::sync::watch;

/// How urgently the work is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ShutdownStage {
    /// It goes on.
    Run,
    /// Nothing more is started; running steps end.
    Drain,
    /// Running steps are ended, too.
    Kill,
}

/// The caller's end: advances the stage.
#[derive(Debug, Clone)]
pub struct ShutdownTrigger(Arc<watch::Sender<ShutdownStage>>);

impl ShutdownTrigger {
    /// The first call goes to the stage that is given, each further one to [`ShutdownStage::Kill`].
    pub fn advance(&self, stage: ShutdownStage) {
        self.0.send_modify(|now| {
            *now = if *now == ShutdownStage::Run { stage } else { ShutdownStage::Kill };
        });
    }
}

/// The work's end: tells the stage. Waiting needs no particular runtime.
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Receiver<ShutdownStage>);

impl Shutdown {
    /// Both ends. Without its trigger a shutdown never comes.
    #[must_use]
    pub fn channel() -> (ShutdownTrigger, Self) {
        let (sender, receiver) = watch::channel(ShutdownStage::Run);
        (ShutdownTrigger(Arc::new(sender)), Self(receiver))
    }

    /// The stage now.
    #[must_use]
    pub fn now(&self) -> ShutdownStage {
        *self.0.borrow()
    }

    /// Whether the work is to end, be it politely.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.now() != ShutdownStage::Run
    }

    /// Waits until the stage is reached.
    pub(crate) async fn reached(&self, stage: ShutdownStage) {
        let mut stages = self.0.clone();
        if stages.wait_for(|now| *now >= stage).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_request_kills_whatever_the_first_was() {
        let (trigger, shutdown) = Shutdown::channel();
        assert!(!shutdown.is_requested());
        trigger.advance(ShutdownStage::Drain);
        assert_eq!(shutdown.now(), ShutdownStage::Drain);
        trigger.advance(ShutdownStage::Drain);
        assert_eq!(shutdown.now(), ShutdownStage::Kill);
        let (trigger, shutdown) = Shutdown::channel();
        trigger.advance(ShutdownStage::Kill);
        assert_eq!(shutdown.now(), ShutdownStage::Kill);
    }
}
