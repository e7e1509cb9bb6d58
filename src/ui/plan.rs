//! Changes of files for people: the repairs, and what the files will look like.

use serde::Serializer;
use similar::TextDiff;

use super::styles::{self, paint};
use super::visible::visible;
use scalr_model::plan::FileEdit;

/// A unified diff of one file of the repository.
#[must_use]
pub(crate) fn diff(path: &str, before: &str, after: &str) -> String {
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
pub(crate) fn edits(edits: &[FileEdit]) -> String {
    let fixes = edits.iter().flat_map(|edit| &edit.fixes);
    fixes.map(|fix| format!("  {}\n", visible(&fix.to_string()))).collect()
}
