//! The canonical app and the rules that turn a copy of it into a new app.
//!
//! The rules are data in the template's folder ([`rules`]); this module names no file of the template. A file is
//! rendered in one pass over its original text: first values are set, then paths rewritten, then tokens replaced. No rule
//! reads text that another rule wrote, so that a name such as `{{ slug }}` or `template-app` is kept as typed.

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

/// One file of the template in the working tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateSource {
    /// Its path from the template's folder.
    pub path: RelPath,
    pub kind: SourceKind,
}

/// The kind of a file of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceKind {
    File {
        bytes: Vec<u8>,
        mode: u32,
    },
    Symlink {
        /// Its target, as written.
        target: String,
    },
}
