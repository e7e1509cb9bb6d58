//! Where the asynchronous parts of commands run.

use std::future::Future;
use std::io;

use super::{CommandError, ErrorKind};

/// Runs a command's asynchronous part on this thread.
pub(super) fn block_on<F: Future>(future: F) -> Result<F::Output, CommandError> {
    match runtime() {
        Ok(runtime) => Ok(runtime.block_on(future)),
        Err(error) => {
            let message = format!("failed to start: {error}");
            Err(CommandError::caused_by(ErrorKind::Environment, message, error))
        }
    }
}

/// Runs something beside the work of this thread, which may end without it.
pub(super) fn in_background(future: impl Future<Output = ()> + Send + 'static) {
    let run = move || {
        if let Ok(runtime) = runtime() {
            runtime.block_on(future);
        }
    };
    // What is asked for beside other work is asked for again where it is missing.
    let _ = std::thread::Builder::new().spawn(run);
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
