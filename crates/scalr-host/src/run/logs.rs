//! The logs of many containers as one stream: first what is there, merged by time, then what comes, as it comes,
//! also from containers that start later. One line of each container is held, and never a whole log.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use bollard::models::EventMessage;
use futures_util::future::join_all;
use futures_util::stream::{BoxStream, SelectAll};
use futures_util::{FutureExt, Stream, StreamExt};
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::docker::logs::LogPart;
use crate::docker::{Engine, EngineError, PROJECT_LABEL};
use scalr_model::run::containers::Container;
use scalr_model::run::log::{self, Lines, LogLine, LogOrigin, LogPosition};

/// Containers that start between the first list and the first event are found by a second list.
const SECOND_LIST: Duration = Duration::from_secs(1);

/// How many lines are passed on before new containers are followed.
const MANY: usize = 1000;

/// Which lines are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct LogOptions {
    /// Only lines from then on.
    pub since: Option<Timestamp>,
    /// Only the last lines of each container, so many.
    pub tail: Option<usize>,
    /// Whether lines that are written later are read, too.
    pub follow: bool,
}

/// What happens while logs are read.
#[derive(Debug)]
pub enum LogEvent {
    /// A line.
    Line(LogLine),
    /// A log can't be read, or not to its end.
    Unreadable {
        /// Whose.
        origin: Arc<LogOrigin>,
        /// The engine's words.
        why: String,
    },
    /// All lines that were there have been passed on.
    Pause,
}

/// Where events go; a break ends the reading.
pub(crate) type LogSink<'a> = &'a mut (dyn FnMut(LogEvent) -> ControlFlow<()> + Send);

/// Reads the logs of the containers that `shown` picks out.
pub async fn logs(
    engine: &Engine,
    containers: &[Container],
    shown: impl Fn(&LogOrigin) -> bool,
    options: LogOptions,
    sink: LogSink<'_>,
) -> Result<(), EngineError> {
    let mut followed = Followed::default();
    let mut starts = options.follow.then(|| starts(engine));
    let reads_history = options.tail != Some(0);
    if reads_history {
        let part = LogPart { follow: false, since: options.since, tail: options.tail };
        let logs =
            containers.iter().map(|one| Log::open(engine, &one.id, Arc::new(one.into()), part)).collect();
        if history(logs, options.since, &mut followed, sink).await.is_break() {
            return Ok(());
        }
    }
    let Some(starts) = &mut starts else { return Ok(()) };
    for one in containers {
        let tail = options.tail.filter(|_| !reads_history);
        followed.open(engine, &one.id, Arc::new(one.into()), options.since, tail);
    }
    let second_list = tokio::time::sleep(SECOND_LIST);
    tokio::pin!(second_list);
    let mut listed = false;
    loop {
        tokio::select! {
            Some((id, event)) = followed.open.next(), if !followed.open.is_empty() => {
                if followed.pass_on_all(engine, (id, event), options.since, sink).is_break() {
                    return Ok(());
                }
            }
            start = starts.recv() => match start {
                None => return Err(EngineError::Gone),
                Some((id, origin)) if shown(&origin) => {
                    followed.open(engine, &id, Arc::new(origin), options.since, None);
                }
                Some(_) => {}
            },
            () = &mut second_list, if !listed => {
                listed = true;
                for one in engine.containers().await? {
                    let origin = LogOrigin::from(&one);
                    if !followed.states.contains_key(&one.id) && shown(&origin) {
                        followed.open(engine, &one.id, Arc::new(origin), options.since, None);
                    }
                }
            }
        }
    }
}

/// What is there, the oldest line first.
async fn history(
    mut logs: Vec<Log>,
    since: Option<Timestamp>,
    followed: &mut Followed,
    sink: LogSink<'_>,
) -> ControlFlow<()> {
    let mut heads: Vec<Option<LogEvent>> = join_all(logs.iter_mut().map(Log::next)).await;
    loop {
        let time = |head: &Option<LogEvent>| match head {
            Some(LogEvent::Line(line)) => Some(line.at),
            // What is wrong is told at once.
            Some(LogEvent::Unreadable { .. } | LogEvent::Pause) => Some(Timestamp::MIN),
            None => None,
        };
        let oldest = (0..heads.len()).filter_map(|at| Some((time(&heads[at])?, at))).min();
        let Some((_, at)) = oldest else { return ControlFlow::Continue(()) };
        let next = match logs[at].next().now_or_never() {
            Some(next) => next,
            None => {
                sink(LogEvent::Pause)?;
                logs[at].next().await
            }
        };
        match std::mem::replace(&mut heads[at], next) {
            Some(LogEvent::Line(line)) => {
                followed.marks.entry(logs[at].id.clone()).or_default().read(line.at);
                if is_wanted(since, line.at) {
                    sink(LogEvent::Line(line))?;
                }
            }
            Some(problem) => sink(problem)?,
            None => {}
        }
    }
}

/// The engine was_read seconds only.
fn is_wanted(since: Option<Timestamp>, at: Timestamp) -> bool {
    since.is_none_or(|since| since <= at)
}

/// What the engine sends at once.
type LogPiece = Result<(log::LogStream, Vec<u8>), EngineError>;

/// The log of one container.
struct Log {
    id: String,
    origin: Arc<LogOrigin>,
    pieces: Option<BoxStream<'static, LogPiece>>,
    lines: Lines,
}

impl Log {
    fn open(engine: &Engine, id: &str, origin: Arc<LogOrigin>, part: LogPart) -> Self {
        let pieces = Some(engine.log(id, part).boxed());
        Self { id: id.to_owned(), origin, pieces, lines: Lines::default() }
    }

