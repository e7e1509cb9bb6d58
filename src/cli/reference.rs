//! `scalr reference`: the reference pages of docs/, generated from the code. A test holds the pages that are committed
//! against [`pages`].

use std::fmt::Write;

use clap::CommandFactory;

use super::{Cli, Context, Outcome, Status};
use crate::ui::reference::{GENERATED, diagnostics, environment, schema_page};
use scalr_host::environment::VARIABLES;
use scalr_host::files;
use scalr_host::root::Root;
use scalr_model::schema::{ANSWERS, MANIFEST, TEMPLATE};

/// Print the reference pages of docs/, or write them
#[derive(Debug, clap::Args)]
#[command(hide = true)]
pub(crate) struct ReferenceArgs {
    /// Write docs/reference/*.md
    #[arg(long)]
    write: bool,
}

/// A page: its name in docs/reference/ and its text.
pub(crate) type Page = (&'static str, String);

pub(super) fn run(context: &Context, args: &ReferenceArgs) -> Outcome {
    for (name, text) in pages() {
        if args.write {
            let root = Root::find(context.root.as_deref(), &context.environment)?;
            let path = root.path().join("docs/reference").join(name);
            files::replace(&path, text.as_bytes(), &root.path().join("target/reference"))?;
        } else {
            context.printer.answer(&text)?;
        }
    }
    Ok(Status::Done)
}

/// Every generated page.
#[must_use]
pub fn pages() -> Vec<Page> {
    vec![
        ("cli.md", cli()),
        ("app-manifest.md", schema_page("The manifest", MANIFEST, "`app.manifest.yml`")),
        ("answers.md", schema_page("Answers", ANSWERS, "the file of `scalr new-app --answers`")),
        ("template-rules.md", schema_page("Template rules", TEMPLATE, "`template-app/template.yml`")),
        ("diagnostics.md", diagnostics()),
        ("environment.md", environment(VARIABLES.iter().map(|variable| (variable.name, variable.meaning)))),
    ]
}

fn cli() -> String {
    let mut root = Cli::command().term_width(100);
    root.build();
    let mut out = format!("# Commands\n\n{GENERATED}");
    let commands: Vec<_> = root
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && command.get_name() != "help")
        .cloned()
        .collect();
    section(&mut out, "scalr", root);
    for command in commands {
        let title = format!("scalr {}", command.get_name());
        let inner: Vec<_> =
            command.get_subcommands().filter(|inner| inner.get_name() != "help").cloned().collect();
        section(&mut out, &title, command);
        for inner in inner {
            let title = format!("{title} {}", inner.get_name());
            section(&mut out, &title, inner);
        }
    }
    out
}

fn section(out: &mut String, title: &str, mut command: clap::Command) {
    let help = command.render_long_help().to_string();
    let _ = write!(
        out,
        "## {title}\n\n```text\n{}\n```\n\n",
        help.trim_end().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    );
}
