//! Plans for people: what will change, why, and what the changed files will look like.

use serde::Serializer;
use similar::TextDiff;

use super::styles::{self, paint};
use super::visible::visible;
use scalr_model::plan::FileEdit;
use scalr_model::scaffold::Scaffold;
use scalr_model::schema::shorten;
use scalr_model::template::Content;
use scalr_model::workspace::TEMPLATE;

/// A unified diff of one file of the repository.
#[must_use]
pub fn diff(path: &str, before: &str, after: &str) -> String {
    let text = TextDiff::from_lines(before, after);
    let unified =
        text.unified_diff().context_radius(2).header(&format!("a/{path}"), &format!("b/{path}")).to_string();
    let coloured = unified.lines().map(visible).map(|line| match line.as_bytes().first() {
        Some(b'+') => paint(styles::GOOD, line),
        Some(b'-') => paint(styles::ERROR, line),
        Some(b'@') => paint(styles::NAME, line),
        _ => line,
    });
    coloured.map(|line| line + "\n").collect()
}

/// Serializes a [`diff`] without its colours.
pub(super) fn plain<S: Serializer>(diff: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&anstream::adapter::strip_str(diff))
}

/// The repairs of a plan, one a line.
#[must_use]
pub fn edits(edits: &[FileEdit]) -> String {
    let fixes = edits.iter().flat_map(|edit| &edit.fixes);
    fixes.map(|fix| format!("  {}\n", visible(&fix.to_string()))).collect()
}

/// A new app in a few lines, before a person confirms it. `address` is where a browser will find it.
#[must_use]
pub fn summary(scaffold: &Scaffold, address: &str) -> String {
    let values = &scaffold.values;
    let ports = &values.ports;
    let row =
        |title: &str, text: &str| format!("  {} {text}\n", paint(styles::FAINT, format!("{title:<12}")));
    let subnet = values.subnet.map(|subnet| row("subnet", &subnet.to_string())).unwrap_or_default();
    [
        format!("{}\n", paint(styles::STRONG, format!("New {} app in {}/", values.kind, values.place))),
        row("name", &shorten(&values.name)),
        row("description", &shorten(&values.description)),
        row("ports", &format!("frontend {}, backend {}, db {}", ports.frontend, ports.backend, ports.db)),
        subnet,
        row("address", address),
        row("files", &format!("{}, made from {TEMPLATE}{}", scaffold.files.len(), state(scaffold))),
    ]
    .concat()
}

fn state(scaffold: &Scaffold) -> String {
    match (&scaffold.state.commit, scaffold.state.modified) {
        (Some(commit), false) => format!(" at commit {}", &commit[..commit.len().min(8)]),
        (Some(commit), true) => {
            format!(" as it stands, changed since commit {}", &commit[..commit.len().min(8)])
        }
        (None, _) => " as it stands".to_owned(),
    }
}

/// Every file of a new app with the reason of every substitution.
#[must_use]
pub fn files(scaffold: &Scaffold) -> String {
    let mut out = String::new();
    for file in &scaffold.files {
        let path = scaffold.values.place.join(file.to.as_str());
        let (note, edits) = match &file.content {
            Content::Text { edits, .. } => (String::new(), edits.as_slice()),
            Content::Bytes { .. } => (" (copied byte for byte)".to_owned(), [].as_slice()),
            Content::Symlink { target } => (format!(" -> {target}"), [].as_slice()),
        };
        out += &format!("{} {path}{}\n", paint(styles::GOOD, "create"), paint(styles::FAINT, note));
        for edit in edits.iter().filter(|edit| edit.before != edit.after) {
            let (before, after) = (shorten(&edit.before), shorten(&edit.after));
            let reason = paint(styles::FAINT, format!("# {}", edit.reason));
            out += &format!("    {:>4}: {before} -> {}  {reason}\n", edit.line, paint(styles::NAME, after));
        }
    }
    out
}
