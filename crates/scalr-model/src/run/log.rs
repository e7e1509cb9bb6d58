//! Logs of containers: joins the engine's pieces to lines, and returns each line once.

use std::sync::Arc;

use jiff::{SpanRelativeTo, Timestamp, Zoned, civil};
use serde::{Serialize, Serializer};

use super::containers::Container;

/// The version of the lines of `scalr logs --json`, described by schemas/log.schema.json.
pub const SCHEMA: &str = "scalr.log/1";

/// The maximum length of a line in bytes; longer ones are split.
const LONGEST: usize = 64 * 1024;

/// The origin of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogOrigin {
    pub app: String,
    pub service: String,
    pub container: String,
}

impl From<&Container> for LogOrigin {
    fn from(container: &Container) -> Self {
        Self {
            app: container.project.clone(),
            service: container.service.clone(),
            container: container.name.clone(),
        }
    }
}

/// The stream of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogStream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// Its terminal, which is both.
    Console,
}

/// One line of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// The time at which it was written, by the engine's clock.
    #[serde(serialize_with = "nanoseconds")]
    pub at: Timestamp,
    /// The container.
    #[serde(flatten, serialize_with = "shared")]
    pub origin: Arc<LogOrigin>,
    pub stream: LogStream,
    /// The text, without its line end.
    pub line: String,
}

fn nanoseconds<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{at:.9}"))
}

fn shared<S: Serializer>(origin: &Arc<LogOrigin>, serializer: S) -> Result<S::Ok, S::Error> {
    origin.as_ref().serialize(serializer)
}

/// Joins the pieces of one container's log to lines. Each piece begins with the time; the engine cuts lines
/// of more than 16 KiB into several.
#[derive(Debug, Default)]
pub struct Lines {
    /// Incomplete lines of standard output, standard error and the terminal.
    open: [Option<(Timestamp, Vec<u8>)>; 3],
}

impl Lines {
    /// Adds a piece; returns the line that it completes.
    pub fn piece(&mut self, stream: LogStream, piece: &[u8]) -> Option<(Timestamp, String)> {
        let (at, text) = timed(piece);
        let open = &mut self.open[stream as usize];
        let (_, line) = open.get_or_insert_with(|| (at, Vec::new()));
        line.extend_from_slice(text);
        let whole = line.ends_with(b"\n") || line.len() >= LONGEST;
        if whole { open.take().map(finished) } else { None }
    }

    /// The incomplete lines at the end of the log.
    pub fn rest(&mut self) -> Option<(LogStream, Timestamp, String)> {
        let streams = [LogStream::Stdout, LogStream::Stderr, LogStream::Console];
        streams.into_iter().find_map(|stream| {
            let (at, text) = finished(self.open[stream as usize].take()?);
            Some((stream, at, text))
        })
    }
}

/// The time at the beginning of a piece, and the rest. A piece without a time counts as very old.
fn timed(piece: &[u8]) -> (Timestamp, &[u8]) {
    let space = piece.iter().position(|byte| *byte == b' ');
    let parsed = space.and_then(|space| {
        let at = std::str::from_utf8(&piece[..space]).ok()?.parse().ok()?;
        Some((at, &piece[space + 1..]))
    });
    parsed.unwrap_or((Timestamp::MIN, piece))
}

fn finished((at, line): (Timestamp, Vec<u8>)) -> (Timestamp, String) {
    let text = String::from_utf8_lossy(&line);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    (at, text.strip_suffix('\r').unwrap_or(text).to_owned())
}

/// The position in the log of a container, from which reading can continue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogPosition {
    at: Option<Timestamp>,
    /// How many lines of that time have been read.
    lines: usize,
}

impl LogPosition {
    /// The time of the last line.
    #[must_use]
    pub fn at(&self) -> Option<Timestamp> {
        self.at
    }

    /// Records a line.
    pub fn read(&mut self, at: Timestamp) {
        if self.at == Some(at) {
            self.lines += 1;
        } else if self.at.is_none_or(|before| before < at) {
            *self = Self { at: Some(at), lines: 1 };
        }
    }

    /// Whether a line was read before the position. Call it for each line, in order.
    pub fn was_read(&mut self, at: Timestamp) -> bool {
        let Some(before) = self.at else { return false };
        if at == before && self.lines > 0 {
            self.lines -= 1;
            return true;
        }
        if at < before {
            return true;
        }
        // After the first new line, all are new.
        self.at = None;
        false
    }
}

