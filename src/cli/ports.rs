//! `scalr ports`

use serde::Serialize;

use super::repository::Repository;
use super::{Context, Outcome, Status};
use crate::ui::styles::{self, paint};
use crate::ui::table::table;
use crate::ui::visible::visible;
use scalr_model::manifest::Manifest;
use scalr_model::ports::{self, Block, Role};
use scalr_model::subnet::{self, Subnet};
use scalr_model::workspace::TEMPLATE;

/// Show who holds which host ports and subnets, conflicts, and what the next app gets
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  scalr ports\n  scalr ports --json | jq .next.frontend")]
pub(crate) struct PortsArgs {}

/// The document of `--json`, described by schemas/ports.schema.json.
#[derive(Serialize)]
struct Document {
    schema: &'static str,
    held: Vec<Held>,
    conflicts: Vec<Conflict>,
    next: Option<Block>,
    subnets: Vec<HeldSubnet>,
    subnet_conflicts: Vec<(HeldSubnet, HeldSubnet)>,
    next_subnet: Option<Subnet>,
}

#[derive(Serialize, Clone)]
struct Held {
    port: u16,
    role: Role,
    app: String,
    /// Whether the holder is the template, which may run beside the apps.
    template: bool,
}

#[derive(Serialize, Clone)]
struct HeldSubnet {
    subnet: Subnet,
    app: String,
    template: bool,
}

#[derive(Serialize)]
struct Conflict {
    port: u16,
    holders: Vec<Held>,
}

pub(super) fn run(context: &Context, _args: &PortsArgs) -> Outcome {
    let repository = Repository::open(context)?;
    let workspace = &repository.workspace;
    let manifests = workspace.template.iter().chain(workspace.apps.iter().map(|app| &*app.manifest));
    let mut held: Vec<Held> = manifests.clone().flat_map(holdings).collect();
    held.sort_by(|a, b| (a.port, &a.app).cmp(&(b.port, &b.app)));
    let conflicts: Vec<Conflict> = held
        .chunk_by(|a, b| a.port == b.port)
        .filter(|holders| holders.len() > 1)
        .map(|holders| Conflict { port: holders[0].port, holders: holders.to_vec() })
        .collect();
    let next = ports::allocate(&workspace.held_ports());
    let mut subnets: Vec<HeldSubnet> = manifests.clone().filter_map(holding).collect();
    subnets.sort_by(|a, b| (a.subnet, &a.app).cmp(&(b.subnet, &b.app)));
    let subnet_conflicts = overlaps(&subnets);
    let first = workspace.template.as_ref().and_then(Manifest::subnet);
    let next_subnet = first.map(|first| subnet::allocate(first, &workspace.held_subnets()));
    let well = conflicts.is_empty() && subnet_conflicts.is_empty();
    let status = if well { Status::Done } else { Status::Wrong };
    if context.printer.json() {
        let (next, next_subnet) = (next.ok(), next_subnet.and_then(Result::ok));
        let schema = "scalr.ports/1";
        let document = Document { schema, held, conflicts, next, subnets, subnet_conflicts, next_subnet };
        context.printer.document(&document)?;
        return Ok(status);
    }
    let next_subnet = match &next_subnet {
        Some(Ok(subnet)) => subnet.to_string(),
        Some(Err(_)) => "none is left".to_owned(),
        None => String::new(),
    };
    let rows: Vec<Vec<String>> = manifests
        .map(|manifest| {
            let port = |role| manifest.port(role).map(|port| port.to_string()).unwrap_or_default();
            let subnet = manifest.subnet().map(|subnet| subnet.to_string()).unwrap_or_default();
            vec![visible(&name(manifest)), port(Role::Frontend), port(Role::Backend), port(Role::Db), subnet]
        })
        .chain([match &next {
            Ok(block) => vec![
                "next app".to_owned(),
                block.frontend.to_string(),
                block.backend.to_string(),
                block.db.to_string(),
                next_subnet,
            ],
            Err(error) => vec![error.to_string(), String::new(), String::new(), String::new(), next_subnet],
        }])
        .collect();
    let mut text = table(&["APP", "FRONTEND", "BACKEND", "DB", "SUBNET"], &rows);
    for conflict in &conflicts {
        let holders: Vec<_> =
            conflict.holders.iter().map(|held| format!("{} of {}", held.role, visible(&held.app))).collect();
        text += &format!(
            "{}: port {} is the {}\n",
            paint(styles::ERROR, "conflict"),
            conflict.port,
            holders.join(" and the ")
        );
    }
    for (a, b) in &subnet_conflicts {
        text += &format!(
            "{}: the subnet {} of {} overlaps {} of {}\n",
            paint(styles::ERROR, "conflict"),
            b.subnet,
            visible(&b.app),
            a.subnet,
            visible(&a.app)
        );
    }
    context.printer.answer(&text)?;
    repository.warn_of_broken(context);
    Ok(status)
}

fn holding(manifest: &Manifest) -> Option<HeldSubnet> {
    let app = manifest.slug().map_or_else(|| manifest.folder().to_string(), str::to_owned);
    Some(HeldSubnet { subnet: manifest.subnet()?, app, template: manifest.folder().as_str() == TEMPLATE })
}

/// Every pair that overlaps.
fn overlaps(subnets: &[HeldSubnet]) -> Vec<(HeldSubnet, HeldSubnet)> {
    let pairs = subnets.iter().enumerate().flat_map(|(at, a)| subnets[at + 1..].iter().map(move |b| (a, b)));
    pairs.filter(|(a, b)| a.subnet.overlaps(b.subnet)).map(|(a, b)| (a.clone(), b.clone())).collect()
}

fn holdings(manifest: &Manifest) -> impl Iterator<Item = Held> {
    let app = manifest.slug().map_or_else(|| manifest.folder().to_string(), str::to_owned);
    let template = manifest.folder().as_str() == TEMPLATE;
    manifest.ports.iter().map(move |(role, port)| Held {
        port: port.value,
        role: *role,
        app: app.clone(),
        template,
    })
}

fn name(manifest: &Manifest) -> String {
    let slug = manifest.slug().map_or_else(|| manifest.folder().to_string(), str::to_owned);
    if manifest.folder().as_str() == TEMPLATE { format!("{slug} (the template)") } else { slug }
}
