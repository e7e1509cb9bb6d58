//! Logs of containers as the engine gives them.

use bollard::container::LogOutput;
use bollard::query_parameters::LogsOptionsBuilder;
use futures_util::{Stream, StreamExt};
use jiff::Timestamp;
use tracing::info_span;

use super::{Engine, EngineError, short};
use scalr_model::run::log;

/// Which part of a log is read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LogPart {
    /// Whether lines that are written later are read, too, until the container ends.
    pub(crate) follow: bool,
    /// Only lines from that second on.
    pub(crate) since: Option<Timestamp>,
    /// Only the last lines, so many.
    pub(crate) tail: Option<usize>,
}

impl Engine {
    /// The log of a container, piece by piece, each with its time in front; of a container with a terminal each
    /// piece is a line.
    pub(crate) fn log(
        &self,
        id: &str,
        part: LogPart,
    ) -> impl Stream<Item = Result<(log::LogStream, Vec<u8>), EngineError>> + Send + use<> {
        let mut options =
            LogsOptionsBuilder::new().stdout(true).stderr(true).timestamps(true).follow(part.follow);
        if let Some(second) = part.since.and_then(|at| i32::try_from(at.as_second()).ok()) {
            options = options.since(second);
        }
        if let Some(tail) = part.tail {
            options = options.tail(&tail.to_string());
        }
        let span = info_span!("engine", operation = "read-log", container = short(id));
        self.docker.logs(id, Some(options.build())).map(move |piece| {
            // The span lasts as long as the stream.
            let _entered = span.enter();
            let piece = piece?;
            let stream = match &piece {
                LogOutput::StdErr { .. } => log::LogStream::Stderr,
                LogOutput::Console { .. } => log::LogStream::Console,
                LogOutput::StdOut { .. } | LogOutput::StdIn { .. } => log::LogStream::Stdout,
            };
            Ok((stream, piece.as_ref().to_vec()))
        })
    }
}