/// A point in time as people give it: `10m`, `2h 30m`, `3d`, `2026-11-22`, `2026-11-22T10:00`, RFC 3339, or
/// seconds since 1970. Times without a zone are those of `now`.
pub fn parse_since(text: &str, now: &Zoned) -> Result<Timestamp, String> {
    let text = text.trim();
    let wrong = || "such as 10m, 2h30m, 3d, 2026-11-22, 2026-11-22T10:00 or 2026-11-22T10:00:00Z".to_owned();
    if let Ok(seconds) = text.parse::<i64>() {
        return Timestamp::from_second(seconds).map_err(|_| wrong());
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    if let Ok(at) = text.parse::<civil::DateTime>() {
        return at.to_zoned(now.time_zone().clone()).map(|at| at.timestamp()).map_err(|_| wrong());
    }
    let span: jiff::Span = text.parse().map_err(|_| wrong())?;
    let ago = span.abs().to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
    now.timestamp().checked_sub(ago).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn pieces_become_lines() {
        let mut lines = Lines::default();
        let first = "2026-11-22T10:00:00.000000001Z one\n";
        let (time, text) = lines.piece(LogStream::Stdout, first.as_bytes()).unwrap();
        assert_eq!((format!("{time:.9}").as_str(), text.as_str()), ("2026-11-22T10:00:00.000000001Z", "one"));
        // One line in three pieces, and another stream's between.
        assert_eq!(lines.piece(LogStream::Stdout, b"2026-11-22T10:00:01Z a"), None);
        assert_eq!(lines.piece(LogStream::Stderr, b"2026-11-22T10:00:02Z \n").unwrap().1, "");
        assert_eq!(lines.piece(LogStream::Stdout, b"2026-11-22T10:00:03Z b"), None);
        let (time, text) = lines.piece(LogStream::Stdout, b"2026-11-22T10:00:04Z c\r\n").unwrap();
        assert_eq!((time.to_string().as_str(), text.as_str()), ("2026-11-22T10:00:01Z", "abc"));
        // The last line has no end.
        assert_eq!(lines.piece(LogStream::Console, b"2026-11-22T10:00:05Z end \xff"), None);
        let rest = lines.rest().unwrap();
        assert_eq!((rest.0, rest.2.as_str()), (LogStream::Console, "end \u{fffd}"));
        assert_eq!(lines.rest(), None);
        assert_eq!(lines.piece(LogStream::Stdout, b"no time\n").unwrap().1, "no time");
    }

    #[test]
    fn a_line_without_an_end_takes_bounded_memory() {
        let mut lines = Lines::default();
        let piece = [b"2026-11-22T10:00:00Z ", [b'x'; 16 * 1024].as_slice()].concat();
        let ended: Vec<_> = (0..8).filter_map(|_| lines.piece(LogStream::Stdout, &piece)).collect();
        assert_eq!(ended.iter().map(|(_, text)| text.len()).collect::<Vec<_>>(), [LONGEST, LONGEST]);
    }

    #[test]
    fn a_mark_knows_what_was_read() {
        let mut mark = LogPosition::default();
        for second in [1, 2, 2, 1] {
            mark.read(at(second));
        }
        let mut again = mark;
        let new: Vec<i64> =
            [1, 1, 2, 2, 2, 1, 3].into_iter().filter(|second| !again.was_read(at(*second))).collect();
        assert_eq!(new, [2, 1, 3], "two lines of second 2 were read, the third was not");
        assert!(!LogPosition::default().was_read(at(0)));
    }

    #[test]
    fn times_as_people_give_them() {
        let now: Zoned = "2026-11-22T12:00:00+01:00[+01:00]".parse().unwrap();
        for (text, expected) in [
            ("10m", "2026-11-22T10:50:00Z"),
            ("2h30m", "2026-11-22T08:30:00Z"),
            ("1h 30m 5s", "2026-11-22T09:29:55Z"),
            ("3d", "2026-11-19T11:00:00Z"),
            ("PT5M", "2026-11-22T10:55:00Z"),
            ("2026-11-22", "2026-11-21T23:00:00Z"),
            ("2026-11-22T10:00", "2026-11-22T09:00:00Z"),
            ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z"),
            ("0", "1970-01-01T00:00:00Z"),
            ("10", "1970-01-01T00:00:10Z"),
        ] {
            assert_eq!(parse_since(text, &now).unwrap().to_string(), expected, "{text}");
        }
        for text in ["", "yesterday", "1x", "2026-13-01"] {
            assert!(parse_since(text, &now).is_err(), "{text}");
        }
    }
}
