//! Spans as lines on standard error: how long each step took, and on what. It shows only scalr's own spans, none of the
//! libraries', and decides nothing.

use std::collections::HashMap;
use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::Printer;
use super::visible::visible;

/// Prints the spans of this process from now on. Without this call a span costs one comparison.
pub(crate) fn install(printer: &Printer, level: LevelFilter) {
    if level > LevelFilter::OFF {
        let lines =
            TraceLines { printer: printer.clone(), level, next: AtomicU64::new(1), open: Mutex::default() };
        // There is one only if this was called before.
        let _ = tracing::subscriber::set_global_default(lines);
    }
}

/// Prints a line when a span closes.
struct TraceLines {
    printer: Printer,
    level: LevelFilter,
    next: AtomicU64,
    open: Mutex<HashMap<u64, OpenSpan>>,
}

struct OpenSpan {
    began: Instant,
    /// Its name and its fields.
    text: FieldText,
    handles: usize,
}

impl TraceLines {
    fn open(&self) -> MutexGuard<'_, HashMap<u64, OpenSpan>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber for TraceLines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target().starts_with("scalr") && *metadata.level() <= self.level
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut text = FieldText(attributes.metadata().name().to_owned());
        attributes.record(&mut text);
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.open().insert(id, OpenSpan { began: Instant::now(), text, handles: 1 });
        Id::from_u64(id)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        if let Some(span) = self.open().get_mut(&id.into_u64()) {
            values.record(&mut span.text);
        }
    }

    fn clone_span(&self, id: &Id) -> Id {
        if let Some(span) = self.open().get_mut(&id.into_u64()) {
            span.handles += 1;
        }
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let mut open = self.open();
        let Some(span) = open.get_mut(&id.into_u64()) else { return false };
        span.handles -= 1;
        if span.handles > 0 {
            return false;
        }
        let closed = open.remove(&id.into_u64());
        drop(open);
        if let Some(OpenSpan { began, text, .. }) = closed {
            self.printer.trace(&format!("trace: {} ms {}", began.elapsed().as_millis(), visible(&text.0)));
        }
        true
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// The fields as they are shown: the operation by its value, the others as `name=value`.
struct FieldText(String);

impl Visit for FieldText {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing into a text does not fail.
        let _ = match field.name() {
            "operation" => write!(self.0, " {value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
    }
}
