//! The environment of an app, for people.

use std::collections::BTreeMap;

use super::findings;
use super::styles::{self, paint};
use super::table::table;
use super::visible::visible;
use scalr_model::diagnostics::Location;
use scalr_model::env::MaskedValue;
use scalr_model::env::report::{EnvReport, RowOrigin, Unused};
use scalr_model::rel_path::RelPath;

/// How many characters of a value are shown.
const LONGEST: usize = 60;

/// The report as a table, then what is unused and what is wrong. `shared` is the file that other apps use too.
#[must_use]
pub fn render(
    report: &EnvReport,
    shared: &RelPath,
    sources: &BTreeMap<RelPath, String>,
    width: usize,
) -> String {
    let mut rows = Vec::new();
    for row in &report.variables {
        rows.push(vec![visible(&row.name), value(&row.shown), origin(&row.origin)]);
        for lost in &row.overrides {
            rows.push(vec!["  overrides".to_owned(), value(&lost.shown), origin(&lost.origin)]);
        }
        // The default that is the row's own value need not be told twice.
        let told = matches!(row.origin, RowOrigin::Default(_));
        for at in &row.uses {
            let Some(instead) = at.instead.as_ref().filter(|instead| !(told && **instead == row.shown))
            else {
                continue;
            };
            rows.push(vec!["  taken instead".to_owned(), value(instead), place(&at.location)]);
        }
    }
    let mut out = table(&["VARIABLE", "VALUE", "FROM"], &rows);
    let (of_shared, own): (Vec<&Unused>, Vec<&Unused>) =
        report.unused.iter().partition(|unused| unused.location.path == *shared);
    out += &unused("not used by this app's compose files", &own);
    out += &unused(&format!("in {shared} for other apps"), &of_shared);
    if !report.findings.is_empty() {
        out.push('\n');
        out += findings::for_people(&report.findings, sources, width).trim_end();
        out.push('\n');
    }
    out
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
