//! SIGINT, SIGTERM and SIGHUP: one handler for the whole process. What a signal means is a value that the command sets.

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::low_level::emulate_default_handler;

use super::{CommandError, ErrorKind};
use crate::ui::prompt;
use scalr_host::shutdown::{Shutdown, ShutdownStage, ShutdownTrigger};

/// What a signal means for the command that runs.
#[derive(Debug)]
pub(super) enum SignalMeaning {
    /// What it means to the system: the process dies.
    Default,
    /// The first drains, the second kills what runs. SIGHUP kills at once: the terminal is gone.
    Drain,
    /// The first is only told: the command ends between two steps. The second of its kind means what it means to the system,
    /// which the journal makes safe, and so does SIGHUP.
    Flag,
    /// The process ends at once with 130, also while it waits for a pager to read: nothing is left behind at any moment.
    End,
    /// The same while a question stands at the terminal, which gets these modes and its cursor back.
    EndQuestion(Box<Termios>),
}

/// The signals of this process, and the shutdown that they advance.
pub(super) struct Signals {
    meaning: Arc<Mutex<SignalMeaning>>,
    trigger: ShutdownTrigger,
    shutdown: Shutdown,
    is_caught: AtomicBool,
}

impl Signals {
    pub(super) fn new() -> Self {
        let (trigger, shutdown) = Shutdown::channel();
        let meaning = Arc::new(Mutex::new(SignalMeaning::Default));
        Self { meaning, trigger, shutdown, is_caught: AtomicBool::new(false) }
    }

    pub(super) fn shutdown(&self) -> &Shutdown {
        &self.shutdown
    }

    /// From here on signals are caught and mean this.
    pub(super) fn mean(&self, meaning: SignalMeaning) -> Result<(), CommandError> {
        self.replace(meaning).map(drop)
    }

    /// While the guard lives, a signal ends the process although it waits for a key. Afterwards signals mean what they meant
    /// before, or are a flag: the question may have answered a signal that is only obeyed then.
    pub(super) fn while_asking(&self) -> Result<WhileAsking<'_>, CommandError> {
        #[expect(clippy::disallowed_methods, reason = "the modes of the terminal that questions are put at")]
        let modes = tcgetattr(io::stdin()).map_err(|error| failed(error.into()))?;
        let before = match self.replace(SignalMeaning::EndQuestion(Box::new(modes)))? {
            SignalMeaning::Default => SignalMeaning::Flag,
            before => before,
        };
        Ok(WhileAsking { meaning: &self.meaning, before })
    }

    fn replace(&self, meaning: SignalMeaning) -> Result<SignalMeaning, CommandError> {
        let before = std::mem::replace(&mut *lock(&self.meaning), meaning);
        if !self.is_caught.swap(true, Ordering::Relaxed) {
            self.catch().map_err(failed)?;
        }
        Ok(before)
    }

    fn catch(&self) -> io::Result<()> {
        let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let (meaning, trigger) = (Arc::clone(&self.meaning), self.trigger.clone());
        let mut seen = BTreeSet::new();
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            for signal in signals.forever() {
                // Locked until the process has ended: a command that was interrupted, too, waits here with its own message.
                obey(signal, &lock(&meaning), &trigger, seen.insert(signal));
            }
        })?;
        Ok(())
    }
}

fn obey(signal: i32, meaning: &SignalMeaning, trigger: &ShutdownTrigger, is_first_of_its_kind: bool) {
    match meaning {
        SignalMeaning::Drain if signal == SIGHUP => trigger.advance(ShutdownStage::Kill),
        SignalMeaning::Drain => trigger.advance(ShutdownStage::Drain),
        // Counted by kind: a library that waits for a key answers any signal by raising SIGINT.
        SignalMeaning::Flag if signal != SIGHUP && is_first_of_its_kind => {
            trigger.advance(ShutdownStage::Drain);
        }
        SignalMeaning::Default | SignalMeaning::Flag => {
            // It can only fail for signals that are not caught here.
            let _ = emulate_default_handler(signal);
        }
        SignalMeaning::End => end(),
        SignalMeaning::EndQuestion(modes) => {
            #[expect(
                clippy::disallowed_methods,
                reason = "the modes of the terminal that questions are put at"
            )]
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, modes);
            prompt::leave();
            end();
        }
    }
}

fn end() {
    #[expect(
        clippy::disallowed_methods,
        reason = "main can't return: it waits for a pager, an engine or a key"
    )]
    std::process::exit(ErrorKind::Interrupted.exit_code().into());
}

fn lock(meaning: &Mutex<SignalMeaning>) -> MutexGuard<'_, SignalMeaning> {
    // It is only ever replaced as a whole.
    meaning.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed(error: io::Error) -> CommandError {
    CommandError::caused_by(ErrorKind::Environment, format!("failed to catch signals: {error}"), error)
}

/// A question stands at the terminal.
#[must_use]
pub(super) struct WhileAsking<'a> {
    meaning: &'a Mutex<SignalMeaning>,
    before: SignalMeaning,
}

impl Drop for WhileAsking<'_> {
    fn drop(&mut self) {
        std::mem::swap(&mut *lock(self.meaning), &mut self.before);
    }
}
