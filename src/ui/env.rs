//! The environment of an app, for people.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Answer;
use super::findings;
use super::styles::{self, paint};
use super::table::table;
use super::visible::visible;
use scalr_model::diagnostics::Location;
use scalr_model::env::MaskedValue;
use scalr_model::env::report::{EnvReport, EnvRow, RowOrigin, Unused};
use scalr_model::rel_path::RelPath;

/// The maximum length of a shown value, in characters.
const LONGEST: usize = 60;

/// The answer of `scalr env`.
#[derive(Debug, Serialize)]
pub(crate) struct EnvAnswer<'a> {
    pub(crate) app: &'a str,
    /// The app's folder.
    pub(crate) path: &'a RelPath,
    /// Of the Compose that is installed, where there is one.
    pub(crate) compose_version: Option<String>,
    pub(crate) compose_files: Vec<&'a RelPath>,
    /// In Compose's order; the first is the one that other apps use too.
    pub(crate) env_files: Vec<&'a RelPath>,
    #[serde(flatten)]
    pub(crate) report: &'a EnvReport,
    /// The texts of the files that findings point into, where they may be shown.
    #[serde(skip)]
    pub(crate) sources: BTreeMap<RelPath, String>,
    /// The terminal's.
    #[serde(skip)]
    pub(crate) width: usize,
}

impl Answer for EnvAnswer<'_> {
    const SCHEMA: &'static str = "scalr.env/1";

    /// The variables as a table, then what is unused and what is wrong.
    fn text(&self) -> String {
        let Self { report, .. } = self;
        let mut out = variables(&report.variables);
        let (shared, own): (Vec<&Unused>, Vec<&Unused>) =
            report.unused.iter().partition(|unused| self.env_files.first() == Some(&&unused.location.path));
        out += &unused("not used by this app's compose files", &own);
        if let Some(file) = self.env_files.first() {
            out += &unused(&format!("in {file} for other apps"), &shared);
        }
        if !report.findings.is_empty() {
            out.push('\n');
            out += findings::for_people(&report.findings, &self.sources, self.width).trim_end();
            out.push('\n');
        }
        out
    }

    fn notes(&self) -> Vec<String> {
        vec![match &self.compose_version {
            Some(version) => format!("read as Docker Compose {version} reads it"),
            None => "Docker Compose was not found; read as its newest known version reads it".to_owned(),
        }]
    }
}

fn variables(variables: &[EnvRow]) -> String {
    let mut rows = Vec::new();
    for row in variables {
        rows.push(vec![visible(&row.name), value(&row.shown), origin(&row.origin)]);
        for lost in &row.overrides {
            rows.push(vec!["  overrides".to_owned(), value(&lost.shown), origin(&lost.origin)]);
        }
        // A default that is the row's own value is not repeated.
        let told = matches!(row.origin, RowOrigin::Default(_));
        for at in &row.uses {
            let Some(instead) = at.instead.as_ref().filter(|instead| !(told && **instead == row.shown))
            else {
                continue;
            };
            rows.push(vec!["  taken instead".to_owned(), value(instead), place(&at.location)]);
        }
    }
    table(&["VARIABLE", "VALUE", "FROM"], &rows)
}

fn unused(what: &str, unused: &[&Unused]) -> String {
    if unused.is_empty() {
        return String::new();
    }
    let names: Vec<String> = unused.iter().map(|unused| visible(&unused.name)).collect();
    format!("\n{}: {}\n", paint(styles::FAINT, what), names.join(", "))
}

fn value(shown: &MaskedValue) -> String {
    let Some(text) = &shown.value else { return paint(styles::FAINT, "••••••") };
    if text.is_empty() {
        return paint(styles::FAINT, "(empty)");
    }
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    visible(&short)
}

fn origin(origin: &RowOrigin) -> String {
    match origin {
        RowOrigin::Shell => "shell".to_owned(),
        RowOrigin::File(location) => place(location),
        RowOrigin::Default(location) => format!("default, {}", place(location)),
    }
}

/// `FILE:LINE`
fn place(location: &Location) -> String {
    let path = visible(location.path.shown());
    location.span.map_or_else(|| path.clone(), |span| format!("{path}:{}", span.line))
}
