//! Ctrl-C and SIGTERM as a flag that long work looks at between its steps.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Whether somebody wants the command to end: one flag for each signal, since a library that waits for
/// a key answers a signal by raising SIGINT, which must not count as that signal's second time.
#[derive(Debug, Clone, Default)]
pub struct Interrupt([Arc<AtomicBool>; 2]);

impl Interrupt {
    /// Catches SIGINT and SIGTERM from here on. The second of a kind ends the process at once, as the
    /// first would have: the journal makes that safe.
    pub fn install() -> io::Result<Self> {
        let interrupt = Self::default();
        for (signal, flag) in [SIGINT, SIGTERM].into_iter().zip(&interrupt.0) {
            signal_hook::flag::register_conditional_default(signal, Arc::clone(flag))?;
            signal_hook::flag::register(signal, Arc::clone(flag))?;
        }
        Ok(interrupt)
    }

    /// Whether a signal came.
    #[must_use]
    pub fn requested(&self) -> bool {
        self.0.iter().any(|flag| flag.load(Ordering::Relaxed))
    }
}

/// How urgently somebody wants a run to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ShutdownStage {
    /// Nobody does.
    Run,
    /// Nothing more is started; what runs ends its step.
    Drain,
    /// What runs is ended, too.
    Kill,
}

/// Ctrl-C and SIGTERM for a run of many children, which sit in process groups of their own: the first drains,
/// the second kills.
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Receiver<ShutdownStage>);

impl Shutdown {
    /// Catches SIGINT and SIGTERM from here on. Must be called inside of the runtime.
    pub fn install() -> io::Result<Self> {
        let (sender, receiver) = watch::channel(ShutdownStage::Run);
        let mut interrupts = signal(SignalKind::interrupt())?;
        let mut terminations = signal(SignalKind::terminate())?;
        let mut hangups = signal(SignalKind::hangup())?;
        tokio::spawn(async move {
            loop {
                let stage = tokio::select! {
                    _ = interrupts.recv() => ShutdownStage::Drain,
                    _ = terminations.recv() => ShutdownStage::Drain,
                    // Nobody is left to watch.
                    _ = hangups.recv() => ShutdownStage::Kill,
                };
                sender.send_modify(|now| {
                    *now = if *now == ShutdownStage::Run { stage } else { ShutdownStage::Kill }
                });
            }
        });
        Ok(Self(receiver))
    }

    /// The stage now.
    #[must_use]
    pub fn now(&self) -> ShutdownStage {
        *self.0.borrow()
    }

    /// Waits until the stage is reached.
    pub async fn reached(&self, stage: ShutdownStage) {
        let mut shutdown = self.0.clone();
        if shutdown.wait_for(|now| *now >= stage).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// From here on SIGINT, SIGTERM and SIGHUP end the process at once with 130, also while it waits for a pager to
/// read: for commands that leave nothing behind at any moment.
pub fn end_at_once() -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            std::process::exit(130);
        }
    });
    Ok(())
}

/// While this lives, SIGINT, SIGTERM and SIGHUP end the process even though it waits for a key: the terminal
/// gets its modes back, `restore` does the rest, and nothing was changed yet.
#[derive(Debug)]
pub struct Asking(Handle);

impl Asking {
    /// Begins to ask questions at the terminal of standard input.
    pub fn begin(restore: impl FnOnce() + Send + 'static) -> io::Result<Self> {
        let modes = tcgetattr(io::stdin())?;
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let handle = signals.handle();
        std::thread::spawn(move || {
            let came = signals.forever().next().is_some();
            // The question itself mostly answers; a signal between two questions reaches only us.
            std::thread::sleep(Duration::from_millis(200));
            if came && !signals.handle().is_closed() {
                let _ = tcsetattr(io::stdin(), OptionalActions::Now, &modes);
                restore();
                std::process::exit(130);
            }
        });
        Ok(Self(handle))
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.close();
    }
}
