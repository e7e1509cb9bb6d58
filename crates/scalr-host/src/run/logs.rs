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

use crate::docker::logs::Part;
use crate::docker::{Engine, EngineError, PROJECT_LABEL};
use scalr_model::run::containers::Container;
use scalr_model::run::log::{self, Lines, LogLine, Mark, Origin};

/// What starts between the first look and the first event is found by a second look.
const SECOND_LOOK: Duration = Duration::from_secs(1);

/// How many lines are heard before something else is looked at.
const MANY: usize = 1000;

/// What is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish {
    /// Nothing older.
    pub since: Option<Timestamp>,
    /// So many of the last lines of each container.
    pub tail: Option<usize>,
    /// Whether to go on with what comes.
    pub follow: bool,
}

/// What is heard.
#[derive(Debug)]
pub enum Heard {
    /// A line.
    Line(LogLine),
    /// A log can't be read, or not to its end.
    Unreadable {
        /// Whose.
        origin: Arc<Origin>,
        /// The engine's words.
        why: String,
    },
    /// Nothing more is there just now.
    Pause,
}

/// Who hears it; a break ends everything.
pub type Hear<'a> = &'a mut dyn FnMut(Heard) -> ControlFlow<()>;

/// Reads the logs of the containers that `shown` picks out.
pub async fn logs(
    engine: &Engine,
    containers: &[Container],
    shown: impl Fn(&Origin) -> bool,
    wish: Wish,
    hear: Hear<'_>,
) -> Result<(), EngineError> {
    let mut followed = Followed::default();
    let mut starts = wish.follow.then(|| starts(engine));
    let reads_history = wish.tail != Some(0);
    if reads_history {
        let part = Part { follow: false, since: wish.since, tail: wish.tail };
        let logs =
            containers.iter().map(|one| Log::open(engine, &one.id, Arc::new(one.into()), part)).collect();
        if history(logs, wish.since, &mut followed, hear).await.is_break() {
            return Ok(());
        }
    }
    let Some(starts) = &mut starts else { return Ok(()) };
    for one in containers {
        let tail = wish.tail.filter(|_| !reads_history);
        followed.open(engine, &one.id, Arc::new(one.into()), wish.since, tail);
    }
    let second_look = tokio::time::sleep(SECOND_LOOK);
    tokio::pin!(second_look);
    let mut looked = false;
    loop {
        tokio::select! {
            Some((id, news)) = followed.open.next(), if !followed.open.is_empty() => {
                if followed.hear_all(engine, (id, news), wish.since, hear).is_break() {
                    return Ok(());
                }
            }
            start = starts.recv() => match start {
                None => return Err(EngineError::Gone),
                Some((id, origin)) if shown(&origin) => {
                    followed.open(engine, &id, Arc::new(origin), wish.since, None);
                }
                Some(_) => {}
            },
            () = &mut second_look, if !looked => {
                looked = true;
                for one in engine.containers().await? {
                    let origin = Origin::from(&one);
                    if !followed.states.contains_key(&one.id) && shown(&origin) {
                        followed.open(engine, &one.id, Arc::new(origin), wish.since, None);
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
    hear: Hear<'_>,
) -> ControlFlow<()> {
    let mut heads: Vec<Option<Heard>> = join_all(logs.iter_mut().map(Log::next)).await;
    loop {
        let time = |head: &Option<Heard>| match head {
            Some(Heard::Line(line)) => Some(line.at),
            // What is wrong is told at once.
            Some(Heard::Unreadable { .. } | Heard::Pause) => Some(Timestamp::MIN),
            None => None,
        };
        let oldest = (0..heads.len()).filter_map(|at| Some((time(&heads[at])?, at))).min();
        let Some((_, at)) = oldest else { return ControlFlow::Continue(()) };
        let next = match logs[at].next().now_or_never() {
            Some(next) => next,
            None => {
                hear(Heard::Pause)?;
                logs[at].next().await
            }
        };
        match std::mem::replace(&mut heads[at], next) {
            Some(Heard::Line(line)) => {
                followed.marks.entry(logs[at].id.clone()).or_default().read(line.at);
                if is_wanted(since, line.at) {
                    hear(Heard::Line(line))?;
                }
            }
            Some(problem) => hear(problem)?,
            None => {}
        }
    }
}

/// The engine knows seconds only.
fn is_wanted(since: Option<Timestamp>, at: Timestamp) -> bool {
    since.is_none_or(|since| since <= at)
}

/// What the engine sends at once.
type Piece = Result<(log::Stream, Vec<u8>), EngineError>;

/// The log of one container.
struct Log {
    id: String,
    origin: Arc<Origin>,
    pieces: Option<BoxStream<'static, Piece>>,
    lines: Lines,
}

impl Log {
    fn open(engine: &Engine, id: &str, origin: Arc<Origin>, part: Part) -> Self {
        let pieces = Some(engine.log(id, part).boxed());
        Self { id: id.to_owned(), origin, pieces, lines: Lines::default() }
    }

    async fn next(&mut self) -> Option<Heard> {
        let line = |origin: &Arc<Origin>, stream, at, line| {
            Heard::Line(LogLine { at, origin: Arc::clone(origin), stream, line })
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
                    return Some(Heard::Unreadable {
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
    fn news(self) -> impl Stream<Item = (String, News)> + Send {
        futures_util::stream::unfold(Some(self), |log| async {
            let mut log = log?;
            let id = log.id.clone();
            match log.next().await {
                Some(heard) => Some(((id, News::Heard(heard)), Some(log))),
                None => Some(((id, News::Ended), None)),
            }
        })
    }
}

/// What comes of a log that is followed.
enum News {
    Heard(Heard),
    Ended,
}

/// How it stands with following a container.
struct State {
    origin: Arc<Origin>,
    open: bool,
    /// It was started again before its log had ended.
    again: bool,
    /// What was read when reading went on.
    before: Mark,
}

/// The logs that are followed.
#[derive(Default)]
struct Followed {
    open: SelectAll<BoxStream<'static, (String, News)>>,
    states: HashMap<String, State>,
    marks: HashMap<String, Mark>,
}

impl Followed {
    /// Follows a container from where reading has ended; one that is followed already is read on when it ends.
    fn open(
        &mut self,
        engine: &Engine,
        id: &str,
        origin: Arc<Origin>,
        since: Option<Timestamp>,
        tail: Option<usize>,
    ) {
        if let Some(state) = self.states.get_mut(id).filter(|state| state.open) {
            state.again = true;
            return;
        }
        let before = self.marks.get(id).copied().unwrap_or_default();
        let part = Part { follow: true, since: before.at().or(since), tail };
        self.open.push(Log::open(engine, id, Arc::clone(&origin), part).news().boxed());
        self.states.insert(id.to_owned(), State { origin, open: true, again: false, before });
    }

    /// The news, and whatever has come meanwhile.
    fn hear_all(
        &mut self,
        engine: &Engine,
        first: (String, News),
        since: Option<Timestamp>,
        hear: Hear<'_>,
    ) -> ControlFlow<()> {
        let mut next = Some(first);
        // Not for ever: starts have to be heard, too.
        for _ in 0..MANY {
            let Some((id, news)) = next else { break };
            self.hear(engine, &id, news, since, hear)?;
            next = self.open.next().now_or_never().flatten();
        }
        if let Some((id, news)) = next {
            self.hear(engine, &id, news, since, hear)?;
        }
        hear(Heard::Pause)
    }

    fn hear(
        &mut self,
        engine: &Engine,
        id: &str,
        news: News,
        since: Option<Timestamp>,
        hear: Hear<'_>,
    ) -> ControlFlow<()> {
        let Some(state) = self.states.get_mut(id) else { return ControlFlow::Continue(()) };
        match news {
            News::Heard(Heard::Line(line)) => {
                if state.before.knows(line.at) {
                    return ControlFlow::Continue(());
                }
                self.marks.entry(id.to_owned()).or_default().read(line.at);
                if is_wanted(since, line.at) { hear(Heard::Line(line)) } else { ControlFlow::Continue(()) }
            }
            News::Heard(problem) => hear(problem),
            News::Ended => {
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
fn starts(engine: &Engine) -> mpsc::UnboundedReceiver<(String, Origin)> {
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
fn started(event: &EventMessage) -> Option<(String, Origin)> {
    if event.action.as_deref() != Some("start") {
        return None;
    }
    let actor = event.actor.as_ref()?;
    let attributes = actor.attributes.as_ref()?;
    let attribute = |name: &str| attributes.get(name).cloned();
    if attribute("com.docker.compose.oneoff").as_deref() == Some("True") {
        return None;
    }
    let origin = Origin {
        app: attribute(PROJECT_LABEL)?,
        service: attribute("com.docker.compose.service").unwrap_or_default(),
        container: attribute("name").unwrap_or_default(),
    };
    Some((actor.id.clone()?, origin))
}
