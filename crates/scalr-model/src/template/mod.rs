//! The canonical app and the rules by which a copy of it becomes a new app.
//!
//! The rules are data that stands beside the template ([`rules`]); nothing in here knows the name
//! of a file of the template. A file is rendered in one pass over its original text: values are
//! set first, then paths re-pointed, then tokens replaced, and no text that was written is ever
//! read again, so that a name such as `{{ slug }}` or `template-app` stays what was typed.

mod check;
mod paths;
mod render;
mod rules;
#[cfg(test)]
mod tests;

pub use check::{Violation, check};
pub use render::{Content, Edit, RenderError, Rendered, render};
pub use rules::{FILE_NAME, RuleFile, Rules, Values};

use super::rel_path::RelPath;

/// One file of the template, as it stands in the working tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateSource {
    /// Its path from the template's folder.
    pub path: RelPath,
    /// What it is.
    pub kind: SourceKind,
}

/// What a file of the template is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceKind {
    /// A regular file.
    File {
        /// Its content.
        bytes: Vec<u8>,
        /// Its permission bits.
        mode: u32,
    },
    /// A symbolic link, never followed.
    Symlink {
        /// Where it points, as it is written.
        target: String,
    },
}
