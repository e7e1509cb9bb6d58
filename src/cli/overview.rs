//! `scalr` alone: what can be done here now.

use std::path::Path;

use serde::Serialize;

use super::repository::Repository;
use super::{Context, Outcome, Status};
use crate::ui::findings::in_words;
use crate::ui::styles::{self, paint};
use scalr_host::root::Root;
use scalr_model::diagnostics::Counts;
use scalr_model::validate;

/// The document of `--json`, described by schemas/overview.schema.json.
#[derive(Default, Serialize)]
struct Document<'a> {
    schema: &'static str,
    version: &'static str,
    root: Option<&'a Path>,
    apps: usize,
    registered: usize,
    #[serde(flatten)]
    counts: Counts,
    template: bool,
}

impl Document<'_> {
    /// What is said where there is no repository.
    fn nowhere() -> Self {
        Self { schema: "scalr.overview/1", version: env!("CARGO_PKG_VERSION"), ..Self::default() }
    }
}

pub(super) fn run(context: &Context) -> Outcome {
    if Root::find(context.root.as_deref()).is_err() && context.root.is_none() {
        if context.printer.json() {
            context.printer.document(&Document::nowhere())?;
            return Ok(Status::Done);
        }
        context.printer.answer(
            "scalr works inside of a repository whose root holds registered-apps.txt and schemas/, and there is none here.\n\n\
             \x20 cd CLONE && scalr     go to your clone\n\
             \x20 scalr -C CLONE …      or name it\n\
             \x20 scalr help            every command\n",
        )?;
        return Ok(Status::Done);
    }
    let repository = Repository::open(context)?;
    let workspace = &repository.workspace;
    let registered = workspace.registered();
    let apps = workspace.apps.len();
    let listed = workspace.apps.iter().filter(|app| registered.contains(&app.manifest.folder())).count();
    let mut findings = validate::across(workspace);
    findings.extend(workspace.findings.iter().cloned());
    let counts = Counts::of(&findings);
    if context.printer.json() {
        context.printer.document(&Document {
            root: Some(repository.root.path()),
            apps,
            registered: listed,
            counts,
            template: workspace.template.is_some(),
            ..Document::nowhere()
        })?;
        return Ok(Status::Done);
    }
    let command =
        |name: &str, text: &str| format!("  {:<17} {text}\n", paint(styles::NAME, format!("{name:<17}")));
    let mut text = format!(
        "{} in {}: {apps} {}, {listed} registered\n\n",
        paint(styles::STRONG, concat!("scalr ", env!("CARGO_PKG_VERSION"))),
        repository.root.path().display(),
        if apps == 1 { "app" } else { "apps" },
    );
    let state = if findings.is_empty() { "all are fine".to_owned() } else { in_words(counts) + " now" };
    text += &command("scalr validate", &format!("check every manifest ({state})"));
    if workspace.template.is_some() {
        text += &command("scalr new-app", "make a new app from template-app");
    }
    if apps > 0 {
        text += &command("scalr list", "show every app");
    }
    if listed > 0 {
        text += &command("scalr up", "start what is registered and has changed");
        text += &command("scalr ps", "show what runs");
    }
    text += &command("scalr doctor", "look whether all is ready to run");
    text += &command("scalr ports", "show who holds which host ports");
    text += &command("scalr help", "every command and option");
    context.printer.answer(&text)?;
    Ok(Status::Done)
}