    async fn next(&mut self) -> Option<LogEvent> {
        let line = |origin: &Arc<LogOrigin>, stream, at, line| {
            LogEvent::Line(LogLine { at, origin: Arc::clone(origin), stream, line })
        };
        while let Some(pieces) = &mut self.pieces {
            match pieces.next().await {
                Some(Ok((stream, piece))) => {
                    if let Some((at, text)) = self.lines.piece(stream, &piece) {
                        return Some(line(&self.origin, stream, at, text));
                    }
                }
                Some(Err(error)) => {
                    self.pieces = None;
                    return Some(LogEvent::Unreadable {
                        origin: Arc::clone(&self.origin),
                        why: error.to_string(),
                    });
                }
                None => self.pieces = None,
            }
        }
        self.lines.rest().map(|(stream, at, text)| line(&self.origin, stream, at, text))
    }

    /// Everything to the end, then the end itself.
    fn event(self) -> impl Stream<Item = (String, FollowEvent)> + Send {
        futures_util::stream::unfold(Some(self), |log| async {
            let mut log = log?;
            let id = log.id.clone();
            match log.next().await {
                Some(event) => Some(((id, FollowEvent::Log(event)), Some(log))),
                None => Some(((id, FollowEvent::Ended), None)),
            }
        })
    }
}

/// What comes of a log that is followed.
enum FollowEvent {
    Log(LogEvent),
    Ended,
}

/// How it stands with following a container.
struct FollowState {
    origin: Arc<LogOrigin>,
    open: bool,
    /// It was started again before its log had ended.
    again: bool,
    /// What was read when reading went on.
    before: LogPosition,
}

/// The logs that are followed.
#[derive(Default)]
struct Followed {
    open: SelectAll<BoxStream<'static, (String, FollowEvent)>>,
    states: HashMap<String, FollowState>,
    marks: HashMap<String, LogPosition>,
}

impl Followed {
    /// Follows a container from where reading has ended; one that is followed already is read on when it ends.
    fn open(
        &mut self,
        engine: &Engine,
        id: &str,
        origin: Arc<LogOrigin>,
        since: Option<Timestamp>,
        tail: Option<usize>,
    ) {
        if let Some(state) = self.states.get_mut(id).filter(|state| state.open) {
            state.again = true;
            return;
        }
        let before = self.marks.get(id).copied().unwrap_or_default();
        let part = LogPart { follow: true, since: before.at().or(since), tail };
        self.open.push(Log::open(engine, id, Arc::clone(&origin), part).event().boxed());
        self.states.insert(id.to_owned(), FollowState { origin, open: true, again: false, before });
    }

    /// One event, and those that have come meanwhile.
    fn pass_on_all(
        &mut self,
        engine: &Engine,
        first: (String, FollowEvent),
        since: Option<Timestamp>,
        sink: LogSink<'_>,
    ) -> ControlFlow<()> {
        let mut next = Some(first);
        // Not for ever: containers that start have to be followed, too.
        for _ in 0..MANY {
            let Some((id, event)) = next else { break };
            self.pass_on(engine, &id, event, since, sink)?;
            next = self.open.next().now_or_never().flatten();
        }
        if let Some((id, event)) = next {
            self.pass_on(engine, &id, event, since, sink)?;
        }
        sink(LogEvent::Pause)
    }

    fn pass_on(
        &mut self,
        engine: &Engine,
        id: &str,
        event: FollowEvent,
        since: Option<Timestamp>,
        sink: LogSink<'_>,
    ) -> ControlFlow<()> {
        let Some(state) = self.states.get_mut(id) else { return ControlFlow::Continue(()) };
        match event {
            FollowEvent::Log(LogEvent::Line(line)) => {
                if state.before.was_read(line.at) {
                    return ControlFlow::Continue(());
                }
                self.marks.entry(id.to_owned()).or_default().read(line.at);
                if is_wanted(since, line.at) { sink(LogEvent::Line(line)) } else { ControlFlow::Continue(()) }
            }
            FollowEvent::Log(problem) => sink(problem),
            FollowEvent::Ended => {
                state.open = false;
                if state.again {
                    let origin = Arc::clone(&state.origin);
                    self.open(engine, id, origin, since, None);
                }
                ControlFlow::Continue(())
            }
        }
    }
}

/// Containers that start from now on, also while old lines are read. It ends when the engine's events do.
fn starts(engine: &Engine) -> mpsc::UnboundedReceiver<(String, LogOrigin)> {
    let (sender, receiver) = mpsc::unbounded_channel();
    let mut events = Box::pin(engine.events());
    tokio::spawn(async move {
        while let Some(Ok(event)) = events.next().await {
            if started(&event).is_some_and(|start| sender.send(start).is_err()) {
                return;
            }
        }
    });
    receiver
}

/// The container that an event tells the start of.
fn started(event: &EventMessage) -> Option<(String, LogOrigin)> {
    if event.action.as_deref() != Some("start") {
        return None;
    }
    let actor = event.actor.as_ref()?;
    let attributes = actor.attributes.as_ref()?;
    let attribute = |name: &str| attributes.get(name).cloned();
    if attribute("com.docker.compose.oneoff").as_deref() == Some("True") {
        return None;
    }
    let origin = LogOrigin {
        app: attribute(PROJECT_LABEL)?,
        service: attribute("com.docker.compose.service").unwrap_or_default(),
        container: attribute("name").unwrap_or_default(),
    };
    Some((actor.id.clone()?, origin))
}
