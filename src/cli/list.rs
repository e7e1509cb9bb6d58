//! `scalr list`

use serde::Serialize;

use super::repository::{Repository, complete_slugs};
use super::{Context, Outcome, Status};
use crate::ui::table::table;
use crate::ui::visible::visible;
use scalr_model::kind::Kind;
use scalr_model::ports::Role;
use scalr_model::rel_path::RelPath;
use scalr_model::schema::shorten;

/// Show every app: slug, kind, path, ports, whether it is registered
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr list\n  scalr list crm order-desk\n  scalr list --json | jq -r '.apps[] | select(.registered) | .path'"
)]
pub(crate) struct ListArgs {
    /// Only these apps
    #[arg(value_name = "SLUG", add = clap_complete::ArgValueCandidates::new(complete_slugs))]
    slugs: Vec<String>,
}

/// The document of `--json`, described by schemas/list.schema.json.
#[derive(Serialize)]
struct Document {
    schema: &'static str,
    apps: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    slug: Option<String>,
    name: Option<String>,
    kind: Option<Kind>,
    path: RelPath,
    ports: Ports,
    registered: bool,
}

#[derive(Serialize)]
struct Ports {
    frontend: Option<u16>,
    backend: Option<u16>,
    db: Option<u16>,
}

pub(super) fn run(context: &Context, args: &ListArgs) -> Outcome {
    let repository = Repository::open(context)?;
    let registered = repository.workspace.registered();
    let rows: Vec<Row> = repository
        .select(&args.slugs)?
        .into_iter()
        .map(|app| {
            let manifest = &app.manifest;
            Row {
                slug: manifest.slug().map(str::to_owned),
                name: manifest.name.clone(),
                kind: manifest.kind.as_ref().map(|kind| kind.value),
                registered: registered.contains(&manifest.folder()),
                path: manifest.folder(),
                ports: Ports {
                    frontend: manifest.port(Role::Frontend),
                    backend: manifest.port(Role::Backend),
                    db: manifest.port(Role::Db),
                },
            }
        })
        .collect();
    if context.printer.json() {
        context.printer.document(&Document { schema: "scalr.list/1", apps: rows })?;
        return Ok(Status::Done);
    }
    if rows.is_empty() {
        context.printer.note("no app yet; scalr new-app makes one");
    } else {
        context.printer.answer(&table(
            &["SLUG", "NAME", "KIND", "PATH", "FRONTEND", "BACKEND", "DB", "REGISTERED"],
            &cells(&rows),
        ))?;
    }
    repository.warn_of_broken(context);
    Ok(Status::Done)
}

fn cells(rows: &[Row]) -> Vec<Vec<String>> {
    let port = |port: Option<u16>| port.map(|port| port.to_string()).unwrap_or_default();
    rows.iter()
        .map(|row| {
            vec![
                row.slug.as_deref().map(shorten).unwrap_or_default(),
                row.name.as_deref().map(shorten).unwrap_or_default(),
                row.kind.map(|kind| kind.to_string()).unwrap_or_default(),
                visible(row.path.shown()),
                port(row.ports.frontend),
                port(row.ports.backend),
                port(row.ports.db),
                if row.registered { "yes" } else { "no" }.to_owned(),
            ]
        })
        .collect()
}
