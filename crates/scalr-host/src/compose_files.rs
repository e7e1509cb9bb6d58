//! The compose files of an app, with those that they include and extend, reduced to what they ask the environment for.

use std::collections::BTreeSet;

use super::gather::read;
use super::root::Root;
use scalr_model::compose::env::Asks;
use scalr_model::compose::file::{COMPOSE_FILES, COMPOSE_OVERRIDES, PRODUCTION_COMPOSE_FILE};
use scalr_model::diagnostics::Finding;
use scalr_model::document;
use scalr_model::rel_path::RelPath;

/// How many files are followed through `include` and `extends`.
const MANY: usize = 100;

/// Whether apps are published under a domain, or run for development.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The compose file, with the override that Compose finds by itself.
    Development,
    /// The compose file, with the one for production. What somebody overrides for himself is not for a server.
    Production,
}

/// What the compose files of a folder ask for, in Compose's order, and what is wrong with those that can't be read.
#[must_use]
pub fn asks(root: &Root, folder: &RelPath, mode: Mode) -> (Vec<Asks>, Vec<Finding>) {
    let (mut asks, mut findings) = (Vec::new(), Vec::new());
    let mut open = of(root, folder, mode);
    let mut seen: BTreeSet<RelPath> = open.iter().cloned().collect();
    while !open.is_empty() && seen.len() <= MANY {
        let path = open.remove(0);
        match file(root, &path) {
            Ok(file) => {
                open.extend(file.files.iter().filter(|further| seen.insert((*further).clone())).cloned());
                asks.push(file);
            }
            Err(finding) => findings.push(*finding),
        }
    }
    (asks, findings)
}

/// The files that Compose gets.
#[must_use]
pub fn of(root: &Root, folder: &RelPath, mode: Mode) -> Vec<RelPath> {
    let first = |names: &[&str]| {
        let mut paths = names.iter().map(|name| folder.join(name));
        paths.find(|path| root.join(path).is_file())
    };
    let over = match mode {
        Mode::Development => first(&COMPOSE_OVERRIDES),
        Mode::Production => first(&[PRODUCTION_COMPOSE_FILE]),
    };
    first(&COMPOSE_FILES).into_iter().flat_map(|file| [Some(file), over.clone()]).flatten().collect()
}

fn file(root: &Root, path: &RelPath) -> Result<Asks, Box<Finding>> {
    let bytes = read(&root.join(path), path, document::MAX_BYTES)?;
    Asks::parse(path, &bytes)
}
